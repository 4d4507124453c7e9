"""What the module of a service offers to `fetch` and `enrich`: a `Source`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.errors import DataError
from toolkit.formats.json.reading import read_json
from toolkit.formats.records import Records
from toolkit.services.client import Service
from toolkit.services.refs import Ref
from toolkit.services.statuses import Again
from toolkit.services.title_matching import Sought

#: How long answers to searches and to ids are taken from the cache.
SEARCH_AGE, IDS_AGE = dt.timedelta(days=1), dt.timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A search, checked.

    Parameters
    ----------
    query : str or None
        In the service's language.
    since, until : date or None
        First and last day of publication.
    limit : int
        Most papers.
    """

    query: str | None
    since: dt.date | None
    until: dt.date | None
    limit: int


@dataclass
class Page:
    """One answer of a service.

    Parameters
    ----------
    records : Records
        As `toolkit.load` reads a saved answer.
    total : int or None
        How many papers the service has for the search.
    refs : list of Ref, optional
        Which id each record answers, where the answer tells that by its order; otherwise it is
        found by the ids of the records.
    """

    records: Records
    total: int | None = None
    refs: list[Ref] | None = None


@dataclass(frozen=True)
class Source:
    """A service that papers come from.

    Parameters
    ----------
    name : str
        As `fetch` takes it: ``"openalex"``.
    title : str
        As messages and the column `origin` call it: ``"OpenAlex"``.
    source : str
        For the column `source`, as the reader of its format has it.
    base_url, variable : str
        Its address, and the environment variable with another one.
    pause, pause_with_key : float
        Seconds between two requests.
    search : callable, optional
        ``search(service, asked)`` yields one `Page` after another, in the service's order, and
        may be left at any of them.
    lookup : callable, optional
        ``lookup(service, refs)`` returns the `Page` of at most `batch` ids of `kinds`.
    by_title : callable, optional
        ``by_title(service, sought)`` returns the `Page` of a search for one title.
    fills : tuple of str
        Columns that its records may have, for `enrich`.
    kinds : tuple of str
        The kinds of ids (`refs.KINDS`) it can look up.
    together : bool
        Whether one request may have ids of several kinds.
    page, batch : int
        Papers in one answer of a search; ids in one request.
    batches : mapping of str to int
        Ids of a kind in one request, where these are fewer: long ids make long addresses.
    most : int, optional
        Most papers that it gives of one search.
    key_lifts : bool
        Whether it gives more with a key.
    requests : callable, optional
        Returns how many requests a search takes at most; by default its pages.
    key_variables : tuple of str
        Environment variables of its key, the first of them is named in messages.
    send_key : callable, optional
        Returns the headers and the parameters of the query that carry a key; without it, the
        service takes none.
    get_key : str
        What the key is and where one gets it.
    cost : callable, optional
        Returns what so many requests cost: ``cost(requests, asked, has_key)``; `asked` is None
        for ids.
    needs_query : bool
        Whether a search needs words; a span of dates is enough otherwise.
    language : str
        What its queries look like, for the error of a bad one.
    """

    name: str
    title: str
    source: str
    base_url: str
    variable: str
    pause: float
    search: Callable[[Service, Asked], Iterator[Page]] | None = None
    lookup: Callable[[Service, Sequence[Ref]], Page] | None = None
    by_title: Callable[[Service, Sought], Page] | None = None
    fills: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    together: bool = False
    page: int = 100
    batch: int = 100
    batches: Mapping[str, int] = field(default_factory=dict)
    most: int | None = None
    key_lifts: bool = False
    requests: Callable[[Asked], int] | None = None
    pause_with_key: float | None = None
    key_variables: tuple[str, ...] = ()
    send_key: Callable[[str], tuple[Mapping[str, str], Mapping[str, str]]] | None = None
    get_key: str = ""
    cost: Callable[[int, Asked | None, bool], str] | None = None
    needs_query: bool = True
    language: str = field(default="", repr=False)


def parse_answer(text: str) -> Any:
    """Return the value of an answer in JSON.

    Raises
    ------
    Again
        It is cut off, empty, or a web page (maintenance, a sign-in of the network).
    """
    start = text.lstrip("\ufeff \r\n\t")[:200]
    if not start:
        raise Again("an empty answer")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if start.startswith("<"):
        raise Again(
            "a web page in place of an answer: maintenance, or a sign-in page of your network"
        )
    raise Again("the answer is cut off, or not JSON")


def read_records(values: Sequence[Any], *, origin: str) -> Records:
    """Return the records in the items of an answer, as `toolkit.load` reads them in a file."""
    if not values:
        return Records("jsonl", unit="record")
    try:
        return read_json(json.dumps(list(values)), origin=origin)
    except DataError as error:
        records = Records("jsonl", unit="record")
        for number, value in enumerate(values, start=1):
            records.set_aside(number, error.message, json.dumps(value)[:2000])
        return records


def within(records: Records, first: str, last: str) -> Records:
    """Return the records published from one day or year to another, those without a date too."""
    length = len(first or last)
    keep = [
        not (day := str(record.get("published") or "")[:length])
        or (first <= day and (not last or day <= last))
        for record in records.found
    ]
    found = [one for one, kept in zip(records.found, keep) if kept]
    places = [place for place, kept in zip(records.places, keep) if kept]
    return Records(records.source, records.unit, found, places, records.bad, records.clean)
