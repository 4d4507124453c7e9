"""Reads Web of Science's tagged text (savedrecs.txt, .ciw) and that of its other databases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from toolkit.formats.kinds import kind_of
from toolkit.formats.records import Records
from toolkit.formats.tagged import values
from toolkit.formats.tagged.lines import Fields, Layout, read_tagged
from toolkit.formats.tagged.values import first_of, one_line

_LAYOUT = Layout(re.compile(r"([A-Z][A-Z0-9])(?:[ \t](.*)|)$"), first="PT", last="ER")
#: `[Oak, A.; Elm, B.] Univ Lund`; other databases than the core collection: `Oak, A.; Univ Lund`.
_AUTHORS = re.compile(r"^\s*\[[^\]]*\]\s*|^(?:[^;,]+, [^;,]+;\s*)+")
_OWN = (
    ("wos_id", "UT"), ("pmid", "PM"), ("volume", "VL"), ("issue", "IS"), ("issn", "SN"),
    ("language", "LA"), ("publisher", "PU"),
)  # fmt: skip


def read_wos(text: str, *, origin: str) -> Records:
    """Return the records of Web of Science's tagged text."""
    return read_tagged(text, _LAYOUT, _record, source="wos", origin=origin)


def _record(fields: Fields) -> dict[str, Any]:
    """Return a record for the papers table."""
    places = list(dict.fromkeys(_without_authors(_addresses(fields.get("C1", ())))))
    year = values.year_in(first_of(fields, "PY"))
    record: dict[str, Any] = {
        "title": first_of(fields, "TI", "FT"),
        "abstract": first_of(fields, "AB"),
        "authors": _authors(fields),
        "keywords": _keywords(fields, "DE", "ID"),
        # Without Keywords Plus, which Web of Science makes of the titles of references.
        "author_keywords": "; ".join(_keywords(fields, "DE")),
        "affiliations": places,
        "references": [
            one_line(line) for value in fields.get("CR", ()) for line in value.split("\n")
        ],
        "published": values.first_public(
            values.date_of(first_of(fields, "PD"), year=year),
            values.date_of(first_of(fields, "EA")),
        ),
        "venue": values.journal_name(first_of(fields, "SO", "CT", "SE")),
        "kind": kind_of(first_of(fields, "DT"))
        or kind_of(_TYPES.get(first_of(fields, "PT") or "")),
        "cited_by": values.whole_number(first_of(fields, "TC", "Z9")),
        "doi": values.doi_in([first_of(fields, "DI"), first_of(fields, "D2")]),
        "arxiv_id": values.arxiv_in([first_of(fields, "DI"), first_of(fields, "AR")]),
        "pages": values.pages_of(first_of(fields, "BP", "AR"), first_of(fields, "EP")),
    }
    return record | {name: first_of(fields, tag) for name, tag in _OWN}


_TYPES = {"J": "article", "B": "book", "S": "book", "P": "patent", "C": "proceedings"}


def _keywords(fields: Fields, *tags: str) -> list[str]:
    return values.list_of(" ".join(value.split()) for tag in tags for value in fields.get(tag, ()))


def _authors(fields: Fields) -> str | None:
    for tag in ("AF", "AU", "BF", "BA", "BE", "ED", "CA", "GP"):
        names = values.people(fields.get(tag, ()))
        if names:
            return names
    return None


def _addresses(found: Iterable[str]) -> list[str]:
    """Return the addresses, of which each may go on over several lines, and ends in a full stop."""
    addresses: list[str] = []
    ended = True
    for line in (one_line(line) for value in found for line in value.split("\n")):
        if ended or line.startswith("["):
            addresses.append(line)
        else:
            addresses[-1] += f" {line}"
        ended = line.endswith(".")
    return addresses


def _without_authors(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        bare = _AUTHORS.sub("", address).strip(" .")
        if ";" in bare:  # names that are written in other ways
            bare = bare.rpartition(";")[2].strip() or bare
        if bare:
            yield bare
