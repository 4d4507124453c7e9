"""`report` writes a report on a collection: one HTML file that loads nothing from elsewhere."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from tqdm.auto import tqdm

from toolkit.claims.claims import code_claims, find_links
from toolkit.errors import DataError, checked
from toolkit.exports.escaping import render
from toolkit.exports.report_pieces import Piece, figure_piece, table_piece, term_words
from toolkit.files import write_atomically
from toolkit.linkcheck.reuse import reuse_levels
from toolkit.papers.columns import without_own_columns
from toolkit.papers.features import has_abstract, has_value
from toolkit.papers.health import describe_papers
from toolkit.papers.lookup import find_rows
from toolkit.papers.schema import check_papers
from toolkit.plots import (
    plot_availability,
    plot_papers,
    plot_reliability,
    plot_reuse_levels,
    plot_topic_map,
    plot_trends,
)
from toolkit.rates.rates import availability
from toolkit.reliability.judging import judge_trends
from toolkit.reliability.methods import methods_paragraph
from toolkit.reliability.reliability import check_topics
from toolkit.topics.fitting import fit_topics
from toolkit.trends.calendars import Calendar, choose_calendar
from toolkit.trends.dated import count_placeable

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Topics listed in the table of topics; the rest is counted.
MOST_TOPICS = 60


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
    """Write a report on a collection: its health, topics, trends and availability of code.

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
    place = Path(path)
    if place.suffix.lower() not in (".html", ".htm"):
        raise DataError("unknown kind of file", source=path, found=place.suffix, expected=".html")
    if not place.parent.is_dir():
        raise DataError("there is no such folder", source=place.parent)
    if topics is None:
        topics = fit_topics(papers, seed=seed)
    find_rows(papers["paper_id"], topics.papers, what="the topic model")
    facts = _Facts(
        without_own_columns(papers, columns), topics, checks, refits, date, seed, progress
    )
    chapters: list[tuple[str, Callable[[_Facts], list[Piece]]]] = [
        ("The collection", _collection),
        ("Topics", _topics),
        ("Trends", _trends),
        ("Availability of code", _availability),
    ]
    chapters += [("What became of the links", _links)] if checks is not None else []
    chapters += [("Methods", _methods)]
    written = [
        (name, _write(make, facts))
        for name, make in tqdm(chapters, desc="report", disable=not progress)
    ]
    write_atomically(place, render("report.html", title=title, chapters=written))
    return place


@dataclass
class _Facts:
    """The data and settings that the chapters share."""

    papers: pd.DataFrame
    topics: TopicModel
    checks: pd.DataFrame | None
    refits: int
    date: str
    seed: int
    progress: bool
    card: pd.DataFrame | None = None

    @cached_property
    def calendar(self) -> Calendar | None:
        """The date and the length of periods of all chapters; None where no paper has a date."""
        names = ("published", "listed") if self.date == "auto" else (self.date,)
        if not any(count_placeable(self.papers, date=name)["Y"] for name in names):
            return None
        return choose_calendar(self.papers, date=self.date)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """What the papers say about their code, found once for all chapters."""
        return code_claims(self.papers)


