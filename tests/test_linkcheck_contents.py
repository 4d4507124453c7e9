"""What a repository holds, from the names of its files and its README."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.linkcheck.contents import Contents, is_promise, read_contents
from toolkit.linkcheck.facts import Facts, nothing_but_readme
from toolkit.linkcheck.github import read_github_page
from toolkit.linkcheck.hosts import find_repository, is_archive

ITEMS = [field.name for field in fields(Contents)]


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("readme", "README"), ("readme", "readme.rst"), ("licence", "LICENSE-MIT"),
        ("licence", "COPYING"), ("licence", "licence.txt"), ("environment", "requirements-dev.txt"),
        ("environment", "environment_gpu.yml"), ("environment", "code/renv.lock"),
        ("environment", "Project.toml"), ("environment", "oak.gemspec"),
        ("environment", "conda-recipe/meta.yaml"), ("environment", "src/CMakeLists.txt"),
        ("tests", "tests/test_oak.py"), ("tests", "tests/testthat/test-oak.R"),
        ("tests", "python/test/oak_test.py"), ("tests", "t/../tests/run.sh"),
        ("tests", "regression-tests/a.sh"), ("tests", "pytest.ini"), ("tests", "oak_test.go"),
        ("tests", "web/oak.spec.ts"), ("ci", ".github/workflows/test.yml"), ("ci", ".travis.yml"),
        ("ci", ".gitlab-ci.yml"), ("ci", ".circleci/config.yml"),
        ("ci", ".forgejo/workflows/a.yml"),
        ("container", "Dockerfile.gpu"), ("container", "docker/Dockerfile"),
        ("container", "Singularity.def"), ("container", "compose.yaml"),
        ("container", ".devcontainer/devcontainer.json"), ("notebooks", "fig1.ipynb"),
        ("notebooks", "vignettes/use.Rmd"), ("notebooks", "notebooks/"), ("weights", "best.pth"),
        ("weights", "checkpoints/ae/dec.h5"), ("weights", "model.safetensors"),
        ("weights", "MODEL_ZOO.md"), ("data", "data/raw.txt"), ("data", "tables/oak.csv"),
        ("data", "datasets/"), ("data", "oak.fasta.gz"), ("example", "examples/run.py"),
        ("example", "demo.ipynb"), ("example", "quickstart.md"), ("release", "CRAN-RELEASE"),
    ],
)  # fmt: skip
def test_names_that_tell(item: str, name: str) -> None:
    assert asdict(read_contents([name, "oak.py"]))[item]


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("licence", ["third_party/zlib/LICENSE"]), ("licence", ["licences.csv"]),
        ("environment", ["docs/environment.png"]), ("environment", ["DESCRIPTION"]),
        ("tests", ["test.py", "train.py"]), ("tests", ["test_model.py", "train_model.py"]),
        ("tests", ["data/test/img1.png"]), ("tests", ["data/test/labels.py"]),
        ("tests", ["tools/test.py"]), ("tests", ["worker_test.py", "worker_train.py"]),
        ("tests", ["latest.py"]), ("tests", ["vendor/zlib/tests/test_a.py"]),
        ("ci", [".github/FUNDING.yml"]), ("ci", ["docs/travis.yml.md"]),
        ("container", ["dockerised.md"]), ("notebooks", ["README.Rmd"]),
        ("weights", ["models/net.py"]),
        ("weights", ["weights.py"]), ("weights", ["configs/model/oak.yaml"]),
        ("data", ["src/data/loader.py"]), ("data", ["data/.gitkeep"]), ("data", ["data/README.md"]),
        ("example", ["counterexamples_paper.bib"]), ("release", ["released_under.md"]),
    ],
)  # fmt: skip
def test_names_that_do_not(item: str, names: list[str]) -> None:
    assert not asdict(read_contents(["oak.py", *names]))[item]


@pytest.mark.parametrize(
    ("item", "readme"),
    [
        ("licence", "This work is licensed under the MIT License."),
        ("licence", "![](https://img.shields.io/badge/License-MIT-yellow.svg)"),
        ("tests", "Then run\n\n    pytest -q\n"), ("tests", "python -m unittest"),
        ("ci", "[![CI](https://github.com/lab/oak/actions/workflows/t.yml/badge.svg)](x)"),
        ("container", "docker pull lab/oak"), ("container", "singularity exec oak.sif run"),
        ("weights", "Our models: https://huggingface.co/lab/oak"),
        ("weights", "The pre-trained weights are at\n\n* https://drive.google.com/x"),
        ("data", "Download the data set from https://lab.example/oak.zip"),
        ("data", "Data: https://huggingface.co/datasets/lab/oak"),
        ("example", "## Usage\n\nCall it."), ("example", "    python train.py --lr 1"),
        ("release", "pip install oak"), ("release", "pip install oak-tools"),
        ("release", "[v1](https://github.com/lab/oak/releases/tag/v1)"),
        ("release", "![](https://www.r-pkg.org/badges/version/oak)"),
        ("doi", "[![DOI](https://zenodo.org/badge/1.svg)](https://doi.org/10.5281/zenodo.1)"),
        ("doi", "swh:1:dir:94a9ed024d3859793618152ea559a168bbcbb5e2"),
    ],
)  # fmt: skip
def test_readmes_that_tell(item: str, readme: str) -> None:
    assert asdict(read_contents(["oak.py"], readme, repository="lab/oak"))[item]


@pytest.mark.parametrize(
    ("item", "readme"),
    [
        ("licence", "You need a MOSEK licence to run it."),
        ("tests", "We test on three data sets."),
        ("ci", "We travel by CI."), ("container", "The docker was busy."),
        ("weights", "The weights of the fish are in grams."),
        ("weights", "See https://huggingface.co/papers/2401.00001 and /docs/hub"),
        ("data", "We thank the data team."), ("example", "An oak is a tree."),
        ("release", "pip install numpy"), ("release", "pip install -r requirements.txt"),
        ("release", "The paper is released."), ("doi", "Paper: https://doi.org/10.1000/182"),
        ("doi", "Slides: https://doi.org/10.5281/zenodo.7"),
    ],
)  # fmt: skip
def test_readmes_that_do_not(item: str, readme: str) -> None:
    assert not asdict(read_contents(["oak.py"], readme, repository="lab/oak"))[item]


def test_what_others_wrote_is_left_out() -> None:
    own = ["README.md", "run.py", *(f"src/{i}.py" for i in range(9))]
    other = [f"trl/{name}" for name in ("LICENSE", "setup.py", "tests/test_a.py", "Dockerfile",
                                        ".github/workflows/a.yml", "a.ipynb")]  # fmt: skip
    found = read_contents(own + other)
    assert not any((found.tests, found.ci, found.container, found.notebooks, found.licence))
    # Nearly all of the repository in one folder is its own.
    assert read_contents(["README.md", *(f"oak/{name}" for name in ("LICENSE", "setup.py")),
                          *(f"oak/tests/test_{i}.py" for i in range(20))]).tests  # fmt: skip


def test_a_folder_that_is_not_opened_tells_nothing_of_workflows() -> None:
    assert read_contents(["README.md", ".github/"]).ci is None
    assert read_contents(["README.md", ".github/workflows/"]).ci is True
    assert read_contents(["README.md"]).ci is False


PROMISES = """
    Code coming soon.
    # Coming soon!
    The code will be released soon.
    The code will be released upon acceptance.
    **Code will be released.**
    Our code will be made publicly available after publication
    We will release the code in the next few days.
    The full source code will be open-sourced once the paper is accepted.
    The code is being prepared and uploaded !
    Code is not yet available
    This repository is a placeholder for the implementation.
    This repository is intentionally left empty.
    Code: to be released
    🚧 Under construction 🚧
    Stay tuned!
    The repository is under construction.
    All code and models will be made available soon.
    We plan to release our code after the review.
