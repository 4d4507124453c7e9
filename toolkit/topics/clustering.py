"""Nearest-neighbour graph + Leiden: topics without outliers, in tenths of a second.

The graph joins each paper to its nearest neighbours by cosine; an edge weighs the more neighbours
its two ends share (Jaccard), which makes Leiden's communities much steadier from seed to seed than
plain cosine weights do. Build the graph once with `neighbour_graph`, then run `leiden` on it as
often as needed: both are pure functions.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Labels = NDArray[np.int64]

#: Neighbours of a paper in collections of 900 papers and more; fewer in smaller ones.
NEIGHBOURS = 15
#: Above so many papers the exact graph, which grows with the square, gives way to an index.
EXACT_UP_TO = 20_000
#: Fewer papers than this are no collection.
FEWEST = 5
#: Leiden's iterations: two leave seeds needlessly far apart, more than six change nothing.
ITERATIONS = 6
_BLOCK = 1024
_STRIDE = 8
# python-igraph has one generator for the whole process.
_IGRAPH_RANDOM = threading.Lock()


@dataclass(frozen=True)
class NeighbourGraph:
    """Each paper's nearest neighbours, and the weighted graph made of them.

    Attributes
    ----------
    vectors : float32 array, shape (n, d)
        Rows of length 1 (all zero where a text has no known word).
    indices, similarity : arrays, shape (n, k)
        Neighbours of each paper, nearest first, and their cosines.
    edges : int array, shape (m, 2)
        Pairs of papers, each once, the smaller number first.
    weights : float array, shape (m,)
        Weighted Jaccard index of the two papers' neighbourhoods, in (0, 1].
    """

    vectors: Vectors
    indices: NDArray[np.int64]
    similarity: NDArray[np.float32]
    edges: NDArray[np.int64]
    weights: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Number of papers."""
        return len(self.vectors)

    @cached_property
    def igraph(self) -> Any:
        """The graph for igraph."""
        import igraph

        graph = igraph.Graph(n=self.size, edges=self.edges)
        graph.es["weight"] = self.weights.tolist()
        return graph

    @cached_property
    def matrix(self) -> Any:
        """The weights as a symmetric sparse matrix, shape (n, n)."""
        from scipy.sparse import coo_array

        a, b = self.edges.T
        rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
        values = np.concatenate([self.weights, self.weights])
        return coo_array((values, (rows, columns)), shape=(self.size, self.size)).tocsr()


def default_neighbours(n: int) -> int:
    """Neighbours of a paper in a collection of n: half the square root, from 3 to 15.

    Fifteen suit thousands of papers; among thirty, the fifteenth neighbour is half a collection
    away and ties together what a reader would part.

    Examples
    --------
    >>> [default_neighbours(n) for n in (5, 31, 400, 5680)]
    [3, 3, 10, 15]
    """
    return min(NEIGHBOURS, max(3, round(float(np.sqrt(n)) / 2)))


def neighbour_graph(
    vectors: NDArray[Any], *, n_neighbors: int | None = None, exact_up_to: int = EXACT_UP_TO
) -> NeighbourGraph:
    """Build the neighbour graph of a collection.

    Parameters
    ----------
    vectors : array, shape (n, d)
        One row a paper; lengths do not matter, directions do.
    n_neighbors : int, optional
        See `default_neighbours`.
    exact_up_to : int
        Collections up to this size get exact neighbours (blocked matrix products, memory
        1024 × n × 4 bytes), larger ones approximate ones (usearch's HNSW; recall about 0.99).

    Returns
    -------
    NeighbourGraph

    Raises
    ------
    DataError
        Not a finite matrix, fewer than five rows, or all rows equal.

    Notes
    -----
    Edges weigh the Jaccard index of the ends' neighbourhoods, as in PhenoGraph
    (Levine et al. 2015, doi:10.1016/j.cell.2015.05.047), here with nearer neighbours counting
    more (sum of minima over sum of maxima).

    Examples
    --------
    >>> import numpy as np
    >>> corners = np.repeat(np.eye(3), 4, axis=0)
    >>> neighbour_graph(corners).edges.shape[1]
    2
    """
    unit = unit_vectors(vectors)
    n = len(unit)
    if n < FEWEST:
        raise DataError(
            "too few papers for topics",
            found=n,
            expected=f"at least {FEWEST} papers",
            mend="Load a larger collection",
        )
    if np.allclose(unit, unit[0], atol=1e-6):
        raise DataError(
            "all papers have the same vector, so there is nothing to tell topics apart by",
            column="title, abstract",
            found=f"{n} equal texts",
            expected="papers with different texts",
            mend="Check that the text columns were read from the right fields",
        )
    k = min(n_neighbors or default_neighbours(n), n - 1)
    search = _exact_neighbours if n <= exact_up_to else _indexed_neighbours
    indices, similarity = search(unit, k)
    edges, weights = _jaccard_edges(indices, similarity)
    return NeighbourGraph(unit, indices, similarity, edges, weights)


