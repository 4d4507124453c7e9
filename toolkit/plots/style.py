"""Shared parts of plots: colours, axes, checks of tables, how text is drawn, what says it in words.

`drawn` is the one place that decides how text is drawn: every public plot is wrapped in it.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.frequencies import FEW_PAPERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_P = ParamSpec("_P")
#: In points; "small", the smallest that plots write, is five sixths of it: 9. JupyterLab's output
#: is about 850 pixels wide, which shrinks a figure of 9 inches, and this text to 8.5 points.
_FONT_SIZE = 10.8
#: Text of users and papers is no mathematics: "$" is a dollar.
_SETTINGS: dict[Any, Any] = {
    "text.parse_math": False,
    "text.usetex": False,
    "font.size": _FONT_SIZE,
}
#: The widest figure, in inches.
WIDTH = 9.0
#: Okabe & Ito's palette (https://jfly.uni-koeln.de/color/) for colour-blind readers.
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
#: Colour and sign of each verdict: the signs tell them apart in grey, too.
VERDICT_STYLES = {
    "rising": (COLOURS[0], "▲"),
    "falling": (COLOURS[1], "▼"),
    "rose then fell": (COLOURS[3], "∧"),
    "fell then rose": (COLOURS[4], "∨"),
    "steady": (COLOURS[2], "="),
    "can't tell": (GREY, "?"),
}
#: Columns that plots of trends need.
TREND_COLUMNS = ("period", "topic", "papers", "total", "share", "low", "high", "partial")
#: Partial periods at the ends with less than this part of the median period are not drawn.
_MIN_PART = 0.05


def check_drawable(table: pd.DataFrame, *columns: str, made_by: str) -> None:
    """Check that a table has rows and the columns that a plot needs.

    Parameters
    ----------
    table : DataFrame
        The table to draw.
    *columns : str
        Columns that it must have.
    made_by : str
        The function of the toolkit that makes such tables, for the message.

    Raises
    ------
    DataError
        A column is missing, or the table is empty.
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


def drawn(plot: Callable[_P, Axes]) -> Callable[_P, Axes]:
    """Wrap a public plot, so that text is drawn as it stands, and large enough for JupyterLab."""

    @wraps(plot)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> Axes:
        import matplotlib as mpl

        given: Any = kwargs.get("ax")
        if given is not None:
            # These were there before: no setting of ours reaches them.
            texts = [given.title, given._left_title, given._right_title]
            for axis in (given.xaxis, given.yaxis):
                ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
                texts += [axis.label, *(label for t in ticks for label in (t.label1, t.label2))]
            for text in texts:
                text.set_parse_math(False)
        # Only these are put back, not all as `rc_context` does: the first plot in a notebook loads
        # Jupyter's backend, whose own settings must stay, or no later figure is shown.
        before = {name: mpl.rcParams[name] for name in _SETTINGS}
        mpl.rcParams.update(_SETTINGS)
        try:
            return plot(*args, **kwargs)
        finally:
            mpl.rcParams.update(before)

    return wrapper


def new_axes(ax: Axes | None, *, width: float = 7.0, height: float = 4.0) -> Axes:
    """Return `ax`, or the axes of a new figure of `width` × `height` inches.

    Examples
    --------
    >>> new_axes(None, width=5.0, height=3.0).figure.get_size_inches().tolist()
    [5.0, 3.0]
    """
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def tidy(ax: Axes, *, title: str, xlabel: str = "", ylabel: str = "") -> Axes:
    """Set title and labels, and hide the upper and right spines.

    Examples
    --------
    >>> tidy(new_axes(None), title="Papers a year", ylabel="papers").get_ylabel()
    'papers'
    """
    ax.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def text_colour() -> Any:
    """Return the colour of text in matplotlib's present style: light in a dark one."""
    import matplotlib as mpl

    return mpl.rcParams["text.color"]


def add_summary(ax: Axes, text: str) -> Axes:
    """Attach a text that says what a plot shows: `text_summary`, and the image's alternative text.

    In a notebook, the output holds it in place of "<Figure …>", and as `alt` of the image, which
    pages made by nbconvert show.
    """
    figure: Any = ax.figure
    ax._toolkit_summary = text  # type: ignore[attr-defined]
    figure._repr_mimebundle_ = partial(_describe_output, figure)
    return ax


def text_summary(ax: Axes) -> str:
    """Return the text that says what a plot of the toolkit shows.

    Examples
    --------
    >>> ax = add_summary(new_axes(None), "One topic rises.")
    >>> text_summary(ax)
    'One topic rises.'
    """
    return str(getattr(ax, "_toolkit_summary", ""))


def _describe_output(
    figure: Figure, include: object = None, exclude: object = None
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the summaries of all plots of a figure, as IPython asks for them."""
    text = " ".join(filter(None, map(text_summary, figure.axes)))
    return {"text/plain": text}, {kind: {"alt": text} for kind in ("image/png", "image/svg+xml")}


def shorten_label(label: Any, length: int) -> str:
    """Return a label in one line of at most `length` characters, cut between words where it can be.

    Examples
    --------
    >>> shorten_label("below 5$ and above 3$", 12)
    'below 5$…'
    """
    text = " ".join(str(label).split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut if text[length - 1] == " " else cut.rpartition(" ")[0]
    return (words if 2 * len(words) > length else cut).rstrip(" ,;:") + "…"


def check_verdicts(verdicts: Any) -> None:
    """Check that a table is one of `trend_verdicts`.

    Raises
    ------
    DataError
        It is not.
    """
    needs = {"topic", "label", "verdict", "share_early", "share_late", "words"}
    if not isinstance(verdicts, pd.DataFrame) or not needs <= set(verdicts.columns):
        raise DataError(
            "not a table of verdicts",
            found=list(getattr(verdicts, "columns", [type(verdicts).__name__])),
            expected=f"the columns {', '.join(sorted(needs))}",
            hint="Make it with toolkit.trend_verdicts(trends)",
        )


def trim_ends(trends: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Leave out partial periods with hardly any papers at both ends.

    Returns the other rows, and the number of papers left out. The columns period, total and
    partial are needed.
    """
    periods = trends.drop_duplicates("period").sort_values("period")
    whole = periods.loc[~periods["partial"].astype(bool) & (periods["total"] > 0), "total"]
    if whole.empty:
        return trends, 0
    drawn = ~periods["partial"].astype(bool) | (periods["total"] >= _MIN_PART * whole.median())
    first, last = periods.loc[drawn, "period"].min(), periods.loc[drawn, "period"].max()
    first, last = _trim_beyond_gaps(periods[periods["period"].between(first, last)])
    left_out = int(periods.loc[~periods["period"].between(first, last), "total"].sum())
    return trends[trends["period"].between(first, last)], left_out


def _trim_beyond_gaps(periods: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last period, without partial ones with few papers beyond a gap."""
    rows: Any = periods.itertuples()
    filled = [(place, row) for place, row in enumerate(rows) if row.total > 0]
    for end, step in ((0, 1), (-1, -1)):
        while len(filled) > 1:
            (place, row), (neighbour, _) = filled[end], filled[end + step]
            if abs(place - neighbour) == 1 or not row.partial or row.total >= FEW_PAPERS:
                break
            filled.pop(end)
    return filled[0][1].period, filled[-1][1].period


def period_days(trends: pd.DataFrame) -> float:
    """Return the length in days of the shortest period."""
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


def describe_left_out(number: int, before: str = "") -> str:
    """Return a note on the number of papers outside the time shown; "" for none."""
    if not number:
        return ""
    papers = "paper" if number == 1 else "papers"
    return f"{before}{number} {papers} outside the time shown"
