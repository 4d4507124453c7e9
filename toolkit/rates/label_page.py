"""What the labelling widget shows of a paper: title, text, links to open, passages on code."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import pandas as pd

#: Passages of the full text that are worth showing: they name code or where things are.
_TELLING = re.compile(
    r"git(?:hub|lab)|bitbucket|codeberg|zenodo|osf\.io|figshare|dryad|dataverse|"
    r"huggingface\.co|source code|\bcode\b|repositor|availability|supplement|\bdata\b[^.]{0,80}"
    r"(?:available|request|shar|deposit)|regist(?:ered|ration)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
_MOST_PASSAGES, _MOST_LETTERS = 6, 400


def paper_page(paper: pd.Series[Any], links: pd.DataFrame, passages: list[str]) -> str:
    """Return a paper as HTML; everything that comes from it is escaped.

    Parameters
    ----------
    paper : Series
        A row of the papers table.
    links : DataFrame
        The paper's rows of `find_links`.
    passages : list of str
        Sentences of its full text, from `telling_passages`.
    """
    address = _address(paper)
    title = escape(str(paper["title"]))
    parts = [f"<h4>{_link(address, title) if address else title}</h4>"]
    text = paper.get("abstract")
    if pd.isna(text):
        parts.append("<p><i>The abstract is not in this collection.</i></p>")
    else:
        parts.append(f"<p style='max-width:60em'>{escape(str(text))}</p>")
    if address:
        parts.append(f"<p>Read it: {_link(address, escape(address))}</p>")
    if len(links):
        items = [
            f"<li>{escape(str(kind))}: {_link(str(url), escape(str(url)))}</li>"
            for kind, url in zip(links["kind"], links["url"])
        ]
        parts.append(f"<p>Links found:</p><ul>{''.join(items)}</ul>")
    if passages:
        items = [f"<li>{escape(one)}</li>" for one in passages]
        parts.append(f"<p>In the full text:</p><ul style='max-width:60em'>{''.join(items)}</ul>")
    return "".join(parts)


def telling_passages(text: str) -> list[str]:
    """Return the sentences of a full text that may say where code is, six at most.

    Examples
    --------
    >>> telling_passages("We grew trees. Code is at github.com/a/b. We thank all.")
    ['Code is at github.com/a/b.']
    """
    # Addresses first: a paper says 'code' more often than where it is.
    found = [one for one in _SENTENCE.split(text) if _TELLING.search(one)]
    found.sort(key=lambda one: "//" not in one and ".com/" not in one)
    return [one[:_MOST_LETTERS].strip() for one in found[:_MOST_PASSAGES]]


def _address(paper: pd.Series[Any]) -> str | None:
    """Return where the paper can be read."""
    for column, start in (("url", ""), ("doi", "https://doi.org/")):
        value = paper.get(column)
        if not pd.isna(value):
            return str(value) if str(value).startswith("http") else f"{start}{value}"
    kind, _, rest = str(paper["paper_id"]).partition(":")
    if kind == "arxiv":
        return f"https://arxiv.org/abs/{rest}"
    return f"https://doi.org/{rest}" if kind == "doi" else None


def _link(address: str, words: str) -> str:
    """Return a link; only what a browser opens as a web page becomes one."""
    if not re.match(r"https?://", address, re.IGNORECASE):
        return words
    return f"<a href='{escape(address)}' target='_blank' rel='noopener noreferrer'>{words}</a>"
