"""The explorer's view and filters, independent of any widget.

`js/linking.js` has the same rules, so that filtering in the browser needs no kernel; a browser test
checks that both agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

CODES = ("linked", "claimed", "promised", "request", "none", "unknown")
MODES = ("words", "meaning")
#: A missing date or number in integer columns.
MISSING = -(2**31)


@dataclass(frozen=True)
class View:
    """The state of an explorer: filters, marks, camera, colours and order.

    Parameters
    ----------
    topics, code, kinds, hosts : tuple
        Chosen topics, code statuses, kinds and hosts of links; empty means all.
    since, until : str, optional
        First and last day, ``YYYY-MM-DD``.
    words : str
        The search.
    mode : {"words", "meaning"}
        Papers that contain the words, or the papers nearest in meaning.
    upvotes : int, optional
        The least number of upvotes.
    marks : tuple of int, optional
        Rows selected by lasso, box or tick; None where there are none.
    open : int, optional
        Row of the paper in the reading pane.
    camera : tuple of float
        Centre of the map (−1 to 1 each way) and zoom.
    colour, sort : str
        The column that colours the map, and the column that sorts the table.
    down : bool
        Whether the table is sorted from large to small.
    """

    topics: tuple[int, ...] = ()
    code: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    words: str = ""
    mode: str = "words"
    upvotes: int | None = None
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


#: Fields of a View that select papers.
FILTER_FIELDS = (
    *("topics", "code", "kinds", "hosts", "since", "until"),
    *("words", "mode", "upvotes", "marks"),
)


@dataclass(frozen=True)
class Facets:
    """The columns that the filters use, one entry a paper.

    Parameters
    ----------
    topic, date, upvotes, last : ndarray of int
        Shape (n,); dates in days since 1970, `MISSING` where unknown. `last` is the last day that
        a date can mean: of 2024, 31 December 2024.
    code : ndarray of str
        Shape (n,), one of `CODES`.
    kinds, hosts : sequence of frozenset of str
        Kinds and hosts of each paper's links, length n.
    """

    topic: npt.NDArray[np.int64]
    code: npt.NDArray[np.str_]
    kinds: Sequence[frozenset[str]]
    hosts: Sequence[frozenset[str]]
    date: npt.NDArray[np.int64]
    upvotes: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.intp]) -> Facets:
        """Return the facets of these rows."""
        return Facets(
            self.topic[rows],
            self.code[rows],
            [self.kinds[row] for row in rows],
            [self.hosts[row] for row in rows],
            self.date[rows],
            self.upvotes[rows],
            self.last[rows],
        )


def passes_filters(view: View, facets: Facets, *, found: Mask | None = None) -> Mask:
    """Return which papers pass all filters of a view.

    Parameters
    ----------
    view : View
        The filters.
    facets : Facets
        The papers' columns.
    found : ndarray of bool, optional
        Shape (n,): which papers the search found. Used only where ``view.words`` is not blank.

    Returns
    -------
    ndarray of bool
        Shape (n,).
    """
    n = len(facets.topic)
    mask = np.ones(n, dtype=bool)
    if view.topics:
        mask &= np.isin(facets.topic, view.topics)
    if view.code:
        mask &= np.isin(facets.code, view.code)
    for wanted, have in ((view.kinds, facets.kinds), (view.hosts, facets.hosts)):
        if wanted:
            chosen = frozenset(wanted)
            mask &= np.fromiter((not chosen.isdisjoint(some) for some in have), bool, n)
    if view.since or view.until:
        since = day_number(view.since) if view.since else MISSING + 1
        # A paper of 2024 is inside every window that overlaps 2024.
        mask &= facets.last >= since
        if view.until:
            mask &= facets.date <= day_number(view.until)
    if view.upvotes is not None:
        mask &= (facets.upvotes != MISSING) & (facets.upvotes >= view.upvotes)
    if view.words.strip() and found is not None:
        mask &= found
    if view.marks is not None:
        marked = np.zeros(n, dtype=bool)
        marked[list(view.marks)] = True
        mask &= marked
    return mask


def day_number(text: str) -> int:
    """Return the days from 1970-01-01 to a date written ``YYYY-MM-DD``."""
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


# Searching ---------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Return a text without case and accents, so that ``Schrodinger`` finds ``Schrödinger``."""
    return _NOT_ASCII.sub(_bare, text).lower()


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def _bare(match: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", match[0])
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def query_parts(query: str) -> list[tuple[str, bool]]:
    """Return the words and ``"phrases"`` of a query, with False where a minus excludes them.

    Examples
    --------
    >>> query_parts('"Graph of" image -video')
    [('graph of', True), ('image', True), ('video', False)]
    """
    parts = []
    for minus, phrase, word in re.findall(r'(-?)(?:"([^"]*)"|(\S+))', query):
        text = fold(phrase or word).strip()
        if text:
            parts.append((text, not minus))
    return parts


def search_words(folded: Iterable[str], query: str) -> Mask:
    """Return which folded texts contain every word and phrase of a query."""
    parts = query_parts(query)
    return np.fromiter((all((w in text) == want for w, want in parts) for text in folded), bool)
