"""What a sentence of an abstract says about the authors' own code and data, apart from links.

Rules read who acts (the authors, their system, or others), the verb (release, open-source, make
available …), its tense and negation, and the nouns of its object.

- `acts`: "we release our code", "a corpus that we publish"
- `predicates`: "our code is available"; `subjects` finds out whose code it is
- `deposits`: "deposited in Dryad", "under the MIT licence", "free of charge"
- `attributes`: "we present an open-source toolkit", "our open-source tools"
"""

from __future__ import annotations

import re

from toolkit.claims.lexicon import TEXT, hide_other_code
from toolkit.claims.statements.acts import read_acts, read_relatives
from toolkit.claims.statements.attributes import read_attributes
from toolkit.claims.statements.deposits import read_deposits
from toolkit.claims.statements.names import Names, Statement
from toolkit.claims.statements.predicates import read_predicates

__all__ = ["Names", "Statement", "may_state", "read_claims"]

#: A sentence without one of these states nothing, …
_STRONG = (
    "releas",
    "avail",
    "public",
    "publish",
    "open",
    "load",
    "hosted",
    "disclos",
    "licen",
    "access",
    "pip ",
    " soon",
    "deposit",
    "archive",
    "upload",
    "accompan",
    "of charge",
    "bioconductor",
    "cran ",
    "request",
    " dvd",
    " cd-rom",
    "diskette",
)
#: … except with one of these together with a word for code or for a place.
_WEAK = ("provid", "shar", "found", "tribut", "sourc")
_OF_CODE = (
    "code",
    "script",
    "software",
    "implementation",
    "github",
    "package",
    "supplement",
    "site",
    "page",
    "online",
    "freely",
    "communit",
)
_OPEN_WORD = re.compile(r"[Oo]pen|[Pp]ublic|[Ff]ree")


#: The paper or book itself is open, which says nothing of code and data.
_OPEN_TEXT = re.compile(
    rf"\bon an open[- ]access basis\b|\bopen[- ]access\s(?:[\w-]+\s){{0,2}}?{TEXT}\b", re.IGNORECASE
)


def may_state(text: str) -> bool:
    """Return False where a text cannot state that anything is open; a fast test."""
    lower = text.lower()
    has = lower.__contains__
    return any(map(has, _STRONG)) or (any(map(has, _WEAK)) and any(map(has, _OF_CODE)))


def read_claims(sentence: str, names: Names) -> list[Statement]:
    """Return the statements of a sentence about the authors' own code, data and models.

    Parameters
    ----------
    sentence : str
        One sentence.
    names : Names
        The paper's own names.

    Returns
    -------
    list of Statement
        Empty where nothing is stated.

    Examples
    --------
    >>> read_claims("We will release our code.", Names("", ""))
    [Statement(kinds=frozenset({'code'}), tense='future')]
    >>> read_claims("It beats open-source models.", Names("", ""))
    []
    """
    if not may_state(sentence) or _OPEN_TEXT.search(sentence):
        return []
    text = hide_other_code(sentence)
    found = [*read_acts(text, names), *read_predicates(text, names), *read_deposits(text, names)]
    if _OPEN_WORD.search(text):
        found += read_attributes(text, names)
    return [statement for statement in found or read_relatives(text, names) if statement.kinds]
