"""The map: papers in the plane, each near its neighbours.

t-SNE on the neighbour graph, with the repulsion computed on a grid by Fourier transform: numpy and
scipy alone, nothing to compile, and the cost of a step grows with n instead of its square.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.graph import NeighbourGraph

    Grid = NDArray[np.complex64]
    Shares = list[tuple[NDArray[np.float32], NDArray[np.int64]]]

STEPS = 160
#: While papers still find their place, attraction is this many times stronger …
_EARLY_STEPS, _EARLY = 60, 12.0
#: … and later this many times: above 1 topics draw together and stand apart, as with UMAP.
_EXAGGERATION = 1.5
#: Width of a cell, in the unit of t-SNE's kernel; never more than so many cells a side.
_CELL, _MOST_CELLS, _FEWEST_CELLS = 0.5, 1024, 48
#: Grids of so many cells a side are transformed by two threads; on smaller ones they cost more
#: than they save. The result is the same.
_TWO_THREADS = 384
#: In small collections all pairs are as quick.
_EXACT_UP_TO = 400


def lay_out(graph: NeighbourGraph, *, seed: int = 42) -> NDArray[np.float32]:
    """Place papers in the plane.

    Parameters
    ----------
    graph : NeighbourGraph
        From `toolkit.clustering.graph.neighbour_graph`.
    seed : int
        Parts papers with equal vectors; all else is fixed, the start too (two main axes).

    Returns
    -------
    float32 array, shape (n, 2)
        Centred; the paper farthest out has distance 1. Only nearness means something, neither
        the axes nor the distances between far topics do.

    Notes
    -----
    van der Maaten and Hinton (2008); repulsion by convolution on a grid as in Linderman et al.
    (2019, doi:10.1038/s41592-018-0308-4), with bilinear weights; start, learning rate and
    exaggeration as in Kobak and Berens (2019, doi:10.1038/s41467-019-13056-x) and Böhm, Berens
    and Kobak (2022, arXiv:2007.08902).

    Examples
    --------
    >>> import numpy as np
    >>> from toolkit.clustering.graph import neighbour_graph
    >>> corners = np.repeat(np.eye(3), 5, axis=0)
    >>> lay_out(neighbour_graph(corners)).shape
    (15, 2)
    """
    n = graph.size
    place: NDArray[np.float32] = _start(graph.vectors, seed)
    edges = np.ascontiguousarray(graph.edges.T)
    pull = (graph.weights / (2 * graph.weights.sum())).astype(np.float32)
    speed: NDArray[np.float32] = np.zeros_like(place)
    gains: NDArray[np.float32] = np.ones_like(place)
    rate = n / _EARLY
    for step in range(STEPS):
        early = step < _EARLY_STEPS
        force = (_EARLY if early else _EXAGGERATION) * _attraction(place, edges, pull)
        slope = 4 * (force - _repulsion(place))
        # Jacobs's rule: longer steps while the direction holds, shorter ones when it turns.
        holds = slope * speed < 0
        gains = np.where(holds, gains + 0.2, np.maximum(gains * 0.8, 0.01)).astype(np.float32)
        pushed = (0.5 if early else 0.8) * speed - rate * gains * slope
        # A paper without neighbours would otherwise fly off and shrink the map of the others.
        speed = np.clip(pushed, -5, 5).astype(np.float32)
        place = (place + speed - (place + speed).mean(axis=0)).astype(np.float32)
    farthest = float(np.sqrt((place**2).sum(axis=1)).max())
    scaled: NDArray[np.float32] = (place / max(farthest, 1e-12)).astype(np.float32)
    return scaled


def _start(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Two main axes, tiny, signs fixed; identical papers slightly apart."""
    from scipy.linalg import eigh

    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    n, d = centred.shape
    # The main axes of the papers, from whichever of the two product matrices is smaller.
    square = centred @ centred.T if n < d else centred.T @ centred
    last = len(square) - 1
    values, axes = eigh(square, subset_by_index=[max(last - 1, 0), last])
    axes, values = axes[:, ::-1], values[::-1]
    scores = axes * np.sqrt(np.maximum(values, 0)) if n < d else centred @ axes
    scores *= np.sign(scores[np.abs(scores).argmax(axis=0), np.arange(scores.shape[1])])
    place = np.zeros((n, 2))
    place[:, : scores.shape[1]] = scores
    place *= 1e-4 / max(float(place[:, 0].std()), 1e-12)
    place += np.random.default_rng(seed).normal(scale=1e-7, size=place.shape)
    return place.astype(np.float32)


