"""Fast sentence splitting for abstracts."""

from __future__ import annotations

import re

#: In characters; longer sentences are cut.
MAX_LENGTH = 1_500

# Patterns start at rare characters and look behind from there, which makes them fast.
_GAP = re.compile(r"\s(?=[A-Z0-9\ue000(\[“\"'{])(?<=[.!?\"”’')\]\s]\s)")
_CLOSING = "\"”’')]"
#: Abbreviations: a full stop after them ends no sentence.
_ABBREVIATIONS = (
    "e.g",
    "i.e",
    "cf",
    "vs",
    " al",
    "Fig",
    "etc",
    "resp",
    "approx",
    "Eq",
    "Sec",
    "No",
    "Dr",
)
#: A full stop without a space after it: `methods.We release`.
_NO_SPACE = re.compile(r"\.(?=[A-Z][a-z]+ )(?<=[a-z0-9)\ue001]\.)")
_FULL_WIDTH = re.compile(r"[。！？]")
#: A link ends its sentence where a new label or sentence follows.
_AFTER_LINK = re.compile(
    r"(?<=\ue001)[.,;|]?\s+(?=(?:[A-Z]\w+ ){0,2}[A-Z]?\w+: ?\ue000)"
    r"|(?<=\ue001)\s+(?=(?:We|Our|The|This|In|It|Code|Project|Github|GitHub)\b)"
)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph.

    Parameters
    ----------
    text : str
        One paragraph. Its links may be replaced by their numbers between U+E000 and U+E001.

    Returns
    -------
    list of str
        In order, without surrounding white space; none is empty.

    Examples
    --------
    >>> split_sentences("Models (e.g. ours) win.We share them. All of them!")
    ['Models (e.g. ours) win.', 'We share them.', 'All of them!']
    """
    cuts = [hit.end() for hit in _GAP.finditer(text) if _ends_sentence(text, hit.start())]
    cuts += [hit.end() for hit in _NO_SPACE.finditer(text)]
    if "。" in text:
        cuts += [hit.end() for hit in _FULL_WIDTH.finditer(text)]
    if "\ue001" in text:
        cuts += [hit.end() for hit in _AFTER_LINK.finditer(text)]
    parts, start = [], 0
    for cut in [*sorted(cuts), len(text)]:
        while cut - start > MAX_LENGTH:
            # Probably a table; cut into pieces, so that reading it takes linear time.
            piece = text.rfind(" ", start + 1, start + MAX_LENGTH)
            piece = piece if piece > start else start + MAX_LENGTH
            parts.append(text[start:piece].strip())
            start = piece
        parts.append(text[start:cut].strip())
        start = cut
    return [part for part in parts if part]


def _ends_sentence(text: str, gap: int) -> bool:
    """Return whether a sentence ends before the white space at `gap`."""
    end = gap
    while end and text[end - 1].isspace():
        end -= 1
    while end and text[end - 1] in _CLOSING:
        end -= 1
    return end > 0 and text[end - 1] in ".!?" and not text.endswith(_ABBREVIATIONS, 0, end - 1)
