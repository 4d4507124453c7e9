"""What one sentence of an abstract says about the authors' own artifacts.

A sentence is read by rules: who acts (the authors, their system, or others), the verb (release,
open-source, make available …), its tense and negation, and the nouns in the object's place. Links
stand in the sentence as marks between U+E000 and U+E001, see `mark`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.lexicon import (
    ADVERBS,
    FUTURE,
    GIVEN_STATE,
    NOUNS,
    OPEN_ADJECTIVE,
    OPEN_STATE,
    SOON,
    head_kinds,
    hide_traps,
)


class Statement(NamedTuple):
    """Something of the authors' own is open, or will be: which kinds, and when."""

    kinds: frozenset[str]
    tense: str


class Names:
    """The names that a paper gives to its own things, and what it says they are."""

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text
        self._own: dict[str, bool] = {}

    def owns(self, name: str) -> bool:
        """Say whether `name` is the paper's own: in its title, or introduced by the authors."""
        if name not in self._own:
            quoted = re.escape(name)
            self._own[name] = (
                bool(re.search(rf"^\W*{quoted}\b\s*(?::|--|—|-\s|,)", self.title))
                or bool(re.search(rf"(?<![\w-]){quoted}(?![\w-])", self.title))
                or bool(
                    re.search(
                        rf"\b(?:we|paper|work|report|here|called|dubbed|named|termed|propose|"
                        rf"introduces?|presents?|develop|is)\b[^.]{{0,80}}(?<!\w){quoted}(?!\w)",
                        self.text,
                        re.IGNORECASE,
                    )
                )
            )
        return self._own[name]

    def kinds(self, name: str) -> set[str]:
        """Return the kinds of what the paper says that `name` is."""
        quoted = re.escape(name)
        pattern = (
            rf"(?<!\w){quoted}(?!\w)(?:\s*\([^)]*\))?(?:\s*[,:]|\s+is|\s+as|\s*[-—–]+)\s*"
            rf"((?:an?|the|our|one)?\s*[^.,;:]{{3,160}})"
        )
        for text in (self.text, self.title):
            for hit in re.finditer(pattern, text):
                if found := head_kinds(hide_traps(hit.group(1))):
                    return found
        before = re.search(
            rf"([^.,;:]{{3,80}}?),?\s+(?:called|named|dubbed|termed)\s+{quoted}", self.text
        )
        return head_kinds(hide_traps(before.group(1))) if before else set()


_US = r"(?:we|i|this (?:paper|work|report|study|article|project)|our (?:work|team|paper|release))"
_OPEN_WORD = re.compile(r"[Oo]pen|[Pp]ublic|[Ff]ree|[Rr]eadily")
#: A sentence without one of these states nothing.
_TRIGGERS = (
    "releas",
    "sourc",
    "avail",
    "public",
    "publish",
    "shar",
    "open",
    "provid",
    "upload",
    "download",
    "distribut",
    "hosted",
    "disclos",
    "found",
    "github",
    "pip ",
    "licen",
    "contribut",
    "access",
)


def may_state(text: str) -> bool:
    """Take a quick look: False where a text cannot state that anything is open."""
    lower = text.lower()
    return any(word in lower for word in _TRIGGERS)


