"""Pages of a PDF → title, abstract, sections, footnotes and references of the paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from toolkit.fulltext.documents import Document, Outline, Part
from toolkit.fulltext.pdf_layout import (
    DIGITS,
    repeated_lines,
    unheaded_lists,
    usual_size,
    with_numbers,
)
from toolkit.fulltext.pdf_pages import NOTE, NOTE_END, SOFT_HYPHEN, Line, Page, read_pages
from toolkit.fulltext.pdf_text import hyphenated_words, join_lines
from toolkit.fulltext.sections import run_in, section_of

_STAMP = re.compile(r"arXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.I)
_DOI = re.compile(r"(?:doi(?:\.org/|:\s?)|DOI\s|https?://doi\.org/)(10\.\d{4,9}/[^\s,;]+)", re.I)
_NUMBERED = re.compile(
    r"^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4}|[A-Z](?:\.\d{1,2}){0,2})[.)]?\s+|[•■])(?=[A-Z])"
)
_CAPTION = re.compile(
    r"^(?:fig(?:ure|\.)?|table|tab\.|algorithm|scheme|listing|box)\s?[A-Z]?\d", re.I
)
_NOTE_START = re.compile(
    rf"^(?:{NOTE})?(\d{{1,2}}|[∗*†‡§¶♢♣♯#])(?:{NOTE_END})?[.)]?\s?(?=[^\W\d_]|https?:|[(“\"])"
)
_MARK = re.compile(rf"{NOTE}(\d+){NOTE_END}")
_ENTRY = re.compile(r"^(?:\[[\w+-]{1,12}\]|\(?\d{1,3}[.)])\s?(?=\S)")
_ENTRY_SIGNS = re.compile(r",|\d{4}|\.$|\b[A-Z]\.\s[A-Z]\.")
_SENTENCE = re.compile(r"[.!?]['’”)]?(?:\ufdd0\d+\ufdd1)*\s+(?=[A-Z(])")
_BARE_MARK = re.compile(rf" ?{NOTE}\d+(?::\d+)?{NOTE_END}")


def read_pdf(path: Path) -> Document:
    """Return the paper in a PDF; to be called in a child process.

    Raises
    ------
    DataError
        Locked, damaged, too large, or without text.
    """
    pages, title = read_pages(path)
    return read_pdf_pages(pages, title)


def read_pdf_pages(pages: Sequence[Page], metadata_title: str = "") -> Document:
    """Return the paper on the pages of a PDF.

    Parameters
    ----------
    pages : sequence of Page
        From `read_pages`.
    metadata_title : str
        Taken where the first page shows none that stands out.
    """
    return _Reader(pages).read(metadata_title)


class _Reader:
    """Reads the lines of a paper in order."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        lines = [line for page in pages for line in page.lines]
        self.size = usual_size(lines)
        self.repeated = repeated_lines(pages)
        self.lists = unheaded_lists(lines)
        self.hyphenated = hyphenated_words([line.text for line in lines])
        self.outline = Outline("front")
        self.paragraph: list[Line] = []
        self.notes: dict[str, str] = {}
        self.ids: list[str] = []

    def read(self, metadata_title: str) -> Document:
        first = [line for page in self.pages[:1] for line in page.lines]
        for line in first:
            if stamp := _STAMP.match(line.text):
                self.ids.append(f"arXiv:{stamp[1]}")
        top = "\n".join(line.text for line in first)
        self.ids += [found[1].rstrip(".)") for found in _DOI.finditer(top)][:3]
        title_lines = self._title_lines(first)
        title = _clean(join_lines([line.text for line in title_lines], self.hyphenated))
        for number, page in enumerate(self.pages):
            self._read_page(page, number, title_lines)
        self._end_paragraph()
        parts = self._with_notes(self.outline.close())
        title = title or metadata_title.strip()
        return Document([Part("title", title)] * bool(title) + parts, self.ids, title)

    def _title_lines(self, lines: list[Line]) -> list[Line]:
        """Return the lines in the largest type of the first page, next to each other."""
        height = self.pages[0].height if self.pages else 0
        words = [
            line
            for line in lines
            if sum(map(str.isalpha, line.text)) >= 6
            and line.bottom > 0.45 * height
            and not _STAMP.match(line.text)
        ]
        best: list[Line] = []
        for size in sorted({round(line.size, 1) for line in words}, reverse=True)[:4]:
            if size < 1.1 * self.size:
                break
            same = [line for line in words if abs(line.size - size) < 0.06 * size]
            if sum(len(line.text) for line in same) >= 15 and len(same) <= 6:
                best = same
                break
        return best

    def _read_page(self, page: Page, number: int, title_lines: list[Line]) -> None:
        note = ""
        previous: Line | None = None
        for line in with_numbers(page.lines, self.size):
            if self._is_furniture(line, page) or any(
                line.text == one.text and line.bottom == one.bottom for one in title_lines
            ):
                continue
            start = self._note_start(line, page)
            if start:
                note = f"{number}:{start}"
                self.notes[note] = _NOTE_START.sub("", line.text)
            elif note and self._in_note(line, previous, page):
                self.notes[note] = join_lines([self.notes[note], line.text], self.hyphenated)
            else:
                note = ""
                line.text = _MARK.sub(rf"{NOTE}{number}:\1{NOTE_END}", line.text)
                self._take(line)
            previous = line

    def _note_start(self, line: Line, page: Page) -> str:
        if self.outline.section == "references" or line.bottom > 0.5 * page.height:
            return ""
        if line.size > 0.96 * self.size or not (found := _NOTE_START.match(line.text)):
            return ""
        if sum(map(str.isalpha, line.text)) < 3:
            return ""
        return found[1] if line.raised or line.text.startswith(NOTE) or "http" in line.text else ""

    def _in_note(self, line: Line, previous: Line | None, page: Page) -> bool:
        return (
            line.size <= 0.96 * self.size
            and not _CAPTION.match(line.text)
            and previous is not None
            and -0.5 * self.size < previous.bottom - line.bottom < 2.2 * self.size
        )

    def _is_furniture(self, line: Line, page: Page) -> bool:
        text = line.text.strip()
        if not any(map(str.isalpha, text)) and "http" not in text:
            return len(text) < 8
        if _STAMP.match(text) and line.right - line.left < 40:
            return True
        edge = line.bottom > 0.9 * page.height or line.bottom < 0.1 * page.height
        return edge and DIGITS.sub("#", text) in self.repeated

    def _take(self, line: Line) -> None:
        text = _BARE_MARK.sub("", line.text).strip()
        heading = self._heading(text, line)
        if heading is not None:
            self._end_paragraph()
            self.outline.add_heading(text, known=heading or None)
            return
        if line.text[:20] in self.lists and self.outline.section != "references":
            self._end_paragraph()
            self.outline.open("references")
        elif self._begins(line, text):
            self._end_paragraph()
        self.paragraph.append(line)

    def _heading(self, text: str, line: Line) -> str | None:
        """Return the section that a line begins: "" for one of the body, None for no heading."""
        if len(text) > 100 or len(text) < 3 or _CAPTION.match(text) or text.endswith(SOFT_HYPHEN):
            return None
        known = section_of(text)
        loud = line.bold or line.size > 1.07 * self.size or text.isupper()
        numbered = bool(_NUMBERED.match(text))
        if known:
            plain = known in ("references", "acknowledgements", "abstract", "availability")
            one_word = " " not in text.strip(" .:")
            fits = loud or numbered or (plain and not (one_word and known == "availability"))
            if fits and self._stands_alone(line, text):
                return known
            return None
        if self.outline.section == "references":
            # Entries begin with numbers, and with the initials of their authors.
            fits = loud and numbered and text[0].isalpha() and not _ENTRY_SIGNS.search(text)
            return "appendix" if fits and line.size >= 0.97 * self.size else None
        if self.outline.section == "front":
            starts = re.match(r"^(?:[1I][.)]?\s+)?introduction\b", text, re.IGNORECASE)
            return "body" if starts and len(text) < 30 else None
        upper = text[0].isupper() or text[0].isdigit()
        if loud and upper and (numbered or line.size > 1.1 * self.size) and text[-1] not in ",;-":
            return "" if sum(map(str.isalpha, text)) > 0.6 * len(text) else None
        return None

    def _stands_alone(self, line: Line, text: str) -> bool:
        """Return whether a line is no piece of a sentence that happens to be a standard heading."""
        before = self.paragraph[-1].text.rstrip() if self.paragraph else "."
        return text[0].isupper() and (
            line.bold or before.endswith((".", "!", "?", ":", ")")) or text.isupper()
            or line.size > 1.03 * self.size or bool(_NUMBERED.match(text))
            or not before[-1:].islower()
        )  # fmt: skip

    def _begins(self, line: Line, text: str) -> bool:
        """Return whether a line begins a paragraph, or an entry of the reference list."""
        if not self.paragraph:
            return False
        last = self.paragraph[-1]
        if self.outline.section == "references":
            if _ENTRY.match(text):
                return True
            left = min(one.left for one in self.paragraph[-6:])
            hanging = len(self.paragraph) > 1 and line.left < self.paragraph[-1].left - 4
            return hanging or (line.left <= left + 1 and last.text.rstrip().endswith(".")
                               and last.right < line.right - 20)  # fmt: skip
        if run_in(text) is not None and (line.bold or last.text.rstrip().endswith((".", "?", "!"))):
            return True
        gap = last.bottom - line.bottom
        if gap > 1.9 * self.size or line.size > 1.15 * last.size or last.size > 1.15 * line.size:
            return True
        ended = _BARE_MARK.sub("", last.text).rstrip().endswith((".", "!", "?", ":"))
        return ended and (line.left > last.left + 6 or last.right < line.right - 40)

    def _end_paragraph(self) -> None:
        if self.paragraph:
            text = join_lines([line.text for line in self.paragraph], self.hyphenated)
            self.outline.add(text)
        self.paragraph = []

    def _with_notes(self, parts: list[Part]) -> list[Part]:
        """Return the parts with each footnote behind the part that its number stands in."""
        found: list[Part] = []
        used: set[str] = set()
        for part in parts:
            notes = []
            for mark in _NOTED.finditer(part.text):
                if mark[1] in self.notes and mark[1] not in used:
                    used.add(mark[1])
                    anchor = _sentence_at(part.text, mark.start(), mark.end())
                    text = _clean(self.notes[mark[1]])
                    notes.append(Part("footnote", text, part.heading, anchor))
            text = _clean(part.text)
            if text:
                found.append(Part(part.section, text, part.heading))
            found += notes
        rest = [name for name in self.notes if name not in used and _clean(self.notes[name])]
        return found + [Part("footnote", _clean(self.notes[name])) for name in rest]


