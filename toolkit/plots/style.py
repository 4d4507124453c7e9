"""What plots share: colours that colour-blind readers can tell apart, axes, summaries, verdicts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.frequencies import FEW

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe & Ito's palette (https://jfly.uni-koeln.de/color/), the darkest first.
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#F0E442",
)
GREY = "#767676"


def check_drawable(table: pd.DataFrame, *columns: str, made_by: str) -> None:
    """Check that a table has the columns a plot draws, and rows.

    Parameters
    ----------
    table : DataFrame
        What is to be drawn.
    *columns : str
        What it must have.
    made_by : str
        The function of the toolkit that makes such tables, for the message.

    Raises
    ------
    DataError
        Another table, or an empty one.
    """
    names = list(getattr(table, "columns", ()))
    missing = not set(columns) <= set(names)
    if missing or table.empty:
        raise DataError(
            f"not a table of {made_by}" if missing else "nothing to draw",
            found=(names or type(table).__name__) if missing else "an empty table",
            expected=f"the columns {', '.join(columns)}",
            hint=f"Make it with toolkit.{made_by}",
        )


def new_axes(ax: Axes | None, *, width: float = 7.0, height: float = 4.0) -> Axes:
    """Return `ax`, or the axes of a new figure of `width` × `height` inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def tidy(ax: Axes, *, title: str, xlabel: str = "", ylabel: str = "") -> Axes:
    """Set title and labels, take away the two spines that carry nothing."""
    ax.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def add_summary(ax: Axes, text: str) -> Axes:
    """Attach a text that says what the plot shows, for screen readers and for pasting."""
    ax.figure._toolkit_summary = text  # type: ignore[union-attr]
    return ax


def text_summary(ax: Axes) -> str:
    """Return the text that says what a plot of the toolkit shows.

    Examples
    --------
    >>> ax = add_summary(new_axes(None), "One topic rises.")
    >>> text_summary(ax)
    'One topic rises.'
    """
    return str(getattr(ax.figure, "_toolkit_summary", ""))


#: Verdicts differ in colour, sign and word: a print in grey still tells them apart.
LOOKS = {
    "rising": (COLOURS[0], "▲"),
    "falling": (COLOURS[1], "▼"),
    "steady": (COLOURS[2], "="),
    "can't tell": (GREY, "?"),
}
#: Partial periods at the ends with less than this part of a usual period are not drawn.
_STRAGGLERS = 0.05
#: Columns of trends that the plots need.
SHARES = ("period", "topic", "papers", "total", "share", "low", "high", "partial")


def plain(label: str, length: int) -> str:
    """Shorten a label, and keep its dollar signs from being read as mathematics."""
    return textwrap.shorten(label, length, placeholder="…").replace("$", r"\$")


def check_verdicts(verdicts: Any) -> None:
    """Check that a table is one of verdicts.

    Raises
    ------
    DataError
        Where it is none.
    """
    needs = {"topic", "label", "verdict", "share_early", "share_late", "words"}
    if not isinstance(verdicts, pd.DataFrame) or not needs <= set(verdicts.columns):
        raise DataError(
            "not a table of verdicts",
            found=list(getattr(verdicts, "columns", [type(verdicts).__name__])),
            expected=f"the columns {', '.join(sorted(needs))}",
            hint="Make it with toolkit.trend_verdicts(trends)",
        )


def drop_stragglers(trends: pd.DataFrame) -> tuple[pd.DataFrame, tuple[int, int]]:
    """Leave out what lies before the first and after the last period worth drawing.

    Returns the rest, and how many papers were left out before and after it.
    """
    periods = trends.drop_duplicates("period").sort_values("period")
    whole = periods.loc[~periods["partial"].astype(bool) & (periods["total"] > 0), "total"]
    if whole.empty:
        return trends, (0, 0)
    worth = ~periods["partial"].astype(bool) | (periods["total"] >= _STRAGGLERS * whole.median())
    first, last = periods.loc[worth, "period"].min(), periods.loc[worth, "period"].max()
    first, last = _without_loners(periods[periods["period"].between(first, last)])
    before = int(periods.loc[periods["period"] < first, "total"].sum())
    after = int(periods.loc[periods["period"] > last, "total"].sum())
    return trends[trends["period"].between(first, last)], (before, after)


def _without_loners(periods: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last period but for few papers beyond a gap, not covered in full."""
    filled = [row for row in enumerate(periods.itertuples()) if row[1].total > 0]
    for end, step in ((0, 1), (-1, -1)):
        while len(filled) > 1:
            (place, row), (neighbour, _) = filled[end], filled[end + step]
            if abs(place - neighbour) == 1 or not row.partial or row.total >= FEW:
                break
            filled.pop(end)
    return filled[0][1].period, filled[-1][1].period


def period_days(trends: pd.DataFrame) -> float:
    """Return the length of a period in days, of the shortest one."""
    starts = pd.DatetimeIndex(trends["period"].unique()).sort_values()
    return float((starts[1:] - starts[:-1]).min().days) if len(starts) > 1 else 30.0


def hatch_partial(ax: Axes, trends: pd.DataFrame, width: float) -> None:
    """Hatch the periods that the collection does not cover in full."""
    from matplotlib.dates import date2num

    partial = trends.loc[trends["partial"].astype(bool), "period"].unique()
    for start in partial:
        begin = pd.Timestamp(start)
        ax.axvspan(
            date2num(begin),  # type: ignore[no-untyped-call]
            date2num(begin + pd.Timedelta(days=width)),  # type: ignore[no-untyped-call]
            zorder=3,
            facecolor="none",
            edgecolor="#B5B5B5",
            hatch="///",
            linewidth=0.0,
        )


def caption(left_out: tuple[int, int], before: str = "") -> str:
    """Say how many papers lie outside the time shown; nothing where there are none."""
    number = sum(left_out)
    if not number:
        return ""
    papers = "paper" if number == 1 else "papers"
    return f"{before}{number} {papers} outside the time shown"