def leiden(graph: NeighbourGraph, *, resolution: float, seed: int) -> Labels:
    """Communities of the graph by modularity, with Leiden's algorithm.

    Parameters
    ----------
    graph : NeighbourGraph
        From `neighbour_graph`; build it once.
    resolution : float
        Greater values give more, smaller communities.
    seed : int
        Same seed, same communities, in any process.

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
    >>> import numpy as np
    >>> corners = np.repeat(np.eye(3), 4, axis=0)
    >>> leiden(neighbour_graph(corners), resolution=1.0, seed=0).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    return by_size(_leiden(graph, resolution, seed, ITERATIONS))


def merge_tiny(graph: NeighbourGraph, labels: Labels, *, min_size: int) -> Labels:
    """Merge topics of fewer than `min_size` papers into the topic they are most tied to.

    The smallest goes first; ties are weights of edges, or, where there are none, the cosine of
    mean vectors. Returns labels numbered from 0 by size.
    """
    labels = by_size(labels)
    ties, sizes = _ties(graph, labels), np.bincount(labels).astype(float)
    target = np.arange(len(sizes))
    while True:
        alive = np.flatnonzero(sizes > 0)
        small = int(alive[np.argmin(sizes[alive])])
        if len(alive) <= 1 or sizes[small] >= min_size:
            return by_size(target[labels])
        _absorb(graph, labels, ties, sizes, target, small)


def reduce_to(graph: NeighbourGraph, labels: Labels, *, n_topics: int) -> Labels:
    """Merge topics, the smallest first, until `n_topics` are left; numbered from 0 by size."""
    labels = by_size(labels)
    ties, sizes = _ties(graph, labels), np.bincount(labels).astype(float)
    target = np.arange(len(sizes))
    while (sizes > 0).sum() > n_topics:
        alive = np.flatnonzero(sizes > 0)
        _absorb(graph, labels, ties, sizes, target, int(alive[np.argmin(sizes[alive])]))
    return by_size(target[labels])


def confidence(graph: NeighbourGraph, labels: Labels) -> NDArray[np.float64]:
    """Share of a paper's edge weight that stays inside its own topic, 0 to 1.

    1 means that all its neighbours are in its topic; below about 0.5 the paper stands between
    topics. A paper without edges (no known word) has 0.
    """
    a, b = graph.edges.T
    inside = np.where(labels[a] == labels[b], graph.weights, 0.0)
    own = np.bincount(a, inside, graph.size) + np.bincount(b, inside, graph.size)
    total = np.bincount(a, graph.weights, graph.size) + np.bincount(b, graph.weights, graph.size)
    share: NDArray[np.float64] = np.divide(own, total, out=np.zeros(graph.size), where=total > 0)
    return share


def by_size(labels: NDArray[Any]) -> Labels:
    """Return labels numbered from 0 by size; among equals the first paper decides."""
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    numbered: Labels = rank[inverse]
    return numbered


class NeighbourClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Topics by neighbour graph and Leiden, as a scikit-learn estimator.

    Parameters
    ----------
    n_topics : int, optional
        Exactly so many topics. By default the data decide (`toolkit.topics.resolution`).
    min_size : int, optional
        No topic with fewer papers; by default a sixth of the square root of n, at least 2.
    resolution : float, optional
        Leiden's resolution, where it is known already.
    n_neighbors : int, optional
        See `neighbour_graph`.
    seed : int
        Same seed, same topics, in any process.

    Attributes
    ----------
    labels_ : int array, shape (n,)
        Topics, numbered from 0 by size; no paper is left out.
    probabilities_ : float array, shape (n,)
        See `confidence`.
    resolution_ : float
        The resolution used.
    graph_ : NeighbourGraph

    Examples
    --------
    >>> import numpy as np
    >>> corners = np.repeat(np.eye(3), 4, axis=0)
    >>> NeighbourClusters(n_topics=3).fit(corners).labels_.tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """

    def __init__(
        self,
        *,
        n_topics: int | None = None,
        min_size: int | None = None,
        resolution: float | None = None,
        n_neighbors: int | None = None,
        seed: int = 42,
    ) -> None:
        self.n_topics = n_topics
        self.min_size = min_size
        self.resolution = resolution
        self.n_neighbors = n_neighbors
        self.seed = seed

    def fit(self, X: NDArray[Any], y: object = None) -> NeighbourClusters:
        """Find the topics of vectors `X`, shape (n, d); `y` is ignored."""
        from toolkit.topics.resolution import choose_partition

        self.graph_ = neighbour_graph(X, n_neighbors=self.n_neighbors)
        self.labels_, self.resolution_ = choose_partition(
            self.graph_,
            n_topics=self.n_topics,
            min_size=self.min_size,
            resolution=self.resolution,
            seed=self.seed,
        )
        self.probabilities_ = confidence(self.graph_, self.labels_)
        return self

    def predict(self, X: NDArray[Any]) -> Labels:
        """Topics of new vectors, shape (m, d), by their neighbours' weighted vote."""
        return vote(self.graph_.vectors, self.labels_, X)[0]


