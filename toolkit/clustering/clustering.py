"""Topics of vectors: neighbour graph + Leiden as a scikit-learn estimator, new papers by a vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin

from toolkit.clustering.communities import confidence
from toolkit.clustering.graph import neighbour_graph
from toolkit.clustering.neighbours import BLOCK, default_neighbours, largest, unit_vectors
from toolkit.clustering.resolution import choose_partition
from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.communities import Labels
    from toolkit.clustering.neighbours import Vectors


class NeighbourClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Topics by neighbour graph and Leiden, as a scikit-learn estimator.

    Parameters
    ----------
    n_topics : int, optional
        Exactly so many topics. By default the data decide (`toolkit.clustering.resolution`).
    min_size : int, optional
        No topic with fewer papers; by default a sixth of the square root of n, at least 2.
    resolution : float, optional
        Leiden's resolution, where it is known already.
    n_neighbors : int, optional
        See `neighbour_graph`.
    seed : int
        Same seed, same topics, in any process.

    Attributes
    ----------
    labels_ : int array, shape (n,)
        Topics, numbered from 0 by size; no paper is left out.
    probabilities_ : float array, shape (n,)
        See `confidence`.
    resolution_ : float
        The resolution used.
    graph_ : NeighbourGraph

    Examples
    --------
    >>> import numpy as np
    >>> corners = np.repeat(np.eye(3), 4, axis=0)
    >>> NeighbourClusters(n_topics=3).fit(corners).labels_.tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """

    def __init__(
        self,
        *,
        n_topics: int | None = None,
        min_size: int | None = None,
        resolution: float | None = None,
        n_neighbors: int | None = None,
        seed: int = 42,
    ) -> None:
        self.n_topics = n_topics
        self.min_size = min_size
        self.resolution = resolution
        self.n_neighbors = n_neighbors
        self.seed = seed

    def fit(self, X: NDArray[Any], y: object = None) -> NeighbourClusters:
        """Find the topics of vectors `X`, shape (n, d); `y` is ignored."""
        self.graph_ = neighbour_graph(X, n_neighbors=self.n_neighbors)
        self.labels_, self.resolution_ = choose_partition(
            self.graph_,
            n_topics=self.n_topics,
            min_size=self.min_size,
            resolution=self.resolution,
            seed=self.seed,
        )
        self.probabilities_ = confidence(self.graph_, self.labels_)
        return self

    def predict(self, X: NDArray[Any]) -> Labels:
        """Topics of new vectors, shape (m, d), by their neighbours' weighted vote."""
        return vote(self.graph_.vectors, self.labels_, X)[0]


def vote(
    vectors: Vectors, labels: Labels, new: NDArray[Any], *, n_neighbors: int | None = None
) -> tuple[Labels, NDArray[np.float64]]:
    """Topics of new papers by a vote of their nearest neighbours, weighted by cosine.

    Parameters
    ----------
    vectors, labels : arrays, shapes (n, d) and (n,)
        The papers whose topics are known; rows of length 1.
    new : array, shape (m, d)
        The papers to place.
    n_neighbors : int, optional
        How many vote; see `default_neighbours`.

    Returns
    -------
    labels, confidence : arrays, shape (m,)
        The topic, and the share of the vote it got. Of papers equally near, the first in
        `vectors` vote; of topics with equal votes, the lowest wins: -1 may, where it is among
        `labels`.
    """
    new = unit_vectors(new)
    if new.shape[1] != vectors.shape[1]:
        raise DataError(
            "vectors of another model",
            found=f"{new.shape[1]} columns",
            expected=f"{vectors.shape[1]} columns",
            hint="Embed new papers with the model the topics were fitted with",
        )
    k = min(n_neighbors or default_neighbours(len(vectors)), len(vectors))
    known, column = np.unique(labels, return_inverse=True)
    winner = np.empty(len(new), dtype=np.int64)
    share = np.empty(len(new))
    for start in range(0, len(new), BLOCK):
        cosine = new[start : start + BLOCK] @ vectors.T
        near, nearness = largest(cosine, k)
        weight = np.maximum(nearness, 0.0)
        votes = np.zeros((len(near), len(known)))
        np.add.at(votes, (np.arange(len(near))[:, None], column[near]), weight)
        best = votes.argmax(axis=1)
        total = votes.sum(axis=1)
        rows = slice(start, start + len(near))
        winner[rows] = known[best]
        top = votes[np.arange(len(near)), best]
        share[rows] = np.divide(top, total, out=np.zeros(len(near)), where=total > 0)
    return winner, share
