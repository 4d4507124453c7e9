"""What every service of `fetch` must do, each against a server that answers as it does."""

from __future__ import annotations

import json
from contextlib import nullcontext as no_warning
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from fake_apis import day_of
from fake_apis.arxiv import Arxiv
from fake_apis.crossref import Crossref
from fake_apis.dblp import Dblp
from fake_apis.hugging_face import HuggingFace
from fake_apis.openalex import OpenAlex
from fake_apis.pubmed import PubMed
from fake_apis.semantic_scholar import SemanticScholar

import toolkit
from toolkit.papers.schema import check_papers
from toolkit.services import client
from toolkit.services.fetching import SOURCES


@dataclass(frozen=True)
class Case:
    """A service: its server, ids of its papers 5 and 3, one it lacks, a query it refuses."""

    name: str
    api: Any
    ids: tuple[str, str, str]
    bad_query: str | None = None
    words: str = ""
    by_years: bool = False
    most: int = 10_000

    def __str__(self) -> str:
        return self.name


CASES = {
    one.name: one
    for one in (
        Case("openalex", OpenAlex, ("10.5555/study.5", "W10003", "10.5555/none"), "filter=x:1",
             "Unknown filter field: x"),
        Case("semantic-scholar", SemanticScholar, ("10.5555/study.5", "corpusid:5003", "PMID: 1"),
             "kites (", "Unbalanced parenthesis in query"),
        Case("crossref", Crossref, ("10.5555/STUDY.5", "10.5555/study.3", "10.5555/none")),
        Case("pubmed", PubMed, ("705", "10.5555/study.3", "9"), "kites (", "unbalanced parenth"),
        Case("dblp", Dblp, ("journals/small/N5", "DBLP:journals/small/N3", "conf/x/None"),
             by_years=True),
        Case("arxiv", Arxiv, ("2401.00005v1", "arXiv:2401.00003", "2312.99999"), "cat:cs.DL AND (",
             "malformed query"),
        Case("hf-papers", HuggingFace, ("2401.00005", "2401.00003", "2312.99999"), most=120),
    )
}  # fmt: skip


@pytest.fixture(params=CASES.values(), ids=str)
def case(request) -> Case:
    return request.param


@pytest.fixture
def api(case, monkeypatch, tmp_path):
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    for variable in SOURCES[case.name].key_variables:
        monkeypatch.delenv(variable, raising=False)
    with case.api() as running:
        monkeypatch.setenv(SOURCES[case.name].variable, running.url)
        yield running


def numbers(papers: pd.DataFrame) -> list[int]:
    return [int(title.rsplit(" ", 1)[1]) for title in papers["title"]]


def test_every_service_has_a_case() -> None:
    """Zotero has tests of its own: it is a library that can be written to."""
    assert set(CASES) == {name for name in SOURCES if not name.startswith("zotero")}


@pytest.mark.parametrize("limit", [1, 201])
def test_the_limit_is_exact_and_the_order_that_of_the_service(case, api, limit) -> None:
    told = pytest.warns(UserWarning, match="at most 120") if limit > case.most else no_warning()
    with told:
        papers = toolkit.fetch(case.name, "learning", limit=limit)
    check_papers(papers)
    assert numbers(papers) == list(range(1, min(limit, case.most) + 1))
    asked = len(api.asked)
    assert len(toolkit.fetch(case.name, "learning", limit=min(limit, case.most))) == len(papers)
    assert len(api.asked) == asked, "all came from the cache"
    assert papers["origin"].unique().tolist() == [f"{SOURCES[case.name].title}: learning"]
    assert papers["published"].notna().all() and papers["authors"].str.startswith("Ada").all()


def test_no_more_than_there_are(case, api) -> None:
    papers = toolkit.fetch(case.name, "kites", limit=5000)
    assert numbers(papers) == list(range(6, 1 + numbers(papers)[-1], 6))
    assert len(toolkit.fetch(case.name, "submarines")) == 0 if case.name != "pubmed" else True


