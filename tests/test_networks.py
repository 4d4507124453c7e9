"""Networks: the five kinds by hand in full and fractional counts, measures, limits, bad input."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError
from toolkit.networks import find_network
from toolkit.networks.links import action_weights, to_matrix, total_strength
from toolkit.networks.units import tell_apart


def make(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    names = [chr(ord("a") + place) if n <= 26 else f"p{place:05}" for place in range(n)]
    lists = {name: pd.array(values, dtype="string") if name != "published" else values
             for name, values in columns.items()}  # fmt: skip
    return pd.DataFrame({"paper_id": names, "title": [f"Paper {n}" for n in names], **lists})


SMALL = make(
    keywords=["x; y; z", "y; x", "x"],
    authors=["Ann Oak; Bo Elm; Cy Fir", "Ann Oak; Bo Elm", "Cy Fir"],
    venue=["V", "V", "W"],
    references=["R1; R2; R3", "R1; R2", "R2"],
    published=pd.to_datetime(["2020-01-01", "2021-06-01", "2024-01-01"]),
)


def weights(network) -> dict[tuple[str, str], float]:
    return {(a, b): w for a, b, w in
            network.edges[["source", "target", "weight"]].itertuples(index=False)}  # fmt: skip


@pytest.mark.parametrize(
    ("of", "how", "full", "fractional"),
    [
        ("keywords", "co-occurrence", {("x", "y"): 2, ("x", "z"): 1, ("y", "z"): 1},
         (1.5, 0.5, 0.5)),
        ("authors", "co-authorship",
         {("Ann Oak", "Bo Elm"): 2, ("Ann Oak", "Cy Fir"): 1, ("Bo Elm", "Cy Fir"): 1},
         (1.5, 0.5, 0.5)),
        # R1 is cited by two papers, R2 by three: 1 / (2 - 1) and 1 / (3 - 1).
        ("papers", "coupling", {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1}, (1.5, 0.5, 0.5)),
        # a cites three works, b two.
        ("references", "co-citation", {("R2", "R1"): 2, ("R2", "R3"): 1, ("R1", "R3"): 1},
         (1.5, 0.5, 0.5)),
        # Ann and Bo cite R1, R2, R3 2, 2, 1 times, Cy 1, 2, 1 times: 5, 6 and 3 in all.
        ("authors", "coupling",
         {("Ann Oak", "Bo Elm"): 9, ("Ann Oak", "Cy Fir"): 7, ("Bo Elm", "Cy Fir"): 7},
         (4 / 4 + 4 / 5 + 1 / 2, 2 / 4 + 4 / 5 + 1 / 2, 2 / 4 + 4 / 5 + 1 / 2)),
        # V's two papers cite R1 and R2 twice; W's one cites R2: 2 · 1, and 2 · 1 / (3 - 1).
        ("venues", "coupling", {("V", "W"): 2}, (1.0,)),
    ],
)  # fmt: skip
def test_links_by_hand(of, how, full, fractional):
    found = find_network(SMALL, of=of, how=how)
    assert weights(found) == full
    assert (found.of, found.how, found.counting) == (of, how, "full")
    parts = weights(find_network(SMALL, of=of, how=how, counting="fractional"))
    assert list(parts) == list(full)
    assert list(parts.values()) == pytest.approx(list(fractional))


def test_citations_by_hand():
    papers = make(
        references=["doi:10.1000/b; Paper c; Z9", "c; Z9", "c"],  # the last cites itself
        authors=["Ann Oak; Bo Elm", "Bo Elm", "Cy Fir"],
        doi=[None, "10.1000/B", None],
    )
    found = find_network(papers, how="citation")
    assert weights(found) == {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 1}
    cited = found.nodes.set_index("id")
    assert cited["cited"].to_dict() == {"a": 0, "b": 1, "c": 2}
    assert cited["strength"].to_dict() == {"a": 2, "b": 2, "c": 2}
    parts = find_network(papers, how="citation", counting="fractional")
    assert weights(parts) == {("b", "c"): 1, ("a", "b"): 0.5, ("a", "c"): 0.5}
    people = find_network(papers, of="authors", how="citation")
    # Bo's citation of himself, a of b, is no link.
    assert weights(people) == {
        ("Bo Elm", "Cy Fir"): 2, ("Ann Oak", "Bo Elm"): 1, ("Ann Oak", "Cy Fir"): 1,
    }  # fmt: skip
    shared = weights(find_network(papers, of="authors", how="citation", counting="fractional"))
    # a's citation of c is half a citation, of each of its two authors a quarter.
    assert shared == {
        ("Bo Elm", "Cy Fir"): 1.25, ("Ann Oak", "Bo Elm"): 0.25, ("Ann Oak", "Cy Fir"): 0.25,
    }  # fmt: skip


def test_nodes_by_hand():
    papers = make(
        keywords=["hub; p", "hub; q", "hub; r", "alone", "hub; p"],
        cited_by=pd.array([4, 0, None, 7, 2], dtype="Int64").astype("string"),
        published=pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", None]),
    ).assign(cited_by=pd.array([4, 0, None, 7, 2], dtype="Int64"))
    nodes, edges = find_network(papers, of="keywords", normalize="cosine")
    by_id = nodes.set_index("id")
    assert nodes["id"].tolist() == ["hub", "p", "q", "r", "alone"]
    assert by_id["papers"].to_dict() == {"hub": 4, "p": 2, "q": 1, "r": 1, "alone": 1}
    assert by_id["degree"].to_dict() == {"hub": 3, "p": 1, "q": 1, "r": 1, "alone": 0}
    assert by_id["strength"].to_dict() == {"hub": 4, "p": 2, "q": 1, "r": 1, "alone": 0}
    # Of the 4 · 3 / 2 pairs of other nodes, the hub is between three.
    assert by_id["betweenness"].to_dict() == {"hub": 0.5, "p": 0, "q": 0, "r": 0, "alone": 0}
    assert by_id["mean_year"].to_dict() == {"hub": 2021, "p": 2020, "q": 2021, "r": 2022,
                                            "alone": 2023}  # fmt: skip
    assert by_id["mean_cited_by"].drop("r").to_dict() == {"hub": 2, "p": 3, "q": 0, "alone": 7}
    assert np.isnan(by_id.loc["r", "mean_cited_by"])
    assert by_id.loc["alone", "community"] == -1 and set(by_id["community"]) == {0, -1}
    similar = edges.set_index(["source", "target"])["similarity"]
    assert similar["hub", "p"] == pytest.approx(2 / np.sqrt(4 * 2))
    assert similar["hub", "q"] == pytest.approx(1 / np.sqrt(4 * 1))


@pytest.mark.parametrize(
    ("normalize", "expected"),
    [("association", 2 / (4 * 3)), ("cosine", 2 / np.sqrt(12)), ("jaccard", 2 / 5),
     ("inclusion", 2 / 3), (None, 2)],
)  # fmt: skip
def test_normalisations_by_hand(normalize, expected):
    papers = make(keywords=["x; y", "x; y", "x", "x", "y"])
    edges = find_network(papers, of="keywords", normalize=normalize).edges
    assert edges["weight"].tolist() == [2]
    assert edges["similarity"].tolist() == pytest.approx([expected])


def test_sizes_of_papers_are_the_works_that_they_cite():
    edges = find_network(SMALL, of="papers", normalize="jaccard").edges
    # a and b share two of the three works that either cites.
    assert edges["similarity"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 2])


def test_two_cliques_are_two_communities():
    one, two = "ABCD", "WXYZ"
    lists = [f"{a}; {b}" for clique in (one, two) for a, b in itertools.combinations(clique, 2)]
    nodes = find_network(make(keywords=[*lists, "D; W"]), of="keywords").nodes
    groups = nodes.groupby("community")["id"].agg(lambda ids: "".join(sorted(ids)))
    assert sorted(groups) == [one, two]


@pytest.mark.parametrize(
    ("given", "of", "how"),
    [
        ({}, "keywords", "co-occurrence"),
        ({"of": "authors"}, "authors", "co-authorship"),
        ({"of": "papers"}, "papers", "coupling"),
        ({"of": "venues"}, "venues", "coupling"),
        ({"of": "references"}, "references", "co-citation"),
        ({"how": "coupling"}, "papers", "coupling"),
        ({"how": "co-citation"}, "references", "co-citation"),
        ({"of": "method"}, "method", "co-occurrence"),
    ],
)
def test_defaults_fit_the_nodes(given, of, how):
    papers = SMALL.assign(method=["one; two", "one; two", "two"])
    with np.errstate(all="raise"):
        found = find_network(papers, **given)
    assert (found.of, found.how) == (of, how)


def test_cited_authors_and_venues():
    papers = make(references=[
        "OAK AB, 2001, J BEES, V1, P5; OAK A, 2003, WAX, V2, P7; ELM B, 1999, WAX, V3, P9",
        "Oak A, 2003, WAX, V2, P7; ELM BC, 1999, WAX, V3, P9",
    ])  # fmt: skip
    with pytest.warns(UserWarning, match="count as a work that others write in another way"):
        people = find_network(papers, how="co-citation", of="authors")
    assert weights(people) == {("Elm B", "Oak A"): 2}
    with pytest.warns(UserWarning, match="another way"):
        assert weights(find_network(papers, how="co-citation", of="venues")) == {
            ("WAX", "J BEES"): 1
        }
    with pytest.raises(DataError, match="no reference says its venue"):
        find_network(SMALL, how="co-citation", of="venues")


def test_institutions_are_read_from_addresses():
    papers = make(affiliations=[
        "Dept Bees, University of Wax, Comb; Univ Honey, Hive City",
        "University of Wax, Comb, Utopia; Dept Law, University of Wax; Bee Inc., Comb",
    ])  # fmt: skip
    found = find_network(papers, of="institutions")
    assert found.how == "co-authorship"
    assert weights(found) == {("University of Wax", "Bee Inc."): 1,
                              ("University of Wax", "Univ Honey"): 1}  # fmt: skip


def test_terms_leave_out_generic_words():
    texts = ["Bumblebee foraging in meadows improves", "Bumblebee foraging data results",
             "Meadows and bumblebee results"]  # fmt: skip
    found = find_network(make(abstract=texts).assign(title=texts), of="terms")
    assert {"bumblebee", "foraging", "meadows"} <= set(found.nodes["id"])
    assert "results" not in set(found.nodes["id"])


def test_name_variants_are_told_and_stay_apart():
    papers = make(authors=["Ann Lee; Bo Oak", "A. Lee; Bo Oak"])
    with pytest.warns(UserWarning, match="may be the same person's as others"):
        nodes = find_network(papers, of="authors").nodes.set_index("id")
    assert nodes.loc["A. Lee", "variants"] == "Ann Lee" and nodes["variants"].count() == 2


def many(n: int) -> pd.DataFrame:
    """As many keywords as two n: the first n in three papers each, the others in two."""
    return make(keywords=[f"a{i}; b{i}" for i in range(n)] * 2 + [f"a{i}" for i in range(n)])


def test_auto_keeps_those_in_most_papers_and_says_so():
    with pytest.warns(UserWarning, match="kept 300 of 600 keywords: those in 3 papers or more"):
        assert len(find_network(many(300)).nodes) == 300
    assert len(find_network(many(300), limit=None).nodes) == 600
    with pytest.warns(UserWarning, match="kept 7 of 600"):
        assert find_network(many(300), limit=7).nodes["id"].tolist() == [
            f"a{i}" for i in (0, 1, 10, 100, 101, 102, 103)
        ]
    assert len(find_network(many(3), min_papers=3).nodes) == 3


def test_ties_do_not_leave_nothing():
    papers = make(keywords=[f"a{i}; b{i}" for i in range(400)])
    with pytest.warns(UserWarning, match="kept 500 of 800 keywords"):
        nodes = find_network(papers).nodes
    assert len(nodes) == 500


def test_a_paper_with_ten_thousand_authors():
    crowd = "; ".join(f"Name{i} Family{i}" for i in range(10_000))
    papers = make(authors=[crowd, "Ann Oak; Bo Elm", "Ann Oak; Bo Elm"])
    with pytest.raises(DataError, match=r"too many links: up to 49,995,002.*max_per_paper=100"):
        find_network(papers, of="authors", limit=None, max_per_paper=None)
    said = "1 paper with more than 100 authors, up to 10,000; max_per_paper=None keeps them"
    with pytest.warns(UserWarning, match=said):
        small = find_network(papers, of="authors", limit=None)
    assert weights(small) == {("Ann Oak", "Bo Elm"): 2}
    with pytest.warns(UserWarning, match="kept 500 of 10,002 authors"):
        found = find_network(papers, of="authors", counting="fractional", max_per_paper=None)
    # Each of its authors shares one with 9,999 others.
    assert weights(found)["Ann Oak", "Bo Elm"] == 2
    assert min(weights(found).values()) == pytest.approx(1 / 9_999)


def test_long_lists_are_left_out_of_co_authorship_alone():
    crowd = "; ".join(f"Name{i} Family{i}" for i in range(101))
    papers = make(authors=[crowd, "Ann Oak"], keywords=[crowd, "x"])
    # Nothing else could be linked, so the long list stays; keywords have no bound.
    assert len(find_network(papers, of="authors").nodes) == 102
    assert len(find_network(papers, of="keywords").nodes) == 102
    papers = make(authors=[crowd, "Ann Oak; Bo Elm"])
    with pytest.warns(UserWarning, match="1 paper with more than 100 authors"):
        assert len(find_network(papers, of="authors").nodes) == 2
    assert len(find_network(papers, of="authors", max_per_paper=101).nodes) == 103


def test_works_of_one_author_and_year_have_letters():
    papers = make(
        authors=["Ann Oak", "Bo Elm", "Ann Oak"], references=["R1; R2", "R1; R2", "R2"],
        published=pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"]),
    )  # fmt: skip
    labels = find_network(papers, of="papers").nodes.set_index("id")["label"]
    assert labels.to_dict() == {"a": "Oak (2020a)", "b": "Elm (2020)", "c": "Oak (2020b)"}
    cited = "OAK A, 2001, J BEES, V1, P5; OAK A, 2001, WAX, V2, P7; ELM B, 1999, WAX, V3, P9"
    works = find_network(make(references=[cited, cited]), of="references").nodes
    assert sorted(works["label"]) == ["Elm B (1999)", "Oak A (2001a)", "Oak A (2001b)"]


def test_the_28th_work_of_one_year_has_two_letters():
    labels = tell_apart(["Elm (2018)"] * 28 + ["A title"] * 2)
    assert labels[25:] == ["Elm (2018z)", "Elm (2018aa)", "Elm (2018ab)", "A title", "A title"]


def test_cited_authors_have_the_years_of_their_works():
    papers = make(
        references=[
            "OAK A, 2001, J BEES, V1, P5; OAK A, 2004, WAX, V2, P7; ELM B, 1999, WAX, V3, P9",
            "OAK A, 2001, J BEES, V1, P5; ELM B, 1999, WAX, V3, P9",
        ],
        published=pd.to_datetime(["2020-01-01", "2021-01-01"]),
        cited_by=["7", "9"],
    )
    nodes = find_network(papers, how="co-citation", of="authors").nodes.set_index("id")
    # Oak's works of 2001 and 2004 count once each; the papers that cite are of 2020 and 2021.
    assert nodes["mean_year"].to_dict() == {"Elm B": 1999, "Oak A": 2002.5}
    assert nodes["mean_cited_by"].isna().all()
    venues = find_network(papers, how="co-citation", of="venues").nodes.set_index("id")
    assert venues["mean_year"].to_dict() == {"WAX": 2001.5, "J BEES": 2001}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"of": "documents"}, "Did you mean 'papers'"),
        ({"of": "author"}, "Did you mean 'authors'"),
        ({"how": "cocitation"}, "Did you mean 'co-citation'"),
        ({"of": "references", "how": "coupling"}, "references are linked by 'co-citation'"),
        ({"of": "keywords", "how": "citation"}, "keywords are linked by 'co-occurrence'"),
        ({"of": "venues", "how": "co-occurrence"}, "venues are linked by 'coupling'"),
        ({"counting": "half"}, "'full', 'fractional'"),
        ({"normalize": "salton"}, "'association', 'cosine'"),
        ({"min_papers": 0}, "1 or more"),
        ({"limit": 1}, "2 or more"),
        (
            {"limit": "all"},
            'not a limit: found .all., expected a number, 2 or more, "auto", or None',
        ),
        (
            {"of": "wombat"},
            r"expected one of keywords, .*venues.* Other columns are paper_id, title",
        ),
        ({"resolution": 0}, "above 0"),
        ({"how": "coupling", "max_per_paper": 5}, "link the values of one paper"),
        ({"of": "keywords", "max_per_paper": 1}, "2 or more"),
        ({"of": "countries"}, "lacks a column"),
        ({"min_papers": 9}, "fewer than two keywords.*min_papers=9 leaves out 3"),
    ],
)
def test_bad_arguments_say_what_is_right(given, said):
    with pytest.raises(DataError, match=said):
        find_network(SMALL, **given)


def test_papers_that_give_no_network():
    bare = SMALL.drop(columns="references")
    for how in ("coupling", "co-citation", "citation"):
        with pytest.raises(DataError, match="Cited References"):
            find_network(bare, how=how)
    with pytest.raises(
        DataError, match=r"holds nothing to connect.*There are values for of='terms'"
    ):
        find_network(make(keywords=[None, None]))
    with pytest.raises(DataError, match="no paper has two values of 'keywords'"):
        find_network(make(keywords=["x", "y", "x"]))
    with pytest.raises(DataError, match="no paper cites another one of the collection"):
        find_network(SMALL, how="citation")
    with pytest.raises(DataError, match="fewer than two papers"):
        find_network(SMALL.head(1), of="papers")
    one = find_network(SMALL.head(1), of="keywords")
    assert len(one.nodes) == 3 and one.edges["weight"].tolist() == [1, 1, 1]
    with pytest.raises(DataError):
        find_network(SMALL.head(0))
    with pytest.raises(DataError, match="papers table"):
        find_network([1, 2])


LISTS = st.lists(
    st.lists(st.sampled_from("stuvwxyz"), min_size=1, max_size=6, unique=True),
    min_size=2, max_size=8,
).filter(lambda lists: any(len(one) > 1 for one in lists))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(LISTS, st.sampled_from(["full", "fractional"]))
def test_what_always_holds(lists, counting):
    papers = make(keywords=["; ".join(one) for one in lists])
    found = find_network(papers, of="keywords", counting=counting, normalize="cosine")
    edges, nodes = found.edges, found.nodes.set_index("id")
    both = pd.concat([edges.set_index("source")["weight"], edges.set_index("target")["weight"]])
    strength = both.groupby(level=0).sum()
    assert nodes["strength"].to_dict() == pytest.approx(
        {name: strength.get(name, 0) for name in nodes.index}
    )
    if counting == "fractional":
        # Each paper with two or more keywords gives each of them one.
        expected = {
            name: sum(name in one and len(one) > 1 for one in lists) for name in nodes.index
        }
        assert nodes["strength"].to_dict() == pytest.approx(expected)
    assert edges["similarity"].between(0, 1 + 1e-9).all()
    assert nodes["betweenness"].between(0, 1).all()
    again = find_network(papers.iloc[::-1], of="keywords", counting=counting, normalize="cosine")
    pd.testing.assert_frame_equal(again.nodes, found.nodes)
    pd.testing.assert_frame_equal(again.edges, found.edges)


@settings(max_examples=30, deadline=None)
@given(LISTS, st.sampled_from(["full", "fractional"]))
def test_strength_is_known_before_the_links_are(lists, counting):
    names = sorted({name for one in lists for name in one})
    row = np.array([row for row, one in enumerate(lists) for _ in one])
    unit = np.array([names.index(name) for one in lists for name in one])
    shared = to_matrix(row, unit, (len(lists), len(names)))
    weight = action_weights(shared, counting)
    product = (shared.T @ np.diag(weight) @ shared.toarray()).astype(float)
    np.fill_diagonal(product, 0)
    assert total_strength(shared, weight) == pytest.approx(product.sum(axis=1))


def test_nothing_is_changed_and_the_result_is_frozen():
    before = SMALL.copy()
    found = find_network(SMALL, of="keywords")
    pd.testing.assert_frame_equal(SMALL, before)
    with pytest.raises(AttributeError):
        found.nodes = None
    nodes, edges = found
    assert nodes is found.nodes and edges is found.edges
    assert isinstance(found, toolkit.Network)
    assert repr(found) == "<Network of 3 keywords and 3 links: co-occurrence, full counts>"


def test_themes_by_hand():
    papers = make(keywords=["x; y", "x; y", "z; w", "y; z"])
    found = find_network(papers, of="keywords")
    groups = {"x": 0, "y": 0, "z": 1, "w": 1}
    nodes = found.nodes.assign(community=found.nodes["id"].map(groups))
    given = dataclasses.replace(found, nodes=nodes)
    themes = toolkit.networks.find_themes(given)
    assert themes["label"].tolist() == ["y, x", "z, w"] and themes["nodes"].tolist() == [2, 2]
    assert themes["papers"].tolist() == [5, 3]
    # x is in two papers, y in three, z in two, w in one.
    assert themes["density"].tolist() == pytest.approx([100 * (4 / 6) / 2, 100 * (1 / 2) / 2])
    assert themes["centrality"].tolist() == pytest.approx([10 / 6, 10 / 6])
    assert themes["quadrant"].tolist() == ["niche", "emerging or declining"]


def test_themes_of_other_networks_are_refused():
    for other in (find_network(SMALL, of="authors"), SMALL):
        with pytest.raises(DataError, match="themes are communities of words"):
            toolkit.networks.find_themes(other)
    parts = find_network(SMALL, of="keywords", counting="fractional")
    with pytest.raises(DataError, match="numbers of papers that words share"):
        toolkit.networks.find_themes(parts)
