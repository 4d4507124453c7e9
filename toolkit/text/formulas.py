"""The guard before cells that a spreadsheet would run as a formula."""

from __future__ import annotations

import re

#: Any number of apostrophes counts, so that a cell which has one of its own comes back with it.
#: Marks that are not seen may stand before the sign, and full-width signs are read as the others.
_UNSEEN = "\\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_FORMULA = re.compile(rf"'*(?:[{_UNSEEN}]*[=+\-@|＝＋－＠｜﹢﹣﹦﹫−]|[\t\r])")


def guarded(text: str) -> str:
    """Return a cell that spreadsheets do not run: =, +, - and @ at its start begin formulas.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'-3"), guarded("oak")
    ("'=1+1", "''-3", 'oak')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def without_guard(text: str) -> str:
    """Return a cell as it was before `guarded`.

    Examples
    --------
    >>> [without_guard(guarded(text)) for text in ("=1+1", "'-3", "'oak'")]
    ['=1+1', "'-3", "'oak'"]
    """
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text
