"""BERTopic with the toolkit's parts plugged in, imported without what it does not need here.

``import bertopic`` pulls in umap and hdbscan, which compile for 3 to 60 seconds, and all of
plotly with its Jupyter widgets. None of it is needed before somebody asks for it.
"""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Terms that BERTopic keeps of each topic.
N_TERMS = 10
_IMPORT = threading.Lock()


class FixedClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """A cluster estimator whose topics are known already; new papers by a vote of neighbours.

    Parameters
    ----------
    labels : int array, shape (n,)
        Topics of the papers it will be fitted to.
    """

    def __init__(self, labels: NDArray[np.int64]) -> None:
        self.labels = labels

    def fit(self, X: NDArray[Any], y: object = None) -> FixedClusters:
        """Keep the vectors `X`, shape (n, d), for `predict`."""
        from toolkit.clustering import unit_vectors

        self.vectors_ = unit_vectors(X)
        self.labels_ = np.asarray(self.labels)
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Topics of new vectors, shape (m, d)."""
        from toolkit.clustering import vote

        return vote(self.vectors_, self.labels_, X)[0]


def fit_bertopic(
    documents: list[str], vectors: NDArray[np.float32], *, clusters: Any, model: str,
    reduction: Any = None,
) -> Any:  # fmt: skip
    """Fit a BERTopic.

    Parameters
    ----------
    documents : list of str
        n strings of terms separated by spaces.
    vectors : float32 array, shape (n, d)
        Of the papers.
    clusters : estimator
        Has `fit`, `predict` and `labels_`.
    model : str
        Name of the embedding model, with which BERTopic embeds queries.
    reduction : estimator, optional
        Of dimensions, before clustering; none by default.

    Returns
    -------
    BERTopic
    """
    kinds = bertopic_kinds()
    topic_model = kinds.Topics(
        embedding_model=kinds.Embedder(model),
        umap_model=reduction if reduction is not None else kinds.NoReduction(),
        hdbscan_model=clusters,
        vectorizer_model=_vectorizer(),
        ctfidf_model=kinds.ClassTfidf(bm25_weighting=True, reduce_frequent_words=True),
        representation_model=kinds.Distinct(),
        top_n_words=N_TERMS,
        verbose=False,
    )
    with warnings.catch_warnings():
        # NaN in BERTopic's own arithmetic of empty documents, and deprecations not ours.
        warnings.simplefilter("ignore", category=FutureWarning)
        topic_model.fit_transform(documents, vectors)
    return topic_model


@cache
def bertopic_kinds() -> Any:
    """Return BERTopic's classes, and the toolkit's that inherit from them, made on first use."""
    with _IMPORT:
        bertopic = _import_bertopic()
        from bertopic.backend import BaseEmbedder
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.representation._base import BaseRepresentation
        from bertopic.vectorizers import ClassTfidfTransformer

    from toolkit.labels import distinct_terms

    class PaperTopics(bertopic.BERTopic):  # type: ignore[misc,name-defined]
        """BERTopic that numbers topics of equal size in a fixed order."""

        def _sort_mappings_by_frequency(self, documents: Any) -> Any:
            from toolkit.clustering import by_size

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
        """Embeds queries with the model the papers were embedded with."""

        def __init__(self, model: str) -> None:
            super().__init__(embedding_model=model)

        def embed(self, documents: list[str], verbose: bool = False) -> Any:
            from toolkit.embedding import embed_texts

            return embed_texts([text.replace("_", " ") for text in documents],
                               model=self.embedding_model)  # fmt: skip

    class DistinctTerms(BaseRepresentation):  # type: ignore[misc]
        """Keeps the best terms of which none repeats another."""

        def extract_topics(
            self, topic_model: Any, documents: Any, c_tf_idf: Any, topics: Any
        ) -> Any:
            kept = {t: distinct_terms(ranked, n=N_TERMS) for t, ranked in topics.items()}
            return {t: terms + [("", 1e-5)] * (N_TERMS - len(terms)) for t, terms in kept.items()}

    kinds = ModuleType("kinds")
    kinds.Topics = PaperTopics  # type: ignore[attr-defined]
    kinds.Embedder = PaperEmbedder  # type: ignore[attr-defined]
    kinds.Distinct = DistinctTerms  # type: ignore[attr-defined]
    kinds.NoReduction = BaseDimensionalityReduction  # type: ignore[attr-defined]
    kinds.ClassTfidf = ClassTfidfTransformer  # type: ignore[attr-defined]
    return kinds


def _import_bertopic() -> ModuleType:
    """Import BERTopic; it silences all UserWarnings of the process, which is undone."""
    with warnings.catch_warnings(), _blocked("umap", "hdbscan", "plotly"):
        module = importlib.import_module("bertopic")
        core: Any = importlib.import_module("bertopic._bertopic")
    core.plotting = _LazyPlots()
    return module


class _LazyPlots:
    """BERTopic's plots, imported with plotly when the first is drawn."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("bertopic.plotting"), name)


@contextmanager
def _blocked(*names: str) -> Iterator[None]:
    """Make imports of modules fail that are not imported yet, as if they were not installed."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    # Terms are ready to count: splitting at spaces is all that is left to do.
    return CountVectorizer(analyzer=str.split)
