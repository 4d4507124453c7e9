"""Citations between papers and a library, and works that the library cites and lacks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.deduplication import find_held
from toolkit.errors import DataError, check_whole, checked, warn_user
from toolkit.intervals import wilson
from toolkit.networks import match_references
from toolkit.papers.columns import text_of, with_all_columns
from toolkit.papers.schema import check_papers

#: So many citing papers are named.
_NAMED = 3


def citations(
    papers: pd.DataFrame, library: pd.DataFrame
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return which papers of a library each paper cites, and by which it is cited, as positions.

    Examples
    --------
    >>> library = pd.DataFrame({"paper_id": ["doi:10.1000/1"], "title": ["Bees"],
    ...                         "doi": ["10.1000/1"]})
    >>> papers = pd.DataFrame({"paper_id": ["title:a"], "title": ["Wasps"],
    ...                        "references": ["OAK A, 2001, J BEES, V1, P2, DOI 10.1000/1"]})
    >>> citations(papers, library)
    ({0: [0]}, {})
    """
    cites: dict[int, list[int]] = {}
    cited_by: dict[int, list[int]] = {}
    both = _together(library, papers)
    if text_of(both, "references").notna().any():
        found = match_references(both).dropna(subset=["cited_id"])
        place = {paper_id: at for at, paper_id in enumerate(both["paper_id"])}
        for one, other in zip(found["paper_id"].map(place), found["cited_id"].map(place)):
            if one >= len(library) > other:
                cites.setdefault(one - len(library), []).append(other)
            elif other >= len(library) > one:
                cited_by.setdefault(other - len(library), []).append(one)
    return cites, cited_by


@checked
def find_missing(
    library: pd.DataFrame,
    *,
    papers: pd.DataFrame | None = None,
    n: int = 20,
    least: int = 2,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the works that papers of a library cite most often and that it does not hold.

    Parameters
    ----------
    library : DataFrame
        A papers table with `references`, which exports of Web of Science and Scopus have when they
        are asked for, and services such as OpenAlex.
    papers : DataFrame, optional
        Papers among which the works are looked up, so that they have ids and titles.
    n : int
        Number of works.
    least : int
        Works that fewer papers of the library cite are left out.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a work, the most cited first: work (the reference as most papers write it);
        paper_id and title, where it is one of `papers`; cited_by (papers of the library that cite
        it); share of those that have references, with low and high (Wilson's interval: the share
        among papers like these); citing_ids (the first three). Old works have had longer to be
        cited: methods and classics stand first.

    Raises
    ------
    DataError
        Not a papers table, an empty library, or no references in it.

    Warns
    -----
    UserWarning
        Counts the papers of the library without references; no work is cited by `least` papers.

    Examples
    --------
    >>> library = pd.DataFrame({"paper_id": ["a", "b"], "title": ["Bees", "Wasps"],
    ...     "references": ["OAK A, 2001, J BEES, V12, P3; ELM B, 1999, WAX",
    ...                    "OAK A, 2001, J BEES, V12, P3"]})
    >>> find_missing(library)[["work", "cited_by", "share"]].values.tolist()
    [['OAK A, 2001, J BEES, V12, P3', 2, 1.0]]
    """
    check_papers(library)
    check_whole(n, "n", least=1)
    check_whole(least, "least", least=1)
    if library.empty:
        raise DataError("the library is empty", argument="library", expected="one paper or more")
    others = library.head(0) if papers is None else papers
    check_papers(others)
    others = others[~find_held(others, library)] if len(others) else others
    both = _together(library, others)
    inside = pd.Index(both["paper_id"].iloc[: len(library)])
    # References of the others would only tell which forms of a work there are.
    both.loc[np.arange(len(both)) >= len(library), "references"] = pd.NA
    found = match_references(both)
    able = found["paper_id"].nunique()
    if able < len(library):
        warn_user(
            f"left out: {len(library) - able:,} of {len(library):,} papers of the library without "
            "references"
        )
    found = found[~found["cited_id"].isin(inside)]
    works = found.groupby("work", sort=False).agg(
        paper_id=("cited_id", "first"),
        cited_by=("paper_id", "nunique"),
        citing_ids=("paper_id", lambda ids: "; ".join(ids.unique()[:_NAMED])),
    )
    if len(works) and works["cited_by"].max() < least:
        warn_user(
            f"no work that the library lacks is cited by {least:,} of its papers: the most cited "
            f"by {works['cited_by'].max():,} (least={least})"
        )
    works = works[works["cited_by"] >= least].reset_index()
    works = works.sort_values(["cited_by", "work"], ascending=[False, True], ignore_index=True)
    works = works.head(n)
    titles = both.set_index("paper_id")["title"]
    works["title"] = works["paper_id"].map(titles).astype("string")
    works["share"] = works["cited_by"] / able
    works["low"], works["high"] = wilson(works["cited_by"], able, confidence=confidence)
    for name in ("work", "paper_id", "citing_ids"):
        works[name] = works[name].astype("string")
    order = ["work", "paper_id", "title", "cited_by", "share", "low", "high", "citing_ids"]
    return works[order]


def _together(library: pd.DataFrame, papers: pd.DataFrame) -> pd.DataFrame:
    """Return both tables as one, the library first; ids that repeat are made anew."""
    parts = [with_all_columns(one) for one in (library, papers) if len(one)]
    both: pd.DataFrame = pd.concat(parts, ignore_index=True)
    twice = both["paper_id"].duplicated()
    both.loc[twice, "paper_id"] = [f"row:{at}" for at in np.flatnonzero(twice)]
    return both
