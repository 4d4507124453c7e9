"""The explorer as a Python object: selection, topics, basket, answers, all without a browser."""

from __future__ import annotations

import gzip
import json
import struct
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import DataError
from toolkit.explorer import Explorer
from toolkit.explorer.basket import FILE, Basket, basket_path
from toolkit.explorer.browser_requests import answer_request
from toolkit.explorer.facet_columns import facet_lists
from toolkit.explorer.paper_columns import code_and_links
from toolkit.explorer.state import passes_filters
from toolkit.explorer.view_text import parse_view, view_to_dict
from toolkit.papers.schema import make_papers

TITLES = ["Maps of caves", "Maps of stars", "Tables for caves", "Tables for stars", "Étude on maps"]


@dataclass(frozen=True)
class Topics:
    """The part of a TopicModel that the explorer uses."""

    papers: pd.DataFrame
    topics: pd.DataFrame

    def rename(self, names):
        label = self.topics["topic"].map(names).fillna(self.topics["label"])
        return replace(self, topics=self.topics.assign(label=label))

    def merge(self, numbers):
        first, *others = sorted(numbers)
        topic = self.papers["topic"].replace(dict.fromkeys(others, first))
        kept = self.topics[~self.topics["topic"].isin(others)]
        size = kept["topic"].map(topic.value_counts())
        return replace(self, papers=self.papers.assign(topic=topic), topics=kept.assign(size=size))

    def drop(self, numbers):
        topic = self.papers["topic"].replace(dict.fromkeys(numbers, -1))
        kept = self.topics[~self.topics["topic"].isin(numbers)]
        return replace(self, papers=self.papers.assign(topic=topic), topics=kept)


@pytest.fixture
def papers():
    return make_papers(
        [
            {
                "id": f"2401.0000{i}",
                "title": title,
                "abstract": f"We draw {'caves' if i % 2 == 0 else 'stars'} at depth {i}.",
                "listed": f"2024-0{i + 1}-15",
                "upvotes": i if i else None,
            }
            for i, title in enumerate(TITLES)
        ],
        source="planted",
    )


@pytest.fixture
def topics(papers):
    return Topics(
        pd.DataFrame(
            {
                "paper_id": papers["paper_id"],
                "topic": [0, 0, 1, 1, 0],
                "confidence": 1.0,
                "x": [0.0, 1.0, 2.0, 3.0, 4.0],
                "y": [0.0, 0.0, 1.0, 1.0, 5.0],
            }
        ),
        pd.DataFrame(
            {"topic": [0, 1], "label": ["maps", "tables"], "size": [3, 2], "terms": ["a", "b"]}
        ),
    )


@pytest.fixture
def evidence(papers):
    ids = papers["paper_id"].tolist()
    return {
        "links": pd.DataFrame(
            {
                "paper_id": [ids[0], ids[0], ids[3]],
                "url": ["https://github.com/a/b", "https://x.org/d", "javascript:alert(1)"],
                "kind": ["code", "data", "other"],
                "host": ["github.com", "x.org", pd.NA],
                "tense": ["present", "future", pd.NA],
            }
        ),
        "claims": pd.DataFrame(
            {"paper_id": ids, "code": ["linked", "none", "promised", "none", "claimed"]}
        ),
    }


@pytest.fixture
def explorer(papers, topics, evidence, tmp_path):
    return Explorer(
        papers, topics, **evidence, vectors=np.eye(5) + 0.1, basket=tmp_path / "basket.json"
    )


def titles(explorer):
    return explorer.selection["title"].tolist()


def test_the_selection_is_a_papers_table_and_at_first_all_of_it(explorer, papers):
    pd.testing.assert_frame_equal(explorer.selection, papers)
    assert explorer.selected_topics == [0, 1]
    assert explorer.view == ""


def test_setting_the_selection_gives_it_back_and_moves_the_map(explorer, papers):
    explorer.view = "code=linked"
    explorer.selection = papers.iloc[[3, 2]]
    pd.testing.assert_frame_equal(explorer.selection, papers.iloc[[2, 3]])
    assert explorer.selected_topics == [1]
    x, y, zoom = explorer._state["camera"]
    # x runs from −0.8 to 0.8, y from −1 to 1: both have the scale of the longer side.
    assert (x, zoom) == (0.2, pytest.approx(0.85 / 0.25))
    assert y == pytest.approx(-0.6)
    explorer.selection = papers.head(0)
    assert len(explorer.selection) == 0
    explorer.selection = None
    assert len(explorer.selection) == 5


def test_the_tables_given_stay_as_they_were(explorer, papers, evidence):
    before = papers.copy(deep=True)
    explorer.selection = papers.head(2)
    explorer.selection["title"]
    pd.testing.assert_frame_equal(papers, before)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["arxiv:2401.00001"], "found 'list', expected a papers table, or None"),
        (pd.DataFrame({"paper_id": ["arxiv:9999.99999"]}), "found 'arxiv:9999.99999'"),
    ],
)
def test_what_cannot_be_selected(explorer, wrong, message):
    with pytest.raises(DataError, match=message):
        explorer.selection = wrong
    assert len(explorer.selection) == 5


