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

from toolkit.claims.account_names import is_author, is_named, shares_author, stands_in
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


_GIVES = re.compile(
    r"\b(?:we|our|ours|us)\b[^.;]{0,120}?\b(?:releas|avail|provid|open|publish|shar|develop|host|"
    r"implement|creat|wr[io]te|written|built|present|introduc|deposit|made|make|found|at\b)",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    r"\b(?:avail\w*|accessible|accessed|found|hosted|released?|open[- ]?sourced?|download\w*|"
    r"deposited|archived|published|provided (?:at|in|on|as|with|through|here|via)|shared|"
    r"obtained)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:codes?|scripts?|software|implementations?|packages?|repositor(?:y|ies)|notebooks?|"
    r"source|programs?|toolbox|toolkit|library|pipelines?|github)\b",
    re.IGNORECASE,
)
_THIS_PAPER = re.compile(
    r"\b(?:(?:this|the present|our) (?:paper|work|study|article|manuscript|project|research|"
    r"analys[ie]s|publication)|reproduc\w+|replicat\w+|all (?:of the |our |the )?(?:code|data|"
    r"scripts|software|analys\w+)|custom(?:[- ](?:written|made|built|developed))? (?:\w+ )?"
    r"(?:scripts?|codes?|software|routines?|programs?)|in-house|herein|presented here|"
    r"supporting this)\b",
    re.IGNORECASE,
)
_USES = re.compile(
    r"\b(?:us(?:ed(?! (?:in|for|here)\b)|ing|es?)|"
    r"via(?! (?:the )?(?:osf|open science|github|zenodo))|"
    r"based (?:up)?on|built on|adapted|derived|modified|fork\w*|implemented (?:in|with)|"
    r"with the help of|thanks to|run with|trained (?:using|with)|applied|relies|leverag\w+|"
    r"employ\w*|taken from|baselines?|compar\w+|such as|e\.g\.|existing|official|original|"
    r"third[- ]party|integrat\w+|plugins?|requires?|see also|"
    r"(?:aligned|mapped|processed|analy[sz]ed|segmented|quantified|called|estimated|visuali[sz]ed|"
    r"generated|performed|conducted|carried out|normali[sz]ed|fitted|registered|identified|trimmed|"
    r"assembled|annotated|clustered|calculated|computed|extracted|detected|tracked|preprocessed)\b"
    r"[^.;]{0,80}\b(?:with|by|in|through))\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:provided|written|developed|released|maintained|published|created|implemented) by "
    r"(?!us\b)|\bpublicly available (?:\w+ ){0,2}(?:packages?|tools?|implementations?|software|"
    r"datasets?)\b|\bby the (?:original )?authors\b|"
    r"\btheir (?:code|implementation|github|repository)\b",
    re.IGNORECASE,
)
_ARCHIVED = re.compile(r"\b(?:copy |copies )?archived (?:at|in|on|as|under|by)\b", re.IGNORECASE)
_CITES = re.compile(
    r"\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]|\bet al\b|\b(?:19|20)\d\d[a-z]?\)"
    r"|;\s?[A-Z]\w+,? (?:19|20)\d\d"
)
_INSIDE = re.compile(
    r"/(?:issues|pull|wiki|discussions|releases|commit|blob|search|labels)(?:/|\?|$)"
)
#: Weights of the signs, and what is added; from `scripts/fit_repositories.py`.
WEIGHTS: Mapping[str, float] = {
    "availability": 1.28,
    "abstract": 1.02,
    "footnote": -0.07,
    "only references": -1.81,
    "reference by an author": 2.84,
    "sentence says own": 0.64,
    "we give": 1.16,
    "available": 1.13,
    "this paper": 1.59,
    "archived": 1.64,
    "uses": -0.94,
    "of others": -2.22,
    "cites": -0.95,
    "owner like author": 2.94,
    "owner in affiliations": 1.00,
    "name like title": 1.57,
    "name in abstract": 0.69,
    "named again": 0.25,
    "the only one": 1.13,
    "many repositories": -1.10,
    "inside it": -1.61,
    "code host": 0.98,
}
INTERCEPT = -1.24
#: From this probability on, a repository is the paper's own.
THRESHOLD = 0.5


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


