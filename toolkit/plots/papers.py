"""Papers per year or other period: the counts beside the shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import checked
from toolkit.plots.style import (
    COLOURS,
    GREY,
    WIDTH,
    add_summary,
    check_drawable,
    drawn,
    new_axes,
    period_days,
    tidy,
)
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.frequencies import FEW_PAPERS, NAMES, freq_of, label_periods
from toolkit.trends.periods import assign_periods
from toolkit.trends.table import read_periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

#: Numbers stand on up to so many bars.
_MOST_NUMBERS = 24
#: So many names of periods fit under the axis.
_MOST_TICKS = 9


@checked
@drawn
def plot_papers(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many papers there are in each year or other period.

    Parameters
    ----------
    table : DataFrame
        What `topic_trends` or `assign_periods` returns; or papers, of which `choose_calendar` then
        takes date and periods.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        One bar a period. Those that the collection does not cover in full are hatched: their
        counts are too low. Those with fewer than 30 papers are pale: read no share off them.

    Raises
    ------
    DataError
        Another table, or papers without any date.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...     "published": pd.to_datetime(["2021-01-01", "2022-05-01", "2022-12-31"])})
    >>> from toolkit.plots import text_summary
    >>> text_summary(plot_papers(assign_periods(papers, freq="Y")[1]))
    '3 papers by year, 2021 to 2022: 1 in 2021, most in 2022 (2). Fewer than 30 papers: 2021, 2022.'
    """
    from matplotlib.ticker import MaxNLocator

    periods = _periods(table)
    names = label_periods(periods["period"], freq=freq_of(periods))
    ax = new_axes(ax, width=WIDTH, height=3.6)
    width: Any = pd.Timedelta(days=period_days(periods))
    partial = periods["partial"].to_numpy(dtype=bool)
    sparse = periods["papers"].between(1, FEW_PAPERS - 1).to_numpy()
    for hatched, pale in ((False, False), (False, True), (True, False), (True, True)):
        some = (partial == hatched) & (sparse == pale) & (periods["papers"] > 0).to_numpy()
        if not some.any():
            continue
        said = ["not covered in full"] * hatched + [f"fewer than {FEW_PAPERS} papers"] * pale
        bars = ax.bar(
            periods.loc[some, "period"], periods.loc[some, "papers"], width=0.9 * width,
            align="edge", color=ax.get_facecolor() if hatched else COLOURS[0], edgecolor=COLOURS[0],
            hatch="///" if hatched else None, linewidth=0.8, alpha=0.45 if pale else None,
            label=", ".join(said) or "_",
        )  # fmt: skip
        if len(periods) <= _MOST_NUMBERS:
            ax.bar_label(bars, fmt="{:,.0f}", padding=2, fontsize="small", color=GREY)
    step = -(-len(names) // _MOST_TICKS)
    ticks = [name.replace(" ", "\n") for name in names]
    ax.set_xticks(periods["period"][::step] + 0.45 * width, ticks[::step], fontsize="small")
    ax.margins(x=0.01)
    if partial.any() or sparse.any():
        ax.legend(frameon=False, fontsize="small", loc="lower left", ncols=2,
                  bbox_to_anchor=(0, 1), borderaxespad=0)  # fmt: skip
    unit = NAMES[freq_of(periods)]
    total = int(periods["papers"].sum())
    tidy(ax, title=f"{total:,} papers by {unit}", ylabel=f"papers a {unit}")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    # Above the legend.
    ax.set_title(ax.get_title("left"), loc="left", fontweight="bold", fontsize="medium", pad=22)
    return add_summary(ax, _in_words(periods, names, unit, partial, sparse))


def _periods(table: pd.DataFrame) -> pd.DataFrame:
    """Return period, papers, partial (and freq), whatever of the three tables is given."""
    columns = getattr(table, "columns", ())
    if "paper_id" in columns:
        freq, date, _ = choose_calendar(table)
        table = assign_periods(table, freq=freq, date=date)[1].assign(freq=freq)
    elif "total" in columns:
        table = table.drop(columns="papers", errors="ignore").rename(columns={"total": "papers"})
        table = table.drop_duplicates("period")
    check_drawable(table, "period", "papers", "partial", made_by="trends.assign_periods")
    return read_periods(table).sort_values("period", ignore_index=True)


def _in_words(
    periods: pd.DataFrame,
    names: list[str],
    unit: str,
    partial: NDArray[np.bool_],
    sparse: NDArray[np.bool_],
) -> str:
    papers = periods["papers"].to_numpy()
    text = (
        f"{papers.sum():,} papers by {unit}, {names[0]} to {names[-1]}: {papers[0]:,} in {names[0]}"
    )
    if len(names) > 1:
        most = int(papers.argmax())
        text += f", most in {names[most]} ({papers[most]:,})"
        last = len(names) - 1
        text += f", {papers[last]:,} in {names[last]}" if most != last else ""
    for some, said in (
        (partial, "Not covered in full"),
        (sparse, f"Fewer than {FEW_PAPERS} papers"),
        (papers == 0, "No papers"),
    ):
        found = [name for name, there in zip(names, some) if there]
        shown = found if len(found) < 6 else [*found[:3], "…", found[-1]]
        text += f". {said}: {', '.join(shown)}" if found else ""
    return text + "."
