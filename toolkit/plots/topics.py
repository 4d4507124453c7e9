"""The map of a collection with its topics, and the tree over the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import check_model
from toolkit.plots.style import COLOURS, GREY, add_summary, drawn, new_axes, shorten_label, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

_HALO = 2.5
#: Up to so many papers, labels stand above their papers and not on them.
_MAX_ABOVE = 200


@drawn
def plot_topic_map(topics: TopicModel, *, ax: Axes | None = None) -> Axes:
    """Draw the map of the papers, coloured by topic, with as many labels as fit.

    Parameters
    ----------
    topics : TopicModel
        Its `papers` (topic, x, y) and `topics` (topic, label, size) are drawn.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        Neighbouring topics have different colours; with more topics than colours, distant topics
        share one. Papers in no topic are grey.

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> plot_topic_map(topics).get_title("left")
    '31 papers, 5 topics'
    """
    check_model(topics, "topics")
    ax = new_axes(ax, width=9.0, height=8.0)
    papers, table = topics.papers, topics.topics
    place = papers[["x", "y"]].to_numpy(dtype=float)
    label = papers["topic"].to_numpy()
    dot = float(np.clip(12000 / len(papers), 2, 45))
    outside = label < 0
    ax.scatter(place[outside, 0], place[outside, 1], s=dot, c=GREY, alpha=0.4, linewidths=0)
    named = table[table["topic"] >= 0]
    middle = np.array([np.median(place[label == t], axis=0) for t in named["topic"]])
    colours = _colours(middle)
    for topic, colour in zip(named["topic"], colours):
        inside = place[label == topic]
        ax.scatter(inside[:, 0], inside[:, 1], s=dot, c=colour, alpha=0.7, linewidths=0)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(0.06)
    few = len(papers) <= _MAX_ABOVE
    if few:
        middle[:, 1] = [place[label == t, 1].max() for t in named["topic"]]
    n_labelled = _place_labels(ax, middle, named["label"].tolist(), colours, above=few)
    title = f"{len(papers):,} papers, {len(named)} topics"
    title += f", {int(outside.sum())} papers in none" if outside.any() else ""
    title += f" ({n_labelled} of them labelled)" if n_labelled < len(named) else ""
    tidy(ax, title=title, xlabel="near means alike; axes and distances have no unit")
    ax.spines[["left", "bottom"]].set_visible(False)
    largest = "; ".join(f"{row.label} ({row.size})" for row in _rows(named.head(5)))
    return add_summary(
        ax,
        f"A map of {len(papers):,} papers in {len(named)} topics, each paper a dot near the papers "
        f"most like it. The largest topics: {largest}."
        + (f" {int(outside.sum())} papers are in no topic." if outside.any() else ""),
    )


@drawn
def plot_dendrogram(topics: TopicModel, *, ax: Axes | None = None) -> Axes:
    """Draw the tree of the topics, with the distances at which they join.

    Parameters
    ----------
    topics : TopicModel
        With two topics or more.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> plot_dendrogram(topics).get_xlabel()
    'cosine distance at which topics join (0–1)'
    """
    from scipy.cluster.hierarchy import dendrogram

    tree = topics.hierarchy()
    named = topics.topics[topics.topics["topic"] >= 0]
    names = [f"{shorten_label(row.label, 48)} ({row.size})" for row in _rows(named)]
    ax = new_axes(ax, width=8.5, height=max(2.4, 0.24 * len(names) + 1.0))
    joins = tree[["left", "right", "distance", "topics"]].to_numpy(dtype=float)
    dendrogram(
        joins,
        labels=names,
        orientation="right",
        ax=ax,
        color_threshold=0,
        above_threshold_color=COLOURS[0],
        leaf_font_size=9,
    )
    tidy(
        ax,
        title=f"How {len(names)} topics join",
        xlabel="cosine distance at which topics join (0–1)",
        ylabel="topic (papers)",
    )
    ax.spines["left"].set_visible(False)
    first = tree.iloc[0]
    one, other = (named["label"].iloc[int(first[side])] for side in ("left", "right"))
    return add_summary(
        ax,
        f"A tree of {len(names)} topics. The nearest two are '{one}' and '{other}' (distance "
        f"{first['distance']:.2f}); all are joined at {tree['distance'].iloc[-1]:.2f}.",
    )


def _rows(table: Any) -> Any:
    """Return the rows as named tuples."""
    return list(table[["topic", "label", "size"]].itertuples(index=False))


def _colours(middle: NDArray[np.float64]) -> list[str]:
    """Return a colour for each topic: the one whose nearest use so far is farthest away."""
    palette = [colour for colour in COLOURS if colour != "#F0E442"]  # too pale on white
    taken: list[list[int]] = [[] for _ in palette]
    found = []
    for i, point in enumerate(middle):
        free = [
            min((float(np.hypot(*(middle[j] - point))) for j in used), default=np.inf)
            for used in taken
        ]
        best = int(np.argmax(free))
        taken[best].append(i)
        found.append(palette[best])
    return found


def _place_labels(
    ax: Axes, middle: NDArray[np.float64], labels: list[str], colours: list[str], *, above: bool
) -> int:
    """Write labels that overlap no other, the largest topics' first; return how many."""
    from matplotlib.patheffects import withStroke

    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    taken: list[Any] = []
    for (x, y), label, colour in zip(middle, labels, colours):
        text = ax.annotate(
            _two_lines(label),
            (x, y),
            xytext=(0, 6 if above else 0),
            textcoords="offset points",
            fontsize="small",
            ha="center",
            va="bottom" if above else "center",
            color=_darker(colour),
            fontweight="bold",
            path_effects=[withStroke(linewidth=_HALO, foreground="white")],
        )
        box = text.get_window_extent(renderer).padded(3)
        if any(box.overlaps(other) for other in taken):
            text.remove()
        else:
            taken.append(box)
    return len(taken)


def _two_lines(label: str) -> str:
    first, comma, rest = label.partition(", ")
    return f"{first},\n{rest}" if comma and len(label) > 18 else label


def _darker(colour: str) -> tuple[float, float, float]:
    """Return a darker colour for text on white."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return red * 0.55, green * 0.55, blue * 0.55
