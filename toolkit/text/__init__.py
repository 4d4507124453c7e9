"""Text as sources spell it: LaTeX, HTML, white space; stop words; languages."""

from toolkit.text.cleaning import clean_text

__all__ = [
    "clean_text",
]
