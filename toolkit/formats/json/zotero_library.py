"""The items of a Zotero library, from its API or its database, into records of papers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolkit.formats.json.openalex import Json
from toolkit.formats.json.services import read_zotero
from toolkit.formats.json.zotero import OWN_COLUMNS, grouped, paths_of
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
