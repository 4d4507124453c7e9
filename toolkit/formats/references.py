"""BibTeX, RIS and Web of Science's tagged text, read with bibtexparser and rispy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import rispy
from tqdm.auto import tqdm

from toolkit.errors import DataError
from toolkit.formats.authors import split_authors, turn_round
from toolkit.formats.dates import iso_date
from toolkit.papers.identifiers import parse_arxiv_id

_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
_NO_PAPER = frozenset(["comment", "preamble", "string"])
_BARE_BRACE = re.compile(r"(?<!\\)[{}]")
# A macro or an accent, to which the brace that follows is an argument.
_MACRO_BEFORE = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z\s])\s*$")

Records = tuple[list[dict[str, Any]], list[int]]


def read_bibtex(text: str, *, origin: str) -> Records:
    """Read BibTeX: the records and the line each begins at.

    Raises
    ------
    DataError
        An entry that is cut off or cannot be read; it names the line.
    """
    from bibtexparser.bparser import BibTexParser

    starts = [(match.start(), match[1].lower()) for match in _ENTRY.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    # One parser for all: it builds its grammar anew each time, which takes longer than an entry.
    parser = BibTexParser(
        common_strings=True, ignore_nonstandard_types=False, interpolate_strings=True
    )
    parser.expect_multiple_parse = True
    records, lines = [], []
    line, counted = 1, 0
    blocks = list(zip(starts, ends))
    for (start, kind), end in tqdm(blocks, desc="BibTeX", disable=len(blocks) < 2000):
        line, counted = line + text.count("\n", counted, start), start
        if kind in _NO_PAPER and kind != "string":
            continue
        block = _closed_block(text[start:end], origin, line)
        entries = parser.bib_database.entries
        entries.clear()
        try:
            parser.parse(block, partial=True)
        # pyparsing and bibtexparser raise many kinds, RecursionError among them.
        except Exception as error:
            raise _bad_entry(origin, line, block, str(error)) from error
        if kind == "string":
            continue
        if len(entries) != 1:
            raise _bad_entry(origin, line, block, "no key or no fields")
        record = _from_bibtex(entries[0])
        if "title" not in record and kind in ("proceedings", "misc", "book"):
            continue
        records.append(record)
        lines.append(line)
    if not records:
        raise DataError("no BibTeX entry of a paper", source=origin, expected="@article{key, …}")
    return records, lines


def read_ris(text: str, *, origin: str) -> Records:
    """Read RIS: the records and the line each begins at."""
    if re.search(r"^TY - ", text, flags=re.M):
        # One blank before the hyphen where the standard has two.
        text = re.sub(r"^([A-Z][A-Z0-9]) -(?= |$)", r"\1  -", text, flags=re.M)
    lines = _tag_lines(text, "TY", "ER", origin)
    # Some exports lack the blank that the standard has after the hyphen.
    text = re.sub(r"^([A-Z][A-Z0-9])  -(?=\S)", r"\1  - ", text.lstrip("\ufeff"), flags=re.M)
    entries = _parsed(lambda: rispy.loads(text), origin)
    return _matched([_from_ris(entry) for entry in entries], lines, origin)


def read_wos(text: str, *, origin: str) -> Records:
    """Read Web of Science's tagged plain text: the records and the line each begins at."""
    lines = _tag_lines(text, "PT", "ER", origin)
    entries = _parsed(
        lambda: rispy.loads(text.lstrip("\ufeff"), implementation=rispy.WokParser), origin
    )
    return _matched([_from_wos(entry) for entry in entries], lines, origin)


def _closed_block(block: str, origin: str, line: int) -> str:
    """Cut an entry at its closing brace; what stands between entries is a comment."""
    end = _first_close(block)
    if end is not None:
        return block[:end] + "\n"
    if block.lstrip().split("(")[0].strip()[1:].isalpha() and ")" in block:
        return block
    raise _bad_entry(origin, line, block, "its closing brace is missing")


def _first_close(text: str) -> int | None:
    """Return where the first brace that opens is closed again; None where it is not."""
    depth = 0
    for match in _BARE_BRACE.finditer(text):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return None


def _bad_entry(origin: str, line: int, block: str, why: str) -> DataError:
    return DataError(
        f"a BibTeX entry cannot be read ({why})",
        source=origin,
        row=line,
        found=block.strip()[:70],
        expected="@article{key, title = {…}, …}",
        hint="Correct or delete this entry; the file may be cut off here",
    )


def _from_bibtex(entry: Mapping[str, str]) -> dict[str, Any]:
    def field(*names: str) -> str | None:
        bare = (_bare(entry.get(name, "")) for name in names)
        return next((value for value in bare if value), None)

    record: dict[str, Any] = {
        "abstract": field("abstract"),
        "venue": field("journal", "journaltitle", "booktitle", "school", "institution"),
        "doi": field("doi"),
        "url": field("url"),
        "comments": field("note"),
        "categories": field("primaryclass"),
        "authors": _bibtex_authors(entry.get("author", "")),
        "source": "bibtex",
        "cited_as": (entry["ENTRYTYPE"].lower(), entry["ID"]),
    }
    title = field("title")
    if title:
        subtitle = field("subtitle")
        whole = _unprotected(f"{title}: {subtitle}" if subtitle else title)
        record["title"] = whole.replace("---", "—").replace("--", "–")
    year, month = field("year") or "", field("month") or ""
    date = iso_date(field("date") or "") or iso_date(month, year=iso_date(year))
    if date:
        record["published"] = date
    eprint = field("eprint", "arxiv", "arxivid")
    if eprint and (field("archiveprefix", "eprinttype") or "arxiv").lower() == "arxiv":
        record["arxiv_id"] = parse_arxiv_id(eprint)
    elif "arxiv" in (record["venue"] or "").lower():
        record["arxiv_id"] = parse_arxiv_id((record["venue"] or "").replace("abs/", "arXiv:"))
    return {name: value for name, value in record.items() if value}


