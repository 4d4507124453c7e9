"""Values as exports and services write them (names, dates, counts, ids) for the papers table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.formats.authors import first_name_first
from toolkit.formats.dates import iso_date
from toolkit.papers.identifiers import parse_arxiv_id

#: What PubMed writes where it has no English title; the paper's own is in another field.
NO_TITLE = "Not Available"
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_RANGE = re.compile(r"\s*[-–/]\s*")
_ZERO_PARTS = re.compile(r"^(\d{4})-00(?:-00)?$|^(\d{4}-\d\d)-00$")
_UNTIL = re.compile(r"(?<=[A-Za-z\d])\.?\s*[-–/]\s*(?=[A-Za-z]|\d{1,2}$)")  # 2019 Nov-Dec
_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d)[T ].*$", re.DOTALL)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ID = re.compile(r"(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?")


def full_name(given: Any, family: Any, suffix: Any = None) -> str:
    """Return a name, given name first; parts that are no text are left out.

    Examples
    --------
    >>> full_name("Anna", "Oak"), full_name(None, "The Oak Group")
    ('Anna Oak', 'The Oak Group')
    """
    parts = [part.strip() for part in (given, family, suffix) if isinstance(part, str)]
    return " ".join(filter(None, parts))


def names(values: Iterable[Any]) -> str:
    """Return a list of names as the papers table has it; ``Oak, Anna`` is turned round.

    Examples
    --------
    >>> names(["Oak, Anna", "Bo Elm", None, ""])
    'Anna Oak; Bo Elm'
    """
    found = (value.replace(";", ",").strip() for value in values if isinstance(value, str))
    return "; ".join(first_name_first(name) if "," in name else name for name in found if name)


def text(value: Any) -> str | None:
    """Return a text, or the first text of a list or of an object's values; None without any.

    Examples
    --------
    >>> text(["", "Oaks"]), text({"value": "Elms"}), text(3) is None
    ('Oaks', 'Elms', True)
    """
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        keys = ("value", "title", "name", "text", "content", "$", "#text", "en", "display_name")
        value = [value.get(key) for key in keys]
    if isinstance(value, list):
        return next((found for item in value if (found := text(item))), None)
    return None


def texts(value: Any) -> list[str]:
    """Return every text of a list, each once, or of one value; without empty ones.

    Examples
    --------
    >>> texts(["oak", {"name": "elm"}, None, "oak"]), texts("fir")
    (['oak', 'elm'], ['fir'])
    """
    items = value if isinstance(value, list | tuple) else [value]
    return list(dict.fromkeys(found for item in items if (found := text(item))))


def loose_date(value: Any) -> str | None:
    """Return a date in ISO 8601 as precise as it can be read; None where no year is found.

    Examples
    --------
    >>> loose_date("2024-01-00"), loose_date("2024-01-03T05:06:07Z"), loose_date("Spring, 1998")
    ('2024-01', '2024-01-03', '1998')
    >>> loose_date(2019), loose_date("soon") is None
    ('2019', True)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if value == value and 1000 <= value <= 9999 else None
    if not isinstance(value, str) or not value.strip():
        return None
    zero = _ZERO_PARTS.match(value.strip())
    if zero:
        return zero[1] or loose_date(zero[2])
    plain = _STAMP.sub(r"\1", value.strip())
    found = iso_date(plain) or iso_date(_UNTIL.split(plain)[0])
    if found is None or not _YEAR.match(found):
        year = _YEAR.search(plain)
        return year[1] if year else None
    return found


def date_of(year: Any, month: Any = None, day: Any = None) -> str | None:
    """Return the date of separate parts; a month or day that is none is left out.

    Examples
    --------
    >>> date_of("2021", "Mar", "05"), date_of(2021, 13, 1), date_of("2021", "Mar-Apr")
    ('2021-03-05', '2021', '2021-03')
    """
    parts = [str(part).strip() for part in (year, month, day) if part not in (None, "")]
    if not parts or not _YEAR.fullmatch(parts[0]):
        return loose_date(parts[0]) if parts else None
    if len(parts) > 1:
        parts[1] = _RANGE.split(parts[1])[0]  # Mar-Apr
    for length in (3, 2):
        if len(parts) >= length:
            numbers = "-".join(part.zfill(2) for part in parts[:length])
            found = iso_date(" ".join(parts[:length])) or iso_date(numbers)
            if found and len(found) > 4:
                return found
    return parts[0]


def date_parts(value: Any) -> str | None:
    """Return the date in Crossref's and CSL's ``{"date-parts": [[2024, 1, 3]]}``, or of a text."""
    if not isinstance(value, Mapping):
        return loose_date(value)
    dates = value.get("date-parts")
    parts = dates[0] if isinstance(dates, list) and dates else None
    if isinstance(parts, list) and parts and parts[0]:
        return date_of(*parts[:3])
    return loose_date(value.get("raw") or value.get("literal") or value.get("date-time"))


def count(value: Any) -> int | None:
    """Return a number of citations or votes; None where it is none.

    Examples
    --------
    >>> count("12"), count(3.0), count("many") is None, count(True) is None
    (12, 3, True, True)
    """
    if isinstance(value, bool):
        return None
    try:
        number = int(float(str(value).replace(",", "")))
    except (ValueError, OverflowError):
        return None
    return number if number >= 0 else None


def arxiv_id(*values: Any) -> str | None:
    """Return the first arXiv id in ids, DOIs and addresses; None without any.

    Examples
    --------
    >>> arxiv_id(None, "10.48550/arXiv.2401.01234"), arxiv_id("2401.01234v2")
    ('2401.01234', '2401.01234')
    """
    for value in values:
        for one in texts(value):
            doi = _ARXIV_DOI.search(one)
            found = parse_arxiv_id(doi[1] if doi else one)
            if found:
                return found
    return None


def is_arxiv_id(value: Any) -> bool:
    """Return whether a text is an arXiv id and nothing else."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def inverted_index(index: Any) -> str | None:
    """Return the abstract that OpenAlex gives as an index from words to their positions.

    Examples
    --------
    >>> inverted_index({"count.": [1], "We": [0]})
    'We count.'
    """
    if not isinstance(index, Mapping):
        return None
    if isinstance(index.get("InvertedIndex"), Mapping):  # Microsoft Academic Graph's form
        index = index["InvertedIndex"]
    try:
        placed = sorted((place, word) for word, places in index.items() for place in places)
    except TypeError:
        return None
    return " ".join(word for _, word in placed) or None
