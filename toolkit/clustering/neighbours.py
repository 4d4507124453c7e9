"""Each paper's nearest others by cosine: exact, or among near groups in large collections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Vectors = NDArray[np.float32]
    Nearest = tuple[NDArray[np.int64], NDArray[np.float32]]

#: Neighbours of a paper in collections of 1,200 papers and more; fewer in smaller ones. With fewer,
#: partitions change more when 1 % of the papers leave (adjusted Rand between such parts, mean of
#: five collections: 0.86 with 20, 0.89 with 25); agreement with labels is the same within 0.004.
NEIGHBOURS = 25
#: Above so many papers exact search, which grows with the square, gives way to a search in groups.
EXACT_UP_TO = 20_000
#: Groups, as a multiple of the root of n; from so many papers a group they are found; in so many
#: passes; and so many of them, those nearest to a group, are searched for the neighbours of its
#: papers. Of 77,000 papers these found 0.95 of the true neighbours in half the time of usearch's
#: HNSW (i8, connectivity 12), which found as many.
_GROUPS, _SAMPLED, _PASSES, _SEARCHED = 3.0, 30, 5, 60
#: A group is near where papers of another have it among so many nearest.
_NEAR_GROUPS = 8
#: Rows of vectors that are compared with all others at once.
BLOCK = 1024


def default_neighbours(n: int) -> int:
    """Neighbours of a paper in a collection of n: three quarters of the root less one, 3 to 25.

    Twenty-five suit thousands of papers. Of thirty papers, they are most of the collection and
    would connect different topics.

    Examples
    --------
    >>> [default_neighbours(n) for n in (5, 31, 400, 5680)]
    [3, 3, 14, 25]
    """
    return min(NEIGHBOURS, max(3, round(0.75 * float(np.sqrt(n)) - 1)))


def unit_vectors(vectors: NDArray[Any]) -> Vectors:
    """Return float32 rows of length 1; a DataError where they are no finite matrix."""
    try:
        array = np.asarray(vectors)
    except ValueError:  # rows of different lengths
        array = np.asarray(vectors, dtype=object)
    if array.ndim != 2 or array.dtype.kind not in "fiu" or array.shape[1] == 0:
        raise DataError(
            "not vectors",
            argument="vectors",
            found=f"array of shape {array.shape} and type {array.dtype}",
            expected="numbers of shape (papers, dimensions)",
            hint="Make them with toolkit.embed(papers)",
        )
    array = array.astype(np.float32)
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        row = int(finite.argmin())
        raise DataError(
            f"{int((~finite).sum())} vector(s) hold NaN or infinity",
            row=row + 1,
            argument="vectors",
            found=float(array[row][~np.isfinite(array[row])][0]),
            expected="finite numbers",
            hint="Embed those papers again, or drop them",
        )
    length = np.linalg.norm(array, axis=1, keepdims=True)
    # Vectors that are of length 1 already stay bit for bit what they are.
    length[np.abs(length - 1) < 1e-6] = 1
    unit: Vectors = np.divide(array, length, out=np.zeros_like(array), where=length > 0)
    return unit


def content_order(vectors: NDArray[Any]) -> NDArray[np.intp]:
    """Return an order of rows that depends on what they hold alone; equal rows keep theirs."""
    rows = np.ascontiguousarray(vectors + 0.0)  # -0.0 becomes 0.0
    whole = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    return np.argsort(whole, kind="stable")


#: Steps of a coordinate from 0 to 1: sums of products of such whole numbers are below 2^24, which
#: float32 holds exactly.
_GRID = 4000.0


def on_grid(unit: NDArray[Any]) -> Vectors:
    """Return rows of length 1 as whole numbers, whose products float32 adds up without error.

    Then neither the order of the rows, nor the number of threads, nor the processor changes a
    cosine in its last digit, and with it the order of neighbours. Cosines move by 0.0001.
    """
    grid: Vectors = np.rint(unit * np.float32(_GRID)).astype(np.float32)
    return grid


def grid_cosines(some: Vectors, all_: Vectors) -> Vectors:
    """Return the cosines of rows that `on_grid` gave, shape (m, n)."""
    cosine: Vectors = some @ all_.T
    cosine *= np.float32(1 / _GRID**2)
    return cosine


def nearest_others(unit: Vectors, k: int, *, exact_up_to: int = EXACT_UP_TO) -> Nearest:
    """Return the k nearest others: exactly, or in groups in collections larger than that."""
    search = exact_neighbours if len(unit) <= exact_up_to else grouped_neighbours
    return search(unit, k)


def exact_neighbours(unit: Vectors, k: int) -> Nearest:
    """Return the k nearest others by cosine: products of blocks, so that memory stays bounded."""
    n = len(unit)
    indices = np.empty((n, k), dtype=np.int64)
    similarity = np.empty((n, k), dtype=np.float32)
    grid = on_grid(unit)
    for start in range(0, n, BLOCK):
        cosine = grid_cosines(grid[start : start + BLOCK], grid)
        rows = np.arange(len(cosine))
        cosine[rows, start + rows] = -2
        stop = start + len(rows)
        indices[start:stop], similarity[start:stop] = largest(cosine, k)
    return indices, similarity


def grouped_neighbours(unit: Vectors, k: int) -> Nearest:
    """Return the k nearest others among the papers of near groups; nearly all are the true ones.

    An inverted file, whose lists are compared by products of blocks (Jégou, Douze, Schmid 2011,
    doi:10.1109/TPAMI.2010.57), with exact cosines: the same in every process.
    """
    n = len(unit)
    grid = on_grid(unit)
    centres = _group_centres(unit, grid, round(_GROUPS * n**0.5))
    nearest = np.concatenate(
        [grid_cosines(grid[at : at + BLOCK], centres).argmax(axis=1) for at in range(0, n, BLOCK)]
    )
    used, group, sizes = np.unique(nearest, return_inverse=True, return_counts=True)
    centres = centres[used]
    members = np.split(np.argsort(group, kind="stable"), np.cumsum(sizes)[:-1])
    indices = np.empty((n, k), dtype=np.int64)
    similarity = np.empty((n, k), dtype=np.float32)
    for own, rows in enumerate(members):
        ranked = _near_groups(grid[rows], centres, own)
        enough = int(np.searchsorted(np.cumsum(sizes[ranked]), k + 1)) + 1
        others = np.sort(np.concatenate([members[i] for i in ranked[: max(_SEARCHED, enough)]]))
        compared = grid[others]
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            cosine = grid_cosines(grid[some], compared)
            cosine[np.arange(len(some)), np.searchsorted(others, some)] = -2
            columns, similarity[some] = largest(cosine, k)
            indices[some] = others[columns]
    return indices, similarity


def _group_centres(unit: Vectors, grid: Vectors, number: int) -> Vectors:
    """Return the centres of so many groups of papers on the grid: spherical k-means of a sample."""
    n = len(unit)
    rows = np.linspace(0, n - 1, min(n, _SAMPLED * number)).astype(np.int64)
    sample, some = unit[rows], grid[rows]
    centres = some[np.linspace(0, len(rows) - 1, number).astype(np.int64)]
    for _ in range(_PASSES):
        parts = range(0, len(rows), BLOCK)
        group = np.concatenate(
            [grid_cosines(some[at : at + BLOCK], centres).argmax(axis=1) for at in parts]
        )
        ones = np.ones(len(rows), dtype=np.float32)
        member = csr_array((ones, (group, np.arange(len(rows)))), shape=(number, len(rows)))
        sums = member @ sample
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        # A centre that no paper is near stays.
        centres = np.where(length > 0, on_grid(sums / np.maximum(length, 1e-12)), centres)
    return centres


def _near_groups(papers: Vectors, centres: Vectors, own: int) -> NDArray[np.intp]:
    """Return all groups, those first that some papers of a group are nearest to; its own leads."""
    cosine = grid_cosines(papers, centres)
    near = min(_NEAR_GROUPS, len(centres))
    least = np.partition(cosine, -near, axis=1)[:, -near:].min(axis=1, keepdims=True)
    worth = np.maximum(cosine - least, 0).sum(axis=0) + 1e-6 * cosine.mean(axis=0)
    worth[own] = np.inf
    return np.argsort(-worth, kind="stable")


def largest(values: NDArray[np.float32], k: int) -> Nearest:
    """Find the k largest values of each row.

    Parameters
    ----------
    values : float array, shape (m, n)
        Without NaN.
    k : int
        From 1 to n.

    Returns
    -------
    columns, values : arrays, shape (m, k)
        Largest first; among equal values the lower column, in the choice too.

    Notes
    -----
    Partitioning whole rows would take longer than computing them. The columns fall into about
    ``sqrt(n k)`` blocks, and none of the k largest lies outside the k blocks with the largest
    maxima: only those are searched.

    Examples
    --------
    >>> largest(np.array([[1, 3, 2, 3]], dtype=np.float32), 2)[0].tolist()
    [[1, 3]]
    """
    n = values.shape[1]
    # Column j is in block j modulo `blocks`: maxima are then taken over whole rows of memory.
    blocks = max(k, math.ceil(n / max(1, math.isqrt(n // k))))
    peaks = values[:, :blocks].copy()
    for start in range(blocks, n, blocks):
        part = values[:, start : start + blocks]
        np.maximum(peaks[:, : part.shape[1]], part, out=peaks[:, : part.shape[1]])
    high = np.argpartition(peaks, blocks - k, axis=1)[:, blocks - k :]
    columns = (high[:, :, None] + np.arange(0, n, blocks)).reshape(len(values), -1)
    found = np.take_along_axis(values, np.minimum(columns, n - 1), axis=1)
    found[columns >= n] = -np.inf
    top = np.argpartition(found, -k, axis=1)[:, -k:]
    near, best = np.take_along_axis(columns, top, axis=1), np.take_along_axis(found, top, axis=1)
    least = best.min(axis=1, keepdims=True)
    # Where others equal the least of them, the choice so far was partition's, not ours.
    tied = ((found >= least).sum(axis=1) > k) | ((peaks >= least).sum(axis=1) > k)
    for row in np.flatnonzero(tied):
        above = np.flatnonzero(values[row] > least[row])
        equal = np.flatnonzero(values[row] == least[row])
        near[row] = np.concatenate([above, equal])[:k]
        best[row] = values[row, near[row]]
    return _nearest_first(near, best)


def vote(
    vectors: Vectors, labels: Labels, new: NDArray[Any], *, n_neighbors: int | None = None
) -> tuple[Labels, NDArray[np.float64]]:
    """Return topics of new papers, by a vote of their nearest neighbours weighted by cosine.

    Parameters
    ----------
    vectors, labels : arrays, shapes (n, d) and (n,)
        The papers whose topics are known; rows of length 1.
    new : array, shape (m, d)
        The papers to place.
    n_neighbors : int, optional
        How many vote; see `default_neighbours`.

    Returns
    -------
    labels, confidence : arrays, shape (m,)
        The topic, and the share of the vote it got. Of papers equally near, the first in
        `vectors` vote; of topics with equal votes, the lowest wins: -1 may, where it is among
        `labels`.
    """
    new = unit_vectors(new)
    if new.shape[1] != vectors.shape[1]:
        raise DataError(
            "vectors of another model",
            found=f"{new.shape[1]} columns",
            expected=f"{vectors.shape[1]} columns",
            hint="Embed new papers with the model the topics were fitted with",
        )
    k = min(n_neighbors or default_neighbours(len(vectors)), len(vectors))
    known, column = np.unique(labels, return_inverse=True)
    winner = np.empty(len(new), dtype=np.int64)
    share = np.empty(len(new))
    grid, new_grid = on_grid(vectors), on_grid(new)
    for start in range(0, len(new), BLOCK):
        cosine = grid_cosines(new_grid[start : start + BLOCK], grid)
        near, nearness = largest(cosine, k)
        weight = np.maximum(nearness, 0.0)
        votes = np.zeros((len(near), len(known)))
        np.add.at(votes, (np.arange(len(near))[:, None], column[near]), weight)
        best = votes.argmax(axis=1)
        total = votes.sum(axis=1)
        rows = slice(start, start + len(near))
        winner[rows] = known[best]
        top = votes[np.arange(len(near)), best]
        share[rows] = np.divide(top, total, out=np.zeros(len(near)), where=total > 0)
    return winner, share


def _nearest_first(near: NDArray[np.int64], similarity: NDArray[np.float32]) -> Nearest:
    order = np.lexsort((near, -similarity), axis=1)
    return np.take_along_axis(near, order, axis=1), np.take_along_axis(similarity, order, axis=1)
