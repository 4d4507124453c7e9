"""Neighbour graph and communities as scikit-learn estimators."""

from toolkit.clustering.resolution import default_min_size, scan_resolutions

__all__ = [
    "default_min_size",
    "scan_resolutions",
]
