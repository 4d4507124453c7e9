"""The papers table: its columns and types, how it is made, and the check at every door."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.identity import arxiv_month, fold_title, make_paper_id, parse_arxiv_id, parse_doi
from toolkit.textclean import clean_text

PRECISIONS = ("day", "month", "year")

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
_TEXT = tuple(name for name, dtype in COLUMNS.items() if dtype == "string")
_BLANK = re.compile(r"^\s*$")


def make_papers(
    records: Iterable[Mapping[str, Any]] | pd.DataFrame,
    *,
    source: str,
    origin: str = "records",
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
        A record without title, an impossible date, or two different papers under one id.

    Warns
    -----
    UserWarning
        Records that repeat an earlier one are left out and counted.

    Examples
    --------
    >>> papers = make_papers([{"id": "2401.00001", "title": "On \\'Etude"}], source="mine")
    >>> papers.loc[0, ["paper_id", "title", "published_precision"]].tolist()
    ['arxiv:2401.00001', 'On Étude', 'month']
    """
    raw = records if isinstance(records, pd.DataFrame) else pd.DataFrame(list(records))
    raw = raw.reset_index(drop=True)
    table = pd.DataFrame(index=raw.index)
    for name, dtype in COLUMNS.items():
        table[name] = _typed(raw.get(name), dtype, index=raw.index, origin=origin, column=name)
    if clean:
        for name in PROSE:
            table[name] = table[name].map(clean_text, na_action="ignore").astype("string")
        for name in PROSE:
            table[name] = table[name].mask(table[name].str.fullmatch(r"\s*").fillna(False))
    _need_titles(table, origin)
    table["source"] = table["source"].fillna(source)
    ids = _arxiv_ids(raw)
    table["doi"] = (
        table["doi"]
        .map(lambda doi: parse_doi(doi) or doi.strip().lower(), na_action="ignore")
        .astype("string")
    )
    table["paper_id"] = _paper_ids(table, ids)
    _fill_dates(table, ids, raw, origin)
    return _drop_repeats(table, origin)


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
            mend="Read files with toolkit.load(path)",
        )
    for name in ("paper_id", "title", *needs):
        if name not in papers.columns:
            raise DataError(
                "the papers table lacks a column",
                column=name,
                found=list(papers.columns),
                expected=name,
                mend="Load it with toolkit.load, or add the column",
            )
    for name in ("paper_id", "title"):
        gaps = papers[name].isna().to_numpy()
        if gaps.any():
            raise DataError(
                "a value is missing",
                row=int(gaps.argmax()) + 1,
                column=name,
                mend="Fill it, or drop the row",
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
            mend="Use toolkit.deduplicate(papers)",
        )


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
        body = papers["terms"].str.replace("_", " ")
    if "abstract" in papers:
        body = papers["abstract"].fillna(body)
    text = papers["title"] + ". " + body
    return text.fillna(papers["title"]).astype(object)


def _typed(
    values: pd.Series[Any] | None, dtype: str, *, index: pd.Index[Any], origin: str, column: str
) -> pd.Series[Any]:
    """Give a raw column its type; empty strings become NA."""
    if values is None:
        if dtype == "category":
            return pd.Series(pd.Categorical([None] * len(index), PRECISIONS), index=index)
        return pd.Series(pd.NaT if dtype.startswith("datetime") else pd.NA, index=index).astype(
            dtype
        )
    if dtype == "string":
        text = values.map(_as_text, na_action="ignore").astype("string").str.strip()
        return text.mask((text == "").fillna(False))
    if dtype == "category":
        return pd.Series(pd.Categorical(values, PRECISIONS), index=index)
    if dtype == "Int64":
        return _numbers(values, origin, column)
    return _dates(values, origin, column)


def _as_text(value: Any) -> Any:
    if isinstance(value, float) and pd.isna(value):
        return pd.NA
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    # Lone surrogates (from broken JSON escapes) can neither be written nor hashed.
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _numbers(values: pd.Series[Any], origin: str, column: str) -> pd.Series[Any]:
    filled = values.replace("", pd.NA)
    numbers = pd.to_numeric(filled, errors="coerce")
    wrong = (numbers.isna() & filled.notna()) | (numbers % 1 != 0) & numbers.notna()
    wrong |= numbers.abs() > 2**53
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            "not a whole number", source=origin, row=row + 1, column=column, found=values.iloc[row]
        )
    return numbers.astype("Int64")


def _dates(values: pd.Series[Any], origin: str, column: str) -> pd.Series[Any]:
    if not pd.api.types.is_datetime64_any_dtype(values):
        text = values.map(_as_text, na_action="ignore").replace("", pd.NA)
        dates = pd.to_datetime(text, errors="coerce", format="ISO8601", utc=True)
        wrong = (dates.isna() & text.notna()).to_numpy()
        if wrong.any():
            row = int(wrong.argmax())
            raise DataError(
                "not a date",
                source=origin,
                row=row + 1,
                column=column,
                found=values.iloc[row],
                expected="YYYY-MM-DD",
            )
        values = dates
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return values.dt.normalize().astype("datetime64[us]")


