"""The files of a collection folder: written in one step, checked when read.

The manifest is the last thing written and the only thing replaced: whatever happens in mid-save,
the folder holds the old collection or the new one, never half of either.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.storage.manifest import AGAIN, FORMAT, MANIFEST, VERSION, read_manifest

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HOUR = 3600.0


def read_part(folder: str | os.PathLike[str], name: str) -> Any:
    """Read what travelled in a folder beside the papers.

    Parameters
    ----------
    folder : path
        A collection folder.
    name : str
        "links", "claims" or "vectors:" and the name of a model.

    Returns
    -------
    DataFrame, tuple or None
        A table; for vectors the paper ids (n,) and the float16 array (n, d). None where the
        folder holds no such part.

    Raises
    ------
    DataError
        The folder or the part is damaged.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    if name not in manifest["files"]:
        return None
    if not name.startswith("vectors:"):
        return to_frame(read_table(place, manifest, name))
    table = read_table(place, manifest, name)
    try:
        column = table.column("vector").combine_chunks()
        vectors = column.flatten().to_numpy().reshape(len(table), column.type.list_size)
        ids = table.column("paper_id").to_pylist()
    except (KeyError, AttributeError, ValueError) as error:
        raise _unreadable(place / manifest["files"][name], error) from error
    return ids, vectors.astype(np.float16, copy=False)


def table_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as Parquet, in memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise DataError(
            f"a column cannot be saved ({str(error).splitlines()[0]})",
            hint="Give each column of your own one type of value",
        ) from error
    out = io.BytesIO()
    pq.write_table(arrow, out, compression="zstd", compression_level=9)
    return out.getvalue()


def vector_bytes(ids: list[str], vectors: NDArray[np.float16]) -> bytes:
    """Write vectors (n, d) and their paper ids as Parquet, in memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = pa.array(np.ascontiguousarray(vectors).ravel())
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    table = pa.table({"paper_id": pa.array(ids, pa.string()), "vector": column})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", use_dictionary=False)
    return out.getvalue()


def replaceable(place: Path) -> dict[str, Any] | None:
    """Return the manifest of the collection that is to be replaced, if there is one."""
    if place.is_dir() and any(place.iterdir()):
        try:
            return read_manifest(place)
        except DataError as error:
            raise DataError(
                f"the folder is not empty and holds no collection that could be replaced "
                f"({error.message})",
                source=place,
                hint="Choose another folder, or delete this one first",
            ) from error
    if place.exists() and not place.is_dir():
        raise DataError(
            "this is a file, not a folder", source=place, hint="Choose the name of a folder"
        )
    return None


def write_folder(place: Path, parts: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
    """Write a collection folder, or replace one, in one step.

    Parameters
    ----------
    place : Path
        The folder.
    parts : mapping of str to bytes
        The content of each file by its role.
    facts : mapping
        What else the manifest says; JSON-able.

    Raises
    ------
    DataError
        The folder holds something else than a collection.
    """
    before = replaceable(place)
    if place.is_dir():
        old = (
            {name: before["checksums"].get(name) for name in before["files"].values()}
            if before
            else {}
        )
        _write(place, parts, facts, old)
        _sweep(place, ".*.part", f"*-{'[0-9a-f]' * 12}.parquet")
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    _sweep(place.parent, f".{place.name}.saving-*")
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.saving-", dir=place.parent))
    try:
        _write(beside, parts, facts, {})
        beside.chmod(0o755)
        beside.rename(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _write(
    place: Path, parts: Mapping[str, bytes], facts: Mapping[str, Any], old: Mapping[str, str | None]
) -> None:
    """Write the files beside the `old` ones, switch the manifest, drop what is left over."""
    files: dict[str, str] = {}
    checksums: dict[str, str] = {}
    for role, content in parts.items():
        digest = hashlib.sha256(content).hexdigest()
        stem = re.sub(r"[^A-Za-z0-9]+", "-", role).strip("-")[:60]
        name = f"{stem}.parquet"
        if name in checksums or old.get(name, digest) != digest:
            name = f"{stem}-{digest[:12]}.parquet"
        write_atomically(place / name, content)
        files[role], checksums[name] = name, digest
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        **facts,
        "files": files,
        "checksums": checksums,
    }
    write_atomically(place / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    for name in old.keys() - checksums.keys():
        (place / name).unlink(missing_ok=True)


def _sweep(folder: Path, *patterns: str) -> None:
    """Remove what killed saves left more than an hour ago (a younger one may be at work)."""
    kept = set(read_manifest(folder)["files"].values()) if (folder / MANIFEST).exists() else set()
    for stale in (path for pattern in patterns for path in folder.glob(pattern)):
        if stale.name in kept or time.time() - stale.stat().st_mtime < _HOUR:
            continue
        if stale.is_dir():
            shutil.rmtree(stale, ignore_errors=True)
        else:
            stale.unlink(missing_ok=True)


def read_bytes(place: Path, manifest: Mapping[str, Any], role: str) -> bytes:
    """Read one file of a folder and hold it against its checksum."""
    name: str = manifest["files"][role]
    path = place / name
    if path.resolve().parent != place.resolve():
        raise DataError("a link leads out of the folder", source=path, hint=AGAIN)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"a file of the collection cannot be read ({error.strerror})", source=path, hint=AGAIN
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != manifest["checksums"].get(name):
        raise DataError(
            "the file is damaged or was changed after it was saved",
            source=path,
            found=f"SHA-256 {digest[:12]}…",
            expected=f"{str(manifest['checksums'].get(name))[:12]}…",
            hint=AGAIN,
        )
    return content


def read_table(place: Path, manifest: Mapping[str, Any], role: str) -> Any:
    """Read one file of a folder as an Arrow table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = read_bytes(place, manifest, role)
    try:
        return pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(place / manifest["files"][role], error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"the file cannot be read ({str(error).splitlines()[0] if str(error) else error!r})",
        source=path,
        expected="Parquet as toolkit.save_collection writes it",
        hint=AGAIN,
    )


def to_frame(table: Any) -> pd.DataFrame:
    """Turn an Arrow table into pandas, with the types it was saved with."""
    frame: pd.DataFrame = table.to_pandas()
    frame.attrs = {}
    return frame
