"""Abstracts from arXiv for a collection that was saved without prose."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from toolkit.errors import SourceError, checked, warn_user
from toolkit.papers.schema import check_papers
from toolkit.services.arxiv import SOURCE as ARXIV
from toolkit.services.enriching import by_ids
from toolkit.services.gaps import Gaps
from toolkit.services.plans import open_source


@checked
def fetch_abstracts(
    papers: pd.DataFrame,
    *,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Return papers with the missing abstracts fetched from arXiv; `enrich` asks other services.

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
    gaps = Gaps(papers, ["abstract"])
    with open_source(ARXIV, base_url=base_url, cache=cache) as service:
        try:
            by_ids(gaps, ARXIV, service)
        except SourceError as error:
            error.partial = gaps.table()
            raise
    open_rows = gaps.rows()
    unknown = sum(any(ref.kind == "arxiv" for ref in gaps.refs[row]) for row in open_rows)
    if open_rows:
        warn_user(
            f"{len(open_rows)} paper(s) are still without an abstract: {len(open_rows) - unknown} "
            "have no arXiv id (toolkit.resolve_ids may find it; toolkit.enrich asks other "
            f"services), {unknown} are unknown to arXiv"
        )
    return gaps.table()
