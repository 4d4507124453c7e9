"""Crossref, CSL, DataCite, Zenodo, DOAJ: registries of DOIs, and citation processors."""

from __future__ import annotations

import re
from typing import Any

from toolkit.formats.fields import (
    arxiv_id,
    count,
    date_of,
    date_parts,
    full_name,
    loose_date,
    names,
    text,
    texts,
)
from toolkit.formats.json.openalex import Json, mappings, within
from toolkit.formats.json.zotero import in_extra, of_uri
from toolkit.formats.kinds import kind_of
from toolkit.papers.identifiers import parse_doi

_DATES = ("published", "published-print", "published-online", "issued", "posted", "created")


def from_crossref(work: Json) -> dict[str, Any]:
    """Return the record of a work of Crossref, or of an item in CSL."""
    people = mappings(work.get("author")) or mappings(work.get("editor"))
    title, subtitle = text(work.get("title")), text(work.get("subtitle"))
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}: {subtitle}"
    dates = [date_parts(work[name]) for name in _DATES if work.get(name)]
    url = text(work.get("URL")) or text(within(work, "resource", "primary", "URL"))
    note = text(work.get("note"))
    # Zotero writes its field Extra as the note, and the item's address as the id.
    more, item = in_extra(note or ""), of_uri(text(work.get("id")))
    return {
        "title": title,
        "abstract": text(work.get("abstract")),
        "authors": names(map(_person, people)),
        "affiliations": texts([
            one for who in people for one in texts(who.get("affiliation"))
        ]),
        "keywords": texts(work.get("subject"))
        or _keywords(text(work.get("keyword")) or ""),
        "published": next(filter(None, dates), None),
        "venue": text(work.get("container-title")) or text(within(work, "event", "name"))
        or text(work.get("event-title")) or text(within(work, "institution", "name"))
        or text(work.get("publisher") if kind_of(work.get("type")) in ("book", "thesis") else None),
        "kind": kind_of(work.get("genre")) or kind_of(work.get("type")),
        "doi": text(work.get("DOI")) or more.get("doi"),
        "arxiv_id": arxiv_id(
            work.get("DOI"), work.get("arxiv"), url if url and "arxiv.org" in url else None,
            note if note and "arxiv:" in note.lower() else None, _number(work),
        ),
        "url": url,
        "cited_by": count(work.get("is-referenced-by-count")),
        "references": list(filter(None, map(_reference, mappings(work.get("reference"))))),
        "comments": note,
        "pages": text(work.get("page")),
        "issn": "; ".join(texts(work.get("ISSN"))),
        "pmid": text(work.get("PMID")) or more.get("pmid"),
        "citation_key": text(work.get("citation-key")) or more.get("bibtex_key")
        or (None if item else text(work.get("id"))),
        **item,
    } | _custom(work)  # fmt: skip


def _keywords(words: str) -> list[str]:
    return [part.strip() for part in words.split(";" if ";" in words else ",")]


def _custom(work: Json) -> dict[str, Any]:
    """Return the columns that `toolkit.export` wrote beside CSL's fields."""
    custom = work.get("custom")
    if not isinstance(custom, dict) or "paper_id" not in custom:
        return {}
    return {"citation_key": None, "kind": None, **custom}


def _person(who: Json) -> str:
    particle = text(who.get("non-dropping-particle")) or text(who.get("dropping-particle"))
    family = " ".join(filter(None, [particle, text(who.get("family"))]))
    name = full_name(who.get("given"), family, who.get("suffix"))
    return (name or text(who.get("literal")) or text(who.get("name")) or "").replace(",", "")


def _number(work: Json) -> str | None:
    number = text(work.get("number"))
    return number if number and number.lower().startswith("arxiv:") else None


def _reference(one: Json) -> str:
    words = text(one.get("unstructured")) or " ".join(
        filter(
            None,
            (
                text(one.get(key))
                for key in ("author", "year", "article-title", "journal-title", "volume-title")
            ),
        )
    )
    doi = text(one.get("DOI"))
    return " ".join(filter(None, [words, f"doi:{doi}" if doi else None]))


def from_datacite(work: Json) -> dict[str, Any]:
    """Return the record of a DOI of DataCite."""
    inner = work.get("attributes")
    about: Json = inner if isinstance(inner, dict) else work
    people = mappings(about.get("creators"))
    described = {
        one.get("descriptionType"): text(one.get("description"))
        for one in reversed(mappings(about.get("descriptions")))
    }
    dates = {one.get("dateType"): one.get("date") for one in mappings(about.get("dates"))}
    issued = loose_date(dates.get("Issued")) or loose_date(dates.get("Submitted"))
    year = text(str(about.get("publicationYear") or ""))
    types = about.get("types")
    related = [
        str(one.get("relatedIdentifier"))
        for one in mappings(about.get("relatedIdentifiers"))
        if one.get("relationType") in ("IsIdenticalTo", "IsVersionOf", "IsPreprintOf")
    ]
    doi = text(about.get("doi")) or text(about.get("DOI"))
    publisher = about.get("publisher")
    container = text(within(about, "container", "title"))
    return {
        "title": _with_subtitle(about),
        "abstract": described.get("Abstract") or next(iter(described.values()), None),
        "authors": names(
            full_name(one.get("givenName"), one.get("familyName"))
            or one.get("name")
            or one.get("creatorName")
            for one in people
        ),
        "affiliations": texts([one for who in people for one in texts(who.get("affiliation"))]),
        "keywords": texts([one.get("subject") for one in mappings(about.get("subjects"))]),
        "published": issued if issued and (not year or issued[:4] == year) else loose_date(year),
        "venue": container or text(publisher),
        "kind": _kind_of_resource(within(types, "resourceTypeGeneral")) or kind_of(
            within(types, "resourceType")
        ),
        "doi": doi,
        "arxiv_id": arxiv_id(doi, *[one for one in related if "arxiv" in one.lower()]),
        "url": text(about.get("url")),
        "cited_by": count(about.get("citationCount")),
    }  # fmt: skip


