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


def test_a_topic_absorbed_by_a_much_larger_one_is_merged_into_it():
    # old 1: 4 papers, 3 of them in new 0, which has 30: a tenth of it, no part worth naming of it.
    old, new = model([0] * 27 + [1] * 4), model([0] * 30 + [1])
    table = compare_topics(old, new).set_index(["change", "old_topic", "new_topic"])
    # 27 / 30 of new 0 are old 0: kept; the one paper of new 1 broke off from old 1.
    assert list(table.index) == [("kept", 0, 0), ("split", 1, 1), ("merged", 1, 0)]
    row = table.loc[("merged", 1, 0)]
    assert (row["shared"], row["share_of_old"], row["share_of_new"]) == (3, 0.75, 0.1)
    assert row["jaccard"] == 3 / 31
    # The same, seen backwards: the small topic broke off from the large one.
    back = compare_topics(new, old)
    assert back[["change", "old_topic", "new_topic"]].to_numpy().tolist() == [
        ["kept", 0, 0], ["split", 0, 1], ["merged", 1, 1]
    ]  # fmt: skip


def test_one_half_of_a_topic_is_enough_to_be_absorbed_and_less_is_not():
    # old 3 (4 papers) goes 2 + 1 + 1 into three kept topics of six: half of it into new 0.
    old = model([0] * 5 + [1] * 5 + [2] * 5 + [3] * 4)
    table = compare_topics(old, model([0] * 5 + [1] * 5 + [2] * 5 + [0, 0, 1, 2]))
    row = table[table["old_topic"] == 3]
    assert row[["change", "new_topic"]].to_numpy().tolist() == [["merged", 0]]
    # old 3 (3 papers) goes a third into each: it is gone, and the lowest of the three is named.
    old = model([0] * 5 + [1] * 5 + [2] * 5 + [3] * 3)
    table = compare_topics(old, model([0] * 5 + [1] * 5 + [2] * 5 + [2, 1, 0]))
    row = table[table["old_topic"] == 3].iloc[0]
    assert (row["change"], row["nearest"], row["shared"]) == ("gone", 0, 1)
    assert (row["share_of_old"], row["share_of_new"]) == (1 / 3, 1 / 6)
    assert row["jaccard"] == 1 / 8
    assert pd.isna(row["new_topic"]) and pd.isna(row["new_label"])
    assert table.loc[table["change"] == "kept", "nearest"].isna().all()


def test_a_new_topic_gathered_from_all_sides_names_the_largest_of_its_sources():
    old = model([0] * 5 + [1] * 6 + [2] * 6)
    new = model([0] * 4 + [3] + [1] * 4 + [3] * 2 + [2] * 4 + [3] * 2)
    row = compare_topics(old, new).set_index("change").loc["new"]
    # 1 of 5, 2 of 6 and 2 of 6 papers went into it: the lower of the two largest.
    assert (row["new_topic"], row["nearest"], row["shared"]) == (3, 1, 2)
    assert (row["share_of_old"], row["share_of_new"]) == (2 / 6, 2 / 5)
    assert row["jaccard"] == 2 / 9


def test_topics_of_papers_that_only_one_model_holds_have_no_overlap():
    old = model([0, 0, 1, 1], ids=list("abcd"))
    new = model([0, 0, 1, 1], ids=list("abxy"))
    lonely = compare_topics(old, new).set_index("change").loc[["new", "gone"]]
    assert lonely["shared"].tolist() == [0, 0]
    assert lonely["nearest"].isna().all()


def test_new_and_gone_topics_of_a_grown_collection():
    old = model([0, 0, 0, 1, 1], ids=list("abcde"))
    new = model([0, 0, 0, 1, 1], ids=list("abcxy"))
    assert changes_of(old, new) == [("kept", 0, 0), ("new", None, 1), ("gone", 1, None)]


def test_outliers_do_not_count():
    assert changes_of(model([-1, 0, 0]), model([0, 0, 0])) == [("kept", 0, 0)]


def test_moved_papers():
    moved = moved_papers(model([0, 0, 0, 1, 1]), model([0, 0, 1, 1, 1]))
    assert moved.values.tolist() == [["p2", 0, 1, 0]]


def test_of_equal_models_no_paper_has_moved():
    moved = moved_papers(model([0, 0, 1, -1]), model([1, 1, 0, -1]))
    assert moved.shape == (0, 4)


def test_nothing_in_common():
    with pytest.raises(DataError, match="no paper in common"):
        compare_topics(model([0], ids=["a"]), model([0], ids=["b"]))


def test_what_is_no_model():
    with pytest.raises(DataError, match=r"argument 'new': not a topic model: found 'list', exp"):
        compare_topics(model([0]), [1, 2])
    with pytest.raises(DataError, match=r"argument 'old': not a topic model: found 'DataFrame'"):
        compare_topics(model([0]).papers, model([0]))


def test_min_overlap_out_of_range():
    with pytest.raises(DataError, match=r"argument 'min_overlap': out of range: found 0\.2"):
        compare_topics(model([0]), model([0]), min_overlap=0.2)
    with pytest.raises(DataError, match=r"argument 'min_share'.*found 0\.6, expected 0 to 0\.5"):
        compare_topics(model([0]), model([0]), min_share=0.6)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40))
def test_every_topic_appears_and_shares_are_shares(pairs):
    old, new = model([a for a, _ in pairs]), model([b for _, b in pairs])
    table = compare_topics(old, new)
    assert set(table["old_topic"].dropna()) == set(old.topics["topic"])
    assert set(table["new_topic"].dropna()) == set(new.topics["topic"])
    for name in ("share_of_old", "share_of_new", "jaccard"):
        assert table[name].between(0, 1).all()
    assert not table.duplicated(["old_topic", "new_topic"]).any()
    # Whoever gives most of itself to one topic, or is mostly made of one, has a partner.
    gone = table["change"].isin(["gone", "new"])
    lonely = table.loc[gone, "share_of_old"].where(table["change"] == "gone", table["share_of_new"])
    assert (lonely.dropna() < 0.5).all()
    assert (table.loc[gone, "shared"] > 0).all()
    same = compare_topics(old, old)
    assert (same["change"] == "kept").all()
    assert np.allclose(same["jaccard"], 1)
