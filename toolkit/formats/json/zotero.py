"""Zotero's items, as its API, its exports in JSON and its database have them, into records.

Notes and attachments are items of their own in Zotero, with the key of the item they belong to;
here they become columns of its row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from toolkit.formats.fields import arxiv_id, full_name, loose_date, names, text, texts
from toolkit.formats.json.openalex import Json, mappings
from toolkit.formats.kinds import kind_of
from toolkit.papers.identifiers import parse_doi
from toolkit.text.cleaning import clean_text

#: What stands before every tag that the toolkit writes into a library; such tags are no keywords.
OWN = "paperscope/"
#: The tag of the notes that the toolkit writes.
OWN_NOTE = f"{OWN}note"
OWN_COLUMNS = (
    "zotero_key", "zotero_version", "zotero_library", "zotero_collections", "zotero_notes",
    "zotero_files",
)  # fmt: skip
#: Items that belong to others, or to none, and are no papers.
CHILDREN = frozenset(("note", "attachment", "annotation"))
_OWN_TAG = re.compile(rf"(?:^|; ){re.escape(OWN)}[^;]*")
_VENUES = (
    "publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "university",
    "institution", "repository", "publisher", "websiteTitle",
)  # fmt: skip
#: Lines of the field Extra by which Zotero and its users keep what has no field of its own.
_IN_EXTRA = {
    "pmid": re.compile(r"^PMID:[ \t]*(\d{1,9})[ \t]*$", re.MULTILINE | re.IGNORECASE),
    "pmcid": re.compile(r"^PMCID:[ \t]*(PMC\d{1,9})[ \t]*$", re.MULTILINE | re.IGNORECASE),
    "doi": re.compile(r"^DOI:[ \t]*(\S.*)$", re.MULTILINE | re.IGNORECASE),
    "bibtex_key": re.compile(r"^Citation Key:[ \t]*(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE),
}
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_URI = re.compile(r"zotero\.org/(?:(users|groups)/(\d+)|users/local/\w+)/items/([A-Z0-9]{8})\b")
#: Columns of Zotero's CSV, and what they are here.
_CSV = {"Key": "zotero_key", "File Attachments": "zotero_files", "Notes": "zotero_notes"}


def from_zotero(item: Json) -> dict[str, Any]:
    """Return the record of an item of Zotero's API, of its exports in JSON or of its database.

    Own columns: `zotero_key`, `zotero_version` and `zotero_library` ("users/1") say which item it
    is; `zotero_collections` has the paths of its collections, `zotero_notes` the text of its
    notes with empty lines between them, `zotero_files` its files, one a line.
    """
    inner = item.get("data")
    about: Json = inner if isinstance(inner, dict) else item
    people = mappings(about.get("creators"))
    authors = [one for one in people if one.get("creatorType", "author") == "author"] or people
    extra = text(about.get("extra")) or ""
    more = in_extra(extra)
    numbers = [
        part for part in (text(about.get("archiveID")), text(about.get("reportNumber"))) if part
    ]
    url = text(about.get("url"))
    on_arxiv = url if url and "arxiv.org" in url else None
    written, parsed = about.get("date"), (item.get("meta") or {}).get("parsedDate")
    address = of_uri(text(about.get("uri")))
    library = item.get("library") or {}
    return {
        "title": text(about.get("title")) or text(about.get("caseName")) or text(
            about.get("nameOfAct")) or text(about.get("subject")),
        "abstract": text(about.get("abstractNote")),
        "authors": names(
            full_name(one.get("firstName"), one.get("lastName")) or one.get("name")
            for one in authors
        ),
        "editors": names(
            full_name(one.get("firstName"), one.get("lastName")) or one.get("name")
            for one in people if one.get("creatorType") == "editor" and one not in authors
        ),
        "keywords": texts([
            one.get("tag") if isinstance(one, dict) else one for one in items_in(about.get("tags"))
        ]),
        "published": loose_date(parsed) or loose_date(written),
        "venue": next((found for key in _VENUES if (found := text(about.get(key)))), None),
        "kind": kind_of(about.get("itemType")),
        "doi": text(about.get("DOI")) or more.get("doi") or parse_doi(extra),
        "arxiv_id": arxiv_id(*numbers, on_arxiv, extra),
        "url": url,
        "comments": extra,
        "bibtex_key": text(about.get("citationKey")) or more.get("bibtex_key"),
        "pmid": text(about.get("PMID")) or more.get("pmid"),
        "pmcid": text(about.get("PMCID")) or more.get("pmcid"),
        "pages": text(about.get("pages")),
        "zotero_key": (
            text(about.get("key")) or text(about.get("itemKey")) or text(item.get("key"))
            or address.get("zotero_key")
        ),
        "zotero_version": _whole(about.get("version")),
        "zotero_library": _library(library) or address.get("zotero_library"),
        "zotero_collections": "; ".join(
            one.replace(";", ",") for one in item.get("collection_paths") or ()
        ),
        "zotero_notes": "\n\n".join(filter(None, map(_note, items_in(about.get("notes"))))),
        "zotero_files": "\n".join(filter(None, map(_file, items_in(about.get("attachments"))))),
    }  # fmt: skip


def in_extra(extra: str) -> dict[str, str]:
    r"""Return the ids in the field Extra: doi, pmid, pmcid and bibtex_key.

    Examples
    --------
    >>> in_extra("PMID: 31452104\nread twice\nCitation Key: oak2018")
    {'pmid': '31452104', 'bibtex_key': 'oak2018'}
    """
    found = {name: line.search(extra) for name, line in _IN_EXTRA.items()}
    values = {name: match[1] for name, match in found.items() if match}
    doi = parse_doi(values.pop("doi", ""))
    return values | ({"doi": doi} if doi else {})


def of_uri(uri: str | None) -> dict[str, str]:
    """Return the columns that an item's address tells.

    Examples
    --------
    >>> of_uri("http://zotero.org/users/1/items/ABCD2345")
    {'zotero_key': 'ABCD2345', 'zotero_library': 'users/1'}
    """
    match = _URI.search(uri or "")
    if match is None:
        return {}
    library = {"zotero_library": f"{match[1]}/{match[2]}"} if match[1] else {}
    return {"zotero_key": match[3], **library}


def of_csv(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of Zotero's CSV with the columns that its other formats have."""
    if not {"Key", "source"} <= set(rows) or not (rows["source"] == "zotero").all():
        return rows
    rows = rows.copy()
    extra = [one if isinstance(one, str) else "" for one in rows.get("Extra", [""] * len(rows))]
    ids = [{"arxiv_id": arxiv_id(one), **in_extra(one)} for one in extra]
    for name in dict.fromkeys(name for one in ids for name in one):
        values = pd.Series([one.get(name) for one in ids], index=rows.index, dtype=object)
        rows[name] = rows[name].astype(object).fillna(values) if name in rows else values
    if "Notes" in rows:
        rows["Notes"] = [plain_text(one) if isinstance(one, str) else None for one in rows["Notes"]]
    comments = {} if "comments" in rows else {"Extra": "comments"}
    return rows.rename(columns=_CSV | comments)


