"""`report` writes a report on a collection: one HTML file that loads nothing from elsewhere."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from tqdm.auto import tqdm

from toolkit.clustering.graph import FEWEST
from toolkit.errors import DataError, check_whole, checked
from toolkit.exports.escaping import render
from toolkit.exports.report_chapters import CHAPTERS, Facts, Maker
from toolkit.exports.report_pieces import Piece
from toolkit.files import write_atomically
from toolkit.papers.columns import without_own_columns
from toolkit.papers.lookup import find_rows
from toolkit.papers.schema import check_papers
from toolkit.results.findings import TOLD
from toolkit.topics.fitting import fit_topics
from toolkit.trends.dated import check_date

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Columns of link checks that are told of.
_CHECKED = {"url", "resolves", "state", "why", "checked_at"}


@checked
def report(
    papers: pd.DataFrame,
    path: str | Path,
    *,
    topics: TopicModel | None = None,
    checks: pd.DataFrame | None = None,
    refits: int = 8,
    date: str = "auto",
    title: str = "A collection of papers",
    columns: Sequence[str] = (),
    seed: int = 42,
    progress: bool = True,
) -> Path:
    """Write a report on a collection: findings first, then figures, tables, methods, data health.

    Parameters
    ----------
    papers : DataFrame
        Papers table.
    path : str or path-like
        An ``.html`` file; an existing one is replaced once the new one is complete.
    topics : TopicModel, optional
        Topics of these papers; fitted with `seed` by default.
    checks : DataFrame, optional
        From `check_links`: adds a chapter on the links. The report itself never uses the network.
    refits : int
        Refits for the reliability of topics and of the verdicts on trends (see `judge_trends`);
        with 0 they are left out. Eight took 8 processor seconds for 5,680 papers.
    date : {"auto", "published", "listed"}
        Date for trends and availability; ``"auto"`` as in `choose_calendar`, which also gives the
        length of the periods.
    title : str
        Heading of the report.
    columns : sequence of str
        Columns of your own that the report may show; it shows none by itself.
    seed : int
        For topics and refits.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Path
        The file. Figures are SVG images inside it, each with a text that describes it; there is
        no script, and a content security policy allows none.

    Raises
    ------
    DataError
        `papers` is not a papers table, there are too few papers for topics, the topics are of
        other papers, or the file cannot be written. Where the data for one chapter are missing,
        that chapter says so: without dates there are no trends.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> file = toolkit.report(
    ...     papers, getfixture("tmp_path") / "report.html", refits=0, progress=False)
    >>> "<script" in file.read_text(encoding="utf-8")
    False
    """
    check_papers(papers)
    check_whole(refits, "refits")
    check_whole(seed, "seed")
    if date != "auto":
        check_date(date)
    place = Path(path)
    if place.suffix.lower() not in (".html", ".htm"):
        raise DataError("unknown kind of file", source=path, found=place.suffix, expected=".html")
    if not place.parent.is_dir():
        raise DataError(
            "there is no such folder", source=place.parent, hint="Make it, or choose another"
        )
    if papers.empty:
        raise DataError("no papers to report on", argument="papers", found="an empty table")
    if checks is not None and not set(checks.columns) >= _CHECKED:
        raise DataError(
            "not a table of link checks", argument="checks", found=list(checks.columns),
            expected=f"the columns {', '.join(sorted(_CHECKED))}", hint="Make it with check_links",
        )  # fmt: skip
    if topics is not None:
        find_rows(papers["paper_id"], topics.papers, what="the topic model")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        for message in TOLD:
            warnings.filterwarnings("ignore", message, UserWarning)
        if topics is None and len(papers) >= FEWEST:
            topics = fit_topics(papers, seed=seed)
        facts = Facts(
            without_own_columns(papers, columns), topics, checks, refits, date, seed, progress
        )
        steps = [(chapter, maker) for chapter, makers in CHAPTERS for maker in makers]
        pieces: dict[str, list[Piece]] = {chapter: [] for chapter, _ in CHAPTERS}
        for chapter, maker in tqdm(steps, desc="report", disable=not progress):
            pieces[chapter] += _made(maker, facts)
    told = dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, UserWarning))
    if told:
        pieces[CHAPTERS[-1][0]] += [
            {"kind": "heading", "text": "What was left out, and other warnings"},
            {"kind": "list", "sentences": list(told)},
        ]
    chapters = [(name, made) for name, made in pieces.items() if made]
    write_atomically(place, render("report.html", title=title, chapters=chapters))
    return place


def _made(maker: Maker, facts: Facts) -> list[Piece]:
    """Return the pieces that one maker makes, or what kept it from making them."""
    try:
        return maker(facts)
    except DataError as error:
        name = maker.__name__.strip("_").replace("_", " ")
        return [{"kind": "warning", "text": f"Not here ({name}): {error}"}]
