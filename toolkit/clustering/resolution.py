"""The resolution of topics: the finest that is stable, or one that gives a chosen number."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.clustering.communities import ITERATIONS, by_size, leiden, merge_tiny, reduce_to
from toolkit.clustering.graph import NeighbourGraph, neighbour_graph
from toolkit.clustering.neighbours import EXACT_UP_TO
from toolkit.errors import DataError, check_positive, check_whole

if TYPE_CHECKING:
    from toolkit.clustering.neighbours import Labels

#: Resolutions tried: from a handful of topics to far more than anyone reads.
RESOLUTIONS = tuple(float(r) for r in np.geomspace(0.35, 8.0, 12).round(4))
#: With `n_topics`, no topic is smaller than this share of n / n_topics, so that a few unusual
#: papers do not count as one of four topics.
SMALLEST_SHARE = 0.1
#: Most topics by default; only unconnected parts of the graph can give more.
MOST_TOPICS = 100
#: A finer scale is chosen if its persistence is this close to the best.
TOLERANCE = 0.05
#: Persistence from which subjects count as clearly separate.
_CLEARLY_SEPARATE = 0.98
# The resolution is lowered where there are more topics than `most_topics` times this.
_MORE_THAN_SCANNED = 1.1
# Seeds of the scan are fixed: the resolution depends on the data alone.
_SCAN_SEEDS = (1, 2)
# Two of Leiden's iterations show how many topics a scale has, in a third of the time.
_SCAN_ITERATIONS = 2


def choose_partition(
    graph: NeighbourGraph,
    *,
    n_topics: int | None = None,
    min_size: int | None = None,
    resolution: float | None = None,
    seed: int = 42,
) -> tuple[Labels, float]:
    """Divide a graph into topics, at a resolution that is given or searched for.

    Parameters
    ----------
    graph : NeighbourGraph
        From `toolkit.clustering.graph.neighbour_graph`.
    n_topics : int, optional
        Exactly so many topics.
    min_size : int, optional
        No topic with fewer papers; default `default_min_size`, or with `n_topics` a tenth of
        n / n_topics.
    resolution : float, optional
        Skip the search.
    seed : int
        For Leiden.

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
    check_partition(graph.size, n_topics=n_topics, min_size=min_size, resolution=resolution)
    min_size = smallest_topic(graph.size, n_topics=n_topics, min_size=min_size)
    if n_topics is not None:
        return _exactly(graph, n_topics, min_size, resolution, seed)
    if resolution is not None:
        return _at(graph, resolution, min_size, seed), resolution
    resolution = stable_resolution(graph, min_size=min_size)
    labels = _at(graph, resolution, min_size, seed)
    most = most_topics(graph.size)
    # A sample has fewer topics than the whole collection at the same resolution, so it may be too
    # high for the whole. Unconnected parts of the graph stay apart at any resolution.
    for _ in range(5):
        if labels.max() + 1 <= min(most * _MORE_THAN_SCANNED, MOST_TOPICS):
            break
        resolution = round(resolution * most / (int(labels.max()) + 1), 4)
        labels = _at(graph, resolution, min_size, seed)
    return labels, resolution


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
    """Return the smallest topic of n papers by default: a sixth of the square root, at least 2."""
    return max(2, round(float(np.sqrt(n)) / 6))


def most_topics(n: int) -> int:
    """Return the largest number of topics by default: the square root of n, at most 100."""
    return int(min(MOST_TOPICS, max(4, round(float(np.sqrt(n))))))


