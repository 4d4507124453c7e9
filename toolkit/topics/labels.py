"""Readable terms and labels of topics: phrases instead of words, no repetition, usual capitals.

Only terms and titles are counted, so that a collection without abstracts gets the same labels as
one with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from snowballstemmer.english_stemmer import EnglishStemmer

from toolkit.topics.surface_forms import INNER, SurfaceForms

if TYPE_CHECKING:
    Ranked = Sequence[tuple[str, float]]

#: Longest label, in characters, where a label that short is unique.
LONGEST_LABEL = 46
#: Most terms in a label; more only where two labels would be the same.
_LABEL_TERMS = 3
#: Weight of a phrase relative to a single word when a label is chosen.
_BOOST = 1.3
#: Words without one are acronyms, whose plural the stemmer leaves as it is.
_VOWELS = frozenset("aeiouy")
#: Stems that two terms may share and still mean different things.
_NOT_COMPARED = INNER | {
    *("multi", "self", "cross", "non", "pre", "post", "low", "high", "long", "short", "model"),
}
#: Words and word pairs that are uninformative in any field.
_GENERIC = frozenset(
    """
    ability accuracy achieving additional advanced advances alternative application applications
    art aspects automatic available average baseline baselines better capabilities capability
    capable challenge challenges challenging common comparable complex component components
    comprehensive concept conditions consistent core critical current data dataset datasets
    demonstrate design desired development different difficult diverse driven ease easy
    effective effectiveness efficiency efficient empirical essential evaluating existing
    expensive experiments explicit factors fast fine framework frameworks free fundamental
    future gains gap general goal good great group high higher highly important improved
    improvement information innovative insights issue issues key known lack large leading
    learning level levels limited low lower main manner mechanism method methodology methods
    metrics million model modeling models multiple natural need number numerous open optimal
    original overall paradigm part performance performing pipeline potential practical problem
    problems procedure process progress promising properties prove proven quality range rate
    recent reliable remarkable requirements research results robust robustness rich role scale
    scenario scenarios score setting settings share short significant simple simpler size small
    solution source specific stage standard state step steps strategies strategy strong studies
    study success successful system systems target task tasks technique techniques technology
    time trained training type types typical unified unknown use value variety various way wide
    work world
    high_quality higher_quality high_performance higher_performance large_scale low_cost
    open_source real_time real_world small_scale state_art state_of_the_art success_rate
    generation_quality large_language
    learning_models evaluation_framework
    """.split()
)
#: Words of praise that titles put before any phrase.
_PRAISE = frozenset(
    "accurate better comprehensive effective efficient fast improved practical reliable robust "
    "scalable simple towards unified".split()
)
#: Uninformative words are left out only where so many other terms remain.
_FEWEST_TERMS = 3


def distinct_terms(ranked: Ranked, *, n: int = 10) -> list[tuple[str, float]]:
    """Return the best terms, of which none repeats another.

    Parameters
    ----------
    ranked : sequence of (term, score)
        Best first; the words of a term joined by ``_``.
    n : int
        How many to keep at most.

    Returns
    -------
    list of (term, score)
        Without terms whose stems all occur in one better term (``models`` after ``model``,
        ``reward`` after ``reward_model``). A term that only adds words to a better one replaces
        it: ``kv`` and then ``kv_cache`` gives ``kv_cache``.

    Examples
    --------
    >>> distinct_terms([("model", 9.0), ("models", 8.0), ("kv", 7.0), ("kv_cache", 6.0)])
    [('model', 9.0), ('kv_cache', 7.0)]
    """
    kept: list[tuple[str, float]] = []
    roots: list[frozenset[str]] = []
    for term, score in ranked:
        root = frozenset(stem(word) for word in term.split("_"))
        if not term or any(root <= other for other in roots):
            continue
        shorter = [i for i, other in enumerate(roots) if other < root]
        if shorter:
            first = shorter[0]
            kept[first], roots[first] = (term, kept[first][1]), root
            for i in reversed(shorter[1:]):
                del kept[i], roots[i]
            continue
        kept.append((term, score))
        roots.append(root)
    return kept[:n]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of an English word, so that forms of one word can be recognised.

    Examples
    --------
    >>> stem("models") == stem("model"), stem("generation") == stem("generative")
    (True, True)
    >>> stem("multilingual") == stem("multimodal"), stem("llms")
    (False, 'llm')
    """
    if not word.isalpha():
        return word
    if not _VOWELS.intersection(word):
        return word.removesuffix("s") if not word.endswith("ss") else word
    # A stemmer holds the word it works on, so threads must not share one.
    return str(EnglishStemmer().stemWord(word))


