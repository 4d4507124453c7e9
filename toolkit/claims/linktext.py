"""What a sentence says that its links hold, and whether already now."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.claims.lexicon import DEMO, FUTURE, NOUNS, SOON, hide_traps, list_elements
from toolkit.claims.links import Found, is_code_host, place
from toolkit.claims.statements import Names

#: Private-use characters around the number of a link that stands in a text.
OPEN, CLOSE = "\ue000", "\ue001"
_PADDED = re.compile(f"(\\(\\s)?{OPEN}(\\d+){CLOSE}(?:\\s(?=[.,;:)\\]]))?")
_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
KINDS = ("code", "data", "model", "demo", "project", "other")

_ACT = (
    r"(?:releas\w*|avail\w*|open[- ]?sourc\w*|public\w*|publish\w*|shar\w+|provid\w*|found|"
    r"access\w*|host\w*|"
    r"upload\w*|post\w*|download\w*|integrat\w*|open(?:ed)?|put|come|appear|distribut\w*|made|"
    r"make|placed)"
)
_WILL = re.compile(
    rf"{FUTURE}\s+(?:(?!will\b)[\w-]+,?\s+){{0,7}}?{_ACT}|{FUTURE}\s+(?:be\s+)?(?!updat|maintain|"
    rf"continu|keep|kept|regular)(?:\w+\s+)?(?:at|on|in|here)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    rf"\b(?:is|are|has been|have been|can be|was|were|been|we|made)\s+(?:\w+\s+){{0,3}}?{_ACT}|"
    rf"\bavailable\b"
    r"|\b(?:is|are)\s+(?:at|on|in|here|hosted)\b",
    re.IGNORECASE,
)
_STRONG_CODE = re.compile(
    r"(?<![-\w])(?:source[ -]?codes?|codes?|codebases?|code ?base|(?:re-?)?implementations?|"
    r"scripts?|software|"
    r"tool-?kits?|tool-?box(?:es)?|librar(?:y|ies)|packages?|repositor(?:y|ies)|repos?|"
    r"plug-?ins?|notebooks?|"
    r"source|programs?|(?:git|github) (?:repo\w*|page|link|project))(?!\w|-[a-z])",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(
    r"(?<![-\w])(?:source[ -]?codes?|codes?|codebases?|code ?base|(?:re-?)?implementations?|"
    r"scripts?|software|"
    r"tool-?kits?|tool-?box(?:es)?|librar(?:y|ies)|packages?|plug-?ins?|notebooks?|source|"
    r"programs?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_SYSTEM_WORD = re.compile(
    r"(?<![-\w])(?:frameworks?|tools?|pipelines?|simulators?|systems?|infrastructures?|engines?|"
    r"compilers?|"
    r"solvers?|apps?|algorithms?|methods?|environments?|platforms?|optimizers?|harness|suites?|"
    r"gyms?|api)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_OUR_SYSTEM = re.compile(
    r"\b(?:our|the|this|full|complete)\s+(?:[\w-]+\s+){0,2}?(?:frameworks?|tools?|pipelines?|"
    r"simulators?|systems?|"
    r"infrastructures?|engines?|solvers?|platforms?|harness)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_DATA_WORD = re.compile(
    r"(?<![-\w])(?:data-?sets?|data|benchmarks?|corpus|corpora|annotations?|test[- ]?sets?|"
    r"collections?|databases?|"
    r"paper[- ]?lists?|lists? of|(?:curated|comprehensive|reading|resource|"
    r"awesome)[\w -]{0,25}lists?|lists?|treebanks?|"
    r"ontolog(?:y|ies)|lexicons?|trajectories|recordings|labels|questions|taxonomy|atlas|"
    r"corpuses|catalog(?:ue)?|"
    r"prompts|papers|awesome|guidelines|literature|survey|bench)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_MODEL_WORD = re.compile(
    r"(?<![-\w])(?:models?(?! (?:scores|outputs|predictions|responses|answers|results)\b)|weights|"
    r"checkpoints?|embeddings|tokeni[sz]ers?|LLMs?|adapters?|LoRAs?|SAEs?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_DEMO_WORD = re.compile(rf"(?<![-\w])(?:{DEMO}|samples?)(?!\w|-[a-z])", re.IGNORECASE)
_PAGE = re.compile(
    r"(?<![-\w])(?:project'?s?[ -]?(?:web)?-?(?:page|site|homepage|link|website)s?|projects?|"
    r"web-?pages?|web-?sites?|"
    r"web (?:site|page)s?|home-?pages?|home pages?|pages?|blogs?|blog-?posts?|leaderboards?|"
    r"sites?|portal|posts?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:show\w*|demonstrat\w+|outperform\w*|achiev\w+|propos\w+|present\w*|introduc\w+|"
    r"reveal\w*|"
    r"improv\w+|enabl\w+|evaluat\w+ (?:on|the)|reach\w*|surpass\w*|exhibits?|generali[sz]es?|"
    r"conduct\w*|"
    r"indicat\w+|validat\w+|suggest\w*|attain\w*|yields?|develop\w*|are|is|was|were|has|have)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\W*(?:to|for|in order to|in support of|with the (?:aim|goal)|aiming|towards?|based on|"
    r"building on|"
    r"extensive|by|through)\b[^,]{0,160},\s*(?=\w)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:based on|built (?:up)?on|using|adapted from|derived from|from the|collected from|"
    r"taken from|following|"
    r"extends?|fork(?:ed)? (?:of|from)|in advanced|submitted to|leaderboard of|winner|"
    r"challenge\b[^.]{0,30}|"
    r"competition\b[^.]{0,30}|licen[sc]ed? under|under the [\w -]{0,20}licen[sc]e)\W*$"
    r"|\b(?:on|in|of)\b[^.,:]{0,50}\bleaderboards?\W*$",
    re.IGNORECASE,
)


#: Behind a link that has words in front, only what is joined to it tells what it holds.
_APPOSED = re.compile(
    r"\s*(?:\([^)]{1,80}\)|,\s*(?:an?|the|our|one|which)\b[^.;]{0,100}|for (?:the |our |all |"
    r"more )?[^.;]{0,60}|"
    r"(?:contains|includes|hosts|provides|with)\b[^.;]{0,80})"
)
_ANY_AFTER = re.compile(r"[\s,]*[^.;]{0,160}")


#: Videos of models are videos.
_SHOWN = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:videos?|demos?|visuali[sz]ations?|animations?|movies?|clips)"
    r"(?: results| demos?| examples)?\s(?:of|with|from|showing|are|is|can|at|for|on|"
    r"demonstrating)\b",
    re.IGNORECASE,
)


class LinkStatement(NamedTuple):
    """What a sentence says of one link."""

    number: int
    kind: str
    tense: str


def mark(text: str, found: list[Found]) -> str:
    """Replace the links of a text by marks that hold their number, followed by their labels."""
    parts, position = [], 0
    for number, link in enumerate(found):
        label = f"({link.label})" if link.label else ""
        parts += [text[position : link.start], f" {OPEN}{number}{CLOSE} ", label]
        position = link.end
    return " ".join(("".join(parts) + text[position:]).split())


def unmark(sentence: str, found: list[Found]) -> str:
    """Put the addresses back in the place of their marks."""
    return _PADDED.sub(
        lambda hit: f"{'(' if hit.group(1) else ''}{found[int(hit.group(2))].url}", sentence
    )


def read_links(
    sentence: str, previous: str, found: list[Found], names: Names
) -> list[LinkStatement]:
    """Say for every link of a sentence what it holds, and whether now or in the future.

    Parameters
    ----------
    sentence, previous : str
        The sentence with its links marked, and the one before it.
    found : list of Found
        The links of the text.
    names : Names
        The paper's own names.

    Returns
    -------
    list of LinkStatement
        In the order of the sentence.
    """
    text = hide_traps(sentence)
    hits = list(_MARK.finditer(text))
    statements: list[LinkStatement] = []
    kind, tense = "", ""
    each = _read_respective(text, hits, found) if "respectively" in text else []
    for number, hit in enumerate(hits):
        left = text[hits[number - 1].end() if number else 0 : hit.start()]
        right = text[hit.end() : hits[number + 1].start() if number + 1 < len(hits) else len(text)]
        url = found[int(hit.group(1))].url
        said = each[number] if each else _kind_said(left, right, previous, url, names)
        previous = ""
        kind = _settle(said, url, repeated=kind)
        tense = _tense(left, right, tense)
        statements.append(LinkStatement(int(hit.group(1)), kind, tense))
    return statements


def _read_respective(text: str, hits: list[re.Match[str]], found: list[Found]) -> list[str | None]:
    """Read "the code and the website are at A and B, respectively": a kind each, or nothing."""
    hosts = [place(found[int(hit.group(1))].url).host for hit in hits]
    elements = list_elements(_clause(text[: hits[0].start()]))
    named = [element for element in elements if _said(element, "")]
    if len(named) != len(hits):
        return []
    return [_said(element, host) for element, host in zip(named, hosts)]


_AT_ONCE = re.compile(r"\W{0,3}(?:will|shall|soon|upon|once|after|when)\b")
_AFTER_ALL = re.compile(r"\W{0,3}(?:soon\b|upon|once|after (?:the )?(?:accept|publi|paper))")


def _tense(left: str, right: str, inherited: str) -> str:
    if _WILL.search(left) or SOON.search(left):
        return "future"
    now = _NOW.search(left)
    # "code at ⟦link⟧ will be released soon", but not "page is ⟦link⟧, and the code will be …".
    if _AFTER_ALL.match(right) or (now is None and _AT_ONCE.match(right)):
        return "future"
    return "present" if now or not inherited else inherited


_CLAUSES = re.compile(
    r"[;]|\. |, (?=(?:and |while |with |where )?(?:we|our|the|all|code|codes|source|its)\b)|"
    r": (?=[A-Z])| and (?=we\b)"
)


def _clause(left: str) -> str:
    """Return the last clause in front of a link; a list is taken whole."""
    *parts, clause = _CLAUSES.split(left)
    for part in reversed(parts):
        known = any(pattern.search(clause.lower()) for pattern in NOUNS.values())
        # A part without a verb of its own belongs to the list that goes on.
        if known and _FINITE.search(part):
            break
        clause = f"{part}, {clause}"
    return clause


_POINTS_BACK = re.compile(r"\b(?:them|it|these|here|this|at|available)\b|^\W*$", re.IGNORECASE)
_GIVES = re.compile(r"\b(?:avail\w*|releas\w*|open|public\w*|provid\w*)\b")
_NOT_THEIRS = re.compile(
    r"https?://(?:www\.)?(?:arxiv\.org|creativecommons\.org|openai\.com|chat\.openai)"
)


def _kind_said(left: str, right: str, previous: str, url: str, names: Names) -> str | None:
    """Kind of a link by the words around it, None where they say nothing.

    Besides the kinds, "page" and "repository" are told apart: they leave the word to the host.
    """
    if _NOT_THEIRS.match(url) or _ELSEWHERE.search(left):
        return "other"
    host = place(url).host
    clause = _clause(left)
    said = _said(_PURPOSE.sub("", clause), host) or _said(clause, host)
    if said is None:
        after = (_ANY_AFTER if len(left) < 8 else _APPOSED).match(right)
        said = _said(after.group(), host) if after else None
    own = names.kinds_in(clause, most=2, own=True) if said is None else set()
    if "data" in own and _GIVES.search(clause):
        return "data"
    if said is None and not own and _GIVES.search(previous) and _POINTS_BACK.search(left):
        said = _said(_clause(previous), host)
    return said


def _settle(said: str | None, url: str, *, repeated: str) -> str:
    """Settle on a kind: by the words, else as the link before, else by the host."""
    by_host = _by_host(url)
    if said is None and repeated:
        return by_host or repeated
    if said == "repository":
        return by_host or "code"
    if said is None or said == "page":
        return by_host or ("code" if is_code_host(place(url).host) else "project")
    return said


_OF_PAGE = re.compile(
    r"\bproject\W*$|(?:benchmark|data\w*)(?:['’]s)? leaderboards?\b", re.IGNORECASE
)
_REPOSITORY = re.compile(r"\brepo(?:sitor(?:y|ies)|s)?\b", re.IGNORECASE)
_PROJECT_PAGE = re.compile(r"project\W?s?[ -]?(?:web)?(?:page|site)", re.IGNORECASE)
_JUST_PROJECT = re.compile(
    r"(?!.*(?:page|site|web))\W*(?:\w+\W+){0,3}projects?\W.*", re.IGNORECASE | re.DOTALL
)


def _said(clause: str, host: str) -> str | None:
    """Kind that a clause names for the link in it, None where it names none."""
    if _CODE_WORD.search(clause):
        return "code"
    if _SHOWN.match(clause):
        return "demo"
    page, demo = _PAGE.search(clause), _DEMO_WORD.search(clause)
    of_page = page and _OF_PAGE.search(clause)
    data = _DATA_WORD.search(clause) and not of_page
    if data or _MODEL_WORD.search(clause):
        if is_code_host(host) and _OUR_SYSTEM.search(clause):
            return "code"
        return "data" if data else "model"
    if is_code_host(host) and _REPOSITORY.search(clause):
        return "repository"
    if page and (demo is None or _PROJECT_PAGE.search(clause)):
        return "page" if _JUST_PROJECT.fullmatch(clause) else "project"
    if demo:
        return "demo"
    if _SYSTEM_WORD.search(clause):
        return "code"
    return "repository" if _STRONG_CODE.search(clause) else None


#: What addresses give away by themselves.
_HOSTS = (
    ("data", re.compile(r"awesome|(?:huggingface|hf)\.co/datasets/|kaggle\.com/dataset")),
    (
        "demo",
        re.compile(r"huggingface\.co/spaces/|youtu\.?be|vimeo\.com|bilibili\.com|\.hf\.space"),
    ),
    ("model", re.compile(r"huggingface\.co/|hf\.co/|modelscope")),
    (
        "data",
        re.compile(r"zenodo|doi\.org|dataverse|synapse\.org|kaggle\.com|osf\.io|figshare"),
    ),
    ("project", re.compile(r"blog|leaderboard")),
)


def _by_host(url: str) -> str | None:
    """Kind that an address gives away by itself."""
    lower = url.lower()
    return next((kind for kind, pattern in _HOSTS if pattern.search(lower)), None)