""".strip().split("\n")
NO_PROMISES = """
    The code is released under the MIT licence.
    Code is available at the project page.
    Training code coming soon.
    - [ ] Evaluation code will be released soon
    - [x] Code will be released soon
    LAMIC's ComfyUI implementation is coming soon!
    A web app is coming soon.
    The TensorFlow version will be released soon.
    We release the code.
    The data collection codes will be released soon!
    Results are available soon after the run ends.
    The package will be removed from the queue after publication of the job.
    Spring is coming soon to the lake.
""".strip().split("\n")


@pytest.mark.parametrize("line", PROMISES)
def test_promises(line: str) -> None:
    assert is_promise(f"# Oak\n\n{line.strip()}\n", ["README.md"])
    assert is_promise(f"# Oak\n\n{line.strip()}\n", ["README.md", "model.py", "LICENSE"])


@pytest.mark.parametrize("line", NO_PROMISES)
def test_no_promises(line: str) -> None:
    assert not is_promise(f"# Oak\n\n{line.strip()}\n", ["README.md", "model.py"])


def test_a_promise_that_was_kept() -> None:
    readme = "# Oak\nThe code will be released soon.\n\n## Usage\n\n    python run.py\n"
    assert not is_promise(readme, ["README.md", "run.py"])
    assert is_promise(readme, ["README.md"]), "nothing to run is there"


def test_columns_of_a_check() -> None:
    full = Facts(names=("README.md", "run.py"), readme="## Usage", licence="none").columns(
        "lab/oak"
    )
    assert full["empty"] is False and full["licence"] == "none" and "state" not in full
    assert full["example"] is True and full["weights"] is False
    unread = Facts(names=("README.md", "run.py", "best.pt"), readme=None).columns("lab/oak")
    assert unread["weights"] is True, "a file tells"
    assert unread["doi"] is None and unread["example"] is None, "only the README could tell"
    assert Facts(names=("LICENSE", "run.py")).columns("lab/oak")["licence"] == "other"
    assert Facts().columns("lab/oak")["licence"] is None
    assert Facts(names=("README.md",), readme="Code coming soon").columns("a/b")["state"] == (
        "coming soon"
    )
    assert nothing_but_readme(["README.md", "LICENSE", "figs/", "teaser.png"])
    assert not nothing_but_readme(["README.md", "run.py"])


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://zenodo.org/records/7", True), ("https://doi.org/10.5281/zenodo.7", True),
        ("https://osf.io/abcde/", True), ("https://figshare.com/articles/dataset/x/1", True),
        ("https://datadryad.org/stash/dataset/doi:10.5061/dryad.1", True),
        ("https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/1", True),
        ("https://archive.softwareheritage.org/swh:1:dir:0", True),
        ("https://doi.org/10.1000/182", False), ("https://github.com/zenodo/zenodo", False),
        ("https://zenodo.org/", False), ("https://osf.example.org/abcde", False),
    ],
)  # fmt: skip
def test_archives(url: str, kept: bool) -> None:
    assert is_archive(url) is kept


@pytest.mark.parametrize("target", ["react-app.embeddedData", "react-partial.embeddedData"])
def test_github_pages_of_both_shapes(target: str) -> None:
    """The page of 2026 has a route around the data; folders in a row are one name."""
    found = {
        "refInfo": {"listCacheKey": "v0:1735689600.0"},
        "tree": {
            "items": [
                {"name": ".github/workflows", "contentType": "directory"},
                {"name": "README.md", "contentType": "file"},
                {"name": "src/main", "contentType": "directory"},
            ]
        },
        "overview": {
            "overviewFiles": [
                {"preferredFileType": "readme", "tabName": "README",
                 "richText": "<h1>Oak</h1><h2>Usage</h2><pre>./run.sh</pre>"},
                {"preferredFileType": "license", "tabName": "MIT"},
            ]
        },
    }  # fmt: skip
    route = "codeViewRepoRoute" if "app" in target else "initialPayload"
    data = json.dumps({"payload": {route: found}})
    html = f'<script type="application/json" data-target="{target}">'
    html = f'<a href="/lab/oak/releases/tag/v1">1</a>{html}'
    facts = read_github_page(f"{html}{data}</script>".encode())
    row = facts.columns("lab/oak")
    assert (row["licence"], row["ci"], row["release"], row["example"]) == ("mit", True, True, True)
    assert row["last_push"] == pd.Timestamp("2025-01-01") and row["empty"] is False


def test_more_hosts() -> None:
    assert find_repository("https://codeberg.org/lab/oak/src/branch/main").path == "lab/oak"
    own = find_repository("https://gitlab.lanterns.example/lab/group/oak/-/tree/main")
    assert (own.service, own.host, own.path) == (
        "gitlab", "gitlab.lanterns.example", "lab/group/oak",
    )  # fmt: skip
    assert find_repository("https://osf.io/AbC12/files").root == "https://osf.io/AbC12"
    assert find_repository("https://osf.io/preprints/psyarxiv/abcde") is None
    assert find_repository("https://anonymous.4open.science/r/oak-1/run.py").path == "oak-1"
    assert find_repository("https://anonymous.4open.science/") is None


NAMES = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=12)


@given(NAMES, st.text(max_size=200))
def test_any_listing_is_read(names: list[str], readme: str) -> None:
    found = asdict(read_contents(names, readme, repository="lab/oak"))
    assert all(value in (True, False, None) for value in found.values())
    is_promise(readme, names)


@given(st.permutations(["README.md", "tests/", "a/LICENSE", "a/setup.py", "data/x.csv", "uv.lock"]))
def test_the_order_of_names_changes_nothing(names: list[str]) -> None:
    assert read_contents(names) == read_contents(sorted(names))


@pytest.mark.parametrize(
    "piece", ["code ", "code will be ", "pip install -q ", "- ", "# ", "license ", "https://a ",
              "pre-trained model ", "a/b/", "python ", ".", "not yet ", "\n", "- \n",
              "code soon\n"],
)  # fmt: skip
def test_time_grows_with_length(piece: str) -> None:
    def used(n: int) -> float:
        started = time.process_time()
        read_contents(["README.md"], piece * n, repository="lab/oak")
        is_promise(piece * n, ["README.md"])
        return time.process_time() - started

    used(500)
    short, long = used(5000), used(20_000)
    assert long < 6 * short + 0.1


def test_labels_are_facts_alone() -> None:
    """Names, commits and ticks; no text of a README."""
    place = Path(__file__).parent / "bench" / "repositories.csv"
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 60 and len({row["field"] for row in rows}) >= 4
    assert len({row["repository"] for row in rows}) == len(rows)
    for row in rows:
        assert {row[item] for item in (*ITEMS, "coming_soon")} <= {"0", "1"}
        assert len(row["commit"]) == 12
