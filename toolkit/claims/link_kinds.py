"""The kind of a link by its words and its URL: code, data, model, demo, project or other."""

from __future__ import annotations

import re

from toolkit.claims.identifiers import is_accession
from toolkit.claims.lexicon import DEMO, SOFTWARE, head_kinds
from toolkit.claims.places import KIND_OF_CLASS, find_place


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


_VIDEO = re.compile(r"youtu\.?be|vimeo\.com|bilibili\.com")


def decide_kind(by_words: str | None, url: str, *, repeated: str, left: str = "") -> str:
    """Return the kind of a link: by the words, else as the link before it, else by the host.

    Parameters
    ----------
    by_words : str or None
        From `kind_of_words`.
    url : str
        The link.
    repeated : str
        Kind of the link before it in the sentence where words gave that kind; else empty.
    left : str
        The words between that link and this one.

    Examples
    --------
    >>> decide_kind(None, "https://github.com/a/b", repeated="")
    'code'
    """
    if by_words != "other" and _VIDEO.search(url):
        return "demo"
    place = find_place(url).name
    if is_accession(url):
        return by_words if by_words in ("other", "registry") else "data"
    if by_words == "supplement":
        return "data" if place == "data" else "project"
    if by_words == "model that runs":
        by_words = "code" if place == "" else "model"
    if by_words not in (None, "page", "repository"):
        return str(by_words)
    if by_words is None and not repeated and place == "code" and find_place(url).is_front:
        return "project"
    if by_words is None and repeated and "archived" in left:
        return repeated
    by_place = "data" if "awesome" in url.lower() else KIND_OF_CLASS.get(place, "")
    if by_place not in ("", "code", "project") or (by_words is None and repeated):
        return by_place if by_place not in ("", "code", "project") else repeated
    return "code" if by_words == "repository" else by_place or "project"
