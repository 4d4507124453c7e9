"""Which of two labels fits a topic better, by papers that were held out when it was named."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.embedding.embedding import embed, embed_texts
from toolkit.embedding.vectors import STATIC
from toolkit.errors import DataError, checked
from toolkit.papers.lookup import find_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: Quantile of the normal distribution for intervals of 95 %.
_Z = 1.96
#: With fewer held-out papers, a topic's labels are not compared.
FEWEST_HELD_OUT = 5
_COLUMNS = (
    *("topic", "old_label", "new_label", "verdict", "old_fit", "new_fit"),
    *("difference", "low", "high", "held_out", "nearest_topic", "misleads"),
)


@checked
def check_names(old: TopicModel, new: TopicModel, papers: pd.DataFrame) -> pd.DataFrame:
    """Return which of two labels fits each topic better, by held-out papers.

    The fit of a label is the probability that a paper of the topic is nearer to it than a paper
    of another topic, by the cosine of vectors of the label and of the papers (the area under the
    ROC curve; 0.5 is chance). Only the half of the papers counts that `name_topics` shows to no
    language model.

    Parameters
    ----------
    old, new : TopicModel
        The same topics under two sets of labels: before and after `name_topics` or `rename`.
    papers : DataFrame
        The papers of the topics.

    Returns
    -------
    DataFrame
        One row a topic with another label: topic; old_label; new_label; verdict ("better",
        "worse", "can't tell"); old_fit, new_fit (0 to 1); difference (new − old) with its interval
        of 95 %, low and high; held_out (papers of the topic that were counted); nearest_topic,
        whose held-out papers lie nearest to the new label on average; misleads (True where the
        topic's own surely lie farther off than those of the nearest topic, or surely no nearer
        than the rest). With fewer than five held-out papers the fits are NaN, the verdict is
        "can't tell", and misleads is NA.

    Raises
    ------
    DataError
        The topics are not the same, or papers are missing.

    Notes
    -----
    The interval is DeLong's for two ROC curves of the same cases (DeLong, DeLong and
    Clarke-Pearson 1988, doi:10.2307/2531595). Labels of terms are made from all papers, held-out
    ones included, and of the words that the vectors know best, so the comparison favours them:
    with the 51 classes of two labelled collections as topics, the right name of the class was
    "worse" than its terms for 30, but misleading for 5 only, where a name that says nothing, or
    that of another class, was misleading for eight or nine in ten (tests/bench/names_and_seeds.py
    repeats this for one collection). So `name_topics` goes by `misleads`.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers, n_topics=2)
    >>> renamed = topics.rename({0: "Cheese and wine"})
    >>> check_names(topics, renamed, papers)["new_label"].tolist()
    ['Cheese and wine']
    """
    if not np.array_equal(old.papers["topic"], new.papers["topic"]):
        raise DataError(
            "not the same topics",
            argument="new",
            expected="one model before and after its topics got other names",
        )
    pairs = {
        int(topic): (str(one), str(other))
        for topic, one, other in zip(old.topics["topic"], old.topics["label"], new.topics["label"])
        if topic >= 0 and one != other
    }
    return compare_labels(old, papers, pairs)


def compare_labels(
    model: TopicModel, papers: pd.DataFrame, pairs: dict[int, tuple[str, str]]
) -> pd.DataFrame:
    """Compare an old and a new label of each topic, as `check_names` does."""
    known = [pair for pair in pairs.values() if pair[0] and pair[1]]
    if len(known) < len(pairs):
        raise DataError("a topic without a label", found=pairs)
    ids = model.papers["paper_id"]
    topic = model.papers["topic"].to_numpy(dtype=np.int64)
    held = held_out(ids.astype(str).tolist())
    rows = np.flatnonzero(held & (topic >= 0))
    topic = topic[rows]
    table = []
    scores = _cosines(model, papers, rows, pairs) if pairs and len(rows) else {}
    for number, (old, new) in pairs.items():
        inside = topic == number
        row = [number, old, new, "can't tell", *[np.nan] * 5, int(inside.sum()), pd.NA, pd.NA]
        if inside.sum() >= FEWEST_HELD_OUT and (~inside).sum() >= FEWEST_HELD_OUT:
            fit_old, fit_new, error = paired_areas(*scores[number], inside)
            change = fit_new - fit_old
            low, high = change - _Z * error, change + _Z * error
            verdict = "better" if low > 0 else "worse" if high < 0 else "can't tell"
            row[3:9] = verdict, fit_old, fit_new, change, low, high
            row[10:] = _pointing(scores[number][1], topic, number)
        table.append(row)
    return pd.DataFrame(table, columns=list(_COLUMNS)).astype(
        {"topic": "int64", "held_out": "int64", "nearest_topic": "Int64", "misleads": "boolean"}
        | dict.fromkeys(("old_label", "new_label", "verdict"), "string")
        | dict.fromkeys(("old_fit", "new_fit", "difference", "low", "high"), "float64")
    )


def _pointing(score: NDArray[np.float64], topic: NDArray[np.int64], own: int) -> tuple[int, bool]:
    """Return the topic that a label's cosines point to, and whether that misleads."""
    sizes = np.bincount(topic)
    counted = np.flatnonzero(sizes >= FEWEST_HELD_OUT)
    means = np.array([score[topic == t].mean() for t in counted])
    nearest = int(counted[means.argmax()])
    inside = score[topic == own]

    def surely_above(other: NDArray[np.float64]) -> float:
        """Return the difference of two means in standard errors (Welch)."""
        error = np.sqrt(inside.var(ddof=1) / len(inside) + other.var(ddof=1) / len(other))
        return float((inside.mean() - other.mean()) / max(float(error), 1e-12))

    farther = nearest != own and surely_above(score[topic == nearest]) < -_Z
    return nearest, bool(farther or surely_above(score[topic != own]) < _Z)


