"""Topic models as folders: saved exactly, checked when read, never a pickle.

Imported late because it imports how collections are stored, and with that the reading of claims,
which fitting topics does not need: a third of a second.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.embedding.embedding import UnaskedModel
from toolkit.embedding.vectors import STATIC, from_column, from_stored, to_column, to_stored
from toolkit.errors import DataError
from toolkit.storage.folder import read_folder, read_table, write_folder
from toolkit.storage.manifest import save_again
from toolkit.topics.edits import check_unmodified
from toolkit.topics.own_words import OwnWords

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

_COLUMNS = {
    "papers": [["paper_id", "topic", "confidence", "x", "y"]],
    "topics": [["topic", "label", "size", "terms"]],
    "texts": [["document", "title"]],
    # The name says which of the two the vectors are.
    "vectors": [["float16"], ["float32"]],
}
#: In models of the collection's own words.
_WORDS = {"words": [["word", "idf", "axes"]]}
_SETTINGS = {"model", "clustering", "edits"}


def save_topics(model: TopicModel, folder: str | os.PathLike[str]) -> Path:
    """Write a model into a folder and return the folder; a model that is there is replaced.

    Parameters
    ----------
    model : TopicModel
    folder : path
        New, empty, or holding topics saved earlier.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        The folder holds something else, or the BERTopic inside the model was changed.
    """
    check_unmodified(model)
    place = Path(folder)
    tables = {
        "papers": model.papers,
        "topics": model.topics,
        "texts": pd.DataFrame({"document": model.documents, "title": model.titles}, dtype="string"),
        "vectors": _vector_table(model.vectors),
    }
    facts: dict[str, Any] = {"settings": model.settings}
    if model.own_words is not None:
        words = model.own_words
        axes = to_column(words.axes.astype(np.float16))
        tables["words"] = pa.table({"word": words.words, "idf": words.idf, "axes": axes})
        facts["own_words"] = {"weight": words.weight, "centre": words.centre.tolist()}
    write_folder(place, "topics", tables, facts)
    return place


def read_topics(folder: str | os.PathLike[str], *, model: str | None = None) -> dict[str, Any]:
    """Read a model from a folder: the arguments of `TopicModel`, by name.

    Parameters
    ----------
    folder : path
    model : str, optional
        The embedding model that may be loaded.

    Raises
    ------
    DataError
        There is none, one of its files is missing, damaged or changed, or it has another `model`.
    """
    place = Path(folder)
    found = read_folder(place, "topics", lambda manifest: _read(place, manifest))
    settings = found["settings"]
    if model is not None and model != settings["model"]:
        raise DataError(
            "the topics were fitted with another embedding model",
            argument="model",
            found=model,
            expected=repr(settings["model"]),
        )
    if model is None and settings["model"] != STATIC:
        settings["model"] = UnaskedModel(settings["model"])
    return found


def _read(place: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    settings = manifest.get("settings")
    if not isinstance(settings, dict) or _SETTINGS - settings.keys():
        raise _unfit(place, "settings are missing", settings, ", ".join(sorted(_SETTINGS)))
    if not isinstance(settings["model"], str):
        raise _unfit(place, "no name of a model", settings["model"], repr(STATIC))
    if missing := _COLUMNS.keys() - manifest["files"].keys():
        raise _unfit(place, "files are missing", sorted(manifest["files"]), ", ".join(missing))
    expected = {**_COLUMNS, **(_WORDS if "words" in manifest["files"] else {})}
    tables = {role: read_table(place, manifest, role) for role in expected}
    for role, columns in expected.items():
        if tables[role].column_names not in columns:
            raise _unfit(
                place / manifest["files"][role]["name"],
                "other columns than a topic model has",
                tables[role].column_names,
                " or ".join(", ".join(names) for names in columns),
            )
    rows = {role: len(tables[role]) for role in ("papers", "texts", "vectors")}
    if len(set(rows.values())) > 1:
        raise _unfit(place, "the files do not fit together", rows, "equal numbers of rows")
    try:
        vectors = _vectors(tables["vectors"])
    except ValueError as error:
        name = manifest["files"]["vectors"]["name"]
        raise _unfit(place / name, "the vectors cannot be read", str(error), "bytes") from error
    texts = tables["texts"]
    return {
        "papers": tables["papers"].to_pandas(),
        "topics": tables["topics"].to_pandas(),
        "settings": settings,
        "documents": texts.column("document").to_pylist(),
        "titles": texts.column("title").to_pylist(),
        "vectors": vectors,
        "own_words": _own_words(place, manifest, tables, vectors.shape[1]),
    }


def _own_words(
    place: Path, manifest: dict[str, Any], tables: dict[str, Any], width: int
) -> OwnWords | None:
    if "words" not in tables:
        return None
    table, facts = tables["words"], manifest.get("own_words")
    try:
        axes = from_column(table.column("axes"), "float16").astype(np.float32)
        centre = np.asarray(facts["centre"], dtype=np.float32)  # type: ignore[index]
        weight = float(facts["weight"])  # type: ignore[index]
        idf = table.column("idf").to_numpy().astype(np.float64)
        if len(centre) != width or not (np.isfinite(idf).all() and np.isfinite(axes).all()):
            raise ValueError(f"{len(centre)} means for vectors of {width} dimensions")
    except (ValueError, TypeError, KeyError) as error:
        name = manifest["files"]["words"]["name"]
        raise _unfit(
            place / name, "the words cannot be read", str(error), "words and their axes"
        ) from error
    return OwnWords(weight, table.column("word").to_pylist(), idf, axes, centre)


def _unfit(source: Path, message: str, found: Any, expected: str) -> DataError:
    return DataError(
        message, source=source, found=found, expected=expected, hint=save_again("topics")
    )


def _vector_table(vectors: NDArray[np.float32]) -> Any:
    """Return vectors as a table: float16 where that loses nothing, else float32."""
    kept: NDArray[Any] = vectors
    if vectors.any(axis=1).all():
        half = to_stored(vectors)
        if np.array_equal(from_stored(half), vectors):
            kept = half
    return pa.table({str(kept.dtype): to_column(kept)})


def _vectors(table: Any) -> NDArray[np.float32]:
    (dtype,) = table.column_names
    kept = from_column(table.column(dtype), dtype)
    return kept if dtype == "float32" else from_stored(kept)
