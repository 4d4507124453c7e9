"""Which files `read_fulltext` was given, and what each of them is."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.errors import DataError

#: Files of a folder that may be full texts, by the end of their names.
_SUFFIXES = (
    ".pdf", ".xml", ".nxml", ".tei", ".html", ".htm", ".xhtml", ".tar.gz", ".tgz", ".tar", ".zip",
    ".gz", ".tex",
)  # fmt: skip
_MAX_FILES = 1_000_000
_CLASS = re.compile(rb"^[^%\n]*\\document(?:class|style)\b", re.MULTILINE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(article|TEI|teiCorpus|pmc-articleset|html)\b", re.IGNORECASE)
#: Letters of the longest pattern of paths.
_LONGEST = 4096


@dataclass(frozen=True)
class Source:
    """A file or folder that holds one paper.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str
        As the column `file` and messages name it: the path as given.
    by_name : bool
        Whether the caller named it, and not only its folder or a pattern.
    """

    path: Path
    name: str
    by_name: bool


def find_sources(given: Any) -> list[Source]:
    """Return the papers that `read_fulltext` was given, in order, each once.

    Raises
    ------
    DataError
        Nothing is there, or it is neither a path nor a list of paths.
    """
    if isinstance(given, str | Path):
        given = [given]
    if not isinstance(given, Sequence) or isinstance(given, bytes | bytearray):
        raise DataError(
            "not the path of full texts",
            argument="paths",
            found=type(given).__name__,
            expected="a path, a list of paths, a folder or a glob pattern",
        )
    found: dict[Path, Source] = {}
    for one in given:
        for source in _from_one(one):
            found.setdefault(source.path, source)
    if not found:
        raise DataError(
            "no full text there",
            argument="paths",
            found=[str(one) for one in given][:3],
            expected="PDF, LaTeX source (.tex, .tar.gz, .zip, folder), HTML, JATS or TEI XML",
        )
    return list(found.values())


def _from_one(one: Any) -> list[Source]:
    if not isinstance(one, str | Path) or not str(one).strip():
        raise DataError(
            "not a path", argument="paths", found=one, expected="a path as text or Path"
        )
    path = Path(one).expanduser()
    try:
        there = path.is_file() or path.is_dir()  # nothing that can be waited for, as a pipe
    except (OSError, ValueError):
        there = False
    if there:
        return _in_folder(path) if path.is_dir() else [Source(path, str(one), True)]
    if len(str(one)) <= _LONGEST and any(sign in str(one) for sign in "*?["):
        hits = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  (absolute patterns too)
        found = [source for hit in hits for source in _from_one(hit)]
        if found:
            return [Source(source.path, source.name, False) for source in found]
    address = re.match(r"\s*(?:https?:/|arxiv:|10\.\d{4,}/)", str(one), re.IGNORECASE)
    raise DataError(
        "read_fulltext reads files, not web addresses or ids" if address else "no such file",
        source=str(one),
        hint="Download the file, and give its path" if address else "Check the spelling",
    )


def _in_folder(folder: Path, depth: int = 0) -> list[Source]:
    """Return the papers in a folder; one that holds a LaTeX document is one paper."""
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", source=folder) from error
    documents = [path for path in entries if path.suffix.lower() == ".tex" and _is_document(path)]
    if documents and not all(re.match(r"\d{4}\.\d{4,5}", path.name) for path in documents):
        return [Source(folder, str(folder), depth == 0)]
    found: list[Source] = []
    for path in entries:
        if path.is_dir():
            if not path.is_symlink() and depth < 8:
                found += _in_folder(path, depth + 1)
        elif path.name.lower().endswith(_SUFFIXES):
            found.append(Source(path, str(path), False))
        if len(found) > _MAX_FILES:
            break
    return found


def _is_document(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _CLASS.search(file.read(200_000)) is not None


def kind_of(path: Path) -> str:
    """Return what a file is, by its content: pdf, latex, xml, html.

    Raises
    ------
    DataError
        None of these.
    """
    if path.is_dir():
        return "latex"
    with path.open("rb") as file:
        start = file.read(4096)
    if start[:4] == b"PK\x03\x04" or start[:2] == b"\x1f\x8b" or start[257:262] == b"ustar":
        return "latex"
    if b"%PDF-" in start[:1024]:
        return "pdf"
    head = start.replace(b"\x00", b"").decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        return (
            "html"
            if re.match(r"(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", head, re.I | re.S)
            else "xml"
        )
    if path.suffix.lower() in (".tex", ".ltx", ".latex") or b"\\documentclass" in start:
        return "latex"
    if path.suffix.lower() in (".html", ".htm", ".xhtml"):
        return "html"
    if not start:
        raise DataError("an empty file", source=path, hint="Download it again")
    raise DataError(
        "no full text that can be read",
        source=path,
        found=start[:30],
        expected="PDF, LaTeX source, HTML, JATS or TEI XML",
        hint="Save Word documents as PDF; lists of papers are for toolkit.load",
    )


def xml_kind(text: str, source: str) -> str:
    """Return which format of XML a text is: jats, tei or html.

    Raises
    ------
    DataError
        None of these.
    """
    found = _ROOT.search(text[:200_000])
    if found is None:
        raise DataError(
            "XML that is no full text",
            source=source,
            expected="JATS (<article>) or TEI (<TEI>)",
            hint="Lists of papers are for toolkit.load",
        )
    name = found[1].lower()
    if name == "html":
        return "html"
    return "tei" if name.startswith("tei") else "jats"
