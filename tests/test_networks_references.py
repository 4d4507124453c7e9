"""References: a cell into references, one work from its forms, which paper it is."""

from __future__ import annotations

import json
import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.networks import find_network, match_references
from toolkit.networks.reference_text import author_key, read_reference, split_references

OLD_DOI = (
    "Fierro R, 1997, J ROBOTIC SYST, V14, P149, "
    "DOI 10.1002/(SICI)1097-4563(199703)14:3<149::AID-ROB1>3.0.CO;2-R"
)


def cited(*cells: str | None, **columns) -> pd.DataFrame:
    names = [f"p{place}" for place in range(len(cells))]
    titles = columns.pop("title", [f"A paper with the number {name}" for name in names])
    references = pd.array(cells, dtype="string")
    return pd.DataFrame({"paper_id": names, "title": titles, "references": references, **columns})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("OAK A, 2001, X; ELM B, 2002, Y", ["OAK A, 2001, X", "ELM B, 2002, Y"]),
        ("A;B; ;C;", ["A", "B", "C"]),
        ("", []),
        # The semicolon of a SICI, as it stands and with a blank behind it.
        (f"{OLD_DOI}; ELM B, 2002, Y", [OLD_DOI, "ELM B, 2002, Y"]),
        (f"{OLD_DOI.replace('CO;', 'CO; ')}; Z", [OLD_DOI, "Z"]),
        ("Oak A, Bees &amp; wax; Elm B, Wax", ["Oak A, Bees &amp;wax", "Elm B, Wax"]),
        # Scopus: semicolons between authors, too.
        (
            "Oak A.; van Elm B.C.; D'Fir D.-E., On bees, J Bees, 3, (2001); Bees of Utopia, (2002)",
            ["Oak A.; van Elm B.C.; D'Fir D.-E., On bees, J Bees, 3, (2001)",
             "Bees of Utopia, (2002)"],
        ),
        ("Oak, A.; Elm, B., On bees (2001) J Bees; W2", ["Oak, A.; Elm, B., On bees (2001) J Bees",
                                                        "W2"]),
        ("Oak, A., Elm, B., On bees (2001) J Bees; Fir, C., Wax (2002) W",
         ["Oak, A., Elm, B., On bees (2001) J Bees", "Fir, C., Wax (2002) W"]),
        ("Oak GA; Elm B; Fir C, On bees, J Bees, 3, (2001); OAK A; ELM B, 2002, Y",
         ["Oak GA; Elm B; Fir C, On bees, J Bees, 3, (2001)", "OAK A", "ELM B, 2002, Y"]),
        ("On bees, (2001); Oak A.", ["On bees, (2001)", "Oak A."]),
        ("https://openalex.org/W12; https://openalex.org/W34",
         ["https://openalex.org/W12", "https://openalex.org/W34"]),
    ],
)  # fmt: skip
def test_cells_are_split_at_the_right_semicolons(cell, expected):
    assert split_references(cell) == expected


@given(st.lists(st.text("abcXYZ 0123,.()&;<>/-", max_size=30), max_size=8))
def test_splitting_loses_no_letter(parts):
    cell = "; ".join(parts)
    joined = "".join("".join(split_references(cell)).split()).replace(";", "")
    assert joined == "".join(cell.split()).replace(";", "")


