"""Statements in a predicate: "our code is available", "code available on request"."""

from __future__ import annotations

import re
from itertools import islice

from toolkit.claims.lexicon import (
    ADVERBS,
    FUTURE,
    GIVEN_STATE,
    OPEN_STATE,
    REQUEST,
    SOON,
    TEXT,
    head_kinds,
    lower_case,
)
from toolkit.claims.statements.names import (
    ACRONYM,
    MOST,
    Names,
    Statement,
    as_software,
    make_statement,
)
from toolkit.claims.statements.subjects import find_subject, own_kinds

_BE = (
    r"(?:(?:is|are) going to be|is|are|was|were|has been|have been|been|will be|shall be|to be|be|"
    r"being|can be|could be|may be|becomes?|remains?|made|makes?|will|'s|get|will also be|"
    r"can also be|can)"
)
_PREDICATE = re.compile(
    rf"\b(?P<be>{_BE})\s+(?P<adv>(?:(?!not\b)[\w-]+,?\sand\s)?{ADVERBS})(?P<state>{OPEN_STATE}|"
    rf"{GIVEN_STATE})(?![a-z])"
)
_NOT = re.compile(r"\bnot\b|\bnever\b|\brarely\b|\bno longer\b")
#: "open" and "public" in another sense.
_OPEN_ENDED = re.compile(r"[- ]?(?:source|ended|domain|world|set|vocab|problem|question|challenge)")
#: Energy, objects and drugs are released by, from or into something.
_SET_FREE = re.compile(
    r"\s+(?:by (?!the authors)|from (?!(?:the |our )?(?:[\w-]+ )?authors?\b|(?:the |"
    r"our )?(?:github|gitlab|project|cran|pypi|zenodo|"
    r"hugging|http|\ue000))|during|into|when)\b",
    re.IGNORECASE,
)
#: "Available at test time" does not mean open.
_AT_SOME_TIME = re.compile(r"\s+(?:around|during|at (?:all|any|test|train\w*|inference|run\w*))\b")
_ALONG = re.compile(
    r"[^.;,]{0,50}?\b(?:along with|together with|as well as|alongside|with)\s+([^.;]{3,100})"
)
#: The contents of a bundle: "all resources, including code and data, are …".
_INCLUDING = re.compile(
    r"\b(?:resources?|materials?|artifacts?|assets|everything|components)\b[^.,;]{0,40},\s"
    r"(?:including|such as|namely|i\.e\.,?)\s([^.;]+),\s*$",
    re.IGNORECASE,
)


#: What a policy asks for, and what can happen to a molecule: "must be released".
_POLICY = re.compile(
    r"\b(?:must|should|ought to|may|might|could|would)\s(?:not\s|also\s)?$"
    r"|\b(?:should|requir\w+|policy|policies|mandat\w+|demand\w*)\b[^.;]*$",
    re.IGNORECASE,
)
_SUBJUNCTIVE = re.compile(r"be\s|is\s|are\s")
#: "As data become available" says nothing; "our code will become available" does.
_BECOMES = re.compile(r"\b(?:code|software)\b")
#: Where the words about a state end.
_CLAUSE = re.compile(r"[;.]\s|,? (?:and|but|while|whereas) (?:the|our|all|we|code|codes|source)\b")


def read_predicates(text: str, names: Names) -> list[Statement]:
    """Return the statements "our code is available", "code available", "with code public"."""
    found = []
    lower = lower_case(text)
    for hit in islice(_PREDICATE.finditer(lower), MOST):
        state = hit.group("state")
        verb = f"{hit.group('be')} {hit.group('adv')}"
        before, after = text[: hit.start()], text[hit.end() : hit.end() + 90]
        past = verb.startswith(("was ", "were ")) and state in ("available", "accessible")
        if past and not _BECOMES.search(before):
            # What was available is no offer, unless it is code.
            continue
        if _SUBJUNCTIVE.match(verb) and _POLICY.search(before, max(0, len(before) - 120)):
            continue
        if _NOT.search(verb) or _other_sense(state, after) or _vague(verb, state, before):
            continue
        subject = find_subject(before)
        request = REQUEST.search(_CLAUSE.split(after, maxsplit=1)[0])
        future = bool(re.search(FUTURE, f"{subject[-25:]} {verb}", re.IGNORECASE))
        future = future and not subject.endswith(("continue", "continues"))
        predicate = f"{verb} {state} {after}"
        kinds = own_kinds(
            subject, names, state=state, future=future, predicate=predicate, request=bool(request)
        )
        if request and not kinds:
            kinds = head_kinds(re.split(r"\b(?:that|which)\b", before[-200:])[0]) - {"project"}
        if kinds:
            for also in (_ALONG.match(text, hit.end()), _INCLUDING.search(before)):
                kinds = kinds | as_software(head_kinds(also.group(1)) if also else set())
            future = future or SOON.search(text) is not None
            found.append(make_statement(kinds, future=future, request=request))
    return found + _without_verb(text, lower) + _without_subject(text, lower, names)


