"""Values of fields as tagged formats and BibTeX write them: names, dates, lists, ids, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from toolkit.formats.authors import first_name_first
from toolkit.formats.dates import iso_date
from toolkit.papers.identifiers import parse_arxiv_id, parse_doi

#: `Oak A`, `Oak A.B.`, `Brownstein C D`, `van der Elm AB Jr`: family name, then initials.
_INITIALS_LAST = re.compile(
    r"(?P<family>[^\W\d_][\w'’.-]*(?:\s[\w'’-]+)*?)\s"
    r"(?P<initials>(?:[A-Z]{1,3}|(?:[^\W\d_]\.-?)+)(?:\s[A-Z])*)(?P<suffix>\s(?:Jr|Sr|II|III)\.?)?"
)
_LOWER = re.compile(r"[a-zß-ÿ]")
#: Notes after a name: `Oak, A. [Author; E-mail: …]`, `Oak, A. (a@oak.org)`.
_NOTE = re.compile(r"(?<!\s)\s*(?:\[[^\[\]]*\]|\([^()@]{0,200}@[^()]*\))")
#: Letters of the longest name that is turned round.
_LONGEST = 200
_SAYS_ARXIV = re.compile("arxiv", re.IGNORECASE)
_SLASHED = re.compile(r"\s*(\d{4})\s*/([^/]*)(?:/([^/]*))?(?:/(.*))?$", re.DOTALL)
#: `Mar-Apr`, `Mar 28-Apr 3`.
_SEVERAL = re.compile(r"(?<=[A-Za-z])(\s+\d{1,2})?\s*[-–/]\s*[A-Za-z]+(?:\s+\d+)?")
_DIGITS = re.compile(r"((?:1[5-9]|20)\d\d)(\d\d)(\d\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_WRONG_YEAR = re.compile(r"(?!\d{4}$)(?=.*\d)[^?]*")
_CITED = re.compile(
    r"(?:cited[\s-]+by|times\s+cited|citations?)\b[^:\d\n]{0,60}?(?:\([^)]*\))?\s*:?\s*(\d[\d,]*)",
    re.IGNORECASE,
)
_NOTHING = frozenset(["n/a", "na", "none", "null", "undefined", "nan", "-", "no keywords"])
#: Words that stay in capitals where a database writes all names of journals in capitals.
_ACRONYMS = frozenset(
    "AAAI ACM ACS AIP AMA ASME BMC BMJ CA CMAJ DNA EMBO EPJ ESA EURASIP FEBS FEMS GI IBM ICES IEEE "
    "IEICE IET IFAC ISA ISPRS IST IUBMB JAMA JMIR JOM MRS NATO NTM OR PLOS PNAS QJM RAIRO RNA RSC "
    "SAE SIAM SPIE USA UK II III IV VLDB".split()
)
#: Names that have capitals within.
_STYLED = {
    name.upper(): name
    for name in "PeerJ eLife iScience mBio bioRxiv medRxiv GigaScience SoftwareX ZooKeys PhytoKeys "
    "MycoKeys EBioMedicine eClinicalMedicine".split()
}
_MONTH_AND_YEAR = re.compile(r"[A-Z]{3}(?:-[A-Z]{3})? (?:\d{1,2} )?(?:19|20)\d\d")
_DOI_MARK = re.compile(r"10\.\d{4,9}/")
_DOI_TAIL = re.compile(r"(?:[?#].*|/(?:full|abstract|pdf|epdf|summary|meta)/?)$", re.IGNORECASE)


def one_line(text: str) -> str:
    """Return a text as one line."""
    # Nearly all texts are one already.
    return text.strip() if text.isprintable() and "  " not in text else " ".join(text.split())


def first_of(fields: Mapping[str, Sequence[str]], *tags: str) -> str | None:
    """Return the first value of the first tag that has one, as one line."""
    for tag in tags:
        for value in fields.get(tag, ()):
            if line := one_line(value):
                return line
    return None


def person(name: str) -> str:
    """Return a name, given name first.

    Examples
    --------
    >>> person("Oak, Anna"), person("Oak AB"), person("Oak A.-B."), person("Anna Oak")
    ('Anna Oak', 'AB Oak', 'A.-B. Oak', 'Anna Oak')
    >>> person("Ministry of Oaks,, Lund"), person("Oak, Anna, Jr.")
    ('Ministry of Oaks, Lund', 'Anna Oak Jr.')
    """
    if "[" in name or "@" in name:
        name = _NOTE.sub("", name)
    name = one_line(name).strip(" ;")
    if ",," in name:  # two commas keep a name as it is
        return name.replace(",,", ",").rstrip(",")
    if "," in name:
        return first_name_first(name)
    inverted = _INITIALS_LAST.fullmatch(name[: _LONGEST + 1])
    if inverted and _LOWER.search(inverted["family"]):
        return f"{inverted['initials']} {inverted['family']}{inverted['suffix'] or ''}"
    return name


def people(values: Iterable[str]) -> str:
    """Return the names of fields, between semicolons; a field may hold several.

    Examples
    --------
    >>> people(["Oak, Anna; Elm, Bo", "Ash C and Fir D"])
    'Anna Oak; Bo Elm; C Ash; D Fir'
    """
    found = []
    for value in values:
        if ";" not in value and "\n" not in value and " and " not in value:
            found.append(value)
            continue
        for part in value.replace("\n", ";").split(";"):
            several = part.split(" and ")
            if len(several) > 1 and all(_INITIALS_LAST.fullmatch(one.strip()) for one in several):
                found += several
            else:
                found.append(part)
    names = (person(name) for name in found)
    return "; ".join(name for name in names if name and name.lower() not in _NOTHING)


def date_of(text: str | None, *, year: str | None = None) -> str | None:
    """Return a date in ISO 8601, as precise as it can be read; None without a year.

    Examples
    --------
    >>> date_of("1998///Fal 1998"), date_of("2014/03/01/"), date_of("2009/Mar./"), date_of("c1998")
    ('1998', '2014-03-01', '2009-03', '1998')
    >>> date_of("20210301"), date_of("MAY-JUN", year="2019"), date_of("2021 Mar-Apr")
    ('2021-03-01', '2019-05', '2021-03')
    """
    text = one_line(text or "")
    if not text or text == year:
        return year
    slashed = _SLASHED.match(text)
    if slashed:
        return _of_parts(slashed[1], (slashed[2] or "").strip(" ."), slashed[3], slashed[4])
    digits = _DIGITS.fullmatch(text)
    if digits:
        return _of_parts(*digits.groups())
    found = iso_date(text, year=year)
    if found is None or (found == year and year is not None and year != text[:4]):
        several = _SEVERAL.sub(r"\1", text)
        found = iso_date(several, year=year) if several != text else found
    if found is None:
        first = _YEAR.search(text)
        found = first[0] if first else year
    return found


def _of_parts(year: str, month: str, day: str | None, other: str | None = None) -> str:
    if not month:
        return (iso_date(other, year=year) if other else None) or year
    day = (day or "").strip()
    for written in (f"{year}-{month}-{day}", f"{year}-{month}", f"{month} {day}, {year}",
                    f"{month} {year}"):  # fmt: skip
        found = iso_date(written)
        if found and len(found) > 4:
            return found
    return year


def year_in(text: str | None) -> str | None:
    """Return the first year in a text."""
    found = _YEAR.search(text or "")
    return found[0] if found else None


def wrong_year(*texts: str | None) -> str | None:
    """Return the first text that should be a year, has digits, and is none.

    `make_papers` sets aside a record with such a `year` and no date.

    Examples
    --------
    >>> wrong_year(None, "20x0"), wrong_year("2020"), wrong_year("in press"), wrong_year("19??")
    ('20x0', None, None, None)
    """
    there = [text.strip() for text in texts if text and text.strip()]
    if any(year_in(text) for text in there):
        return None
    # Four digits are a date, and a wrong one is told of with the dates.
    return next((text for text in there if _WRONG_YEAR.fullmatch(text)), None)


def most_precise(dates: Iterable[str | None], *, year: str | None) -> str | None:
    """Return the most precise of the dates of a year."""
    there = [date for date in dates if date and (year is None or date[:4] == year)]
    return max(there, key=len, default=year)


def first_public(issue: str | None, online: str | None) -> str | None:
    """Return when a paper was first public: online, where that is earlier or more precise.

    Examples
    --------
    >>> first_public("2022-03", "2021-11"), first_public("2023", "2023-03")
    ('2021-11', '2023-03')
    >>> first_public("2021-03-15", "2021"), first_public("2020", "2022-01")
    ('2021-03-15', '2020')
    """
    if not issue or not online:
        return issue or online
    length = min(len(issue), len(online))
    if online[:length] != issue[:length]:
        return min(issue, online)
    return max(issue, online, key=len)


def list_of(values: Iterable[str], *, commas: bool = False) -> list[str]:
    """Return the items of fields, which stand on lines of their own or between semicolons.

    Parameters
    ----------
    values : iterable of str
        The fields.
    commas : bool
        Whether a single field without semicolons may have commas between its items.

    Examples
    --------
    >>> list_of(["oak", "elm; fir", "*Trees, Fruit", "n/a"])
    ['oak', 'elm', 'fir', 'Trees, Fruit']
    >>> list_of(["oak, elm, fir"], commas=True)
    ['oak', 'elm', 'fir']
    """
    values = list(values)
    parts = [part for value in values for part in re.split(r"[;\n]", value)]
    if commas and len(parts) == 1 and parts[0].count(",") > 1:
        parts = parts[0].split(",")
    items = (one_line(part.replace("*", "")).strip(" .") for part in parts)
    return list(dict.fromkeys(one for one in items if one and one.lower() not in _NOTHING))


def doi_in(values: Iterable[str | None]) -> str | None:
    """Return the first DOI in texts; from addresses of publishers too.

    Examples
    --------
    >>> doi_in([None, "https://onlinelibrary.example/doi/full/10.1000/oak.1?x=1"])
    '10.1000/oak.1'
    """
    for value in values:
        found = _DOI_MARK.search(value) if value else None
        if value is None or found is None:
            continue
        if "://" in value and "doi.org/" not in value.lower():
            value = _DOI_TAIL.sub("", value.split()[0])
        doi = parse_doi(value)
        if doi:
            return doi
    return None


def arxiv_in(values: Iterable[str | None]) -> str | None:
    """Return the first arXiv id in texts that say that it is one."""
    for value in values:
        if value and _SAYS_ARXIV.search(value):
            bare = re.sub(r"10\.48550/arxiv\.|abs/", "arXiv:", value, flags=re.IGNORECASE)
            found = parse_arxiv_id(bare) or parse_arxiv_id(value)
            if found:
                return found
    return None


def citations_in(values: Iterable[str]) -> str | None:
    """Return the number of citations that notes give: ``cited By 3``, ``Times Cited: 1,204``."""
    for value in values:
        found = _CITED.search(value)
        if found:
            return found[1].replace(",", "")
    return None


def pages_of(first: str | None, last: str | None) -> str | None:
    """Return pages ``12-34``."""
    if not first or not last or first == last or "-" in first:
        return first or last
    return f"{first}-{last}"


def bare_title(title: str | None) -> str | None:
    """Return a title without the brackets around a translated one, and without its full stop.

    Examples
    --------
    >>> bare_title("[Counting elms]."), bare_title("Elms in the U.S."), bare_title("Why?")
    ('Counting elms', 'Elms in the U.S.', 'Why?')
    """
    if not title:
        return None
    if title.startswith("[") and title.rstrip(".").endswith("]") and title.count("[") == 1:
        title = title.rstrip(".")[1:-1]
    if title.endswith(".") and not title.endswith("..") and not re.search(r"\b\w\.$", title):
        title = title[:-1]
    return title.strip() or None


def whole_number(text: str | None) -> str | None:
    """Return a number without its thousands separators; None for words."""
    bare = (text or "").replace(",", "").strip()
    return bare if bare.isdigit() else None


def journal_name(name: str | None) -> str | None:
    """Return a journal's name; one in capitals as a sentence, as library catalogues have it.

    Examples
    --------
    >>> journal_name("JOURNAL OF TREES"), journal_name("IEEE ACCESS"), journal_name("PLoS One")
    ('Journal of trees', 'IEEE access', 'PLoS One')
    >>> journal_name("PEERJ"), journal_name("BMJ OPEN"), journal_name("CELL")
    ('PeerJ', 'BMJ open', 'Cell')
    """
    if not name or not name.isupper():
        return name
    text = " ".join(_journal_word(word) for word in name.split())
    styled = re.sub(r"\W", "", name.split()[0]) in _STYLED
    return text if styled else text[:1].upper() + text[1:]


def _journal_word(word: str) -> str:
    bare = re.sub(r"\W", "", word)
    if bare in _STYLED:
        return word.replace(bare, _STYLED[bare])
    return word if bare in _ACRONYMS else word.lower()


def early_access(text: str | None) -> str | None:
    """Return the date of a text that is nothing but one as Web of Science has it: ``FEB 2022``."""
    return date_of(text) if text and _MONTH_AND_YEAR.fullmatch(text) else None
