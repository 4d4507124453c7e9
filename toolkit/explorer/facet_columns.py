"""The columns that filters list: code, links, venue, authors and more, what a collection has."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.explorer.paper_columns import PaperLinks, texts, whole_numbers
from toolkit.explorer.state import CODES, FACETS, MISSING, NUMBERS, Facet

#: Less frequent hosts are one option of the filter, `OTHER_HOSTS`.
MOST_HOSTS = 40
OTHER_HOSTS = "other-hosts"
#: Options of a filter; rarer values are found by searching words.
MOST_VALUES = 300
_SINGLE = ("venue", "kind")
#: The paper of each value, ascending, and the values.
_Values = tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]


def facet_lists(
    papers: pd.DataFrame,
    code: npt.NDArray[np.object_],
    links: PaperLinks,
    date: npt.NDArray[np.int64],
) -> dict[str, Facet]:
    """Return those of `FACETS` that tell papers apart, in their order.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    code : ndarray of str
        Each paper's code status, one of `CODES`.
    links : PaperLinks
        The papers' links.
    date : ndarray of int
        Each paper's first day, since 1970.
    """
    found: dict[str, Facet] = {}
    for name in FACETS:
        facet = _facet(name, len(papers), *_values(name, papers, code, links, date))
        if _tells(name, facet):
            found[name] = facet
    return found


def _values(
    name: str,
    papers: pd.DataFrame,
    code: npt.NDArray[np.object_],
    links: PaperLinks,
    date: npt.NDArray[np.int64],
) -> _Values:
    if name == "code":
        return np.arange(len(code)), code
    if name == "kinds":
        return links.rows, np.array(links.kinds, dtype=object)
    if name == "hosts":
        return _hosts(links)
    if name == "year":
        rows = np.flatnonzero(date != MISSING)
        years = date[rows].astype("datetime64[D]").astype("datetime64[Y]")
        return rows, years.astype(str).astype(object)
    if name not in papers or papers[name].isna().all():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)
    column = texts(papers, name)
    if name in _SINGLE:
        values = np.array(column, dtype=object)
        rows = np.flatnonzero(values != "")
        return rows, values[rows]
    parts = [[part.strip() for part in text.split(";")] for text in column]
    rows = np.repeat(np.arange(len(parts)), [len(some) for some in parts])
    values = np.array([part for some in parts for part in some], dtype=object)
    return rows[values != ""], values[values != ""]


def number_columns(papers: pd.DataFrame) -> dict[str, npt.NDArray[np.int64]]:
    """Return those of `NUMBERS` that the papers have."""
    columns = {name: whole_numbers(papers, name) for name in NUMBERS}
    return {name: values for name, values in columns.items() if (values != MISSING).any()}


def _tells(name: str, facet: Facet) -> bool:
    """Return whether a filter by this column could leave papers out."""
    if name in ("code", "kinds", "hosts"):
        return name == "code" or len(facet.names) > 0
    if not len(facet.names):
        return False
    return len(facet.names) > 1 or 0 < len(facet.codes) < len(facet.starts) - 1


def _facet(
    name: str, n: int, rows: npt.NDArray[np.int64], values: npt.NDArray[np.object_]
) -> Facet:
    """Return the facet of these values, each once a paper."""
    codes, found = pd.factorize(values)
    pairs = np.unique(rows * max(len(found), 1) + codes)
    rows, codes = np.divmod(pairs, max(len(found), 1))
    names = _names(name, found, np.bincount(codes, minlength=len(found)))
    place = {value: i for i, value in enumerate(names)}
    moved = np.array([place.get(value, -1) for value in found], dtype=np.int64)[codes]
    kept = moved >= 0
    starts = np.searchsorted(rows[kept], np.arange(n + 1))
    return Facet(names, starts.astype(np.uint32), moved[kept].astype(np.uint32))


def _names(
    name: str, found: npt.NDArray[np.object_], counts: npt.NDArray[np.int64]
) -> list[str]:  # fmt: skip
    """Return the options of a filter in their order."""
    if name == "code":
        return [status for status in CODES if status != "unknown" or status in found]
    if name == "year":
        return sorted(found, reverse=True)
    names = _most_frequent(found, counts, len(found) if name == "hosts" else MOST_VALUES)
    # The collective option stays last.
    return sorted(names, key=lambda host: host == OTHER_HOSTS) if name == "hosts" else names


def _most_frequent(
    found: npt.NDArray[np.object_], counts: npt.NDArray[np.int64], most: int
) -> list[str]:
    """Return the most frequent values, those of one frequency by name."""
    count = dict(zip(found, counts.tolist()))
    return heapq.nsmallest(most, count, key=lambda name: (-count[name], name))


def _hosts(links: PaperLinks) -> _Values:
    hosts = np.array(links.hosts, dtype=object)
    rows, hosts = links.rows[hosts != ""], hosts[hosts != ""]
    codes, found = pd.factorize(hosts)
    frequent = _most_frequent(found, np.bincount(codes, minlength=len(found)), MOST_HOSTS)
    return rows, np.where(np.isin(hosts, frequent), hosts, OTHER_HOSTS)