def _attraction(
    place: NDArray[np.float32], edges: NDArray[np.int64], pull: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Sum over the neighbours; `edges` has shape (2, m), both ends in contiguous memory."""
    a, b = edges
    x, y = np.ascontiguousarray(place.T)
    across, along = x[a] - x[b], y[a] - y[b]
    near = pull / (1 + (across * across + along * along))
    across *= near
    along *= near
    n = len(place)
    return np.column_stack(
        [np.bincount(a, part, n) - np.bincount(b, part, n) for part in (across, along)]
    )


def _repulsion(place: NDArray[np.float32]) -> NDArray[np.float64]:
    """Sum over all other papers, normalised as in t-SNE; shape (n, 2)."""
    return _exact_repulsion(place) if len(place) <= _EXACT_UP_TO else _grid_repulsion(place)


def _exact_repulsion(place: NDArray[np.float32]) -> NDArray[np.float64]:
    apart = place[:, None, :] - place[None, :, :]
    near = 1 / (1 + (apart**2).sum(axis=2))
    norm = float(near.sum()) - len(place)
    force: NDArray[np.float64] = ((near**2)[:, :, None] * apart).sum(axis=1) / norm
    return force


def _grid_repulsion(place: NDArray[np.float32]) -> NDArray[np.float64]:
    from scipy import fft

    corner = place.min(axis=0)
    cells, width = _grid_size(float((place - corner).max()))
    scaled = (place - corner) / width
    cell = scaled.astype(np.int64)
    shares = _bilinear(cell, scaled - cell, cells)
    density = np.zeros(cells * cells)
    for weight, where in shares:
        density += np.bincount(where, weight, cells * cells)
    shape, workers = (2 * cells, 2 * cells), 2 if cells >= _TWO_THREADS else 1
    spread = fft.rfft2(density.reshape(cells, cells).astype(np.float32), s=shape, workers=workers)
    felt = []
    for kernel in _kernels(cells, width):
        field = fft.irfft2(spread * kernel, s=shape, workers=workers)[:cells, :cells].ravel()
        felt.append(sum(weight * field[where] for weight, where in shares))
    norm = float(np.sum(felt[0], dtype=np.float64)) - _self_repulsion(shares, width)
    return np.column_stack(felt[1:]) / norm


def _self_repulsion(shares: Shares, width: float) -> float:
    """Sum what papers feel of themselves, spread over four corners; no other paper is in it."""
    (w00, _), (w01, _), (w10, _), (w11, _) = shares
    same = w00**2 + w01**2 + w10**2 + w11**2
    side = (w00 + w11) * (w01 + w10)
    across = w00 * w11 + w01 * w10
    each = same + 2 * side / (1 + width**2) + 2 * across / (1 + 2 * width**2)
    return float(each.sum(dtype=np.float64))


def _grid_size(span: float) -> tuple[int, float]:
    """Return cells a side (in steps of 32, so that kernels can be kept) and their width."""
    if span < _CELL * _FEWEST_CELLS:
        return _FEWEST_CELLS, max(span, 1e-9) / (_FEWEST_CELLS - 2)
    cells = min(int(np.ceil((span / _CELL + 2) / 32)) * 32, _MOST_CELLS)
    return cells, max(_CELL, span / (cells - 2))


def _bilinear(cell: NDArray[np.int64], rest: NDArray[np.float32], cells: int) -> Shares:
    """Return the four corners of each paper's cell with their weights: 00, 01, 10, 11."""
    base = cell[:, 0] * cells + cell[:, 1]
    x, y = rest.T
    return [
        ((x if i else 1 - x) * (y if j else 1 - y), base + i * cells + j)
        for i in (0, 1)
        for j in (0, 1)
    ]


def _kernels(cells: int, width: float) -> tuple[Grid, Grid, Grid]:
    return _kept_kernels(cells) if width == _CELL else _make_kernels(cells, width)


@cache
def _kept_kernels(cells: int) -> tuple[Grid, Grid, Grid]:
    return _make_kernels(cells, _CELL)


def _make_kernels(cells: int, width: float) -> tuple[Grid, Grid, Grid]:
    """Transform t-SNE's kernel and the two parts of the force, wrapped round a doubled grid."""
    from scipy import fft

    steps = np.arange(2 * cells)
    along = (np.where(steps < cells, steps, steps - 2 * cells) * width).astype(np.float32)
    x, y = along[:, None], along[None, :]
    near: NDArray[Any] = 1 / (1 + x**2 + y**2)
    one, two, three = (fft.rfft2(part, workers=2) for part in (near, near**2 * x, near**2 * y))
    return one, two, three
