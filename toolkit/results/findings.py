"""`findings`: what results say, in sentences that may be quoted, most important first."""

from __future__ import annotations

import html
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.claims.claims import code_claims
from toolkit.errors import DataError, check_model, check_whole, checked
from toolkit.networks import Network
from toolkit.papers.schema import check_papers
from toolkit.rates.rates import availability
from toolkit.reliability.judging import JudgedTrends, judge_trends
from toolkit.reliability.reliability import check_topics
from toolkit.results import of_papers, of_rates, of_topics, of_trends
from toolkit.results.sentences import ABOUT, SURE, Finding
from toolkit.text.escaping import keep_units, one_line
from toolkit.trends.calendars import Calendar, choose_calendar
from toolkit.trends.dated import DATES, count_placeable

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: So many papers must link their code before topics and periods are compared unasked.
_LEAST_LINKED = 10
#: Warnings that a finding repeats.
TOLD = (
    r"\d+ of \d+ papers ha(s|ve) neither an abstract nor features",
    r"the \w+ of \d+ of \d+ papers is not known: .* the counts and the share$",
)


@dataclass(frozen=True, repr=False)
class Findings:
    """Sentences with the figures they rest on. A notebook shows them as a list.

    ``str(found)`` and ``list(found)`` give the sentences, `table` all there is.

    Attributes
    ----------
    table : DataFrame
        One row a finding, most important first:

        - about (category): collection, topics, change, code, links, records, values, network,
          reliability, missing
        - sentence
        - sure (category): what it rests on. "count": papers or records were counted; "interval":
          a share with its interval; "test": a test that allows for the number of comparisons, or
          refits; "open": it says that something is not known
        - figures: the numbers in the sentence as they are in the tables, as JSON
    """

    table: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of findings."""
        return len(self.table)

    def __iter__(self) -> Iterator[str]:
        """Yield the sentences."""
        return iter(self.table["sentence"].tolist())

    def __str__(self) -> str:
        """Return the sentences, one a line."""
        return "\n".join(self)

    def __repr__(self) -> str:
        """Return the sentences, one a line."""
        return str(self)

    def _repr_html_(self) -> str:
        """Return the sentences as a list; one alone as a paragraph."""
        texts = [keep_units(html.escape(one_line(text))) for text in self]
        if len(texts) == 1:
            return f'<p dir="auto">{texts[0]}</p>'
        return "<ul>" + "".join(f'<li dir="auto">{text}</li>' for text in texts) + "</ul>"


@checked
def findings(
    papers: pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    *,
    judged: JudgedTrends | pd.DataFrame | None = None,
    card: pd.DataFrame | None = None,
    rates: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
    claims: pd.DataFrame | None = None,
    compared: pd.DataFrame | None = None,
    checks: pd.DataFrame | None = None,
    survival: pd.DataFrame | None = None,
    merges: pd.DataFrame | None = None,
    flow: pd.DataFrame | None = None,
    described: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
    network: Network | None = None,
    most: int = 5,
    refits: int = 8,
    date: str = "auto",
    seed: int = 42,
    progress: bool = True,
) -> Findings:
    """Return what results say, in sentences that may be quoted, with the figures they rest on.

    What is given is told. From `papers`, and from `topics` beside them, the trends and the rates
    that are not given are made first. Results alone are told without any papers:
    ``findings(rates=rates)``.

    Parameters
    ----------
    papers : DataFrame, optional
        A papers table: how many there are, from when, how many link their code.
    topics : TopicModel, optional
        Of these papers: what they are about, what changed, which topics link more code.
    judged : JudgedTrends or DataFrame, optional
        From `judge_trends`, or the table of `trend_verdicts`. Only headlines of the first have
        been tried on refits; of the second the sentence says that they have not.
    card : DataFrame, optional
        From `check_topics`: fragile topics are then not named. That of `judged` by default.
    rates : DataFrame, or several of them, optional
        From `availability` or `corrected_availability`, by anything.
    claims : DataFrame, optional
        From `code_claims`, for the rates that are made here.
    compared : DataFrame, optional
        From `compare_periods`, `compare_trends`, `find_bursts`, `emerging_terms`.
    checks, survival : DataFrame, optional
        From `check_links`, from `link_survival`.
    merges, flow : DataFrame, optional
        From `deduplicate`, from `record_flow`.
    described : DataFrame, optional
        From `describe_papers`: what is wrong, not how full the columns are.
    counts : DataFrame, optional
        From `count_by`.
    network : Network, optional
        From `find_network`.
    most : int
        Topics that changed, and rows of `compared`, with a sentence each; the rest are counted.
    refits, seed, progress
        As in `judge_trends`, where the trends are made here; with 0 refits the topics are not
        checked, and a sentence says so.
    date : {"auto", "published", "listed"}
        By which papers are counted; see `choose_calendar`.

    Returns
    -------
    Findings
        Sentences and their figures. What fails a check is not told: a change that refits of the
        topics do not show, a fragile topic, a group that differs no more than chance allows. Where
        nothing can be said, a sentence says that.

    Raises
    ------
    DataError
        Nothing is given, or a result is of another kind than its argument's.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> print(toolkit.findings(rates=toolkit.availability(papers, by="host")))
    ... # doctest: +NORMALIZE_WHITESPACE
    Where papers link their code, most links lead to github.com (10 of 31 papers, 32 %),
    then to bitbucket.org (1).
    """
    check_whole(most, "most", least=0)
    tables = _as_tables(rates)
    told: list[Finding] = []
    if papers is not None:
        check_papers(papers)
        calendar = _calendar(papers, date)
        told += of_papers.tell_papers(papers, calendar)
        if len(papers):
            if topics is not None and card is None and judged is None and refits:
                card = check_topics(topics, papers, refits=refits, seed=seed, progress=progress)
            if topics is not None and calendar is not None and judged is None:
                judged = judge_trends(
                    papers, topics, refits=0, card=card, freq=calendar.freq,
                    date=calendar.date, seed=seed, progress=progress,
                )  # fmt: skip
            tables = tables or _rates(papers, topics, claims, calendar)
    card = card if card is not None or judged is None else getattr(judged, "card", None)
    fragile = _tell(of_topics.fragile_topics, card, "card", ("topic", "verdict")) or ()
    told += _tell(of_topics.tell_card, card, "card", ("survival",))
    if topics is not None:
        check_model(topics, "topics")
        told += of_topics.tell_topics(topics, card)
    told += _tell(
        lambda one: of_trends.tell_trends(one, most), judged, "judged",
        ("topic", "label", "verdict", "words", "p", "q"),
    )  # fmt: skip
    told += _tell(lambda one: of_trends.tell_compared(one, most), compared, "compared", ())
    for table in tables:
        needs = ("group", "n", "share", "low", "high", "confidence")
        told += _tell(lambda one: of_rates.tell_rates(one, fragile), table, "rates", needs)
    told += _tell(of_papers.tell_checks, checks, "checks", ("url", "resolves"))
    told += _tell(of_rates.tell_survival, survival, "survival", ("group", "time", "survival"))
    told += _tell(of_papers.tell_merges, merges, "merges", ("kept_id", "why"))
    told += _tell(of_papers.tell_flow, flow, "flow", ("step", "records"))
    told += _tell(of_papers.tell_counts, counts, "counts", ("value", "papers", "share"))
    told += _tell(of_papers.tell_network, network, "network", None)
    told += _tell(
        of_papers.tell_described, described, "described", ("column", "present", "problems")
    )
    if not told:
        raise DataError("nothing to tell of", expected="papers, or a result: rates=…, judged=…")
    return Findings(_as_table(told))


def _as_tables(rates: Any) -> list[pd.DataFrame]:
    if rates is None or isinstance(rates, pd.DataFrame):
        return [] if rates is None else [rates]
    return list(rates)


def _calendar(papers: pd.DataFrame, date: str) -> Calendar | None:
    """Return by which date and period the papers are counted; None where none has a date."""
    names = DATES if date == "auto" else (date,)
    if not any(count_placeable(papers, date=name)["Y"] for name in names):
        return None
    return choose_calendar(papers, date=date)


def _rates(
    papers: pd.DataFrame,
    topics: TopicModel | None,
    claims: pd.DataFrame | None,
    calendar: Calendar | None,
) -> list[pd.DataFrame]:
    """Return the rates of code: of all papers, and where enough link it, by topic and by period."""
    with warnings.catch_warnings():
        # A finding tells how many papers have no abstract.
        for told in TOLD:
            warnings.filterwarnings("ignore", told, UserWarning)
        claims = code_claims(papers) if claims is None else claims
        tables = [availability(papers, claims=claims)]
    with warnings.catch_warnings():
        # The first call told what else there is.
        warnings.simplefilter("ignore", UserWarning)
        for what in ("data", "registry"):
            if what in claims:
                more = availability(papers, claims=claims, what=what)
                tables += [more] if more["linked"].sum() else []
        if tables[0]["linked"].sum() < _LEAST_LINKED:
            return tables
        if topics is not None:
            tables.append(availability(papers, by="topic", topics=topics, claims=claims))
        if calendar is not None:
            tables.append(availability(papers, by="period", claims=claims, date=calendar.date))
    return tables


def _tell(
    tell: Callable[[Any], Any], result: Any, argument: str, needs: tuple[str, ...] | None
) -> Any:
    """Return what a result says, nothing where it is not given; check that it is of its kind."""
    if result is None:
        return []
    if needs is None:
        right, expected = isinstance(result, Network), "a Network, from find_network"
    else:
        table = result.verdicts if isinstance(result, JudgedTrends) else result
        right = isinstance(table, pd.DataFrame) and set(needs) <= set(table.columns)
        right &= table is result or argument == "judged"
        expected = f"a table with the columns {', '.join(needs)}" if needs else "a table"
    if not right:
        found = list(result.columns) if isinstance(result, pd.DataFrame) else type(result).__name__
        raise DataError(
            "a result of another kind", argument=argument, found=found, expected=expected
        )
    try:
        return tell(result)
    except DataError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "the result is empty or was changed, and cannot be told in words",
            argument=argument,
            found=str(error),
            hint="Give it as its function returned it, or some of its rows",
        ) from error


def _place(one: Finding) -> int:
    return ABOUT.index(one.about)


def _as_table(told: list[Finding]) -> pd.DataFrame:
    """Return findings as a table, in the order of `ABOUT`, no sentence twice."""
    rows = [
        {**one._asdict(), "figures": json.dumps(one.figures, ensure_ascii=False)}
        for one in sorted({one.sentence: one for one in told}.values(), key=_place)
    ]
    table = pd.DataFrame(rows, columns=["about", "sentence", "sure", "figures"])
    return table.astype(
        {
            "about": pd.CategoricalDtype(list(ABOUT)),
            "sentence": "string",
            "sure": pd.CategoricalDtype(list(SURE)),
            "figures": "string",
        }
    )