def _need_titles(table: pd.DataFrame, origin: str) -> None:
    gaps = table["title"].isna().to_numpy()
    if gaps.any():
        raise DataError(
            "a record has no title",
            source=origin,
            row=int(gaps.argmax()) + 1,
            column="title",
            mend="Every paper needs one; fill it or take the record out",
        )


def _arxiv_ids(raw: pd.DataFrame) -> pd.Series[Any]:
    """Return the arXiv id of each record, from the columns that may hold one, or None."""
    found = pd.Series([None] * len(raw), index=raw.index, dtype=object)
    for name in ("arxiv_id", "id", "paper_id"):
        if name in raw:
            text = raw[name].map(_as_text, na_action="ignore")
            parsed = text.map(
                lambda value: parse_arxiv_id(value.removeprefix("arxiv:")), na_action="ignore"
            )
            found = found.where(found.notna(), parsed)
    for name in ("url", "doi"):
        if name in raw:
            hit = raw[name].astype("string").str.contains("arxiv", case=False).fillna(False)
            parsed = raw[name].where(hit.astype(bool)).map(_arxiv_in_link, na_action="ignore")
            found = found.where(found.notna(), parsed)
    return found.where(found.notna(), None)


def _arxiv_in_link(link: Any) -> str | None:
    text = re.sub(r"^.*10\.48550/arxiv\.", "arxiv:", str(link), flags=re.IGNORECASE)
    return parse_arxiv_id(text)


def _paper_ids(table: pd.DataFrame, arxiv_ids: pd.Series[Any]) -> pd.Series[Any]:
    made = [
        kept
        if isinstance(kept, str) and kept.startswith(("arxiv:", "doi:", "title:"))
        else make_paper_id(arxiv, doi if isinstance(doi, str) else None, title)
        for kept, arxiv, doi, title in zip(
            table["paper_id"], arxiv_ids, table["doi"], table["title"]
        )
    ]
    return pd.Series(made, index=table.index, dtype="string")


def _fill_dates(
    table: pd.DataFrame, arxiv_ids: pd.Series[Any], raw: pd.DataFrame, origin: str
) -> None:
    """Fill `published` from the arXiv id or the year, and say how precise each date is."""
    precision = table["published_precision"].astype(object)
    precision = precision.where(precision.notna() | table["published"].isna(), "day")
    missing = table["published"].isna() & arxiv_ids.notna()
    if missing.any():
        table.loc[missing, "published"] = arxiv_ids[missing].map(arxiv_month)
        precision[missing] = "month"
    if "year" in raw:
        years = _numbers(raw["year"], origin, "year")
        missing = table["published"].isna() & years.notna()
        impossible = (missing & ~years.between(1600, 2200)).fillna(False).to_numpy(dtype=bool)
        if impossible.any():
            row = int(impossible.argmax())
            raise DataError(
                "not a year",
                source=origin,
                row=row + 1,
                column="year",
                found=raw["year"].iloc[row],
                expected="four digits",
            )
        if missing.any():
            table.loc[missing, "published"] = pd.to_datetime(
                years[missing].astype(str), format="%Y"
            )
            precision[missing] = "year"
    precision = precision.where(table["published"].notna(), None)
    table["published"] = table["published"].astype("datetime64[us]")
    table["published_precision"] = pd.Categorical(precision, PRECISIONS)


def _drop_repeats(table: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Keep the first of records that repeat; refuse two papers under one id."""
    if not table["paper_id"].duplicated().any():
        return table
    doubled = table[table["paper_id"].duplicated(keep=False)]
    titles = doubled["title"].map(fold_title).groupby(doubled["paper_id"])
    clash = titles.nunique() > 1
    if clash.any():
        paper_id = str(clash.index[clash.to_numpy()][0])
        rows = doubled.index[doubled["paper_id"] == paper_id]
        first = doubled.loc[rows[0], "title"]
        other = next(
            row for row in rows if fold_title(doubled.loc[row, "title"]) != fold_title(first)
        )
        raise DataError(
            f"two different papers share the id {paper_id}",
            source=origin,
            row=int(other) + 1,
            column="paper_id",
            found=doubled.loc[other, "title"],
            expected=f"the paper of row {int(rows[0]) + 1}: {first!r}",
            mend="Correct the id of one of them",
        )
    repeats = table["paper_id"].duplicated()
    warnings.warn(
        f"{origin}: {int(repeats.sum())} record(s) repeat an earlier one and were left out",
        UserWarning,
        stacklevel=3,
    )
    return table[~repeats].reset_index(drop=True)
