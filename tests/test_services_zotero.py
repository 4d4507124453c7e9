"""Zotero's web API: `fetch("zotero", …)` and `write_zotero`, against a local server."""

from __future__ import annotations

import copy
import logging
import os
import socket

import pandas as pd
import pytest
from fake_zotero import USER, FakeZotero, item, write_database

import toolkit
from toolkit import DataError, fetch, load, write_zotero
from toolkit.errors import SourceError
from toolkit.services import client, pacing, zotero_run

KEY = "SECRETKEY1"
MINE = f"users/{USER}"


@pytest.fixture
def zotero(monkeypatch, tmp_path):
    with FakeZotero() as server:
        monkeypatch.setenv("PAPERSCOPE_ZOTERO_URL", server.url)
        monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
        monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
        yield server


@pytest.fixture
def papers(zotero):
    found = fetch("zotero", MINE, key=KEY)
    zotero.requests.clear()
    return found


def write(papers, **more):
    return write_zotero(papers, key=KEY, dry_run=False, **more)


# --- reading


def test_a_library_is_read_as_its_database_is(zotero, tmp_path):
    papers = fetch("zotero", MINE, key=KEY).sort_values("zotero_key").reset_index(drop=True)
    write_database(tmp_path / "zotero.sqlite").close()
    same = load(tmp_path / "zotero.sqlite", on_bad=lambda bad: None)
    same = same.sort_values("zotero_key").reset_index(drop=True)
    for name in ("paper_id", "title", "authors", "keywords", "doi", "pmid", "bibtex_key", "kind",
                 "zotero_key", "zotero_version", "zotero_library", "zotero_collections",
                 "zotero_notes", "zotero_files", "volume"):  # fmt: skip
        pd.testing.assert_series_equal(papers[name], same[name], check_dtype=False)
    assert papers["source"].unique().tolist() == ["zotero"]
    assert papers["origin"].unique().tolist() == [f"Zotero: {MINE}"]


@pytest.mark.parametrize("name", ["Plants/Moss", "Moss", "COLLMOSS", "collections/COLLMOSS"])
def test_a_collection_by_path_name_or_key(zotero, name):
    papers = fetch("zotero", f"{MINE}/{name}", key=KEY)
    assert sorted(papers["zotero_key"]) == ["LICH0002", "MOSS0001"]
    assert papers.set_index("zotero_key")["zotero_notes"]["MOSS0001"] == "Good & short\nsee p. 3"


def test_whose_key_it_is(zotero):
    assert len(fetch("zotero", "users/me/Moss", key=KEY)) == 2


def test_pages_limits_and_dates(zotero, capfd):
    for at in range(230):
        zotero.add(f"MANY{at:04}", itemType="book", title=f"Book {at}", date="1999")
    papers = fetch("zotero", MINE, key=KEY, limit=1000)
    assert len(papers) == 233 and papers["zotero_key"].is_unique
    assert len(fetch("zotero", MINE, key=KEY, limit=120)) == 120
    assert "the first 120 of 233 papers" in capfd.readouterr().err
    assert len(fetch("zotero", MINE, key=KEY, since=2018, until="2018-12")) == 1


def test_a_page_that_lacks_an_item_is_not_the_last(zotero):
    for at in range(230):
        zotero.add(f"MANY{at:04}", itemType="book", title=f"Book {at}", date="1999")
    zotero.gone = {"MANY0020", "MANY0150"}
    assert len(fetch("zotero", MINE, key=KEY, limit=1000)) == 231


def test_for_few_papers_not_all_notes_are_asked_for(zotero):
    for at in range(450):
        zotero.add(f"MORE{at:04}", itemType="note", parentItem="LICH0002", note=f"<p>{at}</p>")
    papers = fetch("zotero", MINE, key=KEY, limit=2)
    assert papers["zotero_key"].tolist() == ["MOSS0001", "LICH0002"]
    assert papers["zotero_notes"][0] == "Good & short\nsee p. 3"
    assert papers["zotero_files"][0] == "storage/FILE0005/Fern; 2018.pdf"
    assert papers["zotero_notes"][1].count("\n\n") == 449
    assert not any("itemType=note" in one and "versions" not in one for one in zotero.requests)


