"""Whether a record of a service is a paper of ours, by title, first author and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rapidfuzz.fuzz import ratio, token_set_ratio

from toolkit.papers.identifiers import fold_title
from toolkit.papers.names import parse_names
from toolkit.papers.repeats import RETITLED

#: Least similarity (0–100) of two titles without an id in common, and least number of words.
_ALIKE, _LEAST_WORDS = 95.0, 4
#: Preprint and publication may be a year apart.
_YEARS_APART = 1
_NUMBERED = re.compile(r"\b(?:\d+|i{1,3}|iv|v|vi{1,3}|ix|x|one|two|three|first|second|third)\b")
#: What another paper of nearly the same title is: a notice or an answer to it.
_OTHER = re.compile(
    r"\b(?:errat\w+|corrig\w+|correction\w*|retract\w+|reply|repl\w+ to|comments? on|response to"
    r"|editorial|supplement\w*|appendix|review of)\b"
)


class Sought(NamedTuple):
    """A paper that is looked for by its title: title, family name of the first author, year."""

    title: str
    author: str
    year: int


def sought(title: str, authors: Any, published: Any) -> Sought | None:
    """Return what a paper is looked for by; None where title, author or year are too little.

    Examples
    --------
    >>> sought("Paper Boats on the Open Sea", "Ada Oak; Bo Elm", "2021-03-01")
    Sought(title='paper boats on the open sea', author='oak', year=2021)
    >>> sought("Editorial", "Ada Oak", "2021") is None
    True
    """
    folded = fold_title(title)
    names = parse_names(authors) if isinstance(authors, str) else ()
    year = str(published)[:4]
    if len(folded.split()) < _LEAST_WORDS or not names or not year.isdigit():
        return None
    return Sought(folded, names[0].last, int(year))


def best(paper: Sought, records: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the record that is the paper; None where none is, or several that differ in their DOI.

    Its title must be nearly the same, with the same numbers, the first author's family name the
    same, and the year at most one apart.
    """
    fitting = [one for one in records if _is_same(paper, one)]
    dois = {str(one.get("doi") or "").lower() for one in fitting}
    return fitting[0] if fitting and len(dois) == 1 else None


def is_titled_alike(one: str, two: str) -> bool:
    """Return whether two titles under one DOI may be one paper: a chapter is not its book.

    Examples
    --------
    >>> is_titled_alike("Paper boats: a study", "A Study of Paper Boats")
    True
    >>> is_titled_alike("Folding cranes", "Handbook of Tidal Clocks")
    False
    """
    return token_set_ratio(fold_title(one), fold_title(two)) >= RETITLED


def _is_same(paper: Sought, record: Mapping[str, Any]) -> bool:
    other = sought(str(record.get("title") or ""), record.get("authors"), record.get("published"))
    return (
        other is not None
        and other.author == paper.author
        and abs(other.year - paper.year) <= _YEARS_APART
        and _NUMBERED.findall(other.title) == _NUMBERED.findall(paper.title)
        and _OTHER.findall(other.title) == _OTHER.findall(paper.title)
        and ratio(other.title, paper.title) >= _ALIKE
    )
