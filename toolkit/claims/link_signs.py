"""Signs around a link that tell what it holds, and whether it is the authors' own.

A sign is a pattern in one part of the link's surroundings (`_PATTERNS`), or a fact about the place
it leads to and the names in the paper. `link_weights.csv` has the weight of each sign for each kind
of link (fitted by `scripts/fit_links.py`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.claims.lexicon import lower_case
from toolkit.claims.link_words import TABLE
from toolkit.claims.mentions import is_cited
from toolkit.claims.places import CODE_PLACES, find_place
from toolkit.claims.sharing import SHARES, USES
from toolkit.claims.statements.names import NAME, Names, introduces
from toolkit.claims.url_targets import url_target


class Surroundings(NamedTuple):
    """What stands around a link.

    Parameters
    ----------
    left, right : str
        The words of its sentence before and after it, up to the next links. The words before start
        with the sentence where hardly any stand between this link and the one before it.
    previous : str
        The sentence before.
    url : str
        The link.
    said : str or None
        What the words name as its kind, from `link_kinds`.
    is_later, is_last, is_listed : bool
        Whether another link stands before it in its sentence; whether the sentence is the last one;
        whether the kinds are listed in the order of the links, "respectively".
    """

    left: str
    right: str
    previous: str
    url: str
    said: str | None
    is_later: bool
    is_last: bool
    is_listed: bool = False


_PATTERNS = tuple((name, part, re.compile(words, re.IGNORECASE)) for name, part, words in TABLE)
#: "Oakfold is available": a name, and no noun, is what can be had.
_NAME_IS_AVAILABLE = re.compile(
    r"(?:^|\W)[A-Z][\w+/-]*\s(?:[\w.]+\s)?(?:is|are|can be)\s(?:\w+\s){0,3}(?:available|downloaded|"
    r"accessible|found|accessed|obtained)"
)
_NAME_BEFORE = re.compile(
    r"\b(?:[A-Z][\w+-]*[A-Z\d][\w+-]*|[A-Z][a-z]+[A-Z]\w*)\W{1,4}(?:\w+[:,]\s?)?$"
)
_STARTS_WITH_NAME = re.compile(
    r"^\W*(?:The |Das |Die |Der )?[A-Z][\w'’+-]*(?:\s[\w'’+-]+){0,4}\s?\(\s*$"
)
_CLAUSE = re.compile(
    r";\s|\.\s(?=[A-Z])|,\s(?:and|but|while|whereas)\s(?=(?:the|our|we|all|its|a)\b)"
)
_BRACKET = re.compile(
    r"\(\s*(?:(?:see|cf\.?|e\.g\.,?|at|url|available at|doi|v(?:ersion|\.)?\s?[\d.]+)\W*)?$"
)
_OURS = re.compile(
    r"\bour\s(?!case\b|approach|analys|stud(?:y|ies)\b|method|knowledge|results?\b|work\b|"
    r"experiments?\b)|\b(?:accompanying|companion)\b",
    re.IGNORECASE,
)


def link_signs(around: Surroundings, names: Names) -> set[str]:
    """Return the signs of a link.

    Parameters
    ----------
    around : Surroundings
        What stands around it.
    names : Names
        The paper's own names.

    Examples
    --------
    >>> around = Surroundings("The data are at", ".", "", "https://oak.org", "data", False, True)
    >>> sorted(link_signs(around, Names("Oaks", "")) & {"data", "says data", "software"})
    ['data', 'says data']
    """
    clause = _CLAUSE.split(around.left)[-1]
    parts = {
        "left": around.left[-240:],
        "near": around.left[-60:],
        "clause": clause[-200:],
        "after": around.right[:60],
        "sentence": f"{around.left[-300:]} {around.right[:120]}",
        "previous": around.previous[-300:],
        "title": names.title,
        # Known places say more than the form of their addresses.
        "url": around.url if find_place(around.url).name in ("", "publisher") else "",
    }
    found = {name for name, part, words in _PATTERNS if words.search(parts[part])}
    acts = _acts(clause, around.right)
    found |= acts | _named(clause, names) | _place(around, names)
    if (place := find_place(around.url)).name in DEPOSITS and not place.is_front:
        found |= {f"{act} at a place of code or data" for act in acts & _DECIDING}
    if "see" in found and around.said not in (None, "other"):
        found.add("see what is there")
    if not found.isdisjoint(("project in bracket", "funded project in bracket")):
        found.discard("quoted")
    for name, words, part in (
        ("name is available", _NAME_IS_AVAILABLE, "clause"),
        ("name before", _NAME_BEFORE, "left"),
        ("starts with name", _STARTS_WITH_NAME, "left"),
    ):
        if words.search(parts[part]):
            found.add(name)
    return found


#: Places where people publish their own work, and acts that say whose it is there.
DEPOSITS = frozenset({"code", "data", "package", "model", "page", "demo"})
_DECIDING = frozenset({"shares last", "uses last", "neither shares nor uses"})


def _acts(clause: str, right: str) -> set[str]:
    """Return the signs of sharing, using and citing in the words before a link."""
    lower = lower_case(clause)
    shares = max((hit.end() for hit in SHARES.finditer(lower)), default=-1)
    uses = max((hit.end() for hit in USES.finditer(lower)), default=-1)
    return {
        name
        for name, holds in (
            ("shares", shares >= 0),
            ("shares last", shares > uses),
            ("uses", uses >= 0),
            ("uses last", uses > shares),
            ("neither shares nor uses", uses < 0 and shares < 0),
            ("ours", _OURS.search(clause)),
            ("introduces", introduces(clause)),
            ("cited", is_cited(clause, right)),
        )
        if holds
    }


def _named(clause: str, names: Names) -> set[str]:
    """Return the signs of the paper's own names in the words before a link, and in its title."""
    found = {f"own name is {kind}" for kind in names.kinds_in(clause, most=2, own=True)}
    if bracket := _BRACKET.search(lower_case(clause)):
        words = clause[: bracket.start()].split()
        last = " ".join(words[-4:])
        if names.made_in(" ".join(words[-3:])):
            found.add("own work in bracket")
        if names.owned_in(last, most=4):
            found.add("own name in bracket")
        if names.in_title(last):
            found.add("name of title in bracket")
    if names.owned_in(clause, most=2):
        found.add("own name in clause")
    if is_title_of_data(names.title):
        found.add("title of data")
    if is_title_of_software(names.title):
        found.add("title of software")
    return found


