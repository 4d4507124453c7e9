"""The queries that a collection folder follows, in a file beside its papers."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError, check_whole, checked
from toolkit.files import write_atomically
from toolkit.papers.schema import make_papers
from toolkit.services.fetching import check_quotes, source_of
from toolkit.storage.collections import save_collection
from toolkit.storage.folder import locked
from toolkit.storage.manifest import MANIFEST, read_manifest
from toolkit.updates.files import SERVICE as FILES
from toolkit.updates.files import Seen, kept_path, read_seen

#: What looks like a key in a query.
_KEY = re.compile(
    r"\b(?:api[_-]?key|access[_-]?token|token|secret|key)\s*=\s*\S{6,}", re.IGNORECASE
)
FILE = "following.json"
_FORMAT = "toolkit following"
_VERSION = 1
#: A query that is followed without `since` starts so long before.
_FIRST = dt.timedelta(days=30)
_LIMIT = 1000
#: Enough for some 400,000 files or a million cells; no longer file is written or read.
_MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Query:
    """A query that is followed: what is asked, since which day, and until when it was answered.

    Of files, `query` is their path, as `files.kept_path` returns it, and `seen` what was read.
    """

    service: str
    query: str | None
    since: str
    limit: int = _LIMIT
    until: str | None = None
    seen: tuple[Seen, ...] = ()

    @property
    def name(self) -> str:
        """The query as messages and pages call it."""
        return f"{self.service}: {self.query}" if self.query else self.service

    @property
    def is_whole(self) -> bool:
        """Whether all that is there counts, of whatever date: new is what was put into it."""
        return self.service in (FILES, "zotero", "zotero-local")


@dataclass(frozen=True)
class Following:
    """What a folder remembers: its queries, its runs, and what the newest run filled in.

    `ran` is the day of the last whole run, `before` that of the one before it, and `changes` are
    cells that have been filled since `before`: day, paper_id, column, origin.
    """

    queries: tuple[Query, ...] = ()
    ran: str | None = None
    before: str | None = None
    changes: tuple[tuple[str, str, str, str], ...] = field(default=())


@checked
def follow(
    folder: str | os.PathLike[str],
    service: str | None = None,
    query: str | os.PathLike[str] | None = None,
    *,
    since: str | dt.date | None = None,
    limit: int = _LIMIT,
) -> pd.DataFrame:
    """Let a collection folder follow a query or files; return all that it follows.

    `update` then fetches what is new, until `unfollow`. Without `service`, the queries are only
    listed.

    Parameters
    ----------
    folder : path
        A collection folder; a new one is made, without papers, where there is none.
    service : str, optional
        As for `fetch`: "arxiv", "hf-papers", "openalex", …; or "files", for exports and alerts
        that you save.
    query : str or path, optional
        In the language of the service; "hf-papers" alone needs none. Given again, it takes
        the new `since` and `limit`. Keys have no place in it: services take them from the
        environment. Of "files": a file, a folder or a glob pattern, as for `load`, remembered
        relative to the folder where it lies inside or beside it. `update` reads those that are
        new or changed; a file that is removed removes no paper.
    since : date or str, optional
        First day of publication; by default 30 days ago. Of a Zotero library or of files, every
        paper counts.
    limit : int
        Most papers of one update. One that reaches it says so. Files are read whole.

    Returns
    -------
    DataFrame
        One row a query: service, query, since, until (the day up to which it was asked with
        success; missing before the first update), limit.

    Raises
    ------
    DataError
        The folder holds something else than a collection, or an argument is wrong.

    Examples
    --------
    >>> place = getfixture("tmp_path") / "mine"
    >>> queries = follow(place, "arxiv", 'cat:cs.DL AND abs:"data card"', since="2026-01-01")
    >>> follow(place)[["service", "query", "since"]].values.tolist()
    [['arxiv', 'cat:cs.DL AND abs:"data card"', '2026-01-01']]
    >>> follow(place, "files", getfixture("tmp_path") / "*.ris")["query"].tolist()
    ['cat:cs.DL AND abs:"data card"', '../*.ris']
    """
    place = Path(folder)
    if service is None:
        if query is not None:
            raise DataError("a query without its service", argument="service", found=None)
        read_manifest(place, "collection")
        return as_table(read_following(place))
    wanted = _checked(place, service, query, since, limit)
    if not place.exists():
        save_collection(make_papers([{"title": "-"}]).head(0), place)
    read_manifest(place, "collection")
    with locked(place):
        old = read_following(place)
        same = [one for one in old.queries if _is(one, wanted.service, wanted.query)]
        if same and since is None:
            wanted = replace(same[0], limit=limit)
        elif same and day_of(wanted.since) >= day_of(same[0].since):
            # What was asked already need not be asked again.
            wanted = replace(wanted, until=same[0].until, seen=same[0].seen)
        new = replace(old, queries=(*(one for one in old.queries if one not in same), wanted))
        write_following(place, new)
    return as_table(new)


@checked
def unfollow(
    folder: str | os.PathLike[str],
    service: str,
    query: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Let a collection folder follow a query no longer; return what it still follows.

    Papers that came by it stay.

    Parameters
    ----------
    folder : path
        A collection folder.
    service, query
        As they were given to `follow`, or as it lists them.

    Returns
    -------
    DataFrame
        As from `follow`.

    Raises
    ------
    DataError
        The folder does not follow this query.

    Examples
    --------
    >>> place = getfixture("tmp_path") / "mine"
    >>> queries = follow(place, "arxiv", "cat:cs.DL")
    >>> len(unfollow(place, "arxiv", "cat:cs.DL"))
    0
    """
    place = Path(folder)
    read_manifest(place, "collection")
    with locked(place):
        old = read_following(place)
        name = FILES if service == FILES else source_of(service).name
        if name == FILES and not any(_is(one, name, query) for one in old.queries):
            query = kept_path(query, place, is_there=False)
        left = tuple(one for one in old.queries if not _is(one, name, query))
        if len(left) == len(old.queries):
            raise DataError(
                "this query is not followed",
                source=place,
                found=f"{service}: {query}" if query else service,
                expected="; ".join(one.name for one in old.queries) or "nothing: none is followed",
            )
        new = replace(old, queries=left)
        write_following(place, new)
    return as_table(new)


