"""`show`: a table as a reader wants to see it, in a notebook, on a page and in a terminal."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from toolkit.errors import DataError, check_whole, checked
from toolkit.results.views import Column, lay_out
from toolkit.text.escaping import one_line

#: In a terminal, letters of a column.
_WIDE = 60
#: Scoped by the class, twice to outweigh JupyterLab's rules; the colours are the page's own, so
#: that dark themes stay dark.
_STYLE = """<style>
.paperscope-table { overflow-x: auto; max-width: 100%; }
.paperscope-table.paperscope-table table { border-collapse: collapse; margin: 0;
  table-layout: auto; }
.paperscope-table.paperscope-table caption, .paperscope-table.paperscope-table p {
  text-align: left; padding: 0.2em 0.6em; margin: 0; color: inherit; }
.paperscope-table.paperscope-table caption { font-weight: bold; }
.paperscope-table.paperscope-table th, .paperscope-table.paperscope-table td {
  text-align: left; vertical-align: top; padding: 0.3em 0.6em; max-width: 34em;
  overflow-wrap: break-word; white-space: normal; }
.paperscope-table.paperscope-table thead th { border-bottom: 1px solid currentColor;
  vertical-align: bottom; }
.paperscope-table.paperscope-table .number { text-align: right;
  font-variant-numeric: tabular-nums; }
.paperscope-table.paperscope-table td.number { white-space: nowrap; }
</style>"""


@dataclass(frozen=True, repr=False)
class Shown:
    """A table to look at. The data stay in the DataFrame that it was made of.

    Attributes
    ----------
    columns : list of Column
        What is shown: headings and cells, as text.
    caption : str or None
        A heading above it.
    notes : list of str
        Lines below it: how many rows there are in all, settings that all rows share.
    """

    columns: list[Column]
    caption: str | None
    notes: list[str]

    def __repr__(self) -> str:
        """Return the table as text of a fixed width a letter."""
        rows = [[_cut(column.name) for column in self.columns]]
        cells = [[_cut(cell) for cell in column.cells] for column in self.columns]
        rows += [list(line) for line in zip(*cells)]
        widths = [max(map(len, column), default=0) for column in zip(*rows)]
        right = [column.number for column in self.columns]
        lines = [
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, right)
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*([self.caption] if self.caption else []), *lines, *self.notes])

    def _repr_html_(self) -> str:
        """Return the table as HTML: a caption, headings for screen readers, links that are safe."""
        name = html.escape(self.caption or "Table", quote=True)
        caption = f"<caption>{_text(self.caption)}</caption>" if self.caption else ""
        head = "".join(
            f'<th scope="col"{_class(column)}>{_text(column.name)}</th>' for column in self.columns
        )
        body = "".join(
            f"<tr>{''.join(_cell(column, place) for column in self.columns)}</tr>"
            for place in range(len(self.columns[0].cells) if self.columns else 0)
        )
        notes = "".join(f"<p>{_text(note)}</p>" for note in self.notes)
        # Dollar signs in titles are no mathematics: both classes keep MathJax away.
        return (
            f'{_STYLE}<div class="paperscope-table tex2jax_ignore mathjax_ignore" tabindex="0" '
            f'role="region" aria-label="{name}"><table>{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>{notes}</div>"
        )


@checked
def show(
    table: pd.DataFrame,
    *,
    n: int | None = 10,
    columns: Sequence[str] | None = None,
    caption: str | None = None,
) -> Shown:
    """Show a papers table or a result as a reader wants to see it.

    Titles are whole, and link to the papers; shares are percent, with as many digits as their
    papers justify; an interval stands beside its value; probabilities have two digits; dates are
    no finer than they are known; columns are in reading order, and those for computing only are
    left out. The table itself stays as it is.

    Parameters
    ----------
    table : DataFrame
        A papers table, a result of the toolkit, or any other.
    n : int or None
        Rows to show, from the first; None for all.
    columns : sequence of str, optional
        Which columns, in this order. By default those that one reads of a table of its kind, and
        of a papers table also the columns that you or a function added.
    caption : str, optional
        A heading.

    Returns
    -------
    Shown
        What a notebook shows as a table, and a terminal as text.

    Raises
    ------
    DataError
        No table, or a column that it has not.

    Examples
    --------
    >>> rates = pd.DataFrame({"group": ["a", "b"], "n": [40, 1200], "linked": [5, 600],
    ...     "share": [0.125, 0.5], "low": [0.05, 0.47], "high": [0.26, 0.53], "q": [0.2, 1e-6]})
    >>> show(rates, n=1)
    group   n  linked  share (95 % interval)    q
    a      40       5            12 % (5–26)  0.2
    1 of 2 rows
    """
    if not isinstance(table, pd.DataFrame):
        raise DataError(
            "not a table", argument="table", found=type(table).__name__, expected="a DataFrame",
            hint="Of a network show its nodes, of judged trends the verdicts",
        )  # fmt: skip
    if n is not None:
        check_whole(n, "n", least=1)
    some = table if n is None else table.head(n)
    shown, notes = lay_out(some, columns)
    if len(some) < len(table):
        notes = [f"{len(some):,} of {len(table):,} rows", *notes]
    elif table.empty:
        notes = ["no rows", *notes]
    return Shown(shown, None if caption is None else one_line(caption), notes)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1].rstrip()}…"


def _text(text: str) -> str:
    return html.escape(one_line(text))


def _class(column: Column) -> str:
    return ' class="number"' if column.number else ""


def _cell(column: Column, place: int) -> str:
    text, link = _text(column.cells[place]), column.links[place] if column.links else None
    if link:
        address = html.escape(one_line(link), quote=True)
        text = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return f'<td dir="auto"{_class(column)}>{text}</td>'
