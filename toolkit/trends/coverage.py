"""Which days a collection covers in full, and which papers lie astray, judging by the dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.trends.dated import days_of, latest_days
from toolkit.trends.frequencies import FEW_PAPERS, FREQS

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Papers within this time of others are never taken for outliers in time.
_NEAR = pd.Timedelta(days=731)
#: A gap that should have held this many papers separates the papers beyond it.
_EXPECTED_IN_GAP = 30
#: No paper for three times the mean distance of two is chance in one of twenty cases (−ln 0.05).
#: So much is granted at both ends, at most some days, where there are papers enough to know it.
_CHANCE = 3.0
_GRACE = pd.Timedelta(days=5)
_MANY = 200
#: A last year of which only the year is known is whole if it holds so large a part of the median
#: of so many years before it.
_WHOLE_PART, _BEFORE = 0.5, 3


def find_cover(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    *,
    date: str,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the collection is known to cover.

    Parameters
    ----------
    papers : DataFrame
        Those that can be placed.
    days : Series of datetime64
        Their dates.
    date : str
        The column that the dates are from.
    since, until : Timestamp, optional
        What the user knows.
    """
    latest = latest_days(papers, days) if date == "published" else days
    first, last = _without_outliers(days, latest)
    start, end = latest[days >= first].min(), days[days <= last].max()
    by_year = date == "published" and "published_precision" in papers
    if by_year and known_by_year(papers, days, first.year):
        start = pd.Timestamp(first.year, 1, 1)
    if by_year and known_by_year(papers, days, last.year) and not unlikely_whole(days, last.year):
        end = pd.Timestamp(last.year, 12, 31)
    if len(days) >= _MANY:
        # With some papers a day, the first comes a day or two after the collection begins.
        chance = min(_CHANCE * (last - first) / len(days), _GRACE).as_unit("us")
        start, end = start - chance, end + chance
    if date == "published" and "listed" in papers and papers["listed"].notna().all():
        start = max(start, days_of(papers, "listed").min())
    return (start if since is None else since), (end if until is None else until)


def known_by_year(papers: pd.DataFrame, days: pd.Series[Any], year: int) -> bool:
    """Return whether of most papers of a year no more than the year is known."""
    if "published_precision" not in papers:
        return False
    precision = papers["published_precision"][(days.dt.year == year).to_numpy()]
    return bool(2 * precision.eq("year").sum() > len(precision))


def unlikely_whole(days: pd.Series[Any], year: int) -> str:
    """Return why a last year known by years alone is not taken for a whole one; "" where it is.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2019-01-01", "2020-01-01"] * 9 + ["2021-01-01"] * 3))
    >>> unlikely_whole(days, 2021), unlikely_whole(days, 2020)
    ('it holds 3 papers, the years before it typically 9', '')
    """
    if year >= pd.Timestamp.now().year:
        return "it is not over"
    years = days.dt.year
    counts = years[years < year].value_counts().sort_index().tail(_BEFORE)
    held, usual = int((years == year).sum()), 0 if counts.empty else float(counts.median())
    if held >= usual * _WHOLE_PART:
        return ""
    papers = "1 paper" if held == 1 else f"{held:,} papers"
    return f"it holds {papers}, the years before it typically {usual:,.0f}"


def main_stretch(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    freq: str,
    *,
    date: str,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first days of the first and of the last period, stray papers at the ends apart.

    Papers are stray that lie at either end, at most one in twenty there, in two periods or more
    of which each holds less than a tenth of what the periods of the middle nine tenths hold on
    average (and fewer than 30), or beyond a long gap. Periods that `since` and `until` name stay.

    Parameters
    ----------
    papers : DataFrame
        Those that can be placed.
    days : Series of datetime64
        Their dates.
    freq, date : str
        Of the periods.
    since, until : Timestamp, optional
        What the user knows.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["1946-05-01", *["2020-07-01", "2021-03-01"] * 20]))
    >>> [f"{day:%Y}" for day in main_stretch(pd.DataFrame(), days, "Y", date="listed")]
    ['2020', '2021']
    """
    name = FREQS[freq]
    place = pd.PeriodIndex(days, freq=name).astype("int64").to_numpy()
    ordered = np.sort(place)
    few = len(place) // 20
    low, high = ordered[few], ordered[len(place) - 1 - few]
    usual = np.count_nonzero((place >= low) & (place <= high)) / (high - low + 1)
    counts = np.bincount(place - ordered[0])
    thin = counts < min(usual / 10, FEW_PAPERS)
    latest = latest_days(papers, days) if date == "published" else days
    inner = [day.to_period(name).ordinal for day in _without_outliers(days, latest)]
    first = max(_run(thin, counts, few), inner[0] - ordered[0])
    last = max(_run(thin[::-1], counts[::-1], few), ordered[-1] - inner[1])
    # One thin period beside full ones is the one in which a collection began or was made.
    start = ordered[0] + (first if first > 1 else 0)
    end = ordered[-1] - (last if last > 1 else 0)
    start = start if since is None else min(start, max(since.to_period(name).ordinal, ordered[0]))
    end = end if until is None else max(end, min(until.to_period(name).ordinal, ordered[-1]))
    ends = [pd.Period(ordinal=int(at), freq=name).start_time for at in (start, end)]
    return ends[0], ends[1]


def _run(thin: NDArray[np.bool_], counts: NDArray[np.int64], few: int) -> int:
    """Return how many periods at the beginning are thin and hold few papers together."""
    stray = thin & (counts.cumsum() <= few)
    return int(len(stray) if stray.all() else stray.argmin())


def _without_outliers(
    days: pd.Series[Any], latest: pd.Series[Any]
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that no long gap separates from the other days."""
    order = days.argsort(kind="stable")
    ordered, until = days.iloc[order].reset_index(drop=True), latest.iloc[order]
    number, few = len(ordered), len(ordered) // 20
    span = ordered[number - 1 - few] - ordered[few]
    # Only gaps with at most a twentieth of the papers beyond them separate these from the rest.
    beyond = pd.Series(np.minimum(np.arange(number), number - np.arange(number)))
    gap = ordered - until.shift().reset_index(drop=True)
    expected = (number - 2 * few) * (gap / max(span, pd.Timedelta(days=1)))
    empty = (expected >= _EXPECTED_IN_GAP) & (expected >= 10 * beyond)
    wide = ordered.index[((gap > max(span, _NEAR)) | empty) & (beyond <= few) & (beyond > 0)]
    low = max((at for at in wide if at <= number // 2), default=0)
    high = min((at for at in wide if at > number // 2), default=number) - 1
    return ordered[low], ordered[high]
