"""Converts dates, as exports write them, to ISO 8601 of the same precision."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january ene enero janv janvier januar gennaio gen janeiro",
         "feb february febrero févr février februar febbraio fevereiro fev",
         "mar march marzo mars märz mär março", "apr april abr abril avr avril aprile",
         "may mayo mai maggio mag maio", "jun june junio juin juni giugno giu junho",
         "jul july julio juil juillet juli luglio lug julho",
         "aug august ago agosto août", "sep sept september septiembre septembre settembre set "
         "setembro", "oct october octubre octobre oktober okt ottobre ott outubro out",
         "nov november noviembre novembre novembro", "dec december dic diciembre déc décembre "
         "dezember dez dicembre dezembro"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:1[6-9]|2[01])\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TO = rf"(?:\s*[-–—/]\s*\d{{1,2}})?"  # noqa: F541
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_TO}\s+{_MONTH}(?:\s*[-–]\s*\d{{1,2}}\s+[a-z]+)?,?\s+{_YEAR}",  # 18-21 March 2013
        rf"{_MONTH}\s+{_DAY}{_TO},?\s+{_YEAR}",  # March 18, 2013
        rf"{_YEAR}[\s,-]+{_MONTH}[\s-]+{_DAY}",  # 2013 Mar 18
        rf"{_DAY}-{_MONTH}-{_YEAR}",  # 18-MAR-2013
        rf"{_MONTH}(?:\s*[-–/]\s*[a-z]+)?,?[\s-]*{_YEAR}",  # March-April 2013
        rf"{_YEAR}[\s,/-]+{_MONTH}(?:\s*[-–/]\s*[a-z]+\.?(?:\s+\d{{4}})?)?",  # 2013 Mar-Apr
        rf"{_YEAR}年\s*(?P<month>\d{{1,2}})月(?:\s*{_DAY}日)?",
    )
)
_NUMBERS = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T /].*)?[/]*")
_NO_DATE = re.compile(
    r"n\.? ?d\.?|s\.? ?d\.?|no date|undated|(?:in|under) (?:press|review|preparation)|"
    r"forthcoming|in-press|"
    r"en prensa|im druck|sous presse|in corso di stampa|no prelo|в печати|印刷中|ahead of print|"
    r"epub ahead of print|article in press|n/?a|none|null|nan|"
    r"to appear|early access|online first|accepted|submitted|unpublished|unknown|tba|tbd|[-–?0]+",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d\d)")
_CLOCK = re.compile(r"[ ,T]+\d{1,2}:\d\d\S*(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|Z))?$", re.I)
_SEASON = r"(?:spring|summer|autumn|fall|winter|fal|win|sum|spr)"
_LONE_YEAR = re.compile(
    # Any four digits: `make_papers` reports years such as 0202.
    rf"(?:(?:copyright|cop|circa|ca|c|©|{_SEASON})\.?\s*)?(?P<year>\d{{4}})(?:\.0+|年度?)?"
    rf"(?:[\s/,-]+{_SEASON}(?:\s*[-–/]\s*{_SEASON})?)?[/?.]*",
    re.I,
)
_TWO_YEARS = re.compile(r"(?P<year>\d{4})\s*(?:[-–—/]|to)\s*(?P<last>\d{4}|\d{2})", re.I)
#: Text that spreadsheets are kept from converting: ="Jun2023".
_FORMULA = re.compile(r"=\s*\"([^\"]*)\"")
#: What is longer is no date.
_LONGEST = 200
_BRACKETS = {"[": "]", "(": ")"}
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
#: `2022 (Available online: 14 Oct 2021)`: the date before a note.
_NOTED = re.compile(r"([^()\[\]]+)[(\[][^()\[\]]*[)\]]")
_FOUR_DIGITS = re.compile(r"\d{4}")
#: Days as spreadsheets count them, from 1899-12-30 on: 1957 to 2064. (20211 is a year mistyped.)
_SERIAL = re.compile(r"((?:2[1-9]|[345]\d)\d{3})(?:\.\d+)?")


def iso_date(text: str, *, year: str | None = None) -> str | None:
    """Return a date in ISO 8601.

    Parameters
    ----------
    text : str
        A date as exports write it.
    year : str, optional
        The year, where the source gives it separately from ``MAR 15``.

    Returns
    -------
    str or None
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, as precise as the text is; None where it is not a
        date. ``03/04/2012`` gives the year alone, since the month is ambiguous.

    Examples
    --------
    >>> iso_date("18-21 March 2013"), iso_date("2012/03//"), iso_date("Spring 2010")
    ('2013-03-18', '2012-03', '2010')
    >>> iso_date("2022 (Available online: 14 Oct 2021)")
    '2022'
    >>> iso_date("MAR 15", year="2019"), iso_date("2024-13") is None
    ('2019-03-15', True)
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return year
    text = _CLOCK.sub("", text).strip(" ,;")
    formula = _FORMULA.fullmatch(text)
    text = formula[1].strip() if formula else text
    if text[:1] in _BRACKETS and text.endswith(_BRACKETS[text[:1]]):
        text = text[1:-1].strip(" ,;")
    if not text:
        return year
    two = _TWO_YEARS.fullmatch(text)
    if two and _is_range(two["year"], two["last"]):
        return two["year"]
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _joined(*compact.groups())
    if _SERIAL.fullmatch(text):
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))).isoformat()
    numbers = _NUMBERS.fullmatch(text) or _NUMBERS.fullmatch(text.rstrip("/"))
    if numbers:
        return _joined(*numbers.groups())
    if _LONE_YEAR.fullmatch(text):
        return _LONE_YEAR.fullmatch(text)["year"]  # type: ignore[index]
    for whole in (text, f"{text} {year}") if year else (text,):
        for pattern in _WRITTEN:
            match = pattern.fullmatch(whole)
            if match:
                parts = match.groupdict()
                month = parts["month"].lower()
                return _joined(parts["year"], str(_MONTHS.get(month, month)), parts.get("day"))
    ambiguous = _AMBIGUOUS.fullmatch(text)
    if ambiguous:
        first, second, found = ambiguous.groups()
        if int(first) > 12:
            return _joined(found, second, first)
        return _joined(found, first, second) if int(second) > 12 or first == second else found
    noted = _NOTED.fullmatch(text)
    return iso_date(noted[1], year=year) if noted and _FOUR_DIGITS.search(noted[1]) else year


def _is_range(first: str, last: str) -> bool:
    """Return whether two numbers are years one after the other: 2019-2020, 2021/22."""
    if len(last) == 4:
        return 0 <= int(last) - int(first) <= 50
    # From a second number up to 12, it is a month.
    return int(last) > 12 and 0 < (int(last) - int(first)) % 100 <= 10


def _joined(year: str, month: str | None, day: str | None = None) -> str | None:
    if not month or int(month) == 0:
        return year
    day = None if day is not None and int(day) == 0 else day
    try:
        whole = dt.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def says_no_date(text: str) -> bool:
    """Return whether a text in place of a date states that there is none (yet).

    Examples
    --------
    >>> says_no_date("n.d."), says_no_date("In press"), says_no_date("soon 2020")
    (True, True, False)
    """
    return _NO_DATE.fullmatch(text.strip()) is not None


def date_of_parts(value: Mapping[str, Any]) -> str:
    """Return the date that CSL gives as ``{"date-parts": [[2010, 2, 3]]}`` in ISO 8601."""
    dates = value.get("date-parts")
    parts = dates[0] if isinstance(dates, list) and dates else []
    return "-".join(str(part).zfill(2) for part in parts) if isinstance(parts, list) else ""