def as_table(following: Following) -> pd.DataFrame:
    """Return the queries as a table."""
    names = ["service", "query", "since", "until", "limit"]
    rows = [[getattr(one, name) for name in names] for one in following.queries]
    types: dict[str, Any] = {**dict.fromkeys(names, "string"), "limit": "Int64"}
    return pd.DataFrame(rows, columns=names).astype(types)


def read_following(place: Path) -> Following:
    """Return what a folder remembers; nothing where it has no file of it.

    Raises
    ------
    DataError
        The file is damaged, or of a newer toolkit.
    """
    path = place / FILE
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
        if content["format"] != _FORMAT:
            raise ValueError("another format")
        if content["version"] != _VERSION:
            raise DataError(
                "another version of the toolkit wrote this file",
                source=path,
                found=content["version"],
                expected=str(_VERSION),
                hint="Update the toolkit",
            )
        queries = tuple(_read_query(one) for one in content["queries"])
        ran, before = content["ran"], content["before"]
        changes = tuple(_read_change(one) for one in content["changes"])
        for day in (day for day in (ran, before) if day is not None):
            day_of(day)
        return Following(queries, ran, before, changes)
    except FileNotFoundError:
        return Following()
    except DataError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise DataError(
            f"the file of the queries cannot be read ({error})",
            source=path,
            expected=f"JSON as toolkit.follow writes it, with the format {_FORMAT!r}",
            hint="Delete it, and follow the queries again; the papers are not in it",
        ) from error


def write_following(place: Path, following: Following) -> None:
    """Write what a folder remembers, where it differs from the file that is there."""
    content = {"format": _FORMAT, "version": _VERSION, **asdict(following)}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path, raw = place / FILE, text.encode("utf-8", "replace")
    if len(raw) > _MOST_BYTES:
        raise DataError("more files and changes than can be remembered", source=path)
    if not path.is_file() or path.read_bytes() != raw:
        write_atomically(path, text, like=place / MANIFEST)


def day_of(value: str | dt.date, argument: str | None = None) -> dt.date:
    """Return a day given as a date or as YYYY-MM-DD."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    with suppress(ValueError, TypeError):
        if len(value) == 10:
            return dt.date.fromisoformat(value)
    raise DataError("not a date", argument=argument, found=value, expected="YYYY-MM-DD")


def _checked(place: Path, service: Any, query: Any, since: Any, limit: Any) -> Query:
    check_whole(limit, "limit", least=1)
    today = dt.date.today()
    day = day_of(today - _FIRST if since is None else since, "since")
    if day > today:
        raise DataError("a day in the future", argument="since", found=day.isoformat())
    if service == FILES:
        return Query(FILES, kept_path(query, place), day.isoformat(), int(limit))
    source = source_of(service)
    if query is not None and (not isinstance(query, str) or not query.strip()):
        raise DataError("not a query", argument="query", found=query, expected="some text")
    if query is not None and _KEY.search(query):
        raise DataError(
            "a query with a key in it would be written into the folder",
            argument="query",
            hint="Take the key out, and give it as update(folder, keys={service: …}), or in the "
            "environment variable of the service",
        )
    if query is None and source.name != "hf-papers":
        raise DataError(
            f"{source.name} needs a query", argument="query", found=None, expected=source.language
        )
    check_quotes(source, query or "")
    return Query(source.name, query.strip() if query else None, day.isoformat(), int(limit))


def _is(one: Query, service: str, query: object) -> bool:
    return one.service == service and one.query == (str(query).strip() if query else None)


def _read_query(given: Any) -> Query:
    seen = tuple(read_seen(file) for file in given.get("seen", ()))
    names = ("service", "query", "since", "limit", "until")
    one = Query(**{name: given[name] for name in names}, seen=seen)
    if not isinstance(one.service, str) or not isinstance(one.query, str | None):
        raise TypeError("a query that is no text")
    if not isinstance(one.limit, int) or one.limit < 1:
        raise ValueError(f"the limit {one.limit!r}")
    day_of(one.since)
    if one.until is not None:
        day_of(one.until)
    return one


def _read_change(given: Any) -> tuple[str, str, str, str]:
    day, paper, column, origin = given
    if not all(isinstance(part, str) for part in given):
        raise TypeError("a change that is no text")
    day_of(day)
    return day, paper, column, origin
