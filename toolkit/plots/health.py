"""Plot of the columns of a collection: how full they are, and their problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.plots.style import COLOURS, GREY, add_summary, check_drawable, drawn, new_axes, tidy

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def plot_health(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of papers that have each column, with the problems found in it.

    Parameters
    ----------
    table : DataFrame
        From `toolkit.describe_papers`.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import toolkit
    >>> health = toolkit.describe_papers(toolkit.load_sample("trending-page"))
    >>> plot_health(health).get_xlabel()
    'papers that have it (%)'
    """
    check_drawable(table, "column", "share", "problems", made_by="describe_papers")
    ax = new_axes(ax, width=8.5, height=0.28 * len(table) + 1.2)
    places = np.arange(len(table))[::-1]
    share = 100 * table["share"].fillna(0).to_numpy(dtype=float)
    troubled = table["problems"].ne("").to_numpy(dtype=bool)
    colours = np.where(troubled, COLOURS[1], COLOURS[0])
    ax.barh(places, share, color=list(colours), height=0.7)
    for place, value, words, bad in zip(places, share, table["problems"], troubled):
        note = f"{value:.0f} %" + (f" · {words}" if bad else "")
        ax.text(value + 1, place, note, va="center", fontsize="small",
                color=COLOURS[1] if bad else GREY)  # fmt: skip
    ax.set_yticks(places, list(table["column"]))
    ax.set_xlim(0, 200 if troubled.any() else 115)
    ax.set_xticks([0, 25, 50, 75, 100])
    tidy(
        ax,
        title="What is there, and what looks wrong (orange, with the reason)",
        xlabel="papers that have it (%)",
    )
    return add_summary(ax, _in_words(table))


def _in_words(table: pd.DataFrame) -> str:
    full = table.loc[table["share"] == 1, "column"].tolist()
    none = table.loc[table["share"] == 0, "column"].tolist()
    pairs = zip(table["column"], table["problems"])
    wrong = [f"{column}: {problems}" for column, problems in pairs if problems]
    return (
        f"Complete: {', '.join(full) or 'no column'}. Absent: {', '.join(none) or 'none'}. "
        f"Problems: {'; '.join(wrong) or 'none found'}."
    )
