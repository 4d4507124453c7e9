"""Semantic Scholar (https://api.semanticscholar.org/api-docs/graph): papers by search and ids."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

from toolkit.services.client import Service
from toolkit.services.paging import by_cursor
from toolkit.services.refs import Ref
from toolkit.services.sources import (
    IDS_AGE,
    Asked,
    Page,
    Source,
    parse_answer,
    read_records,
)
from toolkit.services.statuses import Again, BadQuery
from toolkit.services.title_matching import Sought

_TITLE = "Semantic Scholar"
#: The bulk search sends a thousand papers at a time.
_PAGE = 1000
_BATCH = 100
_FIELDS = (
    "title,abstract,authors,venue,publicationVenue,journal,year,publicationDate,publicationTypes,"
    "externalIds,citationCount,openAccessPdf,s2FieldsOfStudy,url,corpusId"
)
#: What only look-ups by id can have.
_MORE = "authors.name,authors.affiliations,references.title,references.externalIds,tldr"
_PREFIXES = {
    "doi": "DOI:", "arxiv": "ARXIV:", "pmid": "PMID:", "pmcid": "PMCID:", "corpus": "CorpusId:",
    "s2": "",
}  # fmt: skip


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the pages of a bulk search, newest papers first."""
    params = {"query": asked.query or "", "fields": _FIELDS, "sort": "publicationDate:desc"}
    if asked.since or asked.until:
        params["publicationDateOrYear"] = f"{asked.since or ''}:{asked.until or ''}"

    def ask(token: str, age: dt.timedelta) -> tuple[Page, str | None]:
        step = {"token": token} if token else {}
        answer = service.get(
            "/graph/v1/paper/search/bulk", {**params, **step}, check=_check, max_age=age
        )
        total = answer.get("total")
        page = Page(read_records(answer["data"], origin=_TITLE))
        page.total = total if isinstance(total, int) else None
        return page, answer.get("token") if answer["data"] else None

    return by_cursor(ask, "")


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the papers of ids; the answer has them in the order of the ids, null for none."""
    ids = [f"{_PREFIXES[ref.kind]}{ref.value.removeprefix('PMC')}" for ref in refs]
    try:
        found = service.get(
            "/graph/v1/paper/batch",
            {"fields": f"{_FIELDS},{_MORE}"},
            check=lambda text: _check_batch(text, len(refs)),
            max_age=IDS_AGE,
            body=json.dumps({"ids": ids}),
        )
    except BadQuery as error:
        if "valid paper id" not in str(error).lower():
            raise
        found = [None] * len(refs)  # it refuses a list of which it knows none
    there = [(ref, paper) for ref, paper in zip(refs, found) if paper]
    records = read_records([paper for _, paper in there], origin=_TITLE)
    # The places tell which papers could be read.
    return Page(records, refs=[there[place - 1][0] for place in records.places])


def _by_title(service: Service, paper: Sought) -> Page:
    """Return the paper whose title is nearest; the service has none where it is not near."""
    params = {"query": paper.title, "fields": _FIELDS, "year": f"{paper.year - 1}-{paper.year + 1}"}
    answer = service.get("/graph/v1/paper/search/match", params, check=_check, max_age=IDS_AGE)
    return Page(read_records(answer["data"], origin=_TITLE))


def _check(text: str) -> dict[str, Any]:
    answer = parse_answer(text)
    if not isinstance(answer, dict) or ("data" not in answer and "total" not in answer):
        raise Again("the answer has no list of papers")
    if not isinstance(answer.setdefault("data", []), list):
        raise Again("the answer has no list of papers")
    return answer


def _check_batch(text: str, length: int) -> list[Any]:
    answer = parse_answer(text)
    if not isinstance(answer, list) or len(answer) != length:
        raise Again(f"the answer has no list of {length} papers")
    return answer


SOURCE: Source = Source(
    name="semantic-scholar",
    title=_TITLE,
    source="semantic-scholar",
    base_url="https://api.semanticscholar.org",
    variable="PAPERSCOPE_S2_URL",
    # Without a key, all users share a pool of 100 requests in five minutes or so.
    pause=3.0,
    pause_with_key=1.05,
    search=_search,
    lookup=_lookup,
    by_title=_by_title,
    fills=("abstract", "doi", "venue", "affiliations", "countries", "references", "cited_by"),
    kinds=("doi", "arxiv", "pmid", "pmcid", "s2", "corpus"),
    together=True,
    page=_PAGE,
    batch=_BATCH,
    key_variables=("SEMANTIC_SCHOLAR_API_KEY", "S2_API_KEY"),
    send_key=lambda key: ({"x-api-key": key}, {}),
    get_key="asked for at https://www.semanticscholar.org/product/api",
    language='words, "phrases", + (and), | (or), - (not), * and parentheses',
)
