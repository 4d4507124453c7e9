"""Clusters of vectors: nearest neighbours, a graph of them, and its Leiden communities."""

from typing import TYPE_CHECKING, Any

from toolkit.clustering.graph import NeighbourGraph, neighbour_graph
from toolkit.clustering.resolution import default_min_size, typical_number

if TYPE_CHECKING:
    from toolkit.clustering.estimator import LeidenClustering

__all__ = [
    "LeidenClustering",
    "NeighbourGraph",
    "default_min_size",
    "neighbour_graph",
    "typical_number",
]


def __getattr__(name: str) -> Any:
    if name != "LeidenClustering":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from toolkit.clustering.estimator import LeidenClustering

    return LeidenClustering
