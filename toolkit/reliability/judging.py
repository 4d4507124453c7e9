"""Trends whose verdicts survive refits of the topics: one call for report, notebook and README."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from toolkit.errors import DataError, check_whole, checked
from toolkit.reliability.reliability import check_topics
from toolkit.trends.trends import topic_trends
from toolkit.trends.verdicts import CHANGES, trend_verdicts

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel


class JudgedTrends(NamedTuple):
    """Trends, their verdicts, and what may be said first.

    Parameters
    ----------
    trends : DataFrame
        As from `topic_trends`, with the refits' papers.
    verdicts : DataFrame
        As from `trend_verdicts`, with one more column `fragile`: whether the topic itself is; NA
        without refits. Where a change is sure but the model alone shows another shape than most
        refits (rose then fell, not rising), the words say so.
    headlines : DataFrame
        The rows of `verdicts` that say that something changed, of topics that are not fragile.
    card : DataFrame or None
        As from `check_topics`; None without refits.
    note : str
        How the verdicts were checked, and which of them are no headlines and why.
    """

    trends: pd.DataFrame
    verdicts: pd.DataFrame
    headlines: pd.DataFrame
    card: pd.DataFrame | None
    note: str

    def __repr__(self) -> str:
        """Return the sentences of the headlines, the note, and where the tables are."""
        told = [*self.headlines["words"].tolist(), self.note] if "words" in self.headlines else []
        tables = f"verdicts: {len(self.verdicts):,} topics; trends: {len(self.trends):,} rows"
        return "\n".join([*told, f"Tables: .{tables.replace('; ', '; .')}; .headlines; .card"])


@checked
def judge_trends(
    papers: pd.DataFrame,
    topics: TopicModel,
    *,
    refits: int = 8,
    card: pd.DataFrame | None = None,
    freq: str = "auto",
    date: str = "auto",
    since: str | int | pd.Timestamp | None = None,
    until: str | int | pd.Timestamp | None = None,
    confidence: float = 0.95,
    margin: float = 1.5,
    seed: int = 42,
    progress: bool = True,
) -> JudgedTrends:
    """Return trends and verdicts that hold although the topics could be cut a little otherwise.

    The topics are refitted, the trends counted in each refit, and a change is called one only
    where most refits show it. A topic that does not come back in refits (fragile) is no headline,
    whatever its trend. `report` uses this function; so should any text that names what rises.

    Parameters
    ----------
    papers : DataFrame
        The papers the topics were fitted to.
    topics : TopicModel
        From `fit_topics`.
    refits : int
        How many; 0 for none: then verdicts hold for these topics only, and the note says so.
        Eight took 1.3 times the processor time of fitting (5,680 papers: 8 s after 6 s).
    card : DataFrame, optional
        From `check_topics`, where you have it already: its refits are used.
    freq, date, since, until
        As in `topic_trends`.
    confidence, margin
        As in `trend_verdicts`.
    seed : int
        For the refits.
    progress : bool
        Show a progress bar.

    Returns
    -------
    JudgedTrends
        A named tuple: trends, verdicts, headlines, card, note.

    Raises
    ------
    DataError
        As `check_topics`, `topic_trends` and `trend_verdicts`; or one refit (0, or 2 and more).

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.synthetic.plant_collection(n_papers=300).papers
    >>> topics = toolkit.fit_topics(papers)
    >>> judged = toolkit.judge_trends(papers, topics, refits=2, progress=False)
    >>> bool((judged.headlines["verdict"] == "can't tell").any())
    False
    """
    check_whole(refits, "refits")
    check_whole(seed, "seed")
    if card is None and refits:
        card = check_topics(topics, papers, refits=refits, seed=seed, progress=progress)
    moved = getattr(card, "refits", None)
    if card is not None and moved is None:
        raise DataError(
            "the card has no refits",
            argument="card",
            found=f"a table of {len(card)} rows",
            expected="the result of check_topics itself, not a copy or a part of it",
            hint="Leave `card` out: judge_trends makes it",
        )
    trends = topic_trends(
        papers, topics, freq=freq, date=date, refits=moved, confidence=confidence,
        since=since, until=until,
    )  # fmt: skip
    verdicts = trend_verdicts(trends, confidence=confidence, margin=margin, card=card)
    gone = 0
    if moved is not None:
        verdicts, gone = _beside_model_alone(trends, verdicts, confidence, margin)
    verdicts["fragile"] = pd.Series(pd.NA, index=verdicts.index, dtype="boolean")
    if card is not None:
        lost = card.loc[card["verdict"] == "fragile", "topic"]
        verdicts["fragile"] = verdicts["topic"].isin(lost).astype("boolean")
    changed = verdicts["verdict"].isin(CHANGES) & (verdicts["topic"] >= 0)
    weak = changed & verdicts["fragile"].fillna(False)
    headlines = verdicts[changed & ~weak].reset_index(drop=True)
    number = 0 if moved is None else len(moved.columns) - 1
    note = _note(number, verdicts[weak], gone)
    if headlines.empty and not weak.any():
        why = f"no topic changed{' in most refits' if number else ''}"
        if len(verdicts) and verdicts["p"].isna().all():
            periods = int(verdicts["periods"].max())
            covered = f"{periods} whole period{'' if periods == 1 else 's'} with papers"
            why = f"no topic has papers enough to be tested (in {covered}; a trend needs three)"
        note += f" There is no headline: {why}."
    return JudgedTrends(trends, verdicts, headlines, card, note)


def _beside_model_alone(
    trends: pd.DataFrame, verdicts: pd.DataFrame, confidence: float, margin: float
) -> tuple[pd.DataFrame, int]:
    """Say which rises and falls turn in the model alone; count its changes that refits lack."""
    own = [name for name in trends.columns if not str(name).startswith("refit_")]
    alone = trend_verdicts(trends[own], confidence=confidence, margin=margin)
    before = verdicts["topic"].map(alone.set_index("topic")["verdict"])
    changed = verdicts["verdict"].isin(CHANGES)
    gone = int((before.isin(CHANGES) & ~changed & (verdicts["topic"] >= 0)).sum())
    other = changed & before.isin(CHANGES) & (before != verdicts["verdict"])
    noted = (
        verdicts["words"].str.removesuffix(".")
        + "; in the model as it is: "
        + before
        + ", which most refits do not show."
    )
    return verdicts.assign(words=verdicts["words"].mask(other, noted)), gone


def _note(refits: int, fragile: pd.DataFrame, gone: int) -> str:
    if not refits:
        return (
            "The topics were not refitted: the verdicts hold for these topics as they are cut, and "
            "another fit may give others."
        )
    told = (
        f"A verdict says that most of {refits} refits of the topics show it; each refit leaves out "
        "a fifth of the papers."
    )
    if gone:
        told += (
            f" Of the model alone, {gone} more topic{'' if gone == 1 else 's'} would have changed; "
            f"{'it is' if gone == 1 else 'they are'} no headline, as most refits do not show it."
        )
    if fragile.empty:
        return told
    named = "; ".join(f"{row.label} ({row.verdict})" for row in fragile.itertuples())
    them = "it is" if len(fragile) == 1 else "they are"
    return f"{told} No headline, as refits may not find the topic itself: {named}; {them} fragile."
