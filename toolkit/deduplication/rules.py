"""Rules for whether two records are one paper: titles, authors, years, words of abstracts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import OSA

from toolkit.deduplication.records import Records
from toolkit.text.stopwords import STOP_WORDS

_OTHER_TEXT_WORDS = """
erratum errata corrigendum correction corrections retraction retracted reply response comment
comments commentary addendum supplement supplementary appendix revisited part volume chapter
edition phase episode first second third fourth fifth one two three four five six seven eight
nine ten twenty not without un non anti ii iii iv vi vii viii ix xi xii
"""
#: A title that has one of these words more than the other belongs to another text.
_OTHER_TEXT = frozenset(_OTHER_TEXT_WORDS.split())
_PREFIXES = "un non in im dis anti a under over de"
_OPPOSED = frozenset(_PREFIXES.split())


@dataclass(frozen=True, order=True)
class Match:
    """Two records that are the same paper; the most certain sort first."""

    rank: int
    unlike: float
    one: int
    two: int
    why: str = field(compare=False)

    @property
    def score(self) -> float:
        """Return the similarity, 0 to 1."""
        return round(1 - self.unlike, 4)


def _authors_agree(records: Records, one: int, two: int) -> float | None:
    """Return the share of the shorter author list that the other has; None where unknown."""
    a, b = records.authors[one], records.authors[two]
    return len(a & b) / min(len(a), len(b)) if a and b else None


def _abstracts_agree(records: Records, one: int, two: int) -> float | None:
    """Return how much of the shorter abstract's longer words the other has; None where unknown.

    An abstract that is cut, or lacks a sentence, still agrees; one of less than half the words
    counts by its share of all (Jaccard).
    """
    a, b = records.words(one), records.words(two)
    small, large = sorted((len(a), len(b)))
    if small < 8:
        return None
    return len(a & b) / (small if small >= 20 and 2 * small >= large else len(a | b))


def _phrases_agree(records: Records, one: int, two: int) -> float | None:
    """Return the share of the shorter abstract's five-word phrases that the other has."""
    a, b = records.phrases(one), records.phrases(two)
    small = min(len(a), len(b))
    return len(a & b) / small if small >= 10 else None


def _apart(records: Records, one: int, two: int) -> bool:
    """Return whether different arXiv ids keep two records apart, whatever their titles."""
    arxiv = records.arxiv[one], records.arxiv[two]
    return bool(arxiv[0] and arxiv[1] and arxiv[0] != arxiv[1])


def _years_fit(records: Records, one: int, two: int) -> bool:
    gap = abs(records.years[one] - records.years[two])
    return bool(np.isnan(gap) or gap <= 3)


def _two_dois(records: Records, one: int, two: int) -> bool:
    a, b = records.dois[one], records.dois[two]
    return bool(a and b and a != b)


def same_title(records: Records, one: int, two: int) -> Match | None:
    """Return a match where two records with the same folded title are one paper, else None."""
    if _apart(records, one, two):
        return None
    authors, abstracts = (
        _authors_agree(records, one, two),
        _abstracts_agree(records, one, two),
    )
    by_authors = authors is not None and authors >= 0.5
    by_abstract = abstracts is not None and abstracts >= 0.4
    if authors == 0 and not (abstracts is not None and abstracts >= 0.8):
        return None
    if by_authors:
        if _years_fit(records, one, two) or by_abstract:
            return Match(1, 0.0, one, two, "same title and authors")
        return None
    if by_abstract:
        return Match(1, 0.0, one, two, "same title and like abstract")
    specific = len(records.titles[one].split()) >= 4 and len(records.compact[one]) >= 16
    told_apart = abstracts is not None and abstracts < 0.15
    if specific and not told_apart and _years_fit(records, one, two):
        if _two_dois(records, one, two):
            return None
        return Match(2, 0.0, one, two, "same title")
    return None


def similar_title(records: Records, one: int, two: int, ratio: float) -> Match | None:
    """Return a match where two records with different titles are one paper, else None."""
    if _apart(records, one, two) or records.compact[one] == records.compact[two]:
        return None
    a, b = records.titles[one].split(), records.titles[two].split()
    if _another_part(a, b) or _opposed(a, b):
        return None
    authors = _authors_agree(records, one, two)
    if authors is not None and authors < 0.5:
        return None
    if min(len(a), len(b)) < 3:
        return _bare_name(records, one, two, ratio, authors)
    near = _content_words(a) == _content_words(b) or (ratio >= 0.9 and _only_typos(a, b))
    if near and authors is not None and _years_fit(records, one, two):
        return Match(3, 1 - ratio, one, two, "similar title, same authors")
    abstracts = _abstracts_agree(records, one, two)
    if abstracts is not None:
        return _by_abstract(records, one, two, ratio, near, authors, abstracts)
    if not _years_fit(records, one, two) or _two_dois(records, one, two):
        return None
    if near and authors is None and len(a) >= 6:
        return Match(5, 1 - ratio, one, two, "similar title")
    if authors is not None and authors >= 0.8 and min(len(a), len(b)) >= 4 and _begins(a, b):
        return Match(5, 1 - ratio, one, two, "title with another subtitle, same authors")
    return None


