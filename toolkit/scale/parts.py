"""A folder of Parquet parts, each complete and with a note of how it was made.

folder/papers/part-00000.parquet     papers tables
folder/features/part-00000.parquet   paper_id, code, artifact, vector
folder/assigned/part-00000.parquet   paper_id, topic, confidence, fit
folder/topics/                       the TopicModel
folder/bad_lines.tsv                 line, why
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit.errors import DataError
from toolkit.files import replacing

KINDS = ("papers", "features", "assigned")
# The name that parts have had from the start: older ones must still be recognised.
_MADE_BY = b"paper-toolkit"


#: The hint when the disk is full.
CONTINUE = (
    "The finished parts are complete and can be used. Run the same call again: it goes on where it "
    "stopped"
)


def part_path(folder: str | os.PathLike[str], kind: str, number: int) -> Path:
    """Return the path of one part."""
    return Path(folder) / kind / f"part-{number:05}.parquet"


def list_parts(folder: str | os.PathLike[str], kind: str) -> list[int]:
    """Return the numbers of the parts in a folder, in order."""
    if kind not in KINDS:
        raise DataError("no such kind of part", found=kind, expected=", ".join(KINDS))
    return sorted(int(path.stem[5:]) for path in (Path(folder) / kind).glob("part-*.parquet"))


def require_parts(folder: str | os.PathLike[str], kind: str) -> list[int]:
    """Return the numbers of the parts in a folder; raise DataError where there are none."""
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


def write_part(table: pd.DataFrame, path: Path, made_by: dict[str, Any]) -> None:
    """Write a table as one part, with a note of how it was made.

    Parameters
    ----------
    table : DataFrame
    path : Path
        See `part_path`.
    made_by : dict
        The note: everything the content depends on, as JSON. `made_as` compares it.
    """
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    note = {_MADE_BY: json.dumps(made_by, sort_keys=True).encode()}
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **note})
    with replacing(path, hint=CONTINUE) as temporary:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Vectors do not compress, and trying would take most of the time.
        pq.write_table(arrow, temporary, compression="none" if "vector" in table else "zstd")


def made_as(path: Path, made_by: dict[str, Any]) -> bool:
    """Return whether a part exists, is readable and was made in exactly this way."""
    return path.exists() and how_made(path) == json.loads(json.dumps(made_by))


def how_made(path: Path) -> dict[str, Any]:
    """Return the note that `write_part` put into a part.

    Raises
    ------
    DataError
        The file is damaged, or the toolkit did not write it.
    """
    with _damage_guard(path):
        note = (pq.read_schema(path).metadata or {}).get(_MADE_BY)
    if note is None:
        raise DataError("not a part that the toolkit wrote", source=path)
    made: dict[str, Any] = json.loads(note)
    return made


@contextmanager
def _damage_guard(path: Path) -> Iterator[None]:
    """Turn errors of reading a part into one that says what to do."""
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"the part cannot be read ({error})",
            source=path,
            hint="Delete the file and run again: only this part is made again",
        ) from error


def part_identity(path: Path) -> str:
    """Return a hash of a part's content, from its footer alone."""
    footer = pq.read_metadata(path)
    facts = [footer.num_rows, path.stat().st_size, str(footer.row_group(0).to_dict())]
    return hashlib.blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()


def read_part(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return the table of one part, or some of its columns.

    Raises
    ------
    DataError
        The file is damaged.
    """
    with _damage_guard(path):
        table: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
    return table
