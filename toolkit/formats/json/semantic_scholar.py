"""Semantic Scholar (answers of its API, its dumps), Papers with Code, and arXiv in JSON."""

from __future__ import annotations

from typing import Any

from toolkit.formats.authors import split_authors
from toolkit.formats.fields import (
    arxiv_id,
    count,
    full_name,
    is_arxiv_id,
    loose_date,
    names,
    text,
    texts,
)
from toolkit.formats.json.openalex import Json, mappings, within
from toolkit.formats.kinds import kind_of


def from_semantic_scholar(paper: Json) -> dict[str, Any]:
    """Return the record of a paper of Semantic Scholar's API or dumps."""
    same = {_SAME[key]: paper[key] for key in _SAME if key in paper}
    paper = {**paper, **same} if same else paper
    given = paper.get("externalIds")
    ids = (
        {str(key).lower(): value for key, value in given.items()} if isinstance(given, dict) else {}
    )
    arxiv = arxiv_id(str(ids.get("arxiv") or paper.get("arxivId") or ""))
    authors = mappings(paper.get("authors"))
    open_pdf = within(paper, "openAccessPdf", "url")
    venue = text(within(paper, "publicationVenue", "name")) or text(
        within(paper, "journal", "name")
    )
    venue = text(paper.get("venue")) or venue or text(paper.get("journal"))
    url = text(paper.get("url")) or text(paper.get("s2Url"))
    return {
        "title": text(paper.get("title")),
        "abstract": text(paper.get("abstract")),
        "authors": names(
            one.get("name") or full_name(one.get("first"), one.get("last"), one.get("suffix"))
            for one in authors
        ),
        "affiliations": texts([one for who in authors for one in texts(who.get("affiliations"))]),
        "published": loose_date(paper.get("publicationDate")) or loose_date(paper.get("year")),
        "venue": None if arxiv and venue in ("arXiv.org", "ArXiv", "arXiv") else venue,
        "kind": kind_of(paper.get("publicationTypes")),
        "doi": text(ids.get("doi")) or text(paper.get("doi")),
        "arxiv_id": arxiv,
        "url": url or (f"https://arxiv.org/abs/{arxiv}" if arxiv else open_pdf),
        "cited_by": count(paper.get("citationCount")),
        "references": [
            " ".join(filter(None, [text(one.get("title")), _id_of(one)]))
            for one in mappings(paper.get("references"))
        ] or texts(paper.get("outCitations")),
        "keywords": texts(paper.get("keywords")),
        "s2_id": paper.get("paperId"),
        "corpus_id": ids.get("corpusid") or paper.get("corpusId"),
        "pmid": ids.get("pubmed") or paper.get("pubmed_id"),
        "acl_id": ids.get("acl"),
        "dblp_key": ids.get("dblp"),
        "fields_of_study": "; ".join(
            texts([one.get("category") for one in mappings(paper.get("s2FieldsOfStudy"))])
            or texts(paper.get("fieldsOfStudy"))
        ),
        "tldr": within(paper, "tldr", "text"),
        "open_access_pdf": open_pdf,
    }  # fmt: skip


#: The names of the dumps, and those of the API.
_SAME = {
    "externalids": "externalIds", "publicationdate": "publicationDate",
    "citationcount": "citationCount", "publicationtypes": "publicationTypes",
    "corpusid": "corpusId", "s2fieldsofstudy": "s2FieldsOfStudy", "paperAbstract": "abstract",
    "openaccesspdf": "openAccessPdf", "publicationvenue": "publicationVenue",
    "journalName": "journal", "arxiv_id": "arxivId",
}  # fmt: skip


def _id_of(paper: Json) -> str:
    ids = paper.get("externalIds")
    doi = ids.get("DOI") if isinstance(ids, dict) else None
    return f"doi:{doi}" if doi else f"s2:{paper['paperId']}" if paper.get("paperId") else ""


def from_papers_with_code(paper: Json) -> dict[str, Any]:
    """Return the record of a paper of Papers with Code, or of a link from a paper to its code."""
    url = text(paper.get("url_abs")) or text(paper.get("paper_url_abs"))
    page = text(paper.get("paper_url"))
    repositories = [text(one.get("url")) for one in mappings(paper.get("repositories") or [])]
    conference = text(paper.get("proceeding")) or text(paper.get("conference"))
    return {
        "title": text(paper.get("title")) or text(paper.get("paper_title")),
        "abstract": text(paper.get("abstract")) or text(paper.get("short_abstract")),
        "authors": names(texts(paper.get("authors"))),
        "published": loose_date(paper.get("date") or paper.get("published")),
        "venue": conference,
        "arxiv_id": arxiv_id(paper.get("arxiv_id"), paper.get("paper_arxiv_id"), url),
        "url": url or page,
        "code_url": text(paper.get("repo_url")) or next(filter(None, repositories), None),
        "keywords": texts(paper.get("tasks")),
        "methods": "; ".join(texts(paper.get("methods"))),
        "paperswithcode_url": page,
    }


def from_arxiv(paper: Json) -> dict[str, Any]:
    """Return the record of a paper as arXiv's clients write it to JSON."""
    metadata = paper.get("metadata")
    if isinstance(metadata, dict):  # unarXive
        paper = {**metadata, "abstract": text(paper.get("abstract")) or metadata.get("abstract")}
    link = text(paper.get("entry_id")) or text(paper.get("abs_url")) or text(paper.get("id"))
    found = arxiv_id(link, paper.get("arxiv_id"), paper.get("pdf_url"))
    authors = paper.get("authors") or paper.get("author")
    parsed = paper.get("authors_parsed")
    who = names(texts(authors)) if isinstance(authors, list) else split_authors(text(authors) or "")
    if isinstance(parsed, list) and parsed:
        who = names(
            full_name(*one[1::-1]) for one in parsed if isinstance(one, list) and len(one) > 1
        )
    terms = paper.get("categories") or paper.get("tags") or paper.get("primary_category")
    terms = (
        [one.get("term") if isinstance(one, dict) else one for one in terms]
        if isinstance(terms, list)
        else [text(terms)]
    )
    return {
        "arxiv_id": found or (link if is_arxiv_id(link) else None),
        "title": text(paper.get("title")),
        "abstract": text(paper.get("summary")) or text(paper.get("abstract")),
        "authors": who,
        "published": loose_date(paper.get("published") or _first_version(paper)),
        "categories": " ".join(one for one in terms if isinstance(one, str)),
        "comments": text(paper.get("comment")) or text(paper.get("comments"))
        or text(paper.get("arxiv_comment")),
        "venue": text(paper.get("journal_ref")) or text(paper.get("journal-ref")),
        "kind": "preprint",
        "doi": text(paper.get("doi")),
        "url": f"https://arxiv.org/abs/{found}" if found else link,
    }  # fmt: skip


def _first_version(paper: Json) -> str | None:
    versions = mappings(paper.get("versions"))
    stamp = text(versions[0].get("created")) if versions else None
    # Mon, 2 Apr 2007 19:18:42 GMT
    return " ".join(stamp.split()[1:4]) if stamp and "," in stamp else stamp
