"""Collections whose topics, trends and code rates are known, for teaching and tests."""

from toolkit.planted.planted import Planted, plant_collection

__all__ = [
    "Planted",
    "plant_collection",
]
