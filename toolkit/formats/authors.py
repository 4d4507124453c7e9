"""Converts lists of authors, as exports write them, to ``First Last; First Last``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

# `Smith J.A.` (older Scopus), one name among several that only commas separate.
_FAMILY_INITIALS = re.compile(r"[\w'’ -]+\s(?:[^\W\d_]\.-?)+")
# `Smith JA`, as PubMed writes it.
_FAMILY_CAPITALS = re.compile(r"[\w'’ -]*[^\W\d_A-Z][\w'’-]*\s[A-Z]{1,3}")
_INITIALS_ONLY = re.compile(r"(?:(?:[^\W\d_]|Yu|Ya|Ye|Zh|Ch|Sh|Kh|Ts|Th|Ph)\.[\s-]?)+")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md)\.?", re.IGNORECASE)
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et al\.?)|\.\.\.|…", re.IGNORECASE)
#: Initials and, right behind, letters of affiliations: `C.a`, `T.a b c` (Scopus until 2022).
_MARKED = re.compile(
    r"((?:[^\W\d_a-zß-ÿ][a-z]?\.[\s-]?)*[^\W\d_a-zß-ÿ][a-z]?\.)([a-z](?:[\s,]+[a-z])*)"
)
#: Semicolons in no more than this share of the cells do not separate authors.
_RARE = 0.1
#: Services whose tables separate authors by semicolons.
_SEMICOLONS = ("wos", "zotero", "lens")
_ID_TAIL = re.compile(r"\s*\((?:\d{6,}|https?://[^()]{0,300})\)")
#: Letters of a name; what is longer is none of the forms below.
_LONGEST = 200

_ALWAYS_PREFIX = frozenset(["Mc", "Mac", "Fitz", "O", "D"])
_PREFIX = frozenset(
    ["De", "Di", "La", "Le", "Van", "Von", "Del", "Da", "Dal", "St", "Ver", "Vander"]
)
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|er|i|ia|iao|ie|iu"
    r"|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|ü|üe|üan|ün|v|ue)",
)


def split_authors(text: str) -> str:
    """Return a list of authors in the form ``First Last; First Last``.

    Parameters
    ----------
    text : str
        Names separated by semicolons, ``and``, bars, line breaks, or (where each part is a whole
        name) commas; ``Last, First`` is reordered.

    Returns
    -------
    str
        The names, separated by ``; ``.

    Examples
    --------
    >>> split_authors("Doe, Jane A.; Roe, R.")
    'Jane A. Doe; R. Roe'
    >>> split_authors("Jane Doe and Richard Roe"), split_authors("Doe J., Roe R.B.")
    ('Jane Doe; Richard Roe', 'J. Doe; R.B. Roe')
    """
    text = _bare(text)
    if ";" in text:
        parts = [one for piece in text.split(";") for one in _before_a_group(piece)]
    elif "|" in text:
        parts = text.split("|")
    elif "\n" in text:
        parts = text.split("\n")
    elif re.search(r"\sand\s", text):
        parts = re.split(r",?\s+and\s+", text)
        if len(parts) == 2 and "," in parts[0] and "," not in parts[1]:
            parts = [*parts[0].split(","), parts[1]]
    elif "," in text:
        parts = _split_at_commas(text)
    else:
        parts = [text]
    names = [first_name_first(part) for part in without_marks(_initials_first(parts))]
    return "; ".join(name for name in names if name and not _OTHERS.fullmatch(name))


def split_separated(text: str, *, exported: bool) -> str:
    """Return authors as `split_authors` does, from a column that separates them by semicolons.

    A cell without any is one person or institution, except where it clearly lists several.

    Parameters
    ----------
    text : str
        The cell.
    exported : bool
        Whether a known service wrote the table: its institutions have commas and ``and``.

    Examples
    --------
    >>> split_separated("de Jong, Dirk Johan", exported=True)
    'Dirk Johan de Jong'
    >>> split_separated("Oak A, Elm B, Fir C", exported=True)
    'A Oak; B Elm; C Fir'
    """
    text = _bare(text)
    if any(sign in text for sign in ";|\n") or _lists_several(text, exported=exported):
        return split_authors(text)
    name = first_name_first(_initials_first([text])[0])
    return "" if _OTHERS.fullmatch(name) else name


def _bare(text: str) -> str:
    """Return a cell without numbers of authors, with one blank or line break between words."""
    one_each = re.sub(r"\s+", lambda run: "\n" if "\n" in run[0] else " ", text)
    return _ID_TAIL.sub("", one_each).strip(" ;,")


def _has_form(form: re.Pattern[str], name: str) -> bool:
    return len(name) <= _LONGEST and form.fullmatch(name) is not None


def how_to_split(cells: Iterable[Any], source: str) -> Callable[[str], str]:
    """Return what splits the cells of a column of authors: the whole column tells.

    Parameters
    ----------
    cells : iterable
        The column.
    source : str
        Which service exported the table.
    """
    if source == "springer":
        return split_joined
    exported = source in _SEMICOLONS
    listed = [cell for cell in cells if isinstance(cell, str) and ("," in cell or ";" in cell)]
    # PubMed separates by commas, and a group's name from the rest by a semicolon.
    separated = sum(";" in cell for cell in listed) > _RARE * len(listed)
    if exported or separated:
        return partial(split_separated, exported=exported or source == "scopus")
    return split_authors


def _before_a_group(piece: str) -> list[str]:
    """Return the authors whom PubMed lists before a group's name: Oak A, Elm B; Tree Group."""
    parts = [part.strip() for part in piece.split(",")]
    # Two may be one person: Kinter III, James L.
    several = len(parts) > 2 and all(_has_form(_FAMILY_CAPITALS, part) for part in parts)
    return [" ".join(reversed(part.rsplit(" ", 1))) for part in parts] if several else [piece]


