"""rank_new: papers near a library, in collections whose answer is known; its parts by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.reading import rank_new
from toolkit.reading.nearness import LIBRARY, RANKED, UNWANTED, _fit_line, choose, nearest_mean
from toolkit.reading.reasons import LibraryAuthors, quoted
from toolkit.storage import with_features

# Some libraries here are of one or two papers, which is told; a test of its own looks for that.
pytestmark = pytest.mark.filterwarnings("ignore:the library has .* with text")
NEW = ["score", "why", "nearest_ids"]


@pytest.fixture(scope="module")
def planted():
    return toolkit.plant_collection(n_papers=300, n_topics=4, seed=3)


@pytest.fixture(scope="module")
def by_topic(planted) -> list[pd.DataFrame]:
    return [planted.papers[planted.truth["topic"] == topic] for topic in range(4)]


def beekeeping(*more: dict) -> pd.DataFrame:
    """Papers on bees, on steel and on tax law, two each, and more."""
    texts = {
        "Bees dance to tell where flowers are": "Honey bees waggle; the dance gives the distance.",
        "How honey bees choose a new nest": "Scout bees dance for nests until the swarm agrees.",
        "Fatigue of welded steel beams": "Cracks in steel welds grow under cyclic load.",
        "Steel corrosion in sea water": "Salt corrodes steel; coatings slow the loss of metal.",
        "Income tax and savings": "A tax on income changes what households save.",
        "Tax evasion by small firms": "Audits change the taxes that small firms declare.",
    }
    rows = [{"title": title, "abstract": text} for title, text in texts.items()]
    return make_papers([*rows, *more], source="test")


def test_the_rest_of_a_topic_comes_first(planted, by_topic) -> None:
    library = by_topic[1].head(30)
    ranked = rank_new(planted.papers, library, n=20)
    assert len(ranked) == 20 and list(ranked.columns[-3:]) == NEW
    assert ranked["paper_id"].isin(by_topic[1]["paper_id"]).all()
    assert not ranked["paper_id"].isin(library["paper_id"]).any()
    assert ranked["score"].between(0, 1).all()
    assert ranked["nearest_ids"].str.split("; ").explode().isin(library["paper_id"]).all()
    assert ranked["why"].str.contains("shares ").all()


def test_hidden_papers_of_the_library_have_scores_as_its_own(planted, by_topic) -> None:
    hidden = by_topic[1].iloc[30:]
    ranked = rank_new(planted.papers, by_topic[1].head(30), n=300).set_index("paper_id")["score"]
    assert 0.4 < ranked[hidden["paper_id"]].mean() < 0.6
    assert ranked.drop(hidden["paper_id"]).mean() < 0.05


def test_neither_order_of_rows_nor_index_changes_the_answer(planted, by_topic) -> None:
    papers, library = planted.papers, by_topic[0].head(15)
    before = papers.copy(), library.copy()
    ranked = rank_new(papers, library, n=40)
    mixed = rank_new(papers.sample(frac=1, random_state=1), library.iloc[::-1], n=40)
    pd.testing.assert_frame_equal(ranked, mixed)
    pd.testing.assert_frame_equal(papers, before[0])
    pd.testing.assert_frame_equal(library, before[1])


def test_the_same_paper_under_another_id_or_title_is_in_the_library() -> None:
    doi, title = "10.1000/bees.7", "Bees dance to tell where flowers are"
    papers = beekeeping({"title": "On the waggle", "doi": doi}, {"title": "Bees dance in the dark"})
    library = make_papers(
        [
            {"title": title.upper() + ".", "abstract": "Honey bees waggle."},
            {"title": "The waggle dance", "doi": doi.upper(), "id": "2401.00001"},
        ],
        source="other",
    )
    ranked = rank_new(papers, library, n=20)
    assert set(papers["title"]) - set(ranked["title"]) == {title, "On the waggle"}
    assert ranked["title"][:2].str.contains("ees").all()


def test_reasons_name_papers_terms_and_people() -> None:
    papers = beekeeping().assign(
        authors=["A. Lee; Bo Chen", "Karl Frisch", "A. Lee", pd.NA, "Wu, Bo", "Ann Lee"]
    )
    library = papers.iloc[[0]].assign(paper_id="title:0", title="Honey bees", authors="Ann Lee")
    library = pd.concat([library, library.assign(paper_id="title:1", title="A bee dance")])
    ranked = rank_new(papers, library, n=6).set_index("title")["why"]
    assert ranked.iloc[0].startswith("near “")
    assert "shares " in ranked["How honey bees choose a new nest"]
    assert "dance" in ranked["How honey bees choose a new nest"]
    assert "by Ann Lee (2 of the library)" in ranked["Tax evasion by small firms"]
    assert "by A. Lee, perhaps Ann Lee" in ranked["Fatigue of welded steel beams"]
    assert "by" not in ranked["Income tax and savings"].replace("by small", "").split("; ")[-1]


def test_names_turned_round_are_the_same_and_long_titles_are_cut() -> None:
    authors = LibraryAuthors(pd.DataFrame({"authors": ["Oak, Tim; Bo Elm", "Tim Oak", None]}))
    assert authors.shared("Tim Oak; Ada Fir") == "by Tim Oak (2 of the library)"
    assert authors.shared("Tom Oak") is None and authors.shared(pd.NA) is None


def test_given_names_that_contradict_are_no_reason() -> None:
    authors = LibraryAuthors(pd.DataFrame({"authors": ["Len Thomas; Robyn L. Bailey", "J. King"]}))
    assert authors.shared("Dana L. Thomas; Larissa L. Bailey; Alison J. King") is None
    assert authors.shared("John A. King") == "by John A. King, perhaps J. King"
    assert quoted(["x" * 200]) == "“" + "x" * 79 + "…”"


def test_what_is_not_wanted_goes_and_takes_its_like_down(planted, by_topic) -> None:
    library = pd.concat([by_topic[0].head(15), by_topic[1].head(15)])
    refused = by_topic[1].iloc[15:25]

    def part_of_topic_one(**more) -> float:
        ranked = rank_new(planted.papers, library, n=30, diversity=0, **more)
        assert ranked["paper_id"].isin(pd.concat(by_topic[:2])["paper_id"]).all()
        return float(ranked["paper_id"].isin(by_topic[1]["paper_id"]).mean())

    assert part_of_topic_one(not_like=refused) < 0.7 * part_of_topic_one()
    ranked = rank_new(planted.papers, library, n=300, not_like=refused["paper_id"])
    assert not ranked["paper_id"].isin(refused["paper_id"]).any()
    same = rank_new(planted.papers, library, n=300, not_like=refused)
    pd.testing.assert_frame_equal(ranked, same)


def test_recency_brings_new_papers_forward(planted, by_topic) -> None:
    library = by_topic[2].head(20)
    plain = rank_new(planted.papers, library, n=10)
    new = rank_new(planted.papers, library, n=10, recency=5, half_life="60D")
    assert new["published"].mean() > plain["published"].mean()
    assert new["why"].str.contains("; dated 202").all()
    assert not plain["why"].str.contains("dated").any()


def test_features_stand_in_for_prose(planted, by_topic) -> None:
    library, bare = by_topic[1].head(30), with_features(planted.papers).drop(columns="abstract")
    ranked = rank_new(bare, with_features(library).drop(columns="abstract"), n=20)
    assert ranked["paper_id"].isin(by_topic[1]["paper_id"]).all()
    mixed = rank_new(bare, library, n=20)
    assert mixed["paper_id"].isin(by_topic[1]["paper_id"]).mean() > 0.9


def test_vectors_of_your_own(planted, by_topic) -> None:
    papers, library = planted.papers, by_topic[1].head(30)
    given = toolkit.embed(papers), toolkit.embed(library)
    pd.testing.assert_frame_equal(
        rank_new(papers, library, vectors=given), rank_new(papers, library)
    )
    refused = by_topic[2].head(3)
    more = rank_new(
        papers, library, vectors=(*given, toolkit.embed(refused)), not_like=refused, n=5
    )
    ids = rank_new(papers, library, vectors=given, not_like=refused["paper_id"], n=5)
    pd.testing.assert_frame_equal(more, ids)
    with pytest.raises(DataError, match=r"'vectors': not one array.*found .1 of them.*\(papers, l"):
        rank_new(papers, library, vectors=given[:1])
    with pytest.raises(DataError, match=r"vectors of library do not fit.*expected shape \(30, 256"):
        rank_new(papers, library, vectors=(given[0], given[0]))


def test_rows_without_anything_come_last_and_are_counted() -> None:
    papers = beekeeping({"title": "???"}, {"title": "— —", "abstract": "Bees dance on steel."})
    library = papers.head(2).assign(paper_id=["title:0", "title:1"], title=["Bees", "Bee nests"])
    with pytest.warns(UserWarning, match="1 of 10 papers have neither text nor a vector"):
        ranked = rank_new(papers, library, n=50)
    assert len(ranked) == 8 and ranked["title"].iloc[-1] == "???"
    assert ranked[NEW].iloc[-1].isna().all() and ranked[NEW].iloc[:-1].notna().all(axis=None)
    with pytest.warns(UserWarning, match="neither text"):
        assert len(rank_new(papers, library, n=3)) == 3
    with (
        pytest.warns(UserWarning, match="neither text"),
        pytest.raises(DataError, match="no paper of the library has text or a vector"),
    ):
        rank_new(papers.head(4), papers.iloc[[6]])


def test_small_and_odd_input() -> None:
    papers = beekeeping()
    with pytest.raises(DataError, match=r"the library is empty.*rank_new\(papers, library\)"):
        rank_new(papers, papers.head(0))
    with pytest.warns(UserWarning, match="none of the 6 papers is left"):
        none = rank_new(papers, papers)
    assert none.empty and list(none.columns) == [*papers.columns, *NEW]
    with pytest.warns(UserWarning, match="no papers to rank"):
        assert rank_new(papers.head(0), papers).empty
    one = rank_new(papers, papers.head(1), n=3)
    assert "honey bees" in one["title"][0] and one["score"].isna().all()
    last = rank_new(papers.tail(1), papers.head(5))
    assert len(last) == 1 and last["score"].between(0, 1).all()
    single = rank_new(papers.head(1), papers.tail(1))
    assert len(single) == 1 and single["nearest_ids"][0] == papers["paper_id"].iloc[-1]
    titles = rank_new(papers.drop(columns="abstract"), papers[["paper_id", "title"]].head(2), n=9)
    assert len(titles) == 4 and titles["why"].notna().all()


@pytest.mark.parametrize("held", [1, 2, 3])
def test_of_one_or_two_papers_the_scores_say_little(held, recwarn) -> None:
    papers = beekeeping()
    ranked = rank_new(papers, papers.head(held), n=3)
    told = [str(one.message) for one in recwarn if "scores say little" in str(one.message)]
    assert len(ranked) == 3 and len(told) == (held < 3)


def test_hostile_titles_stay_text() -> None:
    odd = ["=HYPERLINK(0)", "a; b | “c”\u2028d", "<script>bees</script>", "x" * 20_000, "\u202e蜂"]
    papers = beekeeping(*({"title": title, "abstract": "Bees dance."} for title in odd))
    ranked = rank_new(papers, papers.iloc[6:8], n=20)
    assert len(ranked) == 9
    assert not ranked["why"].str.contains("[\n\u2028]").any()
    assert ranked["why"].str.len().max() < 600
    again = rank_new(ranked, papers.iloc[6:8], n=20)
    assert list(again.columns) == list(ranked.columns), "own columns are replaced"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"n": 0}, "'n': not a count: found 0"),
        ({"diversity": -1}, "'diversity': not a weight: found -1, expected 0 or more"),
        ({"recency": float("nan")}, "'recency': not a weight"),
        ({"recency": None}, "'recency': not a weight: found None, expected 0 or more"),
        ({"diversity": "1"}, "'diversity': not a weight.*This is text: leave the quotes out"),
        ({"n": "3"}, "'n': not a count: found '3', .*This is text: leave the quotes out"),
        ({"half_life": "six months"}, "'half_life': not a duration: found 'six months'"),
        ({"half_life": []}, "'half_life': not a duration"),
        ({"recency": 1, "half_life": "soon"}, "'half_life': not a duration"),
        ({"not_like": "title:1"}, "'not_like': not a list of papers"),
        ({"not_like": ["Income tax and savings"]}, "'not_like': a title, not an id"),
    ],
)
def test_bad_arguments(more, message) -> None:
    papers = beekeeping()
    with pytest.raises(DataError, match=message):
        rank_new(papers, papers.head(2), **more)
    with pytest.raises(DataError, match="in the library and not wanted"):
        rank_new(papers, papers.head(2), not_like=papers.head(1))


def test_nearest_by_hand_without_the_paper_itself() -> None:
    places = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    held = np.array([True, True, True, False])
    # Of the library: the first two see one another and the third; the third sees neither.
    assert nearest_mean(places, held).tolist() == [0.5, 0.5, 0, 0]
    assert nearest_mean(places, np.array([True, False, False, False])).tolist() == [0, 1, 0, 0]


def test_the_line_is_the_one_fitted_without_each_paper() -> None:
    rng = np.random.default_rng(0)
    places = rng.normal(size=(12, 3)).astype(np.float32)
    role = np.array([LIBRARY] * 4 + [RANKED] * 6 + [UNWANTED] * 2)
    weight = np.array([1 / 8] * 4 + [0.75 / 12] * 6 + [0.25 / 4] * 2)
    target = np.array([1.0] * 4 + [-1] * 8)
    centred = places - weight @ places
    ridge = 10 * np.trace((centred * weight[:, None]).T @ centred) / 3
    for left_out, found in enumerate(_fit_line(places, role)):
        kept = np.arange(12) != left_out
        design = np.column_stack([np.ones(11), places[kept]])
        normal = design.T @ (design * weight[kept, None]) + np.diag([0, ridge, ridge, ridge])
        answer = np.linalg.solve(normal, design.T @ (weight[kept] * target[kept]))
        assert found == pytest.approx(answer[0] + places[left_out] @ answer[1:], abs=1e-5)


def test_diversity_by_hand() -> None:
    places = np.array([[1, 0], [0.6, 0.8], [1, 0], [0, 1]], dtype=np.float32)
    value = np.array([2.0, 1.5, 1.9, 1.0])
    assert choose(value, places, 4, 0) == [0, 2, 1, 3]
    # After the first: 1.5 - 0.6, 1.9 - 1, 1 - 0; then 1.5 - 0.8 against 1.9 - 1.
    assert choose(value, places, 4, 1.0) == [0, 3, 2, 1]
    assert choose(value, places, 2, 1.0) == [0, 3]
    assert choose(value[:0], places[:0], 5, 1.0) == []
