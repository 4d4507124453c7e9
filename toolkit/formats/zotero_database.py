"""Reads Zotero's own database, `zotero.sqlite`; never writes into it.

Zotero locks its database while it runs, and what another program writes into it, the next
synchronisation may undo or refuse. So a copy is read, and `toolkit.write_zotero` writes through the
web API.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from toolkit.errors import DataError
from toolkit.formats.inputs import Input
from toolkit.formats.json.zotero_library import library_records
from toolkit.formats.records import Records
from toolkit.formats.sqlite_tables import Tables, open_tables
from toolkit.formats.unpacking import leads_out

_NEEDED = {
    "items": "itemID itemTypeID dateAdded dateModified libraryID key version",
    "itemTypes": "itemTypeID typeName",
    "itemData": "itemID fieldID valueID",
    "itemDataValues": "valueID value",
    "fields": "fieldID fieldName",
    "itemCreators": "itemID creatorID creatorTypeID orderIndex",
    "creators": "creatorID firstName lastName fieldMode",
    "creatorTypes": "creatorTypeID creatorType",
    "itemTags": "itemID tagID type",
    "tags": "tagID name",
    "itemNotes": "itemID parentItemID note",
    "itemAttachments": "itemID parentItemID linkMode path",
    "collections": "collectionID collectionName parentCollectionID libraryID key",
    "collectionItems": "collectionID itemID",
    "deletedItems": "itemID",
    "libraries": "libraryID type",
    "groups": "groupID libraryID",
    "settings": "setting key value",
}
#: Missing where nothing was ever deleted, or in older databases.
_OPTIONAL = {"deletedCollections": "collectionID", "itemAnnotations": "itemID parentItemID"}
_DATE = re.compile(r"(\d{4}-\d\d-\d\d) (.*)", re.DOTALL)
_LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url", "embedded_image")


def read_database(one: Input) -> Records:
    """Return the records of the items in a Zotero database: of My Library and of all groups.

    Raises
    ------
    DataError
        Not a database of Zotero 5 or newer, damaged, beyond bounds, or changed while it was read.
    """
    assert one.path is not None
    base = one.path.absolute().parent
    storage = base if (base / "storage").is_dir() else None
    with open_tables(one, _NEEDED | _OPTIONAL) as tables:
        _check(tables, one.name)
        items, collections = _items(tables), _collections(tables)
    records = library_records(items, collections, unit="item")
    for record in records.found if storage is not None else ():
        if record.get("zotero_files"):
            record["zotero_files"] = "\n".join(
                str(storage / line) if line.startswith("storage/") else line
                for line in record["zotero_files"].split("\n")
            )
    if not records.found and not records.bad:
        raise DataError("a Zotero library without items", source=one.name, expected="papers")
    return records


def _check(tables: Tables, name: str) -> None:
    """Raise a DataError for a database that is not Zotero's, or of a form that is not known."""
    if not {"items", "itemData", "itemDataValues"} <= tables.columns.keys():
        raise DataError(
            "an SQLite database, but not Zotero's",
            source=name,
            found=sorted(tables.columns)[:8],
            expected="zotero.sqlite, from Zotero's data folder",
            hint="A log of link checks is read by toolkit.check_links(…, log=path)",
        )
    missing = [
        f"{table}.{column}"
        for table, columns in _NEEDED.items()
        for column in columns.split()
        if column not in tables.columns.get(table, ())
    ]
    if missing:
        raise DataError(
            "a Zotero database of a form that is not known",
            source=name,
            found=f"no {', '.join(missing[:4])}",
            expected="one of Zotero 5 or newer",
            hint="Open it once in a current Zotero; or export the library as Zotero RDF",
        )


