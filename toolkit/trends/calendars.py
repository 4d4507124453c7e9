"""Which dates papers are counted by, and in periods of which length: one decision for all."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.papers.columns import text_of
from toolkit.papers.schema import check_papers
from toolkit.trends.coverage import find_cover, main_stretch
from toolkit.trends.dated import (
    DATES,
    check_date,
    check_placed,
    count_placeable,
    days_of,
    latest_days,
    too_coarse,
)
from toolkit.trends.frequencies import FEW_PAPERS, FREQS, NAMES, check_freq

#: A line or a curve through fewer points has no scatter worth measuring.
ENOUGH_PERIODS = 8
#: Of that many papers, one may be left out for its date.
_ONE_IN = 20
#: A trend needs as many whole periods.
_LEAST_PERIODS = 3
#: A list that papers reach later than this tells of its keepers, not of the field.
_PROMPT = pd.Timedelta(days=92)


class Calendar(NamedTuple):
    """How papers are counted over time, and why.

    Parameters
    ----------
    freq : str
        Length of a period: D, W, M, Q or Y.
    date : str
        ``"published"`` or ``"listed"``.
    reason : str
        One or two sentences.
    """

    freq: str
    date: str
    reason: str


@checked
def choose_calendar(papers: pd.DataFrame, *, freq: str = "auto", date: str = "auto") -> Calendar:
    """Return by which date and in which periods the papers are counted, and why.

    Every function with the arguments `freq` and `date` decides by this one. The decision rests on
    the dates alone, so that nobody is tempted to try lengths until a trend shows.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    freq : str
        D, W, M, Q or Y to hold to that length; ``"auto"`` to choose.
    date : str
        ``"published"`` or ``"listed"`` to hold to that date; ``"auto"`` to choose.

    Returns
    -------
    Calendar
        A named tuple: freq, date, reason.

    Raises
    ------
    DataError
        An unknown argument, no paper with a date, or a column that holds no dates.

    Notes
    -----
    *The date.* Papers are counted by publication, unless they come from a list that is kept day by
    day. On such a list each day is complete, while by publication its last months still lack the
    papers that will be listed later. So ``"listed"`` is taken where 19 of 20 dated papers have
    it, half of them came onto the list within three months after publication, and the list has
    run for three months; also where most papers have no other date.

    *The length.* Only lengths count for which at most one in twenty dated papers has a date too
    coarse: where a database gives years only, periods are years. Of these, the longest length is
    taken that gives eight whole periods: years, else quarters, else months (the shortest where
    none does), so that a curve can be told from its scatter. Where such periods typically hold
    fewer than 30 papers, the next longer one is taken, as long as three whole ones remain.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...     "published": pd.to_datetime(["2021-01-01", "2022-01-01", "2023-01-01"]),
    ...     "published_precision": ["year", "year", "month"]})
    >>> calendar = choose_calendar(papers)
    >>> calendar.freq, calendar.date
    ('Y', 'published')
    >>> print(calendar.reason)
    By year: 2 of 3 dates are known to the year only. By the date of publication.
    """
    check_papers(papers)
    freq = freq if freq == "auto" else check_freq(freq)
    date = date if date == "auto" else check_date(date)
    if freq != "auto" and date != "auto":
        return Calendar(freq, date, "As given.")
    by = "The date is given."
    if date == "auto":
        date, by = _choose_date(papers)
    every = f"The length of periods is given: {NAMES[freq]}s." if freq in NAMES else ""
    if freq == "auto":
        freq, every = _choose_freq(papers, date)
    return Calendar(freq, date, f"{every} {by}")


def date_papers(papers: pd.DataFrame) -> pd.DataFrame:
    """Return each paper's date: the one that `choose_calendar` takes, else the other one.

    Parameters
    ----------
    papers : DataFrame
        A papers table, with or without dates.

    Returns
    -------
    DataFrame
        With the index of `papers`: day (NaT where there is none), precision (day, month or year)
        and last (the last day that the date can mean: of 2024, 31 December 2024).

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a"], "title": ["A"],
    ...     "published": pd.to_datetime(["2024-01-01"]), "published_precision": ["year"]})
    >>> date_papers(papers)
             day precision       last
    0 2024-01-01      year 2024-12-31
    """
    there = {name: _usable(papers, name) for name in DATES}
    first = "published"
    if any(days.notna().any() for days in there.values()):
        first = _choose_date(papers)[0]
    other = next(name for name in DATES if name != first)
    day = there[first].fillna(there[other])
    precision = pd.Series("day", index=papers.index, dtype="string")
    last = day
    if "published_precision" in papers:
        by = there["listed"].isna() if first == "listed" else there["published"].notna()
        said = text_of(papers, "published_precision")
        precision = precision.mask(by & said.isin(("month", "year")).fillna(False), said)
        last = day.mask(by, latest_days(papers, day))
    return pd.DataFrame({"day": day, "precision": precision, "last": last})


def _choose_date(papers: pd.DataFrame) -> tuple[str, str]:
    there = {name: _usable(papers, name) for name in ("published", "listed")}
    published, listed = there["published"].notna(), there["listed"].notna()
    dated = int((published | listed).sum())
    if not dated:
        raise DataError(
            "no paper has a date",
            column="published",
            found=f"{len(papers):,} papers without 'published' or 'listed'",
            expected="a date for some of them",
            hint="The table is empty: take more of the papers"
            if papers.empty
            else "Fill 'published': years are enough",
        )
    if not listed.any():
        return "published", "By the date of publication."
    if 2 * published.sum() < listed.sum():
        return "listed", f"By the day of the list: {int(published.sum()):,} have another date."
    lacking = dated - int(listed.sum())
    if lacking * _ONE_IN > dated:
        return "published", (
            f"By the date of publication: {lacking:,} of {dated:,} papers have no day on a list."
        )
    both = published & listed
    delays = (there["listed"] - latest_days(papers, there["published"]))[both]
    prompt = bool(2 * (delays <= _PROMPT).sum() >= both.sum())
    run = there["listed"].max() - there["listed"].min()
    if run < _PROMPT:
        return "published", "By the date of publication: the list ran for less than three months."
    if not prompt:
        return "published", (
            "By the date of publication: half of the papers came onto the list more than three "
            "months after it."
        )
    return "listed", (
        "By the day of the list: it is kept day by day, and by publication the last months would "
        "lack what is listed later."
    )


def _usable(papers: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return the days of a column, all missing where there is none or it is empty."""
    if name not in papers or papers[name].isna().all():
        return pd.Series(pd.NaT, index=papers.index, dtype="datetime64[us]")
    return days_of(papers, name)


