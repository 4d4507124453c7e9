"""Compare two topic models: of an earlier and a later collection, or of two settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model, checked

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

CHANGES = ("kept", "split", "merged", "new", "gone")


@checked
def compare_topics(
    old: TopicModel, new: TopicModel, *, min_overlap: float = 0.5, min_share: float = 0.2
) -> pd.DataFrame:
    """Find which topics were kept, split, merged, are new or gone.

    Topics are compared by the papers that both models hold; papers of only one of them count in
    the sizes, not in the overlaps.

    Parameters
    ----------
    old, new : TopicModel
        Only ``.papers`` (paper_id, topic) and ``.topics`` (topic, label, size) are read.
    min_overlap : float
        Jaccard index (0.5–1) above which two topics count as the same one. Above one half no
        topic can have two such partners.
    min_share : float
        Share of a topic's common papers (0–0.5) that another must give or take for a topic not to
        count as kept, but as split or merged with it.

    Returns
    -------
    DataFrame
        One row a pair of topics that belong together, and one for each topic without partner:
        change, old_topic, new_topic (Int64, NA where there is none), old_label, new_label,
        old_size, new_size, shared (papers), share_of_old, share_of_new, jaccard (0–1, over the
        common papers), nearest. Outliers (topic -1) are left out. The changes: "kept"; "split":
        at least half of the new topic's papers are from this old one; "merged": at least half of
        the old topic's papers are in this new one, be it much larger; "gone" and "new": there is
        no such topic. Their overlaps are with `nearest`, the topic of the other model that shares
        most papers with them (the lowest of several; NA, as it is in pairs, where none shares any).

    Raises
    ------
    DataError
        Where the two models have no paper in common, `min_overlap` is not in 0.5–1, or
        `min_share` is not in 0–0.5.

    Notes
    -----
    The kinds of change are those of community tracking: G. Palla, A.-L. Barabási, T. Vicsek,
    "Quantifying social group evolution" (2007), doi:10.1038/nature05670.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> def model(topics):
    ...     papers = pd.DataFrame({"paper_id": list("abcdef"), "topic": topics})
    ...     labels = pd.DataFrame({"topic": sorted(set(topics))})
    ...     labels["label"] = "topic " + labels["topic"].astype(str)
    ...     labels["size"] = papers["topic"].value_counts().reindex(labels["topic"]).to_numpy()
    ...     return SimpleNamespace(papers=papers, topics=labels)
    >>> changes = compare_topics(model([0, 0, 0, 0, 1, 1]), model([0, 0, 2, 2, 1, 1]))
    >>> changes[["change", "old_topic", "new_topic", "shared"]].values.tolist()
    [['kept', 1, 1, 2], ['split', 0, 0, 2], ['split', 0, 2, 2]]
    """
    if not 0.5 <= min_overlap < 1:
        raise DataError(
            "out of range", argument="min_overlap", found=min_overlap, expected="0.5 to 1"
        )
    if not 0 <= min_share <= 0.5:
        raise DataError("out of range", argument="min_share", found=min_share, expected="0 to 0.5")
    for model, argument in ((old, "old"), (new, "new")):
        check_model(model, argument)
    common = _common_papers(old, new)
    counts = pd.crosstab(common["topic_old"], common["topic_new"])
    pairs = _pairs(counts, min_overlap=min_overlap, min_share=min_share)
    lonely_old = sorted(set(old.topics["topic"]) - {-1} - {pair[1] for pair in pairs})
    lonely_new = sorted(set(new.topics["topic"]) - {-1} - {pair[2] for pair in pairs})
    rows = [
        *pairs,
        *(("gone", topic, None) for topic in lonely_old),
        *(("new", None, topic) for topic in lonely_new),
    ]
    table = pd.DataFrame(rows, columns=["change", "old_topic", "new_topic"])
    return _with_overlaps(table, counts, old, new)


def moved_papers(old: TopicModel, new: TopicModel) -> pd.DataFrame:
    """List the papers that left their topic: those not following their topic's best match.

    Parameters
    ----------
    old, new : TopicModel
        As for `compare_topics`.

    Returns
    -------
    DataFrame
        paper_id, old_topic, new_topic, expected_topic (the new topic that holds most of the old
        one's papers), in the order of `new.papers`.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> old, new = toolkit.fit_topics(papers, n_topics=2), toolkit.fit_topics(papers, n_topics=3)
    >>> list(moved_papers(old, new))
    ['paper_id', 'old_topic', 'new_topic', 'expected_topic']
    >>> len(moved_papers(old, old))
    0
    """
    common = _common_papers(old, new)
    counts = pd.crosstab(common["topic_old"], common["topic_new"])
    expected = common["topic_old"].map(counts.idxmax(axis=1))
    moved = common.assign(expected_topic=expected)[expected.ne(common["topic_new"])]
    renamed = moved.rename(columns={"topic_old": "old_topic", "topic_new": "new_topic"})
    return renamed[["paper_id", "old_topic", "new_topic", "expected_topic"]].reset_index(drop=True)


def _common_papers(old: TopicModel, new: TopicModel) -> pd.DataFrame:
    common = new.papers[["paper_id", "topic"]].merge(
        old.papers[["paper_id", "topic"]], on="paper_id", suffixes=("_new", "_old")
    )
    common = common[(common["topic_new"] >= 0) & (common["topic_old"] >= 0)]
    if common.empty:
        raise DataError(
            "the two topic models have no paper in common",
            found=f"{len(old.papers)} and {len(new.papers)} papers with different ids",
            expected="two models of the same, or a grown, collection",
            hint="Compare their paper_id columns",
        )
    return common


def _pairs(
    counts: pd.DataFrame, *, min_overlap: float, min_share: float
) -> list[tuple[str, int, int]]:
    """Return (change, old topic, new topic) for each pair of topics that belong together."""
    shared = counts.to_numpy()
    of_old = shared / shared.sum(axis=1, keepdims=True)
    of_new = shared / shared.sum(axis=0, keepdims=True)
    kept = _jaccard(shared) > min_overlap
    loose_old, loose_new = ~kept.any(axis=1, keepdims=True), ~kept.any(axis=0, keepdims=True)
    # A new topic made mostly of one old topic is a part of it; merging is the same, seen backwards.
    off, into = loose_new & (of_new >= 0.5), loose_old & (of_old >= 0.5)
    part, source = off & (of_old >= min_share), into & (of_new >= min_share)
    split = part & ((part | kept).sum(axis=1, keepdims=True) > 1)
    merged = source & ((source | kept).sum(axis=0, keepdims=True) > 1) & ~split
    # Part and source of each other alone: the same topic, with many papers exchanged.
    kept |= part & source & ~split & ~merged
    # What broke off from, or went into, a topic many times its size leaves that one what it was.
    paired = kept | split | merged
    split |= off & ~paired.any(axis=0, keepdims=True)
    merged |= into & ~paired.any(axis=1, keepdims=True)
    return [
        (change, int(counts.index[i]), int(counts.columns[j]))
        for change, mask in (("kept", kept), ("split", split), ("merged", merged))
        for i, j in np.argwhere(mask)
    ]


def _jaccard(shared: np.ndarray) -> np.ndarray:
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray(shared / union)


def _with_overlaps(
    table: pd.DataFrame, counts: pd.DataFrame, old: TopicModel, new: TopicModel
) -> pd.DataFrame:
    jaccard = pd.DataFrame(_jaccard(counts.to_numpy()), counts.index, counts.columns)
    of_old = counts.div(counts.sum(axis=1), axis=0)
    of_new = counts.div(counts.sum(axis=0), axis=1)
    for side, model in (("old", old), ("new", new)):
        table[f"{side}_topic"] = table[f"{side}_topic"].astype("Int64")
        facts = model.topics.set_index("topic")
        table[f"{side}_label"] = table[f"{side}_topic"].map(facts["label"]).astype("string")
        table[f"{side}_size"] = table[f"{side}_topic"].map(facts["size"]).astype("Int64")
    table["nearest"] = _nearest(table, counts)
    one, other = (table[f"{side}_topic"].fillna(table["nearest"]) for side in ("old", "new"))
    for name, source in (
        ("shared", counts),
        ("share_of_old", of_old),
        ("share_of_new", of_new),
        ("jaccard", jaccard),
    ):
        table[name] = [0 if pd.isna(a) or pd.isna(b) else source[b][a] for a, b in zip(one, other)]
    table["shared"] = table["shared"].astype("Int64")
    table["change"] = pd.Categorical(table["change"], CHANGES, ordered=True)
    ordered = table.sort_values(["change", "old_topic", "new_topic"], ignore_index=True)
    columns = ["change", "old_topic", "new_topic", "old_label", "new_label", "old_size"]
    columns += ["new_size", "shared", "share_of_old", "share_of_new", "jaccard", "nearest"]
    return ordered[columns]


def _nearest(table: pd.DataFrame, counts: pd.DataFrame) -> pd.Series[int]:
    """For topics without partner, the one of the other model that shares most papers with them."""
    of_old, of_new = counts.idxmax(axis=1), counts.idxmax(axis=0)
    gone, new = table["new_topic"].isna(), table["old_topic"].isna()
    nearest = pd.Series(pd.NA, index=table.index, dtype="Int64")
    nearest[gone] = table["old_topic"][gone].map(of_old).astype("Int64")
    nearest[new] = table["new_topic"][new].map(of_new).astype("Int64")
    return nearest
