"""What is filtered, marked, opened and looked at, apart from any widget: pure and tested alone.

The same rules stand in `js/linking.js` and `js/view.js`, so that brushing needs no kernel; a test
in a real browser holds the two together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import numpy.typing as npt

from toolkit.errors import DataError

Mask = npt.NDArray[np.bool_]

CODES = ("linked", "claimed", "promised", "none")
MODES = ("words", "meaning")
#: How a missing date or number is written in integer columns.
MISSING = -(2**31)


@dataclass(frozen=True)
class View:
    """A state of the explorer: filters, marks, and how it is looked at.

    Parameters
    ----------
    topics, code, kinds, hosts : tuple
        Chosen topics, code statuses, kinds and hosts of links; empty means all.
    since, until : str, optional
        First and last day, ``YYYY-MM-DD``.
    words : str
        What to search for.
    mode : {"words", "meaning"}
        Papers that hold the words, or the papers nearest in meaning.
    upvotes : int, optional
        At least so many.
    marks : tuple of int, optional
        Rows that were lassoed, boxed or ticked; None where nothing was.
    open : int, optional
        Row of the paper in the reading pane.
    camera : tuple of float
        Middle of the map (−1 to 1 each way) and zoom.
    colour, sort : str
        What the map is coloured by, and the column that sorts the table.
    down : bool
        Whether the table is sorted from large to small.
    """

    topics: tuple[int, ...] = ()
    code: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    words: str = ""
    mode: str = "words"
    upvotes: int | None = None
    marks: tuple[int, ...] | None = None
    open: int | None = None
    camera: tuple[float, float, float] = (0.0, 0.0, 1.0)
    colour: str = "topic"
    sort: str = ""
    down: bool = False

    def without_filters(self) -> View:
        """Return the view with everything that narrows the papers taken away."""
        plain = View()
        return replace(self, **{name: getattr(plain, name) for name in FILTERING})


#: Fields of a View that narrow the papers.
FILTERING = (
    *("topics", "code", "kinds", "hosts", "since", "until"),
    *("words", "mode", "upvotes", "marks"),
)


@dataclass(frozen=True)
class Facets:
    """What the filters look at, one row a paper.

    Parameters
    ----------
    topic, date, upvotes : ndarray of int
        Shape (n,); dates in days since 1970, `MISSING` where unknown.
    code : ndarray of str
        Shape (n,), one of `CODES`.
    kinds, hosts : sequence of frozenset of str
        Kinds and hosts of each paper's links, length n.
    """

    topic: npt.NDArray[np.int64]
    code: npt.NDArray[np.str_]
    kinds: Sequence[frozenset[str]]
    hosts: Sequence[frozenset[str]]
    date: npt.NDArray[np.int64]
    upvotes: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.intp]) -> Facets:
        """Return the facets of some rows."""
        return Facets(
            self.topic[rows],
            self.code[rows],
            [self.kinds[row] for row in rows],
            [self.hosts[row] for row in rows],
            self.date[rows],
            self.upvotes[rows],
        )


def passing(view: View, facets: Facets, *, found: Mask | None = None) -> Mask:
    """Tell which papers pass all filters of a view.

    Parameters
    ----------
    view : View
        The filters.
    facets : Facets
        What they look at.
    found : ndarray of bool, optional
        Shape (n,): which papers the search found. Needed only where ``view.words`` is not blank.

    Returns
    -------
    ndarray of bool
        Shape (n,).
    """
    n = len(facets.topic)
    mask = np.ones(n, dtype=bool)
    if view.topics:
        mask &= np.isin(facets.topic, view.topics)
    if view.code:
        mask &= np.isin(facets.code, view.code)
    for wanted, have in ((view.kinds, facets.kinds), (view.hosts, facets.hosts)):
        if wanted:
            chosen = frozenset(wanted)
            mask &= np.fromiter((not chosen.isdisjoint(some) for some in have), bool, n)
    if view.since or view.until:
        since = day_number(view.since) if view.since else MISSING + 1
        mask &= facets.date >= since
        if view.until:
            mask &= facets.date <= day_number(view.until)
    if view.upvotes is not None:
        mask &= (facets.upvotes != MISSING) & (facets.upvotes >= view.upvotes)
    if view.words.strip() and found is not None:
        mask &= found
    if view.marks is not None:
        marked = np.zeros(n, dtype=bool)
        marked[list(view.marks)] = True
        mask &= marked
    return mask


def day_number(text: str) -> int:
    """Return the days from 1970-01-01 to a date written ``YYYY-MM-DD``."""
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


# Searching ---------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Fold case and accents, so that ``Schrodinger`` finds ``Schrödinger``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


def query_parts(query: str) -> list[tuple[str, bool]]:
    """Split a query into words and ``"phrases"``; False stands with those a minus excludes.

    Examples
    --------
    >>> query_parts('"Graph of" image -video')
    [('graph of', True), ('image', True), ('video', False)]
    """
    parts = []
    for minus, phrase, word in re.findall(r'(-?)(?:"([^"]*)"|(\S+))', query):
        text = fold(phrase or word).strip()
        if text:
            parts.append((text, not minus))
    return parts


def search_words(folded: Iterable[str], query: str) -> Mask:
    """Tell which folded texts hold every word and phrase of a query."""
    parts = query_parts(query)
    return np.fromiter((all((w in text) == want for w, want in parts) for text in folded), bool)


# Marks as text -----------------------------------------------------------------------------------


def marks_text(rows: Sequence[int] | None, n: int) -> str | None:
    """Write marked rows as a short text: gaps between them, or one bit a paper if shorter."""
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
    """Read what `marks_text` wrote.

    Raises
    ------
    DataError
        Where the text is none, or names rows beyond the `n` papers.
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
        rows = np.array(_ungap(raw), dtype=np.int64)
    if len(rows) and rows[-1] >= n:
        raise _wrong("marks", text, f"rows of the {n} papers; this names row {rows[-1] + 1}")
    return tuple(rows.tolist())


