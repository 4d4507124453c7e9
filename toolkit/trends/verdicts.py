"""Verdicts on trends: what each topic's share did, with intervals and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.intervals import check_confidence
from toolkit.trends.cells import cells_of, shares_within
from toolkit.trends.closure import rest_columns, told_of_counts
from toolkit.trends.decisions import decide
from toolkit.trends.drift import judge_drift
from toolkit.trends.frequencies import freq_of, label_periods
from toolkit.trends.measures import Measured, detectable, has_enough, measure, over_refits
from toolkit.trends.shapes import shape_columns
from toolkit.trends.sparse import worth_testing
from toolkit.trends.table import check_trends, halves, name_topics
from toolkit.trends.wording import WAVES, describe_verdicts, mark_fragile, name_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: In the order in which tables and plots show them.
VERDICTS = ("rising", "falling", "rose then fell", "fell then rose", "steady", "can't tell")
#: Those of them that say that something changed.
CHANGES = VERDICTS[:4]


@checked
def trend_verdicts(
    trends: pd.DataFrame,
    *,
    confidence: float = 0.95,
    margin: float = 1.5,
    card: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return for each topic what its share did: rise, fall, turn, or stay, with interval and test.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, with all topics: with some of them there are fewer tests, and
        dispersions and drift are learned from fewer, so that verdicts may change. Choose rows of
        the verdicts, not of the trends. Partial periods are left out.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries over all topics
        that is accepted.
    margin : float
        A change by less than this factor within the time tested, up or down, counts as none: a
        topic shown to change by less is *steady*. 1.5 is a change from 2 % to 3 %. (Over the
        whole time, not a year.)
    card : DataFrame, optional
        From `check_topics`: the words on topics that it calls fragile then say so.

    Returns
    -------
    DataFrame
        One row a topic, in the order of `VERDICTS`; in each the largest change first:

        - topic, label; papers and periods: how many were tested
        - share: of all papers in those periods, 0 to 1; share_early, share_late and papers_early,
          papers_late: in the first and in the second half of them (of an odd number of periods the
          second half has one more); within_early, within_late: those shares within origins, as if
          their mix had not changed (NaN where it does not change)
        - points_per_year, points_low, points_high: change in percentage points a year, of a line
        - ratio_per_year, ratio_low, ratio_high: factor a year of that line, 1 for no change; the
          upper end is infinite (the lower 0) where the papers set no bound
        - dispersion: scatter between periods, 1 for chance alone
        - p, q: of no change at all, straight or not; q is adjusted for the number of topics
        - p_line: of a line without slope
        - q_steady: of a change by `margin` or more within the time, adjusted likewise
        - q_turn: of no turn, among the topics that changed; NaN for the others
        - verdict: rising, falling, rose then fell, fell then rose, steady, can't tell
        - levels_off: whether a rise or fall has become flat in the last third; NA for the others
        - peak, peak_low, peak_high: first day of the period of the peak (or trough) and of the
          ends of its interval; NaT without a turn
        - back_since: of a rising (falling) topic whose last papers show that its share went back
          (the last period against the one before, or the last quarter against the one before it),
          though a turn is not proved or not seen in most refits: the first day of these periods;
          NaT for the others. Its words then say "rose (since … lower again, not shown to fall)"
        - share_first, share_peak, share_last: of the fitted curve in the first period, at the peak
          or trough, in the last period; NaN without a turn
        - ratio_rest: factor a year of a rising (falling) topic's share among the papers that are
          left without the largest falling (rising) topics, three at most; NaN for the others
        - by_arithmetic: True where that share is not shown to change: the topic moves because
          others do; False where it does; NA where neither is shown, or nothing moves against it
        - beyond_drift: of a topic that changed, whether it changed more than slow drift would
          bring; NA where that cannot be said, and for topics not shown to change; drift_note: why
          it cannot be said
        - detectable: smallest factor a year that would have been told of this topic with 80 %
          probability (a rise; a fall by as much is 1 over it); NaN where its shares jump so much
          that this means nothing (dispersion 3 or more), or where none would
        - counts: whether its papers a period rose, fell, or are level (not shown to do either)
        - words: a sentence that may be quoted
        - span_early, span_late: names of the two halves, as "2022 Q1 to 2023 Q2"

    Raises
    ------
    DataError
        Columns missing, a topic without some of the periods, or periods whose totals disagree.

    Notes
    -----
    Choose the length of the periods before you look at verdicts: topics near the threshold get
    a verdict with one length and not with another, and trying several is multiple testing.

    A verdict is about these papers in these periods: 'changed within this window'. It does not
    say that the change goes on, nor that it is more than slow drift brings: that is the other
    statement, `beyond_drift`. For it, the size and the duration of drift (an autoregressive logit)
    are learned from all topics together, and p is the largest over all drifts that these do not
    exclude, with control of false discoveries. It takes five years: two cannot tell a trend from
    a slow wave (`toolkit.trends.drift`).

    **The line.** The logit of the share is linear in time, with over-dispersion (quasi-binomial,
    McCullagh and Nelder 1989, section 4.5, doi:10.1201/9780203753736), and the test is the score
    test of the slope, which for a share is Cochran and Armitage's test for trend (Armitage 1955,
    doi:10.2307/3001775). The intervals are the slopes that the same test does not reject, so an
    interval excludes 1 exactly where p_line is below 1 − `confidence`.

    **Few papers.** A topic with fewer than five papers is not tested, nor one that could not get a
    verdict however its papers lay, by their number and that of all topics
    (`toolkit.trends.sparse.worth_testing`): it stays in the table as "can't tell", and does not
    count among the tests. Up to 30 papers p_line is at least that of the exact conditional test.

    **The curve.** With five periods or more a natural spline of time is tested beside the line, by
    its score test: 3 degrees of freedom, with fewer than eight periods 2
    (`toolkit.trends.curves`). The p of line, bend and curve are combined by Cauchy's method.
    Dispersions are at least 1 and pooled over topics (see
    `toolkit.trends.quasibinomial.pool_dispersions`), the reference is t, or F. False discoveries
    are controlled over all topics and both tests together, after Benjamini and Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x).

    **The verdict.** A topic whose q is at most 1 − `confidence` changed. It *rose then fell* where
    both the way up and the way down are significant (among the topics that changed), and the
    smaller has a quarter of the height of the larger, on the logit scale, and the counted papers of
    both ways differ significantly too (`toolkit.trends.turns.p_of_legs`); likewise *fell then
    rose*. Otherwise it is *rising* or *falling* where its line is significant, and "can't tell"
    where that is open. *Steady* is decided by one-sided tests that the line changes by less than
    `margin` either way (Schuirmann 1987, doi:10.1007/BF01068419) and that the highest and the
    lowest point of the curve lie within it. Where papers come from several origins whose mix
    changes, all tests are stratified by origin, and shares of curves and factors are those of a
    mix that never changed.

    Where the trends hold refits of the topic model, the tests are repeated in each of them, and p
    is twice the median over the refits, or the model's own where that is larger (Meinshausen,
    Meier and Bühlmann 2009, doi:10.1198/jasa.2009.tm08647); the interval ends likewise are the
    medians of the refits' intervals with half the error. So a topic is rising where it rises in
    most refits, and one that most refits do not find is "can't tell".

    Measured (tests/bench/trends.py, 42 topics, 200 runs): some topic of a collection without any
    change gets a verdict in 2 to 4 % of runs, with seasons, clustered months and tenfold growth
    too. Slow drift gets one nearly always, and `beyond_drift` in 0 to 0.5 %; where some topics
    drift eight times as much as the others, in 7.5 %. Shuffled dates contain neither drift nor
    seasons: they show how often chance alone gives a verdict, not how often slow waves do.

    Examples
    --------
    >>> years = pd.to_datetime([f"{year}-01-01" for year in range(2018, 2024)])
    >>> trends = pd.DataFrame({"period": years, "topic": 0, "papers": [10, 14, 20, 28, 40, 56],
    ...                        "total": 1000, "partial": False})
    >>> verdict = trend_verdicts(trends).loc[0]
    >>> print(verdict["verdict"], verdict["ratio_per_year"].round(2))
    rising 1.41
    """
    alpha = 1 - check_confidence(confidence)
    if not isinstance(margin, int | float) or not 1 < margin < np.inf:
        raise DataError(
            "not a margin", argument="margin", found=margin, expected="above 1, say 1.5"
        )
    trends = check_trends(trends)
    used = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    starts = pd.DatetimeIndex(sorted(used["period"].unique()))
    names = label_periods(starts, freq=freq_of(trends))
    table = _count_table(trends, used, starts)
    enough = _enough(table, used, alpha)
    testable = (table["share"] < 1) & (table["periods"] >= 3) & enough
    tested = _untested(table.index)
    if testable.any():
        topics = table.index[testable]
        model = cells_of(used, "papers", topics)
        found = _test(model, used, topics, starts, alpha=alpha, margin=float(margin))
        found = found.set_index(topics)[list(_TESTED)].astype(_TESTED)
        # A concatenation of empty or all-NA columns would lose their types.
        tested = found if testable.all() else pd.concat([found, tested[~testable]])
    table = table.join(tested)
    table["too_few"] = ~enough
    early, late = halves(starts)
    table["counts"] = told_of_counts(table, (len(early), len(late)), confidence)
    table["words"] = describe_verdicts(
        table,
        names,
        starts,
        partial=name_partial_periods(trends),
        confidence=confidence,
        margin=float(margin),
    )
    if card is not None:
        table["words"] = mark_fragile(table["words"], card)
    for name, span in zip(("span_early", "span_late"), name_spans(names)[1:]):
        table[name] = pd.Series(span, index=table.index, dtype="string")
    return _in_order(table).drop(columns=["z", "too_few"])