def test_an_unchanged_library_is_not_read_twice_and_a_changed_one_is(zotero):
    fetch("zotero", MINE, key=KEY)
    before = len(zotero.requests)
    fetch("zotero", MINE, key=KEY)
    again = zotero.requests[before:]
    assert all("format=versions" in one for one in again)  # what changed, and how many there are
    zotero.change("BOGS0003", title="Bogs on Tuesday")
    assert "Bogs on Tuesday" in fetch("zotero", MINE, key=KEY)["title"].tolist()


def test_a_change_while_it_is_read_is_told(zotero, monkeypatch):
    answered = zotero._chosen

    def change_in_between(path, asked):
        if "sort" in asked and "-attachment" in asked["itemType"] and "format" not in asked:
            zotero.change("BOGS0003", title="Bogs on Tuesday")
        return answered(path, asked)

    monkeypatch.setattr(zotero, "_chosen", change_in_between)
    with pytest.warns(UserWarning, match="changed while it was read"):
        fetch("zotero", MINE, key=KEY)


@pytest.mark.parametrize(
    ("query", "key", "error", "said"),
    [
        (MINE, "WRONGKEY99", SourceError, r"403: Invalid key.*settings/keys"),
        (MINE, None, SourceError, r"403: Forbidden.*A key may help.*ZOTERO_API_KEY"),
        ("users/5", KEY, DataError, "no such library.*found 'users/5'.*number"),
        ("groups/99/None", KEY, DataError, "no such library"),
        (f"{MINE}/Mos", KEY, DataError, "no such collection.*'Plants/Moss'"),
        ("moss", KEY, DataError, "not a Zotero library.*users/123"),
        ("users/ada", KEY, DataError, "not a Zotero library"),
        ("users/me", "WRONGKEY99", SourceError, "Invalid key"),
    ],
)
def test_bad_questions(zotero, query, key, error, said):
    with pytest.raises(error, match=f"(?s){said}") as caught:
        fetch("zotero", query, key=key)
    assert KEY not in str(caught.value) and "WRONGKEY99" not in str(caught.value)


def test_two_collections_of_one_name(zotero):
    zotero.collections["COLLTWO2"] = item("COLLTWO2", 5, name="Moss", parentCollection=False)[
        "data"
    ]
    assert len(fetch("zotero", f"{MINE}/Plants/Moss", key=KEY)) == 2
    assert fetch("zotero", f"{MINE}/Moss", key=KEY).empty  # the path of one, the name of both
    zotero.collections["COLLTWO2"]["parentCollection"] = "COLLMOSS"
    zotero.version += 1
    with pytest.raises(DataError, match=r"2 collections have this name.*Plants/Moss/Moss"):
        fetch("zotero", f"{MINE}/Moss", key=KEY)


@pytest.mark.parametrize("faults", [["429", "503"], ["500"], ["cut"], ["html"]])
def test_faults_are_repeated(zotero, faults):
    zotero.faults = list(faults)
    assert len(fetch("zotero", MINE, key=KEY)) == 3


def test_headers_have_a_deadline(zotero, monkeypatch):
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    zotero.faults = ["trickle"] * 9
    with pytest.raises(SourceError, match="did not answer"):
        fetch("zotero", MINE, key=KEY)


def test_redirects_to_private_addresses_are_refused(zotero):
    zotero.faults = ["away"]
    with pytest.raises(SourceError, match="not a public address"):
        fetch("zotero", MINE, key=KEY)


