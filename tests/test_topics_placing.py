"""place_papers and judge_fit: papers that were fitted keep their topic, strangers are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.topics.placing import judge_fit, place_papers


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    return toolkit.plant_collection(n_papers=260, n_topics=3, seed=3).papers


@pytest.fixture(scope="module")
def topics(planted) -> toolkit.TopicModel:
    return toolkit.fit_topics(planted.head(200), n_topics=3)


def test_fitted_papers_keep_their_topic_and_others_are_placed(planted, topics) -> None:
    placed = place_papers(planted, topics)
    assert placed["paper_id"].tolist() == planted["paper_id"].tolist()
    assert placed["placed"].tolist() == [False] * 200 + [True] * 60
    assert placed["topic"].tolist()[:200] == topics.papers["topic"].tolist()
    predicted = topics.predict(planted.tail(60))
    assert placed["topic"].tolist()[200:] == predicted["topic"].tolist()
    assert placed["nearness"][:200].isna().all() and placed["nearness"][200:].between(0, 1).all()
    # Rows in another order, or one by one, give the same.
    shuffled = place_papers(planted.sample(frac=1, random_state=1), topics)
    both = placed.merge(shuffled, on="paper_id")
    pd.testing.assert_series_equal(both["nearness_x"], both["nearness_y"], check_names=False)
    alone = place_papers(planted.tail(1), topics)
    pd.testing.assert_frame_equal(alone, placed.tail(1).reset_index(drop=True))


def test_nearness_by_hand(topics) -> None:
    words = make_papers([{"title": "Zyzzyva quux frobnicates", "abstract": "Xyzzy plugh."}])
    vectors = topics.vectors.astype(np.float64)
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    own = np.sort(cosine, axis=1)[:, -5:].mean(axis=1)
    new = np.sort(vectors @ topics.place(words)[0].astype(np.float64))[-5:].mean()
    nearness = place_papers(words, topics)["nearness"].iat[0]
    assert nearness == pytest.approx((1 + (own <= new).sum()) / 201, abs=0.01)


def test_papers_of_another_field_are_strangers(planted, topics) -> None:
    odd = make_papers(
        [
            {"title": f"Medieval sonnets of bishop {n}", "abstract": "Rhymes of monks in Latin."}
            for n in range(20)
        ]
    )
    like = judge_fit(place_papers(planted.tail(60), topics))
    assert like.strangers <= 3 and like.verdict != "refit"
    mixed = judge_fit(place_papers(pd.concat([planted.tail(60), odd]), topics))
    assert mixed.strangers >= 18 and mixed.verdict == "refit"


@pytest.mark.parametrize(
    ("n", "strange", "verdict"),
    # Wilson's intervals: 0/80 ends at 4.6 %, 0/60 at 6.0 %; 10/100 begins at 5.5 %, 9/100 at 4.8 %.
    # Fewer than five strangers prove nothing.
    [
        (80, 0, "fits"),
        (60, 0, "can't tell"),
        (100, 10, "refit"),
        (100, 9, "can't tell"),
        (4, 4, "can't tell"),
        (5, 5, "refit"),
    ],
)
def test_verdicts_by_hand(n, strange, verdict) -> None:
    placed = pd.DataFrame({"placed": [True] * n + [False] * 9, "stranger": True})
    placed.loc[strange : n - 1, "stranger"] = False
    fit = judge_fit(placed)
    assert (fit.placed, fit.strangers, fit.verdict) == (n, strange, verdict)


def test_edges(planted, topics) -> None:
    assert judge_fit(place_papers(planted.head(3), topics)).verdict == "can't tell"
    assert place_papers(planted.head(0), topics).empty
    one = toolkit.fit_topics(planted.head(5), n_topics=1)
    assert len(place_papers(planted.head(9), one)) == 9
    own = toolkit.fit_topics(planted.head(50), vectors=np.random.default_rng(0).random((50, 4)))
    with pytest.raises(DataError, match="fitted to vectors of your own"):
        place_papers(planted, own)


def test_a_model_takes_papers_that_came_later(planted, topics, tmp_path) -> None:
    grown = topics.with_papers(planted)
    assert grown.papers["paper_id"].tolist() == planted["paper_id"].tolist()
    pd.testing.assert_frame_equal(grown.papers.head(200), topics.papers)
    placed = topics.predict(planted.tail(60))
    assert grown.papers["topic"].tolist()[200:] == placed["topic"].tolist()
    for name in ("topic", "label", "terms"):
        assert grown.topics[name].tolist() == topics.topics[name].tolist()
    counts = grown.papers["topic"].value_counts()
    assert grown.topics["size"].tolist() == [counts[n] for n in grown.topics["topic"]]
    # On the map they lie among the papers of their topic.
    fitted = topics.papers.groupby("topic")[["x", "y"]].mean()
    new = grown.papers.tail(60)
    away = np.hypot(*(new[axis].to_numpy()[:, None] - fitted[axis].to_numpy() for axis in "xy"))
    assert (fitted.index[away.argmin(axis=1)] == new["topic"]).mean() > 0.9
    again = grown.with_papers(planted)
    assert again is grown and topics.with_papers(planted.head(9)) is topics
    loaded = toolkit.load_topics(grown.save(tmp_path / "grown"))
    pd.testing.assert_frame_equal(loaded.papers, grown.papers)
    assert loaded.settings["placed"] == 60
    one, two = topics.with_papers(planted.head(230)), topics.with_papers(planted)
    pd.testing.assert_frame_equal(one.with_papers(planted).papers.head(230), two.papers.head(230))


def test_what_takes_topics_takes_the_grown_ones(planted, topics) -> None:
    grown = topics.with_papers(planted)
    trends = toolkit.topic_trends(planted, grown, freq="Y")
    assert trends.groupby("period")["papers"].sum().sum() == len(planted)
    picks = toolkit.pick_reading(planted, grown, n=3)
    assert len(picks) == 3
    rates = toolkit.availability(planted, by="topic", topics=grown)
    assert rates["n"].sum() >= len(planted) - 1
    assert len(grown.merge([0, 1]).topics) == len(topics.topics) - 1
    assert toolkit.Explorer(planted, grown) is not None
    assert len(grown.bertopic.topics_) == len(planted)
