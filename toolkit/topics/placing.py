"""New papers in topics that are there: where each one goes, and which fit none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from toolkit.clustering.neighbours import BLOCK, grid_cosines, largest, on_grid
from toolkit.intervals import wilson
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

    Vectors = NDArray[np.float32]

#: Papers whose mean cosine with a paper says how near it is to the collection.
_NEAREST = 5
#: Share of a collection's own papers that are no nearer than a stranger.
STRANGE = 0.02
#: Share of strangers that topics can have and still fit.
TOLERATED = 0.05
#: Topics are fitted again for no fewer strangers.
_FEWEST = 5
#: As many of the collection's papers are asked how near they are to the others.
_ASKED = 2000


class Fit(NamedTuple):
    """Whether topics still fit the papers placed in them.

    `placed` papers, of which `strangers` fit no topic; `share` with its interval `low` to `high`
    (95 %, Wilson); `verdict` is "refit", "fits" or "can't tell".
    """

    placed: int
    strangers: int
    share: float
    low: float
    high: float
    verdict: str


def place_papers(papers: pd.DataFrame, topics: TopicModel) -> pd.DataFrame:
    """Return the topic of each paper: of those fitted from the model, of others by `predict`.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n, …), of papers the topics were fitted to and others.
    topics : TopicModel
        It stays as it is.

    Returns
    -------
    DataFrame
        One row a paper: paper_id, topic, confidence, placed (whether it was not fitted),
        nearness (share of the fitted papers that are no nearer to their neighbours, 0 to 1; NaN
        where not placed) and stranger (nearness of at most 0.02).

    Raises
    ------
    DataError
        The topics were fitted to vectors of your own.

    Notes
    -----
    Nearness compares the mean cosine of a paper with its five nearest fitted papers with that
    of fitted papers with their five nearest others: a conformal p-value (Bates et al. 2023,
    doi:10.1214/22-AOS2244), so at most 2 % of papers like the fitted ones are strangers. Measured
    on random parts of one collection (60 to 5,000 papers; tests/bench/placing.py): 0.5 to 1.7 %,
    against 2 to 44 % by the rank of fit to a topic's centroid, which its own papers drew towards
    them; 35 to 53 % of abstracts of other fields, some of them near, are strangers.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers.head(25))
    >>> place_papers(papers, topics)["placed"].sum()
    np.int64(6)
    """
    check_papers(papers)
    known = topics.papers.set_index("paper_id")[["topic", "confidence"]]
    table = known.reindex(papers["paper_id"]).reset_index()
    new = table["topic"].isna().to_numpy()
    table["placed"], table["nearness"] = new, np.nan
    if new.any():
        some = papers[new].reset_index(drop=True)
        found = topics.predict(some)
        for name in ("topic", "confidence"):
            table.loc[new, name] = found[name].to_numpy()
        table.loc[new, "nearness"] = _nearness(topics.place(some), topics)
    table["topic"] = table["topic"].astype(np.int64)
    table["stranger"] = (table["nearness"] <= STRANGE).to_numpy()
    return table


def with_placed(topics: TopicModel, papers: pd.DataFrame) -> TopicModel:
    """Return a model in which papers that it was not fitted to have their place as well."""
    placed = place_papers(papers, topics)
    new = placed["placed"].to_numpy()
    if not new.any():
        return topics
    some = papers[new].reset_index(drop=True)
    vectors = topics.place(some)
    rows = placed.loc[new, ["paper_id", "topic", "confidence"]].reset_index(drop=True)
    rows[["x", "y"]] = _on_map(vectors, topics)
    both = pd.concat([topics.papers, rows.astype(topics.papers.dtypes)], ignore_index=True)
    size = topics.topics["topic"].map(both["topic"].value_counts()).fillna(0)
    return replace(
        topics,
        papers=both,
        topics=topics.topics.assign(size=size.astype(topics.topics["size"].dtype)),
        settings={**topics.settings, "placed": topics.settings.get("placed", 0) + len(rows)},
        documents=[*topics.documents, *find_terms(some).tolist()],
        titles=[*topics.titles, *some["title"].astype(str)],
        vectors=np.vstack([topics.vectors, vectors]),
    )


def judge_fit(placed: pd.DataFrame) -> Fit:
    """Return whether topics still fit the papers that `place_papers` placed in them.

    Parameters
    ----------
    placed : DataFrame
        From `place_papers`; only papers that were not fitted count.

    Returns
    -------
    Fit
        "refit" where the whole interval of the share of strangers is above 0.05, and they are five
        or more, "fits" where all of it is at or below, else "can't tell".

    Examples
    --------
    >>> placed = pd.DataFrame({"placed": [True] * 40, "stranger": [True] * 10 + [False] * 30})
    >>> judge_fit(placed).verdict
    'refit'
    """
    strange = int((placed["placed"] & placed["stranger"]).sum())
    return judge_share(strange, int(placed["placed"].sum()))


def judge_share(
    strange: int, placed: int, *, tolerated: float = TOLERATED, confidence: float = 0.95
) -> Fit:
    """Return whether topics fit so many papers, of which some fit no topic.

    Parameters
    ----------
    strange, placed : int
        Papers that fit no topic, and all.
    tolerated : float
        Share of the first (0 to 1) up to which the topics still fit.
    confidence : float
        Of the interval.

    Returns
    -------
    Fit
        As `judge_fit` says.

    Examples
    --------
    >>> judge_share(4, 4).verdict, judge_share(5, 5).verdict, judge_share(0, 100).verdict
    ("can't tell", 'refit', 'fits')
    """
    if not placed:
        return Fit(0, 0, float("nan"), 0.0, 1.0, "can't tell")
    low, high = (float(np.asarray(end)) for end in wilson(strange, placed, confidence=confidence))
    many = low > tolerated and strange >= _FEWEST
    verdict = "refit" if many else "fits" if high <= tolerated else "can't tell"
    return Fit(placed, strange, strange / placed, low, high, verdict)


def _on_map(new: Vectors, topics: TopicModel) -> NDArray[np.float64]:
    """Return places on the map: the means of the nearest fitted papers', weighted by cosine."""
    order = np.argsort(topics.papers["paper_id"].to_numpy(dtype=object), kind="stable")
    there = topics.papers[["x", "y"]].to_numpy(dtype=np.float64)[order]
    grid, found = on_grid(topics.vectors[order]), []
    for rows in _blocks(np.arange(len(new))):
        cosine = grid_cosines(on_grid(new[rows]), grid)
        near, weight = largest(cosine, min(_NEAREST, len(grid)))
        wide = np.maximum(weight, 1e-3).astype(np.float64)[:, :, None]
        found.append((there[near] * wide).sum(axis=1) / wide.sum(axis=1))
    return np.concatenate(found)


