"""What is to change in a Zotero library: computed from its items as they are, without a network.

Only tags that begin with our own prefix, notes that carry our own tag and collections that papers
are added to are ever changed. A note ends with a line that tells its own text by a hash: what a
reader has edited is theirs, and left alone.
"""

from __future__ import annotations

import hashlib
import html
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from toolkit.formats.json.zotero import OWN, OWN_NOTE, plain_text

#: The longest tag that Zotero takes, in characters.
MOST_OF_TAG = 255
_SIGNED = re.compile(r"\n?paperscope ([0-9a-f]{8})\s*\Z")
_KEYS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


class Change(NamedTuple):
    """What is done to an item, with which value, and in place of what."""

    action: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What is wanted of one paper.

    Parameters
    ----------
    tags : dict of str to tuple of str
        The values of each kind of tag; without one, the tags of this kind go.
    note : str or None
        The text of the note; without one, it goes.
    writes_notes : bool
        Whether notes are wanted at all.
    """

    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str | None = None
    writes_notes: bool = False


class Step(NamedTuple):
    """An object to send, and the changes that it makes."""

    sent: dict[str, Any]
    changes: list[Change]


@dataclass
class Plan:
    """What is to be done to one paper; `kept` says why its note stays as it is."""

    steps: list[Step] = field(default_factory=list)
    kept: str = ""


def tag_of(kind: str, value: Any) -> str:
    """Return a tag of ours, on one line, as long as Zotero takes it.

    Examples
    --------
    >>> tag_of("topic", "Moss; wet  bogs")
    'paperscope/topic: Moss, wet bogs'
    """
    words = " ".join(str(value).replace(";", ",").split())
    tag = "".join(sign for sign in f"{OWN}{kind}: {words}" if sign.isprintable())
    return tag if len(tag) <= MOST_OF_TAG else f"{tag[: MOST_OF_TAG - 1]}…"


def plan_of(
    item: Mapping[str, Any],
    notes: Sequence[Mapping[str, Any]],
    wanted: Wanted,
    collection: str | None,
    name: str = "",
) -> Plan:
    """Return what is to change of an item.

    Parameters
    ----------
    item : object
        The item's data as the library has it now.
    notes : sequence of objects
        The data of those of its notes that carry our tag.
    wanted : Wanted
        What is wanted.
    collection : str or None
        The key of the collection that it shall be in.
    name : str
        The name of this collection.
    """
    plan = Plan()
    about: dict[str, Any] = {}
    tags = [dict(one) for one in item.get("tags") or ()]
    left, added, changes = _tags(tags, wanted.tags)
    if changes:
        about["tags"] = [*left, *({"tag": tag, "type": 1} for tag in added)]
    collections = list(item.get("collections") or ())
    if collection is not None and collection not in collections:
        about["collections"] = [*collections, collection]
        changes.append(Change("add to collection", name))
    if about:
        where = {"key": item["key"], "version": item["version"]}
        plan.steps.append(Step({**where, **about}, changes))
    if wanted.writes_notes:
        if all(_text_of_ours(note) is not None for note in notes):
            plan.steps += _notes(str(item["key"]), notes, wanted.note)
        else:
            plan.kept = "its note was edited in Zotero, and stays as it is"
    return plan


def _tags(
    tags: Sequence[Mapping[str, Any]], wanted: Mapping[str, tuple[str, ...]]
) -> tuple[list[Mapping[str, Any]], list[str], list[Change]]:
    """Return the tags that stay, those to add, and the changes."""
    left, added = list(tags), list[str]()
    changes: list[Change] = []
    for kind, values in wanted.items():
        named = list(dict.fromkeys(tag_of(kind, value) for value in values))
        ours = [str(one.get("tag")) for one in tags
                if str(one.get("tag")).startswith(f"{OWN}{kind}: ")]  # fmt: skip
        gone = [one for one in ours if one not in named]
        new = [one for one in named if one not in ours]
        left = [one for one in left if one.get("tag") not in gone]
        added += new
        # The first of the new tags stands for all that they replace.
        before = ["; ".join(gone) or None, *[None] * len(new)]
        changes += [Change("tag", tag, was) for tag, was in zip(new, before)]
        changes += [Change("remove tag", "", one) for one in gone if not new]
    return left, added, changes


def _notes(parent: str, notes: Sequence[Mapping[str, Any]], text: str | None) -> Iterator[Step]:
    """Yield the notes to send; all that are there are as we wrote them."""
    if text is not None and not notes:
        # With a key of its own and version 0, a note that arrived is not written a second time.
        key = "".join(secrets.choice(_KEYS) for _ in range(8))
        new = {"key": key, "version": 0, "itemType": "note", "parentItem": parent,
               "note": note_of(text), "tags": [{"tag": OWN_NOTE, "type": 1}]}  # fmt: skip
        yield Step(new, [Change("note", _short(text))])
    for at, note in enumerate(sorted(notes, key=lambda one: str(one["key"]))):
        before = _text_of_ours(note) or ""
        where = {"key": note["key"], "version": note["version"]}
        if text is None or at:
            yield Step({**where, "deleted": 1}, [Change("remove note", "", _short(before))])
        elif before != plain_text(_html(text)):
            changed = Change("note", _short(text), _short(before))
            yield Step({**where, "note": note_of(text)}, [changed])


def note_of(text: str) -> str:
    """Return the HTML of a note: its lines as paragraphs, and the line that tells them."""
    body = _html(text)
    return f"{body}<p>paperscope {_hash(plain_text(body))}</p>"


def _html(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def _text_of_ours(note: Mapping[str, Any]) -> str | None:
    """Return the text of a note that is as we wrote it; None for one that was edited."""
    text = plain_text(str(note.get("note") or ""))
    signed = _SIGNED.search(text)
    if signed is None:
        return None
    body = text[: signed.start()]
    return body if _hash(body) == signed[1] else None


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