def _lists_several(text: str, *, exported: bool) -> bool:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    suffixed = any(_SUFFIX.fullmatch(part) for part in parts)
    initials = sum(_INITIALS_ONLY.fullmatch(part) is not None for part in parts)
    if initials > 1 or (initials and len(parts) > 2 and not suffixed):
        return True
    for form in (_FAMILY_CAPITALS, _FAMILY_INITIALS):
        # PubMed ends its lists with a full stop: Oak A, Elm B.
        if len(parts) > 1 and all(
            _has_form(form, part.rstrip(".")) or _has_form(form, part) for part in parts
        ):
            return True
    if exported:
        return False
    return re.search(r"\sand\s", text) is not None or (len(parts) > 2 and not suffixed)


def first_name_first(name: str) -> str:
    """Return ``Last, First`` as ``First Last``; a comma before `Jr.` does not count.

    Examples
    --------
    >>> [first_name_first(name) for name in ("Roe, Richard", "Roe, Jr., Richard", "Jane Doe")]
    ['Richard Roe', 'Richard Roe Jr.', 'Jane Doe']
    """
    parts = [part for part in map(str.strip, name.split(",")) if part]
    if len(parts) == 2 and not _SUFFIX.fullmatch(parts[1]):
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[1]):
        return f"{parts[2]} {parts[0]} {parts[1]}"
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return f"{parts[1]} {parts[0]} {parts[2]}"
    return " ".join(parts)


def without_marks(names: list[str]) -> list[str]:
    """Return names in the form ``Last, F.`` without the letters of affiliations behind initials.

    The letters count from `a`: where none of a list has `a`, they are parts of the names.

    Examples
    --------
    >>> without_marks(["Oak, C.a", "Elm, T.a b c", "Ash, A.B."])
    ['Oak, C.', 'Elm, T.', 'Ash, A.B.']
    >>> without_marks(["Oak, J.e"])
    ['Oak, J.e']
    """
    found = {}
    for place, name in enumerate(names):
        family, comma, given = name.rpartition(",")
        while comma and re.fullmatch(r"\s*[a-z]\s*", given) and "," in family:
            family, comma, more = family.rpartition(",")
            given = f"{more},{given}"
        match = _MARKED.fullmatch(given.strip()) if comma else None
        if match:
            found[place] = (f"{family}, {match[1]}", match[2])
    if not any("a" in re.split(r"[\s,]+", marks) for _, marks in found.values()):
        return names
    return [found[place][0] if place in found else name for place, name in enumerate(names)]


