"""Terms and labels a person can read: no repeats, phrases, capitals as the authors write them.

Everything here is counted, in terms and titles alone, so that a collection without prose gets the
same labels as one with abstracts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Ranked = Sequence[tuple[str, float]]

#: A label is this long at most, in characters, where that can be had.
LONGEST_LABEL = 42
#: Most terms in a label; more only where two labels would be the same.
_LABEL_TERMS = 3
#: Words that may stand inside a phrase of a title: chain of thought, text to image.
_INNER = frozenset({"a", "by", "in", "of", "on", "the", "to"})
#: Longest phrase read from titles, in words.
_LONGEST_PHRASE = 4
#: A word is widened to a phrase where so large a share of its titles has the phrase.
_WIDEN = 0.5
#: What a phrase counts more than a single word when a label is chosen.
_BOOST = 1.3
_SUFFIXES = """
izations ization isation ational atives ative ations ation ators ator ating ated ates ate ions ion
ities ity ically ical ics ic ings ing ingly ers er ies ied ed ively ives ive ments ment ors or als
al ly ness ance ence ances ences ants ant ents ent es s e y
"""
_ENDINGS = tuple(sorted(_SUFFIXES.split(), key=len, reverse=True))
#: Stems that two terms may share and still say different things.
_SAYS_LITTLE = _INNER | {
    *("multi", "self", "cross", "non", "pre", "post", "low", "high", "long", "short", "model"),
}
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.'’][^\W_]+)*|[^\w\s]")
_JOINT = re.compile(r"([ -])")
_HYPHEN = re.compile(r"[-‐‑]")
_LETTER = re.compile(r"[^\W\d_]")
_CAPITALS = re.compile(r"[A-Z].*[A-Z]|[0-9].*[A-Z]|^[a-z].*[A-Z]")
#: Names that made an adjective or a method; titles alone rarely tell them from other capitals.
_PROPER = """
Adam Arabic Bayes Bayesian Bengali Boltzmann Carlo Chebyshev Chinese Dirichlet English Euclidean
European Fourier French Gaussian Gaussians German Gibbs Hamiltonian Hessian Hilbert Hindi Italian
Jacobian Japanese Kalman Korean Langevin Laplacian Lipschitz Lyapunov Mamba Markov Markovian
Minecraft Monte Nash Newton Persian Poisson Portuguese Python Riemannian Russian Schrödinger
Shapley Sinkhorn Spanish Swahili Swedish Thai Turkish Urdu Vietnamese Wasserstein Wikipedia
"""
_NAMES = frozenset(_PROPER.split())


def distinct_terms(ranked: Ranked, *, n: int = 10) -> list[tuple[str, float]]:
    """Keep the best terms of which none repeats another.

    Parameters
    ----------
    ranked : sequence of (term, score)
        Best first; the words of a term joined by ``_``.
    n : int
        How many to keep at most.

    Returns
    -------
    list of (term, score)
        Without terms all of whose words, less their endings, a better term has already
        (``models`` after ``model``, ``reward`` after ``reward_model``). A term that only adds
        words to a better one stands in its place: ``kv`` and then ``kv_cache`` gives ``kv_cache``.

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


def stem(word: str) -> str:
    """Cut a word's ending, roughly: enough to see that two words are forms of one.

    Examples
    --------
    >>> stem("models") == stem("model"), stem("generation") == stem("generative")
    (True, True)
    >>> stem("multilingual") == stem("multimodal")
    False
    """
    if not word.isalpha():
        return word
    if word.endswith(("ss", "us", "is", "as")):
        return word  # loss, corpus, analysis, bias: no plurals
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class SurfaceForms:
    """How the titles of a collection write words and phrases.

    Parameters
    ----------
    titles : sequence of str
        Shape (n_papers,).

    Examples
    --------
    >>> forms = SurfaceForms(["A Survey of MoE Models", "MoE routing for LLMs"])
    >>> forms.word("moe"), forms.word("routing"), forms.readable("moe_routing")
    ('MoE', 'routing', 'MoE routing')
    """

    def __init__(self, titles: Sequence[str]) -> None:
        self._tokens = [_tokens(title) for title in titles]
        self._words = _spellings(self._tokens)
        pairs = [dict(_phrases(tokens)) for tokens in self._tokens]
        self._phrases = [tuple(found) for found in pairs]
        joined: dict[str, Counter[str]] = defaultdict(Counter)
        for found in pairs:
            for key, written in found.items():
                joined[key][written] += 1
        self._joined = {key: _most_common(counts) for key, counts in joined.items()}

    def word(self, word: str) -> str:
        """Write one lower-case word: acronyms and names in capitals."""
        return self._words.get(word, word)

    def readable(self, term: str) -> str:
        """Write a term: ``_`` becomes a space, or the hyphen that titles have there."""
        key = term.replace("_", " ")
        written = self._joined.get(key, key)
        return "".join(bit if bit in " -" else self.word(bit) for bit in _JOINT.split(written))

    def widen(self, terms: Sequence[str], rows: Iterable[int]) -> list[str]:
        """Widen terms to the phrases in which the titles of `rows` mostly have them.

        Parameters
        ----------
        terms : sequence of str
            Words joined by ``_``.
        rows : iterable of int
            Numbers of titles, a topic's, say.

        Returns
        -------
        list of str
            Words separated by spaces: ``thought`` → ``chain of thought``; the term itself where
            titles use it in no fixed phrase.
        """
        count: Counter[str] = Counter()
        for row in rows:
            count.update({word.lower() for word, _ in self._tokens[row]})
            count.update(self._phrases[row])
        often = [(f" {phrase} ", n) for phrase, n in count.items() if n > 1 and " " in phrase]
        keys = [term.replace("_", " ") for term in terms]
        return [_widest(key, count[key], often) for key in keys]


