"""Which records are compared: those that share a rare word, authors, or the ends of an abstract."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from toolkit.deduplication.records import Records
from toolkit.deduplication.rules import Match, same_title, similar_title

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A word in more titles than this is too common; such blocks are not compared.
_BLOCK = 60
_RARE_WORDS = 4
#: Titles less similar than this (rapidfuzz ratio, 0–100) are compared only where records share
#: authors or the ends of an abstract.
_ALIKE = 80.0


def find_matches(records: Records) -> Iterator[Match]:
    """Yield the pairs of records that are the same paper."""
    for why, keys in (
        ("same id", records.ids),
        ("same arXiv id", records.arxiv),
        ("same DOI", records.dois),
    ):
        for group in _blocks(keys, largest=None):
            # A chain is enough: the group is joined in the end.
            for one, two in pairwise(group):
                yield Match(0, 0.0, one, two, why)
    for group in _blocks(records.compact, largest=_BLOCK):
        for one, two in combinations(group, 2):
            match = same_title(records, one, two)
            if match:
                yield match
    yield from _similar(records)


def _blocks(keys: Sequence[str | None], *, largest: int | None) -> Iterator[list[int]]:
    held: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            held[key].append(i)
    for group in held.values():
        if len(group) > 1 and (largest is None or len(group) <= largest):
            yield group


def _similar(records: Records) -> Iterator[Match]:
    one, two, close = _pairs(records)
    if not len(one):
        return
    titles = np.array(records.titles, dtype=object)
    ratio = process.cpdist(titles[one], titles[two], scorer=fuzz.ratio, workers=-1)
    keep = close | (ratio >= _ALIKE)
    short = np.minimum(*(np.array([len(t) for t in records.titles])[x] for x in (one, two)))
    rest = np.flatnonzero(~keep & (short >= 12) & (ratio >= 40))
    inside = process.cpdist(
        titles[one[rest]], titles[two[rest]], scorer=fuzz.token_set_ratio, workers=-1
    )
    keep[rest[inside >= 95]] = True
    for i in np.flatnonzero(keep):
        match = similar_title(records, int(one[i]), int(two[i]), float(ratio[i]) / 100)
        if match:
            yield match


def _pairs(records: Records) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return pairs from shared blocks, and whether a block of authors or abstracts holds them."""
    count = Counter(word for title in records.titles for word in set(title.split()))
    by_word: dict[str, list[int]] = defaultdict(list)
    for i, title in enumerate(records.titles):
        shared = sorted((count[word], word) for word in set(title.split()) if count[word] > 1)
        shared = shared[:_RARE_WORDS]
        rare = [word for held, word in shared if held <= _BLOCK]
        if len(rare) < 2:  # common words are rare enough two by two
            rare += [f"{one[1]} {two[1]}" for one, two in combinations(shared, 2)]
        for word in rare:
            by_word[word].append(i)
    close_keys: list[list[str | None]] = [[], [], []]
    for i in range(len(records)):
        text = records.abstract(i)
        words = text[:200].lower().split()[:9] if text else []
        tail = text[-200:].lower().split()[-9:] if text else []
        close_keys[0].append(" ".join(words) if len(words) == 9 else None)
        close_keys[1].append(" ".join(tail) if len(tail) == 9 else None)
        names = sorted(records.authors[i])
        close_keys[2].append(" ".join(names) if len(names) > 1 else None)
    n = len(records)
    loose = _encode((g for g in by_word.values() if 1 < len(g) <= _BLOCK), n)
    tight = _encode((g for keys in close_keys for g in _blocks(keys, largest=_BLOCK)), n)
    every = _different(np.concatenate([loose, tight]))
    return every // n, every % n, np.isin(every, tight)


def _encode(groups: Iterator[list[int]], n: int) -> NDArray[np.int64]:
    """Return each pair of each group as one number: first × n + second."""
    parts = [np.empty(0, dtype=np.int64)]
    for group in groups:
        rows = np.array(group, dtype=np.int64)
        a, b = np.triu_indices(len(rows), 1)
        parts.append(rows[a] * n + rows[b])
    return _different(np.concatenate(parts))


def _different(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort and drop repeats; np.unique's hashing takes a minute on numbers of this pattern."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]
