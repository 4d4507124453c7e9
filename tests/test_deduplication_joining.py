"""add_papers: a collection keeps its rows, takes what fills their gaps, and gets what is new."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.deduplication import add_papers
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.storage import with_features


def records(*rows: dict, source: str = "arxiv", origin: str = "arXiv") -> pd.DataFrame:
    return make_papers(list(rows), source=source, origin=origin)


OAK = {"id": "2401.00001", "title": "How oaks count their rings", "authors": "Ada Oak"}


def test_gaps_are_filled_and_nothing_is_overwritten() -> None:
    mine = records({**OAK, "title": "My title", "upvotes": 5, "doi": "10.48550/arxiv.2401.00001"})
    new = records(
        {**OAK, "abstract": "They do.", "upvotes": 3, "cited_by": 2, "doi": "10.1000/7"},
        {"id": "2401.00002", "title": "Elms", "published": "2026-01-02"},
    )
    papers, merges, changes = add_papers(mine, new)
    assert papers["title"].tolist() == ["My title", "Elms"]
    row = papers.loc[0]
    assert (row["abstract"], row["upvotes"], row["cited_by"]) == ("They do.", 5, 2)
    assert row["doi"] == "10.1000/7", "the DOI of arXiv makes way for the publisher's"
    assert row["origin"] == "arXiv", "a record that adds no paper is no further origin"
    assert changes.values.tolist() == [
        ["arxiv:2401.00001", "abstract", "They do.", "arXiv"],
        ["arxiv:2401.00001", "doi", "10.1000/7", "arXiv"],
        ["arxiv:2401.00001", "cited_by", "2", "arXiv"],
    ]
    assert merges["dropped_id"].tolist() == ["arxiv:2401.00001"]
    again, _, nothing = add_papers(papers, new)
    pd.testing.assert_frame_equal(again, papers)
    assert nothing.empty


def test_a_published_preprint_keeps_its_id_and_takes_the_doi() -> None:
    mine = records({**OAK, "abstract": "We count rings of oaks in spring."})
    article = records(
        {"doi": "10.1000/7", "title": OAK["title"], "authors": "Oak, A.", "venue": "Trees"},
        source="crossref",
        origin="Crossref",
    )
    papers, _, changes = add_papers(mine, article)
    assert papers["paper_id"].tolist() == ["arxiv:2401.00001"]
    assert changes["column"].tolist() == ["venue", "doi"]
    assert changes["origin"].eq("Crossref").all()
    # The other way round the id stays too: notes, baskets and topics go by it.
    papers, _, _ = add_papers(article, mine)
    assert papers["paper_id"].tolist() == ["doi:10.1000/7"]
    assert papers["abstract"].notna().all()


def test_rows_of_the_collection_are_not_merged_with_each_other() -> None:
    twice = pd.concat(
        [records(OAK), records({"doi": "10.1000/7", "title": OAK["title"], "authors": "Ada Oak"})]
    ).assign(note=["one", "two"])
    papers, _, _ = add_papers(twice, records(OAK, {"id": "2401.00003", "title": "Birches"}))
    assert papers["note"].tolist()[:2] == ["one", "two"] and len(papers) == 3


def test_records_of_one_new_paper_become_one() -> None:
    new = pd.concat(
        [
            records({"doi": "10.1000/8", "title": "Elms in winter", "authors": "Eva Elm"}),
            records({"id": "2401.00008", "title": "Elms in Winter", "authors": "Eva Elm"}),
        ]
    )
    papers, merges, changes = add_papers(records(OAK), new)
    assert papers["paper_id"].tolist() == ["arxiv:2401.00001", "arxiv:2401.00008"]
    assert papers["doi"].tolist()[1] == "10.1000/8"
    assert merges["kept_id"].tolist() == ["arxiv:2401.00008"] and changes.empty


def test_own_columns_keep_their_values_and_get_a_type_with_gaps() -> None:
    mine = records(OAK, {"id": "2401.00002", "title": "Elms"}).assign(
        big=[2**60 + 1, 7],
        small=pd.array([1, 2], dtype="uint8"),
        done=[True, False],
        note=["a", "b"],
        mark=pd.Categorical(["x", "y"]),
        seen=pd.to_datetime(["2026-01-01", None]),
        ratio=[0.5, float("nan")],
    )
    papers, _, _ = add_papers(mine, records({"id": "2401.00009", "title": "Birches"}))
    own = papers[["big", "small", "done", "note", "mark", "seen", "ratio"]]
    assert own["big"].tolist()[:2] == [2**60 + 1, 7] and own["big"].dtype == "Int64"
    assert own["small"].dtype == "UInt8" and own["done"].dtype == "boolean"
    assert own["mark"].dtype == mine["mark"].dtype and own["seen"].dtype == mine["seen"].dtype
    assert own.iloc[2].isna().all()
    kept = own.iloc[:2].astype(mine[own.columns].dtypes)
    pd.testing.assert_frame_equal(kept, mine[own.columns])


def test_where_features_stand_in_the_abstract_stays_out() -> None:
    mine = with_features(records({**OAK, "abstract": "Oaks count rings in the dark forest."}))
    mine["abstract"] = pd.Series([pd.NA], dtype="string")
    papers, _, changes = add_papers(
        mine, records({**OAK, "abstract": "Another text.", "comments": "7 pages"})
    )
    assert papers["abstract"].isna().all() and papers["comments"].isna().all()
    assert papers["terms"].tolist() == mine["terms"].tolist() and changes.empty


def test_two_papers_of_one_id_are_two() -> None:
    book = records({"doi": "10.1000/9", "title": "Oaks of the north", "authors": "Ada Oak"})
    part = records({"doi": "10.1000/9", "title": "Wooden ships and sails", "authors": "Bo Elm"})
    papers, merges, _ = add_papers(book, part)
    assert merges.empty and papers["paper_id"].is_unique and len(papers) == 2


def test_empty_tables() -> None:
    nothing, some = records(OAK).head(0), records(OAK)
    assert add_papers(nothing, some)[0]["paper_id"].tolist() == ["arxiv:2401.00001"]
    papers, merges, changes = add_papers(some.assign(n=[1]), nothing)
    pd.testing.assert_frame_equal(papers, some.assign(n=[1]))
    assert merges.empty and changes.empty
    with pytest.raises(DataError, match="not a papers table"):
        add_papers(some, [OAK])
    with pytest.raises(DataError, match="not a papers table"):
        add_papers(None, some)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 8), max_size=6, unique=True), st.lists(st.integers(0, 8)))
def test_always(mine, new) -> None:
    def made(numbers: list[int], **more: str) -> pd.DataFrame:
        words = "oak elm birch ash maple pine yew holly hazel".split()
        rows = [
            {"id": f"2401.0000{n + 1}", "title": f"On {words[n]} trees", **more} for n in numbers
        ]
        return records(*rows) if rows else records(OAK).head(0)

    library = made(mine).assign(note=[f"note {n}" for n in mine])
    fetched = pd.concat([made([n], venue="Trees") for n in new] or [made([])])
    papers, merges, _ = add_papers(library, fetched)
    assert papers["paper_id"].tolist()[: len(mine)] == library["paper_id"].tolist()
    assert papers["note"].tolist()[: len(mine)] == library["note"].tolist()
    assert set(papers["paper_id"]) == {f"arxiv:2401.0000{n + 1}" for n in {*mine, *new}}
    assert papers["paper_id"].is_unique and len(merges) == len(new) + len(mine) - len(papers)
    again, _, changes = add_papers(papers, fetched)
    pd.testing.assert_frame_equal(again, papers)
    assert changes.empty