def test_a_wish_for_a_pause_is_heeded(zotero, capfd, monkeypatch):
    slept = []
    monkeypatch.setattr(pacing.time, "sleep", slept.append)
    zotero.faults = ["backoff"]
    fetch("zotero", MINE, key=KEY)
    assert slept and 0.5 < slept[0] <= 1
    assert "Zotero: it asks to pause for 1 s" in capfd.readouterr().err
    pacing._quiet_until.clear()


def test_the_local_api_is_asked_by_its_own_name_and_gets_no_key(zotero, monkeypatch):
    monkeypatch.setenv("PAPERSCOPE_ZOTERO_LOCAL_URL", zotero.url)
    monkeypatch.setenv("ZOTERO_API_KEY", KEY)
    zotero.is_public = True
    assert len(fetch("zotero-local", MINE)) == 3
    assert all("zotero-api-key" not in one for one in zotero.headers)
    with pytest.raises(DataError, match="takes no key"):
        fetch("zotero-local", MINE, key=KEY)


def test_a_zotero_that_does_not_run(monkeypatch, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PAPERSCOPE_ZOTERO_LOCAL_URL", f"http://127.0.0.1:{port}/api")
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path))
    with pytest.raises(SourceError, match=r"Zotero on this machine cannot be reached\. Start it"):
        fetch("zotero-local", "users/0")


