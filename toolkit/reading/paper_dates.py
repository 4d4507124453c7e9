"""The date of a paper for a reading group: the one that trends go by, as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.calendars import date_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray


def dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's date, its first day where only the month or year is known."""
    return date_papers(papers)["day"]


def last_dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return the last day that each paper's date can mean."""
    return date_papers(papers)["last"]


def written_dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's date as text of its precision: 2024, 2024-03 or 2024-03-01."""
    table = date_papers(papers)
    text: pd.Series[Any] = table["day"].dt.strftime("%Y-%m-%d").astype(object)
    for precision, length in (("year", 4), ("month", 7)):
        text = text.mask(table["precision"] == precision, text.str[:length])
    return text


def known_to_the_day(papers: pd.DataFrame) -> pd.Series[bool]:
    """Return whose date is known to the day; without a date it is."""
    return (date_papers(papers)["precision"] == "day").astype(bool)


def ages(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return days before the newest paper (see `dates`)."""
    when = dates(papers)
    age: pd.Series[pd.Timedelta] = when.max() - when
    return (age / pd.Timedelta(days=1)).astype(float)


def countable(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return which papers' days before the newest paper are known to the day."""
    when, exact = dates(papers), known_to_the_day(papers)
    return exact & bool((exact & (when == when.max())).any())


def days_of(half_life: str) -> float:
    """Return the days of a half-life.

    Raises
    ------
    DataError
        `half_life` is no duration.
    """
    try:
        days = float(pd.Timedelta(half_life) / pd.Timedelta(days=1))
    except (ValueError, TypeError):
        days = 0.0
    if not days > 0:
        raise DataError(
            "not a duration", argument="half_life", found=half_life, expected="like '180D'"
        )
    return days


def recency_of(papers: pd.DataFrame, half_life: float) -> NDArray[np.float64]:
    """Return how recent each paper is: 1 the newest, halved every so many days; 0 undated."""
    recent: NDArray[np.float64] = (0.5 ** (ages(papers) / half_life)).fillna(0).to_numpy()
    return recent
