"""The daily papers of Hugging Face, from its API."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import DataError, SourceError
from toolkit.formats.json.hugging_face import find_api_records, from_api
from toolkit.papers.schema import make_papers
from toolkit.services.client import Service
from toolkit.services.statuses import Again, NotThere

BASE_URL = "https://huggingface.co"
#: A day's list may still change for so many days; until then it is not taken from the cache.
_SETTLED = dt.timedelta(days=3)
_FIRST_DAY = dt.date(2023, 5, 1)


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

    days = [first + dt.timedelta(days=at) for at in range((last - first).days + 1)]
    records: list[dict[str, Any]] = []
    with Service(
        "Hugging Face",
        BASE_URL,
        variable="PAPERSCOPE_HF_URL",
        given=base_url,
        pause=1.0,
        cache=cache,
    ) as service:
        try:
            for day in tqdm(days, desc="Hugging Face papers", unit="day", disable=len(days) < 3):
                records += _fetch_day(service, day)
        except SourceError as error:
            error.partial = _table(records)
            raise
    return _table(records)


def _fetch_day(service: Service, day: dt.date) -> list[dict[str, Any]]:
    settled = dt.date.today() - day > _SETTLED
    try:
        found: list[dict[str, Any]] = service.get(
            "/api/daily_papers",
            {"date": day.isoformat(), "limit": "100"},
            check=_check,
            max_age=dt.timedelta(days=365 if settled else 0),
        )
    except NotThere:
        return []
    for record in found:
        record.setdefault("listed", day.isoformat())
    return found


def _check(text: str) -> list[dict[str, Any]]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Again("the answer is incomplete or not JSON") from error
    if isinstance(answer, dict) and "error" in answer:
        raise SourceError(f"Hugging Face answered with an error: {str(answer['error'])[:200]}")
    if not isinstance(answer, list):
        raise Again("the answer is not a list of papers")
    return [from_api(record) for record in find_api_records(answer)]


def _table(records: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(records) if records else pd.DataFrame({"title": []})
    return make_papers(frame, source="hf-api", origin="Hugging Face")


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