def vote(
    vectors: Vectors, labels: Labels, new: NDArray[Any], *, n_neighbors: int | None = None
) -> tuple[Labels, NDArray[np.float64]]:
    """Topics of new papers by a vote of their nearest neighbours, weighted by cosine.

    Parameters
    ----------
    vectors, labels : arrays, shapes (n, d) and (n,)
        The papers whose topics are known; rows of length 1.
    new : array, shape (m, d)
        The papers to place.
    n_neighbors : int, optional
        How many vote; see `default_neighbours`.

    Returns
    -------
    labels, confidence : arrays, shape (m,)
        The topic, and the share of the vote it got. -1 may win where it is among `labels`.
    """
    new = unit_vectors(new)
    if new.shape[1] != vectors.shape[1]:
        raise DataError(
            "vectors of another model",
            found=f"{new.shape[1]} columns",
            expected=f"{vectors.shape[1]} columns",
            mend="Embed new papers with the model the topics were fitted with",
        )
    k = min(n_neighbors or default_neighbours(len(vectors)), len(vectors))
    known, column = np.unique(labels, return_inverse=True)
    winner = np.empty(len(new), dtype=np.int64)
    share = np.empty(len(new))
    for start in range(0, len(new), _BLOCK):
        cosine = new[start : start + _BLOCK] @ vectors.T
        near = np.argpartition(-cosine, k - 1, axis=1)[:, :k]
        weight = np.maximum(np.take_along_axis(cosine, near, axis=1), 0.0)
        votes = np.zeros((len(near), len(known)))
        np.add.at(votes, (np.arange(len(near))[:, None], column[near]), weight)
        best = votes.argmax(axis=1)
        total = votes.sum(axis=1)
        rows = slice(start, start + len(near))
        winner[rows] = known[best]
        top = votes[np.arange(len(near)), best]
        share[rows] = np.divide(top, total, out=np.zeros(len(near)), where=total > 0)
    return winner, share


def unit_vectors(vectors: NDArray[Any]) -> Vectors:
    """Return float32 rows of length 1; a DataError where they are no finite matrix."""
    array = np.asarray(vectors)
    if array.ndim != 2 or array.dtype.kind not in "fiu" or array.shape[1] == 0:
        raise DataError(
            "not vectors",
            column="vectors",
            found=f"array of shape {array.shape} and type {array.dtype}",
            expected="numbers of shape (papers, dimensions)",
            mend="Make them with toolkit.embed(papers)",
        )
    array = array.astype(np.float32)
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        row = int(finite.argmin())
        raise DataError(
            f"{int((~finite).sum())} vector(s) hold NaN or infinity",
            row=row + 1,
            column="vectors",
            found=float(array[row][~np.isfinite(array[row])][0]),
            expected="finite numbers",
            mend="Embed those papers again, or drop them",
        )
    length = np.linalg.norm(array, axis=1, keepdims=True)
    # Vectors that are of length 1 already stay bit for bit what they are.
    length[np.abs(length - 1) < 1e-6] = 1
    unit: Vectors = np.divide(array, length, out=np.zeros_like(array), where=length > 0)
    return unit