def grouped(items: Iterable[Json], paths: Mapping[Any, str]) -> tuple[list[Json], list[Json]]:
    """Return the items that are papers, with their notes and files, and the files without papers.

    Parameters
    ----------
    items : iterable of objects
        As the API gives them: each with `data`, children among them, in any order.
    paths : mapping
        The path of each collection by its library and key.

    Returns
    -------
    papers, files : list of objects
        Items in the trash, notes alone, and notes that the toolkit wrote are in neither.
    """
    papers: list[Any] = []
    children: dict[tuple[Any, str], list[Json]] = defaultdict(list)
    files: list[Json] = []
    for item in items:
        about, library = item["data"], _library(item.get("library") or {})
        if about.get("deleted"):
            continue
        if str(about.get("itemType")) not in CHILDREN:
            where = [paths.get((library, str(key))) for key in items_in(about.get("collections"))]
            papers.append({**item, "collection_paths": [path for path in where if path]})
        elif about.get("parentItem"):
            children[library, str(about["parentItem"])].append(about)
        elif about["itemType"] == "attachment":
            files.append(item)
    for paper in papers:
        about = paper["data"]
        own = children.get((_library(paper.get("library") or {}), str(about.get("key"))), [])
        notes = [one for one in own if one["itemType"] == "note" and not is_own_note(one)]
        attached = [one for one in own if one["itemType"] == "attachment"]
        paper["data"] = {
            **about,
            # Better BibTeX's JSON has them within the item.
            "notes": [*items_in(about.get("notes")), *notes],
            "attachments": [*items_in(about.get("attachments")), *attached],
        }
    return papers, files


