"""Build the API reference from the docstrings with pdoc, into site/."""

import importlib
import pkgutil
import warnings
from pathlib import Path
from types import GenericAlias, ModuleType

import pandas as pd
import pdoc
import pdoc.render

import toolkit

ROOT = Path(__file__).resolve().parents[1]


def exports(module: ModuleType) -> list[str]:
    """Return the public names of a module that lists them."""
    return list(getattr(module, "__all__", []))


def start_page(modules: list[str]) -> str:
    """Return the toolkit's own words, and a list of its packages with the first line of each."""
    lines = [f"{toolkit.__doc__}", "Beside the names below, each package has more:", ""]
    for name in modules:
        module = importlib.import_module(name)
        if name.count(".") == 1 and hasattr(module, "__path__"):
            lines.append(f"- `{name}`: {(module.__doc__ or '').splitlines()[0]}")
    return "\n".join(lines)


def main() -> None:
    """Render every module of the toolkit."""
    modules = ["toolkit"] + [
        found.name
        for found in pkgutil.walk_packages(toolkit.__path__, "toolkit.")
        if "._" not in found.name
    ]
    for name in modules:
        module = importlib.import_module(name)
        # pdoc looks for public names in the module itself: lazy ones must be there by then.
        vars(module).update({public: getattr(module, public) for public in exports(module)})
    toolkit.__doc__ = start_page(modules)
    # Annotations write pd.Series[Any] and the like, as pandas' stubs have it; pdoc evaluates them.
    for kind in (pd.Series, pd.Index):
        kind.__class_getitem__ = classmethod(GenericAlias)
    # Names imported for type checking alone, and pandas' own inner ones, are not there to be read.
    warnings.filterwarnings("ignore", "Error parsing type annotation", UserWarning)
    pdoc.render.configure(docformat="numpy", show_source=False, math=False)
    pdoc.pdoc(*modules, output_directory=ROOT / "site")
    print(f"API reference: {ROOT / 'site' / 'index.html'}")


if __name__ == "__main__":
    main()