def test_the_key_stands_nowhere(zotero, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    papers = fetch("zotero", MINE, key=KEY)
    write(papers.assign(topic="Moss"), tags="topic", collection="New")
    files = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    out = capfd.readouterr()
    assert KEY not in caplog.text + files + out.out + out.err + repr(papers.attrs)
    assert all(KEY not in one for one in zotero.requests)


# --- writing


def test_a_dry_run_tells_and_writes_nothing(zotero, papers):
    before = copy.deepcopy((zotero.items, zotero.collections))
    papers["topic"] = ["Moss; wet", pd.NA, "Bogs"]
    papers["summary"] = ["One line.\nTwo", None, ""]
    changes = write_zotero(
        papers, tags=["topic"], notes="summary", collection="Reading 2026", key=KEY)  # fmt: skip
    assert (zotero.items, zotero.collections) == before and not zotero.writes()
    first = papers.loc[0, "zotero_key"]
    assert changes["state"].unique().tolist() == ["planned"]
    rows = changes[["zotero_key", "action", "value"]].fillna("").values.tolist()
    assert ["", "make collection", "Reading 2026"] in rows
    assert [first, "tag", "paperscope/topic: Moss, wet"] in rows
    assert [first, "note", "One line. Two"] in rows
    assert sum(row[1] == "add to collection" for row in rows) == 3
    assert len(rows) == 1 + 2 + 1 + 3


def test_read_write_read_is_the_identity_on_all_else(zotero, papers):
    before = copy.deepcopy(zotero.items)
    papers["topic"] = papers["zotero_key"].map({"MOSS0001": "Moss", "LICH0002": "Lichens"})
    papers["code"] = "linked"
    papers["summary"] = "Read <b>this</b> for $5 & $6 <script>alert(1)</script>"
    changes = write(papers, tags=["topic", "code"], notes="summary", collection="To read")
    assert set(changes["state"]) == {"written"}
    for key, about in before.items():
        now = zotero.items[key]
        changed = {name for name in now if now[name] != about.get(name)}
        assert changed <= {"tags", "collections", "version"}, (key, changed)
        theirs = [tag for tag in now["tags"] if not tag["tag"].startswith("paperscope/")]
        assert theirs == about["tags"]
        assert set(about.get("collections", ())) <= set(now.get("collections", ()))
    again = fetch("zotero", MINE, key=KEY)
    shared = [name for name in again if name not in ("zotero_version", "zotero_collections")]
    pd.testing.assert_frame_equal(again[shared], papers[shared])
    assert zotero.items["GONE0007"] == before["GONE0007"]
    # A second call with the same values changes nothing, and asks for no write.
    asked = len(zotero.writes())
    assert write(papers, tags=["topic", "code"], notes="summary", collection="To read").empty
    assert len(zotero.writes()) == asked


def test_notes_are_escaped(zotero, papers):
    papers["summary"] = "Read <b>this</b> & that <script>alert(1)</script>"
    write(papers.iloc[:1], notes="summary")
    (note,) = (one for one in zotero.items.values() if one.get("note", "").startswith("<p>Read"))
    assert "<script" not in note["note"] and "&lt;b&gt;" in note["note"]
    assert note["parentItem"] == papers.loc[0, "zotero_key"]


def test_a_second_run_replaces_its_own_tags_alone(zotero, papers):
    write(papers.assign(topic="Moss", code="none"), tags=["topic", "code"])
    zotero.items["MOSS0001"]["tags"].append({"tag": "paperscope is nice"})
    changes = write(papers.assign(topic="Ferns"), tags="topic")
    assert changes["before"].tolist() == ["paperscope/topic: Moss"] * 3
    assert [tag["tag"] for tag in zotero.items["MOSS0001"]["tags"]] == [
        "moss", "to read", "paperscope/code: none", "paperscope is nice",
        "paperscope/topic: Ferns"]  # fmt: skip
    changes = write(papers.assign(topic=pd.NA, code=None), tags=["topic", "code"])
    assert changes["action"].tolist() == ["remove tag"] * 6
    assert zotero.items["LICH0002"]["tags"] == [{"tag": "moss"}]
    assert zotero.items["MOSS0001"]["tags"][1] == {"tag": "to read", "type": 1}


def test_each_value_of_a_list_is_a_tag(zotero, papers):
    one = papers[papers["zotero_key"] == "LICH0002"]
    changes = write(one.assign(keywords="moss; bog; moss"), tags="keywords")
    assert changes["value"].tolist() == ["paperscope/keywords: moss", "paperscope/keywords: bog"]
    assert write(one.assign(keywords="moss; bog"), tags="keywords").empty
    changes = write(one.assign(keywords="bog; fen; wet"), tags="keywords")
    assert changes[["value", "before"]].fillna("").values.tolist() == [
        ["paperscope/keywords: fen", "paperscope/keywords: moss"], ["paperscope/keywords: wet", ""],
    ]  # fmt: skip
    changes = write(one.assign(keywords=pd.NA), tags="keywords")
    assert changes["action"].tolist() == ["remove tag"] * 3
    assert zotero.items["LICH0002"]["tags"] == [{"tag": "moss"}]
    cells = one.assign(own=[["a; b", "c"]])
    assert write_zotero(cells, tags="own", key=KEY)["value"].tolist() == [
        "paperscope/own: a, b", "paperscope/own: c"]  # fmt: skip


def test_a_dry_run_that_fails_does_not_speak_of_what_was_written(zotero, papers, monkeypatch):
    zotero.faults = ["500"] * 9
    with pytest.raises(SourceError) as caught:
        write_zotero(papers.assign(topic="Moss"), tags="topic", key=KEY)
    assert "written" not in str(caught.value) and "goes on" not in str(caught.value)


def test_the_key_that_was_given_is_called_so(zotero, capfd):
    fetch("zotero", MINE, key=KEY)
    told = capfd.readouterr().err
    assert "with the key that was given" in told and "key of key" not in told


def test_a_second_run_replaces_its_note_and_an_edited_one_stays(zotero, papers):
    one = papers[papers["zotero_key"] == "BOGS0003"]
    write(one.assign(summary="First"), notes="summary")
    changes = write(one.assign(summary="Second"), notes="summary")
    assert changes[["action", "value", "before"]].values.tolist() == [["note", "Second", "First"]]
    ours = [at for at in zotero.items.values() if at.get("parentItem") == "BOGS0003"]
    assert len(ours) == 1 and ours[0]["note"].startswith("<p>Second</p>")
    # As Zotero's editor wraps it, it is still ours; with a word more, it is the reader's.
    ours[0]["note"] = f'<div data-schema-version="9">{ours[0]["note"]}</div>'
    assert write(one.assign(summary="Second"), notes="summary").empty
    ours[0]["note"] = ours[0]["note"].replace("Second", "Second, and my thoughts")
    changes = write(one.assign(summary="Third"), notes="summary")
    assert changes["state"].tolist() == ["skipped"] and "edited" in changes["why"][0]
    assert "my thoughts" in ours[0]["note"]


def test_without_a_text_our_note_goes_into_the_trash(zotero, papers):
    one = papers[papers["zotero_key"] == "MOSS0001"]
    write(one.assign(summary="First"), notes="summary")
    changes = write(one.assign(summary=pd.NA), notes="summary")
    assert changes["action"].tolist() == ["remove note"]
    ours = [at for at in zotero.items.values() if "First" in at.get("note", "")]
    assert ours[0]["deleted"] == 1 and not zotero.items["NOTE0004"].get("deleted")


def test_batches_have_fifty_items(zotero, papers):
    for at in range(120):
        zotero.add(f"MANY{at:04}", itemType="book", title=f"Book {at}")
    many = fetch("zotero", MINE, key=KEY)
    zotero.requests.clear()
    changes = write(many.assign(topic="Moss"), tags="topic")
    assert len(changes) == 123 and set(changes["state"]) == {"written"}
    assert len(zotero.writes()) == 3  # the server refuses more than 50


def test_an_item_that_changed_in_between_is_read_again(zotero, papers):
    def tag_it():
        zotero.change("MOSS0001", tags=[{"tag": "moss"}, {"tag": "seen just now"}])

    zotero.before_write = tag_it
    changes = write(papers.assign(topic="Moss"), tags="topic")
    row = changes.set_index("zotero_key").loc["MOSS0001"]
    assert row["state"] == "written" and "changed in Zotero in between" in row["why"]
    assert [tag["tag"] for tag in zotero.items["MOSS0001"]["tags"]] == [
        "moss", "seen just now", "paperscope/topic: Moss"]  # fmt: skip
    assert len(changes) == 3 and changes["why"].notna().sum() == 1


def test_an_item_deleted_in_between(zotero, papers):
    zotero.before_write = lambda: zotero.items.pop("BOGS0003")
    changes = write(papers.assign(topic="Moss"), tags="topic").set_index("zotero_key")
    assert changes.loc["BOGS0003", "state"] == "skipped"
    assert "deleted, or not synchronised" in changes.loc["BOGS0003", "why"]
    assert set(changes["state"].drop("BOGS0003")) == {"written"}
    zotero.change("LICH0002", deleted=1)
    changes = write(papers.assign(topic="Ferns"), tags="topic").set_index("zotero_key")
    assert "in the trash" in changes.loc["LICH0002", "why"]


def test_an_item_that_always_changes_ends(zotero, papers):
    def change():
        zotero.change("MOSS0001", title="Moss again")
        zotero.before_write = change

    zotero.before_write = change
    changes = write(papers.assign(topic="Moss"), tags="topic").set_index("zotero_key")
    assert (
        changes.loc["MOSS0001", "state"] == "failed" and "4 times" in changes.loc["MOSS0001", "why"]
    )


def test_failures_are_told_item_by_item(zotero, papers):
    zotero.refuses["LICH0002"] = (400, "&#039;moss&#039; is  not wanted")
    changes = write(papers.assign(topic="Moss"), tags="topic").set_index("zotero_key")
    assert changes["state"].to_dict() == {
        "MOSS0001": "written", "LICH0002": "failed", "BOGS0003": "written"}  # fmt: skip
    assert changes.loc["LICH0002", "why"] == "Zotero refused it (code 400): 'moss' is not wanted"


def test_an_answer_that_is_lost_writes_nothing_twice(zotero, papers):
    one = papers.iloc[:1].assign(topic="Moss", summary="Short")
    reads = 3  # the version, our notes, the items
    zotero.faults = [""] * reads + ["lost"]
    changes = write(one, tags="topic", notes="summary")
    assert changes[["action", "state"]].values.tolist() == [["tag", "written"], ["note", "written"]]
    assert len([at for at in zotero.items.values() if "Short" in at.get("note", "")]) == 1
    tokens = [one["zotero-write-token"] for one in zotero.headers if "zotero-write-token" in one]
    assert len(tokens) == 2 and len(set(tokens)) == 1


def test_a_lost_answer_makes_one_collection(zotero, papers):
    zotero.faults = ["", "", "", "lost"]  # the version, two pages of collections
    write(papers, collection="Once")
    assert [one["name"] for one in zotero.collections.values()].count("Once") == 1
    assert all(zotero.collections[zotero.items[key]["collections"][-1]]["name"] == "Once"
               for key in papers["zotero_key"])  # fmt: skip


def test_another_collection_of_the_name_that_came_in_between(zotero, papers):
    def make():
        zotero.version += 1
        zotero.collections["COLLNEW2"] = item("COLLNEW2", zotero.version, name="Once",
                                              parentCollection=False)["data"]  # fmt: skip

    zotero.before_write = make
    write(papers, collection="Once")
    assert [one["name"] for one in zotero.collections.values()].count("Once") == 1
    assert "COLLNEW2" in zotero.items["MOSS0001"]["collections"]


@pytest.mark.parametrize("faults", [["429"], ["503"], ["500"], ["409"], ["html"]])
def test_faults_of_writes_are_repeated(zotero, papers, faults):
    zotero.faults = ["", "", *faults]
    changes = write(papers.assign(topic="Moss"), tags="topic")
    assert changes["state"].tolist() == ["written"] * 3
    assert zotero.items["MOSS0001"]["tags"][-1] == {"tag": "paperscope/topic: Moss", "type": 1}


def test_a_call_that_breaks_off_keeps_what_was_written(zotero, papers, monkeypatch):
    for at in range(60):
        zotero.add(f"MANY{at:04}", itemType="book", title=f"Book {at}")
    many = fetch("zotero", MINE, key=KEY).assign(topic="Moss")
    zotero.faults = ["", "", "", *["500"] * 6]
    with pytest.raises(SourceError, match="the same call goes on with the rest") as caught:
        write(many, tags="topic")
    assert set(caught.value.partial["state"]) == {"written"} and len(caught.value.partial) == 50
    assert len(write(many, tags="topic")) == 13


def test_a_key_that_may_not_write(zotero, papers):
    zotero.may_write = False
    with pytest.raises(SourceError, match=r"(?s)Write access denied.*settings/keys"):
        write(papers.assign(topic="Moss"), tags="topic")


def test_a_long_tag_is_cut(zotero, papers):
    changes = write(papers.iloc[:1].assign(topic="x" * 400), tags="topic")
    assert changes["state"].tolist() == ["written"] and len(changes["value"][0]) == 255


def test_papers_that_cannot_be_written_are_told(zotero, papers):
    table = pd.concat([papers, papers.iloc[:1]], ignore_index=True).assign(topic="Moss")
    table.loc[3, "paper_id"] = "title:other"
    table.loc[1, "zotero_key"] = pd.NA
    table.loc[2, "zotero_library"] = "groups/99"
    changes = write_zotero(table, tags="topic", library=MINE, key=KEY)
    assert changes["state"].tolist() == ["planned", "skipped", "skipped", "skipped"]
    why = " ".join(changes["why"].dropna())
    assert "import it into Zotero" in why and "of groups/99, not of" in why and "twice" in why


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "nothing to write"),
        ({"tags": 5}, "names of columns"),
        ({"tags": "topics"}, "no such column.*found 'topics'"),
        ({"notes": "sumary"}, "no such column"),
        ({"tags": "a: b"}, "colon"),
        ({"collection": " "}, "not a name"),
        ({"tags": "title", "library": "users/ada"}, "not a Zotero library"),
        ({"tags": "title", "library": f"{MINE}/Moss"}, "name it apart: collection='Moss'"),
    ],
)
def test_bad_calls(zotero, papers, more, said):
    with pytest.raises(DataError, match=f"(?i){said}"):
        write_zotero(papers.assign(**{"a: b": 1}), key=KEY, **more)
    assert not zotero.requests


