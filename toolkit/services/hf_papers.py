"""Hugging Face's daily papers, from its API."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import DataError, SourceError
from toolkit.formats.json_records import find_api_records, from_api
from toolkit.papers.schema import make_papers
from toolkit.services.client import Again, NotThere, Service

BASE_URL = "https://huggingface.co"
#: A day's list is settled after so many days; younger ones are asked for again.
_SETTLED = dt.timedelta(days=3)
_FIRST_DAY = dt.date(2023, 5, 1)


def fetch_hf_papers(
    *,
    since: str | dt.date,
    until: str | dt.date | None = None,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Fetch Hugging Face's daily papers of a span of days.

    One request a day of the span, one second apart; answers are kept on disk, so that a call that
    was broken off goes on where it stopped.

    Parameters
    ----------
    since, until : date or str
        First and last day, both included; until today where `until` is not given.
    base_url : str, optional
        Another address than Hugging Face's; also from ``PAPER_TOOLKIT_HF_URL``.
    cache : path, optional
        Folder for the answers; also from ``PAPER_TOOLKIT_CACHE``.

    Returns
    -------
    DataFrame
        A papers table in the order of listing.

    Raises
    ------
    DataError
        A date that is none, or a span that ends before it begins.
    SourceError
        The service cannot be reached; `partial` holds the papers fetched so far.

    Warns
    -----
    UserWarning
        Counts papers that were listed again on a later day; the first listing is kept.

    Examples
    --------
    >>> papers = fetch_hf_papers(since="2026-03-02", until="2026-03-06")  # doctest: +SKIP
    """
    first, last = _day(since, "since"), _day(until or dt.date.today(), "until")
    if last < first:
        raise DataError(
            "the span ends before it begins",
            argument="until",
            found=str(last),
            expected=f"a day not before {first}",
        )

    days = [first + dt.timedelta(days=at) for at in range((last - first).days + 1)]
    records: list[dict[str, Any]] = []
    with Service(
        "Hugging Face",
        BASE_URL,
        variable="PAPER_TOOLKIT_HF_URL",
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
        raise Again("an answer that is cut off or no JSON") from error
    if isinstance(answer, dict) and "error" in answer:
        raise SourceError(f"Hugging Face answered with an error: {str(answer['error'])[:200]}")
    if not isinstance(answer, list):
        raise Again("an answer that is no list of papers")
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
            "a day to come", argument=name, found=str(day), expected="a day until today"
        )
    return max(day, _FIRST_DAY)
