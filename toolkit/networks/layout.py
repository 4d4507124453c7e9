"""Places of nodes for a picture: linked ones near each other, separate parts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.clustering.communities import igraph_seed
from toolkit.networks.measures import make_graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Only so many of each node's strongest links pull: with all, dense networks become a ball.
_PULLS = 4
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

    Each part of the network that no link joins to another is laid out by itself (Fruchterman and
    Reingold 1991, doi:10.1002/spe.4380211102) and the parts stand around the largest.
    """
    pulls = _strongest(n, one, other, similarity)
    graph = make_graph(n, one[pulls], other[pulls])
    part = np.array(graph.connected_components(mode="weak"), dtype=np.int64)
    place = np.zeros((n, 2))
    rng = np.random.default_rng(seed)
    names, sizes = np.unique(part, return_counts=True)
    taken: list[tuple[float, float, float]] = []
    for name in names[np.argsort(-sizes, kind="stable")]:
        inside = np.flatnonzero(part == name)
        links = pulls[np.isin(one[pulls], inside)]
        new = np.full(n, -1, dtype=np.int64)
        new[inside] = np.arange(len(inside))
        with igraph_seed(seed):
            local = _spring(new[one[links]], new[other[links]], len(inside), rng)
        radius = float(np.sqrt(len(inside)))
        x, y = _free_place(radius, taken)
        taken.append((x, y, radius))
        place[inside] = local * radius + (x, y)
    return place


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


def _spring(
    one: NDArray[np.int64], other: NDArray[np.int64], n: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return places of one connected part, within a circle of radius 1."""
    if n == 1:
        return np.zeros((1, 2))
    start = rng.uniform(-1, 1, size=(n, 2))
    graph = make_graph(n, one, other)
    found = np.array(
        graph.layout_fruchterman_reingold(niter=_STEPS, seed=start.tolist(), grid="nogrid")
    )
    found -= (found.max(axis=0) + found.min(axis=0)) / 2
    return np.asarray(found / max(float(np.hypot(*found.T).max()), 1e-9), dtype=np.float64)


def _free_place(radius: float, taken: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Return the place nearest to the middle where a circle touches none of the others."""
    step = 0
    while True:
        # A spiral whose turns are half a unit apart.
        angle = np.sqrt(step) * 2.0
        x, y = angle * np.cos(angle) / (4 * np.pi), angle * np.sin(angle) / (4 * np.pi)
        if all(np.hypot(x - a, y - b) >= radius + r + 0.4 for a, b, r in taken):
            return float(x), float(y)
        step += 1
