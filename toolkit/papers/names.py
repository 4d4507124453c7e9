"""Author names as sources write them, and how far two lists of authors agree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from toolkit.papers.identifiers import fold_title

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOBODY = frozenset(
    {"et al", "al", "others", "anonymous", "null", "nan", "none", "unknown", "anon"}
)
#: Names beyond these are not compared one by one when the last names leave them open.
_SLOW = 12


class Name(NamedTuple):
    """One author: the last word of the family name, all words written out, first letters."""

    last: str
    words: frozenset[str]
    initials: frozenset[str]


def parse_names(authors: str | None) -> tuple[Name, ...]:
    """Return the names in ``Ada Example; Bo Sample``, ``Example, A.`` or ``Example A``.

    Examples
    --------
    >>> [name.last for name in parse_names("Ada Example; Sample, B.; Specimen C")]
    ['example', 'sample', 'specimen']
    """
    if not authors:
        return ()
    found = (_parse(name.strip()) for name in authors.split(";"))
    return tuple(name for name in found if name is not None)


@lru_cache(maxsize=100_000)
def _parse(name: str) -> Name | None:
    folded = fold_title(name)
    if not folded or folded in _NOBODY:
        return None
    family, comma, given = name.partition(",")
    if not comma:
        words = name.split()
        at = -1
        # "Example A", "Example A. B." and "Example AB": the initials stand last.
        while len(words) > 1 and len(words[at].replace(".", "")) <= 3 and words[at].isupper():
            at -= 1
            if -at > len(words) - 1:
                break
        family, given = (
            (" ".join(words[: at + 1]), " ".join(words[at + 1 :]))
            if at < -1
            else (words[-1], " ".join(words[:-1]))
        )
    last = fold_title(family).split()
    if not last:
        return None
    short = given.replace(".", " ").split()
    letters = {
        letter
        for word in short
        for letter in (
            fold_title(word) if word.isupper() and len(word) <= 3 else fold_title(word)[:1]
        )
    }
    full = {word for word in folded.split() if len(word) > 1}
    return Name(last[-1], frozenset(full), frozenset(letters) - {" "})


def names_agree(one: tuple[Name, ...], two: tuple[Name, ...]) -> float | None:
    """Return the share of the shorter list that the other has; None where one is empty.

    Given and family names may stand in either order: ``Tam Solo`` is ``Solo Tam``.

    Examples
    --------
    >>> names_agree(parse_names("Tam Solo"), parse_names("Solo, Tam"))
    1.0
    >>> names_agree(parse_names("Oak, Jane"), parse_names("Oak, Rick; Elm, Bo"))
    0.0
    """
    if not one or not two:
        return None
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    if short == long[: len(short)]:
        return 1.0
    lasts: dict[str, list[Name]] = {}
    for name in long:
        lasts.setdefault(name.last, []).append(name)
    open_names = []
    found = 0
    for name in short:
        if any(_one_person(name, other) for other in lasts.get(name.last, ())):
            found += 1
        elif name.last not in lasts:
            open_names.append(name)
    mine = {name.last for name in short}
    rest = [name for name in long if name.last not in mine][:_SLOW]
    found += sum(any(_one_person(name, other) for other in rest) for name in open_names[:_SLOW])
    return found / len(short)


def _one_person(one: Name, two: Name) -> bool:
    if one.last == two.last:
        return not (one.initials and two.initials) or bool(one.initials & two.initials)
    if len(one.words & two.words) >= 2:
        return True
    if len(one.last) >= 4 and OSA.distance(one.last, two.last, score_cutoff=1) <= 1:
        return bool(one.initials & two.initials)
    for a, b in ((one, two), (two, one)):
        # Double names and names turned round, with initials alone.
        if a.last in b.words and (a.initials & (b.initials | {b.last[0]})):
            return True
    return False


def find_variants(values: Sequence[str], *, people: bool = False) -> dict[str, list[str]]:
    """Return the values that may be the same as others, with these, in the order given.

    Values that differ in case, accents or punctuation alone may be the same. So may names of
    people with the same last name, if the initials of one are among those of the other, and no
    given name written out stands against another: 'A. Lee' is 'Ann Lee' or 'Amy Lee', who are two.

    Examples
    --------
    >>> find_variants(["Ann Lee", "A. Lee", "Bo Lee"], people=True)
    {'Ann Lee': ['A. Lee'], 'A. Lee': ['Ann Lee']}
    """
    blocks: dict[object, list[tuple[str, Name | None]]] = {}
    for value in dict.fromkeys(values):
        name = _parse(value) if people else None
        keys: list[object] = [fold_title(value) or value]
        if name is not None and name.initials:
            keys = [(name.last, letter) for letter in sorted(name.initials)]
        for key in keys:
            blocks.setdefault(key, []).append((value, name))
    found: dict[str, dict[str, None]] = {}
    for block in blocks.values():
        for place, (one, a) in enumerate(block):
            for two, b in block[place + 1 :]:
                if a is None or b is None or may_be_one(a, b):
                    found.setdefault(one, {})[two] = None
                    found.setdefault(two, {})[one] = None
    order = {value: place for place, value in enumerate(values)}
    return {
        value: sorted(found[value], key=order.__getitem__)
        for value in dict.fromkeys(values)
        if value in found
    }


def may_be_one(one: Name, two: Name) -> bool:
    """Return whether names with one last name may be one person's; see `find_variants`."""
    if not (one.initials <= two.initials or two.initials <= one.initials):
        return False
    mine, theirs = one.words - two.words, two.words - one.words
    return not any(a[0] == b[0] for a in mine for b in theirs)
