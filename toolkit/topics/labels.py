"""Readable terms and labels of topics: phrases instead of words, no repetition, usual capitals.

Only terms and titles are counted, so that a collection without abstracts gets the same labels as
one with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from toolkit.topics.distinct import distinct_terms, stem
from toolkit.topics.surface_forms import INNER, SurfaceForms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.term_scores import Ranked, TermIndex

#: Longest acronym with other letters than initials, in letters.
_LONGEST_ACRONYM = 5
#: Longest label, in characters, where a label that short is unique.
LONGEST_LABEL = 46
#: Most terms in a label; more only where two labels would be the same.
_LABEL_TERMS = 3
#: Weight of a phrase relative to a single word when a label is chosen.
_BOOST = 1.05
#: A third word is added to two that this share of their papers surely write with it.
_COMPLETED = 0.5
#: Weight of German words that titles write small, so no nouns: digitalen, europäischen.
_NO_NOUN = 0.5
#: A word is added over a preposition where it tells the topic from others so well beside the term.
_TELLING = 0.5
#: Stems that two terms may share and still mean different things.
_NOT_COMPARED = INNER | {
    *("multi", "self", "cross", "non", "pre", "post", "low", "high", "long", "short", "model"),
}
#: Words of praise that titles put before any phrase.
_PRAISE = frozenset(
    "accurate better comprehensive effective efficient fast improved practical reliable robust "
    "scalable simple towards unified".split()
)


def topic_phrases(
    ranked: Sequence[tuple[str, float]],
    forms: SurfaceForms,
    rows: NDArray[np.int64],
    index: TermIndex,
    *,
    language: str = "en",
) -> list[tuple[str, float, int]]:
    """Return a topic's terms widened to the phrases of its titles, without repetition.

    Parameters
    ----------
    ranked : sequence of (term, score)
        Best first; the words of a term joined by ``_``.
    forms : SurfaceForms
        Of the titles of the collection.
    rows : int array
        Numbers of the topic's papers.
    index : TermIndex
        Which paper uses which term.
    language : str
        ISO 639-1 code, for the stems.

    Returns
    -------
    list of (phrase, score, papers)
        Words joined by ``_``, which `SurfaceForms.readable` writes; how many of the topic's papers
        use all of its words.
    """
    inside = np.zeros(index.n_papers, dtype=bool)
    inside[rows] = True

    @cache
    def users(phrase: str) -> int:
        return int(inside[_papers_with(index, phrase.split(" "))].sum())

    def telling(word: str) -> float:
        """Return how many times as often the topic's papers use a word as all do."""
        everywhere = index.held[index.number[word]] / index.n_papers if word in index.number else 1
        return users(word) / max(len(rows), 1) / float(everywhere)

    terms = [_completed(term, inside, index) for term, _ in ranked]
    wide = forms.widen(terms, rows.tolist(), lambda words: users(" ".join(words)))
    phrases = []
    for term, phrase, (_, score) in zip(terms, wide, ranked):
        chosen = term.replace("_", " ") if _says_less(phrase, term, telling) else phrase
        if language == "de" and " " not in chosen and forms.word(chosen)[:1].islower():
            score *= _NO_NOUN
        phrases.append((chosen.replace(" ", "_"), score, users(chosen)))
    phrases.sort(key=lambda found: -found[1])
    return distinct_terms(phrases, n=len(ranked), language=language)


def _completed(term: str, inside: NDArray[np.bool_], index: TermIndex) -> str:
    """Return a two-word term with those words, two at most, that its papers mostly add to it."""
    if term.count("_") != 1:
        return term
    longer = index.longer(term, inside, share=_COMPLETED)
    if longer == term:
        return term
    a, b, c = longer.split("_")
    users = np.zeros_like(inside)
    users[_papers_with(index, [a, b, c])] = True
    users &= inside
    after = index.longer(f"{b}_{c}", users, share=_COMPLETED, sides="after")
    if after != f"{b}_{c}":
        return f"{a}_{after}"
    return f"{index.longer(f'{a}_{b}', users, share=_COMPLETED, sides='before')}_{c}"


def _says_less(phrase: str, term: str, telling: Callable[[str], float]) -> bool:
    """Return whether a phrase only adds praise or a common word: treatment of migraine."""
    words, own = phrase.split(" "), set(term.split("_"))
    ends = [(words[0], words[1:2]), (words[-1], words[-2:-1])]
    least = _TELLING * max(map(telling, own))
    return words[0] in _PRAISE - own or any(
        end not in own and bool(INNER.intersection(beside)) and telling(end) < least
        for end, beside in ends
    )


def _papers_with(index: TermIndex, words: Sequence[str]) -> NDArray[np.int64]:
    """Return the papers that use all words, side by side where the index knows such pairs."""
    pairs = [f"{a}_{b}" for a, b in pairwise(words)]
    known = [pair in index.number for pair in pairs]
    alone = [
        word
        for i, word in enumerate(words)
        if word in index.number and not (known[i - 1 : i] + known[i : i + 1]).count(True)
    ]
    atoms = [pair for pair, there in zip(pairs, known) if there] + alone
    found: NDArray[np.int64] | None = None
    for atom in atoms:
        some = index.papers_with(atom)
        found = some if found is None else np.intersect1d(found, some, assume_unique=True)
    return np.zeros(0, dtype=np.int64) if found is None else found