def _bare_name(
    records: Records, one: int, two: int, ratio: float, authors: float | None
) -> Match | None:
    """Decide on a title of one or two words ("BeeTrack") by its authors and the same abstract."""
    phrases = _phrases_agree(records, one, two) or 0.0
    if authors is None or authors < 0.8 or phrases < 0.6 or not _years_fit(records, one, two):
        return None
    return Match(6, 1 - max(ratio, phrases), one, two, "another title, similar abstract")


def _by_abstract(
    records: Records,
    one: int,
    two: int,
    ratio: float,
    near: bool,
    authors: float | None,
    abstracts: float,
) -> Match | None:
    """Decide on different titles by how similar the abstracts are, stricter without authors.

    Papers of one group often share words; only one paper's abstracts share their phrases.
    """
    if near and abstracts >= 0.4:
        return Match(3, 1 - ratio, one, two, "similar title and abstract")
    if not _years_fit(records, one, two) or abstracts < 0.5:
        return None
    phrases = _phrases_agree(records, one, two)
    if phrases is None:  # stored terms: words alone
        phrases = abstracts - 0.3 if authors is not None else 0.0
    if phrases >= (0.75 if authors is None else 0.4) and ratio >= 0.6:
        return Match(4, 1 - ratio, one, two, "similar title and abstract")
    a, b = (set(_content_words(records.titles[i].split())) for i in (one, two))
    if phrases >= (0.85 if authors is None else 0.5) and (authors is not None or len(a & b) >= 2):
        return Match(6, 1 - phrases, one, two, "another title, similar abstract")
    return None


def _content_words(words: list[str]) -> list[str]:
    return [word for word in words if word not in STOP_WORDS]


def _another_part(a: list[str], b: list[str]) -> bool:
    """Return whether the titles differ in a number, or in a word such as "part" or "erratum".

    A number that went with a whole subtitle does not count: the rest then decides.
    """
    one, two = Counter(a), Counter(b)
    sides = _content_words([*(one - two)]), _content_words([*(two - one)])
    counting = [
        [w for w in [*more] if w in _OTHER_TEXT or _has_digit(w)] for more in (one - two, two - one)
    ]
    if counting[0] and counting[1]:
        return True
    for side, numbers in zip(sides, counting, strict=True):
        if numbers and len([word for word in side if word not in numbers]) < 3:
            return True
    return not any(counting) and _numeral(a) != _numeral(b)


def _opposed(a: list[str], b: list[str]) -> bool:
    """Return whether a word of one title is the opposite of a word of the other."""
    left, right = Counter(a) - Counter(b), Counter(b) - Counter(a)
    return any(
        prefix + word in other
        for words, other in ((left, right), (right, left))
        for word in words
        for prefix in _OPPOSED
    )


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _numeral(words: list[str]) -> list[str]:
    """Return what counts a part in one letter: i, v, x at the end or after "part"."""
    found = []
    for before, word in zip(["", *words[:-1]], words, strict=True):
        if word in ("i", "v", "x") and (before in ("part", "volume", "vol") or word == words[-1]):
            found.append(word)
    return found


def _only_typos(a: list[str], b: list[str]) -> bool:
    """Return whether two titles differ only in stop words, joined words and typing errors."""
    one, two = Counter(a), Counter(b)
    left = [word for word in one - two if word not in STOP_WORDS]
    right = [word for word in two - one if word not in STOP_WORDS]
    if "".join(word for word in a if word in left) == "".join(word for word in b if word in right):
        return True
    if len(left) != len(right) or len(left) > 2:
        return False
    for word in left:
        twin = min(right, key=lambda other: OSA.distance(word, other))
        if OSA.distance(word, twin) > 1 or min(len(word), len(twin)) < 5:
            return False
    return True


def _begins(a: list[str], b: list[str]) -> bool:
    """Return whether the shorter title begins the longer one."""
    short, long = sorted((a, b), key=len)
    return long[: len(short)] == short
