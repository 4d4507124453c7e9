"""Abstracts from arXiv for a collection that was saved without prose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import SourceError, warn_user
from toolkit.papers.schema import check_papers
from toolkit.services.arxiv import SOURCE, lookup, row_ids
from toolkit.services.plans import open_source
from toolkit.services.refs import Ref
from toolkit.services.running import batches
from toolkit.text.cleaning import clean_text


def fetch_abstracts(
    papers: pd.DataFrame,
    *,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Return papers with the missing abstracts fetched from arXiv.

    Parameters
    ----------
    papers : DataFrame
        A papers table; rows that have an abstract, or no arXiv id, are not changed.
    base_url, cache
        As for `fetch_arxiv`.

    Returns
    -------
    DataFrame
        A copy with the abstracts that arXiv has; no other value is changed.

    Raises
    ------
    SourceError
        arXiv cannot be reached; `partial` is the table with the abstracts fetched so far.

    Warns
    -----
    UserWarning
        Counts the papers that are still without an abstract, by reason.

    Examples
    --------
    >>> papers = fetch_abstracts(toolkit.load_sample("trending-page"))  # doctest: +SKIP
    """
    check_papers(papers)
    known = row_ids(papers)
    gap = papers["abstract"].isna() if "abstract" in papers else papers["title"].notna()
    wanted = list(dict.fromkeys(known[gap.to_numpy()].dropna().tolist()))
    found: dict[str, str] = {}
    with open_source(SOURCE, base_url=base_url, cache=cache) as service:
        try:
            for batch in batches(SOURCE, [Ref("arxiv", one) for one in wanted]):
                records = lookup(service, batch).records.found
                found |= {record["arxiv_id"]: record.get("abstract", "") for record in records}
        except SourceError as error:
            error.partial = _with_abstracts(papers, known, gap, found)
            raise
    without_id = int((gap & known.isna().to_numpy()).sum())
    unknown = sum(not found.get(arxiv_id) for arxiv_id in wanted)
    if without_id or unknown:
        warn_user(
            f"{without_id + unknown} paper(s) are still without an abstract: {without_id} have no "
            f"arXiv id (toolkit.resolve_ids may find it), {unknown} are unknown to arXiv"
        )
    return _with_abstracts(papers, known, gap, found)


def _with_abstracts(
    papers: pd.DataFrame, known: pd.Series[Any], gap: pd.Series[Any], found: dict[str, str]
) -> pd.DataFrame:
    result = papers.copy()
    if "abstract" not in result:
        result["abstract"] = pd.array([pd.NA] * len(result), dtype="string")
    texts = [
        clean_text(found[arxiv_id]) if missing and found.get(arxiv_id) else kept
        for arxiv_id, missing, kept in zip(
            known.fillna("").tolist(), gap.tolist(), result["abstract"].tolist()
        )
    ]
    result["abstract"] = pd.array(texts, dtype="string")
    return result
