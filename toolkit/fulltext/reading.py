"""One file → the paper in it, for all formats but PDF.

Imported late because `formats` brings heavy libraries, which the child processes that read PDFs
do without.
"""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import DataError
from toolkit.fulltext.archives import decoded, read_source
from toolkit.fulltext.documents import Document
from toolkit.fulltext.finding import xml_kind
from toolkit.fulltext.jats import read_jats
from toolkit.fulltext.latex_document import read_latex
from toolkit.fulltext.latex_files import whole_text
from toolkit.fulltext.tei import read_tei
from toolkit.fulltext.web_page import read_html

#: Largest web page or XML file, in bytes.
_MAX_BYTES = 50 << 20


def read_document(path: Path, kind: str) -> Document:
    """Return the paper in a file or folder that is no PDF; `kind` as `kind_of` gives it.

    Raises
    ------
    DataError
        It cannot be read; the message says why and what to do.
    """
    try:
        if kind == "latex":
            main = path.name if path.suffix.lower() in (".tex", ".ltx", ".latex") else None
            text = whole_text(read_source(path), str(path), main=main)
            return _checked(read_latex(text), path)
        return _checked(_read_markup(path, kind), path)
    except OSError as error:
        raise DataError(
            f"cannot be read ({error.strerror or error})",
            source=path,
            hint="Check that the file is there and that you may read it",
        ) from error


def _read_markup(path: Path, kind: str) -> Document:
    size = path.stat().st_size
    if size > _MAX_BYTES:
        raise DataError(
            "too large for a paper",
            source=path,
            found=f"{size >> 20} MB",
            expected=f"at most {_MAX_BYTES >> 20} MB",
        )
    text = decoded(path.read_bytes())
    if text is None:
        raise DataError("a binary file, not text", source=path, hint="Download it again")
    if kind == "xml":
        kind = xml_kind(text, str(path))
    return {"html": read_html, "jats": read_jats, "tei": read_tei}[kind](text, str(path))


def _checked(document: Document, path: Path) -> Document:
    if not any(part.section != "title" for part in document.parts):
        raise DataError("no text in it", source=path, hint="Look at the file; download it again")
    return document
