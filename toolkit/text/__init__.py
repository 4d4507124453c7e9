"""Text in titles and abstracts: LaTeX, HTML and white space cleaned; stop words; languages."""

from toolkit.text.cleaning import clean_text

__all__ = [
    "clean_text",
]
