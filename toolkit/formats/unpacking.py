"""Opens files of any kind as bytes, within bounds: what is small packed may be endless unpacked."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING

from toolkit.errors import DataError

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: Unpacked, a file has at most so many times its bytes; exports have 3 to 20 times.
_TIMES, _ALWAYS = 60, 64 << 20
#: The largest table of a workbook, in cells, the empty ones between filled ones included.
MAX_CELLS = 100_000_000
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


class Limited(io.RawIOBase):
    """A stream that gives at most so many bytes, and an error after them.

    Parameters
    ----------
    stream : file of bytes
    most : int
        In bytes.
    error : DataError
        What is raised after them.
    """

    def __init__(self, stream: IO[bytes], most: int, error: DataError) -> None:
        self._stream, self._left, self._error = stream, most, error

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Read into a buffer and return how many bytes were read."""
        view = memoryview(buffer)
        raw = self._stream.read(len(view))
        view[: len(raw)] = raw
        self._left -= len(raw)
        if self._left < 0:
            raise self._error
        return len(raw)


def most_unpacked(path: Path) -> int:
    """Return how many bytes a file may hold when unpacked."""
    return max(_ALWAYS, _TIMES * path.stat().st_size)


def too_large(source: str, most: int) -> DataError:
    """Return the error for what grows beyond its bounds when unpacked."""
    return DataError(
        "far larger when unpacked than a file of papers",
        source=source,
        found=f"more than {most >> 20} MB",
        expected=f"at most {_TIMES} times the size of the file",
        hint="It may be made to fill the memory. If you trust it, unpack it yourself and load that",
    )


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file; gzip and ZIP archives of one file are decompressed within bounds.

    Raises
    ------
    DataError
        An archive of several files, with a name outside itself, or that is too large unpacked.
    """
    with path.open("rb") as plain:
        start = plain.read(4)
        plain.seek(0)
        if start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=plain) as stream:
                yield _limited(stream, path, name)  # type: ignore[arg-type]
        elif start == b"PK\x03\x04" and not is_workbook(path):
            with (
                zipfile.ZipFile(plain) as archive,
                archive.open(_only_file(archive, name)) as inside,
            ):
                yield _limited(inside, path, name)
        else:
            yield plain


def _limited(stream: IO[bytes], path: Path, name: str) -> IO[bytes]:
    most = most_unpacked(path)
    return io.BufferedReader(Limited(stream, most, too_large(name, most)), 1 << 20)


def _only_file(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    names = [item for item in archive.infolist() if not item.is_dir()]
    if any(item.filename == "word/document.xml" for item in names):
        raise DataError(
            "this is a Word document",
            source=name,
            expected="a papers page, JSON Lines, BibTeX, RIS, CSV, XLSX or Parquet",
            hint="Export the records in one of these formats, or paste the text",
        )
    if len(names) != 1:
        raise DataError(
            "a ZIP archive of several files",
            source=name,
            found=[item.filename for item in names[:5]],
            hint="Unpack it and load the files you want",
        )
    inside = names[0].filename
    if leads_out(inside):
        raise DataError(
            "the archive holds a file outside itself",
            source=name,
            found=inside,
            expected="names below the archive",
            hint="Do not unpack it; get the file from a source you trust",
        )
    return names[0]


def leads_out(name: str) -> bool:
    r"""Return whether a name in an archive is a place outside it.

    Examples
    --------
    >>> leads_out("../evil.csv"), leads_out(r"C:\evil.csv"), leads_out("a..b/c.csv")
    (True, True, False)
    """
    path, windows = PurePosixPath(name), PureWindowsPath(name)
    return path.is_absolute() or bool(windows.anchor) or ".." in windows.parts


def read_at_most(stream: IO[bytes], most: int) -> bytes:
    """Return the content of a stream, at most so many bytes; memory grows with what is there."""
    blocks = []
    while most > 0 and (block := stream.read(min(most, 1 << 20))):
        blocks.append(block)
        most -= len(block)
    return b"".join(blocks)


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook: of Excel, old or new, or of LibreOffice."""
    try:
        with path.open("rb") as file:
            if file.read(8) == _OLD_OFFICE:
                return True
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as kind:
                    return kind.read(len(_SPREADSHEET)) == _SPREADSHEET
            return bool({"xl/workbook.xml", "xl/workbook.bin"} & set(names))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return False


def check_workbook(path: Path, name: str) -> None:
    """Raise a DataError for a workbook that would fill the memory when it is read.

    A single cell far off makes a table of all cells before it: one at XFD1048576, 17 billion.
    """
    if not zipfile.is_zipfile(path):
        return
    most = most_unpacked(path)
    # What is damaged, its reader tells of.
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > most:
            raise too_large(name, most)
        for item in archive.infolist():
            if item.filename.startswith("xl/worksheets/") and item.filename.endswith(".xml"):
                with archive.open(item) as file:
                    cells = _box(_limited(file, path, name))
                if cells > MAX_CELLS:
                    raise _too_many_cells(name, cells)


def _box(file: IO[bytes]) -> int:
    """Return the cells of the smallest table with all filled cells of a sheet's XML."""
    columns = rows = 0
    rest = b""
    while block := file.read(1 << 20):
        block = rest + block
        for column, row in _CELL.findall(block):
            columns, rows = max(columns, _number(column)), max(rows, int(row))
        cut = block.rfind(b"<")
        rest = block[cut:] if cut >= 0 and len(block) - cut < 4096 else b""
    return columns * rows


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + letter - 64
    return found


def _too_many_cells(name: str, cells: int) -> DataError:
    return DataError(
        "a sheet with a cell far from all others",
        source=name,
        found=f"{cells:,} cells between the first and the last",
        expected=f"at most {MAX_CELLS:,}",
        hint="Delete the empty rows and columns in Excel or LibreOffice, or export CSV",
    )
