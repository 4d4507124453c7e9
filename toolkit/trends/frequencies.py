"""What a period is: its length, its first day, its name, and how many papers fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The lengths of period, finest first, with their pandas names; weeks begin on Monday.
FREQS = {"D": "D", "W": "W-SUN", "M": "M", "Q": "Q-DEC", "Y": "Y-DEC"}
NAMES = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
#: What else they are called: in words, and by pandas.
_ALIASES = {
    **{word: freq for freq, name in NAMES.items() for word in (name.upper(), f"{name.upper()}S")},
    "A": "Y",
    **{f"{freq}{end}": freq for freq in "MQY" for end in "SE"},
}
#: In fewer papers than this a share can be read off no single period: what none of them has may
#: still be in a tenth of all (the rule of three, Hanley and Lippman-Hand 1983,
#: doi:10.1001/jama.1983.03330370053031). Tests over all periods weigh papers, and mind nothing.
FEW = 30


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
    starts = days.dt.to_period(FREQS[freq]).dt.start_time
    return starts.astype("datetime64[us]")


def label_periods(periods: Iterable[Any], *, freq: str | None = None) -> list[str]:
    """Name periods as a reader would: 2024, 2024 Q3, 2024-07, or the day a week or day begins.

    Parameters
    ----------
    periods : iterable of Timestamp
        First days of periods.
    freq : str, optional
        Their length; otherwise the coarsest is taken whose first days they all are. (Where only
        some of the periods are given, January, April and July read as quarters.)

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
    """Read the length of the periods off their first days.

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
