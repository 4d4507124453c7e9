"""What a paper calls its own, and the form of a statement."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.claims.lexicon import head_kinds, hide_traps

#: The authors.
US = (
    r"(?:we|i|this (?:paper|work|report|study|article|project)|our (?:work|team|paper|release)|"
    r"(?<!\w )the authors)"
)
#: A word that looks like a name: capitals or digits inside, or a capital in front.
NAME = re.compile(
    r"(?<![\w-])(?=[\w+./-]*[A-Z])"
    r"(?=[\w+./^$-]*(?:[A-Z\d+][\w+./^$-]*[A-Z\d+]|[a-z][A-Z]|-|[A-Z][a-z]))"
    r"[\w+^$-][\w+./^$-]*(?<![.])"
)
#: An abbreviation in brackets, which parts a noun from what stands before it.
ACRONYM = re.compile(r"\s\([A-Z][\w-]{0,14}\)")


class Statement(NamedTuple):
    """Something of the authors' own is open, or will be: which kinds, and when."""

    kinds: frozenset[str]
    tense: str


def make_statement(kinds: set[str], *, future: object) -> Statement:
    """Put a statement together; anything true makes it one about the future."""
    return Statement(frozenset(as_software(kinds)), "future" if future else "present")


def as_software(kinds: set[str]) -> set[str]:
    """Count systems as code: they are released as software.

    Examples
    --------
    >>> as_software({"system"})
    {'code'}
    """
    return (kinds - {"system"}) | {"code"} if "system" in kinds else kinds


class Names:
    """The names that a paper gives to its own things, and what it says they are.

    Parameters
    ----------
    title, text : str
        Of the paper.

    Examples
    --------
    >>> names = Names("Oakfold: Grafting", "We present Oakfold, a toolkit. Pine is old.")
    >>> names.owns("Oakfold"), names.owns("Pine"), names.kinds("Oakfold")
    (True, False, {'code'})
    """

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text
        self._own: dict[str, bool] = {}

    def owns(self, name: str) -> bool:
        """Say whether `name` is the paper's own: in its title, or introduced by the authors."""
        if name not in self._own:
            quoted = re.escape(name)
            introduced = (
                r"\b(?:we|paper|work|report|here|called|dubbed|named|termed|propose|introduces?|"
                rf"presents?|develop|is)\b[^.]{{0,80}}(?<!\w){quoted}(?!\w)"
            )
            in_title = re.search(rf"(?<![\w-]){quoted}(?![\w-])", self.title)
            self._own[name] = bool(in_title or re.search(introduced, self.text, re.IGNORECASE))
        return self._own[name]

    def kinds(self, name: str) -> set[str]:
        """Return the kinds of what the paper says that `name` is."""
        quoted = re.escape(name)
        defined = (
            rf"(?<!\w){quoted}(?!\w)(?:\s*\([^)]*\))?(?:\s*[,:]|\s+is|\s+as|\s*[-—–]+)\s*"
            r"((?:an?|the|our|one)?\s*[^.,;:]{3,160})"
        )
        for text in (self.text, self.title):
            for hit in re.finditer(defined, text):
                if found := head_kinds(hide_traps(hit.group(1))):
                    return found
        called = rf"([^.,;:]{{3,80}}?),?\s+(?:called|named|dubbed|termed)\s+{quoted}"
        before = re.search(called, self.text)
        return head_kinds(hide_traps(before.group(1))) if before else set()

    def kinds_in(self, phrase: str, *, most: int, own: bool = False) -> set[str]:
        """Return the kinds of the first names of a phrase; with `own`, of the paper's own."""
        kinds: set[str] = set()
        for name in NAME.findall(phrase)[:most]:
            if not own or (len(name) > 1 and self.owns(name)):
                kinds |= self.kinds(name)
        return kinds
