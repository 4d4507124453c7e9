"""The collection's own words beside the vectors of a model that knows texts of all kinds.

A model trained on other texts places a paper by what it is about in general; the words that this
collection uses, weighed by how rare they are in it, tell its papers apart. Both views are put side
by side, and what is needed to place new papers is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from toolkit.topics.term_scores import TermIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Weight of the words in large collections; at `_HALF` papers half of it. Chosen on ten labelled
#: collections of other fields and samples of 50 to 800 of their papers (tests/bench/topics.py):
#: neighbours would take more of the words, clusters less, and of fifty papers hardly any.
MOST, _HALF = 0.4, 300
#: Dimensions of the words' view: fewer lose neighbours, more cost time.
DIMENSIONS = 128
_OVERSAMPLING, _PASSES = 10, 2
#: Squares of singular values that are no larger a share of the largest are rounding errors.
_NOTHING = 1e-12
#: Of the mean of so many papers half is subtracted, of more papers nearly all.
_FEW = 10
#: The axes of topics are found on so many papers of larger collections.
_SAMPLE = 20_000
#: Papers that are placed at once.
_ROWS = 8192
#: A word of more than half of the papers tells nothing apart; in tiny collections it may.
_COMMON, _TINY = 0.5, 50


@dataclass(frozen=True, eq=False)
class OwnWords:
    """Places papers by a model's vectors and the words of a collection side by side.

    Attributes
    ----------
    weight : float
        Of the words in a squared cosine, 0 to 1; the model's vectors have the rest.
    words : list of str
        m words.
    idf : float64 array, shape (m,)
        How rare each is in the collection.
    axes : float32 array, shape (m, k)
        The main axes of its papers, in float16's precision.
    centre : float32 array, shape (d + k,)
        What is subtracted: means over the collection, the model's d dimensions first.
    """

    weight: float
    words: list[str]
    idf: NDArray[np.float64]
    axes: Vectors
    centre: Vectors

    @property
    def general(self) -> int:
        """Number of the model's dimensions, which come first in a place."""
        return int(len(self.centre) - self.axes.shape[1])

    def place(self, vectors: NDArray[Any], documents: Sequence[str]) -> Vectors:
        """Return the places of papers.

        Parameters
        ----------
        vectors : array, shape (n, d)
            The model's, rows of length 1.
        documents : sequence of str
            Their terms, separated by spaces, in any order; without any, words count nothing.

        Returns
        -------
        float32 array, shape (n, d + k)
            Rows of length 1, in float16's precision so that they are stored without loss.
        """
        index = TermIndex(documents)
        place = {word: i for i, word in enumerate(self.words)}
        columns = np.array([place.get(word, -1) for word in index.names], dtype=np.int64)
        return self._place(vectors, _tfidf(index.counts(columns, len(place)), self.idf))

    def _place(self, vectors: NDArray[Any], said: Any) -> Vectors:
        """Return the places of papers, some rows at a time: in double precision all take much."""
        parts = range(0, max(len(vectors), 1), _ROWS)
        return np.concatenate(
            [self._place_some(vectors[at : at + _ROWS], said[at : at + _ROWS]) for at in parts]
        )

    def _place_some(self, vectors: NDArray[Any], said: Any) -> Vectors:
        d = self.general
        general = _unit(vectors.astype(np.float64) - self.centre[:d])
        own = said @ self.axes.astype(np.float64)
        own[np.diff(said.indptr) > 0] -= self.centre[d:]
        both = np.hstack([general * (1 - self.weight) ** 0.5, _unit(own) * self.weight**0.5])
        return _unit(_unit(both).astype(np.float16).astype(np.float64)).astype(np.float32)


def default_weight(n: int) -> float:
    """Return the weight of a collection's own words by its size.

    Examples
    --------
    >>> [round(default_weight(n), 2) for n in (31, 100, 1000, 77_000)]
    [0.04, 0.1, 0.31, 0.4]
    """
    return MOST * n / (n + _HALF)


