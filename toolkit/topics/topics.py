"""Topics of a collection: BERTopic with a static embedding, a neighbour graph and Leiden."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clustering.clustering import NeighbourClusters, vote
from toolkit.clustering.graph import FEWEST, neighbour_graph
from toolkit.clustering.neighbours import unit_vectors
from toolkit.clustering.resolution import check_wishes
from toolkit.embedding.embedding import embed
from toolkit.errors import DataError, MissingExtraError, check_whole, warn_user
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.text.language import main_language
from toolkit.topics.bertopic_parts import describe, fit_bertopic, refit, set_labels
from toolkit.topics.centroids import fit_to_topics, rank_of_fit
from toolkit.topics.display import as_html, in_a_line
from toolkit.topics.edits import apply_edits, drop, merge, rename, split
from toolkit.topics.layout import lay_out
from toolkit.topics.store import read_topics, save_topics
from toolkit.topics.tree import topic_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.clustering.graph import NeighbourGraph

CLUSTERINGS = ("graph", "hdbscan")
#: Every how many-th title tells the language of a collection, at most so many.
_LANGUAGE_SAMPLE = 100
#: Share of the papers in one topic from which `n_topics` topics are hardly that many.
_LOPSIDED = 0.85


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics of a collection. Edits return a new model; nothing is changed in place.

    Attributes
    ----------
    papers : DataFrame
        paper_id, topic, confidence, x, y: one row a paper, in the order of the papers. Confidence
        is the share of the weight of a paper's neighbours that lies in its own topic (0 to 1;
        HDBSCAN's own probability with ``clustering="hdbscan"``). x and y place it on the map.
    topics : DataFrame
        topic (from 0 by size; -1 for papers in none, which only ``clustering="hdbscan"`` and
        `drop` leave), label, size, terms (the ten best, ``, `` between).
    settings : dict
        All that `replay` needs to make it again, edits included; fits in JSON.
    documents : list of str
        The terms of each paper, what BERTopic's own methods want as `docs`.
    titles : list of str
    vectors : float32 array, shape (n_papers, d)
        Rows of length 1.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers, n_topics=5)
    >>> topics = topics.rename({0: "Alignment"}).merge([3, 4])
    >>> len(topics.topics)
    4
    """

    papers: pd.DataFrame
    topics: pd.DataFrame
    settings: dict[str, Any]
    documents: list[str] = field(repr=False)
    titles: list[str] = field(repr=False)
    vectors: NDArray[np.float32] = field(repr=False)

    def __repr__(self) -> str:
        return in_a_line(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    @cached_property
    def bertopic(self) -> Any:
        """The fitted BERTopic, numbered and labelled as `topics`; all its own methods work.

        Pass `documents` where they want `docs`, ``papers.published.tolist()`` for `timestamps`,
        and ``reduced_embeddings=topics.papers[["x", "y"]].to_numpy()`` to its plots of documents,
        which would else compile UMAP for a minute. Its map of topics needs no UMAP. New texts are
        placed by a vote of their neighbours.

        Papers' topics are fixed in it. Its methods that change topics (`reduce_topics`,
        `merge_topics`, `delete_topics`, `update_topics` with topics) change it alone, and what is
        asked of this model then raises a DataError: edit with `merge`, `split`, `drop`, `rename`,
        or fit with other `n_topics`.
        """
        return set_labels(refit(self, self.papers), self.topics)

    @cached_property
    def graph(self) -> NeighbourGraph:
        """The neighbour graph of the papers."""
        return neighbour_graph(self.vectors)

    def rename(self, labels: Mapping[int, str]) -> TopicModel:
        """Give topics other labels: ``{topic: label}``.

        Raises
        ------
        DataError
            No such topic, an empty label, or one that another topic has.
        """
        return rename(self, labels)

    def merge(self, groups: Sequence[int] | Sequence[Sequence[int]]) -> TopicModel:
        """Merge topics: ``[1, 2]`` into one, or ``[[1, 2], [4, 5]]`` into two.

        Topics are numbered anew by size, and terms counted anew; labels given by `rename` stay
        with topics that were not merged.
        """
        return merge(self, groups)

    def split(self, topic: int, *, n_topics: int | None = None, seed: int = 42) -> TopicModel:
        """Split one topic into `n_topics`, by default into as many as its papers show."""
        return split(self, topic, n_topics=n_topics, seed=seed)

    def drop(self, topics: Sequence[int]) -> TopicModel:
        """Drop topics: their papers go to -1."""
        return drop(self, topics)

    def predict(self, papers: pd.DataFrame, *, vectors: NDArray[Any] | None = None) -> pd.DataFrame:
        """Place new papers in these topics, by a vote of their nearest neighbours.

        Parameters
        ----------
        papers : DataFrame
            A papers table, shape (m, …).
        vectors : array, optional
            Shape (m, d); needed where the topics were fitted to vectors of your own.

        Returns
        -------
        DataFrame
            One row a paper: paper_id; topic; confidence (0 to 1), the share of the vote it got: how
            far the neighbours agree, however far off they all are; fit (-1 to 1), the paper's
            cosine with the middle of the topic; fit_rank (0 to 1), the share of the topic's own
            papers that are no nearer to that middle: near 0, the paper hardly belongs there. Both
            are NaN for topic -1.
        """
        check_papers(papers)
        if vectors is None and self.settings.get("vectors") == "given":
            raise DataError(
                "these topics were fitted to vectors of your own",
                argument="vectors",
                found=None,
                expected="predict(papers, vectors=…) from the same source",
            )
        unit = _vectors_of(papers, vectors, str(self.settings["model"]))
        topic, share = vote(self.vectors, self.papers["topic"].to_numpy(dtype=np.int64), unit)
        fit = fit_to_topics(unit, topic, self)
        return pd.DataFrame(
            {
                "paper_id": papers["paper_id"].to_numpy(),
                "topic": topic,
                "confidence": share,
                "fit": fit,
                "fit_rank": rank_of_fit(fit, topic, self),
            }
        )

    def hierarchy(self) -> pd.DataFrame:
        """Return the tree over the topics; see `toolkit.topics.tree.topic_tree`."""
        return topic_tree(self)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model into a folder of Parquet files, never a pickle; return the folder."""
        return save_topics(self, folder)


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
) -> TopicModel:
    """Find the topics of a collection.

    Parameters
    ----------
    papers : DataFrame
        A papers table of at least five papers.
    n_topics : int, optional
        Exactly so many topics. By default the data decide: the finest scale at which topics last
        (`resolution.stable_resolution`), about the square root of n at most, and no more than 100.
    seed : int
        Same seed, same topics, in any process.
    vectors : array, optional
        Shape (n_papers, d): vectors of your own instead of `model`'s.
    model : str
        ``"static"`` or the name of a sentence-transformers model; see `toolkit.embed`.
    clustering : {"graph", "hdbscan"}
        ``"hdbscan"`` is BERTopic's classic UMAP + HDBSCAN, with outliers; it needs the optional
        group `classic`.
    min_size : int, optional
        No topic with fewer papers; by default a sixth of the square root of n, at least 2; with
        `n_topics` a tenth of n / n_topics (``"hdbscan"``: 10).
    resolution : float, optional
        Leiden's resolution where it is known, from `settings` of another fit, say.

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
        Papers that have a title alone, a collection that is mostly not in English (with the bundled
        model, which knows English), or `n_topics` of which one holds most of the papers.

    Notes
    -----
    BERTopic (Grootendorst 2022, arXiv:2203.05794) with other parts plugged in: `toolkit.embed`;
    Leiden communities of the neighbour graph (`clustering`); class-based TF-IDF with BM25
    weights and frequent words reduced, over `toolkit.papers.find_terms`.

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> bool((topics.papers["topic"] >= 0).all())
    True
    """
    check_papers(papers)
    _check_choices(papers, clustering, n_topics)
    check_wishes(len(papers), n_topics=n_topics, min_size=min_size, resolution=resolution)
    check_whole(seed, "seed")
    unit = _vectors_of(papers, vectors, model)
    _warn_of_texts(papers, language=vectors is None and model == "static")
    settings: dict[str, Any] = {
        "model": model,
        "vectors": "model" if vectors is None else "given",
        "clustering": clustering,
        "seed": int(seed),
        "n_topics": None if n_topics is None else int(n_topics),
        "min_size": None if min_size is None else int(min_size),
        "n_papers": len(papers),
        "collection": collection_hash(papers),
        "edits": [],
    }
    reduction, clusters = _parts(settings, resolution)
    documents = find_terms(papers).tolist()
    titles = papers["title"].tolist()
    bertopic = fit_bertopic(
        documents, unit, titles, clusters=clusters, model=model, reduction=reduction
    )
    settings["resolution"] = getattr(clusters, "resolution_", None)
    if resolution is not None:
        settings["resolution_given"] = True
    if n_topics is not None:
        _warn_of_one_topic(np.asarray(bertopic.topics_))
    table = pd.DataFrame(
        {
            "paper_id": papers["paper_id"].to_numpy(),
            "topic": np.asarray(bertopic.topics_, dtype=np.int64),
            "confidence": np.asarray(clusters.probabilities_, dtype=np.float64),
        }
    )
    found = TopicModel(table, describe(bertopic, titles), settings, documents, titles, unit)
    found.__dict__["bertopic"] = set_labels(bertopic, found.topics)
    if hasattr(clusters, "graph_"):
        found.__dict__["graph"] = clusters.graph_
    place = lay_out(found.graph, seed=seed)
    table["x"], table["y"] = place[:, 0], place[:, 1]
    return found


def load_topics(folder: str | os.PathLike[str]) -> TopicModel:
    """Load topics saved with `TopicModel.save`.

    Parameters
    ----------
    folder : path

    Returns
    -------
    TopicModel
        As it was saved, to the last bit; its BERTopic is built when first asked for.

    Raises
    ------
    DataError
        No such folder, or a file of it missing, damaged or changed.
    """
    return TopicModel(**read_topics(folder))


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
    wanted = ("n_topics", "seed", "model", "clustering", "min_size", "resolution")
    kept = {name: settings[name] for name in wanted if settings.get(name) is not None}
    model = fit_topics(papers, vectors=vectors, **kept)
    if "resolution_given" not in settings:
        # It was found by the first fit, and spared this one the search.
        model.settings.pop("resolution_given", None)
    return apply_edits(model, settings.get("edits", []))


def collection_hash(papers: pd.DataFrame) -> str:
    """Return a hash of the ids of a collection, whatever their order."""
    ids = "\n".join(sorted(papers["paper_id"].astype(str)))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def classic_parts(settings: Mapping[str, Any], *, seed: int) -> tuple[Any, Any]:
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


def _parts(settings: Mapping[str, Any], resolution: float | None) -> tuple[Any, Any]:
    if settings["clustering"] == "hdbscan":
        return classic_parts(settings, seed=settings["seed"])
    return None, NeighbourClusters(
        n_topics=settings["n_topics"],
        min_size=settings["min_size"],
        resolution=resolution,
        seed=settings["seed"],
    )


def _check_choices(papers: pd.DataFrame, clustering: str, n_topics: int | None) -> None:
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


def _vectors_of(
    papers: pd.DataFrame, vectors: NDArray[Any] | None, model: str
) -> NDArray[np.float32]:
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


def _warn_of_one_topic(labels: NDArray[np.int64]) -> None:
    """Warn where one of the topics asked for holds nearly all papers."""
    sizes = np.bincount(labels)
    if len(sizes) > 1 and sizes[0] > _LOPSIDED * len(labels):
        warn_user(
            f"one of the {len(sizes)} topics holds {sizes[0]} of {len(labels)} papers: cut so "
            "coarsely, the collection hangs together. Ask for more topics, leave n_topics out, or "
            "say with min_size how small a topic may be"
        )


def _warn_of_texts(papers: pd.DataFrame, *, language: bool) -> None:
    """Warn of papers with a title alone, and of a collection the bundled model cannot read."""
    bare = pd.Series(True, index=papers.index)
    for name in ("abstract", "terms"):
        if name in papers:
            bare &= papers[name].isna()
    if bare.any():
        row = int(bare.to_numpy().argmax())
        warn_user(
            f"{int(bare.sum())} of {len(papers)} papers have a title alone (row {row + 1} is the "
            f"first: {papers['title'].iloc[row][:60]!r}); their topics are less sure"
        )
    if not language:
        return
    found = main_language(papers, sample=_LANGUAGE_SAMPLE)
    if found is not None:
        warn_user(
            f"most texts of a sample look like another language than English ({found}); the "
            "bundled model knows English only. Use a multilingual one: "
            "model='paraphrase-multilingual-MiniLM-L12-v2'"
        )