#: "This is an open access article".
_OF_TEXT = re.compile(rf"\s(?:access\s(?:\w+\s)?)?{TEXT}\b")


def _vague(verb: str, state: str, before: str) -> bool:
    """Return whether a verb states too little: "becomes available", "remains accessible"."""
    if "widely" in verb:
        return True
    if "becom" in verb:
        return not _BECOMES.search(before, max(0, len(before) - 80))
    if state == "open" and re.search(r"\ban?\b", verb):
        return True
    if state in ("included", "integrated", "given"):
        return "can be" in verb
    return (state == "accessible" and "remain" in verb) or ("to be" in verb and " and " in verb)


def _other_sense(state: str, after: str) -> bool:
    """Return whether the state has another sense: open-ended, released by a spring."""
    if state == "downloaded" and re.match(
        r"\s(?:to|into|onto|from (?!the|our|http|\ue000))", after
    ):
        return True
    if state in ("public", "open", "available") and _OPEN_ENDED.match(after):
        return True
    if state.startswith("open") and _OF_TEXT.match(after):
        return True
    if re.match(r"-\w", after):
        return True
    return (_AT_SOME_TIME if state == "available" else _SET_FREE).match(after) is not None


_VERBLESS = re.compile(
    r"\b(?P<noun>(?:source )?codes?|implementation|codebase|software)\b(?P<rest>[^.;]{0,50}?)\s"
    r"(?:publicly |freely |openly |now |also |all |both |fully )*"
    r"(?:available(?! for (?!down|free|use|public|non|aca|every|re))|accessible|released|"
    r"open-sourced|"
    r"provided)\b"
)
_OTHERS_CODE = re.compile(
    r"\b(?:no|not|without|existing|whose|if|when|lack\w*|their)\b[^,.]{0,25}$"
    r"|\b(?:no|none|neither|few|lacks?|whether)\b[^.;]{0,80}$"
)
_HAS_VERB = re.compile(r"\b(?:is|are|be|been|not|that|which|for|of|un)\b")
_CODE_FIRST = re.compile(
    r"(?:^|[.(,:;]|\b(?:with|our|all|the|and))\s*"
    r"(?:(?:source|our|all|the|full|data|and|models?|training)\s*)*$",
    re.IGNORECASE,
)
#: "A change in the software available".
_INSIDE = re.compile(r"\b(?:in|of|for|to|on|from|using|by)\s(?:the\s)?$")
_WITH_OPEN = re.compile(
    r"\bwith\s(?P<thing>(?:[^.;]|\.\d){3,90}?)\s(?:all\s|both\s|fully\s)*"
    r"(?:(?:publicly|openly|freely)\s(?:released|available|accessible)|open[- ]sourced)\b"
)
_OTHERS_THING = re.compile(r"\b(?:that|which|is|are|other|existing|of|on|only|no|most|against)\b")