def test_a_span_of_days(case, api) -> None:
    papers = toolkit.fetch(case.name, "kites", since="2021-01-11", until="2021-08-06", limit=20)
    days = [day_of(number) for number in numbers(papers)]
    first, last = ("2021", "2021-99") if case.by_years else ("2021-01-11", "2021-08-06")
    assert days and all(first <= day <= last for day in days)
    assert min(days) <= "2021-02" and max(days) >= "2021-07"
    assert papers["origin"][0].endswith(": kites (2021-01-11 to 2021-08-06)")


def test_a_span_open_at_one_end(case, api) -> None:
    since = toolkit.fetch(case.name, "kites", since=2021, limit=9)
    until = toolkit.fetch(case.name, "kites", until="2020-06", limit=20)
    assert len(since) and min(day_of(number) for number in numbers(since)) >= "2021"
    last = "2020-12-31" if case.by_years else "2020-06-30"
    assert len(until) and max(day_of(number) for number in numbers(until)) <= last


def test_ids_in_their_order(case, api) -> None:
    title = SOURCES[case.name].title
    with pytest.warns(UserWarning, match=rf"^{title} does not know 1 of 3 ids: "):
        papers = toolkit.fetch(case.name, ids=case.ids)
    assert numbers(papers) == [5, 3]
    assert papers["origin"].unique().tolist() == [f"{title}: by id"]
    with pytest.warns(UserWarning, match="cannot look up|does not know"):
        assert len(toolkit.fetch(case.name, ids=["PMC99", "2312.11111"])) == 0


def test_faults_that_pass(case, api) -> None:
    for number, fault in enumerate(["429", "500", "cut", "half", "html", "empty"], start=1):
        api.faults = [fault]
        papers = toolkit.fetch(case.name, "learning", limit=number)
        assert numbers(papers) == list(range(1, number + 1)), fault
    api.faults = ["503", "half"]
    assert numbers(toolkit.fetch(case.name, ids=case.ids[:2])) == [5, 3]


@pytest.mark.parametrize("fault", ["403", "half", "html", "away"])
def test_faults_that_stay_are_told(case, api, fault, monkeypatch) -> None:
    monkeypatch.setattr(client, "_ATTEMPTS", 2)
    api.faults = [fault] * 9
    words = {"403": "with HTTP status 403: fault 403", "away": "10.0.0.7 is not a public"}
    with pytest.raises(toolkit.SourceError, match=words.get(fault, "after 2 tries")) as caught:
        toolkit.fetch(case.name, "learning")
    assert str(caught.value).startswith(SOURCES[case.name].title)
    assert len(caught.value.partial) == 0


@pytest.mark.parametrize(
    "case", [one for one in CASES.values() if one.bad_query], indirect=True, ids=str
)
def test_a_bad_query_is_told_in_the_words_of_the_service(case, api) -> None:
    with pytest.raises(toolkit.DataError, match=case.words):
        toolkit.fetch(case.name, case.bad_query)


def test_what_is_fetched_is_what_load_reads(case, api, tmp_path, monkeypatch) -> None:
    kept: list[str] = []
    real = client.Service._once

    def once(self, request):
        answer = real(self, request)
        kept.append(answer.text)
        return answer

    monkeypatch.setattr(client.Service, "_once", once)
    papers = toolkit.fetch(case.name, "learning", limit=3)
    saved = tmp_path / "saved"
    text = kept[-1]
    if case.name == "semantic-scholar":  # its pages have a thousand papers
        answer = json.loads(text)
        text = json.dumps({**answer, "data": answer["data"][:3]})
    saved.write_text(text)
    loaded = toolkit.load(saved)
    pd.testing.assert_frame_equal(papers.drop(columns="origin"), loaded.drop(columns="origin"))


def test_a_key_is_sent_to_the_service_and_shown_nowhere(case, api, caplog, capfd) -> None:
    caplog.set_level("DEBUG")
    if SOURCES[case.name].send_key is None:
        with pytest.raises(toolkit.DataError, match=r"takes no key.*Leave it out"):
            toolkit.fetch(case.name, "learning", key="planted-93")
        return
    toolkit.fetch(case.name, "learning", limit=3, key="planted-93")
    with pytest.raises(toolkit.SourceError, match="Check the key in key=") as caught:
        api.faults = ["401"]
        toolkit.fetch(case.name, "kites", limit=3, key="planted-93")
    sent = str(api.asked[0]) + str(dict(api.headers[0]))
    assert "planted-93" in sent
    said = capfd.readouterr()
    assert "with the key that was given" in said.err
    assert "planted" not in caplog.text + said.out + said.err + str(caught.value)
    for file in api_cache().rglob("*.json"):
        assert "planted" not in file.read_text()


