"""Which records are one paper, and the one row made of them."""

from toolkit.deduplication.deduplication import deduplicate

__all__ = [
    "deduplicate",
]
