"""Topics or terms of each paper, and the whole period of each paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model, warn_user
from toolkit.papers.lookup import look_up
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.trends.periods import assign_periods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


@dataclass(frozen=True)
class Occurrences:
    """Pairs of things (topics or terms) and papers, without repeats, and the papers' periods.

    Parameters
    ----------
    names : ndarray (n_things,)
        Numbers of topics, or terms.
    thing, paper : ndarray (n_pairs,)
        Positions of the things and of the papers that hold them.
    column : ndarray (n_papers,)
        Position of each paper's period.
    periods : DataFrame
        The whole periods that hold papers, as from `assign_periods`.
    """

    names: NDArray[Any]
    thing: NDArray[np.intp]
    paper: NDArray[np.intp]
    column: NDArray[np.intp]
    periods: pd.DataFrame

    def counts(self, column: NDArray[np.intp]) -> NDArray[np.int64]:
        """Count papers: things × periods, the papers being in these columns."""
        shape = (len(self.names), len(self.periods))
        flat = self.thing * shape[1] + column[self.paper]
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)


def warn_of_nothing(found: Occurrences, of: str, min_papers: int, otherwise: str) -> None:
    """Warn why nothing was found: nothing to look at, or what `otherwise` says."""
    number = int(found.periods["papers"].sum())
    if not len(found.periods):
        warn_user(f"no {of}: no period is covered in full; see toolkit.trends.assign_periods")
    elif not len(found.names):
        warn_user(
            f"no {of}: none is in {min_papers} or more of the {number:,} papers of whole periods; "
            "take a smaller min_papers"
        )
    else:
        warn_user(otherwise)


def find_occurrences(
    papers: pd.DataFrame,
    of: str,
    topics: TopicModel | None,
    *,
    freq: str,
    date: str,
    min_papers: int,
) -> tuple[Occurrences, dict[Any, str]]:
    """Return topics or terms in at least `min_papers` papers of whole periods, and their names.

    Raises
    ------
    DataError
        Not a papers table, no model for topics, or no usable date.
    """
    check_papers(papers)
    period, periods = assign_periods(papers, freq=freq, date=date)
    # Only whole periods that hold papers.
    whole = periods[~periods["partial"] & (periods["papers"] > 0)].reset_index(drop=True)
    column = pd.Index(whole["period"]).get_indexer(period)
    used = np.flatnonzero(column >= 0)
    if of == "terms":
        names, thing, paper = _terms_of(find_terms(papers.iloc[used]))
        labels = {name: str(name).replace("_", " ") for name in names}
    else:
        names, thing, paper, labels = _topics_of(papers.iloc[used], topics)
    enough = np.bincount(thing, minlength=len(names)) >= min_papers
    number = np.cumsum(enough) - 1
    kept = enough[thing]
    return (
        Occurrences(names[enough], number[thing[kept]], paper[kept], column[used], whole),
        labels,
    )


def _terms_of(lines: pd.Series[str]) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of terms and papers, once each."""
    words = [set(line.split()) for line in lines]
    paper = np.repeat(np.arange(len(words)), [len(some) for some in words])
    thing, names = pd.factorize(
        np.array([word for some in words for word in some], dtype=object), sort=True
    )
    return np.asarray(names, dtype=object), thing, paper


def _topics_of(papers: pd.DataFrame, topics: TopicModel | None) -> Any:
    if topics is None:
        raise DataError(
            "no topics given",
            hint="Give the model: find_bursts(papers, topics=toolkit.fit_topics(papers)); "
            "or of='terms'",
        )
    check_model(topics, "topics")
    numbers = look_up(papers, topics.papers, "topic", what="the topic model")
    paper = np.flatnonzero(numbers >= 0)
    thing, names = pd.factorize(numbers[paper], sort=True)
    labels = topics.topics.set_index("topic")["label"].astype(str).to_dict()
    return np.asarray(names), thing, paper, labels
