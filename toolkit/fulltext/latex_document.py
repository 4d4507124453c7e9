r"""LaTeX in one text → title, abstract, sections, footnotes and references of the paper."""

from __future__ import annotations

import re

from toolkit.fulltext.documents import Document, Outline, Part
from toolkit.fulltext.latex_files import brace_pairs, without_spans
from toolkit.fulltext.sections import section_of
from toolkit.text.cleaning import clean_text

#: Longer paragraphs are cut: data, not prose.
_MAX_PARAGRAPH = 20_000
_MAX_ARGUMENT = 100_000
_COMMAND = re.compile(
    r"\\(?P<name>(?:sub){0,2}section|chapter|part|(?:sub)?paragraph|title|author|affiliation|"
    r"address|institute|keywords|abstract|footnote|footnotetext|thanks|icmlkeywords|authornote|titlenote|"
    r"acknowledge?ments?|acks?|acknowledge?ment|appendix|appendices|bibitem|supplementary|"
    r"dataavailability|codeavailability|funding|conflictsofinterest|authorcontributions|"
    r"institutionalreview|caption|section\*?)(?![A-Za-z@])\*?[ \t]*\n?[ \t]*"
    r"(?P<options>(?:\[(?:[^\[\]{}]|\{[^{}]{0,200}\}){0,100}\][ \t]*){0,3})(?P<brace>\{)?"
    r"|\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+)\*?\}(?:\s*\{\d+\})?"
    r"|(?P<gap>\n[ \t]*\n\s*|\\par\b)"
)
_ENVIRONMENTS = {
    "abstract": "abstract",
    "acknowledgments": "acknowledgements",
    "acknowledgements": "acknowledgements",
    "acknowledgment": "acknowledgements",
    "acknowledgement": "acknowledgements",
    "acks": "acknowledgements",
    "ack": "acknowledgements",
    "thebibliography": "references",
    "appendix": "appendix",
    "appendices": "appendix",
    "keywords": "front",
    "keyword": "front",
    "IEEEkeywords": "front",
    "dataavailability": "availability",
    "availability": "availability",
}
#: Environments without prose; their captions stay.
_DROPPED = re.compile(
    r"\\begin\s*\{(equation|align|eqnarray|gather|multline|displaymath|math|flalign|alignat|split|"
    r"tikzpicture|pgfpicture|axis|lstlisting|verbatim|Verbatim|minted|algorithmic|algorithm2e|"
    r"tabular|tabularx|tabulary|longtable|array|CCSXML|filecontents)(\*?)\}"
)
_DISPLAY = (re.compile(r"(?<!\\)\\\["), re.compile(r"\\\]"))
_DOLLARS = re.compile(r"\$\$[^$]{0,4000}\$\$")
_NO_PROSE = re.compile(
    r"\\(?:label|vspace|hspace|includegraphics|bibliographystyle|setlength|addtolength|"
    r"renewcommand|newcommand|usepackage|input|pagestyle|thispagestyle|hypersetup|graphicspath|"
    r"markboth|fancyhead|fancyfoot|setcounter|captionsetup|lstset|definecolor|cline|cmidrule|"
    r"resizebox|scalebox|rotatebox|vskip|hskip|linespread|orcid|email|corref|fnref|cortext|"
    r"maketitle|newpage|clearpage|tableofcontents|balance|IEEEpeerreviewmaketitle|twocolumn|onecolumn|"
    r"centering|and|AND|And)(?![A-Za-z])\*?\s*(?:\[[^\[\]]{0,300}\]\s*)*"
    r"(?:\{[^{}]{0,300}\}|(?=\W))"
)
_KNOWN_COMMANDS = {
    "abstract": "abstract", "keywords": "front", "icmlkeywords": "front", "author": "front",
    "affiliation": "front", "address": "front", "institute": "front",
    "dataavailability": "availability", "codeavailability": "availability",
    "funding": "acknowledgements", "conflictsofinterest": "acknowledgements",
    "authorcontributions": "acknowledgements", "supplementary": "appendix",
    "institutionalreview": "acknowledgements",
}  # fmt: skip
_URL_IN_TABLE = re.compile(r"\\(?:url|href)\s*\{[^{}\s]{1,300}\}(?:\s*\{[^{}]{0,100}\})?")
_SENTENCE_START = re.compile(r"[.!?]['’”)]*(?:\s*\ufdd0\d+\ufdd1)*\s+(?=[A-Z\\])")


