"""Statements in an adjective: "we present X, an open-source toolkit", "our open-source tools"."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import OPEN_ADJECTIVE, head_kinds
from toolkit.claims.statements.names import (
    ACRONYM,
    US,
    Names,
    Statement,
    as_software,
    make_statement,
)

_ATTRIBUTE = re.compile(
    r"\b(?P<article>an?(?:\s\w+)?\s(?:famil(?:y|ies)|series|suite|set|collection|pair)\sof|an?|"
    r"the (?:first|largest|only|most)|our|the|its|these|this|two|three)\s+"
    r"(?P<between>(?:(?!(?:of|an?|the|for|with|on|in|to|from|by|that|which|our|is|are|across|"
    r"among|over|via|through|using|\d+)\s)[\w-]+,?\s+(?:and\s+)?){0,6}?)"
    rf"(?P<open>{OPEN_ADJECTIVE}|open)"
    r"(?P<after>(?:,?(?:\s+and)?\s+[\w+/.-]+){1,10})",
    re.IGNORECASE,
)
#: Words at which a noun phrase ends.
_PHRASE_END = re.compile(
    r"(?<![-\w])(?:for|of|that|which|to|in|on|from|with|by|than|using|via|through|over|between|"
    r"against|among|is|are|was|were|has|have|outperform\w*|surpass\w*|evaluat(?:es|ed|ing)|"
    r"existing|leading|including|other|state-of-the-art|current|both|popular|recent|multiple|"
    r"several|various|different|most|built|designed|trained|comprising|containing|covering|"
    r"spanning)(?![-\w])",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    rf"\b(?:{US}|paper|work|report|article|study|and|here|to)\s+"
    r"(?:(?:\w+ly|also|then|further|here|have|has|will|first|now|hereby|both|and)\s+){0,4}"
    r"(?:present|introduc|propos|develop|build|built|creat|construct|provid|offer|contribut|"
    r"describ|releas|design|establish|implement|collect|curat|publish|open-sourc|deliver|engineer|"
    r"share|assembl|train|report|launch|compil|annotat)(?:e|es|s|ed|t|ing|n|ly|d)*"
    r"(?P<rest>[^;]{0,160}?)$"
    rf"|\b(?:{US})\b[^;]{{0,140}}?\b"
    r"(?:develop|build|creat|introduc|releas|provid|present|contribut)ing\b"
    r"(?P<gerund>[^;]{0,60}?)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:on|using|use|from|by|against|than|via|under|evaluat\w*|test\w*|train\w*|that|which|"
    r"with|over|through|outperform\w*|compar\w*|where|is|are)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:only|existing|previous|current|leading|other|than|over|against|among|strong|best)\W*$"
)
_OPEN_ENDED = re.compile(
    r"[- ]?(?:ended|domain|world|set|vocab|problem|question|challenge|loop|book|research)"
)
_OPEN_SOFTWARE = re.compile(r"framework|toolkit|library|software|suite")
#: "aims to develop an open model" promises no release of it, so fewer verbs count than elsewhere.
_WILL = re.compile(r"\b(?:will|shall|plan\w*|intend\w*)\b[^.;]{0,60}$", re.IGNORECASE)
_RELEASE_OF = re.compile(
    r"\b(?:(?:the|a|an|our|full|complete|this|first|its)\s+)+(?:[\w-]+\s+){0,2}?"
    r"(?:(?:open[- ]source|public|open|full|complete)\s+release|open-sourcing)\s+"
    r"(?:of|includes|comprises)\s+(?P<thing>[^.;]{3,160})",
    re.IGNORECASE,
)


def read_attributes(text: str, names: Names) -> list[Statement]:
    """Read "we present X, an open-source toolkit", "our open tools", "the full release of …"."""
    found = []
    text = ACRONYM.sub("", text)
    for hit in _ATTRIBUTE.finditer(text):
        if _PHRASE_END.search(hit.group("between")):
            continue
        phrase = _PHRASE_END.split(hit.group("after"), maxsplit=1)[0]
        kinds = head_kinds(phrase)
        article, word = hit.group("article").lower(), hit.group("open").lower()
        before = text[: hit.start()]
        few = len(hit.group("between").split()) <= 2
        ours = article == "our" and bool(kinds) and few
        if _OTHERS.search(before) or not (ours or _is_own(article, word, before, names)):
            continue
        if word == "open" and not _opens(article, phrase, kinds):
            continue
        if not kinds and word in ("open", "public", "publicly"):
            continue
        kinds = as_software(kinds) or {"other"}
        if "project" in kinds and word.startswith("open"):
            kinds = kinds | {"code"}
        found.append(make_statement(kinds, future=_WILL.search(before)))
    for hit in _RELEASE_OF.finditer(text):
        if kinds := head_kinds(hit.group("thing")):
            found.append(make_statement(kinds, future=_WILL.search(text[: hit.start()])))
    return found


def _opens(article: str, phrase: str, kinds: set[str]) -> bool:
    """Say whether a bare "open" in front of a phrase means that anyone can have it."""
    if article == "the" or _OPEN_ENDED.match(phrase.strip()):
        return False
    return bool(kinds & {"data", "model"} or _OPEN_SOFTWARE.search(phrase))


def _is_own(article: str, word: str, before: str, names: Names) -> bool:
    """Say whether the authors introduce what the article begins."""
    if article == "our":
        return False
    rest = None
    for introduced in _INTRODUCES.finditer(before):
        rest = introduced.group("rest") or introduced.group("gerund") or ""
    apposed = re.search(r",\s*(?:which is\s*)?$", before)
    if rest is not None and (apposed or not _ELSEWHERE.search(rest)):
        return True
    return _named_before(before, names) or (article == "this" and word.startswith("open"))


_NAMED = re.compile(r"(?P<name>[\w+./^-]+)(?:\s*\([^)]*\))?\s*(?:,|is|as|:|--|—)\s*$")
_THIS_IS = re.compile(r"(?:^|\b(?:this|it|the system|framework) is |\bas\s*)$", re.IGNORECASE)


def _named_before(before: str, names: Names) -> bool:
    """Say whether the words in front end in "NAME," or "NAME is", or "this is", of their own."""
    hit = _NAMED.search(before)
    if hit and re.search(r"[A-Z]", hit["name"]) and names.owns(hit["name"]):
        return True
    stripped = before.strip()
    return bool(
        _THIS_IS.search(f"{stripped} ") and not stripped.endswith(("such as", "as well as"))
    )
