"""Rename, merge, split, drop, replay, the tree over topics."""

import json

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.topics import replay
from toolkit.topics.centroids import topic_vectors
from toolkit.topics.tree import cut_tree, topic_tree


@pytest.fixture(scope="module")
def page() -> pd.DataFrame:
    return toolkit.load_sample("trending-page")


@pytest.fixture(scope="module")
def topics(page):
    return toolkit.fit_topics(page, n_topics=6)


def members(model, topic) -> set[str]:
    return set(model.papers.loc[model.papers["topic"] == topic, "paper_id"])


def test_rename(topics):
    renamed = topics.rename({2: "  Safe   answers "})
    assert renamed.topics["label"][2] == "Safe answers"
    assert topics.topics["label"][2] != "Safe answers"
    pd.testing.assert_frame_equal(renamed.papers, topics.papers)
    assert renamed.bertopic.get_topic_info()["CustomName"][2] == "Safe answers"
    assert topics.bertopic.get_topic_info()["CustomName"][2] == topics.topics["label"][2]


def test_merge_joins_the_papers_and_keeps_other_labels(topics):
    labelled = topics.rename({4: "Kept name"})
    merged = labelled.merge([[0, 2], [3, 5]])
    assert len(merged.topics) == 4
    everyone = [members(merged, topic) for topic in merged.topics["topic"]]
    assert members(topics, 0) | members(topics, 2) in everyone
    assert members(topics, 3) | members(topics, 5) in everyone
    kept = merged.topics.loc[merged.topics["label"] == "Kept name", "topic"]
    assert members(merged, kept.iloc[0]) == members(topics, 4)
    assert merged.topics["size"].is_monotonic_decreasing
    assert merged.bertopic.topics_ == merged.papers["topic"].tolist()
    assert len(merged.bertopic.get_topics()) == 4


def test_merging_makes_papers_surer_never_less(topics):
    nearest = topics.hierarchy()[["left", "right"]].iloc[0].tolist()
    merged = topics.merge(nearest)
    before = topics.papers["confidence"].to_numpy()
    after = merged.papers["confidence"].to_numpy()
    assert (after >= before - 1e-12).all()
    assert after.sum() > before.sum()


def test_split_parts_the_papers_of_one_topic(topics):
    parted = topics.split(0, n_topics=2)
    assert len(parted.topics) == 7
    whole = [members(parted, topic) for topic in parted.topics["topic"]]
    parts = [group for group in whole if group < members(topics, 0)]
    assert len(parts) == 2
    assert parts[0] | parts[1] == members(topics, 0)


def test_drop_leaves_the_papers_as_outliers(topics):
    dropped = topics.drop([1])
    assert members(dropped, -1) == members(topics, 1)
    assert dropped.topics["topic"].tolist() == [-1, 0, 1, 2, 3, 4]
    assert dropped.topics["label"][0] == "Outliers"
    assert (dropped.papers.loc[dropped.papers["topic"] < 0, "confidence"] == 0).all()
    assert dropped.bertopic.topics_ == dropped.papers["topic"].tolist()
    assert sorted(dropped.bertopic.get_topics()) == [-1, 0, 1, 2, 3, 4]


def test_settings_replay_the_whole(page, topics):
    edited = topics.rename({0: "One"}).merge([1, 2]).split(0, n_topics=2).drop([3])
    settings = json.loads(json.dumps(edited.settings))
    assert [edit["edit"] for edit in settings["edits"]] == ["rename", "merge", "split", "drop"]
    again = replay(page, settings=settings)
    pd.testing.assert_frame_equal(again.papers, edited.papers)
    pd.testing.assert_frame_equal(again.topics, edited.topics)
    assert again.settings == settings
    assert topics.settings["edits"] == []


