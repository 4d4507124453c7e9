"""Bursts: stretches of time in which a topic or a term is much more frequent than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.frequencies import FREQS, NAMES
from toolkit.trends.occurrences import Occurrences, find_occurrences, warn_of_nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel


def find_bursts(
    papers: pd.DataFrame,
    *,
    of: str = "topics",
    topics: TopicModel | None = None,
    freq: str = "auto",
    date: str = "auto",
    scaling: float = 2.0,
    gamma: float = 1.0,
    min_papers: int = 10,
    shuffles: int = 99,
    seed: int = 42,
) -> pd.DataFrame:
    """Return stretches of time in which a topic or a term is much more frequent than usual.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    of : str
        ``"topics"`` or ``"terms"`` (words and two-word terms of title and abstract).
    topics : TopicModel, optional
        Needed for topics.
    freq, date : str
        Periods as in `topic_trends`; partial ones are left out.
    scaling : float
        Share in a burst as a multiple of the usual share, above 1.
    gamma : float
        Cost of entering a burst, 0 or more: higher values give fewer and longer bursts.
    min_papers : int
        Topics or terms in fewer papers are left out.
    shuffles : int
        How often to shuffle the dates, to see which weights arise by chance; 0 for never.
    seed : int
        For the shuffles.

    Returns
    -------
    DataFrame
        One row a burst, the heaviest first:

        - what: number of the topic, or the term
        - start, end: first day of its first period and last day of its last
        - weight: how much better a burst explains the counts than the usual share does (a
          difference of log likelihoods)
        - papers: how many of its papers fall into the burst
        - ratio: share inside the burst over the share outside; infinite where it is only inside
        - chance: share of shuffled collections (with this one) in which any burst is as heavy;
          NaN without shuffles
        - label: name of the topic or term

    Raises
    ------
    DataError
        Unknown arguments, no model for topics, or no usable date.

    Warns
    -----
    UserWarning
        Says why there is no burst.

    Notes
    -----
    The automaton of two states for batched arrivals of Kleinberg (2003),
    doi:10.1023/A:1024940629314, section 4: in each period of n papers, k of them with the thing,
    the cost of a state is minus the binomial log likelihood with the usual share p (that over all
    periods) or with `scaling` × p; entering the burst costs `gamma` × ln(periods), leaving is
    free. Kleinberg's automaton also finds bursts in noise; hence `chance`.

    Examples
    --------
    >>> days = pd.date_range("2020-01-01", "2020-12-31").repeat(2)
    >>> papers = pd.DataFrame({"paper_id": [str(n) for n in range(len(days))], "published": days,
    ...     "title": ["Solar eclipse" if day.month == 6 else "Weather" for day in days]})
    >>> bursts = find_bursts(papers, of="terms", freq="M", shuffles=0)
    >>> bursts.loc[bursts["what"] == "eclipse", ["start", "end", "papers"]]
           start        end  papers
    0 2020-06-01 2020-06-30      60
    """
    _check_settings(of, scaling, gamma, shuffles)
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    found, labels = find_occurrences(
        papers, of, topics, freq=freq, date=date, min_papers=min_papers
    )
    totals = found.periods["papers"].to_numpy()
    counts = found.counts(found.column)
    bursts = _bursts(counts, totals, scaling, gamma)
    heaviest = [
        _bursts(found.counts(column), totals, scaling, gamma)["weight"].max()
        for column in _shuffled(found.column, shuffles, seed)
    ]
    if bursts.empty:
        warn_of_nothing(
            found, of, min_papers,
            f"no bursts: none of {len(found.names):,} {of} is for so long about {scaling:g} times "
            f"as frequent as over all {len(found.periods)} whole {NAMES[freq]}s that a burst would "
            "explain it better",
        )  # fmt: skip
    return _burst_table(bursts, counts, found, labels, np.array(heaviest), freq)


def _check_settings(of: Any, scaling: Any, gamma: Any, shuffles: Any) -> None:
    if of not in ("topics", "terms"):
        raise DataError(
            "unknown kind of burst", argument="of", found=of, expected="'topics' or 'terms'"
        )
    checks = {
        "scaling": (scaling, scaling > 1, "above 1"),
        "gamma": (gamma, gamma >= 0, "0 or more"),
        "shuffles": (shuffles, shuffles >= 0, "0 or more"),
    }
    for name, (value, fine, expected) in checks.items():
        if not (fine and np.isfinite(value)):
            raise DataError("out of range", argument=name, found=value, expected=expected)


def _shuffled(column: NDArray[np.intp], shuffles: int, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    for _ in range(int(shuffles)):
        yield rng.permutation(column)


def _bursts(
    counts: NDArray[np.int64], totals: NDArray[np.int64], scaling: float, gamma: float
) -> pd.DataFrame:
    """Run the automaton over all rows at once; return one row a burst, as positions."""
    gain = _gains(counts, totals, scaling)
    state = _states(gain, gamma * np.log(len(totals)) if len(totals) else 0.0)
    # A burst begins where the state turns on and ends where it turns off.
    edge = np.diff(np.pad(state.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    thing, first = np.nonzero(edge == 1)
    last = np.nonzero(edge == -1)[1] - 1
    running = np.pad(gain.cumsum(axis=1), ((0, 0), (1, 0)))
    weight = running[thing, last + 1] - running[thing, first]
    return pd.DataFrame({"thing": thing, "first": first, "last": last, "weight": weight})


def _gains(counts: Any, totals: Any, scaling: float) -> NDArray[np.float64]:
    """Return the log likelihood ratio of each period's count: in a burst, out of one."""
    usual = counts.sum(axis=1, keepdims=True) / max(totals.sum(), 1)
    # What is in every paper or in none has no bursts; 0.5 only avoids infinite logarithms.
    never = (usual == 0) | (usual == 1)
    usual = np.where(never, 0.5, usual)
    # What is in most papers can't be twice as frequent: take the middle between it and 1.
    high = np.minimum(scaling * usual, (1 + usual) / 2)
    gain = counts * np.log(high / usual) + (totals - counts) * (np.log1p(-high) - np.log1p(-usual))
    result: NDArray[np.float64] = np.where(never, 0.0, gain)
    return result


