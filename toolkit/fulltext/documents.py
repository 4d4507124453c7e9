"""A paper as its readers return it: parts in order, each with section, heading and text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toolkit.fulltext.sections import run_in, section_of

_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a]+")


@dataclass
class Part:
    """A stretch of a paper under one heading.

    Parameters
    ----------
    section : str
        One of `SECTIONS`.
    text : str
        Paragraphs, or entries of the reference list, joined by line breaks.
    heading : str
        As the paper words it; empty where there is none.
    anchor : str
        For a footnote, the sentence it belongs to; else empty.
    """

    section: str
    text: str
    heading: str = ""
    anchor: str = ""


@dataclass
class Document:
    """A paper: its parts, and what tells which paper it is.

    Parameters
    ----------
    parts : list of Part
        In order; title and abstract among them.
    ids : list of str
        arXiv ids and DOIs that the file gives as its own, in any notation.
    title : str
        Empty where the file does not mark it.
    """

    parts: list[Part] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    title: str = ""

    @property
    def top(self) -> str:
        """The first text of the paper, where its title stands."""
        return "\n".join(part.text for part in self.parts[:6])[:4000]


class Outline:
    """Builds the parts of a paper from headings, paragraphs and footnotes in reading order.

    Parameters
    ----------
    section : str
        The section in which the text begins.
    """

    def __init__(self, section: str = "body") -> None:
        self.section, self.heading = section, ""
        self._lines: list[str] = []
        self._footnotes: list[Part] = []
        self._appendix = False
        self.parts: list[Part] = []

    def open(self, section: str, heading: str = "") -> None:
        """Begin a section of a standard name."""
        self.close()
        self._appendix = self._appendix or section == "appendix"
        self.section, self.heading = section, heading

    def add_heading(self, heading: str, *, known: str | None = None) -> None:
        """Begin the section that a heading names; of `known`, if the file says so."""
        heading = one_line(heading)
        name = known or section_of(heading)
        if name is None:
            name = "appendix" if self._appendix else "body"
        self.open(name, heading)

    def add(self, paragraph: str) -> None:
        """Add a paragraph; one that begins with a standard heading is a section of its own."""
        paragraph = one_line(paragraph)
        if not paragraph:
            return
        found = run_in(paragraph) if self.section != "references" else None
        if found is not None:
            before = self.section, self.heading
            name = section_of(found[0]) or "body"
            self.open(name, found[0])
            self._lines.append(found[1])
            if name == "availability" and before[0] in ("body", "appendix"):
                self.close()
                self.section, self.heading = before
            elif name == "front":
                self.close()
                self.section, self.heading = before if before[0] != "abstract" else ("body", "")
            return
        self._lines.append(paragraph)

    def add_footnote(self, text: str, anchor: str = "") -> None:
        """Add a footnote, with the sentence it belongs to."""
        if text := one_line(text):
            self._footnotes.append(Part("footnote", text, self.heading, one_line(anchor)))

    def close(self) -> list[Part]:
        """End the present part, and return all parts."""
        if self._lines:
            self.parts.append(Part(self.section, "\n".join(self._lines), self.heading))
        self.parts += self._footnotes
        self._lines, self._footnotes = [], []
        return self.parts


def one_line(text: str) -> str:
    """Return a text on one line, without surrounding white space."""
    if text.isascii() and "  " not in text and text.isprintable():
        return text.strip()
    return " ".join(_SPACE.sub(" ", text).split())