def test_replay_refuses_other_papers_and_unknown_edits(page, topics):
    edited = topics.merge([1, 2])
    with pytest.raises(DataError, match="the edits belong to another collection"):
        replay(page.head(30), settings=edited.settings)
    with pytest.raises(DataError, match=r"not an edit.*rename or merge or split or drop"):
        replay(page, settings={**edited.settings, "edits": [{"edit": "burn"}]})
    with pytest.raises(DataError, match="incomplete edit"):
        replay(page, settings={**edited.settings, "edits": [{"edit": "drop"}]})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda m: m.rename({99: "x"}), "no such topic.*found 99, expected a number from 0 to 5"),
        (lambda m: m.rename({0: " "}), "topic 0: not a label: found ' '"),
        (lambda m: m.rename("Farm"), "argument 'labels': not labels by topic: found 'Farm'"),
        (lambda m: m.rename({"0": "Farm"}), "no such topic: found '0'"),
        (lambda m: m.merge(["a", "b"]), "no such topic: found 'a', expected a number from 0 to 5"),
        (lambda m: m.merge([["a", "b"]]), "no such topic: found 'a'"),
        (lambda m: m.merge([1, [2, 3]]), "argument 'groups': not a list of topics: found 1"),
        (lambda m: m.merge("12"), "argument 'groups': not a list of topics: found '12'"),
        (lambda m: m.merge([1.5, 2]), "no such topic: found 1.5"),
        (lambda m: m.drop(0), "argument 'topics': not a list of topics: found 0.*numbers: .1, 2."),
        (lambda m: m.split("0"), "no such topic: found '0'"),
        (lambda m: m.split(0, n_topics=1), "argument 'n_topics': not a count.*expected 2 or more"),
        (lambda m: m.split(0, n_topics=2, seed="x"), "argument 'seed': not a count: found 'x'"),
        (lambda m: m.rename({0: "A", 1: "a"}), "two topics would have one label"),
        (lambda m: m.merge([1]), "nothing to merge"),
        (lambda m: m.merge([]), "nothing to merge"),
        (lambda m: m.merge([[1, 2], [2, 3]]), "a topic appears twice"),
        (lambda m: m.merge([1, -1]), "no such topic.*found -1"),
        (lambda m: m.split(5, n_topics=30), "topic 5 cannot be split with"),
        (lambda m: m.drop(range(6)), "no topic would be left"),
        (lambda m: m.drop([True]), "no such topic"),
    ],
)
def test_bad_edits(topics, edit, message):
    with pytest.raises(DataError, match=message):
        edit(topics)


class Planted:
    """Topics whose mean vectors are known: what the tree needs, and no fit."""

    topics = pd.DataFrame(
        {"topic": [0, 1, 2], "label": ["A", "B", "C"], "size": [3, 2, 1], "terms": [""] * 3}
    )
    papers = pd.DataFrame({"topic": [0, 0, 0, 1, 1, 2]})
    vectors = np.array([[1, 0]] * 3 + [[0.8, 0.6]] * 2 + [[0, 1]], dtype=np.float32)


def test_tree_by_hand():
    """A–B: 1 − 0.8 = 0.2; C joins at the mean of 1 − 0 and 1 − 0.6: 0.7."""
    tree = topic_tree(Planted())
    assert tree[["left", "right"]].to_numpy().tolist() == [[0, 1], [2, 3]]
    assert tree["distance"].to_numpy() == pytest.approx([0.2, 0.7], abs=1e-6)
    assert tree["topics"].tolist() == [2, 3]
    assert tree["papers"].tolist() == [5, 6]
    assert tree["label"].tolist() == ["A + 1 more", "A + 2 more"]


def test_cuts_of_the_tree():
    assert cut_tree(Planted(), n_topics=2)["group"].tolist() == [0, 0, 1]
    assert cut_tree(Planted(), n_topics=3)["group"].tolist() == [0, 1, 2]
    assert cut_tree(Planted(), n_topics=1)["group"].tolist() == [0, 0, 0]
    with pytest.raises(DataError, match="found 4, expected from 1 to 3"):
        cut_tree(Planted(), n_topics=4)


def test_groups_of_a_cut_can_be_merged(topics):
    cut = cut_tree(topics, n_topics=3)
    groups = [list(g) for g in cut.groupby("group")["topic"].agg(list) if len(g) > 1]
    assert len(topics.merge(groups).topics) == 3


def test_topic_vectors_leave_outliers_out(topics):
    dropped = topics.drop([0])
    assert topic_vectors(dropped).shape == (5, topics.vectors.shape[1])
    assert np.linalg.norm(topic_vectors(dropped), axis=1) == pytest.approx(np.ones(5))
    assert len(dropped.hierarchy()) == 4


def test_a_resolution_given_is_told_from_one_that_was_found():
    page = toolkit.load_sample("trending-page")
    found = toolkit.fit_topics(page)
    assert replay(page, settings=found.settings).settings == found.settings
    given = toolkit.fit_topics(page, resolution=found.settings["resolution"])
    assert given.settings["resolution_given"]
    assert replay(page, settings=given.settings).settings == given.settings
