"""Figures as SVG: the same for the same figure, and small."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Outlines in points; those of letters, which have names, are in another unit and stay.
_PATH = re.compile(r'<path d="[^"]*"')
_FINER = re.compile(r"(\.\d\d)\d+")


def svg_text(figure: Figure, *, dpi: float = 200.0, transparent: bool = False) -> str:
    """Return a figure as SVG.

    Parameters
    ----------
    figure : Figure
    dpi : float
        Of parts that are pixels, as the dots of large maps are.
    transparent : bool
        Without a background, so that the page's own shows.

    Returns
    -------
    str
        Text is drawn as outlines, which look the same everywhere. Outlines are told to hundredths
        of a point: the labels of a map take half the space.
    """
    import matplotlib as mpl

    buffer = io.StringIO()
    # A fixed salt and no date: the same figure gives the same file.
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "toolkit"}):
        figure.savefig(
            buffer, format="svg", dpi=dpi, metadata={"Date": None}, transparent=transparent
        )
    return _PATH.sub(lambda path: _FINER.sub(r"\1", path[0]), buffer.getvalue())
