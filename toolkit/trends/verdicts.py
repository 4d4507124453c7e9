"""Verdicts on trends: rising, falling, steady or can't tell, with intervals and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.trends.frequencies import freq_of, label_periods
from toolkit.trends.quasibinomial import Logits, pool_dispersions
from toolkit.trends.table import check_trends, name_topics, to_years
from toolkit.trends.wording import describe_verdicts, mark_fragile, name_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: In the order in which tables and plots show them.
VERDICTS = ("rising", "falling", "steady", "can't tell")
#: Dispersions are learned from topics with at least so many papers a period.
_RELIABLE = 2
#: Of the forecast `needed`.
_POWER = 0.8


def trend_verdicts(
    trends: pd.DataFrame,
    *,
    confidence: float = 0.95,
    margin: float = 1.5,
    card: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return for each topic whether its share rises, falls or stays, with interval and test.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, or some of its topics. Partial periods are left out.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries over all topics
        that is accepted.
    margin : float
        A change by less than this factor between the first and the last period tested, up or
        down, counts as none: a topic shown to change by less is *steady*. 1.5 is a change from
        2 % to 3 %. (Over the whole time, not a year.)
    card : DataFrame, optional
        From `check_topics`: the words on topics that it calls fragile then say so.

    Returns
    -------
    DataFrame
        One row a topic; rising first, then falling, steady, can't tell; in each the largest
        change first:

        - topic, label; papers and periods: how many were tested
        - share: of all papers in those periods, 0 to 1; share_early, share_late: in the first and
          in the second half of them
        - points_per_year, points_low, points_high: change in percentage points a year
        - ratio_per_year, ratio_low, ratio_high: factor a year, 1 for no change; the upper end is
          infinite (the lower 0) where the papers set no bound
        - dispersion: scatter between periods, 1 for chance alone
        - p, q: of no change; q is adjusted for the number of topics
        - q_steady: of a change by `margin` or more over the whole time, adjusted likewise
        - verdict: rising, falling, steady, can't tell
        - needed: for "can't tell", the papers that the topic would need over the same periods
          and with the same trend for a verdict with 80 % probability; NA otherwise
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

    The logit of the share is linear in time, with over-dispersion (quasi-binomial, McCullagh and
    Nelder 1989, section 4.5, doi:10.1201/9780203753736), and the test is the score test of the
    slope, which for a share is Cochran and Armitage's test for trend (Armitage 1955,
    doi:10.2307/3001775). The intervals are the slopes that the same test does not reject, so an
    interval excludes 1 exactly where p is below 1 − `confidence`. The dispersion is at least 1 and
    is pooled over topics (see `toolkit.trends.quasibinomial.pool_dispersions`), the reference is t.
    False discoveries are controlled after Benjamini and Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). *Steady* is decided by two one-sided tests
    (Schuirmann 1987, doi:10.1007/BF01068419), with the same control.

    Where the trends hold refits of the topic model, the tests are repeated in each of them, and p
    is twice the median over the refits, or the model's own where that is larger (Meinshausen,
    Meier and Bühlmann 2009, doi:10.1198/jasa.2009.tm08647); the interval ends likewise are the
    medians of the refits' intervals with half the error. So a topic is rising where it rises in
    most refits, and one that most refits do not find is "can't tell".

    Measured error (tests/bench/trends.py, the 42 topics of hf-papers, confidence 0.95): with dates
    shuffled, some topic is rising or falling in 2 to 3 % of shuffles; with whole months shuffled,
    in about 8 %. Slow waves without a trend, which such shuffles do not contain, are taken for a
    trend far more often: look at the curve (`plot_trends`) before you believe a verdict. Less
    pooling of the dispersions would bring the 8 % to 5 %, but miss every second doubling of a
    topic of 1 %.

    `needed` assumes that the dispersion does not grow with the number of papers; where it is well
    above 1, more periods help more than more papers.

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
    table = _count_table(trends, used)
    tested = _test(table, used, alpha=alpha, margin=float(margin))
    table = table.join(tested)
    table["verdict"] = _decide(table, alpha)
    table["needed"] = _needed(table, alpha)
    names = label_periods(sorted(used["period"].unique()), freq=freq_of(trends))
    table["words"] = describe_verdicts(
        table,
        names,
        partial=name_partial_periods(trends),
        confidence=confidence,
        margin=float(margin),
    )
    if card is not None:
        table["words"] = mark_fragile(table["words"], card)
    for name, span in zip(("span_early", "span_late"), name_spans(names)[1:]):
        table[name] = pd.Series(span, index=table.index, dtype="string")
    return _in_order(table).drop(columns=["z", "z_margin", "df"])


def name_partial_periods(trends: pd.DataFrame) -> list[str]:
    """Return the names of the periods that hold papers but are not covered in full."""
    partial = trends.loc[trends["partial"].astype(bool) & (trends["total"] > 0), "period"]
    return label_periods(sorted(partial.unique()), freq=freq_of(trends))


def _count_table(trends: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    topics = trends["topic"].drop_duplicates()
    table = pd.DataFrame({"label": name_topics(trends, topics)}, index=pd.Index(topics))
    grouped = used.groupby("topic", observed=True)
    table["papers"] = grouped["papers"].sum().reindex(table.index).fillna(0).astype("int64")
    table["periods"] = used["period"].nunique()
    table["share"] = table["papers"] / used.drop_duplicates("period")["total"].sum()
    starts = sorted(used["period"].unique())
    half = len(starts) // 2
    for name, some in (("early", starts[:half]), ("late", starts[len(starts) - half :])):
        sums = used[used["period"].isin(some)].groupby("topic", observed=True)
        share = sums["papers"].sum() / sums["total"].sum()
        table[f"share_{name}"] = share.reindex(table.index).astype("float64")
    return table


def _test(table: pd.DataFrame, used: pd.DataFrame, *, alpha: float, margin: float) -> pd.DataFrame:
    """Return the test of each topic; NaN for those that cannot be tested."""
    names = [
        "points_per_year", "points_low", "points_high", "ratio_per_year", "ratio_low",
        "ratio_high", "dispersion", "p", "q", "q_steady", "z", "z_margin", "df",
    ]  # fmt: skip
    result = pd.DataFrame(np.nan, index=table.index, columns=names)
    testable = (table["papers"] > 0) & (table["share"] < 1) & (table["periods"] >= 3)
    if not testable.any():
        return result
    topics = table.index[testable]
    model = _model(used, "papers", topics)
    out = _measure(model, alpha=alpha, margin=margin)
    refits = [name for name in used.columns if str(name).startswith("refit_")]
    if refits:
        others = [
            _measure(_model(used, name, topics), alpha=alpha / 2, margin=margin) for name in refits
        ]
        out = _over_refits(out, others)
    for end, slope in (("per_year", "slope"), ("low", "low"), ("high", "high")):
        out[f"points_{end}"], out[f"ratio_{end}"] = model.change(out[slope].to_numpy())
    out["q"] = benjamini_hochberg(out["p"])
    out["q_steady"] = benjamini_hochberg(out["p_steady"])
    result.loc[topics] = out.set_index(topics)[names]
    return result


def _measure(model: Logits, *, alpha: float, margin: float) -> pd.DataFrame:
    """Return each topic's slope with interval, and p of no change and of a large change."""
    from scipy.stats import t as student

    out = pd.DataFrame({"slope": model.slope_at(0.0)})
    known = np.clip(out["slope"].to_numpy(), -model.limit, model.limit)
    enough = model.counts.sum(axis=1) >= _RELIABLE * len(model.totals)
    freedom = len(model.totals) - 2
    dispersion, df = pool_dispersions(model.dispersions(known), freedom, enough)
    bound = float(student.ppf(1 - alpha / 2, df))
    # z falls as the slope grows: the low end is where z is high.
    out["low"], out["high"] = model.slope_at(bound, dispersion), model.slope_at(-bound, dispersion)
    out["dispersion"], out["df"] = dispersion, df
    out["z"] = model.z(np.zeros(len(known)), dispersion)
    out["p"] = 2 * student.sf(np.abs(out["z"]), df)
    # Distance from the nearer margin, positive inside: both one-sided tests must reject.
    yearly = margin ** (1 / (model.years.max() - model.years.min()))
    up = -model.z(model.slope_of_ratio(yearly), dispersion)
    down = model.z(model.slope_of_ratio(1 / yearly), dispersion)
    out["z_margin"] = np.minimum(up, down)
    out["p_steady"] = student.sf(out["z_margin"], df)
    # Where a refit has none of a topic's papers, or only them, it says nothing about its trend.
    number = model.counts.sum(axis=1)
    lost = (number == 0) | (number == model.totals.sum())
    out.loc[lost, ["p", "p_steady"]] = 1.0
    out.loc[lost, ["z", "z_margin"]] = 0.0
    out.loc[lost, ["low", "high"]] = [-np.inf, np.inf]
    return out


