"""Pages that follow one another by a cursor or token, which may no longer hold when resumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from toolkit.formats.records import Records
from toolkit.services.sources import SEARCH_AGE, Page
from toolkit.services.statuses import BadQuery, NotThere

#: Returns the page at a cursor, not older than an age, and the cursor of the next.
Ask = Callable[[str, dt.timedelta], tuple[Page, str | None]]


def by_cursor(ask: Ask, first: str) -> Iterator[Page]:
    """Yield the pages of a search, from the first cursor on.

    A cursor from a cached page may have expired. Then the search starts anew, past the cache, and
    the records that were yielded already are left out.

    Parameters
    ----------
    ask : callable
        ``ask(cursor, max_age)`` returns a page and the cursor of the next, None after the last.
    first : str
        The first cursor.
    """
    cursor: str | None = first
    age, done, skip = SEARCH_AGE, 0, 0
    while cursor is not None:
        try:
            page, following = ask(cursor, age)
        except (BadQuery, NotThere):
            if cursor == first or not age:
                raise
            cursor, age, skip = first, dt.timedelta(0), done
            continue
        cursor = following
        length = len(page.records.found)
        if skip:
            page.records = _without(page.records, skip)
        else:
            done += length
        skip = max(0, skip - length)
        if page.records.found or page.records.bad or cursor is None:
            yield page


def _without(records: Records, first: int) -> Records:
    """Return records without so many at the beginning."""
    places = records.places[first:]
    bad = [one for one in records.bad if places and one[0] > places[0]]
    return Records(records.source, records.unit, records.found[first:], places, bad)