def name_partial_periods(trends: pd.DataFrame) -> list[str]:
    """Return the names of the periods that hold papers but are not covered in full."""
    partial = trends.loc[trends["partial"].astype(bool) & (trends["total"] > 0), "period"]
    return label_periods(sorted(partial.unique()), freq=freq_of(trends))


def _enough(table: pd.DataFrame, used: pd.DataFrame, alpha: float) -> NDArray[np.bool_]:
    totals = used.drop_duplicates("period").sort_values("period")["total"]
    if totals.empty:
        return np.zeros(len(table), dtype=bool)
    return worth_testing(table["papers"].to_numpy(np.float64), totals.to_numpy(np.float64), alpha)


def _count_table(
    trends: pd.DataFrame, used: pd.DataFrame, starts: pd.DatetimeIndex
) -> pd.DataFrame:
    topics = trends["topic"].drop_duplicates()
    table = pd.DataFrame({"label": name_topics(trends, topics)}, index=pd.Index(topics))
    grouped = used.groupby("topic", observed=True)
    table["papers"] = grouped["papers"].sum().reindex(table.index).fillna(0).astype("int64")
    table["periods"] = len(starts)
    table["share"] = table["papers"] / used.drop_duplicates("period")["total"].sum()
    for name, some in zip(("early", "late"), halves(starts)):
        sums = used[used["period"].isin(some)].groupby("topic", observed=True)[["papers", "total"]]
        both = sums.sum().reindex(table.index)
        table[f"share_{name}"] = (both["papers"] / both["total"]).astype("float64")
        table[f"papers_{name}"] = both["papers"].fillna(0).astype("int64")
    return table.join(shares_within(used, halves(starts)))


