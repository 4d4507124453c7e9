"""Standard names of the parts of a paper, and which of them a heading begins."""

from __future__ import annotations

import re

#: In the order in which papers have them.
SECTIONS = (
    "title",
    "front",
    "abstract",
    "body",
    "footnote",
    "availability",
    "acknowledgements",
    "references",
    "appendix",
)
#: A heading is shorter than this, in characters.
MAX_HEADING = 120

_NUMBER = re.compile(
    r"^\W*(?:(?:section|chapter|part)\s+)?(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}"
    r"|[IVX]{1,5}|[A-Z])[.):]?\s+(?=\S)",
    re.IGNORECASE,
)
_THINGS = (
    r"(?:(?:source |computer |research |analysis |custom |model |raw )?"
    r"(?:data|codes?|software|materials?|models?|scripts?|resources?|artifacts?|artefacts?|"
    r"datasets?|programs?|tools?|implementation|supporting data|research materials))"
)
_ACCESS = r"(?:availability|accessibility|access|sharing|deposition|transparency|archiving|release)"
_AVAILABILITY = re.compile(
    rf"(?:(?:{_THINGS}(?:,| and| &| or|/|, and|;)*\s*){{1,4}}{_ACCESS}"
    r"(?: and requirements| (?:and|&) \w+)?(?: statements?| sections?)?"
    rf"|(?:statements?|declarations?) (?:of|on) (?:{_THINGS}(?:,| and| &|/)*\s*){{1,3}}{_ACCESS}"
    rf"|availability(?: statements?| and (?:requirements|implementation)| of (?:the )?{_THINGS}"
    rf"(?: and {_THINGS})?)?|{_ACCESS} (?:of|to) (?:the )?(?:supporting )?{_THINGS}"
    rf"(?: and (?:supporting )?{_THINGS})*"
    r"|open (?:practices?|science|research|data|materials?|code)"
    r"(?: (?:statements?|badges?|practices?))?"
    r"|(?:key )?resources? (?:table|availability)|(?:data|code) and (?:code|data|software)|"
    r"reproducibility(?: statement| checklist)?|transparency and openness|associated data|"
    r"(?:data|code|source code)|supporting data|"
    r"availability of supporting (?:source code|data).{0,40}|"
    r"deposited data|accession (?:numbers?|codes?)|open[- ]source software)",
    re.IGNORECASE,
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("availability", _AVAILABILITY),
    (
        "abstract",
        re.compile(r"(?:abstract|summary|author summary|significance(?: statement)?|highlights|"
                   r"r[eé]sum[eé]|zusammenfassung|resumen|resumo)", re.IGNORECASE),
    ),
    (
        "acknowledgements",
        re.compile(
            r"(?:acknowledge?ments?|acknowledg\w+ and (?:funding|disclosures?)|"
            r"funding(?: .{0,40})?|financial (?:support|disclosure)s?|"
            r"grant (?:support|information)|"
            r"(?:author|authors['’]?|credit)(?: \w+)? contributions?(?: statement)?|contributions|"
            r"credit author(?:ship)? .{0,40}|(?:declarations? of )?(?:competing|conflicts? of|"
            r"financial) interests?(?: statement| disclosure)?|disclosures?(?: statement)?|"
            r"conflicts? of interests?|ethics? (?:statement|approval|declarations?).{0,40}|"
            r"declarations?|danksagung|remerciements|agradecimientos|about the authors?|"
            r"notes? on contributors?|author information|publisher['’]s note|"
            r"additional information)",
            re.IGNORECASE,
        ),
    ),
    (
        "references",
        re.compile(r"(?:references?(?: and notes| cited)?|bibliography|literature(?: cited)?|"
                   r"works cited|literatur(?:verzeichnis)?|bibliographie|r[eé]f[eé]rences|"
                   r"referencias|further reading)", re.IGNORECASE),
    ),
    (
        "appendix",
        re.compile(
            r"(?:appendix|appendices|annex(?:es)?|supplement\w*|supporting information|"
            r"online (?:appendix|supplement)|extended data|electronic supplement\w*)"
            r"(?:\W.{0,100})?",
            re.IGNORECASE,
        ),
    ),
    ("front", re.compile(r"(?:key\s?words?|index terms|ccs concepts|jel .{0,20})", re.IGNORECASE)),
)  # fmt: skip
#: What begins a paragraph and is its heading: "Data availability. The data are …".
_RUN_IN = re.compile(r"^([^.:—–\n]{4,70}?)\s?(?:[.:—–]|\s-\s)\s*(?=\S)")
_WORDS = re.compile(r"[^\W\d_]")


def section_of(heading: str) -> str | None:
    """Return the standard name of the section that a heading begins; None for any other.

    Examples
    --------
    >>> section_of("6. Data and Code Availability"), section_of("4 Experiments")
    ('availability', None)
    """
    words = " ".join(heading.split())[: MAX_HEADING + 1]
    if len(words) > MAX_HEADING:
        return None
    bare = words.strip(" .:—–-*•■")
    for text in (bare, _NUMBER.sub("", bare)):
        for name, pattern in _RULES:
            if pattern.fullmatch(text):
                return name
    return None


def run_in(paragraph: str) -> tuple[str, str] | None:
    """Return the heading and the rest of a paragraph that begins with a standard heading.

    Examples
    --------
    >>> run_in("Data availability: The data are on Zenodo.")
    ('Data availability', 'The data are on Zenodo.')
    >>> run_in("We share data. They are small.") is None
    True
    """
    found = _RUN_IN.match(paragraph[:120])
    if found is None:
        return None
    name = section_of(found[1])
    # "Code: …" and "Data. …" begin many a sentence or cell of a table.
    if name is None or (" " not in found[1].strip() and name in ("availability", "appendix")):
        return None
    if name == "references" or (name == "appendix" and len(found[1]) > 30):
        return None
    return found[1].strip(), paragraph[found.end() :]
