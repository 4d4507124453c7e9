"""`enrich`, against servers that answer as the services do."""

from __future__ import annotations

import contextlib

import pandas as pd
import pytest
from fake_apis import SUBJECTS, Refusal, doi_of, title_of
from fake_apis.arxiv import Arxiv
from fake_apis.crossref import Crossref
from fake_apis.dblp import Dblp
from fake_apis.hugging_face import HuggingFace
from fake_apis.openalex import OpenAlex
from fake_apis.pubmed import PubMed
from fake_apis.semantic_scholar import SemanticScholar

import toolkit
from toolkit.papers.schema import check_papers, make_papers
from toolkit.services import client
from toolkit.services.enriching import SERVICES
from toolkit.services.fetching import SOURCES
from toolkit.services.title_matching import best, is_titled_alike, sought

APIS = {
    "openalex": OpenAlex, "semantic-scholar": SemanticScholar, "crossref": Crossref,
    "pubmed": PubMed, "dblp": Dblp, "arxiv": Arxiv, "hf-papers": HuggingFace,
}  # fmt: skip


@pytest.fixture
def apis(monkeypatch, tmp_path):
    """Every service, each at a server of its own."""
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    with contextlib.ExitStack() as stack:
        running = {}
        for name, api in APIS.items():
            running[name] = stack.enter_context(api())
            monkeypatch.setenv(SOURCES[name].variable, running[name].url)
            for variable in SOURCES[name].key_variables:
                monkeypatch.delenv(variable, raising=False)
        yield running


def table(*records: dict) -> pd.DataFrame:
    return make_papers(list(records))


def by_doi(*numbers: int, **more) -> pd.DataFrame:
    return table(*({"title": title_of(one), "doi": doi_of(one), **more} for one in numbers))


def test_gaps_are_filled_and_each_value_is_told(apis) -> None:
    papers = by_doi(7)
    copy = papers.copy(deep=True)
    filled, changes = toolkit.enrich(papers, services="openalex")
    pd.testing.assert_frame_equal(papers, copy)
    check_papers(filled)
    assert changes.to_dict("records") == [
        {"paper_id": f"doi:{doi_of(7)}", "column": column, "value": value, "service": "openalex"}
        for column, value in [
            ("abstract", "We study lanterns with 7 examples."),
            ("venue", "Journal of Small Things"),
            ("keywords", "Lanterns"),
            ("affiliations", "University of Lund"),
            ("countries", "Sweden"),
            ("references", "https://openalex.org/W9007"),
            ("cited_by", "7"),
        ]
    ]
    row = filled.iloc[0]
    for change in changes.itertuples():
        assert str(row[change.column]) == change.value
    others = [name for name in papers if name not in set(changes["column"])]
    pd.testing.assert_frame_equal(filled[others], papers[others])
    assert filled["cited_by"].dtype == "Int64"


def test_nothing_that_is_there_is_overwritten(apis) -> None:
    papers = by_doi(3, 4, abstract="Mine.", cited_by=0, venue="Mine", keywords="mine")
    filled, changes = toolkit.enrich(papers, services=["openalex", "crossref"])
    for column in ("abstract", "cited_by", "venue", "keywords"):
        assert filled[column].tolist() == papers[column].tolist()
        assert column not in set(changes["column"])
    again, none = toolkit.enrich(filled, services=["openalex", "crossref"])
    pd.testing.assert_frame_equal(again, filled)
    assert len(none) == 0 and none.columns.tolist() == ["paper_id", "column", "value", "service"]


def test_columns_restrict_what_is_filled_and_who_is_asked(apis) -> None:
    filled, changes = toolkit.enrich(by_doi(5, 6), columns=["keywords"])
    assert changes["column"].unique().tolist() == ["keywords"]
    assert filled["abstract"].isna().all()
    asked = {name for name, api in apis.items() if api.asked}
    assert asked == {"openalex"}, "the first one filled all, others have no keywords"
    filled, changes = toolkit.enrich(by_doi(5), columns="abstract", services=["crossref", "pubmed"])
    assert changes["service"].tolist() == ["crossref"]
    assert apis["pubmed"].asked == []


