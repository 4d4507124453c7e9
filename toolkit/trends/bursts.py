"""Bursts: stretches of time in which a topic or a term is more frequent than before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_whole, checked, warn_user
from toolkit.intervals import check_confidence
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.figures import count_papers, factor
from toolkit.trends.frequencies import FREQS, NAMES, label_periods
from toolkit.trends.occurrences import find_occurrences
from toolkit.trends.scans import best_stretches, heaviest_by_chance, learn_waves
from toolkit.trends.wording import name_spans, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel
    from toolkit.trends.occurrences import Occurrences

#: A burst needs periods before or after it.
_LEAST_PERIODS = 5
#: A thing is searched for so many bursts.
_MOST = 5


@checked
def find_bursts(
    papers: pd.DataFrame,
    *,
    of: str = "topics",
    topics: TopicModel | None = None,
    freq: str = "auto",
    date: str = "auto",
    min_papers: int = 10,
    confidence: float = 0.95,
    simulations: int = 199,
    seed: int = 42,
) -> pd.DataFrame:
    """Return stretches of time in which a topic or a term is more frequent than at other times.

    For finding what was in fashion for a while, and when. A lasting rise is no burst: see
    `trend_verdicts`; one that has not ended by the last period may still become one (`over`). Slow
    waves that all topics of the collection make are taken as usual, and only what stands out from
    them is returned.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    of : str
        ``"topics"`` or ``"terms"`` (words and two-word terms of title and abstract that name
        something; a plural counts with its singular).
    topics : TopicModel, optional
        Needed for topics.
    freq, date : str
        Periods as in `topic_trends`; partial ones are left out.
    min_papers : int
        Topics or terms in fewer papers are left out.
    confidence : float
        1 − `confidence` is the probability accepted that anything at all is found where there are
        only usual waves.
    simulations : int
        How many collections without bursts are drawn, to see which weights arise by chance.
    seed : int
        For the simulations.

    Returns
    -------
    DataFrame
        One row a burst, the heaviest first; at most five of a topic or term:

        - what: number of the topic, or the term
        - start, end: first day of its first period and last day of its last
        - weight: how much better two shares, one inside and one outside, explain the counts than
          one does (log likelihood ratio over the usual dispersion)
        - papers: how many of its papers fall into the burst
        - ratio: share inside the burst over the share outside; infinite where it is only inside
        - over: whether it ended before the last period
        - chance: share of simulated collections (with this one) in which any burst is as heavy
        - label: name of the topic or term
        - words: a sentence that may be quoted

    Raises
    ------
    DataError
        Unknown arguments, no model for topics, or no usable date.

    Warns
    -----
    UserWarning
        Where there is none, and why: how many topics or terms were searched and which came
        nearest, or that there are fewer than five whole periods.

    Notes
    -----
    The temporal scan statistic (Kulldorff 2001, doi:10.1111/1467-985X.00186): of all stretches of
    up to half of the periods, that with the largest binomial likelihood ratio of the share inside
    against outside. A long high is one stretch, however its single months jump; a second burst of
    the same topic is sought in what the first leaves. Collections without bursts are simulated
    with shares that wave as those of this collection do: variance and correlation of successive
    periods are learned from all topics or terms together. (Kleinberg's automaton, which this
    replaces, also finds bursts in noise, and several in one long high.)

    Measured on collections without bursts (tests/bench/trends_neighbours.py, 47 topics, 25 months,
    200 each): anything is found in 7 % where papers are independent, in 3 % with whole months
    shuffled, in 10 % with slow drift.

    Examples
    --------
    >>> days = pd.date_range("2020-01-01", "2020-12-31").repeat(2)
    >>> papers = pd.DataFrame({"paper_id": [str(n) for n in range(len(days))], "published": days,
    ...     "title": ["Solar eclipse" if day.month == 6 else "Weather" for day in days]})
    >>> find_bursts(papers, of="terms", freq="M")[["what", "start", "end", "papers", "over"]]
                what      start        end  papers  over
    0        eclipse 2020-06-01 2020-06-30      60  True
    1          solar 2020-06-01 2020-06-30      60  True
    2  solar_eclipse 2020-06-01 2020-06-30      60  True
    """
    if of not in ("topics", "terms"):
        raise DataError(
            "unknown kind of burst", argument="of", found=of, expected="'topics' or 'terms'"
        )
    alpha = 1 - check_confidence(confidence)
    check_whole(simulations, "simulations", least=int(np.ceil(1 / alpha)) - 1)
    check_whole(seed, "seed")
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    found, labels = find_occurrences(
        papers, of, topics, freq=freq, date=date, min_papers=min_papers
    )
    counts = found.counts(found.column)
    totals = found.periods["papers"].to_numpy()
    enough = len(totals) >= _LEAST_PERIODS and len(counts) > 0
    searched = counts if enough else counts[:0]
    bursts = _search(searched, totals, simulations=simulations, alpha=alpha, seed=seed)
    table = _burst_table(bursts, counts, found, labels, freq)
    chosen = table[table["chance"] <= alpha + 1e-9].reset_index(drop=True)
    if chosen.empty:
        periods = f"{len(totals)} whole {NAMES[freq]}{'' if len(totals) == 1 else 's'}"
        warn_user(f"no bursts: {_why_none(table, of, len(counts), periods, min_papers)}")
    return chosen


def _search(
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    *,
    simulations: int,
    alpha: float,
    seed: int,
) -> pd.DataFrame:
    """Return the bursts as positions, with weight and chance; of each thing at least the best."""
    columns = ["thing", "first", "last", "weight", "chance"]
    if not len(counts):
        return pd.DataFrame(columns=columns)
    waves = learn_waves(counts, totals)
    chances = heaviest_by_chance(counts, totals, waves, simulations=simulations, seed=seed)
    left = np.ones((len(counts), len(totals)), dtype=bool)
    things, parts = np.arange(len(counts)), []
    for turn in range(_MOST):
        first, last, weight = best_stretches(counts[things], totals, left[things], waves.scatter)
        beaten = (chances[None, :] >= weight[:, None]).sum(axis=1)
        chance = (beaten + 1) / (simulations + 1)
        part = pd.DataFrame(dict(zip(columns, (things, first, last, weight, chance))))
        found = part["chance"].to_numpy() <= alpha + 1e-9
        parts.append(part if turn == 0 else part[found])
        for thing, start, end in zip(things[found], first[found], last[found]):
            left[thing, start : end + 1] = False
        things = things[found]
        if not len(things):
            break
    return pd.concat(parts, ignore_index=True)


def _burst_table(
    bursts: pd.DataFrame,
    counts: NDArray[np.int64],
    found: Occurrences,
    labels: dict[Any, str],
    freq: str,
) -> pd.DataFrame:
    thing, first, last = (
        bursts[name].to_numpy(dtype=np.intp) for name in ("thing", "first", "last")
    )
    starts = found.periods["period"]
    ends = starts.dt.to_period(FREQS[freq]).dt.end_time.dt.normalize()
    running = np.pad(counts.cumsum(axis=1), ((0, 0), (1, 0)))
    papers = np.pad(found.periods["papers"].to_numpy().cumsum(), (1, 0))
    inside = running[thing, last + 1] - running[thing, first]
    n_inside = papers[last + 1] - papers[first]
    outside, n_outside = running[thing, -1] - inside, papers[-1] - n_inside
    table = pd.DataFrame(
        {
            "what": found.names[thing],
            "start": starts.to_numpy()[first],
            "end": ends.astype("datetime64[us]").to_numpy()[last],
            "weight": bursts["weight"].astype("float64"),
            "papers": inside,
        }
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        table["ratio"] = (inside / n_inside) / (outside / n_outside)
    table["over"] = last < len(starts) - 1
    table["chance"] = bursts["chance"].astype("float64")
    names = [labels.get(name, str(name)) for name in found.names[thing]]
    table["label"] = pd.array(names, dtype="string")
    periods = label_periods(starts, freq=freq)
    spans = [name_spans(periods[a : b + 1])[0] for a, b in zip(first, last)]
    shares = [percent(value, of=size) for value, size in zip(inside / n_inside, n_inside)]
    words = [_words(row, *told) for row, *told in zip(table.itertuples(), spans, shares)]
    table["words"] = pd.array(words, dtype="string")
    order = ["weight", "what", "start"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _words(row: Any, span: str, share: str) -> str:
    outside = (
        "and none outside"
        if np.isinf(row.ratio)
        else f"{factor(row.ratio)} times the share outside"
    )
    return (
        f"{row.label}: more frequent in {span} than at other times: {share} of the papers "
        f"({count_papers(row.papers)}), {outside}{'' if row.over else '; it is not over'} "
        f"(chance {row.chance:.3f})."
    )


def _why_none(table: pd.DataFrame, of: str, number: int, periods: str, min_papers: int) -> str:
    if not number:
        return f"none of the {of} is in {min_papers} papers or more; min_papers=… lowers that"
    if table.empty:
        return (
            f"a burst and a time around it need {_LEAST_PERIODS} periods, and there are {periods}"
        )
    row = table.iloc[0]
    return (
        f"of {number:,} {of} searched, {row['label']!r} comes nearest, and in "
        f"{100 * row['chance']:.0f} % of collections without bursts something is as heavy"
    )
