"""Small multiples of trends with their verdicts, and the other plots of trends."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_whole, checked, hint_nearest
from toolkit.plots.areas import plot_share_area
from toolkit.plots.slopes import plot_slopes
from toolkit.plots.style import (
    GREY,
    TREND_COLUMNS,
    VERDICT_STYLES,
    WIDTH,
    add_summary,
    describe_left_out,
    drawn,
    hatch_partial,
    new_axes,
    period_days,
    shorten_label,
    text_colour,
    trim_ends,
)
from toolkit.trends.frequencies import FEW_PAPERS, describe_sparse_periods, sparse_periods
from toolkit.trends.smoothing import smooth_shares
from toolkit.trends.table import check_trends
from toolkit.trends.verdicts import CHANGES, VERDICTS, name_partial_periods, trend_verdicts
from toolkit.trends.wording import describe_partial_periods

#: A share of fewer papers (one of one is 100 %) must not flatten the others.
_LEAST = 5
#: So many panels stand beside each other.
_COLUMNS = 3

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

__all__ = ["plot_share_area", "plot_slopes", "plot_trends"]


@checked
@drawn
def plot_trends(
    trends: pd.DataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    topics: Sequence[Any] | None = None,
    limit: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw each topic's share over time: points with intervals, a curve with a band, a verdict.

    Small multiples in the order of the verdicts, up to three beside each other. Periods that the
    collection does not cover in full are hatched, their points hollow, and left out of the curves.
    Points of periods with fewer than 30 papers are small, pale and without interval, unless all are
    such. A panel is as high as the points of all periods that verdicts test, those with fewer than
    5 papers apart; an arrow at the upper edge stands for a point above it. In periods without
    papers nothing is drawn. The peak or trough that a verdict
    names is a line with a bar for its interval. Every panel starts at 0 and has its own scale.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns.
    verdicts : DataFrame, optional
        What `trend_verdicts` returns for them; computed by default.
    topics : sequence, optional
        Only these numbers or labels, in this order; by default up to `limit`, from each verdict in
        turn.
    limit : int
        How many panels at most, 1 or more. The title says how many changes are not shown.
    ax : Axes, optional
        Where to draw all panels; a new figure otherwise.

    Returns
    -------
    Axes
        The frame around the panels; `ax.child_axes` are the panels.

    Raises
    ------
    DataError
        Not a table of trends, a topic that is not in it, or a `limit` below 1.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2022)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "papers": [1, 2, 3, 4], "total": 9,
    ...     "share": 0.2, "low": 0.1, "high": 0.3, "partial": False})
    >>> len(plot_trends(trends).child_axes)
    1
    """
    trends = check_trends(trends, needs=TREND_COLUMNS)
    check_whole(limit, "limit", least=1)
    table = trend_verdicts(trends) if verdicts is None else verdicts
    chosen = _choose(table, limit) if topics is None else _these(table, topics)
    drawn, left_out = trim_ends(trends)
    columns = min(_COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    ax = new_axes(ax, width=max(4.4, WIDTH * columns / _COLUMNS), height=2.3 * rows + 1.3)
    curves = smooth_shares(drawn)
    few = set(sparse_periods(drawn)["period"])
    width = period_days(drawn)
    for place, row in enumerate(chosen.itertuples()):
        panel = ax.inset_axes(_cell(place, rows, columns))
        one = drawn[drawn["topic"] == row.topic]
        curve = curves[curves["topic"] == row.topic]
        _draw_panel(panel, one.assign(few=one["period"].isin(few)), curve, row, width)
    hidden = int((~table["topic"].isin(chosen["topic"]) & table["verdict"].isin(CHANGES)).sum())
    more = f"; {hidden} {'change is' if hidden == 1 else 'changes are'} not shown" if hidden else ""
    what = "topics" if pd.api.types.is_integer_dtype(table["topic"]) else "values"
    title = f"Share of papers ({len(chosen)} of {len(table)} {what}{more})"
    turns = "peak" in chosen and bool(chosen["peak"].notna().any())
    _frame(ax, title, left_out, bool(few), turns)
    partial = describe_partial_periods(name_partial_periods(trends))
    notes = [describe_sparse_periods(drawn), f"Periods {partial}." if partial else ""]
    return add_summary(ax, _summarise(table, chosen, left_out, " ".join(filter(None, notes))))


def _choose(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Return up to `limit` topics, from each verdict in turn."""
    turn = table.groupby("verdict").cumcount()
    order = pd.DataFrame({"turn": turn, "place": table["verdict"].map(VERDICTS.index)})
    taken = order.sort_values(["turn", "place"]).index[:limit]
    return table.loc[sorted(taken)]


def _these(table: pd.DataFrame, topics: Sequence[Any]) -> pd.DataFrame:
    known = set(table["topic"])
    names = dict(zip(table["label"], table["topic"])) if "label" in table else {}
    topics = [topic if topic in known else names.get(topic, topic) for topic in topics]
    unknown = [topic for topic in topics if topic not in known]
    if unknown or not len(topics):
        raise DataError(
            "no such topic in the trends",
            argument="topics",
            found=unknown[0] if unknown else list(topics),
            expected="topics of the table, by number or label",
            hint=hint_nearest(unknown[0], names)
            if unknown and isinstance(unknown[0], str)
            else None,
        )
    return table.set_index("topic").loc[list(topics)].reset_index()


def _cell(place: int, rows: int, columns: int) -> tuple[float, float, float, float]:
    row, column = divmod(place, columns)
    width, height = 1 / columns, 1 / rows
    left, bottom = column * width + 0.16 * width, 1 - (row + 1) * height + 0.14 * height
    return left, bottom, 0.80 * width, 0.55 * height


def _draw_panel(
    panel: Axes,
    one: pd.DataFrame,
    curve: pd.DataFrame,
    row: Any,
    width: float,
) -> None:
    colour, sign = VERDICT_STYLES.get(row.verdict, (GREY, "?"))
    middle = pd.Timedelta(days=width / 2)
    one = one[one["total"] > 0]
    top = _top(one, curve)
    for partial, few in ((False, False), (False, True), (True, False), (True, True)):
        some = one[(one["partial"].astype(bool) == partial) & (one["few"] == few)]
        if some.empty:
            continue
        error = 100 * np.stack([some["share"] - some["low"], some["high"] - some["share"]])
        panel.errorbar(
            some["period"] + middle,
            100 * some["share"],
            yerr=None if few and not one["few"].all() else error,
            fmt="o",
            color=colour,
            markerfacecolor=panel.get_facecolor() if partial else colour,
            markersize=3 if few else 4,
            linewidth=0.8,
            alpha=0.4 if few else None,
        )
    above = one.loc[100 * one["share"] > top, "period"] + middle
    if len(above):
        panel.plot(above, [top] * len(above), "^", color=colour, markersize=4, alpha=0.4,
                   clip_on=False, label="above the panel")  # fmt: skip
    at = curve["period"] + middle
    panel.plot(at, 100 * curve["share"], color=colour, linewidth=1.8)
    panel.fill_between(at, 100 * curve["low"], 100 * curve["high"], color=colour, alpha=0.18, lw=0)
    hatch_partial(panel, one, width)
    _mark_peak(panel, row, middle)
    panel.set_ylim(0, top)
    start, end = one["period"].min(), one["period"].max() + 2 * middle
    panel.set_xlim(start, end)
    _year_ticks(panel, start, end)
    panel.tick_params(labelsize="small", length=2)
    panel.locator_params(axis="y", nbins=3)
    panel.spines[["top", "right"]].set_visible(False)
    label = textwrap.fill(shorten_label(row.label, 54), 28, break_on_hyphens=False)
    panel.set_title(f"{sign} {row.verdict}\n{label}", loc="left", fontsize="small")


def _top(one: pd.DataFrame, curve: pd.DataFrame) -> float:
    """Return the height of a panel in percent.

    It holds the points of all periods that are tested, sparse ones too (but of very few papers),
    and the intervals of those that are not sparse.
    """
    tall = one[~one["few"]] if not one["few"].all() else one
    band = curve.loc[curve["period"].isin(tall["period"]), "high"]
    tested = one.loc[~one["partial"].astype(bool) & (one["total"] >= _LEAST), "share"]
    heights = [tall["high"].max(), band.max(), tested.max(), curve["share"].max(), 0.001]
    return 108 * float(np.nanmax(np.asarray(heights, dtype=np.float64)))


def _mark_peak(panel: Axes, row: Any, middle: pd.Timedelta) -> None:
    """Draw the peak or trough that a verdict names, with its interval along the axis."""
    found: Any = [getattr(row, name, None) for name in ("peak", "peak_low", "peak_high")]
    peak, low, high = pd.to_datetime(found)
    if pd.isna(peak):
        return
    panel.axvline(peak + middle, color=text_colour(), linewidth=0.9, linestyle=":", label="peak")
    if not (pd.isna(low) or pd.isna(high)):
        ends = [low, high + 2 * middle]
        panel.plot(ends, [0, 0], color=text_colour(), linewidth=3.5, solid_capstyle="butt",
                   clip_on=False, label="interval of the peak")  # fmt: skip


def _year_ticks(panel: Axes, start: pd.Timestamp, end: pd.Timestamp) -> None:
    years = range(start.year, end.year + 1)
    step = max(1, len(years) // 4)
    ticks: Any = [
        pd.Timestamp(year, 1, 1) for year in years if start <= pd.Timestamp(year, 1, 1) <= end
    ]
    ticks = ticks[::step] or [start]
    panel.set_xticks(ticks, [f"{tick:%Y}" if len(years) > 1 else f"{tick:%Y-%m}" for tick in ticks])


def _frame(ax: Axes, title: str, left_out: int, few: bool, turns: bool) -> None:
    ax.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_ylabel("share of papers (%)", fontsize="small")
    pale = (
        f"; small, pale: fewer than {FEW_PAPERS} papers (no interval; △ above the panel)"
        if few
        else ""
    )
    peaks = "; dotted line, black bar: peak or trough with its interval" if turns else ""
    words = (
        "each panel on its own scale; points: shares with intervals; curve and band: smoothed; "
        f"hatched, hollow: period not covered in full{pale}{peaks}"
        f"{describe_left_out(left_out, '; ')}"
    )
    # At this size, 13 characters take an inch.
    inches = ax.figure.get_figwidth()  # type: ignore[union-attr]
    ax.set_xlabel(textwrap.fill(words, int(13 * inches)), fontsize="small")


def _summarise(table: pd.DataFrame, chosen: pd.DataFrame, left_out: int, notes: str) -> str:
    counts = table["verdict"].value_counts()
    parts = [f"{counts[name]} {name}" for name in VERDICTS if name in counts]
    text = f"Of {len(table)} topics, {', '.join(parts)}. {len(chosen)} are drawn. "
    text += " ".join([*chosen["words"].astype(str), notes]).rstrip()
    return text + describe_left_out(left_out, " Not drawn: ")
