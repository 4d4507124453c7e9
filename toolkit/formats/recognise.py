"""Recognises the format of a text by its content, never by the name of the file.

A format is a row of `FORMATS`: its name, its mark, and its reader. The first whose mark is there
reads the text, so what is most certain stands first. Tables and pages are tried where none is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from toolkit.formats.arxiv_snapshot import read_snapshot_text
from toolkit.formats.atom import read_atom
from toolkit.formats.bibtex import read_bibtex
from toolkit.formats.json.reading import read_json
from toolkit.formats.markdown.exported import is_exported
from toolkit.formats.markdown.reading import is_list_of_papers, is_markdown, look, read_markdown
from toolkit.formats.nearest import no_papers
from toolkit.formats.page_elements import SIGNATURE_LINE
from toolkit.formats.page_exported import is_exported_page, read_exported_page
from toolkit.formats.page_html import read_page_html
from toolkit.formats.page_text import read_page_text
from toolkit.formats.records import Records
from toolkit.formats.tables import find_table, guess_table, read_delimited
from toolkit.formats.tagged import (
    read_medline,
    read_ovid,
    read_refer,
    read_refworks,
    read_ris,
    read_wos,
)
from toolkit.formats.xml.reading import is_xml, read_xml

_BIBTEX = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_RIS = re.compile(r"^[ \t]*(?:TY[ \t]*[-–—]|ty  -|ER  -[ \t]*$)", re.MULTILINE)
_RIS_FIELD = re.compile(r"^(?:A[UB1]|T[I12]|PY|KW|JO|DO|UR)  - \S", re.MULTILINE)
_WOS = re.compile(r"PT [A-Z]\s*$", re.MULTILINE)
_MEDLINE = re.compile(r"^(?:PMID- ?\d|OWN - [A-Z])", re.MULTILINE)
_REFWORKS = re.compile(r"^RT [A-Z].*\n(?:[A-Z][A-Z0-9] .*\n)*?T1 ", re.MULTILINE)
_OVID = re.compile(r"^<\s*\d+\s*\.?\s*>\s*$", re.MULTILINE)
_REFER = re.compile(r"^[ \t]{0,3}%(?:0|[TAJD](?= \S))", re.MULTILINE)
_TAG = re.compile(
    r"<(?:!doctype html|html|head|body|div|article|main|section|p|h[1-6]|ul|table|pre|a)\b", re.I
)
#: Pictures within the text, which may be longer than all that tells what it is.
_PICTURE = re.compile(r"data:image/[^\s\"')>]{100,}")
_SNAPSHOT_KEYS = ("versions", "update_date", "authors_parsed", "submitter", "journal-ref")


Reader = Callable[..., Records]

#: How our own tables begin; whatever is in their cells, they are no Markdown.
_OWN_TABLE = re.compile(r"paper_id(?P<delimiter>[,;\t])title(?P=delimiter)")


@dataclass(frozen=True)
class Format:
    """A format of text.

    Parameters
    ----------
    name : str
        As messages name it.
    looks_like : callable
        Given the first 20,000 characters without a byte-order mark, returns whether it is this.
    read : callable
        Given the whole text and ``origin=``, returns its `Records`.
    """

    name: str
    looks_like: Callable[[str], bool]
    read: Reader


def reader_of(text: str, *, origin: str, columns: Mapping[str, str] | None) -> Reader:
    """Return the function that reads a text, given the text and ``origin=``."""
    start = text[:20_000].lstrip("\ufeff \t\n")
    if "data:image/" in start:
        start = _PICTURE.sub("", text[:500_000].lstrip("\ufeff \t\n"))[:20_000]
    for one in FORMATS:
        if one.looks_like(start):
            return one.read
    if _is_json(start):
        return partial(read_json, columns=columns)
    if is_exported_page(start):
        return read_exported_page
    if start.startswith("<") and not (start.startswith("<a ") or is_markdown(start)):
        return read_page_html
    if start.startswith("@") and _is_bibtex(start):
        return read_bibtex
    if own := _OWN_TABLE.match(start):
        return partial(read_delimited, delimiter=own["delimiter"], columns=columns)
    markdown = is_markdown(start)
    if is_exported(text) or (markdown and is_list_of_papers(look(text))):
        return read_markdown
    delimiter = find_table(text, origin=origin, columns=columns)
    if delimiter is None and not markdown and _is_bibtex(start):
        return read_bibtex
    if delimiter is None and not markdown and len(_TAG.findall(start)) >= 3:
        return read_page_html
    if markdown and (delimiter in (None, "|") or "](http" in start) and not columns:
        return read_page_text if SIGNATURE_LINE.search(start) else _refuse
    if delimiter is None:
        delimiter = guess_table(text)
    if delimiter is not None:
        return partial(read_delimited, delimiter=delimiter, columns=columns)
    return read_page_text


def has_mark(head: bytes) -> bool:
    """Return whether the first bytes of a file are of a format that no table has the marks of."""
    start = head[:20_000].decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\ufeff \t\n")
    return is_markdown(start) or any(one.looks_like(start) for one in FORMATS)


def _refuse(text: str, *, origin: str) -> Records:
    raise no_papers(text, origin=origin)


def _is_json(start: str) -> bool:
    # Not `[paper] Title`, nor the sections of a settings file.
    return start.startswith(("{", "[")) and not re.match(
        r"\[[^\]\"{}]*\]\s*[A-Z]|\[\[?[A-Za-z][\w .-]*\]\]?[ \t]*\n", start
    )


def _is_atom(start: str) -> bool:
    return (
        start.startswith("<")
        and re.search(r"<feed\b[^>]*2005/Atom|<entry\b", start) is not None
        and "<html" not in start[:500]
    )


def _is_ris(start: str) -> bool:
    # Without the line of its type, a record of several fields is one all the same.
    return _RIS.search(start) is not None or len(_RIS_FIELD.findall(start)) >= 3


def _is_bibtex(start: str) -> bool:
    return _BIBTEX.search(start) is not None and (
        start.startswith(("@", "%")) or _BIBTEX.match(_from_first_entry(start)) is not None
    )


def is_snapshot(start: str | bytes) -> bool:
    """Return whether JSON Lines are those of the arXiv metadata snapshot."""
    line = start.split(b"\n", 1)[0] if isinstance(start, bytes) else start.split("\n", 1)[0]
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return False
    if not isinstance(record, dict) or "id" not in record:
        return False
    return sum(key in record for key in _SNAPSHOT_KEYS) >= 2


def _from_first_entry(start: str) -> str:
    """Return the text from its first entry on; some reference managers write words above it."""
    at = _BIBTEX.search(start)
    return start[at.start() :] if at and at.start() < 2000 else ""


#: Formats with a mark of their own, the most certain first.
FORMATS: tuple[Format, ...] = (
    Format(
        "the arXiv snapshot",
        lambda start: _is_json(start) and is_snapshot(start),
        read_snapshot_text,
    ),
    Format("Atom of arXiv", _is_atom, read_atom),
    Format("XML", is_xml, read_xml),
    Format("MEDLINE", lambda start: _MEDLINE.search(start[:2000]) is not None, read_medline),
    Format("Ovid", lambda start: _OVID.match(start) is not None, read_ovid),
    Format("RIS", _is_ris, read_ris),
    Format(
        "Web of Science",
        lambda start: start.startswith(("FN ", "VR ")) or _WOS.match(start) is not None,
        read_wos,
    ),
    Format("RefWorks", lambda start: _REFWORKS.search(start) is not None, read_refworks),
    Format("Refer", lambda start: _REFER.match(start) is not None, read_refer),
)
