"""arXiv ids of papers, found by their titles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz.fuzz import ratio
from tqdm.auto import tqdm

from toolkit.errors import DataError, SourceError, checked
from toolkit.papers.identifiers import fold_title
from toolkit.papers.schema import check_papers, make_papers
from toolkit.services.arxiv import SOURCE, ask, row_ids
from toolkit.services.plans import open_source

#: Titles in one request; with more, arXiv's search is slow.
_TOGETHER = 8
_PER_TITLE = 6
_NUMBERED = re.compile(r"\b(?:\d+|i{1,3}|iv|v|vi{1,3}|ix|x|one|two|three|first|second|third)\b")
_MIN_WORDS = 2


@checked
def resolve_ids(
    papers: pd.DataFrame,
    *,
    threshold: float = 0.92,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> pd.DataFrame:
    """Find the arXiv ids of papers by their titles.

    A candidate's score is the similarity of the normalised titles (Levenshtein ratio). It is 0 if
    both have authors but no family name in common, if the numbers in the titles differ
    (``Part I``, ``Part II``), or if the years are more than two apart.

    Parameters
    ----------
    papers : DataFrame
        A papers table; rows with an arXiv id keep it.
    threshold : float
        The least score of an accepted candidate, above 0 and at most 1.
    base_url, cache
        As for `fetch_arxiv`.

    Returns
    -------
    DataFrame
        A copy with two more columns: `arxiv_id` (NA below the threshold, or if two candidates have
        the same score) and `match_score` (0 to 1, of the best candidate; NA where the id was
        known). A `paper_id` that was made from the title becomes ``arxiv:…``, and missing dates,
        categories and links are filled from arXiv.

    Raises
    ------
    SourceError
        arXiv cannot be reached; `partial` is the table with the ids found so far.

    Examples
    --------
    >>> found = resolve_ids(papers)  # doctest: +SKIP
    >>> found.loc[found.arxiv_id.notna(), ["title", "arxiv_id", "match_score"]]  # doctest: +SKIP
    """
    check_papers(papers)
    if not 0 < threshold <= 1:
        raise DataError(
            "not a threshold", argument="threshold", found=threshold, expected="above 0, at most 1"
        )
    known = row_ids(papers)
    open_rows = [at for at, missing in enumerate(known.isna().tolist()) if missing]
    matches: dict[int, tuple[float, Mapping[str, Any] | None]] = {}

    starts = range(0, len(open_rows), _TOGETHER)
    with open_source(SOURCE, base_url=base_url, cache=cache) as service:
        try:
            for start in tqdm(starts, desc="arXiv ids", unit="request", disable=len(starts) < 3):
                rows = open_rows[start : start + _TOGETHER]
                candidates = _candidates(service, papers, rows)
                for at in rows:
                    matches[at] = best_match(papers.iloc[at], candidates, threshold=threshold)
        except SourceError as error:
            error.partial = _with_matches(papers, known, matches)
            raise
    return _with_matches(papers, known, matches)


def best_match(
    paper: Mapping[str, Any] | pd.Series[Any],
    candidates: Sequence[Mapping[str, Any]],
    *,
    threshold: float,
) -> tuple[float, Mapping[str, Any] | None]:
    """Return the best score among candidates, and that candidate if it is accepted."""
    scored = sorted(((_score(paper, one), one) for one in candidates), key=lambda pair: -pair[0])
    if not scored:
        return 0.0, None
    best, winner = scored[0]
    rivals = [one for score, one in scored[1:] if score == best]
    if best < threshold or any(one["arxiv_id"] != winner["arxiv_id"] for one in rivals):
        return best, None
    return best, winner


def _candidates(service: Any, papers: pd.DataFrame, rows: Sequence[int]) -> list[dict[str, Any]]:
    titles = [fold_title(str(papers["title"].iloc[at])) for at in rows]
    asked = [title for title in titles if len(title.split()) >= _MIN_WORDS]
    if not asked:
        return []
    query = " OR ".join(f'ti:"{title}"' for title in asked)
    params = {"search_query": query, "start": "0", "max_results": str(_PER_TITLE * len(asked))}
    found: list[dict[str, Any]] = ask(service, params)[0].found
    return found


def _score(paper: Mapping[str, Any] | pd.Series[Any], candidate: Mapping[str, Any]) -> float:
    ours, theirs = fold_title(str(paper["title"])), fold_title(str(candidate["title"]))
    if len(ours.split()) < _MIN_WORDS:
        return 0.0
    if _NUMBERED.findall(ours) != _NUMBERED.findall(theirs):
        return 0.0
    mine, other = _families(paper.get("authors")), _families(candidate.get("authors"))
    if mine and other and not mine & other:
        return 0.0
    years = _year(paper.get("published")), _year(candidate.get("published"))
    if years[0] and years[1] and abs(years[0] - years[1]) > 2:
        return 0.0
    return float(ratio(ours, theirs)) / 100


def _families(authors: Any) -> set[str]:
    """Return the normalised first and last word of each name; exports differ in their order."""
    if not isinstance(authors, str):
        return set()
    ends: set[str] = set()
    for name in authors.split(";"):
        words = [word for word in fold_title(name).split() if len(word) > 1]
        ends.update(words[-1:] + words[:1])
    return ends


def _year(value: Any) -> int | None:
    text = str(value)[:4]
    return int(text) if text.isdigit() else None


def _with_matches(
    papers: pd.DataFrame,
    known: pd.Series[Any],
    matches: Mapping[int, tuple[float, Mapping[str, Any] | None]],
) -> pd.DataFrame:
    result = papers.copy()
    ids = known.astype(object).where(known.notna(), None).tolist()
    paper_ids = result["paper_id"].tolist()
    taken = set(paper_ids)
    scores: list[float | None] = [None] * len(result)
    filled = {name: result[name].tolist() for name in ("published", "categories", "url")}
    precision = result["published_precision"].astype(object).tolist()
    for at, (score, winner) in matches.items():
        scores[at] = round(score, 4)
        if winner is None:
            continue
        ids[at] = winner["arxiv_id"]
        new_id = f"arxiv:{winner['arxiv_id']}"
        if str(paper_ids[at]).startswith("title:") and new_id not in taken:
            taken.add(new_id)
            paper_ids[at] = new_id
        row = make_papers([dict(winner)], source="arxiv").iloc[0]
        for name, values in filled.items():
            if pd.isna(values[at]):
                values[at] = row[name]
                if name == "published":
                    precision[at] = row["published_precision"]
    result["paper_id"] = pd.array(paper_ids, dtype="string")
    for name, values in filled.items():
        result[name] = pd.Series(values, index=result.index).astype(papers[name].dtype)
    result["published_precision"] = pd.Categorical(precision, ["day", "month", "year"])
    result["arxiv_id"] = pd.array(ids, dtype="string")
    result["match_score"] = pd.array(scores, dtype="Float64")
    return result
