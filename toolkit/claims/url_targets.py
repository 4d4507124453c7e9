"""What a URL points to: its host, its repository, and one spelling for counting."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from toolkit.claims.places import CODE_PLACES, find_place


class UrlTarget(NamedTuple):
    """What a URL points to: host, repository (``owner/name``) and canonical spelling."""

    host: str
    repo: str | None
    canonical: str


def url_target(url: str) -> UrlTarget:
    """Return what a URL points to.

    Parameters
    ----------
    url : str
        With scheme.

    Returns
    -------
    UrlTarget
        `host`: the service (``github.io`` for every page there). `repo`: ``owner/name`` in lower
        case on a code or model host, else None. `canonical`: the URL without scheme, ``www.``,
        ``.git``, ``/tree/main``, query and final slash, so that equal targets compare equal.

    Examples
    --------
    >>> url_target("http://www.GitHub.com/Me/My_Repo.git/tree/main/")
    UrlTarget(host='github.com', repo='me/my_repo', canonical='github.com/me/my_repo')
    >>> url_target("https://me.github.io/page/").canonical
    'me.github.io/page'
    """
    if url.startswith("swh:"):
        return UrlTarget("archive.softwareheritage.org", None, url)
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return UrlTarget("", None, url)
    name = {"hf.co": "huggingface.co", "m.youtube.com": "youtube.com"}.get(name, name)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    repo = _repository(name, segments)
    if repo:
        kind = ""
        if name == "huggingface.co" and segments[0] in _HF_KINDS:
            kind = f"{segments[0]}/"
        return UrlTarget(name, repo, f"{name}/{kind}{repo}")
    host = next((tail for tail in _SHARED_HOSTS if name.endswith(f".{tail}")), name)
    canonical = "/".join([name, *segments])
    if name in ("youtube.com", "doi.org") and parts.query:
        canonical += f"?{parts.query}"
    return UrlTarget(host, None, canonical)


_HF_KINDS = ("datasets", "spaces", "collections", "papers")
_SHARED_HOSTS = (
    "github.io",
    "gitlab.io",
    "netlify.app",
    "vercel.app",
    "readthedocs.io",
    "hf.space",
    "notion.site",
    "pages.dev",
)
_CODE_HOSTS = {
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "gitee.com",
    "git.sr.ht",
}


def _repository(host: str, segments: list[str]) -> str | None:
    """Return ``owner/name`` where the path names a repository, else None."""
    if (
        host == "anonymous.4open.science"
        and len(segments) > 1
        and segments[0] in ("r", "repository")
    ):
        return f"{segments[0]}/{segments[1]}".lower()
    if host == "huggingface.co" and segments and segments[0] in _HF_KINDS:
        segments = segments[1:]
    elif host != "huggingface.co" and host not in _CODE_HOSTS and not host.startswith("gitlab."):
        return None
    if len(segments) < 2 or segments[0] in ("orgs", "topics", "search", "features", "docs", "blog"):
        return None
    return f"{segments[0]}/{segments[1].removesuffix('.git')}".lower()


def is_code_host(host: str) -> bool:
    """Return whether a host is mainly for source code."""
    return find_place(f"https://{host}/").name in CODE_PLACES or host == "pypi.org"
