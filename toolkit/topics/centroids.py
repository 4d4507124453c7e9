"""Centroids of topics, and how well papers fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


def topic_vectors(model: TopicModel) -> NDArray[np.float64]:
    """Return the mean vector of each topic, length 1, shape (n_topics, d); -1 stays out."""
    labels = model.papers["topic"].to_numpy(dtype=np.int64)
    rows = np.flatnonzero(labels >= 0)
    shape = (int(labels.max()) + 1, len(labels))
    member = csr_array((np.ones(len(rows)), (labels[rows], rows)), shape=shape)
    sums = member @ model.vectors.astype(np.float64)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: NDArray[np.float64] = sums / np.maximum(length, 1e-12)
    return unit


def fit_to_topics(
    vectors: NDArray[Any], topic: NDArray[Any], model: TopicModel
) -> NDArray[np.float64]:
    """Return the cosine of papers with the centroid of a topic.

    Parameters
    ----------
    vectors : array, shape (m, d)
        Of the papers, of any length but 0.
    topic : int array, shape (m,)
        A topic of `model` for each.
    model : TopicModel

    Returns
    -------
    float array, shape (m,)
        Cosine with the topic's mean vector, -1 to 1; NaN for topic -1.
    """
    # The last row, reached by topic -1, is NaN.
    centroid = np.vstack([topic_vectors(model), np.full(vectors.shape[1], np.nan)])
    wide = vectors.astype(np.float64)
    cosine: NDArray[np.float64] = np.einsum("ij,ij->i", wide, centroid[topic])
    return np.asarray(cosine / np.linalg.norm(wide, axis=1))


def rank_of_fit(
    fit: NDArray[np.float64], topic: NDArray[Any], model: TopicModel
) -> NDArray[np.float64]:
    """Return the share of a topic's own papers that fit it no better than these papers do.

    Parameters
    ----------
    fit, topic : arrays, shape (m,)
        As `fit_to_topics` takes and gives them.
    model : TopicModel

    Returns
    -------
    float array, shape (m,)
        Share of the topic's own papers, 0 to 1; NaN for topic -1.
    """
    own_topic = model.papers["topic"].to_numpy(dtype=np.int64)
    own = fit_to_topics(model.vectors, own_topic, model)
    rank = np.full(len(fit), np.nan)
    for number in np.unique(topic[topic >= 0]):
        rows = topic == number
        members = np.sort(own[own_topic == number])
        rank[rows] = np.searchsorted(members, fit[rows], side="right") / len(members)
    return rank
