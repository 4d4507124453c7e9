"""Which repository, record or archive a link leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from toolkit.linkcheck.rate_limits import host_of

_I = re.IGNORECASE
#: First path segments of github.com that are not accounts.
_NOT_OWNERS = re.compile(
    r"about|apps|collections|contact|customer-stories|enterprise|events|explore|features|"
    r"issues|join|login|marketplace|new|notifications|orgs|pricing|pulls|readme|search|"
    r"security|settings|signup|site|sponsors|stars|team|topics|trending|users",
    _I,
)
_NOT_HF = re.compile(
    r"api|blog|chat|collections|docs|enterprise|join|learn|login|models|organizations|"
    r"papers|posts|pricing|settings|tasks",
    _I,
)
#: Hosts that keep what they have for good, and prefixes of their DOIs.
_ARCHIVES = re.compile(
    r"(?:[\w-]+\.)?(?:zenodo\.org|figshare\.com|datadryad\.org|osf\.io|dataverse\.[\w.]+|"
    r"softwareheritage\.org|codeocean\.com|data\.mendeley\.com|pangaea\.de|4tu\.nl|"
    r"ieee-dataport\.org|openicpsr\.org|dans\.knaw\.nl|arxiv\.org)|dataverse[\w.-]*",
    _I,
)
_ARCHIVE_DOI = re.compile(
    r"/10\.(?:5281/zenodo|6084/m9|17605/osf|5061/dryad|7910/dvn|17632/|24433/|21227/|25384/|"
    r"4121/|1594/pangaea|18710/|34894/)",
    _I,
)


@dataclass(frozen=True)
class Repository:
    """A repository or record that a link leads to."""

    service: str
    path: str
    root: str
    kind: str = ""

    @property
    def host(self) -> str:
        """The host that its pages and API are at."""
        return host_of(self.root)


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
    two = [steps[0], steps[1].removesuffix(".git")] if len(steps) >= 2 else []
    if host == "github.com" and two and not _NOT_OWNERS.fullmatch(steps[0]):
        return _repository("github", host, two)
    if host in ("bitbucket.org", "codeberg.org") and two:
        return _repository(host.partition(".")[0], host, two)
    if (host == "gitlab.com" or host.startswith("gitlab.")) and two:
        end = next((i for i, s in enumerate(steps) if s in ("-", "tree", "blob")), len(steps))
        if end >= 2:
            own = [*steps[: end - 1], steps[end - 1].removesuffix(".git")]
            return _repository("gitlab", host, own)
    if host in ("huggingface.co", "hf.co") and steps:
        kind = steps[0] if steps[0] in ("datasets", "spaces") else "models"
        own = steps[1:3] if kind != "models" else steps[:2]
        if len(own) == 2 and not _NOT_HF.fullmatch(steps[0]):
            prefix = [] if kind == "models" else [kind]
            return _repository("huggingface", "huggingface.co", [*prefix, *own], kind, own)
    if host == "anonymous.4open.science" and two and steps[0] in ("r", "repository"):
        return _repository("anonymous", host, ["r", steps[1]], "", [steps[1]])
    if host == "osf.io" and steps and re.fullmatch(r"[a-z0-9]{5}", steps[0], _I):
        return _repository("osf", host, steps[:1])
    record = re.fullmatch(r"/(?:record|records)/(\d+)(?:/.*)?", path)
    if host == "zenodo.org" and record:
        return _repository("zenodo", host, ["records", record[1]], "", [record[1]])
    record = re.fullmatch(r"/10\.5281/zenodo\.(\d+)", path, _I)
    if host in ("doi.org", "dx.doi.org") and record:
        return _repository("zenodo", "zenodo.org", ["records", record[1]], "", [record[1]])
    return None


def is_archive(url: str) -> bool:
    """Return whether a URL is kept for good where it is: at Zenodo, OSF, figshare and the like.

    Examples
    --------
    >>> is_archive("https://zenodo.org/records/7"), is_archive("https://github.com/lantern/oak")
    (True, False)
    """
    host, path = host_of(url), urlsplit(url).path
    if host in ("doi.org", "dx.doi.org"):
        return _ARCHIVE_DOI.match(path) is not None
    return _ARCHIVES.fullmatch(host) is not None and path not in ("", "/")


def _repository(
    service: str, host: str, steps: list[str], kind: str = "", own: list[str] | None = None
) -> Repository:
    root = f"https://{host}/" + "/".join(quote(step) for step in steps)
    return Repository(service, "/".join(own or steps), root, kind)
