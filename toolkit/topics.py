"""Topics of a collection: BERTopic with a static embedding, a neighbour graph and Leiden."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.schema import check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLUSTERINGS = ("graph", "hdbscan")


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics of a collection.

    Attributes
    ----------
    papers : DataFrame
        paper_id, topic, confidence (0 to 1), x, y: one row a paper, in the order of the papers.
    topics : DataFrame
        topic (from 0 by size; -1 for outliers, only with ``clustering="hdbscan"`` or after
        `drop`), label, size, terms (the ten best, ``, `` between).
    settings : dict
        All that is needed to make it again; fits in JSON.
    documents : list of str
        The terms of each paper: what BERTopic's methods want as `docs`.
    vectors : float32 array, shape (n_papers, d)
        Rows of length 1.
    """

    papers: pd.DataFrame
    topics: pd.DataFrame
    settings: dict[str, Any]
    documents: list[str] = field(repr=False)
    vectors: NDArray[np.float32] = field(repr=False)

    @cached_property
    def bertopic(self) -> Any:
        """The fitted BERTopic; all its own methods work."""
        from toolkit.topic_engine import FixedClusters, fit_bertopic

        labels = self.papers["topic"].to_numpy(dtype=np.int64)
        return fit_bertopic(
            self.documents,
            self.vectors,
            clusters=FixedClusters(labels),
            model=str(self.settings["model"]),
        )


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
    """Find the topics of a collection."""
    check_papers(papers)
    if clustering not in CLUSTERINGS:
        raise DataError(
            "no such clustering", column="clustering", found=clustering,
            expected=" or ".join(map(repr, CLUSTERINGS)),
        )  # fmt: skip
    from toolkit.clustering import NeighbourClusters, neighbour_graph
    from toolkit.features import terms
    from toolkit.layout import lay_out
    from toolkit.topic_engine import fit_bertopic

    unit = _vectors_of(papers, vectors, model)
    documents = terms(papers).tolist()
    if clustering == "graph":
        clusters: Any = NeighbourClusters(
            n_topics=n_topics, min_size=min_size, resolution=resolution, seed=seed
        )
        reduction = None
    else:
        clusters, reduction = _classic(len(papers), min_size, seed)
    bertopic = fit_bertopic(documents, unit, clusters=clusters, model=model, reduction=reduction)
    graph = clusters.graph_ if clustering == "graph" else neighbour_graph(unit)
    place = lay_out(graph, seed=seed)
    labels = np.asarray(bertopic.topics_, dtype=np.int64)
    settings: dict[str, Any] = {
        "model": model,
        "clustering": clustering,
        "seed": seed,
        "n_topics": n_topics,
        "min_size": min_size,
        "resolution": getattr(clusters, "resolution_", None),
        "n_papers": len(papers),
        "collection": collection_hash(papers),
        "edits": [],
    }
    found = TopicModel(
        papers=pd.DataFrame(
            {
                "paper_id": papers["paper_id"].to_numpy(),
                "topic": labels,
                "confidence": np.asarray(clusters.probabilities_, dtype=np.float64),
                "x": place[:, 0],
                "y": place[:, 1],
            }
        ),
        topics=describe(bertopic),
        settings=json.loads(json.dumps(settings)),
        documents=documents,
        vectors=unit,
    )
    found.__dict__["bertopic"] = bertopic
    return found


def collection_hash(papers: pd.DataFrame) -> str:
    """Return a hash of the ids of a collection, whatever their order."""
    ids = "\n".join(sorted(papers["paper_id"].astype(str)))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def describe(bertopic: Any) -> pd.DataFrame:
    """Make the table of topics out of a fitted BERTopic."""
    from toolkit.labels import label_topics

    ranked = {
        int(t): [pair for pair in bertopic.get_topic(t) if pair[0]]
        for t in sorted(bertopic.topic_sizes_)
    }
    labels = label_topics({t: r for t, r in ranked.items() if t >= 0})
    if -1 in ranked:
        labels = {-1: "outliers", **labels}
    return pd.DataFrame(
        {
            "topic": list(ranked),
            "label": pd.array([labels[t] for t in ranked], dtype="string"),
            "size": [int(bertopic.topic_sizes_[t]) for t in ranked],
            "terms": pd.array(
                [", ".join(term.replace("_", " ") for term, _ in r) for r in ranked.values()],
                dtype="string",
            ),
        }
    )


def _vectors_of(
    papers: pd.DataFrame, vectors: NDArray[Any] | None, model: str
) -> NDArray[np.float32]:
    from toolkit.clustering import FEWEST, unit_vectors

    if len(papers) < FEWEST:
        raise DataError(
            "too few papers for topics",
            found=len(papers),
            expected=f"at least {FEWEST} papers",
            mend="Load a larger collection",
        )
    if vectors is None:
        from toolkit.embedding import embed

        return embed(papers, model=model)
    unit = unit_vectors(vectors)
    if len(unit) != len(papers):
        raise DataError(
            "vectors and papers differ in number",
            column="vectors",
            found=f"{len(unit)} vectors for {len(papers)} papers",
            expected="one row of vectors a paper, in the order of the papers",
            mend="Make them with toolkit.embed(papers)",
        )
    return unit


def _classic(n: int, min_size: int | None, seed: int) -> tuple[Any, Any]:
    """Return BERTopic's own HDBSCAN and UMAP, as its documentation sets them."""
    from hdbscan import HDBSCAN
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reduction = UMAP(
            n_neighbors=min(15, n - 1), n_components=min(5, n - 2), min_dist=0.0,
            metric="cosine", random_state=seed,
        )  # fmt: skip
        clusters = HDBSCAN(
            min_cluster_size=min_size or 10, metric="euclidean",
            cluster_selection_method="eom", prediction_data=True,
        )  # fmt: skip
    return clusters, reduction
