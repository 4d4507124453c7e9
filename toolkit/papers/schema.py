"""The papers table: its columns and types, how it is made, and how a table is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.coercion import (
    Place,
    abstract_column,
    as_text,
    category_column,
    date_column,
    items_column,
    number_column,
    problems_column,
    text_column,
)
from toolkit.papers.columns import (
    CATEGORIES,
    COLUMNS,
    LISTS,
    OPTIONAL,
    has_features,
    in_order,
    text_of,
)
from toolkit.papers.dates import empty_impossible, fill_dates
from toolkit.papers.record_ids import arxiv_ids_of, doi_column, has_own_ids, paper_ids_of
from toolkit.papers.repeats import merge_repeats
from toolkit.papers.set_aside import BadRecord, SetAside, facts_in_words, reason_of
from toolkit.text.availability import each_without_availability
from toolkit.text.boilerplate import NOT_GIVEN
from toolkit.text.cleaning import clean_text

#: Columns of running text, in which LaTeX and HTML are resolved.
PROSE = ("title", "abstract", "authors", "keywords", "affiliations", "venue", "comments")
#: Columns that records may have beside those of the table, and that are used up.
_CONSUMED = ("arxiv_id", "id", "year")
_MAKE = (
    "make one of a table of your own with toolkit.papers.schema.make_papers(table, "
    'source="mine"); its column of titles must be called title'
)


def make_papers(
    records: Iterable[Mapping[str, Any]] | pd.DataFrame,
    *,
    source: str = "own",
    origin: str | None = None,
    rows: Sequence[int] | None = None,
    unit: str = "row",
    clean: bool = True,
    set_aside: SetAside | None = None,
) -> pd.DataFrame:
    r"""Return a papers table made of records.

    Parameters
    ----------
    records : iterable of mappings, or DataFrame
        Any subset of the columns of the papers table; `arxiv_id` (or `id`) is understood too,
        and `year` where a date is not known. `paper_id` and `published` follow from them.
    source : str
        Name of the loader, for the column `source` (kept where the records have one); "own" for
        records of your own.
    origin : str, optional
        File or service, for messages, and for the column `origin` where the records have none.
    rows : sequence of int, optional
        Line of each record in the source, for messages; counted from 1 where not given.
    unit : {"row", "line", "record"}
        What `rows` counts.
    clean : bool
        Resolve LaTeX and HTML, fold white space, take publishers' notices off abstracts; only
        for text known to be clean already is False right.
    set_aside : SetAside, optional
        Takes the records that cannot be read; without it, the first of them is an error.

    Returns
    -------
    DataFrame
        Shape (n_papers, …): every column of `COLUMNS`, in the order of the records;
        `problems` where dates were left empty, `bibtex_key` and `bibtex_type` where the records
        have them, features where the records come from a papers table that has them, and own
        columns, last.

    Raises
    ------
    DataError
        A record without title, or a date or number that is none.

    Warns
    -----
    UserWarning
        Dates before 1600 or after the next year are left empty and counted; the column `problems`
        keeps them, and `describe_papers` reports them. With `set_aside`, so are texts in place
        of the date of publication that are none; of '2021-02-30' the month is kept, of
        '31/31/2020' the year.
    UserWarning
        Vectors that a text file turned into text are left out.
    UserWarning
        Records that repeat an earlier one are counted; they fill its gaps and are left out.
        Records with neither arXiv id nor DOI repeat another only if all their values agree; of
        two editorials of one title both stay, the later under an id of its own. So do two
        different papers under one DOI.

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
    place = Place(origin or "records", rows, unit=unit, lenient=set_aside is not None)
    table = pd.DataFrame(
        {
            name: _typed(raw.get(name), name, index=raw.index, place=place, clean=clean)
            for name in COLUMNS
        },
        index=raw.index,
    )
    if clean:
        for name in ("title", "authors", "venue"):
            table[name] = table[name].mask(table[name].isin(NOT_GIVEN))
        nobody = table["authors"].isin(("Anonymous", "ANONYMOUS", "anonymous", "Anon", "Anon."))
        table["authors"] = table["authors"].mask(nobody)
    _need_titles(table, place)
    table["doi"] = doi_column(table["doi"], place, urls=table["url"])
    if "problems" in raw or place.noted:
        table["problems"] = problems_column(raw, place)
    table["source"] = table["source"].fillna(source)
    # A papers table keeps the origins it has, also where it has none.
    is_papers = {"paper_id", "source"} <= set(raw.columns)
    if origin is not None and "origin" not in raw and not is_papers:
        table["origin"] = pd.Series(origin, index=raw.index, dtype="string")
    arxiv_ids = arxiv_ids_of(raw)
    table["paper_id"] = paper_ids_of(table, arxiv_ids)
    for name in ("published", "listed"):
        texts = place.wrong_dates if name == "published" else None
        table[name] = empty_impossible(table, name, place=place, texts=texts)
    fill_dates(table, arxiv_ids, raw, place)
    if "vector" in raw and any(isinstance(cell, str) for cell in raw["vector"].tolist()):
        raw = raw.drop(columns=["vector", "vector_model"], errors="ignore")
        warn_user(
            f"{place.origin}: the columns vector and vector_model were left out: CSV and other "
            "text cannot hold vectors; use Parquet or toolkit.save_collection"
        )
    for name in OPTIONAL:
        ours = name.startswith("bibtex_") or (name != "problems" and has_features(raw.columns))
        if name in raw and ours:
            table[name] = _typed(raw[name], name, index=raw.index, place=place, clean=False)
    for name in raw.columns:
        used_up = name in _CONSUMED and (name != "id" or not has_own_ids(raw))
        if name not in table and name not in OPTIONAL and not used_up:
            table[name] = _own_column(raw[name])
    if set_aside is not None and place.refused:
        table = _without_refused(table, raw, place, set_aside)
    return merge_repeats(in_order(table), place)


