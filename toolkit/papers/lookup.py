"""Look papers up in another table by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIT = "Fit the topics on these papers: toolkit.fit_topics(papers)"


def find_rows(
    ids: pd.Series[Any] | Sequence[str], table: pd.DataFrame, *, what: str, hint: str = _FIT
) -> NDArray[np.intp]:
    """Return where each paper stands in a table; every paper must be there once.

    Parameters
    ----------
    ids : Series or sequence of str
        Ids of n papers.
    table : DataFrame
        Has `paper_id`, in any order, and may hold more papers.
    what : str
        What the table is, for the message.
    hint : str
        What can be done about a paper that is missing.

    Returns
    -------
    array of int
        Shape (n,).

    Raises
    ------
    DataError
        The table holds a paper twice, or lacks one; it names the first.

    Examples
    --------
    >>> table = pd.DataFrame({"paper_id": ["title:a", "title:b"]})
    >>> find_rows(["title:b"], table, what="the table")
    array([1])
    """
    known = pd.Index(table["paper_id"].astype(object))
    if known.has_duplicates:
        raise DataError(f"{what} holds a paper twice", column="paper_id")
    rows: NDArray[np.intp] = known.get_indexer(pd.Index(list(ids), dtype=object))
    if (rows < 0).any():
        first = int((rows < 0).argmax())
        raise DataError(
            f"{int((rows < 0).sum())} of {len(rows)} papers are not in {what}",
            row=first + 1,
            column="paper_id",
            found=list(ids)[first],
            hint=hint,
        )
    return rows


def look_up(
    papers: pd.DataFrame, table: pd.DataFrame, column: str, *, what: str, hint: str = _FIT
) -> Any:
    """Return `column` of a table for each paper, as an array; see `find_rows`."""
    rows = find_rows(papers["paper_id"], table, what=what, hint=hint)
    return table[column].to_numpy()[rows]
