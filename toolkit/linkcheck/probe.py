"""One link check: a page, what its host tells besides, and whether an archive keeps it.

Each host's page is asked first, because it costs nothing of the small quotas that interfaces
allow; the interface only for what the page cannot tell.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from toolkit.linkcheck.fetch import BrokenError, Fetcher, LaterError
from toolkit.linkcheck.hosts import (
    PAGE_LIMIT,
    READERS,
    Facts,
    Place,
    UnreadableError,
    ask_github,
    find_place,
    read_github_page,
)
from toolkit.linkcheck.rate_limits import Answer, host_of, now
from toolkit.linkcheck.safety import NoSuchHostError, RefusedError, checked_url, without_password

#: How a check begins to say that Software Heritage has still to be asked.
ARCHIVE_LEFT = "archive not asked"
_FACTS = ("empty", "licence", "last_push", "read_only")


async def check_one(url: str, fetcher: Fetcher, *, archive: bool, token: str | None) -> Facts:
    """Check one link and return it as a row of the log; never raises for what a host does.

    Returns
    -------
    dict
        The columns of the log, and `network_doubt`, True where only a missing name speaks
        against the link.
    """
    row: Facts = {"url": without_password(url), "host": host_of(url)}
    notes: list[str] = []
    place = None
    try:
        target = checked_url(url, allow_private=fetcher.allow_private)
        place = find_place(target)
        row["host"] = host_of(target)
        page = await fetcher.get(target, limit=PAGE_LIMIT if place else 65_536)
        row.update(_verdict(target, page, notes))
        if row["status"] == "alive" and place is not None:
            place = find_place(page.url) or place
            await _add_facts(row, place, page, fetcher, token, notes)
        elif row["status"] == "alive" and not page.note and not page.body.strip():
            row["empty"] = True
    except RefusedError as error:
        row.update(status="refused", resolves=None)
        notes.append(str(error))
    except NoSuchHostError as error:
        row.update(status="gone", resolves=False, network_doubt=True)
        notes.append(f"no such host: {error}")
    except BrokenError as error:
        row.update(status="broken", resolves=False)
        notes.append(str(error))
    except LaterError as error:
        row.update(status="unknown", resolves=None, retry_at=error.retry_at)
        notes.append(str(error))
    # What is gone matters most here: the archive may be all that is left of it.
    if archive and place is not None and row["status"] in ("alive", "gone", "broken"):
        await _ask_archive(row, place, url, fetcher, notes)
    row["checked_at"] = now()
    row["why"] = "; ".join(notes) or None
    return row


async def finish_one(before: Facts, fetcher: Fetcher) -> Facts | None:
    """Ask Software Heritage what an earlier check of a link had to leave out.

    Returns
    -------
    dict or None
        The earlier check with the answer, its page not visited again and its time kept; None
        where there is no answer yet.
    """
    row, notes = {**before, "retry_at": None}, list[str]()
    target = row["moved_to"] or row["url"]
    place = find_place(target)
    if place is not None:
        await _ask_archive(row, place, str(row["url"]), fetcher, notes)
    if row.get("archived") is None and notes:
        return None
    kept = [part for part in str(row["why"]).split("; ") if not part.startswith(ARCHIVE_LEFT)]
    row["why"] = "; ".join(kept + notes) or None
    return row


def _verdict(target: str, page: Answer, notes: list[str]) -> Facts:
    """Tell from the page's answer alone whether the link lives."""
    row: Facts = {"http_status": page.status, "moved_to": _moved(target, page.url)}
    if page.note:
        notes.append(page.note)
    signin = urlsplit(page.url).path.rstrip("/").endswith(("/sign_in", "/login", "/signin"))
    if 200 <= page.status < 300 and signin and row["moved_to"]:
        notes.append("asks to sign in: private or gone")
        return {**row, "status": "gone", "resolves": False, "moved_to": None}
    if 200 <= page.status < 300:
        if row["moved_to"] and urlsplit(page.url).path in ("", "/") and _deep(target):
            notes.append("leads to a front page, perhaps in place of what was there")
        return {**row, "status": "alive", "resolves": True}
    if page.status in (404, 410, 451) or (page.status == 401 and find_place(target)):
        reason = {404: "not found", 410: "gone for good", 451: "withheld for legal reasons"}
        notes.append(reason.get(page.status, "private or gone"))
        return {**row, "status": "gone", "resolves": False}
    notes.append(f"HTTP {page.status}")
    if page.status in (401, 402, 403):
        return {**row, "status": "closed", "resolves": None}
    return {**row, "status": "unknown", "resolves": None}


async def _add_facts(
    row: Facts,
    place: Place,
    page: Answer,
    fetcher: Fetcher,
    token: str | None,
    notes: list[str],
) -> None:
    """Add what a host tells of a repository; what cannot be asked now stays unknown."""
    try:
        if place.service == "github":
            if not _is_root(page.url, place):
                page = await fetcher.get(place.root, limit=PAGE_LIMIT)
            facts = read_github_page(page.body)
            if any(facts.get(name) is None for name in ("empty", "licence", "last_push")):
                told = await ask_github(place, fetcher, token)
                facts = {name: _first(facts.get(name), told.get(name)) for name in _FACTS}
        else:
            facts = await READERS[place.service](place, fetcher)
    except LaterError as error:
        notes.append(f"not all could be asked: {error}")
        row["retry_at"] = error.retry_at
        facts = read_github_page(page.body) if place.service == "github" else {}
    except (BrokenError, RefusedError, NoSuchHostError, UnreadableError) as error:
        notes.append(f"not all could be asked: {error}")
        facts = read_github_page(page.body) if place.service == "github" else {}
    row.update({name: facts.get(name) for name in _FACTS})


async def _ask_archive(
    row: Facts, place: Place, url: str, fetcher: Fetcher, notes: list[str]
) -> None:
    """Ask Software Heritage for a visit that kept something, under the new and the old name."""
    if place.service == "zenodo":
        return
    old = find_place(checked_url(url, allow_private=True))
    try:
        for root in dict.fromkeys([place.root, old.root if old else place.root]):
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
    except LaterError as error:
        notes.append(f"{ARCHIVE_LEFT}: {error}")
        row["retry_at"] = max(filter(None, [row.get("retry_at"), error.retry_at]))
    except (BrokenError, RefusedError, NoSuchHostError) as error:
        notes.append(f"{ARCHIVE_LEFT}: {error}")


def _moved(old: str, new: str) -> str | None:
    """Return the new URL, unless it is only a matter of https, ``www.`` or a slash."""

    def bare(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url.removesuffix(".git"))
        return host_of(url), unquote(parts.path).rstrip("/").removesuffix(".git"), parts.query

    if host_of(old) in ("doi.org", "dx.doi.org"):  # leading elsewhere is what a DOI is for
        return None
    same, other = bare(old), bare(new)
    if same[0] == other[0] == "github.com":  # names there do not mind their case
        same, other = (same[0], same[1].lower(), same[2]), (other[0], other[1].lower(), other[2])
    return None if same == other else new


def _deep(url: str) -> bool:
    return urlsplit(url).path not in ("", "/")


def _is_root(url: str, place: Place) -> bool:
    return _moved(place.root, url) is None


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
