"""A Zotero library of invented papers, as its web API and as its database have it.

`FakeZotero` is a server on 127.0.0.1 that speaks version 3 of the web API, its faults included;
`write_database` writes a library as `zotero.sqlite`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

USER = 4217
GROUP = 99
LIBRARY = {"type": "user", "id": USER, "name": "Ada Fern"}


def item(key: str, version: int = 1, **data: Any) -> dict[str, Any]:
    """Return an item as the API gives it."""
    about = {"key": key, "version": version, "tags": [], "relations": {},
             "dateAdded": "2026-01-02T03:04:05Z", "dateModified": "2026-01-02T03:04:05Z",
             **data}  # fmt: skip
    if "parentItem" not in about:
        about.setdefault("collections", [])
    return {"key": key, "version": version, "library": dict(LIBRARY), "data": about}


def library() -> list[dict[str, Any]]:
    """Return a small library: papers, a note, files, one paper in the trash, a file alone."""
    fern = [{"creatorType": "author", "firstName": "Ada", "lastName": "Fern"},
            {"creatorType": "author", "name": "The Moss Group"},
            {"creatorType": "editor", "firstName": "Bo", "lastName": "Elm"}]  # fmt: skip
    return [
        item("MOSS0001", 7, itemType="journalArticle", title="Moss walks for $5 & <i>more</i>",
             creators=fern, abstractNote="We walk moss.", publicationTitle="Journal of Moss",
             date="May 2018", volume="3", issue="4", pages="1-9", DOI="", language="en",
             extra="DOI: 10.1234/moss.1\nPMID: 31452104\nPMCID: PMC6713000\n"
                   "Citation Key: fern2018\nread twice",
             tags=[{"tag": "moss"}, {"tag": "to read", "type": 1}],
             collections=["COLLMOSS"]),
        item("LICH0002", 8, itemType="preprint", title="Lichens at rest", creators=fern[:1],
             repository="arXiv", archiveID="arXiv:2601.00002", date="2026-01-15",
             url="https://arxiv.org/abs/2601.00002", tags=[{"tag": "moss"}],
             collections=["COLLMOSS", "COLLPLNT"]),
        item("BOGS0003", 9, itemType="conferencePaper", title="Bogs on Monday",
             creators=fern[:1], proceedingsTitle="Bog Days", date="2025"),
        item("NOTE0004", 10, itemType="note", parentItem="MOSS0001",
             note="<p>Good &amp; short</p><p>see p. 3</p>"),
        item("FILE0005", 11, itemType="attachment", parentItem="MOSS0001", title="PDF",
             linkMode="imported_file", filename="Fern; 2018.pdf"),
        item("FILE0006", 11, itemType="attachment", parentItem="LICH0002", title="Page",
             linkMode="linked_url", url="https://example.org/"),
        item("GONE0007", 12, itemType="journalArticle", title="Thrown away", deleted=1),
        item("FILE0008", 13, itemType="attachment", title="Scan of a poster",
             linkMode="imported_file", filename="scan.pdf"),
    ]  # fmt: skip


def collections() -> list[dict[str, Any]]:
    """Return the collections of the library: Plants, and Plants/Moss in it."""
    return [
        item("COLLPLNT", 3, name="Plants", parentCollection=False),
        item("COLLMOSS", 4, name="Moss", parentCollection="COLLPLNT"),
    ]


_SCHEMA = """
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT);
CREATE TABLE groups (groupID INTEGER PRIMARY KEY, libraryID INT);
CREATE TABLE settings (setting TEXT, key TEXT, value);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT, dateAdded TEXT, dateModified TEXT,
    libraryID INT, key TEXT, version INT);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID INT);
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT);
CREATE TABLE itemCreators (itemID INT, creatorID INT, creatorTypeID INT, orderIndex INT);
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE itemTags (itemID INT, tagID INT, type INT);
CREATE TABLE itemNotes (itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT,
    path TEXT);
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT,
    parentCollectionID INT, libraryID INT, key TEXT);
