"""Reads JSON: answers and dumps of services, lists of records, JSON Lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.errors import DataError, shorten
from toolkit.formats.column_names import ALIASES
from toolkit.formats.columns import TableFormat
from toolkit.formats.json.finding import find_records, is_record
from toolkit.formats.json.parsing import Parsed, parse_json
from toolkit.formats.json.services import SERVICES, Service, read_record, service_of, unwrapped
from toolkit.formats.json.zotero_library import joined_children
from toolkit.formats.records import Records
from toolkit.papers.set_aside import reason_of

Placed = tuple[int, Mapping[str, Any]]
#: Aliases whose values are objects that are understood as they are.
_STRUCTURED = frozenset(
    [*ALIASES["authors"], *ALIASES["abstract"], *ALIASES["published"], "issued", "keywords"]
)


def read_json(text: str, *, origin: str, columns: Mapping[str, str] | None = None) -> Records:
    """Return the records of JSON Lines, a list, or the answer of a service.

    Raises
    ------
    DataError
        The text is not JSON, or holds no list of papers.
    """
    parsed = parse_json(text, origin=origin)
    records = Records("jsonl", unit=parsed.unit)
    for place, reason, words in parsed.bad:
        records.set_aside(place, reason, words)
    plain: list[Placed] = []
    order: list[int] = []
    ours = 0
    for place, value in _placed(parsed):
        if not isinstance(value, Mapping):
            reason = f"a record is not an object ({shorten(value, 40)})"
            records.set_aside(place, reason, str(value))
            continue
        value = unwrapped(value)
        service = None if columns or "paper_id" in value else service_of(value)
        if service is None:
            plain.append((place, value))
            continue
        _add(records, place, service, value)
        ours += isinstance(value.get("custom"), dict) and "paper_id" in value["custom"]
        order.append(place)
    if plain:
        _add_plain(records, plain, origin=origin, columns=columns)
        if order:
            by_place = sorted(zip(records.places, range(len(records.places))))
            records.found = [records.found[at] for _, at in by_place]
            records.places = [place for place, _ in by_place]
    elif records.found:
        named = Counter(record["source"] for record in records.found)
        records.source = named.most_common(1)[0][0]
    # What we wrote ourselves is clean: a backslash there is no command of LaTeX.
    records.clean = bool(plain) or not ours or ours < len(records.found)
    if not records.found and not records.bad:
        raise DataError("no records", source=origin, expected='objects such as {"title": …}')
    return records


def _placed(parsed: Parsed) -> Iterable[tuple[int, Any]]:
    """Yield the records in the values of a text, each with its place."""
    if parsed.unit == "line" or len(parsed.values) > 1 or parsed.salvaged:
        for place, value in zip(parsed.places, parsed.values):
            inner = [value] if is_record(value) else find_records(value)
            yield from ((place, record) for record in inner or [value])
        return
    for value in parsed.values:
        yield from joined_children(list(enumerate(find_records(value), start=1)), value)


def _add(records: Records, place: int, service: Service, value: Mapping[str, Any]) -> None:
    """Add what is read of a value, or set it aside where its shape is not the service's."""
    try:
        found = read_record(service, value)
    except (AttributeError, TypeError, KeyError, ValueError, IndexError) as error:
        records.set_aside(
            place, f"not in the form of its service ({type(error).__name__}: {error})", str(value)
        )
        return
    records.add(found, place)


def _add_plain(
    records: Records, plain: list[Placed], *, origin: str, columns: Mapping[str, str] | None
) -> None:
    """Add records with columns of their own names."""
    names = list(dict.fromkeys(str(name) for _, record in plain for name in record))
    known = TableFormat(names, origin=origin, columns=columns)
    if not known.has_title and records.found:
        for place, record in plain:
            records.set_aside(place, "a record has no title", str(record))
        return
    if not known.has_title:
        raise _no_papers(known, names)
    known.source = "jsonl"
    places = [place for place, _ in plain]
    cells = [[_plain_value(name, record.get(name)) for _, record in plain] for name in names]
    table = known.read(cells, places)
    refused = table.errors()
    for at, error in refused.items():
        records.set_aside(places[at], reason_of(error), str(plain[at][1]))
    for at, place in enumerate(places):
        if at not in refused:
            records.found.append(table.row(at))
            records.places.append(place)


def _plain_value(name: str, value: Any) -> Any:
    """Return a value that a column can hold: lists of texts stay, other objects become JSON."""
    if not isinstance(value, dict | list) or name.replace("_", " ").lower() in _STRUCTURED:
        return value
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return [str(item) for item in value if item is not None]
    return json.dumps(value, ensure_ascii=False)


def _no_papers(known: TableFormat, names: list[str]) -> DataError:
    """Return the error for JSON without titles; it names the services it comes nearest to."""
    try:
        known.require_title()
    except DataError as error:
        keys = set(names)
        near = [(len(keys & set(one.used.split())), one.name) for one in SERVICES]
        nearest = [name for shared, name in sorted(near, reverse=True)[:3] if shared > 1]
        if nearest:
            error = DataError(
                error.message,
                source=error.source,
                row=1,
                found=error.found,
                expected=f"a column called 'title' or the like; nearest: {', '.join(nearest)}",
                hint=error.hint,
            )
        return error
    raise AssertionError("a table with titles is no error")