def _widest(key: str, held: int, phrases: Sequence[tuple[str, int]]) -> str:
    enough = [
        (len(phrase.split()), n, phrase.strip())
        for phrase, n in phrases
        if n >= _WIDEN * held and f" {key} " in phrase
    ]
    return max(enough)[2] if enough else key


def label_topics(
    terms: Mapping[int, Ranked],
    forms: SurfaceForms,
    rows: Mapping[int, Sequence[int]],
    *,
    kept: Mapping[int, str],
) -> dict[int, str]:
    """Name topics by their first two or three terms, each name once.

    Parameters
    ----------
    terms : mapping
        Topic to its ranked terms, words joined by ``_``.
    forms : SurfaceForms
        Of the titles of the collection.
    rows : mapping
        Topic to the numbers of its papers.
    kept : mapping
        Topics that have their label already.

    Returns
    -------
    dict
        Topic to label, at most about 42 characters, first letter a capital.
    """
    written = {}
    for topic, ranked in terms.items():
        if topic not in kept:
            phrases = forms.widen([term for term, _ in ranked], rows[topic])
            written[topic] = _label_words(list(zip(phrases, [s for _, s in ranked])), forms)
    labels = dict(kept)
    taken = {label.casefold() for label in kept.values()}
    for topic, words in written.items():
        label = _shortest_free(words, taken) if words else f"Topic {topic}"
        taken.add(label.casefold())
        labels[topic] = label
    return {topic: labels[topic] for topic in terms}


def _label_words(ranked: Ranked, forms: SurfaceForms) -> list[str]:
    """Order the terms for a label: phrases before single words, nothing said twice."""
    boosted = [(phrase, score * (_BOOST if " " in phrase else 1)) for phrase, score in ranked]
    ordered = sorted(boosted, key=lambda pair: -pair[1])
    long = {acronym: phrase for phrase, _ in reversed(ordered) for acronym in _acronyms(phrase)}
    words: list[str] = []
    said: list[set[str]] = []
    for phrase, _ in ordered:
        # MoE and mixture of experts are one thing: say it once, at the better one's place.
        full = long.get(phrase, long.get(phrase.removesuffix("s"), phrase))
        roots = {stem(word) for word in " ".join(long.get(w, w) for w in full.split()).split()}
        roots -= _SAYS_LITTLE
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
        if words[i] not in _INNER and words[j - 1] not in _INNER
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


def _shortest_free(words: list[str], taken: set[str]) -> str:
    """Join as many words as fit; further or other ones where that name is taken."""
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


def _tokens(title: str) -> list[tuple[str, str]]:
    """Split a title into (word, what stands before it: space, hyphen or ``|`` for punctuation)."""
    found: list[tuple[str, str]] = []
    before = "|"
    for token in _TOKEN.findall(title):
        if not token[0].isalnum():
            before = "|"
            continue
        bits = _HYPHEN.split(token)
        if any(not _LETTER.search(bit) for bit in bits):
            bits = ["-".join(bits)]
        for i, bit in enumerate(bits):
            found.append((bit, "-" if i else before))
        before = " "
    return found


def _phrases(tokens: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the phrases of a title: two to four words, no punctuation, no stop word at an end."""
    from toolkit.collection.features import STOP_WORDS

    lower = [word.lower() for word, _ in tokens]
    stop = [word in STOP_WORDS for word in lower]
    for start in range(len(tokens)):
        if stop[start]:
            continue
        written = lower[start]
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(tokens))):
            before = tokens[end][1]
            if before == "|" or (stop[end] and lower[end] not in _INNER):
                break
            written += ("-" if before == "-" else " ") + lower[end]
            if not stop[end]:
                yield " ".join(lower[start : end + 1]), written


def _spellings(titles: list[list[tuple[str, str]]]) -> dict[str, str]:
    """Find how words are written whose capitals mean something: acronyms, names."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens in titles:
        if sum(word.isupper() for word, _ in tokens) > 0.6 * len(tokens):
            continue  # a title all in capitals tells nothing
        for word, _ in tokens:
            counts[word.lower()][word] += 1
    found = {name.lower(): name for name in _NAMES}
    for lower, written in counts.items():
        best = _most_common(written)
        share = sum(n for form, n in written.items() if _CAPITALS.search(form))
        if share > 0.5 * sum(written.values()):
            best = _most_common({f: n for f, n in written.items() if _CAPITALS.search(f)})
            found[lower] = best
    # A plural as its singular: llms → LLMs, even where titles write LLMS now and then.
    for lower in list(counts):
        single = found.get(lower[:-1]) if lower.endswith("s") else None
        if single and lower not in found and _CAPITALS.search(single):
            found[lower] = single + "s"
    return found


def _most_common(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form))
