"""Vectors as they are kept: rows of length 1 in float16, a column of the papers table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.embedding.static import fingerprint
from toolkit.errors import DataError, warn_user
from toolkit.papers.columns import in_order, text_of
from toolkit.papers.features import (
    abstracts_hint,
    decode_vectors,
    encode_vectors,
    stands_in,
)
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

#: Name of the bundled model.
STATIC = "static"


def to_stored(vectors: NDArray[Any]) -> NDArray[np.float16]:
    """Return rows scaled to length 1 and rounded to float16, the form in which vectors are kept.

    Parameters
    ----------
    vectors : ndarray
        Shape (n, d), finite.

    Returns
    -------
    ndarray of float16
        Shape (n, d).

    Raises
    ------
    DataError
        A row is zero or not finite.
    """
    wide = np.asarray(vectors, dtype=np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    bad = ~np.isfinite(lengths) | (lengths == 0)
    if bad.any():
        row = int(bad.argmax())
        raise DataError(
            "a vector is zero or not finite",
            row=row + 1,
            found=f"a vector of length {lengths[row]}",
            expected="finite numbers, not all zero",
        )
    scaled: NDArray[np.float16] = (wide / lengths[:, None]).astype(np.float16)
    return scaled


def from_stored(vectors: NDArray[np.float16]) -> Vectors:
    """Return kept vectors as float32, rows of length 1 to float32's precision.

    Parameters
    ----------
    vectors : ndarray of float16
        Shape (n, d).

    Returns
    -------
    ndarray of float32
        Shape (n, d).
    """
    wide = vectors.astype(np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    unit: Vectors = (wide / lengths[:, None]).astype(np.float32)
    return unit


def to_column(vectors: NDArray[Any]) -> Any:
    """Return vectors as an Arrow column of bytes, in which every value is kept to the last bit.

    Parameters
    ----------
    vectors : ndarray
        Shape (n, d), float16 or float32.

    Returns
    -------
    pyarrow.FixedSizeBinaryArray
        Length n, little-endian.
    """
    rows = np.ascontiguousarray(vectors, dtype=vectors.dtype.newbyteorder("<"))
    width = pa.binary(rows.shape[1] * rows.itemsize)
    return pa.FixedSizeBinaryArray.from_buffers(width, len(rows), [None, pa.py_buffer(rows)])


def from_column(column: Any, dtype: str) -> NDArray[Any]:
    """Return the vectors of an Arrow column that `to_column` made, shape (n, d).

    Raises
    ------
    ValueError
        The column holds something else.
    """
    rows, kept = column.combine_chunks(), np.dtype(dtype).newbyteorder("<")
    if not pa.types.is_fixed_size_binary(rows.type) or rows.null_count:
        raise ValueError(f"not vectors, but a column of type {rows.type}")
    shape = len(rows), rows.type.byte_width // kept.itemsize
    # The slice is for columns that share their memory with a longer one.
    whole = np.frombuffer(rows.buffers()[1], dtype=kept)[rows.offset * shape[1] :]
    return whole[: shape[0] * shape[1]].reshape(shape).astype(dtype)


def versioned_name(model: str) -> str:
    """Return a model's name as `vector_model` holds it: with its version for the bundled model."""
    return f"{STATIC}:{fingerprint()}" if model == STATIC else model


def with_vectors(
    papers: pd.DataFrame, vectors: NDArray[Any], *, model: str = STATIC
) -> pd.DataFrame:
    """Return papers with the columns `vector` and `vector_model`.

    pandas carries them with the papers, and `embed` uses those of its model for papers without
    abstract.

    Parameters
    ----------
    papers : DataFrame
        A papers table of n papers.
    vectors : ndarray
        Shape (n, d), finite, no row of zeros; in the order of `papers`.
    model : str
        The model that made them, as for `embed`.

    Returns
    -------
    DataFrame
        A copy; the vectors are scaled to length 1 and rounded to float16.

    Raises
    ------
    DataError
        `papers` is no papers table, or the vectors do not fit it.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["title:1"], "title": ["On bees"]})
    >>> with_vectors(papers, np.array([[3.0, 4.0]]), model="mine")["vector_model"].tolist()
    ['mine']
    """
    check_papers(papers)
    rows = np.asarray(vectors)
    if rows.ndim != 2 or len(rows) != len(papers) or not np.issubdtype(rows.dtype, np.number):
        raise DataError(
            "the vectors do not fit the papers",
            argument="vectors",
            found=f"{rows.dtype} array of shape {rows.shape}",
            expected=f"numbers of shape ({len(papers)}, d)",
            hint="Make them with toolkit.embed(papers)",
        )
    columns = {
        "vector": pd.Series(encode_vectors(to_stored(rows)), index=papers.index),
        "vector_model": pd.Series(versioned_name(model), index=papers.index, dtype="string"),
    }
    return in_order(papers.assign(**columns))


def usable_vectors(papers: pd.DataFrame, model: str) -> NDArray[np.bool_]:
    """Return which papers lack an abstract and have a vector of this model instead."""
    made_by = text_of(papers, "vector_model").fillna("").to_numpy(dtype=object)
    usable: NDArray[np.bool_] = stands_in(papers, "vector") & (made_by == versioned_name(model))
    return usable


def stored_vectors(
    papers: pd.DataFrame, model: str
) -> tuple[NDArray[np.bool_], NDArray[np.float16]]:
    """Return the vectors that stand in for missing abstracts.

    Parameters
    ----------
    papers : DataFrame
        A papers table of n papers.
    model : str
        The model they must be from, as for `embed`.

    Returns
    -------
    which : ndarray of bool
        Shape (n,): the papers without abstract that have a vector of this model.
    vectors : ndarray of float16
        Shape (m, d): their vectors, in the order of `papers`.

    Raises
    ------
    DataError
        A vector is malformed; the row is named.

    Warns
    -----
    UserWarning
        Counts vectors of another model, or of another version of the bundled one.
    """
    usable = usable_vectors(papers, model)
    refused = stands_in(papers, "vector") & ~usable
    if refused.any():
        _warn_of_others(papers, refused, model)
    if not usable.any():
        return usable, np.empty((0, 0), dtype=np.float16)
    return usable, decode_vectors(papers, rows=usable.nonzero()[0])


def _warn_of_others(papers: pd.DataFrame, refused: NDArray[np.bool_], model: str) -> None:
    made_by = text_of(papers, "vector_model")[refused]
    names = sorted(made_by.fillna("an unnamed model").unique())
    other = next((name for name in names if not name.startswith((f"{STATIC}:", "an "))), None)
    choose = f"; or pass model={other!r}" if other else ""
    warn_user(
        f"{int(refused.sum())} of {len(papers)} papers have vectors of {', '.join(names)}, not of "
        f"{versioned_name(model)}: they are not used, and titles and terms are embedded instead. "
        f"For full quality, embed the abstracts. {abstracts_hint(papers, refused)}{choose}"
    )