def test_an_address_of_zotero_and_no_papers(zotero, papers):
    with pytest.raises(DataError, match=r'fetch\("zotero"'):
        load("https://www.zotero.org/ada/library")
    with pytest.raises(DataError, match="no papers"):
        write_zotero(papers.head(0), tags="title", key=KEY)


def test_papers_of_no_or_several_libraries(zotero, papers):
    with pytest.raises(DataError, match="no column 'zotero_key'"):
        write_zotero(toolkit.load_sample("trending-page"), tags="title")
    two = papers.assign(zotero_library=[MINE, "groups/99", MINE])
    with pytest.raises(DataError, match="several libraries"):
        write_zotero(two, tags="title", key=KEY)
    never = papers.assign(zotero_library=pd.NA)
    with pytest.raises(DataError, match=r"do not say.*users/me"):
        write_zotero(never, tags="title", key=KEY)
    changes = write_zotero(never, tags="title", key=KEY, library="users/me")
    assert len(changes) == 3


def test_papers_of_the_database_are_written_by_the_api(zotero, tmp_path):
    write_database(tmp_path / "zotero.sqlite").close()
    before = (tmp_path / "zotero.sqlite").read_bytes()
    papers = load(tmp_path / "zotero.sqlite", on_bad=lambda bad: None)
    assert set(write(papers.assign(topic="Moss"), tags="topic")["state"]) == {"written"}
    assert (tmp_path / "zotero.sqlite").read_bytes() == before


