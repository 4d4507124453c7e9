"""The papers table: its columns and types, how it is made, and the check at every door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.papers.coercion import (
    PRECISIONS,
    Place,
    as_text,
    date_column,
    date_precision,
    number_column,
    precision_column,
    text_column,
    year_column,
)
from toolkit.papers.identifiers import arxiv_month, make_paper_id, parse_arxiv_id, parse_doi
from toolkit.papers.impossible_dates import empty_impossible
from toolkit.papers.notes import CITED_AS, add_notes
from toolkit.papers.repeats import drop_repeats
from toolkit.text.cleaning import clean_text

#: Columns of a papers table in their order, with their pandas types.
COLUMNS: dict[str, str] = {
    "paper_id": "string",
    "title": "string",
    "abstract": "string",
    "terms": "string",
    "authors": "string",
    "published": "datetime64[us]",
    "published_precision": "category",
    "listed": "datetime64[us]",
    "categories": "string",
    "venue": "string",
    "comments": "string",
    "doi": "string",
    "url": "string",
    "code_url": "string",
    "project_url": "string",
    "upvotes": "Int64",
    "stars": "Int64",
    "source": "string",
}
#: Columns of running text, in which LaTeX and HTML are resolved.
PROSE = ("title", "abstract", "authors", "venue", "comments")
_MAKE = (
    "make one of a table of your own with toolkit.papers.schema.make_papers(table, "
    'source="mine"); its column of titles must be called title'
)
_ARXIV_DOI = re.compile(r"^.*10\.48550/arxiv\.", re.IGNORECASE)


def make_papers(
    records: Iterable[Mapping[str, Any]] | pd.DataFrame,
    *,
    source: str,
    origin: str = "records",
    rows: Sequence[int] | None = None,
    clean: bool = True,
) -> pd.DataFrame:
    r"""Make a papers table out of records.

    Parameters
    ----------
    records : iterable of mappings, or DataFrame
        Any subset of the columns of the papers table; `arxiv_id` (or `id`) is understood too,
        and `year` where a date is not known. `paper_id` and `published` follow from them.
    source : str
        Name of the loader, for the column `source` (kept where the records have one).
    origin : str
        File or service, for messages.
    rows : sequence of int, optional
        Line of each record in the source, for messages; counted from 1 where not given.
    clean : bool
        Resolve LaTeX and HTML and fold white space; only for text known to be clean already
        is False right.

    Returns
    -------
    DataFrame
        Shape (n_papers, 18): every column of `COLUMNS`, in the order of the records.

    Raises
    ------
    DataError
        A record without title, a date that is none, or two different papers under one id.

    Warns
    -----
    UserWarning
        Dates before 1600 or after the next year are left empty, counted, and told of by
        `describe_papers`.
    UserWarning
        Records that repeat an earlier one are left out and counted. Records with neither arXiv
        id nor DOI repeat another only if all they say is the same; two editorials of one title
        both stay, the later under an id of its own.

    Examples
    --------
    >>> papers = make_papers([{"id": "2401.00001", "title": "On \\'Etude"}], source="mine")
    >>> papers.loc[0, ["paper_id", "title", "published_precision"]].tolist()
    ['arxiv:2401.00001', 'On Étude', 'month']
    """
    # Objects, not guessed types: a guess would stumble over broken text, and turn 1 into 1.0.
    if not isinstance(records, pd.DataFrame):
        records = pd.DataFrame(list(records), dtype=object)
    raw = records.reset_index(drop=True)
    place = Place(origin, rows)
    table = pd.DataFrame(
        {
            name: _typed(raw.get(name), name, index=raw.index, place=place, clean=clean)
            for name in COLUMNS
        },
        index=raw.index,
    )
    _need_titles(table, place)
    table["source"] = table["source"].fillna(source)
    table["doi"] = text_column(table["doi"], clean=lambda doi: parse_doi(doi) or doi.lower())
    arxiv_ids = _arxiv_ids(raw)
    table["paper_id"] = _paper_ids(table, arxiv_ids)
    for name in ("published", "listed"):
        table[name] = empty_impossible(table[name], name, papers=table, place=place)
    _fill_dates(table, arxiv_ids, raw, place)
    if "cited_as" in raw:
        names = zip(table["paper_id"].tolist(), raw["cited_as"].tolist())
        cited = [(paper_id, *name) for paper_id, name in names if isinstance(name, tuple)]
        add_notes(table, CITED_AS, cited)
    return drop_repeats(table, place)


def check_papers(papers: pd.DataFrame, *, needs: Sequence[str] = ()) -> None:
    """Check that a table is a papers table; the validation at every door.

    Parameters
    ----------
    papers : DataFrame
        The table in question; at least `paper_id` and `title` must be there.
    needs : sequence of str
        Further columns that the caller cannot do without.

    Raises
    ------
    DataError
        Says which column, row and value is wrong, and what to do.
    """
    if not isinstance(papers, pd.DataFrame):
        raise DataError(
            "not a papers table",
            found=type(papers).__name__,
            expected="a pandas DataFrame",
            hint=f"Read files with toolkit.load(path); {_MAKE}",
        )
    for name in ("paper_id", "title", *needs):
        if name not in papers.columns:
            raise DataError(
                "the papers table lacks a column",
                column=name,
                found=list(papers.columns),
                expected=name,
                hint=_MAKE[0].upper() + _MAKE[1:]
                if name in ("paper_id", "title")
                else "Load it with toolkit.load, or add the column",
            )
    for name in ("paper_id", "title"):
        gaps = papers[name].isna().to_numpy()
        if gaps.any():
            raise DataError(
                "a value is missing",
                row=int(gaps.argmax()) + 1,
                column=name,
                hint="Fill it, or drop the row",
            )
    repeated = papers["paper_id"].duplicated().to_numpy()
    if repeated.any():
        row = int(repeated.argmax())
        raise DataError(
            "an id stands twice",
            row=row + 1,
            column="paper_id",
            found=papers["paper_id"].iloc[row],
            expected="one row a paper",
            hint="Use toolkit.deduplicate(papers)",
        )


def with_all_columns(papers: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every column of the papers table, those it lacks empty, its own last."""
    lacking = {
        name: pd.Series(pd.NA, index=papers.index, dtype="string").astype(dtype)
        for name, dtype in COLUMNS.items()
        if name not in papers
    }
    own = [name for name in papers.columns if name not in COLUMNS]
    return papers.assign(**lacking)[[*COLUMNS, *own]]


