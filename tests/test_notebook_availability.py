"""Notebook 04 as it stands, and with its checks asked of a local stand-in for the hosts."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from fake_hosts import LinkServer

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "04_repo_availability.ipynb"


#: What the stand-in knows, good and bad.
REPOSITORIES = [
    f"https://github.com/lantern/{name}"
    for name in ("oak", "oldname", "empty", "readme-only", "readonly")
]


def run(changes: dict[str, str]) -> str:
    """Execute the notebook with lines changed; return all that it printed."""
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for old, new in changes.items():
        cells = [cell for cell in notebook.cells if old in cell.source]
        assert len(cells) == 1, f"{old!r} stands in {len(cells)} cells"
        cells[0].source = cells[0].source.replace(old, new)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return "".join(o.get("text", "") for o in outputs)


@pytest.mark.notebook
def test_the_checks_run_against_a_stand_in() -> None:
    with LinkServer() as server:
        said = run(
            {
                'toolkit.synthetic.plant_link_checks(code_links, log=folder / "invented.sqlite")':
                f"(links := code_links.head(5).assign(url={REPOSITORIES!r})); checks = "
                'toolkit.check_links(links, log=folder / "invented.sqlite", '
                f"services={server.services!r}, rate=500, progress=False)",
                'toolkit.load_sample("hf-papers")': 'toolkit.load_sample("trending-page")',
                "min_links=100": "min_links=1",
            }
        )  # fmt: skip
        assert server.seen
    assert "most papers are lost" in said and "31 papers" in said
    assert "github.com: 100% alive" in said


@pytest.mark.notebook
def test_it_works_with_another_collection() -> None:
    said = run({'toolkit.load_sample("hf-papers")': 'toolkit.load_sample("trending-page")'})
    assert "35.5% of 31 papers link their code" in said


def test_it_keeps_to_the_house_rules() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(notebook.cells) <= 30
    assert all(len(cell.source.splitlines()) <= 10 and not cell.outputs for cell in code)
    assert sum("solution" in cell.metadata.get("tags", []) for cell in code) == 3
    assert "assert" in code[-1].source
