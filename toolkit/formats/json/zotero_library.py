"""The items of a Zotero library, from its API or its database, into records of papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.formats.json.openalex import Json
from toolkit.formats.json.services import read_zotero
from toolkit.formats.json.zotero import OWN_COLUMNS, grouped, items_in, paths_of
from toolkit.formats.records import Records


def library_records(items: Iterable[Json], collections: Iterable[Json], *, unit: str) -> Records:
    """Return the records of items and their children.

    Parameters
    ----------
    items : iterable of objects
        As the API gives them; `place`, where an item has it, is its number in messages.
    collections : iterable of objects
        The collections of their libraries, all of them.
    unit : str
        What the places count.
    """
    papers, files = grouped(items, paths_of(collections))
    records = Records("zotero", unit=unit)
    for number, item in enumerate(papers, start=1):
        place = item.get("place", number)
        try:
            records.add(read_zotero(item), place)
        except (AttributeError, TypeError, KeyError, ValueError, IndexError) as error:
            reason = f"not in the form of Zotero ({type(error).__name__}: {error})"
            records.set_aside(place, reason, str(item))
    if records.found:
        # The columns are there also where no item has a file or a note.
        records.found[0] = dict.fromkeys(OWN_COLUMNS) | records.found[0]
    for number, item in enumerate(files, start=len(papers) + 1):
        about: Any = item["data"]
        title = str(about.get("title") or about.get("path") or "")
        reason = "a file without the paper that it belongs to"
        records.set_aside(item.get("place", number), reason, title)
    return records


def joined_children(found: list[tuple[int, Any]], whole: Any) -> list[tuple[int, Any]]:
    """Return placed records in which those of Zotero have their notes, files and collections.

    Parameters
    ----------
    found : list of (int, object)
        The records of a JSON text, with their places.
    whole : object
        All of the text: Better BibTeX's JSON has the collections beside the items.
    """
    items: list[dict[str, Any]] = [
        {"place": place, **(one if isinstance(one.get("data"), Mapping) else {"data": one})}
        for place, one in found
        if _is_item(one)
    ]
    if not items or len(items) < len(found):
        return found
    paths, of_item = _collections_beside(whole)
    for one in items:
        if keys := of_item.get(str(one["data"].get("itemID"))):
            one["data"] = {**one["data"], "collections": keys}
    papers, files = grouped(items, paths)
    # Without a title, a file alone is set aside and told of.
    files = [{"place": one["place"], "data": {"itemType": "attachment"}} for one in files]
    return sorted(((one["place"], one) for one in [*papers, *files]), key=lambda pair: pair[0])


def _is_item(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    inner = value.get("data")
    return "itemType" in (inner if isinstance(inner, Mapping) else value)


def _collections_beside(whole: Any) -> tuple[dict[Any, str], dict[str, list[str]]]:
    """Return the paths of the collections in Better BibTeX's JSON, and those of each item."""
    given = whole.get("collections") if isinstance(whole, Mapping) else None
    known = {
        key: one
        for key, one in (given.items() if isinstance(given, Mapping) else ())
        if isinstance(one, Mapping) and one.get("name")
    }
    of_item: dict[str, list[str]] = defaultdict(list)
    for key, one in known.items():
        for at in items_in(one.get("items")):
            of_item[str(at)].append(key)
    listed = [
        {"data": {"key": key, "name": one["name"], "parentCollection": one.get("parent")}}
        for key, one in known.items()
    ]
    return paths_of(listed), of_item
