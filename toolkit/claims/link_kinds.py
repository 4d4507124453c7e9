"""The kind of a link by its words and its URL: code, data, model, demo, project or other."""

from __future__ import annotations

import re

from toolkit.claims.lexicon import DEMO, SOFTWARE, head_kinds
from toolkit.claims.url_targets import is_code_host, url_target


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![-\w])(?:{words})(?!\w|-[a-z])", re.IGNORECASE)


_CODE = _words(
    rf"(?!software (?:demo|video|tutorial))(?:{SOFTWARE})|source[ -]codes?|"
    r"(?<!as open )(?<!as open-)source|(?:development |dev)[ -]?kits?"
)
_SYSTEM = _words(
    r"frameworks?|tools?|pipelines?|simulators?|systems?|infrastructures?|engines?|compilers?|"
    r"solvers?|apps?|algorithms?|methods?|environments?|platforms?|optimizers?|harness|suites?|"
    r"gyms?|api"
)
_OUR_SYSTEM = _words(
    r"(?:our|the|this|full|complete)\s+(?:[\w-]+\s+){0,2}?(?:frameworks?|tools?|pipelines?|"
    r"simulators?|systems?|infrastructures?|engines?|solvers?|platforms?|harness)"
)
_DATA = _words(
    r"data-?sets?|data|benchmarks?|corpus|corpora|corpuses|annotations?|test[- ]?sets?|"
    r"collections?|databases?|(?:[\w -]{0,25})lists?|treebanks?|ontolog(?:y|ies)|lexicons?|"
    r"trajectories|recordings|labels|questions|taxonomy|atlas|catalog(?:ue)?|prompts|papers|"
    r"awesome|guidelines|literature|survey|bench"
)
_NOT_OUTPUT = (
    r"(?! (?:scores|outputs|predictions|responses|answers|results|capabilit\w+|generations|"
    r"behaviou?r|agents?|reasoning|inference)\b)"
)
_MODEL = _words(
    rf"(?:models?|LLMs?){_NOT_OUTPUT}|weights|checkpoints?|embeddings|tokeni[sz]ers?|adapters?|LoRAs?|"
    r"SAEs?"
)
_DEMO = _words(rf"{DEMO}|samples?|live at")
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
    r"leaderboards?|sites?|portal|posts?"
)
_PROJECT_PAGE = re.compile(r"project\W?s?[ -]?(?:web)?(?:page|site)", re.IGNORECASE)
_JUST_PROJECT = re.compile(
    r"(?!.*(?:page|site|web))\W*(?:\w+\W+){0,5}projects?\W.*", re.IGNORECASE | re.DOTALL
)
_REPOSITORY = _words(r"repo(?:sitor(?:y|ies)|s)?|(?:git|github) (?:repo\w*|page|link|project)")


def kind_of_words(clause: str, host: str) -> str | None:
    """Return the kind that a clause names for the link in it, None where it names none.

    Besides the kinds it may be "page" or "repository"; then the host decides (`decide_kind`).

    Examples
    --------
    >>> kind_of_words("Our code and data are at", "github.com")
    'code'
    >>> kind_of_words("See", "github.com") is None
    True
    """
    if _CODE.search(clause):
        return "code"
    if _VIDEO_OF.match(clause):
        return "demo"
    page, demo = _PAGE.search(clause), _DEMO.search(clause)
    data = _DATA.search(clause)
    if data or _MODEL.search(clause):
        signs = (_OUR_SYSTEM.search(clause), "system" in head_kinds(clause))
        if any(signs) if is_code_host(host) else all(signs):
            return "code"
        return "data" if data else "model"
    if is_code_host(host) and _REPOSITORY.search(clause):
        return "repository"
    if page and (demo is None or _PROJECT_PAGE.search(clause)):
        return "page" if _JUST_PROJECT.fullmatch(clause) else "project"
    if demo:
        return "demo"
    if _SYSTEM.search(clause):
        return "code"
    return "repository" if _REPOSITORY.search(clause) else None


_OF_OTHERS = re.compile(
    r"\b(?:based on|built (?:up)?on|using|adapted from|derived from|from the|collected from|"
    r"taken from|following|extends?|fork(?:ed)? (?:of|from)|in advanced|submitted to|"
    r"leaderboard of|winner|challenge\b[^.]{0,30}|competition\b[^.]{0,30})\W*$"
    r"|\b(?:on|in|of)\b[^.,:]{0,50}\bleaderboards?\W*$",
    re.IGNORECASE,
)
_NEVER_OWN = re.compile(
    r"https?://(?:www\.)?(?:arxiv\.org|creativecommons\.org|opensource\.org|gnu\.org|"
    r"apache\.org/licenses|openai\.com|chat\.openai)"
)


def is_of_others(left: str, url: str) -> bool:
    """Return whether a link is not to the paper's own: a licence, earlier work, a challenge."""
    return bool(_NEVER_OWN.match(url) or _OF_OTHERS.search(left))


_VIDEO = re.compile(r"youtu\.?be|vimeo\.com|bilibili\.com")
#: Kinds that follow from the URL alone.
_HOSTS = (
    ("data", re.compile(r"awesome|(?:huggingface|hf)\.co/datasets/|kaggle\.com/dataset")),
    ("demo", re.compile(rf"huggingface\.co/spaces/|\.hf\.space|{_VIDEO.pattern}")),
    ("model", re.compile(r"huggingface\.co/|hf\.co/|modelscope")),
    ("data", re.compile(r"zenodo|doi\.org|dataverse|synapse\.org|kaggle\.com|osf\.io|figshare")),
)


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
    if by_words not in (None, "page", "repository"):
        return str(by_words)
    if by_words is None and repeated and "archived" in left:
        return repeated
    lower = url.lower()
    by_host = next((kind for kind, pattern in _HOSTS if pattern.search(lower)), None)
    if by_host or (by_words is None and repeated):
        return by_host or repeated
    if by_words == "repository":
        return "code"
    return "code" if is_code_host(url_target(url).host) else "project"
