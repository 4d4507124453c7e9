"""The log of link checks: an SQLite file to which checks are added and never changed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.linkcheck.log_schema import (
    CHECK_COLUMNS,
    columns_in,
    connect,
    connect_to_log,
    prepare,
)


class LinkLog:
    """An open log of link checks.

    Parameters
    ----------
    path : str or path-like
        The file; created if missing, with its folders.
    read_only : bool
        Only read it, also from a medium that cannot be written to.

    Raises
    ------
    DataError
        The file is not a log of link checks, or cannot be opened or written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with LinkLog(f"{folder}/links.sqlite") as log:
    ...         log.append([{"url": "https://code.example/a", "host": "code.example",
    ...                      "resolves": True, "checked_at": pd.Timestamp("2025-01-01")}])
    ...     len(read_log(f"{folder}/links.sqlite"))
    1
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = path_of(path)
        self._db: Any = None
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        if self.path.is_dir():
            raise DataError("the log is a folder", source=path, expected="the name of a file")
        try:
            if read_only:
                self._open_to_read()
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._db = connect(self.path)
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise DataError(
                f"the log cannot be opened ({error})",
                source=path,
                hint="Choose a file that you may read, in a folder that you may write to",
            ) from None
        is_new = not read_only and not self.path.stat().st_size
        try:
            if not read_only:
                prepare(self._db, self.path)
            self._columns = columns_in(self._db)
        except BaseException as error:
            self.close()
            if is_new:
                # Not the empty file of a log that could not be begun.
                self.path.unlink(missing_ok=True)
            if isinstance(error, sqlite3.Error):
                raise _broken(self.path, error) from None
            raise

    def _open_to_read(self) -> None:
        """Open without writing; SQLite cannot where it may make no files beside the log."""
        try:
            # Not mode=ro: whoever may only read leaves these files there.
            self._db = connect_to_log(
                f"{self.path.resolve().as_uri()}?mode=rw", self.path, uri=True
            )
            self._db.execute("PRAGMA query_only=1")
        except sqlite3.OperationalError:
            self._copy = tempfile.TemporaryDirectory(prefix="toolkit-log-")
            place = Path(self._copy.name) / "log.sqlite"
            for end in ("", "-wal"):
                beside = Path(f"{self.path}{end}")
                if beside.is_file():
                    Path(f"{place}{end}").write_bytes(beside.read_bytes())
            self._db = connect_to_log(place, self.path)

    def append(self, checks: Iterable[Mapping[str, Any]]) -> None:
        """Add finished checks; they are on the disk when this returns.

        Raises
        ------
        DataError
            They cannot be written; what was added before stays.
        """
        rows = [
            [_to_sql(check.get(name), dtype) for name, dtype in CHECK_COLUMNS.items()]
            for check in checks
        ]
        marks = ", ".join("?" * len(CHECK_COLUMNS))
        names = ", ".join(CHECK_COLUMNS)
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany(f"INSERT INTO checks ({names}) VALUES ({marks})", rows)
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _broken(self.path, error) from None

    def newest(self) -> pd.DataFrame:
        """Return the newest check of each URL, shape (n_urls, 25)."""
        return self._read("WHERE id IN (SELECT max(id) FROM checks GROUP BY url)")

    def all(self) -> pd.DataFrame:
        """Return every check, oldest first, shape (n_checks, 25)."""
        return self._read("")

    def dead_once(self) -> set[str]:
        """Return the URLs whose newest check found them dead, and none before it."""
        query = "SELECT url, resolves FROM checks WHERE resolves IS NOT NULL ORDER BY id"
        runs: dict[str, int] = {}
        for url, resolves in self._db.execute(query):
            runs[url] = 0 if resolves else runs.get(url, 0) + 1
        return {url for url, run in runs.items() if run == 1}

    def _read(self, where: str) -> pd.DataFrame:
        query = f"SELECT {self._columns} FROM checks {where} ORDER BY id"
        try:
            return typed(pd.read_sql_query(query, self._db))
        except (sqlite3.Error, pd.errors.DatabaseError) as error:
            raise _broken(self.path, error) from None

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
        if self._copy is not None:
            self._copy.cleanup()

    def __enter__(self) -> LinkLog:
        """Return the log itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()


def read_log(log: str | Path) -> pd.DataFrame:
    """Return every check of a log, oldest first.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.

    Returns
    -------
    DataFrame
        Shape (n_checks, 25), with the columns of `check_links`; those that an older version did
        not have are NA in its checks.

    Raises
    ------
    DataError
        Not a path, no such file, or not a log of link checks.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit.synthetic import plant_link_checks
    >>> links = pd.DataFrame({"url": ["https://code.example.org/planted/oak"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = plant_link_checks(links, log=f"{folder}/links.sqlite")
    ...     checks = read_log(f"{folder}/links.sqlite")
    >>> checks["checked_at"].is_monotonic_increasing
    True
    """
    path = path_of(log)
    if not path.is_file():
        raise DataError(
            "no such log",
            source=log,
            hint="Make one with toolkit.check_links(links, log=...)",
        )
    with LinkLog(path, read_only=True) as opened:
        return opened.all()


def path_of(log: Any) -> Path:
    """Return the path of a log; raise for anything else, such as a table of checks."""
    if isinstance(log, str | os.PathLike):
        return Path(log)
    raise DataError(
        "not the path of a log of link checks",
        found=type(log).__name__,
        expected="the file given to toolkit.check_links(links, log=…)",
    )


def _broken(path: Path, error: Exception) -> DataError:
    said = str(error)
    if "locked" in said:
        return DataError("another program uses the log", source=path, hint="Try again later")
    if any(words in said for words in ("full", "disk I/O", "readonly", "unable to open")):
        return DataError(
            f"the log cannot be written to ({said})",
            source=path,
            hint="Is the disk full, or read-only? What was checked before is in the log, and "
            "toolkit.linkcheck.read_log reads it; with space, the next call continues",
        )
    return DataError(
        f"not a log of link checks ({said})",
        source=path,
        expected="an SQLite file written by toolkit.check_links",
        hint="Give another file name; this one was left as it is",
    )


def _to_sql(value: Any, dtype: str) -> Any:
    """Return a value as it is stored; a value of another type than documented is stored as NULL."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if dtype.startswith("datetime"):
        known = isinstance(value, datetime | np.datetime64)
        return pd.Timestamp(value).isoformat(timespec="microseconds") if known else None
    if dtype == "string":
        # JSON can hold half a surrogate pair, which is not valid text.
        return str(value).encode("utf-8", "replace").decode()
    if dtype == "boolean":
        return int(value) if isinstance(value, bool | np.bool_) else None
    return int(value) if isinstance(value, int | np.integer) else None


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of checks with the types of its columns."""
    for name, dtype in CHECK_COLUMNS.items():
        if dtype.startswith("datetime"):
            table[name] = pd.to_datetime(table[name], format="ISO8601").astype(
                pd.api.types.pandas_dtype(dtype)
            )
        elif dtype == "boolean":
            table[name] = pd.to_numeric(table[name]).astype("Int64").astype("boolean")
        else:
            table[name] = table[name].astype(object).astype(pd.api.types.pandas_dtype(dtype))
    return table
