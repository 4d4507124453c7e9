"""Turns what `load` is given (paths, a glob pattern, text) into named content to read."""

from __future__ import annotations

import glob
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from toolkit.errors import DataError
from toolkit.files import name_as_text
from toolkit.formats.encodings import decode_any
from toolkit.formats.unpacking import read_at_most, unpacked
from toolkit.papers.identifiers import parse_arxiv_id
from toolkit.storage.manifest import MANIFEST

HEAD_BYTES = 1 << 16
#: Largest text read in one piece; larger files are read in blocks (JSON Lines) or refused.
MAX_TEXT_BYTES = 1 << 30
_MAX_PATH = 4096
_ADDRESS = re.compile(
    r"\s*(?:[a-z]{2,9}:/|www\.|(?:export\.)?arxiv\.org\b|huggingface\.co\b)", re.I
)
_MAKE = 'A table or records of your own: toolkit.papers.schema.make_papers(records, source="mine")'
_ZOTERO = "zotero.sqlite"
_TEXT_STARTS = ("{", "[", "<", "@")
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, or a damaged .xls)",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x80\x04\x95": "a Python pickle",
    b"\x93NUMPY": "a NumPy array",
}
_OF_PDF = (
    "Export the records in one of these formats; then toolkit.read_fulltext reads the PDFs of "
    "these papers"
)


