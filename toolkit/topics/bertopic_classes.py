"""BERTopic's classes, changed where topics of papers need it.

Imported late because it imports BERTopic, which only fitting needs: half a second, or 3 to 60
seconds where BERTopic also imports plotly and, if installed, umap-learn and hdbscan, which compile
themselves. So the import of those three fails here, as if they were not installed; BERTopic allows
for that. Its plots, which need plotly, are imported when the first one is drawn.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.communities import by_size
from toolkit.clustering.neighbours import unit_vectors
from toolkit.embedding.embedding import embed_texts
from toolkit.papers.terms import find_terms
from toolkit.topics.term_scores import N_TERMS, TermIndex, best_terms, topic_languages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.own_words import OwnWords


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Make imports of these modules fail, as if they were not installed."""
    loaded = {name: sys.modules[name] for name in names if name in sys.modules}
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(loaded)


# BERTopic also switches off all UserWarnings of the process: `catch_warnings` undoes that.
with warnings.catch_warnings(), _hidden("umap", "hdbscan", "plotly"):
    from bertopic import BERTopic, _bertopic
    from bertopic.backend import BaseEmbedder
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.representation._base import BaseRepresentation
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

__all__ = [
    "BaseDimensionalityReduction",
    "ClassTfidfTransformer",
    "DistinctTerms",
    "PaperEmbedder",
    "PaperTopics",
    "TermCounter",
]


class PaperTopics(BERTopic):  # type: ignore[misc]
    """BERTopic that numbers topics of equal size in a fixed order.

    ``terms_as_fitted`` (topic: its terms) are those of the fit, whatever `update_topics` does.
    """

    def _save_representative_docs(self, documents: Any) -> None:
        # In the toolkit's own fit, `fit_bertopic` picks them, by vectors and as titles.
        if not getattr(self, "fits_for_toolkit", False):
            super()._save_representative_docs(documents)

    def topics_over_time(
        self,
        docs: list[str],
        timestamps: list[Any],
        topics: list[int] | None = None,
        nr_bins: int | None = None,
        datetime_format: str | None = None,
        evolution_tuning: bool = True,
        global_tuning: bool = True,
    ) -> Any:
        """As BERTopic's, for dates given as texts too (docs/bertopic_issues.md, 1)."""
        if len(timestamps) and isinstance(timestamps[0], str):
            timestamps = pd.to_datetime(pd.Series(timestamps), format=datetime_format).tolist()
        return super().topics_over_time(
            docs, timestamps, topics, nr_bins, None, evolution_tuning, global_tuning
        )

    def delete_topics(self, topics_to_delete: list[int]) -> None:
        """As BERTopic's, for topics with labels too (docs/bertopic_issues.md, 4)."""
        model: Any = self
        if model.custom_labels_ is not None:
            model.custom_labels_ = dict(zip(sorted(set(model.topics_)), model.custom_labels_))
        super().delete_topics(topics_to_delete)
        if model.custom_labels_ is not None:
            labels = model.custom_labels_
            model.custom_labels_ = [labels[topic] for topic in sorted(set(model.topics_))]

    def _sort_mappings_by_frequency(self, documents: Any) -> Any:
        self._update_topic_size(documents)
        old = documents["Topic"].to_numpy(dtype=np.int64)
        new = np.full(len(old), -1, dtype=np.int64)
        new[old >= 0] = by_size(old[old >= 0])
        mapping = {-1: -1, **dict(zip(old.tolist(), new.tolist()))}
        self.topic_mapper_.add_mappings(mapping, topic_model=self)
        documents["Topic"] = new
        self._update_topic_size(documents)
        return documents


class PaperEmbedder(BaseEmbedder):  # type: ignore[misc]
    """Places queries as the papers were placed, by a model and the collection's own words."""

    def __init__(self, model: str, own_words: OwnWords | None = None) -> None:
        super().__init__(embedding_model=model)
        self.own_words = own_words

    def embed(self, documents: list[str], verbose: bool = False) -> Any:
        """Embed texts, or terms whose words are joined by underscores."""
        texts = [text.replace("_", " ") for text in documents]
        vectors = embed_texts(texts, model=self.embedding_model)
        if self.own_words is None:
            return vectors
        queries = pd.DataFrame({"paper_id": map(str, range(len(texts))), "title": texts})
        return self.own_words.place(vectors, find_terms(queries.astype("string")).tolist())