def api_cache():
    from toolkit.files import cache_folder

    return cache_folder("x").parent


@pytest.mark.parametrize("name", ["crossref", "semantic-scholar"])
def test_a_cursor_that_expired_while_the_call_was_dead(name, monkeypatch, tmp_path) -> None:
    case = CASES[name]
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path))
    with case.api() as api:
        monkeypatch.setenv(SOURCES[name].variable, api.url)
        api.faults = ["", "", *["500"] * 9] if name == "crossref" else ["", *["500"] * 9]
        with pytest.raises(toolkit.SourceError) as caught:
            toolkit.fetch(name, "learning", limit=440)
        kept = len(caught.value.partial)
        assert kept in (100, 400)
        api.faults, api.stale = [], {f"C{kept}", f"T{kept}"}
        real = api.reply

        def answer(path, asked, body):
            if asked.get("cursor") == "*" or (name != "crossref" and "token" not in asked):
                api.stale = set()  # a new search has cursors of its own
            return real(path, asked, body)

        api.reply = answer
        papers = toolkit.fetch(name, "learning", limit=440)
    assert numbers(papers) == list(range(1, min(440, 450 if name == "crossref" else 250) + 1))


@pytest.fixture
def one(request, monkeypatch, tmp_path):
    case = CASES[request.param]
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path))
    with case.api() as running:
        monkeypatch.setenv(SOURCES[case.name].variable, running.url)
        yield running


@pytest.mark.parametrize("one", ["pubmed"], indirect=True)
def test_pubmed_tells_words_it_ignores_and_refused_keys(one) -> None:
    with pytest.warns(UserWarning, match="left out of the query what it does not know: submarines"):
        assert len(toolkit.fetch("pubmed", "kites submarines", limit=5)) == 5
    one.key = "right-1"
    with pytest.raises(toolkit.SourceError, match=r"the key: API key invalid\. Check the key"):
        toolkit.fetch("pubmed", "lanterns", key="wrong-1")
    papers = toolkit.fetch("pubmed", since="2021-01-01", until="2021-02-01", limit=9)
    assert len(papers) == 9 and set(papers["published"].dt.year) == {2021}


@pytest.mark.parametrize("one", ["arxiv"], indirect=True)
def test_arxiv_takes_words_and_its_own_language(one) -> None:
    toolkit.fetch("arxiv", "paper boats", limit=3)
    toolkit.fetch("arxiv", 'cat:cs.DL AND abs:"link rot"', since=2021, limit=3)
    toolkit.fetch("arxiv", until="2021-01-31", limit=3)
    assert [asked["search_query"] for _, asked, _ in one.asked] == [
        "all:paper AND all:boats",
        '(cat:cs.DL AND abs:"link rot") AND submittedDate:[202101010000 TO 210012312359]',
        "submittedDate:[199101010000 TO 202101312359]",
    ]


@pytest.mark.parametrize("one", ["hf-papers"], indirect=True)
def test_days_of_hugging_face(one) -> None:
    papers = toolkit.fetch("hf-papers", since="2026-03-05", until="2026-03-09", limit=7)
    assert len(papers) == 7
    assert papers["listed"].dt.strftime("%m-%d").unique().tolist() == ["03-05", "03-06", "03-09"]
    assert papers["code_url"].notna().all()
    with pytest.raises(toolkit.DataError, match="a day in the future: found '2099-01-01'"):
        toolkit.fetch("hf-papers", since="2099-01-01")


@pytest.mark.parametrize("one", ["crossref"], indirect=True)
def test_crossref_takes_a_mail_address_or_a_token(one) -> None:
    toolkit.fetch("crossref", "kites", limit=3, key="reader@example.org")
    assert one.asked[-1][1]["mailto"] == "reader@example.org"
    toolkit.fetch("crossref", "lanterns", limit=3, key="token-1")
    assert one.headers[-1]["Crossref-Plus-API-Token"] == "Bearer token-1"
