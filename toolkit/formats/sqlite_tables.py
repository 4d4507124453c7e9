"""SQLite databases of other programs: copied, and their tables read within bounds.

A program that runs may have locked its database, and keep the newest changes in a second file, the
write-ahead log. So both are copied, and the copy is read. The queries are scans of one table each;
what is damaged or made to harm ends as a `DataError`.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from toolkit.errors import DataError
from toolkit.formats.inputs import Input
from toolkit.formats.unpacking import most_unpacked, too_large

_MARK = b"SQLite format 3\x00"
#: The first bytes of a rollback journal that must be applied before the database is whole.
_HOT = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_TRIES = 5


def is_database(head: bytes) -> bool:
    """Return whether the first bytes of a file are an SQLite database's."""
    return head.startswith(_MARK)


@contextmanager
def open_tables(one: Input, columns: Mapping[str, str]) -> Iterator[Tables]:
    """Open a copy of a database.

    Parameters
    ----------
    one : Input
        The file, perhaps compressed.
    columns : mapping of str to str
        The columns of each table that will be read, in their order, with blanks between them.

    Raises
    ------
    DataError
        Damaged, beyond bounds, or changed while it was copied.
    """
    with _copied(one) as path:
        most = most_unpacked(path)
        try:
            with closing(sqlite3.connect(path)) as connection:
                yield Tables(connection, one.name, most, columns)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if "interrupted" in str(error) or "too big" in str(error):
                raise too_large(one.name, most) from error
            raise DataError(
                f"a damaged database ({error})",
                source=one.name,
                hint="Copy it again while its program is closed, or load a backup of it",
            ) from error


class Tables:
    """The tables of a database, read within bounds.

    Attributes
    ----------
    columns : dict of str to set of str
        The columns of each table; views, and tables that would run what their maker wrote, are
        left out.
    """

    def __init__(
        self, connection: sqlite3.Connection, name: str, most: int, wanted: Mapping[str, str]
    ) -> None:
        self._connection, self._name, self._wanted = connection, name, wanted
        self._most = self._left = most
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 26)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        steps = iter(range(max(1_000, min(20_000, most // 10_000))))
        connection.set_progress_handler(lambda: next(steps, None) is None, 100_000)
        self.columns: dict[str, set[str]] = {}
        rows = connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
        for table, kind, sql in rows:
            if kind == "table" and "VIRTUAL" not in str(sql).upper():
                # Columns that SQL generates are not among these.
                found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
                self.columns[table] = {column for (column,) in found}
        connection.set_authorizer(_only_reading)

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Return the rows of a table, its wanted columns in their order; none without them."""
        wanted = self._wanted[table].split()
        if not set(wanted) <= self.columns.get(table, set()):
            return []
        found = []
        query = f'SELECT {", ".join(wanted)} FROM "{table}"'
        for row in self._connection.execute(query):
            self._left -= 20 + sum(len(one) for one in row if isinstance(one, str | bytes))
            if self._left < 0:
                raise too_large(self._name, self._most)
            found.append(row)
        return found

    def names(self, table: str) -> dict[Any, str]:
        """Return a table of two columns as a mapping."""
        return {key: str(value) for key, value in self.rows(table)}


def _only_reading(action: int, *_: Any) -> int:
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


@contextmanager
def _copied(one: Input) -> Iterator[Path]:
    """Copy a database, with its write-ahead log, into a folder of our own."""
    assert one.path is not None
    with tempfile.TemporaryDirectory(prefix="paperscope-") as folder:
        copy = Path(folder) / "copy.sqlite"
        with one.path.open("rb") as file:
            is_plain = is_database(file.read(len(_MARK)))
        try:
            if is_plain:
                _copy_unchanged(one.path, copy, one.name)
            else:
                with one.open() as stream, copy.open("wb") as target:
                    shutil.copyfileobj(stream, target)
        except OSError as error:
            raise DataError(
                f"cannot be copied before it is read ({error.strerror or error})",
                source=one.name,
                hint="It needs room for a copy in the folder for temporary files",
            ) from error
        yield copy


def _copy_unchanged(path: Path, copy: Path, name: str) -> None:
    """Copy a database of one moment; again where its program wrote in between."""
    log, journal = Path(f"{path}-wal"), Path(f"{path}-journal")
    for tries in range(_TRIES):
        before = _state(path), _state(log)
        shutil.copyfile(path, copy)
        target = Path(f"{copy}-wal")
        target.unlink(missing_ok=True)
        if log.exists():
            shutil.copyfile(log, target)
        # A journal is not copied: it may name other files for SQLite to delete.
        if (_state(path), _state(log)) == before and not _is_hot(journal):
            return
        time.sleep(0.1 * (tries + 1))
    raise DataError(
        "its program is writing into it",
        source=name,
        expected="a database that stays the same while it is copied",
        hint="Close the program (if it ended badly, start and close it once more), and repeat",
    )


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_hot(journal: Path) -> bool:
    try:
        with journal.open("rb") as file:
            return file.read(len(_HOT)) == _HOT
    except OSError:
        return False
