"""Records under one id: repeats are dropped, two papers under one id are an error."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from typing import Any

import pandas as pd
from rapidfuzz.fuzz import token_set_ratio

from toolkit.errors import warn_user
from toolkit.papers.coercion import Place
from toolkit.papers.identifiers import fold_title

# Columns that distinguish two papers of one title; counts and dates of listing do not.
_FACTS = ("abstract", "authors", "published", "venue", "url", "comments")
#: From this similarity on (0–100), two titles under one arXiv id or DOI are one retitled paper.
RETITLED = 55.0


def drop_repeats(table: pd.DataFrame, place: Place, *, retitled: bool = False) -> pd.DataFrame:
    """Return the first of records that repeat; two papers under one id are an error.

    Parameters
    ----------
    table : DataFrame
        A papers table whose ids may repeat.
    place : Place
        Where the records come from, for messages.
    retitled : bool
        Take similar titles under one arXiv id or DOI for the same paper under a new title, as is
        right where records of several sources meet.

    Returns
    -------
    DataFrame
        With unique ids; the order is kept.

    Raises
    ------
    DataError
        Two different papers under one arXiv id or DOI.

    Warns
    -----
    UserWarning
        Counts what was left out, and shows the first.
    """
    doubled = table["paper_id"].duplicated(keep=False).to_numpy()
    if not doubled.any():
        return table
    new_ids = table["paper_id"].tolist()
    repeats: list[int] = []
    seen: dict[str, dict[Hashable, int]] = {}
    for at in doubled.nonzero()[0].tolist():
        paper_id = new_ids[at]
        facts = _facts(table.iloc[at])
        earlier = seen.setdefault(paper_id, {})
        if not earlier:
            earlier[facts] = at
        elif not paper_id.startswith("title:"):
            _refuse_two_papers(table, place, next(iter(earlier.values())), at, retitled=retitled)
            repeats.append(at)
        elif facts in earlier:
            repeats.append(at)
        else:
            earlier[facts] = at
            new_ids[at] = _own_id(facts)
    result = table.copy()
    result["paper_id"] = pd.array(new_ids, dtype="string")
    if repeats:
        first = repeats[0]
        warn_user(
            f"{place.origin}: {len(repeats)} record(s) repeat an earlier one and were left out; "
            f"the first, in row {place.row(first)}: {table['title'].iloc[first]!r} "
            f"({table['paper_id'].iloc[first]})"
        )
        result = result.drop(index=result.index[repeats]).reset_index(drop=True)
    return result


def _facts(row: pd.Series[Any]) -> tuple[str, ...]:
    return (
        fold_title(str(row["title"])),
        *("" if pd.isna(row[name]) else fold_title(str(row[name])) for name in _FACTS),
    )


def _own_id(facts: tuple[str, ...]) -> str:
    """Return an id made from all facts, so that it does not depend on the order of the records."""
    return "title:" + hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _refuse_two_papers(
    table: pd.DataFrame, place: Place, first: int, other: int, *, retitled: bool
) -> None:
    titles = [str(table["title"].iloc[at]) for at in (first, other)]
    folded = [fold_title(title) for title in titles]
    if folded[0] == folded[1]:
        return
    if retitled and token_set_ratio(*folded) >= RETITLED:
        return
    raise place.error(
        f"two different papers share the id {table['paper_id'].iloc[other]}",
        other,
        "paper_id",
        found=titles[1],
        expected=f"the paper of row {place.row(first)}: {titles[0]!r}",
        hint="Correct the id of one of them",
    )
