"""What all written files share: text that stays text."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~$])")


def safe_link(url: Any) -> str | None:
    """Return a URL if it is http or https and so can be made a link, else None."""
    try:
        parts = urlsplit(str(url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else None


def markdown_text(text: Any) -> str:
    r"""Escape what Markdown or HTML would read as markup.

    Examples
    --------
    >>> print(markdown_text("a_b <script> [x](y)"))
    a\_b \<script\> \[x\](y)
    """
    line = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("&", "&amp;")
    # At the start of a line these would make a list, a quotation or a heading.
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-=])", r"\\\1", line))


def page(title: str, body: str, *, style: str = "") -> str:
    """Return a whole HTML page that loads nothing and runs nothing.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML, escaped where it came from data.
    style : str
        More CSS.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{html.escape(title)}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 56rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; }}
li {{ margin-bottom: 0.9rem; overflow-wrap: anywhere; }}
{style}
</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
{body}
</body>
</html>
"""


def one_line(text: Any) -> str:
    """Fold white space and take out control characters, those that turn text around among them.

    The two joiners stay: Persian, Indic scripts and emoji are misspelt without them.
    """
    kept = (c if c.isprintable() or c in "\u200c\u200d" else " " for c in str(text))
    return " ".join("".join(kept).split())


def paper_rows(papers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the papers as dictionaries, NA as None."""
    plain = papers.astype(object).where(papers.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
