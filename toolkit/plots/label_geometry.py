"""Boxes, the lines from them to what they name, grids of places for them; many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: A label that is so near to what it names, in points, needs no leader.
BESIDE = 11.0


def both(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether x and y, which are last, are both true."""
    flag: NDArray[np.bool_] = flags[..., 0] & flags[..., 1]
    return flag


def attach(places: Floats, box: Floats, anchor: Floats) -> tuple[Floats, Floats]:
    """Return where a leader leaves the box at each place, and how long it is; 0 if it covers it.

    It leaves from the middle of a side.
    """
    half = box / 2
    away = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]) * half
    ends = places[:, None] + away[None]
    length = np.linalg.norm(ends - anchor, axis=2)
    at = np.arange(len(places)), np.argmin(length, axis=1)
    beside = np.linalg.norm(np.maximum(np.abs(places - anchor) - half, 0), axis=1)
    return ends[at], np.where(beside <= BESIDE, beside, length[at])


def _side(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return on which side of the line from a to b the point c lies: the sign."""
    u, v = b - a, c - a
    turn: Floats = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    return turn


def cross(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Return whether the segments from `a` to `b` cross those from `c` to `d` (shapes as fit)."""
    one = _side(a, b, c) * _side(a, b, d) < 0
    other = _side(c, d, a) * _side(c, d, b) < 0
    crossed: NDArray[np.bool_] = one & other
    return crossed


def through(a: Floats, b: Floats, centres: Floats, box: Floats) -> NDArray[np.bool_]:
    """Return whether the segment from `a` to `b` runs through a box at a centre (shapes as fit)."""
    low, high = centres - box / 2 - 1, centres + box / 2 + 1
    step = b - a
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    one, two = (low - a) / step, (high - a) / step
    enter, leave = np.minimum(one, two), np.maximum(one, two)
    first = np.maximum(np.maximum(enter[..., 0], enter[..., 1]), 0)
    hit: NDArray[np.bool_] = first <= np.minimum(np.minimum(leave[..., 0], leave[..., 1]), 1)
    return hit


def beside(a: Floats, b: Floats, points: Floats) -> Floats:
    """Return how far points are from the segments from `a` to `b` (shapes as fit)."""
    step = b - a
    length = np.maximum(step[..., 0] ** 2 + step[..., 1] ** 2, 1e-9)
    away = points - a
    along = (away[..., 0] * step[..., 0] + away[..., 1] * step[..., 1]) / length
    left = away - np.clip(along, 0, 1)[..., None] * step
    distance: Floats = np.hypot(left[..., 0], left[..., 1])
    return distance


def grid_places(
    anchor: Floats, half: Floats, room: Floats, step: float
) -> tuple[Floats, tuple[int, int]]:
    """Return places above, below and beside what a label names, then a grid; the grid's shape."""
    next_to = anchor + (half + 2) * np.array([[0, 1], [0, -1], [1, 0], [-1, 0]])
    x, y = (np.arange(low, high, step) for low, high in zip(half, room - half + 1e-9))
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.vstack([next_to, grid]), (len(x), len(y))


def leader_cost(length: Floats) -> Floats:
    """Return what a leader costs: long ones more than their length, since eyes lose them."""
    cost: Floats = length + 0.006 * length**2 + np.where(length > BESIDE, 12.0, 0.0)
    return cost


def covered(weight: Floats, places: Floats, box: Floats, cell: float) -> Floats:
    """Return the weight under a box at each place, by the sums of all from the corner."""
    sums = np.pad(weight.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    limit = np.array(weight.shape)
    low = np.clip(((places - box / 2) / cell).astype(int), 0, limit)
    high = np.clip(((places + box / 2) / cell).astype(int) + 1, 0, limit)
    under: Floats = (
        sums[high[:, 0], high[:, 1]]
        - sums[low[:, 0], high[:, 1]]
        - sums[high[:, 0], low[:, 1]]
        + sums[low[:, 0], low[:, 1]]
    )
    return under


def block(cost: Floats, corner: Floats, centres: Floats, half: Floats, step: float) -> None:
    """Set the cost of those places on a grid to infinity where a box would meet another."""
    first = np.floor((centres - half - corner) / step).astype(int) + 1
    last = np.ceil((centres + half - corner) / step).astype(int)
    for (x0, y0), (x1, y1) in zip(np.maximum(first, 0), np.maximum(last, 0)):
        cost[x0:x1, y0:y1] = np.inf


def cheapest(cost: Floats, most: int) -> NDArray[np.int64]:
    """Return the numbers of the cheapest places, in their order."""
    if len(cost) <= most:
        return np.arange(len(cost))
    return np.sort(np.argpartition(cost, most)[:most])


def others_met(places: Floats, box: Floats, anchor: Floats, rest: Floats, least: float) -> Floats:
    """Return how many other points lie under a box at each place, or nearer to its leader."""
    ends, length = attach(places, box, anchor)
    under = both(np.abs(places[:, None] - rest) < box / 2 + 2)
    near = (beside(ends[:, None], anchor, rest) < least).sum(axis=1) * (length > BESIDE)
    met: Floats = (under.sum(axis=1) + near).astype(np.float64)
    return met