def test_topics_can_be_selected(explorer):
    explorer.selected_topics = [1]
    assert titles(explorer) == ["Tables for caves", "Tables for stars"]
    assert explorer.selected_topics == [1]
    with pytest.raises(
        DataError, match=r"no such topic.*found 9, expected one of 2 topics, 0 to 1"
    ):
        explorer.selected_topics = [9]


def test_observers_hear_of_each_change_of_the_selection_once(explorer, papers):
    heard = []
    explorer.observe(lambda change: heard.append(("papers", len(change["new"]))), "selection")
    explorer.observe(lambda change: heard.append(("topics", change["new"])), "selected_topics")
    explorer.selection = papers.head(2)
    assert heard == [("papers", 2), ("topics", [0])]
    explorer.view = explorer.view + "&sort=title"
    assert len(heard) == 2
    state = {**explorer._state, "marks": None, "code": ["promised"]}
    reply = answer_request(explorer, {"key": "browser/1", "what": "state", "state": state})
    assert reply == ({"key": "browser/1", "n": 1}, [], None)
    assert heard[2:] == [("papers", 1), ("topics", [1])]
    # It goes out again with the name of its sender, who alone need not draw it again.
    assert explorer._state == state | {"by": "browser/1"}


def test_an_observer_that_changes_the_view_has_the_last_word(explorer, papers):
    def settle(change):
        if len(change["new"]) == 1:
            explorer.view = "code=linked+claimed"

    explorer.observe(settle, "selection")
    explorer.view = "code=promised"
    assert explorer._state["code"] == ["linked", "claimed"]
    assert len(explorer.selection) == 2


def test_an_observer_that_fails_is_told_to_the_browser_and_to_the_log(explorer):
    explorer.observe(lambda change: 1 / 0, "selection")
    question = {"key": "b/1", "what": "state", "state": {**explorer._state, "code": ["linked"]}}
    reply, _, unexpected = answer_request(explorer, question)
    assert reply["error"] == "ZeroDivisionError: division by zero"
    assert isinstance(unexpected, ZeroDivisionError)
    assert titles(explorer) == ["Maps of caves"]


def test_a_search_that_cannot_be_done_leaves_both_sides_alike(explorer):
    state = {**explorer._state, "words": "night", "mode": "meaning", "code": ["none"]}
    reply, _, unexpected = answer_request(explorer, {"key": "b/1", "what": "state", "state": state})
    assert "found '5 dimensions', expected 256" in reply["error"]
    assert unexpected is None
    # The browser, whose search fails alike, shows what passes the other filters.
    assert titles(explorer) == ["Maps of stars", "Tables for stars"]
    explorer.view = "code=linked"
    with pytest.raises(DataError, match="found '5 dimensions'"):
        explorer.view = "words=night&mode=meaning"
    assert explorer.view == "code=linked"


def test_threads_that_change_the_view_leave_it_whole(explorer):
    """JupyterLab answers the browser in a thread of its own while cells run in another."""
    rounds = 200
    began = threading.Barrier(2)

    def browser():
        began.wait()
        for i in range(rounds):
            state = {**explorer._state, "code": ["linked" if i % 2 else "none"]}
            answer_request(explorer, {"key": f"b/{i}", "what": "state", "state": state})

    thread = threading.Thread(target=browser)
    thread.start()
    began.wait()
    for i in range(rounds):
        explorer.selected_topics = [i % 2]
        explorer.rename_topic(0, f"name {i}")
    thread.join()
    assert explorer._edits == rounds
    view = parse_view(explorer.view, explorer.data.ids, explorer.data.facets.topic)[0]
    assert np.flatnonzero(passes_filters(view, explorer.data.facets)).tolist() == [
        explorer.data.row_of[i] for i in explorer.selection["paper_id"]
    ]
    assert {k: v for k, v in explorer._state.items() if k != "by"} == view_to_dict(view, 5)


def test_a_view_restores_filters_selection_and_looks(explorer, papers, topics, evidence):
    explorer.selection = papers.iloc[[0, 1, 4]]
    explorer.view = (
        explorer.view + "&words=maps+-etude&colour=date&open=arxiv:2401.00001&sort=-date"
    )
    again = Explorer(papers, topics, view=explorer.view, **evidence)
    assert titles(again) == ["Maps of caves", "Maps of stars"]
    assert again.view == explorer.view
    assert again._state == explorer._state


