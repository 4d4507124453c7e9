"""Dates that no paper can have: left empty where papers are made, and told of in the report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import warn_user
from toolkit.papers.notes import EMPTIED, add_notes, read_notes

if TYPE_CHECKING:
    from toolkit.papers.coercion import Place

#: Scholarly journals begin in 1665; an earlier date is a slip of the pen (0202 for 2020).
FIRST_YEAR = 1600
#: A clock that is far behind must not cost the dates of papers that are out.
_WRITTEN_IN = 2026


def last_year() -> int:
    """Return the last year a paper may bear: printers date ahead, by a year at most."""
    return 1 + max(dt.date.today().year, _WRITTEN_IN)


def empty_impossible(
    values: pd.Series[Any], column: str, *, papers: pd.DataFrame, place: Place
) -> pd.Series[Any]:
    """Empty the dates that no paper can have.

    Parameters
    ----------
    values : Series
        Dates, or whole years, with the index of `papers`.
    column : str
        Where they stood.
    papers : DataFrame
        The table in the making, with paper_id and title; its attributes note what was emptied.
    place : Place
        Where the papers come from, for the warning.

    Returns
    -------
    Series
        The values, NA where they were before `FIRST_YEAR` or after `last_year`.

    Warns
    -----
    UserWarning
        Counts these dates and shows the first.
    """
    years = values.dt.year if pd.api.types.is_datetime64_any_dtype(values.dtype) else values
    wrong = (years.notna() & ~years.between(FIRST_YEAR, last_year())).to_numpy(dtype=bool)
    if not wrong.any():
        return values
    shown = [_shown(value) for value in values[wrong]]
    ids = papers["paper_id"][wrong].tolist()
    add_notes(papers, EMPTIED, [(paper_id, column, date) for paper_id, date in zip(ids, shown)])
    first = int(wrong.argmax())
    warn_user(
        f"{place.origin}: {len(ids)} date(s) in the column {column!r} cannot be right and were "
        f"left empty; the first, in row {place.row(first)}: {shown[0]} "
        f"({papers['title'].iloc[first]!r}). Expected {FIRST_YEAR} to {last_year()}: correct them "
        "at the source and load it again, or go on without them"
    )
    return values.mask(wrong)


def emptied_dates(papers: pd.DataFrame, column: str) -> dict[str, str]:
    """Return the dates that were left empty in a column, by paper id; still empty ones alone."""
    empty = set(papers["paper_id"][papers[column].isna()])
    names = ("published", "year") if column == "published" else (column,)
    notes = read_notes(papers, EMPTIED)
    return {paper: date for paper, name, date in notes if name in names and paper in empty}


def _shown(value: Any) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)