class TermCounter(CountVectorizer):  # type: ignore[misc]
    """Counts the terms of a vocabulary between spaces, in a third of CountVectorizer's time."""

    def __init__(self, vocabulary: Any = None) -> None:
        super().__init__(analyzer=str.split, vocabulary=vocabulary)

    def fit_transform(self, raw_documents: Iterable[str], y: object = None) -> Any:
        """Return `transform`: the vocabulary is given."""
        self._validate_vocabulary()
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[str]) -> Any:
        """Count: a sparse matrix of shape (n_documents, n_terms)."""
        from scipy.sparse import csr_matrix

        self._check_vocabulary()
        lines = [document.split() for document in raw_documents]
        sizes = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
        flat = pd.Series([*chain.from_iterable(lines)], dtype=object)
        code, names = pd.factorize(flat)
        column = np.array([self.vocabulary_.get(name, -1) for name in names], dtype=np.int64)
        where = column[code] if len(code) else column
        row = np.repeat(np.arange(len(lines)), sizes)[where >= 0]
        shape = (len(lines), len(self.vocabulary_))
        counts = csr_matrix((np.ones(len(row), dtype=np.int64), (row, where[where >= 0])), shape)
        counts.sum_duplicates()
        return counts


class DistinctTerms(BaseRepresentation):  # type: ignore[misc]
    """Chooses the terms of topics as the table of topics does, by `best_terms`."""

    def __init__(self, titles: list[str], index: TermIndex | None) -> None:
        self.titles = titles
        #: Of the documents while the toolkit fits; BERTopic's own methods may bring others.
        self.index = index

    def extract_topics(self, topic_model: Any, documents: Any, c_tf_idf: Any, topics: Any) -> Any:
        """Choose the terms of each topic; `c_tf_idf` stays BERTopic's own."""
        labels = documents["Topic"].to_numpy(dtype=np.int64)
        languages = topic_languages(self.titles, labels)
        index = TermIndex(documents["Document"].tolist()) if self.index is None else self.index
        best = best_terms(index, labels, languages=languages)
        return {t: best[t] + [("", 1e-5)] * (N_TERMS - len(best[t])) for t in sorted(topics)}


class TopicPlane:
    """Replaces UMAP in ``visualize_topics``: topics in the plane by their cosine distances.

    Multidimensional scaling by SMACOF (de Leeuw and Mair 2009, doi:10.18637/jss.v031.i03), from
    the two principal axes. Topics are too few for UMAP, which needs many neighbours.

    Parameters
    ----------
    n_neighbors, n_components, init, random_state
        As BERTopic passes them to UMAP; not used.
    metric : {"cosine", "hellinger"}
        Of the rows.
    """

    def __init__(
        self, n_neighbors: int, n_components: int, metric: str, init: str, random_state: int
    ) -> None:
        self.metric = metric

    def fit_transform(self, X: NDArray[Any]) -> NDArray[Any]:
        """Place the rows of `X`, shape (n_topics, d), in the plane, shape (n_topics, 2)."""
        from sklearn.decomposition import PCA
        from sklearn.manifold import smacof

        if len(X) < 2:
            return np.zeros((len(X), 2))
        # Hellinger's distance grows with the cosine distance of square roots.
        unit = unit_vectors(np.sqrt(np.maximum(X, 0)) if self.metric == "hellinger" else X)
        apart = np.clip(1 - unit @ unit.T, 0, None).astype(np.float64)
        np.fill_diagonal(apart, 0)
        start = PCA(2, svd_solver="full").fit_transform(unit).astype(np.float64)
        place: NDArray[Any] = smacof((apart + apart.T) / 2, init=start, n_init=1)[0]
        return place


class _LazyPlots:
    """BERTopic's plots, imported with plotly when the first one is drawn."""

    def __getattr__(self, name: str) -> Any:
        with warnings.catch_warnings(), _hidden("umap"):
            # It warns that datamapplot is not installed.
            warnings.simplefilter("ignore")
            plots: Any = importlib.import_module("bertopic.plotting")
            topics: Any = importlib.import_module("bertopic.plotting._topics")
        topics.HAS_UMAP, topics.UMAP = True, TopicPlane
        return getattr(plots, name)


def _is_hdbscan(model: Any) -> bool:
    """As BERTopic's, which imports hdbscan and fails without (docs/bertopic_issues.md, 5)."""
    return type(model).__module__.partition(".")[0] in ("hdbscan", "cuml")


_bertopic.plotting = _LazyPlots()
_bertopic.is_supported_hdbscan = _is_hdbscan
