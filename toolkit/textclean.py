"""Text as sources spell it → one line of Unicode."""

from __future__ import annotations


def clean_text(text: str) -> str:
    """Fold white space (LaTeX and HTML: see the engineer of `sources`)."""
    return " ".join(text.split())
