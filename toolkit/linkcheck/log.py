"""The log of link checks: one SQLite file, to which checks are only ever added."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

#: Columns of a check, with their pandas types.
CHECK_COLUMNS: dict[str, str] = {
    "url": "string",
    "status": "string",
    "resolves": "boolean",
    "moved_to": "string",
    "empty": "boolean",
    "licence": "string",
    "last_push": "datetime64[us]",
    "read_only": "boolean",
    "archived": "boolean",
    "checked_at": "datetime64[us]",
    "host": "string",
    "http_status": "Int64",
    "retry_at": "datetime64[us]",
    "why": "string",
}
_APPLICATION = 0x6C6E6B73  # "lnks": tells this file from any other SQLite file
_VERSION = 1
_SQL_TYPES = {"string": "TEXT", "boolean": "INTEGER", "Int64": "INTEGER", "datetime64[us]": "TEXT"}


class LinkLog:
    """An open log, to which checks are added.

    Parameters
    ----------
    path : str or path-like
        The file; made where it is not there yet, with the folders above it.

    Raises
    ------
    DataError
        The file is something else than a log of link checks, or cannot be opened.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = _path_of(path)
        if self.path.is_dir():
            raise DataError("the log is a folder", source=path, expected="the name of a file")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise DataError(f"the log cannot be opened ({error})", source=path) from None
        try:
            _prepare(self._db, self.path)
        except sqlite3.Error as error:
            self._db.close()
            raise _broken(self.path, error) from None
        except BaseException:
            self._db.close()
            raise

    def append(self, checks: Iterable[Mapping[str, Any]]) -> None:
        """Add finished checks; when this returns, they survive a crash."""
        rows = [
            [_to_sql(check.get(name), dtype) for name, dtype in CHECK_COLUMNS.items()]
            for check in checks
        ]
        marks = ", ".join("?" * len(CHECK_COLUMNS))
        names = ", ".join(CHECK_COLUMNS)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(f"INSERT INTO checks ({names}) VALUES ({marks})", rows)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def newest(self) -> pd.DataFrame:
        """Return the newest check of each URL, shape (n_urls, 14)."""
        return _typed(
            pd.read_sql_query(
                f"SELECT {', '.join(CHECK_COLUMNS)} FROM checks "
                "WHERE id IN (SELECT max(id) FROM checks GROUP BY url) ORDER BY id",
                self._db,
            )
        )

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
        self._db.close()


def read_log(log: str | Path) -> pd.DataFrame:
    """Read every check of a log, oldest first.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.

    Returns
    -------
    DataFrame
        Shape (n_checks, 14): `url`, `status`, `resolves`, `moved_to`, `empty`, `licence`,
        `last_push`, `read_only`, `archived`, `checked_at` (UTC), `host`, `http_status`,
        `retry_at`, `why`.

    Raises
    ------
    DataError
        Not a path, no such file, or no log of link checks.
    """
    path = _path_of(log)
    if not path.is_file():
        raise DataError(
            "there is no such log",
            source=log,
            hint="Make one with toolkit.check_links(links, log=...)",
        )
    with LinkLog(path) as opened:
        return _typed(
            pd.read_sql_query(
                f"SELECT {', '.join(CHECK_COLUMNS)} FROM checks ORDER BY id", opened._db
            )
        )


def _path_of(log: Any) -> Path:
    """Return the path of a log; a table of checks, say, is none."""
    if isinstance(log, str | os.PathLike):
        return Path(log)
    raise DataError(
        "not the path of a log of link checks",
        found=type(log).__name__,
        expected="the file given to toolkit.check_links(links, log=…)",
    )


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make the table in a new file; refuse a file that is something else."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != _APPLICATION:
        raise DataError(
            "an SQLite file, but no log of link checks",
            source=path,
            hint="Give another file name; this one was left as it is",
        )
    if version > _VERSION:
        raise DataError(
            "the log was written by a newer toolkit",
            source=path,
            found=version,
            expected=f"version {_VERSION} or older",
            hint="Update the toolkit",
        )
    # Write-ahead: a reader never waits for the writer, and what was committed is on the disk
    # (FULL) before append returns.
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    if tables:
        return
    columns = ", ".join(f"{name} {_SQL_TYPES[dtype]}" for name, dtype in CHECK_COLUMNS.items())
    db.execute("BEGIN IMMEDIATE")
    db.execute(f"CREATE TABLE IF NOT EXISTS checks (id INTEGER PRIMARY KEY, {columns})")
    db.execute("CREATE INDEX IF NOT EXISTS by_url ON checks (url, id)")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER IF NOT EXISTS no_{verb.lower()} BEFORE {verb} ON checks "
            "BEGIN SELECT RAISE(ABORT, 'the log of link checks is only added to'); END"
        )
    db.execute(f"PRAGMA application_id={_APPLICATION}")
    db.execute(f"PRAGMA user_version={_VERSION}")
    db.execute("COMMIT")


def _broken(path: Path, error: sqlite3.Error) -> DataError:
    if "locked" in str(error):
        return DataError("another program holds the log", source=path, hint="Try again later")
    return DataError(
        f"not a log of link checks ({error})",
        source=path,
        expected="an SQLite file written by toolkit.check_links",
        hint="Give another file name; this one was left as it is",
    )


def _to_sql(value: Any, dtype: str) -> Any:
    """Return a value as it is stored; what a host told in another type than agreed is not known."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if dtype.startswith("datetime"):
        known = isinstance(value, datetime | np.datetime64)
        return pd.Timestamp(value).isoformat(timespec="microseconds") if known else None
    if dtype == "string":
        # Half a surrogate pair, which JSON can hold, is no text.
        return str(value).encode("utf-8", "replace").decode()
    if dtype == "boolean":
        return int(value) if isinstance(value, bool | np.bool_) else None
    return int(value) if isinstance(value, int | np.integer) else None


def _typed(table: pd.DataFrame) -> pd.DataFrame:
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
