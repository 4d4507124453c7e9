"""Themes: topics that lie together on the map, under a name of their own."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.explorer.wire import ThemeRow

#: So many topics need no themes above them.
_FEW = 6


def find_themes(
    topics: pd.DataFrame,
    topic: npt.NDArray[np.int64],
    places: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> tuple[dict[int, int], list[ThemeRow]]:
    """Group the topics by where they lie on the map.

    Parameters
    ----------
    topics : DataFrame
        The topics, with `topic`, `label` and `size`.
    topic : ndarray of int
        Each paper's topic.
    places : pair of ndarray
        Each paper's x and y.

    Returns
    -------
    theme_of : dict
        The largest topic of the group, for each topic; −1 for −1.
    themes : list of ThemeRow
        The themes of more than one topic, the largest first; no two have the same label.

    Notes
    -----
    Ward's method on the topics' median places; 3 to 9 groups, 1.3 √topics.
    """
    known = [int(number) for number in topics["topic"]]
    there = set(topic.tolist())
    real = [number for number in known if number >= 0 and number in there]
    theme_of = {number: number for number in known}
    if len(real) <= _FEW:
        return theme_of, []
    groups = _groups(real, topic, places)
    size = dict(zip(known, topics["size"].astype(int), strict=True))
    label = dict(zip(known, topics["label"].astype(str), strict=True))
    themes: list[ThemeRow] = []
    said: set[str] = set()
    members = [[n for n, group in zip(real, groups) if group == one] for one in set(groups)]
    for some in sorted(members, key=lambda some: -sum(size[number] for number in some)):
        largest = max(some, key=lambda number: (size[number], -number))
        theme_of |= dict.fromkeys(some, largest)
        if len(some) > 1:
            name = _name({label[number]: size[number] for number in some}, said)
            said.add(name.casefold())
            themes.append({"theme": largest, "label": name})
    return theme_of, themes


def _groups(
    real: list[int],
    topic: npt.NDArray[np.int64],
    places: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> list[int]:
    middles = np.array(
        [[float(np.median(axis[topic == number])) for axis in places] for number in real]
    )
    count = int(np.clip(round(1.3 * len(real) ** 0.5), 3, 9))
    group = np.arange(len(real))
    weight = np.ones(len(real))
    # By hand: scipy's takes longer to import than all of this.
    for _ in range(len(real) - count):
        apart = ((middles[:, None] - middles[None]) ** 2).sum(axis=2)
        cost = apart * weight[:, None] * weight[None] / (weight[:, None] + weight[None])
        cost[np.tril_indices(len(cost))] = np.inf
        a, b = np.unravel_index(int(np.argmin(cost)), cost.shape)
        middles[a] = (middles[a] * weight[a] + middles[b] * weight[b]) / (weight[a] + weight[b])
        weight[a] += weight[b]
        group[group == b] = a
        group[group > b] -= 1
        middles, weight = np.delete(middles, b, axis=0), np.delete(weight, b)
    return [int(number) for number in group]


def _name(labels: dict[str, int], said: set[str]) -> str:
    """Return the term that most papers of these topics have in their label, which none has yet."""
    weights: Counter[str] = Counter()
    written: dict[str, str] = {}
    for label, size in labels.items():
        terms = [term.strip() for term in label.split(",") if term.strip()]
        for nth, term in enumerate(terms):
            # The first term of a label says most.
            weights[term.casefold()] += int(size / (1 + 0.5 * nth))
            written.setdefault(term.casefold(), term[:1].upper() + term[1:])
    whole = {label.casefold() for label in labels}
    ordered = sorted(weights, key=lambda term: (-weights[term], term))
    fresh = [term for term in ordered if term not in said]
    # Rather not what a topic is called as well: no two labels of the map are alike.
    own = [term for term in fresh if term not in whole]
    return written[(own or fresh or ordered)[0]]
