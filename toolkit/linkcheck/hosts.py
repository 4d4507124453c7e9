"""Facts about repositories from the pages and APIs of code and data hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pandas as pd

from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.rate_limits import host_of

PAGE_LIMIT = 2_000_000
Facts = dict[str, Any]
#: First path segments of github.com that are not accounts.
_NOT_OWNERS = re.compile(
    r"about|apps|collections|contact|customer-stories|enterprise|events|explore|features|"
    r"issues|join|login|marketplace|new|notifications|orgs|pricing|pulls|readme|search|"
    r"security|settings|signup|site|sponsors|stars|team|topics|trending|users",
    re.IGNORECASE,
)
_NOT_HF = re.compile(
    r"api|blog|chat|collections|docs|enterprise|join|learn|login|models|organizations|"
    r"papers|posts|pricing|settings|tasks",
    re.IGNORECASE,
)
# Files that do not count as content: descriptions, licences, pictures.
_NOT_CONTENT = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|citation|contributing|code_of_conduct|security|"
    r"changelog)(?:[._-].*)?|\.git.*|.*\.(?:png|jpe?g|gif|svg|webp|pdf|mp4)|"
    r"(?:assets?|figs?|figures?|images?|imgs?|media|pics?|static|teaser)",
    re.IGNORECASE,
)
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying)(?:[._-].*)?", re.IGNORECASE)
_JSON_START = re.compile(rb'<script type="application/json" data-target="react-[^"]{1,60}">')


@dataclass(frozen=True)
class Repository:
    """A repository or record that a link leads to."""

    service: str
    path: str
    root: str
    kind: str = ""


def find_repository(url: str) -> Repository | None:
    """Return the repository or record of a URL; None for any other page.

    Examples
    --------
    >>> find_repository("https://github.com/lantern/oak/tree/main/src").path
    'lantern/oak'
    >>> find_repository("https://lantern.github.io/oak") is None
    True
    """
    host, path = host_of(url), urlsplit(url).path
    steps = [unquote(step) for step in path.split("/") if step]
    if any("/" in step or step in (".", "..") for step in steps):
        return None
    if host == "github.com" and len(steps) >= 2 and not _NOT_OWNERS.fullmatch(steps[0]):
        return _repository("github", host, [steps[0], steps[1].removesuffix(".git")])
    if host == "bitbucket.org" and len(steps) >= 2:
        return _repository("bitbucket", host, [steps[0], steps[1].removesuffix(".git")])
    if host == "gitlab.com" and len(steps) >= 2:
        end = next((i for i, s in enumerate(steps) if s in ("-", "tree", "blob")), len(steps))
        return _repository("gitlab", host, [*steps[: end - 1], steps[end - 1].removesuffix(".git")])
    if host in ("huggingface.co", "hf.co") and steps:
        kind = steps[0] if steps[0] in ("datasets", "spaces") else "models"
        own = steps[1:3] if kind != "models" else steps[:2]
        if len(own) == 2 and not _NOT_HF.fullmatch(steps[0]):
            prefix = [] if kind == "models" else [kind]
            return _repository("huggingface", "huggingface.co", [*prefix, *own], kind, own)
    record = re.fullmatch(r"/(?:record|records)/(\d+)(?:/.*)?", path)
    if host == "zenodo.org" and record:
        return _repository("zenodo", host, ["records", record[1]], "", [record[1]])
    record = re.fullmatch(r"/10\.5281/zenodo\.(\d+)", path, re.IGNORECASE)
    if host in ("doi.org", "dx.doi.org") and record:
        return _repository("zenodo", "zenodo.org", ["records", record[1]], "", [record[1]])
    return None


def read_github_page(body: bytes) -> Facts:
    """Return the facts in a GitHub repository page, from the JSON for the page's script."""
    found: Facts = {}
    for data in _embedded(body):
        for key, value in _walk(data):
            if key in ("repo", "refInfo", "tree", "overview") and isinstance(value, dict):
                found.setdefault(key, value)
    # The banner is above the data and the README, which could contain the same words.
    head = body[: match.start()] if (match := _JSON_START.search(body)) else b""
    names = [str(item.get("name", "")) for item in _dicts(found.get("tree", {}).get("items"))]
    facts: Facts = {"read_only": b"archived by the owner" in head} if head else {}
    if found.get("repo", {}).get("isEmpty") is True:
        return {**facts, "empty": True, "licence": "none", "last_push": _listed_at(found)}
    if not names:
        return facts
    tabs = [
        str(entry.get("tabName") or "other")
        for entry in _dicts(found.get("overview", {}).get("overviewFiles"))
        if entry.get("preferredFileType") == "license"
    ]
    return {
        **facts,
        "empty": _nothing_but_readme(names),
        "licence": _licence(tabs[0]) if tabs else _licence_of_files(names),
        "last_push": _listed_at(found),
    }


def _listed_at(found: Facts) -> pd.Timestamp | None:
    """Return when the list of branches last changed: the last push."""
    stamp = re.fullmatch(
        r"v0:(\d{9,10})(?:\.\d+)?", str(found.get("refInfo", {}).get("listCacheKey"))
    )
    return pd.Timestamp(int(stamp[1]), unit="s") if stamp else None