_VERB = re.compile(
    r"\b(?P<verb>open-?releas(?:e|ing|ed)|releas(?:e[sd]?|ing)|open[- ]?sourc(?:e[sd]?|ing)|"
    r"opensourc(?:e[sd]?|ing)|publish(?:es|ed|ing)?|publici[sz](?:e[sd]?|ing)|"
    r"shar(?:e[sd]?|ing)|distribut(?:e[sd]?|ing)|disclos(?:e[sd]?|ing)|"
    r"provid(?:e[sd]?|ing)|offer(?:s|ed|ing)?|contribut(?:e[sd]?|ing)|upload(?:ed)?|"
    r"mak(?:e[s]?|ing)|made|deliver(?:s|ed)?)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;!?]|\.(?=\s|$)|, (?:which|enabling|providing|allowing|hoping|aiming|so that|we\b|while|thus|thereby|"
    r"offering|paving|fostering|facilitating|marking|achieving|demonstrating|showing|establishing)"
    r"|\b(?:in order to|so that|hoping|aiming)\b"
    r"|\bto (?:facilitate|support|promote|foster|encourage|advance|accelerate|enable|help|ensure|"
    r"allow|aid|spur|stimulate|catalyze|drive|further|benefit|contribute|inspire|improve|make|"
    r"democratize|bridge|push|boost|ease|assist|serve|provide|empower|lower|address|"
    r"guide|simplify|increase|motivate|pave|fuel|spark|set|establish|train|evaluate)\b"
    r"|\b(?:under (?:an?|the)|for (?:future|further|research|reproducib\w*|the (?:research )?community))\b"
)
_NOT_ARTIFACT = re.compile(
    r"^\W*(?:the |a |an |our |its |some |this |that |more |new |useful |valuable |key |several |further |"
    r"practical |detailed |important |their |any |excess |stored |human |deep )*"
    r"(?:insights?|finding|lessons?|details|analys[ie]s|evidence|burden|constraints?|assumptions?|"
    r"gripp?er|grasp|objects?|potential|pressure|energy|tension|brakes?|requirements?|restrictions?|"
    r"memory|latch|load|stress|resources are|information|knowledge|power|results on|guidance|"
    r"responsib\w+|parameters across|same|similar|common|creativ\w+|experience)\b",
    re.IGNORECASE,
)
_STOP_SUBJECT = re.compile(
    r"(?<![-\w])(?:no|few|many|most|some|several|existing|previous|prior|other|such|any|often|if|when|where|"
    r"whose|not|commercial|recent|currently|widely|only|without|lack|lacks|more|proprietary|"
    r"pre-existing|third-party|unlabel\w*|additional|assum\w+|provided|various|every|labels?|labeled|labelled|unless|since|because|although|"
    r"while|whether|state-of-the-art|popular|current|their|users?|humans?|depth|sensors?|"
    r"information about|increasingly|becoming|modern|common|standard|large amounts?|large-scale)(?![-\w])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w-])(?=[\w+./-]*[A-Z])(?=[\w+./^$-]*(?:[A-Z\d+][\w+./^$-]*[A-Z\d+]|[a-z][A-Z]|-|[A-Z][a-z]))[\w+^$-][\w+./^$-]*(?<![.])"
)
_BE = (
    r"(?:is|are|was|were|has been|have been|been|will be|shall be|to be|be|being|can be|could be|may be|"
    r"becomes?|remains?|made|makes?|will|'s|get|will also be|can also be|can)"
)
_PREDICATE = re.compile(
    rf"\b(?P<be>{_BE})\s+(?P<adv>{ADVERBS})(?P<state>{OPEN_STATE}|{GIVEN_STATE})(?![A-Za-z])",
    re.IGNORECASE,
)
_VERBLESS = re.compile(
    r"\b(?P<noun>(?:source )?codes?|implementation|codebase|software)\b(?P<rest>[^.;]{0,50}?)\s"
    r"(?:publicly |freely |openly |now |also |all |both |fully )*(?:available|accessible|released|open-sourced|provided)\b",
    re.IGNORECASE,
)
_WITH_OPEN = re.compile(
    r"\bwith\s(?P<thing>(?:[^.;]|\.\d){3,90}?)\s(?:all\s|both\s|fully\s)*(?:(?:publicly|openly|freely)\s(?:released|available|accessible)|open[- ]sourced)\b",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rf"\b(?P<article>an?(?:\s\w+)?\s(?:famil(?:y|ies)|series|suite|set|collection|pair)\sof|an?|the (?:first|largest|only|most)|our|the|its|these|this|two|three)\s+"
    rf"(?P<between>(?:(?!(?:of|an?|the|for|with|on|in|to|from|by|that|which|our|is|are|across|among|over|via|through|using|\d+)\s)[\w-]+,?\s+(?:and\s+)?){{0,6}}?)(?P<open>{OPEN_ADJECTIVE}|open)"
    rf"(?P<after>(?:,?(?:\s+and)?\s+[\w+/.-]+){{1,10}})",
    re.IGNORECASE,
)
_BREAKS_NP = re.compile(
    r"(?<![-\w])(?:for|of|that|which|to|in|on|from|with|by|than|using|via|through|over|between|"
    r"against|among|is|are|was|were|has|have|outperform\w*|surpass\w*|evaluat(?:es|ed|ing)|existing|"
    r"leading|including|other|state-of-the-art|current|both|popular|recent|multiple|several|"
    r"various|different|most|built|designed|trained|comprising|containing|covering|spanning)(?![-\w])",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    rf"\b(?:{_US}|paper|work|report|article|study|and|here|to)\s+(?:(?:\w+ly|also|then|further|here|have|has|will|first|now|"
    r"hereby|both|and)\s+){0,4}(?:present|introduc|propos|develop|build|built|creat|"
    r"construct|provid|offer|contribut|describ|releas|design|establish|implement|collect|curat|"
    r"publish|open-sourc|deliver|engineer|share|assembl|train|report|launch|compil|annotat)(?:e|es|s|ed|t|ing|n|ly|d)*"
    r"(?P<rest>[^;]{0,160}?)$"
    rf"|\b(?:{_US})\b[^;]{{0,140}}?\b(?:develop|build|creat|introduc|releas|provid|present|contribut)ing\b(?P<rest2>[^;]{{0,60}}?)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:on|using|use|from|by|against|than|via|under|evaluat\w*|test\w*|train\w*|that|which|with|over|"
    r"through|outperform\w*|compar\w*|where|is|are)\b",
    re.IGNORECASE,
)


