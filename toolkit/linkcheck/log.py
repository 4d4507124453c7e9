"""The log of link checks: an SQLite file to which checks are added and never changed."""

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
_APPLICATION = 0x6C6E6B73  # "lnks": marks the file as a log
_VERSION = 1
_SQL_TYPES = {"string": "TEXT", "boolean": "INTEGER", "Int64": "INTEGER", "datetime64[us]": "TEXT"}


class LinkLog:
    """An open log of link checks.

    Parameters
    ----------
    path : str or path-like
        The file; created if missing, with its folders.

    Raises
    ------
    DataError
        The file is not a log of link checks, or cannot be opened.
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
        """Add finished checks; they are on the disk when this returns."""
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
    """Return every check of a log, oldest first.

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
        Not a path, no such file, or not a log of link checks.
    """
    path = _path_of(log)
    if not path.is_file():
        raise DataError(
            "no such log",
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
    """Return the path of a log; raise for anything else, such as a table of checks."""
    if isinstance(log, str | os.PathLike):
        return Path(log)
    raise DataError(
        "not the path of a log of link checks",
        found=type(log).__name__,
        expected="the file given to toolkit.check_links(links, log=…)",
    )


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Create the table in a new file; raise for a file that is not a log."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != _APPLICATION:
        raise DataError(
            "an SQLite file, but not a log of link checks",
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
    # Write-ahead log: readers never wait for the writer; FULL: commits are on the disk.
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
            "BEGIN SELECT RAISE(ABORT, 'checks in the log are never changed'); END"
        )
    db.execute(f"PRAGMA application_id={_APPLICATION}")
    db.execute(f"PRAGMA user_version={_VERSION}")
    db.execute("COMMIT")


def _broken(path: Path, error: sqlite3.Error) -> DataError:
    if "locked" in str(error):
        return DataError("another program uses the log", source=path, hint="Try again later")
    return DataError(
        f"not a log of link checks ({error})",
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
