"""How the titles of a collection write words and phrases: capitals, hyphens, fixed phrases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from toolkit.text.capitals import usual_capitals
from toolkit.text.stopwords import HALF_WORDS, STOP_WORDS
from toolkit.text.unspaced import UNSPACED

#: Words that may stand inside a phrase of a title: chain of thought, droit de la famille.
INNER = frozenset(
    """
    a and by in of on the to
    am an auf das dem den der des die für im in mit und von vom zur zum
    au aux d de des du en et l la le les sur à
    al da das de del do dos e el em la las los na no para por y
    dei del dell della delle di degli e il nel per
    de en het op van voor
    """.split()
)
#: Longest phrase read from titles, in words.
_LONGEST_PHRASE = 4
#: A word is widened to a phrase that this share of the topic's papers with the word use, and that
#: stands in this share of the titles with the word, two at least.
_WIDEN, _WIDEN_TITLES = 0.5, 0.3
#: A word that a hyphen joins to the same other word in this share of its occurrences is half a
#: compound.
_TIED = 0.75
#: A title of which fewer words have capitals shows by them which words are names.
_SENTENCE_CASE = 0.4
#: A word is a name where so many of such titles write it, this share of them with a capital.
_NAMED, _NAMED_SHARE = 2, 0.75
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.'’][^\W_]+)*|[^\w\s]")
_JOINT = re.compile(r"([ '-])")
_HYPHEN = re.compile(r"[-‐‑]")
_ELIDED = re.compile(r"(l|d|qu|j|n|s|c|m|t|dell|nell|all|sull|dall|un|quell)['’](?=\w)", re.I)
_LETTER = re.compile(r"[^\W\d_]")
#: Capitals that belong to the word: two of them, one inside a word, or one beside a number.
_CAPITALS = re.compile(r"[A-Z].*[A-Z0-9]|[0-9].*[A-Z]|^[a-z].*[A-Z]")
#: Names of which a stop word is the first part.
_PARTS = {"york": "New York", "zealand": "New Zealand", "delhi": "New Delhi"}


class SurfaceForms:
    """How the titles of a collection write words and phrases.

    Parameters
    ----------
    titles : sequence of str
        Shape (n_papers,).
    held : mapping, optional
        Term to the number of papers that use it, which shows what is a stop word in any language;
        without it, English ones are.
    nouns : iterable of int
        Numbers of titles in German, whose nouns have capitals.
    languages : iterable of str
        ISO 639-1 codes of the titles: where they do not show how a word is written, most abstracts
        of these languages do (`usual_capitals`).

    Examples
    --------
    >>> forms = SurfaceForms(["A Survey of MoE Models", "MoE routing for LLMs"])
    >>> forms.word("moe"), forms.word("routing"), forms.readable("moe_routing")
    ('MoE', 'routing', 'MoE routing')
    """

    def __init__(
        self,
        titles: Sequence[str],
        *,
        held: Mapping[str, int] | None = None,
        nouns: Iterable[int] = (),
        languages: Iterable[str] = ("en",),
    ) -> None:
        self._tokens = [_tokens(title) for title in titles]
        self._lower = [[word.lower() for word, _ in tokens] for tokens in self._tokens]
        self._words = _written_forms(self._tokens, set(nouns), set(languages))
        self._stop = _stop_words(self._lower, held)
        self._rows: dict[str, list[int]] = defaultdict(list)
        for row, lower in enumerate(self._lower):
            for word in set(lower):
                self._rows[word].append(row)

    def word(self, word: str) -> str:
        """Return one lower-case word as titles write it: acronyms and names in capitals."""
        return self._words.get(word, word)

    def readable(self, term: str) -> str:
        """Return a term as titles write it: ``_`` becomes a space or a hyphen."""
        words = term.split("_")
        if len(words) == 1:
            return self.word(term)
        if all(UNSPACED.fullmatch(word) for word in words):
            return "".join(words)
        counts: Counter[str] = Counter()
        forms: list[Counter[str]] = [Counter() for _ in words]
        for row in self._rows.get(min(words, key=lambda w: len(self._rows.get(w, ()))), ()):
            for start in _places(self._lower[row], words):
                place = self._tokens[row][start : start + len(words)]
                joints = [joint for _, joint in place]
                if "|" not in joints[1:]:
                    counts["".join(j + w for j, w in zip(["", *joints[1:]], words))] += 1
                    for form, (word, _) in zip(forms, place):
                        form[word] += 1
        written = _most_common(counts) if counts else " ".join(words)
        # HOT is a trial, but hot flushes are hot.
        usual = {w: _most_common(form) for w, form in zip(words, forms) if form}
        plain = {w for w, form in usual.items() if _plain(form)}
        # And St. John's wort is no ST segment; all in capitals tells nothing.
        capital = {w for w, form in usual.items() if plain and _means_capitals(form)}
        bits = _JOINT.split(written)
        shown = [
            usual[bit] if bit in capital
            else bit if bit in " -'" or (bit in plain and _means_capitals(self.word(bit)))
            else self.word(bit)
            for bit in bits
        ]  # fmt: skip
        # Each word of United States is written small alone.
        for i in range(0, len(bits) - 2, 2):
            if bits[i + 1] == " " and (name := self._words.get(f"{bits[i]}_{bits[i + 2]}")):
                first, shown[i + 2] = name.split("_")
                shown[i] = _PARTS.get(bits[i], first)
        return "".join(shown)

    def widen(
        self, terms: Sequence[str], rows: Iterable[int], papers: Callable[[Sequence[str]], int]
    ) -> list[str]:
        """Return terms widened to the phrases in which a topic's papers mostly use them.

        Parameters
        ----------
        terms : sequence of str
            Words joined by ``_``.
        rows : iterable of int
            Numbers of the topic's titles.
        papers : callable
            Number of the topic's papers that use all of some words side by side.

        Returns
        -------
        list of str
            Words separated by spaces: ``thought`` → ``chain of thought``; the term itself where
            it is used in no fixed phrase.
        """
        rows = set(rows)
        wide = [self._widest(term.split("_"), rows, papers) for term in terms]
        first = [phrase.split(" ", 1)[0] for phrase in wide]
        tied = _tied(set(first), [self._tokens[row] for row in sorted(rows)])
        return [f"{tied[a]} {phrase}" if a in tied else phrase for a, phrase in zip(first, wide)]

    def _widest(
        self, words: list[str], rows: set[int], papers: Callable[[Sequence[str]], int]
    ) -> str:
        rarest = min(words, key=lambda word: len(self._rows.get(word, ())))
        count: Counter[str] = Counter()
        titles = 0
        for row in rows.intersection(self._rows.get(rarest, ())):
            found = {
                phrase
                for start in _places(self._lower[row], words)
                for phrase in self._around(row, start, start + len(words))
            }
            titles += bool(found)
            count.update(found)
        least = max(2.0, _WIDEN_TITLES * titles)
        own = papers(words)
        best = (len(words), own, " ".join(words))
        for phrase, n in count.items():
            parts = phrase.split(" ")
            if n >= least and len(parts) >= best[0] and parts != words:
                shared = papers(parts)
                if shared >= max(2, _WIDEN * own):
                    best = max(best, (len(parts), shared, phrase))
        return best[2]

    def _around(self, row: int, start: int, end: int) -> Iterable[str]:
        """Yield the phrases of a title that hold the words from start to end."""
        tokens, lower = self._tokens[row], self._lower[row]
        joined = [joint == "-" for _, joint in tokens] + [False]
        # Where a hyphen begins or ends, stop words belong to the phrase: few-shot, plug-in.
        stop = [word in self._stop and joined[i] == joined[i + 1] for i, word in enumerate(lower)]
        first = start
        while first > 0 and end - first < _LONGEST_PHRASE:
            if tokens[first][1] == "|" or (stop[first - 1] and lower[first - 1] not in INNER):
                break
            first -= 1
        for a in range(first, start + 1):
            for b in range(end, min(a + _LONGEST_PHRASE, len(tokens)) + 1):
                inside = range(max(a + 1, end), b)
                if any(tokens[i][1] == "|" or (stop[i] and lower[i] not in INNER) for i in inside):
                    break
                if not stop[a] and not stop[b - 1]:
                    yield " ".join(lower[a:b])


def _places(lower: list[str], words: list[str]) -> Iterable[int]:
    """Yield where the words stand side by side in a title."""
    for start in range(len(lower) - len(words) + 1):
        if lower[start] == words[0] and lower[start : start + len(words)] == words:
            yield start


def _stop_words(titles: list[list[str]], held: Mapping[str, int] | None) -> frozenset[str]:
    """Return the words of titles that are in no paper's terms."""
    if held is None:
        return STOP_WORDS
    count = Counter(word for lower in titles for word in set(lower))
    # Halves of terms (multi, low) are terms only with another word.
    halves = Counter[str]()
    for term, n in held.items():
        for word in HALF_WORDS.intersection(term.split("_")) if "_" in term else ():
            halves[word] += n
    return frozenset(
        word for word, n in count.items() if max(held.get(word, 0), halves[word]) < 0.5 * n
    )