def label_topics(
    phrases: Mapping[int, Ranked],
    forms: SurfaceForms,
    *,
    kept: Mapping[int, str],
    languages: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """Return a unique label for each topic, made of its first two or three phrases.

    Parameters
    ----------
    phrases : mapping
        Topic to its ranked phrases, from `topic_phrases`.
    forms : SurfaceForms
        Of the titles of the collection.
    kept : mapping
        Topics that have their label already.
    languages : mapping, optional
        Topic to ISO 639-1 code, for the stems.

    Returns
    -------
    dict
        Topic to label, at most about 46 characters, first letter a capital. No two labels begin
        with the same phrase, and they share more than one only where a topic has no others.
    """
    labels = dict(kept)
    words = {
        topic: _label_words(ranked, (languages or {}).get(topic, "en"))
        for topic, ranked in phrases.items()
        if topic not in kept
    }
    first = _first_words(words, [label.split(", ")[0] for label in kept.values()])
    for topic, some in words.items():
        lead = first.get(topic, 0)
        ordered = [*some[lead : lead + 1], *some[:lead], *some[lead + 1 :]]
        readable = [forms.readable(phrase.replace(" ", "_")) for phrase, _, _ in ordered]
        taken = [label.casefold() for label in labels.values()]
        labels[topic] = _free_label(readable, taken) if readable else f"Topic {topic}"
    return {topic: labels[topic] for topic in phrases}


def _first_words(
    words: Mapping[int, list[tuple[str, float, frozenset[str]]]], taken: Sequence[str]
) -> dict[int, int]:
    """Return which phrase stands first in each label: the best, once in all labels."""
    ways = sorted(
        (-score, topic, i) for topic, some in words.items() for i, (_, score, _) in enumerate(some)
    )
    used = {frozenset(stem(word) for word in re.split(r"[ -]", lead.lower())) for lead in taken}
    first: dict[int, int] = {}
    for _, topic, i in ways:
        roots = words[topic][i][2]
        if topic not in first and roots not in used:
            first[topic] = i
            used.add(roots)
    return first


def _label_words(ranked: Ranked, language: str) -> list[tuple[str, float, frozenset[str]]]:
    """Return (phrase, score, stems) for a label in order, nothing said twice."""
    boosted = [
        (phrase.replace("_", " "), score * (_BOOST if "_" in phrase else 1))
        for phrase, score, _ in ranked
    ]
    ordered = sorted(boosted, key=lambda pair: -pair[1])
    long = {acronym: phrase for phrase, _ in reversed(ordered) for acronym in _acronyms(phrase)}
    for phrase, _ in reversed(ordered):
        for word, _ in ordered:
            if _abbreviates(word, phrase):
                long.setdefault(word, phrase)
    words: list[tuple[str, float, frozenset[str]]] = []
    for phrase, score in ordered:
        # MoE and mixture of experts are one thing: say it once, at the better one's place.
        full = long.get(phrase, long.get(phrase.removesuffix("s"), phrase))
        said = " ".join(long.get(w, w) for w in full.split()).split()
        stems = frozenset(stem(word, language) for word in said)
        roots = (stems - _NOT_COMPARED) or stems
        if any(len(roots & other) * 2 >= min(len(roots), len(other)) for _, _, other in words):
            continue
        words.append((full, score, roots))
    return words


def _acronyms(phrase: str) -> list[str]:
    """Return the acronyms that a phrase, or three words or more of it, may have."""
    words = phrase.split()
    return [
        initials(" ".join(words[i:j]))
        for i in range(len(words))
        for j in range(i + 2, len(words) + 1)
        if words[i] not in INNER and words[j - 1] not in INNER
    ]


def _abbreviates(word: str, phrase: str) -> bool:
    """Return whether a short word has the initials of a phrase and other letters of it between.

    >>> _abbreviates("iop", "intraocular pressure"), _abbreviates("pain", "patients in nursing")
    (True, False)
    """
    if INNER.intersection(phrase.split(" ")):
        return False
    first = initials(phrase)
    if not 1 < len(first) < len(word) <= _LONGEST_ACRONYM:
        return False
    return word[0] == first[0] and _within(first, word) and _within(word, phrase)


def _within(letters: str, text: str) -> bool:
    """Return whether a text has these letters in this order."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def initials(phrase: str) -> str:
    """Return the letters an acronym of the phrase would have, lower case; numbers stay whole.

    Examples
    --------
    >>> initials("mixture of experts"), initials("3D Gaussian splatting")
    ('moe', '3dgs')
    """
    words = re.split(r"[ -]", phrase.lower())
    return "".join(word if word[:1].isdigit() else word[:1] for word in words)


def _free_label(words: list[str], taken: list[str]) -> str:
    """Return a label of as many words as fit that no other topic has, nor one much like it."""
    others = [set(label.split(", ")) for label in taken]
    fresh: list[str] = []
    for word in words:
        now = {w.casefold() for w in [*fresh, word]}
        if all(len(now & other) < 2 for other in others):
            fresh.append(word)
    return _shortest_free(fresh if len(fresh) > 1 else words, set(taken))


def _shortest_free(words: list[str], taken: set[str]) -> str:
    """Return as many words as fit, joined; more or other words where that label is taken."""
    for most in range(_LABEL_TERMS, max(len(words), _LABEL_TERMS) + 1):
        label = ""
        count = 0
        for word in words[: most + 2]:
            longer = f"{label}, {word}" if label else word
            if count == most or (label and len(longer) > LONGEST_LABEL and most == _LABEL_TERMS):
                continue
            label, count = longer, count + 1
        label = label[:1].upper() + label[1:] if label[:2].islower() else label
        if label.casefold() not in taken:
            return label
    number = 2
    while f"{label} ({number})".casefold() in taken:
        number += 1
    return f"{label} ({number})"
