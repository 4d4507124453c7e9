"""Sentences that only say where code or data are. All of them are invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit.text.availability
from toolkit.papers import find_terms
from toolkit.papers.schema import make_papers, modelling_text
from toolkit.text.availability import each_without_availability, without_availability

BEES = "Honey bees dance in the dark."


@pytest.mark.parametrize(
    "sentence",
    [
        "Our code is available at https://github.com/hive/wax.",
        "Code: https://example.org/wax",
        "The source code and all data will be released upon acceptance.",
        "Project page: https://hive.github.io/dance/.",
        "HiveBench-2 is publicly available at https://example.org/b.",
        "We make our datasets, models and code publicly available.",
        "Data are available from the corresponding author upon reasonable request.",
        "The website can be found at https://example.org.",
        "https://example.org/wax",
    ],
)
def test_they_go(sentence):
    assert without_availability(f"{BEES} {sentence}") == BEES
    if sentence.endswith("."):
        assert without_availability(f"{sentence} {BEES}") == BEES
    assert without_availability(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "We release films of two thousand dancing bees at https://example.org/films.",
        "Data of the queen were not available for 12 hives.",
        "Open-source hive models fail on swarms.",
        "The drug is widely available.",
        "Beekeepers can be found in most villages.",
        "A website for beekeepers shares results of their own trials.",
        "Slow-release wax keeps the brood warm.",
        "",
    ],
)
def test_what_says_something_else_stays(sentence):
    text = f"{BEES} {sentence}"
    assert without_availability(text) == text


def test_texts_without_any_are_the_same_and_odd_ones_do_no_harm():
    for text in ("", BEES, "。", "x" * 10_000, "http", "Available", "(" * 500 + "http://", "\0"):
        assert isinstance(without_availability(text), str)
    assert without_availability(BEES) is BEES


WORDS = """
bees dance code Code the The available at is HiveBench-2 W1 https://example.org/wax https ://e.org
seehttps ://e.org http ://e.org doi 10.1234/x adoi 10.1234/x x www.e.org data. released. Data! Wax
github.com/a/b gîte verfügbar \u017fo httpſ :// ,
""".split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join), max_size=4))
def test_the_quick_looks_change_nothing(texts):
    quick = each_without_availability(texts)
    assert quick == [without_availability(text) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toolkit.text.availability, "_says_more", lambda sentence: False)
        assert quick == [without_availability(text) for text in texts]


def test_no_topic_is_made_of_them():
    papers = make_papers(
        [{"title": "Wax", "abstract": f"{BEES} Our code is at https://github.com/hive/wax."}],
        source="x",
    )
    assert modelling_text(papers).tolist() == [f"Wax. {BEES}"]
    assert find_terms(papers).tolist() == ["bees dance dark honey wax"]
    assert papers["abstract"].iloc[0].endswith("hive/wax.")
