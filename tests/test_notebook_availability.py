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
    texts = [o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs]
    return "\n".join(texts)


@pytest.mark.notebook
def test_the_checks_run_against_a_stand_in() -> None:
    with LinkServer() as server:
        planted = 'plant_link_checks(links, log=folder / "invented.sqlite", half_life=4)'
        asked = (
            f"few = links.head(5).assign(url={REPOSITORIES!r})\n"
            'checks = toolkit.check_links(few, log=folder / "invented.sqlite", '
            f"services={server.services!r}, rate=500, progress=False)"
        )
        said = run(
            {
                f"checks = toolkit.synthetic.{planted}": asked,
                'toolkit.load_sample("hf-papers")': 'toolkit.load_sample("trending-page")',
                'assert survival["invented"].all()': 'assert not survival["invented"].any()',
            }
        )
        assert server.seen
    assert "Of 1500 papers" in said and "INVENTED" not in said


@pytest.mark.notebook
def test_it_works_with_another_collection() -> None:
    said = run({'toolkit.load_sample("hf-papers")': 'toolkit.load_sample("trending-page")'})
    assert "INVENTED CHECKS. Of 1500 papers" in said, "the planted papers, not the collection's"


@pytest.mark.notebook
def test_where_no_paper_links_code_or_has_a_date_it_says_so() -> None:
    silent = "toolkit.plant_collection(n_papers=400, silent=1.0, promised=0.0).papers"
    without_dates = f"{silent}.assign(published=pd.NaT, published_precision=pd.NA)"
    for papers in (silent, without_dates):
        said = run({'toolkit.load_sample("hf-papers")': papers})
        assert "No paper of 400 links code in what was read: there is nothing to compare" in said


def test_it_keeps_to_the_house_rules() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert sum("solution" in cell.metadata.get("tags", []) for cell in code) == 3
    assert "assert" in code[-1].source
    # After the sentences to play with, nothing names a real host.
    assert not any("github.com" in cell.source for cell in code[2:])
