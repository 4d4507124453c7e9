"""Spreadsheets and Parquet tables of papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import islice, zip_longest
from typing import Any

import pyarrow as pa

from toolkit.errors import DataError, warn_user
from toolkit.formats.columns import TableFormat
from toolkit.formats.inputs import Input
from toolkit.formats.records import Records
from toolkit.formats.tables import find_header, is_filled, made_records, names_of
from toolkit.formats.unpacking import check_workbook, most_unpacked, too_large
from toolkit.storage.parquet import read_within

#: Two of these columns make a sheet one of papers, whose titles have a name that we do not know.
_OF_PAPERS = frozenset(("authors", "abstract", "doi", "venue", "published", "year", "arxiv_id"))


def read_workbook(one: Input, *, columns: Mapping[str, str] | None) -> list[Records]:
    """Return the records of each sheet that has a column of titles and rows.

    Read are .xlsx, .xlsm, .xlsb, .xls and .ods. Of sheets without titles only those are told of
    that have other columns of papers; the rest are notes and counts.
    """
    assert one.path is not None
    from python_calamine import load_workbook

    check_workbook(one.path, one.name)
    try:
        book = load_workbook(str(one.path))
        names = list(book.sheet_names)
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]
    except (KeyboardInterrupt, MemoryError):
        raise
    # What damaged files raise is anything up to Rust's PanicException, which is no Exception.
    except BaseException as error:
        if "WordDocument".encode("utf-16-le") in one.path.read_bytes():
            raise DataError(
                "this is a Word document", source=one.name,
                expected="a papers page, JSON Lines, BibTeX, RIS, CSV, XLSX or Parquet",
                hint="Export the records in one of these formats, or paste the text",
            ) from error  # fmt: skip
        raise DataError(
            f"not a readable Excel workbook ({type(error).__name__}: {error})",
            source=one.name,
            hint="Open it in Excel or LibreOffice and save it again, or export CSV",
        ) from error
    found: list[Records] = []
    refused: list[DataError] = []
    unread: list[str] = []
    for name, rows in zip(names, sheets):
        filled = [(number, row) for number, row in enumerate(rows, 1) if is_filled(row)]
        if not filled:
            continue
        try:
            found.append(_read_sheet(filled, one, columns))
            found[-1].unit = f"sheet {name!r}, row"
        except DataError as error:
            refused.append(error)
            if _looks_like_papers(filled, one):
                unread.append(f"{name!r} ({error.message})")
    if not found:
        raise (
            refused[0]
            if refused
            else DataError("an empty workbook", source=one.name, expected="a header and records")
        )
    if len(found) == 1:
        found[0].unit = "row"
    if unread:
        warn_user(f"{one.label}: not read of its sheets: {'; '.join(unread)}")
    return found


def _read_sheet(
    filled: list[tuple[int, list[Any]]], one: Input, columns: Mapping[str, str] | None
) -> Records:
    """Return the records of the filled rows of a sheet, each with its number.

    Raises
    ------
    DataError
        No column of titles, or no rows.
    """
    header = find_header((row for _, row in filled), origin=one.name, columns=columns)
    TableFormat(names_of(header), origin=one.name, columns=columns).require_title()
    at = next(at for at, (_, row) in enumerate(filled) if list(row) == header)
    below = filled[at + 1 :]
    if not below:
        raise DataError("a table without rows", source=one.name, expected="a header and records")
    cells = [
        [_cell(value) for value in column]
        for column in islice(zip_longest(*(row for _, row in below)), len(header))
    ]
    places = [number for number, _ in below]
    return made_records(cells, places, names_of(header), one.name, columns, "row")


def _looks_like_papers(filled: list[tuple[int, list[Any]]], one: Input) -> bool:
    header = names_of(find_header((row for _, row in filled), origin=one.name, columns=None))
    known = TableFormat(header, origin=one.name).sources_of
    return len(filled) > 1 and len(_OF_PAPERS.intersection(known)) >= 2


def _cell(value: Any) -> Any:
    """Return the value of a cell of a sheet; whole numbers are whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return None if value == "" else value


def read_parquet(one: Input, *, columns: Mapping[str, str] | None) -> Records:
    """Return the records of a Parquet table."""
    assert one.path is not None
    most = most_unpacked(one.path)
    try:
        table = read_within(one.path, most)
        cells = [] if table is None else [_parquet_column(column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise DataError(
            f"not a readable Parquet file ({error})",
            source=one.name,
            hint="It may be cut off: copy or write it again",
        ) from error
    if table is None:
        raise too_large(one.name, most)
    if not table.num_rows and table.num_columns:
        TableFormat(table.column_names, origin=one.name, columns=columns).require_title()
        raise DataError("a table without rows", source=one.name, expected="records of papers")
    places = list(range(1, table.num_rows + 1))
    return made_records(cells, places, table.column_names, one.name, columns, "row")


def _parquet_column(column: pa.ChunkedArray) -> Any:
    if pa.types.is_large_string(column.type) or pa.types.is_dictionary(column.type):
        try:
            column = column.cast(pa.string())
        except pa.ArrowException:
            return column.to_pylist()
    return column if pa.types.is_string(column.type) else column.to_pylist()
