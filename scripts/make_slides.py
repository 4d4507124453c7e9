"""Execute the notebooks and write them as HTML slides into slides/: `make slides`.

``python scripts/make_slides.py [notebook …]``; a heading begins a slide, a plot stands on its own
below the words that say what to look for, and solutions stay away.
"""

import sys
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from run_notebooks import execute

ROOT = Path(__file__).resolve().parents[1]


def kind_of_slide(cell: nbformat.NotebookNode) -> str:
    """Say where a cell goes: a new slide, one below it, or nowhere."""
    if "solution" in cell.metadata.get("tags", []):
        return "skip"
    if cell.cell_type == "markdown":
        return "slide" if cell.source.startswith("#") else "subslide"
    return "subslide" if any("image/png" in out.get("data", {}) for out in cell.outputs) else "-"


def main() -> None:
    """Write the slides of those named, or of all."""
    target = ROOT / "slides"
    target.mkdir(exist_ok=True)
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        notebook = execute(path)
        for cell in notebook.cells:
            cell.metadata["slideshow"] = {"slide_type": kind_of_slide(cell)}
        exporter = SlidesExporter(reveal_scroll=True)
        text, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
        page = target / f"{path.stem}.slides.html"
        page.write_text(text, encoding="utf-8")
        print(page, flush=True)


if __name__ == "__main__":
    main()