@dataclass(frozen=True)
class Input:
    """One file, folder or text to load.

    Parameters
    ----------
    name : str
        Its name in messages.
    path : Path, optional
        The file or folder.
    text : str, optional
        The text, where no file was given.
    by_name : bool
        Whether the caller named it, and did not only name its folder or a pattern; what else lies
        in a folder may be no list of papers.
    origin : str, optional
        What the caller calls the source of its papers.
    folders : int
        So many folders above it are named in its label, to tell files of one name apart.
    """

    name: str
    path: Path | None = None
    text: str | None = None
    by_name: bool = True
    origin: str | None = None
    folders: int = 0

    @property
    def label(self) -> str:
        """The name of the file, for the column `origin`, whose entries are joined by ``; ``."""
        if self.path is None:
            return "pasted text"
        parts = self.path.absolute().parts[1:] or (self.path.name,)
        return name_as_text("/".join(parts[-1 - self.folders :])).replace("; ", ", ")

    def head(self) -> bytes:
        """Return the first bytes of the content, decompressed."""
        if self.text is not None:
            return self.text[:HEAD_BYTES].encode("utf-8", "replace")
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def read_text(self) -> str:
        r"""Return the whole content as text; line ends become ``\n``.

        Raises
        ------
        DataError
            Binary, or too large for one piece.
        """
        if self.text is not None:
            return _one_line_end(self.text.removeprefix("\ufeff"))
        with self.open() as stream:
            raw = read_at_most(stream, MAX_TEXT_BYTES + 1)
        if len(raw) > MAX_TEXT_BYTES:
            raise DataError(
                "too large to read in one piece",
                source=self.name,
                found=f"more than {MAX_TEXT_BYTES >> 20} MB",
                hint="Split the file, or convert it to JSON Lines",
            )
        return _one_line_end(decode(raw, self.name))

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the content as bytes; gzip and ZIP archives of one file are decompressed."""
        if self.text is not None:
            yield io.BytesIO(self.text.encode("utf-8", "replace"))
            return
        assert self.path is not None
        try:
            with unpacked(self.path, self.name) as stream:
                yield stream
        except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
            raise DataError(
                f"the archive is damaged or cut off ({error})",
                source=self.name,
                hint="Download or copy it again",
            ) from error
        except OSError as error:
            raise DataError(
                f"cannot be read ({error.strerror or error})",
                source=self.name,
                hint="Check that the file is there and that you may read it",
            ) from error


def find_inputs(given: Any) -> list[Input]:
    """Return the inputs that `load` was given, in order.

    Raises
    ------
    DataError
        Nothing found, or neither a path nor text.
    """
    if isinstance(given, Sequence) and not isinstance(given, str | bytes | bytearray):
        if not given:
            raise DataError("nothing to load", found="an empty list", expected="paths or text")
        return [found for item in given for found in find_inputs(item)]
    if isinstance(given, Path):
        return _from_path(given)
    if not isinstance(given, str):
        raise DataError(
            "cannot be loaded",
            found=type(given).__name__,
            expected="a path, a list of paths, a glob pattern, or the text of a page",
            hint=_MAKE,
        )
    if not given.strip():
        raise DataError("nothing to load", found=given, expected="a path, or the text of a page")
    if _is_text(given):
        return [Input("the given text", text=given)]
    path = Path(given).expanduser()
    if not _exists(path):
        _refuse_address(given)
    if not _exists(path) and any(sign in given for sign in "*?["):
        hits = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  (absolute patterns too)
        if not hits:
            raise DataError("no file fits the pattern", found=given, hint="Check the folder")
        found = [one for hit in hits for one in _from_path(Path(hit))]
        return [replace(one, by_name=False) for one in found]
    return _from_path(path)


def decode(raw: bytes, name: str) -> str:
    """Return bytes as text, in whatever encoding they are.

    Raises
    ------
    DataError
        They are no text.
    """
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise DataError(
                f"this is {what}, not text",
                source=name,
                expected="a papers page, JSON Lines, BibTeX, RIS, CSV, XLSX or Parquet",
                hint=_OF_PDF
                if raw.startswith(b"%PDF")
                else "Export the records in one of these formats",
            )
    text = decode_any(raw)
    if text is None:
        raise DataError(
            "a binary file, not text",
            source=name,
            found=raw[:20],
            expected="text",
            hint="Export the records as CSV, RIS, BibTeX or XLSX",
        )
    return text


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_text(given: str) -> bool:
    if "\n" in given or "\r" in given or "\x00" in given or len(given) > _MAX_PATH:
        return True
    return given.lstrip("\ufeff \t").startswith(_TEXT_STARTS) and not _exists(Path(given))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _refuse_address(given: str) -> None:
    """Raise an error for a web address or arXiv id; it names the call that fetches it."""
    arxiv_id = parse_arxiv_id(given)
    if arxiv_id is None and not _ADDRESS.match(given):
        return
    save = "ave the page or file (Ctrl+S) and load that: toolkit.load(path)"
    hint = f"S{save}"
    if arxiv_id is not None:
        hint = f'Fetch the paper with toolkit.fetch_arxiv(ids=["{arxiv_id}"])'
    elif "arxiv.org" in given.lower():
        hint = 'Fetch papers with toolkit.fetch_arxiv("cat:cs.CL", limit=100)'
    elif "huggingface.co" in given.lower():
        hint = f'Fetch papers with toolkit.fetch_hf_papers(since="2026-01-01"), or s{save}'
    elif "zotero.org" in given.lower():
        hint = 'Fetch a library with toolkit.fetch("zotero", "users/123") or "groups/456"'
    raise DataError(
        "load reads files and pasted text, not web addresses",
        found=given.strip(),
        hint=hint,
    )


def _from_path(path: Path) -> list[Input]:
    if _exists(path):
        if not path.is_file() and not path.is_dir():
            raise DataError(
                "neither a file nor a folder, but a pipe or a device",
                source=str(path),
                hint="Save what comes out of it as a file",
            )
        if (database := path / _ZOTERO).is_file():
            # Zotero's data folder: what else lies in it are files of papers and backups.
            return [Input(str(database), path=database)]
        is_exports = path.is_dir() and not (path / MANIFEST).exists()
        return _in_folder(path) if is_exports else [Input(str(path), path=path)]
    _refuse_address(str(path).replace(":/", "://"))
    looks_like_path = "/" in str(path) or "\\" in str(path) or len(path.suffix) in (3, 4, 5, 6)
    if looks_like_path and " " not in path.suffix:
        raise DataError(
            "there is no such file or folder",
            source=str(path),
            hint="Check the spelling"
            + ("" if path.is_absolute() else f"; relative paths start at {Path.cwd().name}/"),
        )
    raise DataError(
        "no such file or folder, and not the text of a papers page",
        found=str(path),
        expected="the path of a file or folder, or a page pasted with its line breaks",
    )


def _in_folder(folder: Path) -> list[Input]:
    """Return the files and collections in a folder of exports, sorted by name."""
    found: list[Input] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        if path.is_file() or (path / MANIFEST).exists():
            found.append(Input(str(path), path=path, by_name=False))
        elif path.is_dir() and not path.is_symlink():
            found += _in_folder(path)
    return found
