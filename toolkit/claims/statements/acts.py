"""Statements in which the authors act: "we release …", "by open-sourcing …", "make … public"."""

from __future__ import annotations

import re
from itertools import islice

from toolkit.claims.lexicon import (
    FUTURE,
    OPEN_ADJECTIVE,
    OPEN_STATE,
    SOON,
    head_kinds,
    last_kind,
    list_elements,
    lower_case,
)
from toolkit.claims.statements.names import (
    MOST,
    NAME,
    US,
    Names,
    Statement,
    as_software,
    introduces,
    make_statement,
)

_VERB = re.compile(
    r"\b(?P<verb>open-?releas(?:e|ing|ed)|releas(?:e[sd]?|ing)|open[- ]?sourc(?:e[sd]?|ing)|"
    r"opensourc(?:e[sd]?|ing)|publish(?:es|ed|ing)?|publici[sz](?:e[sd]?|ing)|"
    r"shar(?:e[sd]?|ing)|distribut(?:e[sd]?|ing)|disclos(?:e[sd]?|ing)|"
    r"provid(?:e[sd]?|ing)|offer(?:s|ed|ing)?|contribut(?:e[sd]?|ing)|upload(?:ed)?|"
    r"mak(?:e[s]?|ing)|made|deliver(?:s|ed)?|give|present)\b"
)
#: Verbs whose object is open, whatever it is.
_RELEASES = re.compile(r"releas|open|publici|disclos")
_CLAUSE_END = re.compile(
    r"[;!?]|\.(?=\s|$)|, (?:which|enabling|providing|allowing|hoping|aiming|so that|we\b|while|"
    r"thus|thereby|offering|paving|fostering|facilitating|marking|achieving|demonstrating|showing|"
    r"establishing)|\b(?:in order to|so that|hoping|aiming)\b|\bto (?:facilitate|support|promote|"
    r"foster|encourage|advance|accelerate|enable|help|ensure|allow|aid|spur|stimulate|catalyze|"
    r"drive|further|benefit|contribute|inspire|improve|make|democratize|bridge|push|boost|ease|"
    r"assist|serve|provide|empower|lower|address|guide|simplify|increase|motivate|pave|fuel|spark|"
    r"set|establish|train|evaluate)\b|\b(?:under (?:an?|the)|for (?:future|further|research|"
    r"reproducib\w*|the (?:research )?community))\b"
)
#: Objects of "release" and "share" that are no artifacts.
_NO_ARTIFACT = re.compile(
    r"^\W*(?:the |a |an |our |its |two |three |some |this |that |more |new |useful |valuable |"
    r"key |several |further |practical |detailed |important |their |any |"
    r"excess |stored |human |deep )*(?:insights?|finding|lessons?|details|reports?|papers?|"
    r"articles?|analys[ie]s|evidence|burden|constraints?|"
    r"assumptions?|gripp?er|grasp|objects?|potential|pressure|energy|tension|brakes?|"
    r"requirements?|restrictions?|memory|latch|load|stress|resources are|information|knowledge|"
    r"power|results on|guidance|responsib\w+|parameters across|same|similar|common|creativ\w+|"
    r"experience)\b",
    re.IGNORECASE,
)
#: How an object without known noun must begin to count: a name, a number, all of ours.
_THING = re.compile(
    r"\s*(?:(?:our|all|both|it|them|everything|these|this|two|three|full|several)\b|\W*\d|"
    r"an? (?:[\w-]+ ){0,4}(?:versions?|variants?|subset|edition)\b|"
    r"the (?:full|complete|entire|whole|resulting|trained)\b)"
)
#: How an object begins; in "and open-source models" the verb is an adjective instead.
_OBJECT = re.compile(
    r"(?:our|the|all|a|an|both|this|these|its|it|them|codes?|everything|two|three|trained|full)\b"
    r"|[A-Z]"
)
#: "Both closed and open-source code": an adjective.
_PAIRED = re.compile(
    r"\b(?:closed|commercial|proprietary|private|[\w-]+-(?:written|source))\s(?:and|or)\s$"
)
_NO_OBJECT = re.compile(r"\s*(?:that|from|by|of|at|in|and|or|[A-Z]{0,3}LMs?)\b")
_OPENS_METHOD = re.compile(
    r"\W*(?:(?:the|our|all|entire|whole|full|complete|this|its|proposed)\s+)*"
    r"(?:method|approach|work|project|everything|algorithm|solution|technique|design|it)\b",
    re.IGNORECASE,
)
_ACCESS = re.compile(r"^\W*(?:(?:the|full|open|free|public|complete)\s+)*access to\s")
_AS_SOFTWARE = re.compile(
    r"as open-source software|\bas (?:an? )?(?:open[- ]source|free|public|Python|pip|R)\b"
    r"[^.]{0,30}\b(?:software|package|library|toolkit|tool|framework)\b"
)
_MADE_OPEN = re.compile(
    r"(?P<thing>.{2,220}?)\s(?:\w+ly\s|freely\s|all\s|fully\s|both\s)*"
    rf"(?:{OPEN_STATE}|online)\b(?!-)(?!\s(?:models?|LLMs?|datasets?|to models))",
    re.IGNORECASE,
)
_OPEN_MADE = re.compile(
    r"\s(?:\w+ly\s)?(?:available|public|accessible)\s"
    r"(?P<thing>(?:an?|the|our|all|both|two|three)\s[^.;]{3,160})"
)
_MADE_OTHERWISE = re.compile(r"\b(?:that|which|can|more|possible|easily|widely)\b")


