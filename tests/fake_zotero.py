"""A Zotero library of invented papers, as its web API and as its database have it.

`FakeZotero` is a server on 127.0.0.1 that speaks version 3 of the web API, its faults included;
`write_database` writes a library as `zotero.sqlite`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local_server import LocalServer

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


class FakeZotero(LocalServer):
    """The server; use it as a context manager.

    `faults` is a list of what to answer before the true answers: ``"429"`` (Retry-After 0),
    ``"503"``, ``"500"``, ``"409"``, ``"html"``, ``"cut"`` (the connection breaks in mid-answer),
    ``"trickle"`` (a header line now and then, without end), ``"backoff"`` (the true answer, and a
    wish for a pause), ``"lost"`` (it is done, and the connection breaks), ``"away"`` (a redirect to
    another host). `gone` are items that pages lack, though they are counted. `before_write` is
    called before each write, to change the library in between.
    """

    def __init__(
        self, items: list[dict[str, Any]] | None = None, *, key: str = "SECRETKEY1"
    ) -> None:
        super().__init__()
        self.items = {one["key"]: one["data"] for one in (library() if items is None else items)}
        self.collections = {one["key"]: one["data"] for one in collections()}
        self.version, self.key, self.may_write, self.is_public = 20, key, True, False
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.before_write: Callable[[], None] = lambda: None
        self.refuses: dict[str, tuple[int, str]] = {}
        self.tokens: set[str] = set()
        self.gone: set[str] = set()

    def writes(self) -> list[str]:
        """Return the requests that write."""
        return [one for one in self.requests if one.startswith("POST")]

    def change(self, key: str, **data: Any) -> None:
        """Change an item, as a user of Zotero would."""
        self.version += 1
        self.items[key].update(data, version=self.version)

    def add(self, key: str, **data: Any) -> None:
        """Add an item."""
        self.version += 1
        self.items[key] = item(key, self.version, **data)["data"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests.append(f"{request.command} {request.path}")
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        length = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(length).decode() if length else ""
        fault = self.faults.pop(0) if self.faults else ""
        if fault in ("429", "503", "500", "409"):
            return self._send(request, int(fault), "not now", {"Retry-After": "0"})
        if fault == "html":
            return self._send(request, 200, "<html><body>Maintenance</body></html>")
        if fault == "away":
            return self._send(request, 302, "", {"Location": "http://10.0.0.1/items"})
        if fault == "trickle":
            return self._trickle(request)
        status, answer, headers = self._answer(request, body)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        if fault == "lost":
            request.close_connection = True
            return request.connection.shutdown(socket.SHUT_RDWR)
        if fault == "backoff":
            headers = {**headers, "Backoff": "1"}
        self._send(request, status, text, headers, cut=fault == "cut")
        return None

    def _trickle(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        with contextlib.suppress(OSError):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.stopping.wait(0.05):
                request.wfile.write(b"X-More: 1\r\n")

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        text: str,
        headers: Mapping[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        raw = text.encode()
        request.send_response(status)
        for name, value in {"Zotero-API-Version": "3", **(headers or {})}.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw[: len(raw) // 2] if cut else raw)
        request.close_connection = request.close_connection or cut

    def _answer(
        self, request: BaseHTTPRequestHandler, body: str
    ) -> tuple[int, Any, dict[str, str]]:
        parts = urlsplit(request.path)
        asked = dict(parse_qsl(parts.query))
        key = request.headers.get("Zotero-API-Key")
        if key is not None and key != self.key:
            return 403, "Invalid key", {}
        if parts.path == "/keys/current":
            if key is None:
                return 404, "Not found", {}
            access = {"user": {"library": True, "write": self.may_write}}
            return 200, {"key": key, "userID": USER, "username": "ada", "access": access}, {}
        home = f"/users/{USER}"
        if not parts.path.startswith(f"{home}/"):
            return 404, "Not found", {}
        if key is None and not self.is_public:
            return 403, "Forbidden", {}
        path = parts.path.removeprefix(home)
        if request.command == "POST":
            return self._write(path, request, body)
        headers = {"Last-Modified-Version": str(self.version)}
        since = request.headers.get("If-Modified-Since-Version")
        if since is not None and int(since) >= self.version:
            return 304, "", headers
        if path == "/collections":
            found = [{"key": at, "version": one["version"], "library": LIBRARY, "data": one}
                     for at, one in self.collections.items()]  # fmt: skip
        else:
            chosen = self._chosen(path, asked)
            if chosen is None:
                return 404, "Collection not found", {}
            parents = [one.get("parentItem") for one in self.items.values()]
            found = [{"key": one["key"], "version": one["version"], "library": LIBRARY,
                      "meta": {"numChildren": parents.count(one["key"])}, "data": one}
                     for one in chosen]  # fmt: skip
        start, limit = int(asked.get("start", 0)), min(int(asked.get("limit", 25)), 100)
        headers["Total-Results"] = str(len(found))
        if start + limit < len(found):
            after = urlencode({**asked, "start": start + limit})
            headers["Link"] = f'<{self.url}{parts.path}?{after}>; rel="next"'
        page = [one for one in found[start : start + limit] if one["key"] not in self.gone]
        if asked.get("format") == "versions":
            return 200, {one["key"]: one["version"] for one in page}, headers
        return 200, page, headers

    def _chosen(self, path: str, asked: Mapping[str, str]) -> list[dict[str, Any]] | None:
        found = list(self.items.values())
        if path.startswith("/collections/"):
            at = path.split("/")[2]
            if at not in self.collections:
                return None
            inside = {one["key"] for one in found if at in one.get("collections", ())}
            found = [
                one for one in found if one["key"] in inside or one.get("parentItem") in inside
            ]
        if path.endswith("/children"):
            found = [one for one in found if one.get("parentItem") == path.split("/")[2]]
        if path.endswith("/top"):
            found = [one for one in found if not one.get("parentItem")]
        if "itemKey" in asked:
            keys = asked["itemKey"].split(",")
            assert len(keys) <= 50
            found = [one for one in found if one["key"] in keys]
        if asked.get("includeTrashed") != "1":
            found = [one for one in found if not one.get("deleted")]
        if kinds := asked.get("itemType"):
            named = kinds.removeprefix("-").split(" || ")
            found = [one for one in found if (one["itemType"] in named) != kinds.startswith("-")]
        if tag := asked.get("tag"):
            found = [one for one in found if tag in [each["tag"] for each in one["tags"]]]
        return found

    def _write(
        self, path: str, request: BaseHTTPRequestHandler, body: str
    ) -> tuple[int, Any, dict[str, str]]:
        if not self.may_write:
            return 403, "Write access denied", {}
        token = request.headers.get("Zotero-Write-Token")
        unmodified = request.headers.get("If-Unmodified-Since-Version")
        if token is not None and unmodified is not None:
            return 400, "Zotero-Write-Token and If-Unmodified-Since-Version together", {}
        if token in self.tokens:
            return 412, "Write token already used", {}
        hook, self.before_write = self.before_write, lambda: None
        hook()
        if unmodified is not None and int(unmodified) < self.version:
            return 412, "Library has been modified since specified version", {}
        objects = json.loads(body)
        if len(objects) > 50:
            return 413, "Cannot add more than 50 items at a time", {}
        if token is not None:
            self.tokens.add(token)
        report: dict[str, dict[str, Any]] = {"success": {}, "unchanged": {}, "failed": {}}
        for at, one in enumerate(objects):
            code, said = self._write_one(path, one)
            if code == 200:
                report["success"][str(at)] = said
            else:
                report["failed"][str(at)] = {"code": code, "message": said}
        return 200, report, {"Last-Modified-Version": str(self.version)}

    def _write_one(self, path: str, sent: dict[str, Any]) -> tuple[int, str]:
        store = self.collections if path == "/collections" else self.items
        key = sent.get("key")
        if key in self.refuses:
            return self.refuses[key]
        if any(len(tag["tag"]) > 255 for tag in sent.get("tags", ())):
            return 413, "Tag &#039;x&#039; too long"
        if key is not None and "version" not in sent:
            return 428, "Either If-Unmodified-Since-Version or object version must be provided"
        there = store.get(key) if key is not None else None
        if there is None and sent.get("version"):
            return 404, f"Item doesn't exist (expected version {sent['version']}; use 0 instead)"
        if there is not None and there["version"] > sent["version"]:
            return 412, "Item has been modified since specified version"
        self.version += 1
        if there is None:
            if path == "/items" and "itemType" not in sent:
                return 400, "'itemType' property not provided"
            key = key or f"NEWKEY{self.version:02}"
            about = {"tags": [], "relations": {}, **sent, "key": key}
            if not sent.get("parentItem") and path == "/items":
                about.setdefault("collections", [])
            there = store[key] = about
        there.update(json.loads(json.dumps(sent)), version=self.version)
        return 200, str(key)