def _write(make: Callable[[_Facts], list[Piece]], facts: _Facts) -> list[Piece]:
    """Return the pieces of a chapter, or its error, and then its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            parts = make(facts)
        except DataError as error:
            parts = [{"kind": "warning", "text": f"This chapter could not be written: {error}"}]
    notes = dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, UserWarning))
    return parts + [{"kind": "warning", "text": note} for note in notes]


def _collection(facts: _Facts) -> list[Piece]:
    papers = facts.papers
    calendar = facts.calendar
    when = papers[calendar.date].dropna() if calendar else pd.Series(dtype="datetime64[us]")
    span = f", from {when.min():%B %Y} to {when.max():%B %Y}" if len(when) else ""
    sources = papers["source"].dropna().unique().tolist() if "source" in papers else []
    named = f" (source: {', '.join(map(str, sources))})" if sources else ""
    read = has_abstract(papers)
    prose, kept = int(read.sum()), int((has_value(papers, "code") & ~read).sum())
    said = f" For {kept:,} others, features made from the abstract are used." if kept else ""
    health = describe_papers(papers)
    empty = health["column"][health["present"].eq(0) & health["problems"].eq("")].tolist()
    health = health[~health["column"].isin(empty)].rename(columns={"share": "share (%)"})
    health["share (%)"] *= 100
    parts: list[Piece] = [
        f"{len(papers):,} papers{span}{named}; {prose:,} with an abstract at hand.{said}",
        "Which columns are filled, and what is wrong in them:",
        table_piece(health),
    ]
    return [*parts, f"Empty: {', '.join(empty)}."] if empty else parts


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %").replace(".0 ", " ")


def _topics(facts: _Facts) -> list[Piece]:
    topics = facts.topics
    named = topics.topics[topics.topics["topic"] >= 0]
    out = int((topics.papers["topic"] < 0).sum())
    parts: list[Piece] = [
        f"{len(named)} topics; {out:,} of {len(topics.papers):,} papers fit none.",
        figure_piece(plot_topic_map(topics)),
    ]
    table = named[["topic", "label", "size", "terms"]].copy()
    table["terms"] = [term_words(terms) for terms in table["terms"]]
    if facts.refits:
        facts.card = check_topics(
            topics, facts.papers, refits=facts.refits, seed=facts.seed, progress=facts.progress
        )
        counts = facts.card["verdict"].value_counts()
        parts += [
            (
                f"The topics were refitted {facts.refits} times, each time without a fifth of the "
                "papers: "
                + ", ".join(f"{counts.get(v, 0)} {v}" for v in ("solid", "usable", "fragile"))
                + ". Survival near 1: it comes back every time; below 0.5: do not build on it."
            ),
            figure_piece(plot_reliability(facts.card)),
        ]
        table = table.merge(facts.card[["topic", "survival", "verdict"]], on="topic", how="left")
    parts.append(table_piece(table.head(MOST_TOPICS)))
    if len(table) > MOST_TOPICS:
        parts.append(f"… and {len(table) - MOST_TOPICS} smaller topics.")
    return parts


def _no_date(facts: _Facts) -> str:
    return "No paper has a date" + ("" if facts.date == "auto" else f" ({facts.date})")


def _trends(facts: _Facts) -> list[Piece]:
    calendar = facts.calendar
    if calendar is None:
        return [f"{_no_date(facts)}: there are no trends to show."]
    freq, date, reason = calendar
    judged = judge_trends(
        facts.papers, facts.topics, card=facts.card, refits=0, freq=freq, date=date
    )
    counts = judged.verdicts["verdict"].value_counts()
    in_words = ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
    parts: list[Piece] = [
        f"{reason} Verdicts at a false discovery rate of 5 %: {in_words}. {judged.note}",
        figure_piece(plot_papers(judged.trends)),
        figure_piece(plot_trends(judged.trends, verdicts=judged.verdicts)),
    ]
    if len(judged.headlines):
        words = judged.headlines["words"]
        parts += ["Topics that changed:", {"kind": "list", "sentences": words}]
    return parts


def _availability(facts: _Facts) -> list[Piece]:
    papers, claims = facts.papers, facts.claims
    whole = availability(papers, claims=claims).iloc[0]
    parts: list[Piece] = [
        (
            f"{whole['linked']:,} of {whole['n']:,} papers link their code in what was read "
            f"({_percent(whole['share'])}, 95 % interval {_percent(whole['low'])} to "
            f"{_percent(whole['high'])}); "
            f"{whole['claimed']:,} more say that it is out, {whole['promised']:,} promise it. "
            "An abstract that says nothing does not mean that there is none."
        )
    ]
    calendar = facts.calendar
    if calendar is None:
        parts.append(f"{_no_date(facts)}: no rates by period.")
    else:
        rates = availability(papers, by="period", claims=claims, date=calendar.date)
        parts.append(figure_piece(plot_availability(rates)))
    rates = availability(papers, by="topic", topics=facts.topics, claims=claims)
    parts.append(figure_piece(plot_availability(rates)))
    hosts = availability(papers, by="host", claims=claims).head(10)
    names = {
        "group": "host",
        "linked": "papers that link code there",
        "n": "of all papers",
    }
    table = hosts[list(names)].rename(columns=names)
    return [*parts, "Hosts of the links:", table_piece(table)]


def _links(facts: _Facts) -> list[Piece]:
    assert facts.checks is not None
    levels = reuse_levels(facts.claims, find_links(facts.papers), facts.checks)
    counts = facts.checks["state"].value_counts()
    in_words = ", ".join(f"{n:,} {state}" for state, n in counts.items())
    gone = facts.checks[facts.checks["resolves"].eq(False).fillna(False)]
    parts: list[Piece] = [
        f"{len(facts.checks):,} links checked: {in_words}.",
        figure_piece(plot_reuse_levels(levels)),
    ]
    if len(gone):
        parts += [
            "Dead links:",
            table_piece(gone[["url", "why", "checked_at"]].head(100)),
        ]
    return parts


def _methods(facts: _Facts) -> list[Piece]:
    return [methods_paragraph(facts.topics, card=facts.card, papers=facts.papers)]
