"""What to read, given what a library holds: papers nearest to it and not in it, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import check_weight, check_whole, checked, warn_user
from toolkit.reading.cited import citations
from toolkit.reading.gathering import Gathered, gather
from toolkit.reading.nearness import LIBRARY, Nearness, choose, fit_nearness, nearest_rows
from toolkit.reading.paper_dates import days_of, recency_of, written_dates
from toolkit.reading.reasons import LibraryAuthors, quoted, shared_terms
from toolkit.topics.term_scores import TermIndex
from toolkit.trends.figures import count_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: So many papers of the library are named as the nearest, and two of them with their titles.
_NAMED, _TITLED = 3, 2
#: The score of fewer papers of a library would say nothing, and of fewer than the second little.
_FEW, _LITTLE = 2, 3


@checked
def rank_new(
    papers: pd.DataFrame,
    library: pd.DataFrame,
    *,
    n: int = 20,
    not_like: pd.DataFrame | Iterable[str] = (),
    diversity: float = 1.0,
    recency: float = 0.0,
    half_life: str = "180D",
    model: str = "static",
    vectors: tuple[NDArray[Any], ...] | None = None,
) -> pd.DataFrame:
    """Return the papers nearest to what a library holds and not in it, each with its reasons.

    Parameters
    ----------
    papers : DataFrame
        A papers table: what may be read.
    library : DataFrame
        A papers table: what you have, or have read and liked. Papers in both (by id, DOI or the
        rules of `deduplicate`) are not ranked.
    n : int
        Number of papers.
    not_like : DataFrame or iterable of str
        Papers that are not wanted, as a table or as ids of `papers`: they are left out, and
        papers like them come later. (A few that you would turn down help most.)
    diversity : float
        What a paper loses for being like one above it: with 1, a cosine of 1 costs one standard
        deviation. 0 ranks by nearness alone.
    recency : float
        What the newest paper gains, in standard deviations; halved every `half_life`.
    half_life : str
        Age is measured from the newest of `papers`, so that nothing depends on today's date.
    model : str
        As for `embed`.
    vectors : tuple of arrays, optional
        Vectors of your own in place of `model`: of `papers`, of `library`, and of `not_like`
        where it is given; a row a paper, in their order.

    Returns
    -------
    DataFrame
        The papers, the first to read first, with three more columns; fewer than `n` where no more
        are left:

        - score: share of the library's own papers that are less near to the rest of it than this
          paper, 0 to 1. Papers that belong there have 0.5 on average; 0 is none of yours. NA where
          the library holds one paper. Diversity and recency change the order, not the score
        - why: the nearest papers of the library, shared terms, names of authors in common, and
          citations either way where there are references
        - nearest_ids: ids of the three papers of the library nearest to it, ``"; "`` between them

        Papers with neither text nor vector come last, with NA.

    Raises
    ------
    DataError
        Not papers tables, an empty library, a number out of range, vectors that do not fit, or a
        paper that is both in `library` and in `not_like`.

    Warns
    -----
    UserWarning
        All papers are in the library, it holds one or two papers only, or some rows have neither
        text nor vector (counts them).

    Notes
    -----
    The sum of two measures: the place between other papers and the library (ridge regression, each
    side with equal weight), and the mean cosine with the five nearest papers of the library, both
    on vectors of `model` beside the words of these papers. Diversity is maximal marginal
    relevance: Carbonell and Goldstein (1998), doi:10.1145/290941.291025.

    Examples
    --------
    >>> import toolkit
    >>> planted = toolkit.plant_collection(n_papers=120, n_topics=3, seed=1)
    >>> speech = planted.papers[planted.truth["topic"] == 0]
    >>> ranked = toolkit.rank_new(planted.papers, speech.head(20), n=5)
    >>> bool(ranked["paper_id"].isin(speech["paper_id"].iloc[20:]).all())
    True
    >>> ranked["why"][0].startswith("near “")
    True
    """
    check_whole(n, "n", least=1)
    for name, weight in (("diversity", diversity), ("recency", recency)):
        check_weight(weight, name)
    days = days_of(half_life)
    field = gather(papers, library, not_like, model, vectors)
    if not field.open.any():
        warn_user(_none_left(papers, library))
    held = int((field.role == LIBRARY).sum())
    if held < _LITTLE:
        warn_user(
            f"the library has {count_papers(held)} with text: the scores say little, as there is "
            "hardly anything to hold them against; the order goes by nearness"
        )
    index = TermIndex(field.terms)
    found = fit_nearness(field.vectors, index, field.role)
    rows = np.flatnonzero(field.open)
    value = found.value[rows]
    if recency:
        value = value + recency * recency_of(papers, days)[field.row[rows]]
    picked = rows[choose(value, found.places[rows], n, diversity)]
    out = papers.iloc[field.row[picked]]
    nearest = _nearest(found, field, picked)
    out = out.assign(
        score=_scores(found.value, field, picked),
        why=_reasons(field, index, picked, nearest, dated=recency > 0),
        nearest_ids=_ids_of(field, nearest),
    )
    return _with_unknown(out, papers.iloc[field.unknown], n).reset_index(drop=True)


def _none_left(papers: pd.DataFrame, library: pd.DataFrame) -> str:
    if papers.empty:
        return "there are no papers to rank"
    return (
        f"none of the {len(papers):,} papers is left to rank: they are in the library of "
        f"{len(library):,}, not wanted, or without text"
    )


def _scores(
    value: NDArray[np.float64], field: Gathered, picked: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the share of the library's papers that are less near; half of those equally near."""
    own = np.sort(value[field.role == LIBRARY])
    if len(own) < _FEW:
        return np.full(len(picked), np.nan)
    sides = [np.searchsorted(own, value[picked], side=side) for side in ("left", "right")]
    found: NDArray[np.float64] = np.mean(sides, axis=0) / len(own)
    return found


