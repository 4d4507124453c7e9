"""Links that are mentioned, not shared: registrations, references, forms, who holds the rights."""

from __future__ import annotations

import re

from toolkit.claims.places import Place

_REGISTERS = re.compile(r"\b(?:pre-?)?regist(?:ered|ration|rations)\b", re.IGNORECASE)
#: "ClinicalTrials.gov NCT00000001; URL".
_REGISTERED = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{6,}|CRD\d{8,}|ACTRN\d{10,}|DRKS\d{6,}|ChiCTR[\w-]{5,}|UMIN\d{6,})\W*$"
)
#: A registry that a review searched is no registration.
_SEARCHED = re.compile(r"\bsearch(?:es|ed|ing)?\b|\b(?:pubmed|medline|embase|cochrane)\b", re.I)
#: "Our pre-registered analysis (".
_REGISTERED_PLAN = re.compile(
    r"\s(?:reports?|analys[ie]s(?: plans?)?|stud(?:y|ies)|protocols?|hypothes[ie]s|plans?)\W*$",
    re.I,
)
#: A review that says no more than where its protocol is.
_PLACE_ALONE = re.compile(r"\W*(?:Open Science Framework|OSF)\W*")
_ARTIFACT = re.compile(r"\b(?:data|code|codes|scripts?|materials?|software|analys[ie]s)\b", re.I)
#: A reference: "[Online] Available at URL (4 May 2004)".
_CITED = re.compile(
    r"\b(?:earlier|previous) (?:paper|article|preprint)\b[^.()]*\(\s*$|"
    r"\[online\]|[\"”»]\s?--+\s*$|\b(?:besprochen in|reviewed in)\s?:|^\W*available from:\s*$|"
    r"\b(?:read (?:more|the article)|lire l[’']article)\b|"
    r"\bretrieved\s(?:on\s)?(?:\w+\W+){0,4}from\W*$|"
    r"(?<!be )\b(?:last )?accessed (?:on|\d)[^.;]{0,30}$|"
    r"\(\s*(?:also see|see also)\s*$|[(\[]\s?(?:cf|vgl|e\.g|z\.\s?B)\b[^()]*$|"
    r"\b(?:quelle|source|fonte|fuente|stable url)\s?:\s*$",
    re.IGNORECASE,
)
_CITED_AFTER = re.compile(
    r"\W*(?:(?:last\s)?(?:accessed|retrieved|visited)\b|\[?google scholar|\(\d{1,2} \w+ \d{4}\))",
    re.I,
)
#: No artifact, whoever made it; and who holds the rights.
_NOTHING_SHARED = re.compile(
    r"\b(?:feedback|contact|registration|application|sign-up)\sforms?\b|\bmailing lists?\b|"
    r"(?<!clear )\b(?:rendition of (?:the )?figures|(?:colou?r|similar|better|"
    r"resolution) figures)\b[^.;]{0,40}$|(?:©|\(c\)|\bcopyright\b)[^.;]{0,90}$|"
    r"\b(?:press release|call for papers)\b|\bbadges?\b|\b(?:list of|(?:her|his|"
    r"their))\s(?:[\w-]+\s){0,3}?publications\b|"
    r"\binformation (?:about|on) [A-Z][\w'’]+(?:'s|’s)?\s(?:work|music|other)\b",
    re.IGNORECASE,
)


def is_registration(left: str, place: Place) -> bool:
    """Return whether the words before a link say that it is a registration.

    Examples
    --------
    >>> is_registration("The study was preregistered at", Place("data", is_front=False))
    True
    """
    if place.name == "registry":
        return _SEARCHED.search(left) is None
    if place.name in ("", "page") and _REGISTERED.search(left):
        return True
    if place.name == "data" and _PLACE_ALONE.fullmatch(left):
        return True
    *_, last = (None, *_REGISTERS.finditer(left))
    if last is None or place.name not in ("data", "", "page"):
        return False
    near = len(left) - last.end() < (120 if place.name == "data" else 40)
    if near and _REGISTERED_PLAN.match(left, last.end()):
        return True
    return near and _ARTIFACT.search(left, last.end()) is None


def is_cited(left: str, right: str) -> bool:
    """Return whether the words around a link are those of a reference.

    Examples
    --------
    >>> is_cited("[Online] Available at:", "(4 May 2004)")
    True
    """
    return _CITED.search(left) is not None or _CITED_AFTER.match(right) is not None


def is_no_artifact(clause: str) -> bool:
    """Return whether a clause says that its link is a form, a list or a note on rights.

    Examples
    --------
    >>> is_no_artifact("A feedback form is at")
    True
    """
    return _NOTHING_SHARED.search(clause) is not None
