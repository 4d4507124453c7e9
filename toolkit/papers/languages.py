"""The language of each paper."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from toolkit.papers.columns import text_of
from toolkit.papers.schema import check_papers
from toolkit.text.language import other_languages


def find_languages(papers: pd.DataFrame) -> pd.Series[str]:
    """Return the language of each paper, by its abstract, or its title where there is none.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …).

    Returns
    -------
    Series of string
        Shape (n_papers,), index of `papers`: ISO 639-1 codes; ``en`` also where the text does not
        show its language, as short titles often do not.

    Raises
    ------
    DataError
        Where `papers` is no papers table.

    Notes
    -----
    Recognised by py3langid (M. Lui, T. Baldwin, "langid.py" (2012)).

    Examples
    --------
    >>> import pandas as pd
    >>> papers = pd.DataFrame({"paper_id": ["title:1", "title:2"],
    ...                        "title": ["Der Tanz der Bienen im Stock", "The dance of the bees"]})
    >>> find_languages(papers).tolist()
    ['de', 'en']
    """
    check_papers(papers)
    codes = [code or "en" for code in other_languages(_texts(papers))]
    return pd.Series(codes, index=papers.index, dtype="string")


def shares_of_languages(
    papers: pd.DataFrame, *, sample: int, least: float = 0.0
) -> dict[str, float]:
    """Return the shares of the languages other than English in a sample of papers.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    sample : int
        Number of papers examined, evenly spaced in the order of their ids.
    least : float
        Shares that together would be smaller (0–1) may be left out, which is quicker.

    Returns
    -------
    dict
        Code: share (0–1), the most frequent first.
    """
    if papers.empty:
        return {}
    order = np.argsort(papers["paper_id"].to_numpy(dtype=object), kind="stable")
    rows = order[np.linspace(0, len(order) - 1, min(sample, len(order))).astype(int)]
    found = other_languages(_texts(papers.iloc[np.unique(rows)]), least=least)
    count = Counter(code for code in found if code)
    codes = sorted(count, key=lambda code: (-count[code], code))
    return {code: count[code] / len(found) for code in codes}


def _texts(papers: pd.DataFrame) -> pd.Series[str]:
    return text_of(papers, "abstract").fillna(papers["title"])