def read_claims(sentence: str, names: Names) -> list[Statement]:
    """Read what a sentence states about things of the authors' own, links left aside.

    Parameters
    ----------
    sentence : str
        One sentence.
    names : Names
        The paper's own names.

    Returns
    -------
    list of Statement
        Empty where nothing is stated.

    Examples
    --------
    >>> read_claims("We will release our code.", Names("", ""))
    [Statement(kinds=frozenset({'code'}), tense='future')]
    >>> read_claims("It beats open-source models.", Names("", ""))
    []
    """
    if not may_state(sentence):
        return []
    text = hide_traps(sentence)
    found = [*_acts(text, names), *_predicates(text, names)]
    if _OPEN_WORD.search(text):
        found += _attributes(text, names)
    if not found:
        found = _relatives(text)
    return [statement for statement in found if statement.kinds]


_RELATIVE = re.compile(
    rf"(?:,|\s--?|\b(?:that|which)|[a-z])\s(?P<we>we)\s(?P<aux>(?:(?:will|plan to|intend to|are|have|also|\w+ly)\s)*)"
    rf"(?:releas(?:e|ing|ed)|open[- ]?sourc(?:e|ed|ing)|publish(?:ed)?|mak(?:e|ing)\s(?:\w+\s){{0,2}}?{OPEN_STATE})"
    rf"(?=\W*(?:$|[.,;)]|\b(?:to|for|with|under|upon|here|as|at|in|on|and|publicly|alongside)\b))"
    rf"|(?:which|that)\s(?P<will>will be|is going to be|are to be|is to be)\s(?:\w+\s){{0,2}}?{OPEN_STATE}",
    re.IGNORECASE,
)
_OTHER_VERB = re.compile(
    r"\b(?:and|with|on|using|by|from|of (?=the|our)|analy[sz]e|introduce|present|propose|create|collect)\b"
)


def _relatives(text: str) -> list[Statement]:
    """Statements of the form "a dataset that we release", "…, which will be made available"."""
    found: list[Statement] = []
    if " we " not in text and " will be " not in text and " to be " not in text:
        return found
    for hit in _RELATIVE.finditer(text):
        before = re.split(r"[.;:(]", text[max(0, hit.start() - 160) : hit.start() + 1])[-1]
        if not before.strip() or re.search(r"\b(?:if|when|that|which)\b", before):
            continue
        kinds = head_kinds(_OTHER_VERB.split(before)[-1]) or head_kinds(before)
        if kinds:
            future = hit.group("will") or re.search(r"\b(?:will|plan|intend)\b", hit.group("aux"))
            tense = "future" if future else "present"
            found.append(Statement(frozenset(_software(kinds)), tense))
    return found


