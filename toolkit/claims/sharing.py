"""Words before a link by which authors share what is there, or use it."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import lower_case

_STATE = (
    r"(?:available|accessible|downloadable|deposited|archived|hosted|released|posted|uploaded|"
    r"shared|distributed|disseminated|open[- ]?sourced?|submitted|stored|supplied|provided|public|"
    r"free|open|located|published|licensed)"
)
#: After a state that is a predicate, no noun follows: "available at", not "available tools".
_PREDICATE_END = (
    r"(?=\s*(?:$|a\s*$|[,;:.()\[<\ue000]|(?:at|from|on|in|via|through|under|as|for|to|online|here|and|or|"
    r"with|upon|by|free|along|alongside|together|both|within|publicly|freely|openly|over|into|is|"
    r"are|can|without|after|open|also)\b))"
)
_BE = r"(?:is|are|be|been|being|made|makes?|making|become|remains?|has|have|now)"
_NOUN = (
    r"(?:codes?|software|packages?|scripts?|tool(?:box|kit)?s?|librar(?:y|ies)|implementations?|"
    r"programs?|programmes?|plug-?ins?|apps?|applications?|web[- ]?(?:server|service|tool|app|site|"
    r"page|interface|portal)s?|servers?|data(?:sets?|bases?)?|data sets?|corpus|corpora|"
    r"benchmarks?|models?|weights|checkpoints?|materials?|supplement\w*|appendi\w+|"
    r"repositor(?:y|ies)|repos?|demos?|videos?|project|home-?page|sites?|pages?|url|urls|links?|"
    r"github|gitlab|availability|implementation|download|address|documentation|tutorials?|source|"
    r"preregistration|more information|information|details|resources?|results|portal|platform)"
)
#: The authors share what the link leads to.
SHARES = re.compile(
    rf"\b{_BE}\s(?:[\w-]+,?\s){{0,4}}?{_STATE}{_PREDICATE_END}"
    r"|\b(?:was|were|has been|have been)\s(?:[\w-]+\s){0,2}?(?:made|deposited|uploaded|"
    r"implemented (?:in|for|on)|integrated|included|incorporated|packaged|"
    r"submitted|archived|released|"
    r"open[- ]?sourced|developed|created|built|designed|established|set up|launched)\b"
    r"|\b(?:can|may|could|will|to)\s(?:also\s)?be\s(?:[\w-]+\s){0,3}?(?:found|accessed|obtained|"
    r"downloaded|viewed|visited|reached|used|retrieved|requested|installed|tested|explored|run|"
    r"seen|examined|inspected|consulted|browsed|searched|queried|cloned|tried|made|shared)\b"
    r"(?: from\b)?"
    r"|\b(?:is|are)\s(?:[\w-]+\s){0,2}?(?:found|accessed|given|collected|listed|documented|"
    r"implemented|integrated|incorporated|packaged|included|contained|presented)"
    r"\b"
    r"|\b(?:is|are)\s(?:now\s|also\s|all\s|live\s|running\s)?(?:at|on|here|"
    r"online)\b(?! (?:others?|top|the basis))"
    rf"|\b{_NOUN}(?:\s(?:and|&|of|for|in|from|on|with|that|the|this|our)\s[^,;:]{{0,60}}?)?\s?"
    rf"(?:{_STATE}{_PREDICATE_END}|:|[-–—=]\s)"
    r"|\b(?:available|accessible|downloadable|accessed|obtainable)\s(?:\w+\s){0,2}?(?:at|from|on|"
    r"in|via|through|under|here|online|as)\b|(?:^|[.;(])\W*(?:freely |publicly |"
    r"openly )?available\b"
    r"|\b(?:we|i|authors|team)\s(?:[\w,-]+[\s-]){0,4}?(?:releas|shar|provid|publish|mak|made|deposit|"
    r"host|open-?\s?sourc|offer|develop|buil[dt]|creat|design|maintain|launch|set up|distribut|"
    r"upload|contribut|compil|construct|present|introduc|propos|describ|implement|announc)\w*"
    r"|(?<!\()\b(?:see|visit|refer to|go to|check out|consult|details|information)\s(?:at\s|"
    r"on\s|our\s|"
    r"the\s|"
    r"also\s|please\s|is\s|are\s)*(?:(?:project\s|following\s|companion\s|accompanying\s)*"
    r"(?:web-?\s?site|web-?\s?page|site|page|link|url|repository)\s)?\W*$"
    rf"|\b(?:our|accompanying|companion|supplementary|supporting|associated)\s"
    r"(?:(?!on\b|from\b|with\b|using\b|in\b|to\b|against\b)[\w-]+\s){0,4}?"
    rf"{_NOUN}\b"
)
#: The authors use, cite or mention what the link leads to.
USES = re.compile(
    r"(?<![-\w])(?<!for )(?<!further )(?<!of )(?:us(?:e|es|ed|ing)|utili[sz](?:e[sd]?|ing)|"
    r"employ(?:s|ed|ing)?|appl(?:y|ied|ying)|"
    r"adopt(?:s|ed|ing)?|recruit(?:ed|ing|ment)|according to|adapted from|based (?:up)?on|"
    r"relies on|built (?:up)?on|such as|compatible with|extend(?:s|ing)|wrapp(?:er|ing)|"
    r"interfac(?:e|es|ing) (?:to|with)|retriev(?:ed|ing)|extract(?:ed|ing)|scrap(?:ed|ing)|"
    r"mined|queried|querying|sourced from|drawn|taken|acquired|aligned|mapped|screened|searched|"
    r"searching|analy[sz](?:ed|ing)|performed|conducted|calculated|computed|processed|collected|"
    r"gathered|selected|derived|compar(?:ed|ing|ison)|listed in|indexed (?:in|by)|"
    r"member of|collecte|recueil\w*|s[’']appuyant|like)\b(?! (?:at|online)\b)"
    r"|\b(?:was|were)\s(?:\w+\s){0,2}?(?:available|accessible|found|obtained|downloaded|provided|"
    r"accessed|published|shared|implemented|fitted|run|trained|hosted|identified|recorded)\b"
    r"|\b(?:designed|built|founded|provided|implemented|controlled|developed|maintained|hosted|published|released|distributed|operated|funded|"
    r"supported|organi[sz]ed|sponsored|conducted|issued|run|made available|launched|created|"
    r"produced|established|owned|led|coordinated|managed|compiled|written)\sby\s(?!us\b|"
    r"the authors)"
    r"|\b(?:study|analysis|survey|review|users|posts|messages|visitors)\s(?:of|on|from)\s(?:the\s)?"
    r"(?:[\w-]+\s){0,2}(?:web-?)?(?:sites?|pages?|platforms?|forums?|portals?)\s*$"
    r"|\b(?:downloaded|obtained|accessed)\sfrom\b|\bdata from\b"
)
_DEPOSITS = re.compile(
    r"\b(?:deposit(?:ed|ion)|submitted|uploaded|archived|released|(?:is|are|been made|"
    r"made)\s(?:\w+\s)?"
    r"(?:available|accessible|public)|available (?:at|in|from|under|through|on|via)|"
    r"data availability)\b"
    r"|\b(?:our|accession|database) (?:data|number|numbers|code|codes)\s?:",
    re.IGNORECASE,
)
#: The authors found what the number stands for: "GenBank AB1) was cloned and sequenced".
_SEQUENCED = re.compile(
    r"\b(?:was|were|we|been|have|has)\s(?:\w+\s){0,3}?(?:isolated|cloned|sequenced|characteri[sz]ed|"
    r"determined|amplified)\b",
    re.IGNORECASE,
)
#: Between two links that share their words: ") and BARK 2.1 (", ", mirrored at".
_JOINS = re.compile(
    r"\W*(?:(?:and|or|and/or|as well as|also|mirror(?:ed)?)\b\W*)?(?:(?:at|on|in|via|from|"
    r"through)\s)?"
    r"(?:(?:the\s)?[^\s.;:()]+\s){0,3}[(\[]?\s*$"
)


def deposits(clause: str, right: str) -> bool:
    """Return whether the authors deposited what an accession number stands for.

    Most numbers are named because the data were used.

    Parameters
    ----------
    clause, right : str
        The words before the number, and after it.

    Examples
    --------
    >>> deposits("Reads were deposited in GEO (", ")"), deposits("downloaded from GEO (", ")")
    (True, False)
    """
    last = max((hit.end() for hit in _DEPOSITS.finditer(clause)), default=-1)
    uses = max((hit.end() for hit in USES.finditer(lower_case(clause))), default=-1)
    if last > uses or _DEPOSITS.match(right.lstrip(" ),")):
        return True
    return uses < 0 and _SEQUENCED.search(clause + right) is not None


def joins(left: str) -> bool:
    """Return whether a link shares the words of the link before it.

    Examples
    --------
    >>> joins(" and "), joins(", and the raw data are stored at ")
    (True, False)
    """
    return _JOINS.match(left) is not None
