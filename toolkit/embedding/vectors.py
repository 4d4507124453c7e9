"""The form in which vectors are kept: rows of length 1, rounded to float16."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

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
