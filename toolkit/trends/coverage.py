"""Which days a collection covers in full, judging by the dates of its papers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import warn_user
from toolkit.trends.dated import days_of, latest_days

#: Papers within this time of others are never taken for outliers in time.
_NEAR = pd.Timedelta(days=731)
#: A gap that should have held this many papers separates the papers beyond it.
_EXPECTED_IN_GAP = 30
#: A date this far from all others is more likely wrong than right.
_FAR_OFF = pd.Timedelta(days=20 * 365)


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
    if date == "published" and "listed" in papers and papers["listed"].notna().all():
        start = max(start, days_of(papers, "listed").min())
    return (start if since is None else since), (end if until is None else until)


def warn_far_off(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    *,
    date: str,
    since: pd.Timestamp | None,
    until: pd.Timestamp | None,
) -> None:
    """Warn of papers more than twenty years away from all others."""
    first, last = _without_outliers(
        days, latest_days(papers, days) if date == "published" else days
    )
    far = (days < first - _FAR_OFF) & (since is None) | (days > last + _FAR_OFF) & (until is None)
    if far.any():
        _warn_far_off(papers[far], days[far])


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