def read_acts(text: str, names: Names) -> list[Statement]:
    """Return the statements "we release …", "by open-sourcing …" and "make … available"."""
    found = []
    for hit in islice(_VERB.finditer(lower_case(text)), MOST):
        verb = hit.group("verb")
        before = text[: hit.start()]
        future = _tense_of_act(before, verb)
        if future is None and _ITSELF.match(text, hit.end()) and _is_own_name(before, names):
            future = False
        if future is None:
            continue
        thing = _object_of(text, hit.end(), verb, before)
        if thing is not None and _NO_ARTIFACT.match(thing):  # "detailed analysis and code" has code
            rest = [part for part in list_elements(thing)[1:] if head_kinds(part) == {"code"}]
            thing = ", ".join(rest) or None
        if thing is None or _NO_OBJECT.match(thing):
            continue
        if verb.startswith("open") and _PAIRED.search(before):
            continue
        if verb in ("open-source", "open source", "opensource") and not (
            _OBJECT.match(thing) or _DIRECT.search(before)
        ):
            continue
        kinds = _kinds_of(thing, names, verb)
        if kinds == {"other"} and not (
            _THING.match(thing) or names.made_in(" ".join(thing.split()[:4]))
        ):
            continue
        found.append(make_statement(kinds, future=future or SOON.search(text)))
    return found


#: In characters: an object is cut there.
_LONGEST = 400
#: "NAME makes its source code available".
_ITSELF = re.compile(r"\s(?:its|their|the) (?:own |full )?(?:source )?codes?\b")


def _is_own_name(before: str, names: Names) -> bool:
    subject = before.rsplit(",", 1)[-1].strip()
    return len(subject.split()) <= 2 and names.owned_in(subject, most=1)


_DIRECT = re.compile(r"\b(?:we|to|will|also|\w+ly|further|hereby|can|then)\s*$", re.IGNORECASE)


def _object_of(text: str, start: int, verb: str, before: str) -> str | None:
    """Return the object of the verb, None where it makes nothing open."""
    if verb.startswith(("mak", "made")):
        if first := _OPEN_MADE.match(text, start):
            return first.group("thing")
        made = _MADE_OPEN.match(text[start:].strip())
        if not made or re.search(r"[;.]\s", made.group("thing")):
            return None
        thing = made.group("thing")
        return None if _MADE_OTHERWISE.search(made.group()) and "our" not in thing else thing
    end = _CLAUSE_END.search(text, start, start + _LONGEST)
    thing = text[start : end.start() if end else start + _LONGEST].strip()
    return thing if _RELEASES.match(verb) or _opens(verb, thing, before) else None


_IN_PRINT = re.compile(
    r"\b(?:journals?|proceedings|gazette|volumes?|magazines?|press)\b", re.IGNORECASE
)
_STRONG_CODE = re.compile(
    r"\b(?:source|codes?|codebase|scripts?|open-source|implementations (?:in|as|for)|"
    r"(?:r|python|matlab|julia|stata) (?:package|toolbox|library)|github repository)\b",
    re.IGNORECASE,
)
_OPENLY = re.compile(r"\b[Gg]it[Hh]ub\b|\bpublic(?:ly)?\b|\bopen(?:ly|-source)?\b|\bfreely\b")
_OPEN_FIRST = re.compile(rf"(?:{OPEN_ADJECTIVE})\b", re.IGNORECASE)


