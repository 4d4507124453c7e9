"""Web pages of papers (arXiv's and ar5iv's LaTeXML, publishers' pages) → parts of the paper."""

from __future__ import annotations

import re

from toolkit.errors import DataError
from toolkit.fulltext.documents import Document, Outline, Part, one_line
from toolkit.fulltext.sections import section_of
from toolkit.fulltext.web_tags import tokens

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_HIDDEN = frozenset(
    "svg nav form button select object head menu dialog "
    "footer aside annotation annotation-xml".split()
)
_BLOCKS = frozenset(
    "p div section article main li ul ol dl dt dd table tr td th figure figcaption blockquote pre "
    "header h1 h2 h3 h4 h5 h6 br hr address details summary".split()
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
#: Parts of publishers' pages that are not the paper: by words of their class or id.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookie|banner|breadcrumb|navbar|navigation|sidebar|related|recommend\w*|share|"
    r"social|advert\w*|promo|toolbar|metrics|altmetric|skip|ltx_page_(?:footer|navbar|logo)|"
    r"ltx_TOC|ltx_dates|download|citedby|cited-by|ltx_tag_note|ltx_note_type|ltx_role_footnotemark)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LATEXML = {
    "ltx_abstract": "abstract",
    "ltx_authors": "front",
    "ltx_keywords": "front",
    "ltx_bibliography": "references",
    "ltx_appendix": "appendix",
    "ltx_acknowledgements": "acknowledgements",
}
_NOTE = re.compile(r"\bltx_(?:role_(?:footnote|footnotetext|thanks)|note_outer)\b|\bfootnote\b")
_META = {
    "citation_title": "title", "dc.title": "title", "citation_doi": "id", "dc.identifier": "id",
    "citation_arxiv_id": "id", "citation_author": "author", "dc.creator": "author",
}  # fmt: skip
#: Deepest nesting and most tags of a page.
_MAX_DEPTH = 1_000
_MAX_TAGS = 1_000_000
#: Most footnotes of one paragraph.
_MAX_NOTES = 100


def read_html(text: str, source: str) -> Document:
    """Return the paper in a web page.

    Raises
    ------
    DataError
        Nested too deep, or no paper: fewer than 50 words.
    """
    page = _Page(source)
    page.read(text)
    document = page.document()
    words = sum(part.text.count(" ") for part in document.parts if part.section != "title")
    if words < 50:
        raise DataError(
            "this web page holds no text of a paper",
            source=source,
            hint="Save the page of the full text (Ctrl+S), or use its PDF",
        )
    return document


