"""One call for trends, verdicts and refits: what survives is a headline, a fragile topic not."""

from __future__ import annotations

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.reliability import JudgedTrends, judge_trends
from toolkit.reliability.judging import _beside_model_alone, _note
from toolkit.synthetic import plant_collection


@pytest.fixture(scope="module")
def collection():
    planted = plant_collection(
        n_papers=600, n_topics=4, trends={0: 0.2, 1: -0.2}, blur=0.05, seed=3
    )
    return planted.papers, toolkit.fit_topics(planted.papers, n_topics=4)


@pytest.fixture(scope="module")
def judged(collection) -> JudgedTrends:
    papers, topics = collection
    return judge_trends(papers, topics, refits=4, freq="Q", progress=False)


def test_headlines_are_the_changes_that_refits_show(collection, judged):
    papers, topics = collection
    assert set(judged.headlines["verdict"]) <= {
        "rising", "falling", "rose then fell", "fell then rose",
    }  # fmt: skip
    assert {"rising", "falling"} <= set(judged.headlines["verdict"])
    assert not judged.headlines["fragile"].any() and judged.verdicts["fragile"].notna().all()
    assert judged.note == (
        "A verdict says that most of 4 refits of the topics show it; each refit leaves out a fifth "
        "of the papers."
    )
    # The same tables as step by step.
    card = toolkit.check_topics(topics, papers, refits=4, progress=False)
    trends = toolkit.topic_trends(papers, topics, freq="Q", refits=card.refits)
    pd.testing.assert_frame_equal(judged.trends, trends)
    verdicts = toolkit.trend_verdicts(trends, card=card)
    pd.testing.assert_frame_equal(judged.verdicts.drop(columns="fragile"), verdicts)


def test_a_fragile_topic_is_no_headline(collection, judged):
    papers, topics = collection
    card = toolkit.check_topics(topics, papers, refits=4, progress=False)
    first = judged.headlines.iloc[0]
    card.loc[card["topic"] == first["topic"], "verdict"] = "fragile"
    again = judge_trends(papers, topics, card=card, freq="Q")
    assert first["topic"] not in set(again.headlines["topic"])
    assert len(again.headlines) == len(judged.headlines) - 1
    row = again.verdicts.set_index("topic").loc[first["topic"]]
    assert row["fragile"] and row["verdict"] == first["verdict"]
    assert again.note.endswith(
        "No headline, as refits may not find the topic itself: "
        f"{first['label']} ({first['verdict']}); it is fragile."
    )


def test_what_refits_do_not_show_is_counted_and_told():
    years = pd.date_range("2016-01-01", periods=8, freq="YS")
    own = {0: [2, 5, 6, 20, 30, 50, 82, 49], 1: [10, 30, 60, 90, 60, 30, 12, 8], 2: [60] * 8}
    refitted = {0: [2, 5, 6, 20, 30, 50, 60, 70], 1: [40] * 8, 2: [60] * 8}
    parts = [
        pd.DataFrame({"period": years, "topic": topic, "papers": own[topic], "total": 1000,
                      "partial": False} | {f"refit_{n}": refitted[topic] for n in range(3)})
        for topic in own
    ]  # fmt: skip
    trends = pd.concat(parts, ignore_index=True)
    verdicts = toolkit.trend_verdicts(trends)
    shown = verdicts.set_index("topic")["verdict"]
    assert shown[0] == "rising" and shown[1] == "can't tell"
    told, gone = _beside_model_alone(trends, verdicts, 0.95, 1.5)
    assert gone == 1
    assert _note(3, told.iloc[:0], gone).endswith(
        "Of the model alone, 1 more topic would have changed; it is no headline, as most refits do "
        "not show it."
    )
    # A rise in the refits, a peak in the model: the sentence says both.
    verdicts.loc[verdicts["topic"] == 1, "verdict"] = "rising"
    told, gone = _beside_model_alone(trends, verdicts, 0.95, 1.5)
    words = told.set_index("topic")["words"]
    assert gone == 0
    assert words[1].endswith(
        "; in the model as it is: rose then fell, which most refits do not show."
    )
    assert "which most refits" not in words[0] + words[2]


def test_where_there_is_no_headline_the_note_says_why():
    papers = toolkit.synthetic.plant_collection(n_papers=150, n_topics=3, seed=4).papers
    papers = papers.assign(published=[f"{2018 + at % 6}-03-01" for at in range(len(papers))])
    papers = toolkit.papers.make_papers(papers.to_dict("records"), source="test")
    topics = toolkit.fit_topics(papers, n_topics=3)
    judged = judge_trends(papers, topics, refits=2, freq="Y", progress=False)
    assert judged.headlines.empty
    assert judged.note.endswith("There is no headline: no topic changed in most refits.")
    assert repr(judged) == (
        f"{judged.note}\nTables: .verdicts: 3 topics; .trends: {len(judged.trends)} rows; "
        ".headlines; .card"
    )
    two = judge_trends(papers, topics, refits=0, freq="Y", since=2020, until=2021)
    assert two.note.endswith(
        "There is no headline: no topic has papers enough to be tested (in 2 whole periods with "
        "papers; a trend needs three)."
    )


def test_without_refits_the_note_says_so(collection):
    papers, topics = collection
    alone = judge_trends(papers, topics, refits=0, freq="Q")
    assert alone.card is None and alone.verdicts["fragile"].isna().all()
    assert alone.note.startswith("The topics were not refitted")
    assert len(alone.headlines)


def test_bad_input(collection):
    papers, topics = collection
    with pytest.raises(DataError, match="refits"):
        judge_trends(papers, topics, refits=-1)
    with pytest.raises(DataError, match="the card has no refits"):
        judge_trends(papers, topics, card=pd.DataFrame({"topic": [0], "verdict": ["solid"]}))


def test_the_report_tells_the_headlines(collection, judged, tmp_path):
    papers, topics = collection
    path = toolkit.report(papers, tmp_path / "r.html", topics=topics, refits=4, progress=False)
    text = path.read_text(encoding="utf-8")
    again = judge_trends(papers, topics, refits=4, progress=False)
    assert again.note in text and not again.headlines.empty
    for label in again.headlines["label"]:
        assert f"“{label}” " in text


def test_judged_trends_print_their_sentences(judged):
    lines = repr(judged).split("\n")
    assert lines[:-1] == [*judged.headlines["words"], judged.note]