def modelling_text(papers: pd.DataFrame) -> pd.Series[str]:
    """Text for modelling: ``title. abstract``, or ``title. terms`` without abstract.

    Returns
    -------
    Series of str
        Shape (n_papers,), with the index of `papers`.
    """
    check_papers(papers)
    body = pd.Series(pd.NA, index=papers.index, dtype="string")
    if "terms" in papers:
        body = papers["terms"].astype("string").str.replace("_", " ")
    if "abstract" in papers:
        # A column that was emptied by hand is one of objects or floats.
        body = papers["abstract"].astype("string").fillna(body)
    text = papers["title"] + ". " + body
    return text.fillna(papers["title"]).astype(object)


def _typed(
    values: pd.Series[Any] | None, name: str, *, index: pd.Index[Any], place: Place, clean: bool
) -> pd.Series[Any]:
    """Give a raw column its type; empty strings become NA."""
    dtype = COLUMNS[name]
    if values is None:
        if dtype == "category":
            return pd.Series(pd.Categorical([None] * len(index), list(PRECISIONS)), index=index)
        empty = pd.NaT if dtype.startswith("datetime") else pd.NA
        return pd.Series(empty, index=index).astype(dtype)
    if dtype == "string":
        return text_column(values, clean=clean_text if clean and name in PROSE else None)
    if dtype == "category":
        return precision_column(values, place)
    if dtype == "Int64":
        return number_column(values, place, name)
    return date_column(values, place, name)


