"""Running a function on every part: in this process, or on Dask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import MissingExtraError
from toolkit.scale.parts import part_path, read_part, require_parts

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

#: The column that holds the number of the part.
PART = "part"


def run_parts(
    work: Callable[[pd.DataFrame], pd.DataFrame],
    *,
    folder: Path,
    kind: str,
    numbers: Sequence[int],
    title: str,
    client: Any = None,
) -> None:
    """Call a function on each part; it writes its result and returns one row.

    Parameters
    ----------
    work : callable
        Takes the table of a part, with its number in the column `part`; returns part_summary(…).
    folder, kind : Path, str
        Which parts it reads.
    numbers : sequence of int
        Numbers of the parts to run on.
    title : str
        Of the progress bar.
    client : distributed.Client or str, optional
        A Dask cluster or its address; without it, this process.
    """
    if not numbers:
        return
    if client is None:
        for number in tqdm(numbers, desc=title, unit="part"):
            work(_numbered(number, folder, kind))
        return
    with dask_client(client) as connected:
        import distributed

        frame = dask_parts(folder, kind, numbers=numbers)
        done = pd.DataFrame({PART: pd.Series(dtype="int64"), "rows": pd.Series(dtype="int64")})
        futures = connected.compute(frame.map_partitions(work, meta=done).to_delayed())
        finished: Any = distributed.as_completed(futures)  # type: ignore[no-untyped-call]
        for future in tqdm(finished, total=len(futures), desc=title, unit="part"):
            future.result()


def dask_parts(
    folder: str | os.PathLike[str], kind: str, *, numbers: Sequence[int] | None = None
) -> Any:
    """Return parts as a Dask DataFrame, one partition a part.

    Parameters
    ----------
    folder : path
    kind : {"papers", "features", "assigned"}
    numbers : sequence of int, optional
        Only these parts.

    Returns
    -------
    dask.dataframe.DataFrame
        The table, with the number of the part in the column `part`.

    Raises
    ------
    MissingExtraError
        Dask is not installed.
    """
    dask, dd = _dask()
    place = Path(folder)
    wanted = list(numbers) if numbers is not None else require_parts(place, kind)
    meta = _numbered(wanted[0], place, kind).iloc[:0]
    # The columns have pandas string types already; Dask would convert them again.
    with dask.config.set({"dataframe.convert-string": False}):
        return dd.from_map(_numbered, wanted, folder=place, kind=kind, meta=meta)


@contextmanager
def dask_client(client: Any) -> Iterator[Any]:
    """Give a connected client: the one given, or a new one for an address."""
    _dask()
    from distributed import Client

    if isinstance(client, str):
        with Client(client) as connected:  # type: ignore[no-untyped-call]
            yield connected
    else:
        yield client


def _dask() -> tuple[Any, Any]:
    try:
        import dask
        import dask.dataframe as dd
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("running on a Dask cluster", "dask") from error
    return dask, dd


def _numbered(number: int, folder: Path, kind: str) -> pd.DataFrame:
    table = read_part(part_path(folder, kind, number))
    table[PART] = number
    return table


def part_number(table: pd.DataFrame) -> int | None:
    """Return the part's number; None for the empty table on which Dask tries a function."""
    return int(table[PART].iloc[0]) if len(table) else None


def part_summary(number: int, rows: int) -> pd.DataFrame:
    """Return the row that reports a finished part."""
    return pd.DataFrame({PART: [number], "rows": [rows]})
