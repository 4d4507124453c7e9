"""Whether a collection is in the language that the bundled model knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: Words so common that hardly an English text of two sentences lacks them all.
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|with|is|are|on|from|by|an|we|this|that)\b", re.I)
#: Shorter texts tell nothing.
_LONG_ENOUGH = 60


def other_language(papers: pd.DataFrame, *, sample: int) -> str | None:
    """Return the code of the language most of a sample is in, where that is not English.

    Texts with English function words pass at once; only the others are given to py3langid, whose
    model takes half a second to load.
    """
    if "abstract" not in papers:
        return None
    texts = (papers["title"] + ". " + papers["abstract"]).dropna()
    texts = texts[texts.str.len() >= _LONG_ENOUGH]
    if texts.empty:
        return None
    rows = np.unique(np.linspace(0, len(texts) - 1, min(sample, len(texts))).astype(int))
    picked = texts.iloc[rows]
    doubtful = [text for text in picked if len(set(_ENGLISH.findall(text))) < 2]
    if len(doubtful) <= len(picked) / 2:
        return None
    import py3langid

    found = [str(py3langid.classify(text)[0]) for text in doubtful]
    others = [language for language in found if language != "en"]
    if len(others) <= len(picked) / 2:
        return None
    return max(sorted(set(others)), key=others.count)