async def ask_github(repository: Repository, fetcher: Fetcher, token: str | None) -> Facts:
    """Return facts from GitHub's API, with at most two requests of its quota."""
    headers = {"Accept": "application/vnd.github+json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    base = f"https://api.github.com/repos/{quote(repository.path)}"
    data = await _json(fetcher, base, headers)
    licence = data.get("license")
    facts: Facts = {
        "read_only": data.get("archived"),
        "last_push": _timestamp(data.get("pushed_at")),
        "licence": _licence(licence.get("spdx_id")) if isinstance(licence, dict) else "none",
    }
    if data.get("size") == 0:
        return {**facts, "empty": True}
    listing = await _json(fetcher, f"{base}/contents/", headers, kind=list)
    return {**facts, "empty": _nothing_but_readme(_names(listing, "name"))}


async def _gitlab(repository: Repository, fetcher: Fetcher) -> Facts:
    base = f"https://gitlab.com/api/v4/projects/{quote(repository.path, safe='')}"
    data = await _json(fetcher, f"{base}?license=true")
    licence = data.get("license")
    facts: Facts = {
        "read_only": data.get("archived"),
        "last_push": _timestamp(data.get("last_activity_at")),
        "licence": _licence(licence.get("key")) if isinstance(licence, dict) else "none",
    }
    if data.get("empty_repo"):
        return {**facts, "empty": True}
    listing = await _json(fetcher, f"{base}/repository/tree?per_page=100", kind=list)
    return {**facts, "empty": _nothing_but_readme(_names(listing, "name"))}


async def _bitbucket(repository: Repository, fetcher: Fetcher) -> Facts:
    base = f"https://api.bitbucket.org/2.0/repositories/{quote(repository.path)}"
    data = await _json(fetcher, base)
    facts: Facts = {"last_push": _timestamp(data.get("updated_on"))}
    if not data.get("mainbranch"):
        return {**facts, "empty": True, "licence": "none"}
    listing = await _json(fetcher, f"{base}/src/?pagelen=100")
    names = _names(listing.get("values"), "path")
    return {
        **facts,
        "empty": _nothing_but_readme(names),
        "licence": _licence_of_files(names),
    }


async def _huggingface(repository: Repository, fetcher: Fetcher) -> Facts:
    data = await _json(
        fetcher, f"https://huggingface.co/api/{repository.kind}/{quote(repository.path)}"
    )
    tags = data.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    named = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    names = _names(data.get("siblings"), "rfilename")
    return {
        "last_push": _timestamp(data.get("lastModified")),
        "read_only": data.get("disabled"),
        "licence": _licence(named[0]) if named else "none",
        "empty": _nothing_but_readme(names),
    }


async def _zenodo(repository: Repository, fetcher: Fetcher) -> Facts:
    data = await _json(fetcher, f"https://zenodo.org/api/records/{repository.path}")
    about = data.get("metadata")
    about = about if isinstance(about, dict) else {}
    licence = about.get("license")
    name = licence.get("id") if isinstance(licence, dict) else licence
    return {
        "last_push": _timestamp(data.get("modified") or data.get("updated")),
        "licence": _licence(name) if name else "none",
        # A record with restricted files lists none, but is not empty.
        "empty": not data.get("files") if about.get("access_right", "open") == "open" else None,
    }


READERS = {
    "gitlab": _gitlab,
    "bitbucket": _bitbucket,
    "huggingface": _huggingface,
    "zenodo": _zenodo,
}


class UnreadableError(Exception):
    """An API answered otherwise than documented."""


async def _json(
    fetcher: Fetcher, url: str, headers: dict[str, str] | None = None, *, kind: type = dict
) -> Any:
    answer = await fetcher.get(url, limit=PAGE_LIMIT, headers=headers)
    if answer.status != 200:
        raise UnreadableError(f"{host_of(url)} answered {answer.status}")
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{host_of(url)} sent no JSON") from None
    if not isinstance(data, kind):
        raise UnreadableError(f"{host_of(url)} sent other JSON than documented")
    return data


def _repository(
    service: str, host: str, steps: list[str], kind: str = "", own: list[str] | None = None
) -> Repository:
    root = f"https://{host}/" + "/".join(quote(step) for step in steps)
    return Repository(service, "/".join(own or steps), root, kind)


def _embedded(body: bytes) -> Iterator[Any]:
    """Yield the JSON documents in a page's script elements."""
    for match in _JSON_START.finditer(body):
        end = body.find(b"</script>", match.end())
        if end < 0:
            return
        try:
            yield json.loads(body[match.end() : end])
        except (ValueError, RecursionError):
            continue


def _walk(data: Any, depth: int = 6) -> Iterator[tuple[str, Any]]:
    if depth and isinstance(data, dict):
        for key, value in data.items():
            yield key, value
            yield from _walk(value, depth - 1)


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def _names(values: Any, key: str) -> list[str]:
    return [str(value.get(key, "")) for value in _dicts(values)]


def _nothing_but_readme(names: Iterable[str]) -> bool:
    return all(_NOT_CONTENT.fullmatch(name.split("/")[0]) for name in names)


def _licence(name: Any) -> str:
    text = str(name or "").strip()[:60]
    return "other" if text.lower() in ("", "license", "noassertion", "unknown") else text.lower()


def _licence_of_files(names: Iterable[str]) -> str:
    return "other" if any(_LICENCE_FILE.fullmatch(name) for name in names) else "none"


def _timestamp(text: Any) -> pd.Timestamp | None:
    if not isinstance(text, str):
        return None
    stamp = pd.to_datetime(text, errors="coerce", utc=True, format="ISO8601")
    return None if pd.isna(stamp) else stamp.tz_localize(None)
