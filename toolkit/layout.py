"""The map: papers in the plane, neighbours close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering import NeighbourGraph


def lay_out(graph: NeighbourGraph, *, seed: int = 42) -> NDArray[np.float32]:
    """Place papers in the plane, shape (n, 2): the two main axes of the vectors."""
    from sklearn.decomposition import PCA

    axes = PCA(2, svd_solver="randomized", random_state=seed).fit_transform(graph.vectors)
    return np.asarray(axes, dtype=np.float32)
