"""The tables in the file of the log: made, checked, brought to this version, and connected to."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from toolkit.errors import DataError
from toolkit.files import locked

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


def connect(path: str | Path, *, uri: bool = False) -> sqlite3.Connection:
    """Open a file with the settings of the log."""
    return sqlite3.connect(path, timeout=30, isolation_level=None, uri=uri)


def connect_to_log(path: str | Path, log: Path, *, uri: bool = False) -> sqlite3.Connection:
    """Connect to a file that must be a log; nothing stays open where it is none."""
    db = connect(path, uri=uri)
    try:
        _check_kind(db, log)
    except BaseException:
        db.close()
        raise
    return db


def _check_kind(db: sqlite3.Connection, path: Path) -> bool:
    """Return whether a file holds a log already; raise for any other file."""
    # In one transaction: another process may be about to make the log.
    db.execute("BEGIN")
    try:
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        db.execute("ROLLBACK")
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


def columns_in(db: sqlite3.Connection) -> str:
    """Return the columns of a check in SQL, also from a log of an older version."""
    there = {str(row[1]) for row in db.execute("PRAGMA table_info(checks)")}
    old = _OLD_STATE if "status" in there else "NULL"
    parts = [name if name in there else f"NULL AS {name}" for name in CHECK_COLUMNS]
    if "status" in there:
        state = f"COALESCE(state, {old})" if "state" in there else old
        parts[list(CHECK_COLUMNS).index("state")] = f"{state} AS state"
    return ", ".join(parts)


def prepare(db: sqlite3.Connection, path: Path) -> None:
    """Create the table in a new file, or its new columns; raise for a file that is not a log."""
    if _check_kind(db, path) and not _missing(db):
        _keep_safe(db)
        return
    # Another process may be about to do the same.
    with locked(path):
        tables = _check_kind(db, path)
        _keep_safe(db)
        missing = _missing(db)
        if tables and not missing:
            return
        db.execute("BEGIN IMMEDIATE")
        if tables:
            for name in missing:
                kind = _SQL_TYPES[CHECK_COLUMNS[name]]
                db.execute(f"ALTER TABLE checks ADD COLUMN {name} {kind}")
        else:
            _create(db)
        db.execute(f"PRAGMA user_version={_VERSION}")
        db.execute("COMMIT")


def _keep_safe(db: sqlite3.Connection) -> None:
    # Write-ahead log: readers never wait for the writer; FULL: commits are on the disk.
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")


def _missing(db: sqlite3.Connection) -> list[str]:
    there = {str(row[1]) for row in db.execute("PRAGMA table_info(checks)")}
    return [name for name in CHECK_COLUMNS if name not in there]


def _create(db: sqlite3.Connection) -> None:
    columns = ", ".join(f"{name} {_SQL_TYPES[dtype]}" for name, dtype in CHECK_COLUMNS.items())
    db.execute(f"CREATE TABLE IF NOT EXISTS checks (id INTEGER PRIMARY KEY, {columns})")
    db.execute("CREATE INDEX IF NOT EXISTS by_url ON checks (url, id)")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER IF NOT EXISTS no_{verb.lower()} BEFORE {verb} ON checks "
            "BEGIN SELECT RAISE(ABORT, 'checks in the log are never changed'); END"
        )
    db.execute(f"PRAGMA application_id={_APPLICATION}")