CREATE TABLE collectionItems (collectionID INT, itemID INT, orderIndex INT);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY, dateDeleted TEXT);
INSERT INTO libraries VALUES (1, 'user'), (2, 'group'), (3, 'feed');
INSERT INTO groups VALUES (99, 2);
"""
_LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url")
_NO_FIELDS = frozenset(
    "key version itemType creators tags collections relations parentItem note linkMode filename "
    "dateAdded dateModified deleted path".split()
)


def write_database(
    path: Path,
    items: list[dict[str, Any]] | None = None,
    groups: list[dict[str, Any]] | None = None,
    *,
    user: int | None = USER,
) -> sqlite3.Connection:
    """Write a library, and the items of one group and of a feed, as Zotero's database has them."""
    connection = sqlite3.connect(path)
    connection.executescript(_SCHEMA)
    if user is not None:
        connection.execute("INSERT INTO settings VALUES ('account', 'userID', ?)", (user,))
    keys: dict[str, int] = {}
    for number, one in enumerate(collections(), start=1):
        about = one["data"]
        parent = keys.get(about["parentCollection"])
        keys[about["key"]] = number
        row = (number, about["name"], parent, 1, about["key"])
        connection.execute("INSERT INTO collections VALUES (?, ?, ?, ?, ?)", row)
    for one in library() if items is None else items:
        _insert(connection, one["data"], 1, keys)
    for one in groups or []:
        _insert(connection, one["data"], 2, keys)
    _insert(
        connection, item("FEED0001", itemType="journalArticle", title="Of a feed")["data"], 3, keys
    )
    connection.commit()
    return connection


def _id(connection: sqlite3.Connection, table: str, column: str, value: Any) -> int:
    names = {"itemTypes": "itemTypeID", "fields": "fieldID", "creatorTypes": "creatorTypeID",
             "tags": "tagID", "itemDataValues": "valueID", "items": "itemID"}  # fmt: skip
    query = f"SELECT {names[table]} FROM {table} WHERE {column} = ?"
    found = connection.execute(query, (value,)).fetchone()
    if found is None:
        made = connection.execute(f"INSERT INTO {table} ({column}) VALUES (?)", (value,)).lastrowid
        assert made is not None
        return made
    return int(found[0])


def _insert(
    connection: sqlite3.Connection, about: dict[str, Any], where: int, keys: dict[str, int]
) -> None:
    kind = _id(connection, "itemTypes", "typeName", about["itemType"])
    row = (kind, about["dateAdded"], about["dateModified"], where, about["key"], about["version"])
    at = connection.execute("INSERT INTO items VALUES (NULL, ?, ?, ?, ?, ?, ?)", row).lastrowid
    for name, value in about.items():
        if name in _NO_FIELDS or value == "":
            continue
        if name == "date":
            value = {"May 2018": "2018-05-00", "2025": "2025-00-00"}.get(value, value) + f" {value}"
        data = (at, _id(connection, "fields", "fieldName", name),
                _id(connection, "itemDataValues", "value", value))  # fmt: skip
        connection.execute("INSERT INTO itemData VALUES (?, ?, ?)", data)
    for order, person in enumerate(about.get("creators", ())):
        alone = "name" in person
        name = ("", person["name"], 1) if alone else (person["firstName"], person["lastName"], 0)
        who = connection.execute("INSERT INTO creators VALUES (NULL, ?, ?, ?)", name).lastrowid
        role = _id(connection, "creatorTypes", "creatorType", person["creatorType"])
        connection.execute("INSERT INTO itemCreators VALUES (?, ?, ?, ?)", (at, who, role, order))
    for tag in about["tags"]:
        row = (at, _id(connection, "tags", "name", tag["tag"]), tag.get("type", 0))
        connection.execute("INSERT INTO itemTags VALUES (?, ?, ?)", row)
    for key in about.get("collections", ()):
        connection.execute("INSERT INTO collectionItems VALUES (?, ?, 0)", (keys[key], at))
    parent = None
    if "parentItem" in about:
        parent = _id(connection, "items", "key", about["parentItem"])
    if about["itemType"] == "note":
        connection.execute(
            "INSERT INTO itemNotes VALUES (?, ?, ?, '')", (at, parent, about["note"])
        )
    if about["itemType"] == "attachment":
        path = f"storage:{about['filename']}" if "filename" in about else about.get("path")
        mode = _LINK_MODES.index(about["linkMode"])
        connection.execute(
            "INSERT INTO itemAttachments VALUES (?, ?, ?, ?)", (at, parent, mode, path)
        )
    if about.get("deleted"):
        connection.execute("INSERT INTO deletedItems VALUES (?, '2026-01-01')", (at,))
