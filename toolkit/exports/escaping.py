"""Escaping of text from data in written files, and the templates of HTML pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.papers.dates import dates_of
from toolkit.text.escaping import keep_units, one_line, safe_link

#: What ends an address between < and >.
_NOT_IN_LINKS = {ord(character): f"%{ord(character):02X}" for character in "<>\\"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~$])")


def markdown_text(text: Any) -> str:
    r"""Return a text with the markup of Markdown and HTML escaped.

    Examples
    --------
    >>> print(markdown_text("a_b <script> [x](y)"))
    a\_b \<script\> \[x\](y)
    """
    line = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("&", "&amp;")
    # At the start of a line these would begin a list or a heading.
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-=])", r"\\\1", line))


def markdown_link(text: Any, url: Any) -> str:
    r"""Return a link, or the text alone where the address cannot be one; all of it escaped.

    Examples
    --------
    >>> print(markdown_link("On [oaks]", "https://a.b/<x>\\y"))
    [On \[oaks\]](<https://a.b/%3Cx%3E%5Cy>)
    >>> print(markdown_link("On oaks", "javascript:alert(1)"))
    On oaks
    """
    link = safe_link(url)
    shown = markdown_text(text)
    return f"[{shown}](<{one_line(link).translate(_NOT_IN_LINKS)}>)" if link else shown


def render(template: str, **content: Any) -> str:
    """Return an HTML page that loads nothing and runs nothing, from a template of `templates/`.

    Parameters
    ----------
    template : str
        Name of the file.
    **content
        What the template shows; text is escaped there.
    """
    return _templates().get_template(template).render(content)


def paper_rows(papers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the papers as dictionaries, NA as None."""
    known = {name: dates_of(papers, name) for name in ("published", "listed") if name in papers}
    papers = papers.assign(**known)
    plain = papers.astype(object).where(papers.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {
        "one_line": one_line,
        "safe_link": safe_link,
        "units": keep_units,
    }
    return found
