"""OpenAlex (https://developers.openalex.org): works by search, by filter, and by ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from toolkit.services.client import Service
from toolkit.services.paging import by_cursor
from toolkit.services.refs import Ref, refs_of
from toolkit.services.sources import (
    IDS_AGE,
    Asked,
    Page,
    Source,
    parse_answer,
    read_records,
)
from toolkit.services.statuses import Again, NotThere
from toolkit.services.title_matching import Sought

_TITLE = "OpenAlex"
_PAGE = 100
#: Without a key, cursors end after one page; pages are numbered up to 10,000 works.
_MOST_WITHOUT_CURSOR = 10_000
#: Dollars for 1,000 requests of lists by filter and by search, and a day's free allowance.
_FILTER, _SEARCH, _FREE, _FREE_WITH_KEY = 0.10, 1.00, 0.10, 1.00
_FILTERS = {"doi": "doi", "arxiv": "doi", "pmid": "pmid", "openalex": "openalex_id"}
_IS_FILTER = "filter="


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the pages of a search, by relevance: by cursor with a key, by number without."""
    params = {**_params(asked), "per_page": str(min(_PAGE, asked.limit))}

    def ask(step: str, age: dt.timedelta) -> tuple[Page, str | None]:
        name = "cursor" if service.has_key else "page"
        answer = service.get("/works", {**params, name: step}, check=_check, max_age=age)
        found, meta = answer["results"], answer["meta"]
        total = meta.get("count")
        page = Page(read_records(found, origin=_TITLE))
        page.total = total if isinstance(total, int) else None
        if len(found) < int(params["per_page"]):
            return page, None
        if service.has_key:
            return page, meta.get("next_cursor")
        number = int(step) + 1
        is_last = number * int(params["per_page"]) > _MOST_WITHOUT_CURSOR
        return page, None if is_last else str(number)

    return by_cursor(ask, "*" if service.has_key else "1")


def _params(asked: Asked) -> dict[str, str]:
    """Return the parameters of a search; ``filter=…`` is one of OpenAlex's own filters."""
    filters = []
    words = (asked.query or "").strip()
    if words.startswith(_IS_FILTER):
        filters.append(words.removeprefix(_IS_FILTER).strip())
        words = ""
    if asked.since:
        filters.append(f"from_publication_date:{asked.since}")
    if asked.until:
        filters.append(f"to_publication_date:{asked.until}")
    params = {"search": words} if words else {}
    return params | ({"filter": ",".join(filters)} if filters else {})


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the works of ids of one kind.

    What a list cannot hold is asked for alone, which is free: DOIs with a comma, and DOIs of arXiv
    whose work has the journal's DOI by now.
    """
    (kind,) = {ref.kind for ref in refs}
    prefix = "10.48550/arxiv." if kind == "arxiv" else ""
    by_value = {f"{prefix}{ref.value}": ref for ref in refs}
    together = [value for value in by_value if not set(value) & set(",|")]
    found: list[Any] = []
    if together:
        params = {"filter": f"{_FILTERS[kind]}:{'|'.join(together)}", "per_page": str(_PAGE)}
        found += service.get("/works", params, check=_check, max_age=IDS_AGE)["results"]
    records = read_records(found, origin=_TITLE)
    known = {ref for record in records.found for ref in refs_of(record)}
    alone = {
        value: ref
        for value, ref in by_value.items()
        if value not in together or (kind == "arxiv" and ref not in known)
    }
    if alone:
        service.notice = f"OpenAlex: {len(alone)} ids that its list lacks, one by one (free)"
    for value, ref in alone.items():
        with suppress(NotThere):
            path = f"/works/doi:{quote(value, safe='')}"
            work = service.get(path, {}, check=_check_one, max_age=IDS_AGE)
            one = read_records([work], origin=_TITLE)
            for record in one.found:
                if kind == "arxiv":
                    record.setdefault("arxiv_id", ref.value)
                records.add(record, len(records.places) + len(records.bad) + 1)
    return Page(records)


def _by_title(service: Service, paper: Sought) -> Page:
    """Return the works of nearly one title, of its year or the ones beside it."""
    years = f"publication_year:{paper.year - 1}-{paper.year + 1}"
    params = {"filter": f"title.search:{paper.title},{years}", "per_page": "5"}
    answer = service.get("/works", params, check=_check, max_age=IDS_AGE)
    return Page(read_records(answer["results"], origin=_TITLE))


def _check(text: str) -> Mapping[str, Any]:
    answer = parse_answer(text)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise Again("the answer has no list of works")
    if not isinstance(answer.get("meta"), dict):
        raise Again("the answer has no count of works")
    return answer


def _check_one(text: str) -> Any:
    answer = parse_answer(text)
    if not isinstance(answer, dict) or "id" not in answer:
        raise Again("the answer is no work")
    return answer


def _cost(requests: int, asked: Asked | None, has_key: bool) -> str:
    is_search = asked is not None and "search" in _params(asked)
    dollars = requests * (_SEARCH if is_search else _FILTER) / 1000
    return f"${dollars:.4f} of the ${_FREE_WITH_KEY if has_key else _FREE:.2f} that are free a day"


SOURCE: Source = Source(
    name="openalex",
    title=_TITLE,
    source="openalex",
    base_url="https://api.openalex.org",
    variable="PAPERSCOPE_OPENALEX_URL",
    pause=0.1,
    search=_search,
    lookup=_lookup,
    by_title=_by_title,
    fills=(
        "abstract",
        "doi",
        "venue",
        "keywords",
        "affiliations",
        "countries",
        "references",
        "cited_by",
    ),
    kinds=("doi", "arxiv", "pmid", "openalex"),
    page=_PAGE,
    most=_MOST_WITHOUT_CURSOR,
    key_lifts=True,
    batch=_PAGE,
    batches={"doi": 50, "arxiv": 50},  # an address may have 4 kB
    key_variables=("OPENALEX_API_KEY",),
    send_key=lambda key: ({}, {"api_key": key}),
    get_key="free at https://openalex.org/settings/api",
    cost=_cost,
    language='words, "phrases", AND, OR, NOT in capitals, or filter=… with a filter of OpenAlex',
)  # fmt: skip