def _kind_of_resource(word: Any) -> str | None:
    return None if word == "Collection" else kind_of(word)  # of data, and no book


def _with_subtitle(about: Json) -> str | None:
    title = text(about.get("titles")) or text(about.get("title"))
    sub = next(
        (one for one in mappings(about.get("titles")) if one.get("titleType") == "Subtitle"), None
    )
    words = text(sub.get("title")) if sub else None
    return f"{title}: {words}" if title and words and words not in title else title


def from_zenodo(record: Json) -> dict[str, Any]:
    """Return the record of Zenodo, or of another repository that runs InvenioRDM."""
    about = record["metadata"]
    people = mappings(about.get("creators"))
    kind = about.get("resource_type")
    related = mappings(about.get("related_identifiers"))
    return {
        "title": text(about.get("title")),
        "abstract": text(about.get("description")),
        "authors": names(one.get("name") or within(one, "person_or_org", "name") for one in people),
        "affiliations": texts([
            one
            for who in people
            for one in texts(who.get("affiliation") or who.get("affiliations"))
        ]),
        "keywords": texts(about.get("keywords"))
        or texts([one.get("subject") for one in mappings(about.get("subjects"))]),
        "published": loose_date(about.get("publication_date")),
        "venue": text(within(about, "journal", "title")) or text(about.get("publisher")),
        "kind": kind_of(within(kind, "subtype") or within(kind, "type") or within(kind, "id")),
        "doi": text(record.get("doi")) or text(about.get("doi"))
        or text(within(record, "pids", "doi", "identifier")),
        "arxiv_id": arxiv_id(*[
            one.get("identifier")
            for one in related
            if "arxiv" in str(one.get("identifier")).lower()
            and one.get("relation") in ("isIdenticalTo", "isAlternateIdentifier", "isVersionOf")
        ]),
        "url": text(within(record, "links", "self_html")) or text(within(record, "links", "html")),
    }  # fmt: skip


def from_schema_org(work: Json) -> dict[str, Any]:
    """Return the record of a work described in the words of schema.org (JSON-LD)."""
    people = work.get("author") or work.get("creator")
    ids = [
        str(one.get("value") or one.get("@id")) if isinstance(one, dict) else str(one)
        for key in ("identifier", "@id", "sameAs")
        for one in (work[key] if isinstance(work.get(key), list) else [work.get(key)])
    ]
    words = work.get("keywords")
    return {
        "title": text(work.get("headline")) or text(work.get("name")),
        "abstract": text(work.get("abstract")) or text(work.get("description")),
        "authors": names(
            one
            if isinstance(one, str)
            else text(one.get("name")) or full_name(one.get("givenName"), one.get("familyName"))
            for one in (people if isinstance(people, list) else [people])
            if one
        ),
        "affiliations": texts([
            one for who in mappings(people) for one in texts(who.get("affiliation"))
        ]),
        "keywords": re.split(r"\s*[;,]\s*", words) if isinstance(words, str) else texts(words),
        "published": loose_date(text(work.get("datePublished")) or work.get("dateCreated")),
        "venue": text(within(work, "isPartOf", "isPartOf", "name"))
        or text(within(work, "isPartOf", "name")) or text(work.get("publisher")),
        "kind": kind_of(work.get("@type")),
        "doi": next((doi for one in ids if (doi := parse_doi(one))), None),
        "arxiv_id": arxiv_id(*[one for one in ids if "arxiv" in one.lower()]),
        "url": text(work.get("url")) or text(work.get("@id")),
    }  # fmt: skip


def from_doaj(record: Json) -> dict[str, Any]:
    """Return the record of an article of DOAJ."""
    about = record["bibjson"]
    ids = {str(one.get("type")).lower(): one.get("id") for one in mappings(about.get("identifier"))}
    journal = about.get("journal")
    links = texts([one.get("url") for one in mappings(about.get("link"))])
    return {
        "title": text(about.get("title")),
        "abstract": text(about.get("abstract")),
        "authors": names(one.get("name") for one in mappings(about.get("author"))),
        "affiliations": texts([one.get("affiliation") for one in mappings(about.get("author"))]),
        "keywords": texts(about.get("keywords")),
        "published": date_of(about.get("year"), about.get("month")),
        "venue": text(within(journal, "title")),
        "kind": "article",
        "doi": parse_doi(str(ids.get("doi") or "")),
        "url": links[0] if links else None,
        "doaj_id": record.get("id"),
    }