def _nearness(new: Vectors, topics: TopicModel) -> NDArray[np.float64]:
    """Return the share of fitted papers that are no nearer to their neighbours than new ones."""
    order = np.argsort(topics.papers["paper_id"].to_numpy(dtype=object), kind="stable")
    grid = on_grid(topics.vectors[order])
    n = len(grid)
    k = min(_NEAREST, n - 1)
    if k < 1:
        return np.ones(len(new))
    asked = np.unique(np.linspace(0, n - 1, min(n, _ASKED)).astype(np.intp))
    own = np.concatenate(
        [_means(grid[rows], grid, k, rows) for rows in _blocks(asked)],
    )
    grid_new = on_grid(new)
    found = [_means(grid_new[rows], grid, k) for rows in _blocks(np.arange(len(new)))]
    nearer = np.searchsorted(np.sort(own), np.concatenate(found), side="right")
    return np.asarray((nearer + 1) / (len(own) + 1))


def _blocks(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def _means(
    some: Vectors, every: Vectors, k: int, own: NDArray[np.intp] | None = None
) -> NDArray[np.float64]:
    """Return the mean cosine of papers with their k nearest, without themselves."""
    cosine = grid_cosines(some, every)
    if own is not None:
        cosine[np.arange(len(own)), own] = -2
    return np.asarray(largest(cosine, k)[1].astype(np.float64).mean(axis=1))
