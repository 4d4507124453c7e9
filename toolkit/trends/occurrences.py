"""Topics or terms of each paper, and the whole period of each paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model
from toolkit.papers.lookup import look_up
from toolkit.papers.schema import check_papers
from toolkit.papers.terms import find_terms
from toolkit.text.generic import weight_as_name
from toolkit.text.language import common_language
from toolkit.trends.periods import assign_periods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


#: Terms that weigh less as a name are as frequent in papers on anything nearby: they are left out.
NAMES_SOMETHING = 0.5
#: Endings of plurals, and what stands in their place (English; French, Spanish and others as far
#: as these reach).
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))


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

    Of terms, those that name something (`toolkit.text.generic.weight_as_name` of 0.5 or more), a
    plural with its singular.

    Raises
    ------
    DataError
        Not a papers table, no model for topics, or no usable date.
    """
    check_papers(papers)
    if of != "terms":
        if topics is None:
            raise DataError(
                "no topics given",
                hint="Give the model: find_bursts(papers, topics=toolkit.fit_topics(papers)); "
                "or of='terms'",
            )
        check_model(topics, "topics")
    period, periods = assign_periods(papers, freq=freq, date=date)
    # Only whole periods that hold papers.
    whole = periods[~periods["partial"] & (periods["papers"] > 0)].reset_index(drop=True)
    column = pd.Index(whole["period"]).get_indexer(period)
    used = np.flatnonzero(column >= 0)
    if topics is None or of == "terms":
        language = common_language(papers["title"].astype("string").fillna("").tolist())
        names, thing, paper = _terms_of(find_terms(papers.iloc[used]), language)
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


def _terms_of(
    lines: pd.Series[str], language: str
) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of terms that name something and papers; forms of one term count as one."""
    words = [set(line.split()) for line in lines]
    paper = np.repeat(np.arange(len(words)), [len(some) for some in words])
    thing, names = pd.factorize(
        np.array([word for some in words for word in some], dtype=object), sort=True
    )
    names = np.asarray(names, dtype=object)
    # The form that most papers use stands for all.
    sizes = np.bincount(thing, minlength=len(names))
    known = set(names)
    roots, _ = pd.factorize(
        np.array([_without_plurals(name, known) for name in names], dtype=object)
    )
    order = np.lexsort((np.arange(len(names)), -sizes))
    best = pd.Series(order).groupby(roots[order]).first()
    thing = best.to_numpy()[roots][thing] if len(names) else thing
    telling = np.array([weight_as_name(name, language) >= NAMES_SOMETHING for name in names])
    kept = telling[thing] if len(names) else np.zeros(0, dtype=bool)
    pairs = pd.DataFrame({"thing": thing[kept], "paper": paper[kept]}).drop_duplicates()
    return names, pairs["thing"].to_numpy(), pairs["paper"].to_numpy()


def _without_plurals(term: str, known: set[str]) -> str:
    """Return a term with each word in the singular, as far as the collection uses that.

    Examples
    --------
    >>> _without_plurals("agents_policies", {"agent", "policy"}), _without_plurals("bus", {"bus"})
    ('agent_policy', 'bus')
    """
    return "_".join(_singular(word, known) for word in term.split("_"))


def _singular(word: str, known: set[str]) -> str:
    for old, new in _PLURALS:
        form = word.removesuffix(old) + new
        if word.endswith(old) and form in known:
            return form
    return word


def _topics_of(papers: pd.DataFrame, topics: TopicModel) -> Any:
    numbers = look_up(papers, topics.papers, "topic", what="the topic model")
    paper = np.flatnonzero(numbers >= 0)
    thing, names = pd.factorize(numbers[paper], sort=True)
    labels = topics.topics.set_index("topic")["label"].astype(str).to_dict()
    return np.asarray(names), thing, paper, labels
