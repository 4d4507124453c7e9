"""Figures and tables of the report, as the template `report.html` takes them."""

from __future__ import annotations

import base64
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.plots import text_summary
from toolkit.plots.svg import svg_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A paragraph, or a figure, table, list or warning, which its `kind` names.
Piece = str | dict[str, Any]


def figure_piece(ax: Axes) -> Piece:
    """Return a plot as an SVG image, with the text that says what it shows; close the plot."""
    import matplotlib.pyplot as plt

    words = text_summary(ax)
    figure: Any = ax.figure
    svg = base64.b64encode(svg_text(figure).encode()).decode()
    plt.close(figure)
    return {"kind": "figure", "svg": svg, "words": words}


def table_piece(table: pd.DataFrame) -> Piece:
    """Return the names of a table's columns, which of them hold numbers, and its cells as text."""
    return {
        "kind": "table",
        "names": [str(name).replace("_", " ") for name in table.columns],
        "numbers": [pd.api.types.is_numeric_dtype(dtype) for dtype in table.dtypes],
        "rows": [
            [(_cell_text(value), value if isinstance(value, str) else None) for value in row]
            for row in table.itertuples(index=False, name=None)
        ],
    }


def _cell_text(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return term_words(value)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value or 0) and abs(value) >= 10 else f"{value:.3g}"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    text = str(value)
    return text if len(text) <= 300 else f"{text[:299]}…"


def term_words(terms: Any) -> str:
    """Return terms as words, the first eight of them."""
    if isinstance(terms, str):
        return terms
    return ", ".join(str(term).replace("_", " ") for term in list(terms)[:8])
