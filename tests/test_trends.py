"""Shares by period: counts by hand, invariants, refits, bad input."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.trends import topic_trends

COLUMNS = ["period", "topic", "papers", "total", "share", "low", "high", "partial", "label", "freq"]


def make(dates) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "paper_id": [f"title:{number:016x}" for number in range(len(dates))],
            "title": [f"Paper {number}" for number in range(len(dates))],
            "published": pd.to_datetime(pd.Series(dates)).astype("datetime64[us]"),
        }
    )


def model(papers, numbers, labels=None):
    known = sorted(set(numbers))
    topics = pd.DataFrame({"topic": known, "label": labels or [f"about {n}" for n in known]})
    assigned = pd.DataFrame({"paper_id": papers["paper_id"], "topic": numbers})
    return SimpleNamespace(papers=assigned, topics=topics)


DATES = ["2024-01-01", "2024-02-02", "2024-03-31", "2024-07-01", "2024-09-30"]


def test_counts_by_hand():
    papers = make(DATES)
    trends = topic_trends(papers, model(papers, [0, 0, 1, 0, -1]), freq="Q")
    assert list(trends.columns) == COLUMNS
    assert trends["topic"].tolist() == [0, 0, 0, 1, 1, 1, -1, -1, -1]
    assert trends["papers"].tolist() == [2, 0, 1, 1, 0, 0, 0, 0, 1]
    assert trends["total"].tolist() == [3, 0, 2] * 3
    assert trends["share"].tolist()[0] == 2 / 3
    assert trends["label"].tolist()[::3] == ["about 0", "about 1", "Outliers (no topic)"]
    assert (trends["freq"] == "Q").all() and trends.attrs == {}
    low, high = wilson(2, 3)
    assert trends.loc[0, "low"] == low and trends.loc[0, "high"] == high
    assert not trends["partial"].any()


def test_a_period_without_papers_is_a_gap_and_not_a_zero():
    papers = make(DATES)
    trends = topic_trends(papers, model(papers, [0] * 5), freq="Q")
    gap = trends[trends["period"] == "2024-04-01"].iloc[0]
    assert gap["papers"] == gap["total"] == 0
    assert np.isnan(gap["share"]) and np.isnan(gap["low"]) and np.isnan(gap["high"])


def test_a_topic_without_papers_keeps_its_rows():
    papers = make(DATES)
    topics = model(papers, [0] * 5)
    topics.topics = pd.DataFrame({"topic": [0, 1], "label": ["some", "none"]})
    trends = topic_trends(papers, topics, freq="Q")
    assert trends.loc[trends["topic"] == 1, "papers"].tolist() == [0, 0, 0]


def test_papers_may_be_some_of_those_fitted_and_in_any_order():
    papers = make(DATES)
    topics = model(papers, [0, 0, 1, 0, 1])
    some = topic_trends(papers.iloc[[4, 3, 0]], topics)
    assert some.groupby("topic")["papers"].sum().tolist() == [2, 1]
    pd.testing.assert_frame_equal(
        topic_trends(papers, topics), topic_trends(papers.iloc[::-1], topics)
    )


@pytest.mark.filterwarnings("ignore:left out. . of 5 papers without")
def test_other_columns():
    papers = make(DATES).assign(
        venue=pd.array(["A", "B", "A", None, "A"], dtype="string"),
        categories=pd.array(["cs.CL cs.LG", "cs.LG", "cs.LG cs.LG", None, "cs.CL"], dtype="string"),
        authors=pd.array(["Ann Lee; Bo", "Bo", "Ann Lee", "Cy", None], dtype="string"),
    )
    venues = topic_trends(papers, by="venue", freq="Y")
    assert venues[["topic", "papers", "total"]].to_numpy().tolist() == [["A", 3, 4], ["B", 1, 4]]
    fields = topic_trends(papers, by="categories", freq="Y")
    assert fields[["topic", "papers"]].to_numpy().tolist() == [["cs.LG", 3], ["cs.CL", 2]]
    people = topic_trends(papers, by="authors", freq="Y")
    assert people[["topic", "papers"]].to_numpy().tolist() == [["Ann Lee", 2], ["Bo", 2], ["Cy", 1]]
    assert fields["label"].tolist() == ["cs.LG", "cs.CL"]


def test_categories_are_split_at_blanks_only_where_they_are_codes():
    cells = ["cs.CL hep-th 68T50", "Health care, and policy; Ecology", "climate", "cs and society"]
    papers = make(DATES[:4]).assign(categories=pd.array(cells, dtype="string"))
    found = toolkit.count_by(papers, "categories")["value"].tolist()
    assert sorted(found) == [
        "68T50", "Ecology", "Health care, and policy", "climate", "cs and society", "cs.CL",
        "hep-th",
    ]  # fmt: skip
    own = toolkit.load('{"title": "Oaks", "field": "health, care and oaks", "year": 2021}\n')
    assert own["field"].tolist() == ["health, care and oaks"] and own["categories"].isna().all()


def test_a_table_of_values_counts_a_paper_once_each():
    papers = make(DATES)
    ids = papers["paper_id"]
    links = pd.DataFrame(
        {
            "paper_id": [ids[0], ids[0], ids[0], ids[4], "title:unknown"],
            "host": ["github.com", "github.com", "gitlab.com", "github.com", "github.com"],
        }
    )
    hosts = topic_trends(papers, by=links, freq="Y")
    assert hosts[["topic", "papers"]].to_numpy().tolist() == [["github.com", 2], ["gitlab.com", 1]]
    with pytest.raises(DataError, match=r"not a table of values.*paper_id and one other column"):
        topic_trends(papers, by=links.assign(url="x"))
    with pytest.raises(DataError, match="column 'host': the column holds nothing to count"):
        topic_trends(papers, by=links.iloc[-1:])


def test_refits_widen_the_bands_by_hand():
    papers = make(["2024-01-01"] * 99 + ["2024-12-31"])
    numbers = [0] * 40 + [1] * 60
    # Topic 0 holds 40 papers here, and 30 and 50 in two refits.
    refits = pd.DataFrame(
        {
            "paper_id": papers["paper_id"],
            "a": [0] * 30 + [1] * 70,
            "b": [0] * 50 + [-1] * 50,
        }
    )
    topics = model(papers, numbers)
    row = topic_trends(papers, topics, freq="Y", refits=refits.sample(frac=1, random_state=0)).loc[
        0
    ]
    # Within: 0.401 · 0.599 / 100, from (40 + ½) / 101; between: (0.1² + 0.1²) / 2 = 0.01.
    within = (40.5 / 101) * (60.5 / 101) / 100
    effective = 100 * within / (within + 1.5 * 0.01)
    low, high = wilson(0.4 * effective, effective)
    assert (row["papers"], row["share"], row["refit_0"], row["refit_1"]) == (40, 0.4, 30, 50)
    assert row["low"] == pytest.approx(low) and row["high"] == pytest.approx(high)
    plain = topic_trends(papers, topics, freq="Y").loc[0]
    assert row["low"] < plain["low"] and row["high"] > plain["high"]


def test_refits_that_agree_change_nothing():
    papers = make(DATES)
    numbers = [0, 0, 1, 0, 1]
    refits = pd.DataFrame({"paper_id": papers["paper_id"], "a": numbers, "b": numbers})
    same = topic_trends(papers, model(papers, numbers), refits=refits)
    plain = topic_trends(papers, model(papers, numbers))
    pd.testing.assert_frame_equal(same[COLUMNS], plain)


def test_bad_refits():
    papers = make(DATES)
    topics = model(papers, [0] * 5)
    with pytest.raises(DataError, match="not a table of refits"):
        topic_trends(papers, topics, refits=papers[["paper_id"]])
    text = pd.DataFrame({"paper_id": papers["paper_id"], "a": list("abcde")})
    with pytest.raises(DataError, match="refits, column 'a': not topic numbers"):
        topic_trends(papers, topics, refits=text)
    short = pd.DataFrame({"paper_id": papers["paper_id"][:3], "a": [0, 0, 0]})
    with pytest.raises(DataError, match="2 of 5 papers are not in the table of refits"):
        topic_trends(papers, topics, refits=short)


def test_bad_input():
    papers = make(DATES)
    topics = model(papers, [0] * 5)
    with pytest.raises(DataError, match="no topics to count"):
        topic_trends(papers)
    with pytest.raises(DataError, match=r"row 6, column 'paper_id': 1 of 6 papers are not in the "):
        topic_trends(make([*DATES, "2024-01-01"]), topics)
    with pytest.raises(DataError, match="lacks a column"):
        topic_trends(papers, by="colour")
    with pytest.raises(DataError, match="an id appears twice"):
        topic_trends(pd.concat([papers, papers]), topics)
    topics.papers = pd.concat([topics.papers, topics.papers])
    with pytest.raises(DataError, match="the topic model holds a paper twice"):
        topic_trends(papers, topics)
    with pytest.raises(DataError, match="not a confidence"):
        topic_trends(papers, model(papers, [0] * 5), confidence=95)
    with pytest.raises(DataError, match="not a papers table"):
        topic_trends("papers.csv", topics)


def test_too_long_a_table_is_refused():
    papers = make(pd.date_range("2000-01-01", periods=800, freq="12D").astype(str))
    with pytest.raises(DataError, match=r"too many rows: 800 values in 9,\d+ periods"):
        topic_trends(papers, by="title", freq="D")


def test_a_column_whose_values_stand_alone_is_asked_about():
    papers = make(pd.date_range("2020-01-01", periods=60, freq="10D"))
    with pytest.warns(
        UserWarning, match="60 values, each in one paper only: .* the column to count"
    ):
        topic_trends(papers, by="title", freq="Y")
    topic_trends(papers[:50], by="title", freq="Y")
    topic_trends(papers.assign(title=["A", "A", *papers["title"][2:]]), by="title", freq="Y")


@pytest.mark.filterwarnings("ignore:left out. . of 5 papers without")
def test_hostile_values_stay_text():
    evil = "<script>alert(1)</script>"
    papers = make(DATES).assign(venue=pd.array([evil, "=1+1", "", None, evil], dtype="string"))
    trends = topic_trends(papers, by="venue", freq="Y")
    assert trends["topic"].tolist() == [evil, "=1+1"]


def test_arguments_are_not_changed():
    papers = make(DATES)
    topics = model(papers, [0, 0, 1, 0, -1])
    before = papers.copy(deep=True), topics.papers.copy(deep=True)
    topic_trends(papers, topics)
    pd.testing.assert_frame_equal(papers, before[0])
    pd.testing.assert_frame_equal(topics.papers, before[1])
    assert papers.attrs == {}


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 800), st.integers(-1, 4)), min_size=1, max_size=40),
    st.sampled_from(["W", "M", "Q", "Y"]),
)
def test_always(records, freq):
    start = pd.Timestamp("2023-01-05")
    papers = make([start + pd.Timedelta(days=day) for day, _ in records])
    topics = model(papers, [topic for _, topic in records])
    trends = topic_trends(papers, topics, freq=freq)
    there = trends[trends["total"] > 0]
    assert ((there["low"] >= 0) & (there["low"] <= there["share"])).all()
    assert ((there["share"] <= there["high"]) & (there["high"] <= 1)).all()
    assert trends["share"].isna().equals(trends["total"] == 0)
    by_period = trends.groupby("period")
    assert (by_period["papers"].sum() == by_period["total"].first()).all()
    assert by_period["total"].first().sum() == len(papers)
    assert len(trends) == trends["topic"].nunique() * trends["period"].nunique()


def test_the_public_name():
    assert toolkit.topic_trends is topic_trends


def test_a_missing_value_is_not_known_and_no_zero():
    # Keywords are given from 2002 on; half of those papers are on oaks, in every year.
    years = [f"{year}-06-01" for year in range(2000, 2006) for _ in range(20)]
    papers = make(years).assign(keywords="oak")
    papers.loc[papers.index % 2 == 1, "keywords"] = "elm"
    papers.loc[papers["published"].dt.year < 2002, "keywords"] = None
    papers = papers.astype({"keywords": "string"})
    with pytest.warns(
        UserWarning,
        match=r"out: 40 of 120 papers without 'keywords'; .* 0 of 20 in 2000 to 20 of 20 in 2002",
    ):
        trends = topic_trends(papers, by="keywords", freq="Y")
    oak = trends[trends["topic"] == "oak"]
    assert oak["total"].tolist() == [0, 0, 20, 20, 20, 20]
    assert oak["share"].isna().tolist() == [True, True, False, False, False, False]
    assert set(oak["share"].dropna()) == {0.5}
    verdicts = toolkit.trend_verdicts(trends)
    assert not set(verdicts["verdict"]) & {"rising", "falling"}
    # A table of values says of every paper what it has.
    table = papers[["paper_id", "keywords"]].dropna()
    assert set(topic_trends(papers, by=table, freq="Y")["total"]) == {20}


def test_forms_of_names_are_told_and_keywords_in_capitals_are_joined():
    papers = make(DATES[:3]).assign(
        authors=pd.array(["T. Oak", "Tim Oak", "Bo Elm"], dtype="string"),
        keywords=pd.array(["Trees; oak", "TREES; Trees", "Trees"], dtype="string"),
    )
    with pytest.warns(UserWarning, match="authors: 2 of 3 values may be the same person's"):
        topic_trends(papers, by="authors", freq="Y")
    with pytest.warns(UserWarning, match=r"1 of 3 differs .* 'TREES' under 'Trees'"):
        trends = topic_trends(papers, by="keywords", freq="Y")
    assert trends.set_index("topic")["papers"].to_dict() == {"Trees": 3, "oak": 1}
    with pytest.raises(DataError, match=r"found 'keyword', .*Did you mean 'keywords'"):
        topic_trends(papers, by="keyword")
    with pytest.raises(DataError, match="Did you mean 'keywords'"):
        toolkit.count_by(papers, "Author Keywords")