def informative_terms(ranked: Ranked) -> list[tuple[str, float]]:
    """Return the terms without uninformative words, unless too few terms would remain.

    Parameters
    ----------
    ranked : sequence of (term, score)
        Best first; the words of a term joined by ``_``.

    Returns
    -------
    list of (term, score)

    Examples
    --------
    >>> ranked = [("simple", 9.0), ("protein", 8.0), ("fold", 7.0), ("drug", 6.0)]
    >>> [term for term, _ in informative_terms(ranked)]
    ['protein', 'fold', 'drug']
    """
    informative = [pair for pair in ranked if pair[0] not in _GENERIC]
    return informative if len(informative) >= _FEWEST_TERMS else list(ranked)


def topic_phrases(
    ranked: Ranked, forms: SurfaceForms, rows: Sequence[int]
) -> list[tuple[str, float]]:
    """Return a topic's terms widened to the phrases of its titles, without repetition.

    Parameters
    ----------
    ranked : sequence of (term, score)
        Best first; the words of a term joined by ``_``.
    forms : SurfaceForms
        Of the titles of the collection.
    rows : sequence of int
        Numbers of the topic's papers.

    Returns
    -------
    list of (phrase, score)
        Words joined by ``_``; `SurfaceForms.readable` writes them.
    """
    wide = [phrase.replace(" ", "_") for phrase in forms.widen([t for t, _ in ranked], rows)]
    # Not to "efficient routing" from "routing".
    phrases = [
        (term if phrase.split("_")[0] in _PRAISE - set(term.split("_")) else phrase, score)
        for phrase, (term, score) in zip(wide, ranked)
    ]
    return distinct_terms(phrases, n=len(ranked))


def label_topics(
    phrases: Mapping[int, Ranked], forms: SurfaceForms, *, kept: Mapping[int, str]
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

    Returns
    -------
    dict
        Topic to label, at most about 46 characters, first letter a capital. Two labels share
        more than one phrase only where a topic has no others.
    """
    labels = dict(kept)
    for topic, ranked in phrases.items():
        if topic not in kept:
            words = _label_words([(p.replace("_", " "), s) for p, s in ranked], forms)
            taken = [label.casefold() for label in labels.values()]
            labels[topic] = _free_label(words, taken) if words else f"Topic {topic}"
    return {topic: labels[topic] for topic in phrases}


def _label_words(ranked: Ranked, forms: SurfaceForms) -> list[str]:
    """Return the terms for a label in order: phrases preferred to words, nothing said twice."""
    boosted = [(phrase, score * (_BOOST if " " in phrase else 1)) for phrase, score in ranked]
    ordered = sorted(boosted, key=lambda pair: -pair[1])
    long = {acronym: phrase for phrase, _ in reversed(ordered) for acronym in _acronyms(phrase)}
    words: list[str] = []
    said: list[set[str]] = []
    for phrase, _ in ordered:
        # MoE and mixture of experts are one thing: say it once, at the better one's place.
        full = long.get(phrase, long.get(phrase.removesuffix("s"), phrase))
        roots = {stem(word) for word in " ".join(long.get(w, w) for w in full.split()).split()}
        roots -= _NOT_COMPARED
        if any(len(roots & other) * 2 >= min(len(roots), len(other)) for other in said):
            continue
        words.append(forms.readable(full.replace(" ", "_")))
        said.append(roots)
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