def held_out(ids: Sequence[str]) -> NDArray[np.bool_]:
    """Return which papers are held out: half of all ids, the same in any collection and order.

    Examples
    --------
    >>> held_out(["arxiv:2401.00001", "arxiv:2401.00002"]).tolist()
    [True, True]
    """
    half = [hashlib.sha256(one.encode("utf-8", "replace")).digest()[0] % 2 for one in ids]
    return np.array(half, dtype=bool)


def _cosines(
    model: TopicModel,
    papers: pd.DataFrame,
    rows: NDArray[np.intp],
    pairs: dict[int, tuple[str, str]],
) -> dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return the cosines of papers with the old and the new label of each topic."""
    own = model.settings.get("vectors") == "given"
    name = STATIC if own else str(model.settings["model"])
    hint = "Give the papers that the topics were fitted on"
    there = find_rows(model.papers["paper_id"].iloc[rows], papers, what="papers", hint=hint)
    vectors = embed(papers.iloc[there], model=name).astype(np.float64)
    texts = [label for pair in pairs.values() for label in pair]
    labels = embed_texts(texts, model=name).astype(np.float64)
    # Differences from the mean: all papers of a collection have much in common.
    vectors -= vectors.mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    found = labels @ vectors.T
    return {topic: (found[2 * i], found[2 * i + 1]) for i, topic in enumerate(pairs)}


def paired_areas(
    old: NDArray[np.float64], new: NDArray[np.float64], inside: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return the areas under two ROC curves of the same cases, and the difference's error.

    Parameters
    ----------
    old, new : float arrays, shape (n,)
        Two scores of each case.
    inside : bool array, shape (n,)
        Which cases should have the higher scores.

    Returns
    -------
    old, new, error : float
        The areas, and the standard error of their difference by DeLong's method.

    Examples
    --------
    >>> inside = np.array([True, True, False, False])
    >>> paired_areas(np.array([1.0, 3.0, 2.0, 0.0]), np.array([3.0, 4.0, 2.0, 1.0]), inside)[:2]
    (0.75, 1.0)
    """
    from scipy.stats import rankdata

    yes, no = int(inside.sum()), int((~inside).sum())
    areas, of_yes, of_no = [], [], []
    for score in (old, new):
        among_all = rankdata(score)
        of_yes.append((among_all[inside] - rankdata(score[inside])) / no)
        of_no.append(1 - (among_all[~inside] - rankdata(score[~inside])) / yes)
        areas.append(float(of_yes[-1].mean()))
    change_yes, change_no = of_yes[1] - of_yes[0], of_no[1] - of_no[0]
    variance = sum(
        float(change.var(ddof=1)) / len(change)
        for change in (change_yes, change_no)
        if len(change) > 1
    )
    return areas[0], areas[1], variance**0.5