#: "Code: coming soon", "pip install NAME", "Source-available under …", and a participle before
#: the subject: "Released under the MIT licence, NAME is a toolkit".
_FROM_AUTHORS = r"(?:from (?:the )?(?:[\w-]+ ){0,2}authors? )?"
#: "Availability: upon request."
_ASKED = re.compile(
    r"(?P<data>\bdata )?\bavailability\s?(?:</?\w+>)?:(?:\s|"
    r"</?\w+>)*(?:freely )?(?:available )?"
    rf"{_FROM_AUTHORS}(?:up)?on (?:\w+ )?request"
)
#: "Data available from the corresponding author upon reasonable request", without a verb.
_DATA_ASKED = re.compile(
    r"\W*(?:(?:the|all|our|data availability\W)\s?)?(?:[\w-]+ )?data(?:sets?)? available (?:only )?"
    rf"{_FROM_AUTHORS}(?:up)?on (?:\w+ )?request"
)
#: "Requests for data should be addressed to the authors."
_REQUESTS = re.compile(
    r"(?:\brequests? for (?:access to )?(?P<for>[^.;]{3,80}?)|"
    r"(?P<of>(?:[\w-]+ ){1,4})(?:access )?requests?)\s"
    r"(?:should|can|may|must|are to|will|shall)\s(?:\w+ )?be\s(?:addressed|sent|directed|made|"
    r"submitted|forwarded|e-?mailed)\b"
)
_COMING = re.compile(r"(?P<thing>[^.;:()]{3,80}?):?\s(?:(?:is|are|be)\s)?coming soon\b")
_INSTALLED = re.compile(
    r"\bpip3? install\b|\binstall(?:ed|able) (?:via|with|from|using) (?:pip|pypi|cran|conda)\b"
)
_BARE = re.compile(r"\W*(?:source[- ]available|open[- ]sourced?)\s(?:under|on|at|as|with)\b")
_FRONTED = re.compile(
    r"\W*(?:open[- ]?sourced|released|distributed|published|packaged)\s(?:fully\s|openly\s)?"
    r"(?:under|with|as)\s(?:(?<=as\s)an?\s)?(?P<way>[^,;]{3,80}),\s(?P<subject>.{2,60}?)\s"
    r"(?:is|are|provides?|offers?|enables?|supports?|has|have|can|also|allows?|achieves?)\b"
)


def _without_subject(text: str, lower: str, names: Names) -> list[Statement]:
    """Return the statements "Released under the MIT licence, NAME is …", "Code: coming soon"."""
    found = []
    if "request" in lower and (asked := _ASKED.search(lower)):
        kinds = {"data"} if asked["data"] else {"code"}
        found.append(make_statement(kinds, future=False, request=True))
    elif "request" in lower and _DATA_ASKED.match(lower):
        found.append(make_statement({"data"}, future=False, request=True))
    if "request" in lower and (asked := _REQUESTS.search(lower)):
        kinds = head_kinds(asked["for"] or asked["of"]) & {"code", "system", "data", "model"}
        found.append(make_statement(kinds, future=False, request=True))
    if "coming soon" in lower and (coming := _COMING.search(lower)):
        found.append(make_statement(head_kinds(coming["thing"]), future=True))
    if ("install" in lower and _INSTALLED.search(lower)) or _BARE.match(lower):
        found.append(make_statement({"code"}, future=False))
    if fronted := _FRONTED.match(lower):
        subject = text[slice(*fronted.span("subject"))]
        ours = re.match(r"(?:our|we|it|this)\b", subject, re.IGNORECASE)
        if ours or names.owned_in(subject, most=20):
            kinds = as_software(head_kinds(fronted["way"]) or head_kinds(subject))
            kinds = kinds or names.kinds_in(subject, most=20, own=True)
            found.append(make_statement(kinds or {"other"}, future=False))
    return found


#: Letters beside a phrase that are read with it.
_NEAR = 1000


def _without_verb(text: str, lower: str) -> list[Statement]:
    """Return the statements "code available upon request", "with models publicly released"."""
    found = []
    soon = SOON.search(text)
    for hit in _VERBLESS.finditer(lower):
        before = lower[max(0, hit.start() - _NEAR) : hit.start()]
        if _OTHERS_CODE.search(before) or _HAS_VERB.search(hit.group("rest")):
            continue
        if _CODE_FIRST.search(before) and not _INSIDE.search(before):
            request = REQUEST.search(_CLAUSE.split(text[hit.end() :][:_NEAR], maxsplit=1)[0])
            found.append(make_statement({"code"}, future=soon, request=request))
    for hit in _WITH_OPEN.finditer(lower):
        if not _OTHERS_THING.search(hit.group("thing")):
            kinds = head_kinds(ACRONYM.sub("", text[slice(*hit.span("thing"))]))
            found.append(make_statement(kinds, future=soon))
    return found
