"""The folder format of collections and topic models: Parquet files and a manifest.

Each file is named by its content. The manifest is written last and is the only file that is
replaced: whenever a save is killed, the folder holds the old content or the new, never a mixture.
One process writes at a time (`locked`). Nobody waits to read: a reader whose files a save deleted
meanwhile reads the new manifest.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit.errors import DataError
from toolkit.files import LOCK, replacing, sweep, write_atomically
from toolkit.files import locked as file_locked
from toolkit.storage.manifest import (
    FILE_NAME,
    FORMAT,
    MANIFEST,
    VERSION,
    is_damaged,
    read_manifest,
    save_again,
)
from toolkit.storage.parquet import read_within

#: A file holds at most so many times its own bytes, or so many.
_TIMES, _MOST = 60, 256 << 20
#: How often a reader follows saves that go on while it reads.
_READS = 50
_Read = TypeVar("_Read")


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Keep a folder to oneself while it is read, changed and saved; made where it is missing.

    Saves take the lock too, and the same thread may take it again: what was loaded inside is still
    what a save inside replaces. Readers do not wait.

    Raises
    ------
    DataError
        It cannot be made or written to, or another process has kept it for ten minutes.

    Examples
    --------
    >>> import toolkit
    >>> place = toolkit.save_collection(
    ...     toolkit.load_sample("trending-page"), getfixture("tmp_path") / "mine"
    ... )
    >>> with locked(place):
    ...     papers = toolkit.load_collection(place)
    ...     place = toolkit.save_collection(papers.head(9), place)
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"the folder cannot be made ({error.strerror or error})",
            source=place,
            hint="Choose a folder that exists and that you may write to",
        ) from error
    with file_locked(place):
        yield


def check_replaceable(place: Path, kind: str) -> set[str]:
    """Return the names of the files that a save may replace; check that it replaces nothing else.

    Raises
    ------
    DataError
        `place` is a file, or holds something else than a folder of this kind.
    """
    if place.exists() and not place.is_dir():
        raise DataError(
            "this is a file, not a folder", source=place, hint="Choose the name of a folder"
        )
    # Files that are named by their content, without a manifest, are those of a killed first save.
    if not place.is_dir() or all(
        _ours(item.name) and item.name != MANIFEST for item in place.iterdir()
    ):
        return set()
    try:
        return {entry["name"] for entry in read_manifest(place, kind)["files"].values()}
    except DataError as error:
        # A damaged folder of ours may be saved over, as its message advises.
        names = {item.name for item in place.iterdir()}
        if is_damaged(place) and all(map(_ours, names)):
            return {name for name in names if FILE_NAME.fullmatch(name)}
        raise DataError(
            f"the folder is not empty and holds nothing that could be replaced ({error.message})",
            source=place,
            hint="Choose another folder, or delete this one first",
        ) from error


def _ours(name: str) -> bool:
    """Return whether a save writes files of this name."""
    return (
        bool(FILE_NAME.fullmatch(name)) or name in (MANIFEST, LOCK) or name.startswith(".writing-")
    )


def write_folder(
    place: Path, kind: str, tables: Mapping[str, Any], facts: Mapping[str, Any]
) -> None:
    """Write a folder, or replace one of the same kind, in one step.

    Parameters
    ----------
    place : Path
    kind : {"collection", "topics"}
    tables : mapping of str to DataFrame or Arrow table
        The content of each file by its role; one is "papers".
    facts : mapping
        What else the manifest says; must fit into JSON.

    Raises
    ------
    DataError
        The folder holds something else, or cannot be written.
    """
    check_replaceable(place, kind)
    contents = {role: _to_parquet(table) for role, table in tables.items()}
    files = {}
    for role, content in contents.items():
        digest = hashlib.sha256(content).hexdigest()
        stem = re.sub(r"[^A-Za-z0-9]+", "-", role).strip("-")[:60]
        name = f"{stem}-{digest[:12]}.parquet"
        files[role] = {"name": name, "sha256": digest, "rows": len(tables[role])}
    manifest = {"format": FORMAT, "kind": kind, "version": VERSION, **facts, "files": files}
    text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    named = {str(entry["name"]): contents[role] for role, entry in files.items()}
    if place.exists() or not _written_new(place, named, text):
        with locked(place):
            _replace(place, kind, named, text)


def _written_new(place: Path, contents: Mapping[str, bytes], manifest: str) -> bool:
    """Write a folder that does not exist; return False if another process made it meanwhile."""
    try:
        with replacing(place) as beside:
            beside.mkdir(parents=True)
            _write(beside, contents, manifest)
    except DataError:
        if place.is_dir():
            return False
        raise
    return True


def _replace(place: Path, kind: str, contents: Mapping[str, bytes], manifest: str) -> None:
    old = check_replaceable(place, kind)
    try:
        _write(place, contents, manifest)
    except DataError:
        _delete(place, contents.keys() - old)
        raise
    with suppress(OSError):
        # Where a file system has no locks, another process may have saved meanwhile.
        if (place / MANIFEST).read_bytes() == manifest.encode():
            _delete(place, old - contents.keys())
            sweep(place, FILE_NAME, keep=contents)


def _write(place: Path, contents: Mapping[str, bytes], manifest: str) -> None:
    for name, content in contents.items():
        write_atomically(place / name, content, like=place / MANIFEST)
    write_atomically(place / MANIFEST, manifest)


def _delete(place: Path, names: Any) -> None:
    for name in names:
        # Windows deletes no file that a reader has open; a later save sweeps it.
        with suppress(OSError):
            (place / name).unlink(missing_ok=True)


def read_folder(place: Path, kind: str, read: Callable[[dict[str, Any]], _Read]) -> _Read:
    """Return what `read` makes of a folder's manifest; read again if a save came between.

    Parameters
    ----------
    place : Path
    kind : {"collection", "topics"}
    read : callable
        Gets the manifest, and reads the files that it names with `read_table`.

    Raises
    ------
    DataError
        The folder is missing, damaged or of another kind.
    """
    for tries in range(_READS):
        manifest = read_manifest(place, kind)
        try:
            return read(manifest)
        except DataError:
            if read_manifest(place, kind) == manifest:
                raise
        time.sleep(0.001 * tries)
    return read(read_manifest(place, kind))


def _to_parquet(table: Any) -> bytes:
    """Return a table as the content of a Parquet file."""
    try:
        if isinstance(table, pd.DataFrame):
            table = pa.Table.from_pandas(table, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise DataError(
            f"a column cannot be saved ({str(error).splitlines()[0]})",
            hint="Give each column of your own one type of value",
        ) from error
    # Vectors are binary: compression would save a tenth and take longer than everything else.
    plain = [
        field.name
        for field in table.schema
        if not (pa.types.is_binary(field.type) or pa.types.is_fixed_size_binary(field.type))
    ]
    out = io.BytesIO()
    pq.write_table(
        table,
        out,
        use_dictionary=plain,
        compression={name: "zstd" if name in plain else "none" for name in table.column_names},
        compression_level=dict.fromkeys(plain, 9),
    )
    return out.getvalue()


def read_table(place: Path, manifest: Mapping[str, Any], role: str) -> Any:
    """Read one file of a folder as an Arrow table, and compare it with the manifest.

    Parameters
    ----------
    place : Path
    manifest : mapping
        From `read_manifest`.
    role : str
        A key of ``manifest["files"]``.

    Raises
    ------
    DataError
        The file is missing, damaged, or outside the folder.
    """
    entry, hint = manifest["files"][role], save_again(manifest["kind"])
    path = place / entry["name"]
    # `Path.resolve` raises where links run in a circle.
    if Path(os.path.realpath(path)).parent != Path(os.path.realpath(place)):
        raise DataError("a link leads out of the folder", source=path, hint=hint)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the file cannot be read ({error.strerror})", source=path, hint=hint
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise DataError(
            "the file is damaged or was changed after it was saved",
            source=path,
            found=f"SHA-256 {digest[:12]}…",
            expected=f"{entry['sha256'][:12]}…",
            hint=hint,
        )
    try:
        table = read_within(content, max(_MOST, _TIMES * len(content)))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"the file cannot be read ({error})", source=path, expected="Parquet", hint=hint
        ) from error
    if table is None:
        raise DataError(
            "the file is far larger when unpacked than tables of the toolkit",
            source=path,
            hint=hint,
        )
    if len(table) != entry["rows"]:
        raise DataError(
            "the file has other rows than the manifest says",
            source=path,
            found=len(table),
            expected=str(entry["rows"]),
            hint=hint,
        )
    return table
