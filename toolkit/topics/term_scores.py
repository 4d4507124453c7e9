"""Which terms a collection's papers use, and which of them tell one topic from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

from toolkit.text.generic import NO_NAMES, weight_as_name
from toolkit.text.language import common_language
from toolkit.topics.distinct import distinct_terms, stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: Term, score, number of the topic's papers with it; best first.
    Ranked = Sequence[tuple[str, float, int]]

#: Share of a topic's papers that a term must be used by. Titles alone hold few terms, so the share
#: is smaller where papers have fewer terms than this.
_SHARE, _MANY_TERMS = 0.1, 40
#: But no less than this part of the share, and so many papers.
_LEAST_PART, _FEWEST_PAPERS = 0.1, 2
#: Exponent of the share of the topic's papers with a term in its score.
_COVER = 0.7
#: Weight of a two-word term, which says more than a word.
_PAIR = 1.25
#: A word that stands beside a unit in this share of its papers is part of it (mm Hg).
_BESIDE = 0.7
#: Best terms that are looked at; fewer than the second are too few.
_CANDIDATES, _FEWEST_TERMS = 60, 5


#: Terms that are kept of each topic.
N_TERMS = 10


class TermIndex:
    """Which paper uses which term.

    Parameters
    ----------
    documents : sequence of str
        Shape (n_papers,): terms between spaces.

    Attributes
    ----------
    names : array of str
        The terms, sorted.
    held : int array
        How many papers use each.
    """

    def __init__(self, documents: Sequence[str]) -> None:
        lines = [document.split() for document in documents]
        self.n_papers = len(lines)
        # Arrow numbers words in half the time that pandas takes.
        flat = pa.array([*chain.from_iterable(lines)], type=pa.string()).dictionary_encode()
        code: NDArray[np.int32] = flat.indices.to_numpy(zero_copy_only=False)
        names = np.array(flat.dictionary.to_pylist(), dtype=object)
        order = np.argsort(names, kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        self.names: NDArray[Any] = names[order]
        width = max(len(order), 1)
        lengths = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
        key = np.repeat(np.arange(len(lines)), lengths) * width
        key += rank[code] if len(code) else 0
        if np.any(key[1:] < key[:-1]):
            key.sort()  # stored terms that are not sorted
        first = np.concatenate([[True], key[1:] != key[:-1]])[: len(key)]
        start = np.flatnonzero(first)
        self._times = np.diff(np.append(start, len(key)))
        self._paper, self._code = np.divmod(key[start], width)
        self._sizes = np.bincount(self._paper, minlength=len(lines))
        self.held = np.bincount(self._code, minlength=len(self.names))

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each term."""
        return {str(name): i for i, name in enumerate(self.names)}

    @cached_property
    def _postings(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        order = np.argsort(self._code, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.held)])
        return self._paper[order], self._times[order], starts

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """Two-word terms by their first and by their second word (with ``_`` before and after)."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            if "_" in name:
                a, _, b = name.partition("_")
                found.setdefault(f"{a}_", []).append(name)
                found.setdefault(f"_{b}", []).append(name)
        return found

    def papers_with(self, term: str) -> NDArray[np.int64]:
        """Return the numbers of the papers that use a term, ascending."""
        return self.times(term)[0]

    def times(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the papers that use a term, ascending, and how often each does."""
        at = self.number.get(term)
        paper, times, start = self._postings
        some = slice(0, 0) if at is None else slice(start[at], start[at + 1])
        return paper[some], times[some]

    def longer(
        self, pair: str, inside: NDArray[np.bool_], *, share: float, sides: str = "after before"
    ) -> str:
        """Return a two-word term with the third word that papers mostly add to it.

        Of the places of b, at least times(a b) + times(b c) - times(b) lie between a and c.

        Parameters
        ----------
        pair : str
            Two words joined by ``_``.
        inside : bool array
            Shape (n_papers,): the papers that count.
        share : float
            Of these papers with the pair, so many surely write all three words side by side.
        sides : str
            Where the third word may stand.
        """
        a, _, b = pair.partition("_")
        best = (0, pair)
        for side, middle, edge, name in (
            ("after", b, f"{b}_", "{0}_{1}"),
            ("before", a, f"_{a}", "{1}_{0}"),
        ):
            if side not in sides or middle not in self.number:
                continue
            rows, of_pair = self.times(pair)
            kept = inside[rows]
            rows, of_pair = rows[kept], of_pair[kept]
            of_middle = self._at(middle, rows)
            for other in self._pairs.get(edge, ()):
                if self.held[self.number[other]] < share * len(rows):
                    continue
                sure = int((of_pair + self._at(other, rows) > of_middle).sum())
                third = other.partition("_")[2 if edge.endswith("_") else 0]
                if (
                    sure >= max(share * len(rows), 2)
                    and third not in (a, b)
                    and third not in NO_NAMES
                ):
                    best = max(best, (sure, name.format(pair, third)))
        return best[1]

    def _at(self, term: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how often each of some papers uses a term."""
        paper, times = self.times(term)
        if not len(paper):
            return np.zeros(len(rows), dtype=np.int64)
        at = np.minimum(np.searchsorted(paper, rows), len(paper) - 1)
        return np.where(paper[at] == rows, times[at], 0)

    def counts(self, columns: NDArray[np.int64], width: int) -> Any:
        """Return how often papers use terms: a sparse matrix, shape (n_papers, width).

        ``columns`` says for each term in which column it stands; those at -1 are left out.
        """
        column = columns[self._code]
        known = column >= 0
        lengths = np.bincount(self._paper[known], minlength=self.n_papers)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        times = self._times[known].astype(np.float64)
        counts = csr_array((times, column[known], ends), shape=(self.n_papers, width))
        counts.sort_indices()
        return counts

    def by_topic(self, topics: NDArray[np.int64], terms: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count papers by topic and term: shape (n_topics, n_terms), topics ascending."""
        row = np.unique(topics, return_inverse=True)[1][self._paper]
        column = np.cumsum(terms) - 1
        kept = terms[self._code]
        shape = (int(row.max(initial=-1)) + 1, int(terms.sum()))
        flat = row[kept] * shape[1] + column[self._code[kept]]
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)

    def mean_terms(self, topics: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the mean number of terms of a topic's papers, topics ascending."""
        row = np.unique(topics, return_inverse=True)[1]
        means: NDArray[np.float64] = np.bincount(row, weights=self._sizes) / np.bincount(row)
        return means


def topic_languages(titles: Sequence[str], topics: NDArray[np.int64]) -> dict[int, str]:
    """Return the language that most titles of each topic are in; English without titles."""
    numbers = np.unique(topics).tolist()
    if len(titles) != len(topics):
        return dict.fromkeys(numbers, "en")
    rows = {topic: np.flatnonzero(topics == topic).tolist() for topic in numbers}
    return {topic: common_language([titles[row] for row in rows[topic]]) for topic in numbers}


def best_terms(
    index: TermIndex, topics: NDArray[np.int64], *, languages: Mapping[int, str]
) -> dict[int, list[tuple[str, float]]]:
    """Return the `N_TERMS` best terms of each topic (`rank_terms`), none of which repeats another.

    Returns
    -------
    dict
        Topic to (term, score), best first; topics ascending.
    """
    ranked = rank_terms(index, topics, languages=languages)
    found = {}
    for topic in sorted(ranked):
        language = languages.get(topic, "en")
        best = distinct_terms(ranked[topic], n=N_TERMS, language=language)
        found[topic] = [(term, score) for term, score, _ in best]
    return found


def rank_terms(
    index: TermIndex, topics: NDArray[np.int64], *, languages: Mapping[int, str]
) -> dict[int, list[tuple[str, float, int]]]:
    """Return the terms of each topic that tell it from the others and can name a subject.

    Parameters
    ----------
    index : TermIndex
        Of the papers.
    topics : int array
        Shape (n_papers,).
    languages : mapping
        Topic to the ISO 639-1 code of its titles; English where it is missing.

    Returns
    -------
    dict
        Topic to (term, score, number of its papers with the term), best first. The score is
        √p · ln(p / q) · w: p and q are the shares of papers with the term in the topic and
        elsewhere, w how well the term can name a subject (`weight_as_name`). A term is used by a
        tenth of the topic's papers, unless they have titles alone.
    """
    floor = max(2, round(index.n_papers**0.5 / 7))
    kept = index.held >= floor
    if int(kept.sum()) < _CANDIDATES:
        kept = index.held >= 1
    names, held = index.names[kept], index.held[kept]
    counts = index.by_topic(topics, kept)
    numbers, members, sizes = np.unique(topics, return_inverse=True, return_counts=True)
    part = np.clip(index.mean_terms(topics) / _MANY_TERMS, _LEAST_PART, 1)
    found = {}
    for row, topic in enumerate(numbers):
        n = int(sizes[row])
        inside = counts[row]
        least = max(min(_FEWEST_PAPERS, n), _SHARE * part[row] * n)
        p = inside / n
        q = (held - inside + 0.5) / (index.n_papers - n + 1)
        plain = _telling(p, q) if n < index.n_papers else p**_COVER
        language = languages.get(int(topic), "en")
        best: list[tuple[str, float, int]] = []
        # A topic of few or odd words takes what there is.
        for floor in (least, _FEWEST_PAPERS, 1):
            some = np.flatnonzero((inside >= floor) & (plain > 0))
            some = some[np.argsort(-plain[some], kind="stable")[: 3 * _CANDIDATES]]
            forms = _one_form(index, names[some], members == row, language)
            weighted = []
            for i in some.tolist():
                name = str(names[i])
                if name not in forms:
                    continue
                a, b = forms[name]
                score = _telling(a / n, (b - a + 0.5) / (index.n_papers - n + 1)) if b else plain[i]
                weight = weight_as_name(name, language) * (_PAIR if "_" in name else 1)
                weighted.append((name, float(score) * weight, a or int(inside[i])))
            weighted = _without_units(weighted)
            best = sorted((x for x in weighted if x[1] > 0), key=lambda x: -x[1])[:_CANDIDATES]
            if len(best) >= _FEWEST_TERMS:
                break
        found[int(topic)] = best
    return found


def _telling(p: Any, q: Any) -> Any:
    return p**_COVER * np.log(np.maximum(p / q, 1))


def _one_form(
    index: TermIndex, names: NDArray[Any], inside: NDArray[np.bool_], language: str
) -> dict[str, tuple[int, int]]:
    """Return the terms less two-word terms that are another form of one (business cycle, cycles).

    With the papers of the topic and of the collection that use any of the forms; (0, 0) where
    there is but one.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names.tolist():
        words = name.split("_")
        root = tuple(stem(word, language) for word in words) if len(words) > 1 else (name,)
        groups.setdefault(root, []).append(name)
    found = {}
    for forms in groups.values():
        if len(forms) == 1:
            found[forms[0]] = (0, 0)
            continue
        rows = np.unique(np.concatenate([index.papers_with(form) for form in forms]))
        most = max(forms, key=lambda form: (int(inside[index.papers_with(form)].sum()), form))
        found[most] = (int(inside[rows].sum()), len(rows))
    return found


def _without_units(ranked: list[tuple[str, float, int]]) -> list[tuple[str, float, int]]:
    """Give words no score that mostly stand beside a unit or a publisher's word."""
    beside: dict[str, int] = {}
    for term, score, papers in ranked:
        if "_" in term and score == 0:
            for word in term.split("_"):
                beside[word] = max(beside.get(word, 0), papers)
    return [
        (term, 0.0 if beside.get(term, 0) >= _BESIDE * papers else score, papers)
        for term, score, papers in ranked
    ]
