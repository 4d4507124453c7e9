"""Merge records of one paper: same arXiv id, DOI, title with authors and year, similar titles.

Titles alone never decide between similar papers: "Part I" and "Part II" differ in one letter, and
a retitled preprint in most words. So each candidate pair is compared by its title, its authors, its
year and the words of its abstract together (see `toolkit.deduplication.rules`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.deduplication.evidence import APART, against
from toolkit.deduplication.pairs import find_matches
from toolkit.deduplication.records import Records
from toolkit.deduplication.rules import Match
from toolkit.errors import DataError, checked
from toolkit.papers.columns import FEATURE_GROUPS, with_all_columns
from toolkit.papers.features import feature_errors
from toolkit.papers.repeats import own_id
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Columns where the longest value is the fullest; in the others the first that is there.
_LONGEST = (
    "abstract", "terms", "authors", "keywords", "affiliations", "countries", "references",
    "categories", "venue", "comments",
)  # fmt: skip
#: What says where a paper appeared: of its article, where one of the records is of a preprint.
_APPEARED = {"venue", "kind", "volume", "issue", "pages", "issn"}
LARGEST = ("upvotes", "stars", "cited_by")
#: As many records of each group are held against each other before two groups are joined.
_COMPARED = 8
RANK = {"arxiv": 0, "doi": 1, "title": 2}
_FINER = {"day": 0, "month": 1, "year": 2}


@checked
def deduplicate(papers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return papers with the records of one paper merged, and a log of the merges.

    Records are one paper if they share an arXiv id (whatever the version), a DOI or the folded
    title, or have similar titles (rapidfuzz), and title, authors, year, venue, pages and abstract
    do not contradict. So abstracts of a meeting under the DOI of its supplement stay apart, as do
    chapters under that of their book, editorials, parts, posters, versions, yearly reports,
    errata and replies, a meeting's abstract and the article that grew out of it. A preprint and its
    article are one paper. Two DOIs that are no preprints' never merge on similarity of titles.

    Parameters
    ----------
    papers : DataFrame
        A papers table; ids may repeat, as after ``pandas.concat``.

    Returns
    -------
    papers : DataFrame
        One row a paper, in the order of first mention, each column with its fullest value: the
        longest abstract or list, the earliest of dates (the more precise where they agree), the
        most upvotes, else the first that is there; own columns too. Where a preprint and its
        article are merged, venue, kind and pages are the article's. Vector and model, and links,
        code and artifact, come together from the kept record, or the first that has them.
        `origin` has one entry a record, so that `record_flow` can count them. The id is the arXiv
        id where there is one, else the DOI; of different papers under one DOI the later have
        ``title:`` ids.
    merges : DataFrame
        Columns kept_id, dropped_id, why, score (0–1: 1 for ids, else the similarity of titles,
        or of the abstracts where these decided); one row a record merged into another.

    Raises
    ------
    DataError
        `papers` is no papers table, or a stored feature is malformed.

    Notes
    -----
    Titles are compared in blocks that share a rare word, a first author or the start or end of
    the abstract (Papadakis et al. 2020, doi:10.1145/3377455), so that 77,000 records take
    seconds, not the 3 × 10⁹ comparisons of all pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.papers.schema import make_papers
    >>> preprint = make_papers(
    ...     [{"id": "2401.00001", "title": "How bees count, and why", "authors": "Ada Example"}],
    ...     source="arxiv")
    >>> printed = make_papers(
    ...     [{"doi": "10.1000/7", "title": "How Bees Count and Why", "authors": "Example, A."}],
    ...     source="ieee")
    >>> papers, merges = deduplicate(pd.concat([preprint, printed]))
    >>> papers[["paper_id", "doi"]].values.tolist()
    [['arxiv:2401.00001', '10.1000/7']]
    >>> merges.values.tolist()
    [['arxiv:2401.00001', 'doi:10.1000/7', 'same title and authors', 1.0]]
    """
    table = usable(papers)
    records = Records(table)
    groups, reasons = group(records, find_matches(records))
    rows, merges = [main_record(records, members) for members in groups], []
    ids = unique_ids(records, rows)
    for paper_id, kept, members in zip(ids, rows, groups):
        for other in members:
            if other != kept:
                merges.append((paper_id, records.ids[other], *reasons[other]))
    merged = [(kept, members) for kept, members in zip(rows, groups) if len(members) > 1]
    out = filled(table, rows, merged, records)
    out["paper_id"] = pd.Series(ids, index=out.index).astype(table["paper_id"].dtype)
    log = pd.DataFrame(merges, columns=["kept_id", "dropped_id", "why", "score"]).astype(
        {"kept_id": "string", "dropped_id": "string", "why": "string", "score": "float64"}
    )
    return out, log


