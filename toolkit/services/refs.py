"""Ids of papers of mixed kinds: DOIs, arXiv ids, PubMed's and those of databases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from toolkit.errors import DataError, warn_user
from toolkit.papers.identifiers import parse_arxiv_id, parse_doi

_OPENALEX = re.compile(
    r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?|openalex:)?(w\d{2,})", re.I
)
_PMID = re.compile(
    r"(?:pmid:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?"
    r"(\d{1,9})/?", re.I,
)  # fmt: skip
_PMCID = re.compile(
    r"(?:pmcid:?\s*|https?://\S*/pmc/articles/|https?://pmc\.ncbi\.nlm\.nih\.gov/articles/)?"
    r"(pmc\d+)/?", re.I,
)  # fmt: skip
_CORPUS = re.compile(r"corpus(?:_?id)?:\s*(\d+)", re.I)
_S2 = re.compile(
    r"(?:s2:|https?://(?:www\.)?semanticscholar\.org/paper/(?:\S*/)?)?([0-9a-f]{40})", re.I
)
_DBLP = re.compile(
    r"(?:dblp:|https?://(?:www\.)?dblp\.(?:org|uni-trier\.de)/rec/)?"
    r"((?:conf|journals|books|phd|series|reference|homepages|data)/\S+?/\S+?)(?:\.(?:html|xml|bib))?",
    re.I,
)  # fmt: skip
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)")
_BARE_ARXIV = re.compile(
    r"(?:arxiv:\s*)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.I
)
#: The kinds of ids, and what each is called in messages.
KINDS = {
    "doi": "DOIs", "arxiv": "arXiv ids", "pmid": "PubMed ids", "pmcid": "PubMed Central ids",
    "openalex": "OpenAlex ids", "s2": "Semantic Scholar ids", "corpus": "Semantic Scholar ids",
    "dblp": "DBLP keys",
}  # fmt: skip
#: The columns of records that hold ids, beside those that every record may have.
_COLUMNS = {
    "pmid": "pmid", "pmcid": "pmcid", "openalex_id": "openalex", "s2_id": "s2",
    "corpus_id": "corpus", "dblp_key": "dblp",
}  # fmt: skip


class Ref(NamedTuple):
    """An id of a paper: its kind, one of `KINDS`, and its value without prefix."""

    kind: str
    value: str

    def __str__(self) -> str:
        is_plain = self.kind in ("doi", "arxiv", "openalex")
        return self.value if is_plain else f"{self.kind}:{self.value}"


def parse_ref(text: str) -> Ref | None:
    """Return the id in a text, None where it holds none.

    Bare numbers are PubMed ids; a DOI that arXiv gave is the arXiv id.

    Examples
    --------
    >>> parse_ref("https://doi.org/10.1000/ABC"), parse_ref("arXiv:2401.16405v2")
    (Ref(kind='doi', value='10.1000/abc'), Ref(kind='arxiv', value='2401.16405'))
    >>> parse_ref("W2741809807"), parse_ref("PMID: 29456894"), parse_ref("kites") is None
    (Ref(kind='openalex', value='W2741809807'), Ref(kind='pmid', value='29456894'), True)
    """
    text = text.strip()
    if (found := _OPENALEX.fullmatch(text)) is not None:
        return Ref("openalex", found[1].upper())
    if _BARE_ARXIV.fullmatch(text) or "arxiv.org/" in text.lower():
        arxiv = parse_arxiv_id(text)
        if arxiv:
            return Ref("arxiv", arxiv)
    if (doi := parse_doi(text)) is not None:
        of_arxiv = _ARXIV_DOI.fullmatch(doi)
        arxiv = parse_arxiv_id(of_arxiv[1]) if of_arxiv else None
        return Ref("arxiv", arxiv) if arxiv else Ref("doi", doi)
    for pattern, kind in ((_PMCID, "pmcid"), (_PMID, "pmid"), (_CORPUS, "corpus")):
        if (found := pattern.fullmatch(text)) is not None:
            return Ref(kind, found[1].upper())
    if (found := _S2.fullmatch(text)) is not None:
        return Ref("s2", found[1].lower())
    if (found := _DBLP.fullmatch(text)) is not None:
        return Ref("dblp", found[1])
    return None


def parse_refs(ids: Iterable[str]) -> list[Ref]:
    """Return the ids of a call, each once, in their order.

    Raises
    ------
    DataError
        There are none, or a text is no id; it names the first.

    Warns
    -----
    UserWarning
        Counts the ids made from titles, which no service knows.
    """
    given = [ids] if isinstance(ids, str) else list(ids)
    found: dict[Ref, None] = {}
    of_titles = 0
    for number, one in enumerate(given, start=1):
        ref = parse_ref(str(one))
        if ref is not None:
            found[ref] = None
        elif str(one).startswith("title:"):
            of_titles += 1
        else:
            raise DataError(
                "not an id of a paper",
                row=number,
                argument="ids",
                found=one,
                expected="a DOI, an arXiv id, a PubMed id, or an id of OpenAlex, Semantic Scholar "
                "or DBLP",
                hint="Use query=… to search for words",
            )
    said = "ids made from titles are known to no service (toolkit.resolve_ids finds arXiv ids)"
    if not found:
        what = said if of_titles else "no ids"
        raise DataError(what, argument="ids", found=given, expected="at least one id")
    if of_titles:
        warn_user(f"{of_titles} of {len(given)} {said}")
    return list(found)


def refs_of(record: Mapping[str, Any]) -> set[Ref]:
    """Return the ids that a record has.

    Examples
    --------
    >>> sorted(refs_of({"doi": "10.1000/A", "pmid": "12", "title": "Kites"}))
    [Ref(kind='doi', value='10.1000/a'), Ref(kind='pmid', value='12')]
    """
    found: set[Ref] = set()
    for column, kind in _COLUMNS.items():
        value = record.get(column)
        if isinstance(value, str | int) and (ref := parse_ref(_prefixed(kind, str(value)))):
            found.add(ref)
    for column in ("doi", "paper_id"):
        value = record.get(column)
        if isinstance(value, str) and (doi := parse_ref(value)) and doi.kind in ("doi", "arxiv"):
            found.add(doi)
    arxiv = record.get("arxiv_id")
    if isinstance(arxiv, str) and (clean := parse_arxiv_id(arxiv)):
        found.add(Ref("arxiv", clean))
    return found


def _prefixed(kind: str, value: str) -> str:
    return f"corpusid:{value}" if kind == "corpus" and value.isdigit() else value
