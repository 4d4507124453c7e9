r"""The files of a LaTeX source put together: main file, \input, comments, the paper's own macros.

Nothing is executed: files are searched in the source alone, macros without arguments are replaced
as text, and every expansion is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from toolkit.errors import DataError
from toolkit.fulltext.latex_references import with_references

#: Most characters of a paper with all its files in place.
MAX_CHARACTERS = 8_000_000
_MAX_DEPTH = 20
_MAX_INPUTS = 2_000
_COMMENT = re.compile(
    r"(\\(?:url|path|href|nolinkurl)\s*\{[^{}\n]*\})|(?<!\\)((?:\\\\)*)%[^\n]*(\n[ \t]*)?"
)
_HIDDEN = (
    (re.compile(r"\\begin\s*\{comment\}"), re.compile(r"\\end\s*\{comment\}")),
    (re.compile(r"\\iffalse\b"), re.compile(r"\\fi\b")),
)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|InputIfFileExists|subfileinclude)\s*(?:\{\s*([^{}\n]{1,300}?)\s*\}|\s([\w./-]{1,300}))"
    r"|\\(?:import|subimport|includefrom|inputfrom)\*?\s*\{([^{}\n]{0,300})\}\s*\{([^{}\n]{1,300})\}"
)
_CLASS = re.compile(r"^[^%\n]*\\document(?:class|style)\b", re.MULTILINE)
_BEGIN = re.compile(r"^[^%\n]*\\begin\s*\{document\}", re.MULTILINE)
_LIKELY = ("main", "paper", "ms", "article", "manuscript", "root", "arxiv", "top")
_SPOILT = ("supp", "response", "rebuttal", "cover", "template", "sample", "letter", "poster")
_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?\s*(?=\{)"
    r"|\\def\s*\\([A-Za-z]+)\s*(?=\{)"
)
_MAX_MACRO = 400
_MAX_MACROS = 3_000
_MAX_ROUNDS = 3


def whole_text(files: Mapping[str, str], source: str, *, main: str | None = None) -> str:
    r"""Return a paper's LaTeX in one text: files in place of \input, without comments.

    Parameters
    ----------
    files : mapping of str to str
        Texts by name, as `read_source` gives them.
    source : str
        For messages.
    main : str, optional
        The name of the file that TeX is called on; found where not given.

    Raises
    ------
    DataError
        No file is a LaTeX document, files include each other in a circle, or the whole is too
        long.
    """
    main = main if main in files else main_file(files)
    if main is None:
        raise DataError(
            "no LaTeX document in this source",
            source=source,
            found=sorted(files)[:5],
            expected=r"a .tex file with \documentclass and \begin{document}",
            hint="Give the folder or archive that the paper is made from, or its PDF",
        )
    clean = {name: without_comments(text) for name, text in files.items() if _is_tex(name)}
    clean.setdefault(main, without_comments(files[main]))
    text = _Inputs(clean, source).expand(main, ())
    text = with_references(text, files, main)
    return with_own_macros(text)


def main_file(files: Mapping[str, str]) -> str | None:
    r"""Return the name of the file that TeX would be called on, None where there is none."""
    heads = {name: text[:200_000] for name, text in files.items() if _is_tex(name)}
    documents = [name for name, text in heads.items() if _CLASS.search(text)]
    documents = [name for name in documents if _BEGIN.search(files[name])] or documents
    if not documents:
        plain = [name for name, text in heads.items() if r"\begin{document}" in text
                 or r"\section" in text]  # fmt: skip
        return max(plain, key=lambda name: len(files[name]), default=None)
    included = {
        PurePosixPath(found).stem
        for text in files.values()
        for match in _INPUT.finditer(text)
        if (found := match[1] or match[2] or match[4])
    }

    def rank(name: str) -> tuple[bool, bool, bool, bool, int, int, str]:
        stem = PurePosixPath(name).stem.lower()
        return (
            r"\documentclass[tikz" not in heads[name] and "{standalone}" not in heads[name],
            not any(word in stem for word in _SPOILT),
            PurePosixPath(name).stem not in included,
            r"\title" in files[name] or r"\maketitle" in files[name],
            -name.count("/"),
            (stem in _LIKELY) * 1_000_000 + len(files[name]),
            name,
        )

    return max(documents, key=rank)


def without_comments(text: str) -> str:
    r"""Return LaTeX without what TeX does not read.

    Examples
    --------
    >>> without_comments("50\\% of % half\nthem, \\url{http://a.b/%20c}")
    '50\\% of them, \\url{http://a.b/%20c}'
    """
    if "%" in text:
        text = _COMMENT.sub(_uncomment, text)
    if "{comment}" in text or r"\iffalse" in text:
        for beginning, end in _HIDDEN:
            text = without_spans(text, beginning, end)
    return text


def without_spans(text: str, beginning: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Return a text without what stands from each beginning to its end; linear in its length."""
    parts, at = [], 0
    while start := beginning.search(text, at):
        close = end.search(text, start.end())
        if close is None:
            break
        parts += [text[at : start.start()], " "]
        at = close.end()
    return "".join([*parts, text[at:]])


