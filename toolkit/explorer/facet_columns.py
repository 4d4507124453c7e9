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
_LISTS = ("authors", "countries", "keywords")
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
    values: dict[str, list[list[str]]] = {
        "code": [[status] for status in code],
        "kinds": [sorted({link["kind"] for link in some}) for some in links],
        "hosts": _hosts(links),
        **{name: [_split(text) for text in texts(papers, name)] for name in _LISTS},
        **{name: [[text] if text else [] for text in texts(papers, name)] for name in _SINGLE},
        "year": [[] if day == MISSING else [_year(day)] for day in date.tolist()],
    }
    found = {name: Facet.of(values[name], _names(name, values[name])) for name in FACETS}
    return {name: facet for name, facet in found.items() if _tells(name, facet)}


def number_columns(papers: pd.DataFrame) -> dict[str, npt.NDArray[np.int64]]:
    """Return those of `NUMBERS` that the papers have."""
    columns = {name: whole_numbers(papers, name) for name in NUMBERS}
    return {name: values for name, values in columns.items() if (values != MISSING).any()}


def _tells(name: str, facet: Facet) -> bool:
    """Return whether a filter by this column could leave papers out."""
    if name in ("code", "kinds", "hosts"):
        return name == "code" or len(facet.names) > 0
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


def _year(day: int) -> str:
    return str(np.datetime64(day, "D"))[:4]
