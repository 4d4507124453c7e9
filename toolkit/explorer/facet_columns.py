"""The columns that filters list: code, links, venue, authors and more, what a collection has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.explorer.paper_columns import by_frequency, texts, whole_numbers
from toolkit.explorer.state import CODES, FACETS, MISSING, NUMBERS, Facet

#: Less frequent hosts are one option of the filter, `OTHER_HOSTS`.
MOST_HOSTS = 40
OTHER_HOSTS = "other-hosts"
#: Options of a filter; rarer values are found by searching words.
MOST_VALUES = 300
_SINGLE = ("venue", "kind")


def facet_lists(
    papers: pd.DataFrame,
    code: Sequence[str],
    links: Sequence[Sequence[dict[str, str]]],
    date: npt.NDArray[np.int64],
) -> dict[str, Facet]:
    """Return those of `FACETS` that tell papers apart, in their order.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    code : sequence of str
        Each paper's code status, one of `CODES`.
    links : sequence of list
        Each paper's links, with `kind` and `host`.
    date : ndarray of int
        Each paper's first day, since 1970.
    """
    found: dict[str, Facet] = {}
    for name in FACETS:
        values = _values(name, papers, code, links, date)
        facet = Facet.of(values, _names(name, values))
        if _tells(name, facet):
            found[name] = facet
    return found


def _values(
    name: str,
    papers: pd.DataFrame,
    code: Sequence[str],
    links: Sequence[Sequence[dict[str, str]]],
    date: npt.NDArray[np.int64],
) -> list[list[str]]:
    if name == "code":
        return [[status] for status in code]
    if name == "kinds":
        return [sorted({link["kind"] for link in some}) if some else [] for some in links]
    if name == "hosts":
        return _hosts(links)
    if name == "year":
        years = date.astype("datetime64[D]").astype("datetime64[Y]").astype(str)
        return [
            [] if day == MISSING else [year] for day, year in zip(date.tolist(), years.tolist())
        ]
    if name not in papers or papers[name].isna().all():
        return []
    if name in _SINGLE:
        return [[text] if text else [] for text in texts(papers, name)]
    return [_split(text) if text else [] for text in texts(papers, name)]


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


def _names(name: str, values: list[list[str]]) -> list[str]:
    every = [value for some in values for value in some]
    if name == "code":
        known = set(every)
        return [status for status in CODES if status != "unknown" or status in known]
    if name == "year":
        return sorted(set(every), reverse=True)
    names = by_frequency(every)
    if name == "hosts":
        # The collective option stays last.
        return sorted(names, key=lambda host: host == OTHER_HOSTS)
    return names[:MOST_VALUES]


def _hosts(links: Sequence[Sequence[dict[str, str]]]) -> list[list[str]]:
    frequent = set(by_frequency(link["host"] for some in links for link in some)[:MOST_HOSTS])
    return [
        sorted({h if h in frequent else OTHER_HOSTS for h in (x["host"] for x in some) if h})
        for some in links
    ]


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in map(str.strip, text.split(";")) if part))
