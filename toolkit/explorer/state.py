"""The explorer's view and the rules of its filters, as data that Python and the browser share.

`RULES` says which test each filter makes, `CODECS` how each field of a view is written as text.
`web/src/schema.ts` is generated from here (`scripts/explorer_schema.py`), and the same small tests
stand in `web/src/rules.ts`; cases made here hold the two together (`web/tests/cases.json`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

CODES = ("linked", "claimed", "promised", "request", "none", "unknown")
MODES = ("words", "meaning")
#: A missing date or number in integer columns.
MISSING = -(2**31)

#: Columns with a list of values a paper, and what the filter of each is called.
FACETS = {
    "code": "Code",
    "kinds": "Links to",
    "hosts": "Host",
    "venue": "Venue",
    "authors": "Author",
    "countries": "Country",
    "keywords": "Keyword",
    "kind": "Kind",
    "year": "Year",
}
#: Columns of whole numbers that have a filter "at least".
NUMBERS = {"upvotes": "Upvotes", "stars": "Stars", "cited_by": "Citations"}


@dataclass(frozen=True)
class View:
    """The state of an explorer: filters, marks, camera, colours and order.

    Parameters
    ----------
    topics : tuple of int
        Chosen topics; empty means all.
    code, kinds, hosts, venue, authors, countries, keywords, kind, year : tuple of str
        Chosen values of these columns (`kinds` and `hosts` are those of links).
    since, until : str, optional
        First and last day, ``YYYY-MM-DD``.
    words : str
        The search.
    mode : {"words", "meaning"}
        Papers that contain the words, or papers near in meaning.
    score : float, optional
        Least cosine of a paper found by meaning, times 100; None for the usual threshold.
    upvotes, stars, cited_by : int, optional
        The least number.
    marks : tuple of int, optional
        Rows selected by lasso, box or tick; None where there are none.
    open : int, optional
        Row of the paper in the reading pane.
    camera : tuple of float
        Centre of the map and zoom.
    colour, sort : str
        The column that colours the map, and the column that sorts the table.
    down : bool
        Whether the table is sorted from large to small.
    """

    topics: tuple[int, ...] = ()
    code: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    venue: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    words: str = ""
    mode: Literal["words", "meaning"] = "words"
    score: int | None = None
    upvotes: int | None = None
    stars: int | None = None
    cited_by: int | None = None
    marks: tuple[int, ...] | None = None
    open: int | None = None
    camera: tuple[float, float, float] = (0.0, 0.0, 1.0)
    colour: str = "topic"
    sort: str = ""
    down: bool = False

    def without_filters(self) -> View:
        """Return the view without filters, search and marks."""
        plain = View()
        return replace(self, **{name: getattr(plain, name) for name in FILTER_FIELDS})


@dataclass(frozen=True)
class Rule:
    """A filter: its name, the test that it makes, and the fields of the view that it reads."""

    name: str
    test: Literal["topic", "facet", "span", "least", "found", "marked"]
    fields: tuple[str, ...]


RULES = (
    Rule("topics", "topic", ("topics",)),
    *(Rule(name, "facet", (name,)) for name in FACETS),
    Rule("date", "span", ("since", "until")),
    *(Rule(name, "least", (name,)) for name in NUMBERS),
    Rule("words", "found", ("words", "mode", "score")),
    Rule("marks", "marked", ("marks",)),
)
#: Fields of a View that select papers.
FILTER_FIELDS = tuple(name for rule in RULES for name in rule.fields)

#: How a field is written in the text of a view, in this order: whole numbers with dots between,
#: words with blanks between, one parameter a value, …
CODECS: dict[str, str] = {
    "topics": "numbers",
    **dict.fromkeys(("code", "kinds", "hosts"), "words"),
    **dict.fromkeys([name for name in FACETS if name not in ("code", "kinds", "hosts")], "list"),
    **dict.fromkeys(("since", "until"), "day"),
    "words": "text",
    "mode": "mode",
    **dict.fromkeys(("score", *NUMBERS), "number"),
    "marks": "marks",
    "open": "paper",
    "camera": "camera",
    "colour": "text",
    "sort": "sort",
}
#: Fields whose parameter has another name.
PARAMETERS = {"camera": "at"}


@dataclass(frozen=True)
class Facet:
    """A column with a list of values a paper.

    Parameters
    ----------
    names : sequence of str
        The values that can be chosen.
    starts : ndarray of uint32
        Shape (n + 1,): the values of paper i are ``codes[starts[i]:starts[i + 1]]``.
    codes : ndarray of uint32
        Indices into `names`.
    """

    names: Sequence[str]
    starts: npt.NDArray[np.uint32]
    codes: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, values: Sequence[Sequence[str]], names: Sequence[str]) -> Facet:
        """Return the facet of each paper's values; those not in `names` are left out."""
        code = {name: i for i, name in enumerate(names)}
        lists = [[code[value] for value in some if value in code] for some in values]
        starts = np.cumsum([0, *map(len, lists)]).astype(np.uint32)
        return cls(names, starts, np.array([i for some in lists for i in some], dtype=np.uint32))

    def has(self, wanted: Sequence[str]) -> Mask:
        """Return which papers have one of these values."""
        chosen = np.isin(np.array(self.names, dtype=object), list(wanted))
        before = np.concatenate([[0], np.cumsum(chosen[self.codes])]) if len(self.names) else None
        if before is None:
            return np.zeros(len(self.starts) - 1, dtype=bool)
        return np.asarray(before[self.starts[1:]] > before[self.starts[:-1]])

    def lists(self) -> list[list[str]]:
        """Return each paper's values."""
        values = [self.names[code] for code in self.codes]
        return [values[a:b] for a, b in zip(self.starts[:-1], self.starts[1:])]

    def take(self, rows: npt.NDArray[np.intp]) -> Facet:
        """Return the facet of these papers."""
        lists = self.lists()
        return Facet.of([lists[row] for row in rows], self.names)


