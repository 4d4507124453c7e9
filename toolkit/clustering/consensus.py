"""A partition that many runs of Leiden agree on, with as many topics as wanted.

One run of Leiden ends in one of many partitions that are nearly as good, and a paper more or less
decides in which. So an edge's weight is first multiplied by the share of runs that keep its ends
together; on the graph of these weights runs hardly differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.clustering.communities import leiden

if TYPE_CHECKING:
    from toolkit.clustering.graph import NeighbourGraph
    from toolkit.clustering.neighbours import Labels

#: Runs that an edge's weight is averaged over. With twenty partitions are no steadier.
RUNS = 12
#: In larger collections fewer: so many papers are clustered in all the runs together.
_PAPERS_OF_ALL_RUNS, _FEWEST_RUNS = 160_000, 4
# Two of Leiden's iterations are enough where runs are averaged or only counted.
_ITERATIONS = 2
_FINAL_ITERATIONS = 6
# The search is the same for all seeds: the resolution depends on the data alone.
_SEARCH_SEED = 1
_MOST_STEPS = 8
#: How far off the number of topics may be in the runs (it is what they agree on that counts) and in
#: the end: shares of the number, or half a topic.
_NEAR, _EXACT = 0.1, 0.02
#: An edge that no run kept inside a topic still weighs this share of its weight.
_LEAST = 1e-6


def agreed_partition(
    graph: NeighbourGraph,
    *,
    n_topics: int,
    min_size: int,
    seed: int,
    resolution: float | None = None,
    start: float = 1.0,
) -> tuple[Labels, float]:
    """Divide a graph into about `n_topics` topics, in the way most runs of Leiden do.

    Parameters
    ----------
    graph : NeighbourGraph
    n_topics : int
        How many topics of at least `min_size` papers; found by the resolution.
    min_size : int
        Smaller topics are not counted, but not merged either.
    seed : int
        Of the runs.
    resolution : float, optional
        Of the runs, where it is known; `n_topics` is then not used.
    start : float
        Where the search for the resolution begins.

    Returns
    -------
    labels : int array, shape (n,)
        Numbered from 0 by size; the number of topics is near `n_topics`, not always equal.
    resolution : float
        Of the runs.

    Notes
    -----
    Consensus clustering on the graph's own edges, after Lancichinetti and Fortunato (2012),
    doi:10.1038/srep00336.
    """
    found = resolution
    if found is None:
        found = _find_resolution(
            graph, n_topics, min_size, seed=_SEARCH_SEED, start=start, near=_NEAR
        )
    runs = int(np.clip(_PAPERS_OF_ALL_RUNS // graph.size, _FEWEST_RUNS, RUNS))
    a, b = graph.edges.T
    together = np.zeros(len(graph.edges))
    counts = []
    for run in range(runs):
        labels = leiden(graph, resolution=found, seed=seed + 1000 * run, iterations=_ITERATIONS)
        together += labels[a] == labels[b]
        counts.append(_count(labels, min_size))
    if resolution is not None:
        n_topics = max(1, round(float(np.mean(counts))))
    agreed = graph.weighed(graph.weights * np.maximum(together / runs, _LEAST))
    final = _find_resolution(agreed, n_topics, min_size, seed=seed, start=found, near=_EXACT)
    labels = leiden(agreed, resolution=final, seed=seed, iterations=_FINAL_ITERATIONS)
    return labels, found


def _find_resolution(
    graph: NeighbourGraph, n_topics: int, min_size: int, *, seed: int, start: float, near: float
) -> float:
    """Search the resolution at which a run has about `n_topics`: secant on logarithms."""
    low: tuple[float, float] | None = None
    high: tuple[float, float] | None = None
    resolution, best, off = start, start, np.inf
    for _ in range(_MOST_STEPS):
        labels = leiden(graph, resolution=resolution, seed=seed, iterations=_ITERATIONS)
        count = _count(labels, min_size)
        distance = abs(np.log(max(count, 0.5) / n_topics))
        if distance < off:
            best, off = resolution, distance
        if abs(count - n_topics) <= max(0.5, near * n_topics):
            break
        if count < n_topics:
            low = (resolution, max(count, 0.5))
        else:
            high = (resolution, count)
        if low and high and high[1] > low[1]:
            part = np.log(n_topics / low[1]) / np.log(high[1] / low[1])
            step = np.log(high[0] / low[0]) * np.clip(part, 0.1, 0.9)
            resolution = low[0] * float(np.exp(step))
        else:
            resolution *= float(np.clip((n_topics / max(count, 0.5)) ** 1.3, 0.2, 5.0))
    return round(best, 4) if best > 0.01 else best


def _count(labels: Labels, min_size: int) -> int:
    return int((np.bincount(labels) >= min_size).sum())