def test_a_view_of_other_papers_warns_what_was_left_out(explorer, papers, topics, evidence):
    explorer.selection = papers.iloc[[0, 1]]
    with pytest.warns(UserWarning, match="restored without the marked papers") as caught:
        other = Explorer(papers.iloc[1:], topics, view=explorer.view, **evidence)
    assert len(other.selection) == 4
    assert caught[0].filename == __file__


def test_a_view_that_is_none(explorer, papers, topics, evidence):
    with pytest.raises(DataError, match="not a view: found 'int', expected a text"):
        Explorer(papers, topics, view=3, **evidence)
    with pytest.raises(DataError, match="column 'code'"):
        explorer.view = "code=maybe"
    assert explorer.view == ""


def test_words_are_found_in_titles_and_texts(explorer):
    for query, found in {
        "etude": [4],
        '"of stars"': [1],
        "caves -tables": [0, 4],
        "depth": 5,
    }.items():
        explorer.view = f"words={query}"
        expected = TITLES if found == 5 else [TITLES[i] for i in found]
        assert titles(explorer) == expected


def test_a_search_by_meaning_ranks_by_similarity(papers, topics, evidence):
    from toolkit.embedding.embedding import embed, embed_texts

    explorer = Explorer(papers, topics, **evidence, vectors=embed(papers))
    found = explorer.search_rows("the night sky", "meaning", 0)
    order = np.argsort(np.where(found.rank < 0, 99, found.rank))
    assert {int(order[0]), int(order[1])} == {1, 3}
    assert np.all(np.diff(found.scores[order[: (found.rank >= 0).sum()]]) <= 0)
    # The score is the cosine in hundredths: by hand, for the first paper.
    cosine = embed(papers)[1] @ embed_texts(["the night sky"])[0]
    assert found.scores[1] == pytest.approx(100 * cosine, abs=1e-3)
    none = explorer.search_rows("the night sky", "meaning", 100)
    assert none.rank.tolist() == [-1] * 5


def test_no_paper_speaks_of_another_subject(tmp_path):
    import toolkit

    papers = toolkit.load_sample("trending-page")
    explorer = Explorer(papers, toolkit.fit_topics(papers), basket=tmp_path)
    explorer.view = "words=a+recipe+for+chocolate+cake&mode=meaning"
    assert len(explorer.selection) == 0
    explorer.view = "words=a+recipe+for+chocolate+cake&mode=meaning&score=0"
    assert len(explorer.selection) > 0


def test_words_are_whole_and_all_columns_are_searched(papers, topics, evidence):
    more = papers.assign(
        authors=pd.array(["Ada Hing; Bo Li", "Cy Teaching", None, None, "Ada Hing"], "string"),
        doi=pd.array([None, "10.1000/xy.12", None, None, None], "string"),
        venue=pd.array(["Journal of Caves", None, None, None, "Journal of Caves"], "string"),
    )
    explorer = Explorer(more, topics, **evidence)
    for query, rows in {
        "Hing": [0, 4],
        "each": [],
        "teach": [1],
        "teach ": [],
        "10.1000/xy.12": [1],
        "the journal of caves": [0, 4],
        "機": [],
    }.items():
        explorer.view = "words=" + query.replace(" ", "+")
        assert [explorer.data.row_of[i] for i in explorer.selection["paper_id"]] == rows, query


def test_filters_of_what_the_collection_has(papers, topics, evidence):
    more = papers.assign(
        authors=pd.array(["Ada Hing; Bo Li", "Cy Li", None, "Bo Li; Bo Li", "Ada Hing"], "string"),
        venue=pd.array(["A", "B; C", None, None, "A"], "string"),
        kind=pd.array(["article"] * 5, "string"),
        cited_by=pd.array([3, None, 0, 9, 1], "Int64"),
    )
    explorer = Explorer(more, topics, **evidence)
    data = unpack(explorer._data)
    names = {facet["name"]: facet["names"] for facet in data["facets"]}
    # One kind, one year: nothing to choose.
    assert list(names) == ["code", "kinds", "hosts", "venue", "authors"]
    assert names["authors"] == ["Ada Hing", "Bo Li", "Cy Li"]
    assert [entry["name"] for entry in data["numbers"]] == ["upvotes", "cited_by"]
    for view, rows in {
        "authors=Bo+Li": [0, 3],
        "authors=Bo+Li&authors=Cy+Li": [0, 1, 3],
        "venue=B%3B+C": [1],
        "cited_by=3": [0, 3],
        "cited_by=0": [0, 2, 3, 4],
        "authors=Nobody": [],
        "countries=Peru": [],
    }.items():
        explorer.view = view
        assert [explorer.data.row_of[i] for i in explorer.selection["paper_id"]] == rows, view
        assert explorer.view == view
    assert ask(explorer, what="column", column="authors")["texts"][1] == "Cy Li"
    assert "no such column" in ask(explorer, what="column", column="abstract")["error"]


