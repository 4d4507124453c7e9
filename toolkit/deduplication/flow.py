"""Where records came from and what became of them: the numbers of a PRISMA flow diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from toolkit.errors import DataError, checked, warn_user
from toolkit.papers.columns import text_of
from toolkit.papers.schema import check_papers
from toolkit.papers.set_aside import BadRecord

#: What becomes of records, in the order of the diagram.
STEPS = ("identified", "set aside", "duplicates removed", "excluded", "kept")
#: Stands for the origin of papers that have none.
UNKNOWN = "unknown"
_NOT_KNOWN = (
    "how many records could not be read and were set aside is not known here (NA), and identified "
    "are those that could be read: bad = []; load(files, on_bad=bad.append), then "
    "record_flow(papers, set_aside=bad)"
)


@checked
def record_flow(
    papers: pd.DataFrame,
    *,
    set_aside: Iterable[BadRecord] | None = None,
    screened: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how many records each file or service gave, and what became of them.

    Counts what is in `papers`: give the whole table that `toolkit.deduplicate` returned. Papers
    taken out of it earlier are in no number; give the table without them as `screened`.

    Parameters
    ----------
    papers : DataFrame
        A papers table as `toolkit.deduplicate` returns it, with nothing taken out since. Its column
        `origin` has one entry for each record that went into a paper.
    set_aside : iterable of BadRecord
        What could not be read: ``bad = []; load(files, on_bad=bad.append)``, then
        ``set_aside=bad``; ``[]`` says that all could be read. Without it nobody knows how many
        these were: they are NA, and identified are the records that could be read.
    screened : DataFrame, optional
        The rows of `papers` that were left after screening, for example
        ``papers[papers["abstract"].notna()]``; the others are excluded.

    Returns
    -------
    DataFrame
        One row a step and origin: step (category: identified, set aside, duplicates removed,
        excluded where `screened` is given, kept), origin, records. Of a paper with several records
        the first is kept. For each origin, the records identified are those set aside, removed,
        excluded and kept. Of files in `set_aside` that could not be read at all nobody knows how
        many records they have: they have one row, identified, whose number is NA and in no sum.

    Raises
    ------
    DataError
        The papers table has no column `origin`, or `screened` has papers that it has not.

    Warns
    -----
    UserWarning
        `set_aside` is not given.

    Notes
    -----
    Page et al. 2021, doi:10.1136/bmj.n71, the PRISMA 2020 statement, asks for these numbers.

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> papers = make_papers(
    ...     [{"title": "Oaks", "origin": "a.bib; b.ris"}, {"title": "Elms", "origin": "b.ris"}],
    ...     source="mine")
    >>> flow = record_flow(papers, set_aside=[])
    >>> flow.groupby("step", observed=False)["records"].sum().to_dict()
    {'identified': 3, 'set aside': 0, 'duplicates removed': 1, 'kept': 2}
    """
    if not isinstance(papers, pd.DataFrame) or "origin" not in papers:
        raise DataError(
            "not a papers table with the origin of its records",
            column="origin",
            found=list(getattr(papers, "columns", [type(papers).__name__])),
            hint="Load the files with toolkit.load, then call toolkit.deduplicate",
        )
    remain = _remaining(papers, screened)
    removed: Counter[str] = Counter()
    papers_of: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for entries, stays in zip(text_of(papers, "origin").fillna(UNKNOWN).tolist(), remain):
        first, *others = entries.split("; ")
        papers_of[stays][first] += 1
        removed.update(others)
    if set_aside is None:
        warn_user(_NOT_KNOWN)
    told = list(set_aside or ())
    unread = Counter(record.origin or record.file for record in told if not record.is_file)
    identified = papers_of[True] + papers_of[False] + removed + unread
    counts = dict(
        zip(STEPS, (identified, unread, removed, papers_of[False], papers_of[True]), strict=True)
    )
    steps = [step for step in STEPS if step != "excluded" or screened is not None]
    files = sorted({record.file for record in told if record.is_file} - set(identified))
    rows: list[tuple[str, str, Any]] = [
        (step, origin, counts[step][origin]) for step in steps for origin in sorted(identified)
    ]
    if set_aside is None:
        rows = [(step, origin, pd.NA if step == STEPS[1] else n) for step, origin, n in rows]
    rows[len(identified) : len(identified)] = [(STEPS[0], file, pd.NA) for file in files]
    table = pd.DataFrame(rows, columns=["step", "origin", "records"])
    return table.astype(
        {"step": pd.CategoricalDtype(steps), "origin": "string", "records": "Int64"}
    )


def _remaining(papers: pd.DataFrame, screened: pd.DataFrame | None) -> list[bool]:
    """Return which papers remained after screening."""
    if screened is None:
        return [True] * len(papers)
    check_papers(papers)
    check_papers(screened)
    unknown = set(screened["paper_id"]) - set(papers["paper_id"])
    if unknown:
        raise DataError(
            "the screened papers are not all in the table that was screened",
            argument="screened",
            found=f"{len(unknown)} others, such as {min(unknown)}",
            expected="rows of papers",
            hint="papers is the table as toolkit.deduplicate returned it, screened what is left",
        )
    return papers["paper_id"].isin(screened["paper_id"]).tolist()
