"""Logistic trends of many shares at once: estimates, score intervals, pooled over-dispersion.

The estimates are those of statsmodels' binomial GLM (a test compares them). It has no score
interval, which small counts need; and 200 topics at once take milliseconds here, where a loop
over its fits takes half a second and its import two more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Beyond this change of the log odds over the whole span a slope counts as unbounded.
_LIMIT = 24.0


@dataclass(frozen=True)
class Logits:
    """Logistic trends, one for each topic, given each topic's number of papers.

    A topic's number of papers over all periods says nothing about its trend, so it is held fixed.
    This leaves one unknown, the slope: each slope has one intercept that keeps the number.

    Parameters
    ----------
    counts : ndarray (n_topics, n_periods)
        Papers of each topic in each period.
    totals : ndarray (n_periods,)
        All papers of each period.
    years : ndarray (n_periods,)
        When each period is, in years.
    """

    counts: Floats
    totals: Floats
    years: Floats

    @property
    def limit(self) -> float:
        """The steepest slope considered, in log odds a year."""
        return float(_LIMIT / (self.years.max() - self.years.min()))

    def shares(self, slopes: Floats) -> Floats:
        """Return the shares (n_topics, n_periods) on the lines with these slopes."""
        from scipy.special import expit, logit

        tilt = slopes[:, None] * (self.years - self.years.mean())
        number = self.counts.sum(axis=1)
        with np.errstate(divide="ignore"):
            middle = np.clip(logit(number / self.totals.sum()), -40, 40)
        # Bounds of the intercept: every period above, or below, the mean.
        reach = np.abs(tilt).max(axis=1)

        def missing(intercept: Floats) -> tuple[Floats, Floats]:
            shares = expit(intercept[:, None] + tilt)
            missing = number - shares @ self.totals
            return missing, missing / np.maximum((shares * (1 - shares)) @ self.totals, 1e-300)

        intercept = _solve(missing, middle - reach, middle + reach, tolerance=1e-12)
        result: Floats = expit(intercept[:, None] + tilt)
        return result

    def score(self, slopes: Floats) -> tuple[Floats, Floats]:
        """Return the score of the slope, and its variance where the dispersion is 1."""
        shares = self.shares(slopes)
        weights = self.totals * shares * (1 - shares)
        heavy = np.maximum(weights.sum(axis=1), 1e-300)
        centred = self.years - (weights @ self.years / heavy)[:, None]
        score = ((self.counts - self.totals * shares) * centred).sum(axis=1)
        return score, (weights * centred**2).sum(axis=1)

    def z(self, slopes: Floats, dispersion: Floats | float = 1.0) -> Floats:
        """Return the score divided by its standard error; falls as the slope grows."""
        score, variance = self.score(slopes)
        result: Floats = score / np.sqrt(np.maximum(variance * dispersion, 1e-300))
        return result

    def slope_at(self, target: Floats | float, dispersion: Floats | float = 1.0) -> Floats:
        """Return the slopes at which `z` is `target`: 0 for the estimate; ±inf beyond the limit."""
        edge = np.full(len(self.counts), self.limit)
        never_low = self.z(-edge, dispersion) < target
        never_high = self.z(edge, dispersion) > target

        def above(slopes: Floats) -> tuple[Floats, Floats]:
            score, variance = self.score(slopes)
            error = np.sqrt(np.maximum(variance * dispersion, 1e-300))
            excess = score / error - target
            return excess, excess * error / np.maximum(variance, 1e-300)

        slopes = _solve(above, -edge, edge, tolerance=1e-10 * self.limit)
        return np.where(never_low, -np.inf, np.where(never_high, np.inf, slopes))

    def change(self, slopes: Floats) -> tuple[Floats, Floats]:
        """Return the changes that slopes mean: percentage points a year, and factor a year.

        Both go from the first to the last period on the line: 100 (last − first) / years, and
        (last / first) ** (1 / years). They grow with the slope, so that the ends of an interval
        of slopes are the ends of theirs.
        """
        span = self.years.max() - self.years.min()
        shares = self.shares(np.clip(slopes, -self.limit, self.limit))
        first, last = shares[:, self.years.argmin()], shares[:, self.years.argmax()]
        points = 100 * (last - first) / span
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            ratio = np.exp((np.log(last) - np.log(first)) / span)
        ratio = np.where(slopes == np.inf, np.inf, np.where(slopes == -np.inf, 0.0, ratio))
        return points, ratio

    def slope_of_ratio(self, ratio: float) -> Floats:
        """Return the slopes at which the share changes by this factor a year."""
        edge = np.full(len(self.counts), self.limit)

        def short(slopes: Floats) -> tuple[Floats, Floats]:
            short = np.log(ratio) - np.log(np.maximum(self.change(slopes)[1], 1e-300))
            # For small shares the slope of the logit is that of the logarithm.
            return short, short

        return _solve(short, -edge, edge, tolerance=1e-10 * self.limit)

    def dispersions(self, slopes: Floats) -> Floats:
        """Return Pearson's χ² over its degrees of freedom; about 1 for binomial counts."""
        shares = self.shares(slopes)
        expected = self.totals * shares
        parts = (self.counts - expected) ** 2 / np.maximum(expected * (1 - shares), 1e-300)
        freedom = len(self.totals) - 2
        result: Floats = parts.sum(axis=1) / max(freedom, 1)
        return result


