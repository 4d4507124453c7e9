"""The kind of a link by its words and its URL: code, data, model, demo, project or other."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from toolkit.claims.identifiers import is_accession
from toolkit.claims.lexicon import DEMO, SOFTWARE, head_kinds
from toolkit.claims.link_signs import DEPOSITS, Surroundings, link_signs
from toolkit.claims.mentions import is_no_artifact
from toolkit.claims.places import NEVER_OWN, Place, find_place
from toolkit.claims.sharing import deposits
from toolkit.claims.statements.names import Names


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![-\w])(?:{words})(?!\w|-[a-z])", re.IGNORECASE)


_IMPLEMENTED = re.compile(r"\b(?:is|are|been|was) implemented\b(?<!-)", re.I)
_DATABASES = re.compile(r"\bdata-?bases?\b", re.I)
#: A model that is run, not one that was trained: software.
_TRAINED = re.compile(
    r"train|\b(?:weights|checkpoints?|language|neural|networks?|LLMs?|models)\b", re.I
)
_CODE = _words(
    rf"(?!software (?:demo|video|tutorial))(?:{SOFTWARE})|source[ -]codes?|r-packages?|"
    r"(?<!as open )(?<!as open-)source|(?:development |dev)[ -]?kits?|"
    r"open[- ]source (?:as|under)|binar(?:y|ies)|executables?|"
    r"(?<!about )(?<!of )(?:the|our|this) program(?= (?:is|can|may))|"
    r"(?:L?GPL|AGPL|MIT|BSD|Apache|MPL|GNU|Artistic|EUPL)(?:\W?v?[\d.]+)?(?: \w+){0,2} licen[cs]e"
)
_SYSTEM = _words(
    r"frameworks?|tools?|pipelines?|simulators?|(?<!information )systems?|infrastructures?|"
    r"(?<!search )engines?|compilers?|"
    r"solvers?|apps?|algorithms?|methods?|environments?|platforms?|optimizers?|harness|suites?|"
    r"gyms?|api|workflows?|macros?|routines?"
)
_OUR_SYSTEM = _words(
    r"(?:our|the|this|full|complete)\s+(?:[\w-]+\s+){0,2}?(?:frameworks?|tools?|pipelines?|"
    r"simulators?|(?<!information )systems?|infrastructures?|(?<!search )engines?|solvers?|"
    r"platforms?|harness)"
    # "Data, proofs and tools": what stands in a list beside data is software.
    r"|(?:,|and|or|&)\s(?:[\w-]+\s){0,2}tools|tools\s(?:and|or|&)"
)
_DATA = _words(
    r"data-?sets?|data|benchmarks?|corpus|corpora|corpuses|annotations?|test[- ]?sets?|"
    r"collections?|databases?|(?:[\w -]{0,25})lists?|treebanks?|ontolog(?:y|ies)|lexicons?|"
    r"trajectories|recordings|labels|questions|taxonomy|atlas|catalog(?:ue)?|prompts|papers|"
    r"awesome|guidelines|literature|survey|bench|summary statistics|line ?lists?|light ?curves?|"
    r"spectra|measurements|time series|sequences?|genomes?|transcripts?|stimuli|test ?beds?|"
    r"tables|observations|correspondence|letters|specimens|questionnaires?|web archives?|"
    r"alignments?|information systems?|"
    r"indicators?|items|dictionar(?:y|ies)|thesaur(?:us|i)|encyclopa?edias?|knowledge[- ]?bases?|"
    r"(?:genom\w+|transcriptom\w+|sequence|reference|data|lexical|language|"
    r"linguistic|annotation) resources?"
)
_NOT_OUTPUT = (
    r"(?! (?:scores|outputs|predictions|responses|answers|results|capabilit\w+|generations|"
    r"behaviou?r|agents?|reasoning|inference)\b)"
)
_MODEL = _words(
    rf"(?:models?|LLMs?){_NOT_OUTPUT}|weights|checkpoints?|embeddings|tokeni[sz]ers?|adapters?|LoRAs?|"
    r"SAEs?"
)
_DEMO = _words(
    rf"{DEMO}|samples?|live at|(?:web|www)[- ](?:interface|gui|service|servers?|tools?)|"
    r"webservers?|web-based (?:system|application|interface|service)s?|"
    r"(?:web )?search engines?|online (?:platform|tool|calculator|viewer|interface)"
)
#: What is on a code host and called otherwise ("working examples") is code.
_SHOWN = re.compile(
    r"demo|video|audio|samples|playground|animation|clips?|movie|visuali[sz]|space|web", re.I
)
#: "Videos of models" are videos, not models.
_VIDEO_OF = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:videos?|demos?|visuali[sz]ations?|animations?|movies?|clips)"
    r"(?: results| demos?| examples)?\s(?:of|with|from|showing|are|is|can|at|for|on|"
    r"demonstrating)\b",
    re.IGNORECASE,
)
_PAGE = _words(
    r"project'?s?[ -]?(?:web)?-?(?:page|site|homepage|link|website)s?|projects?|web-?pages?|"
    r"web-?sites?|web (?:site|page)s?|home-?pages?|home pages?|pages?|blogs?|blog-?posts?|"
    r"leaderboards?|sites?|portal|posts?|documentation|docs|manuals?|tutorials?|companion"
)
_SUPPLEMENT = _words(
    r"supplement(?:ary|al)(?: online)? (?:materials?|information|files?)|supplements?"
)
_PROJECT_PAGE = re.compile(r"project\W?s?[ -]?(?:web)?(?:page|site)", re.IGNORECASE)
_JUST_PROJECT = re.compile(
    r"(?!.*(?:page|site|web))\W*(?:\w+\W+){0,5}projects?\W.*", re.IGNORECASE | re.DOTALL
)
_PART_OF_PROJECT = re.compile(
    r"\b(?:as|is|are) part of the [\w-]+ project\W*(?:\w+\W*){0,2}$", re.I
)
_REPOSITORY = _words(r"repo(?:sitor(?:y|ies)|s)?|(?:git|github) (?:repo\w*|page|link|project)")


#: The heading of a structured abstract: "Availability: URL" is about software.
_AVAILABILITY = re.compile(
    r"(?<![\w-])(?<!data )(?:availability|software)\b[^:.]{0,30}:", re.IGNORECASE
)


def kind_of_words(clause: str, *, code_host: bool) -> str | None:
    """Return the kind that a clause names for the link in it, None where it names none.

    Besides the kinds it may be "page", "repository", "supplement" or "model that runs"; then the
    host decides (`decide_kind`).

    Examples
    --------
    >>> kind_of_words("Our code and data are at", code_host=True)
    'code'
    >>> kind_of_words("See", code_host=True) is None
    True
    """
    if _CODE.search(clause) or (_IMPLEMENTED.search(clause) and not _DATABASES.search(clause)):
        return "code"
    if _VIDEO_OF.match(clause):
        return "demo"
    page, demo = _PAGE.search(clause), _DEMO.search(clause)
    if code_host and demo and not _SHOWN.search(clause):
        demo = None
    data = _DATA.search(clause)
    model = _MODEL.search(clause)
    if model and not data and not _TRAINED.search(clause) and "system" not in head_kinds(clause):
        # What runs, such as a climate model, is software; weights are said to be trained.
        return "model that runs"
    if data or model:
        signs = (_OUR_SYSTEM.search(clause), "system" in head_kinds(clause))
        if any(signs) if code_host else all(signs):
            return "code"
        return "data" if data else "model"
    if code_host and _REPOSITORY.search(clause):
        return "repository"
    if page and (demo is None or _PROJECT_PAGE.search(clause)):
        just = _JUST_PROJECT.fullmatch(clause) or (code_host and _PART_OF_PROJECT.search(clause))
        return "page" if just else "project"
    if demo:
        return "demo"
    if _SUPPLEMENT.search(clause):
        return "supplement"
    if _SYSTEM.search(clause):
        return "code"
    return "repository" if _REPOSITORY.search(clause) else None


def after_availability(left: str) -> str | None:
    """Return the words before a link from "Availability:" of a software paper on, None without it.

    Examples
    --------
    >>> after_availability("We give measurements. Availability: the page")
    'Availability: the page'
    """
    *_, heading = (None, *_AVAILABILITY.finditer(left))
    return left[heading.start() :] if heading else None


_OF_OTHERS = re.compile(
    r"\b(?:based on|built (?:up)?on|using|adapted from|derived from|from the|collected from|"
    r"taken from|(?<!the )following|extends?|fork(?:ed)? (?:of|from)|in advanced|submitted to|"
    r"leaderboard of|winner|challenge\b[^.]{0,30}|competition\b[^.]{0,30})\W*$"
    r"|\b(?:on|in|of)\b[^.,:]{0,50}\bleaderboards?\W*$",
    re.IGNORECASE,
)


def is_of_others(left: str) -> bool:
    """Return whether the words before a link say that it is earlier work or a challenge."""
    return _OF_OTHERS.search(left) is not None


class Kind(NamedTuple):
    """What a link holds, and whether it is the authors' own."""

    name: str
    own: bool


