"""What is compared of each record to find out whether two are the same paper."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from toolkit.papers.identifiers import fold_title, parse_arxiv_id, parse_doi
from toolkit.text.cleaning import clean_text
from toolkit.text.stopwords import STOP_WORDS

_SPELLINGS = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("yse", "yze"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("neighbour", "neighbor"),
    ("modelling", "modeling"),
    ("labell", "label"),
    ("travell", "travel"),
    ("centre", "center"),
)
_LETTERS = "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω ϵ ϕ"
_LETTER_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho
sigma tau upsilon phi chi psi omega epsilon phi
"""
_GREEK = {
    ord(letter): f" {name} "
    for letter, name in zip(_LETTERS.split(), _LETTER_NAMES.split(), strict=True)
}
#: Said of the same text in another dress.
_DRESS = re.compile(
    r"[(\[{]\s*(?:(?:extended|full|long|short|revised|preprint) version|extended abstract|"
    r"student abstract|preprint|invited paper|full paper|short paper|technical report)\s*[)\]}]",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")


class Records:
    """What is compared of each record; costly parts are made when first asked for."""

    def __init__(self, papers: pd.DataFrame) -> None:
        self._papers = papers
        self.ids = papers["paper_id"].astype(object).tolist()
        self.titles = [fold(title) for title in papers["title"].astype(object)]
        self.compact = [title.replace(" ", "") for title in self.titles]
        self.arxiv = _arxiv_ids(papers)
        self.dois = _dois(papers)
        published = papers.get("published")
        self.years = (
            published.dt.year.to_numpy(dtype=float, na_value=np.nan)
            if published is not None
            else np.full(len(papers), np.nan)
        )
        self._abstracts = _texts(papers, "abstract")
        self._terms = _texts(papers, "terms")
        self.authors = [_last_names(names) for names in _texts(papers, "authors")]
        self._words: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def kind(self, i: int) -> str:
        """Return what the paper id is made of: arxiv, doi or title."""
        return str(self.ids[i]).split(":", 1)[0]

    def arxiv_of(self, i: int) -> set[str]:
        """Return the arXiv id as a set of one or none."""
        found = self.arxiv[i]
        return {found} if found else set()

    def abstract(self, i: int) -> str | None:
        """Return the abstract, or None."""
        return self._abstracts[i]

    def words(self, i: int) -> frozenset[str]:
        """Return the longer words of abstract (or stored terms) and title, or nothing."""
        if i not in self._words:
            text = self._abstracts[i] or self._terms[i]
            if text is None:
                found: frozenset[str] = frozenset()
            else:
                text = text.replace("_", " ") if self._abstracts[i] is None else text
                found = frozenset(_WORD.findall(f"{self.titles[i]} {text.lower()}")) - STOP_WORDS
            self._words[i] = found
        return self._words[i]

    def phrases(self, i: int) -> frozenset[tuple[str, ...]]:
        """Return every five words in a row of the abstract, or nothing."""
        words = re.findall(r"\w+", (self._abstracts[i] or "").lower())
        return frozenset(zip(*(words[k:] for k in range(5))))


def fold(title: str) -> str:
    """Fold a title further than ids do: LaTeX, Greek letters, British spelling, "(preprint)"."""
    if any(mark in title for mark in "\\$<&{"):
        title = clean_text(title)
    if any(mark in title for mark in "([{"):
        title = _DRESS.sub(" ", title) if _DRESS.sub("", title).strip() else title
    title = title.replace("&", " and ")
    if not title.isascii():
        title = title.lower().translate(_GREEK)
    folded = fold_title(title)
    for british, american in _SPELLINGS:
        if british in folded:
            folded = folded.replace(british, american)
    return folded or title.strip().lower()


def _texts(papers: pd.DataFrame, name: str) -> list[str | None]:
    if name not in papers:
        return [None] * len(papers)
    column = papers[name].astype(object)
    return [value if isinstance(value, str) and value.strip() else None for value in column]


def _arxiv_ids(papers: pd.DataFrame) -> list[str | None]:
    found: list[str | None] = []
    for paper_id, doi, url in zip(
        _texts(papers, "paper_id"), _texts(papers, "doi"), _texts(papers, "url")
    ):
        arxiv = None
        if paper_id and paper_id.startswith("arxiv:"):
            arxiv = parse_arxiv_id(paper_id.removeprefix("arxiv:"))
        if arxiv is None and doi and "10.48550/arxiv." in doi.lower():
            arxiv = parse_arxiv_id(doi.lower().split("10.48550/arxiv.", 1)[1])
        if arxiv is None and url and "arxiv.org/" in url.lower():
            arxiv = parse_arxiv_id(url)
        found.append(arxiv)
    return found


def _dois(papers: pd.DataFrame) -> list[str | None]:
    """Return DOIs without those that arXiv gives every preprint."""
    found = []
    for paper_id, doi in zip(_texts(papers, "paper_id"), _texts(papers, "doi")):
        text = doi or (paper_id if paper_id and paper_id.startswith("doi:") else None)
        clean = parse_doi(text) if text else None
        found.append(None if clean is None or clean.startswith("10.48550/") else clean)
    return found


def _last_names(authors: str | None) -> frozenset[str]:
    """Return folded last names, from ``Ada Example``, ``Example, A.`` or ``Example A``."""
    if not authors:
        return frozenset()
    names = set()
    for name in authors.split(";"):
        words = name.split(",", 1)[0].split() if "," in name else name.split()
        if not words:
            continue
        last = words[-1]
        if "," not in name and len(words) > 1 and len(last.rstrip(".")) <= 2 and last.isupper():
            last = words[0]
        folded = fold_title(last)
        if folded:
            names.add(folded.split()[-1])
    return frozenset(names)
