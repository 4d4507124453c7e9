"""How near papers lie to a library: one number each, learned from the library and the others.

Two views are put side by side, as for topics: the model's vectors and the words of these very
papers. Two measures are added: a line between the library and the other papers (what tells the
library apart), and the nearest papers of the library (a library has several subjects). Chosen by
tests/bench/ranking.py: either alone finds less, or fails where abstracts are missing on one side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from toolkit.topics.own_words import fit_own_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.term_scores import TermIndex

#: Weight of these papers' own words beside the model's vectors.
WORDS = 0.4
#: So many papers of the library are the nearest ones.
NEAREST = 5
#: Of the line: less follows what tells the library apart in these papers more closely, also where
#: that is no subject. 3 found 2 % more where both sides are alike, and 3 % less where only the
#: library has no abstracts.
_RIDGE = 10.0
#: Of papers that are not wanted: their part of all that is not the library, and of nearness.
_UNWANTED, _UNWANTED_NEAREST = 0.25, 0.25
_CHUNK = 4096
#: The axes of the words are found on so many papers of larger collections; all 5,700 find no more.
_SAMPLE = 2000
#: What a paper is here.
LIBRARY, RANKED, UNWANTED = 1, 0, -1


class Nearness(NamedTuple):
    """What `fit_nearness` found.

    Attributes
    ----------
    value : float array, shape (n,)
        Higher is nearer; in standard deviations. What a paper says of itself is left out: a paper
        of the library is held against the rest of it, a paper to rank is none of the others.
    places : float32 array, shape (n, d)
        Rows of length 1.
    """

    value: NDArray[np.float64]
    places: NDArray[np.float32]


def fit_nearness(vectors: NDArray[Any], index: TermIndex, role: NDArray[np.int64]) -> Nearness:
    """Return how near papers lie to a library.

    Parameters
    ----------
    vectors : array, shape (n, d)
        Rows of length 1: of the library, of the papers to rank and of those that are not wanted.
    index : TermIndex
        Their terms.
    role : int array, shape (n,)
        `LIBRARY`, `RANKED` or `UNWANTED`.

    Notes
    -----
    The line is Fisher's, by ridge regression on classes of equal weight; without the paper itself,
    in closed form. Of the cosines with the library, the mean of the five largest.
    """
    # One thread: with more, the last digits would depend on their number.
    with threadpool_limits(limits=1):
        _, places = fit_own_words(vectors, index, weight=WORDS, sample=_SAMPLE)
        line = _fit_line(places, role)
        near = _standard(nearest_mean(places, role == LIBRARY))
        if (role == UNWANTED).any():
            near -= _UNWANTED_NEAREST * _standard(nearest_mean(places, role == UNWANTED))
    return Nearness(_standard(line) + near, places)


def nearest_mean(places: NDArray[np.float32], held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of each paper's largest cosines with papers held, itself left out.

    Examples
    --------
    >>> places = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    >>> nearest_mean(places, np.array([True, True, False])).round(2).tolist()
    [0.8, 0.8, 0.3]
    """
    rows, column = np.flatnonzero(held), np.cumsum(held) - 1
    found = np.zeros(len(places), dtype=np.float64)
    for start in range(0, len(places), _CHUNK):
        cosine = places[start : start + _CHUNK] @ places[rows].T
        own = np.flatnonzero(held[start : start + _CHUNK])
        cosine[own, column[start + own]] = -np.inf
        for which, others in ((own, len(rows) - 1), (~held[start : start + _CHUNK], len(rows))):
            k = min(NEAREST, others)
            if k:
                some = cosine[which]
                largest = np.partition(some, some.shape[1] - k, axis=1)[:, -k:]
                found[start : start + _CHUNK][which] = largest.astype(np.float64).mean(axis=1)
    return found


def nearest_rows(
    place: NDArray[np.float32], library: NDArray[np.float32], n: int
) -> NDArray[np.intp]:
    """Return the rows of the library's papers nearest to a place, the nearest first."""
    cosine = library @ place
    return np.argsort(-cosine, kind="stable")[:n]


def choose(
    value: NDArray[np.float64], places: NDArray[np.float32], n: int, diversity: float
) -> list[int]:
    """Return the rows of n papers, the best first, each judged by those above it as well.

    Parameters
    ----------
    value : array, shape (m,)
        Ties go to the earlier row.
    places : array, shape (m, d)
        Rows of length 1.
    n : int
        How many; after the first 200 (or all that differ) the order is by value alone.
    diversity : float
        What a cosine of 1 with a paper above takes off the value.

    Notes
    -----
    Maximal marginal relevance: Carbonell and Goldstein (1998), doi:10.1145/290941.291025.

    Examples
    --------
    >>> places = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> choose(np.array([3.0, 2.9, 2.5]), places, 3, 1.0)
    [0, 2, 1]
    """
    left = np.argsort(-value, kind="stable")
    chosen: list[int] = []
    if diversity > 0:
        alike = np.zeros(len(value))
        open_ = np.ones(len(value), dtype=bool)
        for _ in range(min(n, len(value), 200)):
            worth = np.where(open_, value - diversity * alike, -np.inf)
            best = int(worth.argmax())
            chosen.append(best)
            open_[best] = False
            np.maximum(alike, places @ places[best], out=alike)
        left = left[open_[left]]
    return [*chosen, *left[: n - len(chosen)].tolist()]


def _fit_line(places: NDArray[np.float32], role: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each paper's place along the line from the others to the library, by the rest."""
    weight = np.zeros(len(role))
    unwanted = _UNWANTED if (role == UNWANTED).any() else 0.0
    for which, part in ((LIBRARY, 1.0), (RANKED, 1 - unwanted), (UNWANTED, unwanted)):
        here = role == which
        weight[here] = part / max(int(here.sum()), 1) / 2
    target = np.where(role == LIBRARY, 1.0, -1.0)
    centred = places - (weight @ places).astype(np.float32)
    spread = ((centred * weight.astype(np.float32)[:, None]).T @ centred).astype(np.float64)
    spread[np.diag_indices_from(spread)] += _RIDGE * np.trace(spread) / len(spread) + 1e-12
    scaled = centred @ np.linalg.inv(spread).astype(np.float32)
    aim = weight @ target
    line = (scaled @ ((weight * (target - aim)) @ centred).astype(np.float32)).astype(float) + aim
    # What a paper says of itself, taken out again (the usual formula for ridge regression).
    itself = weight * (1 + np.einsum("ij,ij->i", centred, scaled).astype(float))
    found: NDArray[np.float64] = line - itself / np.maximum(1 - itself, 1e-9) * (target - line)
    return found


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std())
    return values / spread if spread > 1e-12 else np.zeros_like(values)