def stable_resolution(graph: NeighbourGraph, *, min_size: int) -> float:
    """Return the finest resolution at which topics persist.

    Leiden runs at each of `RESOLUTIONS` with two seeds. How well a scale persists is the mean
    adjusted Rand index between its partitions and those of both neighbouring resolutions.
    Candidates persist better than their neighbours and have between a quarter of `most_topics` and
    `most_topics` topics. A scale with fewer topics is a candidate only if it is almost perfectly
    persistent, as clearly separate subjects are. The finest within `TOLERANCE` of the best is
    chosen. Collections too large for exact neighbours are scanned on a sample: the resolution sets
    the share of the collection that a topic takes, which is the same in a sample.

    Notes
    -----
    In the spirit of Markov stability (Lambiotte, Delvenne, Barahona 2014,
    doi:10.1109/TNSE.2015.2391998): a scale is real where it lasts.
    """
    scan = scan_resolutions(graph, min_size=min_size)
    persists = scan["persistence"].to_numpy()
    most = most_topics(graph.size)
    readable = scan["topics"].between(max(2, most // 4), most).to_numpy()
    plain = scan["topics"].between(2, most).to_numpy() & (persists >= _CLEARLY_SEPARATE)
    before, after = np.r_[-1, persists[:-1]], np.r_[persists[1:], -1]
    wanted = readable | plain
    peak = wanted & (persists >= before) & (persists >= after)
    if not peak.any():
        peak = wanted if wanted.any() else scan["topics"].to_numpy() > 1
    if not peak.any():
        return 1.0
    good = peak & (persists >= persists[peak].max() - TOLERANCE)
    return float(scan["resolution"].to_numpy()[good].max())


def scan_resolutions(graph: NeighbourGraph, *, min_size: int) -> pd.DataFrame:
    """Return how many topics each resolution gives and how well they persist.

    Returns
    -------
    DataFrame
        resolution, topics (int), persistence (mean adjusted Rand index with the neighbouring
        resolutions, other seeds included).
    """
    if graph.size > EXACT_UP_TO:
        share = EXACT_UP_TO / 2 / graph.size
        sample = np.random.default_rng(0).choice(graph.size, EXACT_UP_TO // 2, replace=False)
        graph = neighbour_graph(graph.vectors[np.sort(sample)])
        min_size = max(2, round(min_size * share))
    most = most_topics(graph.size)
    found: list[list[Labels]] = []
    for resolution in RESOLUTIONS:
        found.append(
            [
                _at(graph, resolution, min_size, seed, iterations=_SCAN_ITERATIONS)
                for seed in _SCAN_SEEDS
            ]
        )
        # One scale with too many topics is needed, as a neighbour of the last candidate.
        if len(found) > 2 and min(part.max() for part in found[-1]) >= most:
            break
    persistence = []
    for i in range(len(found)):
        beside = [found[j] for j in (i - 1, i + 1) if 0 <= j < len(found)]
        pairs = [pair for other in beside for pair in product(found[i], other)]
        persistence.append(float(np.mean([_adjusted_rand(a, b) for a, b in pairs])))
    topics = [int(np.median([part.max() + 1 for part in parts])) for parts in found]
    tried = RESOLUTIONS[: len(found)]
    return pd.DataFrame({"resolution": tried, "topics": topics, "persistence": persistence})


def _adjusted_rand(one: Labels, other: Labels) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985, doi:10.1007/BF01908075).

    As scikit-learn's, but faster: it does not check the labels again.
    """
    n, k = len(one), int(other.max()) + 1
    both = np.bincount(one * k + other).astype(np.float64)
    pairs = [float((count * (count - 1) / 2).sum()) for count in
             (both, np.bincount(one), np.bincount(other))]  # fmt: skip
    expected = pairs[1] * pairs[2] / (n * (n - 1) / 2)
    most = (pairs[1] + pairs[2]) / 2
    return 1.0 if most == expected else (pairs[0] - expected) / (most - expected)


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


def _exactly(
    graph: NeighbourGraph, n_topics: int, min_size: int, resolution: float | None, seed: int
) -> tuple[Labels, float]:
    """Find the smallest resolution with enough topics, then merge down to the number asked."""
    found = resolution
    low, high = 0.0, float(graph.size)
    if found is None:
        # Bisection on a logarithmic scale; the number of topics grows, not quite steadily, with it.
        high = 1.0
        while len(np.unique(_at(graph, high, min_size, seed))) < n_topics:
            low, high = high, high * 2
            if high > 4 * graph.size:
                break
        low = low or high / 64
        for _ in range(7):
            middle = (low * high) ** 0.5
            enough = len(np.unique(_at(graph, middle, min_size, seed))) >= n_topics
            low, high = (low, middle) if enough else (middle, high)
        found = round(high, 4)
    labels = _at(graph, found, min_size, seed)
    if labels.max() + 1 < n_topics:
        labels = _split_up(graph, labels, n_topics)
    return reduce_to(graph, labels, n_topics=n_topics), found


def _at(
    graph: NeighbourGraph,
    resolution: float,
    min_size: int,
    seed: int,
    *,
    iterations: int = ITERATIONS,
) -> Labels:
    found = leiden(graph, resolution=resolution, seed=seed, iterations=iterations)
    return merge_tiny(graph, found, min_size=min_size)


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
