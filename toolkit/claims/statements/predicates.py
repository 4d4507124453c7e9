"""Statements that say what something is: "our code is available", "code available on request"."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import (
    ADVERBS,
    FUTURE,
    GIVEN_STATE,
    OPEN_STATE,
    SOON,
    head_kinds,
    lower_case,
)
from toolkit.claims.statements.names import ACRONYM, Names, Statement, as_software, make_statement
from toolkit.claims.statements.subjects import find_subject, own_kinds

_BE = (
    r"(?:is|are|was|were|has been|have been|been|will be|shall be|to be|be|being|can be|could be|"
    r"may be|becomes?|remains?|made|makes?|will|'s|get|will also be|can also be|can)"
)
_PREDICATE = re.compile(
    rf"\b(?P<be>{_BE})\s+(?P<adv>{ADVERBS})(?P<state>{OPEN_STATE}|{GIVEN_STATE})(?![a-z])"
)
_NOT = re.compile(r"\bnot\b|\bnever\b|\brarely\b|\bno longer\b")
#: "open" and "public" in front of nouns of another sense.
_OPEN_ENDED = re.compile(r"[- ]?(?:source|ended|domain|world|set|vocab|problem|question|challenge)")
_OPEN_SOURCE = re.compile(r"[- ]?sourced?\b(?!\s+(?:models?|LLMs?|code))")
#: Energy, objects and drugs are released by, from and into something.
_SET_FREE = re.compile(r"\s+(?:by (?!the authors)|from|during|into|when)\b")
_ALONG = re.compile(
    r"[^.;,]{0,50}?\b(?:along with|together with|as well as|alongside|with)\s+([^.;]{3,100})"
)


def read_predicates(text: str, names: Names) -> list[Statement]:
    """Read "our code is available", "X is open-source", "code available", "with code public"."""
    found = []
    lower = lower_case(text)
    for hit in _PREDICATE.finditer(lower):
        state = hit.group("state")
        verb = f"{hit.group('be')} {hit.group('adv')}"
        after = text[hit.end() : hit.end() + 90]
        if _NOT.search(verb) or _other_sense(state, after):
            continue
        subject = find_subject(text[: hit.start()])
        future = bool(re.search(FUTURE, f"{subject[-25:]} {verb}", re.IGNORECASE))
        predicate = f"{verb} {state} {after}"
        kinds = own_kinds(subject, names, state=state, future=future, predicate=predicate)
        if kinds:
            if also := _ALONG.match(text, hit.end()):
                kinds = kinds | as_software(head_kinds(also.group(1)))
            found.append(make_statement(kinds, future=future or SOON.search(text)))
    return found + _without_verb(text, lower)


def _other_sense(state: str, after: str) -> bool:
    """Say whether the state is of another sense: open-ended, released by a spring."""
    if state in ("public", "open", "available") and _OPEN_ENDED.match(after):
        return not _OPEN_SOURCE.match(after) or bool(re.match(r"-\w", after))
    if re.match(r"-\w", after):
        return True
    return state != "available" and _SET_FREE.match(after) is not None


_VERBLESS = re.compile(
    r"\b(?P<noun>(?:source )?codes?|implementation|codebase|software)\b(?P<rest>[^.;]{0,50}?)\s"
    r"(?:publicly |freely |openly |now |also |all |both |fully )*"
    r"(?:available|accessible|released|open-sourced|provided)\b"
)
_OTHERS_CODE = re.compile(
    r"\b(?:no|not|without|existing|whose|if|when|lack\w*|their)\b[^,.]{0,25}$"
)
_HAS_VERB = re.compile(r"\b(?:is|are|be|been|not|that|which|for|of|un)\b")
_CODE_FIRST = re.compile(
    r"(?:^|[.(,:;]|\b(?:with|our|all|the|and))\s*"
    r"(?:(?:source|our|all|the|full|data|and|models?|training)\s*)*$",
    re.IGNORECASE,
)
_WITH_OPEN = re.compile(
    r"\bwith\s(?P<thing>(?:[^.;]|\.\d){3,90}?)\s(?:all\s|both\s|fully\s)*"
    r"(?:(?:publicly|openly|freely)\s(?:released|available|accessible)|open[- ]sourced)\b"
)
_OTHERS_THING = re.compile(r"\b(?:that|which|is|are|other|existing|of|on|only|no|most|against)\b")


def _without_verb(text: str, lower: str) -> list[Statement]:
    """Read "code available upon request" and "with models publicly released"."""
    found = []
    for hit in _VERBLESS.finditer(lower):
        before = text[: hit.start()]
        if _OTHERS_CODE.search(before) or _HAS_VERB.search(hit.group("rest")):
            continue
        if _CODE_FIRST.search(before):
            found.append(make_statement({"code"}, future=SOON.search(text)))
    for hit in _WITH_OPEN.finditer(lower):
        if not _OTHERS_THING.search(hit.group("thing")):
            kinds = head_kinds(ACRONYM.sub("", text[slice(*hit.span("thing"))]))
            found.append(make_statement(kinds, future=SOON.search(text)))
    return found
