"""The tree over the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.plots.style import COLOURS, add_summary, drawn, new_axes, shorten_label, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.topics.model import TopicModel


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
