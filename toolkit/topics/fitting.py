"""Fit topics, and fit them again from their settings."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.communities import confidence
from toolkit.clustering.graph import check_differ, neighbour_graph
from toolkit.clustering.resolution import check_partition, choose_partition
from toolkit.errors import DataError, MissingExtraError, check_whole, checked
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.topics.bertopic_fitting import describe, fit_bertopic, set_labels
from toolkit.topics.checking import (
    check_choices,
    check_own_words,
    vectors_of,
    warn_of_sizes,
    warn_of_texts,
)
from toolkit.topics.edits import apply_edits
from toolkit.topics.guided import guide
from toolkit.topics.layout import lay_out
from toolkit.topics.model import TopicModel, in_order
from toolkit.topics.own_words import fit_own_words
from toolkit.topics.seeds import check_seeds
from toolkit.topics.term_scores import TermIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray


@checked
def fit_topics(
    papers: pd.DataFrame,
    *,
    n_topics: int | None = None,
    seed: int = 42,
    vectors: NDArray[Any] | None = None,
    model: str = "static",
    clustering: str = "graph",
    min_size: int | None = None,
    resolution: float | None = None,
    seeds: Mapping[str, Sequence[str]] | None = None,
    own_words: float | None = None,
) -> TopicModel:
    """Find the topics of a collection.

    The same papers give the same topics, whatever their order, the process or the number of
    threads.

    Parameters
    ----------
    papers : DataFrame
        A papers table of at least five papers.
    n_topics : int, optional
        Exactly this many topics. By default 2 + 0.6 times the square root of n, at most 100, and
        fewer where the papers fall into fewer clearly separate subjects.
    seed : int
        Same seed, same topics, in any process.
    vectors : array, optional
        Shape (n_papers, d): vectors of your own instead of `model`'s. They are used as they are;
        with `own_words`, centred and the words beside them.
    model : str
        ``"static"`` or the name of a sentence-transformers model; see `toolkit.embed`.
    clustering : {"graph", "hdbscan"}
        ``"hdbscan"`` is BERTopic's classic UMAP + HDBSCAN, with outliers; it needs the optional
        group `classic`.
    min_size : int, optional
        No topic with fewer papers; by default a sixth of the square root of n, at least 2; with
        `n_topics` a tenth of n / n_topics (``"hdbscan"``: 10).
    resolution : float, optional
        Leiden's resolution, which then decides how many topics there are.
    seeds : mapping of str to list of str, optional
        Labels of topics that you want, with terms: ``{"Sleep": ["insomnia", "sleep apnea"]}``.
        Papers that use a seed's terms (by their stems) become a topic of that label, with others
        near to them and less those that mention it in passing, where they lie together in the
        vectors; ``settings["guided"]`` says what became of each seed.
    own_words : float, optional
        Weight, from 0 up to below 1, of the words of this collection beside the vectors (see
        `toolkit.topics.own_words`). By default 0.04 for 30 papers to 0.4 for thousands, and 0 with
        `vectors` or ``clustering="hdbscan"``.

    Returns
    -------
    TopicModel

    Raises
    ------
    DataError
        Fewer than five papers, all texts equal, vectors that do not fit or hold NaN, more topics
        than the papers allow, or an argument that is no such number.

    Warns
    -----
    UserWarning
        Terms of seeds that no paper uses, with the word that was perhaps meant; seeds that got no
        topic, and why; papers that have a title alone; a tenth of the papers or
        more in other languages than English (with the bundled model, which knows English best),
        or `n_topics` of which one holds most of the papers, or most hold one paper each.

    Notes
    -----
    BERTopic (Grootendorst 2022, arXiv:2203.05794) with other parts plugged in: `toolkit.embed` and
    TF-IDF of the collection; a partition of the neighbour graph that many runs of Leiden agree on
    (`clustering`). A topic is named by terms (`toolkit.papers.find_terms`) that a fair share of its
    papers use, others do not, and papers on nearby subjects in 218,000 abstracts of all fields do
    not (`topics.term_scores`); `bertopic.c_tf_idf_` stays class-based TF-IDF.

    Papers in different languages have few words in common but names, numbers and acronyms. So a
    collection in several languages divides by language before it divides by subject, unless
    `vectors` of `toolkit.embedding.align_languages` or a multilingual `model` bring languages
    together; labels are made in the language of most of a topic's titles.

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> bool((topics.papers["topic"] >= 0).all())
    True
    """
    check_papers(papers)
    check_choices(papers, clustering, n_topics)
    check_partition(len(papers), n_topics=n_topics, min_size=min_size, resolution=resolution)
    check_whole(seed, "seed")
    wanted = check_seeds(seeds) if seeds else None
    settings: dict[str, Any] = {
        "model": model,
        "vectors": "model" if vectors is None else "given",
        "clustering": clustering,
        "seed": int(seed),
        "n_topics": None if n_topics is None else int(n_topics),
        "min_size": None if min_size is None else int(min_size),
        "own_words": check_own_words(own_words, papers, vectors is None and clustering == "graph"),
        "resolution": resolution,
        "n_papers": len(papers),
        "collection": collection_hash(papers),
        "edits": [],
    }
    unit = vectors_of(papers, vectors, model)
    check_differ(unit)
    warn_of_texts(papers, language=vectors is None and model == "static")
    texts = find_terms(papers).tolist()
    # Everything is fitted in one order, that of the ids, and put back into that of the papers.
    order = np.argsort(papers["paper_id"].to_numpy(dtype=object), kind="stable")
    found = _fit_sorted(papers.iloc[order], unit[order], [texts[i] for i in order], settings)
    if wanted is not None:
        found = guide(found, wanted, vectors=unit[order])
    if n_topics is not None:
        warn_of_sizes(found.papers["topic"].to_numpy())
    return in_order(found, np.argsort(order))


def _fit_sorted(
    papers: pd.DataFrame,
    unit: NDArray[np.float32],
    documents: list[str],
    settings: dict[str, Any],
) -> TopicModel:
    """Fit a model to papers in the order of their ids; `settings` are completed."""
    seed, resolution = settings["seed"], settings["resolution"]
    titles, index = papers["title"].tolist(), TermIndex(documents)
    words, unit = fit_own_words(unit, index, weight=settings["own_words"])
    graph = neighbour_graph(unit)
    bertopic = None
    if settings["clustering"] == "hdbscan":
        reduction, clusters = classic_estimators(settings, seed=seed)
        bertopic = fit_bertopic(
            documents,
            unit,
            titles,
            clusters=clusters,
            embedder=(settings["model"], words),
            reduction=reduction,
            index=index,
        )
        labels = np.asarray(bertopic.topics_, dtype=np.int64)
        sure = np.asarray(clusters.probabilities_, dtype=np.float64)
    else:
        labels, used = choose_partition(
            graph,
            n_topics=settings["n_topics"],
            min_size=settings["min_size"],
            resolution=resolution,
            seed=seed,
        )
        sure, settings["resolution"] = confidence(graph, labels), used
    if resolution is not None:
        settings["resolution_given"] = True
    place = lay_out(graph, seed=seed)
    table = pd.DataFrame(
        {
            "paper_id": papers["paper_id"].to_numpy(),
            "topic": labels,
            "confidence": sure,
            "x": place[:, 0],
            "y": place[:, 1],
        }
    )
    topics = describe(labels, titles, index)
    found = TopicModel(table, topics, settings, documents, titles, unit, words)
    if bertopic is not None:
        found.__dict__["bertopic"] = set_labels(bertopic, found.topics)
    found.__dict__["graph"] = graph
    return found


def replay(
    papers: pd.DataFrame, *, settings: Mapping[str, Any], vectors: NDArray[Any] | None = None
) -> TopicModel:
    """Make a model again from its settings, edits included.

    Parameters
    ----------
    papers : DataFrame
        The collection the model was made from.
    settings : mapping
        `TopicModel.settings`.
    vectors : array, optional
        Needed where the model was fitted to vectors of your own.

    Returns
    -------
    TopicModel

    Raises
    ------
    DataError
        Another collection, or an edit that cannot be done on it.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers).rename({0: "My name"})
    >>> again = replay(papers, settings=topics.settings)
    >>> again.topics["label"].equals(topics.topics["label"])
    True
    """
    check_papers(papers)
    if settings.get("vectors") == "given" and vectors is None:
        raise DataError(
            "these topics were fitted to vectors of your own",
            argument="vectors",
            found=None,
            expected="replay(papers, settings=…, vectors=…)",
        )
    if settings.get("edits") and settings.get("collection") != collection_hash(papers):
        raise DataError(
            "the edits belong to another collection, where topic numbers mean something else",
            column="collection",
            found=collection_hash(papers),
            expected=str(settings.get("collection")),
            hint="Pass the collection the settings were made with, or take out the edits",
        )
    wanted = ["n_topics", "seed", "model", "clustering", "min_size", "own_words", "seeds"]
    wanted += ["resolution"] if settings.get("resolution_given") else []
    kept = {name: settings[name] for name in wanted if settings.get(name) is not None}
    model = fit_topics(papers, vectors=vectors, **kept)
    return apply_edits(model, settings.get("edits", []))


def collection_hash(papers: pd.DataFrame) -> str:
    """Return a hash of the ids of a collection, whatever their order."""
    ids = "\n".join(sorted(papers["paper_id"].astype(str)))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def classic_estimators(settings: Mapping[str, Any], *, seed: int) -> tuple[Any, Any]:
    """Return UMAP and HDBSCAN as BERTopic's documentation sets them, for these settings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from hdbscan import HDBSCAN
            from umap import UMAP
    except ImportError as error:
        raise MissingExtraError("clustering='hdbscan'", "classic") from error

    n = int(settings["n_papers"])
    reduction = UMAP(
        n_neighbors=min(15, n - 1),
        n_components=max(1, min(5, n - 2)),
        min_dist=0.0,
        metric="cosine",
        random_state=seed,
        n_jobs=1,
    )
    clusters = HDBSCAN(
        min_cluster_size=settings.get("min_size") or 10,
        metric="euclidean",
        cluster_selection_method="eom",
        prediction_data=True,
    )
    return reduction, clusters
