"""TEI as GROBID writes it → parts of the paper."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from toolkit.fulltext.documents import Document, Outline, Part
from toolkit.fulltext.sections import section_of
from toolkit.fulltext.xml_text import root_of, text_of

_DIVISIONS = {
    "availability": "availability",
    "data_availability": "availability",
    "data-availability": "availability",
    "acknowledgement": "acknowledgements",
    "acknowledgements": "acknowledgements",
    "funding": "acknowledgements",
    "conflict": "acknowledgements",
    "contribution": "acknowledgements",
    "annex": "appendix",
    "references": "references",
}


def read_tei(text: str, source: str) -> Document:
    """Return the paper in a TEI file.

    Raises
    ------
    DataError
        Not well formed, cut off, or harmful.
    """
    root = root_of(text, ("TEI",), source)
    header = root.find("teiHeader")
    header = header if header is not None else ET.Element("teiHeader")
    outline = Outline()
    title = text_of(header.find("fileDesc/titleStmt/title"))
    if title:
        outline.parts.append(Part("title", title))
    outline.open("front")
    for person in header.iterfind(".//sourceDesc//analytic/author"):
        name = person.find("persName")
        if name is not None:
            parts = [text_of(one) for one in name if one.tag in ("forename", "surname")]
            outline.add(" ".join(filter(None, parts)) or text_of(name))
    for where in header.iterfind(".//sourceDesc//analytic//affiliation"):
        outline.add(text_of(where))
    words = [text_of(term) for term in header.iterfind("profileDesc/textClass/keywords//term")]
    if words:
        outline.add("Keywords: " + "; ".join(words))
    abstract = header.find("profileDesc/abstract")
    if abstract is not None:
        outline.open("abstract", "Abstract")
        _Tei(root, outline).walk(abstract)
    outline.open("body")
    reader = _Tei(root, outline)
    for division in root.iterfind("text/*"):
        if division.tag in ("body", "front"):
            outline.open("body")
            reader.walk(division)
        elif division.tag == "back":
            reader.walk(division)
    reader.rest()
    ids = [text_of(one) for one in header.iterfind(".//sourceDesc/biblStruct//idno")
           if one.get("type") in ("DOI", "arXiv")]  # fmt: skip
    return Document(outline.close(), ids, title)


class _Tei:
    """Reads the divisions of one file."""

    def __init__(self, root: ET.Element, outline: Outline) -> None:
        self.outline = outline
        self.notes = {
            note.get("id", ""): text_of(note)
            for note in root.iter("note")
            if note.get("place") == "foot" and note.get("id")
        }
        self.used: set[str] = set()

    def walk(self, element: ET.Element) -> None:
        for one in element:
            if one.tag == "div":
                self._division(one)
            elif one.tag == "listBibl":
                self._references(one)
            elif one.tag == "head":
                self.outline.add_heading(_heading(one))
            elif one.tag in ("p", "ab", "list", "quote"):
                self._paragraph(one)
            elif one.tag == "figure":
                self.outline.add(text_of(one.find("figDesc")))
            elif one.tag == "note":
                self._note(one)

    def _division(self, one: ET.Element) -> None:
        before = self.outline.section, self.outline.heading
        known = _DIVISIONS.get(one.get("type", "").lower())
        head = one.find("head")
        heading = _heading(head)
        inside = (
            before[0] if before[0] in ("availability", "acknowledgements", "appendix") else None
        )
        if head is not None or known:
            self.outline.open(
                section_of(heading) or known or inside or "body", heading or before[1]
            )
        body = ET.Element("div")
        body.extend(child for child in one if child is not head)
        self.walk(body)
        if known or inside:
            self.outline.open(*before)

    def _references(self, one: ET.Element) -> None:
        before = self.outline.section, self.outline.heading
        self.outline.open("references", "References")
        for entry in one:
            raw = entry.find("note[@type='raw_reference']")
            self.outline.add(text_of(raw if raw is not None else entry))
        self.outline.open(*before)

    def _paragraph(self, one: ET.Element) -> None:
        text = text_of(one, without=("note",))
        self.outline.add(text)
        for mark in one.iter("ref"):
            name = mark.get("target", "").lstrip("#")
            if mark.get("type") == "foot" and name in self.notes and name not in self.used:
                self.used.add(name)
                self.outline.add_footnote(self.notes[name], _sentence(one, mark))
        for note in one.iter("note"):
            self._note(note, text)

    def _note(self, note: ET.Element, anchor: str = "") -> None:
        name = note.get("id", "")
        if name in self.notes:
            return
        self.outline.add_footnote(text_of(note), anchor)

    def rest(self) -> None:
        """Add the footnotes that no mark in the text leads to."""
        for name, text in self.notes.items():
            if name not in self.used:
                self.outline.add_footnote(text)


def _heading(head: ET.Element | None) -> str:
    if head is None:
        return ""
    return " ".join(filter(None, [head.get("n"), text_of(head)]))


def _sentence(paragraph: ET.Element, mark: ET.Element) -> str:
    """Return the sentence (`s`, where GROBID marks them) that a mark stands in."""
    for sentence in paragraph.iter("s"):
        if any(one is mark for one in sentence.iter()):
            return text_of(sentence)
    before = ""
    for one in paragraph:
        if one is mark:
            break
        before += text_of(one) + (one.tail or "")
    whole = f"{paragraph.text or ''}{before}"
    start = max(whole.rfind(". ", 0, max(len(whole) - 2, 0)) + 2, 0) if ". " in whole else 0
    tail = (mark.tail or "")[:300]
    ended = whole.rstrip().endswith((".", "!", "?"))
    return whole[start:] + ("" if ended else tail.split(". ")[0])