def _bibtex_authors(text: str) -> str:
    """Names that BibTeX parts by `and`; a name in braces is an institution's."""
    text = " ".join(text.split())
    if re.search(r"\sand\s", text) and _is_wrapped(text):
        text = text[1:-1].strip()
    parts: list[str] = []
    for piece in re.split(r"\s+and\s+", text):
        # An `and` inside braces belongs to the name.
        if parts and parts[-1].count("{") > parts[-1].count("}"):
            parts[-1] += f" and {piece}"
        else:
            parts.append(piece)
    names = []
    for part in parts:
        institution = part.startswith("{") and part.endswith("}")
        name = _unprotected(part)
        if name.lower() not in ("others", ""):
            names.append(name if institution else turn_round(name))
    return "; ".join(names)


def _bare(text: str) -> str:
    """Take away braces around a whole value, which some services write twice or more."""
    text = text.strip()
    while _is_wrapped(text):
        text = text[1:-1].strip()
    return text


def _is_wrapped(text: str) -> bool:
    return text.startswith("{") and _first_close(text) == len(text)


def _unprotected(text: str) -> str:
    """Take away the braces that keep capitals, and leave those that LaTeX needs."""
    dropped: set[int] = set()
    opened: list[tuple[int, bool]] = []
    for match in _BARE_BRACE.finditer(text):
        at = match.start()
        if match[0] == "{":
            empty_or_macro = text[at + 1 : at + 2] in ("\\", "}")
            argument = _MACRO_BEFORE.search(text[max(0, at - 30) : at]) is not None
            opened.append((at, empty_or_macro or argument))
        elif opened:
            start, needed = opened.pop()
            if not needed:
                dropped |= {start, at}
    return "".join(sign for at, sign in enumerate(text) if at not in dropped)


def _tag_lines(text: str, first: str, last: str, origin: str) -> list[int]:
    """Return the line each record begins at; refuse one that does not end."""
    starts: list[int] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), start=1):
        tag = line[:2]
        if tag == first and line[2:3] in (" ", ""):
            if is_open:
                break
            starts.append(number)
            is_open = True
        elif tag == last and not line[2:].strip(" -"):
            is_open = False
    if is_open:
        raise DataError(
            f"a record does not end with its {last} line",
            source=origin,
            row=starts[-1],
            expected=f"{last}  -" if first == "TY" else last,
            hint="The file may be cut off: export it again, or delete this record",
        )
    if not starts:
        raise DataError("no records", source=origin, expected=f"records that begin with {first}")
    return starts


def _parsed(parse: Any, origin: str) -> list[dict[str, Any]]:
    try:
        return list(parse())
    # rispy has no error class of its own for all it may meet.
    except Exception as error:
        raise DataError(
            f"cannot be read ({type(error).__name__}: {error})",
            source=origin,
            expected="tagged records, one field a line",
            hint="Export the file again",
        ) from error


def _matched(records: list[dict[str, Any]], lines: list[int], origin: str) -> Records:
    if len(records) != len(lines):
        raise DataError(
            "records are not told apart",
            source=origin,
            found=f"{len(lines)} beginnings, {len(records)} whole records",
            hint="Look for a line that begins with TY, PT or ER inside a record",
        )
    return records, lines


def _first(entry: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = entry.get(name)
        if isinstance(value, list):
            value = " ".join(str(item) for item in value)
        if value and str(value).strip():
            return str(value)
    return None


def _from_ris(entry: Mapping[str, Any]) -> dict[str, Any]:
    year = iso_date(_first(entry, "year") or "")
    written = [
        iso_date(_first(entry, name) or "", year=year[:4] if year else None)
        for name in ("date", "publication_year", "primary_date")
    ]
    dates = [date for date in (year, *written) if date]
    authors = entry.get("authors") or entry.get("first_authors") or []
    record = {
        "title": _first(entry, "title", "primary_title", "short_title"),
        "abstract": _first(entry, "abstract", "notes_abstract"),
        "authors": "; ".join(turn_round(str(name)) for name in authors if str(name).strip()),
        "venue": _first(
            entry, "journal_name", "secondary_title", "alternate_title3", "alternate_title2"
        ),
        "doi": _first(entry, "doi"),
        "url": (_first(entry, "urls") or "").split(" ")[0],
        # The most precise of the dates that agree with the year.
        "published": max((date for date in dates if date[:4] == dates[0][:4]), key=len, default=""),
        "source": "ris",
    }
    return {name: value for name, value in record.items() if value}


def _from_wos(entry: Mapping[str, Any]) -> dict[str, Any]:
    year = _first(entry, "publication_year", "year")
    date = iso_date(_first(entry, "publication_date") or "", year=iso_date(year or ""))
    names = entry.get("author_full_name") or entry.get("authors") or []
    record = {
        "title": _first(entry, "document_title", "title"),
        "abstract": _first(entry, "abstract"),
        "authors": split_authors("; ".join(names) if isinstance(names, list) else str(names)),
        "venue": _first(entry, "publication_name", "journal_name", "conference_title"),
        "doi": _first(entry, "doi", "digital_object_identifier_doi"),
        "published": date,
        "source": "wos",
    }
    return {name: value for name, value in record.items() if value}
