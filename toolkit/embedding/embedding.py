"""Embed texts with the bundled static model, or any sentence-transformers model by name.

Vectors are rounded through float16 whatever the model: a vector computed here from the abstract and
one that stands in the column `vector` are then the same to the last bit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache as memoise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.embedding.cache import cached_vectors
from toolkit.embedding.static import encode_static
from toolkit.embedding.vectors import STATIC, from_stored, stored_vectors, to_stored
from toolkit.errors import DataError, MissingExtraError, SourceError, checked
from toolkit.files import cache_folder
from toolkit.papers.features import abstracts_hint
from toolkit.papers.schema import check_papers, modelling_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_SAYS_SOMETHING = re.compile(r"[^\W_]")


class UnaskedModel(str):
    """The name of a model that a folder gives, and nobody who runs this: it is never loaded.

    A model may be a pickle or be downloaded, and the folder may come from anybody.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Return the name as it is, so that ``str(name)`` forgets nothing."""
        return self


@checked
def embed(papers: pd.DataFrame, *, model: str = STATIC, cache: str | Path | None = None) -> Vectors:
    """Return a vector of each paper; papers on one subject lie close together.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …). The text is ``title. abstract``. Papers without
        abstract keep the vector in their column `vector` where it is of this model; of the others,
        ``title. terms`` or the title is embedded.
    model : str
        ``"static"``, the model bundled with the toolkit, or the name (or folder) of any
        sentence-transformers model.
    cache : str or Path, optional
        Folder in which vectors are kept by content, so that a second run embeds only what is
        new. Without it, transformer vectors go to the user's cache folder (or the one in the
        environment variable ``PAPERSCOPE_CACHE``) and static ones,
        made faster than read, nowhere.

    Returns
    -------
    ndarray of float32
        Shape (n_papers, d), rows of length 1, in the order of `papers`; d is 256 for the bundled
        model.

    Raises
    ------
    DataError
        A paper without any text, or a malformed value in the column `vector` (the row is named).
    MissingExtraError
        `model` names a transformer and sentence-transformers is not installed.
    SourceError
        `model` could not be loaded.

    Warns
    -----
    UserWarning
        Papers of which the bundled model knows no word (another script, say): they all get the
        same vector.
    UserWarning
        Papers whose column `vector` is of another model, or another version of the bundled one.

    Notes
    -----
    The bundled model is a linear one, trained on papers of all fields to imitate the vectors of
    all-MiniLM-L6-v2 and all-mpnet-base-v2 (Reimers & Gurevych 2019, doi:10.18653/v1/D19-1410). It
    reads English and, less well, German, French, Portuguese, Spanish and Italian;
    ``toolkit/assets/README.md`` has its card.

    Examples
    --------
    >>> import pandas as pd
    >>> papers = pd.DataFrame({
    ...     "paper_id": ["title:1", "title:2", "title:3"],
    ...     "title": ["Grasping with a robot hand", "Robotic grasp planning", "Word embeddings"],
    ... })
    >>> vectors = embed(papers)
    >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
    True
    """
    check_papers(papers)
    _check_model(model)
    texts = modelling_text(papers).tolist()
    held, vectors = stored_vectors(papers, model)
    _need_text(texts, skip=held)
    fresh = _vectors([text for text, has in zip(texts, held) if not has], model, cache)
    if not held.any():
        return from_stored(fresh)
    if fresh.shape[1] not in (0, vectors.shape[1]):
        raise DataError(
            f"the vectors are not of this {model!r} model",
            row=int(held.argmax()) + 1,
            column="vector",
            found=f"{vectors.shape[1]} dimensions",
            expected=f"{fresh.shape[1]}",
            hint="Drop the column, or embed the abstracts. " + abstracts_hint(papers, held),
        )
    out = np.empty((len(papers), vectors.shape[1]), dtype=np.float16)
    out[held] = vectors
    if len(fresh):
        out[~held] = fresh
    return from_stored(out)


def has_text(papers: pd.DataFrame, *, model: str = STATIC) -> NDArray[np.bool_]:
    """Return which papers `embed` can place: by a letter of text, or by their column `vector`."""
    placed, _ = stored_vectors(papers, model)
    placed |= [bool(_SAYS_SOMETHING.search(title)) for title in papers["title"]]
    rest = np.flatnonzero(~placed)
    texts = modelling_text(papers.iloc[rest])
    placed[rest] = [bool(_SAYS_SOMETHING.search(text)) for text in texts]
    return placed


def embed_texts(texts: Sequence[str], *, model: str = STATIC) -> Vectors:
    """Return vectors of any texts, as `embed` does for papers but without a cache.

    Parameters
    ----------
    texts : sequence of str
        n texts, each with at least one letter or digit.
    model : str
        As for `embed`.

    Returns
    -------
    ndarray of float32
        Shape (n, d), rows of length 1.

    Examples
    --------
    >>> vectors = embed_texts(["graph neural networks", "nodes and edges", "bird migration"])
    >>> vectors.shape
    (3, 256)
    >>> near, far = vectors[0] @ vectors[1:].T
    >>> bool(near > far)
    True
    """
    _check_model(model)
    _need_text(texts)
    return from_stored(to_stored(_encoder(model)(list(texts))))


def _check_model(model: str) -> None:
    if not isinstance(model, str) or not model.strip():
        raise DataError(
            "not a model's name",
            argument="model",
            found=model,
            expected="'static' or the name of a sentence-transformers model",
        )


def _need_text(texts: Sequence[str], *, skip: NDArray[np.bool_] | None = None) -> None:
    for row, text in enumerate(texts):
        if not _SAYS_SOMETHING.search(text) and (skip is None or not skip[row]):
            raise DataError(
                "a paper has no text to embed",
                row=row + 1,
                column="title",
                found=text,
                expected="a title with letters or digits",
                hint="Fill it, or drop the row",
            )


def _vectors(texts: list[str], model: str, cache: str | Path | None) -> NDArray[np.float16]:
    """Return the vectors of texts in their kept form, through the cache where there is one."""
    if not texts:
        return np.empty((0, 0 if model != STATIC else encode_static([]).shape[1]), dtype=np.float16)
    if cache is None and model == STATIC:
        return to_stored(encode_static(texts))
    folder = Path(cache).expanduser() if cache is not None else cache_folder("vectors")
    return cached_vectors(texts, model, folder, lambda: _encoder(model))


def _encoder(model: str) -> Callable[[list[str]], NDArray[Any]]:
    if model == STATIC:
        return encode_static
    if isinstance(model, UnaskedModel):
        raise DataError(
            "the topics were fitted with an embedding model that is loaded only if you name it",
            found=model[:],
            expected=f"toolkit.load_topics(folder, model={model[:]!r})",
            hint="Name it if you trust where the folder comes from: a model can hold code. Or give "
            "the vectors: predict(papers, vectors=…)",
        )
    transformer = _load_transformer(model)

    def encode(texts: list[str]) -> NDArray[Any]:
        vectors: NDArray[Any] = transformer.encode(
            texts, show_progress_bar=False, convert_to_numpy=True
        )
        return vectors

    return encode


@memoise
def _load_transformer(model: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtraError(f"embedding with model={model!r}", "transformers") from error
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"the embedding model {model!r} could not be loaded ({error}); check its name, or give "
            "the folder of a copy, or use model='static', which is bundled"
        ) from error
