"""Which of the repositories that a full text names is the paper's own.

A paper names its own repository in other places and words than those it uses or cites: in the
availability statement, in a footnote at "we release", once, with an owner called like an author
or a name like the title. Each sign has a weight of a logistic model, fitted by
`scripts/fit_repositories.py` on papers labelled by hand (its figures are in `tests/bench`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from toolkit.claims.account_names import (
    is_author,
    is_like_title,
    is_named,
    is_written_together,
    shares_author,
    stands_in,
)
from toolkit.claims.repository_words import (
    ARCHIVED,
    AVAILABLE,
    CITES,
    CODE,
    DEPOSITED_CODE,
    GIVES,
    OF_OTHERS,
    REVIEW,
    THIS_PAPER,
    USES,
)
from toolkit.claims.url_targets import is_code_host, url_target


class Mention(NamedTuple):
    """A place where a full text names a link.

    Parameters
    ----------
    url : str
        As it stands there.
    kind : str
        What the sentence says it holds.
    own : bool
        Whether the sentence alone says that it is the authors'.
    section : str
        Of the full text.
    heading : str
        Of that section; may be empty.
    sentence : str
        With the address in it.
    line : str
        The paragraph, footnote or reference that it stands in.
    """

    url: str
    kind: str
    own: bool
    section: str
    heading: str
    sentence: str
    line: str


class Paper(NamedTuple):
    """What else of a paper tells which repository is its own.

    Parameters
    ----------
    title, abstract : str
        Text.
    authors : str
        Names, separated by ``;`` or line breaks.
    front : str
        What stands between title and abstract: authors and affiliations.
    """

    title: str
    abstract: str
    authors: str
    front: str


_INSIDE = re.compile(
    r"/(?:issues|pull|wiki|discussions|releases|commit|blob|search|labels)(?:/|\?|$)"
)
#: Weights of the signs, and what is added; from `scripts/fit_repositories.py`.
WEIGHTS: Mapping[str, float] = {
    "availability": 1.46,
    "abstract": 0.64,
    "reference by others": -0.49,
    "only references": -1.59,
    "reference by an author": 2.85,
    "sentence says own": 0.85,
    "we give": 0.73,
    "available": 0.79,
    "this paper": 2.05,
    "archived": 1.68,
    "uses": -0.80,
    "of others": -2.30,
    "cites": -1.13,
    "owner like author": 3.16,
    "owner in affiliations": 0.70,
    "name like title": 1.66,
    "name in abstract": 0.71,
    "named again": 0.50,
    "account again": 1.39,
    "account shown": 0.87,
    "the only one": 1.23,
    "many repositories": -1.45,
    "inside it": -1.35,
    "code host": 0.47,
    "review": -1.11,
}
INTERCEPT = -1.45
#: From this probability on, a repository is the paper's own.
THRESHOLD = 0.58


#: One deposit under its address and its DOI.
_ID_OF_DEPOSIT = re.compile(
    r"^(?:osf\.io/|(?:dx\.)?doi\.org/10\.17605/osf\.io/)([a-z0-9]{5})(?![a-z0-9])"
    r"|^(?:zenodo\.org/(?:records?|deposit)/|(?:dx\.)?doi\.org/10\.5281/zenodo\.)(\d+)"
)


def repository_key(url: str) -> str:
    """Return one name for what a link leads to: the repository, else the address.

    Examples
    --------
    >>> repository_key("https://www.github.com/Me/Moon/tree/main/src")
    'github.com/me/moon'
    >>> repository_key("https://doi.org/10.17605/OSF.IO/AB12C")
    'osf.io/ab12c'
    """
    target = url_target(url)
    if deposit := _ID_OF_DEPOSIT.search(target.canonical.lower()):
        return f"osf.io/{deposit[1]}" if deposit[1] else f"zenodo.org/records/{deposit[2]}"
    return f"{target.host}/{target.repo}" if target.repo else target.canonical.lower()


def account_of(key: str) -> str:
    """Return host and account of a repository, nothing of other addresses.

    Examples
    --------
    >>> account_of("github.com/me/moon"), account_of("osf.io/ab12c")
    ('github.com/me', '')
    """
    host, _, rest = key.partition("/")
    return key.rpartition("/")[0] if is_code_host(host) and "/" in rest else ""


_HOSTS_OF_REPOSITORIES = frozenset(["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"])
#: Archives where people deposit code and data, and the beginnings of their DOIs.
_DEPOSIT = re.compile(
    r"^(?:osf\.io|zenodo\.org|figshare\.com|codeocean\.com|data\.mendeley\.com|datadryad\.org|"
    r"dataverse\.|archive\.softwareheritage\.org)|"
    r"^(?:dx\.)?doi\.org/10\.(?:5281|6084|17605|5061|7910|24433|17632|5066|6078|5255|26180|25384|"
    r"34740|18126|21227)/"
)
#: Registries of packages.
_REGISTRY = re.compile(
    r"^(?:cran\.|bioconductor\.|pypi\.|anaconda\.|juliahub\.|npmjs\.|ascl\.net|rforge\.|r-forge\.)"
)
#: Where code stands besides: registries, pages of projects and of people.
_MAY_HOLD_CODE = re.compile(
    rf"{_REGISTRY.pattern}|"
    r"^(?:[\w-]+\.)*(?:github|gitlab|gitee|readthedocs|bitbucket)\.io(?:/|$)|modelscope\.|huggingface\.co|"
    r"/~\w+/(?!.*\.(?:pdf|html?)$)|/(?:software|code)s?(?:/|$)"
)


def is_deposit(url: str) -> bool:
    """Return whether an address is that of an archive where people deposit code and data."""
    return _DEPOSIT.search(url_target(url).canonical.lower()) is not None


def is_candidate(mentions: Sequence[Mention], paper: Paper) -> bool:
    """Return whether a link may be a repository: by its host, or by what is said of it."""
    url = mentions[0].url
    target = url_target(url)
    if target.host.startswith("docs."):
        return False
    text = [one for one in mentions if one.section != "references"]
    said = [one for one in text if one.kind == "code" and one.own]
    if is_code_host(target.host):
        # An account's page counts where the text says that the authors' code is there.
        named = bool(urlsplit(url).path.strip("/"))
        return target.repo is not None or (
            named and (bool(said) or target.host not in _HOSTS_OF_REPOSITORIES)
        )
    if target.host.startswith("gist."):
        return True
    if is_deposit(url):
        return any(one.kind == "code" or names_code(_up_to(one)) for one in text) or any(
            (names_code(one.line) or is_like_title(one.line, paper.title))
            and shares_author(one.line, paper.authors)
            for one in mentions
            if one.section == "references"
        )
    address = target.canonical.lower()
    named = is_named(re.split(r"[/=]", address)[-1], paper.title)
    if named and _REGISTRY.search(address):
        return True
    if _MAY_HOLD_CODE.search(address):
        return bool(said)
    return named and any(AVAILABLE.search(one.sentence) for one in said)


def _up_to(mention: Mention) -> str:
    """Return the sentence of a deposit, in an availability statement with what comes before."""
    before = mention.line.partition(mention.url)[0] if mention.section == "availability" else ""
    return f"{before[-_FAR:]} {mention.sentence}"


def names_code(words: str) -> bool:
    """Return whether a sentence about a deposit says that code is in it."""
    return DEPOSITED_CODE.search(words) is not None


def signs(
    key: str, mentions: Sequence[Mention], paper: Paper, others: Collection[str]
) -> dict[str, float]:
    """Return the signs for and against a repository being the paper's own.

    Parameters
    ----------
    key : str
        From `repository_key`.
    mentions : sequence of Mention
        Where the paper names it.
    paper : Paper
        The paper.
    others : collection of str
        The keys of all repositories that the paper names outside its references.
    """
    sections = {one.section for one in mentions}
    text = [one for one in mentions if one.section != "references"]
    listed = [one for one in mentions if one.section == "references"]
    near = [_words_around(one) for one in text]
    whole = [f"{left} {right}" for left, right in near]
    uses = bool(near) and all(_is_used(left[-120:]) for left, _ in near)
    of_others = any(map(OF_OTHERS.search, whole))
    cites = bool(near) and all(map(CITES.search, whole))
    offered = not (uses or cites or of_others) and (
        bool(sections & {"availability", "abstract", "title", "front"})
        or any(AVAILABLE.search(one) or GIVES.search(one) for one in whole)
    )
    owner, name = _owner_and_name(key, mentions[0].url)
    own = (
        is_author(owner, paper.authors)
        or is_written_together(owner, paper.front)
        or is_named(owner, paper.title)
    )
    by_author = any(shares_author(one.line, paper.authors) for one in listed)
    # Of an account with several repositories in the text, the paper mostly uses all or none.
    account = account_of(key)
    beside = [one for one in others if account and one != key and one.startswith(f"{account}/")]
    return {
        "availability": "availability" in sections,
        "abstract": bool(sections & {"abstract", "title", "front"}),
        "only references": not text,
        "reference by an author": by_author,
        "reference by others": bool(listed and text) and not by_author,
        "sentence says own": any(one.own and one.kind in ("code", "project") for one in text),
        "we give": any(GIVES.search(left) for left, _ in near),
        "available": any(AVAILABLE.search(one) and CODE.search(one) for one in whole),
        "this paper": any(map(THIS_PAPER.search, whole)),
        "archived": any(ARCHIVED.search(left[-40:]) for left, _ in near),
        "uses": uses,
        "of others": of_others,
        "cites": cites,
        "owner like author": own,
        "owner in affiliations": not own and stands_in(owner, paper.front),
        "name like title": is_named(name, paper.title),
        "name in abstract": is_named(name, paper.abstract),
        "named again": len(text) > 1,
        "account again": min(len(beside), 2) / 2,
        "the only one": len(others) == 1 and key in others and offered,
        "many repositories": min(max(len({account_of(one) or one for one in others}) - 2, 0), 8)
        / 8,
        "inside it": all(_INSIDE.search(one.url) is not None for one in mentions),
        "review": REVIEW.search(paper.title) is not None,
        "code host": is_code_host(url_target(mentions[0].url).host),
    }


def own_probability(found: Mapping[str, float]) -> float:
    """Return how probable it is, by its signs, that a repository is the paper's own."""
    score = INTERCEPT + sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-score))


def _is_used(left: str) -> bool:
    """Return whether the words before an address say that it was used, and not that it is given."""
    found = [one.end() for one in USES.finditer(left)]
    return bool(found) and AVAILABLE.search(left, found[-1]) is None


def _words_around(mention: Mention) -> tuple[str, str]:
    """Return the words before and after the address, up to the next addresses."""
    sentence = mention.sentence
    at = sentence.find(mention.url)
    if at < 0:
        return sentence[-_FAR:], ""
    left, right = sentence[max(0, at - _FAR) : at], sentence[at + len(mention.url) :][: _FAR // 2]
    parts = _ADDRESS.split(left)
    # Of a list of addresses, the words before the list are those of each.
    left = parts[-1] if len(parts[-1].split()) > 2 else " ".join(parts[-2:])
    return left, _ADDRESS.split(right)[0]


_FAR = 260
_ADDRESS = re.compile(r"https?://\S+")


def _owner_and_name(key: str, url: str) -> tuple[str, str]:
    target = url_target(url)
    if target.repo:
        owner, _, name = target.repo.partition("/")
        return owner, name
    host = (urlsplit(url).hostname or "").split(".")
    return host[0] if host else "", key.rstrip("/").rpartition("/")[2]
