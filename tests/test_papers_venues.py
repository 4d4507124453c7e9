"""Spellings of one venue count as one, other venues do not, and nothing happens in silence."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.papers import make_papers, venue_names
from toolkit.papers.venues import abbreviates, fold_venue, same_venue, venue_forms
from toolkit.rates import availability
from toolkit.trends import topic_trends


def papers_of(*venues: str | None) -> pd.DataFrame:
    rows = [{"title": f"Oaks {i}", "venue": venue, "year": 2020} for i, venue in enumerate(venues)]
    return make_papers(rows, source="test", clean=False)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Journal of Oak Studies", "JOURNAL OF OAK STUDIES."),
        ("Oaks & Elms", "Oaks and Elms"),
        ("The Annals of Oaks", "Annals of Oaks"),
        ("Oak Reports (Online)", "Oak Reports"),
        ("Oak Reports : the official journal of the Society of Oaks", "Oak Reports"),
        ("Revista de árboles", "REVISTA DE ARBOLES"),
        ("J. Clin. Epidemiol.", "Journal of Clinical Epidemiology"),
        ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences U S A"),
        ("Dtsch Med Wochenschr", "Deutsche Medizinische Wochenschrift"),
        ("J Hydrol", "Journal of Hydrology"),
        ("J. Hydrology", "Journal of Hydrology"),
        ("Marine Biotechnol.", "Marine Biotechnology"),
        ("Int. J. Oaks", "International Journal of Oaks"),
        ("Langenbeck's Archives of Oaks", "Langenbecks Arch. Oaks"),
    ],
)
def test_spellings_of_one_venue(one, two):
    assert same_venue(fold_venue(one), fold_venue(two))
    assert venue_names(papers_of(one, two, two))["name"].nunique() == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Plant Science", "Plant Sciences"),
        ("Tree", "Trees"),
        ("Physical Review A", "Physical Review E"),
        ("Physical Review A", "Physical Review Applied"),
        ("Oak Today: Rheumatology", "Oak Today: Haematology"),
        ("Circulation", "Circulation: Heart Failure"),
        ("Journal of Electron Devices", "Journal of Electronic Devices"),
        ("MIS Quarterly", "McKinsey Quarterly"),
        ("Annals (Part B)", "Annals (Part C)"),
        ("Journal of Oaks", "Journal of Elms"),
        ("Nat.", "Nature"),
        ("Journal of Hydrology", "Journal of Hydrometeorology"),
        ("Journal of Economics", "Journal of Econometrics"),
        ("Marine Biology", "Marine Biotechnology"),
        ("Marine Biology.", "Marine Biotechnology"),
        ("Social Work", "Social Workers"),
    ],
)
def test_other_venues(one, two):
    assert not same_venue(fold_venue(one), fold_venue(two))
    assert venue_names(papers_of(one, two, two))["name"].nunique() == 2


def test_an_abbreviation_of_two_venues_is_left_alone():
    table = venue_names(
        papers_of("J. Comput. Sci.", "Journal of Computer Science", "Journal of Computing Sciences")
    )
    assert table["name"].tolist() == table["venue"].tolist()


def test_the_form_is_the_spelling_in_full_that_most_papers_have():
    papers = papers_of(
        "J. Oak", "J. Oak", "J. Oak", "JOURNAL OF OAK", "Journal of Oak", "The Journal of Oak",
        "Journal of Oak", None, "Elms",
    )  # fmt: skip
    table = venue_names(papers)
    assert table.columns.tolist() == ["venue", "name", "papers"]
    assert table["papers"].tolist() == [3, 2, 1, 1, 1]
    assert table["name"].tolist() == ["Journal of Oak"] * 4 + ["Elms"]
    with pytest.warns(UserWarning, match="3 of 5 names of venues look like .*J. Oak.*by='journal'"):
        forms = venue_forms(papers)
    assert forms.value_counts().to_dict() == {"Journal of Oak": 7, "Elms": 1}
    assert forms.isna().tolist() == papers["venue"].isna().tolist()


@pytest.mark.filterwarnings("ignore:.*names of venues look")
@pytest.mark.filterwarnings("ignore:.*neither an abstract nor features")
def test_counts_by_venue_join_spellings():
    papers = papers_of("J. Oak", "Journal of Oak", "Oak & Elm", "Oak and Elm", "Elms")
    trends = topic_trends(papers, by="venue", freq="Y")
    assert trends.set_index("topic")["papers"].to_dict() == {
        "Journal of Oak": 2, "Oak & Elm": 2, "Elms": 1,
    }  # fmt: skip
    rates = availability(papers.assign(abstract="Code: https://github.com/a/b"), by="venue")
    assert set(rates["group"]) == {"Journal of Oak", "Oak & Elm", "Elms"}


def test_serial_numbers_that_disagree_keep_names_apart():
    papers = papers_of("J. Oak Stud.", "Journal of Oak Studies", "Journal of Oak Studies")
    assert venue_names(papers)["name"].nunique() == 1
    same = papers.assign(issn=["1234-567X", "1234567x; 0000-0001", None])
    assert venue_names(same)["name"].nunique() == 1
    assert venue_names(papers.assign(issn=["1234-5678", "8765-4321", None]))["name"].nunique() == 2


def test_without_venues():
    assert venue_names(papers_of(None)).empty
    assert venue_names(pd.DataFrame({"paper_id": ["a"], "title": ["b"]})).empty


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_name_has_one_form_and_no_paper_is_lost(venues):
    papers = pd.DataFrame({"venue": pd.array(venues, dtype="string")})
    table = venue_names(papers)
    assert table["papers"].sum() == len(venues)
    assert sorted(table["venue"]) == sorted(set(venues))
    assert set(table["name"]) <= set(venues)
    turned = venue_names(papers.iloc[::-1])
    pd.testing.assert_frame_equal(turned, table)


@example("A:A", "").via("discovered failure")
@example("The a b", "").via("discovered failure")
@given(st.text(max_size=20), st.text(max_size=20))
def test_folding_never_fails(one, two):
    assert fold_venue(fold_venue(one)) == fold_venue(one)
    assert abbreviates(one.lower(), two.lower()) in (True, False)
