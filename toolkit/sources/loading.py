"""`load`: recognises by its content what it is given, and makes a papers table of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import DataError
from toolkit.sources.inputs import Input, decode, find_inputs

if TYPE_CHECKING:
    import pandas as pd


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
        break is text). Understood: a Hugging Face papers page (pasted text or saved HTML), JSON
        Lines.
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
        Says which file, line and column is wrong, what was expected, and how to mend it.

    Warns
    -----
    UserWarning
        Counts the records that repeat an earlier one and were left out.

    Examples
    --------
    >>> papers = load('{"arxiv_id": "2401.00001", "title": "A title", "abstract": "Words."}')
    >>> papers.loc[0, "paper_id"]
    'arxiv:2401.00001'
    """
    inputs = find_inputs(path_or_text)
    tables = [_load_one(one, columns) for one in inputs]
    if len(tables) == 1:
        return tables[0]
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


def _load_one(one: Input, columns: Mapping[str, str] | None) -> pd.DataFrame:
    from toolkit.schema import make_papers

    if one.path is not None and one.path.is_dir():
        from toolkit.collection import load_collection

        return load_collection(one.path)
    text = one.read_text()
    if not text.strip():
        raise DataError("empty", source=one.name, expected="records of papers")
    kind = _kind(text)
    if kind == "json":
        from toolkit.sources.json_records import read_json_lines

        return make_papers(read_json_lines(text, origin=one.name), source="jsonl", origin=one.name)
    if kind == "html":
        from toolkit.sources.page_html import read_page_html

        return make_papers(read_page_html(text, origin=one.name), source="hf-page", origin=one.name)
    from toolkit.sources.page_text import read_page_text

    return make_papers(read_page_text(text, origin=one.name), source="hf-page", origin=one.name)


def _kind(text: str) -> str:
    start = text.lstrip()
    if start.startswith("{") or start.startswith("["):
        return "json"
    if start.startswith("<"):
        return "html"
    return "page"
