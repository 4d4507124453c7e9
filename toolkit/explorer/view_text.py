"""A view as JSON for the browser, and as the short text that restores it in a later session.

`state.CODECS` says how each field is written; `web/src/view.ts` reads and writes the same texts for
the standalone page, and cases made here hold the two together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import numpy.typing as npt

from toolkit.errors import DataError
from toolkit.explorer.state import CODECS, CODES, MODES, PARAMETERS, View, day_number

# Marks as text -----------------------------------------------------------------------------------


def marks_text(rows: Sequence[int] | None, n: int) -> str | None:
    """Return marked rows as a short text: the gaps between them, or one bit a paper if shorter."""
    if rows is None:
        return None
    gaps = bytearray()
    last = -1
    for row in sorted(rows):
        gap, last = row - last - 1, row
        while gap > 127:
            gaps.append((gap & 127) | 128)
            gap >>= 7
        gaps.append(gap)
    if len(gaps) <= (n + 7) // 8:
        return "g" + _base64(bytes(gaps))
    bits = np.zeros(n, dtype=bool)
    bits[list(rows)] = True
    return "b" + _base64(np.packbits(bits, bitorder="little").tobytes())


def parse_marks(text: str | None, n: int) -> tuple[int, ...] | None:
    """Return the rows of a text that `marks_text` made.

    Raises
    ------
    DataError
        The text cannot be read, or has rows beyond the `n` papers.
    """
    if text is None:
        return None
    if not re.fullmatch(r"[gb][\w-]*", text, re.ASCII):
        raise _wrong("marks", text, "marks as the explorer writes them")
    try:
        raw = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    except binascii.Error:
        raise _wrong("marks", text, "marks as the explorer writes them") from None
    if text[0] == "b":
        bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8), bitorder="little")
        rows = np.flatnonzero(bits)
    else:
        rows = np.array(_rows_of_gaps(raw), dtype=np.int64)
    if len(rows) and rows[-1] >= n:
        raise _wrong("marks", text, f"rows of the {n} papers; this names row {rows[-1] + 1}")
    return tuple(rows.tolist())


def _rows_of_gaps(raw: bytes) -> list[int]:
    rows, row, gap, shift = [], -1, 0, 0
    for byte in raw:
        gap |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            row += gap + 1
            rows.append(row)
            gap = shift = 0
    return rows


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _wrong(field: str, found: Any, expected: str) -> DataError:
    return DataError(
        "the view cannot be read",
        column=field,
        found=found,
        expected=expected,
        hint="Copy the text again from explorer.view, or leave the field out",
    )


# To and from the browser -------------------------------------------------------------------------


def view_to_dict(view: View, n: int) -> dict[str, Any]:
    """Return a view as JSON content, with the marks as text."""
    content: dict[str, Any] = {field.name: getattr(view, field.name) for field in fields(View)}
    content = {k: list(v) if isinstance(v, tuple) else v for k, v in content.items()}
    return content | {"marks": marks_text(view.marks, n)}


def view_from_dict(content: Mapping[str, Any], n: int) -> View:
    """Return the view that the browser sent; unknown fields are ignored."""
    known = {f.name: content[f.name] for f in fields(View) if f.name in content}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
    values["marks"] = parse_marks(content.get("marks"), n)
    return View(**values)


# As a short text ---------------------------------------------------------------------------------


def fingerprint(values: Iterable[Any]) -> str:
    """Return six hex digits that identify a collection or a set of topics."""
    return hashlib.sha256("\n".join(map(str, values)).encode()).hexdigest()[:6]


def view_text(view: View, ids: Sequence[str], topic: npt.NDArray[np.int64]) -> str:
    """Return a view as a short text, which `parse_view` reads.

    Parameters
    ----------
    view : View
        The view.
    ids : sequence of str
        The papers' ids in order. Marks are rows in this order, so the text has its fingerprint.
    topic : ndarray of int
        Each paper's topic; the text has the fingerprint of these topics.

    Returns
    -------
    str
        For example ``code=linked&since=2025-01-01``: the fields that differ from the default.
    """
    plain = View()
    out: list[tuple[str, str]] = []
    for name, codec in CODECS.items():
        value = getattr(view, name)
        if value == getattr(plain, name):
            continue
        if codec == "marks":
            texts = [str(marks_text(value, len(ids)))]
        elif codec == "paper":
            texts = [ids[value]]
        elif codec == "sort":
            texts = [("-" if view.down else "") + value]
        else:
            texts = _WRITERS.get(codec, lambda value: [str(value)])(value)
        out += [(PARAMETERS.get(name, name), text) for text in texts]
    if view.marks is not None:
        out.append(("papers", fingerprint(ids)))
    if view.topics:
        out.append(("model", fingerprint(topic.tolist())))
    return urlencode(out)


_WRITERS: dict[str, Callable[[Any], list[str]]] = {
    "numbers": lambda values: [".".join(map(str, values))],
    "words": lambda values: [" ".join(values)],
    "list": list,
    "camera": lambda camera: [",".join(f"{value:.4g}" for value in camera)],
}


def parse_view(
    text: str, ids: Sequence[str], topic: npt.NDArray[np.int64]
) -> tuple[View, list[str]]:
    """Return the view of a text, and what was left out because papers or topics differ.

    Returns
    -------
    view : View
        The view.
    dropped : list of str
        Descriptions of what could not be restored.

    Raises
    ------
    DataError
        The text is not a view; the message names the field.
    """
    if text.strip() and "=" not in text:
        raise _wrong("view", text, "a text like 'code=linked&since=2025-01-01'")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        given.setdefault(name, []).append(value)
    dropped = _drop_foreign(given, ids, topic)
    field_of = {PARAMETERS.get(name, name): name for name in CODECS}
    values: dict[str, Any] = {}
    for name, texts in given.items():
        if name not in field_of:
            raise _wrong(name, texts[-1], f"one of the fields {', '.join(sorted(field_of))}")
        codec = CODECS[field_of[name]]
        if codec == "list":
            values[name] = tuple(value for value in texts if value)
        else:
            values |= _READERS[codec](field_of[name], texts[-1])
    if "open" in values:
        values["open"] = list(ids).index(values["open"])
    if "marks" in values:
        values["marks"] = parse_marks(values["marks"], len(ids))
    return View(**values), dropped


def _drop_foreign(
    given: dict[str, list[str]], ids: Sequence[str], topic: npt.NDArray[np.int64]
) -> list[str]:
    """Take out what belongs to other papers or topics; return what was taken out, in words."""
    dropped = []
    papers, model = given.pop("papers", [""])[-1], given.pop("model", [None])[-1]
    if "marks" in given and papers != fingerprint(ids):
        del given["marks"]
        dropped.append("the marked papers, which were rows of another collection")
    if "topics" in given and model not in (None, fingerprint(topic.tolist())):
        del given["topics"]
        dropped.append("the chosen topics, which belong to another topic model")
    if "open" in given and given["open"][-1] not in set(ids):
        dropped.append(f"the open paper {given.pop('open')[-1]}, which is not in the collection")
    return dropped


def _numbers(name: str, text: str) -> dict[str, Any]:
    if not re.fullmatch(r"-?\d{1,9}(\.-?\d{1,9})*", text):
        raise _wrong(name, text, "topic numbers with dots between, like 3.17")
    return {name: tuple(int(part) for part in text.split("."))}


def _words(name: str, text: str) -> dict[str, Any]:
    names = tuple(text.split())
    if name == "code" and not set(names) <= set(CODES):
        raise _wrong("code", text, f"some of {', '.join(CODES)}")
    return {name: names}


def _day(name: str, text: str) -> dict[str, Any]:
    try:
        day_number(text)
    except ValueError:
        raise _wrong(name, text, "YYYY-MM-DD") from None
    return {name: text}


def _mode(name: str, text: str) -> dict[str, Any]:
    if text not in MODES:
        raise _wrong(name, text, " or ".join(MODES))
    return {name: text}


def _number(name: str, text: str) -> dict[str, Any]:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _wrong(name, text, "a whole number")
    return {name: int(text)}


def _camera(name: str, text: str) -> dict[str, Any]:
    try:
        x, y, zoom = (float(part) for part in text.split(","))
    except ValueError:
        raise _wrong("at", text, "three numbers: x,y,zoom") from None
    if not np.isfinite([x, y, zoom]).all() or zoom <= 0:
        raise _wrong("at", text, "three finite numbers, the zoom above 0")
    return {name: (x, y, zoom)}


_READERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "numbers": _numbers,
    "words": _words,
    "day": _day,
    "text": lambda name, text: {name: text},
    "mode": _mode,
    "number": _number,
    "marks": lambda name, text: {name: text},
    "paper": lambda name, text: {name: text},
    "camera": _camera,
    "sort": lambda name, text: {name: text.removeprefix("-"), "down": text.startswith("-")},
}
