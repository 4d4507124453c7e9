"""The table of topics, and a BERTopic fitted to the toolkit's vectors, clusters and terms."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.neighbours import unit_vectors, vote
from toolkit.errors import DataError
from toolkit.topics.labels import label_topics, topic_phrases
from toolkit.topics.surface_forms import SurfaceForms
from toolkit.topics.term_scores import N_TERMS, TermIndex, best_terms, topic_languages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel
    from toolkit.topics.own_words import OwnWords


class FixedClusters:
    """A cluster model for BERTopic whose clusters are known; new papers by a vote of neighbours.

    Parameters
    ----------
    labels : int array, shape (n,)
        Topics of the papers it will be fitted to.
    confidence : float array, shape (n,)
        Of each paper in its topic.
    """

    def __init__(self, labels: NDArray[np.int64], confidence: NDArray[np.float64]) -> None:
        self.labels_ = labels
        self.probabilities_ = confidence

    def fit(self, X: NDArray[Any], y: object = None) -> FixedClusters:
        """Keep the vectors `X`, shape (n, d), for `predict`."""
        self.vectors_ = unit_vectors(X)
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Topics of new vectors, shape (m, d)."""
        return vote(self.vectors_, self.labels_, X)[0]


def fit_bertopic(
    documents: list[str],
    vectors: NDArray[np.float32],
    titles: list[str],
    *,
    clusters: Any,
    embedder: tuple[str, OwnWords | None],
    reduction: Any = None,
    index: TermIndex | None = None,
) -> Any:
    """Fit a BERTopic.

    Parameters
    ----------
    documents : list of str
        n strings of terms separated by spaces.
    vectors : float32 array, shape (n, d)
        Of the papers.
    titles : list of str
        Shown as BERTopic's representative documents.
    clusters : estimator
        Has `fit`, `predict` and `labels_`.
    embedder : tuple of str and OwnWords
        Name of the embedding model, and the collection's words, by which BERTopic places queries.
    reduction : estimator, optional
        Of dimensions, before clustering; none by default.
    index : TermIndex, optional
        Of `documents`, where it is there already.

    Returns
    -------
    BERTopic
    """
    from toolkit.topics import bertopic_classes as classes

    index = TermIndex(documents) if index is None else index
    names = classes.DistinctTerms(titles, index)
    vocabulary = _vocabulary(index)

    topic_model = classes.PaperTopics(
        embedding_model=classes.PaperEmbedder(*embedder),
        umap_model=classes.BaseDimensionalityReduction() if reduction is None else reduction,
        hdbscan_model=clusters,
        vectorizer_model=classes.TermCounter(vocabulary),
        ctfidf_model=classes.ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
        representation_model=names,
        top_n_words=N_TERMS,
        verbose=False,
    )
    topic_model.fits_for_toolkit = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=FutureWarning)
        topic_model.fit_transform(documents, vectors)
    topic_model.fits_for_toolkit = False
    names.index = None
    topic_model.representative_docs_ = _most_typical(topic_model, vectors, titles)
    topic_model.terms_as_fitted = {
        topic: [term for term, _ in ranked if term]
        for topic, ranked in topic_model.get_topics().items()
    }
    return topic_model


def _most_typical(
    bertopic: Any, vectors: NDArray[np.float32], titles: list[str]
) -> dict[int, list[str]]:
    """Return the three titles of each topic whose vectors are nearest to its mean."""
    topics = np.asarray(bertopic.topics_)
    found = {}
    for row, topic in enumerate(sorted(bertopic.topic_sizes_)):
        members = np.flatnonzero(topics == topic)
        nearness = vectors[members] @ np.asarray(bertopic.topic_embeddings_[row])
        best = members[np.argsort(-nearness, kind="stable")[:3]]
        found[int(topic)] = [titles[i] for i in best]
    return found


def refit(model: TopicModel, papers: pd.DataFrame) -> Any:
    """Fit a BERTopic to topics that are known: those of `papers` (topic, confidence)."""
    order = np.argsort(papers["paper_id"].to_numpy(dtype=object), kind="stable")
    clusters = FixedClusters(
        papers["topic"].to_numpy(dtype=np.int64)[order],
        papers["confidence"].to_numpy(dtype=np.float64)[order],
    )
    fitted = fit_bertopic(
        [model.documents[i] for i in order],
        model.vectors[order],
        [model.titles[i] for i in order],
        clusters=clusters,
        embedder=(str(model.settings["model"]), model.own_words),
    )
    return rows_in_order(fitted, np.argsort(order))


def rows_in_order(bertopic: Any, order: NDArray[np.intp]) -> Any:
    """Give a BERTopic's papers another order: row i is now row ``order[i]``."""
    bertopic.topics_ = np.asarray(bertopic.topics_)[order].tolist()
    if bertopic.probabilities_ is not None:
        bertopic.probabilities_ = np.asarray(bertopic.probabilities_)[order]
    return bertopic


def set_labels(bertopic: Any, topics: pd.DataFrame) -> Any:
    """Give a BERTopic the labels of a table of topics, for its plots' ``custom_labels=True``."""
    bertopic.set_topic_labels({int(t): str(x) for t, x in zip(topics["topic"], topics["label"])})
    return bertopic


def describe(
    found: NDArray[np.int64],
    titles: list[str],
    index: TermIndex,
    *,
    kept: dict[int, str] | None = None,
) -> pd.DataFrame:
    """Make the table of topics; labels in `kept` stay.

    `found` holds the topic of each paper, `index` the terms, in the order of the titles.
    """
    _need_terms(index)
    languages = topic_languages(titles, found)
    ranked = best_terms(index, found, languages=languages)
    rows = {t: np.flatnonzero(found == t) for t in ranked}
    german = [row for t, code in languages.items() if code == "de" for row in rows[t].tolist()]
    held = dict(zip(index.names.tolist(), index.held.tolist()))
    forms = SurfaceForms(titles, held=held, nouns=german, languages=languages.values())
    phrases = {
        t: topic_phrases(r, forms, rows[t], index, language=languages[t]) for t, r in ranked.items()
    }
    named = {t: p for t, p in phrases.items() if t >= 0}
    labels = {
        -1: "Outliers",
        **label_topics(named, forms, kept=kept or {}, languages=languages),
    }
    terms = [", ".join(forms.readable(phrase) for phrase, _, _ in p) for p in phrases.values()]
    return pd.DataFrame(
        {
            "topic": np.array(list(ranked), dtype=np.int64),
            "label": pd.array([labels[t] for t in ranked], dtype="string"),
            "size": np.array([len(rows[t]) for t in ranked], dtype=np.int64),
            "terms": pd.array(terms, dtype="string"),
        }
    )


def _vocabulary(index: TermIndex) -> list[str]:
    """Return the terms which several papers use."""
    _need_terms(index)
    floor = max(2, round(index.n_papers**0.5 / 7))
    vocabulary = [str(name) for name in index.names[index.held >= floor]]
    if len(vocabulary) < N_TERMS:
        # Short, similar titles differ only in words that a single paper uses.
        vocabulary = [str(name) for name in index.names]
    # c-TF-IDF fails on a single term; splitting never finds the second.
    return vocabulary + ([""] if len(vocabulary) == 1 else [])


def _need_terms(index: TermIndex) -> None:
    if not len(index.names):
        raise DataError(
            "the papers have no terms to name topics by",
            column="title, abstract",
            found=f"{index.n_papers} papers of stop words and numbers alone",
            expected="titles or abstracts with words",
        )
