"""The subject of a predicate, and whether it is the authors' own."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import GIVEN_STATE, SOON, head_kinds, is_text_itself
from toolkit.claims.statements.names import Names, as_software

_START = re.compile(
    r"[;:—({]|\s[-–]\s|, (?:and |but |while |where |with |whose )?"
    r"(?=(?:we|our|the|all|its|it|this|these|both|they|code|codes|source|data|models?)\b)|"
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
    r"^\W*(?:to|for|in order to|in support of|in the spirit of|with the (?:aim|goal)|as part of|"
    r"given|aiming|towards?|upon|after|finally|moreover|furthermore|additionally|in addition|"
    r"last(?:ly)?|here|importantly|notably|currently|once|following|by)\b[^,]*,\s*",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s(?:including|consisting|containing|comprising|composed|along with|together with|"
    r"as well as|which|with|covering|collected|annotated|built|called|named|dubbed|termed)\b"
    r"[^.;]*,\s*$"
)
_JOINT = re.compile(r",? and (?=(?:the|our|all|its|it|code|codes|source|both|we|they)\b)|, ")
_CODE_BEFORE = re.compile(
    r"\b(?:codes?|scripts|software|implementation|programs)\s*$", re.IGNORECASE
)
#: Conditional clauses state nothing: the word stays in the subject, which is then nobody's own.
_CONDITIONS = ("if", "when", "although", "If", "When", "Although")


#: Letters before a predicate that are read for its subject.
_NEAR = 1000


def find_subject(before: str) -> str:
    """Return the subject before a predicate: the last clause, without a phrase of purpose.

    Examples
    --------
    >>> find_subject("To help others, we show results, and the code and data ")
    'the code and data'
    """
    before = _ASIDE.sub(" ", before[-_NEAR:])
    start = 0
    for boundary in _START.finditer(before):
        left = before[start : boundary.start()]
        comma = boundary.group().startswith(",")
        if comma and not _FINITE.search(left) and (head_kinds(left) or len(left.split()) < 4):
            continue
        word = boundary.group().strip(" ,")
        relative = word.lower() in ("that", "which", "who")
        if word in _CONDITIONS:
            start = boundary.start()
            continue
        if not relative or left.endswith(", "):
            start = boundary.end()
        elif not _CODE_BEFORE.search(left):
            # A relative clause has its own predicate, except in "code that reproduces … is
            # available", where the predicate belongs to the code.
            start = boundary.start()
    # ", and" joins two clauses only where the left one has its own verb.
    for joint in _JOINT.finditer(before[start:]):
        if _FINITE.search(before[start : start + joint.start()]):
            start += joint.end()
            break
    return _PURPOSE.sub("", before[start:].strip()).strip()


#: Words of a subject that is not the authors' own.
_NOT_OWN = re.compile(
    r"(?<![-\w])(?:no|few|many|most|some|several|existing|previous|prior|"
    r"other(?! (?:\w+ )?(?:resources|materials?|artifacts?|assets|files|details))|such|any|often|"
    r"if|when|where|whose|not|further|commercial|recent|currently|widely|only|without|lack|"
    r"lacks|more|"
    r"proprietary|pre-existing|third-party|unlabel\w*|additional|assum\w+|provided|various|every|"
    r"labels?|labeled|labelled|unless|since|because|although|though|while|whether|state-of-the-art|"
    r"popular|current|their|users?|humans?|depth|sensors?|information about|increasingly|becoming|"
    r"modern|common|standard|large amounts?|large-scale)(?![-\w])",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(r"\s(?:for|to|and|with|implementing|reproducing|of)\s")
_OF_OTHERS = re.compile(
    r"\b(?:existing|previous|prior|other(?! (?:\w+ )?(?:resources|materials?|files))|"
    r"commercial|their|most|many|popular|"
    r"state-of-the-art|third-party|proprietary|such|any|if|when|where|not|without)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:here|online|supplement\w*|github|gitlab|hugging ?face|web-?site|page|repositor\w+|"
    r"link|appendix|publicly|freely|openly|as open|licen[sc]e|download|pypi|zenodo)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\W*(?:[\w-]+,?\s+(?:and\s+|&\s+)?){0,9}?(?:codes?|source|codebase|scripts|programs)\b"
    r"|\W*(?:an? |the |this |our )?(?:computer|software|simulation|fortran|matlab|python|r|"
    r"c) program\b"
    r"|\W*(?:the|this|an? (?:\w+ )?(?:open-source )?)\s*(?:[\w+#/-]+\s+){0,4}?"
    r"(?:implementations?|software|library|package|toolkit|toolbox|repository|repo|scripts)\b"
    r"|\W*(?:implementations?|software)\b(?!\s+(?!implementing)\w+ing)",
    re.IGNORECASE,
)
_OUR_PLACE = re.compile(
    r"\bour (?:[\w-]+ ){0,2}(?:repo\w*|web-?site|web-?page|page|site|github|organi[sz]ation)\b"
)
_CLEAR = re.compile(
    r"\bpublic|freely|open|releas|online|published|on (?:github|hugging)|download|"
    r"available\s+(?:at |on )?here\b|\bas an? [\w -]{0,30}(?:package|library)|"
    r"in (?:the|our|this) (?:[\w-]+ )?repositor|(?:on|through|via|over) the (?:internet|web)\b"
)
#: What makes it sure that something unknown is open to all.
_EXPLICIT = re.compile(r"\bpublic|freely|\bopen|online|github|download|licen[cs]e")
_ASIDES = re.compile(r",?\s*\bto (?:the best of )?our knowledge\b,?", re.IGNORECASE)
#: Nothing is stated, whosever it is: "if our procedure had been available".
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|whether|when)\b|^\W*(?:no|few|little|none|neither)\b|"
    r"\bfindings$",
    re.IGNORECASE,
)
_COMMUNITY = re.compile(r"\b(?:with|to|for) (?:the )?(?:\w+ )?(?:community|public|researchers)\b")
#: "distributed as a Python package": the subject is software.
_AS_PACKAGE = re.compile(
    r"[\w ]{0,40}\b(?:as|(?:provided|available|released|distributed) (?:in|through|via)) "
    r"(?:an? |the |our )?(?:[\w-]+,? ){0,3}(?:package|library|toolkit|toolbox|plug-?in)\b"
)
_PRONOUN = re.compile(
    r"(?!it (?:took|takes|was|had|has) )(?:it|they|this|these|everything|all)\b[\w ]{0,25}$"
)
#: An act of the authors, who made it available.
_MADE_PUBLIC = re.compile(
    r"(?:is|are|has been|have been|will be)\s+(?:(?!usually|often|typically|sometimes|"
    r"generally)\w+\s+){0,2}?made\s+(?:\w+ly\s+)?(?:available|public|"
    r"accessible)(?! by (?!us\b|the authors))"
)
#: What was found or computed, which others can use as data.
_FINDINGS = re.compile(
    r"\b(?:tables?|results|spectra|spectrum|fluxes|calculations|line ?lists?|light ?curves|"
    r"structures|"
    r"parameters|templates|coefficients|maps|sequences|measurements|predictions|items|stimuli|"
    r"questionnaires?|transcripts|cross[- ]sections|information|catalogu?es?|files|materials)\b"
)
#: What any study gives in the end: no artifact.
_REPORT = re.compile(
    r"(?:(?:the|all|these|our|an?|any|more|further|additional|final|main|trial|study|[\w-]+)\s){0,4}?(?:results|findings|reports?|"
    r"(?:more|further|additional) (?:information|details)|reviews?|outcomes)\b(?! data| and )"
)
_JOINED = re.compile(r"\band (?=an?\b|the\b)")
_DEFINITE = re.compile(
    r"(?:the|all|both|this|these|trained|pre-?trained|full|complete)\b"
    r"|(?:(?:model|network)\s)?(?:data|datasets?|benchmarks?|models?|weights|checkpoints?)\b"
    r"(?:,| and| for (?:both|all|our|the)|$)"
    r"|an? (?:[\w-]+ ){0,2}(?:demos?|demonstrations?|videos?)\b"
)
_SERVICE = re.compile(
    r"(?:\w+ +)*?(?:available|accessible)\W+(?:through|via|as|using) (?:an? |the |our )?(?:\w+ )?"
    r"(?:api|web|app|demo)"
)


def own_kinds(
    subject: str, names: Names, *, state: str, future: bool, predicate: str, request: bool = False
) -> set[str]:
    """Return the kinds of a subject that is the authors' own; empty where it is not.

    Parameters
    ----------
    subject : str
        From `find_subject`.
    names : Names
        The paper's own names.
    state : str
        The word of the predicate, such as "available".
    future : bool
        Whether the predicate is about the future.
    predicate : str
        The predicate with the words after it, in lower case.
    request : bool
        Whether the authors are to be asked: then it is theirs, whatever it is.

    Returns
    -------
    set of str
        {"other"} where it is the authors' own, but of unknown kind.
    """
    predicate = predicate.lower()
    subject = _ASIDES.sub(" ", subject).strip()
    lower = subject.lower()
    ours = bool(re.search(r"\b(?:our|ours|accompanying)\b", lower))
    if request and len(subject) <= 260:
        kinds = as_software(head_kinds(subject) - {"project"})
        asked = _FINDINGS.search(lower) and not _NOT_OWN.search(subject)
        return kinds or ({"data"} if asked else set())
    if not _can_be_own(subject, lower) or is_text_itself(lower):
        return set()
    kinds = head_kinds(subject)
    if state == "published" and not (_EXPLICIT.search(predicate) or "code" in kinds):
        return set()
    given = re.fullmatch(GIVEN_STATE, state, re.IGNORECASE) is not None
    if given and not _is_given(kinds, lower, predicate, ours, future):
        return set()
    if _AS_PACKAGE.match(predicate):
        kinds = kinds | {"code"}
    named = names.owned_in(subject, most=4)
    pronoun = bool(_PRONOUN.match(lower))
    clear = bool(_CLEAR.search(predicate))
    strong = "code" in kinds and bool(_CODE.match(subject))
    at_ours = bool(kinds and _OUR_PLACE.search(predicate))
    if not (ours or strong or at_ours or (future and kinds)):
        words = len(subject.split())
        made = bool(_MADE_PUBLIC.match(predicate))
        if future and any(map(_REPORT.match, _JOINED.split(lower))):
            return set()
        if made and not kinds and _FINDINGS.search(lower):
            kinds = {"data"}
        if made and future and not kinds and SOON.search(predicate):
            kinds = {"other"}
        plain = (
            words <= (24 if made else 12) and bool(kinds) and (made or bool(_DEFINITE.match(lower)))
        )
        clear = clear or (made and kinds in ({"data"}, {"other"}))
        if not clear or not (named or pronoun or plain or (future and words <= 10)):
            return set()
        if (
            pronoun
            and not named
            and re.search(r"\bopen (?:problem|question|challenge|issue)", predicate)
        ):
            return set()
    if not kinds:
        kinds = names.kinds_in(subject, most=4, own=True)
        method = pronoun or re.search(
            r"\b(?:method|approach|work|project|solution|prototype|program)\b", lower
        )
        if re.search(r"open[- ]?source", predicate) and method:
            kinds.add("code")
        if not (
            kinds or ours or pronoun or (named and (names.in_title(subject) or "source" in state))
        ):
            return set()
    if kinds == {"system"} and _SERVICE.match(predicate):
        return {"demo"}
    return as_software(kinds) or {"other"}


def _can_be_own(subject: str, lower: str) -> bool:
    """Return False for clauses, relative clauses and subjects that are not the authors' own."""
    if not subject or len(subject) > 260 or re.match(r"(?:that|which|who)\b", subject):
        return False
    if _FINITE.search(subject) and not re.search(r"\b(?:code|scripts|programs)\b", subject):
        return False
    if _CONDITIONAL.search(subject):
        return False
    if _CODE.match(subject):
        # "source code for the model and several examples": whose it is stands before "for".
        head = _OF_WHAT.split(subject, maxsplit=1)[0]
        return not (_NOT_OWN.search(head) or _OF_OTHERS.search(subject)) or " our " in f" {lower} "
    return not _NOT_OWN.search(subject) or bool(re.search(r"\bour\b", lower))


def _is_given(kinds: set[str], lower: str, predicate: str, ours: bool, future: bool) -> bool:
    """Return whether "can be found", "is provided" mean open: of code mostly, else rarely."""
    place = bool(_PLACE.search(predicate))
    if "code" not in kinds:
        shared = future and _COMMUNITY.search(predicate)
        return bool(((place and ours) or shared) and kinds) or bool(_AS_PACKAGE.match(predicate))
    return bool(place or future or re.search(r"\b(?:source|codes?|codebase|scripts)\b", lower))
