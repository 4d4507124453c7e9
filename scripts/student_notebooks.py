"""Copy the notebooks into student/, without the cells tagged `solution`."""

from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
BLANK = "# Your answer\n"


def without_solutions(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy in which each run of solution cells is one empty cell to write in."""
    copy = nbformat.from_dict({**notebook, "cells": []})
    inside = False
    for cell in notebook.cells:
        solution = "solution" in cell.metadata.get("tags", [])
        if not solution:
            copy.cells.append(cell)
        elif not inside:
            copy.cells.append(
                nbformat.v4.new_code_cell(BLANK, id=cell.id, metadata={"tags": ["answer"]})
            )
        inside = solution
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