@pytest.mark.parametrize(
    ("form", "ids", "rest"),
    [
        ("OAK AB, 2001, J BEES, V12, P345, DOI 10.1000/AbC", ("doi:10.1000/abc",),
         ("oak a", "2001", "j bees", "12", "345")),
        ("Oak A. B., 2001, J BEES, V12, pE45, DOI [10.1000/x, DOI 10.1000/X]", ("doi:10.1000/x",),
         ("oak a", "2001", "j bees", "12", "e45")),
        ("Oak A, 2001, J BEES, VS12, ARTN 77", (), ("oak a", "2001", "j bees", "s12", "77")),
        ("2001, J BEES, V12, P345", (), ("", "2001", "j bees", "12", "345")),
        ("[Anonymous], 2018, A TITLE", (), ("", "2018", "a title", "", "")),
        ("Oak, A.B., Elm, C., Bees, wax and all (2001) J Bees, 12 (3), pp. 345-350", (),
         ("oak a", "2001", "", "12", "345")),
        ("Oak A B, Elm C, Bees of the world, J Bees, 12, 3, pp. 345-350, (2001)", (),
         ("oak a", "2001", "", "12", "345")),
        ("Oak A.; Elm C., Bees, J Bees, 57, (2001)", (), ("oak a", "2001", "", "", "")),
        ("A book about bees 1999 doi:10.1000/b", ("doi:10.1000/b",), ("", "1999", "", "", "")),
        ("arXiv:2101.00001v2", ("arxiv:2101.00001",), ("", "", "", "", "")),
        ("Bees doi:10.48550/arxiv.2101.00001", ("arxiv:2101.00001",), ("", "", "", "", "")),
        ("https://openalex.org/W123", ("openalex:w123",), ("", "", "", "", "")),
        ("Bees pmid:123", ("pmid:123",), ("", "", "", "", "")),
        (OLD_DOI, ("doi:10.1002/(sici)1097-4563(199703)14:3<149::aid-rob1>3.0.co;2-r",),
         ("fierro r", "1997", "j robotic syst", "14", "149")),
    ],
)  # fmt: skip
def test_parts_of_a_reference(form, ids, rest):
    read = read_reference(form)
    assert read.ids == ids
    assert (read.author, read.year, read.source, read.volume, read.page) == rest


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BAILEY T.N.", "bailey t"), ("Collins M. R.", "collins m"), ("Cullen Jr L.", "cullen l"),
        ("VAN DER BERG J", "vanderberg j"), ("Ñandú, José", "nandu j"), ("World Bank", "worldbank"),
        ("Li X", "li x"), ("", ""), ("Anonymous", ""),
    ],
)  # fmt: skip
def test_authors_of_references(name, key):
    assert author_key(name) == key


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        # A DOI decides, but not against author and year.
        ("OAK A, 2001, X, DOI 10.1000/a", "Oak A., 2001, Y, V1, P2, DOI 10.1000/A", True),
        ("OAK A, 2001, X, DOI 10.1000/a", "FIR C, 1968, Y, DOI 10.1000/a", False),
        ("OAK A, 2001, X, DOI 10.1000/a", "FIR C, 2002, Y, DOI 10.1000/a", True),
        # Author, year, volume, page, whatever the source is called.
        ("OAK AB, 2001, J BEES, V12, P345", "Oak A., 2001, Journal of Bees, V12, P345", True),
        ("OAK A, 2001, J BEES, V12, P345",
         "Oak A.; Elm B., On bees, Journal of Bees, 12, 3, pp. 345-350, (2001)", True),
        ("OAK A, 2001, J BEES, V12, P345", "OAK A, 2001, J BEES, V12, P346", False),
        ("OAK A, 2001, J BEES, V12, P345", "OAK A, 2002, J BEES, V12, P345", True),
        ("OAK A, 2001, J BEES, V12, P345", "OAK A, 2003, J BEES, V12, P345", False),
        ("OAK A, 2001, J BEES, V12, P345", "OAK A, 2002, WAX, V12, P345", False),
        ("OAK A, 2001, J BEES, V12, P345", "ELM A, 2001, J BEES, V12, P345", False),
        # Two articles of one volume without pages are told apart by their DOIs alone.
        ("OAK A, 2001, PLOS ONE, V8, DOI 10.1000/a", "OAK A, 2001, PLOS ONE, V8, DOI 10.1000/b",
         False),
        ("OAK AB, 2001, PLOS ONE, V8", "OAK AC, 2001, PLOS ONE, V8", False),
        # Books: the words of one title abbreviate the other's.
        ("BURNHAM K, 2002, MODEL SELECTION MULT", "Burnham K. P., 2002, MODEL SELECT MULTIMO, P9",
         True),
        ("BURNHAM K, 2002, MODEL SELECTION MULT", "BURNHAM K, 1998, MODEL SELECTION MULT", False),
        ("OAK A, 2001, P 1 INT C BEES, P9", "OAK A, 2001, P 1 INT C BEES, P12", False),
        # Titles.
        ("Oak A.; Elm B., The dances of honey bees in winter, J Bees, (2001)",
         "Oak A., The Dances of Honey Bees in Winter, Journal of Bees, 3, (2001)", False),
        ("Oak A.; Elm B., The dances of honey bees in winter and what they tell us, J Bees, (2001)",
         "Oak, A., The dances of honey bees in winter and what they tell us (2001) Bees, 3", True),
        # No more than words: case and punctuation.
        ("A Book of Bees", "a book of bees.", True),
        ("R1", "R2", False), ("C", "C++", True),
    ],
)  # fmt: skip
def test_one_work_or_two(one, two, same):
    found = match_references(cited(one, two))
    assert (found["work"].nunique() == 1) is same


