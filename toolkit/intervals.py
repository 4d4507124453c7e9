"""Confidence intervals of shares, and control of the false discovery rate; vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def wilson(
    counts: ArrayLike, totals: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    counts : array-like
        Successes, each from 0 to its total; fractions are allowed (mean counts).
    totals : array-like
        Trials; the two are broadcast against each other.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    low, high : ndarray
        In the shape of the broadcast input, 0 ≤ low ≤ counts / totals ≤ high ≤ 1; NaN where
        the total is 0.

    Raises
    ------
    DataError
        A count that is negative, missing or above its total, or an impossible confidence.

    Notes
    -----
    E. B. Wilson (1927), doi:10.1080/01621459.1927.10502953; recommended for small samples by
    Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> low, high = wilson(5, 10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2366, 0.7634)
    """
    from scipy.special import ndtri

    k, n = _counts(counts, totals)
    z2 = float(ndtri((1 + check_confidence(confidence)) / 2)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low, high = _around(share, centre - half, centre + half)
    # Exactly 0 and 1 at the ends, which rounding would miss by 1e-17.
    return np.where(k == 0, share, low), np.where(k == n, share, high)


def jeffreys(
    counts: ArrayLike, totals: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Jeffreys' interval of a share: equal tails of Beta(counts + ½, totals − counts + ½).

    Parameters
    ----------
    counts : array-like
        Successes, each from 0 to its total; fractions are allowed (mean counts).
    totals : array-like
        Trials; the two are broadcast against each other.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    low, high : ndarray
        In the shape of the broadcast input; the lower end is 0 where nothing was counted and
        the upper end 1 where everything was (Brown, Cai and DasGupta's convention); NaN where
        the total is 0.

    Raises
    ------
    DataError
        A count that is negative, missing or above its total, or an impossible confidence.

    Notes
    -----
    Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> low, high = jeffreys(0, 10)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0, 0.2172)
    """
    from scipy.special import betaincinv

    k, n = _counts(counts, totals)
    tail = (1 - check_confidence(confidence)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
    low = np.where(k == 0, 0.0, betaincinv(k + 0.5, n - k + 0.5, tail))
    high = np.where(k == n, 1.0, betaincinv(k + 0.5, n - k + 0.5, 1 - tail))
    return _around(share, low, high)


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Return p values adjusted for the number of tests (q values).

    Of all tests with q ≤ 0.05, at most 5 % are expected to be false discoveries.

    Parameters
    ----------
    p : array-like
        P values of one family of tests, shape (n,); NaN for tests that could not be made,
        which do not count.

    Returns
    -------
    ndarray
        q in the same order, p ≤ q ≤ 1; NaN stays NaN.

    Raises
    ------
    DataError
        A value outside 0 to 1.

    Notes
    -----
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. Holds for independent
    and for positively dependent tests.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    values = np.asarray(p, dtype=np.float64)
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        raise DataError("not a p value", found=float(values[wrong][0]), expected="0 to 1")
    adjusted = np.full(values.shape, np.nan)
    made = ~np.isnan(values)
    m = int(made.sum())
    order = np.argsort(values[made], kind="stable")
    raw = values[made][order] * m / np.arange(1, m + 1)
    stepped = np.minimum.accumulate(raw[::-1])[::-1]
    back = np.empty(m)
    back[order] = np.minimum(stepped, 1.0)
    adjusted[made] = back
    return adjusted


def check_confidence(confidence: float) -> float:
    """Return `confidence` as a float if it lies between 0 and 1.

    Raises
    ------
    DataError
        Any other value.

    Examples
    --------
    >>> check_confidence(0.95)
    0.95
    """
    try:
        fine = 0 < confidence < 1
    except TypeError:
        fine = False
    if not fine:
        raise DataError(
            "not a confidence",
            found=confidence,
            expected="a number between 0 and 1",
            hint="Write 0.95 for 95 %",
        )
    return float(confidence)


def _counts(counts: Any, totals: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats of one shape; raise where a count is not within its total."""
    k, n = np.broadcast_arrays(
        np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    )
    # NaN fails both comparisons, hence the negation.
    wrong = ~((k >= 0) & (k <= n) & np.isfinite(n))
    if wrong.any():
        place = int(np.flatnonzero(wrong.ravel())[0])
        raise DataError(
            "not a count of a total",
            row=place + 1,
            found=f"{k.ravel()[place]:g} of {n.ravel()[place]:g}",
            expected="0 ≤ count ≤ total",
        )
    return k, n


def _around(
    share: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends clipped to [0, 1] and around the share; NaN (empty totals) stays NaN."""
    return (
        np.minimum(np.clip(low, 0, 1), share),
        np.maximum(np.clip(high, 0, 1), share),
    )
