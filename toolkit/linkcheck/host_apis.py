"""Facts about repositories from the APIs of other hosts of code and data."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from toolkit.linkcheck.facts import Facts, licence_name, timestamp
from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.hosts import Repository
from toolkit.linkcheck.page_text import to_markdown
from toolkit.linkcheck.rate_limits import host_of

PAGE_LIMIT = 2_000_000
_README_LIMIT = 200_000


class UnreadableError(Exception):
    """An API answered otherwise than documented."""


class MissingError(Exception):
    """An API says that the repository is not there, or closed; `state` is that of the link."""

    def __init__(self, why: str, state: str = "gone") -> None:
        super().__init__(why)
        self.state = state


async def get_json(
    fetcher: Fetcher, url: str, headers: dict[str, str] | None = None, *, kind: type = dict
) -> Any:
    """Return the JSON at a URL.

    Raises
    ------
    UnreadableError
        Another status than 200, or other JSON than documented.
    """
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


async def _gitlab(repository: Repository, fetcher: Fetcher) -> Facts:
    base = f"https://{repository.host}/api/v4/projects/{quote(repository.path, safe='')}"
    data = await get_json(fetcher, f"{base}?license=true")
    licence = data.get("license")
    facts = Facts(
        licence=licence_name(licence.get("key")) if isinstance(licence, dict) else None,
        last_push=timestamp(data.get("last_activity_at")),
        read_only=data.get("archived"),
    )
    if data.get("empty_repo"):
        return facts.filled_from(Facts(licence="none", empty=True, names=()))
    listing = await get_json(fetcher, f"{base}/repository/tree?per_page=100", kind=list)
    names = names_of(listing, "name")
    readme = await _readme_of(f"{repository.root}/-/raw/HEAD/", names, fetcher)
    return facts.filled_from(Facts(names=names, readme=readme))


async def _bitbucket(repository: Repository, fetcher: Fetcher) -> Facts:
    base = f"https://api.bitbucket.org/2.0/repositories/{quote(repository.path)}"
    data = await get_json(fetcher, base)
    facts = Facts(last_push=timestamp(data.get("updated_on")))
    if not data.get("mainbranch"):
        return facts.filled_from(Facts(licence="none", empty=True, names=()))
    listing = await get_json(fetcher, f"{base}/src/?pagelen=100")
    names = names_of(listing.get("values"), "path")
    readme = await _readme_of(f"{repository.root}/raw/HEAD/", names, fetcher)
    return facts.filled_from(Facts(names=names, readme=readme))


async def _codeberg(repository: Repository, fetcher: Fetcher) -> Facts:
    base = f"https://{repository.host}/api/v1/repos/{quote(repository.path)}"
    data = await get_json(fetcher, base)
    licences = data.get("licenses")
    facts = Facts(
        licence=licence_name(licences[0]) if isinstance(licences, list) and licences else None,
        last_push=timestamp(data.get("updated_at")),
        read_only=data.get("archived"),
        release=True if data.get("release_counter") else None,
    )
    if data.get("empty"):
        return facts.filled_from(Facts(licence="none", empty=True, names=()))
    names = names_of(await get_json(fetcher, f"{base}/contents", kind=list), "name")
    readme = await _readme_of(f"{base}/raw/", names, fetcher)
    return facts.filled_from(Facts(names=names, readme=readme))


async def _huggingface(repository: Repository, fetcher: Fetcher) -> Facts:
    data = await get_json(
        fetcher, f"https://huggingface.co/api/{repository.kind}/{quote(repository.path)}"
    )
    tags = data.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    named = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    names = names_of(data.get("siblings"), "rfilename")
    return Facts(
        licence=licence_name(named[0]) if named else "none",
        last_push=timestamp(data.get("lastModified")),
        read_only=data.get("disabled"),
        names=names,
        readme=await _readme_of(f"{repository.root}/raw/main/", names, fetcher),
    )


async def _zenodo(repository: Repository, fetcher: Fetcher) -> Facts:
    data = await get_json(fetcher, f"https://zenodo.org/api/records/{repository.path}")
    about = data.get("metadata")
    about = about if isinstance(about, dict) else {}
    licence = about.get("license")
    name = licence.get("id") if isinstance(licence, dict) else licence
    files = names_of(data.get("files"), "key")
    # A record with restricted files lists none, but is not empty.
    is_open = about.get("access_right", "open") == "open"
    return Facts(
        licence=licence_name(name) if name else "none",
        last_push=timestamp(data.get("modified") or data.get("updated")),
        empty=not files if is_open else None,
        names=files if is_open else None,
        readme=to_markdown(str(about.get("description") or "")),
        release=True,
    )


async def _osf(repository: Repository, fetcher: Fetcher) -> Facts:
    """Ask OSF's API: its pages are made by scripts, and the same for all ids."""
    answer = await fetcher.get(f"https://api.osf.io/v2/guids/{repository.path}/", limit=PAGE_LIMIT)
    _raise_missing(answer.status)
    if answer.status != 200:
        raise UnreadableError(f"api.osf.io answered {answer.status}")
    return Facts()


async def _anonymous(repository: Repository, fetcher: Fetcher) -> Facts:
    """Ask Anonymous GitHub's API: its pages are made by scripts, and the same for all names."""
    base = f"https://{repository.host}/api/repo/{quote(repository.path)}"
    answer = await fetcher.get(f"{base}/options", limit=PAGE_LIMIT)
    _raise_missing(answer.status)
    if answer.status != 200:
        raise UnreadableError(f"{repository.host} answered {answer.status}")
    listing = await get_json(fetcher, f"{base}/files", kind=list)
    names = tuple(
        "/".join(filter(None, (str(item.get("path") or ""), str(item.get("name") or ""))))
        for item in dicts(listing)
    )
    readme = await _readme_of(f"{base}/file/", names, fetcher)
    return Facts(names=names, readme=readme)


def _raise_missing(status: int) -> None:
    if status in (404, 410):
        raise MissingError("not found" if status == 404 else "expired or withdrawn")
    if status in (401, 403):
        raise MissingError("private", "login")


READERS: dict[str, Callable[[Repository, Fetcher], Awaitable[Facts]]] = {
    "gitlab": _gitlab,
    "bitbucket": _bitbucket,
    "codeberg": _codeberg,
    "huggingface": _huggingface,
    "zenodo": _zenodo,
    "osf": _osf,
    "anonymous": _anonymous,
}
#: Services whose pages are the same for all addresses: only the API tells.
SHELLS = ("osf", "anonymous")


async def _readme_of(base: str, names: tuple[str, ...], fetcher: Fetcher) -> str | None:
    """Return the text of the README among files; None where it cannot be read."""
    readmes = [n for n in names if re.fullmatch(r"readme(?:\.\w{1,8})?", n, re.IGNORECASE)]
    if not readmes:
        return ""
    name = min(readmes, key=lambda one: (not one.lower().endswith(".md"), one))
    answer = await fetcher.get(base + quote(name), limit=_README_LIMIT)
    return answer.body.decode("utf-8", "replace") if answer.status == 200 else None


def dicts(values: Any) -> list[dict[str, Any]]:
    """Return the dicts of a list; none of anything else."""
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []


def names_of(values: Any, key: str) -> tuple[str, ...]:
    """Return the names of files in a listing, with ``/`` after those of folders."""
    folders = ("dir", "tree", "directory", "commit_directory")
    return tuple(
        str(value.get(key, "")) + "/" * (value.get("type") in folders) for value in dicts(values)
    )
