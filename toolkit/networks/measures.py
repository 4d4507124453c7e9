"""Measures of nodes: number and weight of links, betweenness, community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.communities import by_size, leiden_on
from toolkit.clustering.graph import igraph_core

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Nodes times links up to which betweenness is worked out: about ten seconds.
_FEASIBLE = 500_000_000


def make_graph(n: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> Any:
    """Return igraph's graph of n nodes, its links without direction."""
    return igraph_core().GraphBase(n=n, edges=np.stack([one, other], axis=1).tolist())


def betweenness(graph: Any) -> NDArray[np.float64]:
    """Return for each node the share of shortest paths between others that pass it, 0 to 1.

    Links count one each whatever their weight. NaN where nodes times links exceed 500 million.
    Freeman (1977), doi:10.2307/3033543.
    """
    n, m = graph.vcount(), graph.ecount()
    if n * m > _FEASIBLE:
        return np.full(n, np.nan)
    pairs = (n - 1) * (n - 2) / 2
    found = np.array(graph.betweenness(directed=False), dtype=np.float64)
    return found / pairs if pairs > 0 else found


def communities(
    graph: Any, weight: NDArray[np.float64], *, resolution: float, seed: int
) -> NDArray[np.int64]:
    """Return the community of each node, numbered from 0 by size; -1 for nodes without links."""
    degree = np.array(graph.degree(), dtype=np.int64)
    if not graph.ecount():
        return np.full(len(degree), -1, dtype=np.int64)
    linked = degree > 0
    shares = (weight / weight.max()).tolist()
    labels = leiden_on(graph, shares, resolution=resolution, seed=seed)
    found = np.full(len(degree), -1, dtype=np.int64)
    found[linked] = by_size(labels[linked])
    return found
