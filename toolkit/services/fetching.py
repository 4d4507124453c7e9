"""`fetch`: papers from a service, by words or by ids; one face for all services.

A service is a module that offers a `Source` (`sources.py`): how it is searched, page by page, how
papers are looked up by ids, what its rate limit and its key are. The module returns each answer as
a `Page` of `Records`, read by the same readers as a saved answer in `formats/`, and asks through
`Service.get` (`client.py`), which caches, waits, repeats and raises. All the rest is here: ids of
mixed kinds, the limit, keys, what is told, and what stays when a call breaks off.

To add a service: write its module with a ``SOURCE = Source(…)``, and add it to `SOURCES` below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from toolkit.errors import DataError, check_whole, checked, hint_nearest
from toolkit.services.arxiv import SOURCE as ARXIV
from toolkit.services.crossref import SOURCE as CROSSREF
from toolkit.services.dblp import SOURCE as DBLP
from toolkit.services.hf_papers import SOURCE as HF_PAPERS
from toolkit.services.openalex import SOURCE as OPENALEX
from toolkit.services.plans import open_source
from toolkit.services.pubmed import SOURCE as PUBMED
from toolkit.services.refs import parse_refs
from toolkit.services.running import look_up, search
from toolkit.services.semantic_scholar import SOURCE as SEMANTIC_SCHOLAR
from toolkit.services.sources import Asked, Source
from toolkit.services.zotero import LOCAL as ZOTERO_LOCAL
from toolkit.services.zotero import SOURCE as ZOTERO

Day = str | int | dt.date | None
#: The services, by their names.
SOURCES: dict[str, Source] = {
    one.name: one
    for one in (
        OPENALEX, SEMANTIC_SCHOLAR, CROSSREF, PUBMED, DBLP, ARXIV, HF_PAPERS, ZOTERO, ZOTERO_LOCAL,
    )
}  # fmt: skip


@checked
def fetch(
    service: str,
    query: str | None = None,
    *,
    ids: Iterable[str] | None = None,
    since: str | int | dt.date | None = None,
    until: str | int | dt.date | None = None,
    limit: int = 500,
    key: str | None = None,
) -> pd.DataFrame:
    """Fetch papers from a service, by a query or by ids.

    What a call may cost (requests, time, key, credits) is told in one line before the first
    request. Answers are cached on disk (searches for a day, ids for a month), so that a call that
    was killed goes on where it was when it is repeated. Ctrl-C returns the papers so far.

    Parameters
    ----------
    service : str
        ``"openalex"``, ``"semantic-scholar"``, ``"crossref"``, ``"pubmed"``, ``"dblp"``,
        ``"arxiv"``, ``"hf-papers"``, ``"zotero"`` or ``"zotero-local"``.
    query : str, optional
        In the service's own language; see the notes.
    ids : iterable of str, optional
        DOIs, arXiv ids, PubMed ids and ids of OpenAlex, Semantic Scholar or DBLP, mixed, with or
        without prefix (``doi:``, ``arxiv:``, ``pmid:``) or as addresses; a bare number is a PubMed
        id. Give either these or a query.
    since, until : str, int or date, optional
        First and last day of publication, both included; a year or a month (``"2024-03"``) means
        its first or last day.
    limit : int
        The greatest number of papers of a query; all ids are fetched.
    key : str, optional
        The service's key; by default that of the environment variable named in the notes. It is
        sent to the service alone and stands in no message, log or file.

    Returns
    -------
    DataFrame
        A papers table, in the order of the service or of the ids, with what `toolkit.load` reads in
        a saved answer; `origin` names the service and the query.

    Raises
    ------
    DataError
        An unknown service, a query or an id that it does not understand, neither or both of them, a
        span that ends before it begins, or a limit below 1.
    SourceError
        The service cannot be reached, refuses (a wrong or missing key), or asks for too long a
        wait; `partial` holds the papers fetched so far.

    Warns
    -----
    UserWarning
        Counts the ids that the service does not know or cannot look up, and the records that
        cannot be read and were set aside; tells of Ctrl-C.

    Notes
    -----
    The services, what their queries are, and the environment variables of their keys:

    - ``openalex`` (``OPENALEX_API_KEY``): words, phrases in quotes, AND, OR, NOT, by relevance; or
      ``"filter=…"``, one of OpenAlex's own filters, which costs a tenth. Without a key, at most
      10,000 papers.
    - ``semantic-scholar`` (``SEMANTIC_SCHOLAR_API_KEY``): words, phrases, ``+ | -`` and
      parentheses, newest first.
    - ``crossref`` (``CROSSREF_MAILTO``, a mail address): words, by relevance.
    - ``pubmed`` (``NCBI_API_KEY``): PubMed's own language, most recent first; at most 9,999 papers.
    - ``dblp``: words, ``|``, ``author:…``, ``venue:…``; it knows years alone, of at most 10,000
      papers. Ids are DBLP's keys.
    - ``arxiv``: words, all of which must be there, or arXiv's own language. Ids are arXiv's.
    - ``hf-papers`` (``HF_TOKEN``): words (at most 120 papers), or since and until for the papers
      listed on each day. Ids are arXiv's.
    - ``zotero`` (``ZOTERO_API_KEY``): a library, ``"users/123"``, ``"groups/456"`` or, with a key,
      ``"users/me"``, or a collection of it, ``"users/123/Reading"``; the newest in it first.
      ``zotero-local`` asks the Zotero that runs on this machine (``"users/0"``), whose settings
      must allow it.

    Examples
    --------
    >>> papers = fetch("openalex", '"link rot" AND software', since=2020)  # doctest: +SKIP
    >>> papers = fetch("openalex", ids=["10.1038/s41586-021-03819-2"])  # doctest: +SKIP
    """
    source = source_of(service)
    asked = _checked(source, query, ids, since, until, limit)
    refs = parse_refs(ids) if ids is not None else []
    with open_source(source, key=key) as connection:
        if asked is None:
            return look_up(source, connection, refs)
        return search(source, connection, asked)


def source_of(service: str) -> Source:
    """Return the source of a name; raise a DataError that names the nearest."""
    said = str(service).strip().lower().replace("_", "-").replace(" ", "-")
    if said not in SOURCES:
        raise DataError(
            "not a service",
            argument="service",
            found=service,
            hint=hint_nearest(service, SOURCES),
        )
    return SOURCES[said]


def _checked(
    source: Source,
    query: str | None,
    ids: Iterable[str] | None,
    since: Day,
    until: Day,
    limit: int,
) -> Asked | None:
    """Return the search of a call, None for ids; raise a DataError for what is no question."""
    first, last = day_of(since, "since"), day_of(until, "until", last=True)
    check_whole(limit, "limit", least=1)
    if first and last and last < first:
        raise DataError(
            "the period ends before it begins",
            argument="until",
            found=str(until),
            expected=f"a day not before {first}",
        )
    if ids is not None:
        if query is not None or since is not None or until is not None:
            raise DataError(
                "ids and a search together",
                argument="ids",
                expected="either ids, or a query with since and until",
                hint="Fetch by ids, and filter the table",
            )
        if source.lookup is None:
            raise DataError(f"{source.title} cannot be asked for ids", argument="ids")
        return None
    if query is not None and not isinstance(query, str):
        raise DataError("not a query", argument="query", found=query, expected=source.language)
    words = (query or "").strip()
    check_quotes(source, words)
    if source.search is None:
        raise DataError(f"{source.title} cannot be searched", argument="query", hint="Give ids")
    if not words and (query is not None or source.needs_query or not (first or last)):
        raise DataError(
            "neither a query nor ids" if query is None else "an empty query",
            argument="query",
            expected=source.language or "words",
            hint="" if source.needs_query else "since=… alone is enough too",
        )
    return Asked(words or None, first, last, int(limit))


def check_quotes(source: Source, query: str) -> None:
    """Raise a DataError for a query with a quote that is not closed; services guess where it ends.

    Libraries of Zotero are names, and may have such a sign in them.
    """
    if query.count('"') % 2 and not source.name.startswith("zotero"):
        raise DataError(
            "a quote that is not closed",
            argument="query",
            found=query,
            expected='a phrase between two quotes: "link rot"',
        )


def day_of(value: Day, argument: str, *, last: bool = False) -> dt.date | None:
    """Return the first or last day of a year, a month or a day.

    Examples
    --------
    >>> day_of("2024", "until", last=True), day_of("2024-02", "until", last=True)
    (datetime.date(2024, 12, 31), datetime.date(2024, 2, 29))
    >>> day_of(2024, "since"), day_of(None, "since") is None
    (datetime.date(2024, 1, 1), True)
    """
    if value is None:
        return None
    text = str(value).strip() if isinstance(value, str | int) else value
    try:
        if isinstance(text, str) and len(text) in (4, 7):
            period = pd.Period(text, freq="Y" if len(text) == 4 else "M")
            stamp = period.end_time if last else period.start_time
        else:
            stamp = pd.Timestamp(text)
        day: dt.date = stamp.date()
    except (ValueError, TypeError, AttributeError, NotImplementedError) as error:
        raise _no_date(value, argument) from error
    if pd.isna(stamp) or not 1500 <= day.year <= 2200:
        raise _no_date(value, argument)
    return day


def _no_date(value: object, argument: str) -> DataError:
    return DataError("not a date", argument=argument, found=value, expected="YYYY-MM-DD or a year")