def test_a_form_without_id_goes_to_the_only_work_with_its_words():
    forms = ["OAK A, 2001, WAX, DOI 10.1000/a", "OAK A, 2001, WAX"]
    assert match_references(cited(*forms))["work"].tolist() == [forms[0]] * 2
    third = "OAK A, 2001, WAX, DOI 10.1000/b"
    assert match_references(cited(*forms, third))["work"].tolist() == [*forms, third]


def test_the_most_frequent_form_names_the_work_and_the_others_are_variants():
    rare, usual = "Oak A. B., 2001, BEES, V1, P2", "OAK AB, 2001, BEES, V1, P2"
    papers = cited(f"{rare}; X", f"{usual}; X", f"{usual}; {rare}; X")
    found = match_references(papers)
    assert found["work"].tolist() == [usual, "X"] * 3
    assert found["form"].tolist() == [rare, "X", usual, "X", usual, "X"]
    with pytest.warns(UserWarning, match="1 of 3 forms count as a work that others write"):
        nodes = find_network(papers, of="references").nodes.set_index("id")
    assert nodes.loc[usual, ["papers", "label", "variants", "mean_year"]].tolist() == [
        3, "Oak AB (2001)", rare, 2001,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "columns"),
    [
        ("OAK A, 2001, J BEES, V12, P345", {"volume": ["12", None], "pages": ["345-350", None]}),
        ("anything, DOI 10.1000/A", {"doi": ["10.1000/a", None]}),
        ("https://openalex.org/W77", {"openalex_id": ["https://openalex.org/W77", None]}),
        ("W77", {"url": ["https://openalex.org/W77", None]}),
        ("Some title pmid:55", {"pmid": ["55", None]}),
        ("012-345-678-901-234", {"lens_id": ["012-345-678-901-234", None]}),
        ("p0", {}),
        ("The dances of honey bees", {}),
        ("The Dances of Honey Bees s2:0123456789abcdef", {}),
        ("Oak A.; Elm B., The dances of honey bees, (2001)", {}),
    ],
)
def test_cited_works_are_found_among_the_papers(reference, columns):
    papers = cited(
        None, reference, title=["The dances of honey bees", "Wax"],
        authors=["Ann Oak; Bo Elm", "Cy Fir"], published=pd.to_datetime(["2001-02-03"] * 2),
        **columns,
    )  # fmt: skip
    assert match_references(papers)["cited_id"].tolist() == ["p0"]
    papers = papers.assign(references=papers["references"].fillna("OAK Z, 1666, NOTHING"))
    assert find_network(papers, how="citation").edges["target"].tolist() == ["p0"]


def test_other_papers_are_not_taken_for_cited_ones():
    papers = cited(
        None, "OAK A, 2001, J BEES, V12, P345; OAK B, 2001, WAX; The dances",
        title=["The dances of honey bees", "Wax"], authors=["Ann Oak", "Cy Fir"],
        published=pd.to_datetime(["2001-02-03"] * 2), volume=["12", None], pages=["346", None],
    )  # fmt: skip
    assert match_references(papers)["cited_id"].isna().all()