def paths_of(collections: Iterable[Json]) -> dict[Any, str]:
    """Return the path (``Parent/Child``) of each collection by its library and key."""
    given = {(_library(one.get("library") or {}), str(one["data"].get("key"))): one["data"]
             for one in collections}  # fmt: skip
    found = {}
    for library, key in given:
        parts: list[str] = []
        above = key
        # A damaged library may have a circle of parents.
        while (about := given.get((library, above))) and len(parts) < 100:
            parts.insert(0, str(about.get("name")))
            above = str(about.get("parentCollection"))
        found[library, key] = "/".join(parts)
    return found


def is_own_note(about: Json) -> bool:
    """Return whether a note is one that the toolkit wrote."""
    tags = items_in(about.get("tags"))
    return any(isinstance(tag, Mapping) and tag.get("tag") == OWN_NOTE for tag in tags)


def without_own_tags(papers: pd.DataFrame) -> pd.DataFrame:
    """Return a papers table whose keywords are without the tags that the toolkit wrote.

    Exports of a library have them too; a topic must not become a keyword of its papers.
    """
    keywords = papers["keywords"]
    ours = keywords.str.contains(OWN, regex=False).fillna(False).astype(bool)
    if not ours.any():
        return papers
    left = keywords[ours].str.replace(_OWN_TAG, "", regex=True).str.removeprefix("; ")
    keywords = keywords.copy()
    keywords[ours] = left.mask(left == "")
    return papers.assign(keywords=keywords)


def plain_text(note: str) -> str:
    r"""Return the text of a note, which is HTML; its paragraphs are lines.

    Examples
    --------
    >>> plain_text("<p>Good &amp; <b>short</b></p><p>x &lt; 3</p>")
    'Good & short\nx < 3'
    """
    lines = _BREAKS.sub("\n", note).split("\n")
    return "\n".join(filter(None, map(clean_text, lines)))


def _note(note: Any) -> str:
    # A note of Better BibTeX's JSON may be its text alone.
    words = note.get("note") if isinstance(note, Mapping) else note
    return plain_text(words) if isinstance(words, str) else ""


def _file(about: Any) -> str | None:
    """Return the path of an attachment; one that Zotero keeps is below its data folder."""
    if not isinstance(about, Mapping) or about.get("linkMode") in ("linked_url", 3):
        return None
    path = text(about.get("path")) or text(about.get("localPath"))
    name = text(about.get("filename")) or (
        path.removeprefix("storage:") if path and path.startswith("storage:") else None
    )
    if name and about.get("key") and (not path or path.startswith("storage:")):
        return f"storage/{about['key']}/{name}".replace("\n", " ")
    return path.replace("\n", " ") if path else None


def _library(library: Any) -> str | None:
    """Return a library as the addresses of the API name it."""
    if not isinstance(library, Mapping):
        return None
    kind, number = library.get("type"), library.get("id")
    return f"{kind}s/{number}" if kind in ("user", "group") and number is not None else None


def items_in(value: Any) -> list[Any]:
    """Return a list as it is, and nothing for what is none."""
    return value if isinstance(value, list) else []


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
