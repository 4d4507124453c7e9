"""The date of a paper for a reading group: the one that trends go by, as far as it is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.trends.calendars import date_papers


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
