"""`fetch`: what all services share, shown on OpenAlex, against a server on this machine."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from fake_apis import Refusal, doi_of
from fake_apis.openalex import OpenAlex, work

import toolkit
from toolkit.papers.schema import check_papers
from toolkit.services import client
from toolkit.services.fetching import SOURCES, day_of
from toolkit.services.refs import KINDS, Ref, parse_ref

KEY = "planted-key-93"


@pytest.fixture
def api(monkeypatch, tmp_path):
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    with OpenAlex() as running:
        monkeypatch.setenv("PAPERSCOPE_OPENALEX_URL", running.url)
        yield running


def numbers(papers: pd.DataFrame) -> list[int]:
    return [int(title.rsplit(" ", 1)[1]) for title in papers["title"]]


def test_a_search_is_what_load_reads_of_a_saved_answer(api, tmp_path) -> None:
    papers = toolkit.fetch("openalex", "learning", limit=3)
    check_papers(papers)
    (tmp_path / "saved.json").write_text(json.dumps({"meta": {}, "results": api.works[:3]}))
    saved = toolkit.load(tmp_path / "saved.json")
    pd.testing.assert_frame_equal(papers.drop(columns="origin"), saved.drop(columns="origin"))
    assert papers["origin"].unique().tolist() == ["OpenAlex: learning"]
    assert papers["source"].unique().tolist() == ["openalex"]
    assert papers["paper_id"].tolist() == [f"doi:{doi_of(number)}" for number in (1, 2, 3)]


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize(("limit", "requests"), [(1, 1), (100, 1), (101, 2), (230, 3), (900, 3)])
def test_the_limit_is_exact_and_the_order_that_of_the_service(api, key, limit, requests) -> None:
    papers = toolkit.fetch("openalex", "learning", limit=limit, key=key)
    assert numbers(papers) == list(range(1, min(limit, 250) + 1))
    assert len(api.asked) == requests
    assert ("cursor" in api.asked[0][1]) == (key is not None)


def test_a_span_is_the_filter_of_the_service(api) -> None:
    papers = toolkit.fetch("openalex", "learning", since="2020-03", until=2021)
    assert papers["published"].min() >= pd.Timestamp("2020-03-01")
    assert papers["published"].max() <= pd.Timestamp("2021-12-31")
    wanted = [w for w in api.works if "2020-03-01" <= w["publication_date"] <= "2021-12-31"]
    assert len(papers) == len(wanted)
    assert papers["origin"][0] == "OpenAlex: learning (2020-03-01 to 2021-12-31)"
    filtered = toolkit.fetch("openalex", "filter=publication_year:2022", since="2022-06-01")
    assert set(filtered["published"].dt.year) == {2022}
    assert filtered["published"].min() >= pd.Timestamp("2022-06-01")


def test_ids_of_mixed_kinds_come_in_their_order_and_lost_ones_are_told(api) -> None:
    asked = ["10.5555/STUDY.7", "W10003", "pmid:701", "https://doi.org/10.5555/study.999", "PMC5"]
    said = r"OpenAlex does not know 1 of 5 ids: 10\.5555/study\.999; it cannot look up DBLP keys"
    asked[4] = "conf/kites/Number23"
    with pytest.warns(UserWarning, match=said):
        papers = toolkit.fetch("openalex", ids=asked)
    assert numbers(papers) == [7, 3, 1]
    assert papers["origin"].unique().tolist() == ["OpenAlex: by id"]


def test_many_ids_go_in_batches_and_are_asked_once(api) -> None:
    ids = [doi_of(number) for number in range(240, 0, -1)]
    assert numbers(toolkit.fetch("openalex", ids=ids, limit=5)) == list(range(240, 0, -1))
    assert len(api.asked) == 5
    toolkit.fetch("openalex", ids=ids)
    assert len(api.asked) == 5, "the second time all came from the cache"


def test_ids_that_are_refused_one_after_another_stop_the_call(api) -> None:
    def matching(asked):
        raise Refusal(400, {"error": "x", "message": "Unknown filter field: doi"})

    api.matching = matching
    with pytest.raises(toolkit.SourceError, match=r"refuses one id after another, .*field: doi"):
        toolkit.fetch("openalex", ids=[doi_of(number) for number in range(1, 51)])
    assert len(api.asked) < 30


def test_two_ids_of_one_paper_are_one_row(api) -> None:
    assert numbers(toolkit.fetch("openalex", ids=[doi_of(9), "W10009"])) == [9]


def test_a_doi_that_no_filter_can_hold_is_asked_for_alone(api) -> None:
    odd = work(300) | {"doi": "https://doi.org/10.5555/a,b"}
    odd["ids"] = {"doi": odd["doi"]}
    api.works.append(odd)
    assert numbers(toolkit.fetch("openalex", ids=["10.5555/a,b", doi_of(4)])) == [300, 4]


def test_an_arxiv_id_whose_work_has_the_doi_of_a_journal_is_asked_for_alone(api) -> None:
    api.merged = {"10.48550/arxiv.2401.00007": 7}
    with pytest.warns(UserWarning, match=r"does not know 1 of 2 ids: 2401\.00008"):
        papers = toolkit.fetch("openalex", ids=["2401.00007", "2401.00008"])
    assert papers["paper_id"].tolist() == ["arxiv:2401.00007"]
    assert papers["doi"].tolist() == [doi_of(7)]


def test_costs_and_keys_are_told_before_and_only_if_something_is_asked(api, capfd) -> None:
    toolkit.fetch("openalex", "learning", limit=230)
    said = capfd.readouterr().err
    assert (
        "OpenAlex: at most 3 requests 0.1 s apart; $0.0030 of the $0.10 that are free a day; "
        "without a key (OPENALEX_API_KEY: free at https://openalex.org/settings/api)\n"
    ) in said
    assert "OpenAlex: the first 230 of 250 papers (limit=230)" in said
    toolkit.fetch("openalex", "learning", limit=230)
    assert "at most" not in capfd.readouterr().err, "the cache answers"


def test_the_key_comes_from_the_call_or_the_environment(api, monkeypatch, capfd, caplog) -> None:
    caplog.set_level("DEBUG")
    api.key = KEY
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    toolkit.fetch("openalex", "learning", limit=5)
    assert api.asked[-1][1]["api_key"] == KEY
    said = capfd.readouterr().err
    assert "$0.0010 of the $1.00" in said and "with the key of OPENALEX_API_KEY" in said
    with pytest.raises(
        toolkit.SourceError, match=r"401: Invalid API key.*Check the key in key="
    ) as e:
        toolkit.fetch("openalex", "kites", key="wrong-key-17")
    assert len(e.value.partial) == 0
    monkeypatch.setenv("OPENALEX_API_KEY", "wrong-key-18")
    with pytest.raises(toolkit.SourceError, match="the environment variable OPENALEX_API_KEY"):
        toolkit.fetch("openalex", "kites")
    told = str(e.value) + caplog.text + capfd.readouterr().err
    assert "HTTP Request: GET" in told and "planted" not in told and "wrong-key" not in told


@pytest.mark.parametrize("fault", ["429", "503", "500", "cut", "half", "html", "empty"])
def test_faults_that_pass(api, fault) -> None:
    api.faults = [fault]
    assert len(toolkit.fetch("openalex", "learning", limit=5)) == 5
    assert len(api.asked) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "did not answer after 6 tries .HTTP status 500: fault 500"),
        (
            "429",
            r"did not answer after 6 tries .*cached\. A key may help: key=… or OPENALEX_API_KEY",
        ),
        ("half", "cut off, or not JSON"),
        ("html", "a web page in place of an answer: maintenance, or a sign-in page"),
        ("empty", "an empty answer"),
        ("403", "refused .* 403: fault 403. A key may help"),
        ("away", r"redirects to a bad address \(10\.0\.0\.7 is not a public address"),
    ],
)
def test_faults_that_stay_keep_the_papers_so_far(api, fault, words) -> None:
    api.faults = ["", *[fault] * 20]
    with pytest.raises(toolkit.SourceError, match=words) as caught:
        toolkit.fetch("openalex", "learning", limit=230)
    assert numbers(caught.value.partial) == list(range(1, 101))
    api.faults, before = [], len(api.asked)
    assert len(toolkit.fetch("openalex", "learning", limit=230)) == 230
    assert len(api.asked) == before + 2, "the first page was not asked for again"


def test_headers_that_trickle_meet_the_deadline(api, monkeypatch) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.5)
    api.faults = ["trickle"]
    assert len(toolkit.fetch("openalex", "learning", limit=5)) == 5


def test_an_allowance_that_is_used_up_is_told_with_its_end(api) -> None:
    api.faults, api.retry_after = ["429"], "36000"
    with pytest.raises(
        toolkit.SourceError, match=r"asks to wait 10 hours: fault 429.*A key may help"
    ):
        toolkit.fetch("openalex", "learning")


def test_a_burst_is_no_end_of_the_allowance(api, monkeypatch) -> None:
    """OpenAlex sends the seconds to the end of the day with every answer."""
    sent = {"X_RateLimit_Reset": "36000", "X_RateLimit_Remaining": "9"}
    real, refused = api.reply, []

    def answer(path, asked, body):
        if not refused:
            refused.append(path)
            raise Refusal(429, {"message": "Too many"}, **sent)
        return real(path, asked, body)

    api.reply = answer
    assert len(toolkit.fetch("openalex", "learning", limit=3)) == 3
    refused.clear()
    sent["X_RateLimit_Remaining"] = "0"
    with pytest.raises(toolkit.SourceError, match="asks to wait 10 hours: Too many"):
        toolkit.fetch("openalex", "kites", limit=3)


@pytest.mark.parametrize("status", [200, 500, 403])
def test_a_check_for_browsers_is_told_at_once(api, status) -> None:
    page = "<!doctype html><html><head><title>Making sure you're not a bot!</title></head></html>"

    def answer(path, asked, body):
        raise Refusal(status, page)

    api.reply = answer
    with pytest.raises(toolkit.SourceError, match=r"only browsers pass .*not a bot!.*another serv"):
        toolkit.fetch("openalex", "learning")
    assert len(api.asked) == 1


def test_a_query_that_the_service_refuses_is_told_in_its_words(api) -> None:
    words = r"OpenAlex does not understand .*400\): Unknown filter field: colour. Correct the query"
    with pytest.raises(toolkit.DataError, match=words):
        toolkit.fetch("openalex", "filter=colour:red")
    assert len(api.asked) == 1


def test_records_that_cannot_be_read_are_set_aside_and_told(api) -> None:
    api.works[2] = {**api.works[2], "title": None, "display_name": None}
    api.works[4] = {**api.works[4], "publication_date": "2021-99-99", "publication_year": "x"}
    with pytest.warns(UserWarning, match=r"1 of 10 records cannot be read and .*record 3: .*title"):
        papers = toolkit.fetch("openalex", "filter=publication_year:2020", limit=10)
    assert numbers(papers) == [1, 2, 4, *range(6, 12)]


def test_no_paper_is_an_empty_table(api) -> None:
    papers = toolkit.fetch("openalex", "submarines")
    check_papers(papers)
    assert len(papers) == 0 and "abstract" in papers


def test_ctrl_c_returns_the_papers_so_far(api) -> None:
    real = client.Service.get

    def get(self, path, params, **more):
        if params.get("page") == "2":
            raise KeyboardInterrupt
        return real(self, path, params, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client.Service, "get", get)
        with pytest.warns(UserWarning, match="interrupted after 100 papers, which are returned"):
            papers = toolkit.fetch("openalex", "learning", limit=230)
    assert numbers(papers) == list(range(1, 101))
    assert len(toolkit.fetch("openalex", "learning", limit=230)) == 230
    assert len(api.asked) == 3


@pytest.mark.slow
def test_a_real_ctrl_c_returns_the_papers_so_far_and_the_next_call_goes_on(api) -> None:
    script = (
        "import warnings, toolkit\nwarnings.simplefilter('always')\n"
        "print(len(toolkit.fetch('openalex', 'learning', limit=250)), flush=True)"
    )
    api.delay = 0.7
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as run:
        while len(api.asked) < 2 and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert out.strip() == "100" and "interrupted after 100 papers, which are returned" in err
    api.delay, before = 0.0, len(api.asked)
    assert len(toolkit.fetch("openalex", "learning", limit=250)) == 250
    assert len(api.asked) == before + 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("opnalex", "kites"), "not a service: found 'opnalex'. Did you mean 'openalex'"),
        (("openalex",), "neither a query nor ids: expected words"),
        (("openalex", "  "), "an empty query"),
        (("openalex", 7), "not a query: found 7"),
        (("openalex", "kites", {"limit": 0}), "'limit'.*found 0, expected 1 or more"),
        (("openalex", "kites", {"since": 2024, "until": "2023"}), "ends before it begins"),
        (("openalex", "kites", {"since": "soon"}), "'since'.*not a date: found 'soon'"),
        (("openalex", "kites", {"ids": ["10.1/x"]}), "ids and a search together"),
        (("openalex", None, {"ids": ["10.1/x"], "since": 2024}), "ids and a search together"),
        (("openalex", None, {"ids": []}), "no ids"),
        (("openalex", None, {"ids": ["10.5555/a", "kites"]}), "row 2, .*not an id of a paper"),
        (("openalex", None, {"ids": ["title:0123456789abcdef"]}), "made from titles are known to"),
        (("openalex", "kites", {"key": " "}), "not a key"),
        (("openalex", "kites", {"key": "schlüssel"}), "a key that cannot be sent"),
    ],
)
def test_bad_calls_are_told_before_anything_is_asked(api, call, words) -> None:
    *args, more = (*call, {}) if not isinstance(call[-1], dict) else call
    with pytest.raises(toolkit.DataError, match=words):
        toolkit.fetch(*args, **more)
    assert api.asked == []


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("https://doi.org/10.1000/ABC.1", Ref("doi", "10.1000/abc.1")),
        ("10.48550/arXiv.2401.16405", Ref("arxiv", "2401.16405")),
        ("https://arxiv.org/pdf/2401.16405v3", Ref("arxiv", "2401.16405")),
        ("hep-th/9901001", Ref("arxiv", "hep-th/9901001")),
        ("29456894", Ref("pmid", "29456894")),
        ("https://pubmed.ncbi.nlm.nih.gov/29456894/", Ref("pmid", "29456894")),
        ("PMC1234567", Ref("pmcid", "PMC1234567")),
        ("https://openalex.org/W2741809807", Ref("openalex", "W2741809807")),
        ("CorpusId: 215416146", Ref("corpus", "215416146")),
        ("649DEF34" + "a" * 32, Ref("s2", "649def34" + "a" * 32)),
        ("https://dblp.org/rec/conf/kites/Oak23.html", Ref("dblp", "conf/kites/Oak23")),
        ("DBLP:journals/x/Oak23", Ref("dblp", "journals/x/Oak23")),
        ("kites in the wind", None),
        ("", None),
    ],
)  # fmt: skip
def test_ids_are_known_by_their_form(text, ref) -> None:
    assert parse_ref(text) == ref


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_as_messages_show_it_is_understood_again(kind) -> None:
    known = {"doi": "10.1000/a(b)1", "arxiv": "hep-th/9901001", "openalex": "W12345"}
    known |= {"s2": "a" * 40, "dblp": "conf/kites/Oak23", "pmcid": "PMC7"}
    value = known.get(kind, "123")
    assert parse_ref(str(Ref(kind, value))) == Ref(kind, value)


def test_ids_of_a_table_may_be_made_from_titles(api) -> None:
    ids = [f"doi:{doi_of(2)}", "title:0123456789abcdef"]
    with pytest.warns(UserWarning, match="1 of 2 ids made from titles are known to no service"):
        assert numbers(toolkit.fetch("openalex", ids=ids)) == [2]


def test_a_service_that_gives_no_more_of_a_search_is_told_of(api, monkeypatch) -> None:
    source = dataclasses.replace(SOURCES["openalex"], most=200)
    monkeypatch.setitem(SOURCES, "openalex", source)
    monkeypatch.setattr("toolkit.services.openalex._MOST_WITHOUT_CURSOR", 200)
    with pytest.warns(UserWarning, match="at most 200 papers of one search without a key: fetch"):
        assert len(toolkit.fetch("openalex", "learning", limit=900)) == 200
    assert len(toolkit.fetch("openalex", "learning", limit=900, key=KEY)) == 250


def test_days_of_years_and_months() -> None:
    assert day_of(dt.date(2024, 5, 6), "since") == dt.date(2024, 5, 6)
    assert day_of(pd.Timestamp("2024-05-06 10:00"), "until", last=True) == dt.date(2024, 5, 6)
    assert day_of("2023-02", "until", last=True) == dt.date(2023, 2, 28)
    for bad in (pd.NaT, "2024-13", "99999", True):
        with pytest.raises(toolkit.DataError, match="not a date"):
            day_of(bad, "since")