def read_latex(text: str) -> Document:
    r"""Return the paper in a LaTeX document.

    Parameters
    ----------
    text : str
        As `whole_text` gives it.

    Examples
    --------
    >>> paper = read_latex(r"\title{Moons}\begin{document}\section{Data availability} See "
    ...                    r"\url{https://a.org/b_c}.\end{document}")
    >>> [(part.section, part.text) for part in paper.parts]
    [('title', 'Moons'), ('availability', 'See https://a.org/b_c.')]
    """
    return _Reader(_without_formulas(text)).read()


def _without_formulas(text: str) -> str:
    """Return LaTeX without displayed formulas, drawings and tables, but with links in these."""
    parts, at = [], 0
    endless: set[str] = set()
    while match := _DROPPED.search(text, at):
        parts.append(text[at : match.start()])
        name = f"\\end{{{match[1]}{match[2]}}}"
        end = -1 if name in endless else text.find(name, match.end())
        if end < 0:
            endless.add(name)
            at = match.end()
            continue
        inside = text[match.end() : end]
        if "\\url" in inside or "\\href" in inside:
            parts += [f" {link[0]} " for link in _URL_IN_TABLE.finditer(inside)]
        parts.append(" ")
        at = end
    text = "".join([*parts, text[at:]])
    return without_spans(_DOLLARS.sub(" ", text), *_DISPLAY)


