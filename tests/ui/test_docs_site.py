"""The documentation site, built without executing anything: whole, and readable in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: One page of each kind.
PAGES = [
    "index.html", "install.html", "search.html", "tutorials/index.html",
    "tutorials/00_start_here.html", "howto/index.html", "howto/scopus.html", "gallery/index.html",
    "gallery/plot_trends.html", "explain/trends.html", "reference/index.html",
    "reference/trends.html", "reference/made/toolkit.TopicModel.html",
    "reference/made/toolkit.plot_trends.html", "project/changelog.html", "licences.html",
]  # fmt: skip
sys.path.append(str(ROOT / "docs" / "_ext"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site from a copy of the tree: what a build makes in the checkout is not touched."""
    for package in ("sphinx", "myst_nb", "numpydoc", "sphinx_gallery", "pydata_sphinx_theme"):
        pytest.importorskip(package, reason="needs the optional group 'docs': make .venv/.docs")
    folder = tmp_path_factory.mktemp("docs")
    copy = folder / "copy"
    made = ("gallery", "made", "_extra", "*.ipynb_checkpoints", "__pycache__")
    shutil.copytree(ROOT / "docs", copy / "docs", ignore=shutil.ignore_patterns(*made))
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    for name in ("toolkit", "data", "notebooks"):
        (copy / name).symlink_to(ROOT / name)
    for path in ROOT.glob("*.md"):
        shutil.copyfile(path, copy / path.name)
    done = subprocess.run(
        [sys.executable, "-P", copy / "scripts" / "build_docs.py", "--no-run"],
        cwd=copy,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(copy)},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return copy / "site"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_links_lead_somewhere_and_no_other_host_is_asked(site: Path):
    from check_site import find_problems

    assert find_problems(site) == []


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [700, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_of_each_kind(fresh, axe, site, scheme, width):
    page = fresh.new_page(color_scheme=scheme, reduced_motion="reduce", width=width)
    found, wide = {}, {}
    for name in PAGES:
        page.goto((site / name).as_uri())
        page.evaluate(axe)
        # Without `preload` axe does not ask for the style sheets again, which files may not.
        broken = page.evaluate(
            """async () => (await axe.run({ preload: false })).violations.map(({ id, nodes }) =>
                [id, nodes.map(({ html }) => html.slice(0, 200))])"""
        )
        if broken:
            found[name] = broken
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if beyond > 0:
            wide[name] = beyond
    assert found == {}
    assert wide == {}
