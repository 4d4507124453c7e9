"""What titles and abstracts say about code: links, and claimed, promised or nothing."""

from toolkit.claims.claims import code_claims, find_links

__all__ = [
    "code_claims",
    "find_links",
]
