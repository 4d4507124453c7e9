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
                or bool(re.search(rf"(?<!\w){quoted}(?!\w)", self.title))
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
        before = re.search(rf"([^.,;:]{{3,80}}?),?\s+(?:called|named|dubbed|termed)\s+{quoted}", self.text)
        return head_kinds(hide_traps(before.group(1))) if before else set()


_US = r"(?:we|i|this (?:paper|work|report|study|article|project)|our (?:work|team|paper|release)|the authors)"
#: Quick look: a sentence without one of these states nothing.
TRIGGER = re.compile(
    r"releas|open(?:ly|ed)?[- ]?(?:sourc|up|access|weight)|opensourc|avail|publi|accessib|share[ds]?\b|sharing|"
    r"provid|upload|download|distribut|host|disclos|found|github|fully[- ]open|open\b|pip\b|pypi|"
    r"licen[sc]|contribut",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?P<verb>open-?releas(?:e|ing|ed)|releas(?:e[sd]?|ing)|open[- ]?sourc(?:e[sd]?|ing)|"
    r"opensourc(?:e[sd]?|ing)|publish(?:es|ed|ing)?|publici[sz](?:e[sd]?|ing)|"
    r"shar(?:e[sd]?|ing)|distribut(?:e[sd]?|ing)|disclos(?:e[sd]?|ing)|opening|"
    r"provid(?:e[sd]?|ing)|offer(?:s|ed|ing)?|contribut(?:e[sd]?|ing)|upload(?:ed)?|"
    r"mak(?:e[s]?|ing)|made|deliver(?:s|ed)?)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;.!?]|, (?:which|enabling|providing|allowing|hoping|aiming|so that|we\b|while|thus|thereby|"
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
    r"\b(?:no|few|many|most|some|several|existing|previous|prior|other|such|any|often|if|when|where|"
    r"whose|not|commercial|recent|currently|widely|only|without|lack|lacks|more|proprietary|"
    r"pre-existing|third-party|various|every|labels?|labeled|labelled|unless|since|because|although|"
    r"while|whether|state-of-the-art|popular|current|their|users?|humans?|depth|sensors?|"
    r"information about|increasingly|becoming|modern|common|standard|large amounts?|large-scale)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w-])(?=[\w+./-]*[A-Z])(?=[\w+./^$-]*(?:[A-Z\d+][\w+./^$-]*[A-Z\d+]|[a-z][A-Z]|-|[A-Z][a-z]))[\w+^$-][\w+./^$-]*(?<![.])"
)
_BE = (
    r"(?:is|are|was|were|has been|have been|been|will be|shall be|to be|be|being|can be|could be|may be|"
    r"becomes?|remains?|made|makes?|will|'s|get|will also be|can also be|can)"
)
_PREDICATE = re.compile(rf"\b(?P<be>{_BE})\s+(?P<adv>{ADVERBS})(?P<state>{OPEN_STATE}|{GIVEN_STATE})\b", re.IGNORECASE)
_VERBLESS = re.compile(
    rf"\b(?P<noun>(?:source )?codes?|implementation|codebase|software)\b(?P<rest>[^.;]{{0,50}}?)\s"
    rf"(?:publicly |freely |openly |now |also )*(?:available|released|open-sourced|provided)\b",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rf"\b(?P<article>an?|the (?:first|largest|only|most)|our|its|new|novel|the|completely|full|fully|with|and|as|of|"
    rf"these|this|two|three|comprehensive|unified|large-scale|one)\s+"
    rf"(?P<between>(?:[\w-]+,?\s+(?:and\s+)?){{0,6}}?)(?P<open>{OPEN_ADJECTIVE}|open)"
    rf"(?P<after>(?:,?(?:\s+and)?\s+[\w+/.-]+){{1,10}})",
    re.IGNORECASE,
)
_BREAKS_NP = re.compile(
    r"\b(?:for|of|that|which|to|in|on|from|with|by|than|using|via|through|over|between|against|among|"
    r"is|are|was|were|has|have|outperform\w*|surpass\w*|evaluat\w+|existing|leading|including|other|"
    r"state-of-the-art|current|both|popular|recent|multiple|several|various|different|most|available)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    rf"\b(?:{_US}|here|paper|work|report)\b[^.;]{{0,60}}?\b(?:present|introduc|propos|develop|build|built|creat|"
    r"construct|provid|offer|contribut|describ|releas|design|establish|implement|collect|curat|"
    r"publish|open-sourc|deliver|engineer|share|assembl|train|report|launch|compil|annotat)\w*",
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
    if not TRIGGER.search(sentence):
        return []
    text = hide_traps(sentence)
    found = [*_acts(text, names), *_predicates(text, names), *_attributes(text, names)]
    return [statement for statement in found if statement.kinds]


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
            if re.search(r"\b(?:that|which|can|more|possible)\b", thing) and "our" not in thing:
                continue
        elif re.match(r"releas|open|publici|disclos", verb) is None:
            kinds = head_kinds(thing)
            strong = "code" in kinds and re.search(
                r"\b(?:source|codes?|codebase|scripts?|open-source)\b", thing, re.IGNORECASE
            )
            openly = re.search(r"\bpublic(?:ly)?\b|\bopen(?:ly|-source)?\b|\bfreely\b|\bonline\b", before[-40:] + thing)
            shared = verb.startswith(("shar", "publish", "upload", "distrib")) and kinds & {"data", "model", "code", "demo"}
            if not (strong or shared or (openly and kinds and verb.startswith(("provid", "offer", "contrib")) and re.search(r"publicly|freely|openly", before[-30:]))):
                continue
        if re.match(r"\s*(?:that|from|by|of|at|in|and|or|models?|LLMs?|datasets?|tools?|code)\b", thing) and not re.match(
            r"\s*(?:code|models?|datasets?|tools)\b", thing
        ):
            continue
        if _NOT_ARTIFACT.match(thing):
            continue
        kinds = _kinds_of(thing, names, verb=verb)
        soon = SOON.search(text) is not None
        found.append(Statement(frozenset(kinds), "future" if future or soon else "present"))
    return found


def _acting(before: str, verb: str) -> bool | None:
    """Say whether the authors act, in the future (True) or now (False), or not at all (None)."""
    last = re.search(r"([\w'’-]+|[,:;(]|\ue001)\s*$", before)
    word = last.group(1).lower() if last else ""
    clause = re.split(r"[;:]\s", before)[-1]
    ours = re.search(rf"\b{_US}\b", clause, re.IGNORECASE)
    future = re.search(
        rf"{FUTURE}(?:(?!\b(?:we|and|that|which)\b)[\w ,-]){{0,50}}$", clause, re.IGNORECASE
    )
    if verb.endswith("ing"):
        if word in ("by", "through", "and", "are", "am", "with", "to", "in", "openly", "publicly", "fully", "also", "via", ",", "commit", "support", "towards", "beyond", "for", "on", ""):
            owned = ours or re.search(r"\b(?:we|our)\b", before, re.IGNORECASE) or word in ("by", "", ",", "through")
            return (bool(future) if owned else None)
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
        "we", "i", "and", "also", "to", "will", "further", "then", "both", ",", "here", "hereby",
        "additionally", "subsequently", "can", "fully", "openly", "publicly", "freely", "now",
        "completely", "finally", "would", "shall", "jointly", "paper", "work", "team", "report",
        "gradually", "first", "therefore", "thus", "all", "authors", "soon", "study", "proudly",
        "not", "only", "gladly", "happily", "promptly", "immediately", "anonymously", "project",
        "'ll", "eventually", "permanently", "entirely", "partially", "article", "generously", "plan",
    }
    if word not in allowed or not ours:
        return None
    if word == "to" and not future:
        # "to release", with nobody who means to: a purpose, or somebody else.
        return None
    between = clause[ours.end() :]
    others = re.search(r"\b(?:that|which|who|where|whose|users?|models|methods|agents?|robots?)\s+(?:\w+\s+)?$", between)
    if others or (word in ("and", ",") and len(between) > 400):
        return None
    return bool(future)


def _kinds_of(thing: str, names: Names, *, verb: str = "") -> set[str]:
    """Return the kinds of a released thing; {"other"} where only its name is known."""
    opens = verb.startswith(("open", "opensourc"))
    kinds = head_kinds(thing)
    if "as open-source software" in thing or re.search(
        r"\bas (?:an? )?(?:open[- ]source|free|public|Python|pip|R)\b[^.]{0,30}\b(?:software|package|library|toolkit|tool|framework)\b", thing
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
    if "system" in kinds:
        kinds.discard("system")
        kinds.add("code")
    return kinds or {"other"}


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
        if state in ("public", "open", "available") and re.match(r"[- ]?(?:source|ended|domain|world|set|vocab|problem|question|challenge)", after):
            if not re.match(r"[- ]?sourced?\b(?!\s+(?:models?|LLMs?|code))", after):
                continue
        if re.match(r"-\w", after):
            continue
        kinds = _subject_kinds(subject, names, state, future, f"{whole} {state} {after}")
        if kinds:
            soon = SOON.search(text)
            found.append(Statement(frozenset(kinds), "future" if future or soon else "present"))
    for hit in _VERBLESS.finditer(text):
        before = text[: hit.start()]
        if re.search(r"\b(?:no|not|without|existing|whose|if|when|lack\w*|their)\b[^,.]{0,25}$", before) or re.search(
            r"\b(?:is|are|be|been|not|that|which|for|of|un)\b", hit.group("rest")
        ):
            continue
        if re.search(r"(?:^|[.(,:;]|\b(?:with|our|all|the|and))\s*(?:(?:source|our|all|the|full|data|and|models?|training)\s*)*$", before, re.IGNORECASE):
            found.append(Statement(frozenset({"code"}), "future" if SOON.search(text) else "present"))
    return found


_SUBJECT_START = re.compile(
    r"[;:—(]|\s[-–]\s|, (?:and |but |while |where |with |whose )?(?=(?:we|our|the|all|its|it|this|these|both|they|code|codes|source|data|models?)\b)|"
    r"\b(?:that|which|where|when|if|because|since|while|whereas|although|so|but|who)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|show\w*|demonstrat\w+|outperform\w*|achiev\w+|propos\w+|present\w*|introduc\w+|"
    r"reveal\w*|improv\w+|enabl\w+|provid\w+|evaluat\w+|develop\w*|reach\w*|support\w*|has|have|find|"
    r"can|conduct\w*|surpass\w*|offers?|releas\w+|exhibits?|generali[sz]es?|remains?|establish\w*|yields?)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\W*(?:to|for|in order to|in support of|in the spirit of|with the (?:aim|goal)|as part of|given|"
    r"aiming|towards?|upon|after|finally|moreover|furthermore|additionally|in addition|last(?:ly)?|here|"
    r"importantly|notably|currently|once|following|by)\b[^,]*,\s*",
    re.IGNORECASE,
)


def _subject(before: str) -> str:
    """Return the subject in front of a predicate: the last clause, its purpose taken off."""
    start = 0
    for boundary in _SUBJECT_START.finditer(before):
        left = before[start : boundary.start()]
        word = boundary.group().strip(" ,").lower()
        if not boundary.group().startswith(",") or _FINITE.search(left):
            if word in ("that", "which", "who") and not re.search(r"[,]\s*$", left + boundary.group()[:1]):
                # A relative clause: its predicate is not the sentence's.
                start = boundary.start()
            else:
                start = boundary.end()
    # ", and" joins two clauses only where the left one has its own verb.
    for joint in re.finditer(r",? and (?=(?:the|our|all|its|it|code|codes|source|both|we)\b)|, ", before[start:]):
        left = before[start : start + joint.start()]
        if _FINITE.search(left):
            start += joint.end()
            break
    subject = before[start:].strip()
    return _PURPOSE.sub("", subject).strip()


_OWN_NOUN = re.compile(
    r"^(?:(?:the|all|both|our|full|complete|entire|training|source|its|inference|associated|corresponding|relevant|"
    r"trained|pre-?trained|evaluation|an?|open-source|python|accompanying|resulting|proposed|new|this|"
    r"pytorch|official|reference|these|model|final|raw|processed|annotated|supplementary|experimental|more|"
    r"reproducible|introduced|collected|developed|benchmark|[A-Z][\w-]*'?s?|of)\s+)*"
    r"(?P<noun>[\w-]+)",
    re.IGNORECASE,
)


def _subject_kinds(subject: str, names: Names, state: str, future: bool, predicate: str) -> set[str]:
    """Return the kinds of a subject that is the authors' own; empty for anybody else's."""
    if not subject or len(subject) > 260 or re.match(r"(?:that|which|who)\b", subject):
        return set()
    lower = subject.lower()
    ours = bool(re.search(r"\b(?:our|ours|we|proposed|accompanying|introduced)\b", lower))
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
        if "code" in kinds and not place and not future and not re.search(
            r"\b(?:source|codes?|codebase|scripts)\b", lower
        ):
            return set()
    first = _OWN_NOUN.match(subject)
    strong = "code" in kinds and bool(
        re.match(
            r"\W*(?:[\w-]+,?\s+(?:and\s+|&\s+)?){0,9}?(?:codes?|source|codebase|implementations?|software|library|package|toolkit|toolbox|scripts|repository|repo)\b",
            subject,
            re.IGNORECASE,
        )
    )
    named = {name for name in _NAME.findall(subject)[:4] if len(name) > 1 and names.owns(name)}
    pronoun = re.match(r"(?:it|they|this|these|both|everything|all)\b[\w ]{0,25}$", lower)
    clear = re.search(r"publicly|freely|open|releas|online|published|on (?:github|hugging)|download", predicate.lower())
    if ours or strong or (future and kinds):
        own = True
    elif named:
        own = bool(clear)
    elif pronoun:
        own = bool(clear) and not re.search(r"\bopen (?:problem|question|challenge|issue)", predicate)
    else:
        short = len(subject.split()) <= 12 and first is not None
        definite = re.match(r"(?:the|all|both|this|these|trained|pre-?trained|full|complete)\b|(?:data|dataset|benchmark|models?|weights|checkpoints?)\b(?:,| and|$)", lower)
        own = bool(short and definite and clear and kinds)
    if not own:
        return set()
    if not kinds:
        for name in named:
            kinds |= names.kinds(name)
        if re.search(r"open[- ]?source", predicate.lower()) and (pronoun or re.search(r"\b(?:method|approach|work|project)\b", lower)):
            kinds.add("code")
        if not kinds and not (named or pronoun or re.search(r"\b(?:work|resources?|materials?|artifacts?|assets|everything)\b", lower)):
            return set()
    if "system" in kinds:
        kinds.discard("system")
        kinds.add("code")
    return kinds or {"other"}


def _attributes(text: str, names: Names) -> list[Statement]:
    """Statements of the form "we present X, an open-source toolkit", "our open-source tools"."""
    found = []
    for hit in _ATTRIBUTE.finditer(text):
        article, between = hit.group("article").lower(), hit.group("between")
        word = hit.group("open").lower()
        if _BREAKS_NP.search(between):
            continue
        phrase = _BREAKS_NP.split(hit.group("after"), maxsplit=1)[0]
        kinds = head_kinds(phrase)
        before = text[: hit.start()]
        if re.search(r"\b(?:only|existing|previous|current|leading|other|than|over|against|among|strong|best)\W*$", before):
            continue
        if article == "our":
            owned = word not in ("open",) or bool(kinds)
        elif article in ("and", "with", "of", "the", "two", "three", "these", "new", "novel", "full", "completely", "fully"):
            owned = article in ("full", "fully", "completely") or (
                article == "the" and bool(re.match(r"\s*(?:release|sourcing)", phrase))
            )
            owned = owned and not re.search(r"\b(?:a|an)\s+$", before)
        else:
            owned = bool(_INTRODUCES.search(before)) or _names_before(before, names)
        if not owned:
            continue
        if word in ("public", "open", "publicly") and not kinds:
            continue
        if word == "open" and re.match(r"[- ]?(?:ended|domain|world|set|vocab|problem|question|challenge|loop|book|research)", phrase.strip()):
            continue
        if re.match(r"\s*release\b", phrase):
            kinds |= head_kinds(hit.group("after") + text[hit.end() : hit.end() + 120])
        if not kinds:
            continue
        if "system" in kinds:
            kinds.discard("system")
            kinds.add("code")
        future = bool(re.search(rf"{FUTURE}[^.;]{{0,60}}$", before, re.IGNORECASE))
        found.append(Statement(frozenset(kinds), "future" if future else "present"))
    return found


def _names_before(before: str, names: Names) -> bool:
    """Say whether the words in front end in "NAME," or "NAME is" with a name of the paper's own."""
    hit = re.search(r"(?P<name>[\w+./^-]+)(?:\s*\([^)]*\))?\s*(?:,|is|as|:|--|—)\s*$", before)
    return bool(hit and re.search(r"[A-Z]", hit["name"]) and names.owns(hit["name"])) or bool(
        re.search(r"(?:^|\b(?:this|it|the system|framework) is |\bas\s*)$", before.strip() + " ", re.IGNORECASE)
        and not before.strip().endswith(("such as", "as well as"))
    )


def own_kind(kinds: set[str]) -> str | None:
    """Return the first kind in the order of the guideline."""
    if "code" in kinds or "system" in kinds:
        return "code"
    return next((kind for kind in NOUNS if kind in kinds), None)