def _states(gain: NDArray[np.float64], entry: float) -> NDArray[np.bool_]:
    """Return the cheapest sequence of states (Viterbi), True in a burst."""
    n_things, n_periods = gain.shape
    out, into = np.zeros(n_things), np.full(n_things, -np.inf)
    stays_out = np.empty((n_periods, n_things), dtype=bool)
    stays_in = np.empty((n_periods, n_things), dtype=bool)
    for j in range(n_periods):
        # Scores are relative to a path without bursts.
        stays_out[j] = out >= into
        stays_in[j] = into >= out - entry
        out, into = np.maximum(out, into), np.maximum(into, out - entry) + gain[:, j]
    state = np.empty((n_things, n_periods), dtype=bool)
    now = into > out
    for j in range(n_periods - 1, -1, -1):
        state[:, j] = now
        now = np.where(now, stays_in[j], ~stays_out[j])
    return state


def _burst_table(
    bursts: pd.DataFrame,
    counts: NDArray[np.int64],
    found: Occurrences,
    labels: dict[Any, str],
    heaviest: NDArray[np.float64],
    freq: str,
) -> pd.DataFrame:
    thing, first, last = (bursts[name].to_numpy() for name in ("thing", "first", "last"))
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
            "weight": bursts["weight"],
            "papers": inside,
        }
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        table["ratio"] = (inside / n_inside) / (outside / n_outside)
    beaten = (np.nan_to_num(heaviest)[None, :] >= bursts["weight"].to_numpy()[:, None]).sum(axis=1)
    table["chance"] = (beaten + 1) / (len(heaviest) + 1) if len(heaviest) else np.nan
    table["label"] = [labels.get(name, str(name)) for name in found.names[thing]]
    return table.sort_values(["weight", "what"], ascending=[False, True], ignore_index=True)
