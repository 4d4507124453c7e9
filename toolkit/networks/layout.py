"""Places of nodes for a picture: linked ones near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.clustering.communities import igraph_seed
from toolkit.networks.measures import make_graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Only so many of each node's strongest links pull, each by its similarity: with four, three groups
#: stand in a row. Without weights, communities of dense networks mix (of five nearest nodes 0.41 in
#: the same one, 0.57 with weights: 63 keywords, 904 links).
_PULLS = 16
_STEPS = 500


def place_nodes(
    n: int,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    similarity: NDArray[np.float64],
    *,
    seed: int,
) -> NDArray[np.float64]:
    """Return a place of each node, shape (n, 2), without unit.

    Fruchterman and Reingold (1991), doi:10.1002/spe.4380211102; the longer side lies flat.
    """
    pulls = _strongest(n, one, other, similarity)
    graph = make_graph(n, one[pulls], other[pulls])
    weights = similarity[pulls] / similarity[pulls].mean() if len(pulls) else None
    start = np.random.default_rng(seed).uniform(-1, 1, size=(n, 2))
    with igraph_seed(seed):
        found = np.array(
            graph.layout_fruchterman_reingold(
                niter=_STEPS,
                seed=start.tolist(),
                grid="auto",
                weights=None if weights is None else weights.tolist(),
            )
        )
    found -= found.mean(axis=0)
    _, axes = np.linalg.eigh(found.T @ found)
    return np.asarray(found @ axes[:, ::-1], dtype=np.float64)


def _strongest(
    n: int, one: NDArray[np.int64], other: NDArray[np.int64], similarity: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the positions of links that are among the strongest of either end."""
    order = np.argsort(-similarity, kind="stable")
    used = np.zeros(n, dtype=np.int64)
    kept = []
    for link in order:
        a, b = one[link], other[link]
        if used[a] < _PULLS or used[b] < _PULLS:
            kept.append(link)
            used[a] += 1
            used[b] += 1
    return np.array(kept, dtype=np.int64)
