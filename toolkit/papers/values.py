"""The values of a column of papers, one row each: lists are split, spellings of a venue joined."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.papers.columns import LISTS
from toolkit.papers.schema import check_papers
from toolkit.papers.venues import venue_forms

#: Columns that hold several values, and their separators (None: white space).
SEPARATORS: dict[str, str | None] = {"categories": None, **dict.fromkeys((*LISTS, "origin"), ";")}


def split_values(papers: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Return the values of a column, one row for each paper and value, a value once a paper.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    column : str
        Any of its columns. `categories`, `origin` and columns of lists are split; of `venue`,
        spellings become the form that `toolkit.papers.venue_names` gives, with a warning.

    Returns
    -------
    Series of str
        The values; the index holds the positions of the papers. Missing and empty ones are not
        in it.

    Raises
    ------
    DataError
        Not a papers table, or no such column.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["A", "B"],
    ...                        "keywords": ["oak; elm; oak", None]})
    >>> split_values(papers, "keywords").tolist()
    ['oak', 'elm']
    """
    if not isinstance(column, str):
        raise DataError("not the name of a column", argument="by", found=column)
    check_papers(papers, needs=(column,))
    cells = venue_forms(papers) if column == "venue" else papers[column].astype("string")
    cells = cells.reset_index(drop=True).dropna()
    if column in SEPARATORS:
        cells = cells.str.split(SEPARATORS[column]).explode().astype("string").str.strip()
    cells = cells[cells.notna() & (cells != "")]
    return cells[~pd.MultiIndex.from_arrays([cells.index, cells]).duplicated()]
