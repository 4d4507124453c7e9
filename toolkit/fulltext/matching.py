"""Which paper of a papers table a full text is: by ids in its name or text, else by its title."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from toolkit.fulltext.documents import Document
from toolkit.papers.columns import text_of
from toolkit.papers.identifiers import (
    comparable_doi,
    fold_title,
    make_paper_id,
    parse_arxiv_id,
    parse_doi,
)

_SUFFIX = re.compile(r"(?:\.(?:pdf|xml|nxml|tei|html?|xhtml|tar|gz|tgz|zip|tex))+$", re.IGNORECASE)
_ARXIV_NAME = re.compile(
    r"(?<!\d)(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?![\d.])"
    r"|(?<![a-z])((?:astro-ph|cond-mat|cs|gr-qc|hep-[a-z]{2,3}|math(?:-ph)?|nlin|nucl-[a-z]{2}|physics|"
    r"q-bio|quant-ph)[_/-]?\d{7})(?:v\d+)?(?!\d)",
    re.IGNORECASE,
)
_DOI_NAME = re.compile(r"10\.\d{4,9}[/_@-].+")
#: Shorter folded titles, in characters without blanks, are no proof.
_LEAST = 16
_KEY = 12


def ids_in_name(name: str) -> list[str]:
    """Return the paper ids that a file's name may give, arXiv's first.

    Examples
    --------
    >>> ids_in_name("arXiv-2401.16405v2.tar.gz"), ids_in_name("10.1371_journal.pone.0117014.xml")
    (['arxiv:2401.16405'], ['doi:10.1371/journal.pone.0117014'])
    """
    stem = unquote(_SUFFIX.sub("", Path(name).name))
    found = [f"arxiv:{_arxiv(match[1] or match[2])}" for match in _ARXIV_NAME.finditer(stem)]
    if doi := _DOI_NAME.search(stem):
        text = re.sub(r"^(10\.\d{4,9})[_@-]", r"\1/", doi[0])
        found.append(make_paper_id(None, text, ""))
    return found


def _arxiv(text: str) -> str:
    if text[0].isdigit():
        return text
    return re.sub(r"[_/-]?(\d{7})$", r"/\1", text.lower())


def own_id(document: Document, name: str) -> str:
    """Return the id that the papers table would give the paper: arXiv id, DOI, else its title."""
    arxiv = doi = None
    for text in [*ids_in_name(name), *document.ids]:
        plain = text.removeprefix("arxiv:").removeprefix("doi:")
        arxiv = arxiv or parse_arxiv_id(plain) or parse_arxiv_id(text)
        doi = doi or parse_doi(plain)
    return make_paper_id(arxiv, doi, document.title or Path(name).stem)


class Matcher:
    """Finds the paper of a full text in a papers table.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    """

    def __init__(self, papers: pd.DataFrame) -> None:
        ids = papers["paper_id"].astype(str).tolist()
        self._ids = {paper_id: paper_id for paper_id in reversed(ids)}
        dois = text_of(papers, "doi").fillna("").tolist()
        urls = text_of(papers, "url").fillna("").tolist()
        for paper_id, doi, url in zip(ids, dois, urls):
            if parsed := parse_doi(doi) if doi else None:
                self._ids.setdefault(f"doi:{comparable_doi(parsed)}", paper_id)
            if arxiv := parse_arxiv_id(url) if "arxiv" in url.lower() else None:
                self._ids.setdefault(f"arxiv:{arxiv}", paper_id)
        self._titles: dict[str, str] = {}
        self._starts: defaultdict[str, list[str]] = defaultdict(list)
        repeated = set()
        for paper_id, title in zip(ids, papers["title"].fillna("").astype(str).tolist()):
            key = _squeezed(title)
            if len(key) < _LEAST:
                continue
            if key in self._titles and self._titles[key] != paper_id:
                repeated.add(key)
            elif key not in self._titles:
                self._titles[key] = paper_id
                self._starts[key[:_KEY]].append(key)
        # Two papers of one title: only an id can tell which it is.
        for key in repeated:
            del self._titles[key]

    def find(self, document: Document, name: str) -> str | None:
        """Return the paper_id of a full text, None where no paper fits."""
        for paper_id in ids_in_name(name):
            if paper_id in self._ids:
                return self._ids[paper_id]
        by_title = self._by_title(document)
        stated = [make_paper_id(*_parsed(text), "") for text in document.ids]
        for paper_id in stated:
            if paper_id in self._ids and by_title in (None, self._ids[paper_id]):
                return self._ids[paper_id]
        return by_title

    def _by_title(self, document: Document) -> str | None:
        title = _squeezed(document.title)
        if title in self._titles:
            return self._titles[title]
        top = _squeezed(f"{document.title} {document.top}"[:3000])
        best = ""
        for at in range(max(0, min(len(top) - _KEY + 1, 1200))):
            for key in self._starts.get(top[at : at + _KEY], ()):
                if key in self._titles and len(key) > len(best) and top.startswith(key, at):
                    best = key
        return self._titles.get(best)


def _parsed(text: str) -> tuple[str | None, str | None]:
    return parse_arxiv_id(text), parse_doi(text)


def _squeezed(text: str) -> str:
    return fold_title(text).replace(" ", "")
