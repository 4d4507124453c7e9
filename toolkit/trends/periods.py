"""The period of each paper, and which periods a collection covers in full."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.schema import check_papers
from toolkit.trends.frequencies import FEW_PAPERS, FREQS, NAMES, check_freq, start_of

DATES = ("published", "listed")
#: The shortest period in which a date of a given precision can be placed.
_FINEST = {"day": "D", "month": "M", "year": "Y"}
#: More periods than this come from a wrong date.
MAX_PERIODS = 20_000
#: Papers within this time of others are never taken for outliers in time.
_NEAR = pd.Timedelta(days=731)
#: A gap that should have held this many papers separates the papers beyond it.
_EXPECTED_IN_GAP = 30
#: A date this far from all others is more likely wrong than right.
_FAR_OFF = pd.Timedelta(days=20 * 365)


def assign_periods(
    papers: pd.DataFrame,
    *,
    freq: str = "Q",
    date: str = "published",
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Return the period of each paper, and a table of all periods from the first to the last.

    Parameters
    ----------
    papers : DataFrame
        A papers table with the column `date`; where it has `published_precision`, dates known
        only to the month or the year are not placed in shorter periods.
    freq : str
        Length of a period: D, W (from Monday), M, Q or Y.
    date : str
        ``"published"`` or ``"listed"``.
    since, until : str or Timestamp, optional
        The first and the last day that the collection covers in full, where you know it.

    Returns
    -------
    period : Series of datetime64
        The first day of each paper's period, with the index of `papers`; NaT where it has none.
    periods : DataFrame
        One row a period, empty ones included: period (its first day), papers, partial, few (it
        has papers, but fewer than 30: too few to read a share off it alone).

    Raises
    ------
    DataError
        An unknown `freq` or `date`, a column that holds no dates, or no paper that can be placed.

    Warns
    -----
    UserWarning
        Counts the papers left out because they have no date or one that is not precise enough;
        names papers more than twenty years away from all others.

    Notes
    -----
    A period is *partial* unless the dates show that the collection covers it in full. Coverage
    begins at the latest day on which the first paper can have appeared and ends at the earliest
    day on which the last one can: with exact days these are the first and the last date; a last
    paper "of 2024-08" shows only that August had begun. A list holds few papers from before it
    began; so where every paper has a `listed` date, coverage by `published` does not begin before
    the first of these. Nor does it begin (or end) with papers, at most one in twenty, that lie
    farther from all others than these from each other: one of 1962 among those of 2015 to 2024,
    or a typing error (0202 for 2020).

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["A", "B"],
    ...     "published": pd.to_datetime(["2024-01-01", "2024-08-20"])})
    >>> assign_periods(papers)[1]
          period  papers  partial    few
    0 2024-01-01       1    False   True
    1 2024-04-01       0    False  False
    2 2024-07-01       1     True   True
    """
    freq, date = check_freq(freq), _check_date(date)
    check_papers(papers, needs=(date,))
    days = _days(papers, date)
    coarse = _too_coarse(papers, freq) if date == "published" else days.isna() & False
    placed = days.notna() & ~coarse
    _report_left_out(papers, days, coarse, placed, freq=freq, date=date)
    period = start_of(days.where(placed), freq)
    by_list = date == "published" and "listed" in papers and papers["listed"][placed].notna().all()
    cover = _find_coverage(
        papers[placed] if date == "published" else papers.loc[placed, ["paper_id"]],
        days[placed],
        listed=_days(papers, "listed")[placed] if by_list else None,
        since=None if since is None else _day(since, "since"),
        until=None if until is None else _day(until, "until"),
    )
    return period, _list_periods(papers["paper_id"], period, freq, cover)


def count_placeable(papers: pd.DataFrame, *, date: str = "published") -> dict[str, int]:
    """Count the papers that can be placed in periods of each length.

    Parameters
    ----------
    papers : DataFrame
        A papers table; without the column `date`, no paper can be placed.
    date : str
        ``"published"`` or ``"listed"``.

    Returns
    -------
    dict of str to int
        For each `freq`, finest first, how many papers have a date known that precisely.

    Examples
    --------
    >>> papers = pd.DataFrame({"published": pd.to_datetime(["2024-01-01", "2023-01-01", None]),
    ...     "published_precision": ["year", "month", None]})
    >>> count_placeable(papers)
    {'D': 0, 'W': 0, 'M': 1, 'Q': 1, 'Y': 2}
    """
    if date not in papers or not pd.api.types.is_datetime64_any_dtype(papers[date]):
        return dict.fromkeys(FREQS, 0)
    there = papers[date].notna()
    by_precision = date == "published"
    return {
        freq: int((there & ~_too_coarse(papers, freq)).sum() if by_precision else there.sum())
        for freq in FREQS
    }