def test_the_first_service_is_believed_and_the_next_fills_what_it_lacks(apis) -> None:
    apis["openalex"].works[8]["abstract_inverted_index"] = None
    filled, changes = toolkit.enrich(by_doi(9), services=["openalex", "semantic-scholar"])
    told = dict(zip(changes["column"], changes["service"]))
    assert told["abstract"] == "semantic-scholar" and told["venue"] == "openalex"
    assert filled["abstract"][0] == f"We study {SUBJECTS[3].lower()} with 9 examples."


def test_ids_that_one_service_tells_lead_to_the_next(apis) -> None:
    one = table({"title": title_of(8), "pmid": "708"})
    assert one["paper_id"][0].startswith("title:")
    filled, changes = toolkit.enrich(one, services=["pubmed", "crossref"])
    told = dict(zip(changes["column"], changes["service"]))
    assert told["doi"] == "pubmed" and told["cited_by"] == "crossref"
    assert filled["doi"][0] == doi_of(8) and filled["paper_id"][0] == one["paper_id"][0]


def test_code_that_is_declared_at_hugging_face(apis) -> None:
    papers = table({"title": title_of(4), "arxiv_id": "2401.00004"})
    filled, changes = toolkit.enrich(papers, columns="code_url")
    assert filled["code_url"][0] == "https://github.com/example/study-4"
    assert changes["service"].tolist() == ["hf-papers"]


def test_papers_without_ids_are_found_by_title_author_and_year(apis) -> None:
    right = {"title": title_of(3).upper() + ".", "authors": "Number3, A.", "published": "2021"}
    papers = table(
        right,
        {**right, "title": title_of(4), "authors": "Number4, A."},
        {**right, "title": title_of(5), "authors": "Somebody Else"},
        {**right, "title": title_of(9), "authors": "Number9, A.", "published": "2009"},
        {**right, "title": "Learning Kites from Scratch, Study", "authors": "Number6, A."},
        {"title": title_of(10), "authors": "Number10, A."},
    )
    with pytest.warns(UserWarning, match="4 of 6 papers were found at no service: 4 have no id"):
        filled, changes = toolkit.enrich(papers, services="openalex")
    assert filled["doi"].tolist()[:2] == [doi_of(3), doi_of(4)]
    assert filled["doi"][2:].isna().all()
    assert set(changes["paper_id"]) == set(papers["paper_id"][:2])


@pytest.mark.parametrize("name", ["semantic-scholar", "crossref"])
def test_other_services_find_titles_too(apis, name) -> None:
    papers = table(
        {"title": title_of(3), "authors": "Ada Number3", "published": "2020"},
        {"title": "Nobody Wrote This Paper Ever", "authors": "Ada Number3", "published": "2020"},
    )
    with pytest.warns(UserWarning, match="1 of 2 papers were found at no service"):
        filled, _ = toolkit.enrich(papers, services=name)
    assert filled["doi"][0] == doi_of(3) and filled["doi"].isna()[1]


def test_two_works_of_one_title_are_not_guessed(apis) -> None:
    twin = {**apis["openalex"].works[2], "doi": "https://doi.org/10.5555/twin", "ids": {}}
    apis["openalex"].works.append(twin)
    papers = table({"title": title_of(3), "authors": "Ada Number3", "published": "2020"})
    with pytest.warns(UserWarning, match="1 of 1 papers were found at no service"):
        filled, changes = toolkit.enrich(papers, services="openalex")
    assert len(changes) == 0 and filled["doi"].isna().all()


