"""The columns of the papers table: their names, types and order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import DataError, hint_nearest
from toolkit.papers.coercion import PRECISIONS, STATUSES

#: Columns that every papers table from a loader has, with their pandas types, in their order.
COLUMNS: dict[str, Any] = {
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
    "kind": "string",
    "keywords": "string",
    "affiliations": "string",
    "countries": "string",
    "references": "string",
    "comments": "string",
    "doi": "string",
    "url": "string",
    "code_url": "string",
    "project_url": "string",
    "upvotes": "Int64",
    "stars": "Int64",
    "cited_by": "Int64",
    "source": "string",
    "origin": "string",
}
#: Columns of lists, whose items stand between semicolons.
LISTS = ("authors", "keywords", "affiliations", "countries", "references")
#: Columns that are there only where something made them. `vector`, `vector_model`, `links`, `code`
#: and `artifact` stand in for the abstract (see `toolkit.papers.features`).
OPTIONAL: dict[str, Any] = {
    "vector": "binary[pyarrow]",
    "vector_model": "string",
    "links": "string",
    "bibtex_key": "string",
    "bibtex_type": "string",
    "problems": "string",
    "code": "category",
    "artifact": "category",
}
#: Features that belong together: all of a group come from one record.
FEATURE_GROUPS = (("vector", "vector_model"), ("links", "code", "artifact"))
#: The values of the columns of categories.
CATEGORIES = {"published_precision": PRECISIONS, "code": STATUSES, "artifact": STATUSES}
# Notebooks show the first ten and the last ten columns: what is hard to read stands in between.
_LAST = (
    "comments", "doi", "url", "code_url", "project_url", "upvotes", "stars", "cited_by", "source",
    "origin",
)  # fmt: skip
_ORDER = (
    *(name for name in COLUMNS if name not in _LAST),
    *(name for name in OPTIONAL if OPTIONAL[name] != "category"),
    *_LAST,
    "code",
    "artifact",
)


def with_all_columns(papers: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every column of `COLUMNS`, those it lacks empty, in their order.

    Examples
    --------
    >>> papers = pd.DataFrame({"title": ["On bees"], "paper_id": ["doi:10.1234/bees"]})
    >>> with_all_columns(papers).columns[:3].tolist()
    ['paper_id', 'title', 'abstract']
    """
    lacking = {
        name: pd.Series(pd.NA, index=papers.index, dtype="string").astype(dtype)
        for name, dtype in COLUMNS.items()
        if name not in papers
    }
    return in_order(papers.assign(**lacking))


def text_of(papers: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column of text; all NA where it is missing, or was emptied and lost its type."""
    values = papers.get(name, pd.Series(pd.NA, index=papers.index))
    try:
        return values.astype("string")
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise DataError(f"not text ({error})", column=name, expected="text") from None


def counts_of(papers: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a column of counts as Int64; all NA where it is missing or was emptied.

    Raises
    ------
    DataError
        The column holds something else than whole numbers.
    """
    values = papers.get(name, pd.Series(pd.NA, index=papers.index))
    if values.isna().all():
        return pd.Series(pd.NA, index=papers.index, dtype="Int64")
    try:
        if pd.api.types.is_bool_dtype(values):
            raise TypeError
        return pd.to_numeric(values).astype("Int64")
    except (TypeError, ValueError, OverflowError):
        raise DataError(
            "the column holds no whole numbers",
            column=name,
            found=next(value for value, gap in zip(values.tolist(), values.isna()) if not gap),
            expected="Int64",
            hint=f"Convert it: papers.assign({name}=pd.to_numeric(papers[{name!r}], "
            "errors='coerce').round().astype('Int64'))",
        ) from None


def in_order(papers: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns of the papers table in their order, others last."""
    known = [name for name in _ORDER if name in papers]
    return papers[[*known, *own_columns(papers)]]


def own_columns(papers: pd.DataFrame) -> list[str]:
    """Return the names of the columns that are none of the papers table."""
    return [name for name in papers.columns if name not in COLUMNS and name not in OPTIONAL]


def without_own_columns(papers: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return papers without columns of the reader's own, but for those that may be shown.

    Raises
    ------
    DataError
        One of them is no column of the papers.
    """
    own = own_columns(papers)
    if isinstance(columns, str) or not set(columns) <= set(papers.columns):
        raise DataError(
            "not columns of the papers",
            argument="columns",
            found=columns,
            expected="a list of names",
            hint=hint_nearest(columns, own) if own else "These papers have no columns of your own",
        )
    return papers.drop(columns=[name for name in own if name not in columns])


def has_features(names: Collection[str]) -> bool:
    """Return whether names of columns are those of a papers table with features.

    In other tables, columns called code or links hold anything.
    """
    return {"paper_id", "links", "code", "artifact"} <= set(names)
