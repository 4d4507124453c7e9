"""Records of one paper: how they are found, and the one row made of them."""

from toolkit.deduplication.deduplication import deduplicate, find_held
from toolkit.deduplication.flow import record_flow
from toolkit.deduplication.joining import add_papers

__all__ = [
    "add_papers",
    "deduplicate",
    "find_held",
    "record_flow",
]
