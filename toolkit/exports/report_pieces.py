"""Figures and tables of the report, as the template `report.html` takes them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.plots import text_summary
from toolkit.plots.svg import svg_text
from toolkit.results.views import lay_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A paragraph, or a figure, table, list, heading or warning, which its `kind` names.
Piece = str | dict[str, Any]


def figure_piece(ax: Axes) -> Piece:
    """Return a plot as an SVG image, with the text that says what it shows; close the plot."""
    import matplotlib.pyplot as plt

    words = text_summary(ax)
    figure: Any = ax.figure
    width, height = figure.get_size_inches()
    # Without a background the page's own shows, in a light theme and in a dark one.
    svg = base64.b64encode(svg_text(figure, transparent=True).encode()).decode()
    plt.close(figure)
    size = {"width": round(96 * float(width)), "height": round(96 * float(height))}
    return {"kind": "figure", "svg": svg, "words": words, **size}


def table_piece(
    table: pd.DataFrame, *, columns: Sequence[str] | None = None, caption: str = "Table"
) -> Piece:
    """Return what `toolkit.show` shows of a table: headings, cells and their links, notes."""
    shown, notes = lay_out(table, columns)
    return {
        "kind": "table",
        "caption": caption,
        "names": [column.name for column in shown],
        "numbers": [column.number for column in shown],
        "rows": list(zip(*(zip(column.cells, column.links) for column in shown))),
        "notes": notes,
    }
