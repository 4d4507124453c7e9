"""Splits BibTeX into entries and their fields, in time that grows with the length of the text.

An entry that cannot be read ends where the next one begins in a line of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARK = re.compile(r"@[ \t]*([A-Za-z][\w-]*)\s*([{(])")
_OWN_LINE = re.compile(r"\n[ \t]*@[ \t]*[A-Za-z][\w-]*\s*[{(]")
#: An entry that is commented out by per cent signs.
_COMMENTED = re.compile(r"\n[ \t]*%[^\n]*@[^\n]*")
#: Where entries, damaged ones among them, begin in the text between entries that can be read.
_DAMAGED = re.compile(r"^[ \t]*(?=@)", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\d]", re.MULTILINE)
#: What may stand between fields: commas, blanks, comments.
_BETWEEN = re.compile(r"(?:[\s,]+|%[^\n]*)*")
_AFTER_KEY = re.compile(r"[,={}\"\n]")
_NAME = re.compile(r"([^\s={}(),\"#%][^={},\"\n]*?)\s*=\s*")
_SIMPLE = re.compile(r"\{([^{}\\]*)\}")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PLAIN_BRACE = re.compile(r"[{}]")
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_PLAIN_QUOTE = re.compile(r"(?<!\\)\"|[{}]")
#: What follows the quotation mark that ends a value; within it, others may stand.
_VALUE_ENDS = re.compile(
    r"\s*(?:#|,\s*(?:[A-Za-z][\w:.+/ -]*\s*=|[}),%]|$)|[})]|[A-Za-z][\w-]*[ \t]*=)"
)
_BARE = re.compile(r"[^,{}\"#\n]*")
_BARE_IN_PARENTHESES = re.compile(r"[^,{}\"#\n)]*")
_JUNK = re.compile(r"[^,{}\"\n]*[,\n]")
#: A brace too many, or several, closed the entry, and its fields go on.
_GOES_ON = re.compile(r"[\s}]*(,)\s*[A-Za-z][\w-]*\s*=\s*[{\"\d]")
_BLANKS = re.compile(r"\s*")
#: Tries to end an entry at later marks, which may stand in its values.
_TRIES = 3
#: Longest comment that is skipped as a whole.
_LONGEST_COMMENT = 500_000
_MOST_UNCLOSED = 10

#: The parts of a value that ``#`` joins: their text, and whether it is the name of a string.
Value = list[tuple[str, bool]]


@dataclass
class Entry:
    """An entry as it stands in the text.

    Parameters
    ----------
    kind : str
        Its type, in lower case.
    line : int
        Where it begins, counted from 1.
    key : str
        Its key, or empty.
    fields : dict
        Name in lower case → parts of the value; of two with one name, the first.
    problem, text : str
        Why it cannot be read, and what stands there; empty where it can.
    """

    kind: str
    line: int
    key: str = ""
    fields: dict[str, Value] = field(default_factory=dict)
    problem: str = ""
    text: str = ""


class _Broken(ValueError):
    """An entry that cannot be read up to the place where the next begins."""


def split_entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a text, strings (``@string``) among them, comments not."""
    text = _COMMENTED.sub(lambda match: match[0].replace("@", " "), "\n" + text)[1:]
    starts = [match.start() + 1 for match in _OWN_LINE.finditer(text)] + [len(text)] * _TRIES
    at, line, counted, unclosed, ended = 0, 1, 0, 0, 0
    while mark := _MARK.search(text, at):
        begin, at = mark.span()
        if begin and (text[begin - 1].isalnum() or text[begin - 1] in "._-+"):
            continue  # an address of mail
        yield from _damaged(text[ended:begin], line + text.count("\n", counted, ended))
        line += text.count("\n", counted, begin)
        counted = begin
        entry = Entry(mark[1].lower(), line)
        following = bisect_right(starts, begin)
        if entry.kind in ("comment", "preamble"):
            # A comment may hold entries; where many are never closed, it ends before the next.
            limit = begin + _LONGEST_COMMENT if unclosed < _MOST_UNCLOSED else starts[following]
            end = _balanced(text, at - 1, min(len(text), limit), _BRACE)
            at, unclosed = end or at, unclosed + (end is None)
            ended = end or starts[following]
            continue
        try:
            at = _read(entry, text, at, ")" if mark[2] == "(" else "}", starts, following)
        except _Broken as broken:
            limit = max(starts[following], at)
            entry.problem, entry.text = str(broken), text[begin:limit].strip()
            at = limit
        ended = at
        yield entry
    yield from _damaged(text[ended:], line + text.count("\n", counted, ended))


