"""Reliability of topics: whether they come back when the collection changes a little.

A topic that returns with nearly the same papers when a fifth of the collection is left out, the
seed changes and the resolution moves, is solid. Groups that the same method cuts out of pure noise
do not return: tests/bench/reliability.py draws planted collections and counts both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import check_model, check_whole, checked, warn_user
from toolkit.papers.lookup import find_rows
from toolkit.papers.schema import check_papers
from toolkit.reliability.coherence import npmi
from toolkit.reliability.matching import agreement, best_jaccard, match, mean_interval
from toolkit.reliability.refits import Refit, refit_classic, refit_graph
from toolkit.reliability.verdicts import SOLID, USABLE, VERDICTS, decide_verdict, solid_from
from toolkit.topics.centroids import topic_vectors
from toolkit.topics.edits import check_unmodified
from toolkit.topics.guided import guide_again
from toolkit.topics.term_scores import TermIndex, best_terms, topic_languages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: A paper whose confidence is below this is weakly attached to its topic.
WEAK = 0.5
#: Terms of a topic that its coherence is counted on.
TOP_TERMS = 10


class ReliabilityCard(pd.DataFrame):
    """The table of `check_topics`, and what was counted on the way.

    Attributes
    ----------
    paper_stability : DataFrame
        paper_id, topic, stays: share (0–1) of the refits in which the paper was found in the group
        matched to its topic.
    refits : DataFrame
        paper_id, and for each refit a column (refit_0, …) with the topic that the paper's group in
        that refit was matched to, −1 where to none. For ``topic_trends(refits=…)``.
    agreement : Series
        Adjusted Rand index of each refit with the model: 1 for equal, about 0 for chance.
    """

    # pandas carries these names along with copies.
    _metadata = ["paper_stability", "refits", "agreement"]  # noqa: RUF012

    paper_stability: pd.DataFrame
    refits: pd.DataFrame
    agreement: pd.Series[float]

    @property
    def _constructor(self) -> Any:
        # What is cut out of the card is an ordinary table.
        return pd.DataFrame


@checked
def check_topics(
    topics: TopicModel,
    papers: pd.DataFrame,
    *,
    refits: int = 20,
    seed: int = 42,
    progress: bool = True,
) -> ReliabilityCard:
    """Refit the topics under small changes and find which of them come back.

    Each refit leaves out a fifth of the papers, takes another seed, moves the number of topics
    aimed at by up to a fifth, and chooses the number anew. Its groups are compared with the model's
    topics over the papers it was given.

    Parameters
    ----------
    topics : TopicModel
        From `fit_topics`, edited or not.
    papers : DataFrame
        The papers the model was fitted to, in any order; others may be among them.
    refits : int
        How many, at least 2; twenty give intervals that are narrow enough to read.
    seed : int
        Same seed, same card.
    progress : bool
        Show a progress bar. An interrupt (the stop button) keeps the refits that are done.

    Returns
    -------
    ReliabilityCard
        A table with a row a topic: topic, label, size, survival (0–1: mean over refits of the best
        Jaccard index with any group), survival_low, survival_high (95 % interval of that mean),
        coherence (NPMI of the top ten terms, −1 to 1, see `coherence.npmi`), distinctness
        (1 − cosine between the topic's mean vector and its nearest other's; 0 for the same),
        nearest (that other topic), outlier_share (0–1: papers with confidence below 0.5, weakly
        attached), verdict ("solid", "usable", "fragile") and reason. It carries three more tables:
        see `ReliabilityCard`.

    Raises
    ------
    DataError
        Papers of the model that are not among `papers`, fewer than 2 refits, or a model whose
        BERTopic was changed by its own methods.

    Warns
    -----
    UserWarning
        Where the check was interrupted: how many refits the card rests on.

    Notes
    -----
    C. Hennig, "Cluster-wise assessment of cluster stability" (2007),
    doi:10.1016/j.csda.2006.11.025: a cluster with a mean Jaccard index of at least 0.75 is stable,
    one below 0.5 dissolves. *Solid* asks for 0.75 (in collections of up to 500 papers for more
    than chance reaches there, if that is higher), at most 30 % weakly attached papers, and terms
    that occur together more often than by chance; *fragile* is any topic that dissolves, or whose
    interval does not rule that out; *usable* is the rest. Survival says that a topic is a feature
    of this collection under this method, not that it is the only way to divide it.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> card = toolkit.check_topics(toolkit.fit_topics(papers), papers, refits=5, progress=False)
    >>> set(card["verdict"]) <= {"solid", "usable", "fragile"}
    True
    """
    check_model(topics, "topics")
    check_papers(papers)
    check_whole(refits, "refits", least=2)
    check_whole(seed, "seed")
    check_unmodified(topics)
    find_rows(
        topics.papers["paper_id"],
        papers,
        what="the papers given",
        hint="The topics are of other papers: pass those, or fit topics to these first",
    )
    model = topics.papers["topic"].to_numpy()
    fits = _run(topics, refits=refits, seed=seed, progress=progress)
    numbers = topics.topics.loc[topics.topics["topic"] >= 0, "topic"].to_numpy()
    survival = np.stack([best_jaccard(model, fit, numbers) for fit in fits])
    matched = np.stack([match(model, fit, numbers) for fit in fits])
    # An interrupted check is not made to wait for the chance level.
    complete = len(fits) == refits
    ids_in_order = np.argsort(topics.papers["paper_id"].to_numpy(dtype=object), kind="stable")
    level = (
        solid_from(topics.vectors[ids_in_order], topics.settings, seed=seed) if complete else SOLID
    )
    card = _card(topics, numbers, survival, level=level)
    ids = topics.papers["paper_id"].to_numpy()
    stays = (matched == model).mean(axis=0)
    card.paper_stability = pd.DataFrame({"paper_id": ids, "topic": model, "stays": stays})
    card.refits = pd.DataFrame(
        {"paper_id": ids, **{f"refit_{number}": row for number, row in enumerate(matched)}}
    )
    card.agreement = agreement(model, fits)
    return card


def _run(topics: TopicModel, *, refits: int, seed: int, progress: bool) -> list[Refit]:
    """Make the refits; an interrupt keeps what is done."""
    # Which papers a refit leaves out must not depend on the order of the papers.
    order = np.argsort(topics.papers["paper_id"].to_numpy(dtype=object), kind="stable")
    place = np.argsort(order)
    classic = topics.settings.get("clustering") == "hdbscan"
    make = refit_classic if classic else refit_graph
    fits: list[Refit] = []
    guided = guide_again(topics)
    try:
        for fit in tqdm(
            make(topics.vectors[order], topics.settings, refits=refits, seed=seed),
            total=refits,
            desc="Refitting topics",
            unit="refit",
            disable=not progress,
        ):
            labels, given = fit.labels[place], fit.given[place]
            fits.append(replace(fit, labels=guided(labels, given), given=given))
    except KeyboardInterrupt:
        if len(fits) < 2:
            raise
        warn_user(f"interrupted: the card rests on {len(fits)} of {refits} refits")
    return fits


def _card(
    topics: TopicModel,
    numbers: NDArray[Any],
    survival: NDArray[np.float64],
    *,
    level: float,
) -> ReliabilityCard:
    """Put the table together; one row a topic."""
    facts = topics.topics.set_index("topic").loc[numbers]
    mean, low, high = mean_interval(survival)
    distinct, nearest = _distinctness(topics, numbers)
    weak = topics.papers["confidence"].lt(WEAK).groupby(topics.papers["topic"]).mean()
    documents, best = pd.Series(topics.documents, dtype="string"), _top_terms(topics)
    table = pd.DataFrame(
        {
            "topic": numbers,
            "label": facts["label"].to_numpy(),
            "size": facts["size"].to_numpy(),
            "survival": mean,
            "survival_low": low,
            "survival_high": high,
            "coherence": npmi([best[number] for number in numbers.tolist()], documents),
            "distinctness": distinct,
            "nearest": nearest,
            "outlier_share": weak.reindex(numbers).to_numpy(),
        }
    )
    dissolved = (survival < USABLE).sum(axis=0)
    decided = [
        decide_verdict(row, dissolved=int(lost), refits=len(survival), level=level)
        for row, lost in zip(table.to_dict("records", into=dict), dissolved)
    ]
    table["verdict"] = pd.Categorical([verdict for verdict, _ in decided], VERDICTS, ordered=True)
    table["reason"] = pd.array([reason for _, reason in decided], dtype="string")
    return ReliabilityCard(table)


def _distinctness(
    topics: TopicModel, numbers: NDArray[Any]
) -> tuple[NDArray[np.float64], pd.Series[Any]]:
    """1 − cosine of mean vectors with the nearest other topic, and which that is."""
    if len(numbers) < 2:
        return np.full(len(numbers), np.nan), pd.Series([pd.NA] * len(numbers), dtype="Int64")
    means = topic_vectors(topics)[numbers]
    cosine = means @ means.T
    np.fill_diagonal(cosine, -np.inf)
    nearest = pd.Series(numbers[cosine.argmax(axis=1)], dtype="Int64")
    return np.clip(1 - cosine.max(axis=1), 0, 2).astype(float), nearest


def _top_terms(topics: TopicModel) -> dict[int, list[str]]:
    """Return the top terms of each topic as `documents` spells them, not as readers see them."""
    labels = topics.papers["topic"].to_numpy(dtype=np.int64)
    languages = topic_languages(topics.titles, labels)
    best = best_terms(TermIndex(topics.documents), labels, languages=languages)
    return {topic: [term for term, _ in ranked[:TOP_TERMS]] for topic, ranked in best.items()}