def test_vectors_of_another_model_are_named(explorer, evidence):
    reply, *_ = answer_request(
        explorer, {"key": "k", "what": "search", "words": "sky", "mode": "meaning"}
    )
    assert "found '5 dimensions', expected 256" in reply["error"]
    other = Explorer(explorer.data.papers, explorer.topics, **evidence, vectors=np.ones((2, 3)))
    reply, *_ = answer_request(other, {"key": "k", "what": "similar", "row": 0})
    assert "found 'shape (2, 3)', expected (5, d)" in reply["error"]


# Papers and topics that do not fit ---------------------------------------------------------------


def test_topics_of_other_papers_are_refused(papers, topics, evidence):
    fewer = replace(topics, papers=topics.papers.head(3))
    with pytest.raises(
        DataError, match=r"2 of 5 papers are not in the topic model.*arxiv:2401.00003"
    ):
        Explorer(papers, fewer, **evidence)
    with pytest.raises(DataError, match=r"not a topic model.*found 'str'.*fit_topics"):
        Explorer(papers, "topics", **evidence)
    with pytest.raises(DataError, match="not a papers table"):
        Explorer([1, 2], topics)
    with pytest.raises(DataError, match=r"missing in the table of links: found.*find_links"):
        Explorer(papers, topics, **(evidence | {"links": papers}))


def test_some_of_the_modelled_papers_in_another_order(papers, topics, evidence):
    some = papers.iloc[[3, 0]].reset_index(drop=True)
    explorer = Explorer(some, topics, **evidence)
    assert explorer.data.facets.topic.tolist() == [1, 0]
    assert explorer.data.facets.lists["code"].lists() == [["none"], ["linked"]]


def test_one_paper_and_bare_tables(papers, topics, evidence):
    one = papers[["paper_id", "title"]].head(1)
    explorer = Explorer(one, topics, **evidence)
    assert len(explorer.selection) == 1
    assert explorer.data.similar(0) == []


# What the browser gets ---------------------------------------------------------------------------


def unpack(packed):
    raw = gzip.decompress(packed)
    length = struct.unpack("<I", raw[:4])[0]
    header = json.loads(raw[4 : 4 + length])
    types = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i32": "<i4", "f32": "<f4"}
    at = 4 + length
    out = dict(header["meta"])
    for name, kind, size in header["arrays"]:
        values = np.frombuffer(raw, dtype=types[kind], count=size, offset=at)
        out[name] = values.tolist()
        at += values.nbytes
    assert at == len(raw)
    return out


def test_the_columns_sent_are_the_papers(explorer):
    data = unpack(explorer._data)
    assert data["titles"] == TITLES
    # Both axes have one scale: the longer side, y, reaches from −1 to 1.
    assert data["x"] == pytest.approx([-0.8, -0.4, 0.0, 0.4, 0.8])
    assert data["y"] == pytest.approx([-1, -1, -0.6, -0.6, 1])
    facets = {facet["name"]: facet["names"] for facet in data["facets"]}
    assert data["codes:code"] == [0, 4, 2, 4, 1]
    assert facets["kinds"] == ["code", "data", "other"]
    assert (data["counts:kinds"], data["codes:kinds"]) == ([2, 0, 0, 1, 0], [0, 1, 2])
    assert "counts:code" not in data
    assert facets["hosts"] == ["github.com", "x.org"]
    assert (data["counts:hosts"], data["codes:hosts"]) == ([2, 0, 0, 0, 0], [0, 1])
    # Each was listed within months: the day of the list counts, which is known to the day.
    assert data["date"][0] == pd.Timestamp("2024-01-15").toordinal() - 719163
    assert data["last"] == data["date"] and data["precision"] == [0] * 5
    assert data["number:upvotes"] == [-(2**31), 1, 2, 3, 4]
    assert "abstract" not in json.dumps(data)
    assert [c["title"] for c in data["columns"]] == ["source"]


def test_a_date_known_to_the_month_has_a_first_and_a_last_day(papers, topics, evidence):
    data = unpack(Explorer(papers.drop(columns="listed"), topics, **evidence)._data)
    assert data["date"] == [pd.Timestamp("2024-01-01").toordinal() - 719163] * 5
    assert [last - first for first, last in zip(data["date"], data["last"])] == [30] * 5
    assert data["precision"] == [1] * 5


def test_columns_of_ones_own_colour_the_map(papers, topics, evidence):
    mine = papers.assign(
        area=["a", "a", "b", pd.NA, "c"], weight=[0.2, 1.7, np.nan, 3.0, 4.0],
        seen=[True, False, True, True, False], deep=[[1], [2], [3], [4], [5]], unique=list("vwxyz"),
    )  # fmt: skip
    data = unpack(Explorer(mine, topics, **evidence)._data)
    columns = {c["title"]: c for c in data["columns"]}
    assert "unique" not in columns
    assert columns["area"]["names"] == ["a"]
    assert data[columns["area"]["array"]] == [0, 0, 255, 255, 255]
    assert data[columns["weight"]["array"]] == [0, 2, -(2**31), 3, 4]
    assert columns["seen"]["names"] == ["yes", "no"]