@pytest.mark.parametrize("papers", [cited(None, None), cited("", " ; ")])
def test_no_references_says_how_to_get_them(papers):
    with pytest.raises(DataError, match=r"the papers have no references.*Cited References"):
        match_references(papers)


def test_works_of_openalex_cite_each_other(tmp_path):
    works = [
        {"id": f"https://openalex.org/W{n}", "title": f"A work called {n}", "type": "article",
         "display_name": f"A work called {n}", "publication_date": "2020-01-01",
         "publication_year": 2020, "authorships": [], "cited_by_count": n,
         "referenced_works": [f"https://openalex.org/W{one}" for one in cited]}
        for n, cited in ((1001, [1002, 9000]), (1002, [9000, 9001]), (1003, [1001, 1002]))
    ]  # fmt: skip
    path = tmp_path / "works.json"
    path.write_text(json.dumps({"meta": {"count": 3}, "results": works}))
    papers = toolkit.load(path)
    names = dict(zip(papers["paper_id"], papers["title"].str[-4:], strict=True))
    edges = find_network(papers, how="citation").edges
    assert sorted(zip(edges["source"].map(names), edges["target"].map(names), strict=True)) == [
        ("1001", "1002"), ("1003", "1001"), ("1003", "1002"),
    ]  # fmt: skip
    coupled = find_network(papers, of="papers").edges
    assert {frozenset(one) for one in zip(coupled["source"].map(names),
            coupled["target"].map(names), strict=True)} == {
        frozenset(("1001", "1002")), frozenset(("1001", "1003")),
    }  # fmt: skip


def test_an_export_of_web_of_science_gives_all_five_networks(tmp_path):
    record = (
        "PT J\nAU Oak, A\n   Elm, B\nAF Oak, Ann\n   Elm, Bo\nTI {title}\nSO J BEES\nDE {words}\n"
        "C1 [Oak, Ann] Univ Wax, Dept Bees, Comb, Chile.\n   [Elm, Bo] Univ Honey, Hive, Peru.\n"
        "CR {cited}\nPY {year}\nVL {volume}\nBP 5\nEP 9\nUT WOS:{number}\nER\n\n"
    )
    text = "FN Clarivate Analytics Web of Science\nVR 1.0\n" + "".join([
        record.format(title="On dances", words="bees; dance", year=2001, volume=1, number=1,
                      cited="FIR C, 1990, WAX, V1, P1\n   YEW D, 1991, WAX, V2, P2"),
        record.format(title="On wax", words="bees; wax", year=2005, volume=5, number=2,
                      cited="OAK A, 2001, J BEES, V1, P5\n   Fir C., 1990, Wax, V1, P1"),
    ]) + "EF\n"  # fmt: skip
    path = tmp_path / "savedrecs.txt"
    path.write_text(text)
    papers = toolkit.load(path)

    def links(**asked) -> list[list[object]]:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "references: 1 of 4 forms")
            edges = find_network(papers, **asked).edges
        return edges[["source", "target", "weight"]].to_numpy().tolist()

    first, second = papers["paper_id"]
    assert links() == [["bees", "dance", 1], ["bees", "wax", 1]]
    assert links(of="authors") == [["Ann Oak", "Bo Elm", 2]]
    assert links(of="institutions") == [["Univ Honey", "Univ Wax", 2]]
    assert links(of="countries") == [["Chile", "Peru", 2]]
    assert links(of="papers") in ([[first, second, 1]], [[second, first, 1]])
    assert links(how="citation") == [[second, first, 1]]
    assert [weight for *_, weight in links(of="references")] == [1, 1]


def test_labels_of_co_cited_authors_and_works_are_names() -> None:
    papers = cited(*["R CORE TEAM, 2020, R LANG; VAN DER BERG JA, 1999, J BEES, V1, P2"] * 2)
    people = find_network(papers, of="authors", how="co-citation").nodes
    assert sorted(people["label"]) == ["R Core Team", "Van Der Berg J"]
    works = find_network(papers, of="references").nodes
    assert sorted(works["label"]) == ["R Core Team (2020)", "Van Der Berg JA (1999)"]
