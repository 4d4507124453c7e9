"""How well the terms of a topic belong together, counted on the collection itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def npmi(topic_terms: Iterable[Sequence[str]], documents: pd.Series[Any]) -> np.ndarray:
    """Coherence of topics: normalised pointwise mutual information of their terms.

    Parameters
    ----------
    topic_terms : iterable of sequences of str
        The top terms of each topic, as they stand in `documents`.
    documents : Series of str
        Shape (n_papers,): the terms of each paper, separated by spaces (`collection.terms`).

    Returns
    -------
    ndarray
        Shape (n_topics,), −1 (never together) to 1 (only together), about 0 for terms that
        occur together by chance: the mean over all pairs of a topic's terms, counted over whole
        papers. Pairs of a two-word term and one of its own words are left out, since they always
        occur together. NaN for topics with fewer than two terms.

    References
    ----------
    G. Bouma, "Normalized (pointwise) mutual information in collocation extraction" (2009);
    J. H. Lau, D. Newman, T. Baldwin, "Machine reading tea leaves" (2014), doi:10.3115/v1/E14-1056.

    Examples
    --------
    >>> documents = pd.Series(["graph node", "graph node", "speech", "speech"])
    >>> npmi([["graph", "node"], ["graph", "speech"]], documents)
    array([ 1., -1.])
    """
    lists = [list(dict.fromkeys(terms)) for terms in topic_terms]
    together, alone = _cooccurrences(sorted({term for terms in lists for term in terms}), documents)
    index = {term: place for place, term in enumerate(alone.index)}
    scores = []
    for terms in lists:
        pairs = [
            (index[a], index[b])
            for i, a in enumerate(terms)
            for b in terms[i + 1 :]
            if not _nested(a, b)
        ]
        scores.append(_mean_npmi(pairs, together, alone.to_numpy(), len(documents)))
    return np.array(scores, dtype=float)


def _nested(a: str, b: str) -> bool:
    """Tell whether one of two terms is a word of the other."""
    return a in b.split("_") or b in a.split("_")


def _cooccurrences(vocabulary: list[str], documents: pd.Series[Any]) -> tuple[np.ndarray, Any]:
    """Count in how many documents each term, and each pair of terms, stands."""
    place = {term: number for number, term in enumerate(vocabulary)}
    columns: list[int] = []
    starts = [0]
    for text in documents.fillna(""):
        columns += {place[word] for word in text.split() if word in place}
        starts.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float64)
    found = csr_array((ones, columns, starts), shape=(len(documents), len(vocabulary)))
    together = (found.T @ found).toarray()
    return together, pd.Series(together.diagonal(), index=vocabulary)


def _mean_npmi(
    pairs: list[tuple[int, int]], together: np.ndarray, alone: np.ndarray, total: int
) -> float:
    if not pairs:
        return float("nan")
    first, second = np.array(pairs).T
    joint = together[first, second] / total
    expected = alone[first] * alone[second] / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / expected) / -np.log(joint)
    values = np.where(joint == 0, -1.0, np.where(joint == 1, 1.0, values))
    return float(values.mean())