# Answers -----------------------------------------------------------------------------------------


def ask(explorer, **question):
    return answer_request(explorer, {"key": "k"} | question)[0]


def test_details(explorer):
    detail = ask(explorer, what="detail", row=0)
    assert detail["abstract"] == "We draw caves at depth 0."
    assert detail["places"] == [
        {"text": "arXiv 2401.00000", "url": "https://arxiv.org/abs/2401.00000"}
    ]
    assert detail["links"][1] == {
        "url": "https://x.org/d", "kind": "data", "tense": "future", "state": "",
    }  # fmt: skip


def test_a_paper_is_cited_and_opened_in_zotero(papers, topics, evidence):
    kept = papers.assign(
        zotero_key=["ABCD2345", "ABCD2346", "<script>", None, None],
        zotero_library=["users/1", "groups/7", None, None, None],
    )
    explorer = Explorer(kept, topics, **evidence)
    assert ask(explorer, what="cite", row=0, style="bibtex")["text"].startswith("@")
    assert "Maps of caves" in ask(explorer, what="cite", row=0, style="apa")["text"]
    assert "unknown style" in ask(explorer, what="cite", row=0, style="mine")["error"]
    places = [ask(explorer, what="detail", row=row)["places"][-1]["url"] for row in range(3)]
    assert places == [
        "zotero://select/library/items/ABCD2345",
        "zotero://select/groups/7/items/ABCD2346",
        "https://arxiv.org/abs/2401.00002",
    ]


def test_similar_papers_by_hand(papers, topics, evidence):
    vectors = np.array([[3, 0], [0, 2], [1, 1], [4, 3], [-1, 0]])
    explorer = Explorer(papers, topics, **evidence, vectors=vectors)
    near = ask(explorer, what="similar", row=0)["papers"]
    assert [entry["row"] for entry in near] == [3, 2, 1, 4]
    assert [entry["score"] for entry in near] == pytest.approx([0.8, 0.5**0.5, 0, -1])


def test_checked_links_say_their_state(papers, topics, evidence):
    checks = pd.DataFrame(
        {
            "url": ["https://github.com/a/b", "https://x.org/d"],
            "state": ["alive", "gone"],
            "moved_to": ["https://github.com/c/b", pd.NA],
            "empty": pd.array([True, pd.NA], dtype="boolean"),
            "licence": ["mit", pd.NA],
        }
    )
    explorer = Explorer(papers, topics, **evidence, checks=checks)
    states = [link["state"] for link in ask(explorer, what="detail", row=0)["links"]]
    assert states == ["alive, moved, empty, licence mit", "gone"]


@pytest.mark.parametrize("row", [-1, 5, "0", None, 10**20])
def test_a_row_that_is_none_is_an_answer_not_a_crash(explorer, row):
    assert "no such paper" in ask(explorer, what="detail", row=row)["error"]


def test_a_question_nobody_knows(explorer):
    assert "unknown request: found '__init__'" in ask(explorer, what="__init__")["error"]


def test_without_prose_the_terms_stand_in_the_abstracts_place(papers, topics, evidence):
    bare = papers.assign(
        abstract=pd.array([pd.NA] * 5, dtype="string"),
        terms=pd.array(["cave deep_water cave map"] * 5, dtype="string"),
    )
    explorer = Explorer(bare, topics, **evidence)
    detail = ask(explorer, what="detail", row=0)
    assert detail["terms"] == ["cave", "deep water", "map"]
    assert detail["canFetch"] is True
    explorer.view = "words=%22deep+water%22"
    assert len(explorer.selection) == 5


# Topics ------------------------------------------------------------------------------------------


def test_topics_are_renamed_merged_and_taken_back(explorer, topics):
    heard = []
    explorer.observe(lambda change: heard.append(change["new"]), "topics")
    explorer.rename_topic(1, "<b>tables</b>")
    assert explorer.topics.topics["label"].tolist() == ["maps", "<b>tables</b>"]
    explorer.selected_topics = [1]
    explorer.merge_topics([0, 1])
    assert len(explorer.topics.topics) == 1
    # The papers of the chosen topic are now in topic 0, and so the choice follows them there.
    assert explorer._state["topics"] == [0]
    assert len(explorer.selection) == 5
    explorer.undo()
    explorer.undo()
    assert explorer.topics is topics
    explorer.undo()
    assert explorer.topics is topics
    assert len(heard) == 4


