"""A search or a look-up, page by page: the limit, progress, and what stays when it breaks off."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import SourceError, warn_user
from toolkit.formats.loading import papers_of
from toolkit.formats.records import Records
from toolkit.papers.set_aside import BadRecord, SetAside
from toolkit.services.client import Service
from toolkit.services.plans import is_watched, tell
from toolkit.services.refs import KINDS, Ref, refs_of
from toolkit.services.sources import Asked, Page, Source
from toolkit.services.statuses import BadQuery

#: A bar is shown from so many requests on.
_BAR_FROM = 3
_SHOWN = 5
#: So many ids may be refused, each by itself.
_MOST_REFUSED = 5


@dataclass
class Run:
    """What came so far.

    Parameters
    ----------
    source : Source
        The service.
    origin : str
        For the column `origin`.
    found, places : list
        The records, and the number of each.
    bad : list of (int, str, str)
        Those that cannot be read: number, reason, text.
    """

    source: Source
    origin: str
    found: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    _seen: int = 0

    def add(self, records: Records, most: int | None = None) -> int:
        """Take the records of a page, at most so many; return how many."""
        found = records.found[:most]
        whole = len(found) == len(records.found)
        last = records.places[len(found) - 1] if found else 0
        self.bad += [
            (self._seen + place, reason, text)
            for place, reason, text in records.bad
            if whole or place < last
        ]
        self.found += found
        self.places += [self._seen + place for place in records.places[: len(found)]]
        self._seen += len(records.found) + len(records.bad)
        return len(found)

    def table(self) -> pd.DataFrame:
        """Return the papers so far; warn of those that cannot be read."""
        taken: list[BadRecord] = []
        records = Records(
            self.source.source,
            unit="record",
            found=self.found,
            places=self.places,
            bad=self.bad,
        )
        papers = papers_of(records, self.origin, SetAside(taken.append))
        if taken:
            shown = "; ".join(f"{one.place}: {one.reason}" for one in taken[:3])
            warn_user(
                f"{self.source.title}: {len(taken)} of {len(papers) + len(taken)} records cannot "
                f"be read and were set aside: {shown}{' …' if len(taken) > 3 else ''}"
            )
        return papers


def search(source: Source, service: Service, asked: Asked) -> pd.DataFrame:
    """Return the papers of a search, at most as many as asked for."""
    assert source.search is not None
    run = Run(source, _origin(source, asked))
    ends = source.most if source.most and not (source.key_lifts and service.has_key) else None
    pages = math.ceil(min(asked.limit, ends or asked.limit) / source.page)
    requests = source.requests(asked) if source.requests else pages
    tell(source, service, asked, requests)
    total: int | None = None
    most = None if asked.limit == sys.maxsize else asked.limit
    with _keeping(run), _bar(run, most, requests >= _BAR_FROM) as bar:
        for page in source.search(service, asked):
            total = page.total if total is None else total
            if total is not None:
                bar.total = min(total, asked.limit)
            bar.update(run.add(page.records, asked.limit - len(run.found)))
            if len(run.found) >= asked.limit:
                break
    if ends and len(run.found) >= ends and asked.limit > ends:
        more = " without a key" if source.key_lifts else ""
        warn_user(
            f"{source.title} gives at most {ends:,} papers of one search{more}: fetch the rest in "
            "parts, with since and until or narrower queries"
        )
    if total is not None and total > len(run.found) >= asked.limit:
        tqdm.write(
            f"{source.title}: the first {len(run.found):,} of {total:,} papers "
            f"(limit={asked.limit})",
            file=sys.stderr,
        )
    return run.table()


def look_up(source: Source, service: Service, refs: Sequence[Ref]) -> pd.DataFrame:
    """Return the papers of ids, in their order; ids that are not found are told of."""
    assert source.lookup is not None
    run, parts = Run(source, f"{source.title}: by id"), batches(source, refs)
    tell(source, service, None, len(parts))
    answers: dict[Ref, dict[str, Any]] = {}
    asked: list[Ref] = []
    refused: dict[Ref, str] = {}
    with _keeping(run), _bar(run, sum(map(len, parts)), len(parts) >= _BAR_FROM) as bar:
        for part in parts:
            for some, page in pages_of(source, service, part, refused):
                run.add(page.records)
                answers |= matched(some, page)
            asked += part
            bar.update(len(part))
    number = {id(record): place for record, place in zip(run.found, run.places)}
    found: dict[object, dict[str, Any]] = {}
    for ref in refs:
        if ref in answers:  # two ids may lead to one paper
            found.setdefault(frozenset(refs_of(answers[ref])) or ref, answers[ref])
    run.found = list(found.values())
    run.places = [number[id(record)] for record in run.found]
    missing = [ref for ref in asked if ref not in answers and ref not in refused]
    _tell_missing(source, refs, missing, refused)
    return run.table()


def pages_of(
    source: Source, service: Service, refs: list[Ref], refused: dict[Ref, str]
) -> Iterator[tuple[list[Ref], Page]]:
    """Yield the answers to ids; one that the service does not understand costs no other.

    A batch that is refused is asked in halves; `refused` takes single ids, and what is said. Where
    one after another is refused, something else is wrong, and a SourceError says so.
    """
    assert source.lookup is not None
    try:
        page = source.lookup(service, refs)
    except BadQuery as error:
        if len(refs) == 1:
            refused[refs[0]] = error.message
            if len(refused) > _MOST_REFUSED:
                raise SourceError(
                    f"{source.title} refuses one id after another, the last {refs[0]}: {error}"
                ) from error
            return
        half = len(refs) // 2
        yield from pages_of(source, service, refs[:half], refused)
        yield from pages_of(source, service, refs[half:], refused)
        return
    yield refs, page


def matched(refs: Sequence[Ref], page: Page) -> dict[Ref, dict[str, Any]]:
    """Return the record that answers each id; ids without one are left out."""
    if page.refs is not None:
        return dict(zip(page.refs, page.records.found))
    wanted = set(refs)
    found: dict[Ref, dict[str, Any]] = {}
    for record in page.records.found:
        for ref in refs_of(record) & wanted:
            found.setdefault(ref, record)
    return found


def batches(source: Source, refs: Sequence[Ref]) -> list[list[Ref]]:
    """Return the ids that a service can look up, in batches of one request each."""
    groups: dict[str, list[Ref]] = defaultdict(list)
    for ref in refs:
        if ref.kind in source.kinds:
            groups["" if source.together else ref.kind].append(ref)
    parts = []
    for kind, group in groups.items():
        size = source.batches.get(kind, source.batch)
        parts += [group[start : start + size] for start in range(0, len(group), size)]
    return parts


@contextmanager
def _keeping(run: Run) -> Iterator[None]:
    """Give the papers so far to an error; Ctrl-C ends the work with a warning."""
    try:
        yield
    except SourceError as error:
        error.partial = run.table()
        raise
    except KeyboardInterrupt:
        warn_user(
            f"{run.source.title}: interrupted after {len(run.found):,} papers, which are returned; "
            "the same call goes on from there"
        )


def _tell_missing(
    source: Source, refs: Sequence[Ref], missing: Sequence[Ref], refused: Mapping[Ref, str]
) -> None:
    """Warn of the ids that were not found, and of those of kinds that the service lacks."""
    other = [ref for ref in refs if ref.kind not in source.kinds]
    said = []
    if missing:
        shown = ", ".join(map(str, missing[:_SHOWN])) + (" …" if len(missing) > _SHOWN else "")
        said.append(f"does not know {len(missing)} of {len(refs)} ids: {shown}")
    if refused:
        first, words = next(iter(refused.items()))
        said.append(f"refuses {len(refused)} of {len(refs)} ids, the first {first}: {words}")
    if other:
        kinds = " and ".join(dict.fromkeys(KINDS[ref.kind] for ref in other))
        takes = " and ".join(dict.fromkeys(KINDS[kind] for kind in source.kinds))
        shown = ", ".join(map(str, other[:_SHOWN])) + (" …" if len(other) > _SHOWN else "")
        said.append(f"cannot look up {kinds} ({shown}; it takes {takes})")
    if said:
        warn_user(f"{source.title} {'; it '.join(said)}")


def _origin(source: Source, asked: Asked) -> str:
    """Return what the column `origin` says: the service and the query; `;` joins origins."""
    words = " ".join((asked.query or "").replace(";", ",").split())
    span = f" ({asked.since or '…'} to {asked.until or '…'})" if asked.since or asked.until else ""
    return f"{source.title}: {words}{span}" if words else f"{source.title}{span}"


def _bar(run: Run, total: int | None, shown: bool) -> tqdm[Any]:
    off = not (shown and is_watched())
    return tqdm(total=total, desc=run.source.title, unit="paper", disable=off, delay=0.2)
