"""Why a paper is near a library, in words: papers, terms, authors, citations."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.papers.columns import text_of
from toolkit.papers.names import may_be_one, parse_person
from toolkit.text.generic import weight_as_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.papers.names import Person
    from toolkit.topics.term_scores import TermIndex

#: Titles are cut to so many characters; so many of each thing are named.
_TITLE, _NAMED, _TERMS = 80, 2, 3


def shared_terms(index: TermIndex, document: str, nearest: Sequence[str]) -> list[str]:
    """Return the terms that a paper shares with the papers nearest to it, the most telling first.

    Parameters
    ----------
    index : TermIndex
        Of all papers: rare terms tell more.
    document : str
        The terms of the paper, between spaces.
    nearest : sequence of str
        Those of the library's papers nearest to it; what more of them have tells more.
    """
    words = Counter(document.split())
    near = Counter(term for other in nearest for term in set(other.split()))
    weight = {
        term: np.log(index.n_papers / index.held[index.number[term]])
        * np.log1p(words[term]) * near[term] * weight_as_name(term)
        for term in words.keys() & near.keys() if len(term) > 2
    }  # fmt: skip
    chosen: list[str] = []
    for term in sorted(weight, key=lambda term: (-weight[term], term)):
        # One of `flood`, `floods` and `flood_warning` is enough.
        if weight[term] > 0 and not any(parts_of(term) & parts_of(one) for one in chosen):
            chosen.append(term)
    return [term.replace("_", " ") for term in chosen[:_TERMS]]


class LibraryAuthors:
    """Who wrote the papers of a library: names, and forms of names that may be the same person."""

    def __init__(self, library: pd.DataFrame) -> None:
        self._papers: dict[Person, int] = defaultdict(int)
        self._written: dict[Person, str] = {}
        for cell in text_of(library, "authors").dropna():
            for text in cell.split(";"):
                name = parse_person(text.strip())
                if name is not None:
                    self._papers[name] += 1
                    self._written.setdefault(name, text.strip())
        self._by_family: dict[str, list[Person]] = defaultdict(list)
        for name in self._papers:
            self._by_family[name.family[0]].append(name)

    def shared(self, authors: Any) -> str | None:
        """Return which authors of a paper have papers in the library, in words; None without any.

        One name may be two people, and two forms of a name one: the words say what is written.
        """
        if not isinstance(authors, str):
            return None
        same: list[tuple[int, str]] = []
        perhaps: list[str] = []
        for text in authors.split(";"):
            name = parse_person(text.strip())
            if name is None:
                continue
            if name in self._papers:
                same.append((self._papers[name], text.strip()))
                continue
            like = [one for one in self._by_family.get(name.family[0], ()) if may_be_one(name, one)]
            if like:
                perhaps.append(f"{text.strip()}, perhaps {self._written[like[0]]}")
        parts = [f"{name} ({count} of the library)"
                 for count, name in sorted(same, key=lambda one: -one[0])[:_NAMED]]  # fmt: skip
        parts += perhaps[: _NAMED - len(parts)] if len(parts) < _NAMED else []
        return f"by {', '.join(parts)}" if parts else None


def quoted(titles: Iterable[Any]) -> str:
    r"""Return titles in quotation marks, each once, long ones cut.

    Examples
    --------
    >>> quoted(["Bees", "Oaks\nand elms"])
    '“Bees” and “Oaks and elms”'
    """
    lines = dict.fromkeys(" ".join(str(title).split()) for title in titles)
    short = (line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…" for line in lines)
    return " and ".join(f"“{line}”" for line in short)


def parts_of(term: str) -> frozenset[str]:
    """Return the words of a term without plural s: `floods` and `flood_warning` share `flood`."""
    parts = term.split("_")
    return frozenset(part[:-1] if len(part) > 4 and part[-1] == "s" else part for part in parts)
