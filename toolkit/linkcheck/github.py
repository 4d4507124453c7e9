"""Facts about repositories at GitHub: from the page first, as its API has a small quota."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pandas as pd

from toolkit.linkcheck.facts import Facts, licence_name, timestamp
from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.host_apis import dicts, get_json, names_of
from toolkit.linkcheck.hosts import Repository
from toolkit.linkcheck.page_text import to_markdown

_JSON_START = re.compile(rb'<script type="application/json" data-target="react-[^"]{1,60}">')
_RELEASE = re.compile(rb'href="/[^"\s]{1,200}/releases/tag/')


def read_github_page(body: bytes) -> Facts:
    """Return the facts in a GitHub repository page, from the JSON for the page's script."""
    found: dict[str, Any] = {}
    for data in _embedded(body):
        for key, value in _walk(data):
            if key in ("repo", "refInfo", "tree", "overview") and isinstance(value, dict):
                found.setdefault(key, value)
    # The banner is above the data and the README, which could contain the same words.
    head = body[: match.start()] if (match := _JSON_START.search(body)) else b""
    read_only = b"archived by the owner" in head if head else None
    if found.get("repo", {}).get("isEmpty") is True:
        return Facts("none", _listed_at(found), read_only, empty=True, names=())
    names = tuple(
        str(item.get("name", "")) + "/" * (item.get("contentType") == "directory")
        for item in dicts(found.get("tree", {}).get("items"))
    )
    if not names:
        return Facts(read_only=read_only)
    files = dicts(found.get("overview", {}).get("overviewFiles"))
    tabs = [
        str(entry.get("tabName") or "other")
        for entry in files
        if entry.get("preferredFileType") == "license"
    ]
    return Facts(
        licence=licence_name(tabs[0]) if tabs else None,
        last_push=_listed_at(found),
        read_only=read_only,
        names=names,
        readme=_readme(files),
        release=True if _RELEASE.search(body) else None,
    )


async def complete(facts: Facts, repository: Repository, fetcher: Fetcher) -> Facts:
    """Return the facts of a page, with those that other pages have: the README, workflows."""
    names = facts.names or ()
    readme = next((n for n in names if re.fullmatch(r"readme(?:\.\w{1,8})?", n, re.IGNORECASE)), "")
    if facts.readme is None and readme:
        root = f"https://raw.githubusercontent.com/{quote(repository.path)}/HEAD/"
        answer = await fetcher.get(root + quote(readme), limit=200_000)
        if answer.status == 200:
            facts = facts.filled_from(Facts(readme=answer.body.decode("utf-8", "replace")))
    if ".github/" in names:
        answer = await fetcher.get(f"{repository.root}/tree/HEAD/.github/workflows", limit=1)
        facts = facts.filled_from(Facts(ci=answer.status == 200))
    return facts


async def ask_github(repository: Repository, fetcher: Fetcher, token: str | None) -> Facts:
    """Return facts from GitHub's API, with at most two requests of its quota."""
    headers = {"Accept": "application/vnd.github+json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    base = f"https://api.github.com/repos/{quote(repository.path)}"
    data = await get_json(fetcher, base, headers)
    licence = data.get("license")
    facts = Facts(
        licence=licence_name(licence.get("spdx_id")) if isinstance(licence, dict) else "none",
        last_push=timestamp(data.get("pushed_at")),
        read_only=data.get("archived"),
    )
    if data.get("size") == 0:
        return facts.filled_from(Facts(empty=True, names=()))
    listing = await get_json(fetcher, f"{base}/contents/", headers, kind=list)
    return facts.filled_from(Facts(names=names_of(listing, "name")))


def _readme(files: list[dict[str, Any]]) -> str | None:
    for entry in files:
        text = entry.get("richText")
        if entry.get("preferredFileType") == "readme" and isinstance(text, str):
            return to_markdown(text)
    return None


def _listed_at(found: dict[str, Any]) -> pd.Timestamp | None:
    """Return when the list of branches last changed: the last push."""
    stamp = re.fullmatch(
        r"v0:(\d{9,10})(?:\.\d+)?", str(found.get("refInfo", {}).get("listCacheKey"))
    )
    return pd.Timestamp(int(stamp[1]), unit="s") if stamp else None


def _embedded(body: bytes) -> Iterator[Any]:
    """Yield the JSON documents in a page's script elements."""
    end = 0
    while match := _JSON_START.search(body, end):
        end = body.find(b"</script>", match.end())
        if end < 0:
            return
        with contextlib.suppress(ValueError, RecursionError):
            yield json.loads(body[match.end() : end])


def _walk(data: Any, depth: int = 6) -> Iterator[tuple[str, Any]]:
    if depth and isinstance(data, dict):
        for key, value in data.items():
            yield key, value
            yield from _walk(value, depth - 1)
