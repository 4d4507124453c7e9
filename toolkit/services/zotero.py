"""Zotero's web API, version 3 (https://www.zotero.org/support/dev/web_api/v3/start): reading.

pyzotero (1.16) is not used: it follows redirects anywhere, its time-outs are for each read alone,
it repeats nothing but 429, its errors hold the whole answer, and `update_items` returns True where
items failed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from toolkit.errors import DataError, SourceError, warn_user
from toolkit.formats.json.zotero import paths_of
from toolkit.formats.json.zotero_library import library_records
from toolkit.services.client import Service
from toolkit.services.connections import Answer
from toolkit.services.sources import Asked, Page, Source, parse_answer
from toolkit.services.statuses import Again, NotThere

Items = list[dict[str, Any]]
TITLE = "Zotero"
#: The most objects of an answer, and of one request that writes or names keys.
PAGE, BATCH = 100, 50
#: The version of the API.
VERSION = {"v": "3"}
_LIBRARY = re.compile(r"\s*/?(users|groups)/(\d+|me)(?:/(?:collections/)?(.*))?", re.DOTALL)
_NEWEST = {"sort": "dateAdded", "direction": "desc"}
_FOREVER = dt.timedelta(days=365)


class Library(NamedTuple):
    """A library, as the addresses of the API name it: ``users/123``, and perhaps a collection."""

    path: str
    collection: str | None = None


def parse_library(text: str, argument: str) -> Library:
    """Return the library and collection in a text; a DataError tells what it should be.

    Examples
    --------
    >>> parse_library("users/123", "query"), parse_library("groups/9/Plants/Moss", "query")
    (Library(path='users/123', collection=None), Library(path='groups/9', collection='Plants/Moss'))
    """
    match = _LIBRARY.fullmatch(text) if isinstance(text, str) else None
    if match is None or (match[1] == "groups" and match[2] == "me"):
        raise DataError(
            "not a Zotero library",
            argument=argument,
            found=text,
            expected="'users/123', 'groups/456' or, with a key, 'users/me'; a collection of it as "
            "'users/123/Reading'",
            hint="Your number is at https://www.zotero.org/settings/keys, a group's in its address",
        )
    collection = (match[3] or "").strip().strip("/")
    return Library(f"{match[1]}/{match[2]}", collection or None)


def resolved(service: Service, library: Library) -> Library:
    """Return a library with a number in place of ``me``, whom the key tells."""
    if not library.path.endswith("/me"):
        return library
    found = service.ask("/keys/current", VERSION, check=_object)
    return Library(f"users/{found.get('userID')}", library.collection)


def version_of(service: Service, library: Library) -> int:
    """Return the version of a library, which every change of it raises.

    Raises
    ------
    DataError
        There is no such library.
    """
    try:
        params = {**VERSION, "limit": "1", "format": "versions"}
        version: int = service.ask(f"/{library.path}/items", params, check=last_version)
    except NotThere:
        raise DataError(
            "Zotero has no such library",
            argument="library",
            found=library.path,
            hint="Your number (not your name) is at https://www.zotero.org/settings/keys",
        ) from None
    return version


def last_version(answer: Answer) -> int:
    """Return the version of the library that an answer tells."""
    told = answer.headers.get("Last-Modified-Version", "")
    if not told.isdigit():
        raise Again("the answer does not tell the version of the library")
    return int(told)


def all_pages(
    service: Service,
    path: str,
    params: Mapping[str, str],
    *,
    edition: str = "",
    size: int = PAGE,
) -> Iterator[Items]:
    """Yield the objects of a list page by page, of an edition from the cache too."""
    start = 0
    while True:
        asked = {**VERSION, **params, "limit": str(size), "start": str(start)}
        try:
            if edition:
                found = service.get(path, asked, check=_objects, max_age=_FOREVER, edition=edition)
            else:
                found = service.ask(path, asked, check=lambda answer: _objects(answer.text))
        except NotThere:
            raise SourceError(f"{service.name} no longer has {path}. Repeat the call") from None
        if not found:  # a page in between may lack items that were deleted just now
            return
        yield found
        start += size


def items_of(service: Service, library: Library, keys: Sequence[str]) -> dict[str, Any]:
    """Return the data of at most `BATCH` items by their keys, those in the trash too."""
    params = {**VERSION, "itemKey": ",".join(keys), "includeTrashed": "1", "limit": str(PAGE)}
    found: Items = service.ask(
        f"/{library.path}/items", params, check=lambda answer: _objects(answer.text)
    )
    return {one["data"]["key"]: one["data"] for one in found}


def collections_of(service: Service, library: Library, *, edition: str = "") -> Items:
    """Return all collections of a library."""
    path = f"/{library.path}/collections"
    return [one for page in all_pages(service, path, {}, edition=edition) for one in page]


def find_collection(collections: Sequence[Mapping[str, Any]], name: str) -> str | None:
    """Return the key of a collection, by its key, name or path; None where there is none.

    Raises
    ------
    DataError
        Several collections have the name.
    """
    paths = {key: path for (_, key), path in paths_of(collections).items()}
    for found in (
        [key for key in paths if key == name],
        [key for key, path in paths.items() if path == name],
        [one["data"]["key"] for one in collections if one["data"].get("name") == name],
    ):
        if len(found) == 1:
            return str(found[0])
        if found:
            raise DataError(
                f"{len(found)} collections have this name",
                argument="collection",
                found=name,
                expected=" or ".join(f"{paths[key]!r} ({key})" for key in sorted(found)[:5]),
                hint="Give the path, or the key in brackets",
            )
    return None


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the papers of a library or collection, the newest in Zotero first."""
    library = resolved(service, parse_library(asked.query or "", "query"))
    version = version_of(service, library)
    edition = f"version {version}"
    collections = collections_of(service, library, edition=edition)
    where = f"/{library.path}"
    if library.collection is not None:
        key = find_collection(collections, library.collection)
        if key is None:
            raise no_collection(collections, library.collection, "query")
        where += f"/collections/{key}"
    papers = {"itemType": "-attachment || note", **_NEWEST}
    total = _count(service, f"{where}/items/top", papers)
    children = _children(service, where, min(total, asked.limit), edition)
    size = min(PAGE, asked.limit)
    pages = all_pages(service, f"{where}/items/top", papers, edition=edition, size=size)
    for page in pages:
        records = library_records([*page, *children(page)], collections, unit="record")
        if asked.since or asked.until:
            keep = [at for at, one in enumerate(records.found) if _in_span(one, asked)]
            records.found = [records.found[at] for at in keep]
            records.places = [records.places[at] for at in keep]
        yield Page(records, total)
    if version_of(service, library) != version:
        warn_user(f"{TITLE}: the library changed while it was read; repeat the call to have all")