def test_a_chapter_does_not_take_the_abstract_of_its_book(apis) -> None:
    papers = table({"title": "On the Folding of Cranes", "doi": doi_of(3)})
    with pytest.warns(UserWarning, match=r"1 record\(s\) under the DOI of a paper have another"):
        filled, changes = toolkit.enrich(papers, services="openalex")
    assert len(changes) == 0 and filled["abstract"].isna().all()


def test_rows_that_are_one_paper_are_both_filled(apis) -> None:
    papers = table(
        {"title": title_of(3), "doi": doi_of(3)},
        {
            "title": title_of(3),
            "openalex_id": "https://openalex.org/W10003",
            "url": "https://x.org",
        },
    )
    filled, changes = toolkit.enrich(papers, services="openalex", columns=["abstract"])
    assert filled["abstract"].notna().all() and len(changes) == 2
    assert filled["paper_id"].tolist() == papers["paper_id"].tolist()


def test_own_columns_index_and_order_stay(apis) -> None:
    papers = by_doi(5, 2, 7).assign(mine=[3, 2, 1]).set_index(pd.Index(["c", "a", "b"]))
    papers = papers.drop(columns=["abstract", "keywords", "terms"])
    filled, _ = toolkit.enrich(papers, services="openalex", columns=["abstract"])
    assert filled.index.tolist() == ["c", "a", "b"] and filled["mine"].tolist() == [3, 2, 1]
    assert filled.columns.tolist() == [*papers.columns, "abstract"]
    assert filled["abstract"].notna().all()


def test_thousands_go_in_batches_and_twice_is_free(apis, monkeypatch) -> None:
    apis["semantic-scholar"].papers[:] = []
    papers = by_doi(*range(1, 231))
    toolkit.enrich(papers, services=["openalex", "crossref"], columns=["abstract", "references"])
    assert len(apis["openalex"].asked) == 5 and len(apis["crossref"].asked) == 0
    toolkit.enrich(papers, services="openalex")
    assert len(apis["openalex"].asked) == 5


def test_a_service_that_fails_costs_no_other(apis, monkeypatch) -> None:
    monkeypatch.setattr(client, "_ATTEMPTS", 2)
    apis["openalex"].faults = ["", "", *["500"] * 9]
    papers = by_doi(*range(1, 121))
    with pytest.warns(UserWarning, match="OpenAlex did not answer .* What the other services have"):
        filled, changes = toolkit.enrich(papers, services=["openalex", "crossref"])
    assert filled["abstract"].notna().all()
    first = changes[changes["column"] == "abstract"].groupby("service").size().to_dict()
    assert first == {"openalex": 100, "crossref": 20}, "the first batch stays"
    apis["openalex"].faults = ["500"] * 9
    with pytest.raises(toolkit.SourceError, match="OpenAlex did not answer") as caught:
        toolkit.enrich(papers, services="openalex")
    table, told = caught.value.partial
    assert len(table) == 120 and len(told) == 700


def test_ctrl_c_keeps_what_came(apis, monkeypatch) -> None:
    real = client.Service.get

    def get(self, path, params, **more):
        if len(apis["openalex"].asked) == 2:
            raise KeyboardInterrupt
        return real(self, path, params, **more)

    monkeypatch.setattr(client.Service, "get", get)
    with pytest.warns(UserWarning, match="interrupted: what came is filled in"):
        filled, changes = toolkit.enrich(by_doi(*range(1, 131)), services=["openalex", "crossref"])
    assert filled["abstract"].notna().sum() == 100 == (changes["column"] == "abstract").sum()


def test_an_id_that_is_refused_costs_no_other(apis) -> None:
    api, real = apis["openalex"], apis["openalex"].matching

    def matching(asked):
        if "odd" in asked.get("filter", ""):
            raise Refusal(400, {"error": "x", "message": "'odd' is not a DOI"})
        return real(asked)

    api.matching = matching
    ids = [doi_of(1), "10.5555/odd", doi_of(2), doi_of(3)]
    with pytest.warns(UserWarning, match=r"refuses 1 of 4 ids, the first 10\.5555/odd: .*a DOI"):
        assert len(toolkit.fetch("openalex", ids=ids)) == 3
    papers = table(*({"title": title_of(1), "doi": doi} for doi in ids))
    with pytest.warns(UserWarning):
        filled, _ = toolkit.enrich(papers, services="openalex", columns="abstract")
    assert filled["abstract"].notna().tolist()[0]


