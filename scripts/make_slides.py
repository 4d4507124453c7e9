"""Execute the notebooks and write them as slides into slides/: `make slides`.

``python scripts/make_slides.py [notebook …]``; each page is one file that needs no network. Texts
and headings begin a slide, a figure stands on its own, solutions and checks stay away.
"""

import re
import sys
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter
from run_notebooks import execute
from student_notebooks import is_solution, without_checks

ROOT = Path(__file__).resolve().parents[1]
WIDGET = "application/vnd.jupyter.widget-view+json"
FIGURES = ("image/png", "image/svg+xml")


def slides_of(notebook: nbformat.NotebookNode) -> list[list[nbformat.NotebookNode]]:
    """Return the cells of each slide."""
    slides: list[list[nbformat.NotebookNode]] = []
    for cell in without_checks(notebook.cells):
        if is_solution(cell) or not cell.source.strip():
            continue
        for part in _parts(cell):
            text_or_figure = part.cell_type == "markdown" or _has_figure(part)
            if not slides or text_or_figure or _has_figure(slides[-1][-1]):
                slides.append([])
            slides[-1].append(part)
    return slides


def _parts(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return a text cut before its headings; any other cell as it is."""
    if cell.cell_type != "markdown" or "```" in cell.source:
        return [cell]
    texts = re.split(r"^(?=#{1,3} )", cell.source, flags=re.MULTILINE)
    return [nbformat.v4.new_markdown_cell(text) for text in texts if text.strip()]


def _has_figure(cell: nbformat.NotebookNode) -> bool:
    outputs = cell.get("outputs", [])
    return any(kind in out.get("data", {}) for out in outputs for kind in FIGURES)


def _without_widgets(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy in which a note stands for each widget: they need a kernel."""
    copy = nbformat.from_dict(notebook)
    copy.metadata.pop("widgets", None)
    for cell in copy.cells:
        for output in cell.get("outputs", []):
            if WIDGET in output.get("data", {}):
                output.data = {"text/plain": "(interactive: run this cell in JupyterLab)"}
    return copy


def page_of(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return the slides of an executed notebook as one HTML page."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True
    )
    plain = _without_widgets(notebook)
    slides = [
        exporter.from_notebook_node(nbformat.from_dict({**plain, "cells": cells}))[0]
        for cells in slides_of(plain)
    ]
    style = "\n".join(
        f"{scope} {{ {HtmlFormatter(style=look).get_style_defs('.highlight')} }}"
        for scope, look in (
            ("@media screen and (prefers-color-scheme: dark)", "github-dark"),
            ("@media print, (prefers-color-scheme: light)", "default"),
        )
    )
    templates = Environment(loader=FileSystemLoader(ROOT / "scripts"), autoescape=True)
    return templates.get_template("slides.html").render(name=name, slides=slides, style=style)


def main() -> None:
    """Write the slides of those named, or of all."""
    target = ROOT / "slides"
    target.mkdir(exist_ok=True)
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        page = target / f"{path.stem}.slides.html"
        page.write_text(page_of(execute(path), path.stem), encoding="utf-8")
        print(page, flush=True)


if __name__ == "__main__":
    main()
