"""Recognises the format of a text by its content, never by the name of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from toolkit.formats.tables import find_table, guess_table

_BIBTEX = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_RIS = re.compile(r"^TY  ?- ?\S*", re.MULTILINE)
_WOS = re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)
_TAG = re.compile(
    r"<(?:!doctype html|html|head|body|div|article|main|section|p|h[1-6]|ul|table|pre|a)\b", re.I
)
_SNAPSHOT_KEYS = ("versions", "update_date", "authors_parsed", "submitter", "journal-ref")


def recognise(text: str, *, origin: str, columns: Mapping[str, str] | None) -> str:
    """Return the name of the format of a text.

    Returns
    -------
    str
        ``snapshot``, ``json``, ``atom``, ``html``, ``bibtex``, ``ris``, ``wos``, ``page``, or
        ``table:`` and its delimiter.
    """
    start = text[:20_000].lstrip("\ufeff \t\n")
    if start.startswith(("{", "[")) and not re.match(r"\[[^\]\"{}]*\]\s*[A-Z]", start):
        return "snapshot" if is_snapshot(start) else "json"
    if start.startswith("<"):
        if re.search(r"<feed\b[^>]*2005/Atom|<entry\b", start) and "<html" not in start[:500]:
            return "atom"
        return "html"
    if _RIS.search(start[:4000]):
        return "ris"
    if start.startswith(("FN ", "VR ")) or _WOS.match(start):
        return "wos"
    delimiter = find_table(text, origin=origin, columns=columns)
    if delimiter is not None:
        return f"table:{delimiter}"
    if _BIBTEX.search(start) and (
        start.startswith(("@", "%")) or _BIBTEX.match(_from_first_entry(start))
    ):
        return "bibtex"
    if len(_TAG.findall(start)) >= 3:
        return "html"
    delimiter = guess_table(text)
    return f"table:{delimiter}" if delimiter is not None else "page"


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
