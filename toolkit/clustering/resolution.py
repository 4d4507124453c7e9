"""How many topics, and the partition that has so many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from toolkit.clustering.communities import by_size, merge_tiny, reduce_to
from toolkit.clustering.consensus import agreed_partition
from toolkit.clustering.ward import join_topics, settle
from toolkit.errors import DataError, check_positive, check_whole

if TYPE_CHECKING:
    from toolkit.clustering.graph import NeighbourGraph
    from toolkit.clustering.neighbours import Labels

#: With `n_topics`, no topic is smaller than this share of n / n_topics, so that a few unusual
#: papers do not count as one of four topics.
SMALLEST_SHARE = 0.1
#: Most topics by default; only unconnected parts of the graph can give more.
MOST_TOPICS = 100
#: Subjects are clearly separate where the next join of topics loses so many times as much as the
#: one before, and no more than this share of the edges' weight lies between them. In real
#: collections a join loses at most 2.8 times as much as the one before; in planted ones 3.7 to 35.
_CLEAR_GAP, _BETWEEN = 3.0, 0.015
#: And there are at least so many subjects as a share of the typical number of topics: two searches
#: joined in one collection are two subjects, and their papers are no two topics.
_FEWEST_SUBJECTS = 1 / 4


def choose_partition(
    graph: NeighbourGraph,
    *,
    n_topics: int | None = None,
    min_size: int | None = None,
    resolution: float | None = None,
    seed: int = 42,
    typical: int | None = None,
    start: float = 1.0,
) -> tuple[Labels, float]:
    """Divide a graph into topics.

    By default their number is `typical_number`, unless the data fall into fewer clearly separate
    subjects. A number that follows the data more closely jumps when a few papers leave.

    Parameters
    ----------
    graph : NeighbourGraph
        From `toolkit.clustering.graph.neighbour_graph`.
    n_topics : int, optional
        Exactly so many topics; fewer than the default's are joined of those by Ward's criterion.
    min_size : int, optional
        No topic with fewer papers; default `default_min_size`, or with `n_topics` a tenth of
        n / n_topics.
    resolution : float, optional
        Of Leiden: as many topics as it gives.
    seed : int
        For Leiden.
    typical : int, optional
        In the place of `typical_number`.
    start : float
        Where the search for the resolution begins.

    Returns
    -------
    labels : int array, shape (n,)
        Numbered from 0 by size.
    resolution : float

    Raises
    ------
    DataError
        More topics asked for than can be had, or an impossible `min_size` or `resolution`.
    """
    n = graph.size
    check_partition(n, n_topics=n_topics, min_size=min_size, resolution=resolution)
    least = smallest_topic(n, n_topics=n_topics, min_size=min_size)
    typical = min(typical or typical_number(n), n // least)
    wanted = max(typical, n_topics or 0)
    labels, found = agreed_partition(
        graph,
        n_topics=wanted,
        min_size=smallest_topic(n, n_topics=wanted, min_size=min_size) if n_topics else least,
        seed=seed,
        resolution=resolution,
        start=start,
    )
    if n_topics is not None:
        return settle(graph, _exactly(graph, labels, n_topics, least), min_size=least), found
    labels = merge_tiny(graph, labels, min_size=least)
    if resolution is None:
        labels = reduce_to(graph, labels, n_topics=typical, apart=False)
        labels = _clear_subjects(graph, labels, typical)
    return settle(graph, labels, min_size=least), found


def typical_number(n: int) -> int:
    """Return the number of topics of n papers by default: 2 + 0.6 times the square root of n.

    At most a third of n, and `MOST_TOPICS`. Of the numbers that depend on n alone, these agree with
    labels of collections of many fields as well as any, and one finds one's way in them.

    Examples
    --------
    >>> [typical_number(n) for n in (5, 31, 400, 1200, 5680, 77_000)]
    [2, 5, 14, 23, 47, 100]
    """
    return int(min(MOST_TOPICS, max(2, n // 3), round(2 + 0.6 * float(np.sqrt(n)))))


def smallest_topic(n: int, *, n_topics: int | None, min_size: int | None) -> int:
    """Return the smallest size of a topic: `min_size`, or the default for n and `n_topics`.

    Examples
    --------
    >>> smallest_topic(1000, n_topics=4, min_size=None)
    25
    """
    if min_size is not None:
        return min_size
    if n_topics is not None:
        return max(1, round(SMALLEST_SHARE * n / n_topics))
    return default_min_size(n)


def default_min_size(n: int) -> int:
    """Return the smallest topic of n papers by default: a sixth of the square root, at least 2.

    Examples
    --------
    >>> [default_min_size(n) for n in (100, 1_000, 10_000)]
    [2, 5, 17]
    """
    return max(2, round(float(np.sqrt(n)) / 6))


def check_partition(
    n: int, *, n_topics: int | None, min_size: int | None, resolution: float | None
) -> None:
    """Raise a DataError where so many papers cannot have such topics."""
    for name, value in (("n_topics", n_topics), ("min_size", min_size)):
        if value is not None:
            check_whole(value, name, least=1)
    if resolution is not None:
        check_positive(resolution, "resolution")
    if n_topics is not None and n_topics * (min_size or 1) > n:
        what = f"n_topics={n_topics}" + (f" of min_size={min_size}" if min_size else "")
        raise DataError(
            "more topics than the papers allow",
            argument="n_topics",
            found=what,
            expected=f"at most {n // (min_size or 1)} for {n} papers",
            hint="Ask for fewer topics, or leave n_topics out and let the data decide",
        )
    if min_size is not None and min_size > n:
        raise DataError(
            "min_size is larger than the collection",
            argument="min_size",
            found=min_size,
            expected=f"at most {n}",
        )


def _exactly(graph: NeighbourGraph, labels: Labels, n_topics: int, min_size: int) -> Labels:
    """Join topics by Ward's criterion down to `n_topics`, none of fewer papers than `min_size`."""
    if labels.max() + 1 < n_topics:
        return _split_up(graph, labels, n_topics)
    joins = join_topics(graph.vectors, labels)
    # Unusual papers stay alone for long: cut where enough topics remain without such.
    for count in range(n_topics, int(labels.max()) + 2):
        merged = merge_tiny(graph, joins.labels(labels, count), min_size=min_size)
        if merged.max() + 1 >= n_topics:
            return reduce_to(graph, merged, n_topics=n_topics)
    return reduce_to(graph, labels, n_topics=n_topics)


