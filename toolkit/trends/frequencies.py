"""Lengths of periods: their names and first days, and periods with few papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Lengths of periods, shortest first, with their pandas names; weeks begin on Monday.
FREQS = {"D": "D", "W": "W-SUN", "M": "M", "Q": "Q-DEC", "Y": "Y-DEC"}
NAMES = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
#: Other accepted names: words, and pandas' aliases.
_ALIASES = {
    **{word: freq for freq, name in NAMES.items() for word in (name.upper(), f"{name.upper()}S")},
    "A": "Y",
    **{f"{freq}{end}": freq for freq in "MQY" for end in "SE"},
}
#: With fewer papers than this the share of a single period is too uncertain to be read: a topic
#: that none of 30 papers has may still be in a tenth of all (the rule of three, Hanley and
#: Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031). Tests weight by papers.
FEW_PAPERS = 30
#: A trend needs as many whole periods.
_MIN_PERIODS = 3


def check_freq(freq: str) -> str:
    """Return `freq` as one of D, W, M, Q, Y; words and pandas' names are understood.

    Raises
    ------
    DataError
        Anything else.

    Examples
    --------
    >>> check_freq("q"), check_freq("month"), check_freq("YS")
    ('Q', 'M', 'Y')
    """
    known = freq.upper() if isinstance(freq, str) else freq
    known = _ALIASES.get(known, known) if isinstance(known, str) else known
    if known not in FREQS:
        raise DataError(
            "not a length of period",
            argument="freq",
            found=freq,
            expected="D, W, M, Q or Y (day, week, month, quarter, year)",
        )
    return str(known)


def start_of(days: pd.Series[Any], freq: str) -> pd.Series[Any]:
    """Return the first day of the period that each day falls into; NaT stays NaT.

    Examples
    --------
    >>> start_of(pd.Series(pd.to_datetime(["2024-08-20"])), "Q")[0]
    Timestamp('2024-07-01 00:00:00')
    """
    # Periods, not offsets: `to_period` is vectorised and knows no clock time.
    starts: pd.Series[Any] = days.dt.to_period(FREQS[freq]).dt.start_time
    return starts.astype("datetime64[us]")


def label_periods(periods: Iterable[Any], *, freq: str | None = None) -> list[str]:
    """Return names of periods: 2024, 2024 Q3, 2024-07, or the first day of a week or day.

    Parameters
    ----------
    periods : iterable of Timestamp
        First days of periods.
    freq : str, optional
        Their length; by default the longest of which they are all first days. (Where only some
        of the periods are given, January, April and July are taken for quarters.)

    Returns
    -------
    list of str
        One name each, in the same order.

    Examples
    --------
    >>> label_periods(pd.to_datetime(["2024-01-01", "2024-07-01"]))
    ['2024 Q1', '2024 Q3']
    """
    days = pd.DatetimeIndex(list(periods))
    freq = guess_freq(days) if freq is None else check_freq(freq)
    if freq == "Y":
        return [f"{day:%Y}" for day in days]
    if freq == "Q":
        return [f"{day:%Y} Q{day.quarter}" for day in days]
    if freq == "M":
        return [f"{day:%Y-%m}" for day in days]
    return [f"{day:%Y-%m-%d}" for day in days]


def guess_freq(periods: Iterable[Any]) -> str:
    """Return the length of periods, judging by their first days.

    Examples
    --------
    >>> guess_freq(pd.to_datetime(["2024-01-01", "2024-04-01"]))
    'Q'
    """
    days = pd.DatetimeIndex(list(periods)).unique().sort_values()
    if len(days) < 2:
        return "D"
    gap = (days[1:] - days[:-1]).min().days
    firsts = bool((days.day == 1).all())
    if firsts and gap >= 365 and bool((days.month == 1).all()):
        return "Y"
    if firsts and gap >= 90 and bool((days.month % 3 == 1).all()):
        return "Q"
    if firsts and gap >= 28:
        return "M"
    return "W" if gap >= 7 else "D"


def freq_of(trends: pd.DataFrame) -> str:
    """Return the length of the periods of a table of trends: its column `freq`, or a guess."""
    given = set(trends["freq"].dropna().astype(str)) if "freq" in trends else set()
    return (
        given.pop()
        if len(given) == 1 and given <= set(FREQS)
        else guess_freq(trends["period"].unique())
    )


def sparse_periods(trends: pd.DataFrame) -> pd.DataFrame:
    """Return the periods that have papers, but fewer than 30: period, total.

    Examples
    --------
    >>> trends = pd.DataFrame({"period": pd.to_datetime(["2022-01-01", "2023-01-01"]), "topic": 0,
    ...                        "papers": [3, 9], "total": [12, 80], "partial": False})
    >>> sparse_periods(trends)["total"].tolist()
    [12]
    """
    periods = trends.drop_duplicates("period").sort_values("period", ignore_index=True)
    return periods.loc[periods["total"].between(1, FEW_PAPERS - 1), ["period", "total"]]


def longer_freq(trends: pd.DataFrame) -> str | None:
    """Return the shortest longer period of which no whole one has few papers; None if none exists.

    Examples
    --------
    >>> months = pd.date_range("2022-01-01", periods=12, freq="MS")
    >>> trends = pd.DataFrame({"period": months, "topic": 0, "papers": 1, "total": 12,
    ...                        "partial": False})
    >>> longer_freq(trends)
    'Q'
    """
    periods = trends.drop_duplicates("period")
    order = list(FREQS)
    for freq in order[order.index(freq_of(trends)) + 1 :]:
        by = periods.groupby(start_of(periods["period"], freq))
        totals = by["total"].sum()[~by["partial"].any()]
        if len(totals) >= _MIN_PERIODS and totals.min() >= FEW_PAPERS:
            return freq
    return None


def describe_sparse_periods(trends: pd.DataFrame) -> str:
    """Return a sentence that names the periods with few papers; "" where there are none.

    Examples
    --------
    >>> trends = pd.DataFrame({"period": pd.to_datetime(["2022-01-01", "2023-01-01"]), "topic": 0,
    ...                        "papers": [3, 9], "total": [12, 80], "partial": False})
    >>> describe_sparse_periods(trends)
    '1 of 2 periods has fewer than 30 papers (2022: 12): read no share off it alone.'
    """
    few = sparse_periods(trends)
    if few.empty:
        return ""
    named = label_periods(few["period"], freq=freq_of(trends))
    some = [f"{name}: {total}" for name, total in zip(named[:5], few["total"])]
    if len(few) > len(some):
        some.append("…")
    longer = longer_freq(trends)
    way = f"; with freq={longer!r} none has" if longer else ""
    return (
        f"{len(few)} of {trends['period'].nunique()} periods {'has' if len(few) == 1 else 'have'} "
        f"fewer than {FEW_PAPERS} papers ({', '.join(some)}): read no share off "
        f"{'it' if len(few) == 1 else 'them'} alone{way}."
    )
