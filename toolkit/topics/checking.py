"""Checks of what topics are fitted to, and warnings about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.graph import FEWEST
from toolkit.clustering.neighbours import unit_vectors
from toolkit.embedding.embedding import embed
from toolkit.errors import DataError, warn_user
from toolkit.papers.languages import shares_of_languages
from toolkit.topics.own_words import default_weight

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLUSTERINGS = ("graph", "hdbscan")
#: Papers from which the languages of a collection are detected.
_LANGUAGE_SAMPLE = 500
#: Share of papers in other languages than English from which a warning is given.
_FOREIGN = 0.1
#: Share of the papers in one topic from which a warning is given.
_LOPSIDED = 0.85


def check_choices(papers: pd.DataFrame, clustering: str, n_topics: int | None) -> None:
    """Raise a DataError for too few papers, or a clustering that cannot do what is asked."""
    if len(papers) < FEWEST:
        raise DataError(
            "too few papers for topics",
            found=len(papers),
            expected=f"at least {FEWEST} papers",
            hint="Load a larger collection",
        )
    if clustering not in CLUSTERINGS:
        raise DataError(
            "no such clustering",
            argument="clustering",
            found=clustering,
            expected=" or ".join(map(repr, CLUSTERINGS)),
        )
    if clustering == "hdbscan" and n_topics is not None:
        raise DataError(
            "HDBSCAN cannot be told how many topics to find",
            argument="n_topics",
            found=n_topics,
            expected="None with clustering='hdbscan'",
            hint="Use clustering='graph', or min_size",
        )


def vectors_of(
    papers: pd.DataFrame, vectors: NDArray[Any] | None, model: str
) -> NDArray[np.float32]:
    """Return the vectors given, of length 1, or those that `model` makes of the papers."""
    if vectors is None:
        return embed(papers, model=model)
    unit = unit_vectors(vectors)
    if len(unit) != len(papers):
        raise DataError(
            "vectors and papers differ in number",
            argument="vectors",
            found=f"{len(unit)} vectors for {len(papers)} papers",
            expected="one row of vectors a paper, in the order of the papers",
            hint="Make them with toolkit.embed(papers)",
        )
    return unit


def check_own_words(own_words: float | None, papers: pd.DataFrame, by_default: bool) -> float:
    """Return the weight of the collection's own words; a DataError where it is none."""
    if own_words is None:
        return round(default_weight(len(papers)), 4) if by_default else 0.0
    number = isinstance(own_words, int | float) and not isinstance(own_words, bool)
    if not number or not 0 <= own_words < 1:
        raise DataError(
            "not a weight",
            argument="own_words",
            found=own_words,
            expected="a number from 0 up to below 1",
        )
    return float(own_words)


def warn_of_sizes(labels: NDArray[np.int64]) -> None:
    """Warn where one of the topics asked for holds nearly all papers, or most hold one each."""
    sizes = np.bincount(labels)
    alone = int((sizes == 1).sum())
    if 2 * alone > len(sizes) > 1:
        warn_user(
            f"{alone} of the {len(sizes)} topics hold one paper each: {len(labels)} papers are too "
            f"few for n_topics={len(sizes)}. Leave n_topics out, or ask for fewer"
        )
    if len(sizes) > 1 and sizes[0] > _LOPSIDED * len(labels):
        warn_user(
            f"one of the {len(sizes)} topics holds {sizes[0]} of {len(labels)} papers: the "
            "collection does not divide into so few topics. Ask for more, leave n_topics out, or "
            "set min_size, the size of the smallest topic"
        )


def warn_of_texts(papers: pd.DataFrame, *, language: bool) -> None:
    """Warn of papers with a title alone, and of a collection the bundled model cannot read."""
    bare = pd.Series(True, index=papers.index)
    for name in ("abstract", "terms", "vector"):
        if name in papers:
            bare &= papers[name].isna()
    if bare.any():
        row = int(bare.to_numpy().argmax())
        warn_user(
            f"{int(bare.sum())} of {len(papers)} papers have a title alone (row {row + 1} is the "
            f"first: {papers['title'].iloc[row][:60]!r}); their topics are less reliable"
        )
    if not language:
        return
    shares = shares_of_languages(papers, sample=_LANGUAGE_SAMPLE, least=_FOREIGN)
    if sum(shares.values()) < _FOREIGN:
        return
    first, largest = next(iter(shares.items()))
    named = ", ".join(f"{share:.0%} {code}" for code, share in [*shares.items()][:3])
    effect, advice = "topics rest on the words that papers share", ""
    if largest < 1 - _FOREIGN:
        effect = "topics tend to divide by language before they divide by subject"
        advice = (
            "Bring languages together: fit_topics(papers, vectors=toolkit.embedding."
            "align_languages(toolkit.embed(papers), toolkit.papers.find_languages(papers))). Or "
            f"fit each by itself: papers[toolkit.papers.find_languages(papers) == {first!r}]. "
        )
    warn_user(
        f"not all papers are in English ({named} in a sample); the bundled model knows English "
        f"best, and {effect}. {advice}With the optional group transformers, use a multilingual "
        "model: model='paraphrase-multilingual-MiniLM-L12-v2'"
    )
