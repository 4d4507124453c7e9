"""The fetchers, against a local server that answers and fails as the services do."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest
from fake_services import StandIn, paper

import toolkit
from toolkit.papers.schema import check_papers
from toolkit.services import client as service
from toolkit.services import statuses
from toolkit.services.pacing import wait_turn


@pytest.fixture
def server():
    with StandIn() as running:
        yield running


@pytest.fixture
def arxiv(server, tmp_path, monkeypatch):
    """The stand-in as arXiv, by its environment variable, with a cache of its own."""
    monkeypatch.setenv("PAPERSCOPE_ARXIV_URL", server.url)
    monkeypatch.setenv("PAPERSCOPE_HF_URL", server.url)
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    return server


def ids(*numbers: int) -> list[str]:
    return [f"2401.{number:05}" for number in numbers]


def test_ids_come_in_order_and_whole(arxiv):
    papers = toolkit.fetch_arxiv(ids=["2401.00003v7", "arXiv:2401.00001", "2401.00003"])
    check_papers(papers)
    assert papers.paper_id.tolist() == ["arxiv:2401.00003", "arxiv:2401.00001"]
    assert papers.title[0] == paper(3)["title"]
    assert papers.abstract[1] == paper(1)["abstract"]
    assert papers.published[0] == pd.Timestamp("2024-01-15")
    assert papers.categories[0] == "cs.DL"


def test_many_ids_go_in_batches_and_are_asked_once(arxiv):
    wanted = ids(*range(1, 451))
    assert len(toolkit.fetch_arxiv(ids=wanted)) == 450
    assert len(arxiv.requests) == 3
    assert len(toolkit.fetch_arxiv(ids=wanted)) == 450
    assert len(arxiv.requests) == 3, "the second time everything came from the cache"


def test_query_pages_to_the_limit(arxiv):
    papers = toolkit.fetch_arxiv("cat:cs.DL", limit=450)
    assert len(papers) == 450 and papers.paper_id.is_unique
    assert len(toolkit.fetch_arxiv("cat:cs.DL", limit=7)) == 7
    assert len(toolkit.fetch_arxiv("cat:cs.DL", limit=5000)) == 500


@pytest.mark.parametrize("fault", ["429", "503", "500", "cut", "rate", "html", "301", "empty"])
def test_faults_that_pass(arxiv, fault):
    arxiv.faults = [fault]
    papers = toolkit.fetch_arxiv("cat:cs.DL", limit=5)
    assert papers.title.tolist() == [paper(number)["title"] for number in range(1, 6)]


def test_several_faults_in_a_row(arxiv):
    arxiv.faults = ["500", "cut", "rate", "429", "html"]
    assert len(toolkit.fetch_arxiv(ids=ids(1, 2))) == 2


def test_retry_after_is_obeyed(arxiv):
    arxiv.faults, arxiv.retry_after = ["429"], "1"
    toolkit.fetch_arxiv(ids=ids(1))
    assert arxiv.times[1] - arxiv.times[0] >= 0.99


def test_retry_after_too_long_says_when(arxiv):
    arxiv.faults, arxiv.retry_after = ["429"], "7200"
    with pytest.raises(toolkit.SourceError, match=r"arXiv asks to wait 120 minutes.*cached"):
        toolkit.fetch_arxiv(ids=ids(1))


def test_retry_after_as_a_date():
    from email.utils import formatdate

    assert 50 < statuses.retry_after(formatdate(time.time() + 60, usegmt=True)) <= 61
    assert statuses.retry_after("soon") is None
    assert statuses.retry_after("-5") == 0


def test_a_steady_trickle_meets_the_deadline(arxiv, monkeypatch):
    monkeypatch.setattr(service, "DEADLINE", 0.3)
    arxiv.faults = ["slow"]
    started = time.monotonic()
    assert len(toolkit.fetch_arxiv(ids=ids(1))) == 1
    assert time.monotonic() - started < 5


def test_too_large_an_answer(arxiv, monkeypatch):
    monkeypatch.setattr(service, "MAX_BYTES", 1000)
    with pytest.raises(toolkit.SourceError, match="more than"):
        toolkit.fetch_arxiv(ids=ids(*range(1, 50)))


@pytest.mark.parametrize(
    ("fault", "words"),
    [("500", "HTTP status 500"), ("cut", "was lost|incomplete"), ("rate", "Rate exceeded")],
)
def test_faults_that_stay_keep_what_was_fetched(arxiv, fault, words):
    arxiv.faults = ["", *[fault] * 50]
    with pytest.raises(toolkit.SourceError, match=words) as caught:
        toolkit.fetch_arxiv(ids=ids(*range(1, 451)))
    assert len(caught.value.partial) == 200
    arxiv.faults = []
    before = len(arxiv.requests)
    assert len(toolkit.fetch_arxiv(ids=ids(*range(1, 451)))) == 450
    assert len(arxiv.requests) - before == 2, "the first batch was not asked for again"


def test_redirects_in_a_circle(arxiv):
    arxiv.faults = ["loop"]
    with pytest.raises(toolkit.SourceError, match="redirects in a circle"):
        toolkit.fetch_arxiv(ids=ids(1))


def test_not_there_and_refused(arxiv):
    arxiv.faults = ["404"]
    with pytest.raises(toolkit.SourceError, match="arXiv's API is not at"):
        toolkit.fetch_arxiv(ids=ids(1))
    arxiv.faults = ["403"]
    with pytest.raises(toolkit.SourceError, match=r"refused .* with HTTP status 403"):
        toolkit.fetch_arxiv(ids=ids(1))


def test_errors_of_arxiv_itself(arxiv):
    with pytest.raises(toolkit.DataError, match="malformed query"):
        toolkit.fetch_arxiv("bad syntax")
    with pytest.raises(toolkit.DataError, match=r"row 2, argument 'ids': not an arXiv id"):
        toolkit.fetch_arxiv(ids=["2401.00001", "no-id"])
    with pytest.raises(toolkit.DataError, match="either a query or ids"):
        toolkit.fetch_arxiv()
    with pytest.raises(toolkit.DataError, match="limit"):
        toolkit.fetch_arxiv("x", limit=0)


def test_unknown_ids_are_counted(arxiv):
    with pytest.warns(UserWarning, match=r"does not know 1 of 2 ids: 2312\.99999"):
        papers = toolkit.fetch_arxiv(ids=["2312.99999", "2401.00001"])
    assert len(papers) == 1


def test_offline(tmp_path):
    with StandIn() as gone:
        address = gone.url
    with pytest.raises(toolkit.SourceError, match=r"arXiv cannot be reached.*cached") as caught:
        toolkit.fetch_arxiv(ids=ids(1), base_url=address, cache=tmp_path)
    assert len(caught.value.partial) == 0
    check_papers(caught.value.partial)


def test_bad_address(tmp_path):
    with pytest.raises(toolkit.DataError, match="not the address of a service"):
        toolkit.fetch_arxiv(ids=ids(1), base_url="file:///etc/passwd", cache=tmp_path)


def test_real_services_are_paced():
    real = service.Service(
        "arXiv", "https://export.arxiv.org", variable="NO_SUCH", given=None, pause=3.0, cache="x"
    )
    assert real.pause == 3.0
    real.pause = 0.2
    started = time.monotonic()
    for _ in range(3):
        wait_turn("https://paced.invalid", real.pause)
    assert time.monotonic() - started >= 0.39


def test_requests_name_the_software_and_its_version(arxiv):
    toolkit.fetch_arxiv(ids=ids(1))
    assert arxiv.agents == [f"paperscope/{toolkit.__version__} (research software)"]


def test_answers_are_cached_below_the_folder_given(arxiv, tmp_path, monkeypatch):
    toolkit.fetch_arxiv(ids=ids(1))
    assert len(list((tmp_path / "cache" / "arxiv").glob("*.json"))) == 1
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    toolkit.fetch_arxiv(ids=ids(1), cache="~/answers")
    toolkit.fetch_hf_papers(since="2026-03-05", until="2026-03-05", cache=tmp_path / "home/answers")
    folders = sorted(path.name for path in (tmp_path / "home" / "answers").iterdir())
    assert folders == ["arxiv", "hugging-face"]


def test_daily_papers(arxiv):
    papers = toolkit.fetch_hf_papers(since="2026-03-05", until="2026-03-09")
    check_papers(papers)
    assert len(papers) == 9, "Thursday, Friday and Monday; nothing at the weekend"
    assert papers.listed.dt.strftime("%m-%d").unique().tolist() == ["03-05", "03-06", "03-09"]
    assert papers.upvotes.tolist() == [7] * 9
    assert papers.code_url[0] == "https://github.com/example/kites"
    before = len(arxiv.requests)
    toolkit.fetch_hf_papers(since="2026-03-05", until="2026-03-09")
    assert len(arxiv.requests) == before


def test_daily_papers_keep_the_days_before_a_fault(arxiv):
    arxiv.faults = ["", "", *["500"] * 20]
    with pytest.raises(toolkit.SourceError, match="Hugging Face did not answer") as caught:
        toolkit.fetch_hf_papers(since="2026-03-05", until="2026-03-09")
    assert len(caught.value.partial) == 6


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-13-01", "2026-03-09", "since.*not a date"),
        ("2026-03-09", "2026-03-05", "ends before it begins"),
        ("2099-01-01", "2099-01-02", "a day in the future.*expected today at"),
        (None, "2026-03-05", "since"),
    ],
)
def test_daily_papers_bad_spans(since, until, words):
    with pytest.raises(toolkit.DataError, match=words):
        toolkit.fetch_hf_papers(since=since, until=until)


def test_abstracts_come_back(arxiv):
    full = toolkit.fetch_arxiv(ids=ids(1, 2, 3))
    bare = full.assign(abstract=pd.array([pd.NA, "Kept as it is.", pd.NA], dtype="string"))
    copy = bare.copy(deep=True)
    back = toolkit.fetch_abstracts(bare)
    pd.testing.assert_frame_equal(bare, copy)
    assert back.abstract.tolist() == [full.abstract[0], "Kept as it is.", full.abstract[2]]
    pd.testing.assert_frame_equal(back.drop(columns="abstract"), bare.drop(columns="abstract"))


def test_abstracts_that_stay_away_are_counted(arxiv):
    papers = toolkit.load(
        '{"arxiv_id": "2401.00001", "title": "One"}\n'
        '{"arxiv_id": "2312.99999", "title": "Unknown there"}\n{"title": "No id at all"}'
    )
    with pytest.warns(UserWarning, match=r"2 paper\(s\) are still without .*: 1 have no .* 1 are"):
        back = toolkit.fetch_abstracts(papers)
    assert back.abstract.notna().tolist() == [True, False, False]


def test_titles_are_resolved_or_left_alone(arxiv):
    one, two = paper(5), paper(6)
    papers = toolkit.load(
        "\n".join(
            json.dumps(record)
            for record in [
                {"title": one["title"].upper() + "."},
                {"title": two["title"], "authors": "Nobody Else"},
                {"title": "Learning Snow Maps from Scratch, Study 999"},
                {"title": "Something wholly different about gardens"},
                {"title": "Known", "arxiv_id": "2301.00001"},
                {"title": "Short"},
            ]
        )
    )
    found = toolkit.resolve_ids(papers)
    assert found.arxiv_id.isna().tolist() == [False, True, True, True, False, True]
    assert found.arxiv_id[0] == one["id"] and found.paper_id[0] == f"arxiv:{one['id']}"
    assert found.match_score[0] == 1.0 and found.match_score[1] == 0.0
    assert found.paper_id[1:].tolist() == papers.paper_id[1:].tolist()
    assert found.published[0] == pd.Timestamp("2024-01-15")
    assert "arxiv_id" not in papers.columns
    back = toolkit.fetch_abstracts(found.iloc[:1])
    assert back.abstract[0] == one["abstract"]


def test_a_title_that_fits_two_papers_is_not_guessed(arxiv):
    twin = dict(arxiv.papers["2401.00005"], id="2401.09999")
    arxiv.papers["2401.09999"] = twin
    found = toolkit.resolve_ids(toolkit.load(json.dumps({"title": twin["title"]})))
    assert found.arxiv_id.isna().all() and found.match_score[0] == 1.0


def test_resolving_keeps_what_it_has_when_broken_off(arxiv):
    papers = toolkit.load("\n".join(json.dumps({"title": paper(n)["title"]}) for n in range(1, 17)))
    arxiv.faults = ["", *["500"] * 20]
    with pytest.raises(toolkit.SourceError) as caught:
        toolkit.resolve_ids(papers)
    assert caught.value.partial.arxiv_id.notna().tolist() == [True] * 8 + [False] * 8


def test_a_damaged_cache_is_fetched_anew(arxiv, tmp_path):
    toolkit.fetch_arxiv(ids=ids(1))
    (kept,) = (tmp_path / "cache" / "arxiv").glob("*.json")
    for damage in ("", "{", '{"url": 1}', kept.read_text()[:-30]):
        kept.write_text(damage)
        assert len(toolkit.fetch_arxiv(ids=ids(1))) == 1
        assert json.loads(kept.read_text())["text"].startswith("<?xml")


def test_an_unwritable_cache_is_said(arxiv, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(toolkit.SourceError, match=r"cannot be written to.*PAPERSCOPE_CACHE"):
        toolkit.fetch_arxiv(ids=ids(1), cache=tmp_path / "file")


@pytest.mark.slow
def test_killed_twenty_times_nothing_is_lost(tmp_path):
    """kill -9 at random moments: what was reported as kept is whole, and is not asked for again."""
    cache = tmp_path / "cache"
    script = textwrap.dedent(
        """
        import dataclasses, sys, toolkit
        wanted = [f"2401.{n:05}" for n in range(1, 401)]
        from toolkit.services import client as service
        arxiv = sys.modules["toolkit.services.arxiv"]
        arxiv.SOURCE = dataclasses.replace(arxiv.SOURCE, batch=5)
        write = service.write_cached
        def told(place, url, text):
            write(place, url, text)
            print(place.name, flush=True)
        service.write_cached = told
        papers = toolkit.fetch_arxiv(ids=wanted, base_url=sys.argv[1], cache=sys.argv[2])
        print("done", len(papers), flush=True)
        """
    )
    random.seed(4)
    reported: set[str] = set()
    with StandIn() as server:
        server.delay = 0.05
        for _ in range(20):
            run = subprocess.Popen(
                [sys.executable, "-c", script, server.url, str(cache)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=Path(__file__).parents[1],
            )
            assert run.stdout is not None
            first = run.stdout.readline()
            time.sleep(random.uniform(0.0, 0.35))
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
            lines = [first, *run.stdout.read().splitlines()]
            run.stdout.close()
            names = {line.strip() for line in lines if line.strip().endswith(".json")}
            assert not names & reported, "nothing was fetched a second time"
            reported |= names
            for name in reported:
                kept = json.loads((cache / "arxiv" / name).read_text())
                assert kept["text"].endswith("</feed>")
        assert reported, "the runs were killed before anything was kept"
        server.delay = 0.0
        papers = toolkit.fetch_arxiv(ids=ids(*range(1, 401)), base_url=server.url, cache=cache)
    assert papers.paper_id.tolist() == [f"arxiv:{one}" for one in ids(*range(1, 401))]
