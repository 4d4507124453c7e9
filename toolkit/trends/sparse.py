"""What few papers can show at all: exact tests of trends, and which topics are worth a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: With fewer papers than this no trend is told. By simulation (4,000 topics without trend, 2 to 30
#: papers each, 17 growing years, 8 quarters, 25 months) p below 0.05 in at most 0.9 % with 2 to 8
#: papers, so that this is no matter of error rates: two papers of one year bear no sentence.
LEAST_PAPERS = 5
#: Up to so many papers the line's p is never smaller than that of the exact test.
_EXACT = 30


def exact_p(model: Logits) -> Floats:
    """Return p of no change by the exact test of the line; 0 for topics with many papers.

    Parameters
    ----------
    model : Logits
        Counts of topics.

    Returns
    -------
    ndarray (n_topics,)
        Twice the smaller tail, at most 1; 0 where a topic has more than 30 papers.

    Notes
    -----
    Given its number of papers in each stratum, a topic without trend has each of them in a period
    with the probability of any paper of that stratum. The distribution of the sum of their times
    is a convolution of those of single papers (the conditional test of Cochran and Armitage's
    statistic, Agresti 2013, section 5.3.5).
    """
    inside = model.inside.astype(bool)
    periods, place = np.unique(model.years, return_inverse=True)
    # Whole steps: gaps between periods are rounded to the shortest.
    step = np.diff(periods).min() if len(periods) > 1 else 1.0
    at = np.rint((periods - periods[0]) / step).astype(np.intp)[place]
    p = np.zeros(len(model.counts))
    number = model.counts @ model.inside
    few = np.flatnonzero((number.sum(axis=1) <= _EXACT) & (at.max() <= _LONGEST))
    singles = [
        np.bincount(at[mine], model.totals[mine], at.max() + 1) / model.totals[mine].sum()
        for mine in inside.T
    ]
    known: dict[tuple[int, ...], Floats] = {}
    for row in few.tolist():
        key = tuple(number[row].astype(int).tolist())
        if key not in known:
            spread = np.ones(1)
            for single, papers in zip(singles, key):
                for _ in range(papers):
                    spread = np.convolve(spread, single)
            known[key] = spread
        spread = known[key]
        found = int(model.counts[row] @ at)
        p[row] = min(1.0, 2 * min(spread[: found + 1].sum(), spread[found:].sum()))
    return p


#: Periods beyond which sums of times are not tabled.
_LONGEST = 1500


def worth_testing(papers: Floats, totals: Floats, alpha: float) -> NDArray[np.bool_]:
    """Return which topics have papers enough to get a verdict at all.

    Parameters
    ----------
    papers : ndarray (n_topics,)
        Papers of each topic in all periods.
    totals : ndarray (n_periods,)
        All papers of each period, in order.
    alpha : float
        The rate of false discoveries.

    Returns
    -------
    ndarray of bool (n_topics,)

    Notes
    -----
    The smallest p that a topic can reach is that of all its papers in the rarer end of the time.
    It depends on numbers of papers alone, so that leaving out topics for which it is too large
    takes nothing from the control of errors (Tarone 1990, doi:10.2307/2531456; for false
    discoveries Gilbert 2005, doi:10.1111/j.1467-9876.2005.00475.x): tests are kept where it is at
    most alpha / k, for the smallest k that keeps at most k of them.

    Examples
    --------
    >>> worth_testing(np.array([2.0, 5.0, 60.0]), np.array([50.0, 50.0, 50.0]), 0.05)
    array([False,  True,  True])
    """
    enough: NDArray[np.bool_] = papers >= LEAST_PAPERS
    ends = min(totals[0], totals[-1]) / totals.sum()
    least = np.sort(2 * ends ** papers[enough])
    number = np.arange(1, len(least) + 1)
    # The smallest k with at most k tests at alpha / k.
    kept = np.searchsorted(least, alpha / number, side="right")
    if len(least):
        divisor = int(number[int((kept <= number).argmax())])
        enough = enough & (2 * ends**papers <= alpha / divisor)
    return enough
