"""Widgets as pages can show them: the explorer as a picture of its map, others in words."""

from __future__ import annotations

import base64
import tempfile
import warnings
from pathlib import Path
from typing import Any


def _explorer(self: Any, include: Any = None, exclude: Any = None) -> Any:
    path = Path(tempfile.mkdtemp(), "map.png")
    self.to_png(path, dpi=100)
    papers = f"{len(self.selection):,} of {self.data.n:,} papers"
    alt = f"The explorer's map, with {papers} selected. In JupyterLab it is interactive."
    data = {"image/png": base64.b64encode(path.read_bytes()).decode(), "text/plain": repr(self)}
    return data, {"image/png": {"alt": alt}}


def _other(self: Any, include: Any = None, exclude: Any = None) -> Any:
    return {"text/plain": f"{type(self).__name__}: a widget, shown in JupyterLab"}, {}


def _nothing(self: Any) -> None:
    """Show no progress bar."""


def _short(message: Any, category: Any, *place: Any, **more: Any) -> str:
    return f"{category.__name__}: {message}\n"


def install() -> None:
    """Replace how widgets are displayed in this process; warnings do not name files of it."""
    from IPython import get_ipython
    from ipywidgets import DOMWidget
    from tqdm.notebook import TqdmHBox

    import toolkit

    # The build sets another backend for the gallery, in the environment that kernels inherit.
    get_ipython().run_line_magic("matplotlib", "inline")
    warnings.formatwarning = _short
    DOMWidget._repr_mimebundle_ = _other
    TqdmHBox._ipython_display_ = _nothing
    toolkit.Explorer._repr_mimebundle_ = _explorer  # type: ignore[method-assign]
