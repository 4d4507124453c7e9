"""The institution in an address, as databases and authors write it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.papers.identifiers import fold_title

#: So many letters of an address are read.
_MOST_LETTERS = 1000
#: A comma that does not stand inside brackets, or before 'Ltd'.
_COMMA = re.compile(r",(?![^()]{0,80}\))(?!\s*(?:L[Tt][Dd]|Inc|INC|LLC|Co)\b)")
_UNIVERSITY = re.compile(
    r"\b(?:univ|\w*universi\w+|hochschule|fachhochschule|politecnico|politechnika|polytechnic\w*|"
    r"polytechnique|eth|epfl|mit|caltech|suny|cuny|virginia tech|georgia tech)\b",
    re.IGNORECASE,
)
#: What is whole in itself where no university is named …
_ORGANISATION = re.compile(
    r"\b(?:inst|institut\w*|ist|istituto|acad\w*|academ\w+|akad\w*|hosp\w*|hopita\w+|hôpita\w+|"
    r"chu|chru|ap-?hp|ospedal\w*|policlinic\w+|irccs|azienda|krankenhaus|\w*spital|charité|"
    r"sanatorio|maternidad\w*|fundaci[oó]n|funda[cç][aã]o|fondazione|fondation|minist[eè]r\w+|"
    r"cl[ií]nic\w*|clinique|\w*klinik\w*|college|coll|centre\w*|center\w*|centro|zentrum|ctr|laborator\w+|labs?|"
    r"observator\w+|museum\w*|library|school|ecole|école|escola|escuela|society|foundation|trust|"
    r"council|agency|ministry|bank|corp\w*|compan\w+|co|inc|ltd|llc|gmbh|ag|bv|plc|cnrs|inserm|"
    r"inra\w*|csic|cnr|nasa|csiro|who|nih)\b",
    re.IGNORECASE,
)
#: Units of hospitals and universities in Spanish, Portuguese, French, Italian and German.
_UNIT = (
    r"servi[czç][ií]?[oe]s?\s+(?:de|del|di|d['’])|(?:unidade?s?|unit[éeàa])\s+(?:de|di|d['’]|op)|"
    r"u\.?o\.?c?\.?\s|(?:se[cç]ci[oó]n|se[cç][aã]o|sezione)\b|c[aáà]t{1,2}edra\b|reparto\b|"
    r"d[ée]part\w+|dipart\w+|divis[aãiì]\w+|facolt\w+|abteilung\w*|sektion\b|"
    r"\w*klinik\s+(?:und\s+poliklinik\s+)?(?:f(?:ü|ue|u)r)\b"
)
#: … and what is a part of something that is.
_PART = re.compile(
    rf"^(?:(?:{_UNIT})|(?:the\s+)?(?:(?:grad|graduate|joint|\d+(?:st|nd|rd|th))\s+)?(?:dep\w*\b\.?|div\w*\b\.?|"
    r"section|unit|unidad|group|"
    r"fac\b|facult\w+|facultad|fak\w*|sch|school|coll|college|lehrstuhl|chair|bereich\w*|programme?|"
    r"lab|laborator\w+|key\s+lab\w*|state\s+key|ctr|center|centre|inst|institut\w*|serviço|service)"
    r"(?:\s|$))",
    re.IGNORECASE,
)
#: A department is never the institution where the address names anything else.
_DEPARTMENT = re.compile(
    rf"^(?:{_UNIT})|^(?:the\s+)?(?:dep\w*\b|div\w*\b|section|unit|fac\b|facult\w+|faculdade|fak\w*|lehrstuhl|"
    r"chair|bereich\w*|(?:sch|school|college|coll)\s+of\b|serviço|student|professor|"
    r"\S+\s+department of\b)|\b(?:department|division|program|unit)$",
    re.IGNORECASE,
)
#: Words as Web of Science shortens them; it writes the institution first.
_SHORT = re.compile(
    r"\b(?:univ|dept|inst|ctr|sch|coll|fac|hosp|acad|technol|natl|minist|res)\b", re.I
)
_CLINIC_FOR = re.compile(r"\w*klinik\s.{0,40}?\bf(?:ü|ue|u)r\s", re.IGNORECASE)
_STREET = re.compile(
    r"^\d|\b(?:ave|avenue|road|rd|street|str|embankment|bldg|drive)\b", re.IGNORECASE
)
_BELONGS = re.compile(
    r"^(?:dep\w*|div\w*|fac\w*|school|section|institute?|laborator\w+|college|cent(?:re|er)|"
    r"bereich\w*|klinik)\b.*?\b(?:at the|at|"
    r"(?:of the|der|da|do|de la|della|dell['’]|de l['’]|d['’])(?=\s*\S*universi)|"
    r"(?=university of\b))\s*(?P<whole>\S.*)$",
    re.IGNORECASE,
)
#: 'Servicio de Neurología del Hospital Wax': the hospital behind a unit, without a comma.
_UNIT_OF = re.compile(
    rf"^(?:{_UNIT}).{{0,120}}?[\s'’]"
    r"(?P<whole>(?:h[oô]pital|hospital|ospedale|policlinic[oa]|cl[ií]nica|clinique|chr?u|\w*klinikum|"
    r"universi\w+|centro|centre|instituto)\s+\S.*)$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^(?P<whole>.*?\buniversi\w+\b.*?)\s+(?:(?:graduate|medical|business|management|law|dental)\s+school|"
    r"(?:school|college|faculty|department|dept|division|institute)\s+(?:of|for))\b.*$",
    re.IGNORECASE,
)
#: One name of several institutions, told apart by the place that follows.
_SEVERAL = re.compile(
    r"(?:univ(?:ersity of)?\s+(?:calif(?:ornia)?|texas|n(?:orth)?\s+carolina|illinois|wisconsin|"
    r"massachusetts|maryland|colorado|nebraska|missouri|tennessee|alabama|hawaii|alaska|michigan|"
    r"minnesota)|calif(?:ornia)?\s+state\s+univ(?:ersity)?|suny|state\s+univ(?:ersity)?\s+(?:of\s+)?new\s+york|"
    r"(?:indian|national|natl)\s+inst(?:itute)?\s+(?:of\s+)?(?:technol(?:ogy)?|management|"
    r"sci(?:ence)?\s+educ(?:ation)?.*)|all\s+india\s+inst(?:itute)?\s+(?:of\s+)?med.*)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\s*\b(?:[A-Z]{1,2}-)?\d[\d ]*\b.*$")
_COUNTRY = re.compile(r"(?:u\.?s\.?a\.?|united states.*|[A-Z]{2}|india|uk)", re.IGNORECASE)
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
#: Words that say nothing, and abbreviations of Web of Science, for `institution_key`.
_SMALL = frozenset("the of and for at de la le du des der den di da do el y e in und et".split())
_LONG = {
    "univ": "university", "universidad": "university", "universidade": "university",
    "universita": "university", "universite": "university", "universitat": "university",
    "universiteit": "university", "inst": "institute", "technol": "technology",
    "tech": "technology", "natl": "national", "acad": "academy", "sci": "science",
    "sciences": "science", "med": "medical", "hosp": "hospital", "coll": "college",
    "ctr": "center", "centre": "center", "calif": "california", "lab": "laboratory",
    "res": "research", "int": "international", "agr": "agricultural", "sch": "school",
    "so": "southern", "no": "northern", "polytech": "polytechnic",
}  # fmt: skip


def institution_of(address: str) -> str | None:
    """Return the institution in an address; None where nothing is written.

    Parameters
    ----------
    address : str
        One affiliation. Web of Science writes the institution first and its parts after it
        ('Univ Wax, Dept Bees, Comb City, Utopia'), Scopus, PubMed and authors mostly last
        ('Department of Bees, University of Wax, Comb City, Utopia').

    Returns
    -------
    str
        As the address writes it: a university if it names one, without its schools and
        departments; else an academy, a hospital, an institute or a company. Of a name that several
        institutions share (University of California, Indian Institute of Technology), with the
        place. Where none of this is recognised, the first part of the address.

    Examples
    --------
    >>> institution_of("Dept of Bees, Wax University School of Medicine, Comb City, Utopia")
    'Wax University'
    >>> institution_of("Univ Massachusetts, Dept Biol, Amherst, MA 01003 USA")
    'Univ Massachusetts, Amherst'
    """
    parts = [part.strip() for part in _COMMA.split(address[:_MOST_LETTERS])]
    parts = [part for part in parts if part.strip(" .")]
    if not parts:
        return None
    at = _place_of(parts)
    name = parts[at]
    for pattern in (_BELONGS, _WHOLE):
        found = pattern.match(name)
        if found and _UNIVERSITY.search(name):
            name = found["whole"]
    within = _UNIT_OF.match(name)
    name = _ARTICLE.sub("", within["whole"] if within else name)
    if _SEVERAL.fullmatch(name):
        for part in parts[at + 1 :]:
            place = _POSTCODE.sub("", part).strip()
            if place and not _PART.match(part) and not _COUNTRY.fullmatch(place):
                return f"{name}, {place}"
    return name


def institution_key(name: str) -> str:
    """Return what two forms of an institution's name share: 'Univ Wax' and 'University of Wax'.

    Examples
    --------
    >>> institution_key("Univ Wax") == institution_key("The University of Wax")
    True
    """
    words = (word for word in fold_title(name).split() if word not in _SMALL)
    return " ".join(sorted(_LONG.get(word, word) for word in words))


def _place_of(parts: list[str]) -> int:
    """Return which part of an address names the institution."""
    able = [at for at, part in enumerate(parts) if at == 0 or not _STREET.search(part)]
    # A 'Universitätsklinik für …' is a department, as a 'Klinik für …' is.
    universities = [at for at in able if _UNIVERSITY.search(parts[at])
                    and not _CLINIC_FOR.match(parts[at])]  # fmt: skip
    if universities:
        whole = [at for at in universities if not _DEPARTMENT.search(parts[at])]
        return (whole or universities)[0]
    shortened = bool(_SHORT.search(", ".join(parts)))
    first = parts[0]
    if not _DEPARTMENT.search(first) and (shortened or not _PART.match(first)):
        return 0
    whole = [at for at in able[1:] if not _DEPARTMENT.search(parts[at])]
    named = [at for at in whole if _ORGANISATION.search(parts[at])]
    larger = [at for at in named if not _PART.match(parts[at])]
    # Behind a department and before the place and the country there stands what it belongs to.
    behind = [at for at in whole if not _PART.match(parts[at]) and at < len(parts) - 2]
    for some in (larger, behind if _DEPARTMENT.search(first) else [], named):
        if some:
            return some[0]
    return 0


def same_institutions(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the names that may be the same institution's as others, with these, in their order.

    Examples
    --------
    >>> same_institutions(["Univ Wax", "Univ Comb", "University of Wax"])
    {'Univ Wax': ['University of Wax'], 'University of Wax': ['Univ Wax']}
    """
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(institution_key(name) or name, []).append(name)
    others = {one: [name for name in group if name != one]
              for group in groups.values() if len(group) > 1 for one in group}  # fmt: skip
    return {name: others[name] for name in dict.fromkeys(names) if name in others}
