"""Setting up: progress, going on after an interruption, what the locks and the citation say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import toolkit

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Stands in for pip: says what pip says, slowly, and installs what the lock names.
FAKE_PIP = """
import os, re, sys, sysconfig, time
from pathlib import Path
if "-r" not in sys.argv:
    sys.exit(0)
if os.environ.get("FAKE_PIP") == "fails":
    sys.exit("ERROR: No matching distribution found for beta==2")
names = re.findall(r"^([a-z]+)==", Path(sys.argv[sys.argv.index("-r") + 1]).read_text(), re.M)
for name in names:
    print(f"Collecting {name}==1 (from -r lock)")
    print(f"  Downloading {name}-1-py3-none-any.whl (10.0 MB)", flush=True)
    time.sleep(1.5)
print("Installing collected packages: ...", flush=True)
for name in names:
    folder = Path(sysconfig.get_path("purelib"), f"{name}-1.dist-info")
    folder.mkdir(exist_ok=True)
    (folder / "RECORD").touch()
    time.sleep(0.5)
    (folder / "INSTALLER").touch()
"""


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environment(tmp_path):
    """An environment without packages, a lock of three, and the stand-in for pip."""
    done = subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"])
    assert done.returncode == 0
    fake = tmp_path / "fake" / "pip"
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "__main__.py").write_text(FAKE_PIP)
    lock = tmp_path / "some.lock"
    lock.write_text("# 3 packages, about 30 MB to download\nalpha==1\nbeta==2\ngamma==3\n")
    bin_ = "Scripts" if os.name == "nt" else "bin"
    return [tmp_path / "env" / bin_ / "python", ROOT / "scripts" / "install.py", lock]


def start(command, tmp_path, **more) -> subprocess.Popen:
    variables = {**os.environ, "PYTHONPATH": str(tmp_path / "fake"), **more}
    return subprocess.Popen(
        list(map(str, command)), env=variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_setting_up_shows_at_once_and_all_along_what_is_to_come(environment, tmp_path):
    with start(environment, tmp_path) as process:
        assert process.stdout
        told = [(time.monotonic(), line.strip()) for line in process.stdout]
    lines = [line for _, line in told]
    assert process.returncode == 0, lines
    assert "3 packages, about 30 MB to download" in lines[0]
    assert lines[1].startswith("downloading: 0 of 3 packages, 0 of about 30 MB")
    assert any(re.match(r"(downloading|unpacking): [1-3] of 3 packages", line) for line in lines)
    assert re.fullmatch(r"Done in \d+ s\. Next: .*JupyterLab.*", lines[-1])
    # The stand-in takes six seconds: the first lines do not wait for the first package.
    assert told[-1][0] - told[1][0] > 5


def test_setting_up_goes_on_where_it_was_interrupted(environment, tmp_path):
    site = next((tmp_path / "env").rglob("site-packages"))
    for name, files in {"alpha-1": ["RECORD", "INSTALLER"], "beta-1": ["RECORD"]}.items():
        (site / f"{name}.dist-info").mkdir()
        for file in files:
            (site / f"{name}.dist-info" / file).touch()
    install = script("install")
    old, install.packages_folder = install.packages_folder, lambda: site
    try:
        assert install.installed() == 1
        install.remove_half_installed()
    finally:
        install.packages_folder = old
    assert [path.name for path in site.glob("*.dist-info")] == ["alpha-1.dist-info"]


def test_setting_up_ends_with_pips_own_words_where_it_fails(environment, tmp_path):
    with start(environment, tmp_path, FAKE_PIP="fails") as process:
        text, _ = process.communicate()
    assert process.returncode == 1
    assert "No matching distribution found for beta==2" in text
    assert "the same command goes on from there" in text and "Traceback" not in text


def test_progress_reads_what_pip_says():
    progress = script("install").Progress(2, 12.0)
    for line in (
        "Collecting numpy==2.4.6 (from -r requirements.lock (line 3))\n",
        "  Downloading numpy-2.4.6-cp311-cp311-manylinux.whl (11.5 MB)\n",
        "Collecting six==1.17.0\n",
        "  Using cached six-1.17.0-py2.py3-none-any.whl (500 kB)\n",
    ):
        progress.read(line)
    assert "2 of 2 packages, 12 of about 12 MB" in progress.text() and "six" in progress.text()
    progress.read("Installing collected packages: six, numpy\n")
    assert "unpacking: 0 of 2 packages" in progress.text()


def test_pins_that_do_not_apply_here_are_not_counted():
    lock = "one==1 \\\n    --hash=sha256:0\ntwo==2 ; python_full_version < '3' \\\n    --hash\n"
    assert script("install").pins(lock) == ["one==1"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_light_and_say_their_size(name: str):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE)
    assert not {"numba", "llvmlite", "umap-learn", "hdbscan", "pynndescent", "torch"} & set(pins)
    assert "plotly" in pins, "BERTopic's own plots need it"
    assert len(pins) == len(set(pins)), "one version of each package for all Pythons"
    head = re.match(r"# (\d+) packages, about (\d+) MB to download\n", text)
    assert head and int(head[1]) == len(pins)
    assert 150 < int(head[2]) < 450


def test_the_classic_lock_adds_to_the_light_one_what_was_excluded():
    light, classic = (
        set(re.findall(r"^([a-z0-9_.-]+)==", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-classic.lock")
    )
    assert {"umap-learn", "hdbscan", "llvmlite"} <= classic and not light & classic
    excluded = set(CONFIG["tool"]["uv"]["exclude-dependencies"])
    assert excluded - {"sentence-transformers"} <= classic


def test_the_docs_lock_adds_to_the_one_for_development_what_pages_need():
    dev, docs = (
        set(re.findall(r"^([a-z0-9_.-]+)==", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements-dev.lock", "requirements-docs.lock")
    )
    group = CONFIG["project"]["optional-dependencies"]["docs"]
    assert {re.split(r"[<>=]", line)[0] for line in group} <= docs and not dev & docs
    assert not {"torch", "numba", "sentence-transformers"} & docs


def test_version_and_name_stand_in_one_place_each():
    project = CONFIG["project"]
    assert project["name"] == "paperscope" and project["dynamic"] == ["version"]
    assert CONFIG["tool"]["hatch"]["version"]["path"] == "toolkit/__init__.py"
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    told = dict(re.findall(r"^([a-z-]+): (.+)$", citation, re.MULTILINE))
    assert told["cff-version"] == "1.2.0"
    assert told["title"] == project["name"]
    assert told["version"] == toolkit.__version__
    assert told["abstract"].strip('"') == project["description"]
    assert told["license"] == project["license"]
    assert re.findall(r"^  - (.+)$", citation, re.MULTILINE)[1:] == project["keywords"]
    assert f"name: {project['name']}\n" in (ROOT / "environment.yml").read_text()


def test_licences_of_all_packages_are_listed():
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([a-z0-9_.-]+) \| (.+) \|$", page, re.MULTILINE))
    lock = (ROOT / "requirements.lock").read_text()
    listed.pop("package")
    assert list(listed) == re.findall(r"^([a-z0-9_.-]+)==", lock, re.MULTILINE), (
        "run scripts/licences.py"
    )
    assert all(listed.values())
    gpl = [name for name, licence in listed.items() if re.search(r"\bA?GPL", licence)]
    assert ("What the GPL means here" in page) == bool(gpl)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"{name}'s GPL" in readme for name in gpl) and ("GPL" in readme) == bool(gpl)
    assert page == script("licences").page(list(listed), listed)


def test_licence_is_read_from_the_metadata():
    licence = script("licences").licence
    assert licence("pandas") == "BSD-3-Clause" and licence("tqdm") == "MPL-2.0 AND MIT"
    assert licence("appnope") == "BSD-2-Clause" and licence("no-such-package") == ""


def test_every_platform_and_python_is_asked_for():
    check = script("check_platforms")
    assert set(check.PYTHONS) >= {"3.11", "3.12", "3.13", "3.14"} and len(check.PLATFORMS) == 5
    lock = ROOT / "requirements.lock"
    assert len(check.pins(lock)) == int(re.match(r"# (\d+)", lock.read_text())[1])
    assert all("\\" not in pin for pin in check.pins(lock))


def test_packages_without_a_wheel_are_found_by_halves(monkeypatch):
    check = script("check_platforms")
    asked = []

    def have_wheels(requirements, platform, python):
        asked.append(len(requirements))
        return not {"c==1", "g==1"} & set(requirements)

    monkeypatch.setattr(check, "have_wheels", have_wheels)
    pins = [f"{letter}==1" for letter in "abcdefgh"]
    assert check.missing(pins, "windows", "3.13") == ["c==1", "g==1"]
    assert check.missing(["a==1"], "windows", "3.13") == []


def test_sources_that_the_build_scripts_read_are_described():
    page = (ROOT / "docs" / "rebuild.md").read_text(encoding="utf-8")
    for name in ("build_data.py", "train_embedding.py"):
        text = (ROOT / "scripts" / name).read_text(encoding="utf-8")
        assert "docs/rebuild.md" in text.split('"""')[1]
        assert f"scripts/{name}" in page
    evaluation = json.loads((ROOT / "toolkit" / "assets" / "evaluation.json").read_text())
    for figure in evaluation["toolkit"].values():
        assert f"{figure:.3f}" in page
    for repository in ("InMatrix/ai-papers-reader", "papercopilot/paperlists"):
        assert f"https://github.com/{repository}" in page