def _check_date(date: str) -> str:
    if date not in DATES:
        raise DataError(
            "not a column of dates",
            argument="date",
            found=date,
            expected="'published' or 'listed'",
        )
    return date


def _day(value: Any, name: str) -> pd.Timestamp:
    day = pd.to_datetime(value, errors="coerce")
    if not isinstance(day, pd.Timestamp):
        raise DataError("not a date", argument=name, found=value, expected="YYYY-MM-DD")
    return day.normalize()


def _days(papers: pd.DataFrame, date: str) -> pd.Series[Any]:
    days = papers[date]
    if not pd.api.types.is_datetime64_any_dtype(days):
        raise DataError(
            "the column holds no dates",
            column=date,
            found=str(days.dtype),
            expected="datetime64",
            hint=f"Convert it: papers.assign({date}=pd.to_datetime(papers[{date!r}]))",
        )
    whole: pd.Series[Any] = days.dt.tz_localize(None).dt.normalize()
    return whole


def _too_coarse(papers: pd.DataFrame, freq: str) -> pd.Series[bool]:
    """Return a mask of the papers whose date is not precise enough for periods of this length."""
    if "published_precision" not in papers:
        return pd.Series(False, index=papers.index)
    order = list(FREQS)
    coarse = [name for name, finest in _FINEST.items() if order.index(finest) > order.index(freq)]
    return papers["published_precision"].isin(coarse)


def _suggest_dates(papers: pd.DataFrame, date: str) -> str:
    """Return a hint: the arguments that would work with the dates at hand."""
    ways = [f"freq={freq!r}" for freq, count in count_placeable(papers, date=date).items() if count]
    other = next(name for name in DATES if name != date)
    if sum(count_placeable(papers, date=other).values()):
        ways.append(f"date={other!r}")
    if ways:
        return f"Take {' or '.join(filter(None, [', '.join(ways[:-1]), ways[-1]]))}"
    if papers.empty:
        return "The table is empty: take more of the papers"
    return f"Fill {date!r} (years are enough): there is no other date either"


def _report_left_out(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    coarse: pd.Series[bool],
    placed: pd.Series[bool],
    *,
    freq: str,
    date: str,
) -> None:
    undated = int(days.isna().sum())
    unplaced = int((coarse & days.notna()).sum())
    what = f"{NAMES[freq]}s"
    if not placed.any():
        raise DataError(
            f"no paper can be placed in {what}",
            column=date,
            found=f"{undated} of {len(days)} without a date, {unplaced} with one too coarse",
            expected=f"dates known to the {NAMES[freq]} or finer",
            hint=_suggest_dates(papers, date),
        )
    reasons = [f"{undated} without a date"] if undated else []
    reasons += [f"{unplaced} whose date is not known to the {NAMES[freq]}"] if unplaced else []
    if reasons:
        warn_user(
            f"left out of the {what} by {date!r}: {' and '.join(reasons)}, of {len(days)} papers"
        )


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
    table["few"] = table["papers"].between(1, FEW_PAPERS - 1)
    return table


def _find_coverage(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    *,
    listed: pd.Series[Any] | None,
    since: pd.Timestamp | None,
    until: pd.Timestamp | None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the collection is known to cover.

    `papers` have `published_precision` only where `days` are of that precision; `listed` is given
    where coverage cannot begin before the list did; `since` and `until` are what the user knows.
    Warns of papers more than twenty years away from all others.
    """
    latest = days
    if "published_precision" in papers:
        latest = days.mask(
            papers["published_precision"].eq("month"), days + pd.offsets.MonthEnd(0)
        ).mask(papers["published_precision"].eq("year"), days + pd.offsets.YearEnd(0))
    first, last = _without_outliers(days, latest)
    far = (days < first - _FAR_OFF) & (since is None) | (days > last + _FAR_OFF) & (until is None)
    if far.any():
        _warn_far_off(papers[far], days[far])
    start, end = latest[days >= first].min(), days[days <= last].max()
    if listed is not None:
        start = max(start, listed.min())
    return (start if since is None else since), (end if until is None else until)


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


def _warn_far_off(papers: pd.DataFrame, days: pd.Series[Any]) -> None:
    some = [f"{day.date()} ({paper})" for paper, day in zip(papers["paper_id"], days)]
    more = f" and {len(some) - 3} more" if len(some) > 3 else ""
    warn_user(
        "dates far from those of all other papers, not used to decide which periods are covered "
        f"in full: {', '.join(some[:3])}{more}. Correct the date if it is wrong; if it is right, "
        "give the days that the collection covers: since='YYYY-MM-DD', until='YYYY-MM-DD'"
    )