#: The columns that tests fill in, and their types.
_TESTED = {
    **dict.fromkeys(
        (
            "points_per_year", "points_low", "points_high", "ratio_per_year", "ratio_low",
            "ratio_high", "dispersion", "p", "q", "p_line", "q_steady", "q_turn",
        ),
        "float64",
    ),
    "verdict": "object",
    "levels_off": "boolean",
    **dict.fromkeys(("peak", "peak_low", "peak_high", "back_since"), "datetime64[us]"),
    **dict.fromkeys(("share_first", "share_peak", "share_last", "ratio_rest"), "float64"),
    "by_arithmetic": "boolean",
    "beyond_drift": "boolean",
    "drift_note": "string",
    **dict.fromkeys(("detectable", "z"), "float64"),
}  # fmt: skip


def _untested(topics: pd.Index[Any]) -> pd.DataFrame:
    """Return the columns of tests as they are for topics that cannot be tested."""
    table = pd.DataFrame(index=topics)
    for name, kind in _TESTED.items():
        table[name] = pd.Series(None, index=topics, dtype=kind)
    table["verdict"] = "can't tell"
    return table


def _test(
    model: Logits,
    used: pd.DataFrame,
    topics: pd.Index[Any],
    starts: pd.DatetimeIndex,
    *,
    alpha: float,
    margin: float,
) -> pd.DataFrame:
    """Return the tests and the verdict of each topic."""
    measured = measure(model, alpha=alpha, margin=margin)
    refits = [name for name in used.columns if str(name).removeprefix("refit_").isdigit()]
    if refits:
        others = [
            measure(
                cells_of(used, name, topics), alpha=alpha / 2, margin=margin, turns=measured.turns
            )
            for name in refits
        ]
        measured = over_refits(measured, others)
    out = measured.table
    for end, slope in (("per_year", "slope"), ("low", "low"), ("high", "high")):
        out[f"points_{end}"], out[f"ratio_{end}"] = model.change(out[slope].to_numpy())
    out = decide(measured, alpha)
    out = out.join(shape_columns(measured, out, starts, alpha))
    out = out.join(rest_columns(model, measured, out["verdict"], alpha))
    out["beyond_drift"], out["drift_note"] = judge_drift(
        measured.curves, out["verdict"].isin(CHANGES).to_numpy(), has_enough(model), alpha
    )
    out["detectable"] = _detectable(model, measured, int((out["q"] <= alpha).sum()), alpha)
    return out


def _detectable(model: Logits, measured: Measured, told: int, alpha: float) -> Floats:
    """Return the factor a year that each topic would have shown; NaN where its shares jump."""
    # The threshold that Benjamini and Hochberg's procedure sets for the next discovery.
    threshold = alpha * min(told + 1, len(model.counts)) / len(model.counts)
    ratio = detectable(model, measured, threshold)
    return np.where(measured.table["dispersion"] < WAVES, ratio, np.nan)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by verdict and size of the change, independently of the order of the input."""
    moves = table["verdict"].isin(["rising", "falling"])
    turns = (table["share_peak"] - (table["share_first"] + table["share_last"]) / 2).abs()
    size = np.where(moves, table["points_per_year"].abs(), turns.fillna(table["papers"]))
    keys = [
        (VERDICTS.index(verdict), -amount, isinstance(topic, str), topic)
        for verdict, amount, topic in zip(table["verdict"], size, table.index)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return table.iloc[order].rename_axis("topic").reset_index()
