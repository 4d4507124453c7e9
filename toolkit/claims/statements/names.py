"""Names that a paper gives to its own work, and the statements about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from toolkit.claims.lexicon import head_kinds, hide_other_code, list_elements

#: More statements of a kind no sentence makes; a list of words may look like more.
MOST = 12
#: The authors.
US = (
    r"(?:we|i|this (?:paper|work|report|study|article|project)|our (?:work|team|paper|release)|"
    r"(?<!\w )the authors)"
)
#: A word that looks like a name: capitals or digits inside, or a capital at the start.
NAME = re.compile(
    r"(?<![\w-])(?=[\w+./-]*[A-Z])"
    r"(?=[\w+./^$-]*(?:[A-Z\d+][\w+./^$-]*[A-Z\d+]|[a-z][A-Z]|-|[A-Z][a-z]))"
    r"[\w+^$-][\w+./^$-]*(?<![.])"
)
#: An abbreviation in brackets, which separates a noun from the words before it.
ACRONYM = re.compile(r"\s\([A-Z][\w-]{0,14}\)")


class Statement(NamedTuple):
    """The authors' own work is open, will be, or is to be had on request: its kinds and the tense.

    The tense is "present", "future" or "request".
    """

    kinds: frozenset[str]
    tense: str


def make_statement(kinds: set[str], *, future: object, request: object = False) -> Statement:
    """Return a statement; its tense is "request" or "future" where these are true."""
    tense = "request" if request else "future" if future else "present"
    return Statement(frozenset(as_software(kinds)), tense)


def as_software(kinds: set[str]) -> set[str]:
    """Return the kinds with "system" replaced by "code": systems are released as software.

    Examples
    --------
    >>> as_software({"system"})
    {'code'}
    """
    return (kinds - {"system"}) | {"code"} if "system" in kinds else kinds


#: What precedes a name where it is introduced, in lower case.
_INTRODUCED = re.compile(
    r"\b(?:we|paper|work|report|here|called|dubbed|named|termed|propose|introduces?|"
    r"presents?|develop|is)\b[^.]{0,80}$"
)
#: What follows a name where it is defined, and what precedes it.
_DEFINED = re.compile(
    r"(?:\s*\([^)]*\)|\))?(?:\s*[,:]|\s+is|\s+as|\s*[-—–]+)\s*((?:an?|the|our|one)?\s*[^.,;:]{3,160})"
)
#: "This paper introduces a library for wood, NAME."
_APPOSED = re.compile(r"\ban?\s([^.,;:]{3,100}),\s$")
#: "The NAME open software platform".
_NOUN_AFTER = re.compile(
    r"\s((?:[a-z][\w-]*\s){0,2}?(?:software|platform|package|library|toolkit|toolbox|framework|"
    r"web ?server|database|corpus|dataset|data ?set))\b"
)
_CALLED = re.compile(r"([^.,;:]{3,80}?),?\s+(?:called|named|dubbed|termed)\s+[\"“‘'`]*$")


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every occurrence of a name as a whole word."""
    place = text.find(name)
    while place >= 0:
        end = place + len(name)
        if not (_is_word(text[place - 1 : place]) or _is_word(text[end : end + 1])):
            yield place, end
        place = text.find(name, end)


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


class Names:
    """The names of a paper's own work, and the kinds it gives them.

    Parameters
    ----------
    title, text : str
        The paper's title and text.

    Examples
    --------
    >>> names = Names("Oakfold: Grafting", "We present Oakfold, a toolkit. Pine is old.")
    >>> names.owns("Oakfold"), names.owns("Pine"), names.kinds("Oakfold")
    (True, False, {'code'})
    """

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = re.sub(r"[{}]", "", title), text
        self._lower = ""
        self._own: dict[str, bool] = {}
        self._kinds: dict[str, set[str]] = {}

    def owns(self, name: str) -> bool:
        """Return whether `name` is the paper's own: in its title, or introduced by the authors."""
        if name in _LANGUAGES:
            return False
        if name not in self._own:
            self._lower = self._lower or self.text.lower()
            self._own[name] = self.titles(name) or any(
                _INTRODUCED.search(self._lower, max(0, place - 95), place)
                for place, _ in _places(self._lower, name.lower())
            )
        return self._own[name]

    def titles(self, name: str) -> bool:
        """Return whether the title names it, not as what was used: "analysis of NAME data"."""
        for place, end in _places(self.title, name):
            before, after = self.title[:place], self.title[end:]
            if before.endswith("-") or after.startswith("-"):
                continue
            named = _FIRST.search(before) or (len(before.split()) < 3 and _NAMES_END.match(after))
            if _PLAIN.fullmatch(name) and not named:
                # A word of a title with capitals, such as a town.
                continue
            if not (_BY_MEANS_OF.search(before) or (_WITHIN.search(before) and _DATA.match(after))):
                return True
        return False

    def kinds(self, name: str) -> set[str]:
        """Return the kinds that the paper gives for `name`."""
        if name not in self._kinds:
            self._kinds[name] = self._read_kinds(name)
        return self._kinds[name]

    def _read_kinds(self, name: str) -> set[str]:
        for text in (self.text, self.title):
            for _, end in _places(text, name):
                defined = _DEFINED.match(text, end)
                if defined and (found := head_kinds(hide_other_code(defined.group(1)))):
                    return found
        for place, _ in _places(self.text, name):
            before = self.text[max(0, place - 110) : place]
            if (apposed := _APPOSED.search(before)) and introduces(before):
                return head_kinds(hide_other_code(apposed.group(1)))
            if called := _CALLED.search(self.text, max(0, place - 110), place):
                return head_kinds(hide_other_code(called.group(1)))
        for _, end in _places(self.text, name):
            if noun := _NOUN_AFTER.match(self.text, end):
                return head_kinds(noun.group(1))
        return set()

    def kinds_listed(self, phrase: str) -> set[str]:
        """Return the kinds of the names that stand alone in a list: "NAME and its weights"."""
        kinds: set[str] = set()
        elements = [*map(str.strip, list_elements(phrase)), ""]
        for name, following in pairwise(elements):
            # "NAME, a corpus of …" gives its own kind.
            if name and NAME.fullmatch(name) and not following.startswith(("a ", "an ")):
                kinds |= self.kinds(name)
        return kinds

    def owned_in(self, phrase: str, *, most: int) -> bool:
        """Return whether one of the first names of a phrase is the paper's own."""
        return any(len(name) > 1 and self.owns(name) for name in NAME.findall(phrase)[:most])

    def makes(self, name: str) -> bool:
        """Return whether the authors made what bears a name: it is in the title, or introduced."""
        if name in _LANGUAGES:
            return False
        places = [start for start, _ in _places(self.text, name)]
        return self.titles(name) or any(
            introduces(self.text[max(0, place - 120) : place]) for place in places[:MOST]
        )

    def made_in(self, phrase: str) -> bool:
        """Return whether the authors made what one of the names of a phrase stands for."""
        return any(self.makes(name) for name in NAME.findall(phrase) if name not in _NO_NAMES)

    def in_title(self, phrase: str) -> bool:
        """Return whether a name of a phrase stands in the title."""
        return any(name in self.title for name in NAME.findall(phrase) if name not in _NO_NAMES)

    def kinds_in(self, phrase: str, *, most: int, own: bool = False) -> set[str]:
        """Return the kinds of the first names of a phrase; with `own`, of the paper's own."""
        kinds: set[str] = set()
        for name in NAME.findall(phrase)[:most]:
            if not own or (len(name) > 1 and self.owns(name)):
                kinds |= self.kinds(name)
        return kinds


