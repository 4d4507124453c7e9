"""Dates of papers: filled from arXiv ids and years, and emptied where no paper can have them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.coercion import PRECISIONS, Place, date_precision, year_column
from toolkit.papers.identifiers import arxiv_month

#: Scholarly journals begin in 1665; an earlier date is a typing error (0202 for 2020).
FIRST_YEAR = 1600
#: A clock that is far behind must not cost the dates of papers that are out.
_WRITTEN_IN = 2026


_YEAR_OR_MONTH = re.compile(
    r"(?<![\w.])((?:1[6-9]|20)\d\d)(?:[-/.](0[1-9]|1[0-2]))?(?!\d)|"
    r"(?<!\d)(?:\d\d?[-/.]){2}((?:1[6-9]|20)\d\d)(?!\d)"
)


def last_year() -> int:
    """Return the last year a paper may have: publishers date ahead, by a year at most."""
    return 1 + max(dt.date.today().year, _WRITTEN_IN)


def date_within(text: str) -> str | None:
    """Return the month or year in a text that is no date, or None.

    Examples
    --------
    >>> date_within("2021-02-30"), date_within("31/31/2020"), date_within("soon")
    ('2021-02', '2020', None)
    """
    found = {"-".join(filter(None, match.groups())) for match in _YEAR_OR_MONTH.finditer(text)}
    found = {one for one in found if FIRST_YEAR <= int(one[:4]) <= last_year()}
    return found.pop() if len(found) == 1 else None


def empty_impossible(
    papers: pd.DataFrame,
    column: str,
    *,
    place: Place,
    years: pd.Series[Any] | None = None,
    texts: Mapping[int, str] | None = None,
) -> pd.Series[Any]:
    """Return dates without those that no paper can have; these go to the column `problems`.

    Parameters
    ----------
    papers : DataFrame
        The table that is being made; its column `problems` is added or extended.
    column : str
        Which dates.
    place : Place
        Where the papers come from, for the warning.
    years : Series, optional
        Whole years that the column is made of, in place of its dates.
    texts : mapping of int to str, optional
        What stands in place of a date or year and is none, by position; told of as well.

    Returns
    -------
    Series
        The dates (or `years`), NA where they were before `FIRST_YEAR` or after `last_year`.

    Warns
    -----
    UserWarning
        Counts these dates and shows the first.
    """
    values = papers[column] if years is None else years
    found = values.dt.year if years is None else values
    wrong = (found.notna() & ~found.between(FIRST_YEAR, last_year())).to_numpy(dtype=bool).copy()
    shown = values.astype("string").str.slice(0, 10)
    said = f"{column}: " + shown + " is impossible"
    for at, text in (texts or {}).items():
        wrong[at] = True
        shown.iloc[at] = " ".join(text.replace(";", ",").split())[:40]
        said.iloc[at] = f"{column}: {shown.iloc[at]} is no {'date' if years is None else 'year'}"
    if not wrong.any():
        return values
    shown, said = shown[wrong], said[wrong].reindex(papers.index)
    if "problems" in papers:
        before = papers["problems"].astype("string")
        said = (before + "; " + said).fillna(before).fillna(said)
    papers["problems"] = said
    first = int(wrong.argmax())
    warn_user(
        f"{place.origin}: {int(wrong.sum())} date(s) in the column "
        f"{column if years is None else 'year'!r} cannot be right and were "
        f"left empty{' or cut to the month or year' if texts else ''}; the first, in row "
        f"{place.row(first)}: {shown.iloc[0]} "
        f"({papers['title'].iloc[first]!r}). Expected {FIRST_YEAR} to {last_year()}: correct them "
        "at the source and load it again, or go on without them"
    )
    return values.mask(wrong)


def emptied_dates(papers: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Return the dates that were left empty in a column and still are; NA for other papers."""
    if "problems" not in papers:
        return pd.Series(pd.NA, index=papers.index, dtype="string")
    noted = papers["problems"].astype("string")
    found = noted.str.extract(
        rf"\b{column}: ([^;]+?) is (?:impossible|no date|no year)(?:;|$)", expand=False
    )
    return found.where(papers[column].isna())


