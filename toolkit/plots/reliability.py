"""Plots of the reliability of topics, and of the changes between two topic models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import checked
from toolkit.plots.style import (
    COLOURS,
    GREY,
    add_summary,
    check_drawable,
    drawn,
    new_axes,
    shorten_label,
    text_colour,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colour and marker of each verdict.
_VERDICTS = {
    "solid": (COLOURS[0], "o"),
    "usable": (COLOURS[4], "s"),
    "fragile": (COLOURS[1], "X"),
}
_CHANGES = {
    "kept": GREY,
    "split": COLOURS[0],
    "merged": COLOURS[2],
    "new": COLOURS[4],
    "gone": COLOURS[1],
}


@checked
@drawn
def plot_reliability(card: pd.DataFrame, *, ax: Axes | None = None, most: int = 40) -> Axes:
    """Draw the survival of each topic with its interval, the highest on top.

    Parameters
    ----------
    card : DataFrame
        From `toolkit.check_topics`.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    most : int
        Of more topics than this, only the largest are drawn; the title says so.

    Returns
    -------
    Axes

    Examples
    --------
    >>> card = pd.DataFrame({
    ...     "label": ["graphs"], "size": [12], "survival": [0.8], "survival_low": [0.7],
    ...     "survival_high": [0.9], "verdict": ["solid"]})
    >>> plot_reliability(card).get_xlabel()
    'survival: mean overlap over refits (0–1), 95 % interval'
    """
    needs = ("label", "size", "survival", "survival_low", "survival_high", "verdict")
    check_drawable(card, *needs, made_by="check_topics")
    shown = card.nlargest(most, "size").sort_values("survival", kind="stable")
    ax = new_axes(ax, width=8.5, height=max(2.2, 0.26 * len(shown) + 1.2))
    places = np.arange(len(shown))
    for verdict, (colour, marker) in _VERDICTS.items():
        rows = (shown["verdict"] == verdict).to_numpy()
        part = shown[rows]
        if part.empty:
            continue
        ax.hlines(places[rows], part["survival_low"], part["survival_high"], color=colour, lw=2)
        ax.plot(part["survival"], places[rows], marker, color=colour, label=verdict, ms=6)
    names = [
        f"{shorten_label(label, 48)}  ({size})"
        for label, size in zip(shown["label"], shown["size"])
    ]
    ax.set_yticks(places, names, fontsize="small")
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.set_xlim(0, 1.02)
    for edge in (0.5, 0.75):
        ax.axvline(edge, color=GREY, lw=0.8, ls=":")
    handles, labels = ax.get_legend_handles_labels()
    # Above the axes: inside, it could cover topics.
    ax.legend(handles, labels, frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1),
              borderaxespad=0, borderpad=0.2, handletextpad=0, fontsize="small")  # fmt: skip
    part_of = f" {most} largest of {len(card)}" if len(card) > most else ""
    tidy(
        ax,
        title=f"Do the topics come back?{part_of}",
        xlabel="survival: mean overlap over refits (0–1), 95 % interval",
    )
    # Above the legend: beside it there is no room on a narrow plot.
    ax.set_title(ax.get_title("left"), loc="left", fontweight="bold", fontsize="medium", pad=20)
    return add_summary(ax, _card_in_words(card))


@drawn
def plot_topic_flow(changes: pd.DataFrame, *, ax: Axes | None = None, most: int = 40) -> Axes:
    """Draw the papers that topics share: old topics on the left, new ones on the right.

    Parameters
    ----------
    changes : DataFrame
        From `toolkit.compare_topics`.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    most : int
        Of more pairs than this, changed ones are drawn before kept ones, large before small; the
        title says how many were left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> old, new = toolkit.fit_topics(papers), toolkit.fit_topics(papers, n_topics=2)
    >>> plot_topic_flow(toolkit.compare_topics(old, new)).get_title(loc="left")
    'What became of each topic (width: papers in common)'
    """
    needs = ("change", "old_topic", "new_topic", "old_label", "new_label", "shared")
    check_drawable(changes, *needs, made_by="compare_topics")
    drawn = _most_changed(changes, most)
    left, right = _flow_places(drawn)
    rows = max(len(left), len(right))
    ax = new_axes(ax, width=9.0, height=max(2.5, 0.24 * rows + 1))
    _draw_ribbons(ax, drawn, left, right)
    _write_names(ax, drawn, "old", left)
    _write_names(ax, drawn, "new", right)
    counts = {change: int((changes["change"] == change).sum()) for change in _CHANGES}
    for change, colour in _CHANGES.items():
        ax.plot([], [], color=colour, lw=4, label=f"{change}: {counts[change]}")
    ax.legend(frameon=False, ncols=5, loc="upper center", bbox_to_anchor=(0.5, 0), fontsize="small")
    left_out = len(changes) - len(drawn)
    tidy(
        ax,
        title="What became of each topic (width: papers in common)"
        + (f"; {left_out} pairs not drawn" if left_out else ""),
    )
    ax.set_axis_off()
    ax.set_xlim(-1.25, 2.25)
    ax.set_ylim(-0.6 / rows, 1 + 0.6 / rows)
    flows = ", ".join(f"{count} {change}" for change, count in counts.items())
    return add_summary(ax, f"Flow of papers between two topic models, in pairs of topics: {flows}.")


def _flow_places(changes: pd.DataFrame) -> tuple[dict[int, float], dict[int, float]]:
    """Return the heights (1 is the top) of old topics, in their order, and of new ones.

    New topics are in the order of the old ones that most of their papers came from, so that few
    ribbons cross.
    """
    old = changes.dropna(subset="old_topic").sort_values("old_topic")
    new = changes.dropna(subset="new_topic").sort_values(
        ["old_topic", "shared"], ascending=[True, False], na_position="last"
    )
    sides = (old["old_topic"].drop_duplicates(), new["new_topic"].drop_duplicates())
    left, right = (
        dict(zip(side, np.linspace(1, 0, len(side)) if len(side) > 1 else [0.5])) for side in sides
    )
    return left, right


def _draw_ribbons(
    ax: Axes, changes: pd.DataFrame, left: dict[int, float], right: dict[int, float]
) -> None:
    """Draw a curve for each pair of topics, as wide as they have papers in common."""
    along = np.linspace(0, 1, 30)
    ease = (1 - np.cos(np.pi * along)) / 2
    pairs: Any = changes.dropna(subset=["old_topic", "new_topic"]).itertuples()
    for row in pairs:
        start, end = left[row.old_topic], right[row.new_topic]
        width = 1 + 7 * float(row.shared) / float(changes["shared"].max())
        ax.plot(along, start + (end - start) * ease, color=_CHANGES[row.change], lw=width,
                alpha=0.55, solid_capstyle="butt")  # fmt: skip


def _write_names(ax: Axes, changes: pd.DataFrame, side: str, places: dict[int, float]) -> None:
    """Write the topics of one side beside their places, in colour where they are gone or new."""
    x, align, alone = (-0.02, "right", "gone") if side == "old" else (1.02, "left", "new")
    facts = changes.drop_duplicates(f"{side}_topic").set_index(f"{side}_topic")
    for topic, y in places.items():
        row: Any = facts.loc[topic]
        note = f" · {row['change']}" if row["change"] == alone else ""
        text = f"{shorten_label(row[f'{side}_label'], 48)} ({row[f'{side}_size']}){note}"
        colour = _CHANGES[row["change"]] if note else text_colour()
        ax.text(x, y, text, ha=align, va="center", fontsize="small", color=colour)


def _most_changed(changes: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the pairs to draw: changed ones first, then the largest."""
    sizes = changes[["old_size", "new_size"]].max(axis=1)
    ranked = changes.assign(_kept=changes["change"].eq("kept"), _size=sizes)
    return ranked.sort_values(["_kept", "_size"], ascending=[True, False]).head(most).sort_index()


def _card_in_words(card: pd.DataFrame) -> str:
    counts = card["verdict"].value_counts()
    best = card.iloc[int(card["survival"].argmax())]
    worst = card.iloc[int(card["survival"].argmin())]
    return (
        f"Survival of {len(card)} topics: {counts.get('solid', 0)} solid, "
        f"{counts.get('usable', 0)} usable, {counts.get('fragile', 0)} fragile. "
        f"Highest: {best['label']} ({best['survival']:.2f}); "
        f"lowest: {worst['label']} ({worst['survival']:.2f})."
    )