_HOSTS_OF_REPOSITORIES = frozenset(["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"])
#: Archives where people deposit code and data, and the beginnings of their DOIs.
_DEPOSIT = re.compile(
    r"^(?:osf\.io|zenodo\.org|figshare\.com|codeocean\.com|data\.mendeley\.com|datadryad\.org|"
    r"dataverse\.|archive\.softwareheritage\.org)|"
    r"^(?:dx\.)?doi\.org/10\.(?:5281|6084|17605|5061|7910|24433|17632|5066|6078|5255|26180|25384|"
    r"34740|18126|21227)/"
)
#: Where code stands besides: registries of packages, people's own pages.
_MAY_HOLD_CODE = re.compile(
    r"^(?:[\w-]+\.)*(?:github|gitlab|gitee|readthedocs|bitbucket)\.io/|modelscope\.|huggingface\.co|"
    r"^(?:cran\.|bioconductor\.|pypi\.|anaconda\.|juliahub\.|npmjs\.|ascl\.net|rforge\.|r-forge\.)|"
    r"/~\w+/(?!.*\.(?:pdf|html?)$)|/(?:software|code)s?/"
)


def is_deposit(url: str) -> bool:
    """Return whether an address is that of an archive where people deposit code and data."""
    return _DEPOSIT.search(url_target(url).canonical.lower()) is not None


def is_candidate(mentions: Sequence[Mention]) -> bool:
    """Return whether a link may be a repository: by its host, or by what a sentence says."""
    url = mentions[0].url
    target = url_target(url)
    if is_code_host(target.host):
        return target.repo is not None or (
            bool(urlsplit(url).path.strip("/")) and target.host not in _HOSTS_OF_REPOSITORIES
        )
    if target.host.startswith("gist."):
        return True
    text = [one for one in mentions if one.section != "references"]
    if is_deposit(url):
        return any(one.kind == "code" or names_code(one.sentence) for one in text)
    if not _MAY_HOLD_CODE.search(target.canonical.lower()):
        return False
    return any(one.kind == "code" and one.own for one in text)


def names_code(words: str) -> bool:
    """Return whether a sentence about a deposit says that code is in it."""
    return _DEPOSITED_CODE.search(words) is not None


_DEPOSITED_CODE = re.compile(
    r"\b(?:codes?|scripts?|software|notebooks?|syntax|rmd|programs?|implementations?|simulations?"
    r" code|source files|toolbox|analysis files|reproduc\w+)\b",
    re.IGNORECASE,
)


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
    of_others = any(map(_OF_OTHERS.search, whole))
    cites = bool(near) and all(map(_CITES.search, whole))
    offered = not (uses or cites or of_others) and (
        bool(sections & {"availability", "abstract", "title", "front", "footnote"})
        or any(_AVAILABLE.search(one) or _GIVES.search(one) for one in whole)
    )
    owner, name = _owner_and_name(key, mentions[0].url)
    own = is_author(owner, paper.authors) or is_named(owner, paper.title)
    return {
        "availability": "availability" in sections,
        "abstract": bool(sections & {"abstract", "title", "front"}),
        "footnote": "footnote" in sections,
        "only references": not text,
        "reference by an author": any(shares_author(one.line, paper.authors) for one in listed),
        "sentence says own": any(one.own and one.kind in ("code", "project") for one in text),
        "we give": any(_GIVES.search(left) for left, _ in near),
        "available": any(_AVAILABLE.search(one) and _CODE.search(one) for one in whole),
        "this paper": any(map(_THIS_PAPER.search, whole)),
        "archived": any(_ARCHIVED.search(left[-40:]) for left, _ in near),
        "uses": uses,
        "of others": of_others,
        "cites": cites,
        "owner like author": own,
        "owner in affiliations": not own and stands_in(owner, paper.front),
        "name like title": is_named(name, paper.title),
        "name in abstract": is_named(name, paper.abstract),
        "named again": len(text) > 1,
        "the only one": len(others) == 1 and key in others and offered,
        "many repositories": min(max(len(others) - 2, 0), 8) / 8,
        "inside it": all(_INSIDE.search(one.url) is not None for one in mentions),
        "code host": is_code_host(url_target(mentions[0].url).host),
    }


def own_probability(found: Mapping[str, float]) -> float:
    """Return how probable it is, by its signs, that a repository is the paper's own."""
    score = INTERCEPT + sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-score))


def _is_used(left: str) -> bool:
    """Return whether the words before an address say that it was used, and not that it is given."""
    found = [one.end() for one in _USES.finditer(left)]
    return bool(found) and _AVAILABLE.search(left, found[-1]) is None


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
