"""Countries in English, from affiliations, codes, and names as databases write them.

The names in `countries.csv` are Unicode CLDR's (English short names; German, Spanish, French,
Italian and Portuguese), ISO 3166-1's codes and official names, and Web of Science's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from toolkit.papers.identifiers import fold_title

_US = "United States"
#: States of the USA, whose names and codes end an address without a country.
_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana",
    "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
#: Provinces of other countries that end addresses in the same way.
_PROVINCES = {
    "ontario": "Canada", "quebec": "Canada", "british columbia": "Canada", "alberta": "Canada",
    "nova scotia": "Canada", "manitoba": "Canada", "saskatchewan": "Canada",
    "new south wales": "Australia", "queensland": "Australia", "south australia": "Australia",
    "western australia": "Australia", "tasmania": "Australia",
}  # fmt: skip
#: What tells the state of Georgia from the country.
_GEORGIA = re.compile(
    r"\b(?:atlanta|athens|augusta|savannah|emory|decatur|marietta|macon|statesboro|kennesaw"
    r"|georgia (?:institute|inst|tech|state|southern)|(?:university|univ|medical college) of"
    r" georgia|univ georgia)\b"
)
#: Web of Science puts the authors of an address before it in brackets.
_AUTHORS = re.compile(r"\[[^\[\]]*\]")
_MAIL = re.compile(
    r"(?:(?:electronic|e-?mail) address|e-?mail|correspondence)\s*(?::\s*)?[^\s@]{0,99}@\S*|"
    r"[^\s@]{1,99}@\S+",
    re.I,
)
#: `. 2Department of …`, `Sweden (A.O.)`, `Sweden. Electronic address`: what follows a country.
_TAIL = re.compile(r"\s*\([^()]*\)\s*$|\s*\b(?:electronic address|e-?mail|orcid).*$", re.I)
_ADDRESSES = re.compile(r";|\n|(?<=[a-z)])\.\s+(?=\d{0,2}\s*[A-Z(])")
_STATE_AND_CODE = re.compile(r"(?:^|.* )([A-Z]{2})(?: \d{5}(?:-\d{4})?)?")
#: Most words in the name of a country that ends an address.
_MOST_WORDS = 6
#: So many letters at the end of an address are read: the country is there.
_MOST_LETTERS = 500


def countries_of(affiliations: Iterable[str] | str | None) -> list[str]:
    """Return the countries of affiliations, in English, each once, in their order.

    Parameters
    ----------
    affiliations : str or iterable of str
        Addresses as databases write them; in one text they stand between semicolons or lines.

    Returns
    -------
    list of str
        An address whose country is not written gives none.

    Examples
    --------
    >>> countries_of("[Oak, A.] Univ Lund, Lund, Sweden; Peking Univ, Beijing, Peoples R China.")
    ['Sweden', 'China']
    >>> countries_of(["Stanford Univ, Stanford, CA 94305 USA", "MIT, Cambridge, MA 02139"])
    ['United States']
    """
    if not affiliations:
        return []
    texts = [affiliations] if isinstance(affiliations, str) else affiliations
    found: dict[str, None] = {}
    for text in texts:
        for address in _ADDRESSES.split(_MAIL.sub("", _AUTHORS.sub("", str(text)))):
            country = _country_of(address.strip())
            if country:
                found[country] = None
    return list(found)


def add_countries(records: Iterable[dict[str, Any]]) -> None:
    """Add the countries of the affiliations to records that do not say them, in place."""
    for record in records:
        places = record.get("affiliations")
        if places and not record.get("countries"):
            found = countries_of(places)
            if found:
                record["countries"] = found


@lru_cache(maxsize=20_000)
def country_name(text: str) -> str | None:
    """Return the English name of a country from its code or any of its names; None for others.

    Examples
    --------
    >>> country_name("SE"), country_name("usa"), country_name("Deutschland"), country_name("Lund")
    ('Sweden', 'United States', 'Germany', None)
    """
    text = text.strip()
    if len(text) in (2, 3) and text.isascii() and text.isupper() and text in _codes():
        return _codes()[text]
    folded = fold_title(text).removeprefix("the ")
    return _names().get(folded) or (_codes().get(text.upper()) if len(text) in (2, 3) else None)


@lru_cache(maxsize=50_000)
def _country_of(address: str) -> str | None:
    """Return the country of one address: of its last part that names one."""
    address = address[-_MOST_LETTERS:]
    for _ in range(3):
        address = _TAIL.sub("", address).strip(" .,:")
    parts = [part.strip(" .") for part in re.split(r"[,|]", address)]
    parts = [part for part in parts if part]
    for at, part in enumerate(reversed(parts)):
        country = _of_part(part, whole=address, last=at == 0)
        if country:
            return country
    return None


def _of_part(part: str, *, whole: str, last: bool) -> str | None:
    """Return the country that a part between commas is, or that the last one ends in."""
    # Postal codes: `Japan 113-8655`, `UK SW7 2AZ`, `D-10115 Berlin`.
    words = [word for word in fold_title(part).split() if not any(sign.isdigit() for sign in word)]
    state = _STATE_AND_CODE.fullmatch(part) if last else None
    if state and state[1] in _STATES:
        return _US
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        if count < len(words) and not last:
            return None
        name = " ".join(words[-count:])
        if name == "georgia" and _GEORGIA.search(fold_title(whole)):
            return _US
        country = _names().get(name) or _regions().get(name)
        if country and (len(name) > 3 or count == len(words) or part.split()[-1].isupper()):
            return country
    return _codes().get(part) if last and part.isupper() else None


@cache
def _rows() -> list[list[str]]:
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def _codes() -> dict[str, str]:
    return {code: name for two, three, name, _ in _rows() for code in (two, three)}


@cache
def _names() -> dict[str, str]:
    found = {}
    for _, _, name, others in _rows():
        for one in (name, *others.split("|")):
            found[fold_title(one).removeprefix("the ")] = name
    found.pop("", None)
    return found


@cache
def _regions() -> dict[str, str]:
    return _PROVINCES | {fold_title(name): _US for name in _STATES.values() if name}
