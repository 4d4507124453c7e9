"""One finding: a sentence, what it is about, how sure it is, and the figures in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.trends.wording import percent

#: What findings are about, in the order in which they are told.
ABOUT = (
    "collection", "topics", "change", "code", "links", "records", "values", "network",
    "reliability", "missing",
)  # fmt: skip
#: What a sentence rests on: a plain count; a share with an interval; a test; or it says that
#: nothing can be said.
SURE = ("count", "interval", "test", "open")


class Finding(NamedTuple):
    """A sentence that may be quoted.

    Parameters
    ----------
    about : str
        One of `ABOUT`.
    sentence : str
        With all its figures, ending in a full stop.
    sure : str
        One of `SURE`.
    figures : dict
        The numbers in the sentence as they are in the table, by name.
    """

    about: str
    sentence: str
    sure: str
    figures: dict[str, Any]


def quoted(label: Any) -> str:
    """Return a label in quotation marks, in one line.

    Examples
    --------
    >>> quoted(" wax  and honey")
    '“wax and honey”'
    """
    return f"“{' '.join(str(label).split())}”"


def listed(parts: Sequence[str]) -> str:
    """Return parts of a sentence with commas and one "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def some(number: int, noun: str, nouns: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> some(1, "topic"), some(1200, "topic"), some(2, "category", "categories")
    ('1 topic', '1,200 topics', '2 categories')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def of_all(number: int, total: int, noun: str = "paper") -> str:
    """Return "3 of 10 papers"; of a single one the verb must say whether it is.

    Examples
    --------
    >>> of_all(0, 10), of_all(3, 10), of_all(10, 10), of_all(1, 1)
    ('none of the 10 papers', '3 of 10 papers', 'all 10 papers', 'the only paper')
    """
    if total == 1:
        return f"the only {noun}"
    if number in (0, total):
        return f"{'all' if number else 'none of the'} {total:,} {noun}s"
    return f"{number:,} of {total:,} {noun}s"


def interval(low: float, high: float, n: float, confidence: float = 0.95) -> str:
    """Return the ends of an interval of a share, with as many digits as `n` papers justify.

    Examples
    --------
    >>> interval(0.0, 0.1123, 31)
    '95 % interval 0 to 11 %'
    """
    ends = [percent(float(end), of=n).removesuffix(" %") for end in (low, high)]
    return f"{100 * confidence:g} % interval {ends[0]} to {ends[1]} %"


def sentence(text: str) -> str:
    """Return a text with a capital at its start and a full stop at its end."""
    text = text.rstrip(". ")
    return f"{text[:1].upper()}{text[1:]}."


def plain(value: Any) -> Any:
    """Return a value of a table as JSON has it: a number, text, or None where it is missing."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (bool, int, float)) else str(value)
