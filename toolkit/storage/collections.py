"""Collections as folders: saved with prose or with features in its place; the samples."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.embedding.static import fingerprint
from toolkit.errors import DataError
from toolkit.papers.coercion import PRECISIONS, Place
from toolkit.papers.features import STATIC
from toolkit.papers.impossible_dates import empty_impossible
from toolkit.papers.schema import COLUMNS, check_papers, with_all_columns
from toolkit.storage.contents import describe_methods, make_parts
from toolkit.storage.folder import check_replaceable, read_table, write_folder
from toolkit.storage.manifest import MANIFEST, read_manifest, save_again

if TYPE_CHECKING:
    from numpy.typing import NDArray


def save_collection(
    papers: pd.DataFrame,
    folder: str | os.PathLike[str],
    *,
    prose: bool = True,
    vectors: NDArray[Any] | Mapping[str, NDArray[Any]] | None = None,
    about: Mapping[str, str] | None = None,
) -> Path:
    """Save papers as a folder that can be loaded, shared and put under version control.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …). Columns of your own are kept; without prose only
        those that hold no text.
    folder : path
        Where to; made if missing, replaced if it holds a collection already.
    prose : bool
        False leaves abstracts and comments out and puts in what was made from them: terms,
        vectors (float16, unit length), links and claims. Topics, trends and availability come
        out the same from such a folder, and it holds no sentence of an abstract.
    vectors : array, or mapping of model name to array, optional
        Shape (n_papers, d), finite: embeddings that travel with the papers. An array without
        name is kept as ``"static"`` if it is what the static model gives, else as ``"given"``.
    about : mapping of str to str, optional
        Notes for whoever gets the folder, such as ``{"licence": …, "source": …}``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        `papers` is no papers table, `vectors` do not fit it, or `folder` holds something else
        than a collection.

    Examples
    --------
    >>> import tempfile, toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     again = toolkit.load_collection(toolkit.save_collection(papers, place + "/mine"))
    >>> again["title"].equals(papers["title"])
    True
    """
    check_papers(papers)
    place = Path(folder)
    check_replaceable(place, "collection")
    parts = make_parts(papers, prose=prose, vectors=vectors)
    facts: dict[str, Any] = {
        "prose": prose,
        "abstracts": int(papers["abstract"].notna().sum()) if prose and "abstract" in papers else 0,
        "methods": describe_methods(parts, prose=prose),
        "about": dict(about or {}),
    }
    if f"vectors:{STATIC}" in parts:
        facts["static_model"] = fingerprint()
    write_folder(place, "collection", parts, facts)
    return place


def load_collection(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Load the papers of a collection folder.

    Parameters
    ----------
    folder : path
        A folder that `save_collection` wrote.

    Returns
    -------
    DataFrame
        The papers table, shape (n_papers, 18 or more). ``attrs["collection"]`` is the folder:
        vectors, links and claims stored there are used for papers whose abstract is missing.

    Raises
    ------
    DataError
        There is no collection, it is damaged, or a newer toolkit saved it.

    Examples
    --------
    >>> import toolkit
    >>> toolkit.load_collection("no/such/folder")
    Traceback (most recent call last):
    toolkit.errors.DataError: no/such/folder: there is no such folder: expected ...
    """
    place = Path(folder)
    manifest = read_manifest(place, "collection")
    tables = {role: read_table(place, manifest, role) for role in manifest["files"]}
    papers = _typed(tables["papers"], place)
    check_papers(papers)
    for name in ("published", "listed"):
        papers[name] = empty_impossible(papers[name], name, papers=papers, place=Place(str(place)))
    papers.attrs["collection"] = str(place.resolve())
    return papers


def load_sample(name: str) -> pd.DataFrame:
    """Load a collection that ships with the toolkit: facts and features, no abstracts.

    Parameters
    ----------
    name : {"hf-papers", "trending-page"}
        5,680 papers of Hugging Face's daily lists (June 2024 to August 2026, at most 50 a
        week), or the 31 papers of one page of it.

    Returns
    -------
    DataFrame
        A papers table.

    Raises
    ------
    DataError
        No sample of that name, or its folder is damaged.

    Examples
    --------
    >>> import toolkit
    >>> len(toolkit.load_sample("hf-papers"))
    5680
    """
    home = _data_folder()
    names = sorted(path.parent.name for path in home.glob(f"*/{MANIFEST}"))
    if name not in names:
        raise DataError(
            "there is no such sample",
            found=name,
            expected=" or ".join(map(repr, names)) or f"a collection folder in {home}",
            hint="Your own files are read with toolkit.load(path)",
        )
    return load_collection(home / name)


def _data_folder() -> Path:
    """Return the shipped data: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def _typed(table: Any, place: Path) -> pd.DataFrame:
    """Turn the Arrow table of papers into a papers table with every column of its type."""
    papers: pd.DataFrame = table.to_pandas().reset_index(drop=True)
    papers.attrs = {}
    for name, dtype in COLUMNS.items():
        if name not in papers:
            continue
        try:
            if dtype == "category":
                papers[name] = pd.Categorical(papers[name].astype(object), PRECISIONS)
            elif str(papers[name].dtype) != dtype:
                papers[name] = papers[name].astype(dtype)
        except (ValueError, TypeError) as error:
            raise DataError(
                f"a column is of the wrong type ({error})",
                source=place,
                column=name,
                hint=save_again("collection"),
            ) from error
    return with_all_columns(papers)
