"""The dates of papers: to what length of period each is known, and what is without."""

from __future__ import annotations

import datetime as dt
import re
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.dates import dates_of
from toolkit.trends.frequencies import FREQS, NAMES, label_periods, start_of

DATES = ("published", "listed")
#: The shortest period in which a date of a given precision can be placed.
_FINEST = {"day": "D", "month": "M", "year": "Y"}


#: Bounds that name a year or a month.
_LENGTHS = {"Y": r"\d{4}", "M": r"\d{4}-\d\d"}


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
    return {freq: int((there & ~too_coarse(papers, freq, date)).sum()) for freq in FREQS}


def check_date(date: str) -> str:
    """Return the name of a column of dates; anything else is a DataError."""
    if date not in DATES:
        raise DataError(
            "not a column of dates",
            argument="date",
            found=date,
            expected="'published' or 'listed'",
        )
    return date


def read_bounds(since: Any, until: Any) -> dict[str, pd.Timestamp | None]:
    """Return the first and the last day that a collection covers, None where not given.

    Raises
    ------
    DataError
        No date, or the first is after the last.

    Examples
    --------
    >>> [f"{day:%Y-%m-%d}" for day in read_bounds(2021, "2023-06").values()]
    ['2021-01-01', '2023-06-30']
    """
    given = {"since": _bound(since, "since"), "until": _bound(until, "until")}
    first, last = given["since"], given["until"]
    if first and last and first > last:
        raise DataError(
            "the first day covered is after the last",
            argument="since",
            found=str(first.date()),
            expected=f"{last.date()} or earlier",
        )
    return given


def _bound(value: Any, name: str) -> pd.Timestamp | None:
    """Return the first (`since`) or last day (`until`) of a year, a month or a day."""
    if value is None:
        return None
    number = isinstance(value, Integral)
    text = str(value) if number or isinstance(value, str) else ""
    length = next((name for name, form in _LENGTHS.items() if re.fullmatch(form, text)), None)
    dated = isinstance(value, str | dt.date | np.datetime64)
    day: Any = pd.to_datetime(text or value, errors="coerce") if length or dated else None
    if not isinstance(day, pd.Timestamp):
        raise DataError(
            "not a date", argument=name, found=value, expected="a year, YYYY-MM or YYYY-MM-DD"
        )
    if length and name == "until":
        day = day.to_period(length).end_time
    return pd.Timestamp(day.tz_localize(None).normalize().as_unit("us"))


def check_bounds(given: dict[str, pd.Timestamp | None], days: pd.Series[Any]) -> None:
    """Raise a DataError where a bound lies outside the time of all papers."""
    since, until = given["since"], given["until"]
    first, last = days.min(), days.max()
    for name, day, outside in (
        ("since", since, since is not None and since > last),
        ("until", until, until is not None and until < first),
    ):
        if day is not None and outside:
            raise DataError(
                f"no paper is {'since' if name == 'since' else 'until'} then",
                argument=name,
                found=str(day.date()),
                expected=f"a day from {first.date()} to {last.date()}",
            )


def days_of(papers: pd.DataFrame, date: str) -> pd.Series[Any]:
    """Return the days of a column, without time of day or zone."""
    days = dates_of(papers, date)
    whole: pd.Series[Any] = days.dt.normalize()
    return whole


def too_coarse(papers: pd.DataFrame, freq: str, date: str) -> pd.Series[bool]:
    """Return a mask of the papers whose date is not precise enough for periods of this length."""
    if date != "published" or "published_precision" not in papers:
        return pd.Series(False, index=papers.index)
    order = list(FREQS)
    coarse = [name for name, finest in _FINEST.items() if order.index(finest) > order.index(freq)]
    return papers["published_precision"].isin(coarse)


def latest_days(papers: pd.DataFrame, days: pd.Series[Any]) -> pd.Series[Any]:
    """Return the latest day that each day of `published` can mean: of 2024, 31 December 2024."""
    if "published_precision" not in papers:
        return days
    precision = papers["published_precision"]
    return days.mask(precision.eq("month"), days + pd.offsets.MonthEnd(0)).mask(
        precision.eq("year"), days + pd.offsets.YearEnd(0)
    )


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


def check_placed(
    papers: pd.DataFrame, days: pd.Series[Any], coarse: pd.Series[bool], *, freq: str, date: str
) -> None:
    """Raise a DataError where no paper can be placed, with the arguments that would work."""
    if not (days.notna() & ~coarse).any():
        raise DataError(
            f"no paper can be placed in {NAMES[freq]}s",
            column=date,
            found=f"{int(days.isna().sum())} of {len(days)} without a date, "
            f"{int((coarse & days.notna()).sum())} with one too coarse",
            expected=f"dates known to the {NAMES[freq]} or finer",
            hint=_suggest_dates(papers, date),
        )


def warn_left_out(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    coarse: pd.Series[bool],
    stray: pd.Series[bool],
    *,
    freq: str,
    date: str,
) -> None:
    """Warn of papers without a date, with one too coarse, and of those astray in time."""
    undated, unplaced = int(days.isna().sum()), int((coarse & days.notna()).sum())
    reasons = [f"{undated} without a date"] if undated else []
    reasons += [f"{unplaced} whose date is not known to the {NAMES[freq]}"] if unplaced else []
    advice = ""
    if stray.any():
        when = pd.Series(days.to_numpy(), index=papers["paper_id"])[stray.to_numpy()].sort_values()
        usual = start_of(days[days.notna() & ~coarse & ~stray], freq)
        first, last = label_periods([usual.min(), usual.max()], freq=freq)
        before, after = bool(when.iloc[0] < usual.min()), bool(when.iloc[-1] > usual.max())
        ends = [f"before {first}"] * before + [f"after {last}"] * after
        some = [f"{paper}: {day.date()}" for paper, day in when.items()]
        named = ", ".join(some if len(some) < 4 else [*some[:2], "…", some[-1]])
        reasons.append(
            f"{len(when)} {' or '.join(ends)}, where {NAMES[freq]}s hold hardly any ({named})"
        )
        ways = [f"since='{when.iloc[0].date()}'"] * before
        ways += [f"until='{when.iloc[-1].date()}'"] * after
        advice = f". Correct a date if it is wrong, or keep them all by {', '.join(ways)}"
    if reasons:
        listed = " and ".join(filter(None, [", ".join(reasons[:-1]), reasons[-1]]))
        warn_user(
            f"left out of the {NAMES[freq]}s by {date!r}: {listed}, of {len(days)} papers{advice}"
        )
