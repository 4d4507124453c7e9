"""Topics in a folder: JSON, Parquet and safetensors, checked when read, never a pickle.

The manifest is written last and names every other file with its checksum: whatever happens in
mid-save, the folder holds the old model or the new one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.embedding.vectors import from_stored, to_stored
from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.storage.folder import table_bytes
from toolkit.topics.edits import need_untouched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.topics import TopicModel

FORMAT = "paper-toolkit topics"
VERSION = 1
MANIFEST = "topics.json"
_AGAIN = "Save the topics again, or make them again with toolkit.fit_topics"
_PARTS = ("papers", "topics", "texts", "vectors")
_COLUMNS = {
    "papers": ["paper_id", "topic", "confidence", "x", "y"],
    "topics": ["topic", "label", "size", "terms"],
    "texts": ["document", "title"],
}


def save_topics(model: TopicModel, folder: str | os.PathLike[str]) -> Path:
    """Write a model into a folder, or replace the model that is there.

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
    need_untouched(model)
    place = Path(folder)
    old = _replaceable(place)
    texts = pd.DataFrame({"document": model.documents, "title": model.titles}, dtype="string")
    parts = {
        "papers": table_bytes(model.papers),
        "topics": table_bytes(model.topics),
        "texts": table_bytes(texts),
        "vectors": _vector_bytes(model.vectors),
    }
    place.mkdir(parents=True, exist_ok=True)
    files = {}
    for part, content in parts.items():
        digest = hashlib.sha256(content).hexdigest()
        ending = "safetensors" if part == "vectors" else "parquet"
        # Named by content, so that the files of the model there stay whole until the switch.
        name = f"{part}-{digest[:12]}.{ending}"
        write_atomically(place / name, content)
        files[part] = {"name": name, "sha256": digest}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "settings": model.settings,
        "papers": len(model.papers),
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_atomically(place / MANIFEST, text)
    for name in old - {entry["name"] for entry in files.values()}:
        (place / name).unlink(missing_ok=True)
    return place


def read_topics(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a model from a folder: what `TopicModel` is made of, by name.

    Raises
    ------
    DataError
        There is none, or a file of it is missing, damaged or changed.
    """
    place = Path(folder)
    manifest = _manifest(place)
    content = {part: _content(place, manifest, part) for part in _PARTS}
    tables = {part: _table(place, manifest, part, content[part]) for part in _COLUMNS}
    vectors = _vectors(place, manifest, content["vectors"])
    n = manifest["papers"]
    counts = {**{part: len(tables[part]) for part in ("papers", "texts")}, "vectors": len(vectors)}
    if set(counts.values()) != {n}:
        raise DataError(
            "the parts do not fit together",
            source=place,
            found=counts,
            expected=f"{n} rows each",
            hint=_AGAIN,
        )
    return {
        "papers": tables["papers"],
        "topics": tables["topics"],
        "settings": manifest["settings"],
        "documents": tables["texts"]["document"].tolist(),
        "titles": tables["texts"]["title"].tolist(),
        "vectors": vectors,
    }


def _replaceable(place: Path) -> set[str]:
    """Return the files of the model that is to be replaced, if there is one."""
    if place.exists() and not place.is_dir():
        raise DataError("this is a file, not a folder", source=place, hint="Choose another name")
    if not place.is_dir() or not any(place.iterdir()):
        return set()
    try:
        return {entry["name"] for entry in _manifest(place)["files"].values()}
    except DataError as error:
        raise DataError(
            f"the folder is not empty and holds no topics that could be replaced ({error.message})",
            source=place,
            hint="Choose another folder, or delete this one first",
        ) from error


def _manifest(place: Path) -> dict[str, Any]:
    path = place / MANIFEST
    if not path.is_file():
        raise DataError(
            f"no saved topics here: {MANIFEST} is missing",
            source=place,
            expected="a folder written by TopicModel.save",
        )
    try:
        manifest = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError) as error:
        raise DataError(
            f"the file cannot be read ({error})", source=path, expected="JSON", hint=_AGAIN
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DataError(
            "not saved topics", source=path, expected=f'"format": "{FORMAT}"', hint=_AGAIN
        )
    if manifest.get("version") != VERSION:
        raise DataError(
            "saved by another version of the toolkit",
            source=path,
            column="version",
            found=manifest.get("version"),
            expected=str(VERSION),
            hint="Update the toolkit, or fit the topics again",
        )
    files, settings = manifest.get("files"), manifest.get("settings")
    whole = (
        isinstance(files, dict)
        and isinstance(settings, dict)
        and isinstance(manifest.get("papers"), int)
        and {"model", "clustering", "edits"} <= set(settings)
        and all(
            isinstance(files.get(part), dict)
            and isinstance(files[part].get("name"), str)
            and Path(files[part]["name"]).name == files[part]["name"]
            and files[part]["name"] not in ("", ".", "..", MANIFEST)
            for part in _PARTS
        )
    )
    if not whole:
        raise DataError(
            "the file is incomplete, or names files outside its folder",
            source=path,
            expected="settings, papers, and files: " + ", ".join(_PARTS),
            hint=_AGAIN,
        )
    return manifest


def _content(place: Path, manifest: dict[str, Any], part: str) -> bytes:
    entry = manifest["files"][part]
    path: Path = place / entry["name"]
    try:
        content: bytes = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"a file of the topics cannot be read ({error.strerror})", source=path, hint=_AGAIN
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry.get("sha256"):
        raise DataError(
            "the file is damaged or was changed after it was saved",
            source=path,
            found=f"SHA-256 {digest[:12]}…",
            expected=f"{str(entry.get('sha256'))[:12]}…",
            hint=_AGAIN,
        )
    return content


def _table(place: Path, manifest: dict[str, Any], part: str, content: bytes) -> pd.DataFrame:
    path = place / manifest["files"][part]["name"]
    try:
        table = pd.read_parquet(io.BytesIO(content))
    except (OSError, ValueError) as error:
        raise DataError(
            f"the file cannot be read ({error})", source=path, expected="Parquet", hint=_AGAIN
        ) from error
    if list(table.columns) != _COLUMNS[part]:
        raise DataError(
            "other columns than a topic model has",
            source=path,
            found=list(table.columns),
            expected=", ".join(_COLUMNS[part]),
            hint=_AGAIN,
        )
    return table


def _vector_bytes(vectors: NDArray[np.float32]) -> bytes:
    """Write vectors in half precision where that loses nothing, else in full."""
    from safetensors.numpy import save

    arrays = {"vectors": np.ascontiguousarray(vectors)}
    if vectors.any(axis=1).all():
        half = to_stored(vectors)
        if np.array_equal(from_stored(half), vectors):
            arrays = {"vectors_half": half}  # type: ignore[dict-item]
    content: bytes = save(arrays)
    return content


def _vectors(place: Path, manifest: dict[str, Any], content: bytes) -> NDArray[np.float32]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = place / manifest["files"]["vectors"]["name"]
    try:
        found = load(content)
        vectors: NDArray[np.float32] = (
            found["vectors"] if "vectors" in found else from_stored(found["vectors_half"])
        )
    except (SafetensorError, KeyError, ValueError) as error:
        raise DataError(
            f"the file cannot be read ({error})", source=path, expected="safetensors", hint=_AGAIN
        ) from error
    return vectors
