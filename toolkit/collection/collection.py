"""Collections as folders: saved with prose or with features in its place; the samples."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.coercion import PRECISIONS, Place
from toolkit.collection.features import STATIC, stored_table, stored_vectors, terms
from toolkit.collection.folder import (
    AGAIN,
    MANIFEST,
    read_bytes,
    read_manifest,
    read_table,
    replaceable,
    table_bytes,
    to_frame,
    vector_bytes,
    write_folder,
)
from toolkit.embedding.static import fingerprint
from toolkit.errors import DataError
from toolkit.plausible import empty_impossible
from toolkit.schema import COLUMNS, check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Columns of running text; a folder without prose leaves them out.
_PROSE = ("abstract", "comments")


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
    replaceable(place)
    parts = _parts(papers, prose=prose, vectors=vectors)
    facts: dict[str, Any] = {
        "prose": prose,
        "counts": _counts(papers, parts, prose=prose),
        "methods": _methods(parts, prose=prose),
        "about": dict(about or {}),
    }
    if f"vectors:{STATIC}" in parts:
        facts["static_model"] = fingerprint()
    write_folder(place, parts, facts)
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
    toolkit.errors.DataError: no/such/folder: there is no such folder. ...
    """
    place = Path(folder)
    manifest = read_manifest(place)
    for role in manifest["files"]:
        if role != "papers":
            read_bytes(place, manifest, role)
    papers = _typed(read_table(place, manifest, "papers"), place)
    check_papers(papers)
    for name in ("published", "listed"):
        papers[name] = empty_impossible(papers[name], name, papers=papers, place=Place(str(place)))
    if len(papers) != manifest["counts"].get("papers"):
        raise DataError(
            "the manifest counts other papers than the folder holds",
            source=place,
            found=len(papers),
            expected=str(manifest["counts"].get("papers")),
            mend=AGAIN,
        )
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
            mend="Your own files are read with toolkit.load(path)",
        )
    return load_collection(home / name)


