"""A folder of Parquet parts: written whole or not at all, each saying how it was made.

folder/papers/part-00000.parquet     papers tables
folder/features/part-00000.parquet   paper_id, code, artifact, vector
folder/assigned/part-00000.parquet   paper_id, topic, confidence, fit
folder/topics/                       the TopicModel
folder/bad_lines.tsv                 line, why
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("papers", "features", "assigned")
_MADE_BY = b"paper-toolkit"
VECTOR = "vector"


@contextmanager
def disk_guard(path: Path) -> Iterator[None]:
    """Turn "no space left" into an error that says what to do.

    Raises
    ------
    DataError
        The disk is full; what was there before is untouched.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise DataError(
            f"the disk is full ({os.strerror(error.errno)})",
            source=path,
            hint="What was finished before is whole and can be used. Free some space and run the "
            "same call again: it goes on where it stopped",
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` that takes its place when all went well."""
    temporary: Path | None = None
    try:
        with disk_guard(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-", suffix=".tmp")
            os.close(handle)
            temporary = Path(name)
            yield temporary
            temporary.chmod(0o644)
            temporary.replace(path)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def part_path(folder: str | os.PathLike[str], kind: str, number: int) -> Path:
    """Return the path of one part."""
    return Path(folder) / kind / f"part-{number:05}.parquet"


def list_parts(folder: str | os.PathLike[str], kind: str) -> list[int]:
    """Return the numbers of the parts that are there, in order."""
    if kind not in KINDS:
        raise DataError("no such kind of part", found=kind, expected=", ".join(KINDS))
    return sorted(int(path.stem[5:]) for path in (Path(folder) / kind).glob("part-*.parquet"))


def need_parts(folder: str | os.PathLike[str], kind: str) -> list[int]:
    """Return the numbers of the parts, of which there must be some."""
    numbers = list_parts(folder, kind)
    if not numbers:
        calls = {
            "papers": "import_snapshot",
            "features": "add_features",
            "assigned": "assign_topics",
        }
        raise DataError(
            f"the folder holds no {kind}",
            source=folder,
            hint=f"Make them first with toolkit.scale.{calls[kind]}",
        )
    return numbers


def vector_column(vectors: NDArray[np.float16]) -> pd.arrays.ArrowExtensionArray:
    """Make a column out of vectors: float16, shape (n, d), a list of d numbers a row."""
    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float16).ravel())
    return pd.arrays.ArrowExtensionArray(
        pa.FixedSizeListArray.from_arrays(flat, int(vectors.shape[1]))
    )


def vectors_in(features: pd.DataFrame) -> NDArray[np.float16]:
    """Return the vectors of a table of features, shape (n, d)."""
    column = pa.chunked_array(pa.array(features[VECTOR].array)).combine_chunks()
    flat: NDArray[np.float16] = column.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(len(features), column.type.list_size)


def write_part(table: pd.DataFrame, path: Path, made_by: dict[str, Any]) -> None:
    """Write a table as one part; `made_by` goes into the file, for `made_as`.

    Parameters
    ----------
    table : DataFrame
    path : Path
        See `part_path`.
    made_by : dict
        All that the content depends on; fits in JSON.
    """
    plain = VECTOR not in table
    arrow = pa.Table.from_pandas(table.drop(columns=VECTOR, errors="ignore"), preserve_index=False)
    if not plain:
        arrow = arrow.append_column(VECTOR, pa.array(table[VECTOR].array))
    note = {_MADE_BY: json.dumps(made_by, sort_keys=True).encode()}
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **note})
    with replacing(path) as temporary:
        # Vectors are noise to a compressor; trying would take most of the time.
        pq.write_table(arrow, temporary, compression="zstd" if plain else "none")


def made_as(path: Path, made_by: dict[str, Any]) -> bool:
    """Say whether a part is there, whole, and was made in just this way."""
    return path.exists() and how_made(path) == json.loads(json.dumps(made_by))


def how_made(path: Path) -> dict[str, Any]:
    """Return the note that `write_part` put into a part.

    Raises
    ------
    DataError
        The file is damaged or not one of ours.
    """
    try:
        note = (pq.read_schema(path).metadata or {}).get(_MADE_BY)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"the part cannot be read ({error})",
            source=path,
            hint="Delete the file and run again: only this part is made anew",
        ) from error
    if note is None:
        raise DataError("not a part that the toolkit wrote", source=path)
    made: dict[str, Any] = json.loads(note)
    return made


def read_part(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read one part, or some of its columns.

    Raises
    ------
    DataError
        The file is damaged.
    """
    try:
        arrow = pq.read_table(path, columns=columns)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"the part cannot be read ({error})",
            source=path,
            hint="Delete the file and run again: only this part is made anew",
        ) from error
    plain = [name for name in arrow.column_names if name != VECTOR]
    table: pd.DataFrame = arrow.select(plain).to_pandas()
    if VECTOR in arrow.column_names:
        column = arrow.column(VECTOR).combine_chunks()
        table[VECTOR] = pd.arrays.ArrowExtensionArray(column)
    return table
