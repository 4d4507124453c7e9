"""Spans of time as a reader names them, and the periods that lie within."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.frequencies import FREQS, freq_of, label_periods
from toolkit.trends.wording import name_spans

#: As a reader gives one: "2024", "2024 Q3", "2024-07", or the first and the last such.
Span = str | tuple[str, str]

#: How many periods make a year.
IN_A_YEAR = {"D": 365, "W": 52, "M": 12, "Q": 4, "Y": 1}


def periods_in(trends: pd.DataFrame, span: Span, argument: str) -> list[pd.Timestamp]:
    """Return the first days of the whole periods, with papers, that lie within a span.

    Parameters
    ----------
    trends : DataFrame
        A checked table of trends.
    span : str or (str, str)
        ``"2024"``, ``"2024 Q3"``, ``"2024-07"`` or a day; or the first and the last of these.
    argument : str
        Its name, for errors.

    Raises
    ------
    DataError
        Not a span, or no whole period lies within it.

    Examples
    --------
    >>> trends = pd.DataFrame({"period": pd.to_datetime(["2023-01-01", "2024-01-01"]), "topic": 0,
    ...                        "papers": 1, "total": 9, "partial": False, "freq": "Y"})
    >>> periods_in(trends, "2024", "first")
    [Timestamp('2024-01-01 00:00:00')]
    """
    ends = (span, span) if isinstance(span, str) else span
    try:
        first, last = (_read(end) for end in ends)
    except (TypeError, ValueError):
        raise DataError(
            "not a span of time",
            argument=argument,
            found=span,
            expected="'2024', '2024 Q3', '2024-07', or a pair of such: ('2023 Q3', '2024 Q2')",
        ) from None
    freq = freq_of(trends)
    rows = trends.drop_duplicates("period").sort_values("period")
    begins = rows["period"].dt.to_period(FREQS[freq])
    within = (begins.dt.start_time >= first.start_time) & (begins.dt.end_time <= last.end_time)
    usable = rows[within & ~rows["partial"].astype(bool) & (rows["total"] > 0)]
    if usable.empty:
        whole = rows[~rows["partial"].astype(bool) & (rows["total"] > 0)]["period"]
        names = label_periods(whole, freq=freq)
        raise DataError(
            "no whole period with papers lies in this span",
            argument=argument,
            found=span,
            expected=f"a span within {name_spans(names)[0]}" if names else "whole periods",
            hint="A shorter `freq` in topic_trends makes shorter periods" if within.sum() == 0
            else "If the collection covers it: topic_trends(since=…, until=…)",
        )  # fmt: skip
    return list(usable["period"])


def last_and_before(trends: pd.DataFrame) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    """Return the whole periods of the year before last and of the last year, up to the newest.

    Raises
    ------
    DataError
        There are not two years of whole periods.

    Examples
    --------
    >>> days = pd.date_range("2022-01-01", periods=9, freq="QS")
    >>> trends = pd.DataFrame({"period": days, "topic": 0, "papers": 1, "total": 9,
    ...                        "partial": False, "freq": "Q"})
    >>> [len(some) for some in last_and_before(trends)]
    [4, 4]
    """
    freq = freq_of(trends)
    whole = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]["period"]
    starts = sorted(whole.unique())
    # Counted from the newest period: 0, 1, … periods ago.
    number = pd.PeriodIndex(starts, freq=FREQS[freq]).asi8
    ago = dict(zip(starts, number.max(initial=0) - number))
    year = IN_A_YEAR[freq]
    if max(ago.values(), default=0) < 2 * year - 1:
        names = label_periods(starts, freq=freq)
        raise DataError(
            "there are not two years of whole periods to compare",
            found=name_spans(names)[0] if names else "no whole period",
            hint="Name two spans: compare_periods(trends, first='2024 Q1', second='2024 Q2')",
        )
    first = [start for start in starts if year <= ago[start] < 2 * year]
    return first, [start for start in starts if ago[start] < year]


def _read(text: Any) -> pd.Period:
    if not isinstance(text, str):
        raise TypeError(text)
    return pd.Period(text.strip().replace(" Q", "Q"))
