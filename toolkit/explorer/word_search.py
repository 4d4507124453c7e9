"""Search by words: texts are folded to words, and a query matches whole ones.

`web/src/words.ts` has the same rules for the page without Python; the cases in
`web/tests/cases.json`, made here, hold the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

import numpy as np

from toolkit.explorer.state import Mask

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
#: Chinese and Japanese have no blanks between words: each character is a word.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_BETWEEN = re.compile(r"[\W_]+")
_PART = re.compile(r'(-?)(?:"([^"]*)"|([^ \t\n]+))')


def fold(text: str) -> str:
    """Return the words of a text without case and accents, a blank around each.

    Examples
    --------
    >>> fold("Schrödinger's cat, doi:10.1/x")
    ' schrodinger s cat doi 10 1 x '
    """
    bare = _NOT_ASCII.sub(_bare, text).lower().replace("ς", "σ")
    return f" {_BETWEEN.sub(' ', bare).strip()} "


def _bare(match: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", match[0])
    letters = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return _UNSPACED.sub(r" \1 ", letters)


def query_parts(query: str, stop_words: Collection[str] = ()) -> list[tuple[str, bool]]:
    """Return what a folded text must contain, with False for what it must not.

    Words and ``"phrases"`` must all occur, each whole; the last word may be the beginning of one.
    A minus excludes. Stop words count only inside phrases, or where there is nothing else.

    Examples
    --------
    >>> query_parts('"Graph of" the image -video')
    [(' graph of ', True), (' the ', True), (' image ', True), (' video', False)]
    >>> query_parts('graphs of the image ', stop_words={"of", "the"})
    [(' graphs ', True), (' image ', True)]
    """
    parts = []
    for found in _PART.finditer(query):
        minus, phrase, word = found.groups()
        text = fold(phrase if word is None else word)
        if not text.strip():
            continue
        # The last word is perhaps still being typed.
        begun = word is not None and found.end() == len(query)
        plain = word is not None and not minus and text.strip() in stop_words
        parts.append((text[:-1] if begun else text, minus == "", plain))
    telling = [part for part in parts if not part[2]]
    return [(text, wanted) for text, wanted, _ in telling or parts]


def search_words(
    folded: Iterable[str], query: str, stop_words: Collection[str] = ()
) -> Mask:  # fmt: skip
    """Return which folded texts contain every word and phrase of a query."""
    parts = query_parts(query, stop_words)
    return np.fromiter((all((w in text) == want for w, want in parts) for text in folded), bool)
