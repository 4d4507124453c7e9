"""Two spans of time compared for all topics: this year against last, before and after an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.trends.cells import cells_of
from toolkit.trends.contrasts import (
    decide,
    measure_contrast,
    over_refits,
    pool_scatter,
    refit_columns,
)
from toolkit.trends.figures import count_papers, factor, small
from toolkit.trends.frequencies import freq_of, label_periods
from toolkit.trends.quasibinomial import Logits
from toolkit.trends.spans import Span, last_and_before, periods_in
from toolkit.trends.table import check_trends, name_topics, to_years
from toolkit.trends.wording import name_spans, percent

#: Scatter is learned from as many periods, or more.
_ENOUGH = 4
#: What sentences say besides.
_INDEPENDENT = "; papers are taken as independent: too few periods to learn their scatter from"
_WITHIN = "; compared within each origin of papers, as their mix changes"
#: Columns of the size of the difference, with its interval.
_CHANGES = [f"{what}{end}" for what in ("points", "ratio") for end in ("", "_low", "_high")]


@checked
def compare_periods(
    trends: pd.DataFrame,
    *,
    first: Span | None = None,
    second: Span | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return for each topic whether its share differs between two spans of time.

    For a question about two spans that was there before the data were seen: this year against
    last, before and after an event. What happened over the whole time says `trend_verdicts`; spans
    chosen because a plot shows a jump between them will show a difference.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns. Only whole periods within the two spans are used, others only
        to learn how much shares scatter.
    first, second : str or (str, str), optional
        ``"2024"``, ``"2024 Q3"``, ``"2024-07"``, or the first and the last such. By default the
        last year of whole periods is compared with the year before it.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries over all topics
        that is accepted.

    Returns
    -------
    DataFrame
        One row a topic; first those that have a larger share in the second span, then those with
        a smaller one, then the others; in each the largest difference first:

        - topic, label
        - papers_first, share_first, papers_second, share_second: shares are 0 to 1
        - points, points_low, points_high: second − first in percentage points
        - ratio, ratio_low, ratio_high: second / first; the upper end is infinite (the lower 0)
          where the papers set no bound
        - dispersion: scatter between periods, 1 for chance alone
        - p, q: of no difference; q is adjusted for the number of topics
        - verdict: more, less, can't tell
        - words: a sentence that may be quoted
        - span_first, span_second: names of the spans

    Raises
    ------
    DataError
        Not a table of trends, a span without whole periods, spans that share a period, or no two
        years to compare.

    Notes
    -----
    The quasi-binomial score test of `trend_verdicts`, with the span in place of time; its intervals
    are the differences that the test does not reject. The dispersion is that between the periods
    within a span, pooled over topics (`toolkit.trends.quasibinomial.pool_dispersions`). Two single
    periods (years) have none within; then it is that around straight lines through all whole
    periods, and where there are fewer than four, papers are taken as independent, which makes p too
    small: the words say so. False discoveries after Benjamini and Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). With refits in the trends, p is twice their median, or
    the model's own where that is larger, as in `trend_verdicts`; where the mix of origins changes,
    the test is stratified by origin, as there.

    A difference between two spans may be a step, a trend, or a slow wave, and says nothing of the
    time after (`trend_outlook`).

    Examples
    --------
    >>> days = pd.date_range("2023-01-01", periods=8, freq="QS")
    >>> trends = pd.DataFrame({"period": days, "topic": 0, "total": 200, "partial": False,
    ...                        "papers": [10, 12, 9, 11, 21, 19, 20, 22]})
    >>> row = compare_periods(trends).loc[0]
    >>> print(row["verdict"], row["share_first"], row["share_second"])
    more 0.0525 0.1025
    """
    alpha = 1 - check_confidence(confidence)
    trends = check_trends(trends)
    spans = _spans(trends, first, second)
    used = trends[trends["period"].isin([*spans[0], *spans[1]])]
    topics = pd.Index(trends["topic"].drop_duplicates())
    table = pd.DataFrame({"label": name_topics(trends, topics)}, index=topics)
    for name, span in zip(("first", "second"), spans):
        rows = used[used["period"].isin(span)]
        number = rows.groupby("topic", observed=True)["papers"].sum().reindex(topics)
        table[f"papers_{name}"] = number.astype("int64")
        table[f"share_{name}"] = number / rows.drop_duplicates("period")["total"].sum()
    names = _names_of(trends, spans)
    numbers = table["papers_first"] + table["papers_second"]
    total = used.drop_duplicates("period")["total"].sum()
    testable = topics[((numbers > 0) & (numbers < total)).to_numpy()]
    known, remark = _measure(trends, testable, spans, alpha)
    table = table.join(known[[*_CHANGES, "slope", "dispersion", "p"]].reindex(topics))
    table["q"] = benjamini_hochberg(table["p"])
    table["verdict"] = decide(table, alpha, "more", "less")
    level = f"{confidence * 100:g} %"
    table["words"] = pd.array(
        [_periods_words(row, names, level, remark) for row in table.itertuples()], dtype="string"
    )
    for name, text in zip(("first", "second"), names):
        table[f"span_{name}"] = pd.Series(text, index=table.index, dtype="string")
    return _in_order(table).drop(columns="slope")