def _tied(words: set[str], titles: Iterable[list[tuple[str, str]]]) -> dict[str, str]:
    """Return what a hyphen nearly always joins to a word: low to resource (low-resource)."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens in titles:
        for at, (written, joint) in enumerate(tokens):
            word = written.lower()
            if word not in words:
                continue
            start = at
            while joint == "-":
                start -= 1
                joint = tokens[start][1]
            before[word][" ".join(bit.lower() for bit, _ in tokens[start:at])] += 1
    found = {}
    for word, counts in before.items():
        prefix, n = max(counts.items(), key=lambda item: (item[1], item[0]))
        if prefix and n >= max(3, _TIED * counts.total()):
            found[word] = prefix
    return found


def _tokens(title: str) -> list[tuple[str, str]]:
    """Return (word, what precedes it: space, hyphen or ``|`` for punctuation) of a title."""
    found: list[tuple[str, str]] = []
    before = "|"
    for token in _TOKEN.findall(_ELIDED.sub("\\1\0", title)):
        if not token[0].isalnum():
            before = "'" if token == "\0" else "|"
            continue
        bits = _HYPHEN.split(token)
        if any(not _LETTER.search(bit) for bit in bits):
            bits = ["-".join(bits)]
        for i, bit in enumerate(bits):
            found.append((bit, "-" if i else before))
        before = " "
    return found


def _written_forms(
    titles: list[list[tuple[str, str]]], nouns: set[int], languages: set[str]
) -> dict[str, str]:
    """Return the written form of words with capitals of their own: acronyms, names, nouns."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    telling = 0
    for row, tokens in enumerate(titles):
        words = [word for word, _ in tokens]
        if sum(map(str.isupper, words)) > 0.6 * len(words):
            continue  # a title all in capitals shows no usual form
        for word in words:
            counts[word.lower()][word] += 1
        within = [word for word, joint in tokens[1:] if joint != "|"]
        capitals = sum(word[0].isupper() for word in within)
        if row in nouns or capitals < _SENTENCE_CASE * len(within):
            telling += 1
            for word in within:
                inside[word.lower()][word] += 1
    found: dict[str, str] = {}
    for lower, written in counts.items():
        capital = {form: n for form, n in written.items() if _means_capitals(form)}
        if sum(capital.values()) > 0.5 * sum(written.values()):
            found[lower] = _most_common(capital)
    # Where most titles have capitals throughout, the others show little.
    for lower, written in inside.items() if 2 * telling > len(titles) else ():
        if lower not in found:
            n = sum(written.values())
            capital = {form: k for form, k in written.items() if form[0].isupper()}
            named = sum(capital.values())
            if named >= _NAMED and named >= _NAMED_SHARE * n:
                found[lower] = _most_common(capital)
            elif n - named > named:
                found[lower] = lower
    usual: dict[str, str] = {}
    for language in sorted(languages | {"en"}, reverse=True):
        usual.update(usual_capitals(language))
    found = {**usual, **_PARTS, **found}
    # A plural as its singular: llms → LLMs, even where titles write LLMS now and then.
    for lower in list(counts):
        single = found.get(lower[:-1]) if lower.endswith("s") else None
        if single and lower not in found and _CAPITALS.search(single):
            found[lower] = single + "s"
    return found


def _plain(word: str) -> bool:
    """Return whether a title writes a word as it does most others: routing, Routing."""
    return word.isalpha() and len(word) > 1 and (word.islower() or word.istitle())


def _means_capitals(word: str) -> bool:
    """Return whether capitals belong to a word; single letters: the D of RGB-D, not A."""
    return bool(_CAPITALS.search(word)) or (len(word) == 1 and word.isupper() and word != "A")


def _most_common(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form))
