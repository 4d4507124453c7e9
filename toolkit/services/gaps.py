"""The gaps of a papers table: which values it lacks, and what services said about them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.formats.loading import papers_of
from toolkit.formats.records import Records
from toolkit.papers.columns import COLUMNS
from toolkit.papers.set_aside import SetAside
from toolkit.services.refs import Ref, parse_ref, refs_of
from toolkit.services.title_matching import Sought, is_titled_alike, sought

#: Columns that `enrich` fills, in the order in which changes name them.
FILLED = (
    "abstract", "doi", "venue", "keywords", "affiliations", "countries", "references", "cited_by",
    "code_url", "project_url",
)  # fmt: skip
_IDS = ("paper_id", "doi", "arxiv_id", "pmid", "pmcid", "openalex_id", "s2_id", "corpus_id",
        "dblp_key")  # fmt: skip
#: A record, and the id that led to it.
Found = tuple[Ref | None, Mapping[str, Any]]


class Gaps:
    """The gaps of a table, and what fills them.

    Parameters
    ----------
    papers : DataFrame
        A papers table; it is not changed.
    columns : sequence of str
        Those that are filled.

    Attributes
    ----------
    refs : list of set of Ref
        The ids of each row; those of records that are found are added.
    met : set of int
        Rows for which a record was found.
    asked : set of int
        Rows that a service was asked for.
    refused : int
        Records under a row's DOI that have another title.
    """

    def __init__(self, papers: pd.DataFrame, columns: Sequence[str]) -> None:
        self.papers = papers
        self.columns = [name for name in FILLED if name in columns]
        self._open = {
            name: papers[name].isna().to_numpy(copy=True)
            if name in papers
            else np.ones(len(papers), dtype=bool)
            for name in self.columns
        }
        self.titles: list[str] = papers["title"].tolist()
        names = [name for name in (*_IDS, "url") if name in papers]
        values = [papers[name].astype(object).tolist() for name in names]
        self.refs = [_row_refs(dict(zip(names, row))) for row in zip(*values)]
        self.met: set[int] = set()
        self.asked: set[int] = set()
        self.refused = 0
        self._filled: dict[tuple[int, str], tuple[Any, str]] = {}

    def rows(self, columns: Iterable[str] | None = None) -> list[int]:
        """Return the rows with a gap in one of some columns, of all that are filled by default."""
        names = [name for name in columns or self.columns if name in self._open]
        if not names:
            return []
        gap = self._open[names[0]].copy()
        for name in names[1:]:
            gap |= self._open[name]
        return [int(at) for at in gap.nonzero()[0]]

    def sought(self, row: int) -> Sought | None:
        """Return what a row is looked for by, without an id."""
        one = self.papers.iloc[row]
        return sought(self.titles[row], one.get("authors"), one.get("published"))

    def take(self, found: Mapping[int, Found], service: str) -> None:
        """Fill gaps of rows from the records found for them, each with the id that led there.

        Records under a DOI whose title is another are refused: a chapter may have its book's DOI.
        """
        records = []
        for row, (ref, record) in found.items():
            title = record.get("title")
            if not isinstance(title, str):
                continue
            if ref and ref.kind == "doi" and not is_titled_alike(self.titles[row], title):
                self.refused += 1
                continue
            self.met.add(row)
            self.refs[row] |= refs_of(record)
            # Ids of their own, so that two rows of one paper stay two; the value tells the row.
            records.append({**record, "paper_id": f"title:{row:016x}"})
        if not records:
            return
        read = Records("x", unit="record", found=records, places=list(range(len(records))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of dates and the like, which are not filled in
            table = papers_of(read, service, SetAside(lambda bad: None))
        for name in self.columns:
            given = table[name]
            for key, value in zip(table["paper_id"][given.notna()], given[given.notna()]):
                row = int(key.removeprefix("title:"), 16)
                if self._open[name][row]:
                    self._open[name][row] = False
                    self._filled[row, name] = (value, service)

    def table(self) -> pd.DataFrame:
        """Return a copy of the papers with the gaps filled."""
        result = self.papers.copy()
        for name in self.columns:
            found = {row: value for (row, column), (value, _) in self._filled.items()
                     if column == name}  # fmt: skip
            if not found:
                continue
            values = (
                result[name].astype(object).tolist() if name in result else [pd.NA] * len(result)
            )
            for row, value in found.items():
                values[row] = value
            result[name] = pd.Series(pd.array(values, dtype=COLUMNS[name]), index=result.index)
        return result

    def changes(self) -> pd.DataFrame:
        """Return what was filled: paper_id, column, value (as text), service."""
        ids = self.papers["paper_id"].tolist()
        order = {name: at for at, name in enumerate(self.columns)}
        keys = sorted(self._filled, key=lambda key: (key[0], order[key[1]]))
        told = [
            (ids[row], name, str(self._filled[row, name][0]), self._filled[row, name][1])
            for row, name in keys
        ]
        return pd.DataFrame(told, columns=["paper_id", "column", "value", "service"]).astype(
            "string"
        )


def _row_refs(row: Mapping[str, Any]) -> set[Ref]:
    """Return the ids of a row, those in the address of its page included."""
    found = refs_of({name: value for name, value in row.items() if isinstance(value, str | int)})
    url = row.get("url")
    if isinstance(url, str) and (ref := parse_ref(url)) is not None:
        found.add(ref)
    return found