def find_held(papers: pd.DataFrame, library: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which papers are in a library too, by the rules of `deduplicate`.

    Parameters
    ----------
    papers, library : DataFrame
        Papers tables.

    Returns
    -------
    array of bool
        Shape (n_papers,).

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["Bees count", "Oaks"],
    ...                        "doi": ["10.1000/7", pd.NA]})
    >>> library = papers.head(1).assign(paper_id="c", title="How bees count")
    >>> find_held(papers, library).tolist()
    [True, False]
    """
    keys = [pd.MultiIndex.from_frame(one[["paper_id", "title"]]) for one in (papers, library)]
    held: NDArray[np.bool_] = keys[0].isin(keys[1])
    rest = np.flatnonzero(~held)
    parts = [with_all_columns(one) for one in (papers.iloc[rest], library)]
    records = Records(pd.concat(parts, ignore_index=True))
    sides = np.arange(len(records)) >= len(rest)
    for members in group(records, find_matches(records, sides=sides))[0]:
        if members[-1] >= len(rest):
            held[rest[[one for one in members if one < len(rest)]]] = True
    return held


def usable(papers: pd.DataFrame) -> pd.DataFrame:
    """Check the table as `check_papers` does, but allow ids that repeat: those are merged here."""
    if isinstance(papers, pd.DataFrame) and "paper_id" in papers:
        gaps = papers["paper_id"].isna().to_numpy()
        if gaps.any():
            raise DataError(
                "a value is missing",
                row=int(gaps.argmax()) + 1,
                column="paper_id",
                hint="Make the table with toolkit.load or toolkit.papers.schema.make_papers",
            )
        check_papers(papers.assign(paper_id=np.arange(len(papers)).astype(str)))
    else:
        check_papers(papers)
    for errors in feature_errors(papers).values():
        for error in errors.values():
            raise error
    return papers.reset_index(drop=True)


def unique_ids(records: Records, rows: list[int]) -> list[str]:
    """Return the ids of the kept records; of different papers under one id the later get others."""
    taken: set[str] = set()
    found = []
    for i in rows:
        paper_id = str(records.ids[i])
        if paper_id in taken:
            paper_id = own_id(str(records.raw_titles[i]), records.facts(i), taken | {*records.ids})
        taken.add(paper_id)
        found.append(paper_id)
    return found


def group(
    records: Records, matches: Iterable[Match], *, apart: int = 0
) -> tuple[list[list[int]], dict[int, tuple[str, float]]]:
    """Join matches to groups, the most certain first, unless two of their records contradict.

    A preprint is like the conference paper and like the article, which are two publications.
    The first `apart` records are known to be different papers.
    """
    leader = list(range(len(records)))
    members: dict[int, list[int]] = {}
    arxiv: dict[int, set[str]] = {}
    reasons: dict[int, tuple[str, float]] = {}

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    def order(match: Match) -> tuple[Any, ...]:
        contents = sorted((records.content(match.one), records.content(match.two)))
        return match.rank, match.unlike, *contents

    for match in sorted(matches, key=order):
        one, two = sorted((find(match.one), find(match.two)))
        if one == two or two < apart:  # a group is led by its first record
            continue
        ids = arxiv.get(one, records.arxiv_of(one)) | arxiv.get(two, records.arxiv_of(two))
        if len(ids) > 1 or _contradict(records, members.get(one, [one]), members.get(two, [two])):
            continue
        leader[two] = one
        arxiv[one] = ids
        members.setdefault(one, [one]).extend(members.pop(two, [two]))
        # The most certain matches come first, so each record keeps the best one that joined it.
        for record in (match.one, match.two):
            reasons.setdefault(record, (match.why, match.score))
    groups = [sorted(members.get(i, [i])) for i in range(len(records)) if find(i) == i]
    return groups, reasons


def _contradict(records: Records, one: list[int], two: list[int]) -> bool:
    """Return whether a record of one group is surely another publication than one of the other."""
    if len(one) == len(two) == 1:
        return False  # the rules have compared them
    return any(against(records, a, b) >= APART for a in one[:_COMPARED] for b in two[:_COMPARED])


def main_record(records: Records, members: list[int]) -> int:
    """Return the record whose id a paper keeps: of arXiv, of an article, of a preprint, others."""
    return min(members, key=lambda i: (RANK.get(records.kind(i), 3), records.is_preprint(i), i))


def filled(
    table: pd.DataFrame, rows: list[int], merged: list[tuple[int, list[int]]], records: Records
) -> pd.DataFrame:
    """Take the kept rows and fill each column with the fullest value of its group."""
    out = table.iloc[rows].reset_index(drop=True)
    if not merged:
        return out
    where = {kept: position for position, kept in enumerate(rows)}
    by_row = dict(merged)
    ordered = {kept: [kept, *(i for i in members if i != kept)] for kept, members in merged}
    articles = {k: [i for i in some if not records.is_preprint(i)] for k, some in ordered.items()}
    groups = [[name for name in group if name in table] for group in FEATURE_GROUPS]
    together = [name for group in groups for name in group]
    for name in table.columns.difference(["paper_id", "title", "published_precision", *together]):
        values, there = table[name].tolist(), table[name].notna().tolist()
        fresh = out[name].to_numpy(dtype=object).copy()
        for kept, members in (by_row if name == "origin" else ordered).items():
            of = articles[kept] if name in _APPEARED else members
            given = [values[i] for i in of if there[i]] or [values[i] for i in members if there[i]]
            if given:
                fresh[where[kept]] = _fullest(name, given)
        out[name] = pd.Series(fresh, index=out.index).astype(table[name].dtype)
    for group in filter(None, groups):
        has_any = table[group].notna().any(axis=1).to_numpy()
        giver = np.array(rows, dtype=np.intp)
        for kept, members in ordered.items():
            giver[where[kept]] = next((i for i in members if has_any[i]), kept)
        out[group] = table[group].iloc[giver].set_axis(out.index)
    if "published" in table:
        _fill_dates(table, out, where, merged)
    return out


def _fullest(name: str, there: list[Any]) -> Any:
    if name in _LONGEST:
        return max(there, key=len)  # the first of equally long ones
    if name in LARGEST:
        return max(there)
    if name == "listed":
        return min(there)
    if name == "origin":  # one for each record: so many were identified
        return "; ".join(there)
    if name == "source":
        return "; ".join(dict.fromkeys(part for value in there for part in value.split("; ")))
    if name == "doi":
        return next((doi for doi in there if not doi.startswith("10.48550/")), there[0])
    return there[0]


def _fill_dates(
    table: pd.DataFrame,
    out: pd.DataFrame,
    where: dict[int, int],
    merged: list[tuple[int, list[int]]],
) -> None:
    """Take the earliest date; of dates that agree, the most precise."""
    dates: NDArray[Any] = table["published"].to_numpy()
    precise: list[Any] = ["day"] * len(table)
    if "published_precision" in table:
        precise = table["published_precision"].astype(object).tolist()
    published: NDArray[Any] = out["published"].to_numpy().copy()
    precision = [precise[kept] for kept in where]
    for kept, members in merged:
        known = [i for i in members if not np.isnat(dates[i])]
        if not known:
            continue
        first = min(known, key=lambda i: _end(dates[i], precise[i]))
        within = [i for i in known if _agree(dates[first], precise[first], dates[i], precise[i])]
        best = min(within, key=lambda i: (_FINER.get(precise[i], 3), dates[i]))
        published[where[kept]], precision[where[kept]] = dates[best], precise[best]
    out["published"] = pd.Series(published, index=out.index).astype(table["published"].dtype)
    if "published_precision" in table:
        dtype = table["published_precision"].dtype
        out["published_precision"] = pd.Series(precision, index=out.index).astype(dtype)


_UNIT = {"day": "D", "month": "M", "year": "Y"}


def _end(date: Any, precision: Any) -> np.datetime64:
    unit: Any = _UNIT.get(precision, "D")
    # The unit is given twice: NumPy 2.5 warns of a timedelta without one.
    start = date.astype(f"datetime64[{unit}]")
    end: np.datetime64 = (start + np.timedelta64(1, unit)).astype("datetime64[D]")
    return end


def _agree(one: np.datetime64, p_one: Any, two: np.datetime64, p_two: Any) -> bool:
    """Return whether two dates may be the same one, known with different precision."""
    coarse = max((str(p_one), str(p_two)), key=lambda p: _FINER.get(p, 0))
    unit: Any = _UNIT.get(coarse, "D")
    return bool(one.astype(f"datetime64[{unit}]") == two.astype(f"datetime64[{unit}]"))
