"""The neighbour graph: each paper joined to its nearest by cosine.

The weight of an edge is the overlap (Jaccard index) of its ends' neighbourhoods, which makes
Leiden's communities differ much less between seeds than cosines as weights do.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array

from toolkit.clustering.neighbours import (
    EXACT_UP_TO,
    default_neighbours,
    nearest_others,
    unit_vectors,
)
from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.neighbours import Vectors

#: Smallest collection that topics can be fitted to.
FEWEST = 5


@cache
def igraph_core() -> Any:
    """Return igraph's compiled part, which holds the graph and Leiden.

    The package around it imports matplotlib, where it is installed: a third of a second.
    """
    if (loaded := sys.modules.get("igraph._igraph")) is not None:
        return loaded
    package = importlib.util.find_spec("igraph")
    folders = package.submodule_search_locations if package is not None else None
    spec = importlib.machinery.PathFinder.find_spec("igraph._igraph", folders)
    if spec is None or spec.loader is None:
        raise ImportError("igraph is not installed as it should be: no module igraph._igraph")
    core = importlib.util.module_from_spec(spec)
    sys.modules["igraph._igraph"] = core
    spec.loader.exec_module(core)
    return core


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
        """The graph for igraph, without weights."""
        return igraph_core().GraphBase(n=self.size, edges=self.edges.tolist())

    def weighed(self, weights: NDArray[np.float64]) -> NeighbourGraph:
        """Return the same graph with other weights."""
        other = replace(self, weights=weights)
        other.__dict__["igraph"] = self.igraph  # which knows of no weights
        return other

    @cached_property
    def weight_list(self) -> list[float]:
        """The weights as igraph takes them."""
        weights: list[float] = self.weights.tolist()
        return weights

    @cached_property
    def matrix(self) -> Any:
        """The weights as a symmetric sparse matrix, shape (n, n)."""
        a, b = self.edges.T
        rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
        values = np.concatenate([self.weights, self.weights])
        return coo_array((values, (rows, columns)), shape=(self.size, self.size)).tocsr()


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
        1024 × n × 4 bytes), larger ones those within near groups (recall about 0.95).

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
            hint="Load a larger collection",
        )
    check_differ(unit)
    k = min(n_neighbors or default_neighbours(n), n - 1)
    indices, similarity = nearest_others(unit, k, exact_up_to=exact_up_to)
    edges, weights = _jaccard_edges(indices, similarity)
    return NeighbourGraph(unit, indices, similarity, edges, weights)


def check_differ(unit: Vectors) -> None:
    """Raise a DataError where all rows are equal."""
    n = len(unit)
    if np.allclose(unit, unit[0], atol=1e-6):
        raise DataError(
            "all papers have the same vector, so there is nothing to tell topics apart by",
            found=f"{n} equal texts or vectors" if unit.any() else f"{n} vectors of zeros alone",
            expected="papers with different texts, or vectors that differ",
            hint="Check that title and abstract were read from the right fields; or, of vectors of "
            "your own, how they were made",
        )


def subgraph(
    graph: NeighbourGraph, given: NDArray[np.bool_], *, n_neighbors: int
) -> NeighbourGraph:
    """Build the graph of some of the papers, without searching their neighbours again.

    Parameters
    ----------
    graph : NeighbourGraph
        With more neighbours a paper than wanted: those not given fall out of the lists.
    given : bool array, shape (n,)
        Which papers.
    n_neighbors : int
        The nearest so many, among the papers given; fewer where a list holds no more.

    Returns
    -------
    NeighbourGraph
        Of ``given.sum()`` papers.

    Examples
    --------
    >>> wide = neighbour_graph(np.repeat(np.eye(3), 4, axis=0), n_neighbors=3)
    >>> subgraph(wide, np.arange(12) % 4 > 0, n_neighbors=2).indices[0].tolist()
    [1, 2]
    """
    rows = np.flatnonzero(given)
    place = np.full(len(given), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    near, similarity = place[graph.indices[rows]], graph.similarity[rows]
    present = near >= 0
    order = np.argsort(~present, axis=1, kind="stable")[:, :n_neighbors]
    present = np.take_along_axis(present, order, axis=1)
    # Absent neighbours get cosine 0, which makes no edge.
    near = np.where(present, np.take_along_axis(near, order, axis=1), 0)
    similarity = np.where(present, np.take_along_axis(similarity, order, axis=1), 0)
    edges, weights = _jaccard_edges(near, similarity)
    return NeighbourGraph(graph.vectors[rows], near, similarity, edges, weights)


def reorder(graph: NeighbourGraph, order: NDArray[np.intp]) -> NeighbourGraph:
    """Return the graph with its papers in another order: row i is now row ``order[i]``."""
    place = np.argsort(order)
    edges = np.sort(place[graph.edges], axis=1)
    by_pair = np.lexsort((edges[:, 1], edges[:, 0]))
    return NeighbourGraph(
        graph.vectors[order],
        place[graph.indices[order]],
        graph.similarity[order],
        edges[by_pair],
        graph.weights[by_pair],
    )


def _jaccard_edges(
    indices: NDArray[np.int64], similarity: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Join each paper to its neighbours; weigh by how much the two neighbourhoods overlap.

    A neighbourhood holds the paper itself and its nearest with weight 1, the others with less, in
    equal steps down to 1/k: two papers that are each other's nearest belong together, whatever
    their other neighbours.
    """
    n, k = indices.shape
    rows = np.repeat(np.arange(n), k)
    columns = indices.ravel()
    # Papers with nothing in common are not neighbours, even where a list is short.
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