def _damaged(between: str, line: int) -> Iterator[Entry]:
    """Yield what has fields but no `@type{` that can be read, of the text between two entries."""
    if "=" not in between:
        return
    for part in _DAMAGED.split(between):
        found = _FIELD.search(part)
        if found and "%" not in part[: found.start()]:
            before = part[: found.start()]
            at = line + before.count("\n", 0, len(before) - len(before.lstrip()))
            problem = "its beginning is damaged: expected @type{key,"
            yield Entry("", at, problem=problem, text=part.strip())
        line += part.count("\n")


def _read(entry: Entry, text: str, at: int, closing: str, starts: list[int], following: int) -> int:
    """Fill an entry and return where it ends; raise where it does not."""
    first: _Broken | None = None
    for limit in dict.fromkeys(starts[following : following + _TRIES]):
        # BibTeX counts braces after a backslash, other programs do not.
        for escapes in (True, False):
            try:
                return _fill(entry, text, at, max(limit, at), closing, escapes=escapes)
            except _Broken as broken:
                first = first or broken
    entry.fields.clear()
    raise first or _Broken("it is cut off")


def _fill(entry: Entry, text: str, at: int, limit: int, closing: str, *, escapes: bool) -> int:
    entry.fields = {}
    entry.key, at = _key(text, at, limit)
    while True:
        found = _BETWEEN.match(text, at, limit)
        at = found.end() if found else at
        if at >= limit:
            raise _Broken("it is not closed before the next entry or the end of the file")
        if text[at] == closing:
            more = _GOES_ON.match(text, at + 1, limit)
            if more is None:
                return at + 1
            at = more.start(1)
            continue
        name = _NAME.match(text, at, limit)
        if name is None:
            junk = _JUNK.match(text, at, limit)
            if junk is None:
                shown = " ".join(text[at : at + 40].split())
                raise _Broken(f"a comma, brace or name is missing before {shown!r}")
            at = junk.end()
            continue
        value, at = _value(text, name.end(), limit, closing, escapes=escapes)
        entry.fields.setdefault(name[1].strip().lower(), value)


def _key(text: str, at: int, limit: int) -> tuple[str, int]:
    """Return the key, which may be missing or lack its comma, and where the fields begin."""
    blanks = _BLANKS.match(text, at, limit)
    at = blanks.end() if blanks else at
    end = _AFTER_KEY.search(text, at, limit)
    if end is None:
        raise _Broken("it is not closed before the next entry or the end of the file")
    key = text[at : end.start()].strip()
    if end[0] == "," or end[0] == "}":
        return key, end.start()
    return (key, end.start()) if end[0] == "\n" else ("", at)


def _value(text: str, at: int, limit: int, closing: str, *, escapes: bool) -> tuple[Value, int]:
    """Return the parts of the value that begins here, and where it ends."""
    parts: Value = []
    while True:
        sign = text[at] if at < limit else ""
        if sign == "{":
            simple = _SIMPLE.match(text, at, limit)
            end = simple.end() if simple else _balanced(
                text, at, limit, _BRACE if escapes else _PLAIN_BRACE
            )  # fmt: skip
            if end is None:
                raise _Broken("a closing brace is missing")
            parts.append((text[at + 1 : end - 1], False))
        elif sign == '"':
            end = _quoted(text, at, limit, _QUOTE if escapes else _PLAIN_QUOTE)
            parts.append((text[at + 1 : end - 1], False))
        else:
            end = _unquoted(text, at, limit, closing)
            parts.append((text[at:end].strip(), True))
        blanks = _BLANKS.match(text, end, limit)
        at = blanks.end() if blanks else end
        if text[at : at + 1] != "#" or at >= limit:
            return parts, end
        blanks = _BLANKS.match(text, at + 1, limit)
        at = blanks.end() if blanks else at + 1


def _unquoted(text: str, at: int, limit: int, closing: str) -> int:
    """Return where a value without braces or quotation marks ends: a number, the name of a string.

    Text that somebody forgot to put into braces may have some inside.
    """
    bare = _BARE_IN_PARENTHESES if closing == ")" else _BARE
    found = bare.match(text, at, limit)
    end = found.end() if found else at
    while text[at:end].strip() and end < limit and text[end] == "{":
        inner = _balanced(text, end, limit, _BRACE)
        if inner is None:
            raise _Broken("a closing brace is missing")
        found = bare.match(text, inner, limit)
        end = found.end() if found else inner
    return end


def _balanced(text: str, at: int, limit: int, signs: re.Pattern[str]) -> int | None:
    """Return where the brace that opens here is closed again; None where it is not."""
    depth = 0
    for match in signs.finditer(text, at, limit):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth <= 0:
                return match.end()
    return None


def _quoted(text: str, at: int, limit: int, signs: re.Pattern[str]) -> int:
    """Return where a value in quotation marks ends."""
    depth = 0
    for match in signs.finditer(text, at + 1, limit):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth < 0:
                break
        elif match[0] == '"' and depth == 0 and _VALUE_ENDS.match(text, match.end(), limit):
            return match.end()
    raise _Broken("a quotation mark or a brace is missing")
