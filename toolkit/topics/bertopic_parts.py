"""BERTopic with the toolkit's parts plugged in, imported without what it does not need here.

``import bertopic`` pulls in umap and hdbscan, which compile for 3 to 60 seconds, and all of
plotly with its Jupyter widgets. None of it is needed before somebody asks for it.
"""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin

from toolkit.clustering.clustering import vote
from toolkit.clustering.communities import by_size
from toolkit.clustering.neighbours import unit_vectors
from toolkit.embedding.embedding import embed_texts
from toolkit.errors import DataError
from toolkit.topics.labels import distinct_terms, label_topics, telling_terms, topic_phrases
from toolkit.topics.plane import TopicPlane
from toolkit.topics.surface_forms import SurfaceForms

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from toolkit.topics.topics import TopicModel

#: Terms that BERTopic keeps of each topic.
N_TERMS = 10
#: Among so many of the best terms they are sought …
_CANDIDATES = 80
#: … that at least this share of the topic's papers use, and at least so many.
_SHARE, _FEWEST_PAPERS = 0.1, 2
_IMPORT = threading.Lock()


class FixedClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """A cluster estimator whose topics are known already; new papers by a vote of neighbours.

    Parameters
    ----------
    labels : int array, shape (n,)
        Topics of the papers it will be fitted to.
    confidence : float array, shape (n,)
        How sure they are.
    """

    def __init__(self, labels: NDArray[np.int64], confidence: NDArray[np.float64]) -> None:
        self.labels = labels
        self.confidence = confidence

    def fit(self, X: NDArray[Any], y: object = None) -> FixedClusters:
        """Keep the vectors `X`, shape (n, d), for `predict`."""
        self.vectors_ = unit_vectors(X)
        self.labels_ = np.asarray(self.labels)
        self.probabilities_ = np.asarray(self.confidence)
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
    model: str,
    reduction: Any = None,
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
        vectorizer_model=_vectorizer(documents),
        ctfidf_model=kinds.ClassTfidf(bm25_weighting=True, reduce_frequent_words=True),
        representation_model=kinds.Distinct(),
        top_n_words=N_TERMS,
        verbose=False,
    )
    topic_model.fits_for_toolkit = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=FutureWarning)
        topic_model.fit_transform(documents, vectors)
    topic_model.fits_for_toolkit = False
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
    clusters = FixedClusters(
        papers["topic"].to_numpy(dtype=np.int64), papers["confidence"].to_numpy(dtype=np.float64)
    )
    return fit_bertopic(
        model.documents,
        model.vectors,
        model.titles,
        clusters=clusters,
        model=str(model.settings["model"]),
    )


def set_labels(bertopic: Any, topics: pd.DataFrame) -> Any:
    """Give a BERTopic the labels of a table of topics, for its plots' ``custom_labels=True``."""
    bertopic.set_topic_labels({int(t): str(x) for t, x in zip(topics["topic"], topics["label"])})
    return bertopic


def describe(
    bertopic: Any, titles: list[str], *, kept: dict[int, str] | None = None
) -> pd.DataFrame:
    """Make the table of topics out of a fitted BERTopic; labels in `kept` stay."""
    import pandas as pd

    found = np.asarray(bertopic.topics_)
    ranked = {
        int(t): [pair for pair in bertopic.get_topic(t) if pair[0]]
        for t in sorted(bertopic.topic_sizes_)
    }
    rows = {t: np.flatnonzero(found == t).tolist() for t in ranked}
    forms = SurfaceForms(titles)
    phrases = {t: topic_phrases(r, forms, rows[t]) for t, r in ranked.items()}
    named = {t: p for t, p in phrases.items() if t >= 0}
    labels = {-1: "Outliers", **label_topics(named, forms, kept=kept or {})}
    terms = [", ".join(forms.readable(phrase) for phrase, _ in p) for p in phrases.values()]
    return pd.DataFrame(
        {
            "topic": np.array(list(ranked), dtype=np.int64),
            "label": pd.array([labels[t] for t in ranked], dtype="string"),
            "size": np.array([len(rows[t]) for t in ranked], dtype=np.int64),
            "terms": pd.array(terms, dtype="string"),
        }
    )


