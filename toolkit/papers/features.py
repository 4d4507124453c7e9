"""What travelled in a collection folder in place of the prose: vectors, links and claims.

A loaded collection folder leaves its path in ``papers.attrs["collection"]``; what was stored there
counts only for papers whose abstract is gone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Name of the bundled embedding model.
STATIC = "static"


def stored_vectors(
    papers: pd.DataFrame, model: str
) -> tuple[NDArray[np.bool_], NDArray[np.float16]] | None:
    """Vectors that travelled in a collection folder in place of the prose.

    Parameters
    ----------
    papers : DataFrame
        A papers table; ``papers.attrs["collection"]`` says which folder it came from.
    model : str
        Name of the embedding model the vectors must be from.

    Returns
    -------
    tuple of arrays, or None
        Which papers have one (shape (n_papers,), True only where the abstract is missing), and
        their vectors in the order of `papers` (shape (n_found, d), float16). None where
        no abstract is missing, or the folder holds none of this model.

    Raises
    ------
    DataError
        The folder is damaged.
    """
    from toolkit.storage.folder import read_part

    bare = _without_prose(papers)
    folder = papers.attrs.get("collection")
    part = read_part(folder, f"vectors:{model}") if folder and bare.any() else None
    if part is None or (model == STATIC and _outdated(Path(folder))):
        return None
    ids, vectors = part
    row = pd.Index(ids).get_indexer(pd.Index(papers["paper_id"].astype(object)))
    found: NDArray[np.bool_] = (row >= 0) & bare
    return found, vectors[row[found]]


def _outdated(folder: Path) -> bool:
    """Say whether a folder's static vectors are from another version of the bundled model."""
    from toolkit.embedding.static import fingerprint
    from toolkit.storage.manifest import read_manifest

    made_by = read_manifest(folder, "collection").get("static_model")
    if made_by == fingerprint():
        return False
    warn_user(
        f"{folder.name}: its vectors are from another version of the static model and are not "
        "used; titles and terms are embedded instead. For the full quality, save the collection "
        "anew from its abstracts (toolkit.fetch_abstracts brings them back)"
    )
    return True


def stored_table(papers: pd.DataFrame, name: str) -> pd.DataFrame | None:
    """Links or claims that travelled in a collection folder in place of the prose.

    Parameters
    ----------
    papers : DataFrame
        A papers table; ``papers.attrs["collection"]`` says which folder it came from.
    name : {"links", "claims"}
        Which table.

    Returns
    -------
    DataFrame or None
        The stored rows of those papers whose abstract is missing, in the order of `papers`.
        None where no abstract is missing, or the folder holds no such table.

    Raises
    ------
    DataError
        The folder is damaged, or there is no table of that name.
    """
    from toolkit.storage.folder import read_part

    if name not in ("links", "claims"):
        raise DataError("no such table", found=name, expected="'links' or 'claims'")
    bare = _without_prose(papers)
    folder = papers.attrs.get("collection")
    part = read_part(folder, name) if folder and bare.any() else None
    if part is None:
        return None
    table: pd.DataFrame = part
    wanted = pd.Index(papers["paper_id"][bare].astype(object))
    row = wanted.get_indexer(pd.Index(table["paper_id"].astype(object)))
    order = np.argsort(row[row >= 0], kind="stable")
    return table[row >= 0].iloc[order].reset_index(drop=True)


def _without_prose(papers: pd.DataFrame) -> NDArray[np.bool_]:
    if "abstract" not in papers:
        return np.ones(len(papers), dtype=bool)
    missing: NDArray[np.bool_] = papers["abstract"].isna().to_numpy(dtype=bool)
    return missing
