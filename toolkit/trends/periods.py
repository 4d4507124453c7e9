"""Periods: which one each paper falls into, which are whole, and which hold nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.schema import check_papers
from toolkit.trends.cover import find_cover
from toolkit.trends.frequencies import FEW, FREQS, NAMES, check_freq, start_of

DATES = ("published", "listed")
#: The finest period in which a date of a given precision can be placed.
_FINEST = {"day": "D", "month": "M", "year": "Y"}
#: More periods than this are a slip (one misread date), not a question.
MOST_PERIODS = 20_000


def assign_periods(
    papers: pd.DataFrame,
    *,
    freq: str = "Q",
    date: str = "published",
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Place papers in periods, and list all periods from the first to the last.

    Parameters
    ----------
    papers : DataFrame
        A papers table with the column `date`; where it has `published_precision`, dates known
        only to the month or the year are never placed in anything finer.
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
        One row a period, without holes: period (its first day), papers (0 in a gap), partial,
        few (it has papers, but fewer than 30: too few to read a share off it alone).

    Raises
    ------
    DataError
        An unknown `freq` or `date`, a column that holds no dates, or no paper that can be placed.

    Warns
    -----
    UserWarning
        Counts the papers left out for want of a date, or of one precise enough; and names those
        more than twenty years away from all others.

    Notes
    -----
    A period is *partial* unless the dates show that the collection covers it. The cover begins
    at the latest day on which the first paper can have appeared and ends at the earliest day on
    which the last one can: with whole days these are the first and the last date; a last paper
    "of 2024-08" shows no more than that August had begun. What appeared before a list began is
    in it only by exception; so where every paper has a `listed` date, the cover by `published`
    does not begin before the first of these. Nor does it begin (or end) with papers, at most
    one in twenty, that lie farther from all others than these from each other: one of 1962 among
    those of 2015 to 2024, or a slip of the pen (0202 for 2020).

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
    _say_left_out(papers, days, coarse, placed, freq=freq, date=date)
    period = start_of(days.where(placed), freq)
    by_list = date == "published" and "listed" in papers and papers["listed"][placed].notna().all()
    cover = find_cover(
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
            "not a date to count by",
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
    return days.dt.tz_localize(None).dt.normalize()


def _too_coarse(papers: pd.DataFrame, freq: str) -> pd.Series[bool]:
    """Tell which papers' dates are not known well enough for periods of this length."""
    if "published_precision" not in papers:
        return pd.Series(False, index=papers.index)
    order = list(FREQS)
    coarse = [name for name, finest in _FINEST.items() if order.index(finest) > order.index(freq)]
    return papers["published_precision"].isin(coarse)


def _hint(papers: pd.DataFrame, date: str) -> str:
    """Name what would work with the dates that are there, and nothing else."""
    ways = [f"freq={freq!r}" for freq, count in count_placeable(papers, date=date).items() if count]
    other = next(name for name in DATES if name != date)
    if sum(count_placeable(papers, date=other).values()):
        ways.append(f"date={other!r}")
    if ways:
        return f"Take {' or '.join(filter(None, [', '.join(ways[:-1]), ways[-1]]))}"
    if papers.empty:
        return "The table is empty: take more of the papers"
    return f"There is no other date either: fill {date!r} (whole years will do), or leave time out"


def _say_left_out(
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
            hint=_hint(papers, date),
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
    if number > MOST_PERIODS:
        raise DataError(
            f"{number:,} periods from {first.date()} to {last.date()}",
            argument="freq",
            found=freq,
            expected=f"at most {MOST_PERIODS:,}",
            hint="Take longer periods, or look at the dates of the first paper and of the last: "
            f"{ids.iloc[period.argmin()]}, {ids.iloc[period.argmax()]}",
        )
    whole = pd.period_range(first, last, freq=name)
    counts = period.value_counts()
    table = pd.DataFrame({"period": whole.start_time.astype("datetime64[us]")})
    table["papers"] = table["period"].map(counts).fillna(0).astype("int64")
    last_days = whole.end_time.normalize()
    table["partial"] = (whole.start_time < cover[0]) | (last_days > cover[1])
    table["few"] = table["papers"].between(1, FEW - 1)
    return table
