"""Europe PMC, PubMed's summaries, Scopus, IEEE, Springer, CORE, DBLP, lists of meetings."""

from __future__ import annotations

import re
from typing import Any

from toolkit.formats.authors import split_authors
from toolkit.formats.fields import (
    arxiv_id,
    count,
    date_of,
    full_name,
    loose_date,
    names,
    text,
    texts,
)
from toolkit.formats.json.openalex import Json, countries, mappings, within
from toolkit.formats.kinds import kind_of
from toolkit.papers.identifiers import parse_doi


def from_europe_pmc(paper: Json) -> dict[str, Any]:
    """Return the record of a result of Europe PMC."""
    people = mappings(within(paper, "authorList", "author"))
    places = [
        one
        for who in people
        for one in mappings(within(who, "authorAffiliationDetailsList", "authorAffiliation"))
    ]
    named = [
        who.get("fullName")
        if not who.get("firstName")
        else full_name(who.get("firstName"), who.get("lastName"))
        for who in people
    ]
    day = paper.get("firstPublicationDate") or within(paper, "journalInfo", "printPublicationDate")
    pmid = text(paper.get("pmid"))
    return {
        "title": (text(paper.get("title")) or "").removesuffix("."),
        "abstract": text(paper.get("abstractText")),
        "authors": names(named)
        or split_authors((text(paper.get("authorString")) or "").rstrip(".")),
        "affiliations": texts([one.get("affiliation") for one in places])
        or texts(paper.get("affiliation")),
        "keywords": [
            *texts(within(paper, "keywordList", "keyword")),
            *texts([
                one.get("descriptorName")
                for one in mappings(within(paper, "meshHeadingList", "meshHeading"))
            ]),
        ],
        "published": loose_date(day or paper.get("pubYear")),
        "venue": text(within(paper, "journalInfo", "journal", "title"))
        or text(paper.get("journalTitle"))
        or text(within(paper, "bookOrReportDetails", "publisher")),
        "kind": kind_of(texts(within(paper, "pubTypeList", "pubType")) or paper.get("pubType")),
        "doi": text(paper.get("doi")),
        "url": f"https://europepmc.org/article/{paper.get('source')}/{paper.get('id')}",
        "cited_by": count(paper.get("citedByCount")),
        "pmid": pmid,
        "pmcid": text(paper.get("pmcid")),
    }  # fmt: skip


def from_summary(paper: Json) -> dict[str, Any]:
    """Return the record of a summary of PubMed (esummary)."""
    ids = {one.get("idtype"): one.get("value") for one in mappings(paper.get("articleids"))}
    people = [one.get("name") for one in mappings(paper.get("authors"))]
    return {
        "title": (text(paper.get("title")) or "").removesuffix("."),
        "authors": split_authors(
            "; ".join(re.sub(r"^(.+) ([A-Z]{1,3})$", r"\1, \2", one) for one in texts(people))
        ),
        "published": loose_date(paper.get("pubdate") or paper.get("sortpubdate")),
        "venue": text(paper.get("fulljournalname")) or text(paper.get("source")),
        "kind": kind_of(texts(paper.get("pubtype"))),
        "doi": text(ids.get("doi")) or parse_doi(str(paper.get("elocationid") or "")),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{paper['uid']}/",
        "cited_by": count(paper.get("pmcrefcount")) if paper.get("pmcrefcount") else None,
        "pmid": paper["uid"],
        "pmcid": ids.get("pmc"),
    }


def from_scopus(entry: Json) -> dict[str, Any]:
    """Return the record of an entry of Scopus's search."""
    people = mappings(entry.get("author"))
    places = mappings(entry.get("affiliation"))
    creator = entry.get("dc:creator")
    links = {one.get("@ref"): one.get("@href") for one in mappings(entry.get("link"))}
    return {
        "title": text(entry.get("dc:title")),
        "abstract": text(entry.get("dc:description")),
        "authors": names(
            full_name(one.get("given-name"), one.get("surname")) or one.get("authname")
            for one in people
        )
        or names(texts(creator)),
        "affiliations": texts([one.get("affilname") for one in places]),
        "countries": countries(one.get("affiliation-country") for one in places),
        "keywords": [part.strip() for part in (text(entry.get("authkeywords")) or "").split("|")],
        "published": loose_date(
            entry.get("prism:coverDate") or entry.get("prism:coverDisplayDate")
        ),
        "venue": text(entry.get("prism:publicationName")),
        "kind": kind_of(entry.get("subtypeDescription") or entry.get("subtype")),
        "doi": text(entry.get("prism:doi")),
        "url": text(links.get("scopus")) or text(entry.get("prism:url")),
        "cited_by": count(entry.get("citedby-count")),
        "eid": text(entry.get("eid")),
        "pmid": text(entry.get("pubmed-id")),
    }  # fmt: skip