class _Reader:
    """Reads one document from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.braces = brace_pairs(text)
        self.outline = Outline("front")
        self.title = ""
        self.front: list[str] = []
        self._pieces: list[str] = []
        self._notes: list[tuple[str, str]] = []

    def read(self) -> Document:
        text = self.text
        start = text.find(r"\begin{document}")
        end = text.find(r"\end{document}", max(start, 0))
        self._walk(0, start if start >= 0 else 0, preamble=True)
        self.outline.open("body")
        self._walk(max(start, 0), end if end >= 0 else len(text))
        self._end_paragraph()
        parts = self.outline.close()
        known = [Part("title", self.title)] if self.title else []
        if self.front:
            known.append(Part("front", "\n".join(self.front)))
        return Document(known + parts, title=self.title)

    def _walk(self, at: int, end: int, *, preamble: bool = False) -> None:
        while match := _COMMAND.search(self.text, at, end):
            if not preamble:
                self._pieces.append(self.text[at : match.start()])
            at = self._take(match, end, preamble)
        if not preamble:
            self._pieces.append(self.text[at:end])

    def _take(self, match: re.Match[str], end: int, preamble: bool) -> int:
        """Read one command, and return where the text goes on."""
        if match["gap"]:
            self._end_paragraph()
            return match.end()
        if match["edge"]:
            self._environment(match["edge"], match["environment"])
            return match.end()
        name = match["name"].rstrip("*")
        if name == "bibitem":
            self._end_paragraph()
            close = self.braces.get(match.end() - 1) if match["brace"] else None
            return match.end() if close is None else close + 1
        if not match["brace"]:
            if name in ("appendix", "appendices"):
                self._end_paragraph()
                self.outline.open("appendix")
            elif name.startswith(("acknowledg", "ack")) and not preamble:
                self._end_paragraph()
                self.outline.add_heading("Acknowledgements", known="acknowledgements")
            return match.end()
        close = self.braces.get(match.end() - 1)
        if close is None or close > end or close - match.end() > _MAX_ARGUMENT:
            return match.end()
        self._argument(name, self.text[match.end() : close], preamble)
        return close + 1

    def _argument(self, name: str, content: str, preamble: bool) -> None:
        if name == "title":
            self.title = self.title or _plain(_without_notes(content))
            self._notes += [(one, "apart") for one in _notes_in(content)]
            self._flush_notes("")
        elif name in ("footnote", "footnotetext", "thanks", "authornote", "titlenote"):
            self._notes.append((content, "" if name == "footnote" else "apart"))
            self._pieces.append(
                f" \ue010{len(self._notes) - 1}\ue011 " if name == "footnote" else " "
            )
            if preamble:
                self._flush_notes("")
        elif name == "caption":
            kept, self._pieces = self._pieces, [content]
            self._end_paragraph()
            self._pieces = kept
        elif known := _KNOWN_COMMANDS.get(name):
            if known == "front":
                self.front += [line for line in [_plain(_without_notes(content))] if line]
                self._notes += [(one, "apart") for one in _notes_in(content)]
                self._flush_notes("")
            else:
                before = self.outline.section, self.outline.heading
                self._end_paragraph()
                self.outline.open(known, name)
                for paragraph in re.split(r"\n\s*\n", content):
                    self._pieces = [paragraph]
                    self._end_paragraph()
                self.outline.open(*before)
        elif name in ("acknowledgements", "acknowledgments", "acknowledgement", "acknowledgment",
                      "ack", "acks"):  # fmt: skip
            before = self.outline.section, self.outline.heading
            self._end_paragraph()
            self.outline.open("acknowledgements", "Acknowledgements")
            self._pieces = [content]
            self._end_paragraph()
            self.outline.open(*before)
        elif not preamble:
            self._end_paragraph()
            heading = _plain(_without_notes(content))
            if name.endswith("paragraph") and section_of(heading) is None:
                self._pieces.append(f"{heading} ")
            else:
                self.outline.add_heading(heading)
            self._notes += [(one, "apart") for one in _notes_in(content)]
            self._flush_notes(heading)

    def _environment(self, edge: str, name: str) -> None:
        section = _ENVIRONMENTS.get(name)
        if section is None:
            if edge == "begin" and name not in ("figure", "table", "center", "document"):
                self._pieces.append(" ")
            elif name == "document":
                self._pieces = []
            return
        self._end_paragraph()
        if edge == "begin":
            self.outline.open(section, "" if section == "front" else section.capitalize())
        elif section != "appendix":
            self.outline.open("body")

    def _end_paragraph(self) -> None:
        raw = "".join(self._pieces)
        self._pieces = []
        if not raw.strip():
            self._flush_notes("")
            return
        text = _plain(raw)
        self._flush_notes(text)
        self.outline.add(_MARK.sub("", text))

    def _flush_notes(self, paragraph: str) -> None:
        for number, (content, apart) in enumerate(self._notes):
            anchor = "" if apart else _sentence_at(paragraph, f"\ufdd0{number}\ufdd1")
            self.outline.add_footnote(_plain(content), anchor)
        self._notes = []


_MARK = re.compile(r"\s*\ufdd0\d+\ufdd1(?:\s*(?=[.,;:)]))?")
_NOTE = re.compile(
    r"\\(?:footnote|thanks|footnotemark|tnoteref|fnref)\s*(?:\[[^\[\]]{0,100}\]\s*)?(\{)?"
)


def _without_notes(content: str) -> str:
    parts, at = [], 0
    braces = brace_pairs(content)
    for match in _NOTE.finditer(content):
        if match.start() < at:
            continue
        close = braces.get(match.end() - 1) if match[1] else match.end() - 1
        if close is None:
            continue
        parts.append(content[at : match.start()])
        at = close + 1
    return "".join([*parts, content[at:]])


def _notes_in(content: str) -> list[str]:
    found = []
    braces = brace_pairs(content) if "\\" in content else {}
    for match in _NOTE.finditer(content):
        close = braces.get(match.end() - 1) if match[1] else None
        if close is not None:
            found.append(content[match.end() : close])
    return found


def _sentence_at(paragraph: str, mark: str) -> str:
    """Return the sentence of a paragraph at which a footnote stands."""
    at = paragraph.find(mark)
    if at < 0:
        return ""
    before = paragraph[max(0, at - 600) : at]
    # A footnote after the full stop belongs to the sentence before it.
    starts = [hit.end() for hit in _SENTENCE_START.finditer(before.rstrip()[:-1] + " ")]
    after = paragraph[at + len(mark) : at + 300]
    ended = before.rstrip().endswith((".", "!", "?"))
    stop = re.search(r"[.!?](?=\s|$)", after)
    tail = "" if ended else after[: stop.end()] if stop else after
    return _MARK.sub("", before[starts[-1] if starts else 0 :].rstrip() + tail)


def _plain(raw: str) -> str:
    """Return LaTeX as text on one line; footnotes stay as marks."""
    raw = raw[:_MAX_PARAGRAPH].replace("\ue010", "\ufdd0").replace("\ue011", "\ufdd1")
    if "\\" in raw:
        raw = _NO_PROSE.sub(" ", raw)
    return clean_text(raw)
