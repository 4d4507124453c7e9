"""Boxes and the lines from them to what they name, many at a time."""

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
