"""Reads PubMed's MEDLINE format (.nbib, .txt)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from toolkit.errors import warn_user
from toolkit.formats.fields import NO_TITLE
from toolkit.formats.kinds import kind_of
from toolkit.formats.records import Records
from toolkit.formats.tagged import values
from toolkit.formats.tagged.lines import Fields, Layout, read_tagged
from toolkit.formats.tagged.values import first_of, one_line

# Tags of two to four letters, filled up to four; lines that go on are indented.
_FIELD = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-[ \t]?(.*)$", re.MULTILINE)
_OWN = (
    ("pmid", "PMID"), ("pmcid", "PMC"), ("volume", "VI"), ("issue", "IP"), ("pages", "PG"),
    ("language", "LA"), ("publisher", "PB"),
)  # fmt: skip


def read_medline(text: str, *, origin: str) -> Records:
    """Return the records of PubMed's MEDLINE format, which ERIC writes too."""
    first = _FIELD.search(text)
    _warn_if_cut(text, origin)
    layout = Layout(_FIELD, first=first[1] if first and "\nPMID-" not in text else "PMID")
    return read_tagged(text, layout, _record, source="pubmed", origin=origin)


def _warn_if_cut(text: str, origin: str) -> None:
    """Warn where the last record lacks the field SO, with which PubMed ends all the others."""
    last = max(text.rfind("\nPMID-"), 0)
    before, end = text[:last], text[last:]
    n = len(re.findall(r"^PMID-", before, re.MULTILINE))
    if n and len(re.findall(r"^SO  - ", before, re.MULTILINE)) == n and "\nSO  - " not in end:
        line = text.rstrip().count("\n") + 1
        warn_user(
            f"{origin}, line {line}: the last record ends without the field SO, which all others "
            "have: the file may be cut off. Compare the number of records, or download it again"
        )


def _record(fields: Fields) -> dict[str, Any]:
    """Return a record for the papers table."""
    places = list(dict.fromkeys(_affiliations(fields.get("AD", ()))))
    keywords = values.list_of([*fields.get("OT", ()), *map(_heading, fields.get("MH", ()))])
    record: dict[str, Any] = {
        "title": _title(fields),
        "abstract": first_of(fields, "AB", "OAB"),
        "authors": _authors(fields),
        "keywords": keywords,
        "affiliations": places,
        "published": _published(fields),
        "venue": first_of(fields, "JT", "BTI", "CTI", "TA"),
        "kind": kind_of([one_line(one) for one in fields.get("PT", ())]),
        "comments": first_of(fields, "GN"),
        "doi": values.doi_in(
            value.replace("[doi]", "").strip()
            for tag in ("LID", "AID", "SO") for value in fields.get(tag, ())
            if "[doi]" in value or "doi:" in value.lower()
        ),
        "issn": (first_of(fields, "IS") or "").split(" ")[0],
    }  # fmt: skip
    return record | {name: first_of(fields, tag) for name, tag in _OWN}


def _title(fields: Fields) -> str | None:
    """Return the title; that in the paper's own language where PubMed has no English one."""
    named = [values.bare_title(first_of(fields, tag)) for tag in ("TI", "BTI", "TT")]
    return next((title for title in named if title and title != NO_TITLE), None)


def _published(fields: Fields) -> str | None:
    """Return the date of the issue, or that of the article online where only the year is said.

    PubMed's counts by year go by the issue, as those of its XML do here.
    """
    issue = values.date_of(first_of(fields, "DP"))
    online = values.date_of(first_of(fields, "DEP"))
    if issue is None or (online and online[:4] == issue):
        return online or issue
    return issue


def _authors(fields: Fields) -> str:
    full, short = fields.get("FAU", ()), fields.get("AU", ())
    # Old records give full names for some of the authors only.
    names = [*(full if len(full) >= len(short) else short), *fields.get("CN", ())]
    names = names or [*fields.get("FED", ())] or [*fields.get("ED", ())]
    return values.people(names)


def _heading(heading: str) -> str:
    """Return a MeSH heading without its qualifiers: ``Trees/*growth & development``."""
    return heading.partition("/")[0]


def _affiliations(found: Iterable[str]) -> Iterable[str]:
    """Yield addresses; several of one author stand in one field between semicolons."""
    for value in found:
        for one in re.split(r";\s+(?=[A-Z0-9])", one_line(value)):
            bare = re.sub(r"\s*(?:Electronic address:\s*)?\S+@\S+", "", one).strip(" .;")
            if bare:
                yield bare
