"""What a collection without prose holds: facts, and the features made from its abstracts.

Imported late because it imports the reading of claims, whose patterns take a fifth of a second to
compile: loading a collection does not need them.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.embedding.embedding import embed
from toolkit.embedding.vectors import STATIC, with_vectors
from toolkit.errors import warn_user
from toolkit.papers.columns import OPTIONAL, in_order, own_columns
from toolkit.papers.features import encode_links, has_abstract, has_value, status_column
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import SHARED_BY, find_terms

#: Columns of running text; a collection without prose leaves them empty.
_PROSE = ("abstract", "comments")
#: How each feature was made, for the manifest of a folder.
METHODS = {
    "terms": "lower-case words of title and abstract without stop words, and two-word terms that "
    f"at least {SHARED_BY} papers share; sorted (toolkit.papers.find_terms)",
    "vector": "toolkit.embed on title and abstract: rows of length 1, little-endian float16, of "
    "the model that vector_model names",
    "links": "toolkit.find_links on the full text, sentences left out; JSON",
    "code, artifact": "toolkit.code_claims on the full text, sentences left out",
}


def with_features(papers: pd.DataFrame, *, model: str = STATIC) -> pd.DataFrame:
    """Return papers with all columns that stand in for their abstracts.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    model : str
        Embedding model of the vectors, as for `toolkit.embed`.

    Returns
    -------
    DataFrame
        A copy with `terms`, `vector`, `vector_model`, `links`, `code` and `artifact`: computed
        where there is an abstract, kept where there is none, and NA where nothing could be made.

    Raises
    ------
    DataError
        `papers` is no papers table, or a feature in it is malformed.

    Warns
    -----
    UserWarning
        Counts papers with neither an abstract nor features.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["title:1"], "title": ["On bees"],
    ...                        "abstract": ["They count. Our code: github.com/me/bees."]},
    ...                       dtype="string")
    >>> with_features(papers)[["terms", "links", "code"]].loc[0].tolist()[::2]
    ['bees count', 'linked']
    """
    check_papers(papers)
    read = has_abstract(papers)
    out = papers.copy()
    if read.any():
        some = papers[read]
        made = with_vectors(some, embed(some, model=model), model=model)
    for name in ("vector", "vector_model"):
        kept = papers[name] if name in papers else pd.Series(pd.NA, index=papers.index)
        values = kept.to_numpy(dtype=object, copy=True)
        if read.any():
            values[read] = made[name].to_numpy(dtype=object)
        out[name] = pd.Series(values, index=out.index).astype(OPTIONAL[name])
    terms = find_terms(papers)
    out["terms"] = terms.where((read | has_value(papers, "terms")) & terms.ne(""))
    by_paper: dict[str, list[dict[Any, Any]]] = {str(paper): [] for paper in papers["paper_id"]}
    for link in find_links(papers).fillna({"repo": ""}).to_dict("records"):
        by_paper[str(link["paper_id"])].append(link)
    links = pd.Series([encode_links(some) for some in by_paper.values()], out.index, "string")
    out["links"] = links.where(read | has_value(papers, "links") | links.ne("[]"))
    claims = read_claims_of(papers)
    for name in ("code", "artifact"):
        out[name] = status_column(claims[name].to_numpy(dtype=object), out.index)
    return in_order(out)


def without_prose(papers: pd.DataFrame) -> pd.DataFrame:
    """Return papers without sentences: features in place of abstracts, no columns of own text.

    Warns
    -----
    UserWarning
        Names the columns of text that were left out.
    """
    out = with_features(papers)
    for name in _PROSE:
        out[name] = pd.Series(pd.NA, index=out.index, dtype="string")
    texts = [
        name
        for name in own_columns(out)
        if pd.api.types.is_string_dtype(out[name]) or pd.api.types.is_object_dtype(out[name])
    ]
    if texts:
        warn_user(f"columns of text were left out of the folder without prose: {', '.join(texts)}")
    return out.drop(columns=texts)
