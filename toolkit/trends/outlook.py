"""The level of each topic's share, and how far it may be from it one or two periods ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import check_whole, checked
from toolkit.intervals import check_confidence
from toolkit.trends.figures import count_papers
from toolkit.trends.frequencies import FREQS, freq_of, label_periods
from toolkit.trends.quasibinomial import pool_dispersions
from toolkit.trends.table import check_trends, name_topics
from toolkit.trends.verdicts import name_partial_periods
from toolkit.trends.wording import describe_partial_periods, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: What one period less counts in the level, of which the back-test chooses; 0 is the last period
#: alone, 1 the mean of all.
_MEMORY = (0.0, 0.25, 0.5, 0.7, 0.85, 1.0)
#: A back-test starts from as many periods.
_HISTORY = 3
#: Degrees of freedom that a period of the back-test gives, at most.
_FREEDOM = 4
#: Topics that hold a smaller part of the papers than this are clearly not all.
_SOME = 0.5
#: An interval whose ends differ by more than this factor says almost nothing.
_WIDE = 10
#: Dispersions are learned from topics with at least so many papers a period.
_RELIABLE = 2


@checked
def trend_outlook(
    trends: pd.DataFrame, *, periods: int = 2, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the level of each topic's share, and the interval of its next periods' shares.

    The outlook is the level of the last periods, never the slope carried on: in back-tests (see
    Notes) the level is nearer to what came than the line is. It holds for a collection that goes
    on as it did; it knows of no event to come.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, with all topics: the weights of the level and the drift are
        learned from all of them, so that a part of the table may give another level. Choose rows
        of the outlook, not of the trends. Partial periods are left out.
    periods : int
        How many periods to look ahead.
    confidence : float
        Probability that the share counted in a period to come lies in its interval; for each topic
        and period alone.

    Returns
    -------
    DataFrame
        One row for every topic and period ahead:

        - topic, label
        - period: first day of the period to come
        - share: the level, 0 to 1; low, high: the interval of the share that will be counted, if
          the period has as many papers as the last ones. NaN where there are too few periods
        - papers: of the topic, in the periods of the level (their weighted number)
        - memory: weight of a period in the level relative to the next later one
        - words: a sentence that may be quoted

    Raises
    ------
    DataError
        Not a table of trends, or `periods` below 1.

    Notes
    -----
    The level is a mean of all whole periods with weights that fall by a constant factor into the
    past (exponential smoothing; Gardner 2006, doi:10.1016/j.ijforecast.2006.03.005), weighted by
    papers. The factor is that of a small set with the smallest error in a back-test over all
    topics: at each earlier period the level until then is compared with the share that came.

    The interval holds the middle of a beta distribution around the level, rounded outwards to whole
    papers. Its variance is that of the share to come: the binomial variance of its papers and of
    the level's, and drift. The drift, on the logit scale, is what the squared
    errors of the back-test have beside the binomial variance, pooled over topics for each number
    of periods ahead. What a topic's own errors have beyond that is shrunk towards 1
    (`toolkit.trends.quasibinomial.pool_dispersions`), and the reference is t.

    Measured coverage, and the mean error of level and line: tests/bench/trends_neighbours.py.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "total": 1000, "partial": False,
    ...                        "papers": [100, 97, 104, 99, 101, 96, 103, 100], "freq": "Y"})
    >>> trend_outlook(trends)[["period", "share", "low", "high"]]
          period  share    low   high
    0 2024-01-01    0.1  0.075  0.128
    1 2025-01-01    0.1  0.061  0.148
    """
    check_confidence(confidence)
    check_whole(periods, "periods", least=1)
    trends = check_trends(trends)
    used = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    topics = pd.Index(trends["topic"].drop_duplicates().sort_values())
    labels = name_topics(trends, topics)
    starts = sorted(used["period"].unique())
    freq = freq_of(trends)
    newest = starts[-1] if starts else trends["period"].max()
    names = label_periods(starts, freq=freq)
    known = None
    if len(starts) > _HISTORY + periods:
        wide = used.pivot(index="topic", columns="period", values="papers").loc[topics, starts]
        totals = used.drop_duplicates("period").set_index("period")["total"].loc[starts]
        known = look_ahead(
            wide.to_numpy(np.float64), totals.to_numpy(np.float64), periods, confidence
        )
    parts = []
    for ahead in range(1, periods + 1):
        part = pd.DataFrame({"topic": topics, "label": pd.array(labels, dtype="string")})
        coming = pd.Timestamp(newest).to_period(FREQS[freq]) + ahead
        part["period"] = pd.Series(coming.start_time, index=part.index).astype("datetime64[us]")
        for name in ("share", "low", "high", "papers", "memory"):
            part[name] = np.nan if known is None else getattr(known[ahead - 1], name)
        name_of = label_periods([coming.start_time], freq=freq)[0]
        part["words"] = pd.array(
            [_words(row, name_of, names, confidence, trends, periods) for row in part.itertuples()],
            dtype="string",
        )
        parts.append(part)
    table = pd.concat(parts).sort_values(["topic", "period"], kind="stable", ignore_index=True)
    table["freq"] = pd.Series(freq, index=table.index, dtype="string")
    return table


