"""One JupyterLab and one browser for all tests in this folder."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lab import Lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    source = Path(__file__).parent / "planted.py"
    (folder / "planted.py").write_text(source.read_text())
    root = str(Path(__file__).resolve().parents[2])
    with Lab.start(folder, env={"PYTHONPATH": root}) as lab:
        yield lab


@pytest.fixture
def fresh(lab):
    """The lab, with what it recorded of earlier tests forgotten; no test may leave anything."""
    for heard in (lab.foreign, lab.console, lab.forgiven):
        heard.clear()
    lab.traffic = 0
    yield lab
    foreign, console = list(lab.foreign), list(lab.console)
    lab.close_pages()
    assert foreign == []
    assert console == []


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """axe-core's script, fetched from npm for this run only."""
    folder = tmp_path_factory.mktemp("axe")
    try:
        done = subprocess.run(
            ["npm", "pack", "axe-core", "--silent"],
            cwd=folder, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"axe-core cannot be fetched with npm here: {error}")
    if done.returncode:
        pytest.skip(f"axe-core cannot be fetched with npm here: {done.stderr[-200:]}")
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def pytest_collection_modifyitems(config, items):
    """A browser test that fails is tried once more: Chromium and Lab have hiccups of their own."""
    if config.pluginmanager.hasplugin("rerunfailures"):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter):
    """Name what passed at the second try only: it may be a race of ours all the same."""
    for report in terminalreporter.stats.get("rerun", []):
        why = str(report.longrepr).strip().splitlines()[-1:]
        terminalreporter.write_line(f"FAILED AT THE FIRST TRY {report.nodeid}: {''.join(why)}")
