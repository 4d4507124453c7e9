"""Links that are mentioned, not shared: registrations, references, forms, who holds the rights."""

from __future__ import annotations

import re

from toolkit.claims.places import Place

_REGISTERS = re.compile(r"\b(?:pre-?)?regist(?:ered|ration|rations)\b", re.IGNORECASE)
#: "ClinicalTrials.gov NCT00000001; URL".
_REGISTERED = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{6,}|CRD\d{8,}|ACTRN\d{10,}|DRKS\d{6,}|ChiCTR[\w-]{5,}|UMIN\d{6,})\W*$"
)
_ARTIFACT = re.compile(r"\b(?:data|code|codes|scripts?|materials?|software|analys[ie]s)\b", re.I)
#: A reference: "[Online] Available at URL (4 May 2004)".
_CITED = re.compile(
    r"\[online\]|^\W*available from:\s*$|\b(?:read (?:more|the article)|lire l[’']article)\b|"
    r"\bretrieved\s(?:on\s)?(?:\w+\W+){0,4}from\W*$|"
    r"(?<!be )\b(?:last )?accessed (?:on|\d)[^.;]{0,30}$|"
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
    r"\b(?:figures|rendition)\b[^.;]{0,40}$|(?:©|\(c\)|\bcopyright\b)[^.;]{0,90}$|"
    r"\b(?:press release|call for papers)\b",
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
        return True
    if place.name in ("", "page") and _REGISTERED.search(left):
        return True
    *_, last = (None, *_REGISTERS.finditer(left))
    if last is None or place.name not in ("data", "", "page"):
        return False
    near = len(left) - last.end() < (120 if place.name == "data" else 40)
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
