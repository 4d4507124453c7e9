"""Terms that are more frequent in the last period than before, and terms that are new in it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import checked, warn_user
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.figures import count_papers, factor, small
from toolkit.trends.frequencies import NAMES, label_periods
from toolkit.trends.occurrences import find_occurrences
from toolkit.trends.wording import name_spans, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.occurrences import Occurrences

    Floats = NDArray[np.float64]

#: The scatter of shares is learned from terms in as many papers a period.
_RELIABLE = 1
#: The last one, and two before it to learn the scatter from.
_LEAST_PERIODS = 3
#: The last one and twelve before it: what is older tells of other times.
_MOST_PERIODS = 13
#: A longer term takes the place of one of its words where this part of the word's papers use it.
_REPLACES = 0.5
#: Two terms that share a word are parts of one where they share this part of their papers.
_SAME = 0.6


@checked
def emerging_terms(
    papers: pd.DataFrame,
    *,
    freq: str = "auto",
    date: str = "auto",
    min_papers: int = 10,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return terms with a larger share of the papers in the last whole period than before.

    For a look at what the newest papers speak of that earlier ones did not. It is no test of
    topics (`trend_verdicts`), finds no term that has grown evenly all the time, and says nothing of
    the next period. Only terms that name something are tested: words that papers on any subject
    nearby use as often are left out, and a plural counts with its singular.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    freq, date : str
        Periods as in `topic_trends`; partial ones are left out. The last is compared with those
        before it together, of which the latest twelve count.
    min_papers : int
        Terms in fewer papers, of the periods compared, are left out.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries accepted.

    Returns
    -------
    DataFrame
        One row a term that is more frequent with q ≤ 1 − `confidence`; first those that were used
        before, then new ones, each by p:

        - term, new: whether no paper used it before, in no period at all
        - papers, papers_before: how many use it, in the last period and in those compared with it
        - share, share_before: of the papers of these periods
        - ratio, low, high: share / share_before with interval; infinite where there was none
        - p, q: one-sided, of no increase; q adjusted for the number of terms tested
        - words: a sentence that may be quoted

    Raises
    ------
    DataError
        Unknown arguments, or no usable date.

    Warns
    -----
    UserWarning
        Where no term is found, and why: how many were tested and which came nearest, or that there
        are fewer than three whole periods.

    Notes
    -----
    Given how many papers use a term in all, how many of them are of the last period follows a
    beta-binomial distribution: the binomial with the last period's part of all papers, and a
    scatter between periods. The squared coefficient of variation of this scatter is learned from
    all terms together, twice: from the earlier periods around their mean, and from the first period
    against the others; the larger counts. (With slow drift the ends of a stretch of time are
    farther from its mean than the rest, and the past end shows how far.) So papers of one month or
    group that share their words count for less, and a term must stand out from usual waves. (The
    periods of one term alone are too few to learn its own scatter.) False discoveries after
    Benjamini and Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x); interval of the ratio
    from its logarithm with half a paper added (Walter 1975, doi:10.1093/biomet/62.2.371) and the
    scatter. Of a term and a longer one that holds it one is kept: the longer where half of the
    shorter one's papers of the last period use it; of two that share a word and most papers the
    first.

    Measured (tests/bench/trends_neighbours.py, 2,865 terms, 8 quarters, 100 collections each):
    anything is found in 0 % where papers are independent and in 3 % with slow drift; in 21 % where
    whole months of real papers are shuffled, as a word that was in fashion in one month may fall
    into the last quarter. A new term in 2 % of the papers is found in 82 %.

    Examples
    --------
    >>> days = pd.date_range("2020-01-01", "2020-12-31")
    >>> papers = pd.DataFrame({"paper_id": [str(n) for n in range(len(days))], "published": days,
    ...     "title": ["Wind comet" if day.month > 9 else "Wind" for day in days]})
    >>> emerging_terms(papers, freq="Q")[["term", "new", "papers", "share", "share_before"]]
             term   new  papers  share  share_before
    0  wind_comet  True      92    1.0           0.0
    """
    alpha = 1 - check_confidence(confidence)
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    found, _ = find_occurrences(papers, "terms", None, freq=freq, date=date, min_papers=min_papers)
    whole = found.counts(found.column)
    counts, totals = whole[:, -_MOST_PERIODS:], found.periods["papers"].to_numpy()[-_MOST_PERIODS:]
    tested = counts.sum(axis=1) >= min_papers
    if len(totals) < _LEAST_PERIODS:
        # Nothing to learn the scatter from: no term is tested.
        tested[:] = False
        counts, totals = np.zeros((len(counts), _LEAST_PERIODS), int), np.ones(_LEAST_PERIODS, int)
    counts = counts[tested]
    scatter = learn_scatter(counts, totals)
    last, before = counts[:, -1], counts[:, :-1].sum(axis=1)
    n_last, n_before = int(totals[-1]), int(totals[:-1].sum())
    new = whole[tested, :-1].sum(axis=1) == 0
    table = pd.DataFrame(
        {"term": found.names[tested], "new": new, "papers": last, "papers_before": before}
    )
    table["share"], table["share_before"] = last / n_last, before / n_before
    spread = scatter * (1 + 1 / (len(totals) - 1))
    ends = _ratio(last, n_last, before, n_before, confidence, spread)
    table["ratio"], table["low"], table["high"] = ends
    table["p"] = p_of_increase(counts, totals, scatter)
    table["q"] = benjamini_hochberg(table["p"])
    table["term"] = table["term"].astype("string")
    names = label_periods(found.periods["period"][-_MOST_PERIODS:], freq=freq)
    spans = "".join(names[-1:]), name_spans(names[:-1])[0] if names[1:] else ""
    chosen = (table["q"] <= alpha) & (table["ratio"] > 1)
    if not chosen.any():
        periods = f"{len(names) or 'no'} whole {NAMES[freq]}{'' if len(names) == 1 else 's'}"
        why = (
            f"that needs {_LEAST_PERIODS} periods, and there are {periods}"
            if len(names) < _LEAST_PERIODS
            else _why_none(table, spans, min_papers)
        )
        warn_user(f"no emerging terms: {why}")
    table = table[chosen].sort_values(["new", "p", "term"])
    table = table[_not_nested(table, found)].reset_index(drop=True)
    level = f"{confidence * 100:g} %"
    words = [_words(row, spans, level) for row in table.itertuples()]
    table["words"] = pd.array(words, dtype="string")
    return table


