"""Smooth curves through shares, for the eye; what is shown to have changed say the verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import check_confidence, wilson
from toolkit.trends.table import check_trends, to_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def smooth_shares(
    trends: pd.DataFrame, *, bandwidth: float | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return a smooth curve with a band through each topic's shares.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns. Partial periods are left out.
    bandwidth : float, optional
        Standard deviation of the weights, in years; by default a sixth of the whole span, but
        at least one period.
    confidence : float
        Of the band, for each period alone, not for the whole curve.

    Returns
    -------
    DataFrame
        period, topic, share, low, high, with the share of the curve; one row for every topic and
        every whole period. Periods without papers are NaN.

    Raises
    ------
    DataError
        Not a table of trends, or a bandwidth that is not above 0.

    Notes
    -----
    Local linear regression on the shares, weighted by papers and a normal kernel (Fan and Gijbels
    1996, doi:10.1201/9780203748725); the band is Wilson's interval with the number of papers
    that would have the same variance. It does not include over-dispersion.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2022)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "papers": [10, 20, 30, 40],
    ...                        "total": 100, "partial": False})
    >>> smooth_shares(trends)["share"].round(3).tolist()
    [0.1, 0.2, 0.3, 0.4]
    """
    check_confidence(confidence)
    trends = check_trends(trends)
    whole = trends[~trends["partial"].astype(bool)]
    counts, totals = _wide(whole)
    years = to_years(counts.columns)
    there = totals > 0
    if not there.any():
        empty = whole[["period", "topic"]].assign(share=np.nan, low=np.nan, high=np.nan)
        return empty.reset_index(drop=True)
    width = _bandwidth(years, bandwidth)
    weights = _local_linear(years, years[there], totals[there], width)
    share = np.clip(counts.to_numpy()[:, there] / totals[there] @ weights.T, 0, 1)
    # Half a paper keeps the variance above zero where the curve is zero.
    papers = totals[there]
    middle = (counts.to_numpy()[:, there] + 0.5) / (papers + 1)
    variance = (middle * (1 - middle) / papers) @ (weights**2).T
    centre = np.clip(share, 0.5 / (papers.sum() + 1), 1 - 0.5 / (papers.sum() + 1))
    effective = centre * (1 - centre) / variance
    low, high = wilson(share * effective, effective, confidence=confidence)
    # Rounding may leave the upper bound of 1 below it.
    curves = np.stack([share, np.minimum(low, share), np.maximum(high, share)])
    curves[:, :, ~there] = np.nan
    return pd.DataFrame(
        {
            "period": np.tile(counts.columns, len(counts)),
            "topic": counts.index.repeat(len(counts.columns)),
            "share": curves[0].ravel(),
            "low": curves[1].ravel(),
            "high": curves[2].ravel(),
        }
    )


def _wide(trends: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Return papers, topics × periods in order, and the totals of the periods."""
    wide = trends.pivot(index="topic", columns="period", values="papers").sort_index(axis=1)
    totals = trends.drop_duplicates("period").set_index("period")["total"]
    return wide, totals.loc[wide.columns].to_numpy(dtype=np.float64)


def _bandwidth(years: Floats, bandwidth: float | None) -> float:
    if bandwidth is not None:
        if not (isinstance(bandwidth, int | float) and 0 < bandwidth < np.inf):
            raise DataError(
                "not a bandwidth", argument="bandwidth", found=bandwidth, expected="years, above 0"
            )
        return float(bandwidth)
    if len(years) < 2:
        return 1.0
    return max(float(years.max() - years.min()) / 6, float(np.diff(years).min()))


def _local_linear(at: Floats, years: Floats, papers: Floats, width: float) -> Floats:
    """Return the weights (n_at, n_years) that turn shares into the local linear curve."""
    apart = years[None, :] - at[:, None]
    kernel = papers * np.exp(-0.5 * (apart / width) ** 2)
    s0, s1, s2 = ((kernel * apart**power).sum(axis=1, keepdims=True) for power in (0, 1, 2))
    spread = s0 * s2 - s1**2
    flat = spread < 1e-9 * np.maximum(s0, 1e-300) ** 2 * width**2
    with np.errstate(divide="ignore", invalid="ignore"):
        line = kernel * (s2 - s1 * apart) / spread
        # With only one period in reach there is no slope to fit.
        level = kernel / s0
    result: Floats = np.nan_to_num(np.where(flat, level, line))
    return result
