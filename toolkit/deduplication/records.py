"""What is compared of each record to find out whether two are the same paper."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from toolkit.papers.dates import dates_of
from toolkit.papers.identifiers import comparable_doi, fold_title, parse_arxiv_id, parse_doi
from toolkit.papers.names import parse_names
from toolkit.papers.places import first_pages
from toolkit.papers.repeats import fact_columns, facts_of
from toolkit.papers.venues import fold_venue
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
    r"student abstract|preprint|invited paper|full paper|short paper|technical report|"
    r"(?:article )?(?:in )?(?:chinese|french|german|italian|japanese|korean|polish|portuguese|"
    r"romanian|russian|spanish|turkish)|corrected|see comments?|review|\d+ refs|multiple letters)"
    r"\s*[)\]}]",
    re.IGNORECASE,
)
#: A note that databases put behind a title; it holds brackets of its own.
_NOTE = re.compile(
    r"\W{0,9}\[(?:published )?(?:erratum|corrections?|retraction|comments?|summary)"
    r" (?:appears|in|for)\b.*\]\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")


#: A number before a title in a meeting's programme: "P01 Oaks in spring", "123. Oaks in spring".
_POSTER = re.compile(
    r"(?:(?:P|O|A|S|W|T|M|PO|PP|OP|OC|OR|PS|P[A-E]|TH|FR|SA|SU|MO|TU|WE)[- ]?(?:0\d{1,3}|\d{3,4})"
    r"[.:)]?|(?:[A-Z]{1,3}-?)?\d{1,4}[.:)])\s+(?=\S)"
)
#: DOIs of preprint servers, and those that ACM makes up beside the real one: they may differ from
#: the article's.
_PREPRINT_DOI = re.compile(
    r"10\.(?:(?:48550|21203|2139|26434|36227|20944|31219|31234|31235|31222|31223|31224|35542|32942|"
    r"22541|5281|6084|13140|12688|14293|3386|7287|55458|51094)/|1101/\d|5555/\d{6})"
)
_PREPRINT_VENUE = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|techrxiv|ssrn|preprints?|research "
    r"square|osf|zenodo|openreview|working papers?|e prints?)\b|^(?:corr|hal)$"
)
_MEETING = re.compile(
    r"conference|meeting|congress|symposium|abstracts?\b|proceedings|workshop", re.IGNORECASE
)
_SERIES = re.compile(
    r"lecture notes|conference proceeding series|communications in computer|"
    r"advances in intelligent systems|ceur|proceedings of machine learning research",
    re.IGNORECASE,
)
#: One word with two capitals: 'NeurIPS', 'ICLR 2024'.
_ACRONYM = re.compile(r"\W*[^\W\d_]*[A-Z][^\W\d_]*[A-Z][^\W\d_]*(?:[ '’-]*\d{2,4})?\W*")


class Records:
    """What is compared of each record; costly parts are made when first asked for."""

    def __init__(self, papers: pd.DataFrame) -> None:
        self.ids = papers["paper_id"].astype(object).tolist()
        self.raw_titles = papers["title"].astype(object).tolist()
        found = [_POSTER.match(title) for title in self.raw_titles]
        self.posters = [match[0].strip(" .:)") if match else "" for match in found]
        self.titles = [
            fold(title[match.end() :] if match else title)
            for title, match in zip(self.raw_titles, found)
        ]
        self.compact = [title.replace(" ", "") for title in self.titles]
        self.arxiv = _arxiv_ids(papers)
        self.dois = _dois(papers)
        years = dates_of(papers, "published").dt.year
        self.years = years.to_numpy(dtype=float, na_value=np.nan)
        self._abstracts = _texts(papers, "abstract")
        self._terms = _texts(papers, "terms")
        self._authors = _texts(papers, "authors")
        self.names = [parse_names(names) for names in self._authors]
        self._raw_venues = _texts(papers, "venue")
        self.venues = [None if name is None else fold_venue(name) for name in self._raw_venues]
        self.pages = first_pages(papers)
        self._facts = fact_columns(papers)
        self._words: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def kind(self, i: int) -> str:
        """Return what the paper id is made of: arxiv, doi or title."""
        return str(self.ids[i]).split(":", 1)[0]

    def facts(self, i: int) -> tuple[str, ...]:
        """Return all that tells a record from another of its title, folded."""
        return facts_of(self._facts, i)

    def content(self, i: int) -> tuple[str, ...]:
        """Return what decides the order of equally good matches, which the rows' must not."""
        ids = (self.dois[i] or "", self.arxiv[i] or "", str(self.ids[i]))
        return *ids, *(str(values[i]) for values in self._facts.values())

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

    def is_preprint(self, i: int) -> bool:
        """Return whether a record is of a preprint, whose article may have another DOI."""
        doi, venue = self.dois[i], self.venues[i]
        if (doi and _PREPRINT_DOI.match(doi)) or (venue and _PREPRINT_VENUE.search(venue)):
            return True
        return not doi and not venue and self.arxiv[i] is not None

    def is_meeting(self, i: int) -> bool:
        """Return whether the venue says that it is of a meeting."""
        return bool(_MEETING.search(self._raw_venues[i] or ""))

    def is_series(self, i: int) -> bool:
        """Return whether the venue is an acronym or a series, which stand for any name."""
        venue = self._raw_venues[i] or ""
        return bool(_SERIES.search(venue) or _ACRONYM.fullmatch(venue.split(":")[0]))


def fold(title: str) -> str:
    """Fold a title further than ids do: LaTeX, Greek letters, British spelling, "(preprint)"."""
    if any(mark in title for mark in "\\$<&{"):
        title = clean_text(title)
    if any(mark in title for mark in "([{"):
        title = _NOTE.sub("", title) or title
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
    found: list[str | None] = []
    for paper_id, doi in zip(_texts(papers, "paper_id"), _texts(papers, "doi")):
        text = doi or (paper_id if paper_id and paper_id.startswith("doi:") else None)
        clean = parse_doi(text) if text else None
        if clean is None or clean.startswith("10.48550/"):
            found.append(None)
        else:
            found.append(comparable_doi(clean))
    return found
