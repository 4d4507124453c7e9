"""Two topics compared over time: whether their ratio changed, and which grew more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.trends.cells import cells_of
from toolkit.trends.contrasts import (
    MEASURES,
    RELIABLE,
    decide,
    measure_contrast,
    over_refits,
    refit_columns,
    scatter_of,
)
from toolkit.trends.figures import count_papers, factor, small
from toolkit.trends.frequencies import freq_of, label_periods
from toolkit.trends.quasibinomial import Logits, pool_dispersions
from toolkit.trends.table import check_trends, halves, name_topics
from toolkit.trends.wording import name_spans

#: A line needs as many periods with papers of either topic.
_LEAST_PERIODS = 3


@checked
def compare_trends(
    trends: pd.DataFrame,
    *,
    a: int | str,
    b: int | str | list[int | str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return whether the ratio of two topics changed: which of them grew more.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, with all topics. Partial periods are left out.
    a : int or str
        A topic: its number or its label (where another `by` was counted, the value).
    b : int, str or list, optional
        The topic or topics that it is compared with; by default every other one.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries over all pairs that
        is accepted.

    Returns
    -------
    DataFrame
        One row a pair, the smallest p first:

        - topic, label, other, other_label: a and b
        - papers, other_papers: in the periods tested
        - ratio_early, ratio_late: papers of a for one of b, in the first and the second half of
          the periods; NaN or infinite where b has none
        - factor, factor_low, factor_high: by which that ratio changes a year
        - dispersion: scatter between periods, 1 for chance alone
        - p, q: of no change; q is adjusted for the number of pairs
        - verdict: a grew more, b grew more, can't tell
        - words: a sentence that may be quoted

    Raises
    ------
    DataError
        Not a table of trends, or an unknown topic.

    Notes
    -----
    Among the papers of the two topics, the logit of the share of `a` is linear in time, with
    over-dispersion; its slope is the change of the logarithm of their ratio. What all other topics
    do cancels out, so the answer holds for papers and for shares alike. The test, the intervals
    and the refits are those of `trend_verdicts`; the dispersion is pooled with those of all topics
    of the table. "Grew more" holds for a topic that shrank less, too. A ratio that rose and fell
    again has no straight line: look at `plot_trends`. Slow waves change ratios as trends do. Of
    values that share papers (keywords, say), what they share counts on both sides: intervals are
    then wider than need be (where 60 % had two values, they held the truth in 150 of 150
    simulations).

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2024)])
    >>> counts = {"A": [10, 20, 30, 40, 50, 60], "B": [50, 48, 51, 50, 49, 52]}
    >>> trends = pd.concat([pd.DataFrame({"period": years, "topic": name, "papers": papers,
    ...     "total": 1000, "partial": False}) for name, papers in counts.items()])
    >>> print(compare_trends(trends, a="A", b="B").loc[0, "verdict"])
    a grew more
    """
    alpha = 1 - check_confidence(confidence)
    trends = check_trends(trends)
    topics = list(trends["topic"].drop_duplicates())
    labels = dict(zip(topics, name_topics(trends, topics)))
    one = _find(a, labels, "a")
    some = b if isinstance(b, list) else [] if b is None else [b]
    others = [_find(name, labels, "b") for name in some] or [t for t in topics if t != one]
    if one in others or not others:
        raise DataError("a topic can't be compared with itself", argument="b", found=labels[one])
    used = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    if used.empty:
        partial = trends.loc[trends["total"] > 0, "period"]
        raise DataError(
            "no period is covered in full",
            argument="trends",
            found=", ".join(label_periods(sorted(partial.unique()), freq=freq_of(trends))),
            expected=f"{_LEAST_PERIODS} complete periods with papers",
            hint="Give topic_trends since=… and until=…, or a shorter freq=",
        )
    table = _count(used, one, others, labels)
    known = _measure(used, "papers", one, others, alpha)
    refits = [_measure(used, name, one, others, alpha / 2) for name in refit_columns(used)]
    known = over_refits(known, refits)
    with np.errstate(over="ignore"):
        for end, slope in (("", "slope"), ("_low", "low"), ("_high", "high")):
            table[f"factor{end}"] = np.exp(known[slope])
    table = table.join(known[["slope", "dispersion", "p"]])
    table["q"] = benjamini_hochberg(table["p"])
    table["verdict"] = decide(table, alpha, "a grew more", "b grew more")
    names = label_periods(sorted(used["period"].unique()), freq=freq_of(trends))
    level = f"{confidence * 100:g} %"
    mixed = any(str(name).startswith("origin_") for name in used.columns)
    words = [_words(row, names, level, mixed=mixed) for row in table.itertuples()]
    table["words"] = pd.array(words, dtype="string")
    order = table.sort_values(["p", "other_label"], ignore_index=True)
    return order.drop(columns="slope")


