"""The text of references: a cell into references, a reference into ids, author, year and place."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.papers.identifiers import comparable_doi, fold_title, parse_arxiv_id, parse_doi

#: What a semicolon inside an old DOI (3.0.CO;2-K) or a character of HTML (&amp;) stands behind.
_BEFORE_INNER = re.compile(r"(?:\.(?:co|tx)|&#?\w{2,6})$", re.IGNORECASE)
#: One author alone: Scopus puts semicolons between the authors of a reference, too.
_LONE_NAME = re.compile(
    r"(?:[^\W\d_][\w'’‐-]*,?\s){1,4}(?:[^\W\d_]\.[-‐\s]?){1,5}(?:,?\s?(?:Jr|Sr|II|III)\.?)?"
)
#: The same where initials have no points, or stand behind a comma of their own.
_PLAIN_NAME = re.compile(r"(?:[^\W\d_][\w'’‐-]*\s){1,3}[A-Z](?:-?[A-Z]){0,2}(?:\s[A-Z]){0,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[-‐\s]?){1,5}")
_YEAR = r"(?:1[5-9]|20)\d\d"
#: AUTHOR I, 2001, SOURCE, V12, P345, DOI 10.…
_WOS = re.compile(rf"(?:(?P<author>[^,]{{1,90}}), )?(?P<year>{_YEAR}), (?P<rest>\S.*)")
_BRACKETED = re.compile(rf"\((?P<year>{_YEAR})\)")
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")
_VOLUME = re.compile(r"V(?P<number>\S{1,10})")
_PAGE = re.compile(r"(?:[Pp]|ARTN\s+)(?P<number>\S{1,12})")
#: …, 12, 3, pp. 45-67 or …, 12 (3), pp. 45-67
_PLACE = re.compile(
    r",\s*(?P<volume>[A-Z]?\d{1,4})\s*(?:\([^()]*\))?\s*(?:,\s*[^,]{1,12})?,"
    r"\s*(?:art\. no\.|pp?\.)\s*(?P<page>[A-Z]?\d+)",
    re.IGNORECASE,
)
_DOI_PART = re.compile(r",?\s*\b(?:doi:?\s*)+[\[(]?\s*(?:https?://\S*)?10\.\s?\d.*$", re.IGNORECASE)
_ID_PART = re.compile(r"\b(?:s2|pmid|arxiv):\s*\S+", re.IGNORECASE)
_OTHER_IDS = (
    ("openalex", re.compile(r"(?:^|openalex\.org/(?:works/)?)(W\d{2,})$", re.IGNORECASE)),
    ("pmid", re.compile(r"\bpmid:\s*(\d{1,9})\b", re.IGNORECASE)),
    ("s2", re.compile(r"\bs2:([0-9a-f]{8,40})\b", re.IGNORECASE)),
)
#: Titles are compared up to so many letters, and shorter ones tell too little.
_TITLE, _LEAST_TITLE = 50, 20
_NOBODY = frozenset({"anonymous", "anon", "no author"})


class Reference(NamedTuple):
    """What a reference says: folded texts and numbers as text, "" for what it does not say."""

    form: str
    ids: tuple[str, ...] = ()
    words: str = ""
    author: str = ""
    year: str = ""
    source: str = ""
    volume: str = ""
    page: str = ""
    title: str = ""


def split_references(cell: str) -> list[str]:
    """Return the references of a cell of the column `references`.

    Semicolons part them, but for those inside old DOIs and those between the authors of one
    reference.

    Examples
    --------
    >>> split_references("Oak A.; Elm B., On bees, 3, pp. 1-2, (2001); Fir C., Wax, (2002)")
    ['Oak A.; Elm B., On bees, 3, pp. 1-2, (2001)', 'Fir C., Wax, (2002)']
    """
    found: list[str] = []
    authors: list[str] = []
    inside = False
    for piece in cell.split(";"):
        text = " ".join(piece.split())
        if inside and found:
            found[-1] = f"{found[-1]};{text}"
        elif not text:
            continue
        elif _LONE_NAME.fullmatch(text) or _PLAIN_NAME.fullmatch(text):
            authors.append(text)
        else:
            # Names without points may be references of their own, but before a year in brackets.
            plain = not all(map(_LONE_NAME.fullmatch, authors))
            if plain and not _BRACKETED.search(text):
                found += authors
                authors = []
            found.append("; ".join([*authors, text]))
            authors = []
        inside = bool(not authors and _BEFORE_INNER.search(text))
    return found + authors


def read_reference(form: str) -> Reference:
    """Return the parts of one reference.

    Examples
    --------
    >>> read_reference("OAK AB, 2001, J BEES, V12, P345, DOI 10.1000/x")[3:8]
    ('oak a', '2001', 'j bees', '12', '345')
    >>> read_reference("Oak A.B.; Elm B., Dances of bees, J Bees, 12, 3, pp. 345-9, (2001)").page
    '345'
    """
    ids = ids_in(form)
    words = _ID_PART.sub("", _DOI_PART.sub("", form)) if ids else form
    start = Reference(form, ids, fold_title(words))
    wos = _WOS.fullmatch(words)
    if wos:
        return _read_wos(start, wos)
    year = _BRACKETED.search(words)
    if year:
        return _read_scopus(start, words, year)
    any_year = _ANY_YEAR.search(words)
    return start._replace(year=any_year[0] if any_year else "", title=start.words)


def author_key(name: str) -> str:
    """Return the family name and the first initial, folded; "" where there is none.

    Examples
    --------
    >>> [author_key(name) for name in ("VAN DER BERG JA", "Berg J. A.", "Berg, Jo", "[Anonymous]")]
    ['vanderberg j', 'berg j', 'berg j', '']
    """
    family, comma, given = name.partition(",")
    if not comma:
        words = re.sub(r"\b(?:Jr|Sr)\b\.?", "", name).replace(".", " ").split()
        at = len(words)
        while at > 1 and len(words[at - 1]) <= 3 and words[at - 1].isupper():
            at -= 1
        family, given = " ".join(words[:at]), " ".join(words[at:])
    last = fold_title(family).replace(" ", "")
    if not last or last in _NOBODY:
        return ""
    return f"{last} {fold_title(given)[:1]}".strip()


def name_key(name: str) -> str:
    """Return the same for a name of a paper, which has the given name first.

    Examples
    --------
    >>> [name_key(name) for name in ("Jo van der Berg", "Berg, J.", "Berg JA", "Jo A. Berg")]
    ['vanderberg j', 'berg j', 'berg j', 'berg j']
    """
    words = name.split()
    if "," in name or len(words) < 2 or (len(words[-1]) <= 3 and words[-1].isupper()):
        return author_key(name)
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():
        at -= 1
    return author_key(f"{' '.join(words[at:])}, {words[0]}")


def short_label(reference: Reference) -> str:
    """Return author and year as a label, or the reference itself, cut."""
    who = re.split(r"[,;]", reference.form)[0].strip()
    if reference.author and reference.year:
        words = who.split()
        # Initials stand last and stay as they are.
        last = len(words) - 1 if len(words) > 1 and len(words[-1]) <= 3 else len(words)
        words = [*map(_name_word, words[:last]), *words[last:]]
        return f"{' '.join(words)} ({reference.year})"
    return reference.form


def author_label(reference: Reference) -> str:
    """Return the first author: family name as it is written and first initial.

    Examples
    --------
    >>> author_label(read_reference("R CORE TEAM, 2020, R LANG ENV STAT COMP"))
    'R Core Team'
    >>> author_label(read_reference("OAK AB, 2001, J BEES, V12, P345"))
    'Oak A'
    """
    family, _, initial = reference.author.partition(" ")
    words = re.split(r"[,;]", reference.form)[0].split()
    for n in range(1, len(words) + 1):
        if fold_title(" ".join(words[:n])).replace(" ", "") == family:
            return " ".join([*map(_name_word, words[:n]), initial.upper()]).strip()
    return reference.author.title()


def _name_word(word: str) -> str:
    """Return a word of a name in capitals with one at its start alone."""
    return word.title() if word.isupper() else word[:1].upper() + word[1:]


def work_keys(one: Reference) -> list[tuple[str, ...]]:
    """Return what only references to one work share: place, title."""
    if not (one.author and one.year):
        return []
    found: list[tuple[str, ...]] = []
    if one.volume and one.page:
        found.append(("place", one.author, one.year, one.volume, one.page))
    if len(one.title) >= _LEAST_TITLE:
        found.append(("title", one.author, one.year, one.title[:_TITLE]))
    return found


def words_of(one: Reference) -> str:
    """Return the words of a reference without its ids."""
    return one.words or one.form


def _read_wos(start: Reference, wos: re.Match[str]) -> Reference:
    source, *places = wos["rest"].split(", ")
    volume = next((m["number"] for one in places if (m := _VOLUME.fullmatch(one))), "")
    page = next((m["number"] for one in places if (m := _PAGE.fullmatch(one))), "")
    return start._replace(
        author=author_key(wos["author"] or ""),
        year=wos["year"],
        source=fold_title(source),
        volume=volume.lower(),
        page=page.lower(),
    )


def _read_scopus(start: Reference, words: str, year: re.Match[str]) -> Reference:
    """Return the parts of 'Authors, Title, Source, 12, 3, pp. 4-5, (2001)' and older forms."""
    place = _PLACE.search(words)
    parts = re.split(r"[,;]\s+", words[: year.start()])
    at, author = 0, ""
    while at < len(parts):
        behind = _INITIALS.fullmatch(parts[at + 1]) if at + 1 < len(parts) else None
        if behind:
            name = f"{parts[at]}, {parts[at + 1]}"
        elif _LONE_NAME.fullmatch(parts[at]) or _PLAIN_NAME.fullmatch(parts[at]):
            name = parts[at]
        elif at and parts[at].lower().strip(".") in ("et al", "jr", "and others"):
            name = ""
        else:
            break
        author = author or name
        at += 2 if behind else 1
    return start._replace(
        author=author_key(author),
        year=year["year"],
        volume=place["volume"].lower() if place else "",
        page=place["page"].lower() if place else "",
        title=fold_title(", ".join(parts[at:])),
    )


def ids_in(form: str) -> tuple[str, ...]:
    """Return the ids in a text: DOIs, arXiv, OpenAlex, PubMed and Semantic Scholar."""
    found: list[str] = []
    if "10." in form:
        for part in re.split(r",\s+", form):
            doi = parse_doi(part)
            # '10.1111/' is the start of one, cut off.
            if doi and not doi.endswith("/"):
                arxiv = re.match(r"10\.48550/arxiv\.(.+)", doi)
                found.append(f"arxiv:{arxiv[1]}" if arxiv else f"doi:{comparable_doi(doi)}")
    if "arxiv" in form.lower():
        for part in form.split():
            arxiv_id = parse_arxiv_id(part)
            found += [f"arxiv:{arxiv_id}"] if arxiv_id else []
    for name, pattern in _OTHER_IDS:
        match = pattern.search(form)
        found += [f"{name}:{match[1].lower()}"] if match else []
    return tuple(dict.fromkeys(found))
