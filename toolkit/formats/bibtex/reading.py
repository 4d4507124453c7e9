"""Reads BibTeX and biblatex: entries to records of the papers table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.errors import DataError
from toolkit.formats.bibtex.macros import MONTHS, journal_of_macro
from toolkit.formats.bibtex.names import authors_of, bare, items_of, unescaped, unprotected
from toolkit.formats.bibtex.own import exactly, is_own
from toolkit.formats.bibtex.splitting import Entry, Value, split_entries
from toolkit.formats.kinds import kind_of
from toolkit.formats.records import Records
from toolkit.formats.tagged import values
from toolkit.papers.identifiers import parse_arxiv_id

#: Entries that are settings of a program.
_NO_RECORDS = frozenset(["control", "set", "xdata", "bibdesk"])
_VENUES = (
    "journal", "journaltitle", "booktitle", "school", "institution", "eventtitle", "maintitle",
    "organization", "howpublished", "series",
)  # fmt: skip
#: Types without a journal or book: the publisher stands in its place.
_BY_PUBLISHER = frozenset(["book", "mvbook", "collection", "proceedings", "dataset", "report"])
_CITED = ("timescited", "citedby", "citations", "citationcount")
_OWN = (
    ("volume", ("volume",)), ("issue", ("number", "issue")), ("issn", ("issn",)),
    ("isbn", ("isbn",)), ("publisher", ("publisher",)), ("language", ("language", "langid")),
    ("pmid", ("pmid",)), ("pmcid", ("pmcid", "pmc")), ("wos_id", ("uniqueid",)),
    ("file", ("file",)), ("annotation", ("annotation", "annote")),
)  # fmt: skip
#: What an entry takes from the one that its `crossref` names.
_INHERITED = ("booktitle", "year", "date", "month", "publisher", "series", "volume", "journal",
              "isbn", "issn", "editor")  # fmt: skip
_SPLIT_NAME = re.compile(r"[\s_-]+")
#: The authors of an address in Web of Science's BibTeX.
_AUTHORS = re.compile(r"^.*\(Corresponding Author\)[^,]*,\s*|^(?:[^;,]+, [^;,]+;\s*)*")
_INSTITUTION = re.compile(
    r"\b(?:Univ|Inst|Coll|Hosp|Ctr|Dept|Acad|Lab|Sch|Fac|Minist|Res|Natl|Max|CN?RS|Corp|Ltd|Inc)",
)
_LINE_END = re.compile(r"\.\s*\n\s*")


def read_bibtex(text: str, *, origin: str) -> Records:
    """Return the records of a BibTeX file.

    Raises
    ------
    DataError
        There is no entry of a paper.
    """
    records = Records("bibtex")
    own = is_own(text)
    strings: dict[str, str] = {}
    entries: list[tuple[Entry, dict[str, str]]] = []
    for entry in split_entries(text.lstrip("\ufeff").replace("\r", "")):
        if entry.problem:
            if entry.kind != "string":
                records.set_aside(entry.line, entry.problem, entry.text)
        elif entry.kind == "string":
            for name, value in entry.fields.items():
                strings[name] = _text(value, strings)
        elif not entry.fields and entry.kind not in _NO_RECORDS:
            records.set_aside(entry.line, "it has no fields", f"@{entry.kind}{{{entry.key}}}")
        elif entry.kind not in _NO_RECORDS:
            fields = {
                _SPLIT_NAME.sub("", name): _text(value, strings)
                for name, value in entry.fields.items()
            }
            entries.append((entry, fields))
    parents = _inherit(entries)
    for entry, fields in entries:
        record = _record(entry.kind, entry.key, fields, own=own)
        # What others take their fields from needs no title, and is no paper without.
        if record["title"] or entry.key.lower() not in parents:
            records.add(record, entry.line)
    if not records.found and not records.bad:
        raise DataError("no BibTeX entry of a paper", source=origin, expected="@article{key, …}")
    return records


def _text(value: Value, strings: Mapping[str, str]) -> str:
    """Return the text of a value; names of strings that nobody defined stay."""
    return "".join(strings.get(part.lower(), part) if name else part for part, name in value)


def _inherit(entries: Iterable[tuple[Entry, dict[str, str]]]) -> set[str]:
    """Fill the fields that entries take from those that their `crossref` names, in place.

    Return the keys that are named.
    """
    by_key = {entry.key.lower(): fields for entry, fields in entries}
    parents: set[str] = set()
    for _, fields in entries:
        named = bare(fields.get("crossref", "") or fields.get("xdata", "")).lower()
        parent = by_key.get(named)
        if parent is None or parent is fields:
            continue
        parents.add(named)
        for name in _INHERITED:
            if name not in fields and name in parent:
                fields[name] = parent[name]
        if "booktitle" not in fields and "title" in parent:
            fields["booktitle"] = parent["title"]
    return parents


def _record(kind: str, key: str, entry: Mapping[str, str], *, own: bool) -> dict[str, Any]:
    """Return a record for the papers table."""

    def field(*names: str) -> str | None:
        return next((value for name in names if (value := bare(entry.get(name, "")))), None)

    def address(*names: str) -> str | None:
        value = field(*names)
        return unescaped(value) if value and not own else value

    note = field("note") or ""
    url = address("url", "link", "ee", "adsurl", "bdskurl1")
    places = _affiliations(field("affiliation", "affiliations", "authoraffiliation") or "")
    number = field("uniqueid") or key
    venue = field(*_VENUES) or (field("publisher") if kind in _BY_PUBLISHER else None)
    if venue and venue.startswith(("http://", "https://", "\\url")):
        venue = None
    if venue and number.upper().startswith(("WOS:", "ISI:")):
        venue = values.journal_name(venue)
    record: dict[str, Any] = {
        "title": _title(field("title"), field("subtitle")),
        "abstract": field("abstract", "abstractnote"),
        "authors": authors_of(entry.get("author", "") or entry.get("editor", "")),
        "keywords": [
            item
            for name in ("authorkeywords", "keywords", "keyword", "keywordsplus", "indexkeywords")
            for item in items_of(entry.get(name, ""))
        ],
        "affiliations": places,
        "references": _references(entry),
        "published": _published(field),
        "year": values.wrong_year(field("date", "issued"), field("year")),
        "venue": journal_of_macro(venue),
        "kind": kind_of(field("documenttype", "type")) or kind_of(kind),
        "comments": note,
        "categories": field("categories", "primaryclass"),
        "cited_by": values.whole_number(
            field("timescited", "citedby", "citations", "citationcount")
        )
        or values.citations_in([note]),
        "doi": address("doi")
        or values.doi_in([url, address("ee"), address("bdskurl1"), unescaped(note)]),
        "url": url,
        "arxiv_id": _arxiv_id(field, venue, url, note),
        "pages": re.sub(r"\s*[-–—]+\s*", "-", field("pages") or ""),
        "bibtex_key": key,
        "bibtex_type": kind,
    }
    if not record["kind"] and record["arxiv_id"]:
        record["kind"] = "preprint"
    record |= {name: field(*names) for name, names in _OWN}
    return exactly(record, field) if own else record


def _title(title: str | None, subtitle: str | None) -> str | None:
    if not title:
        return None
    whole = unprotected(f"{title}: {subtitle}" if subtitle else title)
    return whole.replace("---", "—").replace("--", "–") if "--" in whole else whole


def _published(field: Any) -> str | None:
    """Return the date of publication, as precise as the fields say."""
    written = (field("date", "issued") or "").split("/")[0].strip("~?% ")
    year = values.year_in(written) or values.year_in(field("year"))
    month = (field("month") or "").replace("~", " ").strip(" .,")
    date = values.date_of(written, year=year) if written else year
    if date is None or len(date) == 4:
        date = values.most_precise([values.date_of(field("year"), year=date)], year=date)
    if month and year and (date is None or len(date) == 4):
        date = _with_month(year, month, field("day") or "")
    return values.first_public(date, values.early_access((field("earlyaccessdate") or "").upper()))


def _with_month(year: str, month: str, day: str) -> str | None:
    """Return the date of a month as styles and people write it: ``sept``, ``8``, ``Mar-Apr``."""
    month = MONTHS.get(month.lower()[:3], month) if month.isalpha() else month
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return values.date_of(month, year=year)
    date = f"{year}-{int(month):02d}"
    return values.date_of(f"{date}-{day}") if day.isdigit() and int(day) else date


def _arxiv_id(field: Any, venue: str | None, url: str | None, note: str) -> str | None:
    eprint = field("eprint", "arxivid", "arxiv")
    where = (field("archiveprefix", "eprinttype") or "arxiv").lower()
    if eprint and where == "arxiv":
        bare_id = re.sub(r"^.*abs/|^arxiv:\s*", "", eprint, flags=re.IGNORECASE)
        found = parse_arxiv_id(bare_id) or parse_arxiv_id(eprint)
        if found:
            return found
    return values.arxiv_in([venue, field("volume"), url, field("howpublished"), note,
                            field("doi"), field("number")])  # fmt: skip


def _affiliations(text: str) -> list[str]:
    """Return addresses: between semicolons in Scopus' files, on lines of their own in others'."""
    if "(Corresponding Author)" in text or _LINE_END.search(text):
        found = [_without_authors(" ".join(one.split())) for one in _LINE_END.split(text)]
    else:
        found = [" ".join(one.split()) for one in re.split(r";|\n", text)]
    return list(dict.fromkeys(one.strip(" .") for one in found if one.strip(" .")))


def _without_authors(address: str) -> str:
    """Return an address without the names before it, which nothing but commas set apart."""
    address = _AUTHORS.sub("", address)
    parts = address.split(", ")
    at = next((at for at, part in enumerate(parts) if _INSTITUTION.search(part)), 0)
    return ", ".join(parts[at:])


def _references(entry: Mapping[str, str]) -> list[str]:
    lines = bare(entry.get("citedreferences", "")).split("\n")
    found = lines if any(lines) else bare(entry.get("references", "")).split("; ")
    return [one for line in found if (one := " ".join(line.split()).rstrip(";"))]
