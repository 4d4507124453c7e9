"""Slope chart of the topics that rise and fall."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.plots.style import GREY, LOOKS, add_summary, check_verdicts, new_axes, plain, tidy
from toolkit.trends.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_slopes(verdicts: pd.DataFrame, *, limit: int = 10, ax: Axes | None = None) -> Axes:
    """Draw the rising and the falling topics as lines from the first half to the second.

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
        Shares in percent, on a logarithmic scale so that equal slopes are equal factors.

    Raises
    ------
    DataError
        No table of verdicts.
    """
    check_verdicts(verdicts)
    movers = verdicts[verdicts["verdict"].isin(["rising", "falling"])]
    chosen = movers.groupby("verdict", sort=False).head(limit)
    ax = new_axes(ax, width=9.0, height=max(3.0, 0.30 * len(chosen) + 1.6))
    spans = verdicts.attrs.get("spans", ["", "first half", "second half"])
    if chosen.empty:
        ax.text(0.5, 0.5, "no topic is shown to rise or fall", ha="center", va="center",
                transform=ax.transAxes, color=GREY)  # fmt: skip
        ax.set_axis_off()
        return add_summary(ax, "No topic is shown to rise or fall.")
    # Nothing has no logarithm: a topic that was not there starts from half the smallest share.
    ends = chosen[["share_early", "share_late"]].to_numpy(dtype=float) * 100
    floor = ends[ends > 0].min() / 2
    ends = np.maximum(ends, floor)
    for (early, late), verdict in zip(ends, chosen["verdict"]):
        ax.plot([0, 1], [early, late], color=LOOKS[verdict][0], linewidth=1.6, marker="o",
                markersize=4, linestyle="-" if verdict == "rising" else "--")  # fmt: skip
    ax.set_yscale("log")
    ax.set_xlim(-0.4, 1.9)
    ax.set_ylim(ends.min() / 1.25, ends.max() * 1.25)
    _label_ends(ax, chosen, ends)
    ax.set_xticks([0, 1], [textwrap.fill(span, 12) for span in spans[1:]])
    ax.spines["left"].set_visible(False)
    ax.set_yticks([], [])
    ax.set_yticks([], [], minor=True)
    tidy(ax, title=_count_movers(chosen, movers), ylabel="share of papers (%, log scale)")
    words = " ".join(chosen["words"].astype(str))
    return add_summary(ax, f"{_count_movers(chosen, movers)}. {words}")


def _count_movers(chosen: pd.DataFrame, movers: pd.DataFrame) -> str:
    parts = []
    for verdict in ("rising", "falling"):
        number, all_ = (chosen["verdict"] == verdict).sum(), (movers["verdict"] == verdict).sum()
        parts.append(f"{number} {verdict}" + (f" of {all_}" if all_ > number else ""))
    return f"Topics that change: {' and '.join(parts)}"


def _label_ends(ax: Axes, chosen: pd.DataFrame, ends: Any) -> None:
    """Name each line at its later end and give its shares at both, none over another."""
    limits = np.log(ax.get_ylim())
    # A line of small print needs 0.17 inches.
    height = ax.get_position().height * ax.figure.get_figheight()  # type: ignore[union-attr]
    gap = min(0.17 / height, 1 / max(len(chosen), 1)) * (limits[1] - limits[0])
    for side, at, align in ((0, -0.04, "right"), (1, 1.04, "left")):
        places = np.exp(_spread(np.log(ends[:, side]), gap, limits))
        for row, place, share in zip(chosen.itertuples(), places, ends[:, side]):
            colour, sign = LOOKS[row.verdict]
            seen = (row.share_early, row.share_late)[side]
            name = plain(row.label, 44)
            text = f"{percent(seen)}  {sign} {name}" if side else percent(seen)
            ax.annotate(
                text,
                (side, share),
                (at + (0.06 if side else -0.06), place),
                ha=align,
                va="center",
                fontsize=8,
                color=colour,
                arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.4, "alpha": 0.6},
            )


def _spread(values: Any, gap: float, limits: Any) -> Any:
    """Move values as little as need be for neighbours to be `gap` apart, inside the limits."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(values, kind="stable")
    steps = gap * np.arange(len(order))
    # Less its place in the queue, each value only has to be no lower than the one before.
    placed = isotonic_regression(np.asarray(values, dtype=float)[order] - steps).x
    placed = np.clip(placed, limits[0], max(limits[0], limits[1] - steps[-1])) + steps
    back = np.empty_like(placed)
    back[order] = placed
    return back
