"""One link check: the page, facts from its host, and whether an archive has a copy.

The page is read first, because APIs have small quotas; the API is asked only for what is not on
the page.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from toolkit.linkcheck.fetch import BrokenLinkError, Fetcher, RetryLaterError
from toolkit.linkcheck.hosts import (
    PAGE_LIMIT,
    READERS,
    Facts,
    Repository,
    UnreadableError,
    ask_github,
    find_repository,
    read_github_page,
)
from toolkit.linkcheck.rate_limits import Answer, host_of, now
from toolkit.linkcheck.safety import NoSuchHostError, RefusedError, checked_url, without_password

#: Start of the note that Software Heritage has still to be asked.
ARCHIVE_PENDING = "archive not asked"
_FACTS = ("empty", "licence", "last_push", "read_only")


async def check_one(url: str, fetcher: Fetcher, *, archive: bool, token: str | None) -> Facts:
    """Return the check of one link as a row of the log, whatever the host answers.

    Returns
    -------
    dict
        The columns of the log, and `no_such_host`, True where the host name does not exist.
    """
    row: Facts = {"url": without_password(url), "host": host_of(url)}
    notes: list[str] = []
    repository = None
    try:
        target = checked_url(url, allow_private=fetcher.allow_private)
        repository = find_repository(target)
        row["host"] = host_of(target)
        page = await fetcher.get(target, limit=PAGE_LIMIT if repository else 65_536)
        row.update(_status_of(target, page, notes))
        if row["status"] == "alive" and repository is not None:
            repository = find_repository(page.url) or repository
            await _add_facts(row, repository, page, fetcher, token, notes)
        elif row["status"] == "alive" and not page.note and not page.body.strip():
            row["empty"] = True
    except RefusedError as error:
        row.update(status="refused", resolves=None)
        notes.append(str(error))
    except NoSuchHostError as error:
        row.update(status="gone", resolves=False, no_such_host=True)
        notes.append(f"no such host: {error}")
    except BrokenLinkError as error:
        row.update(status="broken", resolves=False)
        notes.append(str(error))
    except RetryLaterError as error:
        row.update(status="unknown", resolves=None, retry_at=error.retry_at)
        notes.append(str(error))
    # Links that are gone, too: the archive may have the only copy.
    if archive and repository is not None and row["status"] in ("alive", "gone", "broken"):
        await _ask_archive(row, repository, url, fetcher, notes)
    row["checked_at"] = now()
    row["why"] = "; ".join(notes) or None
    return row


async def finish_one(before: Facts, fetcher: Fetcher) -> Facts | None:
    """Complete an earlier check of a link with Software Heritage's answer.

    Returns
    -------
    dict or None
        The earlier check with its time and the answer; None where there is no answer yet.
    """
    row, notes = {**before, "retry_at": None}, list[str]()
    target = row["moved_to"] or row["url"]
    repository = find_repository(target)
    if repository is not None:
        await _ask_archive(row, repository, str(row["url"]), fetcher, notes)
    if row.get("archived") is None and notes:
        return None
    kept = [part for part in str(row["why"]).split("; ") if not part.startswith(ARCHIVE_PENDING)]
    row["why"] = "; ".join(kept + notes) or None
    return row


def _status_of(target: str, page: Answer, notes: list[str]) -> Facts:
    """Return the status of a link from the response to its page."""
    row: Facts = {"http_status": page.status, "moved_to": _moved(target, page.url)}
    if page.note:
        notes.append(page.note)
    signin = urlsplit(page.url).path.rstrip("/").endswith(("/sign_in", "/login", "/signin"))
    if 200 <= page.status < 300 and signin and row["moved_to"]:
        notes.append("asks to sign in: private or gone")
        return {**row, "status": "gone", "resolves": False, "moved_to": None}
    if 200 <= page.status < 300:
        if row["moved_to"] and urlsplit(page.url).path in ("", "/") and _deep(target):
            notes.append("leads to a front page, perhaps instead of the former page")
        return {**row, "status": "alive", "resolves": True}
    if page.status in (404, 410, 451) or (page.status == 401 and find_repository(target)):
        reason = {404: "not found", 410: "gone for good", 451: "withheld for legal reasons"}
        notes.append(reason.get(page.status, "private or gone"))
        return {**row, "status": "gone", "resolves": False}
    notes.append(f"HTTP {page.status}")
    if page.status in (401, 402, 403):
        return {**row, "status": "closed", "resolves": None}
    return {**row, "status": "unknown", "resolves": None}


async def _add_facts(
    row: Facts,
    repository: Repository,
    page: Answer,
    fetcher: Fetcher,
    token: str | None,
    notes: list[str],
) -> None:
    """Add the facts from the host of a repository; those it cannot give now stay unknown."""
    try:
        if repository.service == "github":
            if not _is_root(page.url, repository):
                page = await fetcher.get(repository.root, limit=PAGE_LIMIT)
            facts = read_github_page(page.body)
            if any(facts.get(name) is None for name in ("empty", "licence", "last_push")):
                more = await ask_github(repository, fetcher, token)
                facts = {name: _first(facts.get(name), more.get(name)) for name in _FACTS}
        else:
            facts = await READERS[repository.service](repository, fetcher)
    except RetryLaterError as error:
        notes.append(f"some facts could not be read: {error}")
        row["retry_at"] = error.retry_at
        facts = read_github_page(page.body) if repository.service == "github" else {}
    except (BrokenLinkError, RefusedError, NoSuchHostError, UnreadableError) as error:
        notes.append(f"some facts could not be read: {error}")
        facts = read_github_page(page.body) if repository.service == "github" else {}
    row.update({name: facts.get(name) for name in _FACTS})


async def _ask_archive(
    row: Facts, repository: Repository, url: str, fetcher: Fetcher, notes: list[str]
) -> None:
    """Add whether Software Heritage has a copy, under the new or the old URL."""
    if repository.service == "zenodo":
        return
    old = find_repository(checked_url(url, allow_private=True))
    try:
        for root in dict.fromkeys([repository.root, old.root if old else repository.root]):
            answer = await fetcher.get(
                "https://archive.softwareheritage.org/api/1/origin/"
                f"{root}/visit/latest/?require_snapshot=true",
                limit=100_000,
            )
            if answer.status == 200:
                row["archived"] = True
                return
            if answer.status != 404:
                notes.append(f"Software Heritage answered {answer.status}")
                return
        row["archived"] = False
    except RetryLaterError as error:
        notes.append(f"{ARCHIVE_PENDING}: {error}")
        row["retry_at"] = max(filter(None, [row.get("retry_at"), error.retry_at]))
    except (BrokenLinkError, RefusedError, NoSuchHostError) as error:
        notes.append(f"{ARCHIVE_PENDING}: {error}")


def _moved(old: str, new: str) -> str | None:
    """Return the new URL, unless it differs only in https, ``www.`` or a slash."""

    def bare(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url.removesuffix(".git"))
        return host_of(url), unquote(parts.path).rstrip("/").removesuffix(".git"), parts.query

    if host_of(old) in ("doi.org", "dx.doi.org"):  # a DOI always redirects
        return None
    same, other = bare(old), bare(new)
    if same[0] == other[0] == "github.com":  # names there ignore case
        same, other = (same[0], same[1].lower(), same[2]), (other[0], other[1].lower(), other[2])
    return None if same == other else new


def _deep(url: str) -> bool:
    return urlsplit(url).path not in ("", "/")


def _is_root(url: str, repository: Repository) -> bool:
    return _moved(repository.root, url) is None


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