def _solve(
    function: Callable[[Floats], tuple[Floats, Floats]],
    low: Floats,
    high: Floats,
    *,
    tolerance: float,
) -> Floats:
    """Return the roots of falling functions, all at once.

    `function` returns its values and the steps of Newton's method. A step is taken where it stays
    inside the bracket; elsewhere, and every fourth time, the bracket is halved, so that the search
    always ends.
    """
    root = (low + high) / 2
    for turn in range(200):
        value, step = function(root)
        low, high = np.where(value >= 0, root, low), np.where(value <= 0, root, high)
        new = root + step
        inside = (new > low) & (new < high) & (turn % 4 != 3)
        new = np.where(inside, new, (low + high) / 2)
        done = (np.abs(step) < tolerance) | (high - low < tolerance)
        if done.all():
            return np.where(np.abs(step) < tolerance, np.clip(root + step, low, high), new)
        # A root once found is kept while the others are searched.
        root = np.where(done, root, new)
    return root


def pool_dispersions(
    dispersions: Floats, freedom: int, reliable: NDArray[np.bool_]
) -> tuple[Floats, float]:
    """Return dispersions shrunk towards their common value (empirical Bayes).

    A dispersion from eight periods is known to a factor of two; two hundred of them together
    show how topics of this collection scatter. (The same problem and solution as with thousands
    of genes measured a few times each.)

    Parameters
    ----------
    dispersions : ndarray (n_topics,)
        Pearson's χ² over `freedom` for each topic.
    freedom : int
        Degrees of freedom of each.
    reliable : ndarray of bool (n_topics,)
        Which have counts large enough to learn from; with fewer than five, nothing is pooled.

    Returns
    -------
    pooled : ndarray (n_topics,)
        Never below 1.
    freedom : float
        Degrees of freedom of the pooled values, for the t distribution; may be infinite.

    Notes
    -----
    Smyth (2004), doi:10.2202/1544-6115.1027, section 6.2; used with quasi-likelihood by Lund et
    al. (2012), doi:10.1515/1544-6115.1826; outliers keep their own dispersion, after Phipson et
    al. (2016), doi:10.1214/16-AOAS920.
    """
    from scipy.optimize import brentq
    from scipy.special import digamma, fdtri, polygamma

    learn = dispersions[reliable & (dispersions > 0)]
    if len(learn) < 5:
        return np.maximum(dispersions, 1.0), float(freedom)
    logs = np.log(learn) - digamma(freedom / 2) + np.log(freedom / 2)
    spare = float(logs.var(ddof=1) - polygamma(1, freedom / 2))
    if spare <= polygamma(1, 5e5):
        # The topics differ no more than by chance: one dispersion for all.
        prior, centre = np.inf, float(learn.mean())
        pooled = np.full(dispersions.shape, centre)
    else:
        prior = 2 * float(brentq(lambda half: polygamma(1, half) - spare, 1e-6, 1e6))
        centre = float(np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2)))
        pooled = (prior * centre + freedom * dispersions) / (prior + freedom)
    # A topic whose dispersion is improbable given the others (one in twenty) keeps its own: it
    # comes in waves.
    usual = centre * float(fdtri(freedom, min(prior, 1e6), 0.95))
    pooled = np.where(dispersions > usual, np.maximum(pooled, dispersions), pooled)
    return np.maximum(pooled, 1.0), prior + freedom