def _initials_first(parts: list[str]) -> list[str]:
    """Return `Smith J.A.` and `Smith JA` as `J.A. Smith`, where all the names are of that form."""
    bare = [part.strip() for part in parts if part.strip(" .")]
    if bare and _has_form(_FAMILY_CAPITALS, bare[0]):
        # PubMed closes the list with a full stop.
        bare[-1] = bare[-1].rstrip(".")
    for form in (_FAMILY_CAPITALS, _FAMILY_INITIALS):
        if bare and all(_has_form(form, part) or _OTHERS.fullmatch(part) for part in bare):
            return [
                " ".join(reversed(part.rsplit(" ", 1))) if _has_form(form, part) else part
                for part in bare
            ]
    return parts


def _split_at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    initials = [_INITIALS_ONLY.fullmatch(part) is not None for part in parts]
    if any(initials) and not initials[0]:
        # Older Scopus: a part that no initials follow is a whole name, `Suciati, Rabgay, K.`
        names: list[str] = []
        for part, is_first in zip(parts, initials):
            if names and (is_first or _SUFFIX.fullmatch(part)):
                names[-1] += f", {part}"
            else:
                names.append(part)
        return names
    if len(parts) == 2 and not all(" " in part for part in parts):
        return [text]
    return parts


def split_joined(text: str) -> str:
    """Return the names that an export joined without a separator, as Springer's does.

    A new name begins at a capital directly after a lower-case letter, once the current name has
    both a first and a last part; ``McKee`` and ``DeFrancisco`` stay whole, and so does a first
    name of two Chinese syllables (``XueJun``).

    Parameters
    ----------
    text : str
        For example ``Jane DoeRichard B. Roe``.

    Returns
    -------
    str
        The names, separated by ``; ``.

    Examples
    --------
    >>> split_joined("Jane DoeRichard B. RoeXueJun YangTao Tang")
    'Jane Doe; Richard B. Roe; XueJun Yang; Tao Tang'
    >>> split_joined("Sally McKeeRick DeVriesAnn LEEKarl Ono")
    'Sally McKee; Rick DeVries; Ann LEE; Karl Ono'
    """
    if ";" in text or "," in text:
        return split_authors(text)
    names: list[str] = []
    current = ""
    for word in text.split():
        pieces = _split_at_capitals(word)
        current = f"{current} {pieces[0]}" if current else pieces[0]
        at = 1
        while at < len(pieces):
            last, piece = current.rsplit(" ", 1)[-1], pieces[at]
            more = at + 1 < len(pieces)
            # A name has two parts at least, so nothing splits off at the very end.
            ends = not more and text.endswith(word)
            if " " not in current or last in _ALWAYS_PREFIX or ends or (last in _PREFIX and more):
                current += piece
            elif more and _syllables(piece) and _syllables(pieces[at + 1]):
                names.append(current)
                current = piece + pieces[at + 1]
                at += 1
            else:
                names.append(current)
                current = piece
            at += 1
    names.append(current)
    return "; ".join(name for name in names if name)


def _split_at_capitals(word: str) -> list[str]:
    """Split a word where a new name may begin: `RoeJane`, `ROEJane`, `Jr.Jane`, `杨博Jane`."""
    cuts = [0]
    for at in range(1, len(word)):
        before, here, after = word[at - 1], word[at], word[at + 1 : at + 2]
        if not here.isupper():
            continue
        after_dot = before == "." and at > 2 and word[at - 2].islower()
        after_capitals = after.islower() and before.isupper() and at > 1 and word[at - 2].isupper()
        if before.islower() or after_dot or after_capitals or before >= "\u2e80":
            cuts.append(at)
    return [word[start:end] for start, end in zip(cuts, [*cuts[1:], len(word)])]


def _syllables(piece: str) -> bool:
    return _SYLLABLE.fullmatch(piece.lower()) is not None
