"""The features of each part: what papers claim about code, and their vectors."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.claims.claims import read_claims_of
from toolkit.embedding.embedding import embed_texts
from toolkit.embedding.vectors import to_stored, versioned_name
from toolkit.errors import checked
from toolkit.papers.features import encode_vectors
from toolkit.papers.schema import modelling_text
from toolkit.scale.execution import part_number, part_summary, run_parts
from toolkit.scale.parts import made_as, part_identity, part_path, require_parts, write_part

if TYPE_CHECKING:
    import os

#: A title without letters and digits has no vector.
_HAS_LETTERS = r"[^\W_]"


@checked
def features_of(papers: pd.DataFrame, *, model: str = "static") -> pd.DataFrame:
    """Return claims and vectors of papers: all that later steps need of the text.

    Each row depends on its paper alone, so ``map_partitions`` can call this. A transformer is
    loaded once a process.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n, …).
    model : str
        As for `toolkit.embed`.

    Returns
    -------
    DataFrame
        Shape (n, 4): paper_id, code, artifact (see `toolkit.code_claims`; NA without abstract)
        and vector (as in the papers table).

    Examples
    --------
    >>> from toolkit.storage import load_sample
    >>> features = features_of(load_sample("trending-page"))
    >>> features.shape, list(features)
    ((31, 4), ['paper_id', 'code', 'artifact', 'vector'])
    """
    claims = read_claims_of(papers)[["paper_id", "code", "artifact"]]
    texts = modelling_text(papers).tolist()
    vectors = embed_texts(texts, model=model) if texts else np.empty((0, 1))
    return claims.assign(vector=encode_vectors(to_stored(vectors)))


@checked
def add_features(
    folder: str | os.PathLike[str], *, model: str = "static", client: Any = None
) -> None:
    """Write the features of every part that has none yet.

    Parameters
    ----------
    folder : path
        Filled by `import_snapshot`.
    model : str
        As for `toolkit.embed`; parts made with another model are written again.
    client : distributed.Client or str, optional
        A Dask cluster (or its address) whose workers see the same folder; without it, this
        process. The results are the same.

    Raises
    ------
    DataError
        No parts, a damaged part, or a full disk.
    MissingExtraError
        `client` is given and Dask is not installed, or `model` is a transformer and
        sentence-transformers is not.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from toolkit.scale import import_snapshot
    >>> from toolkit.synthetic import write_synthetic_snapshot
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = Path(name) / "snapshot.json"
    ...     path = write_synthetic_snapshot(path, 60, fields=["speech", "games"])
    ...     _ = import_snapshot(path, name)
    ...     add_features(name)
    ...     len(pd.read_parquet(Path(name) / "features"))
    60
    """
    place = Path(folder)
    todo = [
        number
        for number in require_parts(place, "papers")
        if not made_as(part_path(place, "features", number), _features_note(place, number, model))
    ]
    work = partial(_write_features, folder=place, model=model)
    run_parts(work, folder=place, kind="papers", numbers=todo, title="features", client=client)


def _features_note(folder: Path, number: int, model: str) -> dict[str, Any]:
    return {
        "step": "features",
        "model": versioned_name(model),
        "of": part_identity(part_path(folder, "papers", number)),
    }


def _write_features(papers: pd.DataFrame, *, folder: Path, model: str) -> pd.DataFrame:
    number = part_number(papers)
    if number is None:
        return part_summary(0, 0).iloc[:0]
    usable = papers[papers["title"].str.contains(_HAS_LETTERS).fillna(False)]
    features = features_of(usable, model=model)
    write_part(
        features, part_path(folder, "features", number), _features_note(folder, number, model)
    )
    return part_summary(number, len(features))
