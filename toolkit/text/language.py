"""Detects texts in languages other than English, which the bundled model knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: Frequent words of English abstracts that are not words of other languages (unlike "of", "in",
#: "is" and "we", which are Dutch, "to", which is Polish, and "for", which is Danish).
_ENGLISH = frozenset(
    ("the", "and", "with", "that", "this", "are", "from", "which", "these", "our", "their", "be")
)
#: The language of shorter texts is uncertain.
_LONG_ENOUGH = 120
#: Least difference, in natural logarithms, of the likelihoods of another language and English.
_MARGIN = 10.0
#: Characters that are examined.
_READ = 1000


def other_languages(texts: Iterable[str]) -> list[str | None]:
    """Return the languages of texts that are surely not in English.

    Parameters
    ----------
    texts : iterable of str
        Titles or abstracts.

    Returns
    -------
    list of (str or None)
        For each text the ISO 639-1 code of its language; None where that is English or unsure.

    Notes
    -----
    Texts with two different English function words pass at once; only the others are given to
    py3langid, whose model takes half a second to load.

    Examples
    --------
    >>> other_languages(["Honey bees", "Wir beobachten, wie Bienen einander den Weg zeigen, und "
    ...                  "finden, dass ihr Tanz im Stock mehr enthält als die Richtung allein."])
    [None, 'de']
    """
    return [_other_language(text) for text in texts]


def _other_language(text: str) -> str | None:
    if len(text) < _LONG_ENOUGH:
        return None
    start = text[:_READ]
    if len(_ENGLISH.intersection(start.lower().split())) >= 2:
        return None
    if sum(map(str.isalpha, start)) < len(start) / 3:
        return None  # mostly numbers and signs
    from py3langid import rank

    scores = {str(code): float(score) for code, score in rank(start)}
    likeliest = max(scores, key=lambda code: scores[code])
    return likeliest if scores[likeliest] - scores["en"] > _MARGIN else None


def main_language(papers: pd.DataFrame, *, sample: int) -> str | None:
    """Return the language of most papers of a sample, where it is not English.

    Parameters
    ----------
    papers : DataFrame
        A papers table; only papers with an abstract count.
    sample : int
        Number of papers examined, evenly spaced.

    Returns
    -------
    str or None
        The most frequent other language where more than half of the sample is in other languages.
    """
    if "abstract" not in papers:
        return None
    texts = (papers["title"] + ". " + papers["abstract"].astype("string")).dropna()
    texts = texts[texts.str.len() >= _LONG_ENOUGH]
    if texts.empty:
        return None
    rows = np.unique(np.linspace(0, len(texts) - 1, min(sample, len(texts))).astype(int))
    found = [code for code in other_languages(texts.iloc[rows]) if code is not None]
    if len(found) <= len(rows) / 2:
        return None
    counts = Counter(found)
    return max(sorted(counts), key=lambda code: counts[code])