def learn_scatter(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> float:
    """Return the squared coefficient of variation of shares between periods, beyond chance.

    Parameters
    ----------
    counts : ndarray (n_terms, n_periods)
    totals : ndarray (n_periods,)
        Three periods or more; the last, which is to be judged, is not used.
    """
    k, n = counts[:, :-1].astype(np.float64), totals[:-1].astype(np.float64)
    number = k.sum(axis=1, keepdims=True)
    part = n / n.sum()
    expected = number * part
    # Given the number, the count of one period is binomial with its part of the papers.
    chance = np.maximum(expected * (1 - part), 1e-300)
    around = ((k - expected) ** 2 / chance).mean(axis=1)
    first = (k[:, 0] - expected[:, 0]) ** 2 / chance[:, 0]
    return max(_excess(around, expected.mean(axis=1)), _excess(first, expected[:, 0]))


def _excess(ratios: Floats, expected: Floats) -> float:
    """Return s² where ratios of squares to chance are 1 + s² × the expected papers."""
    use = expected >= _RELIABLE
    ratios, expected = ratios[use], expected[use]
    scatter = 0.0
    for _ in range(20):
        weights = expected / (1 + scatter * expected) ** 2
        total = (weights * expected).sum()
        scatter = max(float((weights * (ratios - 1)).sum() / total), 0.0) if total else 0.0
    return scatter


def p_of_increase(
    counts: NDArray[np.int64], totals: NDArray[np.int64], scatter: float
) -> NDArray[np.float64]:
    """Return the probability of at least as many papers in the last period as there are."""
    from scipy.special import betaln, gammaln

    number, last = counts.sum(axis=1), counts[:, -1]
    part = float(totals[-1] / totals.sum())
    p = np.ones(len(counts))
    for row in np.flatnonzero(last > number * part):
        size = int(number[row])
        # The variance of a count is the binomial one times 1 + s² × the expected papers.
        inflation = min(1 + scatter * size * part, size - 1e-6) if size > 1 else 1.0
        inside = max((inflation - 1) / max(size - 1, 1), 1e-9)
        total = (1 - inside) / inside
        a, b = part * total, (1 - part) * total
        x = np.arange(last[row], size + 1)
        ways = gammaln(size + 1) - gammaln(x + 1) - gammaln(size - x + 1)
        p[row] = np.exp(ways + betaln(x + a, size - x + b) - betaln(a, b)).sum()
    return np.clip(p, 0, 1)


def _ratio(k1: Any, n1: int, k0: Any, n0: int, confidence: float, spread: float) -> Any:
    """Ratio of two shares with the interval of its logarithm, half a paper added."""
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (k1 / n1) / (k0 / n0)
    centre = np.log((k1 + 0.5) / (n1 + 0.5)) - np.log((k0 + 0.5) / (n0 + 0.5))
    chance = 1 / (k1 + 0.5) - 1 / (n1 + 0.5) + 1 / (k0 + 0.5) - 1 / (n0 + 0.5)
    half = z * np.sqrt(chance + spread)
    low, high = np.exp(centre - half), np.exp(centre + half)
    # Half a paper shifts the interval; it must still contain the ratio.
    return ratio, np.minimum(low, ratio), np.where(k0 == 0, np.inf, np.maximum(high, ratio))


def _not_nested(table: pd.DataFrame, found: Occurrences) -> list[bool]:
    """Return which terms to keep of those that share words and papers; `table` is in order."""
    of_last = found.column[found.paper] == len(found.periods) - 1
    place = {name: number for number, name in enumerate(found.names)}
    users = {
        term: set(found.paper[of_last & (found.thing == place[term])]) for term in table["term"]
    }
    words = {term: set(term.split("_")) for term in users}
    kept = dict.fromkeys(users, True)
    for one, other in combinations(users, 2):
        if not (kept[one] and kept[other] and words[one] & words[other]):
            continue
        both = len(users[one] & users[other])
        short, long = sorted((one, other), key=lambda term: len(words[term]))
        if words[short] < words[long]:
            kept[short if both >= _REPLACES * len(users[short]) else long] = False
        elif both >= _SAME * len(users[one] | users[other]):
            kept[other] = False
    return [kept[term] for term in table["term"]]


def _why_none(table: pd.DataFrame, spans: tuple[str, str], min_papers: int) -> str:
    if table.empty:
        return (
            f"no term that names a subject is in {min_papers} papers or more; min_papers=… lowers "
            "that"
        )
    row = table.sort_values(["p", "term"]).iloc[0]
    nearest = f"{row['term'].replace('_', ' ')!r} with {count_papers(row['papers'])}"
    return (
        f"none is shown to be more frequent in {spans[0]} than in {spans[1]}; {len(table):,} "
        f"were tested, nearest comes {nearest}, before {row['papers_before']:,} "
        f"(q {small(row['q'])})"
    )


def _words(row: Any, spans: tuple[str, str], level: str) -> str:
    term = row.term.replace("_", " ")
    now = f"{percent(row.share)} of the papers in {spans[0]} ({count_papers(row.papers)})"
    if not row.papers_before:
        return f"{term}: in {now}, in none of {spans[1]} (q {small(row.q)})."
    before = f"{percent(row.share_before)} ({count_papers(row.papers_before)} in {spans[1]})"
    return (
        f"{term}: in {now}, before in {before}; {factor(row.ratio)} times the share ({level} "
        f"interval {factor(row.low)} to {factor(row.high)}; q {small(row.q)})."
    )
