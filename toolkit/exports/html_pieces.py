"""Pieces of an HTML page: text, tables, and figures with what they show in words."""

from __future__ import annotations

import base64
import html
import io
import numbers
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.exports.escaping import safe_link
from toolkit.plots import text_summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Marks cells of numbers, which stand to the right.
_MARK = ' class="number"'
#: So many rows show without scrolling.
_FITS = 12


def figure_html(ax: Axes) -> str:
    """Return a plot as an image inside the page, with the text that says what it shows."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    said = html.escape(text_summary(ax))
    buffer = io.BytesIO()
    # Outlines instead of fonts: looks the same everywhere. A fixed salt and no date: the same
    # collection gives the same file.
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "toolkit"}):
        ax.figure.savefig(buffer, format="svg", metadata={"Date": None})  # type: ignore[union-attr]
    plt.close(ax.figure)  # type: ignore[arg-type]
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{said}">'
        f"<figcaption><details><summary>In words</summary>{said}</details></figcaption></figure>"
    )


def table_html(table: pd.DataFrame) -> str:
    """Return a table that scrolls where it is long or wide; numbers stand to the right."""
    number = [pd.api.types.is_numeric_dtype(dtype) for dtype in table.dtypes]
    heads = "".join(
        f'<th scope="col"{_MARK if right else ""}>{html.escape(_head(name))}</th>'
        for name, right in zip(table.columns, number)
    )
    rows = "".join(
        "<tr>" + "".join(_cell(value, right) for value, right in zip(row, number)) + "</tr>\n"
        for row in table.itertuples(index=False, name=None)
    )
    # A frame says that there is more below; browsers often hide the bar.
    kind = "scroll long" if len(table) > _FITS else "scroll"
    return (
        f'<div class="{kind}" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{rows}</tbody></table></div>"
    )


def _cell(value: Any, right: bool) -> str:
    text, mark = html.escape(_value(value)), _MARK if right else ""
    link = safe_link(value) if isinstance(value, str) else None
    return f"<td{mark}>" + (f'<a href="{html.escape(link)}">{text}</a>' if link else text) + "</td>"


def _value(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return spelled(value)
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


def spelled(terms: Any) -> str:
    """Return terms as words, the first eight of them."""
    if isinstance(terms, str):
        return terms
    return ", ".join(str(term).replace("_", " ") for term in list(terms)[:8])


def _head(name: Any) -> str:
    return str(name).replace("_", " ")


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph of plain text."""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{html.escape(text)}</p>"


def list_html(sentences: Iterable[str]) -> str:
    """Return a list of plain sentences."""
    return "<ul>" + "".join(f"<li>{html.escape(said)}</li>\n" for said in sentences) + "</ul>"


def anchor(name: str) -> str:
    """Return the id of a chapter."""
    return name.lower().replace(" ", "-")


def contents_html(names: list[str]) -> str:
    """Return links to the chapters."""
    links = " · ".join(f'<a href="#{anchor(name)}">{html.escape(name)}</a>' for name in names)
    return f'<nav aria-label="Chapters">{links}</nav>'


STYLE = """body { max-width: 64rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8888; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; background: #fff; }
figcaption { font-size: 0.85rem; opacity: 0.85; }
.scroll { overflow: auto; max-height: 34rem; margin: 0.7rem 0; }
.long { border: 1px solid #8888; border-radius: 4px; }
table { border-collapse: collapse; font-size: 0.85rem; }
th { position: sticky; top: 0; background: Canvas; text-align: left; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid #8884; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.warning { border-left: 4px solid #E69F00; padding-left: 0.7rem; }
@media print { .scroll { max-height: none; overflow: visible; } nav { display: none; } }"""