def _spans(
    trends: pd.DataFrame, first: Span | None, second: Span | None
) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    if (first is None) != (second is None):
        raise DataError(
            "only one of two spans is given",
            argument="second" if second is None else "first",
            hint="Give both, or none for the last year against the year before it",
        )
    if first is None or second is None:
        return last_and_before(trends)
    spans = periods_in(trends, first, "first"), periods_in(trends, second, "second")
    shared = sorted(set(spans[0]) & set(spans[1]))
    if shared:
        raise DataError(
            "the spans overlap",
            argument="second",
            found=", ".join(label_periods(shared, freq=freq_of(trends))),
            expected="no period in both",
        )
    return spans


def _names_of(trends: pd.DataFrame, spans: tuple[list[Any], list[Any]]) -> list[str]:
    return [name_spans(label_periods(sorted(some), freq=freq_of(trends)))[0] for some in spans]


def _measure(
    trends: pd.DataFrame, topics: pd.Index[Any], spans: tuple[list[Any], list[Any]], alpha: float
) -> tuple[pd.DataFrame, str]:
    """Return the test of each topic, and what its sentences must say besides."""
    whole = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    used = whole[whole["period"].isin([*spans[0], *spans[1]])]

    def test(column: str, error: float) -> tuple[pd.DataFrame, bool, Logits]:
        model = cells_of(used, column, topics)
        inside = np.isin(model.years, to_years(spans[1])).astype(np.float64)
        model = replace(model, years=inside)
        dispersion, df, known = np.ones(len(topics)), np.inf, True
        if used["period"].nunique() >= _ENOUGH:
            dispersion, df = pool_scatter(model)
        elif whole["period"].nunique() >= _ENOUGH:
            dispersion, df = pool_scatter(cells_of(whole, column, topics))
        else:
            known = False
        return measure_contrast(model, dispersion, df, error), known, model

    own, known, model = test("papers", alpha)
    out = over_refits(own, [test(name, alpha / 2)[0] for name in refit_columns(used)])
    for end, slope in (("", "slope"), ("_low", "low"), ("_high", "high")):
        out[f"points{end}"], out[f"ratio{end}"] = model.change(out[slope].to_numpy())
    remark = "" if known else _INDEPENDENT
    return out.set_index(topics), remark if model.strata is None else f"{remark}{_WITHIN}"


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by verdict and size of the difference, independently of the order of the input."""
    order = ["more", "less", "can't tell"]
    size = table["points"].abs().fillna(0)
    keys = [
        (order.index(verdict), -amount, isinstance(topic, str), topic)
        for verdict, amount, topic in zip(table["verdict"], size, table.index)
    ]
    places = sorted(range(len(keys)), key=keys.__getitem__)
    return table.iloc[places].rename_axis("topic").reset_index()


def _periods_words(row: Any, names: list[str], level: str, remark: str) -> str:
    before, after = names
    if row.p != row.p:
        number = row.papers_first + row.papers_second
        why = (
            f"it has {count_papers(number)} in both spans" if number == 0 else "all papers have it"
        )
        return f"{row.label}: can't tell; {why}."
    shares = (
        f"{percent(row.share_first)} of the papers in {before} ({count_papers(row.papers_first)}) "
        f"and {percent(row.share_second)} in {after} ({count_papers(row.papers_second)})"
    )
    interval = f"{level} interval {factor(row.ratio_low)} to {factor(row.ratio_high)}"
    if row.verdict == "can't tell":
        alone = (
            f"; taken alone it would differ (p {small(row.p)}), among all tested it is too "
            f"little (q {small(row.q)})"
            if row.ratio_low > 1 or row.ratio_high < 1
            else ""
        )
        return f"{row.label}: can't tell; {shares}; {interval}{alone}{remark}."
    counted = ""
    if row.verdict == "less" and row.papers_second > row.papers_first:
        counted = "; its share fell although its papers rose"
    return (
        f"{row.label}: {row.verdict} in {after}: {shares}; {factor(row.ratio)} times the share "
        f"({interval}; q {small(row.q)}){counted}{remark}."
    )
