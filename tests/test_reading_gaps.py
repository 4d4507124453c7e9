"""What a library lacks: works that it cites, topics that it hardly covers; citations as reasons."""

from __future__ import annotations

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.reading import find_gaps, find_missing, rank_new
from toolkit.reading.cited import citations

OAK = "OAK A, 2001, J BEES, V12, P345"
ELM = "ELM B, 1999, J WAX, V1, P2, DOI 10.1000/elm"
FIR = "FIR C, 2010, HIVE, V7, P8"


@pytest.fixture
def library() -> pd.DataFrame:
    return make_papers(
        [
            {"title": "On bees and wax", "references": f"{OAK}; {ELM}; {FIR}", "doi": "10.1000/1"},
            {"title": "On hives", "references": f"{OAK}; {ELM}; {OAK}"},
            {
                "title": "On honey",
                "references": f"{OAK}, DOI 10.1000/oak; X, 2000, Y, DOI 10.1000/1",
            },
            {"title": "On flowers"},
        ],
        source="test",
    )


def test_works_that_are_cited_and_not_held(library) -> None:
    field = make_papers([{"title": "Elm on the wax of bees", "doi": "10.1000/elm"}], source="test")
    with pytest.warns(UserWarning, match="left out: 1 of 4 papers of the library without refer"):
        found = find_missing(library, papers=field)
    # The first paper of the library, cited by the third, is held; Fir is cited once.
    assert found["work"].str[:3].tolist() == ["OAK", "ELM"]
    assert found["cited_by"].tolist() == [3, 2]
    assert found["share"].tolist() == pytest.approx([1, 2 / 3])
    # Wilson's lower bounds: 3 / (3 + 1.96²), and that of 2 of 3.
    assert found["low"].round(3).tolist() == [0.439, 0.208]
    assert found["paper_id"].fillna("").tolist() == ["", "doi:10.1000/elm"]
    assert found["title"].fillna("").tolist() == ["", "Elm on the wax of bees"]
    assert found["citing_ids"][1] == "; ".join(library["paper_id"].iloc[:2])
    with pytest.warns(UserWarning, match="left out"):
        assert len(find_missing(library, least=1)) == 3
    held = pd.concat([library, field], ignore_index=True)
    with pytest.warns(UserWarning, match="left out: 2 of 5"):
        assert find_missing(held, papers=field)["work"].str[:3].tolist() == ["OAK"]


def test_a_library_without_references_says_so(library) -> None:
    with pytest.raises(DataError, match="no references"):
        find_missing(library.drop(columns="references"))
    with pytest.raises(DataError, match="the library is empty"):
        find_missing(library.head(0))
    with pytest.raises(DataError, match="'least': not a count"):
        find_missing(library, least=0)


def test_citations_either_way_are_reasons(library) -> None:
    field = make_papers(
        [
            {"title": "Elm on the wax of bees", "doi": "10.1000/elm"},
            {"title": "Bees again", "references": "Z, 2001, Q, DOI 10.1000/1"},
            {"title": "Steel beams"},
        ],
        source="test",
    )
    assert citations(field, library) == ({1: [0]}, {0: [0, 1]})
    why = rank_new(field, library, n=3).set_index("title")["why"]
    assert "; cites “On bees and wax”" in why["Bees again"]
    cited = why["Elm on the wax of bees"]
    assert "; cited by “On " in cited and "“On hives”" in cited and "“On bees and wax”" in cited
    assert "cite" not in why["Steel beams"]
    # Another paper under an id of the library: a chapter under the DOI of its book.
    chapter = field.iloc[[2]].assign(paper_id=library["paper_id"].iloc[0])
    assert citations(chapter, library) == ({}, {})


@pytest.fixture(scope="module")
def field():
    planted = toolkit.plant_collection(n_papers=400, n_topics=4, seed=2)
    return planted, toolkit.fit_topics(planted.papers, n_topics=4)


def test_a_threshold_above_all_counts_says_so(library) -> None:
    full = library.head(3)
    with pytest.warns(UserWarning, match=r"cited by 9,999 of its papers: the most cited by 3 \(le"):
        assert find_missing(full, least=9999).empty


def test_gaps_of_a_library_of_one_paper_say_little(field) -> None:
    planted, topics = field
    with pytest.warns(UserWarning, match="the library has one paper with text"):
        find_gaps(planted.papers, planted.papers.head(1), topics=topics)


def test_the_reason_says_what_there_is_to_read(field) -> None:
    planted, topics = field
    by_topic = [planted.papers[planted.truth["topic"] == topic] for topic in range(2)]
    gaps = find_gaps(planted.papers, by_topic[0].head(60), topics=topics)
    title = planted.papers.set_index("paper_id")["title"]
    for row in gaps.itertuples():
        held = row.held or "none"
        assert row.why.startswith(f"{row.near} paper") and f"beside {held} of this" in row.why
        assert f"; to read: “{title[row.paper_ids.partition('; ')[0]]}" in row.why


def test_a_topic_of_which_little_is_held_is_a_gap(field) -> None:
    planted, topics = field
    by_topic = [planted.papers[planted.truth["topic"] == topic] for topic in range(4)]
    library = pd.concat([by_topic[0].head(80), by_topic[1].head(80), by_topic[2].head(25)])
    gaps = find_gaps(planted.papers, library, topics=topics)
    first = gaps.iloc[0]
    assert set(first["paper_ids"].split("; ")) <= set(by_topic[2]["paper_id"])
    assert not set(first["paper_ids"].split("; ")) & set(library["paper_id"])
    assert (gaps["low"] <= gaps["covered"]).all() and (gaps["covered"] <= gaps["high"]).all()
    assert gaps["high"].is_monotonic_increasing
    assert first["covered"] == first["held"] / (first["held"] + first["near"])
    assert f"beside {first['held']} of this topic" in first["why"]
    mixed = find_gaps(planted.papers.sample(frac=1, random_state=0), library, topics=topics)
    pd.testing.assert_frame_equal(gaps, mixed)


def test_a_library_of_other_papers_is_placed_in_the_topics(field) -> None:
    planted, topics = field
    library = toolkit.plant_collection(n_papers=40, n_topics=2, seed=9).papers
    gaps = find_gaps(planted.papers, library, topics=topics, n=3)
    assert 1 <= len(gaps) <= 3 and gaps["held"].sum() > 10
    with pytest.raises(DataError, match="'topics': not a topic model"):
        find_gaps(planted.papers, library, topics=planted.papers)
    with pytest.raises(DataError, match="library is empty"):
        find_gaps(planted.papers, library.head(0), topics=topics)