def _data_folder() -> Path:
    """Return the shipped data: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


# --- making the parts --------------------------------------------------------------------------


def _parts(
    papers: pd.DataFrame,
    *,
    prose: bool,
    vectors: NDArray[Any] | Mapping[str, NDArray[Any]] | None,
) -> dict[str, bytes]:
    """Make the content of each file, by its role."""
    table = papers.copy(deep=False)
    table.attrs = {}
    for name, dtype in COLUMNS.items():
        if name not in table:
            table[name] = pd.Series(pd.NA, index=table.index, dtype="string").astype(dtype)
    extra = [name for name in table.columns if name not in COLUMNS]
    table = table[[*COLUMNS, *extra]]
    parts: dict[str, bytes] = {}
    if prose:
        links, claims = stored_table(papers, "links"), stored_table(papers, "claims")
    else:
        from toolkit.claims import code_claims, find_links

        table = _without_prose(table, papers, extra)
        links, claims = find_links(papers), _of_read(code_claims(papers), papers)
    parts["papers"] = table_bytes(table)
    for name, rows in (("links", links), ("claims", claims)):
        if rows is not None:
            parts[name] = table_bytes(_without_evidence(rows))
    for model, (ids, rows) in _vectors(papers, prose=prose, vectors=vectors).items():
        parts[f"vectors:{model}"] = vector_bytes(ids, rows)
    return parts


def _without_prose(table: pd.DataFrame, papers: pd.DataFrame, extra: list[str]) -> pd.DataFrame:
    words = terms(papers)
    table["terms"] = words.mask(words == "")
    for name in _PROSE:
        table[name] = pd.Series(pd.NA, index=table.index, dtype="string")
    texts = [
        name
        for name in extra
        if pd.api.types.is_string_dtype(table[name]) or pd.api.types.is_object_dtype(table[name])
    ]
    if texts:
        warnings.warn(
            f"columns of text were left out of the folder without prose: {', '.join(texts)}",
            UserWarning,
            stacklevel=4,
        )
    return table.drop(columns=texts)


def _of_read(claims: pd.DataFrame, papers: pd.DataFrame) -> pd.DataFrame:
    """Leave out "none" for papers without a text: nobody could read what they claim."""
    earlier = stored_table(papers, "claims")
    read = papers["abstract"].notna().to_numpy() if "abstract" in papers else False
    said = claims[["code", "artifact"]].ne("none").any(axis=1).to_numpy()
    known = claims["paper_id"].isin([] if earlier is None else earlier["paper_id"]).to_numpy()
    return claims[read | said | known].reset_index(drop=True)


def _without_evidence(rows: pd.DataFrame) -> pd.DataFrame:
    """Take the sentences out: links and claims are facts, their wording is prose."""
    rows = rows.copy()
    rows.attrs = {}
    if "evidence" in rows:
        rows["evidence"] = pd.Series(pd.NA, index=rows.index, dtype="string")
    return rows


def _vectors(
    papers: pd.DataFrame,
    *,
    prose: bool,
    vectors: NDArray[Any] | Mapping[str, NDArray[Any]] | None,
) -> dict[str, tuple[list[str], NDArray[np.float16]]]:
    """Collect the vectors that go along: given, carried from an earlier folder, static."""
    ids = papers["paper_id"].astype(object).to_numpy()
    out: dict[str, tuple[list[str], NDArray[np.float16]]] = {}
    for model in _stored_models(papers):
        found = stored_vectors(papers, model)
        if found is not None and found[0].any():
            out[model] = (ids[found[0]].tolist(), found[1])
    static = None
    if len(papers) and (not prose or (vectors is not None and not isinstance(vectors, Mapping))):
        from toolkit.embedding.embedding import embed, to_stored

        static = to_stored(embed(papers))
        if not prose:
            out["static"] = (ids.tolist(), static)
    if vectors is not None:
        named = vectors if isinstance(vectors, Mapping) else {"": vectors}
        for model, rows in named.items():
            stored = _to_stored(rows, len(papers))
            if not model:
                same = static is not None and np.array_equal(stored, static)
                model = "static" if same else "given"
            out[model] = (ids.tolist(), stored)
    return out


def _stored_models(papers: pd.DataFrame) -> list[str]:
    folder = papers.attrs.get("collection")
    if not folder or ("abstract" in papers and bool(papers["abstract"].notna().all())):
        return []
    files = read_manifest(Path(folder))["files"]
    return [role.removeprefix("vectors:") for role in files if role.startswith("vectors:")]


def _to_stored(vectors: Any, n_papers: int) -> NDArray[np.float16]:
    from toolkit.embedding.embedding import to_stored

    rows = np.asarray(vectors)
    if rows.ndim != 2 or len(rows) != n_papers or not np.issubdtype(rows.dtype, np.number):
        raise DataError(
            "the vectors do not fit the papers",
            column="vectors",
            found=f"{rows.dtype} array of shape {rows.shape}",
            expected=f"numbers of shape ({n_papers}, d)",
            mend="Make them with toolkit.embed(papers)",
        )
    bad = ~np.isfinite(rows).all(axis=1)
    if bad.any():
        raise DataError("a vector is not finite", row=int(bad.argmax()) + 1, column="vectors")
    return to_stored(rows.astype(np.float32))


def _counts(papers: pd.DataFrame, parts: Mapping[str, bytes], *, prose: bool) -> dict[str, int]:
    import pyarrow.parquet as pq

    abstracts = int(papers["abstract"].notna().sum()) if prose and "abstract" in papers else 0
    rows = {role: pq.read_metadata(io.BytesIO(data)).num_rows for role, data in parts.items()}
    return {**rows, "abstracts": abstracts}


def _methods(parts: Mapping[str, bytes], *, prose: bool) -> dict[str, str]:
    methods = {
        role: f"unit-length float16 vectors of the embedding model {role.split(':', 1)[1]!r}"
        for role in parts
        if role.startswith("vectors:")
    }
    if not prose:
        from toolkit.collection.features import SHARED_BY

        methods["terms"] = (
            "lower-case words of title and abstract without stop words, and two-word terms that "
            f"at least {SHARED_BY} papers share; sorted (toolkit.collection.features.terms)"
        )
        methods["links"] = "toolkit.find_links on the full text, sentences left out"
        methods["claims"] = (
            "toolkit.code_claims on the full text, sentences left out; no row for papers that "
            "had no abstract and say nothing elsewhere"
        )
    return methods


def _typed(table: Any, place: Path) -> pd.DataFrame:
    """Turn the Arrow table of papers into a papers table with every column of its type."""
    papers = to_frame(table).reset_index(drop=True)
    for name, dtype in COLUMNS.items():
        if name not in papers:
            papers[name] = pd.Series(pd.NA, index=papers.index, dtype="string").astype(dtype)
            continue
        try:
            if dtype == "category":
                papers[name] = pd.Categorical(papers[name].astype(object), PRECISIONS)
            elif str(papers[name].dtype) != dtype:
                papers[name] = papers[name].astype(dtype)
        except (ValueError, TypeError) as error:
            raise DataError(
                f"a column is of the wrong type ({error})", source=place, column=name, mend=AGAIN
            ) from error
    extra = [name for name in papers.columns if name not in COLUMNS]
    return papers[[*COLUMNS, *extra]]
