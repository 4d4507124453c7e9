"""Text → sentences, quickly, for abstracts."""

from __future__ import annotations

import re

#: Before these a full stop ends no sentence.
_SHORT = r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\bvs\.)(?<!\bal\.)(?<!\bFig\.)(?<!\betc\.)"
_BREAK = re.compile(
    # The usual end: full stop, perhaps quotes or brackets, white space, a capital or a mark.
    rf"(?<=[.!?]){_SHORT}[\"”’')\]]*\s+(?=[A-Z0-9\ue000(\[“\"'{{])"
    # A full stop and the next sentence glued to it: `methods.We release`.
    r"|(?<=[a-z0-9)\ue001])\.(?=[A-Z][a-z]+ )"
    # A link ends what it belongs to when a new label follows: `… ⟦link⟧ Code: ⟦link⟧`.
    r"|(?<=\ue001)[.,;|]?\s+(?=(?:[A-Z]\w+ ){0,2}[A-Z]?\w+: ?\ue000)"
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
    ['Models (e.g. ours) win', 'We share them.', 'All of them!']
    """
    return [part.strip() for part in _BREAK.split(text) if part and part.strip()]