def _clear_subjects(graph: NeighbourGraph, labels: Labels, typical: int) -> Labels:
    """Join topics down to the clearly separate subjects, where there are such."""
    joins = join_topics(graph.vectors, labels)
    loss = joins.losses
    if len(loss) < 2:
        return labels
    gap = loss[1:] / np.maximum(loss[:-1], 1e-9)
    # gap[i] lies between len(loss) - i subjects and one fewer.
    gap = gap[: max(0, len(loss) - math.ceil(_FEWEST_SUBJECTS * typical) + 1)]
    if not len(gap):
        return labels
    widest = int(gap.argmax())
    joined = joins.labels(labels, len(loss) - widest)
    a, b = joined[graph.edges.T]
    between = float(graph.weights[a != b].sum()) / max(float(graph.weights.sum()), 1e-12)
    clear = gap[widest] >= _CLEAR_GAP and between <= _BETWEEN
    return joined if clear else labels


def _split_up(graph: NeighbourGraph, labels: Labels, n_topics: int) -> Labels:
    """Halve the largest topic until there are enough; Leiden does not separate equal papers."""
    labels = labels.copy()
    while labels.max() + 1 < n_topics:
        rows = np.flatnonzero(labels == 0)
        unit = graph.vectors[rows]
        far = unit @ unit[np.argmin(unit @ unit.mean(axis=0))]
        order = np.argsort(-far, kind="stable")
        labels[rows[order[: len(rows) // 2]]] = labels.max() + 1
        labels = by_size(labels)
    return labels
