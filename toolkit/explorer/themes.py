"""Themes: topics that lie together on the map, under a name of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from toolkit.explorer.wire import ThemeRow
from toolkit.plots.palette import group_topics

#: So many topics need no themes above them.
_FEW = 6
#: A second term of a theme's name weighs this part of the first at least, and the name has no
#: more letters than these.
_SECOND, _LONGEST = 0.4, 36


def find_themes(
    topics: Sequence[int],
    centres: npt.NDArray[np.float64],
    size: Mapping[int, int],
    label: Mapping[int, str],
) -> tuple[dict[int, int], list[ThemeRow]]:
    """Group the topics by where they lie on the map.

    Parameters
    ----------
    topics : sequence of int
        Those that have papers, without -1.
    centres : ndarray, shape (n_topics, 2)
        Where each lies on the map.
    size, label : mapping
        By topic.

    Returns
    -------
    theme_of : dict
        The largest topic of the group, for each topic.
    themes : list of ThemeRow
        The themes of more than one topic, the largest first; no two have the same label.

    Notes
    -----
    The groups are those that share a hue (`plots/palette.py`).
    """
    if len(topics) <= _FEW:
        return {number: number for number in topics}, []
    theme_of: dict[int, int] = {}
    themes: list[ThemeRow] = []
    said: set[str] = set()
    group = group_topics(centres)
    members = [[n for n, mine in zip(topics, group) if mine == one] for one in np.unique(group)]
    for some in sorted(members, key=lambda some: -sum(size[number] for number in some)):
        largest = max(some, key=lambda number: (size[number], -number))
        theme_of |= dict.fromkeys(some, largest)
        if len(some) > 1:
            name = _name({label[number]: size[number] for number in some}, said)
            themes.append({"theme": largest, "label": name})
    return theme_of, themes


def _name(labels: dict[str, int], said: set[str]) -> str:
    """Return the one or two terms that most papers of these topics have in their label.

    Adds them to `said`, since each term names one theme only.
    """
    weights: Counter[str] = Counter()
    written: dict[str, str] = {}
    for label, size in labels.items():
        terms = [term.strip() for term in label.split(",") if term.strip()]
        for nth, term in enumerate(terms):
            # The first term of a label says most.
            weights[term.casefold()] += int(size / (1 + 0.5 * nth))
            written.setdefault(term.casefold(), term)
    ordered = sorted(weights, key=lambda term: (-weights[term], term))
    fresh = [term for term in ordered if term not in said] or ordered
    first, more = fresh[0], fresh[1:]
    # A theme is no topic: the second term comes from a label without the first, says something
    # else, and keeps the name from being what a topic is called as well.
    other = {
        term.strip().casefold()
        for label in labels
        if first not in (terms := [term.strip() for term in label.casefold().split(",")])
        for term in terms
    }
    second = [
        term
        for term in more
        if term in other
        and not set(term.split()) & set(first.split())
        and weights[term] >= _SECOND * weights[first]
        and len(first) + len(term) <= _LONGEST
    ]
    chosen = [first, *second[:1]]
    said.update(chosen)
    return " · ".join(_capital(written[term]) for term in chosen)


def _capital(term: str) -> str:
    first = term.split()[0]
    return term[:1].upper() + term[1:] if first.islower() else term
