"""Topics in the plane for BERTopic's own map of topics, with nothing to compile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.neighbours import unit_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TopicPlane:
    """Stands in for UMAP in ``visualize_topics``: cosine distances as true as a plane allows.

    Multidimensional scaling by SMACOF (de Leeuw and Mair 2009, doi:10.18637/jss.v031.i03), from
    the two main axes. There are too few topics for UMAP to place them by more than their nearest.

    Parameters
    ----------
    n_neighbors, n_components, init, random_state
        As BERTopic passes them to UMAP; not used.
    metric : {"cosine", "hellinger"}
        Of the rows.
    """

    def __init__(
        self, n_neighbors: int, n_components: int, metric: str, init: str, random_state: int
    ) -> None:
        self.metric = metric

    def fit_transform(self, X: NDArray[Any]) -> NDArray[Any]:
        """Place the rows of `X`, shape (n_topics, d), in the plane, shape (n_topics, 2)."""
        from sklearn.decomposition import PCA
        from sklearn.manifold import smacof

        if len(X) < 2:
            return np.zeros((len(X), 2))
        # Hellinger's distance grows with the cosine distance of square roots.
        unit = unit_vectors(np.sqrt(np.maximum(X, 0)) if self.metric == "hellinger" else X)
        apart = np.clip(1 - unit @ unit.T, 0, None).astype(np.float64)
        np.fill_diagonal(apart, 0)
        start = PCA(2, svd_solver="full").fit_transform(unit).astype(np.float64)
        place: NDArray[Any] = smacof((apart + apart.T) / 2, init=start, n_init=1)[0]
        return place
