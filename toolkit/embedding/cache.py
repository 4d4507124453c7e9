"""Cache vectors on disk by the content of their text."""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from tqdm.auto import tqdm

from toolkit.embedding.vectors import to_stored
from toolkit.errors import DataError, warn_user
from toolkit.files import write_atomically

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Encoder = Callable[[list[str]], NDArray[Any]]

#: So many texts go to the model at once, and a part is written whenever so many seconds passed.
_BATCH = 256
_SECONDS = 20.0


def cached_vectors(
    texts: list[str], model: str, folder: Path, load: Callable[[], Encoder]
) -> NDArray[np.float16]:
    """Return vectors from the cache; those that are missing are computed and added.

    Parameters
    ----------
    texts : list of str
        n texts.
    model : str
        The model's name: each has a folder of its own.
    folder : Path
        Where the parts lie; made where it is missing.
    load : callable
        Gives the encoder (texts → (n, d) array); called only when something is missing.

    Returns
    -------
    ndarray of float16
        Shape (n, d), rows of length 1.

    Notes
    -----
    Parts are written whole or not at all, every 20 seconds and when interrupted, so that a run
    that was stopped or killed goes on where it was.
    """
    home = _home(folder, model)
    keys = [
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts
    ]
    known = _read_parts(home)
    todo = list({key: i for i, key in enumerate(keys) if key not in known}.values())
    # Texts of like length together: a transformer pads a batch to its longest.
    todo.sort(key=lambda i: -len(texts[i]))
    if todo:
        _embed_missing(todo, texts, keys, known, home, load())
    return np.stack([known[key] for key in keys])


def _home(folder: Path, model: str) -> Path:
    slug = re.sub(r"[^\w.-]+", "-", model).strip("-.")[-60:]
    home = (
        folder
        / f"{slug}-{hashlib.blake2b(model.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
    )
    try:
        home.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise DataError(
            f"the folder for kept vectors cannot be made ({error})",
            source=home,
            hint="Choose a folder that can be written: embed(papers, model=…, cache=folder)",
        ) from error
    return home


def _embed_missing(
    todo: list[int],
    texts: list[str],
    keys: list[bytes],
    known: dict[bytes, NDArray[np.float16]],
    home: Path,
    encode: Encoder,
) -> None:
    unwritten: list[bytes] = []
    written = time.monotonic()
    try:
        with tqdm(total=len(todo), desc="embedding", unit="paper") as progress:
            for start in range(0, len(todo), _BATCH):
                batch = todo[start : start + _BATCH]
                vectors = to_stored(encode([texts[i] for i in batch]))
                for i, vector in zip(batch, vectors):
                    known[keys[i]] = vector
                unwritten += [keys[i] for i in batch]
                progress.update(len(batch))
                if time.monotonic() - written > _SECONDS:
                    _write_part(home, unwritten, known)
                    unwritten, written = [], time.monotonic()
    finally:
        _write_part(home, unwritten, known)


def _write_part(home: Path, keys: list[bytes], known: dict[bytes, NDArray[np.float16]]) -> None:
    if not keys:
        return
    names = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16)
    name = hashlib.blake2b(names.tobytes(), digest_size=8).hexdigest()
    content = io.BytesIO()
    np.savez(content, keys=names, vectors=np.stack([known[key] for key in keys]))
    write_atomically(home / f"part-{name}.npz", content.getvalue())


def _read_parts(home: Path) -> dict[bytes, NDArray[np.float16]]:
    known: dict[bytes, NDArray[np.float16]] = {}
    for part in sorted(home.glob("part-*.npz")):
        try:
            with part.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                keys, vectors = arrays["keys"], arrays["vectors"]
            if keys.shape != (len(vectors), 16) or vectors.dtype != np.float16:
                raise ValueError("wrong shapes")
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            warn_user(f"{part}: cached vectors cannot be read ({error}); they are computed again")
            with suppress(OSError):
                part.unlink()
            continue
        known.update((key.tobytes(), vector) for key, vector in zip(keys, vectors))
    return known
