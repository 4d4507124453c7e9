"""Build the API reference from the docstrings with pdoc, into site/."""

import importlib
import pkgutil
from pathlib import Path

import pdoc
import pdoc.render

import toolkit

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Render every module of the toolkit."""
    modules = ["toolkit"] + [
        found.name
        for found in pkgutil.walk_packages(toolkit.__path__, "toolkit.")
        if "._" not in found.name
    ]
    for name in modules:
        importlib.import_module(name)
    pdoc.render.configure(docformat="numpy", show_source=False, math=False)
    pdoc.pdoc(*modules, output_directory=ROOT / "site")
    print(f"API reference: {ROOT / 'site' / 'index.html'}")


if __name__ == "__main__":
    main()