def _choose_freq(papers: pd.DataFrame, date: str) -> tuple[str, str]:
    placeable = count_placeable(papers, date=date)
    dated = placeable["Y"]
    if not dated:
        check_papers(papers, needs=(date,))
        days = days_of(papers, date)
        check_placed(papers, days, days.isna(), freq="Y", date=date)
    lengths = [freq for freq in ("Y", "Q", "M") if (dated - placeable[freq]) * _ONE_IN <= dated]
    if lengths == ["Y"]:
        coarse = dated - placeable["Q"]
        return "Y", f"By year: {coarse:,} of {dated:,} dates are known to the year only."
    facts = {freq: _count_whole(papers, date, freq) for freq in lengths}
    place = next(
        (n for n, freq in enumerate(lengths) if facts[freq][0] >= ENOUGH_PERIODS),
        len(lengths) - 1,
    )
    why = ""
    if place:
        left = facts[lengths[place - 1]][0]
        verb = "is" if left == 1 else "are"
        why = f"; {_count(left, lengths[place - 1])} {verb} too few"
    while place:
        (_, held), (left, _) = facts[lengths[place]], facts[lengths[place - 1]]
        if held >= FEW_PAPERS or left < _LEAST_PERIODS:
            break
        why = f"; a {NAMES[lengths[place]]} typically holds only {held:,.0f}"
        place -= 1
    whole, typical = facts[lengths[place]]
    many = "" if round(typical) == 1 else "s"
    hold = f", typically of {typical:,.0f} paper{many}" if whole else ""
    name = NAMES[lengths[place]]
    coarse = dated - placeable[lengths[place]]
    out = f" {coarse:,} of {dated:,} dates are coarser, and left out." if coarse else ""
    return lengths[place], f"By {name}: {_count(whole, lengths[place])}{hold}{why}.{out}"


def _count(number: int, freq: str) -> str:
    return f"{number or 'no'} whole {NAMES[freq]}{'' if number == 1 else 's'}"


def _count_whole(papers: pd.DataFrame, date: str, freq: str) -> tuple[int, float]:
    """Return how many whole periods there are, empty ones too, and the median of their papers."""
    days = days_of(papers, date)
    placed = days.notna() & ~too_coarse(papers, freq, date)
    if not placed.any():
        return 0, 0.0
    name = FREQS[freq]
    cover = find_cover(papers[placed], days[placed], date=date)
    main = main_stretch(papers[placed], days[placed], freq, date=date)
    first, last = (day.to_period(name) for day in cover)
    start = max(first.ordinal + (first.start_time < cover[0]), main[0].to_period(name).ordinal)
    end = min(
        last.ordinal - (last.end_time.normalize() > cover[1]), main[1].to_period(name).ordinal
    )
    if end < start:
        return 0, 0.0
    place = pd.PeriodIndex(days[placed], freq=name).astype("int64").to_numpy()
    inside = place[(place >= start) & (place <= end)] - start
    return end - start + 1, float(np.median(np.bincount(inside, minlength=end - start + 1)))
