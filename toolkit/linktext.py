"""What a sentence says that its links hold, and whether already now."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.lexicon import DEMO, FUTURE, NOUNS, SOON, hide_traps
from toolkit.links import Found, is_code_host, place

#: Private-use characters around the number of a link that stands in a text.
OPEN, CLOSE = "\ue000", "\ue001"
_PADDED = re.compile(f"(\\(\\s)?{OPEN}(\\d+){CLOSE}(?:\\s(?=[.,;:)\\]]))?")
_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
KINDS = ("code", "data", "model", "demo", "project", "other")

_ACT = (
    r"(?:releas\w*|avail\w*|open[- ]?sourc\w*|public\w*|publish\w*|shar\w+|provid\w*|found|access\w*|host\w*|"
    r"upload\w*|post\w*|download\w*|integrat\w*|open(?:ed)?|put|come|appear|distribut\w*|made|make|placed)"
)
_WILL = re.compile(
    rf"{FUTURE}\s+(?:(?!will\b)[\w-]+,?\s+){{0,7}}?{_ACT}|{FUTURE}\s+(?:be\s+)?(?!updat|maintain|continu|keep|kept|regular)(?:\w+\s+)?(?:at|on|in|here)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    rf"\b(?:is|are|has been|have been|can be|was|were|been|we|made)\s+(?:\w+\s+){{0,3}}?{_ACT}|\bavailable\b"
    r"|\b(?:is|are)\s+(?:at|on|in|here|hosted)\b",
    re.IGNORECASE,
)
_STRONG_CODE = re.compile(
    r"(?<![-\w])(?:source[ -]?codes?|codes?|codebases?|code ?base|(?:re-?)?implementations?|scripts?|software|"
    r"tool-?kits?|tool-?box(?:es)?|librar(?:y|ies)|packages?|repositor(?:y|ies)|repos?|plug-?ins?|notebooks?|"
    r"source|programs?|(?:git|github) (?:repo\w*|page|link|project))(?!\w|-[a-z])",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(
    r"(?<![-\w])(?:source[ -]?codes?|codes?|codebases?|code ?base|(?:re-?)?implementations?|scripts?|software|"
    r"tool-?kits?|tool-?box(?:es)?|librar(?:y|ies)|packages?|plug-?ins?|notebooks?|source|programs?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_SYSTEM_WORD = re.compile(
    r"(?<![-\w])(?:frameworks?|tools?|pipelines?|simulators?|systems?|infrastructures?|engines?|compilers?|"
    r"solvers?|apps?|algorithms?|methods?|environments?|platforms?|optimizers?|harness|suites?|gyms?|api)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_OUR_SYSTEM = re.compile(
    r"\b(?:our|the|this|full|complete)\s+(?:[\w-]+\s+){0,2}?(?:frameworks?|tools?|pipelines?|simulators?|systems?|"
    r"infrastructures?|engines?|solvers?|platforms?|harness)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_DATA_WORD = re.compile(
    r"(?<![-\w])(?:data-?sets?|data|benchmarks?|corpus|corpora|annotations?|test[- ]?sets?|collections?|databases?|"
    r"paper[- ]?lists?|lists? of|(?:curated|comprehensive|reading|resource|awesome)[\w -]{0,25}lists?|lists?|treebanks?|"
    r"ontolog(?:y|ies)|lexicons?|trajectories|recordings|labels|questions|taxonomy|atlas|corpuses|catalog(?:ue)?|"
    r"prompts|papers|awesome|guidelines|literature|survey|bench)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_MODEL_WORD = re.compile(
    r"(?<![-\w])(?:models?|weights|checkpoints?|embeddings|tokeni[sz]ers?|LLMs?|adapters?|LoRAs?|SAEs?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_DEMO_WORD = re.compile(rf"(?<![-\w])(?:{DEMO}|samples?)(?!\w|-[a-z])", re.IGNORECASE)
_PAGE = re.compile(
    r"(?<![-\w])(?:project'?s?[ -]?(?:web)?-?(?:page|site|homepage|link|website)s?|projects?|web-?pages?|web-?sites?|"
    r"web (?:site|page)s?|home-?pages?|home pages?|pages?|blogs?|blog-?posts?|leaderboards?|sites?|portal|posts?)(?!\w|-[a-z])",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:show\w*|demonstrat\w+|outperform\w*|achiev\w+|propos\w+|present\w*|introduc\w+|reveal\w*|"
    r"improv\w+|enabl\w+|evaluat\w+ (?:on|the)|reach\w*|surpass\w*|exhibits?|generali[sz]es?|conduct\w*|"
    r"indicat\w+|validat\w+|suggest\w*|attain\w*|yields?|develop\w*|are|is|was|were|has|have)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\W*(?:to|for|in order to|in support of|with the (?:aim|goal)|aiming|towards?|based on|building on|"
    r"extensive|by|through)\b[^,]{0,160},\s*(?=\w)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:based on|built (?:up)?on|using|adapted from|derived from|from the|collected from|taken from|following|"
    r"extends?|fork(?:ed)? (?:of|from)|in advanced|submitted to|leaderboard of|winner|challenge\b[^.]{0,30}|"
    r"competition\b[^.]{0,30}|licen[sc]ed? under|under the [\w -]{0,20}licen[sc]e)\W*$",
    re.IGNORECASE,
)


#: Behind a link that has words in front, only what is joined to it tells what it holds.
_APPOSED = re.compile(
    r"\s*(?:\([^)]{1,80}\)|,\s*(?:an?|the|our|one|which)\b[^.;]{0,100}|for (?:the |our |all |more )?[^.;]{0,60}|"
    r"(?:contains|includes|hosts|provides|with)\b[^.;]{0,80})"
)
_ANY_AFTER = re.compile(r"[\s,]*[^.;]{0,160}")


#: Videos of models are videos.
_SHOWN = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:videos?|demos?|visuali[sz]ations?|animations?|movies?|clips)"
    r"(?: results| demos?| examples)?\s(?:of|with|from|showing|are|is|can|at|for|on|demonstrating)\b",
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


def read_links(sentence: str, previous: str, found: list[Found]) -> list[LinkStatement]:
    """Say for every link of a sentence what it holds, and whether now or in the future.

    Parameters
    ----------
    sentence, previous : str
        The sentence with its links marked, and the one before it.
    found : list of Found
        The links of the text.

    Returns
    -------
    list of LinkStatement
        In the order of the sentence.
    """
    text = hide_traps(sentence)
    hits = list(_MARK.finditer(text))
    statements: list[LinkStatement] = []
    kind, tense = "", ""
    for number, hit in enumerate(hits):
        left = text[hits[number - 1].end() if number else 0 : hit.start()]
        right = text[hit.end() : hits[number + 1].start() if number + 1 < len(hits) else len(text)]
        url = found[int(hit.group(1))].url
        own = _kind(left, right, previous if number == 0 else "", url, repeated=kind)
        kind = own
        tense = _tense(left, right, tense, text)
        statements.append(LinkStatement(int(hit.group(1)), kind, tense))
    return statements


def _tense(left: str, right: str, inherited: str, sentence: str) -> str:
    if _WILL.search(left) or SOON.search(left):
        return "future"
    # "code at ⟦link⟧ will be released soon", but not "page is ⟦link⟧, and the code will be …".
    if _NOW.search(left) is None and re.match(
        r"\W{0,3}(?:will|shall|soon|upon|once|after|when)\b", right
    ):
        return "future"
    if re.match(r"\W{0,3}(?:soon\b|upon|once|after (?:the )?(?:accept|publi|paper))", right):
        return "future"
    if _NOW.search(left) or not inherited:
        return "present"
    return inherited


def _clause(left: str) -> str:
    """Return the last clause in front of a link, without its statement of purpose."""
    parts = re.split(
        r"[;]|\. |, (?=(?:and |while |with |where )?(?:we|our|the|all|code|codes|source|its)\b)|: (?=[A-Z])| and (?=we\b)",
        left,
    )
    clause = parts[-1]
    for part in reversed(parts[:-1]):
        # A part without a verb of its own belongs to the list that goes on.
        if _FINITE.search(part) or not clause.strip():
            if clause.strip() and _known(clause):
                break
        clause = f"{part}, {clause}"
    return clause


def _known(text: str) -> bool:
    return any(pattern.search(text) for pattern in NOUNS.values())


def _kind(left: str, right: str, previous: str, url: str, *, repeated: str) -> str:
    """Kind of a link from the words around it, then from its host."""
    if not _usable_as_own(left, url):
        return "other"
    spot = place(url)
    clause = _clause(left)
    said = _said(_PURPOSE.sub("", clause), spot.host) or _said(clause, spot.host)
    if said is None:
        after = (_ANY_AFTER if len(left) < 8 else _APPOSED).match(right)
        said = _said(after.group(), spot.host) if after else None
    if said is None and repeated:
        return _by_host(url) or repeated
    if (
        said is None
        and previous
        and re.search(r"\b(?:avail\w*|releas\w*|open|public\w*|provid\w*)\b", previous)
    ):
        if re.search(r"\b(?:them|it|these|here|this|at|available)\b|^\W*$", left, re.IGNORECASE):
            said = _said(_clause(previous), spot.host)
    if said == "repository":
        return _by_host(url) or "code"
    if said in (None, "page"):
        return _by_host(url) or ("code" if is_code_host(spot.host) else "project")
    return said


def _usable_as_own(left: str, url: str) -> bool:
    if re.match(
        r"https?://(?:www\.)?(?:arxiv\.org|creativecommons\.org|openai\.com|chat\.openai)", url
    ):
        return False
    return not _ELSEWHERE.search(left)


def _said(clause: str, host: str) -> str | None:
    """Kind that a clause names for the link in it, None where it names none."""
    page, demo = _PAGE.search(clause), _DEMO_WORD.search(clause)
    if _CODE_WORD.search(clause):
        return "code"
    if _SHOWN.match(clause):
        return "demo"
    if _DATA_WORD.search(clause) and not (page and re.search(r"\bproject\W*$|leaderboard", clause)):
        return "code" if is_code_host(host) and _OUR_SYSTEM.search(clause) else "data"
    if _MODEL_WORD.search(clause):
        return "code" if is_code_host(host) and _OUR_SYSTEM.search(clause) else "model"
    if page and (
        demo is None or re.search(r"project\W?s?[ -]?(?:web)?(?:page|site)", clause, re.IGNORECASE)
    ):
        return (
            "page"
            if re.fullmatch(r"\W*(?:\w+\W+){0,3}projects?\W.*", clause, re.I | re.S)
            and not re.search(r"page|site|web", clause, re.IGNORECASE)
            else "project"
        )
    if demo:
        return "demo"
    if _SYSTEM_WORD.search(clause):
        return "code"
    if _STRONG_CODE.search(clause):
        return "repository"
    return None


def _by_host(url: str) -> str | None:
    """Kind that an address gives away by itself."""
    lower = url.lower()
    if "awesome" in lower:
        return "data"
    if (
        "huggingface.co/datasets/" in lower
        or "hf.co/datasets/" in lower
        or "kaggle.com/dataset" in lower
    ):
        return "data"
    if "huggingface.co/spaces/" in lower or re.search(
        r"youtu\.?be|vimeo\.com|bilibili\.com|\.hf\.space", lower
    ):
        return "demo"
    if re.search(r"huggingface\.co/|hf\.co/|modelscope", lower):
        return "model"
    if re.search(r"zenodo|doi\.org|dataverse|synapse\.org|kaggle\.com|osf\.io|figshare", lower):
        return "data"
    if re.search(r"(?:blog|leaderboard)", lower):
        return "project"
    return None
