"""Words for code, data and models, and for making them open."""

from __future__ import annotations

import re

#: "code" as the subject of a paper, not something that it releases.
OTHER_CODE = re.compile(
    r"""
    \b(?:source[ -])?codes?[ -](?:
        generat\w*|complet\w*|intelligence|review\w*|switch\w*|mix\w*|search\w*|repair\w*|
        translat\w*|understanding|reasoning|models?|LLMs?|language|LM|snippets?|execution|
        edit\w*|synthesis|summari\w*|agents?|tasks?|quality|changes?|debug\w*|optimi\w*|
        vulnerab\w*|verif\w*|interpreters?|solutions?|refactor\w*|retriev\w*|represent\w*|
        embed\w*|comments?|tokens?|fragments?|division|books?|words?|problems?|domain|length|rate|
        trained|related|based|centric|specific|driven|aware|like|as|files?|clones?|analysis|
        patterns?|corpora|corpus|samples?|instruct\w*|reward\w*|competi\w*|benchmarks?|
        data[ ]?sets?|pre-?training|structure|modification\w*|artifacts)\b
    | \b(?:generat(?:ed|ing|es?)|executable|students?'?|python|java|c\+\+|html|svg|machine|
        error-correcting|qr|latent|binary|hash\w*|sparse|neural|legacy|buggy|vulnerable|quantum|assembly|
        cad|writ\w+|lines[ ]of|correct\w*|existing|unseen|visual|discrete|math(?:ematics)?,?|
        reasoning(?:,?[ ]and|,)|text[ ]and|language[ ]and|medical|icd|dress|bar|morse|zip|area|
        civil|penal|
        criminal|ethic\w+|cheat|verif\w+|intermediate|low-level|human-written|AI-generated|synthetic|web|front-end|their|
        datasets?[ ]of)[ ]+codes?\b
    | \b(?:software|code)[ ](?:engineer\w*|develop\w*|vulnerab\w*|testing|defects?|issues?|
        security|projects?)\b
    | \bprogram[ ]codes?\b(?![ ](?:is|are|can|for)\b) | \bpseudo[ -]?codes?\b |
        \bcodes?[ ]of[ ](?:conduct|practice|
        ethics)\b
    | \b(?:implementation|code)[ ]details\b
    | \bimplementation[ ](?:strateg\w*|science|plans?|process\w*|research|fidelity|outcomes?|
        barriers?|challenges?|phase|evaluation|support|
        of[ ](?:the[ ])?(?:polic|program|interven|law)\w*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HIDDEN = re.compile(r"codes?|software|implementation", re.IGNORECASE)

# Nouns by kind. The head of a phrase with several nouns is the last one.
SOFTWARE = (
    r"codes?|codebases?|code[- ]?bases?|(?:re-?)?implementations?|software|tool-?kits?|"
    r"tool-?box(?:es)?|librar(?:y|ies)|packages?|scripts?|plug-?ins?|sdk|notebooks?|"
    r"programs|(?:r|python|matlab|julia|stata)-packages?|"
    r"(?:stand-?alone|multi-?platform|open-source|computer|software|simulation|analysis|"
    r"fortran|matlab|python|c|r|java) program"
)
CODE = rf"{SOFTWARE}|repositor(?:y|ies)|repos?|apis?"
SYSTEM = (
    r"frameworks?|tools?|pipelines?|simulators?|systems?|platforms?|infrastructures?|engines?|"
    r"harness(?:es)?|compilers?|solvers?|environments?|apps?|applications?|middleware|stacks?|"
    r"kernels?|gyms?|sandbox(?:es)?|parsers?|annotators?|optimizers?|testbeds?|"
    r"utilit(?:y|ies)|modules|servers?|algorithms?|crawlers?|visuali[sz]ers?|debuggers?|"
    r"wrappers?|backends?|suites?|kits?|ecosystems?|firmware|drivers?|drones?|robots?|hardware|"
    r"hands?"
)
DATA = (
    r"data-?sets?|data|benchmarks?|corpus|corpora|annotations?|test[- ]?sets?|collections?|"
    r"databases?|splits?|samples|questions?|images|treebanks?|ontolog(?:y|ies)|graphs?|"
    r"taxonom(?:y|ies)|lexicons?|instances|problems|trajectories|traces|recordings|scans|logs|"
    r"prompts?|lists?|labels|catalog(?:ue)?s?|dumps?|pairs|atlas|subsets?|molecules|tasks|bench|"
    r"guidelines|transcripts?|transcriptions?|resources?|survey|papers|challenge|translations?|conversations|dialogues"
)
MODEL = (
    r"models?|weights|checkpoints?|parameters|networks?|adapters?|embeddings?|encoders?|"
    r"tokeni[sz]ers?|LLMs?|VLMs?|MLLMs?|LVLMs?|VLAs?|LMs?|classifiers?|detectors?|LoRAs?|"
    r"autoencoders?|SAEs?|backbones?|vectors|polic(?:y|ies)|transformers?|chatbots?|series|"
    r"famil(?:y|ies)|verifiers?|generators?|agents?|assistants?|variants?"
)
DEMO = (
    r"demos?|demonstrations?|demonstrators?|playgrounds?|(?:hf|hugging ?face|gradio) spaces?|"
    r"videos?|visuali[sz]ations?|"
    r"generations|examples?|interfaces?|animations?|gallery|clips?|movies?|audios?|"
    r"web[- ]?app(?:lication)?s?|(?:web|www)[- ]interfaces?|"
    r"footage|(?:audio|video|speech|music|generated|more) samples?"
)
PROJECT = (
    r"projects?|web-?pages?|web-?sites?|home-?pages?|pages?|blogs?|"
    r"blog-?posts?|leaderboards?|sites?|portals?|posts?"
)


def _noun(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![-\w])(?:{words.lower()})(?!\w|-[a-z])")


NOUNS = {
    "code": _noun(CODE),
    "system": _noun(SYSTEM),
    "data": _noun(DATA),
    "model": _noun(MODEL),
    "demo": _noun(DEMO),
    "project": _noun(PROJECT),
}

#: Adverbs and auxiliaries between a subject and its verb.
ADVERBS = (
    r"(?:(?:also|fully|completely|\w+ly|now|all|both|made|be|been|being|here|further|then|"
    r"the|full|have|has|are|is|hereby|and|soon|to|as|in|an|well|online|open|free)\s+){0,6}?"
)
#: Words for what anyone can have.
OPEN_STATE = (
    r"(?:available|(?:open-?)?released|open[- ]?sourced?|opensourced?|open[- ]access|"
    r"opened(?:[- ]up)?|public(?=\W*(?:$|[.,;)\ue000]|and\b|to\b|for\b|on\b|at\b|in\b|under\b|as\b|"
    r"via\b|upon\b|here\b|after\b|soon\b|with\b|through\b|once\b))|accessible|published|"
    r"publici[sz]ed|downloadable|disclosed|open(?=\W*(?:$|[.,;)\ue000]|to the|for (?:the|research|"
    r"public|anyone|everyone)|and (?:free|avail))))"
)
#: The same, for words that mean it only of code or with a place.
GIVEN_STATE = (
    r"(?:provided|shared|found|accessed|obtained|downloaded|hosted|viewed|uploaded|distributed|"
    r"posted|included|attached|given|deposited|integrated|contributed|licensed)"
)
#: "Open" before a noun.
OPEN_ADJECTIVE = (
    r"(?:open[- ]?sourced?|opensourced?|(?:publicly|freely|openly)[- ]"
    r"(?:available|accessible|released|downloadable)|open[- ]access|publicly|open[- ]weights?|"
    r"free and open|fully[- ]open|public)"
)
#: Phrases about the future.
SOON = re.compile(
    r"\b(?:coming soon|(?:available|released|public|open-sourced?) soon|come soon|soon be|"
    r"(?:upon|after|on|following|once|when|subject to) (?:the )?(?:paper'?s? |article )?"
    r"(?:is |are |its |our |paper )?(?:accept\w+|publication|published)|"
    r"in the (?:near )?future|future release|(?:are|is) planned|"
    r"to be (?:\w+ )?(?:released|made|open|published|available))",
    re.IGNORECASE,
)
#: Not open, but to be had from the authors.
REQUEST = re.compile(
    r"\b(?:up)?on\b[^.;,]{0,40}\brequests?\b"
    r"|\b(?:by|at|under|subject to)\s(?:\w+\s){0,2}requests?\b"
    r"|\b(?:from|by|through|with|to|via)\s(?:contacting\s|e-?mailing\s|asking\s)*"
    r"(?:the|our|its|either|any)\s(?:[\w-]+\s){0,2}(?:authors?|investigators?)\b"
    r"|\brequests?\s(?:to|from)\s(?:the\s)?(?:[\w-]+\s){0,2}authors?\b",
    re.IGNORECASE,
)
#: Auxiliaries of the future tense.
FUTURE = (
    r"\b(?:will|shall|'ll|to be|going to|about to|would|intend\w*|plan\w*|aim\w*|hope|"
    r"expect\w*|promise|commit\w*)\b"
)


def lower_case(text: str) -> str:
    """Return a text in lower case with its length unchanged.

    Patterns on lower case take a third of the time of patterns that ignore case.

    Examples
    --------
    >>> lower_case("We Release")
    'we release'
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def hide_other_code(text: str) -> str:
    """Return a text with the words of `OTHER_CODE` changed so that no noun pattern matches them.

    Examples
    --------
    >>> hide_other_code("models for code generation and our code")
    'models for c~ode generation and our code'
    """
    lower = text.lower()
    if "code" not in lower and "software" not in lower and "implementation" not in lower:
        return text
    return OTHER_CODE.sub(
        lambda phrase: _HIDDEN.sub(
            lambda word: f"{word.group()[0]}~{word.group()[1:]}", phrase.group()
        ),
        text,
    )


def head_kinds(phrase: str) -> set[str]:
    """Return the kinds of the heads of a coordinated noun phrase.

    Parameters
    ----------
    phrase : str
        For instance ``our training code, a benchmark for tools, and model weights``.

    Returns
    -------
    set of str
        Of "code", "system", "data", "model", "demo", "project".

    Examples
    --------
    >>> sorted(head_kinds("our training code, a benchmark for tools, and model weights"))
    ['code', 'data', 'model']
    """
    kinds = set()
    for element in list_elements(phrase):
        whole = _PREPOSITION.split(element, maxsplit=1)[0]
        kind = last_kind(_PARTICIPLE.split(whole, maxsplit=1)[0]) or last_kind(whole)
        if kind is None and (of := _OF.search(element)):
            kind = last_kind(_PREPOSITION.split(element[of.end() :], maxsplit=1)[0])
        if kind:
            kinds.add(kind)
    return kinds


def list_elements(phrase: str) -> list[str]:
    """Return the elements of a coordinated phrase: "code, and our data" has two."""
    elements = _SEPARATORS.split(phrase)
    verb = (n for n, element in enumerate(elements) if n and _NEW_VERB.match(element))
    return elements[: next(verb, len(elements))]


_SEPARATORS = re.compile(
    r",|;|/|\(|\)|:|\band\b|&|\bas well as\b|\balong with\b|\btogether with\b|\bincluding\b|"
    r"\bplus\b|"
    r"\balongside\b|\bboth\b|\baccompanied by\b|\bor\b|\bcontaining (?=the code|our code|all)|"
    r"\bnamely\b|\bwith (?=(?:full |its |all |associated |accompanying |corresponding |"
    r"the )*(?:source )?codes?\b)"
)
#: An element that starts with a verb is a new clause.
_NEW_VERB = re.compile(
    r"\s*(?:\w+ly\s+|also\s+|then\s+|further\s+|we\s+|it\s+)*(?:add|provides?|demonstrates?|shows?|"
    r"hope|presents?|conducts?|evaluates?|proposes?|finds?|use|believe|will|encourage|invite|"
    r"perform|achieves?|introduces?|establish|offers?|discuss|analy[sz]e|is|are|can|has|have|"
    r"enables?|supports?|outperforms?|call|report|compare|identify|investigate|explore|study|train|"
    r"fine-tune|describe|examine)\s"
)
_PREPOSITION = re.compile(
    r"(?<![-\w])(?:for|of|that|which|to|in|on|from|with|by|where|over|under|at|across|via|through|"
    r"as|than|is|are|was|were|has|have|while|when|so)(?![-\w])"
)
_PARTICIPLE = re.compile(
    r"(?<![-\w])(?:covering|containing|comprising|designed|consisting|enabling|used|using|based|"
    r"built|annotated|spanning|featuring|needed|required|supporting|developed|trained|generated|"
    r"synthesi[sz]ed|collected|sourced|derived|curated|called|named|composed)(?![-\w])"
)
#: Nouns before "of" that only count or group: the head comes after it.
_OF = re.compile(
    r"\b(?:all|suite|sets?|collections?|series|versions?|parts?|release|subset|family|families|"
    r"range|portion|aspects|variety|number|most|both|majority|dozens|hundreds|thousands|\d+|"
    r"ecosystem|stack|details|bundle|package|pool|array|core)\s+of\b",
    re.IGNORECASE,
)


#: A suite of benchmarks is data; other suites are software.
_BENCHMARK_SUITE = re.compile(
    r"\b(?:benchmark|dataset|data|model|task|test)(?:ing)?[- ]suites?\W*$", re.I
)


def last_kind(phrase: str) -> str | None:
    """Return the kind of the last known noun of a phrase (its head), or None."""
    if _BENCHMARK_SUITE.search(phrase):
        return "data"
    best, end = None, -1
    phrase = phrase.lower()
    for kind, pattern in NOUNS.items():
        for hit in pattern.finditer(phrase):
            if hit.end() > end:
                best, end = kind, hit.end()
    return best


#: The paper or book itself, which is no artifact.
TEXT = (
    r"(?:versions?|edition|copy|copies|pdf|full[- ]?text|preprint|e-?books?|books?|title|thesis|"
    r"dissertation|article|paper|manuscript|chapters?|abstracts?|proceedings|volume|issue|monograph|"
    r"journal|handbook|publication|newsletter|reprints?|text(?:book)?)"
)
_TEXT_ITSELF = re.compile(
    rf"^\W{{0,20}}(?:(?!of\b|for\b|from\b|in\b|with\b)[\w-]+\s){{0,5}}?{TEXT}\b",
    re.IGNORECASE,
)
_ALSO = re.compile(r"^\W*also available\b", re.IGNORECASE)
_OF_TEXT = re.compile(
    r"\b(?:codes?|data(?:sets?|bases?)?|software|materials?|scripts?|supplement\w*|files?|models?|"
    r"programs?|companion|websites?|packages?|exercises?|examples?|solutions?|resources?|videos?|"
    r"pages?|projects?|systems?|tools?|demos?|lists?|implementations?|benchmarks?|repositor\w+|"
    r"appendi\w+|methods?)\b",
    re.IGNORECASE,
)


def is_text_itself(clause: str) -> bool:
    """Return whether a clause says where the paper or book itself is, not something beside it.

    Examples
    --------
    >>> is_text_itself("An extended version of this paper is available at")
    True
    >>> is_text_itself("The code of this paper is available at")
    False
    """
    if _ALSO.match(clause):
        return True
    return _TEXT_ITSELF.search(clause) is not None and _OF_TEXT.search(clause) is None
