"""The period of each paper, and which periods a collection covers in full."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.schema import check_papers
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.coverage import find_cover, known_by_year, main_stretch, unlikely_whole
from toolkit.trends.dated import (
    check_bounds,
    check_placed,
    days_of,
    read_bounds,
    too_coarse,
    warn_left_out,
)
from toolkit.trends.frequencies import FEW_PAPERS, FREQS, start_of

#: More periods than this come from a wrong date.
MAX_PERIODS = 20_000


def assign_periods(
    papers: pd.DataFrame,
    *,
    freq: str = "auto",
    date: str = "auto",
    since: str | int | pd.Timestamp | None = None,
    until: str | int | pd.Timestamp | None = None,
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Return the period of each paper, and a table of all periods from the first to the last.

    Parameters
    ----------
    papers : DataFrame
        A papers table with the column `date`; where it has `published_precision`, dates known
        only to the month or the year are not placed in shorter periods.
    freq : str
        Length of a period: D, W (from Monday), M, Q or Y; ``"auto"`` as in `choose_calendar`.
    date : str
        ``"published"`` or ``"listed"``; ``"auto"`` as in `choose_calendar`.
    since, until : str, int or Timestamp, optional
        The first and the last day that the collection covers in full, where you know it; of a
        year (2023 or "2023") or a month ("2023-06") the first and the last day.

    Returns
    -------
    period : Series of datetime64
        The first day of each paper's period, with the index of `papers`; NaT where it has none.
    periods : DataFrame
        One row a period, empty ones included: period (its first day), papers, partial, sparse
        (it has papers, but fewer than 30: too few to read a share off it alone).

    Raises
    ------
    DataError
        An unknown `freq` or `date`, a column that holds no dates, or no paper that can be placed,
        or `since` after the last paper or `until` before the first.

    Warns
    -----
    UserWarning
        Counts the papers left out because they have no date or one that is not precise enough,
        and names those left out because they lie astray in time. Names a last year that is not
        taken for a whole one.

    Notes
    -----
    A period is *partial* unless the dates show that the collection covers it in full. Coverage
    begins at the latest day on which the first paper can have appeared and ends at the earliest
    day on which the last one can: with exact days these are the first and the last date; a last
    paper "of 2024-08" shows only that August had begun. Where of most papers of the first or the
    last year only the year is known, it counts as covered: databases that give years have whole
    years. A last year is not if it is the present one, or holds less than half of the median of
    the three years before it; a warning says so. A list holds few papers from before it
    began; so where every paper has a `listed` date, coverage by `published` does not begin before
    the first of these. Nor does it begin (or end) with papers, at most one in twenty, that lie
    farther from all others than these from each other.

    Papers are *astray*, and left out with their periods, so that one of 1946 among those of 2015
    to 2024, or a typing error (0202 for 2020), does not stretch time by seventy empty years: those
    beyond such a gap; and at either end, at most one paper in twenty, those in two or more periods
    of which each holds fewer than 30 papers and less than a tenth of the usual (the mean of the
    periods that the middle nine tenths of the papers span). `since` and `until` keep what they
    name.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["A", "B"],
    ...     "published": pd.to_datetime(["2024-01-01", "2024-08-20"])})
    >>> assign_periods(papers, freq="Q")[1]
          period  papers  partial  sparse
    0 2024-01-01       1    False    True
    1 2024-04-01       0    False   False
    2 2024-07-01       1     True    True
    """
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    check_papers(papers, needs=(date,))
    days = days_of(papers, date)
    coarse = too_coarse(papers, freq, date)
    placed = days.notna() & ~coarse
    check_placed(papers, days, coarse, freq=freq, date=date)
    given = read_bounds(since, until)
    check_bounds(given, days[placed])
    cover = find_cover(papers[placed], days[placed], date=date, **given)
    first, last = main_stretch(papers[placed], days[placed], freq, date=date, **given)
    period = start_of(days.where(placed), freq)
    stray = period.notna() & ~period.between(first, last)
    warn_left_out(papers, days, coarse, stray, freq=freq, date=date)
    period = period.mask(stray)
    periods = _list_periods(papers["paper_id"], period, freq, cover)
    final = periods["period"].iloc[-1].year
    if freq == "Y" and periods["partial"].iloc[-1] and until is None:
        why = unlikely_whole(days[placed & ~stray], final)
        if why and date == "published" and known_by_year(papers[placed], days[placed], final):
            warn_user(
                f"{final} is not taken for a whole year: {why}. Tests leave it out; if it is "
                f"complete, say until={final}"
            )
    return period, periods


def _list_periods(
    ids: pd.Series[Any],
    period: pd.Series[Any],
    freq: str,
    cover: tuple[pd.Timestamp, pd.Timestamp],
) -> pd.DataFrame:
    name = FREQS[freq]
    first, last = period.min(), period.max()
    number = (last.to_period(name) - first.to_period(name)).n + 1
    if number > MAX_PERIODS:
        raise DataError(
            f"{number:,} periods from {first.date()} to {last.date()}",
            argument="freq",
            found=freq,
            expected=f"at most {MAX_PERIODS:,}",
            hint="Take longer periods, or look at the dates of the first paper and of the last: "
            f"{ids.iloc[period.argmin()]}, {ids.iloc[period.argmax()]}",
        )
    whole = pd.period_range(first, last, freq=name)
    counts = period.value_counts()
    table = pd.DataFrame({"period": whole.start_time.astype("datetime64[us]")})
    table["papers"] = table["period"].map(counts).fillna(0).astype("int64")
    last_days = whole.end_time.normalize()
    table["partial"] = (whole.start_time < cover[0]) | (last_days > cover[1])
    table["sparse"] = table["papers"].between(1, FEW_PAPERS - 1)
    return table
