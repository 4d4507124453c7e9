"""Text files of an archive or folder, read without unpacking to disk and within limits.

An archive may be hostile: it may grow without end when unpacked, hold a million files, or names
that lead out of it. Nothing is written, links and devices are not followed, and every read is
bounded.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from toolkit.errors import DataError
from toolkit.formats.encodings import WRONG_BYTE, decode_any
from toolkit.formats.unpacking import Limited, leads_out
from toolkit.fulltext.latex_files import names_of_inputs

#: Most bytes of one archive, unpacked; arXiv takes sources of up to 50 MB.
MAX_UNPACKED = 400 << 20
#: Most files of one archive or folder.
MAX_FILES = 10_000
#: Largest text file, and all of them together, in bytes.
MAX_TEXT = 20 << 20
MAX_TEXTS = 60 << 20
#: Largest file of references beside a .tex file that is read, in bytes.
_MAX_BIB = 5 << 20
#: What is read of a source; figures and the like are left.
TEXT_SUFFIXES = frozenset([".tex", ".ltx", ".latex", ".bbl", ".bib", ".txt", ""])
_AGAIN = "Download it again; if it stays so, unpack it yourself and give the folder"


def read_source(path: Path) -> dict[str, str]:
    """Return the text files of a LaTeX source: a folder, an archive, or a single file.

    Parameters
    ----------
    path : Path
        A folder, .tar, .tar.gz, .zip, a single .gz, or a .tex file.

    Returns
    -------
    dict of str to str
        Text by its name in the source, with ``/``.

    Raises
    ------
    DataError
        Larger than the limits, damaged, or with names that lead out of the archive.
    """
    if path.is_dir():
        return _decoded(_in_folder(path), str(path))
    with path.open("rb") as file:
        start = file.read(4)
    try:
        if start == b"PK\x03\x04":
            return _decoded(_in_zip(path), str(path))
        if start[:2] == b"\x1f\x8b":
            return _decoded(_in_gzip(path), str(path))
        if tarfile.is_tarfile(path):
            with path.open("rb") as file:
                return _decoded(_in_tar(file, path), str(path))
    except (
        tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError,
        NotImplementedError,
    ) as error:  # fmt: skip
        raise DataError(
            f"the archive is damaged, cut off or locked ({error})", source=path, hint=_AGAIN
        ) from error
    return _decoded(_from_main(path), str(path))


def _decoded(files: Iterator[tuple[str, bytes]], source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    size = 0
    for name, raw in files:
        size += len(raw)
        if size > MAX_TEXTS:
            raise DataError(
                "too much text for one paper",
                source=source,
                found=f"more than {MAX_TEXTS >> 20} MB",
                hint="Give the folder of one paper, or remove its large text files",
            )
        text = decoded(raw)
        if text is not None:
            found[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return found


def decoded(raw: bytes) -> str | None:
    """Return bytes as text, None where they are binary; a byte that is no UTF-8 is Windows-1252."""
    text = decode_any(raw)
    if text is None or text.isascii():
        return text
    return WRONG_BYTE.sub(
        lambda one: bytes([ord(one[0]) - 0xDC00]).decode("cp1252", "replace"), text
    )


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in TEXT_SUFFIXES and not path.name.startswith(".")


def _from_main(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a .tex file and those of its folder that it includes, its reference list among them."""
    folder = path.parent.resolve()
    lists = sorted(folder.glob("*.bbl"))[:MAX_FILES]
    own = [one for one in lists if one.stem == path.stem] or (lists if len(lists) == 1 else [])
    own += [one for one in sorted(folder.glob("*.bib"))[:20] if one.stat().st_size < _MAX_BIB]
    waiting, seen = [path.name, *(one.name for one in own)], set[str]()
    while waiting:
        name = waiting.pop(0)
        file = folder / name
        if name in seen or file.is_symlink() or not file.is_file():
            continue
        if folder not in file.resolve().parents or len(seen) > MAX_FILES:
            continue
        seen.add(name)
        raw = _bounded(file.open("rb"), name, path)
        yield name, raw
        for wanted in names_of_inputs(raw.decode("utf-8", "replace")):
            near = [PurePosixPath(name).parent / wanted, PurePosixPath(wanted)]
            waiting += [str(one) for plain in near for one in (plain, f"{plain}.tex")]


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    count = 0
    for path in sorted(folder.rglob("*")):
        count += 1
        if count > MAX_FILES:
            raise _too_many(folder)
        if path.is_symlink() or not path.is_file() or not _wanted(path.name):
            continue
        if path.suffix or path.stat().st_size < MAX_TEXT:
            yield path.relative_to(folder).as_posix(), _bounded(path.open("rb"), path.name, folder)


def _in_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MAX_FILES:
            raise _too_many(path)
        for member in members:
            name = _inside(member.filename, path)
            is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
            if not member.is_dir() and not is_link and _wanted(name):
                with archive.open(member) as file:
                    yield name, _bounded(file, name, path)


def _in_gzip(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a .tar.gz, or the one file that was compressed."""
    bomb = DataError(
        "a decompression bomb, or far too large for one paper",
        source=path,
        found=f"more than {MAX_UNPACKED >> 20} MB unpacked",
        hint="If you trust it, unpack it yourself and give the folder",
    )
    with gzip.open(path) as stream:
        start = stream.read(tarfile.BLOCKSIZE)
        is_tar = start[257:262] == b"ustar"
    with gzip.open(path) as stream:
        limited = io.BufferedReader(Limited(cast(IO[bytes], stream), MAX_UNPACKED, bomb), 1 << 20)
        if is_tar:
            yield from _in_tar(limited, path)
        else:
            name = f"{path.name.removesuffix('.gz')}.tex".replace(".tex.tex", ".tex")
            yield name, _bounded(limited, name, path)


def _in_tar(stream: IO[bytes], path: Path) -> Iterator[tuple[str, bytes]]:
    count = 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            count += 1
            if count > MAX_FILES:
                raise _too_many(path)
            name = _inside(member.name, path)
            # Links, devices and pipes are no text of the paper.
            if member.isreg() and _wanted(name):
                file = archive.extractfile(member)
                if file is not None:
                    yield name, _bounded(file, name, path)


def _bounded(file: IO[bytes], name: str, source: Path) -> bytes:
    with file:
        raw = file.read(MAX_TEXT + 1)
    if len(raw) > MAX_TEXT:
        raise DataError(
            f"{name} is too large for the text of a paper",
            source=source,
            found=f"more than {MAX_TEXT >> 20} MB",
            hint="If it is no text of the paper, remove it from the source",
        )
    return raw


def _inside(name: str, path: Path) -> str:
    """Return the name of a member; raise an error where it leads out of the archive."""
    if leads_out(name):
        raise DataError(
            "the archive holds a file whose path leads out of it",
            source=path,
            found=name,
            hint="Do not unpack it. Download the source again from where the paper is published",
        )
    return str(PurePosixPath(name.replace("\\", "/")))


def _too_many(path: Path) -> DataError:
    return DataError(
        "too many files for one paper",
        source=path,
        found=f"more than {MAX_FILES:,}",
        hint="Give the folder of one paper, or the files you want as a list",
    )
