"""What goes into a collection folder: the papers, and what was made from prose that stays out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.claims.claims import code_claims, find_links
from toolkit.embedding.embedding import embed
from toolkit.embedding.vectors import to_column, to_stored
from toolkit.errors import DataError, warn_user
from toolkit.papers.features import stored_table, stored_vectors
from toolkit.papers.schema import COLUMNS, with_all_columns
from toolkit.papers.terms import SHARED_BY, find_terms
from toolkit.storage.manifest import read_manifest

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Columns of running text; a folder without prose leaves them out.
_PROSE = ("abstract", "comments")


def make_parts(
    papers: pd.DataFrame,
    *,
    prose: bool,
    vectors: NDArray[Any] | Mapping[str, NDArray[Any]] | None,
) -> dict[str, Any]:
    """Make the table of each file, by its role."""
    table = papers.copy(deep=False)
    table.attrs = {}
    table = with_all_columns(table)
    extra = [name for name in table.columns if name not in COLUMNS]
    parts: dict[str, Any] = {}
    if prose:
        links, claims = stored_table(papers, "links"), stored_table(papers, "claims")
    else:
        table = _without_prose(table, papers, extra)
        links, claims = find_links(papers), _of_read(code_claims(papers), papers)
    parts["papers"] = table
    for name, rows in (("links", links), ("claims", claims)):
        if rows is not None:
            parts[name] = _without_evidence(rows)
    for model, (ids, kept) in _vectors(papers, prose=prose, vectors=vectors).items():
        parts[f"vectors:{model}"] = pa.table({"paper_id": ids, "vector": to_column(kept)})
    return parts


def _without_prose(table: pd.DataFrame, papers: pd.DataFrame, extra: list[str]) -> pd.DataFrame:
    words = find_terms(papers)
    table["terms"] = words.mask(words == "")
    for name in _PROSE:
        table[name] = pd.Series(pd.NA, index=table.index, dtype="string")
    texts = [
        name
        for name in extra
        if pd.api.types.is_string_dtype(table[name]) or pd.api.types.is_object_dtype(table[name])
    ]
    if texts:
        warn_user(f"columns of text were left out of the folder without prose: {', '.join(texts)}")
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
    files = read_manifest(Path(folder), "collection")["files"]
    return [role.removeprefix("vectors:") for role in files if role.startswith("vectors:")]


def _to_stored(vectors: Any, n_papers: int) -> NDArray[np.float16]:
    rows = np.asarray(vectors)
    if rows.ndim != 2 or len(rows) != n_papers or not np.issubdtype(rows.dtype, np.number):
        raise DataError(
            "the vectors do not fit the papers",
            argument="vectors",
            found=f"{rows.dtype} array of shape {rows.shape}",
            expected=f"numbers of shape ({n_papers}, d)",
            hint="Make them with toolkit.embed(papers)",
        )
    bad = ~np.isfinite(rows).all(axis=1)
    if bad.any():
        raise DataError("a vector is not finite", row=int(bad.argmax()) + 1, argument="vectors")
    return to_stored(rows.astype(np.float32))


def describe_methods(parts: Mapping[str, Any], *, prose: bool) -> dict[str, str]:
    """Say how what stands in each file was made, for the manifest."""
    methods = {
        role: f"unit-length float16 vectors of the embedding model {role.split(':', 1)[1]!r}"
        for role in parts
        if role.startswith("vectors:")
    }
    if not prose:
        methods["terms"] = (
            "lower-case words of title and abstract without stop words, and two-word terms that "
            f"at least {SHARED_BY} papers share; sorted (toolkit.papers.find_terms)"
        )
        methods["links"] = "toolkit.find_links on the full text, sentences left out"
        methods["claims"] = (
            "toolkit.code_claims on the full text, sentences left out; no row for papers that "
            "had no abstract and say nothing elsewhere"
        )
    return methods
