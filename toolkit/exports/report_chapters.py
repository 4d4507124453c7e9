"""What stands in the report: findings, figures, tables, methods, data health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.claims.claims import code_claims, find_links
from toolkit.clustering.graph import FEWEST
from toolkit.exports.report_pieces import Piece, figure_piece, table_piece
from toolkit.linkcheck.reuse import reuse_levels
from toolkit.papers.health import describe_papers
from toolkit.plots import (
    plot_availability,
    plot_papers,
    plot_reliability,
    plot_reuse_levels,
    plot_topic_map,
    plot_trends,
)
from toolkit.rates.rates import availability
from toolkit.reliability.judging import JudgedTrends, judge_trends
from toolkit.reliability.methods import methods_paragraph
from toolkit.reliability.reliability import check_topics
from toolkit.results.findings import findings
from toolkit.results.sentences import ABOUT
from toolkit.trends.calendars import Calendar, choose_calendar
from toolkit.trends.dated import DATES, count_placeable

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Rows of a table that may be long; the rest is counted.
_MOST_ROWS, _MOST_HOSTS, _MOST_DEAD = 60, 10, 100
#: How the groups of findings are headed.
_HEADINGS = {
    "collection": "What it is about",
    "topics": "What it is about",
    "change": "What changed",
    "code": "Who publishes code and data",
    "links": "What became of the links",
    "reliability": "How sure it is",
    "missing": "What is not known",
}


@dataclass
class Facts:
    """The data and settings that the chapters share; what is made of them is made once."""

    papers: pd.DataFrame
    topics: TopicModel | None
    checks: pd.DataFrame | None
    refits: int
    date: str
    seed: int
    progress: bool

    @cached_property
    def calendar(self) -> Calendar | None:
        """The date and the length of periods of all chapters; None where no paper has a date."""
        names = DATES if self.date == "auto" else (self.date,)
        if not any(count_placeable(self.papers, date=name)["Y"] for name in names):
            return None
        return choose_calendar(self.papers, date=self.date)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """What the papers say about their code."""
        return code_claims(self.papers)

    @cached_property
    def card(self) -> pd.DataFrame | None:
        """Which topics come back in refits."""
        if self.topics is None or not self.refits:
            return None
        return check_topics(
            self.topics, self.papers, refits=self.refits, seed=self.seed, progress=self.progress
        )

    @cached_property
    def judged(self) -> JudgedTrends | None:
        """The trends; None without topics or dates."""
        if self.topics is None or self.calendar is None:
            return None
        freq, date, _ = self.calendar
        return judge_trends(
            self.papers, self.topics, card=self.card, refits=0, freq=freq, date=date
        )

    @cached_property
    def whole(self) -> pd.DataFrame:
        """How many of all papers link their code."""
        return availability(self.papers, claims=self.claims)

    @cached_property
    def of_others(self) -> list[pd.DataFrame]:
        """How many link data, or name a registration, where any do."""
        tables = [
            availability(self.papers, claims=self.claims, what=what)
            for what in ("data", "registry")
            if what in self.claims
        ]
        return [table for table in tables if table["linked"].sum()]

    @cached_property
    def by_period(self) -> pd.DataFrame | None:
        """The same by period; None where none links any."""
        if self.calendar is None or not self.whole["linked"].sum():
            return None
        return availability(self.papers, by="period", claims=self.claims, date=self.calendar.date)

    @cached_property
    def by_topic(self) -> pd.DataFrame | None:
        """The same by topic; None where none links any."""
        if self.topics is None or not self.whole["linked"].sum():
            return None
        return availability(self.papers, by="topic", topics=self.topics, claims=self.claims)


Maker = Callable[[Facts], list[Piece]]


def _findings(facts: Facts) -> list[Piece]:
    rates = [facts.whole, *facts.of_others, facts.by_topic, facts.by_period]
    found = findings(
        facts.papers, facts.topics, judged=facts.judged, card=facts.card,
        rates=[one for one in rates if one is not None], checks=facts.checks, date=facts.date,
        refits=0, progress=False,
    ).table  # fmt: skip
    pieces: list[Piece] = []
    for heading in dict.fromkeys(_HEADINGS[about] for about in ABOUT if about in _HEADINGS):
        abouts = [about for about, name in _HEADINGS.items() if name == heading]
        told = found.loc[found["about"].isin(abouts), "sentence"].tolist()
        if heading == "What is not known" and facts.topics is None:
            told.insert(0, f"Topics need {FEWEST} papers, so that nothing is said of any here.")
        if told:
            pieces += [
                {"kind": "heading", "text": heading},
                {"kind": "list", "sentences": told},
            ]
    return pieces


def _map(facts: Facts) -> list[Piece]:
    return [figure_piece(plot_topic_map(facts.topics))] if facts.topics is not None else []


def _papers_over_time(facts: Facts) -> list[Piece]:
    return [] if facts.judged is None else [figure_piece(plot_papers(facts.judged.trends))]


def _trends(facts: Facts) -> list[Piece]:
    if facts.judged is None:
        return []
    return [figure_piece(plot_trends(facts.judged.trends, verdicts=facts.judged.verdicts))]


def _code_over_time(facts: Facts) -> list[Piece]:
    return [] if facts.by_period is None else [figure_piece(plot_availability(facts.by_period))]


def _code_by_topic(facts: Facts) -> list[Piece]:
    return [] if facts.by_topic is None else [figure_piece(plot_availability(facts.by_topic))]


def _reliability(facts: Facts) -> list[Piece]:
    return [] if facts.card is None else [figure_piece(plot_reliability(facts.card))]


def _levels_of_reuse(facts: Facts) -> list[Piece]:
    if facts.checks is None:
        return []
    levels = reuse_levels(facts.claims, find_links(facts.papers), facts.checks)
    return [figure_piece(plot_reuse_levels(levels))]


def _table_of_topics(facts: Facts) -> list[Piece]:
    if facts.topics is None:
        return []
    table = facts.topics.topics
    table = table.loc[table["topic"] >= 0, ["topic", "label", "size", "terms"]]
    columns = ["topic", "label", "size", "terms"]
    if facts.card is not None:
        more = ["survival", "survival_low", "survival_high", "verdict"]
        table = table.merge(facts.card[["topic", *more]], on="topic", how="left")
        columns += ["survival", "verdict"]
    return _table("Topics", table, columns=columns)


def _table_of_changes(facts: Facts) -> list[Piece]:
    if facts.judged is None or facts.judged.verdicts.empty:
        return []
    verdicts = facts.judged.verdicts
    return _table("Change by topic", verdicts[[_counts(one) for one in verdicts["topic"]]])


def _counts(topic: object) -> bool:
    return not (isinstance(topic, int) and topic < 0)


def _tables_of_code(facts: Facts) -> list[Piece]:
    pieces: list[Piece] = []
    for heading, table in (("Code by period", facts.by_period), ("Code by topic", facts.by_topic)):
        if table is not None:
            pieces += _table(heading, table[table["n"] > 0])
    if not facts.whole["linked"].sum():
        return pieces
    hosts = availability(facts.papers, by="host", claims=facts.claims)
    named = hosts.head(_MOST_HOSTS)[["group", "linked", "promised", "share", "low", "high", "n"]]
    columns = ["group", "linked", "promised", "share"]
    return pieces + _table("Hosts of the links", named, columns=columns, left=len(hosts))


def _dead_links(facts: Facts) -> list[Piece]:
    if facts.checks is None:
        return []
    gone = facts.checks[facts.checks["resolves"].eq(False).fillna(False)]
    table = gone[["url", "why", "checked_at"]].head(_MOST_DEAD)
    return _table("Dead links", table, left=len(gone)) if len(gone) else []


def _table(
    heading: str, table: pd.DataFrame, *, columns: list[str] | None = None, left: int | None = None
) -> list[Piece]:
    """Return a table with its heading, its first rows, and how many there are in all."""
    shown, total = table.head(_MOST_ROWS), len(table) if left is None else left
    piece = table_piece(shown, columns=columns, caption=heading)
    rest: list[Piece] = [f"{len(shown):,} of {total:,} rows."] if total > len(shown) else []
    return [{"kind": "heading", "text": heading}, piece, *rest]


def _methods(facts: Facts) -> list[Piece]:
    pieces: list[Piece] = []
    if facts.topics is not None:
        pieces.append(methods_paragraph(facts.topics, card=facts.card, papers=facts.papers))
    if facts.calendar is not None:
        pieces.append(f"Periods. {facts.calendar.reason}")
    if facts.judged is not None:
        pieces.append(f"Trends. {facts.judged.note}")
    pieces.append(
        "Code. A paper links its code where its text gives an address for it, in the present "
        "tense; whether the address works is another question. Intervals are Wilson's (95 %). "
        "Groups are compared with all other papers by Fisher's exact test, periods with each "
        "other by their largest difference; q is adjusted for the number of comparisons "
        "(Benjamini and Hochberg 1995)."
    )
    return pieces


def _health(facts: Facts) -> list[Piece]:
    health = describe_papers(facts.papers)
    empty = health["column"][health["present"].eq(0) & health["problems"].eq("")].tolist()
    health = health[~health["column"].isin(empty)]
    columns = ["column", "present", "share", "problems", "example"]
    pieces: list[Piece] = [table_piece(health, columns=columns, caption="Columns of the table")]
    return [*pieces, f"Empty: {', '.join(empty)}."] if empty else pieces


#: The chapters in their order. The last one also tells of the warnings.
CHAPTERS: tuple[tuple[str, tuple[Maker, ...]], ...] = (
    ("Findings", (_findings,)),
    (
        "Figures",
        (
            _map, _papers_over_time, _trends, _code_over_time, _code_by_topic, _reliability,
            _levels_of_reuse,
        ),
    ),
    ("Tables", (_table_of_topics, _table_of_changes, _tables_of_code, _dead_links)),
    ("Methods", (_methods,)),
    ("Data health", (_health,)),
)  # fmt: skip
