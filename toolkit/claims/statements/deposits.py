"""Statements by a named place or a licence: "deposited in Dryad", "NAME is a Bioconductor package".

Other fields than machine learning say more often where a thing lies than that it is open.
"""

from __future__ import annotations

import re

from toolkit.claims.lexicon import FUTURE, REQUEST, head_kinds
from toolkit.claims.statements.names import Names, Statement, as_software, make_statement
from toolkit.claims.statements.subjects import find_subject

#: Places for code, for data, and those that a text need not name.
_CODE_PLACE = (
    r"(?:GitHub|GitLab|Bitbucket|SourceForge|Source Forge|CRAN|Comprehensive R Archive Network|"
    r"Bioconductor|PyPI|PyPi|Python Package Index|Bioconda|conda-forge|R-Forge|HepForge|"
    r"Software Heritage|ASCL|Astrophysics Source Code Library|CPC Program Library|ModelDB|npm)"
)
_DATA_PLACE = (
    r"(?:Zenodo|Dryad|[Ff]igshare|Dataverse|OSF|Open Science Framework|GenBank|Genbank|GEO|"
    r"Gene Expression Omnibus|SRA|Sequence Read Archive|Short Read Archive|ENA|"
    r"European Nucleotide Archive|DDBJ|ArrayExpress|PRIDE|ProteomeXchange|MassIVE|PANGAEA|GBIF|"
    r"TreeBASE|TreeBase|MorphoBank|MorphoSource|Protein Data ?[Bb]ank|PDB|CCDC|"
    r"Cambridge Crystallographic Data|Mendeley Data|ICPSR|UK Data (?:Archive|Service)|DANS|CDS|"
    r"VizieR|MetaboLights|dbGaP|EGA|European Genome|Movebank|NeuroVault|OpenNeuro|Synapse|"
    r"PhysioNet|EPAPS|HEPData|Kaggle|BioProject|BioStudies|EMPIAR|GigaDB|"
    r"(?:public|open|online|institutional|data|national|international)\s(?:access\s|data\s|"
    r"research\s|digital\s)*(?:repositor(?:y|ies)|archives?)|public databases?)"
)
#: The thing, what was done with it, and where it is.
_DEPOSITED = re.compile(
    r"(?P<be>\b(?:is|are|was|were|been|be|will be|being)\s(?:[\w-]+\s){0,3}?)(?P<act>deposited|"
    r"archived|uploaded|submitted|lodged|available|accessible|placed|stored|hosted|released|shared|"
    r"published|provided)\b"
    rf"[^.;]{{0,60}}?\b(?:in|at|on|with|to|via|through|from|by)\b[^.;]{{0,40}}?\b(?:(?P<code>{_CODE_PLACE})"
    rf"|(?P<data>{_DATA_PLACE}))\b"
)
#: "NAME is a Bioconductor package", "implemented in the CRAN package NAME".
_INDEXED = re.compile(
    r"\b(?:is|as|in|implemented in|distributed as|present|introduce|provide|through|"
    r"via)\s(?:an?|the|"
    r"our|its)\s(?:(?:free|new|open[- ]source|freely available|accompanying|associated|"
    r"user-friendly|"
    r"R)[\s/]+){0,3}"
    r"(?:Bioconductor|R/Bioconductor|CRAN|PyPI|Bioconda|conda|npm)\b[^.;]{0,20}?\b(?:packages?|library|"
    r"module)"
)
#: "The methods are implemented in open-source packages".
_IMPLEMENTED = re.compile(
    r"\b(?:been|was|were|is|are)\s(?:all\s|also\s|fully\s)?implemented\s(?:in|as)\s(?:an?|our)\s"
    r"(?:new\s)?(?:publicly|freely|openly)[ -](?:available|accessible)\s(?:[\w+-]+\s){0,2}?"
    r"(?:packages?|librar(?:y|ies)|toolbox|code|program|web ?server)\b"
    r"|\b(?:is|are)\s(?:all\s|also\s|fully\s)?implemented\s(?:in|as)\s(?:an?\s|the\s|our\s)?"
    r"(?:(?:freely available|free|new|easy-to-use)\s(?:and\s)?)?open[- ]?source[d]?\s"
    r"(?:[\w+-]+\s){0,3}?"
    r"(?:software|packages?|librar(?:y|ies)|tools?|toolbox|code|framework|programs?)"
)
#: "in the package NAME, available on CRAN", but not "using the package NAME".
_LISTED = re.compile(
    r"\b(?:packages?|library|software|toolbox|[Pp]ython c~?ode|R code|"
    r"MATLAB code)\b[^.;]{0,40}?(?:,\s)?"
    r"(?:which is\s|that is\s)?(?:\w+ly\s)?"
    rf"available\s(?:for download\s)?(?:on|from|at|via|through)\s(?:the\s)?{_CODE_PLACE}"
)
_USED = re.compile(r"\b(?:using|used|with|use)\b(?! our)")
#: "The programs are on the DVD that comes with the book".
_ON_DISK = re.compile(
    r"(?P<thing>[^.;]{3,200}?)\s(?:is|are)\s(?:also\s|all\s)?(?:included|provided|contained|supplied|"
    r"available)\s(?:in|on)\s(?:an?|the)\s(?:[\w-]+\s){0,2}?(?:CD|DVD|CD-ROM|disk|diskette)s?\b"
)
_LICENCE = (
    r"(?:L?GPL|AGPL|MIT|BSD|Apache|MPL|GNU|Artistic|EUPL|Creative Commons|CC[- ]?BY|CC0|"
    r"open[- ]source|"
    r"permissive|free software|public)"
)
#: "a MIT licensed script", "a script under the MIT licence accompanies …".
_LICENSED = re.compile(
    rf"\b{_LICENCE}[ -]?licen[cs]ed\s(?P<thing>[\w\s-]{{3,40}})"
    rf"|(?P<subject>[^.;]{{3,80}}?)\s(?:is|are)\s(?:[\w-]+\s){{0,3}}?(?:licen[cs]ed|distributed|released|"
    rf"available|open|free)\b[^.;]{{0,30}}?\bunder\s(?:an?\s|"
    rf"the\s)?(?:terms of (?:the\s)?)?(?:[\w-]+\s)?"
    rf"{_LICENCE}"
)
#: "is in the public domain", "is free of charge", "accompanies this paper".
_FREE = re.compile(
    r"(?P<subject>[^.;:]{2,100}?)\s(?:(?:is|are)\s(?:now\s|placed\s|"
    r"also\s)*(?P<domain>in the public domain)|"
    r"(?:is|are|can be|may be)\s(?:[\w-]+\s){0,3}?(?:available|downloaded|obtained|downloadable|"
    r"accessible|free)\b[^.;]{0,40}?\b(?:free of charge|without charge|at no cost|for free)|"
    r"(?:is|are)\s(?:free of charge|free and open[- ]source|free to (?:use|download)))\b"
)
_ACCOMPANIES = re.compile(
    r"(?:\b(?:[Tt]his|[Tt]he|[Oo]ur) (?:paper|article|work|report|book|"
    r"manuscript) is accompanied by|"
    r"\bAccompanying (?:this|the|our) (?:paper|article|work|report|manuscript) (?:is|are))\s"
    r"(?P<thing>[^.;]{3,120})"
    r"|(?:^|[.;]\s)(?P<subject>(?:An?|The|Our)\s[^.;]{3,80}?)\saccompan(?:ies|y)\s(?:this|the|our) "
    r"(?:paper|article|work|report|book|manuscript)"
)
_NOT_OWN = re.compile(
    r"\b(?:no|not|existing|other|previous|such|many|most|some|several|these packages|commercial|"
    r"drugs?|articles?|papers?|specimens?|types?|holotypes?|vouchers?|patients?|studies|reviews?|"
    r"works?|we used|was used|were used|users?|participants?|they|those|submissions?|proposals?|"
    r"manuscripts?|theses|publications?|books?|which|that|who|if|when|whether|cells|genes|"
    r"from|using|downloaded|obtained|retrieved|treatments?|services?|access)\b",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(r"[A-Za-z][\w-]*[A-Z\d][\w-]*(?:\s\d[\d.]*)?")
_RELATIVE = re.compile(r"\s(?:that|which)\s(?:was|were|is|are|implements?|we)\b")
#: In a sentence that has one of these, such a statement may be; a fast test.
_SIGNS = (
    *(
        "licensed",
        "licenced",
        "under ",
        "accompan",
        "public domain",
        "charge",
        "deposit",
        "archive",
    ),
    *(
        "upload",
        "implemented",
        "submitted",
        "lodged",
        "package",
        "epositor",
        "free",
        "Free",
        "no cost",
        "GitHub",
    ),
    *(
        "Zenodo",
        "Dryad",
        "igshare",
        "CRAN",
        "Bioconductor",
        "database",
        "Dataverse",
        "CD",
        "DVD",
        "disk",
    ),
)


def read_deposits(text: str, names: Names) -> list[Statement]:
    """Return the statements "deposited in Dryad", "under the MIT licence", "free of charge".

    Parameters
    ----------
    text : str
        One sentence.
    names : Names
        The paper's own names.
    """
    if not any(map(text.__contains__, _SIGNS)):
        return []
    found = []
    for hit in _DEPOSITED.finditer(text):
        subject = find_subject(text[: hit.start()])
        if not subject or _NOT_OWN.search(subject) or REQUEST.search(text, hit.end()):
            continue
        past = re.match(r"(?:was|were)\b", hit["be"])
        if past and hit["act"] in ("available", "accessible", "provided", "stored", "hosted"):
            continue
        kinds = head_kinds(subject) & {"code", "system", "data", "model", "demo"}
        kinds = kinds or names.kinds_in(subject, most=3, own=True)
        if not kinds and hit["act"] in ("published", "shared", "provided", "released", "submitted"):
            continue
        kinds = as_software(kinds) or ({"code"} if hit["code"] else {"data"})
        future = re.search(FUTURE, hit["be"])
        found.append(make_statement(kinds, future=future))
    indexed = _INDEXED.search(text)
    if indexed and not re.search(r"\b(?:us(?:ed|ing)|with|by)\b", text[: indexed.start()]):
        found.append(make_statement({"code"}, future=False))
    listed = _LISTED.search(text)
    if (listed and not _USED.search(text[: listed.start()])) or (
        "implemented" in text and _IMPLEMENTED.search(text)
    ):
        found.append(make_statement({"code"}, future=False))
    for pattern in (_LICENSED, _FREE, _ACCOMPANIES, _ON_DISK):
        if pattern is _ACCOMPANIES and "ccompan" not in text:
            continue
        if free := pattern.search(text):
            kinds = _kinds_of(free.groupdict(), names)
            found += [make_statement(kinds, future=False)] if kinds else []
    return found


def _kinds_of(parts: dict[str, str | None], names: Names) -> set[str]:
    """Return the kinds of a thing that is under a licence, free, or beside the paper."""
    thing = parts.get("thing") or parts.get("subject") or ""
    subject = thing if parts.get("thing") else find_subject(thing)
    if not subject or _NOT_OWN.search(_RELATIVE.split(subject, maxsplit=1)[0]):
        return set()
    kinds = head_kinds(subject) - {"project"}
    named = names.owned_in(subject, most=3) or _BARE_NAME.fullmatch(subject)
    if not kinds and named:
        kinds = names.kinds_in(subject, most=3, own=True) or {"code"}
    return as_software(kinds)