@dataclass(frozen=True)
class Ahead:
    """Levels, and the intervals of shares some periods ahead; one entry a topic."""

    share: Floats
    low: Floats
    high: Floats
    papers: Floats
    memory: float


def look_ahead(counts: Floats, totals: Floats, periods: int, confidence: float) -> list[Ahead]:
    """Return the outlook for each number of periods ahead.

    Parameters
    ----------
    counts : ndarray (n_topics, n_periods)
    totals : ndarray (n_periods,)
        Above 0; more than 3 + `periods` of them.
    """
    memory = min(_MEMORY, key=lambda factor: _loss(counts, totals, periods, factor))
    level, spread = _level(counts, totals, memory)
    recent = memory ** np.arange(len(totals))[::-1]
    papers, coming = counts @ recent, float(totals @ recent / recent.sum())
    # Half a paper keeps the variance of an empty level above zero.
    middle = _inner(level, totals)
    unit = middle * (1 - middle)
    outlook, variance = [], np.zeros(len(level))
    for ahead in range(1, periods + 1):
        drift, dispersion, df = _learn(counts, totals, ahead, memory)
        now = dispersion * (unit * (1 / coming + spread) + drift * unit**2)
        # Nothing is surer two periods ahead than one.
        variance = np.maximum(variance, now * _wider(df, confidence))
        low, high = _whole_papers(middle, variance, coming, confidence)
        outlook.append(
            Ahead(level, np.minimum(low, level), np.maximum(high, level), papers, memory)
        )
    return outlook