def fit_own_words(
    vectors: NDArray[Any], index: TermIndex, *, weight: float, sample: int = _SAMPLE
) -> tuple[OwnWords | None, Vectors]:
    """Learn the words of a collection.

    Parameters
    ----------
    vectors : array, shape (n, d)
        The model's, rows of length 1.
    index : TermIndex
        The terms of each paper. Two-word terms (joined by ``_``) are not used: which of them a
        paper has depends on the papers beside it.
    weight : float
        See `OwnWords`.
    sample : int
        The axes are found on so many papers of a larger collection.

    Returns
    -------
    words : OwnWords or None
        None where the weight is 0 or no two papers share a word.
    places : array
        Of the papers: as `OwnWords.place` gives, or `vectors`.

    Notes
    -----
    TF-IDF with damped counts, and its main axes (Deerwester et al. 1990) by subspace iteration
    from a start that depends on the words alone (Halko, Martinsson, Tropp 2011,
    doi:10.1137/090771806).
    """
    n, shares = index.n_papers, index.held
    least = max(2, round(n**0.5 / 14))
    most = n if n < _TINY else _COMMON * n
    usual = np.flatnonzero((shares >= least) & (shares <= most))
    kept = [i for i in usual if "_" not in index.names[i]]
    if weight <= 0 or len(kept) < 2:
        return None, vectors
    columns = np.full(len(shares), -1, dtype=np.int64)
    columns[kept] = np.arange(len(kept))
    idf = np.log((1 + n) / (1 + shares[kept].astype(np.float64))) + 1
    said = _tfidf(index.counts(columns, len(kept)), idf)
    words = [str(index.names[i]) for i in kept]
    # One thread: with more, the last digits would depend on their number.
    with threadpool_limits(limits=1):
        axes = _main_axes(said, words, sample).astype(np.float16).astype(np.float32)
    own = said @ axes.astype(np.float64)
    centre = np.concatenate([vectors.mean(axis=0, dtype=np.float64), own.mean(axis=0)])
    # Around the mean of five papers, none of them has a neighbour.
    centre *= n / (n + _FEW)
    found = OwnWords(weight, words, idf, axes, centre.astype(np.float32))
    return found, found._place(vectors, said)


def _main_axes(said: Any, words: list[str], sample: int) -> NDArray[np.float64]:
    """Return the main axes of a sparse matrix of papers by words, shape (words, k)."""
    n = said.shape[0]
    if n > sample:
        said = said[np.linspace(0, n - 1, sample).astype(np.int64)]
        n = sample
    k = max(1, min(DIMENSIONS, n // 4, len(words) - 1))
    axes = _random_rows(words, min(k + _OVERSAMPLING, len(words)))
    for _ in range(_PASSES):
        axes = _orthogonal(said.T @ _orthogonal(said @ axes))
    return _orthogonal(said.T @ _orthogonal(said @ axes))[:, :k]


def _orthogonal(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the left singular vectors of a tall matrix, without those of nothing.

    By its small square, which takes a fifth of the time of QR.
    """
    values, turned = np.linalg.eigh(columns.T @ columns)
    kept = values > _NOTHING * values[-1]
    found: NDArray[np.float64] = columns @ (turned[:, kept] / np.sqrt(values[kept]))[:, ::-1]
    return found


def _random_rows(words: list[str], k: int) -> NDArray[np.float64]:
    """Return random numbers that belong to each word, so that other words change none of them."""
    seed = pd.util.hash_array(np.array(words, dtype=object), categorize=False)
    # SplitMix64 (Steele, Lea, Flood 2014): one step for each column.
    x = seed[:, None] + np.arange(1, k + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    between: NDArray[np.float64] = (x >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1
    return between


def _tfidf(counts: Any, idf: NDArray[np.float64]) -> Any:
    """Return TF-IDF, counts damped to 1 + ln; rows of length 1."""
    said = counts
    said.data = (1 + np.log(said.data)) * idf[said.indices]
    row = np.repeat(np.arange(said.shape[0]), np.diff(said.indptr))
    said.data /= np.sqrt(np.bincount(row, said.data**2, said.shape[0]))[row]
    return said


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    return unit
