"""References as the APA's Publication Manual (7th edition) has them.

Written by hand: citeproc-py 0.11.1 (alpha) ships one style, Harvard; its styles are a package of
89 MB (CC BY-SA), and it leaves "&" in titles of its HTML as it is.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from toolkit.exports.citations import entry_type
from toolkit.text.cleaning import clean_text
from toolkit.text.escaping import one_line, safe_link


class Piece(NamedTuple):
    """A part of a reference: its text, in italics or not, perhaps a link."""

    text: str
    italic: bool = False
    link: str | None = None
    #: Whether it follows without a blank.
    glued: bool = False


#: All names up to 20; of more, the first 19 and the last.
_MOST_NAMES = 20
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et al\.?)|\.\.\.|…", re.IGNORECASE)
#: Names with one of these words are of groups.
_GROUP = re.compile(
    r"\b(?:academy|agency|alliance|association|authority|bureau|cent(?:er|re)|coalition"
    r"|collaborat(?:ion|ors)|college|commission|committee|company|consortium|corporation|council"
    r"|department|federation|foundation|gmbh|group|hospital|inc|initiative|institut(?:e|ion|o)?"
    r"|investigators|laborator(?:y|ies)|lab|ltd|ministry|museum|network|office|organi[sz]ation"
    r"|panel|partnership|programme?|project|society|task force|team|trust|union|universit\w*"
    r"|working party)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",?\s+(Jr\.?|Sr\.?|II|III|IV)$")
_PARTICLE = re.compile(
    r"(?<=\s)(?:(?:van|von|vom|zu|zum|zur|der|den|de|del|della|dello|degli|di|da|das|do|dos|du|des|la|le"
    r"|las|los|lo|el|al|ter|ten|te|af|av|bin|ibn|ben|st\.|'t|’t"
    r"|Van|Von|Der|Den|De|Del|Della|Di|Dalla|Dal|Dos)\s+)+(?=\S+$)"
)
#: Family names before which "Van" is a given name.
_VIETNAMESE = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh trinh".split()
)
_LETTERS = re.compile(r"[A-Za-zÀ-ɏḀ-ỿͰ-ϿЀ-ӿ]")
#: What an entry without a venue of its own is called, in brackets.
_BRACKETS = {
    "dataset": "Data set", "software": "Computer software",
    "presentation": "Conference presentation", "poster": "Poster presentation", "patent": "Patent",
}  # fmt: skip
_THESES = {"phdthesis": "Doctoral dissertation", "mastersthesis": "Master’s thesis"}
_END = re.compile(r"[.?!…][”’\"')]*$")


def apa_reference(paper: dict[str, Any]) -> list[Piece]:
    """Return the reference of a paper.

    Titles keep their capitals: which words are names, and so have capitals in sentence case, is
    not known.
    """
    names = apa_names(_names_of(paper))
    title, rest = _title_and_source(paper)
    when = paper.get("published")
    year = f"({when.year if when is not None else 'n.d.'})."
    opening = [Piece(_closed(names)), Piece(year), *title] if names else [*title, Piece(year)]
    return [*opening, *rest, *_address(paper)]


def apa_names(names: list[str]) -> str:
    """Return authors as a reference has them.

    Examples
    --------
    >>> apa_names(["Ludwig van Beethoven", "Jean-Paul Sartre"])
    'van Beethoven, L., & Sartre, J.-P.'
    """
    more = bool(names) and _OTHERS.fullmatch(names[-1]) is not None
    found = [apa_name(name) for name in (names[:-1] if more else names)]
    if len(found) > _MOST_NAMES:
        return f"{', '.join(found[: _MOST_NAMES - 1])}, … {found[-1]}"
    if more:
        return f"{', '.join(found)}, et al." if found else ""
    return ", & ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))


def apa_name(name: str) -> str:
    """Return a name, family name first and given names as initials; a group as it is.

    Examples
    --------
    >>> apa_name("Martin Luther King Jr.")
    'King, M. L., Jr.'
    >>> apa_name("World Health Organization")
    'World Health Organization'
    """
    name = one_line(name)
    if _GROUP.search(name) or not _LETTERS.search(name):
        return name
    suffix = _SUFFIX.search(name)
    bare = name[: suffix.start()] if suffix else name
    if "," in bare:
        family, _, given = (part.strip() for part in bare.partition(","))
    else:
        given, family = _split(bare)
    shorts = _initials(given, family)
    parts = [family, *([shorts] if shorts else []), *([suffix[1]] if suffix else [])]
    return ", ".join(parts)


def _split(name: str) -> tuple[str, str]:
    particle = _PARTICLE.search(name)
    if particle and not (particle[0].strip() == "Van" and name.split()[-1].lower() in _VIETNAMESE):
        return name[: particle.start()].strip(), name[particle.start() :].strip()
    given, _, family = name.rpartition(" ")
    # "van Gogh", without given names, is all family.
    return ("", name) if _PARTICLE.match(f" {name}", 1) else (given, family)


def _initials(given: str, family: str) -> str:
    found, shouted = [], family.isupper()
    for word in given.replace(".", ". ").split():
        parts = [part for part in re.split(r"[-‐‑]", word) if part.strip(".'’\"()“”")]
        if word[0] in '("“' or not parts:
            continue  # a nickname
        letters = word.strip(".")
        if letters.isalpha() and letters.isupper() and len(letters) <= 3 and not shouted:
            found += [f"{letter}." for letter in letters]
        elif word.startswith("-") and found:
            found[-1] += "-" + "-".join(f"{part.lstrip('.')[0]}." for part in parts)
        else:
            found.append("-".join(f"{part[0]}." for part in parts))
    return " ".join(found)


def _names_of(paper: dict[str, Any]) -> list[str]:
    names = (one_line(name) for name in str(paper.get("authors") or "").split(";"))
    return [name for name in names if name]


def _title_and_source(paper: dict[str, Any]) -> tuple[list[Piece], list[Piece]]:
    """Return the title and where it appeared; what stands alone has its title in italics."""
    title = one_line(clean_text(str(paper["title"]))).rstrip(".")
    venue = _text(paper, "venue")
    kind = entry_type(paper)
    publisher = _text(paper, "publisher")
    if kind == "article" and venue and paper.get("kind") != "preprint":
        return [Piece(_closed(title))], _in_journal(paper, venue)
    if kind in ("inproceedings", "conference", "incollection", "inbook") and venue:
        return [Piece(_closed(title))], _in_book(paper, venue, publisher)
    bracket = _BRACKETS.get(str(paper.get("kind") or ""))
    source = publisher or venue
    if kind in ("phdthesis", "mastersthesis", "thesis"):
        bracket = ", ".join(filter(None, [_THESES.get(kind, "Thesis"), venue]))
        source = publisher
    elif not source and str(paper["paper_id"]).startswith("arxiv:"):
        source = "arXiv"
    alone = [Piece(title, italic=True), Piece(f"[{bracket}].")]
    if not bracket:
        alone = [Piece(_closed(title), italic=True)]
    return alone, [Piece(_closed(source))] if source else []


def _in_journal(paper: dict[str, Any], venue: str) -> list[Piece]:
    """Return journal, volume (issue), pages: the first two in italics."""
    volume, issue, pages = (_text(paper, name) for name in ("volume", "issue", "pages"))
    if re.fullmatch(r"[a-z]+\d+|\d{5,}", pages, re.IGNORECASE):
        pages = f"Article {pages}"
    pages = re.sub(r"\s*[-–—]+\s*", "–", pages)
    comma = Piece(",", glued=True)
    where = [Piece(venue, italic=True)]
    if volume:
        where += [comma, Piece(volume, italic=True)]
    if issue:
        where += [Piece(f"({issue})", glued=True)] if volume else [comma, Piece(f"({issue})")]
    if pages:
        where += [comma, Piece(pages)]
    return where if _END.search(where[-1].text) else [*where, Piece(".", glued=True)]


def _in_book(paper: dict[str, Any], venue: str, publisher: str) -> list[Piece]:
    pages = re.sub(r"\s*[-–—]+\s*", "–", _text(paper, "pages"))
    span = f"({'pp.' if '–' in pages else 'p.'} {pages})." if pages else ""
    book = Piece(venue if span else _closed(venue), italic=True)
    found = [Piece("In"), book, Piece(span), Piece(_closed(publisher) if publisher else "")]
    return [piece for piece in found if piece.text]


def _address(paper: dict[str, Any]) -> list[Piece]:
    doi, paper_id = _text(paper, "doi"), str(paper["paper_id"])
    if not doi and paper_id.startswith("arxiv:"):
        doi = f"10.48550/arXiv.{paper_id.removeprefix('arxiv:')}"
    link = f"https://doi.org/{doi}" if doi else safe_link(paper.get("url"))
    return [Piece(link, link=link)] if link else []


def _text(paper: dict[str, Any], name: str) -> str:
    value = paper.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return one_line(value) if value is not None else ""


def _closed(text: str) -> str:
    """Return a text with a full stop, where it does not end in another mark."""
    return text if not text or _END.search(text) else f"{text}."
