"""One call of `write_zotero`: reads what is there, sends what differs, tells what became of it."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import SourceError
from toolkit.formats.json.zotero import OWN_NOTE, is_own_note, paths_of
from toolkit.papers.columns import text_of
from toolkit.services.client import Service
from toolkit.services.connections import Answer
from toolkit.services.sources import parse_answer
from toolkit.services.statuses import Again
from toolkit.services.zotero import (
    BATCH,
    VERSION,
    Library,
    all_pages,
    collections_of,
    find_collection,
    items_of,
    version_of,
)
from toolkit.services.zotero_changes import Change, Step, Wanted, plan_of

#: So often an item is read again that changed before it was written.
_ROUNDS = 4
_COLUMNS = ("paper_id", "zotero_key", "title", "action", "value", "before", "state", "why")
_KEY = re.compile("[A-Z0-9]{8}")
_NONE = Change("none", "")
_CHANGED = "it changed in Zotero in between, and was read again"


@dataclass(eq=False)
class _Paper:
    """A paper that is to be written, and what was done of it."""

    facts: dict[str, Any]
    key: str
    wanted: Wanted
    why: str | None = None
    steps: list[Step] = field(default_factory=list)
    unsure: list[Change] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, changes: Sequence[Change], state: str, why: str | None = None) -> None:
        """Add a row for each change."""
        for one in changes:
            self.rows.append({**self.facts, **one._asdict(), "state": state, "why": why})


class Run:
    """One call: the papers, what the library holds of them, and the table of what was done."""

    def __init__(self, service: Service, library: Library, dry_run: bool) -> None:
        self._service, self._library, self._dry_run = service, library, dry_run
        self._papers: list[_Paper] = []
        self._rows: list[dict[str, Any]] = []
        self._items: dict[str, Any] = {}
        self._notes: dict[str, list[Any]] = {}
        self._collection: str | None = None
        self._name = ""

    def table(self) -> pd.DataFrame:
        """Return the rows so far, in the order of the papers."""
        rows = [*self._rows, *(row for paper in self._papers for row in paper.rows)]
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype("string")

    def add_papers(self, papers: pd.DataFrame, wanted: Sequence[Wanted]) -> None:
        """Take the papers; those that cannot be of the library get their row."""
        seen: set[str] = set()
        libraries = text_of(papers, "zotero_library").tolist()
        rows = zip(papers["paper_id"], papers["title"], text_of(papers, "zotero_key"), libraries)
        for (paper_id, title, key, library), one in zip(rows, wanted):
            facts = {"paper_id": paper_id, "zotero_key": key, "title": title}
            paper = _Paper(facts, "" if pd.isna(key) else str(key), one)
            self._papers.append(paper)
            if not _KEY.fullmatch(paper.key):
                why = "without the key of an item (zotero_key): import it into Zotero first"
            elif not pd.isna(library) and library != self._library.path:
                why = f"an item of {library}, not of {self._library.path}"
            elif paper.key in seen:
                why = "its item stands in the table twice"
            else:
                seen.add(paper.key)
                continue
            paper.tell([_NONE], "skipped", why)
            paper.key = ""

    def work(self, collection: str | None, *, with_notes: bool) -> None:
        """Read the library, and write what is wanted, or plan it."""
        version = version_of(self._service, self._library)
        if collection is not None:
            self._find_collection(collection, version)
        todo = [paper for paper in self._papers if paper.key]
        for _ in range(_ROUNDS):
            if with_notes:
                self._read_notes()
            again: list[_Paper] = []
            starts = range(0, len(todo), BATCH)
            # Two requests a batch; a bar is shown where they take a while.
            for start in tqdm(
                starts, desc="Zotero", unit="batch", disable=len(starts) < 3, delay=1
            ):
                batch = todo[start : start + BATCH]
                self._read_items([paper.key for paper in batch])
                steps = [(paper, step) for paper in batch for step in self._plan(paper)]
                for at in range(0, len(steps), BATCH):
                    again += self._send(steps[at : at + BATCH])
            todo = list(dict.fromkeys(again))
            if not todo:
                return
        for paper in todo:
            paper.tell([_NONE], "failed", f"it changed in Zotero {_ROUNDS} times in between")

    def _plan(self, paper: _Paper) -> list[Step]:
        """Return the steps of a paper; those that need none, or cannot be taken, get rows."""
        item = self._items.get(paper.key)
        if item is None or item.get("deleted"):
            where = f"in the trash of {self._library.path}" if item else (
                f"no item of {self._library.path}: deleted, or not synchronised")  # fmt: skip
            paper.tell([_NONE], "skipped", where)
            return []
        notes = self._notes.get(paper.key, [])
        plan = plan_of(item, notes, paper.wanted, self._collection, self._name)
        planned = [change for step in plan.steps for change in step.changes]
        paper.tell([one for one in paper.unsure if one not in planned], "written", paper.why)
        paper.unsure = []
        if plan.kept and not any(row["why"] == plan.kept for row in paper.rows):
            paper.tell([_NONE], "skipped", plan.kept)
        if self._dry_run:
            paper.tell(planned, "planned")
            return []
        return plan.steps

    def _send(self, steps: Sequence[tuple[_Paper, Step]]) -> list[_Paper]:
        """Write objects; return the papers that must be read again."""
        body = json.dumps([step.sent for _, step in steps], ensure_ascii=False)
        token = secrets.token_hex(16)
        report = self._service.ask(
            f"/{self._library.path}/items",
            VERSION,
            body=body,
            headers={"Zotero-Write-Token": token},
            taken=(200, 409, 412),
            check=_report,
        )
        again = []
        for at, (paper, step) in enumerate(steps):
            if report is None:
                # The same token again: an earlier try arrived, and its answer was lost.
                paper.unsure += step.changes
                again.append(paper)
                continue
            failure = report.get("failed", {}).get(str(at))
            if failure is None:
                paper.tell(step.changes, "written", paper.why)
            elif failure.get("code") in (404, 412):
                paper.why = _CHANGED
                again.append(paper)
            else:
                words = html.unescape(" ".join(str(failure.get("message")).split()))[:300]
                why = f"Zotero refused it (code {failure.get('code')}): {words}"
                paper.tell(step.changes, "failed", why)
        return again

    def _read_items(self, keys: Sequence[str]) -> None:
        found = items_of(self._service, self._library, keys)
        self._items.update({key: found.get(key) for key in keys})

    def _read_notes(self) -> None:
        self._notes = {}
        params = {"itemType": "note", "tag": OWN_NOTE}
        for page in all_pages(self._service, f"/{self._library.path}/items", params):
            for one in page:
                if is_own_note(one["data"]):
                    self._notes.setdefault(str(one["data"].get("parentItem")), []).append(
                        one["data"]
                    )

    def _find_collection(self, name: str, version: int) -> None:
        """Find the collection, or make it."""
        for _ in range(_ROUNDS):
            collections = collections_of(self._service, self._library)
            self._collection = find_collection(collections, name)
            if self._collection is not None:
                paths = paths_of(collections)
                self._name = next(
                    path for (_, key), path in paths.items() if key == self._collection
                )
                return
            row = dict.fromkeys(_COLUMNS) | {"action": "make collection", "value": name}
            if self._dry_run:
                self._rows.append({**row, "state": "planned"})
                self._collection, self._name = "", name
                return
            # With the version of the library, two calls at once make one collection.
            report = self._service.ask(
                f"/{self._library.path}/collections",
                VERSION,
                body=json.dumps([{"name": name, "parentCollection": False}], ensure_ascii=False),
                headers={"If-Unmodified-Since-Version": str(version)},
                taken=(200, 409, 412),
                check=_report,
            )
            if report is None:
                version = version_of(self._service, self._library)
                continue
            if failure := report.get("failed", {}).get("0"):
                raise SourceError(f"Zotero did not make the collection: {failure.get('message')}")
            self._rows.append({**row, "state": "written"})
        raise SourceError(f"Zotero has no collection {name!r}: the library changes all the time")


def _report(answer: Answer) -> dict[str, Any] | None:
    """Return what became of each object; None where the library or the token is no longer so."""
    if answer.status == 412:
        return None
    if answer.status == 409:
        raise Again("the library is locked")
    found = parse_answer(answer.text)
    if not isinstance(found, dict) or not isinstance(found.get("failed", {}), dict):
        raise Again("the answer does not tell what was written")
    return found
