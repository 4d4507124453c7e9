"""Which new papers are near those that somebody put aside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.embedding.embedding import embed

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A new paper is near if it is nearer than this share of the papers that were there before …
_NEARER = 0.8
#: … which is asked of collections with so many of them.
_ENOUGH = 20
_SHOWN = 5


def near_basket(
    papers: pd.DataFrame, new: NDArray[np.bool_], basket: Iterable[str]
) -> list[tuple[int, str]]:
    """Return the new papers nearest to a basket: row and why, the nearest first, at most five.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n, …).
    new : bool array, shape (n,)
        Which of them are new.
    basket : iterable of str
        Paper ids; those of other collections are passed over.

    Notes
    -----
    A paper is as near as the basket's paper nearest to it, by cosine of the bundled embedding, and
    shown only if it is nearer than four in five of the papers that were there before.
    """
    kept = papers["paper_id"].isin(set(basket)).to_numpy()
    if not kept.any() or not (new & ~kept).any():
        return []
    vectors = embed(papers)
    cosine = vectors @ vectors[kept].T
    nearest: NDArray[Any] = cosine.max(axis=1)
    old = nearest[~new & ~kept]
    share = np.searchsorted(np.sort(old), nearest, side="left") / max(len(old), 1)
    enough = len(old) >= _ENOUGH
    rows = np.flatnonzero(new & ~kept & ((share >= _NEARER) if enough else True))
    titles = papers.loc[kept, "title"].tolist()
    ranked = sorted(rows.tolist(), key=lambda row: (-nearest[row], papers["paper_id"].iat[row]))
    found = []
    for row in ranked[:_SHOWN]:
        why = f"near “{titles[int(cosine[row].argmax())]}”"
        why += f", nearer than {share[row]:.0%} of the collection" if enough else ""
        found.append((row, why))
    return found
