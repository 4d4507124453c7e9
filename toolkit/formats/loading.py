"""`load`: recognises a format by its content and returns a papers table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.formats.arxiv_snapshot import load_arxiv_snapshot, read_snapshot_text
from toolkit.formats.atom import read_atom
from toolkit.formats.bibtex import read_bibtex
from toolkit.formats.inputs import Input, find_inputs, is_workbook
from toolkit.formats.json_records import read_json
from toolkit.formats.page_html import read_page_html
from toolkit.formats.page_text import read_page_text
from toolkit.formats.recognise import is_snapshot, recognise
from toolkit.formats.tables import read_delimited, read_parquet, read_workbook
from toolkit.formats.tagged_text import read_ris, read_wos
from toolkit.papers.coercion import Place
from toolkit.papers.repeats import drop_repeats
from toolkit.papers.schema import make_papers
from toolkit.storage.collections import load_collection


def load(
    path_or_text: str | Path | Sequence[str | Path],
    *,
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Load papers from a file, a folder, several files, or text; recognised by content.

    Parameters
    ----------
    path_or_text : str, Path, or sequence of them
        A path, a list of paths, a glob pattern, or the text of a page (anything with a line
        break is text). Understood: a Hugging Face papers page (pasted text or saved HTML) and
        its API's JSON, arXiv Atom, the arXiv metadata snapshot, JSON Lines, BibTeX, RIS, exports
        of IEEE Xplore, Springer, Scopus, Web of Science, OpenAlex and Zotero, any CSV, TSV,
        Excel or Parquet table with recognisable columns, and a collection folder; gzip and
        one-file ZIP archives of them too.
    columns : mapping of str to str, optional
        For tables whose columns are not recognised: their name → the name of a papers column,
        for example ``{"Name": "title"}``.

    Returns
    -------
    DataFrame
        A papers table, shape (n_papers, 18), in the order of the records.

    Raises
    ------
    DataError
        Says which file, line and column is wrong, what was expected, and how to fix it.

    Warns
    -----
    UserWarning
        Counts the BibTeX entries that cannot be read and the records that repeat an earlier one,
        both left out, and the dates (before 1600, after the next year) that cannot be right,
        left empty; shows the first of each.

    Examples
    --------
    >>> papers = load('{"arxiv_id": "2401.00001", "title": "A title", "abstract": "Words."}')
    >>> papers.loc[0, "paper_id"]
    'arxiv:2401.00001'
    """
    inputs = find_inputs(path_or_text)
    tables = [_load_one(one, columns) for one in inputs]
    return tables[0] if len(tables) == 1 else _joined(tables)


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    with warnings.catch_warnings():
        # pandas 2 announces that empty columns will one day count for the type; ours are typed.
        warnings.simplefilter("ignore", FutureWarning)
        table = pd.concat(tables, ignore_index=True)
    return drop_repeats(table, Place(f"{len(tables)} inputs together"), retitled=True)


def _load_one(one: Input, columns: Mapping[str, str] | None) -> pd.DataFrame:
    if one.path is not None:
        if one.path.is_dir():
            return load_collection(one.path)
        head = one.head()
        if head.startswith(b"PAR1"):
            records = read_parquet(one, columns=columns)
            return make_papers(records, source="table", origin=one.name)
        if head.startswith(b"PK\x03\x04") and is_workbook(one.path):
            records, rows = read_workbook(one, columns=columns)
            return make_papers(records, source="table", origin=one.name, rows=rows)
        if is_snapshot(head):
            return load_arxiv_snapshot(one.path)
    text = one.read_text()
    if not text.strip():
        raise DataError(
            "empty", source=one.name, expected="records of papers", hint="Check the download"
        )
    records, lines, source = _read(text, one, columns)
    return make_papers(records, source=source, origin=one.name, rows=lines)


def _read(
    text: str, one: Input, columns: Mapping[str, str] | None
) -> tuple[list[dict[str, Any]], list[int] | None, str]:
    """Return the records of a text, their lines, and the source."""
    kind, origin = recognise(text, origin=one.name, columns=columns), one.name
    if kind == "snapshot":
        return (*read_snapshot_text(text, origin=origin), "arxiv-snapshot")
    if kind == "json":
        (records, rows), source = read_json(text, origin=origin, columns=columns)
        return records, rows, source
    if kind.startswith("table:"):
        return (
            *read_delimited(text, kind.partition(":")[2], origin=origin, columns=columns),
            "table",
        )
    if kind in ("bibtex", "ris", "wos"):
        reader = {"bibtex": read_bibtex, "ris": read_ris, "wos": read_wos}[kind]
        return (*reader(text, origin=origin), kind)
    if kind == "atom":
        return read_atom(text, origin=origin), None, "arxiv"
    if kind == "html":
        return read_page_html(text, origin=origin), None, "hf-page"
    return read_page_text(text, origin=origin), None, "hf-page"