def _acts(text: str, names: Names) -> list[Statement]:
    """Statements of the form "we release …", "by open-sourcing …", "and make … available"."""
    found = []
    for hit in _VERB.finditer(text):
        verb = hit.group("verb").lower()
        before = text[: hit.start()]
        future = _acting(before, verb)
        if future is None:
            continue
        end = _CLAUSE_END.search(text, hit.end())
        thing = text[hit.end() : end.start() if end else len(text)].strip()
        if verb.startswith(("mak", "made")):
            made = re.match(
                rf"(?P<thing>.{{2,220}}?)\s(?:\w+ly\s|freely\s|all\s|fully\s|both\s)*"
                rf"(?:{OPEN_STATE}|online)\b(?!-)(?!\s(?:models?|LLMs?|datasets?|to models))",
                text[hit.end() :].strip(),
                re.IGNORECASE,
            )
            if not made or re.search(r"[;.]\s", made.group("thing")):
                continue
            thing = made.group("thing")
            if (
                re.search(r"\b(?:that|which|can|more|possible|easily|widely)\b", made.group())
                and "our" not in thing
            ):
                continue
        elif re.match(r"releas|open|publici|disclos", verb) is None:
            kinds = head_kinds(thing)
            strong = "code" in kinds and re.search(
                r"\b(?:source|codes?|codebase|scripts?|open-source)\b", thing, re.IGNORECASE
            )
            openly = re.search(
                r"\bpublic(?:ly)?\b|\bopen(?:ly|-source)?\b|\bfreely\b|\bonline\b",
                before[-40:] + thing,
            )
            shared = kinds & {"data", "model", "code", "demo"} and (
                verb.startswith(("publish", "upload"))
                or (
                    verb.startswith(("shar", "distrib"))
                    and (openly or re.match(r"\s*(?:our|all)\b.*\b(?:data|code)", thing))
                )
            )
            given = openly and kinds and verb.startswith(("provid", "offer", "contrib"))
            if not (
                strong or shared or (given and re.search(r"publicly|freely|openly", before[-30:]))
            ):
                continue
        if re.match(
            r"\s*(?:that|from|by|of|at|in|and|or|models?|LLMs?|datasets?|tools?|code)\b", thing
        ) and not re.match(r"\s*(?:code|models?|datasets?|tools)\b", thing):
            continue
        if _NOT_ARTIFACT.match(thing):
            continue
        if verb in ("open-source", "open source", "opensource") and not _OBJECT.match(thing):
            direct = re.search(
                r"\b(?:we|to|will|also|\w+ly|further|hereby|can|then)\s*$", before, re.I
            )
            if not direct:
                continue
        kinds = _kinds_of(thing, names, verb=verb)
        if kinds == {"other"} and not _THING.match(thing):
            continue
        soon = SOON.search(text) is not None
        found.append(Statement(frozenset(kinds), "future" if future or soon else "present"))
    return found


#: What an unknown thing must look like to be an artifact: a name, a number, all of ours.
_THING = re.compile(
    r"\s*(?:(?:our|all|both|it|them|everything|these|this|two|three|full|several)\b|\W*\d|"
    r"(?:[a-z][\w-]*\s+){0,4}[A-Z]|the (?:full|complete|entire|whole|resulting|trained)\b)"
)
#: What an object starts with; "and open-source models" has none and is an adjective.
_OBJECT = re.compile(
    r"(?:our|the|all|a|an|both|this|these|its|it|them|codes?|everything|two|three|trained|full)\b|[A-Z]"
)