_NOTED = re.compile(rf"{NOTE}(\d+:\d+){NOTE_END}")


def _clean(text: str) -> str:
    if not text.isascii():
        text = _LIGATURE.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text)
        text = _ACCENT.sub(_accented, text)
    return "\n".join(
        " ".join(line.split()) for line in _BARE_MARK.sub("", text).split("\n")
    ).strip()


#: TeX prints an accent before its letter.
_ACCENT = re.compile("([´`¨ˆ˜ˇ˘¸])\\s?([A-Za-zı])")
_COMBINING = dict(zip("´`¨ˆ˜ˇ˘¸", "\u0301\u0300\u0308\u0302\u0303\u030c\u0306\u0327"))
_LIGATURE = re.compile("[\ufb00-\ufb06]")


def _accented(match: re.Match[str]) -> str:
    whole = unicodedata.normalize("NFC", match[2].replace("ı", "i") + _COMBINING[match[1]])
    return whole if len(whole) == 1 else match[0]


def _sentence_at(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 600) : start].split("\n")[-1]
    starts = [hit.end() for hit in _SENTENCE.finditer(before[:-1])]
    before = before[starts[-1] if starts else 0 :]
    after = text[end : end + 300].split("\n")[0]
    if before.rstrip().endswith((".", "!", "?")):
        after = ""
    elif stop := re.search(r"[.!?](?=\s|$)", after):
        after = after[: stop.end()]
    return _clean(before + after)