def _nearest(found: Nearness, field: Gathered, picked: NDArray[np.intp]) -> list[list[int]]:
    """Return the rows of the library's papers nearest to each of the picked ones."""
    library = found.places[field.role == LIBRARY]
    return [nearest_rows(found.places[row], library, _NAMED).tolist() for row in picked]


def _ids_of(field: Gathered, nearest: list[list[int]]) -> Any:
    ids = field.table["paper_id"].tolist()
    return pd.array(["; ".join(ids[at] for at in some) for some in nearest], dtype="string")


def _reasons(
    field: Gathered,
    index: TermIndex,
    picked: NDArray[np.intp],
    nearest: list[list[int]],
    *,
    dated: bool,
) -> Any:
    """Return why each of the picked papers is near, in words."""
    held = field.role == LIBRARY
    library = field.table[held]
    authors = LibraryAuthors(library)
    titles = library["title"].tolist()
    chosen = field.table.iloc[picked]
    cites, cited_by = citations(chosen, library)
    dates = written_dates(chosen).tolist() if dated else [None] * len(chosen)
    said = []
    people = chosen["authors"].tolist()
    for at, (row, near, names, date) in enumerate(zip(picked, nearest, people, dates)):
        shared = shared_terms(index, field.terms[row], [field.terms[one] for one in near])
        parts = [f"near {quoted(titles[one] for one in near[:_TITLED])}"]
        parts += [f"shares {', '.join(shared)}"] if shared else []
        parts += [by] if (by := authors.shared(names)) else []
        for says, found in (("cites", cites), ("cited by", cited_by)):
            if at in found:
                more = f" and {len(found[at]) - _TITLED} more" if len(found[at]) > _TITLED else ""
                parts.append(f"{says} {quoted(titles[one] for one in found[at][:_TITLED])}{more}")
        parts += [f"dated {date}"] if isinstance(date, str) else []
        said.append("; ".join(parts))
    return pd.array(said, dtype="string")


def _with_unknown(out: pd.DataFrame, unknown: pd.DataFrame, n: int) -> pd.DataFrame:
    rest = unknown.iloc[: n - len(out)]
    if rest.empty:
        return out
    none = pd.array([None] * len(rest), dtype="string")
    return pd.concat([out, rest.assign(score=np.nan, why=none, nearest_ids=none)])
