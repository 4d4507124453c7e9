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
    This leaves one unknown, the slope: each slope has one intercept that keeps the number. Where
    the papers come from several origins, each origin has its own number and intercept, and the
    slope is common (a stratified test).

    Parameters
    ----------
    counts : ndarray (n_topics, n_cells)
        Papers of each topic in each cell: a period, or a period of one origin.
    totals : ndarray (n_cells,)
        All papers of each cell.
    years : ndarray (n_cells,)
        When each cell is, in years.
    strata : ndarray of int (n_cells,), optional
        The origin of each cell, counted from 0; one origin by default.
    """

    counts: Floats
    totals: Floats
    years: Floats
    strata: NDArray[np.intp] | None = None

    @property
    def limit(self) -> float:
        """The steepest slope considered, in log odds a year."""
        return float(_LIMIT / (self.years.max() - self.years.min()))

    @property
    def inside(self) -> Floats:
        """Which cell is in which stratum, as 0 and 1: (n_cells, n_strata)."""
        if self.strata is None:
            return np.ones((len(self.totals), 1))
        return np.eye(int(self.strata.max()) + 1)[self.strata]

    def take(self, rows: NDArray[np.intp]) -> Logits:
        """Return some of the topics."""
        return Logits(self.counts[rows], self.totals, self.years, self.strata)

    def coarse(self, most: int = 48) -> Logits:
        """Return neighbouring cells of a stratum taken together, at most so many periods."""
        times = np.unique(self.years)
        if len(times) <= most:
            return self
        block = np.searchsorted(times, self.years) * most // len(times)
        stratum = np.zeros(len(block), dtype=np.intp) if self.strata is None else self.strata
        keys, place = np.unique(stratum * most + block, return_inverse=True)
        into = np.eye(len(keys))[place]
        totals = self.totals @ into
        strata = None if self.strata is None else keys // most
        return Logits(self.counts @ into, totals, self.totals * self.years @ into / totals, strata)

    def intercepts(self, slopes: Floats, start: Floats | None = None) -> Floats:
        """Return the intercepts (n_topics, n_strata) that keep each topic's number of papers.

        They are those of lines through the mean of `years`; `start` is a first guess.
        """
        from scipy.special import expit, logit

        inside = self.inside
        away = self.years - self.years.mean()
        number = self.counts @ inside
        with np.errstate(divide="ignore"):
            middle = np.clip(logit(number / (self.totals @ inside)), -40, 40)
        # Bounds of the intercept: every period above, or below, the mean.
        reach = np.abs(slopes)[:, None] * np.abs(away).max()

        def missing(intercept: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
            shares = expit(intercept @ inside.T + slopes[rows, None] * away)
            expected = shares * self.totals
            lacks = number[rows] - expected @ inside
            return lacks, lacks / np.maximum((expected * (1 - shares)) @ inside, 1e-300)

        # Newton's last step is taken: its error is the square of its length.
        return solve(missing, middle - reach, middle + reach, tolerance=1e-6, start=start)

    def shares(self, slopes: Floats, start: Floats | None = None) -> Floats:
        """Return the shares (n_topics, n_cells) on the lines with these slopes.

        `start` is a first guess of the intercepts, and is overwritten with them.
        """
        from scipy.special import expit

        intercepts = self.intercepts(slopes, start)
        if start is not None:
            start[:] = intercepts
        tilt = slopes[:, None] * (self.years - self.years.mean())
        result: Floats = expit(intercepts @ self.inside.T + tilt)
        return result

    def score(self, slopes: Floats, start: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the score of the slope, and its variance where the dispersion is 1.

        `start` is as in `shares`.
        """
        inside = self.inside
        shares = self.shares(slopes, start)
        expected = self.totals * shares
        weights = expected * (1 - shares)
        heavy = np.maximum(weights @ inside, 1e-300)
        centre = (weights * self.years) @ inside / heavy
        centred = self.years - centre @ inside.T
        score = ((self.counts - expected) * centred).sum(axis=1)
        return score, (weights * centred**2).sum(axis=1)

    def z(self, slopes: Floats, dispersion: Floats | float = 1.0) -> Floats:
        """Return the score divided by its standard error; falls as the slope grows."""
        score, variance = self.score(slopes)
        result: Floats = score / np.sqrt(np.maximum(variance * dispersion, 1e-300))
        return result

    def slope_at(self, target: Floats | float, dispersion: Floats | float = 1.0) -> Floats:
        """Return the slopes at which `z` is `target`: 0 for the estimate; ±inf beyond the limit."""
        number = len(self.counts)
        edge = np.full(number, self.limit)
        spread = np.broadcast_to(dispersion, number)
        near = self.intercepts(np.zeros(number))

        def above(slopes: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
            start = near[rows]
            score, variance = self.take(rows).score(slopes, start)
            near[rows] = start
            error = np.sqrt(np.maximum(variance * spread[rows], 1e-300))
            excess = score / error - target
            return excess, excess * error / np.maximum(variance, 1e-300)

        slopes = solve(above, -edge, edge, tolerance=1e-10 * self.limit)
        # Where no slope inside the limit will do, the search ends there.
        never = np.abs(slopes) > (1 - 1e-8) * self.limit
        return np.where(never, np.copysign(np.inf, slopes), slopes)

    def ends(self, slopes: Floats, start: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the shares on the lines in the first and in the last period.

        With several strata, these are weighed by all their papers: as if their mix never changed.
        """
        from scipy.special import expit

        inside = self.inside
        intercepts = self.intercepts(slopes, start)
        if start is not None:
            start[:] = intercepts
        parts = self.totals @ inside / self.totals.sum()
        tilt = self.years.min() - self.years.mean(), self.years.max() - self.years.mean()
        first, last = (expit(intercepts + slopes[:, None] * end) @ parts for end in tilt)
        return first, last

    def change(self, slopes: Floats) -> tuple[Floats, Floats]:
        """Return the changes that slopes mean: percentage points a year, and factor a year.

        Both go from the first to the last period on the line: 100 (last − first) / years, and
        (last / first) ** (1 / years). They grow with the slope, so that the ends of an interval
        of slopes are the ends of theirs.
        """
        span = self.years.max() - self.years.min()
        first, last = self.ends(np.clip(slopes, -self.limit, self.limit))
        points = 100 * (last - first) / span
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            ratio = np.exp((np.log(last) - np.log(first)) / span)
        ratio = np.where(slopes == np.inf, np.inf, np.where(slopes == -np.inf, 0.0, ratio))
        return points, ratio

    def slope_of_ratio(self, ratio: float) -> Floats:
        """Return the slopes at which the share changes by this factor a year."""
        span = self.years.max() - self.years.min()
        edge = np.full(len(self.counts), self.limit)
        near = self.intercepts(np.zeros(len(edge)))

        def short(slopes: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
            start = near[rows]
            first, last = self.take(rows).ends(slopes, start)
            near[rows] = start
            reached = np.log(np.maximum(last, 1e-300) / np.maximum(first, 1e-300)) / span
            # For small shares the slope of the logit is that of the logarithm.
            return np.log(ratio) - reached, np.log(ratio) - reached

        return solve(short, -edge, edge, tolerance=1e-10 * self.limit)

    def dispersions(self, slopes: Floats) -> Floats:
        """Return Pearson's χ² over its degrees of freedom; about 1 for binomial counts."""
        shares = self.shares(slopes)
        expected = self.totals * shares
        parts = (self.counts - expected) ** 2 / np.maximum(expected * (1 - shares), 1e-300)
        result: Floats = parts.sum(axis=1) / max(self.freedom, 1)
        return result

    @property
    def freedom(self) -> int:
        """Cells less unknowns: an intercept for each stratum, and the slope."""
        return int(len(self.totals) - self.inside.shape[1] - 1)


def solve(
    function: Callable[[Floats, NDArray[np.intp]], tuple[Floats, Floats]],
    low: Floats,
    high: Floats,
    *,
    tolerance: float,
    start: Floats | None = None,
) -> Floats:
    """Return the roots of falling functions, all at once.

    `function` is given roots and the rows they belong to, and returns its values there and the
    steps of Newton's method. A step is taken where it stays inside the bracket; elsewhere, and
    every eighth time, the bracket is halved, so that the search always ends. Rows whose root is
    found are left out of the further search.
    """
    root = (low + high) / 2 if start is None else np.clip(start, low, high)
    low, high = low.copy(), high.copy()
    rows = np.arange(len(root))
    for turn in range(200):
        if not len(rows):
            break
        at = root[rows]
        value, step = function(at, rows)
        below, above = np.where(value >= 0, at, low[rows]), np.where(value <= 0, at, high[rows])
        low[rows], high[rows] = below, above
        new = at + step
        inside = (new > below) & (new < above) & (turn % 8 != 7)
        new = np.where(inside, new, (below + above) / 2)
        found = np.abs(step) < tolerance
        done = found | (above - below < tolerance)
        root[rows] = np.where(found, np.clip(at + step, below, above), new)
        rows = rows[~done.reshape(len(rows), -1).all(axis=1)]
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