def _acting(before: str, verb: str) -> bool | None:
    """Say whether the authors act, in the future (True) or now (False), or not at all (None)."""
    last = re.search(r"([\w'’-]+|[,:;()]|\ue001)\s*$", before)
    word = last.group(1).lower() if last else ""
    clause = re.split(r"[;:]\s", before)[-1]
    ours = re.search(rf"\b{_US}\b", clause, re.IGNORECASE)
    future = re.search(
        rf"{FUTURE}(?:(?!\b(?:we|and|that|which)\b)[\w ,-]){{0,50}}$", clause, re.IGNORECASE
    )
    if verb.endswith("ing"):
        if word in (
            "by",
            "through",
            "and",
            "are",
            "am",
            "with",
            "to",
            "openly",
            "publicly",
            "fully",
            "also",
            "via",
            ",",
            "(",
            ")",
            "",
        ):
            owned = (
                ours
                or re.search(r"\b(?:we|our)\b", before, re.IGNORECASE)
                or word in ("by", "", ",", "through")
            )
            return bool(future) if owned else None
        return None
    if verb.endswith(("sed", "ced", "hed", "ded", "red", "ted", "zed")) or verb == "made":
        # Participles: "we released", "have open-sourced", not "models released by".
        direct = re.search(
            rf"\b(?:{_US}|we've)\s+(?:(?:have|has|had|also|then|\w+ly|fully|already|further|and|now)\s+)*$|"
            rf"\b(?:have|has)\s+(?:(?:also|\w+ly|fully|already|further|now|open)\s+)*$|"
            rf"\b{_US}\b[^.;]{{2,120}}\band\s+(?:\w+ly\s+|also\s+|fully\s+)*$",
            before,
            re.IGNORECASE,
        )
        if not direct or not (ours or direct.group().lower().startswith("we")):
            return None
        return bool(future)
    allowed = {
        "we",
        "i",
        "and",
        "also",
        "to",
        "will",
        "further",
        "then",
        "both",
        ",",
        "here",
        "hereby",
        "additionally",
        "subsequently",
        "can",
        "fully",
        "openly",
        "publicly",
        "freely",
        "now",
        "completely",
        "finally",
        "would",
        "shall",
        "jointly",
        "paper",
        "work",
        "team",
        "report",
        "gradually",
        "first",
        "therefore",
        "thus",
        "all",
        "authors",
        "soon",
        "study",
        "proudly",
        "not",
        "only",
        "gladly",
        "happily",
        "promptly",
        "immediately",
        "anonymously",
        "project",
        "'ll",
        "eventually",
        "permanently",
        "entirely",
        "partially",
        "article",
        "generously",
        "plan",
    }
    if word not in allowed or not ours:
        return None
    if word == "to" and not future:
        # "to release", with nobody who means to: a purpose, or somebody else.
        return None
    between = clause[ours.end() :]
    others = re.search(
        r"\b(?:that|which|who|where|whose|users?|models|methods|agents?|robots?)\s+(?:\w+\s+)?$",
        between,
    )
    if others or (word in ("and", ",") and len(between) > 400):
        return None
    return bool(future)


def _kinds_of(thing: str, names: Names, *, verb: str = "") -> set[str]:
    """Return the kinds of a released thing; {"other"} where only its name is known."""
    opens = verb.startswith(("open", "opensourc"))
    kinds = head_kinds(thing)
    if "as open-source software" in thing or re.search(
        r"\bas (?:an? )?(?:open[- ]source|free|public|Python|pip|R)\b[^.]{0,30}\b(?:software|package|library|toolkit|tool|framework)\b",
        thing,
    ):
        kinds.add("code")
    if not kinds:
        for name in _NAME.findall(thing)[:3]:
            kinds |= names.kinds(name)
    if opens and re.match(
        r"\W*(?:(?:the|our|all|entire|whole|full|complete|this|its|proposed)\s+)*(?:method|approach|work|project|"
        r"everything|algorithm|solution|technique|design|it)\b",
        thing,
        re.IGNORECASE,
    ):
        kinds.add("code")
    return _software(kinds) or {"other"}


def _predicates(text: str, names: Names) -> list[Statement]:
    """Statements of the form "our code is available", "X is open-source", "code available"."""
    found = []
    for hit in _PREDICATE.finditer(text):
        be, state = hit.group("be").lower(), hit.group("state").lower()
        before = text[: hit.start()]
        subject = _subject(before)
        whole = f"{be} {hit.group('adv')}".lower()
        if re.search(r"\bnot\b|\bnever\b|\brarely\b|\bno longer\b", whole):
            continue
        future = bool(re.search(FUTURE, f"{subject[-25:]} {whole}", re.IGNORECASE))
        after = text[hit.end() : hit.end() + 90]
        if state in ("public", "open", "available") and re.match(
            r"[- ]?(?:source|ended|domain|world|set|vocab|problem|question|challenge)", after
        ):
            if not re.match(r"[- ]?sourced?\b(?!\s+(?:models?|LLMs?|code))", after):
                continue
        if re.match(r"-\w", after) or (
            # Energy, objects and drugs are released by, from and into something.
            state != "available"
            and re.match(r"\s+(?:by (?!the authors)|from|during|into|when)\b", after)
        ):
            continue
        kinds = _subject_kinds(subject, names, state, future, f"{whole} {state} {after}")
        if kinds:
            if also := _ALONG.match(text, hit.end()):
                kinds = kinds | _software(head_kinds(also.group(1)))
            soon = SOON.search(text)
            found.append(Statement(frozenset(kinds), "future" if future or soon else "present"))
    for hit in _VERBLESS.finditer(text):
        before = text[: hit.start()]
        if re.search(
            r"\b(?:no|not|without|existing|whose|if|when|lack\w*|their)\b[^,.]{0,25}$", before
        ) or re.search(r"\b(?:is|are|be|been|not|that|which|for|of|un)\b", hit.group("rest")):
            continue
        if re.search(
            r"(?:^|[.(,:;]|\b(?:with|our|all|the|and))\s*(?:(?:source|our|all|the|full|data|and|models?|training)\s*)*$",
            before,
            re.IGNORECASE,
        ):
            found.append(
                Statement(frozenset({"code"}), "future" if SOON.search(text) else "present")
            )
    for hit in _WITH_OPEN.finditer(text):
        if not re.search(
            r"\b(?:that|which|is|are|other|existing|of|on|only|no|most|against)\b",
            hit.group("thing"),
        ):
            kinds = _software(head_kinds(_ACRONYM.sub("", hit.group("thing"))))
            found.append(Statement(frozenset(kinds), "future" if SOON.search(text) else "present"))
    return found


