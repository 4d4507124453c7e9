"""Papers from arXiv's API, by a query or by ids."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError, SourceError, check_whole, checked
from toolkit.formats.atom import parse_feed, read_atom
from toolkit.formats.records import Records
from toolkit.papers.identifiers import parse_arxiv_id
from toolkit.services.client import Service
from toolkit.services.plans import open_source
from toolkit.services.refs import Ref
from toolkit.services.running import look_up, search
from toolkit.services.sources import IDS_AGE, SEARCH_AGE, Asked, Page, Source
from toolkit.services.statuses import Again, BadQuery, NotThere

_TITLE = "arXiv"
BATCH = 200
#: Fields of arXiv's query language; a query without one is a list of words.
_FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_WORD = re.compile(r'"[^"]*"|[()]|[^\s()"]+')
_OPERATORS = frozenset(["AND", "OR", "ANDNOT"])
_TOTAL = re.compile(r"<(?:\w+:)?totalResults\b[^>]*>\s*(\d+)\s*<")
_ENTRY = re.compile(r"<entry\b")


@checked
def fetch_arxiv(
    query: str | None = None,
    *,
    ids: Iterable[str] | None = None,
    limit: int | None = None,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Fetch papers from arXiv, by a query or by ids; `fetch` does it for all services.

    Requests are three seconds apart, as arXiv asks, with 200 papers each. Answers are cached on
    disk, so that an interrupted call continues when it is repeated.

    Parameters
    ----------
    query : str, optional
        In arXiv's query language, for example ``'cat:cs.CL AND abs:"data card"'``, or words, all
        of which must be there.
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
        Neither a query nor ids are given, an id is not valid, or arXiv does not understand the
        query.
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
    if limit is not None:
        check_whole(limit, "limit", least=1)
    refs = _clean_ids(ids)[:limit] if ids is not None else []
    with open_source(SOURCE, base_url=base_url, cache=cache) as service:
        if query is not None:
            return search(SOURCE, service, Asked(query, None, None, limit or BATCH))
        return look_up(SOURCE, service, refs)


def ask(
    service: Service,
    params: dict[str, str],
    *,
    max_age: dt.timedelta = SEARCH_AGE,
    expect: int | None = None,
) -> tuple[Records, int]:
    """Return the records of one request to arXiv's API, and how many papers it counts.

    An empty page is requested again if arXiv counts more papers than `expect`.
    """

    def check(text: str) -> tuple[Records, int]:
        return _check(text, expect=expect)

    try:
        found: tuple[Records, int] = service.get("/api/query", params, check=check, max_age=max_age)
    except NotThere as error:
        raise SourceError(f"arXiv's API is not at {service.address}/api/query") from error
    return found


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


def query_of(words: str) -> str:
    """Return words in arXiv's query language: all of them, in any field; its own stays.

    Examples
    --------
    >>> query_of('graph "neural networks"'), query_of("kites OR (snow maps)")
    ('all:graph AND all:"neural networks"', 'all:kites OR (all:snow AND all:maps)')
    >>> query_of("cat:cs.DL")
    'cat:cs.DL'
    """
    if _FIELD.search(words):
        return words
    said = ""
    before = "("
    for word in _WORD.findall(words):
        is_operator = word in _OPERATORS
        if said and not is_operator and word != ")" and before not in {"(", *_OPERATORS}:
            said += " AND"
        space = "" if not said or before == "(" or word == ")" else " "
        said += space + (word if is_operator or word in "()" else f"all:{word}")
        before = word
    return said


def _search(service: Service, asked: Asked) -> Iterator[Page]:
    query = query_of(asked.query or "")
    if asked.since or asked.until:
        first = f"{asked.since:%Y%m%d}0000" if asked.since else "199101010000"
        last = f"{asked.until:%Y%m%d}2359" if asked.until else "210012312359"
        span = f"submittedDate:[{first} TO {last}]"
        query = f"({query}) AND {span}" if query else span
    for start in range(0, asked.limit, BATCH):
        size = min(BATCH, asked.limit - start)
        params = {"search_query": query, "start": str(start), "max_results": str(size)}
        records, total = ask(service, params, expect=start)
        yield Page(records, total)
        if len(records.found) + len(records.bad) < size:
            return


def lookup(service: Service, refs: Sequence[Ref]) -> Page:
    """Return the papers of arXiv ids."""
    params = {"id_list": ",".join(ref.value for ref in refs), "max_results": str(len(refs))}
    return Page(ask(service, params, max_age=IDS_AGE)[0])


def _check(text: str, *, expect: int | None) -> tuple[Records, int]:
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
        return Records("arxiv", unit="record"), int(total[1])
    try:
        return read_atom(text, origin=_TITLE), int(total[1])
    except DataError as error:
        raise BadQuery(error.message, hint=error.hint) from error


def _clean_ids(ids: Iterable[str]) -> list[Ref]:
    given = [ids] if isinstance(ids, str) else list(ids)
    clean: list[Ref] = []
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
        clean.append(Ref("arxiv", parsed))
    if not clean:
        raise DataError("no ids", argument="ids", found=given, expected="at least one arXiv id")
    return list(dict.fromkeys(clean))


SOURCE: Source = Source(
    name="arxiv",
    title=_TITLE,
    source="arxiv",
    base_url="https://export.arxiv.org",
    variable="PAPERSCOPE_ARXIV_URL",
    pause=3.0,
    search=_search,
    lookup=lookup,
    fills=("abstract", "doi", "venue"),
    kinds=("arxiv",),
    page=BATCH,
    batch=BATCH,
    needs_query=False,
    language='words, or arXiv\'s own language: cat:cs.DL AND abs:"link rot"',
)
