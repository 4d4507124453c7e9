"""Hierarchy of topics by average linkage, and groups of topics that are cut from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.clustering.communities import by_size
from toolkit.errors import DataError, check_whole
from toolkit.topics.centroids import topic_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


def topic_tree(model: TopicModel) -> pd.DataFrame:
    """Join topics two by two, the nearest first: average linkage on cosine distance.

    Parameters
    ----------
    model : TopicModel
        With two topics or more; -1 stays out.

    Returns
    -------
    DataFrame
        One row a join, from the nearest: node (number of the new group, from n_topics up),
        left, right (topics, or nodes of earlier rows), distance (1 − cosine of mean vectors,
        averaged over pairs of topics), topics (how many the group holds), papers, label (of its
        largest topic, and how many more).

    Notes
    -----
    Average linkage (UPGMA): Sokal and Michener (1958).

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"), n_topics=4)
    >>> topic_tree(topics)["topics"].iloc[-1]
    np.int64(4)
    """
    from scipy.cluster.hierarchy import linkage

    means = topic_vectors(model)
    if len(means) < 2:
        raise DataError("a tree needs two topics", found=len(means), expected="2 or more")
    joins = linkage(_distances(means), method="average")
    table = model.topics[model.topics["topic"] >= 0].reset_index(drop=True)
    members = [[i] for i in range(len(table))]
    rows = []
    for left, right, distance, count in joins:
        group = sorted(members[int(left)] + members[int(right)])
        members.append(group)
        sizes = table["size"].to_numpy()[group]
        largest = str(table["label"].iloc[group[int(sizes.argmax())]])
        rows.append(
            {
                "node": len(members) - 1,
                "left": int(left),
                "right": int(right),
                "distance": float(max(distance, 0.0)),
                "topics": int(count),
                "papers": int(sizes.sum()),
                "label": f"{largest} + {len(group) - 1} more",
            }
        )
    return pd.DataFrame(rows)


def cut_tree(model: TopicModel, *, n_topics: int) -> pd.DataFrame:
    """Cut the tree where it has `n_topics` groups.

    Parameters
    ----------
    model : TopicModel
    n_topics : int
        From 1 to the number of topics.

    Returns
    -------
    DataFrame
        topic, group (from 0, by number of papers), label (the topic's). `model.merge` takes the
        groups: ``[list(g) for g in cut.groupby("group")["topic"].agg(list) if len(g) > 1]``.

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> cut = cut_tree(topics, n_topics=2)
    >>> len(cut), cut["group"].nunique()
    (5, 2)
    """
    from scipy.cluster.hierarchy import linkage

    table = model.topics[model.topics["topic"] >= 0].reset_index(drop=True)
    check_whole(n_topics, "n_topics", least=1)
    if n_topics > len(table):
        raise DataError(
            "impossible number of groups",
            argument="n_topics",
            found=n_topics,
            expected=f"from 1 to {len(table)}",
        )
    group = np.arange(len(table), dtype=np.int64)
    if n_topics < len(table):
        # The first joins are the nearest: as many of them as leave n_topics groups.
        joins = linkage(_distances(topic_vectors(model)), method="average")
        members = [[i] for i in range(len(table))]
        for left, right in joins[: len(table) - n_topics, :2].astype(int):
            members.append(members[left] + members[right])
            group[members[-1]] = len(members)
    by_paper = np.repeat(group, table["size"].to_numpy())
    order = dict(zip(by_paper.tolist(), by_size(by_paper).tolist()))
    return pd.DataFrame(
        {"topic": table["topic"], "group": [order[int(g)] for g in group], "label": table["label"]}
    )


def _distances(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine distances of all pairs, condensed as scipy wants them."""
    above = np.triu_indices(len(means), 1)
    distances: NDArray[np.float64] = np.clip(1 - (means @ means.T)[above], 0, None)
    return distances