_ALONG = re.compile(
    r"[^.;,]{0,50}?\b(?:along with|together with|as well as|alongside|with)\s+([^.;]{3,100})"
)
_SUBJECT_START = re.compile(
    r"[;:—(]|\s[-–]\s|, (?:and |but |while |where |with |whose )?(?=(?:we|our|the|all|its|it|this|these|both|they|code|codes|source|data|models?)\b)|"
    r"\b(?:that|which|where|when|if|because|since|while|whereas|although|so|but|who)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|shows?|showed|shown|demonstrate[sd]?|outperform(?:s|ed)?|achieve[sd]?|"
    r"propose[sd]?|presents?|presented|introduce[sd]?|reveal(?:s|ed)?|improve[sd]?|enable[sd]?|"
    r"provide[sd]?|evaluate[sd]?|develops?|developed|reach(?:es|ed)?|supports|supported|has|have|"
    r"find|finds|found|can|conduct(?:s|ed)?|surpass(?:es|ed)?|offers?|release[sd]?|exhibits?|"
    r"generali[sz]es?|remains?|establish(?:es|ed)?|yields?|validate[sd]?|indicate[sd]?|confirms?|"
    r"suggests?|allows?|construct(?:s|ed)?|creates?|created|contributes?|highlights?)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\W*(?:to|for|in order to|in support of|in the spirit of|with the (?:aim|goal)|as part of|given|"
    r"aiming|towards?|upon|after|finally|moreover|furthermore|additionally|in addition|last(?:ly)?|here|"
    r"importantly|notably|currently|once|following|by)\b[^,]*,\s*",
    re.IGNORECASE,
)


_ASIDE = re.compile(
    r",\s(?:including|consisting|containing|comprising|composed|along with|together with|as well as|"
    r"which|with|covering|collected|annotated|built|called|named|dubbed|termed)\b[^.;]*,\s*$"
)


def _subject(before: str) -> str:
    """Return the subject in front of a predicate: the last clause, its purpose taken off."""
    before = _ASIDE.sub(" ", before)
    start = 0
    for boundary in _SUBJECT_START.finditer(before):
        left = before[start : boundary.start()]
        word = boundary.group().strip(" ,").lower()
        if not boundary.group().startswith(",") or _FINITE.search(left):
            if word in ("that", "which", "who") and not re.search(
                r"[,]\s*$", left + boundary.group()[:1]
            ):
                # A relative clause: its predicate is not the sentence's, unless it belongs to
                # the code itself: "code that reproduces … is available".
                if not _CODE_BEFORE.search(left):
                    start = boundary.start()
            else:
                start = boundary.end()
    # ", and" joins two clauses only where the left one has its own verb.
    for joint in re.finditer(
        r",? and (?=(?:the|our|all|its|it|code|codes|source|both|we)\b)|, ", before[start:]
    ):
        left = before[start : start + joint.start()]
        if _FINITE.search(left):
            start += joint.end()
            break
    subject = before[start:].strip()
    return _PURPOSE.sub("", subject).strip()