def _ungap(raw: bytes) -> list[int]:
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
        mend="Copy the text again from explorer.view, or leave the field out",
    )


# To and from the browser -------------------------------------------------------------------------


def to_wire(view: View, n: int) -> dict[str, Any]:
    """Return a view as plain JSON, the marks as text."""
    wire: dict[str, Any] = {field.name: getattr(view, field.name) for field in fields(View)}
    wire = {k: list(v) if isinstance(v, tuple) else v for k, v in wire.items()}
    return wire | {"marks": marks_text(view.marks, n)}


def from_wire(wire: Mapping[str, Any], n: int) -> View:
    """Read what the browser sent; what is not a field of a view is left aside."""
    known = {f.name: wire[f.name] for f in fields(View) if f.name in wire}
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
    return View(**values | {"marks": parse_marks(wire.get("marks"), n)})


# As a short text ---------------------------------------------------------------------------------


def fingerprint(values: Iterable[Any]) -> str:
    """Return six hex digits that tell one collection, or one set of topics, from another."""
    return hashlib.sha256("\n".join(map(str, values)).encode()).hexdigest()[:6]


def view_text(view: View, ids: Sequence[str], topic: npt.NDArray[np.int64]) -> str:
    """Write a view as a short text that `parse_view` reads.

    Parameters
    ----------
    view : View
        The state.
    ids : sequence of str
        The papers' ids in their order; marks hold for this order alone, so it is fingerprinted.
    topic : ndarray of int
        Each paper's topic; chosen topics hold for these alone.

    Returns
    -------
    str
        For example ``code=linked&since=2025-01-01``; only what differs from the plain view.
    """
    plain = View()
    out: dict[str, str] = {}
    if view.topics:
        out["topics"] = ".".join(map(str, view.topics))
    for name in ("code", "kinds", "hosts"):
        if getattr(view, name):
            out[name] = " ".join(getattr(view, name))
    for name in ("since", "until", "words", "upvotes"):
        if getattr(view, name) not in (None, ""):
            out[name] = str(getattr(view, name))
    if view.mode != plain.mode:
        out["mode"] = view.mode
    marks = marks_text(view.marks, len(ids))
    if marks is not None:
        out["marks"] = marks
    if view.open is not None:
        out["open"] = ids[view.open]
    if view.camera != plain.camera:
        out["at"] = ",".join(f"{value:.4g}" for value in view.camera)
    if view.colour != plain.colour:
        out["colour"] = view.colour
    if view.sort:
        out["sort"] = ("-" if view.down else "") + view.sort
    if marks is not None:
        out["papers"] = fingerprint(ids)
    if view.topics:
        out["model"] = fingerprint(topic.tolist())
    return urlencode(out)


