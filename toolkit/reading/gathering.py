"""Papers, a library and papers that are not wanted, put together to be placed beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.clustering.neighbours import unit_vectors
from toolkit.deduplication import find_held
from toolkit.embedding.embedding import embed, has_text
from toolkit.errors import DataError, warn_user
from toolkit.papers.columns import with_all_columns
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.reading.nearness import LIBRARY, RANKED, UNWANTED
from toolkit.reading.reading import read_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Gathered(NamedTuple):
    """All papers that can be placed, those of the library first; each part in order of its ids.

    Attributes
    ----------
    table : DataFrame
        The papers, shape (n, …).
    vectors : float32 array, shape (n, d)
        Rows of length 1.
    terms : list of str
        Of each paper, between spaces.
    role : int array, shape (n,)
        `LIBRARY`, `RANKED` or `UNWANTED`.
    row : int array, shape (n,)
        Position in the table it came from.
    open : bool array, shape (n,)
        Which are to be ranked: none that are in the library or not wanted.
    unknown : int array
        Positions in `papers` of those that nothing tells anything of.
    """

    table: pd.DataFrame
    vectors: NDArray[np.float32]
    terms: list[str]
    role: NDArray[np.int64]
    row: NDArray[np.intp]
    open: NDArray[np.bool_]
    unknown: NDArray[np.intp]


def gather(
    papers: pd.DataFrame,
    library: pd.DataFrame,
    not_like: pd.DataFrame | Iterable[str],
    model: str,
    vectors: tuple[NDArray[Any], ...] | None,
) -> Gathered:
    """Return papers, library and unwanted papers put together; arguments as for `rank_new`."""
    for table in (papers, library):
        check_papers(table)
    if library.empty:
        raise DataError(
            "the library is empty",
            argument="library",
            expected="papers that you have, one or more",
            hint="Check the order of the arguments: rank_new(papers, library)",
        )
    unwanted = not_like if isinstance(not_like, pd.DataFrame) else _rows_of(not_like, papers)
    check_papers(unwanted)
    both = find_held(unwanted, library) if len(unwanted) else np.zeros(0, dtype=bool)
    if both.any():
        raise DataError(
            "a paper is in the library and not wanted",
            argument="not_like",
            found=unwanted["paper_id"].iloc[int(both.argmax())],
            hint="Drop it from one of them",
        )
    tables = {LIBRARY: library, RANKED: papers, UNWANTED: unwanted}
    given = _given(vectors, tables, isinstance(not_like, pd.DataFrame)) if vectors else None
    orders = {role: np.argsort(table["paper_id"].to_numpy(dtype=object), kind="stable")
              for role, table in tables.items()}  # fmt: skip
    row = np.concatenate([orders[role] for role in tables]).astype(np.intp)
    role = np.repeat(list(tables), [len(table) for table in tables.values()])
    parts = [with_all_columns(tables[one]).iloc[orders[one]] for one in tables if len(tables[one])]
    table = pd.concat(parts, ignore_index=True)
    # Ids repeat in what was put together; what reads the table wants one of each.
    plain = table.assign(paper_id=[f"row:{at}" for at in range(len(table))])
    if given is None:
        usable = has_text(plain, model=model)
        made = embed(plain[usable], model=model)
    else:
        made = np.concatenate([given[one][orders[one]] for one in tables if len(tables[one])])
        usable = np.asarray(made.any(axis=1))
        made = made[usable]
    unknown = row[~usable & (role == RANKED)]
    _tell_unknown(int((~usable).sum()), len(table))
    if not (usable & (role == LIBRARY)).any():
        raise DataError(
            "no paper of the library has text or a vector",
            argument="library",
            found=f"{len(library)} papers",
            hint="Fill in titles or abstracts",
        )
    free = role == RANKED
    free[free] = ~find_held(papers, table[~free])[orders[RANKED]]
    return Gathered(
        table[usable].reset_index(drop=True), made, find_terms(plain[usable]).tolist(),
        role[usable], row[usable], free[usable], unknown,
    )  # fmt: skip


def _rows_of(ids: Iterable[str], papers: pd.DataFrame) -> pd.DataFrame:
    return papers[papers["paper_id"].isin(read_ids(ids, papers, argument="not_like"))]


def _given(
    vectors: tuple[NDArray[Any], ...], tables: dict[int, pd.DataFrame], of_table: bool
) -> dict[int, NDArray[np.float32]]:
    """Return the vectors given for each table, of length 1; a DataError where they do not fit."""
    names = {RANKED: "papers", LIBRARY: "library", **({UNWANTED: "not_like"} if of_table else {})}
    if not isinstance(vectors, tuple | list) or len(vectors) != len(names):
        raise DataError(
            "not one array of vectors a table",
            argument="vectors",
            found=f"{len(vectors)} of them" if isinstance(vectors, tuple | list) else vectors,
            expected=f"({', '.join(names.values())})",
        )
    found = {role: unit_vectors(one) for role, one in zip(names, vectors)}
    for role, one in found.items():
        if one.shape != (len(tables[role]), found[RANKED].shape[1]):
            raise DataError(
                f"the vectors of {names[role]} do not fit",
                argument="vectors",
                found=one.shape,
                expected=f"shape ({len(tables[role])}, {found[RANKED].shape[1]})",
            )
    if not of_table:
        place = pd.Index(tables[RANKED]["paper_id"]).get_indexer(tables[UNWANTED]["paper_id"])
        found[UNWANTED] = found[RANKED][place]
    return found


def _tell_unknown(count: int, total: int) -> None:
    if count:
        warn_user(
            f"{count:,} of {total:,} papers have neither text nor a vector: nothing is known of "
            "them, and they are not ranked"
        )
