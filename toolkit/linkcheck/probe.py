"""One link check: the page, facts from its host, and whether an archive has a copy.

The page is read first, because APIs have small quotas; the API is asked only for what is not on
the page.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from toolkit.linkcheck import github
from toolkit.linkcheck.facts import Facts
from toolkit.linkcheck.fetch import BrokenLinkError, Fetcher, RetryLaterError
from toolkit.linkcheck.host_apis import (
    PAGE_LIMIT,
    READERS,
    SHELLS,
    MissingError,
    UnreadableError,
)
from toolkit.linkcheck.hosts import Repository, find_repository, is_archive
from toolkit.linkcheck.page_text import PageText, read_page
from toolkit.linkcheck.pages import Verdict, challenge, judge_page, leads_to_login
from toolkit.linkcheck.rate_limits import Answer, host_of, now
from toolkit.linkcheck.safety import NoSuchHostError, RefusedError, checked_url, without_password

#: Start of the note that Software Heritage has still to be asked.
ARCHIVE_PENDING = "archive not asked"
#: Start of the note of a link that is not asked for.
REFUSED = "not visited"
#: Whether a reader gets the work, or a page of it, in each state.
RESOLVES: dict[str, bool | None] = {
    "alive": True, "moved": True, "empty": True, "coming soon": True,
    "gone": False, "login": False, "parked": False, "unknown": None,
}  # fmt: skip
#: Hosts that Software Heritage collects from.
_COLLECTED = ("github", "gitlab", "bitbucket", "codeberg", "huggingface")
_PAGE, _REFRESHES = 65_536, 2
Row = dict[str, Any]


async def check_one(url: str, fetcher: Fetcher, *, archive: bool, token: str | None) -> Row:
    """Return the check of one link as a row of the log, whatever the host answers.

    Returns
    -------
    dict
        The columns of the log, and `no_such_host`, True where the host name does not exist.
    """
    row: Row = {"url": without_password(url), "host": host_of(url)}
    notes: list[str] = []
    repository = None
    try:
        target = checked_url(url, allow_private=fetcher.allow_private)
        repository = find_repository(target)
        row["host"] = host_of(target)
        page = await fetcher.get(target, limit=PAGE_LIMIT if repository else _PAGE)
        page, shown = await _shown(page, fetcher, follow=repository is None)
        page = await _lost_branch(target, page, repository, fetcher, row, notes)
        row.update(_state_of(target, page, shown, repository, row, notes))
        if row["state"] == "alive" and repository is not None:
            repository = find_repository(page.url) or repository
            await _add_facts(row, repository, page, fetcher, token, notes)
        elif row["state"] == "alive" and not page.note and not page.body.strip():
            row.update(state="empty", empty=True)
        if row["state"] == "alive" and row.get("moved_to"):
            row["state"] = "moved"
        if RESOLVES[row["state"]] and (is_archive(target) or is_archive(page.url)):
            row["archived"] = True
    except RefusedError as error:
        row["state"] = "unknown"
        notes.append(f"{REFUSED}: {error}")
    except NoSuchHostError as error:
        row.update(state="gone", no_such_host=True)
        notes.append(f"no such host: {error}")
    except BrokenLinkError as error:
        row["state"] = "gone"
        notes.append(str(error))
    except RetryLaterError as error:
        row.update(state="unknown", retry_at=error.retry_at)
        notes.append(str(error))
    row["resolves"] = RESOLVES[row["state"]]
    # Links that are gone, too: the archive may have the only copy.
    if archive and repository is not None and row["state"] != "unknown":
        await _ask_archive(row, repository, url, fetcher, notes)
    row["checked_at"] = now()
    row["why"] = "; ".join(notes) or None
    return row


async def finish_one(before: Row, fetcher: Fetcher) -> Row | None:
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


async def _shown(page: Answer, fetcher: Fetcher, *, follow: bool) -> tuple[Answer, PageText]:
    """Return the page that a reader ends at, and what it shows.

    A page without text of its own may lead on by itself, as browsers do at once; those of
    repositories do not.
    """
    for hop in range(_REFRESHES + 1):
        kind = page.headers.get("content-type", "").lower()
        if kind and not any(word in kind for word in ("html", "xml", "text/plain")):
            return page, PageText()
        shown = read_page(page.body[:_PAGE], kind)
        may = follow and page.status == 200 and hop < _REFRESHES
        target = _next_page(page, shown) if may else ""
        if not target:
            break
        page = await fetcher.get(target, limit=_PAGE)
    return page, shown


def _next_page(page: Answer, shown: PageText) -> str:
    """Return where a page leads by itself; an empty string if it stays."""
    target, seconds = shown.refresh or ("", 0.0)
    if not target and shown.script_target.rstrip("/") != "/lander":
        target = shown.script_target
    if not target or seconds > 10 or len(shown.text) > 700:
        return ""
    try:
        joined = urljoin(page.url, target)
        same = urlsplit(joined)._replace(fragment="") == urlsplit(page.url)._replace(fragment="")
    except ValueError:
        return ""
    return "" if same or not joined.startswith(("http://", "https://")) else joined


async def _lost_branch(
    target: str,
    page: Answer,
    repository: Repository | None,
    fetcher: Fetcher,
    row: Row,
    notes: list[str],
) -> Answer:
    """Return the page of the repository in place of a branch or file that it lost."""
    if page.status != 404 or repository is None or repository.service not in _COLLECTED:
        return page
    if _is_root(target, repository):
        return page
    root = await fetcher.get(repository.root, limit=PAGE_LIMIT)
    if root.status != 200 or leads_to_login(repository.root, root):
        return page
    row["moved_to"] = root.url
    notes.append("the branch or file is gone, its repository is there")
    return root


def _state_of(
    target: str,
    page: Answer,
    shown: PageText,
    repository: Repository | None,
    row: Row,
    notes: list[str],
) -> Row:
    """Return the state of a link from the response to its page."""
    found: Row = {
        "http_status": page.status,
        "moved_to": row.get("moved_to") or _moved(target, page.url),
    }
    if page.note:
        notes.append(page.note)
    if 200 <= page.status < 300:
        verdict = _verdict(target, page, shown, repository)
        if verdict.why:
            notes.append(verdict.why)
        if verdict.state in ("login", "gone", "parked"):
            found["moved_to"] = None
        elif found["moved_to"] and urlsplit(page.url).path in ("", "/") and _deep(target):
            notes.append("leads to a front page, perhaps instead of the former page")
        return {**found, "state": verdict.state}
    if why := challenge(page, shown):
        notes.append(f"a challenge for robots ({why})")
        return {**found, "state": "unknown"}
    if page.status in (404, 410, 451) or (page.status == 401 and repository is not None):
        reason = {404: "not found", 410: "gone for good", 451: "withheld for legal reasons"}
        notes.append(reason.get(page.status, "private or gone"))
        return {**found, "state": "gone"}
    notes.append(f"HTTP {page.status}")
    return {**found, "state": "login" if page.status == 401 else "unknown"}


def _verdict(target: str, page: Answer, shown: PageText, repository: Repository | None) -> Verdict:
    """Return what a page is; pages of repositories have structure, and are not judged by words."""
    if repository is None or find_repository(page.url) is None:
        return judge_page(target, page, shown)
    if why := challenge(page, shown):
        return Verdict("unknown", f"a challenge for robots ({why})")
    if leads_to_login(target, page):
        return Verdict("login", "asks to sign in: private or gone")
    return Verdict("alive")


async def _add_facts(
    row: Row,
    repository: Repository,
    page: Answer,
    fetcher: Fetcher,
    token: str | None,
    notes: list[str],
) -> None:
    """Add the facts from the host of a repository; those it cannot give now stay unknown."""
    facts = Facts()
    try:
        if repository.service == "github":
            if not _is_root(page.url, repository):
                page = await fetcher.get(repository.root, limit=PAGE_LIMIT)
            facts = github.read_github_page(page.body)
            if facts.names is None or facts.last_push is None:
                facts = facts.filled_from(await github.ask_github(repository, fetcher, token))
            facts = await github.complete(facts, repository, fetcher)
        else:
            facts = await READERS[repository.service](repository, fetcher)
    except MissingError as error:
        row["state"] = error.state
        notes.append(str(error))
    except RetryLaterError as error:
        notes.append(f"some facts could not be read: {error}")
        row["retry_at"] = error.retry_at
        _unless_known(row, repository)
    except (BrokenLinkError, RefusedError, NoSuchHostError, UnreadableError) as error:
        notes.append(f"some facts could not be read: {error}")
        _unless_known(row, repository)
    row.update(facts.columns(repository.path))


def _unless_known(row: Row, repository: Repository) -> None:
    """Leave the state open where only the API could have told it."""
    if repository.service in SHELLS:
        row["state"] = "unknown"


async def _ask_archive(
    row: Row, repository: Repository, url: str, fetcher: Fetcher, notes: list[str]
) -> None:
    """Add whether Software Heritage has a copy, under the new or the old URL."""
    if repository.service not in _COLLECTED:
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
