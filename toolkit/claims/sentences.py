"""Text → sentences, quickly, for abstracts."""

from __future__ import annotations

import re

#: Characters; longer sentences are cut.
LONGEST = 1_500

# Patterns begin with what is rare and look behind from there: that is what makes them quick.
_GAP = re.compile(r"\s(?=[A-Z0-9\ue000(\[“\"'{])(?<=[.!?\"”’')\]\s]\s)")
_CLOSING = "\"”’')]"
#: Before these a full stop ends no sentence.
_SHORT = ("e.g", "i.e", "cf", "vs", " al", "Fig", "etc", "resp", "approx", "Eq", "Sec", "No", "Dr")
#: A full stop and the next sentence glued to it: `methods.We release`.
_GLUED = re.compile(r"\.(?=[A-Z][a-z]+ )(?<=[a-z0-9)\ue001]\.)")
#: A link ends what it belongs to where a new label or sentence follows.
_AFTER_LINK = re.compile(
    r"(?<=\ue001)[.,;|]?\s+(?=(?:[A-Z]\w+ ){0,2}[A-Z]?\w+: ?\ue000)"
    r"|(?<=\ue001)\s+(?=(?:We|Our|The|This|In|It|Code|Project|Github|GitHub)\b)"
)


def split_sentences(text: str) -> list[str]:
    """Split a text of one paragraph into sentences.

    Parameters
    ----------
    text : str
        One paragraph. Links may have been replaced by marks between U+E000 and U+E001.

    Returns
    -------
    list of str
        The sentences in order, without surrounding white space; none is empty.

    Examples
    --------
    >>> split_sentences("Models (e.g. ours) win.We share them. All of them!")
    ['Models (e.g. ours) win.', 'We share them.', 'All of them!']
    """
    cuts = [hit.end() for hit in _GAP.finditer(text) if _ends_sentence(text, hit.start())]
    cuts += [hit.end() for hit in _GLUED.finditer(text)]
    if "\ue001" in text:
        cuts += [hit.end() for hit in _AFTER_LINK.finditer(text)]
    parts, start = [], 0
    for cut in [*sorted(cuts), len(text)]:
        while cut - start > LONGEST:
            # No sentence at all, but a table or worse: in pieces, reading it costs linear time.
            piece = text.rfind(" ", start + 1, start + LONGEST)
            piece = piece if piece > start else start + LONGEST
            parts.append(text[start:piece].strip())
            start = piece
        parts.append(text[start:cut].strip())
        start = cut
    return [part for part in parts if part]


def _ends_sentence(text: str, gap: int) -> bool:
    """Say whether a full stop ends a sentence in front of the white space at `gap`."""
    end = gap
    while end and text[end - 1].isspace():
        end -= 1
    while end and text[end - 1] in _CLOSING:
        end -= 1
    return end > 0 and text[end - 1] in ".!?" and not text.endswith(_SHORT, 0, end - 1)
