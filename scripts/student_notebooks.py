"""Copy the notebooks into student/, without the cells tagged `solution` and without the checks."""

import ast
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
BLANK = "# Your answer\n"


def is_solution(cell: nbformat.NotebookNode) -> bool:
    """Return whether a cell answers an exercise."""
    return "solution" in cell.metadata.get("tags", [])


def without_checks(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Leave out cells that end with an assert, and a line of text just before one.

    They check what the notebook says, for its authors, and may use names of solutions.
    """
    kept: list[nbformat.NotebookNode] = []
    for cell in cells:
        if not _is_check(cell):
            kept.append(cell)
        elif kept and kept[-1].cell_type == "markdown" and _is_one_line(kept[-1].source):
            kept.pop()
    return kept


def _is_check(cell: nbformat.NotebookNode) -> bool:
    if cell.cell_type != "code":
        return False
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:  # a magic command
        return False
    return bool(statements) and isinstance(statements[-1], ast.Assert)


def _is_one_line(text: str) -> bool:
    return "\n" not in text.strip() and not text.startswith("#")


def without_solutions(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy in which each solution is an empty cell to write in."""
    copy = nbformat.from_dict({**notebook, "cells": []})
    for cell in without_checks(notebook.cells):
        copy.cells.append(
            nbformat.v4.new_code_cell(BLANK, id=cell.id, metadata={"tags": ["answer"]})
            if is_solution(cell)
            else cell
        )
    return copy


def main() -> None:
    """Write the copies; say where."""
    target = ROOT / "student"
    target.mkdir(exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy = without_solutions(nbformat.read(path, as_version=4))
        nbformat.validate(copy)
        nbformat.write(copy, target / path.name)
    print(f"{len(list(target.glob('*.ipynb')))} notebooks without solutions in {target}")


if __name__ == "__main__":
    main()
