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

_HELD = "readme environment tests ci container notebooks weights data example release doi".split()
#: Columns of a check, with their pandas types.
CHECK_COLUMNS: dict[str, str] = {
    "url": "string",
    "state": "string",
    "resolves": "boolean",
    "moved_to": "string",
    "empty": "boolean",
    "licence": "string",
    "last_push": "datetime64[us]",
    "read_only": "boolean",
    "archived": "boolean",
    **dict.fromkeys(_HELD, "boolean"),
    "checked_at": "datetime64[us]",
    "host": "string",
    "http_status": "Int64",
    "retry_at": "datetime64[us]",
    "why": "string",
}
_APPLICATION = 0x6C6E6B73  # "lnks": marks the file as a log
_VERSION = 2
_SQL_TYPES = {"string": "TEXT", "boolean": "INTEGER", "Int64": "INTEGER", "datetime64[us]": "TEXT"}
#: The state of a check of version 1, which had a status.
_OLD_STATE = (
    "CASE WHEN status = 'alive' AND empty = 1 THEN 'empty' "
    "WHEN status = 'alive' AND moved_to IS NOT NULL THEN 'moved' "
    "WHEN status IN ('alive', 'gone', 'unknown') THEN status "
    "WHEN status = 'broken' THEN 'gone' ELSE 'unknown' END"
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
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = path_of(path)
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        if self.path.is_dir():
            raise DataError("the log is a folder", source=path, expected="the name of a file")
        try:
            if read_only:
                self._open_to_read()
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._db = _connect(self.path)
        except (OSError, sqlite3.Error) as error:
            raise DataError(f"the log cannot be opened ({error})", source=path) from None
        try:
            if not read_only:
                _prepare(self._db, self.path)
            self._columns = _columns(self._db)
        except sqlite3.Error as error:
            self.close()
            raise _broken(self.path, error) from None
        except BaseException:
            self.close()
            raise

    def _open_to_read(self) -> None:
        """Open without writing; SQLite cannot where it may make no files beside the log."""
        try:
            self._db = _connect_to_log(
                f"{self.path.resolve().as_uri()}?mode=ro", self.path, uri=True
            )
        except sqlite3.OperationalError:
            self._copy = tempfile.TemporaryDirectory(prefix="toolkit-log-")
            place = Path(self._copy.name) / "log.sqlite"
            for end in ("", "-wal"):
                beside = Path(f"{self.path}{end}")
                if beside.is_file():
                    Path(f"{place}{end}").write_bytes(beside.read_bytes())
            self._db = _connect_to_log(place, self.path)

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


def _connect(path: str | Path, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None, uri=uri)


def _connect_to_log(path: str | Path, log: Path, *, uri: bool = False) -> sqlite3.Connection:
    """Connect to a file that must be a log; nothing stays open where it is none."""
    db = _connect(path, uri=uri)
    try:
        _check_kind(db, log)
    except BaseException:
        db.close()
        raise
    return db


def _check_kind(db: sqlite3.Connection, path: Path) -> bool:
    """Return whether a file holds a log already; raise for any other file."""
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
    return bool(tables)


def _columns(db: sqlite3.Connection) -> str:
    """Return the columns of a check in SQL, also from a log of an older version."""
    there = {str(row[1]) for row in db.execute("PRAGMA table_info(checks)")}
    old = _OLD_STATE if "status" in there else "NULL"
    parts = [name if name in there else f"NULL AS {name}" for name in CHECK_COLUMNS]
    if "status" in there:
        state = f"COALESCE(state, {old})" if "state" in there else old
        parts[list(CHECK_COLUMNS).index("state")] = f"{state} AS state"
    return ", ".join(parts)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Create the table in a new file, or its new columns; raise for a file that is not a log."""
    tables = _check_kind(db, path)
    # Write-ahead log: readers never wait for the writer; FULL: commits are on the disk.
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    there = {str(row[1]) for row in db.execute("PRAGMA table_info(checks)")}
    missing = [name for name in CHECK_COLUMNS if name not in there]
    if tables and not missing:
        return
    if tables:
        db.execute("BEGIN IMMEDIATE")
        for name in missing:
            db.execute(f"ALTER TABLE checks ADD COLUMN {name} {_SQL_TYPES[CHECK_COLUMNS[name]]}")
        db.execute(f"PRAGMA user_version={_VERSION}")
        db.execute("COMMIT")
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
