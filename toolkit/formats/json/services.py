"""Whose record an object of JSON is, by its keys: the first row of `SERVICES` that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.formats.fields import is_arxiv_id, texts
from toolkit.formats.json.databases import (
    from_core,
    from_dblp,
    from_europe_pmc,
    from_ieee,
    from_meeting_list,
    from_scopus,
    from_springer,
    from_summary,
)
from toolkit.formats.json.hugging_face import from_api, is_api_record
from toolkit.formats.json.openalex import Json, from_dimensions, from_lens, from_openalex
from toolkit.formats.json.physics import from_ads, from_hal, from_inspire, from_openreview
from toolkit.formats.json.registries import (
    from_crossref,
    from_datacite,
    from_doaj,
    from_schema_org,
    from_zenodo,
)
from toolkit.formats.json.semantic_scholar import (
    from_arxiv,
    from_papers_with_code,
    from_semantic_scholar,
)
from toolkit.formats.json.zotero import from_zotero
from toolkit.papers.columns import COLUMNS, OPTIONAL


@dataclass(frozen=True)
class Service:
    """A service whose records are known.

    Parameters
    ----------
    name : str
        As messages name it.
    source : str
        For the column `source`.
    is_record : callable
        Returns whether an object is a record of the service.
    read : callable
        Returns the record of the papers table.
    used : str
        Keys that say again what others say, or that tell a reader nothing, ``*`` for all; other
        plain values that `read` does not read become columns of their own.
    """

    name: str
    source: str
    is_record: Callable[[Json], bool]
    read: Callable[[Json], dict[str, Any]]
    used: str = ""


def service_of(value: Json) -> Service | None:
    """Return the service whose record an object is, None for any other object."""
    return next((one for one in SERVICES if one.is_record(value)), None)


class _Read(dict[str, Any]):
    """An object that knows which of its keys were read."""

    def __init__(self, value: Json) -> None:
        super().__init__(value)
        self.keys_read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.keys_read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.keys_read.add(key)
        return super().__getitem__(key)


def read_record(service: Service, value: Json) -> dict[str, Any]:
    """Return the record in an object of a service; plain values it does not know stay."""
    if service.used == "*":
        return service.read(value)
    outer = inner = _Read(value)
    for key in _INNER:
        if isinstance(value.get(key), Mapping):
            inner = _Read(value[key])
            outer = _Read({**value, key: inner})
            break
    found = service.read(outer)
    known = {*found, *_TAKEN, *inner.keys_read, *service.used.split()}
    for name, one in inner.items():
        if name not in known and isinstance(one, str | int | float) and one != "":
            found[name] = one
    found.setdefault("source", service.source)
    return found


def read_zotero(item: Json) -> dict[str, Any]:
    """Return the record of an item of Zotero."""
    return read_record(next(one for one in SERVICES if one.source == "zotero"), item)


def unwrapped(value: Json) -> Json:
    """Return the paper in an object around it, as citations and recommendations have it."""
    if service_of(value) is not None:
        return value
    for key in _AROUND:
        inner = value.get(key)
        if isinstance(inner, Mapping) and ("title" in inner or "paperId" in inner):
            return inner
    return value


def _has(*keys: str) -> Callable[[Json], bool]:
    return lambda value: any(key in value for key in keys)


def _within(outer: str, *keys: str) -> Callable[[Json], bool]:
    def fits(value: Json) -> bool:
        inner = value.get(outer)
        return isinstance(inner, Mapping) and any(key in inner for key in keys)

    return fits


def _is_openalex(value: Json) -> bool:
    return "openalex.org/W" in str(value.get("id")) or (
        bool({"authorships", "abstract_inverted_index", "referenced_works"} & value.keys())
        and bool({"title", "display_name"} & value.keys())
    )


def _is_crossref(value: Json) -> bool:
    marks = {"container-title", "is-referenced-by-count", "member", "prefix"}
    if ("DOI" in value and marks & value.keys()) or _within("custom", "paper_id")(value):
        return True
    people = value.get("author")
    who = people[0] if isinstance(people, list) and people else None
    named = isinstance(who, Mapping) and bool({"family", "literal", "given"} & who.keys())
    return "title" in value and (
        isinstance(value.get("issued"), Mapping) or (named and "type" in value)
    )


def _is_openreview(value: Json) -> bool:
    about = value.get("content")
    return (
        isinstance(about, Mapping)
        and "title" in about
        and bool(
            {"forum", "invitation", "invitations", "signatures", "tcdate", "cdate", "id"}
            & value.keys()
        )
    )


def _is_semantic_scholar(value: Json) -> bool:
    keys = value.keys()
    return "title" in keys and bool(
        {"externalIds", "externalids", "corpusid", "paperAbstract", "citationCount"} & keys
        or ("paperId" in keys)
        or ("paper_id" in keys and {"inbound_citations", "outbound_citations", "pdf_parse"} & keys)
    )


def _is_zenodo(value: Json) -> bool:
    about = value.get("metadata")
    return (
        isinstance(about, Mapping)
        and "title" in about
        and ("creators" in about or "resource_type" in about)
    )


def _is_arxiv(value: Json) -> bool:
    if _within("metadata", "authors_parsed")(value) or ("entry_id" in value and "title" in value):
        return True
    return "title" in value and (
        ("summary" in value and "arxiv.org/abs" in str(value.get("id")))
        or ("authors_parsed" in value and is_arxiv_id(value.get("id")))
    )


def _is_meeting_list(value: Json) -> bool:
    return {"title", "author"} <= value.keys() and (
        {"aff", "status"} <= value.keys() or {"track", "status"} <= value.keys()
    )


def _is_schema_org(value: Json) -> bool:
    return bool({"name", "headline"} & value.keys()) and bool(
        {"ScholarlyArticle", "MedicalScholarlyArticle", "Thesis", "Chapter", "Dataset", "Report"}
        & set(texts(value.get("@type")))
    )


def _is_core(value: Json) -> bool:
    return "title" in value and bool(
        {"yearPublished", "sourceFulltextUrls", "dataProviders", "oaiIds"} & value.keys()
    )


SERVICES = (
    Service("Hugging Face's papers API", "hf-api", is_api_record, from_api, used="*"),
    Service("OpenAlex", "openalex", _is_openalex, from_openalex,
            "id display_name publication_year type_crossref cited_by_api_url "
            "ngrams_url updated_date created_date relevance_score"),
    Service("Lens", "lens", _has("lens_id"), from_lens,
            "created year_published"),
    Service("Dimensions", "dimensions",
            lambda value: str(value.get("id")).startswith("pub.") and "title" in value,
            from_dimensions,
            "linkout dimensions_url year"),
    Service("NASA ADS", "ads", _has("bibcode"), from_ads,
            "score date year doctype"),
    Service("INSPIRE", "inspire", lambda value: _within("metadata", "titles")(value)
            or ("titles" in value and "control_number" in value), from_inspire,
            "$schema legacy_creation_date author_count core curated citeable "
            "citation_count_without_self_citations earliest_date self"),
    Service("DataCite", "datacite", lambda value: _within("attributes", "titles")(value)
            or {"titles", "creators"} <= value.keys(), from_datacite,
            "identifier suffix prefix xml schemaVersion state source isActive "
            "metadataVersion created registered updated reason viewCount"),
    Service("Zenodo", "zenodo", _is_zenodo, from_zenodo,
            "access_right description"),
    Service("DOAJ", "doaj", _within("bibjson", "title"), from_doaj,
            "year month"),
    Service("OpenReview", "openreview", _is_openreview, from_openreview,
            "_bibtex paperhash html"),
    Service("PubMed's summaries", "pubmed",
            lambda value: "uid" in value and "title" in value and "pubdate" in value,
            from_summary,
            "sortpubdate epubdate sortfirstauthor sorttitle lastauthor recordstatus "
            "elocationid sortdate vernaculartitle nlmuniqueid"),
    Service("Europe PMC", "europe-pmc", _has("authorString"), from_europe_pmc,
            "firstIndexDate pubYear affiliation"),
    Service("Scopus", "scopus", _has("dc:title"), from_scopus,
            "@_fa dc:identifier prism:url prism:coverDisplayDate subtype openaccess"),
    Service("IEEE Xplore's API", "ieee",
            lambda value: "article_number" in value and "title" in value, from_ieee,
            "rank pdf_url publication_year access_type"),
    Service("Springer's API", "springer",
            lambda value: "contentType" in value and "title" in value, from_springer,
            "onlineDate identifier"),
    Service("HAL", "hal", _has("title_s", "halId_s"), from_hal,
            "docid label_s producedDateY_i producedDate_s"),
    Service("DBLP's search", "dblp", _within("info", "title"), from_dblp,
            "access url"),
    Service("Zotero", "zotero",
            lambda value: "itemType" in value or _within("data", "itemType")(value), from_zotero,
            "version key dateAdded dateModified libraryCatalog accessDate itemID select "
            "libraryID deleted"),
    Service("arXiv", "arxiv", _is_arxiv, from_arxiv,
            "id abs_url arxiv_comment primary_category updated update_date submitter "
            "summary abstract pdf_url"),
    Service("Papers with Code", "papers-with-code",
            lambda value: "url_abs" in value or "paper_url_abs" in value, from_papers_with_code,
            "paper_url_pdf url_pdf paper_url id arxiv_id paper_arxiv_id"),
    Service("Semantic Scholar", "semantic-scholar", _is_semantic_scholar, from_semantic_scholar,
            "corpusid s2Url journalName paper_id id"),
    Service("Crossref or CSL", "crossref", _is_crossref, from_crossref,
            "prefix member score source id reference-count references-count update-policy"),
    Service("a list of a meeting's papers", "meeting-list", _is_meeting_list, from_meeting_list,
            "bibtex id pdf tldr openreview"),
    Service("schema.org", "schema.org", _is_schema_org, from_schema_org,
            "@context @type @id schemaVersion inLanguage dateModified dateCreated version"),
    Service("CORE", "core", _is_core, from_core,
            "id year createdDate updatedDate depositedDate datePublished yearPublished "
            "description"),
)  # fmt: skip

_AROUND = ("citingPaper", "citedPaper", "paper", "work", "publication", "recommendedPaper")
#: Objects within which a service's own values stand.
_INNER = ("attributes", "data", "metadata", "info", "bibjson")
_TAKEN = frozenset([*COLUMNS, *OPTIONAL, "arxiv_id", "id", "year"])
