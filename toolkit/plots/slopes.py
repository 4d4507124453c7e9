"""Slope chart of rising and falling topics."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.plots.style import (
    GREY,
    VERDICT_STYLES,
    add_summary,
    check_verdicts,
    drawn,
    new_axes,
    shorten_label,
    tidy,
)
from toolkit.trends.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@drawn
def plot_slopes(verdicts: pd.DataFrame, *, limit: int = 10, ax: Axes | None = None) -> Axes:
    """Draw rising and falling topics as lines from the first half of the time to the second.

    Parameters
    ----------
    verdicts : DataFrame
        What `trend_verdicts` returns.
    limit : int
        How many of each at most, the largest changes first.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        Shares in percent on a logarithmic scale: equal slopes are equal factors. A topic without
        any paper in one half has a hollow end called "none" at the lower edge: the scale has no 0.

    Raises
    ------
    DataError
        Not a table of verdicts.

    Examples
    --------
    >>> from toolkit.trends import trend_verdicts
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2024)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "papers": [10, 14, 20, 28, 40, 56],
    ...     "total": 1000, "share": 0.03, "low": 0.02, "high": 0.04, "partial": False})
    >>> plot_slopes(trend_verdicts(trends)).get_title(loc="left")
    'Topics that change: 1 rising and 0 falling'
    """
    check_verdicts(verdicts)
    movers = verdicts[verdicts["verdict"].isin(["rising", "falling"])]
    chosen = movers.groupby("verdict", sort=False).head(limit)
    ax = new_axes(ax, width=9.0, height=max(3.0, 0.30 * len(chosen) + 1.6))
    if chosen.empty:
        ax.text(0.5, 0.5, "no topic is shown to rise or fall", ha="center", va="center",
                transform=ax.transAxes, color=GREY)  # fmt: skip
        ax.set_axis_off()
        return add_summary(ax, "No topic is shown to rise or fall.")
    ends = chosen[["share_early", "share_late"]].to_numpy(dtype=float) * 100
    none = ends == 0
    # 0 has no logarithm: its place is below the scale.
    ends = np.where(none, ends[~none].min() / 2, ends)
    for (early, late), empty, verdict in zip(ends, none, chosen["verdict"]):
        colour = VERDICT_STYLES[verdict][0]
        ax.plot([0, 1], [early, late], color=colour, linewidth=1.6,
                linestyle="-" if verdict == "rising" else "--")  # fmt: skip
        for side, (end, hollow) in enumerate(zip((early, late), empty)):
            ax.plot([side], [end], "o", color=colour, markersize=5,
                    markerfacecolor=ax.get_facecolor() if hollow else colour)  # fmt: skip
    ax.set_yscale("log")
    ax.set_xlim(-0.4, 1.9)
    ax.set_ylim(ends.min() / 1.25, ends.max() * 1.25)
    _label_ends(ax, chosen, ends)
    spans = [_span(chosen, name) for name in ("early", "late")]
    ax.set_xticks([0, 1], [textwrap.fill(span, 12) for span in spans])
    ax.spines["left"].set_visible(False)
    ax.set_yticks([], [])
    ax.set_yticks([], [], minor=True)
    tidy(ax, title=_count_movers(chosen, movers), ylabel="share of papers (%, log scale)")
    words = " ".join(chosen["words"].astype(str))
    return add_summary(ax, f"{_count_movers(chosen, movers)}. {words}")


def _span(verdicts: pd.DataFrame, half: str) -> str:
    """Return the name of the early or late half; tables of several spans together have none."""
    names = verdicts.get(f"span_{half}", pd.Series(dtype="string")).dropna().unique()
    return (
        str(names[0]) if len(names) == 1 else {"early": "first half", "late": "second half"}[half]
    )


def _count_movers(chosen: pd.DataFrame, movers: pd.DataFrame) -> str:
    parts = []
    for verdict in ("rising", "falling"):
        number, all_ = (chosen["verdict"] == verdict).sum(), (movers["verdict"] == verdict).sum()
        parts.append(f"{number} {verdict}" + (f" of {all_}" if all_ > number else ""))
    return f"Topics that change: {' and '.join(parts)}"


def _label_ends(ax: Axes, chosen: pd.DataFrame, ends: Any) -> None:
    """Write the topic at the later end of each line and the shares at both, without overlaps."""
    limits = np.log(ax.get_ylim())
    # A line of text needs 0.17 inches.
    height = ax.get_position().height * ax.figure.get_figheight()  # type: ignore[union-attr]
    gap = min(0.17 / height, 1 / max(len(chosen), 1)) * (limits[1] - limits[0])
    for side, at, align in ((0, -0.04, "right"), (1, 1.04, "left")):
        places = np.exp(_spread(np.log(ends[:, side]), gap, limits))
        rows: Any = chosen.itertuples()
        for row, place, share in zip(rows, places, ends[:, side]):
            colour, sign = VERDICT_STYLES[row.verdict]
            seen = (row.share_early, row.share_late)[side]
            name = shorten_label(row.label, 44)
            said = percent(seen) if seen else "none"
            text = f"{said}  {sign} {name}" if side else said
            ax.annotate(
                text,
                (side, share),
                (at + (0.06 if side else -0.06), place),
                ha=align,
                va="center",
                fontsize="small",
                color=colour,
                arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.4, "alpha": 0.6},
            )


def _spread(values: Any, gap: float, limits: Any) -> Any:
    """Return values moved as little as possible so that neighbours are `gap` apart."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(values, kind="stable")
    steps = gap * np.arange(len(order))
    # With the steps subtracted, the values only have to be in order: isotonic regression.
    placed = isotonic_regression(np.asarray(values, dtype=float)[order] - steps).x
    placed = np.clip(placed, limits[0], max(limits[0], limits[1] - steps[-1])) + steps
    back = np.empty_like(placed)
    back[order] = placed
    return back