@cache
def bertopic_kinds() -> Any:
    """Return BERTopic's classes, and the toolkit's that inherit from them, made on first use."""
    with _IMPORT:
        bertopic = _import_bertopic()
        from bertopic.backend import BaseEmbedder
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.representation._base import BaseRepresentation
        from bertopic.vectorizers import ClassTfidfTransformer

    class PaperTopics(bertopic.BERTopic):  # type: ignore[misc,name-defined]
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
            import pandas as pd

            # BERTopic 0.17.4 reads texts with an argument that pandas 3 no longer has.
            if len(timestamps) and isinstance(timestamps[0], str):
                timestamps = pd.to_datetime(pd.Series(timestamps), format=datetime_format).tolist()
            return super().topics_over_time(
                docs, timestamps, topics, nr_bins, None, evolution_tuning, global_tuning
            )

        def delete_topics(self, topics_to_delete: list[int]) -> None:
            # BERTopic 0.17.4 deletes from labels as a dict; `set_topic_labels` makes a list.
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
        """Embeds queries with the model the papers were embedded with."""

        def __init__(self, model: str) -> None:
            super().__init__(embedding_model=model)

        def embed(self, documents: list[str], verbose: bool = False) -> Any:
            return embed_texts([text.replace("_", " ") for text in documents],
                               model=self.embedding_model)  # fmt: skip

    class DistinctTerms(BaseRepresentation):  # type: ignore[misc]
        """Keeps the best terms of which none repeats another."""

        def extract_topics(
            self, topic_model: Any, documents: Any, c_tf_idf: Any, topics: Any
        ) -> Any:
            words = topic_model.vectorizer_model.get_feature_names_out()
            groups = dict(iter(documents.groupby("Topic")["Document"]))
            found = {}
            for row, topic in enumerate(sorted(topics)):
                scores = c_tf_idf[row]
                best = np.argsort(-scores.data, kind="stable")[:_CANDIDATES]
                ranked = [(str(words[scores.indices[i]]), float(scores.data[i])) for i in best]
                shared = telling_terms(_shared_terms(ranked, groups[topic]))
                terms = distinct_terms(shared, n=N_TERMS)
                found[topic] = terms + [("", 1e-5)] * (N_TERMS - len(terms))
            return found

    kinds = ModuleType("kinds")
    kinds.Topics = PaperTopics  # type: ignore[attr-defined]
    kinds.Embedder = PaperEmbedder  # type: ignore[attr-defined]
    kinds.Distinct = DistinctTerms  # type: ignore[attr-defined]
    kinds.NoReduction = BaseDimensionalityReduction  # type: ignore[attr-defined]
    kinds.ClassTfidf = ClassTfidfTransformer  # type: ignore[attr-defined]
    return kinds


def _import_bertopic() -> ModuleType:
    """Import BERTopic; it silences all UserWarnings of the process, which is undone."""
    heavy = [name for name in ("umap", "hdbscan") if name not in sys.modules]
    # plotly even where it is there already (igraph brings it): its plots take two more seconds.
    with warnings.catch_warnings(), _hidden(*heavy, "plotly"):
        module = importlib.import_module("bertopic")
        core: Any = importlib.import_module("bertopic._bertopic")
    core.plotting = _LazyPlots()
    return module


class _LazyPlots:
    """BERTopic's plots, imported with plotly when the first is drawn."""

    def __getattr__(self, name: str) -> Any:
        with warnings.catch_warnings(), _hidden(*({"umap"} - set(sys.modules))):
            # It warns that datamapplot is not installed, and would compile umap.
            warnings.simplefilter("ignore")
            plots: Any = importlib.import_module("bertopic.plotting")
        module: Any = None
        for module in list(vars(plots).values()):
            if hasattr(module, "HAS_UMAP"):
                module.HAS_UMAP, module.UMAP = True, TopicPlane
        return getattr(plots, name)


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Make imports of modules fail, as if they were not installed."""
    loaded = {name: sys.modules[name] for name in names if name in sys.modules}
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(loaded)


def _shared_terms(
    ranked: list[tuple[str, float]], documents: Iterable[str]
) -> list[tuple[str, float]]:
    """Keep the terms that a fair share of a topic's papers use: no pet names of one paper.

    What most of them use counts a little more (fourth root of the share).
    """
    wanted = {term for term, score in ranked if score > 0}
    held: Counter[str] = Counter()
    papers = 0
    for document in documents:
        papers += 1
        held.update(wanted.intersection(document.split(" ")))
    floor = min(max(_FEWEST_PAPERS, _SHARE * papers), papers)
    shared = [
        (term, score * (held[term] / papers) ** 0.25)
        for term, score in ranked
        if score > 0 and held[term] >= floor
    ]
    return sorted(shared or ranked, key=lambda pair: -pair[1])


def _vectorizer(documents: list[str]) -> Any:
    """Count terms that several papers of the collection use.

    Terms are ready to count: splitting at spaces is all that is left to do.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    held = Counter(chain.from_iterable(set(document.split()) for document in documents))
    floor = max(2, round(len(documents) ** 0.5 / 7))
    vocabulary = sorted(term for term, count in held.items() if count >= floor)
    if len(vocabulary) < N_TERMS:
        # Short titles much alike: what tells them apart are the words that only one of them has.
        vocabulary = sorted(held)
    if not vocabulary:
        raise DataError(
            "the papers have no terms to name topics by",
            column="title, abstract",
            found=f"{len(documents)} papers of stop words and numbers alone",
            expected="titles or abstracts with words",
        )
    # c-TF-IDF fails on a single term; splitting never finds the second.
    vocabulary += [""] if len(vocabulary) == 1 else []
    return CountVectorizer(analyzer=str.split, vocabulary=vocabulary)
