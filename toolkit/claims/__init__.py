"""What titles and abstracts say about code: the links they give and the claims they make."""

from toolkit.claims.claims import code_claims, find_links

__all__ = [
    "code_claims",
    "find_links",
]