@cache
def _weights() -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    """Return the kinds, and the weight of each sign for each of them."""
    text = (files("toolkit.claims") / "link_weights.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(text.splitlines())
    return tuple(head[1:]), {sign: tuple(map(float, values)) for sign, *values in rows}


def decide_kind(around: Surroundings, names: Names, *, before: Kind | None = None) -> Kind:
    """Return what a link holds, and whether it is the authors': by the weights of its signs.

    Parameters
    ----------
    around : Surroundings
        What stands around it.
    names : Names
        The paper's own names.
    before : Kind, optional
        What was decided for the link before it in the sentence, where both share their words.

    Examples
    --------
    >>> url = "https://github.com/a/b"
    >>> around = Surroundings("Our code is at", ".", "", url, "code", False, True)
    >>> decide_kind(around, Names("Oaks", ""))
    Kind(name='code', own=True)
    """
    place = find_place(around.url)
    if place.name in NEVER_OWN or is_no_artifact(around.left):
        return Kind("other", own=False)
    if is_accession(around.url):
        own = deposits(around.left, around.right)
        return Kind("data" if own else "other", own)
    signs = link_signs(around, names)
    kinds, weights = _weights()
    sums = dict(zip(kinds, weights["always"]))
    for sign in signs:
        for kind, weight in zip(kinds, weights.get(sign, ())):
            sums[kind] += weight
    home = place.name in DEPOSITS and not place.is_front and signs.isdisjoint(_USED)
    if home or "see the page" in signs:
        # People publish their own work there, unless something is said of using it.
        sums["other"] = float("-inf")
    best = max(sums, key=sums.__getitem__)
    if before is not None and (best == "other" or around.said is None):
        best = before.name if before.own else "other"
    if best == "other":
        # What is on a code host is code, whoever wrote it.
        return Kind("code" if place.name == "code" and not place.is_front else best, own=False)
    if around.is_listed or (around.said == "model" and not _VIDEO.search(around.url)):
        return Kind(around.said or best, own=True)
    copied = before is not None and around.said is None and "archived" in around.left[-40:]
    return Kind(best if copied else _at_place(place, around) or best, own=True)


#: Signs that what is there is not the authors' own.
_USED = frozenset(
    ["uses last", "uses", "cited", "with", "such as", "says other", "person", "event", "was used"]
)
_VIDEO = re.compile(r"youtu\.?be|vimeo\.com|bilibili\.com")
#: Classes of places that hold one kind of things where words say nothing else.
_HOLDS = {"code": "code", "data": "data", "model": "model", "page": "project"}


def _at_place(place: Place, around: Surroundings) -> str | None:
    """Return what a link to a host of videos, code, data or models holds; None elsewhere."""
    if _VIDEO.search(around.url):
        return "demo"
    holds = _HOLDS.get(place.name)
    if holds is None or (place.is_front and around.said is None):
        return None
    if around.said in (None, "page", "repository", "other"):
        holds = "code" if around.said == "repository" else holds
        return "data" if "awesome" in around.url.lower() else holds
    if around.said == "supplement":
        return "data" if holds == "data" else "project"
    return "model" if around.said == "model that runs" else around.said
