"""Add new records to a collection: its own rows stay, their gaps are filled, the rest is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.deduplication.deduplication import (
    LARGEST,
    filled,
    group,
    main_record,
    unique_ids,
    usable,
)
from toolkit.deduplication.pairs import find_matches
from toolkit.deduplication.records import Records
from toolkit.papers.columns import FEATURE_GROUPS, in_order, own_columns, text_of
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a record never changes in a paper that is there: what it is, where it came from, and
#: features, which belong to the abstract beside them.
_KEPT = {
    "paper_id", "title", "terms", "source", "origin", "problems", "published_precision",
    "bibtex_key", "bibtex_type", *(name for names in FEATURE_GROUPS for name in names),
}  # fmt: skip
_CHANGES = {"paper_id": "string", "column": "string", "value": "string", "origin": "string"}
_ARXIV_DOI = "10.48550/"


def add_papers(
    papers: pd.DataFrame, new: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return a collection with new records added, a log of the merges, and what was filled in.

    Parameters
    ----------
    papers : DataFrame
        The collection, shape (n_papers, …). Its rows keep their order, ids and values, columns of
        your own too, and are not merged with each other.
    new : DataFrame
        A papers table of records, of papers in the collection or not; ids may repeat.

    Returns
    -------
    papers : DataFrame
        The n_papers rows, then one row for each paper that was not there, in the order of `new`.
        A record of a paper that is there fills its gaps. Upvotes, stars and citations take the
        larger number, and the DOI that arXiv gives makes way for a publisher's. Where features
        stand in for an abstract, abstract and comments stay empty.
    merges : DataFrame
        kept_id, dropped_id, why, score: one row a record merged into another, as from
        `deduplicate`.
    changes : DataFrame
        paper_id, column, value (as text), origin: one row a cell of the collection that changed.

    Raises
    ------
    DataError
        One of them is no papers table.

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> mine = make_papers([{"id": "2401.00001", "title": "On oaks"}]).assign(note="read it")
    >>> new = make_papers([{"id": "2401.00001", "title": "On oaks", "upvotes": 3},
    ...                    {"id": "2401.00002", "title": "On elms"}], origin="arXiv")
    >>> papers, merges, changes = add_papers(mine, new)
    >>> papers[["title", "upvotes", "note"]].values.tolist()
    [['On oaks', 3, 'read it'], ['On elms', <NA>, nan]]
    >>> changes.values.tolist()
    [['arxiv:2401.00001', 'upvotes', '3', 'arXiv']]
    """
    check_papers(papers)
    usable(new)
    n = len(papers)
    table = usable(_stacked(papers, new))
    records = Records(table)
    groups, reasons = group(records, find_matches(records), apart=n)
    known = [members for members in groups if members[0] < n]
    fresh = [members for members in groups if members[0] >= n]
    rows = [main_record(records, some) for some in fresh]
    kept = [*range(n), *rows]
    ids = unique_ids(records, kept)
    out = filled(
        table, kept, [(row, some) for row, some in zip(rows, fresh) if len(some) > 1], records
    )
    out["paper_id"] = pd.Series(ids, index=out.index).astype(table["paper_id"].dtype)
    changes = _fill_gaps(out, table, [some for some in known if len(some) > 1])
    merges = [
        (ids[at], records.ids[other], *reasons[other])
        for at, (row, some) in enumerate(zip(kept, [*known, *fresh]))
        for other in some
        if other != row
    ]
    log = pd.DataFrame(merges, columns=["kept_id", "dropped_id", "why", "score"]).astype(
        {"kept_id": "string", "dropped_id": "string", "why": "string", "score": "float64"}
    )
    return out, log, changes


def _stacked(papers: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return both tables in one; columns of the reader's own keep their values exactly."""
    names = [*papers.columns, *(name for name in new.columns if name not in papers)]
    mine = set(own_columns(papers))
    columns = {}
    for name in names:
        old = papers[name] if name in papers else _empty(new[name].dtype, len(papers))
        if name in mine and len(new):
            old = _nullable(old)
        more = new[name] if name in new else _empty(old.dtype, len(new))
        if more.dtype != old.dtype:
            more, old = _alike(more, old)
        columns[name] = pd.concat([old, more], ignore_index=True) if len(new) else old
    return in_order(pd.DataFrame(columns).reset_index(drop=True))


def _empty(dtype: Any, n: int) -> pd.Series[Any]:
    return pd.Series([None] * n, dtype=dtype)


def _nullable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of whole numbers or truth values in the type that can have gaps."""
    name = {"bool": "boolean"}.get(str(column.dtype), str(column.dtype))
    wider: Any = name.replace("uint", "UInt").replace("int", "Int")
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub"
    return column.astype(wider) if plain else column


def _alike(one: pd.Series[Any], two: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return two columns in the type of the second, else both as objects."""
    try:
        return one.astype(two.dtype), two
    except (ValueError, TypeError):
        return one.astype(object), two.astype(object)


def _fill_gaps(out: pd.DataFrame, table: pd.DataFrame, groups: Sequence[list[int]]) -> pd.DataFrame:
    """Fill the gaps of rows that have records, in place; return what changed."""
    found: list[tuple[Any, ...]] = []
    there = {name: table[name].notna().tolist() for name in table.columns}
    told = [there["abstract"][some[0]] if "abstract" in there else False for some in groups]
    stored = [there["terms"][some[0]] if "terms" in there else False for some in groups]
    with_prose = [some for some, one, two in zip(groups, told, stored) if one or not two]
    origin = text_of(table, "origin").tolist()
    for name in table.columns.difference(list(_KEPT), sort=False):
        values = table[name].tolist()
        fillable = with_prose if name in ("abstract", "comments") else groups
        givers = {some[0]: _giver(name, some, values, there[name]) for some in fillable}
        cells = {row: giver for row, giver in givers.items() if giver is not None}
        if cells:
            _put(out, table, name, cells)
            if name == "published" and "published_precision" in table:
                _put(out, table, "published_precision", cells)
        for row, giver in cells.items():
            found.append((out["paper_id"].iat[row], name, _text(values[giver]), origin[giver]))
    return pd.DataFrame(found, columns=list(_CHANGES)).astype(_CHANGES)


def _giver(name: str, some: list[int], values: list[Any], there: list[bool]) -> int | None:
    """Return the record whose value the first one takes, None where it keeps its own."""
    row, given = some[0], [i for i in some[1:] if there[i]]
    if not given:
        return None
    if not there[row]:
        return given[0]
    if name in LARGEST:
        most = max(given, key=lambda i: values[i])
        return most if values[most] > values[row] else None
    if name == "doi" and values[row].startswith(_ARXIV_DOI):
        return next((i for i in given if not values[i].startswith(_ARXIV_DOI)), None)
    return None


def _put(out: pd.DataFrame, table: pd.DataFrame, name: str, cells: dict[int, int]) -> None:
    fresh, values = out[name].to_numpy(dtype=object).copy(), table[name].to_numpy(dtype=object)
    for row, giver in cells.items():
        fresh[row] = values[giver]
    out[name] = pd.Series(fresh, index=out.index).astype(table[name].dtype)


def _text(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
