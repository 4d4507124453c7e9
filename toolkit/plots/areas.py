"""What the collection consists of, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.plots.style import (
    COLOURS,
    LOOKS,
    SHARES,
    add_summary,
    caption,
    check_verdicts,
    drop_stragglers,
    hatch_partial,
    new_axes,
    period_days,
    plain,
    tidy,
)
from toolkit.trends.few import few_papers, say_few
from toolkit.trends.frequencies import FEW, label_periods
from toolkit.trends.table import check_trends, freq_of, name_topics
from toolkit.trends.verdicts import VERDICTS
from toolkit.trends.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Areas are large: black would shout.
_BANDS = tuple(colour for colour in COLOURS if colour != "#000000")


def plot_share_area(
    trends: pd.DataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    limit: int = 7,
    ax: Axes | None = None,
) -> Axes:
    """Draw how the collection is divided in each period, as areas that add up to all papers.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, with all topics, each paper in at most one.
    verdicts : DataFrame, optional
        With them the areas are all rising, all falling, all steady topics and all that can't be
        told; without, the `limit` largest topics and the others together. (Topics chosen
        because they rise do rise together: this shows how much of the collection they are, and
        proves nothing.)
    limit : int
        How many topics, without verdicts; up to 7.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        Percent of papers over time; partial periods hatched, those with fewer than 30 papers
        pale, periods without papers left open.

    Raises
    ------
    DataError
        No table of trends, or shares that overlap and cannot be stacked.
    """
    from matplotlib.patches import Patch

    check_trends(trends, needs=SHARES)
    sums = trends[trends["total"] > 0].groupby("period")["share"].sum()
    if (sums > 1 + 1e-9).any():
        raise DataError(
            "the shares of a period add up to more than 1",
            column="share",
            found=f"{sums.max():.2f}",
            expected="values of which each paper has at most one",
            hint="Use plot_trends for values that overlap, such as categories",
        )
    drawn, left_out = drop_stragglers(trends)
    wide, names, colours = _bands(drawn, verdicts, min(limit, len(_BANDS)))
    ax = new_axes(ax, width=8.5, height=4.4)
    starts = pd.DatetimeIndex(wide.columns)
    few = starts.isin(few_papers(drawn)["period"])
    _stack(ax, starts, wide.to_numpy() * 100, colours, names, few)
    hatch_partial(ax, drawn, period_days(drawn))
    ax.set_ylim(0, 100)
    ax.margins(x=0)
    step = -(-len(starts) // 8)
    middle = pd.Timedelta(days=period_days(drawn) / 2)
    ticks = [name.replace(" ", "\n") for name in label_periods(starts, freq=freq_of(trends))]
    pale = f"; pale: fewer than {FEW} papers" if few.any() else ""
    ax.set_xticks(starts[::step] + middle, ticks[::step], fontsize="small")
    tidy(ax, title="What the collection consists of", ylabel="share of papers (%)",
         xlabel=f"period{pale}{caption(left_out, '; ')}")  # fmt: skip
    # From top to bottom as the areas are stacked; in full colour, though the first may be pale.
    ax.legend(
        handles=[
            Patch(facecolor=colour, label=plain(name, 38)) for colour, name in zip(colours, names)
        ][::-1],
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        frameon=False,
        fontsize="small",
    )
    return add_summary(ax, _summarise_bands(drawn, wide, names, left_out))


def _bands(trends: pd.DataFrame, verdicts: pd.DataFrame | None, limit: int) -> Any:
    """Return shares, bands × periods (NaN in gaps), with names and colours."""
    wide = trends.pivot(index="topic", columns="period", values="share").sort_index(axis=1)
    if verdicts is not None:
        check_verdicts(verdicts)
        group = verdicts.set_index("topic")["verdict"].reindex(wide.index).fillna("can't tell")
        sums = wide.groupby(group).sum(min_count=1)
        sums = sums.reindex([name for name in VERDICTS if name in sums.index])
        number = group.value_counts()
        names = [
            f"{name} ({number[name]} topic{'s' if number[name] > 1 else ''})" for name in sums.index
        ]
        colours = ["#B5B5B5" if name == "can't tell" else LOOKS[name][0] for name in sums.index]
    else:
        size = trends.groupby("topic")["papers"].sum().sort_values(ascending=False, kind="stable")
        largest = list(size.index[:limit])
        sums = wide.loc[largest]
        names = name_topics(trends, largest)
        colours = list(_BANDS[: len(largest)])
        others = wide.drop(index=largest)
        if len(others):
            sums = pd.concat([sums, others.sum(min_count=1).to_frame("others").T])
            names.append(f"{len(others)} other topic{'s' if len(others) > 1 else ''}")
            colours.append("#CFCFCF")
    rest = 1 - sums.sum(min_count=1)
    if (rest > 1e-9).any():
        sums = pd.concat([sums, rest.to_frame("none").T])
        names.append("in none")
        colours.append("#EEEEEE")
    return sums, names, colours


def _stack(
    ax: Axes, starts: pd.DatetimeIndex, shares: Any, colours: list[str], names: Any, few: Any
) -> None:
    """Stack bars without gaps: a share belongs to a whole period, there is nothing between two."""
    days = np.diff(starts.to_numpy()).astype("timedelta64[D]").astype(float)
    # The last period is as long as the one before it, give or take a day.
    widths = np.append(days, days[-1] if len(days) else 30.0)
    base = np.zeros(len(starts))
    for values, colour, name in zip(shares, colours, names):
        height = np.nan_to_num(values)
        bars = ax.bar(starts, height, width=widths, bottom=base, align="edge", color=colour,
                      edgecolor="white", linewidth=0.4, label=name)  # fmt: skip
        for bar in (bar for bar, pale in zip(bars, few) if pale):
            bar.set_alpha(0.4)
        base = base + height


def _summarise_bands(
    trends: pd.DataFrame,
    wide: pd.DataFrame,
    names: list[str],
    left_out: tuple[int, int],
) -> str:
    whole = set(trends.loc[~trends["partial"].astype(bool) & (trends["total"] > 0), "period"])
    enough = whole - set(few_papers(trends)["period"])
    columns = [period for period in wide.columns if period in (enough or whole)]
    columns = columns or list(wide.columns)
    first, last = columns[0], columns[-1]
    totals = trends.drop_duplicates("period").set_index("period")["total"]
    known = dict(zip(wide.columns, label_periods(wide.columns, freq=freq_of(trends))))
    parts = [
        f"{name}: {percent(share, of=totals[first])} to {percent(other, of=totals[last])}"
        for name, share, other in zip(names, wide[first], wide[last])
    ]
    text = f"Shares of the collection, {known[first]} to {known[last]}. " + "; ".join(parts) + "."
    few = say_few(trends)
    return text + (f" {few}" if few else "") + caption(left_out, " Not drawn: ")