class _Page:
    """Reads a page tag by tag; scripts are never run and nothing is fetched."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.outline = Outline("front")
        self.title, self.page_title = "", ""
        self.ids: list[str] = []
        self.authors: list[str] = []
        self._stack: list[tuple[str, str]] = []
        self._hidden = 0
        self._tags = 0
        self._words: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._heading: list[str] | None = None
        self._note: list[str] | None = None
        self._note_depth = 0
        self._notes: list[tuple[str, int]] = []
        self._in_title = False
        self._began = False

    def read(self, text: str) -> None:
        """Read a whole page."""
        for kind, what, given in tokens(text):
            if kind == "text":
                self._text(what)
            elif kind == "start":
                self._start(what, given)
            else:
                self._end(what)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self._tags += 1
        if self._tags > _MAX_TAGS or len(self._stack) > _MAX_DEPTH:
            raise DataError(
                "a web page too large or nested too deep for a paper",
                source=self.source,
                hint="Save the page of the paper alone, or use its PDF",
            )
        if tag == "meta":
            self._meta(given)
        if tag == "title":
            self._in_title = not self.page_title
        if tag in _VOID:
            if tag == "br":
                self._sink().append(" ")
            elif tag == "img" and "ltx_Math" in given.get("class", ""):
                self._sink().append(f" {given.get('alt', '')[:100]} ")
            return
        names = f"{given.get('class', '')} {given.get('id', '')} {given.get('role', '')}"
        hides = tag in _HIDDEN or bool(_FURNITURE.search(names)) or given.get("hidden") == "hidden"
        if hides or self._hidden:
            self._hidden += 1
            self._stack.append((tag, "hidden"))
            return
        mark = ""
        if tag in _BLOCKS and self._note is None:
            self._end_paragraph()
        known = next((name for css, name in _LATEXML.items() if css in names.split()), None)
        if _NOTE.search(names) and self._note is None and tag in ("span", "div", "aside", "p"):
            mark, self._note = "note", []
        elif known:
            self._end_paragraph()
            mark = "section"
            self.outline.open(known, "" if known == "front" else known.capitalize())
            self._began = True
        elif tag in _HEADINGS and self._note is None:
            mark, self._heading = f"heading {names}", []
        elif tag == "a" and (href := given.get("href", "")).startswith(("http", "//")):
            mark = "link"
            self._links.append((href, len(self._sink())))
        self._stack.append((tag, mark))

    def _end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag in _VOID:
            return
        # An end without beginning is ignored; elements left open inside are closed.
        for depth in range(len(self._stack) - 1, max(-1, len(self._stack) - 30), -1):
            if self._stack[depth][0] == tag:
                while len(self._stack) > depth:
                    self._close(*self._stack.pop())
                return

    def _text(self, data: str) -> None:
        if self._in_title:
            self.page_title += data
        elif not self._hidden:
            self._sink().append(data)

    def _sink(self) -> list[str]:
        if self._note is not None:
            return self._note
        return self._words if self._heading is None else self._heading

    def _close(self, tag: str, mark: str) -> None:
        if mark == "hidden":
            self._hidden -= 1
            return
        if mark == "link":
            href, at = self._links.pop()
            sink = self._sink()
            words = "".join(sink[at:]) if at <= len(sink) else ""
            if _bare(href) not in _bare(words):
                sink.append(f" ({href})" if words.strip() else f" {href} ")
        elif mark == "note":
            if self._note:
                self._notes.append((one_line("".join(self._note)), len(self._words)))
            self._note = None
        elif mark.startswith("heading"):
            words = one_line("".join(self._heading or ()))
            self._heading = None
            self._take_heading(tag, mark, words)
        elif mark == "section":
            self._end_paragraph()
            if self.outline.section != "appendix":
                self.outline.open("body")
        if tag in _BLOCKS and self._note is None:
            self._end_paragraph()

    def _take_heading(self, tag: str, names: str, words: str) -> None:
        if not words:
            return
        if "ltx_title_document" in names or (tag == "h1" and not self.title and not self._began):
            self.title = self.title or words
            self._words = []
            return
        if "ltx_title_abstract" in names or "ltx_title_bibliography" in names:
            return
        self._end_paragraph()
        self._began = True
        deep = tag in ("h4", "h5", "h6") or "paragraph" in names
        if deep and section_of(words) is None:
            self._words.append(f"{words}. ")
            return
        inside = self.outline.section
        known = (
            inside if inside in ("availability", "references") and tag not in ("h1", "h2") else None
        )
        self.outline.add_heading(words, known=known if section_of(words) is None else None)

    def _end_paragraph(self) -> None:
        if self._heading is not None:
            return
        text = "".join(self._words)
        for note, at in self._notes[:_MAX_NOTES]:
            before = one_line("".join(self._words[:at]))[-600:]
            cut = max(before.rfind(stop, 0, max(len(before) - 2, 0)) for stop in (". ", "? ", "! "))
            after = " ".join("".join(self._words[at:]).split(" "))[:300]
            ended = before.endswith((".", "!", "?"))
            tail = "" if ended else after.split(". ")[0]
            note = re.sub(r"^(?:\W?\d{1,3}\W?\s?){1,2}(?=\D)", "", note)
            self.outline.add_footnote(note, f"{before[cut + 2 if cut >= 0 else 0 :]}{tail}")
        self._words, self._notes = [], []
        if text.strip():
            self.outline.add(text)

    def _meta(self, given: dict[str, str]) -> None:
        kind = _META.get((given.get("name") or given.get("property", "")).lower())
        value = one_line(given.get("content", ""))
        if kind == "title":
            self.title = self.title or value
        elif kind == "id":
            self.ids.append(value)
        elif kind == "author" and len(self.authors) < 1000:
            self.authors.append(value)

    def document(self) -> Document:
        """Return what was read."""
        self._end_paragraph()
        parts = self.outline.close()
        title = self.title or one_line(self.page_title)
        known = [Part("title", title)] if title else []
        if self.authors:
            known.append(Part("front", "\n".join(self.authors)))
        if stamp := re.match(r"\s*\[?(\d{4}\.\d{4,5}(?:v\d+)?)\]", self.page_title):
            self.ids.append(f"arXiv:{stamp[1]}")
        return Document(known + parts, self.ids, title)


def _bare(address: str) -> str:
    text = "".join(address.lower().split())
    return re.sub(r"^(?:https?:)?//(?:www\.)?", "", text).rstrip("/.")
