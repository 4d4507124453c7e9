"""Author names as sources write them, and how far two lists of authors agree."""

from __future__ import annotations

import re
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
_PARTICLES = frozenset(
    "van von der den de del della di da do dos das du la le los las ter ten zu zum zur y e el al "
    "bin ibn st".split()
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,3}")
_SUFFIX = re.compile(r"(?:Jr|Sr|jr|sr|JR|SR)\.?|II|III|IV")


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


class Person(NamedTuple):
    """One author: the parts of the family name, and the given names or initials in their order."""

    family: tuple[str, ...]
    given: tuple[str, ...]


@lru_cache(maxsize=100_000)
def parse_person(name: str) -> Person | None:
    """Return family and given names of one author; None where nobody is named.

    Names with a hyphen, or in front of a comma or of initials, are compound family names;
    particles go with what follows them.

    Examples
    --------
    >>> parse_person("Carlos Alva-Díaz")
    Person(family=('alva', 'diaz'), given=('carlos',))
    >>> parse_person("van der Berg, J.A.") == parse_person("J A van der Berg")
    True
    """
    if not fold_title(name) or fold_title(name) in _NOBODY:
        return None
    family, comma, given = name.partition(",")
    words = [word for word in family.split() if not _SUFFIX.fullmatch(word)]
    given = " ".join(word for word in re.split(r"[\s,]+", given) if not _SUFFIX.fullmatch(word))
    if not comma or not given:
        words, rest = _split_name(words)
        given = " ".join(rest)
    parts: list[str] = []
    particle = ""
    for word in fold_title(" ".join(words)).split():
        particle = f"{particle} {word}".strip()
        if word not in _PARTICLES:
            parts.append(particle)
            particle = ""
    parts += [particle] if particle else []
    return Person(tuple(parts), tuple(_given_names(given))) if parts else None


def _split_name(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of the family name and those of the given names."""
    at = len(words)
    while at > 1 and words[at - 1].isupper() and _INITIALS.fullmatch(words[at - 1]):
        at -= 1
    # "Example A. B.": the initials stand last; in "J LI" they do not.
    if at < len(words) and any(len(fold_title(word)) > 1 for word in words[:at]):
        return words[:at], words[at:]
    at = len(words) - 1
    while at > 1 and fold_title(words[at - 1]) in _PARTICLES:
        at -= 1
    return words[at:], words[:at]


def _given_names(given: str) -> list[str]:
    """Return given names and initials, folded: 'AB' and 'A.-B.' are two initials."""
    found: list[str] = []
    for word in re.split(r"[\s.\-\u2010-\u2015]+", given):
        folded = fold_title(word)
        found += list(folded) if word.isupper() and len(folded) <= 3 else folded.split()
    return found


def find_variants(values: Sequence[str], *, people: bool = False) -> dict[str, list[str]]:
    """Return the values that may be the same as others, with these, in the order given.

    Values that differ in case, accents or punctuation alone may be the same. So may names of
    people that `may_be_one` person has: 'A. Lee' is 'Ann Lee' or 'Amy Lee', who are two.

    Examples
    --------
    >>> find_variants(["Ann Lee", "A. Lee", "Bo Lee"], people=True)
    {'Ann Lee': ['A. Lee'], 'A. Lee': ['Ann Lee']}
    """
    blocks: dict[object, list[tuple[str, Person | None]]] = {}
    for value in dict.fromkeys(values):
        blocks.setdefault(fold_title(value) or value, []).append((value, None))
        person = parse_person(value) if people else None
        if person is not None and person.given:
            block = person.family[0], person.given[0][0]
            blocks.setdefault(block, []).append((value, person))
    found: dict[str, dict[str, None]] = {}
    for same in blocks.values():
        for place, (one, a) in enumerate(same):
            for two, b in same[place + 1 :]:
                if a is None or b is None or may_be_one(a, b):
                    found.setdefault(one, {})[two] = None
                    found.setdefault(two, {})[one] = None
    order = {value: place for place, value in enumerate(values)}
    return {
        value: sorted(found[value], key=order.__getitem__)
        for value in dict.fromkeys(values)
        if value in found
    }


def may_be_one(one: Person, two: Person) -> bool:
    """Return whether two names may be one person's.

    The family names are the same, or one is the first part of the other's compound name. Given
    names agree one by one, in their order: they are equal, or one is the initial of the other;
    the longer list may have more. Names without given names may be anybody's, and are no variants.

    Examples
    --------
    >>> thomas = parse_person("Len Thomas"), parse_person("Dana L. Thomas")
    >>> may_be_one(*thomas)
    False
    >>> may_be_one(parse_person("J. King"), parse_person("John A. King"))
    True
    """
    short, long = sorted((one.family, two.family), key=len)
    if short != long and (len(short) > 1 or short != long[:1]):
        return False
    if not one.given or not two.given:
        return False
    return "".join(one.given) == "".join(two.given) or all(
        a == b or (a[0] == b[0] and 1 in (len(a), len(b)))
        for a, b in zip(one.given, two.given)  # the longer list may have more
    )
