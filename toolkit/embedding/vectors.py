"""The form in which vectors are kept: rows of length 1, rounded to float16."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


def to_stored(vectors: NDArray[Any]) -> NDArray[np.float16]:
    """Scale rows to length 1 and round them to float16, the form in which vectors are kept.

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
    """Bring kept vectors back: float32, rows of length 1 to float32's precision.

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