_CODE_BEFORE = re.compile(r"\b(?:codes?|scripts|software|implementation)\s*$", re.IGNORECASE)
_OWN_NOUN = re.compile(
    r"^(?:(?:the|all|both|our|full|complete|entire|training|source|its|inference|associated|corresponding|relevant|"
    r"trained|pre-?trained|evaluation|an?|open-source|python|accompanying|resulting|proposed|new|this|"
    r"pytorch|official|reference|these|model|final|raw|processed|annotated|supplementary|experimental|more|"
    r"reproducible|introduced|collected|developed|benchmark|[A-Z][\w-]*'?s?|of)\s+)*"
    r"(?P<noun>[\w-]+)",
    re.IGNORECASE,
)


def _subject_kinds(
    subject: str, names: Names, state: str, future: bool, predicate: str
) -> set[str]:
    """Return the kinds of a subject that is the authors' own; empty for anybody else's."""
    if not subject or len(subject) > 260 or re.match(r"(?:that|which|who)\b", subject):
        return set()
    if _FINITE.search(subject) and not re.search(r"\b(?:code|scripts)\b", subject):
        return set()
    lower = subject.lower()
    ours = bool(re.search(r"\b(?:our|ours|accompanying)\b", lower))
    if _STOP_SUBJECT.search(subject) and not re.search(r"\bour\b", lower):
        return set()
    kinds = head_kinds(subject)
    given = re.fullmatch(GIVEN_STATE, state, re.IGNORECASE) is not None
    if given:
        # "can be found", "is provided" say nothing of most things, much of code.
        place = re.search(
            r"\b(?:here|online|supplement\w*|github|gitlab|hugging ?face|web-?site|page|repositor\w+|link|"
            r"appendix|publicly|freely|openly|as open|licen[sc]e|download|pypi|zenodo)\b",
            predicate,
            re.IGNORECASE,
        )
        if "code" not in kinds and not (place and ours and kinds):
            return set()
        if (
            "code" in kinds
            and not place
            and not future
            and not re.search(r"\b(?:source|codes?|codebase|scripts)\b", lower)
        ):
            return set()
    first = _OWN_NOUN.match(subject)
    strong = "code" in kinds and bool(
        re.match(
            r"\W*(?:[\w-]+,?\s+(?:and\s+|&\s+)?){0,9}?(?:codes?|source|codebase|scripts)\b"
            r"|\W*(?:the|this|an? (?:\w+ )?(?:open-source )?)\s*(?:[\w+#/-]+\s+){0,4}?(?:implementations?|software|library|package|toolkit|toolbox|repository|repo|scripts)\b"
            r"|\W*(?:implementations?|software)\b(?!\s+\w+ing)",
            subject,
            re.IGNORECASE,
        )
    )
    named = {name for name in _NAME.findall(subject)[:4] if len(name) > 1 and names.owns(name)}
    pronoun = re.match(r"(?:it|they|this|these|everything|all)\b[\w ]{0,25}$", lower)
    if re.search(
        r"\bour (?:[\w-]+ ){0,2}(?:repo\w*|web-?site|web-?page|page|site|github|organi[sz]ation)\b",
        predicate,
        re.I,
    ):
        ours = ours or bool(kinds)
    clear = re.search(
        r"publicly|freely|open|releas|online|published|on (?:github|hugging)|download",
        predicate.lower(),
    )
    if ours or strong or (future and kinds):
        own = True
    elif named:
        own = bool(clear)
    elif pronoun:
        own = bool(clear) and not re.search(
            r"\bopen (?:problem|question|challenge|issue)", predicate
        )
    elif future and clear and len(subject.split()) <= 10:
        own = True
    else:
        short = len(subject.split()) <= 12 and first is not None
        definite = re.match(
            r"(?:the|all|both|this|these|trained|pre-?trained|full|complete)\b|(?:data|datasets?|benchmarks?|models?|weights|checkpoints?)\b(?:,| and| for (?:both|all|our|the)|$)",
            lower,
        )
        own = bool(short and definite and clear and kinds)
    if not own:
        return set()
    if not kinds:
        for name in named:
            kinds |= names.kinds(name)
        if re.search(r"open[- ]?source", predicate.lower()) and (
            pronoun or re.search(r"\b(?:method|approach|work|project)\b", lower)
        ):
            kinds.add("code")
        if not kinds and not (
            named
            or pronoun
            or future
            or re.search(r"\b(?:work|resources?|materials?|artifacts?|assets|everything)\b", lower)
        ):
            return set()
    if kinds == {"system"} and re.match(
        r"\w+ \w* ?(?:available|accessible)\W+(?:through|via|as|using) (?:an? |the |our )?(?:\w+ )?(?:api|web|app|demo)",
        predicate,
        re.IGNORECASE,
    ):
        return {"demo"}
    return _software(kinds) or {"other"}


