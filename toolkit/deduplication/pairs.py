"""Which records are compared: those that share a rare word, authors, or the ends of an abstract."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from toolkit.deduplication.records import Records
from toolkit.deduplication.rules import Match, same_id, same_title, similar_title

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A word in more titles than this is too common; such blocks are not compared.
_BLOCK = 60
_RARE_WORDS = 4
#: Titles less similar than this (rapidfuzz ratio, 0–100) are compared only where records share
#: authors or the ends of an abstract.
_ALIKE = 80.0
#: Less similar titles count as not similar at all; to know that takes less time.
_UNLIKE = 40.0


def find_matches(records: Records, *, sides: NDArray[np.bool_] | None = None) -> Iterator[Match]:
    """Yield the pairs of records that are the same paper.

    With `sides`, shape (n_records,), similar titles are looked for between the two sides alone.
    """
    for why, keys in (("same arXiv id", records.arxiv), ("same DOI", records.dois)):
        for group in _blocks(keys, largest=None):
            for one, two in _representatives(records, group):
                match = same_id(records, one, two, why)
                if match:
                    yield match
    for group in _blocks([_other_id(one) for one in records.ids], largest=None):
        for one, two in pairwise(sorted(group, key=records.content)):
            if records.facts(one) == records.facts(two):
                yield Match(0, 0.0, one, two, "same record")
    for group in _blocks(records.compact, largest=None):
        few = len(group) <= _BLOCK
        pairs = combinations(group, 2) if few else pairwise(sorted(group, key=records.content))
        for one, two in pairs:
            match = same_title(records, one, two)
            if match:
                yield match
    yield from _similar(records, sides)


def _other_id(paper_id: str) -> str | None:
    """Return an id that is neither an arXiv id nor a DOI."""
    return None if str(paper_id).startswith(("arxiv:", "doi:")) else str(paper_id)


def _representatives(records: Records, group: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs to compare of records under one id: all, but of a title each with the next.

    A meeting's DOI may stand under a thousand abstracts, each of them in three exports.
    """
    by_title: dict[str, list[int]] = defaultdict(list)
    for i in sorted(group, key=records.content):
        by_title[records.compact[i]].append(i)
    for same in by_title.values():
        yield from pairwise(same)
    if len(by_title) <= _BLOCK:
        yield from combinations([same[0] for same in by_title.values()], 2)


def _blocks(keys: Sequence[str | None], *, largest: int | None) -> Iterator[list[int]]:
    held: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        if key:
            held[key].append(i)
    for group in held.values():
        if len(group) > 1 and (largest is None or len(group) <= largest):
            yield group


def _similar(records: Records, sides: NDArray[np.bool_] | None) -> Iterator[Match]:
    one, two, close = _pairs(records)
    if sides is not None:
        across = sides[one] != sides[two]
        one, two, close = one[across], two[across], close[across]
    if not len(one):
        return
    titles = np.array(records.titles, dtype=object)
    ratio = process.cpdist(
        titles[one], titles[two], scorer=fuzz.ratio, score_cutoff=_UNLIKE, workers=-1
    )
    keep = close | (ratio >= _ALIKE)
    short = np.minimum(*(np.array([len(t) for t in records.titles])[x] for x in (one, two)))
    rest = np.flatnonzero(~keep & (short >= 12) & (ratio >= _UNLIKE))
    inside = process.cpdist(
        titles[one[rest]],
        titles[two[rest]],
        scorer=fuzz.token_set_ratio,
        score_cutoff=95,
        workers=-1,
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
    close_keys: list[list[str | None]] = [[], [], [], []]
    for i in range(len(records)):
        text = records.abstract(i)
        words = text[:200].lower().split()[:9] if text else []
        tail = text[-200:].lower().split()[-9:] if text else []
        close_keys[0].append(" ".join(words) if len(words) == 9 else None)
        close_keys[1].append(" ".join(tail) if len(tail) == 9 else None)
        names = sorted(name.last for name in records.names[i])
        close_keys[2].append(" ".join(names) if len(names) > 1 else None)
        page, year = records.pages[i], records.years[i]
        close_keys[3].append(f"{year} {page}" if page is not None else None)
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
        a, b = _corners(len(rows))
        parts.append(rows[a] * n + rows[b])
    return _different(np.concatenate(parts))


@lru_cache(maxsize=_BLOCK + 1)
def _corners(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    a, b = np.triu_indices(size, 1)
    return a, b


def _different(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort and drop repeats; np.unique's hashing takes a minute on numbers of this pattern."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]
