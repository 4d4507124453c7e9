"""follow and update against a server that answers as arXiv and Hugging Face do."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from fake_services import StandIn
from fake_services import paper as invented
from hypothesis import given, settings
from hypothesis import strategies as st
from kill_updates import content

import toolkit
from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.linkcheck import LinkLog
from toolkit.papers.schema import make_papers
from toolkit.topics.placing import Fit
from toolkit.updates.command import main
from toolkit.updates.content import fit_in_words
from toolkit.updates.following import FILE, read_following
from toolkit.updates.updating import run_update

MONDAYS = ("2024-06-10", "2024-06-17", "2024-06-24")
QUERY = "cat:cs.DL"


@pytest.fixture
def service(monkeypatch, tmp_path):
    """A server with 30 papers on arXiv, and three on each weekday at Hugging Face."""
    with StandIn(30) as server:
        monkeypatch.setenv("PAPERSCOPE_ARXIV_URL", server.url)
        monkeypatch.setenv("PAPERSCOPE_HF_URL", server.url)
        monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
        yield server


@pytest.fixture
def mine(tmp_path) -> Path:
    """A folder that follows one query, without papers."""
    toolkit.follow(tmp_path / "mine", "arxiv", QUERY, since="2024-01-01")
    return tmp_path / "mine"


def add(server: StandIn, number: int, **more: str) -> str:
    """Let arXiv have another paper; return its id."""
    one = {**invented(number), **more}
    server.papers[one["id"]] = one
    return f"arxiv:{one['id']}"


def page(folder: Path, day: str) -> str:
    return (folder / "pages" / f"{day}.html").read_text(encoding="utf-8")


def test_follow_lists_and_unfollow(tmp_path) -> None:
    place = tmp_path / "new" / "mine"
    toolkit.follow(place, "arxiv", QUERY, since="2024-01-01", limit=50)
    toolkit.follow(place, "hf-papers", since="2024-06-01")
    queries = toolkit.follow(place)
    assert queries[["service", "since", "limit"]].values.tolist() == [
        ["arxiv", "2024-01-01", 50],
        ["hf-papers", "2024-06-01", 1000],
    ]
    assert queries["query"].isna().tolist() == [False, True] and queries["until"].isna().all()
    assert toolkit.load_collection(place).empty
    again = toolkit.follow(place, "arxiv", f" {QUERY} ", limit=70)
    assert again.loc[1, ["query", "since", "limit"]].tolist() == [QUERY, "2024-01-01", 70]
    assert toolkit.unfollow(place, "hf-papers")["service"].tolist() == ["arxiv"]
    with pytest.raises(DataError, match="this query is not followed: found 'arxiv: x', expected"):
        toolkit.unfollow(place, "arxiv", "x")


def test_saving_the_collection_keeps_what_is_followed(mine) -> None:
    papers = toolkit.load_sample("trending-page")
    toolkit.save_collection(papers, mine)
    assert toolkit.follow(mine)["query"].tolist() == [QUERY]
    assert len(toolkit.load(mine)) == len(toolkit.load_collection(mine)) == 31


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("arxive", "x"), "argument 'service': not a service.*Did you mean 'arxiv'"),
        (("openalex",), "argument 'query': openalex needs a query"),
        (("arxiv",), "argument 'query': arxiv needs a query: found None, expected words"),
        (("pubmed",), "argument 'query': pubmed needs a query"),
        (("arxiv", 'abs:"link rot'), "argument 'query': a quote that is not closed"),
        (("arxiv", "  "), "argument 'query': not a query: found '  '"),
        (("arxiv", 3), "argument 'query': not a query: found 3"),
        ((None, "x"), "argument 'service': a query without its service"),
        (("arxiv", "cat:cs.DL&api_key=sk12345678"), "a query with a key in it"),
    ],
)
def test_what_cannot_be_followed(tmp_path, given, message) -> None:
    with pytest.raises(DataError, match=message):
        toolkit.follow(tmp_path / "mine", *given)
    assert not (tmp_path / "mine").exists()


def test_other_wrong_arguments(mine, tmp_path, service) -> None:
    for more in ({"since": "June"}, {"since": 2024}, {"limit": 0}):
        with pytest.raises(DataError, match=f"argument '{next(iter(more))}'"):
            toolkit.follow(mine, "arxiv", "x", **more)
    with pytest.raises(DataError, match="there is no such folder"):
        toolkit.update(tmp_path / "nowhere")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.csv").write_text("title\nA")
    for call in (toolkit.update, toolkit.follow):
        with pytest.raises(DataError, match="not a collection: it holds no manifest"):
            call(tmp_path / "other")
    with pytest.raises(DataError, match="argument 'overlap': not a count"):
        toolkit.update(mine, overlap=-1)
    with pytest.raises(DataError, match="argument 'today': not a date: found 'Monday'"):
        toolkit.update(mine, today="Monday")
    with pytest.raises(DataError, match="argument 'basket': there is no such basket"):
        toolkit.update(mine, basket=tmp_path / "none.json")
    for more, message in (
        ({"keys": "sk-1"}, "argument 'keys': not keys of services"),
        ({"keys": {"arxiv": 3}}, "argument 'keys': the key of arxiv is no text"),
        ({"keys": {"arxive": "sk-1"}}, "argument 'service': not a service"),
        ({"basket": 5}, "argument 'basket': not a basket: found 5"),
        ({"today": "2999-01-01"}, "argument 'today': a day in the future"),
    ):
        with pytest.raises(DataError, match=message) as told:
            toolkit.update(mine, **more)
        assert "sk-1" not in str(told.value)
    with pytest.raises(DataError, match="argument 'since': a day in the future"):
        toolkit.follow(mine, "arxiv", "x", since="2999-01-01")
    assert toolkit.update(mine, today=MONDAYS[0], overlap=10**12, basket=mine).shape[0] == 30
    toolkit.unfollow(mine, "arxiv", QUERY)
    with pytest.raises(DataError, match="the folder follows no query"):
        toolkit.update(mine)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"format": "toolkit following"}',
        '{"format": "other", "version": 1}',
        "[" * 100_000,
        '{"format": "toolkit following", "version": 1, "ran": "x", "before": null, "queries": [], '
        '"changes": []}',
        '{"format": "toolkit following", "version": 1, "ran": null, "before": null, "queries": '
        '[{"service": 3, "query": "x", "since": "2024-01-01", "limit": 3, "until": null}], '
        '"changes": []}',
        '{"format": "toolkit following", "version": 1, "ran": null, "before": null, "queries": [], '
        '"changes": [["2024-01-01", "a"]]}',
    ],
)
def test_a_damaged_file_of_queries_is_told(mine, text) -> None:
    (mine / FILE).write_text(text)
    with pytest.raises(DataError, match=r"following\.json|not a date"):
        toolkit.update(mine)


def test_a_newer_file_of_queries_is_refused(mine) -> None:
    (mine / FILE).write_text('{"format": "toolkit following", "version": 2}')
    with pytest.raises(DataError, match=r"another version of the toolkit.*Update the toolkit"):
        toolkit.follow(mine)


def test_weeks_of_updates(mine, service) -> None:
    toolkit.follow(mine, "hf-papers", since="2024-06-03")
    first = toolkit.update(mine, today=MONDAYS[0])
    # arXiv's 30; at Hugging Face 3 × the day of the month and the two after it, on weekdays: of
    # the 3rd to the 7th and the 10th, where those up to 30 are on arXiv too.
    ids = {f"arxiv:2401.{n:05}" for n in range(1, 31)}
    ids |= {f"arxiv:2401.{3 * day + at:05}" for day in (3, 4, 5, 6, 7, 10) for at in range(3)}
    assert set(first["paper_id"]) == ids == set(toolkit.load_collection(mine)["paper_id"])
    assert first["arrived"].eq(pd.Timestamp(MONDAYS[0])).all() and first["topic"].isna().all()
    assert "no topics yet" in page(mine, MONDAYS[0])
    papers = toolkit.load_collection(mine)
    topics = toolkit.fit_topics(papers, n_topics=3)
    topics.save(mine / "topics")
    papers["note"] = [f"note {n}" for n in range(len(papers))]
    papers["score"] = range(len(papers))
    toolkit.save_collection(papers, mine)

    late = add(service, 400, title="Learning Lanterns, listed late")
    second = toolkit.update(mine, today=MONDAYS[1])
    new = {f"arxiv:2401.{3 * day + at:05}" for day in (11, 12, 13, 14, 17) for at in range(3)}
    assert set(second["paper_id"]) == new - ids | {late}
    assert second["arrived"].eq(pd.Timestamp(MONDAYS[1])).all()
    placed = topics.predict(second)
    assert second["topic"].tolist() == placed["topic"].tolist()
    labels = dict(zip(topics.topics["topic"], topics.topics["label"]))
    assert second["label"].tolist() == [labels[n] for n in placed["topic"]]
    kept = toolkit.load_collection(mine)
    assert kept["note"].tolist()[: len(papers)] == papers["note"].tolist()
    assert kept["score"].tolist()[: len(papers)] == papers["score"].tolist()
    assert kept["note"][len(papers) :].isna().all()
    # Topics stay as they are.
    pd.testing.assert_frame_equal(toolkit.load_topics(mine / "topics").papers, topics.papers)
    assert toolkit.follow(mine)["until"].eq(MONDAYS[1]).all()
    before = content(mine)
    again = toolkit.update(mine, today=MONDAYS[1])
    assert content(mine) == before, "twice in a row changes nothing"
    pd.testing.assert_frame_equal(again, second)
    third = toolkit.update(mine, today=MONDAYS[2])
    assert set(third["paper_id"]) == {
        f"arxiv:2401.{3 * day + at:05}" for day in (18, 19, 20, 21, 24) for at in range(3)
    }


def test_the_overlap_asks_for_days_before_the_last_answer(mine, service) -> None:
    for day, overlap, since in zip(MONDAYS, (14, 3, 400), ("20240101", "20240607", "20240101")):
        toolkit.update(mine, today=day, overlap=overlap)
        until = day.replace("-", "")
        asked = service.requests[-1]
        assert f"submittedDate%3A%5B{since}0000+TO+{until}2359%5D" in asked


def test_a_week_without_news(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    before = content(mine)
    assert toolkit.update(mine, today=MONDAYS[1]).empty
    after = content(mine)
    assert {name for name in after if after[name] != before.get(name)} == {FILE}
    assert not (mine / "pages" / f"{MONDAYS[1]}.html").exists()
    late = add(service, 300)
    assert toolkit.update(mine, today=MONDAYS[2])["paper_id"].tolist() == [late]
    assert f"1 paper came since {MONDAYS[1]}. The collection has 31 papers." in page(
        mine, MONDAYS[2]
    )


def test_empty_answers(mine, service) -> None:
    service.papers.clear()
    new = toolkit.update(mine, today=MONDAYS[0])
    assert new.empty and {"topic", "label", "confidence", "stranger", "arrived"} <= set(new)
    assert toolkit.load_collection(mine).empty and not (mine / "pages").exists()


def test_a_query_that_fails_does_not_stop_the_others(mine, service) -> None:
    toolkit.follow(mine, "hf-papers", since="2024-06-06")
    service.faults = ["403"]
    with pytest.warns(UserWarning, match=r"arxiv: cat:cs\.DL: arXiv refused .* status 403"):
        new = toolkit.update(mine, today=MONDAYS[0])
    assert len(new) == 9
    assert toolkit.follow(mine)["until"].fillna("never").tolist() == ["never", MONDAYS[0]]
    assert "arxiv: cat:cs.DL: not answered in full yet; it is asked" in page(mine, MONDAYS[0])
    # The next one, even on the same day, asks it from the same day.
    new = toolkit.update(mine, today=MONDAYS[0])
    assert len(new) == 32 and "submittedDate%3A%5B20240101" in service.requests[-1]
    assert toolkit.follow(mine)["until"].eq(MONDAYS[0]).all()
    assert "not answered" not in page(mine, MONDAYS[0])


def test_a_query_at_its_limit_is_told_and_not_done(mine, service) -> None:
    toolkit.follow(mine, "arxiv", QUERY, limit=10)
    with pytest.warns(UserWarning, match="more than 10 papers since 2024-01-01: narrow the query"):
        assert len(toolkit.update(mine, today=MONDAYS[0])) == 10
    assert toolkit.follow(mine)["until"].isna().all()
    toolkit.follow(mine, "arxiv", QUERY, limit=100)
    assert len(toolkit.update(mine, today=MONDAYS[0])) == 30


def test_keys_stay_out_of_the_folder(mine, service, monkeypatch) -> None:
    secret = "sk-very-secret-123"

    def refuses(query, since, until, key) -> None:
        assert key == secret
        raise DataError(f"the key {key} is wrong")

    monkeypatch.setattr("toolkit.updates.asking._fetch", refuses)
    with pytest.warns(UserWarning, match=r"the key \[key\] is wrong") as told:
        toolkit.update(mine, today=MONDAYS[0], keys={"arxiv": secret})
    assert secret not in str([one.message for one in told])
    assert not any(secret.encode().hex() in text for text in content(mine).values())


def test_a_library_is_asked_for_all_it_has(tmp_path, monkeypatch) -> None:
    asked = []

    def fetch(service, query, **more) -> pd.DataFrame:
        asked.append((service, query, more["since"], more["until"]))
        return make_papers([{"title": "An old paper put into Zotero today", "published": "1999"}])

    monkeypatch.setattr("toolkit.updates.asking.fetch", fetch)
    toolkit.follow(tmp_path / "mine", "zotero", "users/1")
    assert len(toolkit.update(tmp_path / "mine", today=MONDAYS[0])) == 1
    assert asked == [("zotero", "users/1", None, None)]


def test_a_day_before_the_last_update_is_refused(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[1])
    with pytest.raises(DataError, match="a day before the last update: found '2024-06-10'"):
        toolkit.update(mine, today=MONDAYS[0])


def test_a_column_of_the_same_name_is_told(mine, service) -> None:
    papers = toolkit.load_sample("trending-page").assign(arrived="by bus")
    toolkit.save_collection(papers, mine)
    with pytest.raises(DataError, match=r"column 'arrived'.*Rename your column"):
        toolkit.update(mine, today=MONDAYS[0])


def test_folders_without_prose_stay_without(tmp_path, service) -> None:
    mine = tmp_path / "mine"
    papers = toolkit.fetch_arxiv(ids=["2401.00001", "2401.00002"])
    toolkit.save_collection(papers, mine, prose=False, about={"licence": "CC0"})
    toolkit.follow(mine, "arxiv", QUERY, since="2024-01-01")
    new = toolkit.update(mine, today=MONDAYS[0])
    assert len(new) == 28
    kept = toolkit.load_collection(mine)
    assert kept["abstract"].isna().all() and kept["terms"].notna().all()
    manifest = json.loads((mine / "manifest.json").read_text())
    assert manifest["prose"] is False and manifest["about"] == {"licence": "CC0"}
    before = content(mine)
    toolkit.update(mine, today=MONDAYS[0])
    assert content(mine) == before


def test_gaps_that_are_filled_tell_of_code(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    assert toolkit.load_collection(mine)["code_url"].isna().all()
    toolkit.follow(mine, "hf-papers", since="2024-06-03")
    new = toolkit.update(mine, today=MONDAYS[1])
    filled = toolkit.load_collection(mine).set_index("paper_id")["code_url"]
    assert filled["arxiv:2401.00010"] == "https://github.com/example/kites"
    text = page(mine, MONDAYS[1])
    assert f", {len(new)} with a link to code." in text
    assert "Study 10: code, says hf-papers" in text and "arxiv:2401.00010" not in set(
        new["paper_id"]
    )
    # Told once.
    toolkit.update(mine, today=MONDAYS[2])
    assert "Study 10: code" not in page(mine, MONDAYS[2])


def test_the_basket_of_the_folder(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    papers = toolkit.load_collection(mine)
    entry = {"paper_id": papers["paper_id"][0], "title": papers["title"][0], "note": ""}
    basket = json.dumps({"format": "paper-toolkit basket 1", "papers": [entry]})
    write_atomically(mine / "reading_basket.json", basket)
    add(service, 301)
    toolkit.update(mine, today=MONDAYS[1])
    near = page(mine, MONDAYS[1]).split("Near your basket")[1].split("</section>")[0]
    assert "Study 301" in near and f"near “{papers['title'][0]}”" in near
    # Ids in place of a file; a basket of other papers.
    toolkit.update(mine, today=MONDAYS[1], basket=["arxiv:1111.11111"])
    assert "Near your basket" not in page(mine, MONDAYS[1])
    toolkit.update(mine, today=MONDAYS[1], basket=papers.head(1))
    assert "Near your basket" in page(mine, MONDAYS[1])


def test_links_that_changed_are_on_the_page(mine, service, monkeypatch) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    with LinkLog(mine / "links.sqlite") as log:
        for day, alive in (("2024-06-09", True), ("2024-06-15", False)):
            log.append(
                [
                    {
                        "url": "https://a.example/<b>",
                        "state": "alive" if alive else "gone",
                        "resolves": alive,
                        "checked_at": pd.Timestamp(day),
                        "why": "not found",
                    }
                ]
            )
    before = content(mine)
    assert toolkit.update(mine, today=MONDAYS[1]).empty
    text = page(mine, MONDAYS[1])
    assert "Gone: https://a.example/&lt;b&gt;: not found; last seen alive 2024-06-09" in text
    assert content(mine)["links.sqlite"] == before["links.sqlite"]
    assert not list(mine.glob("links.sqlite-*")), "reading the log leaves no file"
    toolkit.update(mine, today=MONDAYS[2])
    assert not (mine / "pages" / f"{MONDAYS[2]}.html").exists(), "told once"


def test_links_of_new_papers_are_checked(mine, service, monkeypatch) -> None:
    asked: list[list[str]] = []

    def checked(links: pd.DataFrame, *, log: Path, progress: bool) -> pd.DataFrame:
        asked.append(sorted(set(links["url"])))
        with LinkLog(log) as opened:
            opened.append(
                {"url": url, "state": "alive", "resolves": True, "checked_at": pd.Timestamp.now()}
                for url in asked[-1]
            )
        return links

    monkeypatch.setattr("toolkit.updates.updating.check_all_links", checked)
    code = "Code is available at https://github.com/lantern/{}."
    add(service, 302, abstract=code.format("oak"))
    toolkit.update(mine, today=MONDAYS[0], check_links=True)
    toolkit.update(mine, today=MONDAYS[1])
    add(service, 303, abstract=code.format("elm"))
    toolkit.update(mine, today=MONDAYS[2], check_links=True)
    oak, elm = (f"https://github.com/lantern/{name}" for name in ("oak", "elm"))
    assert asked == [[oak], [elm, oak]], "new papers' links, and those in the log"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_hostile_titles_are_text(mine, service) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) ‮{{ 7*7 }} | `a` \x1b[31m"
    plain = "We light <img src=x onerror=alert(2)> lanterns with care."
    add(service, 304, title=evil.replace("\x1b", ""), abstract=plain, author="<b>Eve</b> [y](z)")
    query = 'all:"<script>alert(3)</script>"'
    toolkit.follow(mine, "arxiv", query, since="2024-01-01")
    toolkit.update(mine, today=MONDAYS[0])
    toolkit.fit_topics(toolkit.load_collection(mine)).rename({0: "<i>T</i> ](x)"}).save(
        mine / "topics"
    )
    toolkit.update(mine, today=MONDAYS[0])
    text = page(mine, MONDAYS[0])
    seen = Tags()
    seen.feed(text)
    assert not {"script", "img", "b", "i", "iframe"} & set(seen.tags)
    assert all(link.startswith(("https://", "#group-")) for link in seen.links)
    assert "49" not in text.split("Queries")[0].replace("2401", "") or "{{ 7*7 }}" in text
    assert "‮" not in text
    markdown = (mine / "pages" / f"{MONDAYS[0]}.md").read_text(encoding="utf-8")
    for bad in ("<script", "<b>", "<i>", "](javascript", "](x)", "](z)", "‮"):
        assert bad not in markdown.replace("\\<", "").replace("\\]", ""), bad


def test_strangers_stand_apart_and_a_refit_is_proposed(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    for number in range(400, 480):
        add(service, number)
    toolkit.update(mine, today=MONDAYS[0])
    toolkit.fit_topics(toolkit.load_collection(mine)).save(mine / "topics")
    for number in range(500, 520):
        rhymes = f"Sonnets of monk {number} in medieval Latin verse"
        add(service, number, title=rhymes, abstract="Rhymes, abbeys, psalters and choirs.")
    with pytest.warns(UserWarning, match=r"20 papers placed .* from all others .*so fit topics"):
        new = toolkit.update(mine, today=MONDAYS[1])
    assert new["stranger"].all()
    text = page(mine, MONDAYS[1])
    assert "Fit no topic" in text and "nearest topic: " in text and "so fit topics again" in text


def test_topics_that_cannot_be_used_are_told(mine, service, capfd) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    (mine / "topics").mkdir()
    add(service, 305)
    with pytest.warns(UserWarning, match="^topics: .*not a topic model: it holds no manifest"):
        new = toolkit.update(mine, today=MONDAYS[1])
    assert len(new) == 1 and new["topic"].isna().all()
    assert "not a topic model: it holds no manifest.json" in page(mine, MONDAYS[1])
    capfd.readouterr()
    # Cron mails what the command prints; a status of 0 would say that all went well.
    assert main(["update", str(mine), "--today", MONDAYS[2], "--quiet"]) == 1
    out, err = capfd.readouterr()
    assert out == "" and err.startswith("toolkit: topics: ") and "no manifest.json" in err
    assert main(["update", str(mine), "--today", MONDAYS[2]]) == 1
    out, err = capfd.readouterr()
    assert "topics: not used" in out and f"{out}{err}".count("no manifest.json") == 1


def test_the_fit_in_words() -> None:
    assert fit_in_words(Fit(0, 0, float("nan"), 0, 1, "can't tell")).startswith("no paper has come")
    said = fit_in_words(Fit(100, 10, 0.1, 0.055, 0.174, "refit"))
    assert said.startswith(
        "100 papers placed since the topics were fitted, 10 of them far from all others (10.0%, "
        "95 % interval 5.5% to 17.4%): more than 5%, so fit topics again"
    )


def test_the_agenda_takes_the_same_news(mine, service, tmp_path) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    papers = toolkit.load_collection(mine)
    topics = toolkit.fit_topics(papers, n_topics=3)
    topics.save(mine / "topics")
    late = add(service, 306)
    toolkit.update(mine, today=MONDAYS[1])
    papers = toolkit.load_collection(mine)
    news = toolkit.reading.since_last_meeting(papers, topics, since=MONDAYS[1])
    assert news.loc[news["what"] == "new paper", "paper_id"].tolist() == [late]


@pytest.mark.slow
@settings(max_examples=15)
@given(
    weeks=st.lists(
        st.tuples(
            st.integers(0, 2),  # new papers
            st.integers(0, 3),  # days later
            st.sampled_from(["", "403", "html"]),  # what arXiv answers first
            st.booleans(),  # topics are fitted
        ),
        min_size=1,
        max_size=4,
    )
)
def test_twice_in_a_row_changes_nothing(weeks, tmp_path_factory) -> None:
    place = tmp_path_factory.mktemp("twice")
    mine, number, day = place / "mine", 600, pd.Timestamp(MONDAYS[0])
    toolkit.follow(mine, "arxiv", QUERY, since="2024-01-01")
    with StandIn(12) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSCOPE_ARXIV_URL", server.url)
        patch.setenv("PAPERSCOPE_CACHE", str(place / "cache"))
        for new, later, fault, fit in weeks:
            day += pd.Timedelta(days=later)
            for _ in range(new):
                number += 1
                add(server, number)
            server.faults = [fault] if fault else []
            shutil.rmtree(place / "cache", ignore_errors=True)
            outcome = run_update(mine, today=day.date())
            if fit and len(toolkit.load_collection(mine)):
                toolkit.fit_topics(toolkit.load_collection(mine)).save(mine / "topics")
            run_update(mine, today=day.date())
            before = content(mine)
            run_update(mine, today=day.date())
            assert content(mine) == before
            assert fault != "403" or outcome.failed
        assert set(toolkit.load_collection(mine)["paper_id"]) == {
            f"arxiv:{name}" for name in server.papers
        }


def _prepare_kills(service: StandIn, tmp_path: Path) -> Path:
    """Return a folder whose next update has something of everything to do."""
    mine = tmp_path / "template"
    toolkit.follow(mine, "arxiv", QUERY, since="2024-01-01")
    toolkit.update(mine, today=MONDAYS[0])
    papers = toolkit.load_collection(mine).assign(note="mine")
    toolkit.save_collection(papers, mine)
    toolkit.fit_topics(papers, n_topics=3).save(mine / "topics")
    toolkit.follow(mine, "hf-papers", since="2024-06-10")
    write_atomically(
        mine / "reading_basket.json",
        json.dumps(
            {
                "format": "paper-toolkit basket 1",
                "papers": [{"paper_id": papers["paper_id"][3], "title": "T", "note": ""}],
            }
        ),
    )
    add(service, 307)
    return mine


def _kill(mine: Path, tmp_path: Path, every: int) -> dict:
    (tmp_path / "work").mkdir()
    here = Path(__file__).resolve()
    run = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", here.with_name("kill_updates.py")),
            *(mine, tmp_path / "work", MONDAYS[1], str(every)),
        ],
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([".", *sys.path]), "OMP_NUM_THREADS": "1"},
        cwd=here.parents[1],
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_updates_are_finished_by_the_next(service, tmp_path) -> None:
    found = _kill(_prepare_kills(service, tmp_path), tmp_path, every=29)
    assert found["wrong"] == [] and found["kills"] >= 2
    assert f"pages/{MONDAYS[1]}.html" in found["files"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_anywhere(service, tmp_path) -> None:
    found = _kill(_prepare_kills(service, tmp_path), tmp_path, every=1)
    assert found["wrong"] == [] and found["kills"] > 40


def test_a_killed_day_is_on_the_page_of_the_next(mine, service, monkeypatch) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    one = add(service, 308)
    with monkeypatch.context() as patch:

        def stop(*arguments: object, **more: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("toolkit.updates.updating.find_content", stop)
        with pytest.raises(KeyboardInterrupt):
            toolkit.update(mine, today=MONDAYS[1])
    two = add(service, 309)
    assert set(toolkit.update(mine, today=MONDAYS[2])["paper_id"]) == {one, two}
    assert "2 papers came since 2024-06-10." in page(mine, MONDAYS[2])


def test_interrupted_fetches_are_not_taken_for_whole(mine, service, monkeypatch) -> None:
    # `fetch` returns what it has when Ctrl-C comes.
    def interrupted(query, since, until, key) -> pd.DataFrame:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return make_papers([{"title": "A"}])

    monkeypatch.setattr("toolkit.updates.asking._fetch", interrupted)
    before, handler = content(mine), signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        toolkit.update(mine, today=MONDAYS[0])
    assert content(mine) == before
    assert signal.getsignal(signal.SIGINT) is handler


def test_two_updates_at_once(mine, service) -> None:
    # Both ask, one after the other merges: nothing is lost or there twice.
    errors = []

    def run() -> None:
        try:
            run_update(mine, today=MONDAYS[0])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(toolkit.load_collection(mine)) == 30


def test_the_command(mine, service, capfd, tmp_path) -> None:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(one) for one in arguments])
        return status, *capfd.readouterr()

    status, out, err = run("update", mine, "--today", MONDAYS[0])
    assert status == 0 and "collection: 30 new, 0 values filled in; 30 papers" in out
    assert out.splitlines()[-1] == f"page: {mine / 'pages' / MONDAYS[0]}.html"
    assert run("update", mine, "--today", MONDAYS[0], "-q") == (0, "", "")
    service.faults = ["403"]
    status, out, err = run("update", mine, "--today", MONDAYS[1], "--quiet")
    assert (status, out) == (1, "") and err.startswith("toolkit: arxiv: cat:cs.DL: arXiv refused")
    service.faults = ["403"]
    status, out, err = run("update", mine, "--today", MONDAYS[1])
    assert status == 1 and out.startswith("arxiv: cat:cs.DL: 0 papers since")
    assert f"{out}{err}".count("arXiv refused") == 1
    status, out, err = run("update", tmp_path / "none")
    assert status == 2 and "there is no such folder" in err and "Traceback" not in err
    assert f"python -m toolkit follow {tmp_path / 'none'} arxiv" in err
    assert run("follow", mine, "hf-papers", "--since", "2024-06-01")[0] == 0
    status, out, _ = run("follow", mine)
    assert out.splitlines() == [
        "arxiv: cat:cs.DL (since 2024-01-01, last answered: 2024-06-10, limit 1000)",
        "hf-papers (since 2024-06-01, last answered: never, limit 1000)",
    ]
    run("unfollow", mine, "hf-papers")
    assert run("unfollow", mine, "arxiv", QUERY)[1] == "no query is followed\n"
    assert run("follow", mine, "nowhere", "x")[0] == 2
    for wrong in ([], ["fly", "x"], ["update"], ["update", str(mine), "--overlap", "x"]):
        with pytest.raises(SystemExit) as exit_:
            main(wrong)
        assert exit_.value.code == 2
    with pytest.raises(SystemExit) as exit_:
        main(["update", "--help"])
    assert exit_.value.code == 0
    said = re.sub(r"\s+", " ", capfd.readouterr().out)
    assert "Exit status: 0 all done; 1 a query was not answered" in said and "crontab" in said


@pytest.mark.parametrize(("name", "said"), [("follow", "makes the folder"), ("unfollow", "stay")])
def test_the_help_of_commands_says_what_they_do(name, said, capfd) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    told = re.sub(r"\s+", " ", capfd.readouterr().out)
    assert said in told
    for argument in ("FOLDER ", "SERVICE ", "QUERY "):
        assert re.search(rf"{argument}\S", told.partition("positional arguments:")[2])


def test_a_damaged_collection_is_found_before_services_are_asked(mine, service) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    asked = len(service.requests)
    (papers,) = mine.glob("papers-*.parquet")
    papers.write_bytes(b"damaged")
    with pytest.raises(DataError, match="papers-"):
        toolkit.update(mine, today=MONDAYS[1])
    assert len(service.requests) == asked


def test_the_command_interrupted(mine, service, capfd, monkeypatch) -> None:
    def stop(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("toolkit.updates.command.run_update", stop)
    assert main(["update", str(mine)]) == 130
    assert capfd.readouterr().err == "toolkit: interrupted; the next update goes on\n"


def test_the_module_runs() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "toolkit", "--help"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
        timeout=120,
    )
    assert run.returncode == 0 and "update" in run.stdout


def test_what_is_followed_is_read_as_written(mine, service) -> None:
    toolkit.follow(mine, "arxiv", 'ti:"Δ \\ \u2028 quote"', since="2024-02-29", limit=7)
    one = read_following(mine).queries[-1]
    assert (one.query, one.since, one.limit) == ('ti:"Δ \\ \u2028 quote"', "2024-02-29", 7)