def _attributes(text: str, names: Names) -> list[Statement]:
    """Statements of the form "we present X, an open-source toolkit", "our open-source tools"."""
    found = []
    text = _ACRONYM.sub("", text)
    for hit in _ATTRIBUTE.finditer(text):
        article, between = hit.group("article").lower(), hit.group("between")
        word = hit.group("open").lower()
        if _BREAKS_NP.search(between):
            continue
        phrase = _BREAKS_NP.split(hit.group("after"), maxsplit=1)[0]
        kinds = head_kinds(phrase)
        before = text[: hit.start()]
        if re.search(
            r"\b(?:only|existing|previous|current|leading|other|than|over|against|among|strong|best)\W*$",
            before,
        ):
            continue
        if article == "our":
            owned = bool(kinds) and len(between.split()) <= 2
        else:
            rest = None
            for introduced in _INTRODUCES.finditer(before):
                rest = introduced.group("rest") or introduced.group("rest2") or ""
            apposed = bool(re.search(r",\s*(?:which is\s*)?$", before))
            owned = rest is not None and (apposed or not _ELSEWHERE.search(rest))
            owned = (
                owned
                or _names_before(before, names)
                or (article == "this" and word.startswith("open"))
            )
        if not owned:
            continue
        if word == "open" and article == "the":
            continue
        if word == "open" and not (
            kinds & {"data", "model"}
            or re.search(r"(?:framework|toolkit|library|software|suite)", phrase)
        ):
            continue
        if word == "open" and re.match(
            r"[- ]?(?:ended|domain|world|set|vocab|problem|question|challenge|loop|book|research)",
            phrase.strip(),
        ):
            continue
        if not kinds and word in ("open", "public", "publicly"):
            continue
        kinds = _software(kinds) or {"other"}
        if "project" in kinds and word.startswith("open"):
            kinds = kinds | {"code"}
        future = bool(re.search(rf"{FUTURE}[^.;]{{0,60}}$", before, re.IGNORECASE))
        found.append(Statement(frozenset(kinds), "future" if future else "present"))
    for hit in _RELEASE_OF.finditer(text):
        if kinds := head_kinds(hit.group("thing")):
            future = bool(re.search(rf"{FUTURE}[^.;]{{0,60}}$", text[: hit.start()], re.IGNORECASE))
            found.append(Statement(frozenset(_software(kinds)), "future" if future else "present"))
    return found


_RELEASE_OF = re.compile(
    r"\b(?:(?:the|a|an|our|full|complete|this|first|its)\s+)+(?:[\w-]+\s+){0,2}?"
    r"(?:(?:open[- ]source|public|open|full|complete)\s+release|open-sourcing)\s+(?:of|includes|comprises)\s+(?P<thing>[^.;]{3,160})",
    re.IGNORECASE,
)


def _software(kinds: set[str]) -> set[str]:
    """Count systems as code: they are released as software."""
    return (kinds - {"system"}) | {"code"} if "system" in kinds else kinds


_ACRONYM = re.compile(r"\s\([A-Z][\w-]{0,14}\)")


def _names_before(before: str, names: Names) -> bool:
    """Say whether the words in front end in "NAME," or "NAME is" with a name of the paper's own."""
    hit = re.search(r"(?P<name>[\w+./^-]+)(?:\s*\([^)]*\))?\s*(?:,|is|as|:|--|—)\s*$", before)
    return bool(hit and re.search(r"[A-Z]", hit["name"]) and names.owns(hit["name"])) or bool(
        re.search(
            r"(?:^|\b(?:this|it|the system|framework) is |\bas\s*)$",
            before.strip() + " ",
            re.IGNORECASE,
        )
        and not before.strip().endswith(("such as", "as well as"))
    )


def own_kind(kinds: set[str]) -> str | None:
    """Return the first kind in the order of the guideline."""
    if "code" in kinds or "system" in kinds:
        return "code"
    return next((kind for kind in NOUNS if kind in kinds), None)