def from_ieee(article: Json) -> dict[str, Any]:
    """Return the record of an article of IEEE Xplore's API."""
    people = mappings(within(article, "authors", "authors")) or mappings(article.get("authors"))
    terms = article.get("index_terms")
    groups = terms.values() if isinstance(terms, dict) else ()
    return {
        "title": text(article.get("title")),
        "abstract": text(article.get("abstract")),
        "authors": names(one.get("full_name") or one.get("preferredName") for one in people),
        "affiliations": texts([one.get("affiliation") for one in people]),
        "keywords": texts([term for group in groups for term in texts(within(group, "terms"))]),
        "published": loose_date(
            article.get("publication_date") if _has_year(article.get("publication_date"))
            else f"{article.get('publication_date') or ''} {article.get('publication_year') or ''}"
        ),
        "venue": text(article.get("publication_title")),
        "kind": kind_of(article.get("content_type")),
        "doi": text(article.get("doi")),
        "url": text(article.get("html_url")) or text(article.get("abstract_url")),
        "cited_by": count(article.get("citing_paper_count")),
    }  # fmt: skip


def _has_year(value: Any) -> bool:
    return isinstance(value, str) and re.search(r"\d{4}", value) is not None


def from_springer(record: Json) -> dict[str, Any]:
    """Return the record of Springer's API."""
    urls = texts([one.get("value") for one in mappings(record.get("url"))])
    abstract = record.get("abstract")
    return {
        "title": text(record.get("title")),
        "abstract": text(within(abstract, "p")) or text(abstract),
        "authors": names(one.get("creator") for one in mappings(record.get("creators"))),
        "keywords": texts(record.get("keyword")),
        "published": loose_date(record.get("publicationDate") or record.get("onlineDate")),
        "venue": text(record.get("publicationName")),
        "kind": kind_of(record.get("contentType")),
        "doi": text(record.get("doi")),
        "url": urls[0] if urls else None,
    }


def from_core(work: Json) -> dict[str, Any]:
    """Return the record of a work of CORE."""
    people = work.get("authors")
    journal = mappings(work.get("journals"))
    return {
        "title": text(work.get("title")),
        "abstract": text(work.get("abstract")) or text(work.get("description")),
        "authors": names(texts(people)),
        "keywords": texts(work.get("topics")),
        "published": loose_date(
            work.get("publishedDate") or work.get("datePublished") or work.get("yearPublished")
            or work.get("year")
        ),
        "venue": text(journal[0].get("title")) if journal else text(work.get("publisher")),
        "kind": kind_of(work.get("documentType")),
        "doi": text(work.get("doi")),
        "arxiv_id": arxiv_id(work.get("arxivId")),
        "url": text(work.get("downloadUrl")) or text(work.get("sourceFulltextUrls")),
        "cited_by": count(work.get("citationCount")),
        "core_id": text(str(work.get("id") or "")),
    }  # fmt: skip


def from_dblp(hit: Json) -> dict[str, Any]:
    """Return the record of a hit of DBLP's search."""
    about = hit["info"]
    people = within(about, "authors", "author")
    links = texts(about.get("ee"))
    volume = text(about.get("volume")) or ""
    corr = volume.removeprefix("abs/") if volume.startswith("abs/") else None
    is_corr = text(about.get("venue")) == "CoRR"
    return {
        "title": (text(about.get("title")) or "").removesuffix("."),
        "authors": names(re.sub(r" \d{4}$", "", one) for one in texts(people)),
        "published": date_of(about.get("year")),
        "venue": text(about.get("venue")),
        "kind": "preprint" if is_corr else kind_of(about.get("type")),
        "doi": text(about.get("doi")),
        "arxiv_id": arxiv_id(corr, about.get("doi"), *links),
        "url": links[0] if links else text(about.get("url")),
        "dblp_key": text(about.get("key")),
        "pages": text(about.get("pages")),
    }


def from_meeting_list(paper: Json) -> dict[str, Any]:
    """Return the record of a paper in lists of meetings (paper copilot's): ``author``, ``aff``."""
    people = [one.strip() for one in (text(paper.get("author")) or "").split(";")]
    code = text(paper.get("github"))
    return {
        "title": text(paper.get("title")),
        "abstract": text(paper.get("abstract")) or text(paper.get("tldr")),
        "authors": names(people),
        "affiliations": [one.strip() for one in (text(paper.get("aff")) or "").split(";")],
        "keywords": [one.strip() for one in (text(paper.get("keywords")) or "").split(";")],
        "arxiv_id": arxiv_id(paper.get("arxiv")),
        "doi": text(paper.get("doi")),
        "url": text(paper.get("site")) or text(paper.get("openreview")) or text(paper.get("pdf")),
        "code_url": code if code and code.startswith("http") else None,
        "project_url": text(paper.get("project")),
        "cited_by": count(paper.get("gs_citation")) if paper.get("gs_citation") else None,
    }