def _need_titles(table: pd.DataFrame, place: Place) -> None:
    gaps = table["title"].isna().to_numpy()
    if gaps.any():
        raise place.error(
            "a record has no title",
            int(gaps.argmax()),
            "title",
            hint="Every paper needs one; fill it or take the record out",
        )


def _arxiv_ids(raw: pd.DataFrame) -> list[str | None]:
    """Return the arXiv id of each record, from the columns that may hold one."""
    found: list[str | None] = [None] * len(raw)
    for name in ("arxiv_id", "id", "paper_id", "url", "doi"):
        if name not in raw or None not in found:
            continue
        for at, value in enumerate(raw[name].tolist()):
            text = as_text(value) if found[at] is None else None
            if text and (name.endswith("id") or "arxiv" in text.lower()):
                if "10.48550/" in text:
                    text = _ARXIV_DOI.sub("arxiv:", text)
                found[at] = parse_arxiv_id(text)
    return found


def _paper_ids(table: pd.DataFrame, arxiv_ids: Sequence[str | None]) -> pd.Series[Any]:
    made = [
        kept
        if isinstance(kept, str) and kept.startswith(("arxiv:", "doi:", "title:"))
        else make_paper_id(arxiv, doi if isinstance(doi, str) else None, title)
        for kept, arxiv, doi, title in zip(
            table["paper_id"].tolist(), arxiv_ids, table["doi"].tolist(), table["title"].tolist()
        )
    ]
    return pd.Series(pd.array(made, dtype="string"), index=table.index)


def _fill_dates(
    table: pd.DataFrame, arxiv_ids: Sequence[str | None], raw: pd.DataFrame, place: Place
) -> None:
    """Fill `published` from the arXiv id or the year, and say how precise each date is."""
    precision = table["published_precision"].astype(object)
    unsaid = precision.isna() & table["published"].notna()
    if "published" in raw and unsaid.any():
        written = pd.Series(date_precision(raw["published"]), index=raw.index, dtype=object)
        precision = precision.where(precision.notna() | table["published"].isna(), written)
    missing = table["published"].isna().to_numpy()
    months = [
        arxiv_month(arxiv_id) if gap and arxiv_id else pd.NaT
        for gap, arxiv_id in zip(missing, arxiv_ids)
    ]
    if missing.any():
        known = pd.Series(pd.to_datetime(months), index=table.index).astype("datetime64[us]")
        table["published"] = table["published"].fillna(known)
        precision = precision.mask(missing & known.notna().to_numpy(), "month")
    if "year" in raw:
        years = year_column(raw["year"], place)
        years = empty_impossible(years, "year", papers=table, place=place)
        missing = table["published"].isna().to_numpy() & years.notna().to_numpy()
        if missing.any():
            starts = pd.to_datetime(years[missing].astype(str), format="%Y")
            table.loc[missing, "published"] = starts.astype("datetime64[us]")
            precision = precision.mask(missing, "year")
    precision = _refine_years(table, arxiv_ids, precision)
    precision = precision.where(table["published"].notna(), None)
    table["published"] = table["published"].astype("datetime64[us]")
    table["published_precision"] = pd.Categorical(precision, list(PRECISIONS))


def _refine_years(
    table: pd.DataFrame, arxiv_ids: Sequence[str | None], precision: pd.Series[Any]
) -> pd.Series[Any]:
    """Where a source tells the year alone, take the month from an arXiv id of that year."""
    refined = precision.copy()
    for at in (precision == "year").to_numpy().nonzero()[0].tolist():
        arxiv_id = arxiv_ids[at]
        month = arxiv_month(arxiv_id) if arxiv_id else None
        if month is not None and month.year == table["published"].iloc[at].year:
            table.loc[table.index[at], "published"] = month
            refined.iloc[at] = "month"
    return refined
