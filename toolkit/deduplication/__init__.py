"""Records of one paper: how they are found, and the one row made of them."""

from toolkit.deduplication.deduplication import deduplicate

__all__ = [
    "deduplicate",
]
