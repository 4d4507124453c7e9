"""Which cited work is which paper of the collection: by ids, by place, by title."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.networks.reference_text import Reference, ids_in, name_key, words_of, work_keys
from toolkit.papers.dates import dates_of
from toolkit.papers.identifiers import fold_title
from toolkit.papers.places import places_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Columns of ids beside `paper_id`, and what stands before these ids in references.
_ID_COLUMNS = (
    ("doi", ""), ("url", ""), ("openalex_id", ""), ("pmid", "pmid:"), ("s2_id", "s2:"),
    ("wos_id", ""), ("bibcode", ""), ("lens_id", ""),
)  # fmt: skip


def papers_of(works: list[list[Reference]], papers: pd.DataFrame) -> NDArray[np.int64]:
    """Return the position of the paper that each work is, -1 for none."""
    by_id, by_key = _paper_names(papers)
    found = np.full(len(works), -1, dtype=np.int64)
    for number, forms in enumerate(works):
        ids = [*(name for one in forms for name in one.ids), *(one.form.lower() for one in forms)]
        keys = [key for one in forms for key in (*work_keys(one), ("words", words_of(one)))]
        at = next((by_id[name] for name in ids if name in by_id), None)
        if at is None:
            at = next((place for key in keys if (place := by_key.get(key)) is not None), None)
        if at is not None:
            found[number] = at
    return found


def _paper_names(
    papers: pd.DataFrame,
) -> tuple[dict[str, int], dict[tuple[str, ...], int]]:
    """Return the papers by their ids, and by what tells them apart beside ids; the first wins."""
    by_id: dict[str, int] = {}
    by_key: dict[tuple[str, ...], int] = {}
    for row, name in enumerate(papers["paper_id"].tolist()):
        by_id.setdefault(str(name).lower(), row)
    for column, prefix in _ID_COLUMNS:
        for row, value in enumerate(texts_of(papers, column)):
            for name in (value.lower(), *ids_in(prefix + value)) if value else ():
                by_id.setdefault(name, row)
    authors, titles = texts_of(papers, "authors"), texts_of(papers, "title")
    years = years_of(papers)
    volumes, pages = places_of(papers)
    for row, title in enumerate(titles):
        who = name_key(authors[row].split(";")[0])
        year = "" if np.isnan(years[row]) else str(int(years[row]))
        one = Reference(
            title, (), fold_title(title), who, year, "", volumes[row], pages[row], fold_title(title)
        )
        for key in (*work_keys(one), ("words", one.words)):
            by_key.setdefault(key, row)
    return by_id, by_key


def years_of(papers: pd.DataFrame) -> NDArray[np.float64]:
    """Return the year of publication of each paper, NaN where it is not known."""
    return np.asarray(dates_of(papers, "published").dt.year.to_numpy(), dtype=np.float64)


def texts_of(papers: pd.DataFrame, column: str) -> list[str]:
    """Return the values of a column of text, "" where there is none."""
    if column not in papers:
        return [""] * len(papers)
    return [value if isinstance(value, str) else "" for value in papers[column].tolist()]
