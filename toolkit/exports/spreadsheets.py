"""Papers as CSV and as an Excel workbook, in which no cell is run as a formula."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd

from toolkit.errors import warn_user
from toolkit.text.formulas import guarded

#: Characters that the XML of a workbook cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Most characters in a cell of Excel.
_MOST_CELL = 32_767
_DATE = "%Y-%m-%d"


def to_csv(papers: pd.DataFrame) -> str:
    """Return papers as CSV; cells that begin like a formula have an apostrophe before it."""
    table = _without_vectors(papers)
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]) and "date" not in str(table[name].dtype):
            table[name] = table[name].astype(object).map(_guarded, na_action="ignore")
    table.columns = [_guarded(name) for name in table.columns]
    # By the byte-order mark Excel recognises UTF-8.
    return "\ufeff" + str(table.to_csv(index=False, date_format=_DATE, lineterminator="\r\n"))


def to_xlsx(papers: pd.DataFrame) -> bytes:
    """Return papers as an Excel workbook of one sheet.

    Warns
    -----
    UserWarning
        Counts the texts that are longer than a cell of Excel can hold, and were cut.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    table = _without_vectors(papers)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("papers")
    cut = 0

    def cell(value: Any) -> Any:
        nonlocal cut
        if not isinstance(value, str):
            return value if isinstance(value, bool | int | float) else _plain(value)
        text = _NOT_XML.sub("", value)
        cut += len(text) > _MOST_CELL
        made = WriteOnlyCell(sheet, text[:_MOST_CELL])
        # Text stays text, also where it begins with an equals sign or looks like an error.
        made.data_type = "s"
        return made

    sheet.append([cell(str(name)) for name in table.columns])
    columns = [table[name].astype(object).where(table[name].notna(), None) for name in table]
    for row in zip(*(column.tolist() for column in columns)):
        sheet.append([cell(value) for value in row])
    if cut:
        warn_user(
            f"{cut} texts are longer than the {_MOST_CELL} characters of a cell in Excel and were "
            "cut; export CSV to keep them whole"
        )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _without_vectors(papers: pd.DataFrame) -> pd.DataFrame:
    return papers.drop(columns=["vector", "vector_model"], errors="ignore").copy()


def _guarded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Half a surrogate pair is no character.
    return guarded(value.replace("\x00", "").encode("utf-8", "replace").decode())


def _plain(value: Any) -> Any:
    """Return a value that a cell can hold: dates without a time of day as text of ISO 8601."""
    if value is None:
        return None
    if isinstance(value, pd.Timestamp):
        midnight = value == value.normalize()
        return value.strftime(_DATE) if midnight else value.isoformat(sep=" ")
    number = getattr(value, "item", None)
    return number() if number is not None else str(value)
