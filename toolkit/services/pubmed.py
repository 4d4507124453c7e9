"""PubMed by NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/).

Ids come from esearch, records from efetch by ids: the history on NCBI's server, which would save
sending the ids, expires, so that a call could not go on after it was killed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.errors import DataError, SourceError, warn_user
from toolkit.formats.records import Records
from toolkit.formats.xml.reading import read_xml
from toolkit.services.client import Service
from toolkit.services.refs import Ref
from toolkit.services.sources import IDS_AGE, SEARCH_AGE, Asked, Page, Source, parse_answer
from toolkit.services.statuses import Again, BadQuery, words_of

_TITLE = "PubMed"
_BATCH = 200
#: esearch gives no more ids of one search.
_MOST = 9999
_EUTILS = "/entrez/eutils"
_COMMON = {"db": "pubmed", "tool": "paperscope"}


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the records of a search, most recent first."""
    params = {"term": asked.query or "all[sb]", "retmax": str(min(asked.limit, _MOST))}
    if asked.since or asked.until:
        first, last = asked.since or "1500", asked.until or "3000"
        params |= {"datetype": "pdat", "mindate": _day(first), "maxdate": _day(last)}
    found = _ids(service, params)
    ids, total = found["idlist"], _whole(found.get("count"))
    _tell_ignored(found)
    if not ids:
        yield Page(Records("pubmed", unit="record"), total)
    for start in range(0, len(ids), _BATCH):
        yield Page(_records(service, ids[start : start + _BATCH]), total)


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the records of PubMed ids, or of DOIs, which are searched for first."""
    ids = [ref.value for ref in refs if ref.kind == "pmid"]
    dois = [f'"{ref.value}"[doi]' for ref in refs if ref.kind == "doi" and '"' not in ref.value]
    if dois:
        ids += _ids(service, {"term": " OR ".join(dois), "retmax": str(2 * len(dois))})["idlist"]
    return Page(_records(service, ids) if ids else Records("pubmed", unit="record"))


def _ids(service: Service, params: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = service.get(
        f"{_EUTILS}/esearch.fcgi",
        {**_COMMON, **params, "retmode": "json"},
        check=_check_ids,
        max_age=SEARCH_AGE,
    )
    return found


def _records(service: Service, ids: Sequence[str]) -> Records:
    records: Records = service.get(
        f"{_EUTILS}/efetch.fcgi",
        {**_COMMON, "id": ",".join(ids), "retmode": "xml"},
        check=_check_records,
        max_age=IDS_AGE,
    )
    place = {one: number for number, one in enumerate(ids)}
    order = sorted(
        range(len(records.found)),
        key=lambda at: place.get(str(records.found[at].get("pmid")), len(ids)),
    )
    records.found = [records.found[at] for at in order]
    return records


def _check_ids(text: str) -> dict[str, Any]:
    answer = parse_answer(text)
    found = answer.get("esearchresult") if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        raise Again(f"the answer has no ids{_said(answer)}")
    if error := found.get("ERROR"):
        raise BadQuery(f"PubMed does not understand the query: {error}", hint="Correct the query")
    if not isinstance(found.get("idlist"), list):
        raise Again("the answer has no ids")
    return found


def _check_records(text: str) -> Records:
    if "</PubmedArticleSet>" not in text and "<PubmedArticleSet/>" not in text:
        if "<ERROR>" in text:
            said = words_of(text[text.find("<ERROR>") :])
            raise SourceError(f"PubMed answered with an error: {said}")
        raise Again("the answer is cut off, or no list of papers")
    if "<PubmedArticle>" not in text and "<PubmedBookArticle>" not in text:
        return Records("pubmed", unit="record")
    try:
        return read_xml(text, origin=_TITLE)
    except DataError as error:
        raise Again(error.message) from error


def _tell_ignored(found: Mapping[str, Any]) -> None:
    """Warn of words of the query that PubMed left out."""
    lists = [found.get(name) for name in ("errorlist", "warninglist")]
    names = ("phrasesnotfound", "fieldsnotfound", "quotedphrasesnotfound")
    lost = [
        str(word)
        for one in lists
        if isinstance(one, dict)
        for name in names
        for word in one.get(name) or ()
    ]
    if lost:
        warn_user(f"PubMed left out of the query what it does not know: {', '.join(lost[:5])}")


def _said(answer: Any) -> str:
    error = answer.get("error") if isinstance(answer, dict) else None
    return f": {error}" if isinstance(error, str) else ""


def _day(day: Any) -> str:
    return str(day).replace("-", "/")


def _whole(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None


SOURCE: Source = Source(
    name="pubmed",
    title=_TITLE,
    source="pubmed",
    base_url="https://eutils.ncbi.nlm.nih.gov",
    variable="PAPERSCOPE_PUBMED_URL",
    pause=0.34,
    pause_with_key=0.11,
    search=_search,
    lookup=_lookup,
    fills=("abstract", "doi", "venue", "keywords", "affiliations", "countries", "references"),
    kinds=("pmid", "doi"),
    page=_BATCH,
    most=_MOST,
    batch=_BATCH,
    batches={"doi": 40},
    requests=lambda asked: 1 + math.ceil(min(asked.limit, _MOST) / _BATCH),
    key_variables=("NCBI_API_KEY",),
    send_key=lambda key: ({}, {"api_key": key}),
    get_key="free in the settings of an NCBI account, for three times the rate",
    needs_query=False,
    language="PubMed's own: words, AND, OR, NOT, fields such as asthma[mesh]",
)
