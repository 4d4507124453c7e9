"""Papers from arXiv's API, by a query or by ids."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import DataError, SourceError, warn_user
from toolkit.formats.atom import parse_feed, read_atom
from toolkit.papers.identifiers import parse_arxiv_id
from toolkit.papers.schema import make_papers
from toolkit.services.client import Service
from toolkit.services.statuses import Again, NotThere

BASE_URL = "https://export.arxiv.org"
BATCH = 200
#: arXiv asks for three seconds between requests.
PAUSE = 3.0
_TOTAL = re.compile(r"<(?:\w+:)?totalResults\b[^>]*>\s*(\d+)\s*<")
_ENTRY = re.compile(r"<entry\b")
_MONTH = dt.timedelta(days=30)


def fetch_arxiv(
    query: str | None = None,
    *,
    ids: Iterable[str] | None = None,
    limit: int | None = None,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Fetch papers from arXiv, by a query or by ids.

    Requests are three seconds apart, as arXiv asks, with 200 papers each. Answers are cached on
    disk, so that an interrupted call continues when it is repeated.

    Parameters
    ----------
    query : str, optional
        In arXiv's query language, for example ``'cat:cs.CL AND abs:"data card"'``.
    ids : iterable of str, optional
        arXiv ids, with or without version. Give either these or a query.
    limit : int, optional
        The greatest number of papers; by default 200 for a query, and all ids.
    base_url : str, optional
        Another address than arXiv's; by default that of the environment variable
        ``PAPERSCOPE_ARXIV_URL``, if it is set.
    cache : path, optional
        Folder for the answers; by default that of the environment variable
        ``PAPERSCOPE_CACHE``, or else the user's cache folder.

    Returns
    -------
    DataFrame
        A papers table, in the order of arXiv's answer or of the ids.

    Raises
    ------
    DataError
        Neither a query nor ids are given, or an id is not valid.
    SourceError
        arXiv cannot be reached or refuses; `partial` holds the papers fetched so far.

    Warns
    -----
    UserWarning
        Counts the ids that arXiv does not know.

    Examples
    --------
    >>> papers = fetch_arxiv("cat:cs.DL", limit=50)  # doctest: +SKIP
    """
    if (query is None) == (ids is None):
        raise DataError(
            "either a query or ids are needed", expected='fetch_arxiv("cat:cs.DL") or ids=[…]'
        )
    if limit is not None and limit < 1:
        raise DataError(
            "not a number of papers", argument="limit", found=limit, expected="1 or more"
        )
    wanted = _clean_ids(ids)[:limit] if ids is not None else []
    records: list[dict[str, Any]] = []
    with open_service(base_url, cache) as service:
        try:
            if query is not None:
                for page in _pages(service, query, limit or BATCH):
                    records += page
            else:
                for batch in fetch_batches(service, wanted):
                    records += batch
        except SourceError as error:
            error.partial = to_table(records)
            raise
    if query is None:
        records = _in_order(records, wanted)
    return to_table(records)


def open_service(base_url: str | None, cache: str | Path | None) -> Service:
    """Return a connection to arXiv's API."""
    return Service(
        "arXiv",
        BASE_URL,
        variable="PAPERSCOPE_ARXIV_URL",
        given=base_url,
        pause=PAUSE,
        cache=cache,
    )


def fetch_batches(service: Service, ids: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield the records of papers by id, one batch at a time."""
    starts = range(0, len(ids), BATCH)
    for start in tqdm(starts, desc="arXiv", unit="request", disable=len(starts) < 3):
        batch = ids[start : start + BATCH]
        params = {"id_list": ",".join(batch), "max_results": str(len(batch))}
        yield ask(service, params, max_age=_MONTH)


def ask(
    service: Service,
    params: dict[str, str],
    *,
    max_age: dt.timedelta = dt.timedelta(days=1),
    expect: int | None = None,
) -> list[dict[str, Any]]:
    """Return the records of one request to arXiv's API.

    An empty page is requested again if arXiv counts more papers than `expect`.
    """

    def check(text: str) -> list[dict[str, Any]]:
        return _check(text, expect=expect)

    try:
        found: list[dict[str, Any]] = service.get(
            "/api/query", params, check=check, max_age=max_age
        )
    except NotThere as error:
        raise SourceError(f"arXiv's API is not at {service.address}/api/query") from error
    return found


def to_table(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Return records as a papers table, possibly without rows."""
    frame = pd.DataFrame(records) if records else pd.DataFrame({"title": []})
    return make_papers(frame, source="arxiv", origin="arXiv")


def row_ids(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return the arXiv id of each row; NA where a row has none."""
    known = papers["paper_id"].str.extract(r"^arxiv:(.+)$", expand=False)
    if "arxiv_id" in papers:
        known = known.fillna(papers["arxiv_id"])
    if "url" in papers:
        in_url = papers["url"].map(
            lambda url: parse_arxiv_id(url) if "arxiv.org" in url.lower() else None,
            na_action="ignore",
        )
        known = known.fillna(in_url.astype("string"))
    return pd.Series(known, index=papers.index).astype("string")


def _check(text: str, *, expect: int | None) -> list[dict[str, Any]]:
    """Parse an answer into records; raise `Again` if it is incomplete."""
    if text.strip().startswith("Rate exceeded"):
        raise Again("arXiv says: Rate exceeded", wait=None)
    total = _TOTAL.search(text)
    if "<feed" not in text or total is None:
        raise Again("the answer is not an Atom feed")
    try:
        parse_feed(text)
    except ET.ParseError as error:
        raise Again("the answer is incomplete") from error
    if not _ENTRY.search(text):
        if expect is not None and int(total[1]) > expect:
            # arXiv sometimes returns an empty page in the middle of a long result.
            raise Again("the page is empty, but there are more papers")
        return []
    try:
        return list(read_atom(text, origin="arXiv").found)
    except DataError as error:
        raise SourceError(error.message) from error


def _pages(service: Service, query: str, limit: int) -> Iterator[list[dict[str, Any]]]:
    starts = range(0, limit, BATCH)
    for start in tqdm(starts, desc="arXiv", unit="request", disable=len(starts) < 3):
        size = min(BATCH, limit - start)
        params = {"search_query": query, "start": str(start), "max_results": str(size)}
        page = ask(service, params, expect=start)
        yield page
        if len(page) < size:
            return


def _clean_ids(ids: Iterable[str]) -> list[str]:
    given = [ids] if isinstance(ids, str) else list(ids)
    clean: list[str] = []
    for number, arxiv_id in enumerate(given, start=1):
        parsed = parse_arxiv_id(str(arxiv_id).removeprefix("arxiv:"))
        if parsed is None:
            raise DataError(
                "not an arXiv id",
                row=number,
                argument="ids",
                found=arxiv_id,
                expected="for example 2401.16405",
            )
        clean.append(parsed)
    if not clean:
        raise DataError("no ids", argument="ids", found=given, expected="at least one arXiv id")
    return list(dict.fromkeys(clean))


def _in_order(records: list[dict[str, Any]], wanted: Sequence[str]) -> list[dict[str, Any]]:
    by_id = {record["arxiv_id"]: record for record in records}
    unknown = [arxiv_id for arxiv_id in wanted if arxiv_id not in by_id]
    if unknown:
        warn_user(
            f"arXiv does not know {len(unknown)} of {len(wanted)} ids: {', '.join(unknown[:5])}"
            + (" …" if len(unknown) > 5 else "")
        )
    return [by_id[arxiv_id] for arxiv_id in wanted if arxiv_id in by_id]
