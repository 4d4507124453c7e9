"""Crossref (https://api.crossref.org): works by search and by DOI."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

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
from toolkit.services.statuses import Again, NotThere
from toolkit.services.title_matching import Sought

_TITLE = "Crossref"
_PAGE = 200
#: So many DOIs keep an address below 4 kB.
_BATCH = 50


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the pages of a search, by relevance."""
    params = {"rows": str(min(_PAGE, asked.limit))}
    if asked.query:
        params["query"] = asked.query
    span = [("from-pub-date", asked.since), ("until-pub-date", asked.until)]
    if filters := ",".join(f"{name}:{day}" for name, day in span if day):
        params["filter"] = filters

    def ask(cursor: str, age: dt.timedelta) -> tuple[Page, str | None]:
        answer = service.get("/works", {**params, "cursor": cursor}, check=_check, max_age=age)
        items, total = answer["items"], answer.get("total-results")
        page = Page(read_records(items, origin=_TITLE))
        page.total = total if isinstance(total, int) else None
        return page, answer.get("next-cursor") if len(items) == int(params["rows"]) else None

    return by_cursor(ask, "*")


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the works of DOIs."""
    dois = [ref.value for ref in refs]
    together = [doi for doi in dois if "," not in doi]  # a comma would end the value
    found: list[Any] = []
    if together:
        params = {"filter": ",".join(f"doi:{doi}" for doi in together), "rows": str(len(together))}
        found += service.get("/works", params, check=_check, max_age=IDS_AGE)["items"]
    for doi in sorted(set(dois) - set(together)):
        with suppress(NotThere):
            path = f"/works/{quote(doi, safe='')}"
            found.append(service.get(path, {}, check=_check_one, max_age=IDS_AGE))
    return Page(read_records(found, origin=_TITLE))


def _by_title(service: Service, paper: Sought) -> Page:
    """Return the works whose title is nearest."""
    params = {"query.bibliographic": paper.title, "query.author": paper.author, "rows": "5"}
    answer = service.get("/works", params, check=_check, max_age=IDS_AGE)
    return Page(read_records(answer["items"], origin=_TITLE))


def _check(text: str) -> Mapping[str, Any]:
    message = _check_one(text)
    if not isinstance(message.get("items"), list):
        raise Again("the answer has no list of works")
    return message


def _check_one(text: str) -> Mapping[str, Any]:
    answer = parse_answer(text)
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict):
        raise Again("the answer has no message")
    return message


def _send_key(key: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Send a mail address, or the token of a subscriber."""
    if "@" in key:
        return {}, {"mailto": key}
    return {"Crossref-Plus-API-Token": f"Bearer {key}"}, {}


SOURCE: Source = Source(
    name="crossref",
    title=_TITLE,
    source="crossref",
    base_url="https://api.crossref.org",
    variable="PAPERSCOPE_CROSSREF_URL",
    pause=1.0,
    pause_with_key=0.35,
    search=_search,
    lookup=_lookup,
    by_title=_by_title,
    fills=("abstract", "doi", "venue", "affiliations", "countries", "references", "cited_by"),
    kinds=("doi",),
    page=_PAGE,
    batch=_BATCH,
    key_variables=("CROSSREF_MAILTO",),
    send_key=_send_key,
    get_key="your mail address, for three times the rate",
    needs_query=False,
    language="words; there are no operators",
)