def _opens(verb: str, thing: str, before: str) -> bool:
    """Return whether sharing, publishing or providing this object makes it open."""
    kinds = head_kinds(_ACCESS.sub("", thing))
    if verb in ("give", "present"):
        return "source code" in thing.lower() and "open" not in thing.lower()
    if "code" in kinds and _STRONG_CODE.search(thing):
        return True
    openly = _OPENLY.search(thing) or re.search(r"(?:public|open|free)ly", before[-40:])
    if verb.startswith(("publish", "upload")):
        return bool(kinds & {"data", "model", "code", "demo"}) and not _IN_PRINT.search(thing)
    if verb.startswith(("shar", "distrib")):
        ours = re.match(r"\s*(?:our|all)\b.*\b(?:data|code|models?\b|corpus)", thing)
        return bool(kinds & {"data", "model", "code", "system", "demo"} and (openly or ours))
    if verb.startswith(("provid", "offer", "contrib")):
        openly = re.search(r"publicly|freely|openly", before[-30:]) or _OPEN_FIRST.match(thing)
        return bool(kinds and openly)
    return False


def _kinds_of(thing: str, names: Names, verb: str) -> set[str]:
    """Return the kinds of a released object; {"other"} where only its name is known."""
    thing = _ACCESS.sub("", thing)
    kinds = head_kinds(thing) | names.kinds_listed(thing)
    if _AS_SOFTWARE.search(thing):
        kinds.add("code")
    kinds = kinds or names.kinds_in(thing, most=3)
    if verb.startswith("open") and _OPENS_METHOD.match(thing):
        kinds.add("code")
    return as_software(kinds) or {"other"}


#: The word before a verb whose subject is the authors.
_BEFORE_VERB = re.compile(
    r"we|i|and|also|to|will|further|then|both|,|here|hereby|additionally|subsequently|can|fully|"
    r"openly|publicly|freely|now|completely|finally|would|shall|jointly|paper|work|team|report|"
    r"gradually|first|therefore|thus|all|soon|study|authors|proudly|only|gladly|happily|promptly|"
    r"immediately|anonymously|project|'ll|eventually|permanently|entirely|partially|article|"
    r"generously|plan"
)
_BEFORE_GERUND = re.compile(
    r"(?:by|through|and|are|am|with|to|openly|publicly|fully|also|via|[,()])?"
)
_LAST = re.compile(r"([\w'’-]+|[,:;()]|\ue001)\s*$")
_OURS = re.compile(rf"\b{US}\b", re.IGNORECASE)
_WILL = re.compile(rf"{FUTURE}(?:(?!\b(?:we|and|that|which)\b)[\w ,-]){{0,50}}$", re.IGNORECASE)
_PARTICIPLE = re.compile(
    rf"\b(?:{US}|we've)\s+"
    r"(?:(?:have|has|had|also|then|\w+ly|fully|already|further|and|now)\s+)*$"
    r"|\b(?:have|has)\s+(?:(?:also|\w+ly|fully|already|further|now|open)\s+)*$"
    rf"|\b{US}\b[^.;]{{2,120}}\band\s+(?:\w+ly\s+|also\s+|fully\s+)*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:that|which|who|where|whose|users?|models|methods|agents?|robots?)\s+(?:\w+\s+)?$"
)


_CLAUSE = re.compile(r"[;:]\s")


def _tense_of_act(before: str, verb: str) -> bool | None:
    """Return True where the authors will act, False where they do, None where others act."""
    last = _LAST.search(before, max(0, len(before) - 60))
    word = last.group(1).lower() if last else ""
    clause = _CLAUSE.split(before)[-1]
    ours = _OURS.search(clause)
    if verb.endswith("ing"):
        mentioned = re.search(r"\b(?:we|our)\b", before, re.IGNORECASE)
        owned = bool(ours or mentioned) or word in ("by", "through")
        return bool(_WILL.search(clause)) if _BEFORE_GERUND.fullmatch(word) and owned else None
    if verb.endswith(("sed", "ced", "hed", "ded", "red", "ted", "zed")) or verb == "made":
        # Participles: "we released", "have open-sourced", not "models released by".
        direct = _PARTICIPLE.search(before)
        if not direct or not (ours or direct.group().lower().startswith("we")):
            return None
        return bool(_WILL.search(clause))
    if not _BEFORE_VERB.fullmatch(word) or not ours:
        return None
    future = bool(_WILL.search(clause))
    if word == "to" and not future:
        # "to release" without a verb of intention: a purpose, or somebody else's act.
        return None
    between = clause[ours.end() :]
    if _OTHERS.search(between) or (word in ("and", ",") and len(between) > 400):
        return None
    return future


