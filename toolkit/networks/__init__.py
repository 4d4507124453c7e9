"""Networks: who works with whom, what is named with what, who cites what, and which is near."""

from toolkit.networks.networks import Network, find_network
from toolkit.networks.references import match_references

__all__ = ["Network", "find_network", "match_references"]
