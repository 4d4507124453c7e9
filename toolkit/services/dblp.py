"""DBLP (https://dblp.org/faq/13501473.html): publications by search and by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from toolkit.errors import DataError
from toolkit.formats.records import Records
from toolkit.formats.xml.reading import read_xml
from toolkit.services.client import Service
from toolkit.services.refs import Ref
from toolkit.services.sources import (
    IDS_AGE,
    SEARCH_AGE,
    Asked,
    Page,
    Source,
    parse_answer,
    read_records,
    within,
)
from toolkit.services.statuses import Again, NotThere

_TITLE = "DBLP"
_PAGE = 500
#: DBLP gives no more hits of one search.
_MOST = 10_000
_FIRST_YEAR = 1936


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the pages of a search; years are words of the query, as on DBLP's own pages."""
    words = " ".join(filter(None, [asked.query, _years(asked)]))
    size = min(_PAGE, asked.limit)
    for start in range(0, _MOST, size):
        params = {"q": words, "format": "json", "h": str(size), "f": str(start), "c": "0"}
        hits = service.get("/search/publ/api", params, check=_check, max_age=SEARCH_AGE)
        found, total = hits.get("hit", []), int(hits["@total"])
        # Should DBLP not take the years for what they are, others are left out here.
        first, last = (str(day.year) if day else "" for day in (asked.since, asked.until))
        yield Page(within(read_records(found, origin=_TITLE), first, last), total)
        if not found or start + len(found) >= total:
            return


def _years(asked: Asked) -> str:
    """Return the years of a span, as alternatives; DBLP knows no days."""
    if not asked.since and not asked.until:
        return ""
    first = asked.since.year if asked.since else _FIRST_YEAR
    last = asked.until.year if asked.until else dt.date.today().year + 1
    return "|".join(f"year:{year}:" for year in range(first, last + 1))


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the publication of one key."""
    (ref,) = refs
    try:
        records: Records = service.get(
            f"/rec/{quote(ref.value)}.xml", {}, check=_check_one, max_age=IDS_AGE
        )
    except NotThere:
        return Page(Records("dblp", unit="record"))
    return Page(records, refs=[ref] * len(records.found))


def _check(text: str) -> Mapping[str, Any]:
    answer = parse_answer(text)
    result = answer.get("result") if isinstance(answer, dict) else None
    hits = result.get("hits") if isinstance(result, dict) else None
    if not isinstance(hits, dict) or not str(hits.get("@total")).isdigit():
        raise Again("the answer has no list of hits")
    if isinstance(hits.get("hit"), dict):
        hits["hit"] = [hits["hit"]]
    return hits


def _check_one(text: str) -> Records:
    if "<dblp" not in text or "</dblp>" not in text:
        raise Again("a web page in place of an answer" if "<html" in text.lower() else "cut off")
    try:
        return read_xml(text, origin=_TITLE)
    except DataError as error:
        raise Again(error.message) from error


SOURCE: Source = Source(
    name="dblp",
    title=_TITLE,
    source="dblp",
    base_url="https://dblp.org",
    variable="PAPERSCOPE_DBLP_URL",
    pause=1.0,
    search=_search,
    lookup=_lookup,
    fills=("doi", "venue"),
    kinds=("dblp",),
    page=_PAGE,
    most=_MOST,
    batch=1,
    language="words (beginnings of words, all of which must fit), | (or), author:… and venue:…",
)