def test_what_was_taken_back_is_done_again_until_something_else_is_done(explorer):
    def edits():
        return explorer._edits, explorer._redos

    assert ask(explorer, what="topics", action="drop", topics=[1])["message"] == "Dropped."
    explorer.rename_topic(0, "atlases")
    after = explorer.topics
    assert (after.topics["topic"].tolist(), edits()) == ([0], (2, 0))
    assert sorted(explorer.data.facets.topic.tolist()) == [-1, -1, 0, 0, 0]
    explorer.undo()
    explorer.undo()
    assert (explorer.topics.topics["label"].tolist(), edits()) == (["maps", "tables"], (0, 2))
    assert ask(explorer, what="topics", action="redo")["message"] == "Done again."
    assert (explorer.topics.topics["label"].tolist(), edits()) == (["maps"], (1, 1))
    explorer.redo()
    explorer.redo()
    assert explorer.topics is after and edits() == (2, 0)
    explorer.undo()
    explorer.rename_topic(0, "globes")
    explorer.redo()
    assert (explorer.topics.topics["label"].tolist(), edits()) == (["globes"], (2, 0))


# Basket ------------------------------------------------------------------------------------------


def test_the_basket_lasts_and_keeps_notes(explorer, papers, topics, evidence):
    assert len(explorer.basket) == 0
    assert not explorer.basket_path.exists()
    explorer.keep("arxiv:2401.00003")
    explorer.keep("arxiv:2401.00001")
    explorer.keep("arxiv:2401.00003")
    explorer.note("arxiv:2401.00003", "<script>alert(1)</script> =1+1")
    again = Explorer(papers, topics, **evidence, basket=explorer.basket_path)
    assert again.basket["title"].tolist() == ["Tables for stars", "Maps of stars"]
    assert again.basket["note"].tolist() == ["<script>alert(1)</script> =1+1", ""]
    again.drop("arxiv:2401.00001")
    # Explorers of one basket show the same.
    assert explorer.basket["paper_id"].tolist() == ["arxiv:2401.00003"]
    assert [entry["id"] for entry in explorer._basket] == ["arxiv:2401.00003"]
    explorer.keep("arxiv:2401.00000")
    assert explorer.basket["paper_id"].tolist() == ["arxiv:2401.00003", "arxiv:2401.00000"]


def test_what_other_processes_do_to_the_basket_is_read(explorer, papers, topics, evidence):
    again = Explorer(papers, topics, **evidence, basket=explorer.basket_path)
    shown = []
    again.observe(lambda change: shown.append(len(change["new"])), "_basket")
    # By another object, as another process has it.
    Basket(explorer.basket_path).keep("arxiv:2401.00002", "Tables for caves")
    assert explorer._basket == again._basket == []
    ask(explorer, what="basket")
    assert [entry["row"] for entry in explorer._basket] == [2] == [e["row"] for e in again._basket]
    ask(explorer, what="basket")
    Basket(explorer.basket_path).note("arxiv:2401.00002", "read")
    assert explorer.basket["note"].tolist() == ["read"] == again.basket["note"].tolist()
    explorer.basket_path.unlink()
    assert explorer.basket.empty and again._basket == []
    assert shown == [1, 1, 0]


def test_papers_of_other_collections_stay_in_the_basket(explorer, tmp_path):
    Basket(explorer.basket_path).keep("doi:10.1/x", "From elsewhere")
    explorer.keep("arxiv:2401.00001")
    assert explorer.basket["title"].tolist() == ["Maps of stars"]
    assert [e["id"] for e in explorer._basket] == ["doi:10.1/x", "arxiv:2401.00001"]
    assert explorer._basket[0]["row"] is None


def test_what_cannot_be_kept_or_noted(explorer):
    with pytest.raises(DataError, match=r"no such paper.*found 'nothing'"):
        explorer.keep("nothing")
    with pytest.raises(DataError, match=r"not in the basket.*explorer\.keep"):
        explorer.note("arxiv:2401.00001", "x")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"format": "other"}', b"{\x00"])
def test_a_damaged_basket_is_named_and_left_alone(papers, topics, evidence, tmp_path, content):
    path = tmp_path / "basket.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"basket.json: the reading basket cannot be read"):
        Explorer(papers, topics, **evidence, basket=path)
    assert path.read_bytes() == content


def test_where_the_basket_is_kept(papers, topics, evidence, tmp_path, monkeypatch):
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    assert basket_path(papers, tmp_path) == tmp_path / FILE
    assert basket_path(papers, tmp_path / "mine.json") == tmp_path / "mine.json"
    kept = basket_path(papers, None)
    assert kept.parent == tmp_path / "cache" / "baskets"
    assert basket_path(papers.iloc[::-1], None) == kept != basket_path(papers.head(2), None)
    explorer = Explorer(papers, topics, **evidence)
    assert explorer.basket_path == kept and not kept.exists()
    explorer.keep("arxiv:2401.00001")
    assert Explorer(papers, topics, **evidence).basket["paper_id"].tolist() == ["arxiv:2401.00001"]


