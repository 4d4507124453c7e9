"""What a share rests on: full texts, abstracts, or what sources declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.papers.features import has_abstract, has_value
from toolkit.papers.lookup import look_up

#: As `code_claims` calls them, and as they are counted.
KINDS = {"full text": "full texts", "abstract": "abstracts", "declaration": "declarations"}


def basis_of(papers: pd.DataFrame, claims: pd.DataFrame | None) -> list[str]:
    """Return what is known of each paper rests on, one of `KINDS`.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    claims : DataFrame, optional
        From `code_claims`; without it abstracts are read, and what stands in for them.
    """
    if claims is not None and "basis" in claims:
        found = look_up(papers, claims, "basis", what="the table of claims")
        return [one if one in KINDS else "" for one in pd.Series(found, dtype=object).fillna("")]
    read = has_abstract(papers) | has_value(papers, "code") | has_value(papers, "artifact")
    return [str(one) for one in np.where(read, "abstract", "declaration")]


def basis_by_group(basis: Sequence[str], members: pd.DataFrame, groups: int) -> Any:
    """Return the basis of each group in words: of one kind its name, else with counts.

    Parameters
    ----------
    basis : sequence of str
        Of each paper.
    members : DataFrame
        `row` of the papers and `group`, its number; one row a paper in a group.
    groups : int
        How many there are.

    Examples
    --------
    >>> members = pd.DataFrame({"row": [0, 1, 2, 2], "group": [0, 0, 0, 1]})
    >>> list(basis_by_group(["abstract", "abstract", "full text"], members, 3))
    ['full texts (1), abstracts (2)', 'full texts', <NA>]
    """
    counts: list[Counter[str]] = [Counter() for _ in range(groups)]
    for row, group in zip(members["row"].tolist(), members["group"].tolist()):
        counts[group][basis[row]] += 1
    words: list[str | None] = []
    for one in counts:
        known = {kind: one[kind] for kind in KINDS if one[kind]}
        if len(known) == 1:
            words.append(KINDS[next(iter(known))])
        else:
            words.append(", ".join(f"{KINDS[kind]} ({n})" for kind, n in known.items()) or None)
    return pd.array(words, dtype="string")
