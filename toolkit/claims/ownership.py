"""Whose a link is: of the authors, who made and share what is there, or of somebody else.

The words nearest before a link decide: an act of sharing ("is available at", "Code:", "we
present NAME ("), or of using ("aligned with NAME (", "downloaded from"). Without either, a name
of the paper's own in the address, or a place where people publish their own work, makes it the
authors'; all else is somebody else's.
"""

from __future__ import annotations

import re

from toolkit.claims.identifiers import is_accession
from toolkit.claims.lexicon import is_text_itself, lower_case
from toolkit.claims.mentions import is_cited, is_no_artifact
from toolkit.claims.places import NEVER_OWN, OF_OTHERS, Place, find_place
from toolkit.claims.statements.names import NAME, Names, introduces
from toolkit.claims.url_targets import url_target

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
_SHARES = re.compile(
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
_USES = re.compile(
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
#: Right before a bracket with the link: "with LEAF (".
_WITH = re.compile(r"(?:^|\s)(?:with|using|by|via)\s(?:[^\s,;:()]+\s){1,5}\(\s*$")
#: Right before a link: that it is there, or what certainly is the authors'.
_STRONG_LABELS = re.compile(
    r"\b(?:project|codes?|github|repo(?:sitory)?|video|demo|home)\s?(?:web-?)?(?:page|site|link|url)"
    r"\W*$|\b(?:codes?|videos?|demos?|source|supplement\w*|implementation|repository|page|website|"
    r"appendix)\s(?:is |are )?(?:at|on|in|via|under|here)\W*$|\b(?:at|is|the following|"
    r"here)\s?:\s*$"
    r"|\bis the following\W*$"
    rf"|\b{_NOUN}\s?[:=]\s*$"
    r"|\b(?:providing|offering)\s(?:an?|the)\s[^.;,]{3,80}:\s*$"
    r"|\b(?:an?|our)\s(?:new|novel|large\w*)\s[^.;]{0,120}?\b(?:was|were)\s(?:collected|recorded|"
    r"compiled|gathered)\b[^.;]{0,60}\(\s*$"
    r"|\b(?:codes?|software|package|tool|library)\sunder\s[^()]{0,40}\W*$"
    r"|\b(?:codes?|demos?|videos?|scripts|supplement|implementation|(?:project|web) ?(?:page|"
    r"site))\s\(\s*$"
)
#: Right before a link: what is there.
_LABELS = re.compile(
    r"\b(?:project|codes?|github|gitlab|repo(?:sitory)?|data ?set|data|demo|video|home|web|app|"
    r"software|package|supplement\w*|materials?|resource|url|doi|swh|link|available|availability|"
    r"is|are|following|here|implementation|download)\s?(?:web-?)?(?:page|site|link|url|doi|is|at|in|"
    r"repository|here|the following)?\s?[:=]?\s*$"
    rf"|(?:^|[(,;])\s*{_STATE}\s(?:[\w-]+\s){{0,4}}?(?:at|via|in|on|from|through|here|as|under)\W*$"
    rf"|\b{_STATE}\s(?:(?!by\b)[\w-]+\s){{0,5}}?(?:at|via|in|on|from|through|here)\s*:?\s*$"
    r"|(?<!source)(?<!quelle)(?<!contact)(?<!reference)(?<!correspondence)(?<!by):\s*$"
)
#: "We wrote software for the fitting of … (".
_WROTE = re.compile(
    r"\bwe\s(?:\w+\s)?(?:wrote|developed|implemented|built|created)\s(?:\w+\s){0,3}?"
    r"(?:software|package|tool|library|codes?|programs?|scripts?)\b[^(]*\(\s*$"
)
#: "Designed using the design website (".
_USING = re.compile(r"\busing\s(?!our\b)[^,;]{0,80}\(\s*$")
_AT = re.compile(r"\b(?:at|here|via|:)\W*$")
_BRACKET = re.compile(
    r"\(\s*(?:(?:see|cf\.?|e\.g\.,?|at|url|available at|doi|v(?:ersion|\.)?\s?[\d.]+)\W*)?$"
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
#: What authors of books put on their publisher's pages, and where articles are.
_BESIDE_BOOK = re.compile(
    r"\b(?:companion|accompanying|website|codes?|programs|software|exercises|solutions|"
    r"data ?sets|data ?bases?|package|(?:begleit|zusatz|lehr|lern|online-?)material\w*|lösungen)\b",
    re.IGNORECASE,
)
#: "Data, as supplemental material, are available at" the article's own address.
_SUPPLEMENT_AT = re.compile(
    r"\b(?:data|codes?|software|scripts)\b[^.;]{0,60}\bsupplement\w*[^.;]{0,40}\bavailable\sat\W*$",
    re.I,
)
_ARTICLE = re.compile(
    r"\.pdf$|/10\.\d{4}|doi|arxiv|ncbi|jstor|/article|/abs|/full|pubmed", re.IGNORECASE
)
_OURS = re.compile(
    rf"\bour\s(?!case\b|approach|analys|stud(?:y|ies)\b|method|knowledge|results?\b|work\b|"
    rf"experiments?\b)|\b(?:accompanying|companion)\b|\bthe(?:se|) {_NOUN}\b|\bthis {_NOUN}\b",
    re.I,
)
#: After the link: it was made, or it was used.
_MADE_AFTER = re.compile(
    r"\W*(?:(?:was|were|has been|have been)\s(?:\w+\s){0,2}?(?:developed|created|built|designed|"
    r"established|constructed|launched|made|set up|released|introduced|deposited)\b(?! by (?!us))|"
    r"(?P<state>(?:is|are)\s(?:\w+\s){0,3}?(?:available|accessible|public|free|open)\b|"
    r"contains?\b|,?\s?makes available\b|(?:provides?|hosts?|includes?|lists?|gives?)\b))"
)
_USED_AFTER = re.compile(
    r"\W*(?:(?:was|were|has been|is|are)\s(?:\w+\s){0,2}?(?:used|employed|searched|applied|"
    r"queried|consulted|screened|chosen|selected|adopted|utili[sz]ed|read|analy[sz]ed)\b)"
    r"|\W*(?:is|are)\s(?:(?:an?|the|one of the|among the)\s)?(?:[\w-]+\s)?(?:widely|commonly|"
    r"frequently|well)[- ](?:used|known|established)\b"
    r"|\W*(?:herangezogen|eingesetzt|verwendet|genutzt|benutzt)\b"
)
#: Between two links that share their words: ") and BARK 2.1 (", ", mirrored at".
_JOINS = re.compile(
    r"\W*(?:(?:and|or|and/or|as well as|also|mirror(?:ed)?)\b\W*)?(?:(?:at|on|in|via|from|"
    r"through)\s)?"
    r"(?:(?:the\s)?[^\s.;:()]+\s){0,3}[(\[]?\s*$"
)
#: "(Centre for Wood Research, URL" or "(Open Wood Resources: URL": an organisation's own page.
_NAMED_IN_BRACKET = re.compile(
    r"\((?:[A-Z][\w'-]*|of|for|and|the|in|on|de|et|des|du|&)(?:\s(?:[A-Z][\w'-]*|of|for|and|the|in|on|"
    r"de|et|des|du|&)){1,12}\s?[,:]\s*$"
)
#: "the aim of the research project NAME (IST-2000, URL", "COST Action NAME (URL) aims to".
_PROJECT_BRACKET = re.compile(
    r"\b(?:[Rr]esearch [Pp]roject|COST Action|[Nn]etwork [Pp]roject|EU [Pp]roject)\b[^()]{0,100}"
    r"\((?:[\w./ -]{2,30},\s)?\s*$"
)
_CLAUSE = re.compile(
    r";\s|\.\s(?=[A-Z])|,\s(?:and|but|while|whereas)\s(?=(?:the|our|we|all|its|a)\b)"
)


def is_own(
    left: str,
    right: str,
    url: str,
    place: Place,
    names: Names,
    *,
    before: bool | None,
    alone: bool = False,
) -> bool:
    """Return whether a link leads to something that the authors made and share.

    Parameters
    ----------
    left, right : str
        The words between the link before it, or the sentence's start, and the link; those after.
    url : str
        The link.
    place : Place
        Where it leads.
    names : Names
        The paper's own names.
    before : bool, optional
        What was decided for the link before it in the sentence; None for the first.
    alone : bool
        Whether the link is a sentence of its own after others.

    Examples
    --------
    >>> names = Names("Oaks", "")
    >>> place = Place("code", is_front=False)
    >>> is_own("Our code is at", "", "https://github.com/a/b", place, names, before=None)
    True
    >>> is_own("aligned with LEAF (", ")", "https://github.com/a/b", place, names, before=None)
    False
    """
    if _SUPPLEMENT_AT.search(left):
        return True
    named = place.name == "platform" and has_own_name(url, names)
    beside = place.name == "publisher" and _BESIDE_BOOK.search(left) and not _ARTICLE.search(url)
    if place.name in NEVER_OWN and not (named or beside):
        return False
    if before is not None and _JOINS.match(left):
        return before
    clause = _CLAUSE.split(left)[-1]
    if is_accession(url):
        # Most numbers are named because the data were used.
        deposits = max((hit.end() for hit in _DEPOSITS.finditer(clause)), default=-1)
        uses = max((hit.end() for hit in _USES.finditer(clause)), default=-1)
        if deposits > uses or _DEPOSITS.match(right.lstrip(" ),")):
            return True
        return uses < 0 and _SEQUENCED.search(left + right) is not None
    if is_no_artifact(clause):
        return False
    if alone and place.name == "" and not _ARTICLE.search(url):
        return True
    if is_text_itself(clause) or is_cited(left, right):
        return False
    said = _said(clause, right, url, names)
    if said is not None:
        return said
    if place.name in OF_OTHERS or place.name == "publisher" or (place.is_front and place.name):
        return False
    return place.name not in ("", "data", "package") or has_own_name(url, names)


def _said(left: str, right: str, url: str, names: Names) -> bool | None:
    """Return what the words around a link say: the authors' own, others', or nothing."""
    lower = lower_case(left)
    if _USED_AFTER.match(right):
        return False
    if _PROJECT_BRACKET.search(left):
        return True
    shares = max((hit.end() for hit in _SHARES.finditer(lower)), default=-1)
    uses = max((hit.end() for hit in _USES.finditer(lower)), default=-1)
    if shares >= 0 and (shares >= uses or _AT.search(lower)):
        return True
    if _NAMED_IN_BRACKET.search(left) and uses < 0:
        place = find_place(url)
        return True if place.name == "data" and not place.is_front else None
    if _STRONG_LABELS.search(lower) and not (uses > shares and _USING.search(lower)):
        return True
    bracket = _BRACKET.search(lower)
    head = left[: bracket.start()].rstrip() if bracket else ""
    named = head and NAME.search(head.rsplit(maxsplit=2)[-1] if " " in head else head)
    made_by_us = named and names.made_in(" ".join(head.split()[-3:]))
    if made_by_us:
        return True
    if uses >= 0:
        return bool(_WROTE.search(lower)) and find_place(url).name in ("code", "package")
    if _LABELS.search(lower) or introduces(left) or _OURS.search(left):
        return True
    made = _MADE_AFTER.match(right.lstrip(" )"))
    theirs = named and (made_by_us or names.owned_in(" ".join(head.split()[-4:]), most=4))
    if made and (theirs if named and not made["state"] else not named):
        return True
    return has_own_name(url, names) if named or (bracket and _WITH.search(lower)) else None


def has_own_name(url: str, names: Names) -> bool:
    """Return whether an address has a name that the paper gives to its own work.

    Examples
    --------
    >>> has_own_name("https://twig.org/", Names("TWIG finds twigs", ""))
    True
    """
    target = url_target(url)
    tokens = {word for word in _WORDS.findall(target.canonical.lower()) if len(word) > 3}
    tokens |= {word.replace("-", "").replace("_", "") for word in _SLUG.findall(target.canonical)}
    title = names.title
    first = title.partition(":")[0] if ":" in title else ""
    on_code = find_place(url).name == "code"
    in_title = [word for word in NAME.findall(title) if on_code or names.titles(word)]
    named = {*in_title, *(first.split() if len(first.split()) <= 3 else ())}
    named = {"".join(_WORDS.findall(word.lower())) for word in named}
    named |= {"".join(_WORDS.findall(first.lower()))}
    known = {word for word in named if len(word) > 3}
    words = [word for word in _SLUG.findall(target.canonical) if word.lower() not in _COMMON]
    return not known.isdisjoint(word.lower() for word in tokens) or any(
        names.makes(word) for word in words if not (word.isalpha() and word.islower())
    )


_WORDS = re.compile(r"[a-z0-9]+")
_SLUG = re.compile(r"[A-Za-z0-9_-]{3,}")
#: Parts of addresses that are nobody's names, as plain words in lower case are.
_COMMON = frozenset(
    "com org net edu github gitlab www html index main tree data code project page home".split()
)
