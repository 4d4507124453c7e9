"""Tags and text of a web page, in time linear in its length.

Python's own parser takes minutes for a page of 200 kB of tags that are never closed (3.11).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

#: Elements whose content is no text of the page.
_RAW = frozenset(["script", "style", "noscript", "template", "iframe"])
_NAME = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:_-]{0,40})")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]{0,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
#: Longest tag, in characters; of a longer one the rest is left.
_MAX_TAG = 20_000

#: ("start" | "end" | "text", name or text, attributes).
Token = tuple[str, str, dict[str, str]]


def tokens(page: str) -> Iterator[Token]:
    """Yield the tags and texts of a page in order; comments and scripts are left out.

    Examples
    --------
    >>> [(kind, what) for kind, what, _ in tokens("<p class='a'>1 &lt; 2<!-- x --></p>")]
    [('start', 'p'), ('text', '1 < 2'), ('end', 'p')]
    """
    lower = page.lower() if page.isascii() else _lower(page)
    at, size = 0, len(page)
    while at < size:
        start = page.find("<", at)
        if start < 0:
            start = size
        if start > at:
            yield "text", html.unescape(page[at:start]), {}
        if start == size:
            return
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            at = end + 3 if end >= 0 else size
            continue
        if page.startswith(("<!", "<?"), start):
            end = page.find(">", start)
            at = end + 1 if end >= 0 else size
            continue
        name = _NAME.match(page, start + 1)
        if name is None:
            yield "text", "<", {}
            at = start + 1
            continue
        end = _end_of_tag(page, start)
        if end < 0:
            return
        at = end + 1
        tag = name[2].lower()
        if name[1]:
            yield "end", tag, {}
            continue
        inside = page[name.end() : min(end, start + _MAX_TAG)]
        given = {
            found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(inside)
        }
        if tag in _RAW:
            close = lower.find(f"</{tag}", at)
            if close < 0:
                return
            close = page.find(">", close)
            at = close + 1 if close >= 0 else size
            continue
        yield "start", tag, given
        if inside.endswith("/"):
            yield "end", tag, {}


def _end_of_tag(page: str, start: int) -> int:
    """Return where a tag ends: at the first `>` that stands in no quoted value."""
    end = page.find(">", start)
    for _ in range(20):
        if end < 0 or end - start > _MAX_TAG:
            break
        inside = page[start:end]
        if inside.count('"') % 2 == 0:
            break
        end = page.find(">", end + 1)
    return end


def _lower(page: str) -> str:
    """Return a page in lower case with its length unchanged."""
    lower = page.lower()
    return lower if len(lower) == len(page) else "".join(
        sign.lower() if len(sign.lower()) == 1 else sign for sign in page
    )  # fmt: skip