def _find(name: Any, labels: dict[Any, str], argument: str) -> Any:
    """Return the topic that a number, a value or a label means."""
    if name in labels:
        return name
    found = [topic for topic, label in labels.items() if label == name]
    if len(found) == 1:
        return found[0]
    some = next(iter(labels))
    raise DataError(
        "several topics have this label" if found else "unknown topic",
        argument=argument,
        found=name,
        expected=f"one of the numbers {', '.join(map(str, found))}"
        if found
        else "a topic of `trends`, or its label",
        hint=f"For example {some!r}" + (f" ({labels[some]})" if labels[some] != some else ""),
    )


def _count(used: pd.DataFrame, one: Any, others: list[Any], labels: dict[Any, str]) -> pd.DataFrame:
    wide = used.pivot(index="topic", columns="period", values="papers").loc[[one, *others]]
    halved = halves(sorted(wide.columns))
    early, late = (wide[some].sum(axis=1).to_numpy(dtype=np.float64) for some in halved)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = early[0] / early[1:], late[0] / late[1:]
    return pd.DataFrame(
        {
            "topic": [one] * len(others),
            "label": pd.array([labels[one]] * len(others), dtype="string"),
            "other": others,
            "other_label": pd.array([labels[other] for other in others], dtype="string"),
            "papers": int(early[0] + late[0]),
            "other_papers": (early + late)[1:].astype(np.int64),
            "ratio_early": ratios[0],
            "ratio_late": ratios[1],
        }
    )


def _measure(
    used: pd.DataFrame, column: str, one: Any, others: list[Any], alpha: float
) -> pd.DataFrame:
    """Return the test of each pair, NaN where there is none."""
    out = pd.DataFrame(np.nan, index=range(len(others)), columns=MEASURES)
    if used["period"].nunique() < _LEAST_PERIODS:
        return out
    topics = pd.Index(used["topic"].drop_duplicates())
    cells = cells_of(used, column, topics)
    number = cells.counts.sum(axis=1)
    # How much the topics of this collection scatter around their own trends.
    told = (number >= RELIABLE * len(cells.totals)) & (number < cells.totals.sum())
    usual = scatter_of(cells.take(np.flatnonzero(told))) if told.any() else np.empty(0)
    place = {topic: row for row, topic in enumerate(topics)}
    for row, other in enumerate(others):
        model = _pair(cells, place[one], place[other])
        if model is not None:
            pool = np.append(usual, scatter_of(model))
            learn = np.append(np.ones(len(usual), dtype=bool), False)
            dispersion, df = pool_dispersions(pool, max(model.freedom, 1), learn)
            out.loc[row] = measure_contrast(model, dispersion[-1:], df, alpha).loc[0]
        elif column != "papers":
            # A refit that lacks a topic says nothing for a change.
            out.loc[row] = [0.0, -np.inf, np.inf, 1.0, 1.0]
    return out


def _pair(cells: Logits, one: int, other: int) -> Logits | None:
    """Return the papers of one topic among those of two; None where there is nothing to test."""
    mine, theirs = cells.counts[one], cells.counts[other]
    there = mine + theirs > 0
    if not (mine.sum() and theirs.sum()) or len(np.unique(cells.years[there])) < _LEAST_PERIODS:
        return None
    strata = None
    if cells.strata is not None:
        strata = np.unique(cells.strata[there], return_inverse=True)[1]
    return Logits(mine[None, there], (mine + theirs)[there], cells.years[there], strata)


def _words(row: Any, names: list[str], level: str, *, mixed: bool) -> str:
    pair = f"{row.label} against {row.other_label}"
    if row.p != row.p:
        why = (
            f"that needs three complete periods with papers, and there are {len(names) or 'none'}"
            if len(names) < _LEAST_PERIODS
            else f"they have {count_papers(row.papers)} and {count_papers(row.other_papers)}"
        )
        return f"{pair}: can't tell; {why}."
    spans = name_spans(names)[1:]
    told = (
        f"{_odds(row.ratio_early)} in {spans[0]}, {_odds(row.ratio_late)} in {spans[1]}"
        if np.isfinite([row.ratio_early, row.ratio_late]).all()
        else f"{_odds(row.papers / row.other_papers)} in {name_spans(names)[0]}"
    )
    verdict = {
        "a grew more": f"{row.label} grew more",
        "b grew more": f"{row.other_label} grew more",
    }.get(row.verdict, "can't tell which grew more")
    return (
        f"{pair}: {verdict}; {told}; the ratio changes by a factor of {factor(row.factor)} a year "
        f"({level} interval {factor(row.factor_low)} to {factor(row.factor_high)}; "
        f"q {small(row.q)}){'; compared within each origin of papers' if mixed else ''}."
    )


def _odds(ratio: float) -> str:
    """Return a ratio of papers as "2.5 to 1", or "1 to 2.5"."""
    if 0 < ratio < 1:
        return f"1 to {1 / ratio:.1f}"
    return f"{ratio:.1f} to 1" if ratio else "none"
