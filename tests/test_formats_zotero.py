"""Zotero's formats: its database, the JSON of its API, RDF, CSV, CSL-JSON, Better BibTeX's JSON."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import shutil
import sqlite3
import unittest.mock

import pandas as pd
import pytest
from fake_zotero import collections, item, library, write_database

from toolkit import DataError, load
from toolkit.formats.json.zotero import paths_of

OWN = ["zotero_key", "zotero_version", "zotero_library", "zotero_collections", "zotero_notes",
       "zotero_files"]  # fmt: skip


@pytest.fixture
def database(tmp_path):
    write_database(tmp_path / "zotero.sqlite").close()
    return tmp_path / "zotero.sqlite"


def load_all(source):
    bad = []
    return load(source, on_bad=bad.append), bad


def test_a_database_gives_all_that_the_library_holds(database):
    papers, bad = load_all(database)
    assert papers["title"].tolist() == [
        "Moss walks for $5 & more", "Lichens at rest", "Bogs on Monday"]  # fmt: skip
    moss, lichens, bogs = papers.to_dict("records")
    assert (moss["authors"], moss["editors"]) == ("Ada Fern; The Moss Group", "Bo Elm")
    assert moss["abstract"] == "We walk moss." and moss["venue"] == "Journal of Moss"
    assert (str(moss["published"].date()), moss["published_precision"]) == ("2018-05-01", "month")
    assert moss["keywords"] == "moss; to read"
    assert (moss["doi"], moss["pmid"], moss["pmcid"], moss["bibtex_key"]) == (
        "10.1234/moss.1", "31452104", "PMC6713000", "fern2018")  # fmt: skip
    assert "read twice" in moss["comments"]
    assert (moss["volume"], moss["issue"], moss["pages"]) == ("3", "4", "1-9")
    assert [moss[name] for name in OWN] == [
        "MOSS0001", 7, "users/4217", "Plants/Moss", "Good & short\nsee p. 3",
        "storage/FILE0005/Fern; 2018.pdf"]  # fmt: skip
    assert lichens["paper_id"] == "arxiv:2601.00002" and lichens["kind"] == "preprint"
    assert lichens["zotero_collections"] == "Plants/Moss; Plants"
    assert pd.isna(lichens["zotero_files"]) and pd.isna(bogs["zotero_collections"])
    assert papers["source"].unique().tolist() == ["zotero"]
    assert [(one.place, one.reason) for one in bad] == [
        ("item 8", "a file without the paper that it belongs to")]  # fmt: skip


def test_the_api_gives_the_same_papers(database):
    answer = [{**one, "meta": {"parsedDate": "2018-05"}} if one["key"] == "MOSS0001" else one
              for one in library()]  # fmt: skip
    bad = []
    ours = load(json.dumps(answer), on_bad=bad.append)
    theirs = load(database, on_bad=bad.append)
    for name in ("doi", "authors", "keywords", "published", "bibtex_key", "zotero_key",
                 "zotero_version", "zotero_library", "zotero_notes", "zotero_files"):  # fmt: skip
        pd.testing.assert_series_equal(ours[name], theirs[name], check_dtype=False)
    # Answers name collections by their keys alone; a folder without a title is told of.
    assert "zotero_collections" not in ours
    assert "a record has no title" in [one.reason for one in bad]


def test_files_are_found_where_zotero_keeps_them(database):
    (database.parent / "storage").mkdir()
    papers, _ = load_all(database)
    assert papers["zotero_files"][0] == str(
        database.parent / "storage" / "FILE0005" / "Fern; 2018.pdf")  # fmt: skip


def test_a_file_outside_the_storage_is_no_file(tmp_path):
    items = library()
    items[4]["data"]["filename"] = "../../../etc/passwd"
    write_database(tmp_path / "z.sqlite", items).close()
    papers, _ = load_all(tmp_path / "z.sqlite")
    assert papers["zotero_files"].isna().all()


def test_groups_are_read_and_feeds_are_not(tmp_path):
    group = [item("MOSS0001", 3, itemType="book", title="Of the group")]
    write_database(tmp_path / "z.sqlite", groups=group, user=None).close()
    papers, _ = load_all(tmp_path / "z.sqlite")
    assert papers["title"].tolist()[-1] == "Of the group" and len(papers) == 4
    assert papers["zotero_library"].tolist()[-1] == "groups/99"
    assert papers["zotero_library"].isna().sum() == 3  # never synchronised: no user number
    # A note belongs to the item of its own library.
    assert papers["zotero_notes"].notna().tolist() == [True, False, False, False]


def test_a_database_that_zotero_has_locked_is_read_with_its_newest_changes(tmp_path):
    path = tmp_path / "zotero.sqlite"
    connection = write_database(path)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("UPDATE itemDataValues SET value = 'Newest bogs' WHERE value LIKE 'Bogs%'")
    connection.commit()
    with (
        contextlib.closing(sqlite3.connect(path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("SELECT * FROM items")
    papers, _ = load_all(path)
    assert papers["title"].tolist()[2] == "Newest bogs"
    connection.close()
    assert load_all(path)[0]["title"].tolist()[2] == "Newest bogs"


def test_the_file_is_not_touched(database):
    before = database.read_bytes(), sorted(one.name for one in database.parent.iterdir())
    load_all(database)
    assert (database.read_bytes(), sorted(one.name for one in database.parent.iterdir())) == before


def test_a_transaction_in_progress_says_to_close_zotero(database):
    journal = database.with_name("zotero.sqlite-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    with pytest.raises(DataError, match=r"is writing into it.*Close the program"):
        load(database)
    journal.write_bytes(bytes(512))  # as Zotero leaves it between transactions
    assert len(load_all(database)[0]) == 3


def test_a_compressed_database(database, tmp_path):
    packed = tmp_path / "zotero.sqlite.gz"
    with database.open("rb") as source, gzip.open(packed, "wb") as target:
        shutil.copyfileobj(source, target)
    assert len(load_all(packed)[0]) == 3


def test_the_data_folder_is_its_database(database):
    shutil.copy(database, database.with_name("zotero.sqlite.bak"))
    (database.parent / "storage" / "FILE0005").mkdir(parents=True)
    (database.parent / "storage" / "FILE0005" / "list.csv").write_text(
        "title\nNot of the library\n"
    )
    papers, _ = load_all(database.parent)
    assert papers["zotero_key"].tolist() == ["MOSS0001", "LICH0002", "BOGS0003"]


def test_other_databases(tmp_path, database):
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE plants (name TEXT)")
    connection.commit()
    with pytest.raises(DataError, match=r"not Zotero's.*found \['plants'\].*zotero.sqlite"):
        load(path)
    connection.close()
    connection = sqlite3.connect(database)
    connection.execute("ALTER TABLE items DROP COLUMN version")
    connection.commit()
    connection.close()
    with pytest.raises(DataError, match=r"no items\.version.*Zotero 5 or newer"):
        load(database)


def test_a_view_in_place_of_a_table_is_not_run(database):
    connection = sqlite3.connect(database)
    connection.execute("ALTER TABLE itemData RENAME TO other")
    connection.execute(
        "CREATE VIEW itemData AS WITH RECURSIVE c(itemID, fieldID, valueID) AS "
        "(SELECT 1, 1, 1 UNION ALL SELECT itemID + 1, 1, 1 FROM c) SELECT * FROM c"
    )
    connection.commit()
    connection.close()
    with pytest.raises(DataError, match="not Zotero's"):
        load(database)


@pytest.mark.parametrize("seed", range(24))
def test_damaged_databases_give_a_data_error_or_papers(database, seed):
    chance = random.Random(seed)
    raw = bytearray(database.read_bytes())
    if seed % 4 == 0:
        del raw[chance.randrange(100, len(raw)) :]
    for _ in range(1 << chance.randrange(9)):
        raw[chance.randrange(18, len(raw))] = chance.randrange(256)
    database.write_bytes(bytes(raw))
    try:
        papers, _ = load_all(database)
    except DataError as error:
        assert str(database) in str(error)
    else:
        assert papers["title"].notna().all()


def test_text_without_end_is_refused(tmp_path):
    items = [item(f"LONG{at:04}", itemType="book", title=f"Book {at}") for at in range(3_000)]
    connection = write_database(tmp_path / "z.sqlite", items)
    # One long text, said by every item: 90 MB of a file of half a megabyte.
    number = connection.execute("INSERT INTO itemDataValues VALUES (NULL, ?)", ("x" * 30_000,))
    connection.execute(
        "INSERT INTO itemNotes SELECT itemID, NULL, "
        "(SELECT value FROM itemDataValues WHERE valueID = ?), '' FROM items",
        (number.lastrowid,),
    )
    connection.commit()
    connection.close()
    with (
        unittest.mock.patch("toolkit.formats.sqlite_tables.most_unpacked", return_value=10 << 20),
        pytest.raises(DataError, match="far larger when unpacked"),
    ):
        load(tmp_path / "z.sqlite")


def test_our_own_tags_and_notes_are_not_read_back(database):
    connection = sqlite3.connect(database)
    connection.execute("INSERT INTO tags VALUES (70, 'paperscope/topic: Moss, wet')")
    connection.execute("INSERT INTO itemTags VALUES (1, 70, 0), (3, 70, 0)")
    connection.execute("INSERT INTO tags VALUES (71, 'paperscope/note')")
    connection.execute("INSERT INTO itemTags VALUES (4, 71, 0)")
    connection.commit()
    connection.close()
    papers, _ = load_all(database)
    assert papers["keywords"][0] == "moss; to read" and pd.isna(papers["keywords"][2])
    assert papers["zotero_notes"].isna().all()


def test_rdf_keeps_collections_notes_files_and_ids():
    (paper,) = load(RDF).to_dict("records")
    assert paper["zotero_collections"] == "Plants/Moss, wet"
    assert paper["zotero_notes"] == "Good & short" and paper["zotero_files"] == "files/2/Fern.pdf"
    assert (paper["doi"], paper["pmid"], paper["bibtex_key"]) == (
        "10.1234/moss.2", "31452104", "fern2018")  # fmt: skip
    assert (paper["volume"], paper["issue"], paper["keywords"]) == ("3", "4", "moss; feet")


def test_csv_keeps_key_notes_files_and_ids():
    text = (
        '"Key","Item Type","Author","Title","Date","Extra","Notes","File Attachments",'
        '"Manual Tags","Abstract Note"\n'
        '"MOSS0001","journalArticle","Fern, Ada","Moss walks","2018-05-03",'
        '"DOI: 10.1234/moss.1\nPMID: 31452104\narXiv: 1805.01234 [q-bio]","<p>Good</p>",'
        '"/a/Fern.pdf","moss; paperscope/topic: Moss",""\n'
    )
    (paper,) = load(text).to_dict("records")
    assert (paper["zotero_key"], paper["zotero_notes"], paper["zotero_files"]) == (
        "MOSS0001", "Good", "/a/Fern.pdf")  # fmt: skip
    assert (paper["doi"], paper["pmid"]) == ("10.1234/moss.1", "31452104")
    assert paper["paper_id"] == "arxiv:1805.01234" and paper["keywords"] == "moss"


def test_csl_json_keeps_key_and_ids():
    work = {
        "id": "http://zotero.org/users/4217/items/MOSS0001", "type": "article-journal",
        "title": "Moss walks", "issued": {"date-parts": [["2018", 5, 3]]},
        "note": "DOI: 10.1234/moss.1\nPMID: 31452104\nCitation Key: fern2018"}  # fmt: skip
    (paper,) = load(json.dumps([work])).to_dict("records")
    assert (paper["zotero_key"], paper["zotero_library"]) == ("MOSS0001", "users/4217")
    assert (paper["doi"], paper["pmid"], paper["citation_key"]) == (
        "10.1234/moss.1", "31452104", "fern2018")  # fmt: skip


def test_better_bibtex_json_keeps_collections_notes_and_files():
    one = {
        "itemType": "journalArticle", "title": "Moss walks", "itemID": 7, "itemKey": "MOSS0001",
        "citationKey": "fern2018", "tags": [{"tag": "moss"}], "notes": [{"note": "<p>Good</p>"}],
        "attachments": [{"itemType": "attachment", "path": "/a/Fern.pdf"}],
        "uri": "http://zotero.org/users/4217/items/MOSS0001"}  # fmt: skip
    whole = {
        "collections": {
            "COLLPLNT": {"key": "COLLPLNT", "name": "Plants", "parent": False, "items": []},
            "COLLMOSS": {"key": "COLLMOSS", "name": "Moss", "parent": "COLLPLNT", "items": [7]},
        },
        "items": [one],
    }
    (paper,) = load(json.dumps(whole)).to_dict("records")
    assert [paper[name] for name in OWN if name != "zotero_version"] == [
        "MOSS0001", "users/4217", "Plants/Moss", "Good", "/a/Fern.pdf"]  # fmt: skip
    assert paper["bibtex_key"] == "fern2018"


@pytest.mark.parametrize("wrong", [None, 3, "x", [], {}, [1], {"a": 1}, [[]], True, 0.5])
@pytest.mark.parametrize(
    "name", ["key", "tags", "collections", "parentItem", "itemType", "creators", "note", "extra"]
)
def test_values_of_wrong_types_cost_no_other_record(name, wrong):
    items = library()
    for at in (0, 3, 4):
        items[at]["data"][name] = wrong
    items[0]["library"] = wrong
    papers, _ = load_all(json.dumps(items))
    assert {"Lichens at rest", "Bogs on Monday"} <= set(papers["title"])


def test_a_circle_of_collections_ends():
    given = collections()
    given[0]["data"]["parentCollection"] = "COLLMOSS"
    assert all(path.endswith(("Plants", "Moss")) for path in paths_of(given).values())


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf rdf:resource="urn:issn:1234-5678"/>
 <dcterms:isReferencedBy rdf:resource="#item_3"/><dcterms:isReferencedBy rdf:resource="#item_4"/>
 <link:link rdf:resource="#item_2"/><dc:subject>moss</dc:subject>
 <dc:subject><z:AutomaticTag><rdf:value>feet</rdf:value></z:AutomaticTag></dc:subject>
 <dc:title>Moss walks</dc:title><dc:date>2018-05-03</dc:date>
 <dc:description>PMID: 31452104
Citation Key: fern2018
DOI: 10.1234/moss.2</dc:description></bib:Article>
<bib:Journal rdf:about="urn:issn:1234-5678"><dc:title>Journal of Moss</dc:title>
 <prism:volume>3</prism:volume><prism:number>4</prism:number></bib:Journal>
<bib:Memo rdf:about="#item_3">
 <rdf:value>&lt;p&gt;Good &amp;amp; short&lt;/p&gt;</rdf:value></bib:Memo>
<bib:Memo rdf:about="#item_4"><rdf:value>ours</rdf:value>
 <dc:subject>paperscope/note</dc:subject></bib:Memo>
<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
 <z:path rdf:resource="files/2/Fern.pdf"/><dc:title>PDF</dc:title></z:Attachment>
<z:Collection rdf:about="#collection_1"><dc:title>Plants</dc:title>
 <dcterms:hasPart rdf:resource="#collection_2"/></z:Collection>
<z:Collection rdf:about="#collection_2"><dc:title>Moss; wet</dc:title>
 <dcterms:hasPart rdf:resource="#item_1"/></z:Collection>
</rdf:RDF>"""
