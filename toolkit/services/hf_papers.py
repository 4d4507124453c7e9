"""Papers of Hugging Face, from its API: those listed on each day, by words, and by id."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from toolkit.errors import DataError, SourceError, checked, warn_user
from toolkit.formats.records import Records
from toolkit.services.client import Service
from toolkit.services.plans import open_source
from toolkit.services.refs import Ref
from toolkit.services.running import search
from toolkit.services.sources import (
    IDS_AGE,
    SEARCH_AGE,
    Asked,
    Page,
    Source,
    parse_answer,
    read_records,
    within,
)
from toolkit.services.statuses import Again, NotThere

_TITLE = "Hugging Face"
#: Its search sends no more.
_MOST = 120
#: A day's list may still change for so many days; until then it is not taken from the cache.
_SETTLED = dt.timedelta(days=3)
_FIRST_DAY = dt.date(2023, 5, 1)


@checked
def fetch_hf_papers(
    *,
    since: str | dt.date,
    until: str | dt.date | None = None,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Fetch the daily papers of Hugging Face for a period.

    There is one request for each day, one second apart. Answers are cached on disk, so that an
    interrupted call continues when it is repeated.

    Parameters
    ----------
    since, until : date or str
        First and last day, both included; `until` is today by default.
    base_url : str, optional
        Another address than Hugging Face's; by default that of the environment variable
        ``PAPERSCOPE_HF_URL``, if it is set.
    cache : path, optional
        As for `fetch_arxiv`.

    Returns
    -------
    DataFrame
        A papers table, in the order of listing.

    Raises
    ------
    DataError
        A date is not valid, or the period ends before it begins.
    SourceError
        Hugging Face cannot be reached; `partial` holds the papers fetched so far.

    Warns
    -----
    UserWarning
        Counts the papers that were listed again on a later day; the first listing is kept.

    Examples
    --------
    >>> papers = fetch_hf_papers(since="2026-03-02", until="2026-03-06")  # doctest: +SKIP
    """
    first, last = _day(since, "since"), _day(until or dt.date.today(), "until")
    if last < first:
        raise DataError(
            "the period ends before it begins",
            argument="until",
            found=str(last),
            expected=f"a day not before {first}",
        )

    with open_source(SOURCE, base_url=base_url, cache=cache) as service:
        return search(SOURCE, service, Asked(None, first, last, sys.maxsize))


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    """Yield the papers of a query, or of one day after another."""
    if asked.query is None:
        if asked.since and asked.since > dt.date.today() + dt.timedelta(days=1):
            raise DataError("a day in the future", argument="since", found=str(asked.since))
        for day in _days(asked):
            yield Page(_fetch_day(service, day))
        return
    params = {"q": asked.query, "limit": str(min(asked.limit, _MOST))}
    records: Records = service.get("/api/papers/search", params, check=_check, max_age=SEARCH_AGE)
    if asked.limit > _MOST <= len(records.found):
        warn_user(
            f"Hugging Face gives at most {_MOST} papers of one search: fetch with narrower queries"
        )
    # The service has no dates in its search.
    yield Page(within(records, str(asked.since or ""), str(asked.until or "")))


def _lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the paper of one arXiv id."""
    (ref,) = refs
    try:
        records: Records = service.get(
            f"/api/papers/{ref.value}", {}, check=_check_one, max_age=IDS_AGE
        )
    except NotThere:
        return Page(Records("hf-api", unit="record"))
    return Page(records, refs=[ref] * len(records.found))


def _days(asked: Asked) -> list[dt.date]:
    first, last = asked.since or _FIRST_DAY, min(asked.until or dt.date.today(), dt.date.today())
    first = max(first, _FIRST_DAY)
    return [first + dt.timedelta(days=at) for at in range((last - first).days + 1)]


def _fetch_day(service: Service, day: dt.date) -> Records:
    settled = dt.date.today() - day > _SETTLED
    try:
        records: Records = service.get(
            "/api/daily_papers",
            {"date": day.isoformat(), "limit": "100"},
            check=_check,
            max_age=dt.timedelta(days=365 if settled else 0),
        )
    except NotThere:
        return Records("hf-api", unit="record")
    for record in records.found:
        record.setdefault("listed", day.isoformat())
    return records


def _check(text: str) -> Records:
    answer = parse_answer(text)
    if isinstance(answer, dict) and "error" in answer:
        raise SourceError(f"Hugging Face answered with an error: {str(answer['error'])[:200]}")
    if not isinstance(answer, list):
        raise Again("the answer is not a list of papers")
    return read_records(answer, origin=_TITLE)


def _check_one(text: str) -> Records:
    answer = parse_answer(text)
    if not isinstance(answer, dict) or "title" not in answer:
        raise Again("the answer is no paper")
    return read_records([answer], origin=_TITLE)


def _day(value: str | dt.date, name: str) -> dt.date:
    try:
        day: dt.date = pd.Timestamp(value).date()
    except (ValueError, TypeError) as error:
        raise DataError("not a date", argument=name, found=value, expected="YYYY-MM-DD") from error
    if pd.isna(pd.Timestamp(value)):
        raise DataError("not a date", argument=name, found=value, expected="YYYY-MM-DD")
    if day > dt.date.today() + dt.timedelta(days=1):
        raise DataError(
            "a day in the future", argument=name, found=str(day), expected="today at the latest"
        )
    return max(day, _FIRST_DAY)


SOURCE: Source = Source(
    name="hf-papers",
    title=_TITLE,
    source="hf-api",
    base_url="https://huggingface.co",
    variable="PAPERSCOPE_HF_URL",
    pause=0.65,  # 500 requests in five minutes, twice as many with a token
    pause_with_key=0.35,
    search=_search,
    lookup=_lookup,
    fills=("abstract", "code_url", "project_url"),
    kinds=("arxiv",),
    page=_MOST,
    batch=1,
    requests=lambda asked: 1 if asked.query else max(1, len(_days(asked))),
    key_variables=("HF_TOKEN",),
    send_key=lambda key: ({"Authorization": f"Bearer {key}"}, {}),
    get_key="free at https://huggingface.co/settings/tokens, for twice the rate",
    needs_query=False,
    language="words; or no query, and since=… for the papers listed on each day",
)
