"""JATS articles (PubMed Central, eLife, PLOS and other publishers) → parts of the paper."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import islice

from toolkit.fulltext.documents import Document, Outline, Part
from toolkit.fulltext.sections import section_of
from toolkit.fulltext.xml_text import root_of, text_of

_PARAGRAPHS = frozenset(["p", "disp-quote", "verse-group", "preformat", "code"])
_FLOATS = frozenset(
    ["fig", "table-wrap", "boxed-text", "supplementary-material", "media", "fig-group"]
)
_TYPES = {
    "data-availability": "availability", "availability": "availability", "code": "availability",
    "resources": "availability", "ack": "acknowledgements", "supplementary-material": "appendix",
    "coi-statement": "acknowledgements", "con": "acknowledgements", "conflict": "acknowledgements",
    "financial-disclosure": "acknowledgements", "funding": "acknowledgements",
    "data-availability-statement": "availability",
}  # fmt: skip
_AVAILABILITY = re.compile(r"availab|accession|deposit", re.IGNORECASE)
#: Most marks of one paragraph that are looked up.
_MAX_NOTES = 300
_STATEMENT_START = re.compile(r"[.!?]\s+(?=[A-Z(])")


def read_jats(text: str, source: str) -> Document:
    """Return the paper in a JATS article.

    Raises
    ------
    DataError
        Not well formed, cut off, or harmful.
    """
    return _Jats(root_of(text, ("article",), source)).read()


class _Jats:
    """Reads one article."""

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.outline = Outline()
        self.notes = {
            note.get("id", ""): text_of(note, without=("label",))
            for note in root.iter("fn")
            if note.get("id")
        }
        self.used: set[str] = set()

    def read(self) -> Document:
        front = self.root.find("front")
        meta = front.find("article-meta") if front is not None else None
        meta = meta if meta is not None else ET.Element("article-meta")
        title = text_of(meta.find("title-group/article-title"), without=("fn", "xref"))
        ids = [text_of(one) for one in meta.iterfind("article-id")
               if one.get("pub-id-type") in ("doi", "arxiv")]  # fmt: skip
        self._front(meta, title)
        links = (
            front.find(".//fn-group[@content-type='external-links']") if front is not None else None
        )
        if links is not None:
            self.outline.open("availability", "External links")
            for external in links.iterfind("fn"):
                self.outline.add(text_of(external))
        body = self.root.find("body")
        if body is not None:
            self.outline.open("body")
            self._walk(body)
        for back in self.root.iterfind("back"):
            self.outline.open("body")
            self._walk(back)
        for floats in self.root.iterfind("floats-group"):
            self.outline.open("body")
            self._walk(floats)
        for name, note in self.notes.items():
            if name not in self.used:
                self.outline.add_footnote(note)
        return Document(self.outline.close(), ids, title)

    def _front(self, meta: ET.Element, title: str) -> None:
        outline = self.outline
        if title:
            outline.parts.append(Part("title", title))
        outline.open("front")
        for group in ("contrib-group", "aff", "author-notes", "kwd-group"):
            for one in meta.iter(group):
                if group == "contrib-group":
                    for person in one.iter("contrib"):
                        name = person.find("name")
                        given = text_of(person.find(".//given-names"))
                        last = text_of(person.find(".//surname"))
                        whole = f"{given} {last}".strip()
                        outline.add(whole or text_of(name if name is not None else person))
                elif group == "kwd-group":
                    outline.add("Keywords: " + "; ".join(text_of(word) for word in one.iter("kwd")))
                else:
                    outline.add(text_of(one, without=("label",)))
        for abstract in meta.iterfind("abstract"):
            outline.open("abstract", text_of(abstract.find("title")) or "Abstract")
            for one in abstract.iter():
                if one.tag in _PARAGRAPHS:
                    outline.add(text_of(one))
            if abstract.find(".//p") is None:
                outline.add(text_of(abstract))
        for custom in meta.iterfind("custom-meta-group/custom-meta"):
            kind = text_of(custom.find("meta-name"))
            if _AVAILABILITY.search(kind):
                outline.open("availability", kind)
                outline.add(text_of(custom.find("meta-value")))

    def _walk(self, element: ET.Element) -> None:
        for one in element:
            tag = one.tag
            if tag in ("sec", "app", "ack", "notes", "app-group", "glossary", "bio"):
                self._section(one)
            elif tag == "ref-list":
                before = self.outline.section, self.outline.heading
                self.outline.open("references", text_of(one.find("title")) or "References")
                for entry in one.iter("ref"):
                    self.outline.add(text_of(entry, without=("label",)))
                self.outline.open(*before)
            elif tag in _PARAGRAPHS:
                self._paragraph(one)
            elif tag in ("list", "def-list", "list-item", "def", "def-item", "boxed-text"):
                self._walk(one)
            elif tag in _FLOATS:
                for caption in one.iter("caption"):
                    self.outline.add(text_of(caption))
                links = [text_of(link) for link in one.iter("ext-link")]
                if tag == "table-wrap" and links:
                    self.outline.add("; ".join(dict.fromkeys(links)))
            elif tag in ("fn-group", "fn"):
                self._notes(one)

    def _section(self, one: ET.Element) -> None:
        before = self.outline.section, self.outline.heading
        title = text_of(one.find("title"), without=("xref",))
        known = _TYPES.get(one.get("sec-type", "").lower()) or _TYPES.get(
            one.get("notes-type", "").lower()
        )
        if one.tag == "ack":
            known, title = "acknowledgements", title or "Acknowledgements"
        elif one.tag in ("app", "app-group"):
            known = section_of(title) or "appendix"
        own = section_of(title)
        inherited = (
            before[0] if before[0] in ("availability", "appendix", "acknowledgements") else None
        )
        self.outline.open(own or known or inherited or "body", title or before[1])
        self._walk(one)
        self.outline.open(*before)

    def _paragraph(self, one: ET.Element) -> None:
        text = text_of(one, without=("fn", "fig", "table-wrap", "boxed-text"))
        self.outline.add(text)
        for mark in islice(one.iter("xref"), _MAX_NOTES):
            name = mark.get("rid", "")
            if mark.get("ref-type") == "fn" and name in self.notes and name not in self.used:
                self.used.add(name)
                self.outline.add_footnote(self.notes[name], _around(one, mark))
        for note in islice(one.iter("fn"), _MAX_NOTES):
            self.used.add(note.get("id", ""))
            self.outline.add_footnote(text_of(note, without=("label",)), _around(one, note))
        for nested in one:
            if nested.tag in _FLOATS:
                self._float(nested)

    def _float(self, one: ET.Element) -> None:
        holder = ET.Element("sec")
        holder.append(one)
        self._walk(holder)

    def _notes(self, one: ET.Element) -> None:
        """Read notes at the end: statements of availability are among them."""
        for note in [one] if one.tag == "fn" else one.iterfind("fn"):
            text = text_of(note, without=("label",))
            kind = _TYPES.get(note.get("fn-type", "").lower())
            if kind is None and one.tag == "fn-group" and (title := one.find("title")) is not None:
                kind = section_of(text_of(title))
            if kind is None:
                continue
            self.used.add(note.get("id", ""))
            before = self.outline.section, self.outline.heading
            self.outline.open(kind, note.get("fn-type", ""))
            self.outline.add(text)
            self.outline.open(*before)


def _around(paragraph: ET.Element, mark: ET.Element) -> str:
    """Return the sentence of a paragraph in which a mark stands."""
    before: list[str] = []
    after: list[str] = []
    seen = False
    for event, piece in _events(paragraph):
        if event is mark:
            seen = True
        elif event is None:
            (after if seen else before).append(piece)
    left, right = " ".join("".join(before).split()), " ".join("".join(after).split())
    starts = [hit.end() for hit in _STATEMENT_START.finditer(left[-600:-1])]
    left = left[-600:][starts[-1] if starts else 0 :]
    if left.endswith((".", "!", "?")):
        return left
    stop = _STATEMENT_START.search(right[:400])
    return f"{left} {right[: stop.start() + 1] if stop else right[:300]}"


def _events(element: ET.Element) -> list[tuple[ET.Element | None, str]]:
    found: list[tuple[ET.Element | None, str]] = [(element, ""), (None, element.text or "")]
    for child in element:
        if child.tag == "fn" or (child.tag == "xref" and child.get("ref-type") == "fn"):
            found.append((child, ""))
        else:
            found += _events(child)
        found.append((None, child.tail or ""))
    return found
