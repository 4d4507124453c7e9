"""Planted collections: the truth must hold in what was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import check_papers
from toolkit.synthetic import plant_collection
from toolkit.synthetic.vocabulary import FIELDS


def test_same_seed_same_collection() -> None:
    one, two, other = (plant_collection(n_papers=40, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.papers, two.papers)
    pd.testing.assert_frame_equal(one.truth, two.truth)
    assert not one.papers["title"].equals(other.papers["title"])


@settings(max_examples=15, deadline=None)
@given(
    n=st.integers(1, 60),
    topics=st.integers(1, 12),
    rate=st.floats(0, 1),
    blur=st.floats(0, 1),
    seed=st.integers(0, 999),
)
def test_always_a_papers_table_with_its_truth(n, topics, rate, blur, seed) -> None:
    planted = plant_collection(n_papers=n, n_topics=topics, code_rates=rate, blur=blur, seed=seed)
    check_papers(planted.papers, needs=["abstract", "published"])
    assert planted.papers["paper_id"].equals(planted.truth["paper_id"])
    assert planted.truth["topic"].between(0, topics - 1).all()
    assert planted.topics[["share_start", "share_end"]].sum().round(9).eq(1).all()
    stated = planted.truth["code"].isin(["linked", "claimed"])
    assert not (stated & ~planted.truth["has_code"]).any()


def test_rates_and_trends_are_those_asked_for() -> None:
    planted = plant_collection(
        n_papers=3000,
        n_topics=3,
        years=2,
        trends={0: 0.2, 2: -0.2},
        code_rates={0: 0.9, 1: 0.1},
        silent=0.25,
        promised=0.5,
    )
    truth, months = planted.truth, planted.papers["published"].dt.to_period("M")
    first, last = months.isin(months.unique()[:3]), months.isin(months.unique()[-3:])
    # A quarter's mean lies an eighth of a year inside the two ends.
    assert (truth["topic"][first] == 0).mean() == pytest.approx(1 / 3 - 0.175, abs=0.05)
    assert (truth["topic"][last] == 0).mean() == pytest.approx(1 / 3 + 0.175, abs=0.05)
    assert (truth["topic"] == 1).mean() == pytest.approx(1 / 3, abs=0.03)
    rates = truth.groupby("topic")["has_code"].mean()
    np.testing.assert_allclose(rates, [0.9, 0.1, 0.5], atol=0.04)
    with_code = truth[truth["has_code"]]
    assert (with_code["code"] == "none").mean() == pytest.approx(0.25, abs=0.03)
    without = truth[~truth["has_code"]]
    assert (without["code"] == "promised").mean() == pytest.approx(0.5, abs=0.05)
    assert planted.topics["change"].tolist() == [0.2, 0.0, -0.2]


def test_at_no_blur_every_word_of_a_topic_is_its_own() -> None:
    planted = plant_collection(n_papers=100, n_topics=4, blur=0.0)
    own = [set(f"{nouns} {kinds}".split()) for _, nouns, kinds in FIELDS[:4]]
    for text, topic in zip(planted.papers["abstract"], planted.truth["topic"]):
        words = set(text.lower().replace(".", "").replace(",", "").split())
        strangers = set().union(*(own[t] for t in range(4) if t != topic)) - own[topic]
        assert not words & (strangers - {"noise"})


def test_the_toolkit_finds_what_was_planted() -> None:
    from sklearn.metrics import adjusted_rand_score

    planted = plant_collection(n_papers=160, n_topics=4, blur=0.1, seed=3)
    topics = toolkit.fit_topics(planted.papers)
    assert adjusted_rand_score(planted.truth["topic"], topics.papers["topic"]) > 0.9
    claims = toolkit.code_claims(planted.papers).set_index("paper_id")["code"]
    said = claims.reindex(planted.truth["paper_id"]).to_numpy()
    assert (said == planted.truth["code"].to_numpy()).mean() > 0.98


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"n_papers": 0}, "n_papers is out of range: found 0, expected 1 to 100000"),
        ({"n_topics": 13}, "n_topics is out of range: found 13, expected 1 to 12"),
        ({"blur": 1.1}, "blur is out of range"),
        ({"years": float("nan")}, "years is out of range"),
        ({"trends": {0: 0.1}}, "must add up to 0"),
        ({"trends": {9: 0.1}}, "trends names an unknown topic: found 9, expected 0 to 5"),
        ({"trends": {0: 0.5, 1: -0.5}}, "trend of topic 0 makes its share negative"),
        ({"code_rates": 1.5}, "code_rates must be between 0 and 1"),
        ({"start": "soon"}, "start is not a date: found 'soon'"),
    ],
)
def test_impossible_wishes(asked, message) -> None:
    with pytest.raises(DataError, match=message):
        plant_collection(**asked)