def test_ctrl_c_keeps_the_table(zotero, papers, monkeypatch):
    for at in range(60):
        zotero.add(f"MANY{at:04}", itemType="book", title=f"Book {at}")
    many = fetch("zotero", MINE, key=KEY).assign(topic="Moss")
    send, sent = zotero_run.Run._send, []

    def send_once(run, steps):
        if sent:
            raise KeyboardInterrupt
        sent.append(len(steps))
        return send(run, steps)

    monkeypatch.setattr(zotero_run.Run, "_send", send_once)
    with pytest.warns(UserWarning, match="interrupted; what was written stays"):
        changes = write(many, tags="topic")
    assert changes["state"].tolist() == ["written"] * 50
    monkeypatch.undo()
    monkeypatch.setenv("PAPERSCOPE_ZOTERO_URL", zotero.url)
    assert len(write(many, tags="topic")) == 13


def test_two_calls_at_once_lose_nothing(zotero, papers):
    def other_call():
        changes = write(
            papers.assign(code="linked", summary="Theirs"), tags="code", notes="summary"
        )
        assert set(changes["state"]) == {"written"}

    zotero.before_write = other_call
    changes = write(papers.assign(topic="Moss"), tags="topic", collection="To read")
    assert set(changes["state"]) == {"written"}
    ours = [tag["tag"] for tag in zotero.items["BOGS0003"]["tags"]]
    assert sorted(ours) == ["paperscope/code: linked", "paperscope/topic: Moss"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_cached_notes_are_for_their_owner_alone(zotero, tmp_path):
    fetch("zotero", MINE, key=KEY)
    (folder,) = (path for path in (tmp_path / "cache").iterdir() if list(path.glob("*.json")))
    assert "Good &amp; short" in "".join(path.read_text() for path in folder.glob("*.json"))
    assert folder.stat().st_mode & 0o077 == 0
