"""Smooth curves through shares, and the period in which a share changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import check_confidence, wilson
from toolkit.trends.quasibinomial import pool_dispersions
from toolkit.trends.table import check_trends, name_topics, to_years

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
    curves = np.stack([share, low, high])
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


def find_changes(trends: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return for each topic the period from which on its share was different.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns. Partial periods are left out.
    confidence : float
        Probability that the change lies in the interval.

    Returns
    -------
    DataFrame
        One row a topic, the most probable change first:

        - topic, label
        - change: most probable first period with the new share; NaT where a change is less
          probable than `confidence`
        - earliest, latest: the interval of the change; NaT likewise
        - before, after: the shares
        - probability: of one change against none, with equal prior probabilities

    Raises
    ------
    DataError
        Not a table of trends.

    Notes
    -----
    All places of one change are weighted by their marginal likelihood with Beta(½, ½) priors on
    the shares (after Smith 1975, doi:10.1093/biomet/62.2.407), with the counts divided by their
    dispersion around the best place. A steady slope is also found as a change: look at the curve
    before calling it a break.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2015, 2021)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "total": 100, "partial": False,
    ...                        "papers": [10, 11, 9, 30, 31, 29]})
    >>> find_changes(trends)[["change", "earliest", "latest", "before", "after"]]
          change   earliest     latest  before  after
    0 2018-01-01 2018-01-01 2018-01-01     0.1    0.3
    """
    check_confidence(confidence)
    trends = check_trends(trends)
    topics = pd.Index(trends["topic"].drop_duplicates().sort_values(), name="topic")
    table = pd.DataFrame({"label": name_topics(trends, topics)}, index=topics)
    for name in ("change", "earliest", "latest"):
        table[name] = pd.Series(pd.NaT, index=topics, dtype="datetime64[us]")
    table[["before", "after", "probability"]] = np.nan
    used = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    if used["period"].nunique() >= 3:
        counts, totals = _wide(used)
        _fill_changes(table, counts.loc[topics], totals, confidence)
    order = ["probability", "label"]
    table = table.reset_index().sort_values(order, ascending=[False, True], ignore_index=True)
    return table[
        ["topic", "label", "change", "earliest", "latest", "before", "after", "probability"]
    ]


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


def _fill_changes(
    table: pd.DataFrame, counts: pd.DataFrame, totals: Floats, confidence: float
) -> None:
    from scipy.special import betaln

    def marginal(papers: Any, total: Any) -> Any:
        return betaln(papers + 0.5, total - papers + 0.5) - betaln(0.5, 0.5)

    k = counts.to_numpy(dtype=np.float64)
    early, n_early = k.cumsum(axis=1)[:, :-1], totals.cumsum()[:-1]
    late, n_late = k.sum(axis=1, keepdims=True) - early, totals.sum() - n_early
    phi = _step_dispersion(k, totals, early / n_early, late / n_late)[:, None]
    places = marginal(early / phi, n_early / phi) + marginal(late / phi, n_late / phi)
    none = marginal(k.sum(axis=1, keepdims=True) / phi, totals.sum() / phi)[:, 0]
    top = places.max(axis=1)
    some = top + np.log(np.exp(places - top[:, None]).mean(axis=1))
    posterior = np.exp(places - top[:, None])
    posterior /= posterior.sum(axis=1, keepdims=True)
    best = posterior.argmax(axis=1)
    row = np.arange(len(k))
    table["probability"] = 1 / (1 + np.exp(np.clip(none - some, -700, 700)))
    table["before"] = (early / n_early)[row, best]
    table["after"] = (late / n_late)[row, best]
    # Places by falling probability, until they add up to the confidence.
    order = np.argsort(-posterior, axis=1, kind="stable")
    ranked = np.take_along_axis(posterior, order, axis=1)
    inside = ranked.cumsum(axis=1) - ranked < confidence
    first = np.where(inside, order, k.shape[1]).min(axis=1)
    last = np.where(inside, order, -1).max(axis=1)
    sure = (table["probability"] >= confidence).to_numpy()
    starts = counts.columns.to_numpy()[1:]
    for name, place in (("change", best), ("earliest", first), ("latest", last)):
        table.loc[sure, name] = starts[place[sure]]


def _step_dispersion(k: Floats, totals: Floats, before: Floats, after: Floats) -> Floats:
    """Return the dispersion around the best step, pooled over topics, at least 1."""
    n_periods = len(totals)
    place = np.arange(n_periods)[None, None, :] > np.arange(n_periods - 1)[None, :, None]
    share = np.where(place, after[:, :, None], before[:, :, None])
    expected = totals * share
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (k[:, None, :] - expected) ** 2 / (expected * (1 - share))
    # Where nothing is expected, nothing was counted.
    scatter = np.nan_to_num(parts, posinf=0.0).sum(axis=2).min(axis=1)
    freedom = max(n_periods - 3, 1)
    enough = k.sum(axis=1) >= 2 * n_periods
    return pool_dispersions(scatter / freedom, freedom, enough)[0]
