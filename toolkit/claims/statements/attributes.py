"""Statements in an adjective: "we present X, an open-source toolkit", "our open-source tools"."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import OPEN_ADJECTIVE, TEXT, head_kinds
from toolkit.claims.statements.names import (
    ACRONYM,
    Names,
    Statement,
    as_software,
    introduces,
    make_statement,
)

_ATTRIBUTE = re.compile(
    r"\b(?P<article>an?(?:\s\w+)?\s(?:famil(?:y|ies)|series|suite|set|collection|pair|generation|"
    r"class|line)\sof|an?|the (?:first|largest|only|most)|our|the|its|these|this|two|"
    r"three)\s+(?P<between>(?:(?!(?:of|an?|the|for|with|on|in|to|from|by|that|which|our|we|is|are|"
    r"across|among|over|via|through|using|\d+)\s)[\w-]+,?\s+(?:and\s+)?){0,6}?)"
    rf"(?P<open>{OPEN_ADJECTIVE}|open)"
    r"(?P<after>(?:,?(?:\s+and)?\s+[\w+/.-]+){1,10})",
    re.IGNORECASE,
)
#: Words that end a noun phrase.
_PHRASE_END = re.compile(
    r"(?<![-\w])(?:for|of|that|which|to|in|on|from|with|by|than|using|via|through|over|between|"
    r"against|among|is|are|was|were|has|have|outperform\w*|surpass\w*|evaluat(?:es|ed|ing)|"
    r"existing|leading|including|other|state-of-the-art|current|both|popular|recent|multiple|"
    r"several|various|different|most|built|designed|trained|comprising|containing|covering|"
    r"spanning)(?![-\w])",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:only|existing|previous|current|leading|other|than|over|against|among|strong|best)\W*$"
)
_OPEN_ENDED = re.compile(
    r"[- ]?(?:ended|domain|world|set|vocab|problem|question|challenge|loop|book|research)"
)
_OPEN_SOFTWARE = re.compile(r"framework|toolkit|library|software|suite")
#: "aims to develop an open model" promises no release, so fewer verbs count here.
_WILL = re.compile(r"\b(?:will|shall|plan\w*|intend\w*)\b[^.;]{0,60}$", re.IGNORECASE)
_OUR_RELEASE = re.compile(r"\b[Oo]ur (?:fully )?(?:open-source|public|open) release\b(?! of)")
_RELEASE_OF = re.compile(
    r"\b(?:(?:the|a|an|our|full|complete|this|first|its)\s+)+(?:[\w-]+\s+){0,2}?"
    r"(?:(?:open[- ]source|public|open|full|complete)\s+release|open-sourcing)\s+"
    r"(?:of|includes|comprises)\s+(?P<thing>[^.;]{3,160})",
    re.IGNORECASE,
)

#: "An open access book" is no artifact, and neither is what "public" means another thing in.
_OF_TEXT = re.compile(rf"\W*(?:[\w-]+\s){{0,2}}?{TEXT}\b", re.IGNORECASE)
_COMPOUND = re.compile(
    r"public\s(?:relations?|health|polic(?:y|ies)|opinion|sectors?|transport\w*|spaces?|spheres?|"
    r"services?|goods?|interest|schools?|safety|administration|attention|debates?|finance|law|"
    r"management|works|housing|authorit\w+|institutions?|bod(?:y|ies)|figures?|life|place|art|"
    r"interface|engagement|education|access|understanding|key|procurement|universit\w+|"
    r"hospitals?|funds?|funding|lands?|utilit\w+|libraries|records?|discourse|support|awareness|"
    r"transit|private|consciousness)\b",
    re.IGNORECASE,
)

_APPOSED = re.compile(r",\s*(?:which is\s*)?$")
#: "drawn from NAME, the largest public corpus": an apposition to other people's work.
_TO_OTHERS = re.compile(
    r"\b(?:from|on|over|using|by|with|against|like|than|via|upon|to|in|into|within)\s+(?:the\s+)?"
    r"[\w+./^-]*[A-Z][\w+./^-]*(?:\s*\([^)]*\))?\s*,\s*$"
)
#: A repository that tracks a field is a list of papers.
_OF_FIELD = re.compile(
    r"\brepositor\w+[^.;]{0,20}\b(?:track|follow|collect|monitor|updat|latest|papers|literature|"
    r"advances|developments)"
)


def read_attributes(text: str, names: Names) -> list[Statement]:
    """Return the statements "we present X, an open-source toolkit", "our open tools" and alike."""
    found = []
    text = ACRONYM.sub("", text)
    for hit in _ATTRIBUTE.finditer(text):
        if _PHRASE_END.search(hit.group("between")):
            continue
        phrase = _PHRASE_END.split(hit.group("after"), maxsplit=1)[0]
        if _OF_TEXT.match(phrase) or _COMPOUND.match(f"{hit.group('open')}{phrase}"):
            continue
        kinds = head_kinds(phrase)
        article, word = hit.group("article").lower(), hit.group("open").lower()
        before = text[: hit.start()]
        short = len(hit.group("between").split()) <= 2
        ours = article == "our" and bool(kinds) and short
        if _OTHERS.search(before) or not (ours or _is_own(article, word, before, names)):
            continue
        if word == "open" and not _opens(article, phrase, kinds):
            continue
        if not kinds and word in ("open", "public", "publicly"):
            continue
        if _OF_FIELD.search(text, hit.start()):
            kinds = {"data"}
        kinds = as_software(kinds) or {"other"}
        if "project" in kinds and word.startswith("open"):
            kinds = kinds | {"code"}
        found.append(make_statement(kinds, future=_WILL.search(before)))
    if _OUR_RELEASE.search(text):
        found.append(make_statement({"other"}, future=False))
    for hit in _RELEASE_OF.finditer(text):
        if kinds := head_kinds(hit.group("thing")):
            found.append(make_statement(kinds, future=_WILL.search(text[: hit.start()])))
    return found


def _opens(article: str, phrase: str, kinds: set[str]) -> bool:
    """Return whether "open" alone before a phrase means that anyone can have it."""
    if article == "the" or _OPEN_ENDED.match(phrase.strip()):
        return False
    return bool(kinds & {"data", "model"} or _OPEN_SOFTWARE.search(phrase))


def _is_own(article: str, word: str, before: str, names: Names) -> bool:
    """Return whether the authors introduce the noun phrase as their own."""
    if article == "our":
        return False
    if word == "public" and article == "the":
        return False
    apposed = _APPOSED.search(before)
    if apposed and _TO_OTHERS.search(before):
        return False
    if introduces(before, anywhere=bool(apposed)):
        return True
    return _named_before(before, names) or (article == "this" and word.startswith("open"))


_NAMED = re.compile(r"(?P<name>[\w+./^-]+)(?:\s*\([^)]*\))?\s*(?:,|is|as|:|--|—)\s*$")
_THIS_IS = re.compile(r"(?:^|\b(?:this|it|the system|framework) is |\bas\s*)$", re.IGNORECASE)


def _named_before(before: str, names: Names) -> bool:
    """Return whether the text before ends in an own "NAME,", "NAME is" or "this is"."""
    hit = _NAMED.search(before)
    if hit and re.search(r"[A-Z]", hit["name"]) and names.makes(hit["name"]):
        return True
    stripped = before.strip()
    return bool(
        _THIS_IS.search(f"{stripped} ") and not stripped.endswith(("such as", "as well as"))
    )