_PLAIN = re.compile(r"[A-Z][a-z]+")
_NAMES_END = re.compile(r"\s?[:–—(]|\s-\s")
_FIRST = re.compile(r"(?:^|[:–—?!.]\s*|\s-\s|\()(?:[Tt]he\s|[Aa]n?\s)?$")
_BY_MEANS_OF = re.compile(
    r"\b(?:using|with|via|by means of|against|based on|applied to)\s(?:the\s|an?\s)?(?:[\w-]+\s)?$",
    re.I,
)
_WITHIN = re.compile(r"\b(?:of|in|on|from)\s(?:[\w-]+\s){0,3}$", re.I)
_DATA = re.compile(r"\s(?:data|observations|simulations?)\b", re.I)
#: Languages, systems and programs that papers are written in and with.
_LANGUAGES = frozenset(
    "R Python MATLAB Matlab Stata STATA SAS SPSS Julia Java JavaScript Fortran FORTRAN C++ "
    "Excel LaTeX "
    "Linux UNIX Windows GitHub Github TensorFlow PyTorch Keras CUDA GPU Arduino Android Wikipedia "
    "Twitter Facebook Internet Web".split()
)
#: Words with a capital that are no names.
_NO_NAMES = frozenset(
    "The This These Our All An In It For We Both Data Code I A B C Project Database Dataset Survey "
    "System Archive Center Centre Network Initiative Framework Library Repository".split()
)
_INTRODUCING = re.compile(
    rf"\b(?:{US}|paper|work|report|article|study|and|here|to)\s+"
    r"(?:(?:\w+ly|also|then|further|here|have|has|will|first|now|hereby|both|and)\s+){0,4}"
    r"(?:present|introduc|propos|develop|build|built|creat|construct|provid|offer|contribut|"
    r"describ|releas|design|establish|implement|collect|curat|publish|open-sourc|deliver|engineer|"
    r"share|assembl|train|report|launch|compil|annotat)(?:e|es|s|ed|t|ing|n|ly|d)*\b"
    rf"|\b(?:{US})\s+(?:also\s+|\w+ly\s+)*maintain\b"
    rf"|\b(?:{US})\b[^;]{{0,140}}?\b"
    r"(?:develop|build|creat|introduc|releas|provid|present|contribut)ing\b",
    re.IGNORECASE,
)
#: Between "we present" and a noun: the noun is other people's work.
_OF_OTHERS = re.compile(
    r"\b(?:on|using|use|from|by|against|than|via|under|evaluat\w*|test\w*|train\w*|that|which|"
    r"with|over|through|to an?|investigat\w*|examin\w*|outperform\w*|compar\w*|where|is|are)\b",
    re.IGNORECASE,
)


def introduces(before: str, *, anywhere: bool = False) -> bool:
    """Return whether the authors introduce what follows: "we present …", "and built …".

    With `anywhere` it is enough that they introduce something before.

    Examples
    --------
    >>> introduces("Here we present "), introduces("We present results on ")
    (True, False)
    """
    end = max((hit.end() for hit in _INTRODUCING.finditer(before)), default=-1)
    if end < 0 or len(before) - end > 160 or ";" in before[end:]:
        return False
    return anywhere or not _OF_OTHERS.search(before, end)