@dataclass(frozen=True)
class Facets:
    """The columns that the filters use, one entry a paper.

    Parameters
    ----------
    topic, date, last : ndarray of int
        Shape (n,); dates in days since 1970, `MISSING` where unknown. `last` is the last day that
        a date can mean: of 2024, 31 December 2024.
    lists : mapping of str to Facet
        Some of `FACETS`.
    numbers : mapping of str to ndarray of int
        Some of `NUMBERS`, shape (n,), `MISSING` where unknown.
    """

    topic: npt.NDArray[np.int64]
    date: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    lists: Mapping[str, Facet]
    numbers: Mapping[str, npt.NDArray[np.int64]]

    def take(self, rows: npt.NDArray[np.intp]) -> Facets:
        """Return the facets of these rows."""
        return Facets(
            self.topic[rows],
            self.date[rows],
            self.last[rows],
            {name: facet.take(rows) for name, facet in self.lists.items()},
            {name: numbers[rows] for name, numbers in self.numbers.items()},
        )


def passes_filters(view: View, facets: Facets, *, found: Mask | None = None) -> Mask:
    """Return which papers pass all filters of a view.

    Parameters
    ----------
    view : View
        The filters.
    facets : Facets
        The papers' columns. A filter of a column that is not there lets nothing pass.
    found : ndarray of bool, optional
        Shape (n,): which papers the search found. Used only where ``view.words`` is not blank.

    Returns
    -------
    ndarray of bool
        Shape (n,).
    """
    mask = np.ones(len(facets.topic), dtype=bool)
    for rule in RULES:
        passed = _test(rule, view, facets, found)
        if passed is not None:
            mask &= passed
    return mask


def _test(rule: Rule, view: View, facets: Facets, found: Mask | None) -> Mask | None:
    """Return which papers pass one rule, None where it does not filter."""
    wanted = getattr(view, rule.fields[0])
    n = len(facets.topic)
    if rule.test == "topic":
        return np.isin(facets.topic, wanted) if wanted else None
    if rule.test == "facet":
        if not wanted:
            return None
        facet = facets.lists.get(rule.name)
        return facet.has(wanted) if facet else np.zeros(n, dtype=bool)
    if rule.test == "span":
        return _overlaps(view.since, view.until, facets)
    if rule.test == "least":
        if wanted is None:
            return None
        values = facets.numbers.get(rule.name, np.full(n, MISSING))
        return np.asarray((values != MISSING) & (values >= wanted))
    if rule.test == "found":
        return found if wanted.strip() else None
    if wanted is None:
        return None
    marked = np.zeros(n, dtype=bool)
    marked[list(wanted)] = True
    return marked


def _overlaps(since: str | None, until: str | None, facets: Facets) -> Mask | None:
    """Return which papers may be of a day in the span: one of 2024 is, where 2024 overlaps it."""
    if not since and not until:
        return None
    inside = facets.last >= (day_number(since) if since else MISSING + 1)
    return inside & (facets.date <= day_number(until)) if until else inside


def day_number(text: str) -> int:
    """Return the days from 1970-01-01 to a date written ``YYYY-MM-DD``."""
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()