def _learn(
    counts: Floats, totals: Floats, ahead: int, memory: float
) -> tuple[float, Floats, float]:
    """Return drift on the logit scale, what each topic has beyond it, and degrees of freedom."""
    squares, within, scale = _errors(counts, totals, ahead, memory)
    enough = counts.sum(axis=1) >= _RELIABLE * len(totals)
    drift = _drift(squares[enough], within[enough], scale[enough]) if enough.any() else 0.0
    own = (squares / (within + drift * scale**2)).mean(axis=1)
    origins = squares.shape[1]
    # Errors at successive periods share most of their years ahead.
    dispersion, df = pool_dispersions(own, max(origins // ahead, 1), enough)
    # Topics of one period share its chances, so that many topics do not make up for few periods.
    return drift, dispersion, min(df, _FREEDOM * origins)


def _wider(df: float, confidence: float) -> float:
    """Return by what the variance grows so that normal quantiles become those of t."""
    from scipy.stats import norm
    from scipy.stats import t as student

    tail = (1 + confidence) / 2
    return float(student.ppf(tail, df) / norm.ppf(tail)) ** 2


def _whole_papers(
    share: Floats, variance: Floats, total: float, confidence: float
) -> tuple[Floats, Floats]:
    """Return the interval of a share that is counted among `total` papers.

    The beta distribution with this mean and variance, its quantiles rounded outwards to papers:
    where one paper is expected, none is no surprise.
    """
    from scipy.special import betaincinv

    size = np.maximum(share * (1 - share) / variance - 1, 1e-3)
    tail = (1 - confidence) / 2
    low, high = (betaincinv(share * size, (1 - share) * size, q) for q in (tail, 1 - tail))
    return np.floor(low * total) / total, np.minimum(np.ceil(high * total) / total, 1)


def _level(counts: Floats, totals: Floats, memory: float) -> tuple[Floats, float]:
    """Return the levels at the last period, and their binomial variance per p (1 − p)."""
    weights = memory ** np.arange(len(totals))[::-1] * totals
    weights = weights / weights.sum()
    return counts / totals @ weights, float((weights**2 / totals).sum())


def _inner(level: Floats, totals: Floats) -> Floats:
    """Return levels moved off 0 and 1 by half a paper, so that their variance is above 0."""
    size = float(totals.sum())
    return (level * size + 0.5) / (size + 1)


def _errors(
    counts: Floats, totals: Floats, ahead: int, memory: float
) -> tuple[Floats, Floats, Floats]:
    """Back-test: squared errors, their binomial variance and p (1 − p); (n_topics, n_origins)."""
    squares, within, scale = [], [], []
    for end in range(_HISTORY, len(totals) - ahead + 1):
        level, spread = _level(counts[:, :end], totals[:end], memory)
        target = end + ahead - 1
        came = counts[:, target] / totals[target]
        # The larger of what was and what came would follow the error; their mean does not.
        middle = _inner((level + came) / 2, totals[:end])
        squares.append((came - level) ** 2)
        within.append(middle * (1 - middle) * (1 / totals[target] + spread))
        scale.append(middle * (1 - middle))
    return np.stack(squares, axis=1), np.stack(within, axis=1), np.stack(scale, axis=1)


def _loss(counts: Floats, totals: Floats, periods: int, memory: float) -> float:
    """Return the mean absolute error of the back-test, all periods ahead."""
    return sum(
        float(np.sqrt(_errors(counts, totals, ahead, memory)[0]).mean())
        for ahead in range(1, periods + 1)
    )


def _drift(squares: Floats, within: Floats, scale: Floats) -> float:
    """Return the variance on the logit scale that squared errors have beside the binomial one.

    Weighted least squares of (square − binomial variance) on p² (1 − p)², never below 0.
    """
    drift = 0.0
    for _ in range(20):
        weights = scale**2 / (within + drift * scale**2) ** 2
        drift = max(float((weights * (squares - within)).sum() / (weights * scale**2).sum()), 0.0)
    return drift


def _words(
    row: Any,
    coming: str,
    names: list[str],
    confidence: float,
    trends: pd.DataFrame,
    periods: int,
) -> str:
    if row.share != row.share:
        partial = name_partial_periods(trends)
        left = f"; {describe_partial_periods(partial)}" if partial else ""
        return (
            f"{row.label}: no outlook; a back-test needs {_HISTORY + periods + 1} complete periods "
            f"with papers, and there are {len(names) or 'none'}{left}."
        )
    wide = ""
    if row.low == 0 < row.high:
        wide = f"; that says no more than under {percent(row.high)}"
    elif row.high > _WIDE * row.low:
        wide = "; so wide an interval says almost nothing"
    return (
        f"{row.label}: at its level, {percent(row.share)} of the papers; in {coming} between "
        f"{percent(row.low)} and {percent(row.high)} ({confidence * 100:g} % interval, if the "
        f"collection goes on as until {names[-1]}; the level rests on "
        f"{count_papers(round(row.papers))}{_some_only(trends)}){wide}."
    )


def _some_only(trends: pd.DataFrame) -> str:
    """Say it where the table holds some of the topics only; a paper has one topic at most."""
    if not pd.api.types.is_integer_dtype(trends["topic"]):
        return ""
    held = trends["papers"].sum() / trends.drop_duplicates("period")["total"].sum()
    if held >= _SOME:
        return ""
    number = trends["topic"].nunique()
    return (
        f"; its weights are learned from {number} topic{'' if number == 1 else 's'} with "
        f"{percent(held)} of the papers, not from all"
    )
