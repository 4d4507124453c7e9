"""Planted and invented collections: for teaching, tests and trials of scale."""

from toolkit.synthetic.link_checks import plant_checks
from toolkit.synthetic.planted import Planted, plant_collection
from toolkit.synthetic.snapshot import write_synthetic_snapshot

__all__ = [
    "Planted",
    "plant_checks",
    "plant_collection",
    "write_synthetic_snapshot",
]