def parse_view(
    text: str, ids: Sequence[str], topic: npt.NDArray[np.int64]
) -> tuple[View, list[str]]:
    """Read a view; what belongs to other papers or other topics is left out and named.

    Returns
    -------
    view : View
        The state.
    dropped : list of str
        What could not be restored, in words.

    Raises
    ------
    DataError
        Where the text is no view: which field, what was found, what was expected.
    """
    given = dict(parse_qsl(text, keep_blank_values=True, errors="replace"))
    if text.strip() and not given:
        raise _wrong("view", text, "a text like 'code=linked&since=2025-01-01'")
    dropped: list[str] = []
    if "marks" in given and given.pop("papers", None) != fingerprint(ids):
        del given["marks"]
        dropped.append("the marked papers, which were rows of another collection")
    if "topics" in given and given.pop("model", fingerprint(topic.tolist())) != fingerprint(
        topic.tolist()
    ):
        del given["topics"]
        dropped.append("the chosen topics, which belong to another topic model")
    rows = {paper_id: row for row, paper_id in enumerate(ids)}
    if "open" in given and given["open"] not in rows:
        dropped.append(f"the open paper {given.pop('open')}, which is not in the collection")
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name in ("papers", "model"):
            continue
        if name not in _READERS:
            raise _wrong(name, value, f"one of the fields {', '.join(sorted(_READERS))}")
        values |= _READERS[name](value)
    if "open" in values:
        values["open"] = rows[values["open"]]
    if "marks" in values:
        values["marks"] = parse_marks(values["marks"], len(ids))
    return View(**values), dropped


def _topics(text: str) -> dict[str, Any]:
    if not re.fullmatch(r"-?\d+(\.-?\d+)*", text):
        raise _wrong("topics", text, "topic numbers with dots between, like 3.17")
    return {"topics": tuple(int(part) for part in text.split("."))}


def _codes(text: str) -> dict[str, Any]:
    names = tuple(text.split())
    if not set(names) <= set(CODES):
        raise _wrong("code", text, f"some of {', '.join(CODES)}")
    return {"code": names}


def _date(name: str, text: str) -> dict[str, Any]:
    try:
        day_number(text)
    except ValueError:
        raise _wrong(name, text, "YYYY-MM-DD") from None
    return {name: text}


def _mode(text: str) -> dict[str, Any]:
    if text not in MODES:
        raise _wrong("mode", text, " or ".join(MODES))
    return {"mode": text}


def _upvotes(text: str) -> dict[str, Any]:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _wrong("upvotes", text, "a whole number")
    return {"upvotes": int(text)}


def _camera(text: str) -> dict[str, Any]:
    try:
        x, y, zoom = (float(part) for part in text.split(","))
    except ValueError:
        raise _wrong("at", text, "three numbers: x,y,zoom") from None
    if not np.isfinite([x, y, zoom]).all() or zoom <= 0:
        raise _wrong("at", text, "three finite numbers, the zoom above 0")
    return {"camera": (x, y, zoom)}


_READERS: dict[str, Any] = {
    "topics": _topics,
    "code": _codes,
    "kinds": lambda text: {"kinds": tuple(text.split())},
    "hosts": lambda text: {"hosts": tuple(text.split())},
    "since": lambda text: _date("since", text),
    "until": lambda text: _date("until", text),
    "words": lambda text: {"words": text},
    "mode": _mode,
    "upvotes": _upvotes,
    "marks": lambda text: {"marks": text},
    "open": lambda text: {"open": text},
    "at": _camera,
    "colour": lambda text: {"colour": text},
    "sort": lambda text: {"sort": text.removeprefix("-"), "down": text.startswith("-")},
}
