"""Networks: who works with whom, what is named with what, who cites what, and which is near."""

from toolkit.networks.networks import Network, find_network
from toolkit.networks.references import match_references
from toolkit.networks.themes import find_themes

__all__ = ["Network", "find_network", "find_themes", "match_references"]