def _uncomment(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    # A comment alone on its line leaves no empty line, which would end the paragraph.
    return match[2] or ""


def _is_tex(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in (".tex", ".ltx", ".latex", ".txt", "")


def names_of_inputs(text: str) -> list[str]:
    r"""Return the names that \input and its like give, in order.

    Examples
    --------
    >>> names_of_inputs(r"\input{intro} \import{parts/}{end.tex} % \input{old}")
    ['intro', 'parts/end.tex']
    """
    found = []
    for match in _INPUT.finditer(without_comments(text)):
        wanted = match[1] or match[2] or f"{match[3].rstrip('/')}/{match[4]}"
        found.append(wanted.strip("\"' "))
    return found


class _Inputs:
    r"""Puts files in place of \input, within limits."""

    def __init__(self, files: Mapping[str, str], source: str) -> None:
        self._files, self._source = files, source
        self._by_name = {name.lower().removesuffix(".tex"): name for name in reversed(list(files))}
        self._count = self._size = 0

    def expand(self, name: str, above: tuple[str, ...]) -> str:
        if name in above or len(above) >= _MAX_DEPTH:
            circle = " → ".join([*above, name][-6:])
            raise DataError(
                "files that include each other in a circle",
                source=self._source,
                found=circle,
                hint=r"Remove the \input that leads back",
            )
        self._count += 1
        self._size += len(self._files[name])
        if self._count > _MAX_INPUTS or self._size > MAX_CHARACTERS:
            raise DataError(
                r"too long once the files of \input are in place",
                source=self._source,
                found=f"{self._count:,} files, {self._size:,} characters",
                expected=f"at most {_MAX_INPUTS:,} and {MAX_CHARACTERS:,}",
                hint="Give the source of one paper",
            )
        folder = PurePosixPath(name).parent

        def put(match: re.Match[str]) -> str:
            wanted = match[1] or match[2]
            if wanted is None:
                wanted = f"{match[3].rstrip('/')}/{match[4]}".lstrip("/")
            found = self._find(wanted, folder)
            return "\n" + self.expand(found, (*above, name)) + "\n" if found else " "

        return _INPUT.sub(put, self._files[name])

    def _find(self, wanted: str, folder: PurePosixPath) -> str | None:
        key = PurePosixPath(wanted.strip("\"' ")).as_posix().lower().removesuffix(".tex")
        key = key.removeprefix("./")
        for candidate in (key, f"{folder.as_posix().lower()}/{key}".removeprefix("./")):
            if candidate in self._by_name:
                return self._by_name[candidate]
        return None


def with_own_macros(text: str) -> str:
    r"""Return LaTeX in which the paper's macros without arguments are replaced by what they mean.

    A link is often one: ``\newcommand{\repo}{\url{https://…}}``.

    Examples
    --------
    >>> with_own_macros(r"\newcommand{\ours}{MoonNet\xspace} \ours wins.").split()
    ['MoonNet', 'wins.']
    """
    macros: dict[str, str] = {}
    cuts: list[tuple[int, int]] = []
    braces = brace_pairs(text)
    for match in _MACRO.finditer(text):
        end = braces.get(match.end())
        if end is None or end - match.end() > _MAX_MACRO or len(macros) >= _MAX_MACROS:
            continue
        meaning = text[match.end() + 1 : end]
        if "#" in meaning or "\n\n" in meaning or "\\begin" in meaning:
            continue
        macros[match[1] or match[2]] = meaning.replace(r"\xspace", "").strip()
        cuts.append((match.start(), end + 1))
    if not macros:
        return text
    kept, at = [], 0
    for start, end in cuts:
        if start >= at:
            kept.append(text[at:start])
            at = end
    text = "".join([*kept, text[at:]])
    names = "|".join(sorted(map(re.escape, macros), key=len, reverse=True))
    use = re.compile(rf"\\({names})(?![A-Za-z])(?:\{{\}})?")
    for _ in range(_MAX_ROUNDS):
        size = sum(len(macros[match[1]]) for match in use.finditer(text))
        if not size or len(text) + size > MAX_CHARACTERS:
            break
        text = use.sub(lambda match: macros[match[1]], text)
    return text


def brace_pairs(text: str) -> dict[int, int]:
    r"""Return where each opening brace is closed, by its own place.

    Examples
    --------
    >>> brace_pairs(r"{a{b}\}c}d")
    {2: 4, 0: 8}
    """
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
