"""A Hugging Face papers page saved as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from toolkit.identity import parse_arxiv_id
from toolkit.sources.page_text import Line, read_lines

_SKIP = frozenset(
    ["script", "style", "noscript", "template", "svg", "head", "select", "iframe", "object", "form"]
)
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "img", "kbd", "label", "mark"]
).union(
    ["math", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PAPER_LINK = re.compile(
    r"(?:^|huggingface\.co)/papers/(\d{4}\.\d{4,5})(?:v\d+)?(?:[?#].*)?$|arxiv\.org/(?:abs|pdf)/"
)


def read_page_html(text: str, *, origin: str) -> list[dict[str, Any]]:
    """Read the papers of a saved Hugging Face page; see `read_page_text`."""
    reader = _PageReader()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return read_lines(reader.lines, origin=origin)


class _PageReader(HTMLParser):
    """Turns HTML into lines that know whether they were headings and which paper they link to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._skipping: str | None = None
        self._depth = 0
        self._heading = 0
        self._was_heading = False
        self._arxiv_id: str | None = None
        self._number = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            self._depth += tag == self._skipping
            return
        if tag in _SKIP:
            self._skipping, self._depth = tag, 1
            return
        if tag not in _INLINE:
            self.end_line()
        if tag in _HEADINGS:
            self._heading += 1
        if tag == "a":
            link = dict(attrs).get("href") or ""
            if _PAPER_LINK.search(link):
                found = parse_arxiv_id(re.sub(r"^/papers/", "huggingface.co/papers/", link))
                self._arxiv_id = self._arxiv_id or found

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._depth -= tag == self._skipping
            if self._depth <= 0:
                self._skipping = None
            return
        if tag not in _INLINE:
            self.end_line()
        if tag in _HEADINGS:
            self._heading = max(0, self._heading - 1)

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if data.strip():
            self._was_heading |= self._heading > 0
        self._words.append(data)

    def end_line(self) -> None:
        """Close the line under way."""
        text = " ".join("".join(self._words).split())
        if text:
            self.lines.append(Line(text, self.getpos()[0], self._was_heading, self._arxiv_id))
        self._words, self._was_heading, self._arxiv_id = [], False, None