def test_costs_are_told_before_each_service_and_kind(apis, capfd) -> None:
    papers = pd.concat(
        [by_doi(1, 2), table({"title": title_of(3), "authors": "A Number3", "published": "2020"})],
        ignore_index=True,
    )
    toolkit.enrich(papers, services=["openalex"])
    said = [line for line in capfd.readouterr().err.splitlines() if "at most" in line]
    assert said == [
        "OpenAlex: at most 1 request; $0.0001 of the $0.10 that are free a day; without a key "
        "(OPENALEX_API_KEY: free at https://openalex.org/settings/api)",
        "OpenAlex: at most 1 request for titles; $0.0010 of the $0.10 that are free a day; without "
        "a key (OPENALEX_API_KEY: free at https://openalex.org/settings/api)",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"services": "opnalex"}, "not a service: found 'opnalex'.*Did you mean 'openalex'"),
        ({"services": []}, "no services"),
        ({"columns": "abstrct"}, "not a column that services fill.*Did you mean 'abstract'"),
        ({"columns": "title"}, "not a column that services fill: found 'title'"),
        ({"columns": []}, "no columns"),
    ],
)
def test_bad_calls(apis, more, words) -> None:
    with pytest.raises(toolkit.DataError, match=words):
        toolkit.enrich(by_doi(1), **more)
    with pytest.raises(toolkit.DataError, match="not a papers table"):
        toolkit.enrich("papers.csv")


def test_where_nobody_is_asked_no_id_is_called_unknown(apis, capfd) -> None:
    with pytest.warns(UserWarning, match="2 of 2 papers were found at no service: 2 were not ask"):
        toolkit.enrich(by_doi(1, 2), services="hf-papers")
    assert not any(api.asked for api in apis.values())
    full = by_doi(1, 2).assign(venue="Kites")
    capfd.readouterr()
    toolkit.enrich(full, columns="venue")
    assert "no service was asked: they have nothing that is missing" in capfd.readouterr().err
    assert not any(api.asked for api in apis.values())


def test_an_empty_table_asks_nobody(apis) -> None:
    filled, changes = toolkit.enrich(by_doi(1).iloc[:0])
    assert len(filled) == len(changes) == 0
    assert not any(api.asked for api in apis.values())


def test_all_services_that_are_asked_by_default_fill_something() -> None:
    assert all(SOURCES[name].fills and SOURCES[name].lookup for name in SERVICES)


def test_rules_of_titles() -> None:
    one = sought("Paper Boats on the Open Sea, Part I", "Ada Oak; Bo Elm", "2021-03-01")
    assert one is not None
    same = {
        "title": "Paper boats on the open sea: Part I",
        "authors": "A. Oak",
        "published": "2022",
    }
    assert best(one, [same]) is same
    for change in (
        {"title": "Paper boats on the open sea: Part II"},
        {"title": "Correction: Paper boats on the open sea: Part I"},
        {"authors": "B. Elm; A. Oak"},
        {"authors": None},
        {"published": "2024"},
        {"published": None},
    ):
        assert best(one, [{**same, **change}]) is None, change
    assert best(one, [same, {**same, "doi": "10.1/other"}]) is None
    assert best(one, [same, dict(same)]) is same
    assert sought("Too Short", "Ada Oak", "2021") is None
    assert sought("Paper Boats on the Open Sea", None, "2021") is None
    assert is_titled_alike("Kites: a survey", "A Survey of Kites")
    assert not is_titled_alike("Snow maps", "Handbook of Tidal Clocks")