def test_papers_that_nobody_could_read_have_an_unknown_status(papers, topics, evidence):
    claims = evidence["claims"].copy()
    claims.loc[claims.index[0], "code"] = pd.NA
    explorer = Explorer(papers, topics, **(evidence | {"claims": claims.iloc[:4]}))
    codes = explorer.data.facets.lists["code"].lists()
    assert codes[0] == codes[4] == ["unknown"]
    explorer.view = "code=unknown"
    assert len(explorer.selection) == 2
    assert unpack(explorer._data)["facets"][0]["names"][-1] == "unknown"
    known = unpack(Explorer(papers, topics, **evidence)._data)["facets"][0]
    assert (known["name"], "unknown" in known["names"]) == ("code", False)


def test_nothing_half_written(explorer, tmp_path, monkeypatch):
    explorer.keep("arxiv:2401.00001")
    before = explorer.basket_path.read_bytes()

    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(DataError, match=r"the disk is full \(No space left on device"):
        explorer.keep("arxiv:2401.00002")
    assert explorer.basket_path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["basket.json"]


def test_the_basket_is_exported_with_its_notes(explorer, tmp_path):
    explorer.keep("arxiv:2401.00001")
    explorer.note("arxiv:2401.00001", "<b>read</b> the second part")
    for ending in ("bib", "ris", "csv", "md", "html"):
        reply = ask(explorer, what="export", format=ending)
        assert reply["path"] == str(tmp_path / f"basket.{ending}")
        text = (tmp_path / f"basket.{ending}").read_text(encoding="utf-8-sig")
        assert "Maps of stars" in text
        assert "the second part" in text
    assert "<b>" not in (tmp_path / "basket.html").read_text().split("<body>")[-1]
    assert "expected bib, ris, csv, md, html" in ask(explorer, what="export", format="exe")["error"]


def test_a_list_is_written_in_the_order_of_the_table(explorer, tmp_path):
    for ending in ("bib", "ris", "csv", "md", "html"):
        reply = ask(explorer, what="list", format=ending, rows=[1, 0])
        assert reply["path"] == str(tmp_path / f"basket-shown.{ending}")
        text = (tmp_path / f"basket-shown.{ending}").read_text(encoding="utf-8-sig")
        titles = explorer.data.papers["title"].tolist()
        assert text.index(titles[1]) < text.index(titles[0])
        assert titles[2] not in text
    assert "expected bib" in ask(explorer, what="list", format="exe", rows=[0])["error"]
    assert "no such paper" in ask(explorer, what="list", format="md", rows=[99999])["error"]
    assert "basket.json" not in {p.name for p in tmp_path.iterdir()}


def test_an_abstract_is_fetched_when_asked_for_and_only_then(papers, topics, evidence, monkeypatch):
    bare = papers.assign(abstract=pd.array([pd.NA] * 5, dtype="string"))
    asked = []

    def fetch_abstracts(some):
        asked.append(some["paper_id"].tolist())
        return some.assign(abstract=pd.array(["Fetched words on owls."], dtype="string"))

    monkeypatch.setattr("toolkit.explorer.browser_requests.fetch_abstracts", fetch_abstracts)
    explorer = Explorer(bare, topics, **evidence)
    explorer.view = "words=owls"
    assert len(explorer.selection) == 0
    assert asked == []
    assert ask(explorer, what="fetch", row=3) == {"key": "k"}
    assert asked == [["arxiv:2401.00003"]]
    assert ask(explorer, what="detail", row=3)["abstract"] == "Fetched words on owls."
    # The search finds the new words, and the table of the user stays as it was.
    explorer.view = "words=owls+words"
    assert titles(explorer) == ["Tables for stars"]
    assert bare["abstract"].isna().all()

    monkeypatch.setattr(
        "toolkit.explorer.browser_requests.fetch_abstracts",
        lambda some: some.assign(abstract=pd.NA),
    )
    assert "arXiv gave no abstract" in ask(explorer, what="fetch", row=2)["error"]


def test_a_real_topic_model_is_edited(tmp_path):
    import toolkit

    papers = toolkit.load_sample("trending-page")
    topics = toolkit.fit_topics(papers)
    explorer = Explorer(papers, topics, basket=tmp_path)
    explorer.selected_topics = [1]
    members = set(explorer.selection["paper_id"])
    explorer.rename_topic(0, "Mine")
    explorer.merge_topics([1, 2])
    assert isinstance(explorer.topics, toolkit.TopicModel)
    assert members < set(explorer.selection["paper_id"])
    explorer.undo()
    assert set(explorer.selection["paper_id"]) >= members
    assert "Mine" in explorer.topics.topics["label"].tolist()
    reply = ask(explorer, what="topics", action="rename", topic=99, label="x")
    assert "topic" in reply["error"]


