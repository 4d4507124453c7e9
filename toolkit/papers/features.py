"""Feature columns: what was made from an abstract and stands in for it where it is missing.

`terms`, `vector` with `vector_model`, `links`, `code` and `artifact` are columns of the papers
table like any other, so pandas carries them through merge, concat, sort, copy and files. An
abstract wins over them wherever there is one. Vectors are bytes and links JSON because pandas
cannot compare, describe or read back columns of Arrow lists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.papers.coercion import STATUSES
from toolkit.papers.columns import OPTIONAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What `links` keeps of each link: facts, no sentences.
LINK_FACTS = ("url", "kind", "tense", "where")
_AGAIN = (
    "Make the features again from the abstracts (toolkit.fetch_abstracts brings them back), or "
    "drop the column"
)


def has_abstract(papers: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which papers have an abstract, shape (n_papers,)."""
    return has_value(papers, "abstract")


def has_value(papers: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Return which papers have a value in a column, shape (n_papers,); none where it is missing."""
    if name not in papers:
        return np.zeros(len(papers), dtype=bool)
    return papers[name].notna().to_numpy(dtype=bool, copy=True)


def encode_vectors(vectors: NDArray[Any]) -> Any:
    """Return vectors, shape (n, d), as n values of a `vector` column: little-endian float16."""
    rows = np.ascontiguousarray(vectors, dtype="<f2")
    return pd.array([row.tobytes() for row in rows], dtype=OPTIONAL["vector"])


def decode_vectors(values: pd.Series[Any], *, rows: NDArray[np.intp]) -> NDArray[np.float16]:
    """Return the vectors that stand in some rows of a `vector` column.

    Parameters
    ----------
    values : Series
        The whole column.
    rows : ndarray of int
        Positions of n rows, none of them NA.

    Returns
    -------
    ndarray of float16
        Shape (n, d).

    Raises
    ------
    DataError
        A value is no vector, differs in length from most, or holds numbers that are not
        finite, or only zeros.
    """
    cells = values.iloc[rows].tolist()
    sizes = Counter(len(cell) for cell in cells if isinstance(cell, bytes) and len(cell) % 2 == 0)
    size = max(sizes, key=lambda one: (sizes[one], one), default=0)
    for row, cell in zip(rows, cells):
        if not isinstance(cell, bytes) or len(cell) != size or not size:
            found = f"{len(cell)} bytes" if isinstance(cell, bytes) else cell
            expected = f"{size} bytes, as in most rows" if size else "the bytes of float16 numbers"
            raise _malformed("not a vector", int(row), "vector", found, expected)
    vectors = np.frombuffer(b"".join(cells), dtype="<f2").reshape(len(cells), -1)
    bad = ~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)
    if bad.any():
        at = int(bad.argmax())
        found = "only zeros" if np.isfinite(vectors[at]).all() else "NaN or infinity"
        raise _malformed("not a vector", int(rows[at]), "vector", found, "finite numbers")
    return vectors.astype(np.float16, copy=False)


def encode_links(links: Iterable[Mapping[Any, Any]]) -> str:
    """Return the links of a paper as the JSON that the column `links` holds.

    Examples
    --------
    >>> encode_links([{"url": "https://a.org", "kind": "code", "evidence": "Our code is here."}])
    '[{"url":"https://a.org","kind":"code"}]'
    """
    facts = [{name: link[name] for name in LINK_FACTS if link.get(name)} for link in links]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def decode_links(papers: pd.DataFrame) -> list[list[dict[str, str]] | None]:
    """Return the stored links of each paper without abstract; None where there are none to use.

    Raises
    ------
    DataError
        A value is not the JSON that `encode_links` writes.
    """
    found: list[list[dict[str, str]] | None] = [None] * len(papers)
    for row, text in _in_place_of_abstracts(papers, "links"):
        try:
            links = json.loads(text)
            facts = [{name: link.get(name, "") for name in LINK_FACTS} for link in links]
            good = all(isinstance(value, str) for link in facts for value in link.values())
            good = good and all(link["url"] and link["kind"] for link in facts)
            found[row] = facts
        except (ValueError, TypeError, AttributeError, RecursionError):
            good = False
        if not good:
            expected = 'a JSON list such as [{"url": …, "kind": "code", "tense": "present"}]'
            raise _malformed("not the links of a paper", row, "links", text, expected)
    return found


def stored_statuses(papers: pd.DataFrame, name: str) -> list[str | None]:
    """Return `code` or `artifact` of each paper without abstract; None where there is none to use.

    Raises
    ------
    DataError
        A value is none of `STATUSES`.
    """
    found: list[str | None] = [None] * len(papers)
    for row, value in _in_place_of_abstracts(papers, name):
        if value not in STATUSES:
            raise _malformed("not a status", row, name, value, ", ".join(STATUSES))
        found[row] = value
    return found


def status_column(values: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column of statuses, of the categories that all tables share."""
    return pd.Series(pd.Categorical(values, list(STATUSES)), index=index)


def warn_of_unread(unread: int, total: int) -> None:
    """Warn where papers have neither an abstract nor features made from one."""
    if unread:
        warn_user(
            f"{unread} of {total} papers have neither an abstract nor features made from one: "
            "their links and code claims are unknown (NA). toolkit.fetch_abstracts may bring the "
            "abstracts"
        )


def _in_place_of_abstracts(papers: pd.DataFrame, name: str) -> list[tuple[int, Any]]:
    """Return the row and value of a feature where it is there and the abstract is not."""
    rows = (has_value(papers, name) & ~has_abstract(papers)).nonzero()[0]
    return list(zip(rows.tolist(), papers[name].iloc[rows].tolist())) if len(rows) else []


def _malformed(message: str, row: int, column: str, found: Any, expected: str) -> DataError:
    return DataError(
        message, row=row + 1, column=column, found=found, expected=expected, hint=_AGAIN
    )