def _place(around: Surroundings, names: Names) -> set[str]:
    """Return the signs of the place that a link leads to, and of where it stands."""
    place = find_place(around.url)
    found = {f"at {place.name or 'an unknown place'}", f"says {around.said or 'nothing'}"}
    if place.name in CODE_PLACES:
        found.add(f"says {around.said or 'nothing'} at a place of code")
    if place.is_front:
        found.add("front page")
        if place.name:
            found.add("front page of a known place")
    if has_own_name(around.url, names):
        found.add("own name in address")
    if not around.left.strip(" (.,;:"):
        found.add("nothing before")
    if around.is_later:
        found.add("later link")
    if around.is_last:
        found.add("last sentence")
    return found


_SOFTWARE_TITLE = re.compile(
    r"(?:^[^:]{2,40}[:—–]|\s-\s).*\b(?:software|packages?|toolbox|toolkit|tools?|library|program|"
    r"pipeline|framework|platform|suite|simulator|module|plug-?in)\b",
    re.IGNORECASE,
)
_DATA_TITLE = re.compile(
    r"\W{0,20}(?:the |an? )?(?:[\w-]+\s){0,4}?(?:data-?(?:base|bank|set)s?|data sets?|"
    r"knowledge ?base|archive|repository|corpus|compendium|catalog(?:ue)?|atlas)"
    r"(?!\s(?:search|editor|tool|system|manag|engine|"
    r"interface|software|mining|integration|query))\b",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"[:—–]|\s-\s")


def is_title_of_data(title: str) -> bool:
    """Return whether a title names data.

    Examples
    --------
    >>> is_title_of_data("TWIG: a public database of twigs")
    True
    """
    return any(map(_DATA_TITLE.match, _TITLE_PARTS.split(title)))


def is_title_of_software(title: str) -> bool:
    """Return whether a title names software: "TWIG: a package for twigs".

    Examples
    --------
    >>> is_title_of_software("TWIG: a package for twigs")
    True
    """
    return _SOFTWARE_TITLE.search(title) is not None


def has_own_name(url: str, names: Names) -> bool:
    """Return whether an address has a name that the paper gives to its own work.

    Examples
    --------
    >>> has_own_name("https://twig.org/", Names("TWIG finds twigs", ""))
    True
    """
    target = url_target(url)
    tokens = {word for word in _WORDS.findall(target.canonical.lower()) if len(word) > 3}
    tokens |= {word.replace("-", "").replace("_", "") for word in _SLUG.findall(target.canonical)}
    title = names.title
    first = title.partition(":")[0] if ":" in title else ""
    on_code = find_place(url).name == "code"
    in_title = [word for word in NAME.findall(title) if on_code or names.titles(word)]
    named = {*in_title, *(first.split() if len(first.split()) <= 3 else ())}
    named = {"".join(_WORDS.findall(word.lower())) for word in named}
    named |= {"".join(_WORDS.findall(first.lower()))}
    known = {word for word in named if len(word) > 3}
    words = [word for word in _SLUG.findall(target.canonical) if word.lower() not in _COMMON]
    return not known.isdisjoint(word.lower() for word in tokens) or any(
        names.makes(word) for word in words if not (word.isalpha() and word.islower())
    )


_WORDS = re.compile(r"[a-z0-9]+")
_SLUG = re.compile(r"[A-Za-z0-9_-]{3,}")
#: Parts of addresses that are nobody's names, as plain words in lower case are.
_COMMON = frozenset(
    "com org net edu github gitlab www html index main tree data code project page home".split()
)