_RELATIVE = re.compile(
    r"(?:,|\s--?|\b(?:that|which)|[a-z])\swe\s"
    r"(?P<aux>(?:(?:will|plan to|intend to|are|have|also|\w+ly)\s)*)"
    r"(?:releas(?:e|ing|ed)|open[- ]?sourc(?:e|ed|ing)|publish(?:ed)?|"
    rf"mak(?:e|ing)\s(?:\w+\s){{0,2}}?{OPEN_STATE})"
    r"(?=\W*(?:(?:along with|together with|alongside|with)\s(?P<with>[^.;]{3,100})|$|[.,;)]|"
    r"\b(?:to|for|under|upon|here|as|at|in|on|and|publicly)\b))"
    r"|(?:which|that)\s(?P<will>will be|is going to be|are to be|is to be)\s(?:\w+\s){0,2}?"
    rf"{OPEN_STATE}",
    re.IGNORECASE,
)
#: "There are no datasets for it, so we created our own, which we will publish".
_OUR_OWN = re.compile(r"\bour own\W*\w?$")
_NO_THING_YET = re.compile(
    r"\b(?:if|when|that|which)\b|^\W*(?:further|future|more|additional|new)\b", re.IGNORECASE
)
_OTHER_VERB = re.compile(
    r"\b(?:and|with|on|using|by|from|of (?=the|our)|analy[sz]e|introduce|present|propose|create|"
    r"collect)\b"
)


#: "which is publicly available", of what the authors have just introduced.
_WHICH_IS = re.compile(
    r",?\s(?:(?:both|all) of )?(?:which|that)\s(?:is|are)\s"
    rf"(?:(?P<made>made\s)|(?:now|also|both|all|freely|publicly|openly|fully|and)\s){{0,4}}"
    rf"{OPEN_STATE}(?! by)",
    re.IGNORECASE,
)
#: "we hope that the release of our code will help".
_RELEASE = re.compile(
    r"\b(?:the|our|this|their) (?:\w+ ){0,2}?release of (?P<thing>[^.;]{3,120}?)\s"
    r"(?:will|can|may|would|could|should|helps?|enables?|fosters?|facilitates?|to)\b"
)


def read_relatives(text: str, names: Names) -> list[Statement]:
    """Return the statements "a dataset that we release", "…, which will be made available"."""
    found: list[Statement] = []
    for hit in islice(_WHICH_IS.finditer(text), MOST) if "which" in text or "that" in text else ():
        before = text[: hit.start()]
        if hit["made"] or introduces(before):
            pieces = reversed(_OTHER_VERB.split(before[-160:]))
            kinds = next((kinds for kinds in map(head_kinds, pieces) if kinds), set())
            found.append(make_statement(kinds, future=False))
    release = _RELEASE.search(text) if "release of " in text else None
    if release:
        thing = release.group("thing")
        ours = re.match(r"our\b", thing) or release.group().startswith("our")
        if (
            ours
            or head_kinds(thing) & names.kinds_in(thing, most=2, own=True)
            or (names.in_title(thing))
        ):
            kinds = head_kinds(thing) or names.kinds_in(thing, most=2)
            found.append(make_statement(kinds or {"other"}, future=False))
    if " we " not in text and " will be " not in text and " to be " not in text:
        return found
    for hit in islice(_RELATIVE.finditer(text), MOST):
        before = re.split(r"[.;:(]", text[max(0, hit.start() - 160) : hit.start() + 1])[-1]
        if not before.strip() or _NO_THING_YET.search(before):
            continue
        kinds = head_kinds(_OTHER_VERB.split(before)[-1]) or head_kinds(before)
        if not kinds and any(names.owns(name) for name in NAME.findall(before)[-1:]):
            kinds = names.kinds_in(before, most=2) or {"other"}
        if not kinds and _OUR_OWN.search(before) and (kind := last_kind(before)):
            kinds = {kind}
        if kinds:
            aux = hit.group("aux") or ""
            future = hit.group("will") or re.search(r"\b(?:will|plan|intend)\b", aux)
            found.append(make_statement(kinds | head_kinds(hit.group("with") or ""), future=future))
    return found