def check_papers(papers: pd.DataFrame, *, needs: Sequence[str] = ()) -> None:
    """Raise a DataError where a table is no papers table.

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
    for name, dtype in {**COLUMNS, **OPTIONAL}.items():
        # What is wrong with links is found where they are read.
        if dtype == "string" and name in papers and name != "links":
            _need_text(papers[name], name)
    repeated = papers["paper_id"].duplicated().to_numpy()
    if repeated.any():
        row = int(repeated.argmax())
        raise DataError(
            "an id appears twice",
            row=row + 1,
            column="paper_id",
            found=papers["paper_id"].iloc[row],
            expected="one row a paper",
            hint="Use toolkit.deduplicate(papers)",
        )


def modelling_text(papers: pd.DataFrame) -> pd.Series[str]:
    """Return the text for modelling: title and abstract, or title and terms without abstract.

    Returns
    -------
    Series of str
        Shape (n_papers,), with the index of `papers`; without the sentences of abstracts that only
        say where code or data are (`toolkit.text.availability`).

    Examples
    --------
    >>> modelling_text(make_papers([{"title": "Bees", "abstract": "They dance."}], source="x"))[0]
    'Bees. They dance.'
    """
    check_papers(papers)
    body = told(papers).fillna(text_of(papers, "terms").str.replace("_", " "))
    text = papers["title"] + ". " + body
    return text.fillna(papers["title"]).astype(object)


def told(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return the abstracts, NA where missing, without sentences about availability alone."""
    abstract = text_of(papers, "abstract")
    there = abstract.notna().to_numpy()
    kept = abstract.to_numpy(dtype=object, copy=True)
    kept[there] = each_without_availability(kept[there].tolist())
    return pd.Series(kept, index=abstract.index, dtype="string")


def _typed(
    values: pd.Series[Any] | None, name: str, *, index: pd.Index[Any], place: Place, clean: bool
) -> pd.Series[Any]:
    """Return a raw column with its type; empty strings become NA."""
    dtype = {**COLUMNS, **OPTIONAL}[name]
    if values is None and dtype != "category":
        empty: pd.Series[Any] = pd.Series(None, index=index, dtype=dtype)
        return empty
    if values is None:
        return pd.Series(pd.Categorical([None] * len(index), list(CATEGORIES[name])), index)
    if name == "abstract" and clean:
        return abstract_column(values, place, clean=clean_text)
    if name in LISTS and name != "authors":
        return items_column(values, clean=clean_text if clean and name in PROSE else None)
    if dtype == "string":
        return text_column(values, clean=clean_text if clean and name in PROSE else None)
    if dtype == "category":
        return category_column(values, CATEGORIES[name], place, name)
    if dtype == "Int64":
        return number_column(values, place, name)
    if name == "vector":
        vectors: pd.Series[Any] = values.astype(object).where(values.notna(), None).astype(dtype)
        return vectors
    return date_column(values, place, name)


def _own_column(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of the reader's own with the type of its values."""
    if values.dtype != object:
        return values
    filled = [value for value in values.tolist() if as_text(value) is not None]
    if all(isinstance(value, str) for value in filled):
        return text_column(values)
    try:
        return values.infer_objects().convert_dtypes()
    except (ValueError, TypeError, OverflowError):
        return text_column(values)


def _without_refused(
    table: pd.DataFrame, raw: pd.DataFrame, place: Place, set_aside: SetAside
) -> pd.DataFrame:
    """Return a table without the records that cannot be read; these are set aside."""
    for at in sorted(place.refused):
        said = f"{place.unit} {place.row(at)}"
        reason = reason_of(place.refused[at])
        set_aside.add(BadRecord(place.origin, said, reason, facts_in_words(dict(raw.iloc[at]))))
    keep = [at for at in range(len(table)) if at not in place.refused]
    if place.rows is not None:
        place.rows = [place.rows[at] for at in keep]
    else:
        place.rows = [at + 1 for at in keep]
    return table.iloc[keep].reset_index(drop=True)


def _need_text(values: pd.Series[Any], name: str) -> None:
    if values.dtype == "string":
        return
    # A column without any value may be of any type.
    for row, (value, there) in enumerate(zip(values.tolist(), values.notna())):
        if there and not isinstance(value, str):
            hint = f"Write the column as text, or {_MAKE}"
            raise DataError("not text", row=row + 1, column=name, found=value, hint=hint)
        if there and not value.isascii() and value != value.encode("utf-8", "replace").decode():
            raise DataError(
                "half a character (a lone surrogate)", row=row + 1, column=name, found=value,
                hint="Take it out: text.encode('utf-8', 'replace').decode()",
            )  # fmt: skip


def _need_titles(table: pd.DataFrame, place: Place) -> None:
    gaps = table["title"].isna().to_numpy()
    if gaps.any():
        place.refuse(
            table["title"], gaps, "a record has no title", "title",
            hint="Every paper needs one; fill it or take the record out",
        )  # fmt: skip