def _items(tables: Tables) -> list[dict[str, Any]]:
    """Return all items as the API gives them, children too; none of feeds or in the trash."""
    libraries = _libraries(tables)
    kinds = tables.names("itemTypes")
    gone = {key for (key,) in tables.rows("deletedItems")}
    items: dict[Any, dict[str, Any]] = {}
    for at, kind, _, _, library, key, version in sorted(tables.rows("items"), key=_first):
        if library in libraries and at not in gone:
            data = {"key": key, "version": version, "itemType": kinds.get(kind, "")}
            items[at] = {"place": at, "library": libraries[library], "data": data, "meta": {}}
    names, values = tables.names("fields"), dict(tables.rows("itemDataValues"))
    for at, field, value in tables.rows("itemData"):
        if at in items and (words := values.get(value)) is not None:
            _add_field(items[at], names.get(field, ""), words)
    _add_lists(tables, items)
    parents = [*tables.rows("itemNotes"), *(row[:2] for row in tables.rows("itemAttachments")),
               *tables.rows("itemAnnotations")]  # fmt: skip
    for at, parent, *note in parents:
        if at in items:
            if note:
                items[at]["data"]["note"] = note[0] or ""
            if parent is not None:
                above = items.get(parent)
                # With its parent in the trash, a child is there too.
                items[at]["data"].update(
                    {"parentItem": above["data"]["key"]} if above else {"deleted": 1}
                )
    for at, _, mode, path in tables.rows("itemAttachments"):
        if at in items:
            items[at]["data"]["linkMode"] = (
                _LINK_MODES[mode] if mode in range(len(_LINK_MODES)) else ""
            )
            stored = isinstance(path, str) and path.startswith("storage:")
            if isinstance(path, str) and not (stored and leads_out(path.removeprefix("storage:"))):
                items[at]["data"]["path"] = path
    return list(items.values())


def _libraries(tables: Tables) -> dict[Any, dict[str, Any]]:
    account = {key: value for setting, key, value in tables.rows("settings")
               if setting == "account"}  # fmt: skip
    try:
        user: int | None = int(account["userID"])
    except (KeyError, TypeError, ValueError):
        user = None  # never synced
    groups = {library: group for group, library in tables.rows("groups")}
    return {
        library: {"type": kind, "id": groups.get(library) if kind == "group" else user}
        for library, kind in tables.rows("libraries")
        if kind in ("user", "group")
    }


def _add_field(item: dict[str, Any], name: str, value: Any) -> None:
    words = str(value)
    if name == "date" and (parts := _DATE.fullmatch(words)):
        # Zotero keeps a date as it reads it, 00 for what is not said, and as it was written.
        item["meta"]["parsedDate"], words = parts[1], parts[2]
    if name and name not in item["data"]:
        item["data"][name] = words


def _add_lists(tables: Tables, items: dict[Any, dict[str, Any]]) -> None:
    """Add people, tags and collections to items."""
    people = {key: rest for key, *rest in tables.rows("creators")}
    roles = tables.names("creatorTypes")
    rows = sorted(tables.rows("itemCreators"), key=lambda row: (str(row[0]), _order(row[3])))
    for at, person, role, _ in rows:
        if at in items and person in people:
            given, family, mode = people[person]
            name = {"name": family} if mode == 1 else {"firstName": given, "lastName": family}
            items[at]["data"].setdefault("creators", []).append(
                {"creatorType": roles.get(role, "author"), **name}
            )
    tags = tables.names("tags")
    for at, tag, kind in sorted(tables.rows("itemTags"), key=lambda row: tags.get(row[1], "")):
        if at in items and tag in tags:
            items[at]["data"].setdefault("tags", []).append({"tag": tags[tag], "type": kind})
    keys = {row[0]: row[4] for row in tables.rows("collections")}
    gone = {key for (key,) in tables.rows("deletedCollections")}
    of_item: dict[Any, list[Any]] = defaultdict(list)
    for collection, at in tables.rows("collectionItems"):
        if collection in keys and collection not in gone:
            of_item[at].append(keys[collection])
    for at in of_item.keys() & items.keys():
        items[at]["data"]["collections"] = of_item[at]


def _collections(tables: Tables) -> list[dict[str, Any]]:
    libraries = _libraries(tables)
    rows = tables.rows("collections")
    keys = {row[0]: row[4] for row in rows}
    return [
        {
            "library": libraries[library],
            "data": {"key": key, "name": name, "parentCollection": keys.get(parent)},
        }
        for _, name, parent, library, key in rows
        if library in libraries
    ]


def _first(row: tuple[Any, ...]) -> int:
    return _order(row[0])


def _order(value: Any) -> int:
    return value if isinstance(value, int) else 0
