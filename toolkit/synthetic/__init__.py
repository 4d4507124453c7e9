"""Invented collections, link checks and snapshots with known properties, for teaching and tests."""

from toolkit.synthetic.link_checks import plant_link_checks
from toolkit.synthetic.literature import plant_literature
from toolkit.synthetic.planted import Planted, plant_collection
from toolkit.synthetic.search import plant_search
from toolkit.synthetic.snapshot import write_synthetic_snapshot

__all__ = [
    "Planted",
    "plant_collection",
    "plant_link_checks",
    "plant_literature",
    "plant_search",
    "write_synthetic_snapshot",
]
