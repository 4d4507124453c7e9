"""Ask services for what is new; a service that fails does not stop the others."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError, SourceError
from toolkit.services.fetching import fetch
from toolkit.updates.files import Seen, read_new
from toolkit.updates.following import Query, day_of

_SHORTEST_KEY = 6
#: An overlap of more days than this is the whole past.
_MOST_DAYS = 100_000


@dataclass(frozen=True)
class Answer:
    """What a service answered to a query.

    `papers` is None where nothing came; `failed` says why it is not complete, and is empty where
    the query need not be asked again for these days. `seen` are the files that need not be read
    again.
    """

    query: Query
    since: dt.date
    papers: pd.DataFrame | None
    failed: str = ""
    seen: tuple[Seen, ...] = ()

    def answered(self, query: Query, today: str) -> Query:
        """Return the query as it is remembered."""
        return replace(query, seen=self.seen, until=query.until if self.failed else today)


def read_files(query: Query, place: Path) -> Answer:
    """Return the papers of followed files that are new or changed."""
    since = day_of(query.since)
    try:
        return Answer(query, since, *read_new(query.query or "", place, query.seen))
    except DataError as error:
        return Answer(query, since, None, str(error), query.seen)


def ask(query: Query, *, today: dt.date, overlap: int, keys: Mapping[str, str]) -> Answer:
    """Return the papers of a query that are new, as far as the service gives them."""
    key, since = keys.get(query.service), first_day(query, overlap=overlap)
    papers: pd.DataFrame | None
    with _interrupts() as interrupted:
        try:
            papers = _fetch(query, since, today, key)
        except (SourceError, DataError) as error:
            part = getattr(error, "partial", None)
            papers, failed = part if isinstance(part, pd.DataFrame) else None, str(error)
        else:
            failed = ""
    if interrupted:
        raise KeyboardInterrupt
    if papers is not None:
        origin = query.name.replace(";", ",")
        papers = papers.assign(origin=pd.Series(origin, index=papers.index, dtype="string"))
    if not failed and papers is not None and len(papers) >= query.limit:
        failed = (
            f"there are more than {query.limit:,} papers since {since}: narrow the query, or "
            "follow it with a larger limit"
        )
    return Answer(query, since, papers, _without(failed, keys))


def first_day(query: Query, *, overlap: int) -> dt.date:
    """Return the day from which a query is asked: some days before it was last answered."""
    since = day_of(query.since)
    if query.until is None:
        return since
    return max(since, day_of(query.until) - dt.timedelta(days=min(overlap, _MOST_DAYS)))


def _fetch(query: Query, since: dt.date, until: dt.date, key: str | None) -> pd.DataFrame:
    first: dt.date | None = since
    last: dt.date | None = until
    if query.is_whole:
        # New in a library is what was put into it, of whatever date.
        first = last = None
    return fetch(query.service, query.query, since=first, until=last, limit=query.limit, key=key)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note Ctrl-C: `fetch` returns what it has then, which is not all."""
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    usual: Any = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: Any) -> None:
        seen.append(number)
        if callable(usual):
            usual(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, usual)


def _without(text: str, keys: Mapping[str, str]) -> str:
    for key in keys.values():
        # A shorter word is no key, and may be a part of any text.
        text = text.replace(key, "[key]") if len(key) >= _SHORTEST_KEY else text
    return text
