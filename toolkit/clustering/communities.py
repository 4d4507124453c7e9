"""Communities of the neighbour graph: Leiden, small ones merged, numbered by size.

Build the graph once with `graph.neighbour_graph`, then run `leiden` on it as often as needed: all
here are pure functions.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.graph import igraph_core

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.graph import NeighbourGraph
    from toolkit.clustering.neighbours import Labels

#: Leiden's iterations: with two, partitions differ more between seeds; after six, no change.
ITERATIONS = 6
# python-igraph has one generator for the whole process.
_IGRAPH_RANDOM = threading.Lock()


def leiden(
    graph: NeighbourGraph, *, resolution: float, seed: int, iterations: int = ITERATIONS
) -> Labels:
    """Communities of the graph by modularity, with Leiden's algorithm.

    Parameters
    ----------
    graph : NeighbourGraph
        From `graph.neighbour_graph`; build it once.
    resolution : float
        Greater values give more, smaller communities.
    seed : int
        Same seed, same communities, in any process.
    iterations : int
        Passes of Leiden; with fewer, partitions differ more between seeds.

    Returns
    -------
    int array, shape (n,)
        Communities, numbered from 0 by size.

    Notes
    -----
    Traag, Waltman, van Eck (2019), doi:10.1038/s41598-019-41695-z; the resolution as in Reichardt
    and Bornholdt (2006), doi:10.1103/PhysRevE.74.016110.

    Examples
    --------
    >>> from toolkit.clustering.graph import neighbour_graph
    >>> corners = np.repeat(np.eye(3), 4, axis=0)
    >>> leiden(neighbour_graph(corners), resolution=1.0, seed=0).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    return leiden_on(
        graph.igraph, graph.weight_list, resolution=resolution, seed=seed, iterations=iterations
    )


def leiden_on(
    graph: Any,
    weights: Sequence[float],
    *,
    resolution: float,
    seed: int,
    iterations: int = ITERATIONS,
) -> Labels:
    """Communities of any graph of igraph with these weights of its edges; see `leiden`."""
    with igraph_seed(seed):
        membership, _ = graph.community_leiden(
            edge_weights=weights,
            resolution=float(resolution),
            normalize_resolution=True,
            n_iterations=iterations,
        )
    return by_size(np.asarray(membership, dtype=np.int64))


@contextmanager
def igraph_seed(seed: int) -> Iterator[None]:
    """Let igraph draw its random numbers from `seed`, one thread at a time."""
    core = igraph_core()
    with _IGRAPH_RANDOM:
        core.set_random_number_generator(random.Random(int(seed)))
        try:
            yield
        finally:
            core.set_random_number_generator(random)


def merge_tiny(graph: NeighbourGraph, labels: Labels, *, min_size: int) -> Labels:
    """Merge topics of fewer than `min_size` papers into the topic they are most connected to.

    The smallest goes first. The connection of two topics is the weight of the edges between them,
    or, where there are none, the cosine of their mean vectors. Returns labels
    numbered from 0 by size.
    """
    return _merge_smallest(graph, labels, until=lambda sizes: bool(sizes.min() >= min_size))


def reduce_to(
    graph: NeighbourGraph, labels: Labels, *, n_topics: int, apart: bool = True
) -> Labels:
    """Merge topics, the smallest first, until `n_topics` are left; numbered from 0 by size.

    With ``apart=False``, topics that no edge ties to another stay.
    """
    return _merge_smallest(graph, labels, until=lambda sizes: len(sizes) <= n_topics, apart=apart)


def _merge_smallest(
    graph: NeighbourGraph,
    labels: Labels,
    *,
    until: Callable[[NDArray[np.float64]], bool],
    apart: bool = True,
) -> Labels:
    """Merge the smallest topic into its nearest, until the condition holds or one topic is left."""
    labels = by_size(labels)
    ties, sizes = _ties(graph, labels), np.bincount(labels).astype(float)
    target = np.arange(len(sizes))
    while True:
        alive = np.flatnonzero(sizes > 0)
        if len(alive) <= 1 or until(sizes[alive]):
            return by_size(target[labels])
        if not apart:
            alive = alive[ties[alive].sum(axis=1) > 0]
            if not len(alive):
                return by_size(target[labels])
        _absorb(graph, labels, ties, sizes, target, int(alive[np.argmin(sizes[alive])]))


def confidence(graph: NeighbourGraph, labels: Labels) -> NDArray[np.float64]:
    """Share of a paper's edge weight that stays inside its own topic, 0 to 1.

    1 means that all its neighbours are in its topic; below about 0.5 the paper is between
    topics. A paper without edges (no known word) has 0.
    """
    a, b = graph.edges.T
    inside = np.where(labels[a] == labels[b], graph.weights, 0.0)
    own = np.bincount(a, inside, graph.size) + np.bincount(b, inside, graph.size)
    total = np.bincount(a, graph.weights, graph.size) + np.bincount(b, graph.weights, graph.size)
    share: NDArray[np.float64] = np.divide(own, total, out=np.zeros(graph.size), where=total > 0)
    return share


def by_size(labels: NDArray[Any]) -> Labels:
    """Return labels numbered from 0 by size; among equals the lower label stays the lower one.

    So the numbers do not depend on the order of the papers.
    """
    _, inverse, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    numbered: Labels = rank[inverse]
    return numbered


def _ties(graph: NeighbourGraph, labels: Labels) -> NDArray[np.float64]:
    """Sum the weights between topics, shape (k, k), diagonal zero."""
    k = int(labels.max()) + 1
    a, b = labels[graph.edges.T]
    one_way = np.bincount(a * k + b, graph.weights, k * k).reshape(k, k)
    ties: NDArray[np.float64] = (one_way + one_way.T).astype(np.float64)
    np.fill_diagonal(ties, 0)
    return ties


def _absorb(
    graph: NeighbourGraph,
    labels: Labels,
    ties: NDArray[np.float64],
    sizes: NDArray[np.float64],
    target: NDArray[np.int64],
    small: int,
) -> None:
    """Merge one topic into its nearest, in place; ties weighed by the other's size."""
    pull = np.where(sizes > 0, ties[small] / np.maximum(sizes, 1), -1.0)
    pull[small] = -1
    if pull.max() <= 0:
        mean = np.stack([graph.vectors[target[labels] == t].sum(axis=0) if sizes[t] else
                         np.zeros(graph.vectors.shape[1]) for t in range(len(sizes))])  # fmt: skip
        mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
        pull = np.where(sizes > 0, mean @ mean[small], -2.0)
        pull[small] = -2
    into = int(pull.argmax())
    ties[into] += ties[small]
    ties[:, into] += ties[:, small]
    ties[small] = ties[:, small] = 0
    ties[into, into] = 0
    sizes[into] += sizes[small]
    sizes[small] = 0
    target[target == small] = into
