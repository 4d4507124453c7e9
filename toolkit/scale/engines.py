"""Run one function over all parts: in this process, or on Dask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import MissingExtraError
from toolkit.scale.parts import need_parts, part_path, read_part

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

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
    """Call `work` for each part; it writes its own result and returns one row.

    Parameters
    ----------
    work : callable
        Table of one part, with its number in the column `part` → table of part and rows.
    folder, kind : Path, str
        Which parts.
    numbers : sequence of int
        The parts to do.
    title : str
        For the progress bar.
    client : distributed.Client or str, optional
        A Dask cluster, or its address; this process without.
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
    """Open parts as a Dask DataFrame, one partition a part.

    Parameters
    ----------
    folder : path
    kind : {"papers", "features", "assigned"}
    numbers : sequence of int, optional
        Only these parts.

    Returns
    -------
    dask.dataframe.DataFrame
        The table, and the number of the part in the column `part`.

    Raises
    ------
    MissingExtraError
        Dask is not installed.
    """
    dask, dd = _dask()
    place = Path(folder)
    wanted = list(numbers) if numbers is not None else need_parts(place, kind)
    meta = _numbered(wanted[0], place, kind).iloc[:0]
    # Dask would turn our strings into its own; they are right as they are.
    with dask.config.set({"dataframe.convert-string": False}):
        return dd.from_map(_numbered, wanted, folder=place, kind=kind, meta=meta)


@contextmanager
def dask_client(client: Any) -> Iterator[Any]:
    """Take a client as it is, or connect to an address."""
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
