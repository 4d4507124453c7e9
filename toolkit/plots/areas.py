"""Stacked areas: the shares of topics or verdicts in each period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.plots.style import (
    COLOURS,
    TREND_COLUMNS,
    VERDICT_STYLES,
    add_summary,
    check_verdicts,
    describe_left_out,
    drawn,
    hatch_partial,
    new_axes,
    period_days,
    shorten_label,
    tidy,
    trim_ends,
)
from toolkit.trends.frequencies import (
    FEW_PAPERS,
    describe_sparse_periods,
    freq_of,
    label_periods,
    sparse_periods,
)
from toolkit.trends.table import check_trends, name_topics
from toolkit.trends.verdicts import VERDICTS
from toolkit.trends.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Black is too heavy for areas.
_BANDS = tuple(colour for colour in COLOURS if colour != "#000000")


@drawn
def plot_share_area(
    trends: pd.DataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    limit: int = 7,
    ax: Axes | None = None,
) -> Axes:
    """Draw the shares of each period as areas that add up to all papers.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, with all topics, each paper in at most one.
    verdicts : DataFrame, optional
        With them each area is one verdict, all its topics together; without, the areas are the
        `limit` largest topics and the others together. (Topics chosen because they rise also rise
        together: this shows their share of the collection, and is no test.)
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
        Not a table of trends, or shares that overlap and cannot be stacked.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2022)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "papers": [10, 20, 30, 40], "total": 90,
    ...     "share": [1 / 9, 2 / 9, 3 / 9, 4 / 9], "low": 0.1, "high": 0.5, "partial": False})
    >>> plot_share_area(trends).get_ylabel()
    'share of papers (%)'
    """
    from matplotlib.patches import Patch

    trends = check_trends(trends, needs=TREND_COLUMNS)
    sums = trends[trends["total"] > 0].groupby("period")["share"].sum()
    if (sums > 1 + 1e-9).any():
        raise DataError(
            "the shares of a period add up to more than 1",
            column="share",
            found=f"{sums.max():.2f}",
            expected="values of which each paper has at most one",
            hint="Use plot_trends for values that overlap, such as categories",
        )
    drawn, left_out = trim_ends(trends)
    wide, names, colours = _bands(drawn, verdicts, min(limit, len(_BANDS)))
    ax = new_axes(ax, width=8.5, height=4.4)
    starts = pd.DatetimeIndex(wide.columns)
    few = starts.isin(sparse_periods(drawn)["period"])
    _stack(ax, starts, wide.to_numpy() * 100, colours, names, few)
    hatch_partial(ax, drawn, period_days(drawn))
    ax.set_ylim(0, 100)
    ax.margins(x=0)
    step = -(-len(starts) // 8)
    middle = pd.Timedelta(days=period_days(drawn) / 2)
    ticks = [name.replace(" ", "\n") for name in label_periods(starts, freq=freq_of(trends))]
    pale = f"; pale: fewer than {FEW_PAPERS} papers" if few.any() else ""
    ax.set_xticks(starts[::step] + middle, ticks[::step], fontsize="small")
    tidy(ax, title="What the collection consists of", ylabel="share of papers (%)",
         xlabel=f"period{pale}{describe_left_out(left_out, '; ')}")  # fmt: skip
    # In the order of the areas from top to bottom, and in full colour.
    ax.legend(
        handles=[
            Patch(facecolor=colour, label=shorten_label(name, 38))
            for colour, name in zip(colours, names)
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
        colours = [
            "#B5B5B5" if name == "can't tell" else VERDICT_STYLES[name][0] for name in sums.index
        ]
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
    """Draw stacked bars without space between them, since a share is of a whole period."""
    days = np.diff(starts.to_numpy()).astype("timedelta64[D]").astype(float)
    # The last period is about as long as the one before it.
    widths = np.append(days, days[-1] if len(days) else 30.0)
    base = np.zeros(len(starts))
    for values, colour, name in zip(shares, colours, names):
        height = np.nan_to_num(values)
        bars = ax.bar(starts, height, width=widths, bottom=base, align="edge", color=colour,
                      edgecolor=ax.get_facecolor(), linewidth=0.4, label=name)  # fmt: skip
        for bar in (bar for bar, pale in zip(bars, few) if pale):
            bar.set_alpha(0.4)
        base = base + height


def _summarise_bands(
    trends: pd.DataFrame,
    wide: pd.DataFrame,
    names: list[str],
    left_out: int,
) -> str:
    whole = set(trends.loc[~trends["partial"].astype(bool) & (trends["total"] > 0), "period"])
    enough = whole - set(sparse_periods(trends)["period"])
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
    few = describe_sparse_periods(trends)
    return text + (f" {few}" if few else "") + describe_left_out(left_out, " Not drawn: ")
