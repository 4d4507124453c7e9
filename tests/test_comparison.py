from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import DataError, compare_topics
from toolkit.reliability import moved_papers


def model(topics, ids=None):
    topics = list(topics)
    papers = pd.DataFrame(
        {"paper_id": ids or [f"p{i}" for i in range(len(topics))], "topic": topics}
    )
    sizes = papers["topic"].value_counts().sort_index()
    table = pd.DataFrame(
        {"topic": sizes.index, "label": [f"t{t}" for t in sizes.index], "size": sizes.to_numpy()}
    )
    return SimpleNamespace(papers=papers, topics=table)


def changes_of(old, new):
    table = compare_topics(old, new)
    return [
        (row.change, *(None if pd.isna(v) else int(v) for v in (row.old_topic, row.new_topic)))
        for row in table.itertuples()
    ]


def test_renumbered_topics_are_kept():
    table = compare_topics(model([0, 0, 0, 1, 1]), model([1, 1, 1, 0, 0]))
    assert table["change"].tolist() == ["kept", "kept"]
    assert table["jaccard"].tolist() == [1.0, 1.0]
    assert table["new_topic"].tolist() == [1, 0]


def test_overlaps_by_hand():
    # old 0: 4 papers, 3 of them in new 0, which has 5 papers: 3 / (4 + 5 - 3) = 0.5, not above.
    # part and source of each other (3/4 of the old, 3/5 of the new): the same topic all the same.
    table = compare_topics(model([0, 0, 0, 0, 1, 1]), model([0, 0, 0, 1, 0, 0]))
    row = table[table["old_topic"] == 0].iloc[0]
    assert (row["shared"], row["share_of_old"], row["share_of_new"]) == (3, 0.75, 0.6)
    assert row["jaccard"] == 0.5


def test_split_and_merge():
    assert changes_of(model([0] * 6), model([0, 0, 0, 1, 1, 1])) == [
        ("split", 0, 0),
        ("split", 0, 1),
    ]
    assert changes_of(model([0, 0, 0, 1, 1, 1]), model([0] * 6)) == [
        ("merged", 0, 0),
        ("merged", 1, 0),
    ]


def test_a_breakaway_leaves_its_topic_kept():
    assert changes_of(model([0] * 10), model([0] * 7 + [1] * 3)) == [
        ("kept", 0, 0),
        ("split", 0, 1),
    ]


def test_new_and_gone_topics_of_a_grown_collection():
    old = model([0, 0, 0, 1, 1], ids=list("abcde"))
    new = model([0, 0, 0, 1, 1], ids=list("abcxy"))
    assert changes_of(old, new) == [("kept", 0, 0), ("new", None, 1), ("gone", 1, None)]


def test_outliers_do_not_count():
    assert changes_of(model([-1, 0, 0]), model([0, 0, 0])) == [("kept", 0, 0)]


def test_moved_papers():
    moved = moved_papers(model([0, 0, 0, 1, 1]), model([0, 0, 1, 1, 1]))
    assert moved.values.tolist() == [["p2", 0, 1, 0]]


def test_nothing_in_common():
    with pytest.raises(DataError, match="no paper in common"):
        compare_topics(model([0], ids=["a"]), model([0], ids=["b"]))


def test_min_overlap_out_of_range():
    with pytest.raises(DataError, match=r"min_overlap is out of range: found 0\.2"):
        compare_topics(model([0]), model([0]), min_overlap=0.2)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_every_topic_appears_and_shares_are_shares(pairs):
    old, new = model([a for a, _ in pairs]), model([b for _, b in pairs])
    table = compare_topics(old, new)
    assert set(table["old_topic"].dropna()) == set(old.topics["topic"])
    assert set(table["new_topic"].dropna()) == set(new.topics["topic"])
    for name in ("share_of_old", "share_of_new", "jaccard"):
        assert table[name].between(0, 1).all()
    assert not table.duplicated(["old_topic", "new_topic"]).any()
    same = compare_topics(old, old)
    assert (same["change"] == "kept").all()
    assert np.allclose(same["jaccard"], 1)