def fill_dates(
    table: pd.DataFrame, arxiv_ids: Sequence[str | None], raw: pd.DataFrame, place: Place
) -> None:
    """Fill `published` and `published_precision` from the year or the arXiv id, in place."""
    precision = table["published_precision"].astype(object)
    unsaid = precision.isna() & table["published"].notna()
    if "published" in raw and unsaid.any():
        written = pd.Series(date_precision(raw["published"]), index=raw.index, dtype=object)
        precision = precision.where(precision.notna() | table["published"].isna(), written)
    years: pd.Series[Any] | None = None
    within = {at: date_within(text) for at, text in place.wrong_dates.items()}
    if "year" in raw:
        dated = table["published"].notna().to_numpy(dtype=bool).copy()
        dated |= np.array([arxiv_id is not None for arxiv_id in arxiv_ids], dtype=bool)
        dated[[at for at, found in within.items() if found]] = True
        years, wrong = year_column(raw["year"], place, dated=dated)
        years = empty_impossible(table, "published", place=place, years=years, texts=wrong)
    for at, found in within.items():
        if found and (years is None or pd.isna(years.iloc[at]) or str(years.iloc[at]) == found[:4]):
            table.loc[table.index[at], "published"] = pd.Timestamp(found)
            precision.iloc[at] = "month" if len(found) == 7 else "year"
    # A paper may appear years before or after its arXiv version: its year is stated first.
    if years is not None:
        missing = table["published"].isna().to_numpy() & years.notna().to_numpy()
        if missing.any():
            starts = pd.to_datetime(years[missing].astype(str), format="%Y")
            table.loc[missing, "published"] = starts.astype("datetime64[us]")
            precision = precision.mask(missing, "year")
    missing = table["published"].isna().to_numpy()
    months = [
        arxiv_month(arxiv_id) if gap and arxiv_id else pd.NaT
        for gap, arxiv_id in zip(missing, arxiv_ids)
    ]
    if missing.any():
        known = pd.Series(months, index=table.index, dtype="datetime64[us]")
        table["published"] = table["published"].fillna(known)
        precision = precision.mask(missing & known.notna().to_numpy(), "month")
    precision = _refine_years(table, arxiv_ids, precision)
    precision = precision.where(table["published"].notna(), None)
    table["published"] = table["published"].astype("datetime64[us]")
    table["published_precision"] = pd.Categorical(precision, list(PRECISIONS))


def _refine_years(
    table: pd.DataFrame, arxiv_ids: Sequence[str | None], precision: pd.Series[Any]
) -> pd.Series[Any]:
    """Return precisions; where only the year is known, an arXiv id of that year refines it."""
    refined = precision.copy()
    for at in (precision == "year").to_numpy().nonzero()[0].tolist():
        arxiv_id = arxiv_ids[at]
        month = arxiv_month(arxiv_id) if arxiv_id else None
        if month is not None and month.year == table["published"].iloc[at].year:
            table.loc[table.index[at], "published"] = month
            refined.iloc[at] = "month"
    return refined


def dates_of(papers: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a column of dates; all NaT where it is missing, or was emptied and lost its type.

    Raises
    ------
    DataError
        The column holds something else.
    """
    values = papers.get(name)
    if values is None or (values.isna().all() and not is_dates(values)):
        return pd.Series(pd.NaT, index=papers.index, dtype="datetime64[us]")
    if not is_dates(values):
        raise DataError(
            "the column holds no dates",
            column=name,
            found=str(values.dtype),
            expected="datetime64",
            hint=_way_to_dates(values, name),
        )
    naive: pd.Series[Any] = values.dt.tz_localize(None)
    return naive


def is_dates(values: pd.Series[Any]) -> bool:
    """Return whether a column is of the type of dates."""
    return bool(pd.api.types.is_datetime64_any_dtype(values))


def _way_to_dates(values: pd.Series[Any], date: str) -> str:
    """Return how to make dates of a column of years or of text."""
    if pd.api.types.is_numeric_dtype(values):
        made = f"pd.to_datetime(papers[{date!r}].astype('Int64').astype('string'), format='%Y')"
        more = ", published_precision='year'" if date == "published" else ""
        return f"Make dates of years: papers.assign({date}={made}{more})"
    period = isinstance(values.dtype, pd.PeriodDtype)
    text = ".astype(str)" if period else ""
    if not period and all(re.fullmatch(r"\d{4}", str(value)) for value in values):
        more = ", published_precision='year'" if date == "published" else ""
        made = f"pd.to_datetime(papers[{date!r}], format='%Y'){more}"
        return f"Make dates of years: papers.assign({date}={made})"
    return f"Convert it: papers.assign({date}=pd.to_datetime(papers[{date!r}]{text}))"
