"""Notes about single papers that have no column of their own and travel with a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

#: Dates that were left empty: paper id, column, date (see `toolkit.papers.impossible_dates`).
EMPTIED = "emptied_dates"
#: What a BibTeX file called a paper: paper id, type of entry, key.
CITED_AS = "cited_as"
_NOTES = (EMPTIED, CITED_AS)


def add_notes(papers: pd.DataFrame, name: str, notes: Iterable[tuple[str, ...]]) -> None:
    """Add notes to a table in the making; each begins with a paper id.

    They stand in its attributes, as one string: pandas makes deep copies of attributes all the
    time. They outlive filters, sorting and copies, but neither `pandas.concat` nor a file.
    """
    lines = ["\t".join(note) for note in notes]
    if lines:
        papers.attrs[name] = "\n".join([*filter(None, [papers.attrs.get(name)]), *lines])


def read_notes(papers: pd.DataFrame, name: str) -> list[tuple[str, ...]]:
    """Return the notes about papers that are (still) in a table."""
    notes = [tuple(line.split("\t")) for line in papers.attrs.get(name, "").split("\n") if line]
    there = set(papers["paper_id"]) if notes else set()
    return [note for note in notes if note[0] in there]


def joined_notes(tables: Iterable[pd.DataFrame]) -> dict[str, Any]:
    """Return the notes of several tables, as attributes for the one they are joined to."""
    tables = list(tables)
    found = {name: [t.attrs[name] for t in tables if name in t.attrs] for name in _NOTES}
    return {name: "\n".join(notes) for name, notes in found.items() if notes}
