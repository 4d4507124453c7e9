"""Zotero's RDF: items, with their people, journals and subjects beside them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

from toolkit.formats.fields import arxiv_id, full_name, loose_date
from toolkit.formats.json.zotero import OWN_NOTE, in_extra, paths_of, plain_text
from toolkit.formats.kinds import kind_of
from toolkit.formats.xml.pieces import all_texts, first_text, inner_text
from toolkit.papers.identifiers import parse_doi

#: What stands beside items and is none.
_BESIDE = frozenset(
    ["Journal", "Memo", "Attachment", "Collection", "Series", "Proceedings",
     "ConferenceProceedings", "Website", "WebSite", "Annotation"]
)  # fmt: skip


def read_items(root: ET.Element) -> list[dict[str, Any]]:
    """Return the records of the items of a whole RDF document."""
    by_id = {about: one for one in root if (about := one.get("about"))}
    paths = _paths(root)
    found = []
    for one in root:
        if one.tag not in _BESIDE and _is_item(one):
            where = paths.get(one.get("about") or "", [])
            found.append({**_item(one, by_id), "zotero_collections": "; ".join(where)})
    return found


def _is_item(element: ET.Element) -> bool:
    kind = first_text(element, "itemType")
    return kind not in ("attachment", "note", "annotation") and (
        kind is not None or element.find("title") is not None
    )


def _item(item: ET.Element, by_id: dict[str, ET.Element]) -> dict[str, Any]:
    hosts = []
    for part in item.iterfind("isPartOf"):
        hosts += list(part)
        host = by_id.get(part.get("resource") or "")
        hosts += [host] if host is not None else []
    ids = [words for host in (item, *hosts) for words in all_texts(host, "identifier")]
    urls = [*all_texts(item, "identifier/URI/value"), *all_texts(item, "identifier/URI")]
    doi = next((doi for one in ids if (doi := parse_doi(one))), None)
    about = item.get("about") or ""
    # On one line, the ids in it could not be told from the words beside them.
    more = in_extra(item.findtext("description") or "")
    return {
        "title": first_text(item, "title", "shortTitle"),
        "abstract": first_text(item, "abstract"),
        "authors": _people(item, "authors") or _people(item, "editors", "creators", "inventors"),
        "keywords": _subjects(item),
        "published": loose_date(first_text(item, "date")),
        "venue": next((words for host in hosts if (words := first_text(host, "title"))), None)
        or first_text(item, "presentedAt/*/title", "publisher//name"),
        "kind": kind_of(first_text(item, "itemType") or item.tag),
        "doi": doi or parse_doi(about) or more.get("doi"),
        "arxiv_id": arxiv_id(*urls, about, *[one for one in ids if "arxiv" in one.lower()]),
        "url": next((one for one in (*urls, about) if one.startswith("http")), None),
        "comments": first_text(item, "description"),
        "language": first_text(item, "language"),
        "pages": first_text(item, "pages"),
        "volume": _of_hosts(item, hosts, "volume"),
        "issue": _of_hosts(item, hosts, "number"),
        "pmid": more.get("pmid"),
        "pmcid": more.get("pmcid"),
        "bibtex_key": first_text(item, "citationKey") or more.get("bibtex_key"),
        "zotero_notes": "\n\n".join(_notes(item, by_id)),
        "zotero_files": "\n".join(_files(item, by_id)),
    }


def _of_hosts(item: ET.Element, hosts: list[ET.Element], name: str) -> str | None:
    return next((words for one in (item, *hosts) if (words := first_text(one, name))), None)


def _beside(item: ET.Element, name: str, by_id: dict[str, ET.Element]) -> Iterator[ET.Element]:
    """Yield what an item refers to under a name."""
    for one in item.iterfind(name):
        other = by_id.get(one.get("resource") or "")
        if other is not None:
            yield other


def _notes(item: ET.Element, by_id: dict[str, ET.Element]) -> Iterator[str]:
    for memo in _beside(item, "isReferencedBy", by_id):
        words = plain_text(memo.findtext("value") or "")
        if words and OWN_NOTE not in _subjects(memo):
            yield words


def _files(item: ET.Element, by_id: dict[str, ET.Element]) -> Iterator[str]:
    for attachment in _beside(item, "link", by_id):
        for path in (*attachment.iterfind("path"), *attachment.iterfind("resource")):
            if place := (path.get("resource") or path.text or "").strip():
                yield place


def _paths(root: ET.Element) -> dict[str, list[str]]:
    """Return the paths of the collections of each item, by what the item is called."""
    collections = {one.get("about") or "": one for one in root if one.tag == "Collection"}
    parts = {
        name: [part.get("resource") or "" for part in one.iterfind("hasPart")]
        for name, one in collections.items()
    }
    above = {part: name for name, found in parts.items() for part in found}
    paths = paths_of(
        {
            "data": {
                "key": name,
                "name": first_text(one, "title"),
                "parentCollection": above.get(name),
            }
        }
        for name, one in collections.items()
    )
    found: dict[str, list[str]] = {}
    for name, contained in parts.items():
        for part in contained:
            if part not in collections:
                found.setdefault(part, []).append(paths[None, name].replace(";", ","))
    return found


def _people(item: ET.Element, *roles: str) -> str:
    for role in roles:
        people = [
            full_name(
                first_text(one, "givenName", "givenname", "firstName"),
                first_text(one, "surname", "family_name", "name"),
            )
            for one in item.iterfind(f"{role}//Person")
        ]
        if any(people):
            return "; ".join(filter(None, people))
    return ""


def _subjects(item: ET.Element) -> list[str]:
    found = []
    for one in item.iterfind("subject"):
        if len(one):  # Dewey and Library of Congress numbers are no keywords; automatic tags are
            found += all_texts(one, "AutomaticTag/value")
        else:
            found.append(inner_text(one) or "")
    return found
