"""Seeds of guided topics: the terms a reader gives, and the papers that use them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extractOne

from toolkit.errors import DataError
from toolkit.papers.terms import find_terms
from toolkit.topics.distinct import stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Seeds = Mapping[str, Sequence[str]]

_WORD = re.compile(r"[^\W_]+(?:[-‐‑.'’][^\W_]+)*")
#: Share of letters in place from which a word is suggested for a term that no paper uses.
_ALIKE = 0.75
_HINT = 'seeds={"Sleep": ["insomnia", "sleep"]}'


@dataclass(frozen=True)
class SeedPapers:
    """The papers that use the terms of one seed.

    Attributes
    ----------
    label : str
    terms : list of str
        As they were given.
    unknown : list of str
        Those that no paper uses.
    rows : bool array, shape (n,)
        The papers that use at least one.
    """

    label: str
    terms: list[str]
    unknown: list[str]
    rows: NDArray[np.bool_]


def check_seeds(seeds: Any) -> dict[str, list[str]]:
    """Return seeds as {label: terms}, white space folded and terms given twice once.

    Raises
    ------
    DataError
        Not a mapping, an empty one, a label or term that is no text or empty, two labels that
        differ in capitals alone.
    """
    if not isinstance(seeds, Mapping) or not seeds:
        raise DataError(
            "not terms by label",
            argument="seeds",
            found=seeds,
            expected=_HINT.removeprefix("seeds="),
        )
    found: dict[str, list[str]] = {}
    for label, terms in seeds.items():
        name = _text(label, "a label")
        if name.casefold() in {other.casefold() for other in (*found, "Outliers")}:
            raise DataError(
                "a label that is taken", argument="seeds", found=label, expected="each label once"
            )
        if isinstance(terms, str) or not isinstance(terms, Iterable):
            raise DataError(
                f"seed {name!r}: not a list of terms", argument="seeds", found=terms, expected=_HINT
            )
        listed = dict.fromkeys(_text(term, f"a term of seed {name!r}") for term in terms)
        if not listed:
            raise DataError(f"seed {name!r} has no terms", argument="seeds", expected=_HINT)
        found[name] = list(listed)
    return found


def find_seed_papers(
    seeds: Seeds, documents: Sequence[str], titles: Sequence[str]
) -> list[SeedPapers]:
    """Return the papers that use the terms of each seed, by stems of whole words.

    Parameters
    ----------
    seeds : mapping
        From `check_seeds`.
    documents : sequence of str
        The terms of each paper, as `toolkit.papers.find_terms` gives them.
    titles : sequence of str
        Of the papers.

    Returns
    -------
    list of SeedPapers
        In the order of `seeds`. A term of several words is used where its words stand side by
        side in the title, or are a two-word term of the paper; where that is nowhere, because too
        few papers share it, a paper that has all of its words uses it.

    Examples
    --------
    >>> seeds = {"Sleep": ["insomnia", "sleep apnea"]}
    >>> docs = ["apnea bees sleep", "dreams insomnias", "bees sleep"]
    >>> find_seed_papers(seeds, docs, ["", "", ""])[0].rows.tolist()
    [True, True, False]
    """
    wanted = {term: _words(term) for terms in seeds.values() for term in terms}
    heads = {word[:2] for words in wanted.values() for word in words}
    bags = [_stems(document.split(" "), heads) for document in documents]
    lines = [f" {' '.join(_split(title, heads))} " for title in titles]
    used = {term: _users(words, bags, lines) for term, words in wanted.items()}
    found = []
    for label, terms in seeds.items():
        rows = np.zeros(len(bags), dtype=bool)
        for term in terms:
            rows |= used[term]
        unknown = [term for term in terms if not used[term].any()]
        found.append(SeedPapers(label, list(terms), unknown, rows))
    return found


def suggest_terms(unknown: Iterable[str], documents: Iterable[str]) -> dict[str, str]:
    """Return for terms that no paper uses the word of the papers written most like each.

    Parameters
    ----------
    unknown : iterable of str
    documents : iterable of str
        The terms of each paper.

    Returns
    -------
    dict
        Term to word; terms like no word are left out.

    Examples
    --------
    >>> suggest_terms(["insomina", "zeppelin"], ["insomnia sleep", "bees"])
    {'insomina': 'insomnia'}
    """
    unknown = [*unknown]
    words = sorted({w for line in documents for w in line.split(" ")}) if unknown else []
    plain = [_unaccented(word.replace("_", " ")) for word in words]
    found = {}
    for term in unknown:
        best = extractOne(
            _unaccented(term), plain, scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=_ALIKE,
        )  # fmt: skip
        if best is not None:
            found[term] = words[best[2]].replace("_", " ")
    return found


def _unaccented(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _users(
    words: list[str], bags: Sequence[frozenset[str]], lines: Sequence[str]
) -> NDArray[np.bool_]:
    if not words:
        return np.zeros(len(bags), dtype=bool)
    has_all = np.array([all(word in bag for word in words) for bag in bags], dtype=bool)
    if len(words) == 1:
        return has_all
    phrase = f" {' '.join(words)} "
    pairs = [f"{one}_{other}" for one, other in pairwise(words)]
    beside = np.array(
        [phrase in line or all(pair in bag for pair in pairs) for bag, line in zip(bags, lines)],
        dtype=bool,
    )
    return beside if beside.any() else has_all


def _words(term: str) -> list[str]:
    """Return the stems of a term's words in their order, stop words out."""
    row = pd.DataFrame({"paper_id": ["title:seed"], "title": [term]})
    bag = {word for word in find_terms(row).iloc[0].split(" ") if word and "_" not in word}
    folded = term.casefold()
    return [stem(word) for word in sorted(bag, key=lambda word: (folded.find(word), word))]


def _stems(terms: Iterable[str], heads: set[str]) -> frozenset[str]:
    """Return the stems of terms; only of words that begin as a wanted one does."""
    return frozenset(
        "_".join(map(stem, term.split("_"))) for term in set(terms) if term[:2] in heads
    )


def _split(title: str, heads: set[str]) -> list[str]:
    words = [part for word in _WORD.findall(title.casefold()) for part in re.split("[-‐‑]", word)]
    return [stem(word) if word[:2] in heads else word for word in words]


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not any(map(str.isalnum, value)):
        raise DataError(f"not {what}", argument="seeds", found=value, expected=_HINT)
    return " ".join(value.split())
