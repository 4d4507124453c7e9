"""Links between units: how often two share something, in full and fractional counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = Any

#: More links than this are refused: their table alone takes a gigabyte.
MOST_LINKS = 5_000_000
NORMALIZATIONS = ("association", "cosine", "jaccard", "inclusion")


def to_matrix(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> Matrix:
    """Return pairs as a sparse matrix of ones."""
    from scipy.sparse import coo_array

    return coo_array((np.ones(len(row)), (row, column)), shape=shape).tocsr()


def action_weights(shared: Matrix, counting: str) -> NDArray[np.float64]:
    """Return what each row (a paper, a cited work) gives to each pair of its units.

    1 in full counts. In fractional counts 1 / (n − 1) for n units, so that it gives each of them a
    weight of 1 in all; 0 where it has one unit alone.
    """
    n = np.asarray(shared.sum(axis=1)).ravel()
    if counting == "full":
        return np.ones(len(n))
    weights: NDArray[np.float64] = np.divide(1.0, n - 1, out=np.zeros(len(n)), where=n > 1)
    return weights


def total_strength(shared: Matrix, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each unit the sum of its links to all others, without making the links."""
    n = np.asarray(shared.sum(axis=1)).ravel()
    to_all = shared.T @ (weights * n)
    to_itself = (shared.multiply(shared)).T @ weights
    return np.asarray(to_all - to_itself, dtype=np.float64).ravel()


def link_units(
    shared: Matrix, weights: NDArray[np.float64], kept: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the links between the units kept: numbers of both ends, the first the lower, weight.

    Raises
    ------
    DataError
        More than `MOST_LINKS` are possible.
    """
    from scipy.sparse import diags_array, triu

    chosen = shared[:, kept].tocsr()
    each = np.diff(chosen.indptr).astype(np.int64)
    possible = min(int((each * (each - 1) // 2).sum()), len(kept) * (len(kept) - 1) // 2)
    if possible > MOST_LINKS:
        raise DataError(
            f"too many links: up to {possible:,}",
            argument="limit",
            expected=f"{MOST_LINKS:,} at most",
            found=f"{len(kept):,} nodes",
            hint=f"One paper or work has {int(each.max()):,} of them, and links grow with the "
            "square of that: raise min_papers, set limit, or leave out papers with long lists "
            "(max_per_paper=100)",
        )
    product = triu(chosen.T @ (diags_array(weights) @ chosen), k=1).tocoo()
    there = product.data > 0
    return (
        product.row[there].astype(np.int64),
        product.col[there].astype(np.int64),
        product.data[there],
    )


def similarity(
    weight: NDArray[np.float64],
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    normalize: str | None,
) -> NDArray[np.float64]:
    """Return the weights of links, normalised by the sizes of both ends.

    Parameters
    ----------
    weight : float array, shape (n_links,)
        Weights c.
    one, other : float arrays, shape (n_links,)
        Sizes s of their two ends.
    normalize : str or None
        ``"association"`` c / (s₁ s₂), ``"cosine"`` c / √(s₁ s₂), ``"jaccard"`` c / (s₁ + s₂ − c),
        ``"inclusion"`` c / min(s₁, s₂); None gives c.

    Examples
    --------
    >>> c, one, other = np.array([2.0]), np.array([4.0]), np.array([9.0])
    >>> [round(float(similarity(c, one, other, name)[0]), 3) for name in NORMALIZATIONS]
    [0.056, 0.333, 0.182, 0.5]
    """
    if normalize is None:
        return weight
    if normalize == "association":
        below = one * other
    elif normalize == "cosine":
        below = np.sqrt(one * other)
    elif normalize == "jaccard":
        below = one + other - weight
    else:
        below = np.minimum(one, other)
    return np.asarray(weight / below, dtype=np.float64)
