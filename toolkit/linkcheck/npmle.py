"""Turnbull's estimator: how long links live, from the checks before and after each death.

Written by hand: lifelines pins pandas below 3; surpyval 0.25 gives the same curve for six more
packages (autograd, formulaic, pint …), in six times the time, and bootstraps need many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: No interval's mass may gain more than this part by another step of the EM algorithm.
_TOLERANCE = 1e-5
_STEPS = 2_000


class Masses(NamedTuple):
    """Where deaths lie: each mass somewhere in (after, until], nobody can tell where.

    Attributes
    ----------
    after, until : ndarray (n_masses,)
        In order, without overlap; the last `until` is infinite where some outlived their checks.
    mass : ndarray (n_masses,)
        Share of all deaths; together 1.
    """

    after: Floats
    until: Floats
    mass: Floats

    def alive(self, times: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest share alive at each time that the masses allow."""
        ended = np.r_[0.0, self.mass.cumsum()]
        least = 1 - ended[np.searchsorted(self.after, times, side="left")]
        most = 1 - ended[np.searchsorted(self.until, times, side="right")]
        return np.clip(least, 0, 1), np.clip(most, 0, 1)


def fit_npmle(left: Floats, right: Floats, weights: Floats) -> Masses:
    """Return the maximum-likelihood distribution of times known only to lie in intervals.

    Parameters
    ----------
    left, right : ndarray (n,)
        Each time lies in (left, right], left < right; right is infinite for those still alive.
    weights : ndarray (n,)
        How often each interval occurs; those with weight 0 do not count.

    Returns
    -------
    Masses
        Masses below one in a million are left out.

    Notes
    -----
    B. W. Turnbull (1976), doi:10.1111/j.2517-6161.1976.tb01597.x; computed by steps of the
    iterative convex minorant and of the EM algorithm in turn (Wellner and Zhan 1997,
    Journal of the American Statistical Association 92:945).

    Examples
    --------
    >>> fit_npmle(np.array([0.0, 0.0]), np.array([9.0, np.inf]), np.ones(2)).mass.tolist()
    [1.0]
    """
    used = weights > 0
    left, right, weights = left[used], right[used], weights[used] / weights[used].sum()
    after, until = _innermost(left, right)
    first = np.searchsorted(after, left, side="left")
    last = np.searchsorted(until, right, side="right")
    count = len(after)
    reached = np.arange(1, count + 1) / count
    for _ in range(_STEPS):
        reached = _minorant_step(reached, first, last, weights)
        reached, gain = _em_step(reached, first, last, weights)
        if gain < 1 + _TOLERANCE:
            break
    mass = np.diff(reached, prepend=0.0)
    kept = mass > 1e-6
    return Masses(after[kept], until[kept], mass[kept] / mass[kept].sum())


def _innermost(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the intervals from a left end to a right end with no other end in between."""
    values = np.r_[right, left]
    is_left = np.r_[np.zeros(len(right)), np.ones(len(left))]
    # At one time right ends come first: (0, 5] and (5, 9] do not overlap.
    order = np.lexsort((is_left, values))
    values, is_left = values[order], is_left[order]
    found = np.flatnonzero((is_left[:-1] == 1) & (is_left[1:] == 0))
    after: Floats = values[found]
    until: Floats = values[found + 1]
    return after, until


def _chances(reached: Floats, first: NDArray[np.intp], last: NDArray[np.intp]) -> Floats:
    padded = np.r_[0.0, reached]
    chances: Floats = np.maximum(padded[last] - padded[first], 1e-300)
    return chances


def _em_step(
    reached: Floats, first: NDArray[np.intp], last: NDArray[np.intp], weights: Floats
) -> tuple[Floats, float]:
    """Return better cumulative masses, and the factor by which the neediest mass should grow."""
    pull = weights / _chances(reached, first, last)
    steps = np.bincount(first, pull, len(reached) + 1) - np.bincount(last, pull, len(reached) + 1)
    factor = steps.cumsum()[:-1]
    mass = np.diff(reached, prepend=0.0) * factor
    return (mass / mass.sum()).cumsum(), float(factor.max())


def _minorant_step(
    reached: Floats, first: NDArray[np.intp], last: NDArray[np.intp], weights: Floats
) -> Floats:
    """Return cumulative masses after one step of the iterative convex minorant."""
    from scipy.optimize import isotonic_regression

    count = len(reached)
    if count == 1:
        return reached
    chance = _chances(reached, first, last)
    pull, bend = weights / chance, weights / chance**2
    slope = np.bincount(last, pull, count + 1) - np.bincount(first, pull, count + 1)
    curve = np.bincount(last, bend, count + 1) + np.bincount(first, bend, count + 1)
    slope, curve = slope[1:count], curve[1:count]
    curve = np.maximum(curve, 1e-12)
    aim = isotonic_regression(reached[:-1] + slope / curve, weights=curve).x
    aim = np.r_[np.clip(aim, 0, 1), 1.0]
    old = float(weights @ np.log(chance))
    step = 1.0
    while step > 1e-4:
        # Short of the aim: a mass of exactly 0 would never grow again in the EM step.
        new: Floats = reached + 0.999 * step * (aim - reached)
        if float(weights @ np.log(_chances(new, first, last))) >= old:
            return new
        step /= 2
    return reached