def _over_refits(own: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    """Combine with the refits: twice their median p, never less than the model's own."""
    from scipy.stats import t as student

    def median(name: str, *, higher: bool) -> Any:
        """Return the more careful of the two middle values where their number is even."""
        place = len(others) // 2 if higher else (len(others) - 1) // 2
        return np.sort([other[name] for other in others], axis=0)[place]

    for other in others:
        # A fall where the model rises is no support, however small its p.
        other.loc[other["z"] * own["z"] < 0, "p"] = 1.0
    out = own.copy()
    for name in ("p", "p_steady"):
        out[name] = np.maximum(own[name], np.minimum(1, 2 * median(name, higher=True)))
    out["low"] = np.minimum(own["low"], median("low", higher=False))
    out["high"] = np.maximum(own["high"], median("high", higher=True))
    out["z"] = np.sign(own["z"]) * student.isf(out["p"] / 2, own["df"])
    out["z_margin"] = student.isf(out["p_steady"], own["df"])
    return out


def _model(used: pd.DataFrame, column: str, topics: pd.Index[Any]) -> Logits:
    wide = used.pivot(index="topic", columns="period", values=column).loc[topics]
    wide = wide[sorted(wide.columns)]
    totals = used.drop_duplicates("period").set_index("period")["total"].loc[wide.columns]
    return Logits(
        wide.to_numpy(dtype=np.float64),
        totals.to_numpy(dtype=np.float64),
        to_years(wide.columns),
    )


def _decide(table: pd.DataFrame, alpha: float) -> pd.Series[str]:
    changes = table["q"] <= alpha
    verdict = pd.Series("can't tell", index=table.index)
    verdict[table["q_steady"] <= alpha] = "steady"
    verdict[changes & (table["z"] > 0)] = "rising"
    verdict[changes & (table["z"] < 0)] = "falling"
    return verdict


def _needed(table: pd.DataFrame, alpha: float) -> pd.Series[Any]:
    """Return the papers needed to show a change or that there is none: z grows with √papers."""
    from scipy.stats import t as student

    open_ = (table["verdict"] == "can't tell") & table["z"].notna()
    tests = int(table["z"].notna().sum())
    needed = pd.Series(pd.NA, index=table.index, dtype="Int64")
    if not open_.any():
        return needed
    row = table[open_]
    df = float(row["df"].iloc[0])
    # The threshold that Benjamini and Hochberg's procedure sets for the next discovery.
    changed = alpha * (table["verdict"].isin(["rising", "falling"]).sum() + 1) / tests
    steady = alpha * ((table["q_steady"] <= alpha).sum() + 1) / tests
    power = student.ppf(_POWER, df)
    both = student.ppf((1 + _POWER) / 2, df)
    with np.errstate(divide="ignore"):
        to_change = (student.ppf(1 - changed / 2, df) + power) / row["z"].abs()
        to_steady = (student.ppf(1 - steady, df) + both) / row["z_margin"].clip(lower=0)
    factor = np.minimum(to_change, to_steady) ** 2
    papers = np.ceil(np.maximum(row["papers"] * factor, row["papers"] + 1))
    finite = np.isfinite(papers) & (papers < 1e12)
    needed[papers.index[finite]] = papers[finite].astype("int64")
    return needed


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by verdict and size of the change, independently of the order of the input."""
    moves = table["verdict"].isin(["rising", "falling"])
    size = np.where(moves, table["points_per_year"].abs(), table["papers"])
    keys = [
        (VERDICTS.index(verdict), -amount, isinstance(topic, str), topic)
        for verdict, amount, topic in zip(table["verdict"], size, table.index)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return table.iloc[order].rename_axis("topic").reset_index()