def test_themes_are_wards_groups_and_no_two_have_one_name():
    from scipy.cluster.hierarchy import fcluster, linkage

    from toolkit.explorer.themes import find_themes

    places = np.random.default_rng(0).normal(size=(60, 2))
    size = dict.fromkeys(range(60), 5)
    label = {i: f"word{i % 4}, word{i}" for i in range(60)}
    theme_of, themes = find_themes(range(60), places, size, label)
    theirs = fcluster(linkage(places, "ward"), 9, "maxclust").tolist()
    mine = [theme_of[i] for i in range(60)]
    assert len(set(zip(mine, theirs, strict=True))) == len(set(theirs)) == 9
    labels = [theme["label"] for theme in themes]
    assert len(labels) == len(set(labels)) > 1


def test_a_themes_name_is_of_its_own():
    from toolkit.explorer.themes import find_themes

    corners = np.repeat([[0, 0], [9, 0], [0, 9], [9, 9]], 2, axis=0)
    places = corners + np.tile([[0.0, 0.0], [0.1, 0.0]], (4, 1))
    names = ["oaks, acorns", "mosses", "video, frames", "clips, video", "soil", "water"]
    label = dict(enumerate([*names, "law", "old law"]))
    size = dict(zip(range(8), [9, 8, 7, 6, 9, 2, 4, 3]))
    theme_of, themes = find_themes(range(8), places, size, label)
    assert [theme["theme"] for theme in themes] == [0, 2, 4, 6]
    # A second term: not of a label with the first, not with a word of it, not of a small topic.
    assert [theme["label"] for theme in themes] == ["Oaks · Mosses", "Video", "Soil", "Law"]
    assert [theme_of[i] for i in range(8)] == [0, 0, 2, 2, 4, 4, 6, 6]


def test_the_map_and_the_picture_agree_on_places_and_colours():
    import toolkit
    from toolkit.explorer.browser_data import topics_for_browser
    from toolkit.plots.palette import topic_centres, topic_colours

    papers = toolkit.load_sample("trending-page")
    topics = toolkit.fit_topics(papers)
    explorer = Explorer(papers, topics)
    meta, _ = topics_for_browser(topics.topics, explorer.data)
    place = topics.papers[["x", "y"]].to_numpy(dtype=float)
    numbers = topics.topics["topic"].tolist()
    centres = topic_centres(topics.papers["topic"].to_numpy(), place, numbers)
    rows = {row["topic"]: row for row in meta["topics"]}
    for name, dark in (("light", False), ("dark", True)):
        colours = topic_colours(numbers, centres, dark=dark)
        assert {topic: row[name][0] for topic, row in rows.items() if topic >= 0} == colours
    # The same papers stand for their topics, on another scale.
    mine = np.array([rows[topic]["place"] for topic in numbers if topic >= 0])
    theirs = centres[np.array(numbers) >= 0]
    scale = np.ptp(mine, axis=0) / np.ptp(theirs, axis=0)
    assert scale[0] == pytest.approx(scale[1], abs=1e-3)


def test_links_of_papers_are_found_by_row(papers):
    ids = papers["paper_id"]
    links = pd.DataFrame(
        {"paper_id": [ids[2], "other:1", ids[0], ids[2]], "url": list("abcd"),
         "kind": ["code", "code", "registry", "data"], "host": ["x.org", "x.org", pd.NA, "y.org"],
         "tense": "present", "own": [True, True, False, False]}
    )  # fmt: skip
    claims = pd.DataFrame(
        {"paper_id": [ids[2], ids[1], "other:1"], "code": ["linked", pd.NA, "none"]}
    )
    code, found = code_and_links(papers, links, claims, None)
    assert code.tolist() == ["unknown", "unknown", "linked", *["unknown"] * (len(papers) - 3)]
    assert found.starts.tolist() == [0, 1, 1, *[3] * (len(papers) - 2)]
    assert [link["url"] for link in found[2]] == ["a", "d"] and found[1] == []
    # A tool that the authors only used is no data of theirs; a registry stays one.
    assert [link["kind"] for row in (0, 2) for link in found[row]] == ["registry", "code", "other"]
    assert found.hosts == ["", "x.org", "y.org"]


def test_an_option_counts_once_a_paper_and_the_most_frequent_come_first(papers):
    some = papers.assign(
        authors=["B; A; B", "A", " ; C;", None, "C"], venue=["v", "", "v", "u", None]
    )
    empty = pd.DataFrame(columns=["paper_id", "url", "kind", "host", "tense", "code"])
    code, links = code_and_links(some, empty, empty, None)
    lists = facet_lists(some, code, links, np.zeros(5, dtype=np.int64))
    assert list(lists) == ["code", "venue", "authors"]
    assert list(lists["authors"].names) == ["A", "C", "B"]
    assert [sorted(one) for one in lists["authors"].lists()] == [
        ["A", "B"],
        ["A"],
        ["C"],
        [],
        ["C"],
    ]
    assert lists["venue"].lists() == [["v"], [], ["v"], ["u"], []]