def _exact_neighbours(unit: Vectors, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the k nearest others by cosine: products of blocks, so that memory stays bounded."""
    n = len(unit)
    indices = np.empty((n, k), dtype=np.int64)
    similarity = np.empty((n, k), dtype=np.float32)
    for start in range(0, n, _BLOCK):
        cosine = unit[start : start + _BLOCK] @ unit.T
        rows = np.arange(len(cosine))
        cosine[rows, start + rows] = -2
        stop = start + len(rows)
        indices[start:stop], similarity[start:stop] = _largest(cosine, k)
    return indices, similarity


def _largest(values: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Columns and values of the k largest of each row, largest first.

    Partitioning whole rows would take longer than computing them. Every eighth column tells a
    bound that about 4k values of the row reach; only those are sorted. Rows with fewer than k of
    them, hardly ever any, are partitioned after all.
    """
    n = values.shape[1]
    sample = values[:, ::_STRIDE]
    rank = (4 * k) // _STRIDE + 1
    if n < 64 * k:
        near = np.argpartition(values, n - k, axis=1)[:, n - k :]
        return _nearest_first(near, np.take_along_axis(values, near, axis=1))
    place = sample.shape[1] - rank
    bound = np.partition(sample, place, axis=1)[:, place]
    row, column = np.nonzero(values >= bound[:, None])
    order = np.lexsort((column, -values[row, column], row))
    row, column = row[order], column[order]
    first = np.searchsorted(row, np.arange(len(values)))
    count = np.diff(np.append(first, len(row)))
    near = np.empty((len(values), k), dtype=np.int64)
    many = count >= k
    near[many] = column[first[many, None] + np.arange(k)]
    for poor in np.flatnonzero(~many):
        near[poor] = np.argpartition(values[poor], n - k)[n - k :]
    return _nearest_first(near, np.take_along_axis(values, near, axis=1))


def _indexed_neighbours(unit: Vectors, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the k nearest others from an HNSW index, the same in every process.

    Malkov and Yashunin (2020), doi:10.1109/TPAMI.2018.2889473. Built by one thread: with more,
    the index, and so the topics, would depend on which thread was faster.
    """
    from usearch.index import Index

    n = len(unit)
    index = Index(
        ndim=unit.shape[1], metric="cos", dtype="f16", connectivity=16,
        expansion_add=64, expansion_search=48,
    )  # fmt: skip
    index.add(np.arange(n), unit, threads=1)
    found = np.asarray(index.search(unit, k + 1).keys, dtype=np.int64)
    other = found != np.arange(n)[:, None]
    # Where equal vectors crowd a paper out of its own list, drop the last instead.
    other[other.all(axis=1), -1] = False
    near = found[other].reshape(n, k)
    similarity = np.empty((n, k), dtype=np.float32)
    for start in range(0, n, _BLOCK):
        rows = slice(start, start + _BLOCK)
        similarity[rows] = np.einsum("nd,nkd->nk", unit[rows], unit[near[rows]])
    return _nearest_first(near, similarity)


def _nearest_first(
    near: NDArray[np.int64], similarity: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    order = np.lexsort((near, -similarity), axis=1)
    return np.take_along_axis(near, order, axis=1), np.take_along_axis(similarity, order, axis=1)


def _jaccard_edges(
    indices: NDArray[np.int64], similarity: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Join each paper to its neighbours; weigh by how much the two neighbourhoods overlap.

    A neighbourhood holds the paper itself and its nearest with weight 1, the others with less, in
    equal steps down to 1/k: two papers that are each other's nearest belong together, whatever
    their other neighbours.
    """
    from scipy.sparse import csr_array, eye_array

    n, k = indices.shape
    rows = np.repeat(np.arange(n), k)
    columns = indices.ravel()
    # Papers with nothing in common are no neighbours, however short the list.
    kept = similarity.ravel() > 0
    rows, columns = rows[kept], columns[kept]
    nearness = np.tile(1 - np.arange(k) / k, n)[kept]
    hoods = csr_array((nearness, (rows, columns)), shape=(n, n)) + eye_array(n)
    hoods = hoods.tocsr()
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    pair = np.unique(low * n + high)
    edges = np.column_stack([pair // n, pair % n])
    shared = np.empty(len(edges))
    for start in range(0, len(edges), 200_000):
        a, b = edges[start : start + 200_000].T
        shared[start : start + 200_000] = hoods[a].minimum(hoods[b]).sum(axis=1)
    sizes = np.asarray(hoods.sum(axis=1)).ravel()
    weights = shared / (sizes[edges[:, 0]] + sizes[edges[:, 1]] - shared)
    return edges, weights


def _leiden(graph: NeighbourGraph, resolution: float, seed: int, iterations: int) -> Labels:
    import igraph

    with _IGRAPH_RANDOM:
        igraph.set_random_number_generator(random.Random(seed))
        try:
            found = graph.igraph.community_leiden(
                objective_function="modularity",
                weights="weight",
                resolution=float(resolution),
                n_iterations=iterations,
            )
        finally:
            igraph.set_random_number_generator(random)
    return np.asarray(found.membership, dtype=np.int64)


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
