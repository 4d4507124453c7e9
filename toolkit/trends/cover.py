"""What a collection covers: from which day to which its dates show it to be complete."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import warn_user

#: No paper nearer to the others than this is far off.
_NEAR = pd.Timedelta(days=731)
#: So many papers a gap should have held, and has none, before it sets apart those beyond it.
_DUE = 30
#: Beyond this a date is more likely misread than right.
_SLIP = pd.Timedelta(days=20 * 365)


def find_cover(
    papers: pd.DataFrame,
    days: pd.Series[Any],
    *,
    listed: pd.Series[Any] | None,
    since: pd.Timestamp | None,
    until: pd.Timestamp | None,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the collection is known to cover.

    Parameters
    ----------
    papers : DataFrame
        The papers that can be placed, with `published_precision` where `days` are of that.
    days : Series of datetime64
        Their dates.
    listed : Series of datetime64, optional
        Where what appeared before a list began is in it only by exception: when they were listed.
    since, until : Timestamp, optional
        What the user knows.

    Warns
    -----
    UserWarning
        Names papers more than twenty years away from all others.
    """
    latest = days
    if "published_precision" in papers:
        latest = days.mask(
            papers["published_precision"].eq("month"), days + pd.offsets.MonthEnd(0)
        ).mask(papers["published_precision"].eq("year"), days + pd.offsets.YearEnd(0))
    first, last = _near_ends(days, latest)
    slips = (days < first - _SLIP) & (since is None) | (days > last + _SLIP) & (until is None)
    if slips.any():
        _say_far_off(papers[slips], days[slips])
    start, end = latest[days >= first].min(), days[days <= last].max()
    if listed is not None:
        start = max(start, listed.min())
    return (start if since is None else since), (end if until is None else until)


def _near_ends(days: pd.Series[Any], latest: pd.Series[Any]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that is not set apart from the others."""
    order = days.argsort(kind="stable")
    ordered, until = days.iloc[order].reset_index(drop=True), latest.iloc[order]
    number, few = len(ordered), len(ordered) // 20
    span = ordered[number - 1 - few] - ordered[few]
    # A gap in the midst of the papers is a gap; one that few lie beyond sets these apart.
    beyond = pd.Series(np.minimum(np.arange(number), number - np.arange(number)))
    gap = ordered - until.shift().reset_index(drop=True)
    due = (number - 2 * few) * (gap / max(span, pd.Timedelta(days=1)))
    empty = (due >= _DUE) & (due >= 10 * beyond)
    wide = ordered.index[((gap > max(span, _NEAR)) | empty) & (beyond <= few) & (beyond > 0)]
    low = max((at for at in wide if at <= number // 2), default=0)
    high = min((at for at in wide if at > number // 2), default=number) - 1
    return ordered[low], ordered[high]


def _say_far_off(papers: pd.DataFrame, days: pd.Series[Any]) -> None:
    some = [f"{day.date()} ({paper})" for paper, day in zip(papers["paper_id"], days)]
    more = f" and {len(some) - 3} more" if len(some) > 3 else ""
    warn_user(
        "far from all other papers, so no sign of what the collection covers: "
        f"{', '.join(some[:3])}{more}. Correct the date if it is wrong; if it is right, say which "
        "days the collection covers in full: since='YYYY-MM-DD', until='YYYY-MM-DD'"
    )
