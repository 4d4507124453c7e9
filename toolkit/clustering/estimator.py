"""The neighbour graph and its communities as a scikit-learn estimator.

Imported late because it imports scikit-learn, half a second that the topics themselves do not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from toolkit.clustering.communities import confidence
from toolkit.clustering.graph import FEWEST, neighbour_graph, reorder
from toolkit.clustering.neighbours import content_order, vote
from toolkit.clustering.resolution import choose_partition

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from toolkit.clustering.neighbours import Labels


class LeidenClustering(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Cluster vectors: a graph of nearest neighbours by cosine, divided by the Leiden algorithm.

    Every sample gets a cluster; there are no outliers. Only the directions of the vectors count,
    not their lengths.

    Parameters
    ----------
    n_clusters : int, optional
        Exactly this many clusters; by default see `toolkit.clustering.resolution`.
    min_cluster_size : int, optional
        Smaller clusters are merged into the one they are most connected to. By default a sixth of
        the square root of n_samples, at least 2; with `n_clusters` a tenth of
        n_samples / n_clusters.
    resolution : float, optional
        Leiden's resolution; greater values give more clusters. By default it is searched for.
    n_neighbors : int, optional
        By default three quarters of the root of n_samples less one, from 3 to 25.
    random_state : int, RandomState or None
        Seed of Leiden. With an int, the same data give the same clusters in any process
        and order.

    Attributes
    ----------
    labels_ : int array, shape (n_samples,)
        Clusters, numbered from 0 by size.
    probabilities_ : float array, shape (n_samples,)
        Share of the weight of a sample's edges that stays inside its cluster, 0 to 1.
    resolution_ : float
        The resolution used.
    graph_ : NeighbourGraph
    n_features_in_ : int

    Examples
    --------
    >>> import numpy as np
    >>> X = np.repeat(np.eye(3), 4, axis=0)
    >>> LeidenClustering(n_clusters=3).fit_predict(X).tolist()
    [2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0]
    """

    def __init__(
        self,
        *,
        n_clusters: int | None = None,
        min_cluster_size: int | None = None,
        resolution: float | None = None,
        n_neighbors: int | None = None,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.n_clusters = n_clusters
        self.min_cluster_size = min_cluster_size
        self.resolution = resolution
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> LeidenClustering:
        """Find the clusters of vectors `X`, shape (n_samples, n_features); `y` is ignored.

        Raises
        ------
        ValueError
            Fewer than five samples or two features, values that are not finite, or no two vectors
            that differ in direction.
        """
        # Vectors of one feature have no direction but their sign.
        vectors = validate_data(self, X, ensure_min_samples=FEWEST, ensure_min_features=2)
        seed = self.random_state
        if not isinstance(seed, int | np.integer):
            seed = check_random_state(seed).randint(2**31)
        # In an order of their own, so that the order of the samples changes nothing.
        order = content_order(vectors)
        graph = neighbour_graph(vectors[order], n_neighbors=self.n_neighbors)
        labels, self.resolution_ = choose_partition(
            graph,
            n_topics=self.n_clusters,
            min_size=self.min_cluster_size,
            resolution=self.resolution,
            seed=int(seed),
        )
        place = np.argsort(order)
        self.labels_ = labels[place]
        self.probabilities_ = confidence(graph, labels)[place]
        self.graph_ = reorder(graph, place)
        return self

    def predict(self, X: ArrayLike) -> Labels:
        """Clusters of new vectors, by a vote of their nearest neighbours weighted by cosine."""
        check_is_fitted(self)
        return vote(self.graph_.vectors, self.labels_, validate_data(self, X, reset=False))[0]
