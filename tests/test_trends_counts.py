"""Papers by value of a column: full and fractional counts, first and last, variants told."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.intervals import wilson
from toolkit.papers import papers_with
from toolkit.papers.names import find_variants
from toolkit.papers.values import spelling_key


def make(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    ids = [f"title:{place:016x}" for place in range(n)]
    return pd.DataFrame({"paper_id": ids, "title": [f"Paper {n}" for n in ids], **columns})


def test_full_and_fractional_counts_by_hand():
    papers = make(
        countries=["Chile; Peru; Peru", "Chile", " Peru ;Cuba;Chile;", None],
        published=pd.to_datetime(["2021-01-01", "2019-05-06", "2023-01-01", "2024-01-01"]),
    )
    with pytest.warns(UserWarning, match="left out: 1 of 4 papers without 'countries'"):
        table = toolkit.count_by(papers, "countries")
    assert table["value"].tolist() == ["Chile", "Peru", "Cuba"]
    assert table["papers"].tolist() == [3, 2, 1] and table["papers"].dtype == "int64"
    assert table["share"].tolist() == [1, 2 / 3, 1 / 3]
    low, high = wilson(2, 3)
    assert table.loc[1, ["low", "high"]].tolist() == [low, high]
    assert table["first"].dt.year.tolist() == [2019, 2021, 2023]
    assert table["last"].dt.year.tolist() == [2023, 2023, 2023]
    assert table["variants"].isna().all()
    with pytest.warns(UserWarning, match="left out"):
        parts = toolkit.count_by(papers, "countries", counting="fractional")
    assert parts["papers"].tolist() == pytest.approx([1 / 2 + 1 + 1 / 3, 1 / 2 + 1 / 3, 1 / 3])
    assert parts["share"].sum() == pytest.approx(1)


def test_names_of_authors_are_told_and_counted_apart():
    papers = make(authors=["Ann Lee; Bo Oak", "A. Lee", "Amy Lee", "B. X. Oak", "Lee, Ann", "Cy"])
    said = r"authors: 6 of 7 values may be the same person's as others, such as 'A. Lee' and 'A"
    with pytest.warns(UserWarning, match=said):
        table = toolkit.count_by(papers, "authors").set_index("value")
    assert table["papers"].tolist() == [1] * 7
    assert table["variants"].dropna().to_dict() == {
        "A. Lee": "Amy Lee | Ann Lee | Lee, Ann",
        "Amy Lee": "A. Lee",
        "Ann Lee": "A. Lee | Lee, Ann",
        "B. X. Oak": "Bo Oak",
        "Bo Oak": "B. X. Oak",
        "Lee, Ann": "A. Lee | Ann Lee",
    }


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Ann Lee", "Ann B. Lee", True),
        ("A. B. Lee", "A. C. Lee", False),
        ("Ann Lee", "Anna Lee", False),
        ("José Álvarez", "Jose Alvarez", True),
        ("Wang J", "Jun Wang", True),
        ("J. Wang", "J. Zhang", False),
        ("WHO", "Who", True),
        ("Dana L. Thomas", "Len Thomas", False),
        ("Larissa L. Bailey", "Robyn L. Bailey", False),
        ("Thomas M. McCarthy", "Michael McCarthy", False),
        ("John King", "Alison J. King", False),
        ("J. King", "John A. King", True),
        ("J. A. King", "John B. King", False),
        ("JA King", "John Adam King", True),
        ("Carlos Alva-Diaz", "Carlos Palomino-Diaz", False),
        ("Carlos Alva-Diaz", "Juan Carlos Diaz", False),
        ("Carlos Alva-Diaz", "Carlos Diaz", False),
        ("Carlos Alva-Diaz", "C. Alva", True),
        ("Carlos Alva Diaz", "Carlos Alva-Diaz", True),
        ("Alva Diaz, C.", "Carlos Alva-Diaz", True),
        ("J. van der Berg", "Jan van der Berg", True),
        ("J. van der Berg", "Jan van Dyk", False),
        ("Jean-Pierre Martin", "J.-P. Martin", True),
        ("Xiao-Ming Wang", "Xiaoming Wang", True),
        ("Martin King Jr.", "M. King", True),
        ("Li J", "J LI", True),
        ("Lee", "Ann Lee", False),
    ],
)
def test_who_may_be_one_person(one, two, same):
    assert bool(find_variants([one, two], people=True)) == same


def test_venues_join_and_so_do_keywords_in_capitals():
    papers = make(
        venue=["Journal of Trees", "THE JOURNAL OF TREES", "Journal of Trees"],
        keywords=["Oak; elm", "oak", "Elm tree"],
    )
    with pytest.warns(UserWarning, match="1 of 2 names of venues looks like .* counts under it"):
        venues = toolkit.count_by(papers, "venue")
    assert venues[["value", "papers"]].to_numpy().tolist() == [["Journal of Trees", 3]]
    with pytest.warns(UserWarning, match="keywords: 1 of 4 differs from another in capitals"):
        words = toolkit.count_by(papers, "keywords")
    assert words["value"].tolist() == ["Oak", "Elm tree", "elm"]


def test_spellings_of_authors_and_institutions_join_under_the_most_frequent():
    papers = make(
        authors=[
            "Robert H. Gilman; Carlos Alva-Diaz",
            "Robert H Gilman; Carlos Alva-Díaz",
            "Robert H Gilman; Carlos Alva‐Díaz,",
        ],
        affiliations=[
            "1 Universidad Científica del Sur, Lima",
            "Universidad Cientifica del Sur., Lima",
            "¹Universidad Científica del Sur, Lima",
        ],
    )
    with pytest.warns(UserWarning, match="authors: 3 of 5 differ from another in cap"):
        people = toolkit.count_by(papers, "authors")
    assert people["value"].tolist() == ["Carlos Alva-Díaz", "Robert H Gilman"]
    assert people["papers"].tolist() == [3, 3] and people["variants"].isna().all()
    with pytest.warns(UserWarning, match="institutions: 2 of 3 differ from another in capitals"):
        places = toolkit.count_by(papers, "institutions")
    # A spelling with a number before it stands for the others only where there is no other.
    assert places[["value", "papers"]].values.tolist() == [["Universidad Cientifica del Sur.", 3]]
    found = papers_with(papers, "authors", "robert h. gilman")
    assert found["paper_id"].tolist() == papers["paper_id"].tolist()


@pytest.mark.parametrize(
    ("one", "two", "column", "same"),
    [
        ("3D printing", "D printing", "keywords", False),
        ("5 fluorouracil", "fluorouracil", "keywords", False),
        (".NET", "net", "keywords", False),
        ("web 2.0", "web 20", "keywords", False),
        ("Beyoğlu", "beyoglu.", "keywords", True),
        ("が", "か", "keywords", False),
        ("A. Lee", "A B Lee", "authors", False),
        ("2Hospital Wax", "Hospital Wax", "institutions", True),
        ("1st Hospital", "st Hospital", "institutions", False),
        ("Univ Wax", "University Wax", "institutions", False),
    ],
)
def test_what_is_one_spelling(one, two, column, same):
    assert (spelling_key(one, column) == spelling_key(two, column)) == same


def test_messages_name_the_argument_and_what_was_meant():
    papers = make(countries=["Chile", "Peru"], affiliations=["Univ Wax", "Univ Oak"])
    with pytest.raises(DataError, match=r"'column'.*found 'country'.*Did you mean 'countries'"):
        toolkit.count_by(papers, "country")
    with pytest.raises(DataError, match="Did you mean 'institutions'"):
        toolkit.count_by(papers, "institution")
    with pytest.raises(DataError, match=r"The names are .*'institutions'"):
        toolkit.count_by(papers, "colour")
    with pytest.raises(DataError, match=r"'of'.*found 'country'"):
        toolkit.find_network(papers, of="country", how="co-occurrence")


def test_any_column_and_bad_ones():
    papers = make(stars=pd.array([3, None, 3], dtype="Int64"), empty=pd.array([None] * 3, "string"))
    with pytest.warns(UserWarning, match="left out: 1 of 3"):
        table = toolkit.count_by(papers, "stars")
    assert table.loc[0, ["value", "papers"]].tolist() == ["3", 2]
    assert table["first"].isna().all(), "there are no dates"
    with pytest.raises(DataError, match="column 'empty': the column holds nothing to count"):
        toolkit.count_by(papers, "empty")
    with pytest.raises(DataError, match="lacks a column"):
        toolkit.count_by(papers, "colour")
    with pytest.raises(DataError, match="unknown way of counting: found 'half'"):
        toolkit.count_by(papers, "stars", counting="half")
    with pytest.raises(DataError, match="not the name of a column"):
        toolkit.count_by(papers, ["stars"])
    with pytest.raises(DataError, match="not a papers table"):
        toolkit.count_by([1], "stars")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(st.sampled_from(["Ash", "Elm", "Oak"]), max_size=4), min_size=1, max_size=9),
    st.randoms(),
)
def test_always(lists, rng):
    papers = make(keywords=pd.array(["; ".join(some) or None for some in lists], dtype="string"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if not any(lists):
            return
        full = toolkit.count_by(papers, "keywords")
        parts = toolkit.count_by(papers, "keywords", counting="fractional")
        order = list(range(len(lists)))
        rng.shuffle(order)
        pd.testing.assert_frame_equal(full, toolkit.count_by(papers.iloc[order], "keywords"))
    filled = sum(bool(some) for some in lists)
    assert full["papers"].sum() == sum(len(set(some)) for some in lists)
    assert parts["papers"].sum() == pytest.approx(filled)
    assert (full["papers"] <= filled).all()
    for table in (full, parts):
        assert (table["low"] <= table["share"] + 1e-9).all() and (table["low"] >= 0).all()
        assert (table["share"] <= table["high"] + 1e-9).all() and (table["high"] <= 1).all()
