"""Every notebook in a real JupyterLab: it runs from top to bottom, offline, without a complaint."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_in_jupyterlab(fresh, path):
    shutil.copy(path, fresh.folder / path.name)
    page = fresh.open_notebook(path.name, width=1300, height=1000)
    seconds = fresh.run_all(page)
    assert fresh.errors(page) == []
    print(f"{path.name}: {seconds:.1f} s")
    # TOOLKIT_SHOTS=folder keeps pictures of every cell with output, for reading them one by one.
    if folder := os.environ.get("TOOLKIT_SHOTS"):
        shoot(page, Path(folder) / path.stem)


def shoot(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    count = page.evaluate("window.jupyterapp.shell.currentWidget.content.model.cells.length")
    for number in range(count):
        page.evaluate(
            """async (number) => {
                const { content } = window.jupyterapp.shell.currentWidget;
                content.activeCellIndex = number;
                await content.scrollToCell(content.widgets[number], 'start');
            }""",
            number,
        )
        page.wait_for_timeout(150)
        page.locator(".jp-Notebook").first.screenshot(path=str(folder / f"{number:02}.png"))