def _search_here(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the papers of the Zotero that runs on this machine."""
    try:
        yield from _search(service, asked)
    except SourceError as error:
        if "cannot be reached" not in str(error):
            raise
        raise SourceError(
            f"{service.name} cannot be reached. Start it, and allow other applications to "
            "communicate with it (Settings, Advanced); or load its database: "
            'toolkit.load("~/Zotero/zotero.sqlite")'
        ) from None


def no_collection(collections: Sequence[Mapping[str, Any]], name: str, argument: str) -> DataError:
    """Return the error for a collection that is not there."""
    paths = sorted(paths_of(collections).values())
    return DataError(
        "the library has no such collection",
        argument=argument,
        found=name,
        expected=f"one of {', '.join(map(repr, paths[:8]))}{' …' if len(paths) > 8 else ''}"
        if paths
        else None,
        hint=None if paths else "It has no collections at all",
    )


def _in_span(record: Mapping[str, Any], asked: Asked) -> bool:
    """Return whether a paper may be of a span, as far as its date tells."""
    said = str(record.get("published") or "")[:10]
    first, last = str(asked.since or "")[: len(said)], str(asked.until or "9")[: len(said)]
    return bool(said) and first <= said <= last


def _count(service: Service, path: str, params: Mapping[str, str]) -> int:
    """Return how many objects a list has."""

    def total(answer: Answer) -> int:
        told = answer.headers.get("Total-Results", "")
        if not told.isdigit():
            raise Again("the answer does not tell how many there are")
        return int(told)

    params = {**VERSION, **params, "limit": "1", "format": "versions"}
    return int(service.ask(path, params, check=total))


def _children(
    service: Service, where: str, papers: int, edition: str
) -> Callable[[Items], Iterator[dict[str, Any]]]:
    """Return what gives the notes and files of a page of papers.

    All of the library are asked for at once, but where those of each paper need fewer requests.
    """
    kinds = {"itemType": "note || attachment", **_NEWEST}
    path = f"{where}/items"
    if _count(service, path, kinds) <= PAGE * papers:
        pages = all_pages(service, path, kinds, edition=edition)
        # What has no parent comes with the papers, if it is wanted at all.
        found = [one for page in pages for one in page if one["data"].get("parentItem")]
        return lambda page: iter(found)
    home = "/".join(where.split("/")[:3])

    def of_page(page: Items) -> Iterator[dict[str, Any]]:
        for paper in page:
            told = (paper.get("meta") or {}).get("numChildren")
            left = told if isinstance(told, int) else 0
            path = f"{home}/items/{paper['data']['key']}/children"
            pages = all_pages(service, path, {}, edition=edition)
            while left > 0 and (some := next(pages, None)):
                yield from some
                left -= len(some)

    return of_page


def _objects(text: str) -> Items:
    """Return the objects of an answer, each with its data."""
    found = parse_answer(text)
    if not isinstance(found, list) or not all(map(_is_object, found)):
        raise Again("the answer is not a list of Zotero's objects")
    return found


def _is_object(value: Any) -> bool:
    about = value.get("data") if isinstance(value, dict) else None
    return (
        isinstance(about, dict)
        and isinstance(about.get("key"), str)
        and isinstance(about.get("version"), int)
    )


def _object(answer: Answer) -> dict[str, Any]:
    found = parse_answer(answer.text)
    if not isinstance(found, dict):
        raise Again("the answer is not an object")
    return found


SOURCE = Source(
    name="zotero",
    title=TITLE,
    source="zotero",
    base_url="https://api.zotero.org",
    variable="PAPERSCOPE_ZOTERO_URL",
    pause=0.1,
    search=_search,
    page=PAGE,
    key_variables=("ZOTERO_API_KEY",),
    send_key=lambda key: ({"Zotero-API-Key": key}, {}),
    get_key="made at https://www.zotero.org/settings/keys",
    cost=lambda *_: "those for collections, notes and files come on top",
    language="'users/123', 'groups/456' or, with a key, 'users/me'; a collection of it as "
    "'users/123/Reading'",
)
#: The API that a running Zotero has on this machine. It is asked only by its own name, and no key
#: is sent to it.
LOCAL = replace(
    SOURCE,
    name="zotero-local",
    title="Zotero on this machine",
    base_url="http://localhost:23119/api",
    variable="PAPERSCOPE_ZOTERO_LOCAL_URL",
    search=_search_here,
    key_variables=(),
    send_key=None,
)
