"""Verdicts: does a topic rise, fall, stay, or can it not be told; each with its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import benjamini_hochberg, check_confidence
from toolkit.quasibinomial import Logits, pool_dispersions
from toolkit.trendtable import check_trends, name_topics, to_years
from toolkit.wording import name_spans, say_verdicts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: In the order in which tables and plots show them.
VERDICTS = ("rising", "falling", "steady", "can't tell")
#: A topic teaches how topics scatter only with so many papers a period.
_RELIABLE = 2
_POWER = 0.8


def trend_verdicts(
    trends: pd.DataFrame, *, confidence: float = 0.95, margin: float = 1.25
) -> pd.DataFrame:
    """Say of each topic whether its share rises, falls or stays, or that it cannot be told.

    Parameters
    ----------
    trends : DataFrame
        What `topic_trends` returns, or some of its topics. Partial periods are left out.
    confidence : float
        Of the intervals; and 1 − `confidence` is the rate of false discoveries over all topics
        that is accepted.
    margin : float
        A change by less than this factor a year, up or down, counts as none: *steady* is a topic
        that is shown to change by less. 1.25 is the usual bound of equivalence tests (80 to
        125 %); over three years it still allows a doubling.

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
        - q_steady: of a change by `margin` or more, adjusted likewise
        - verdict: rising, falling, steady, can't tell
        - needed: where it can't be told, the papers that the topic would need over the same
          periods and with the same trend to be told with 80 % probability; NA otherwise
        - words: a sentence that may be quoted

        The whole span, its first and its second half are named in ``.attrs["spans"]``.

    Raises
    ------
    DataError
        Columns missing, a topic without some of the periods, or periods whose totals disagree.

    Notes
    -----
    The logit of the share is linear in time, with over-dispersion (quasi-binomial, McCullagh and
    Nelder 1989, section 4.5, doi:10.1201/9780203753736), and the test is the score test of the
    slope, which for a share is Cochran and Armitage's test for trend (Armitage 1955,
    doi:10.2307/3001775). The intervals are the slopes that the same test does not refuse, so an
    interval excludes 1 exactly where p is below 1 − `confidence`. The dispersion is at least 1 and
    is pooled over topics (see `toolkit.quasibinomial.pool_dispersions`), the reference is t.
    False discoveries are controlled after Benjamini and Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). *Steady* is decided by two one-sided tests
    (Schuirmann 1987, doi:10.1007/BF01068419), with the same control. Where the trends hold refits
    of the topic model, the variance of the slopes between them is added (Rubin 1987,
    doi:10.1002/9780470316696).

    The dispersion is taken not to grow with the number of papers; where it is well above 1, more
    periods help more than `needed` papers.

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
        raise DataError("not a margin", column="margin", found=margin, expected="above 1, say 1.25")
    check_trends(trends)
    used = trends[~trends["partial"].astype(bool) & (trends["total"] > 0)]
    table = _count_table(trends, used)
    tested = _test(table, used, alpha=alpha, margin=float(margin))
    table = table.join(tested)
    table["verdict"] = _decide(table, alpha)
    table["needed"] = _needed(table, alpha)
    periods = sorted(used["period"].unique())
    table["words"] = say_verdicts(table, periods, confidence=confidence, margin=float(margin))
    verdicts = _in_order(table).drop(columns=["z", "z_margin", "df"])
    verdicts.attrs["spans"] = name_spans(periods)
    return verdicts


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
    """Test the topics that can be tested; NaN for the others."""
    from scipy.stats import t as student

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
    slope = model.slope_at(0.0)
    freedom = len(model.totals) - 2
    raw = model.dispersions(np.clip(slope, -model.limit, model.limit))
    enough = model.counts.sum(axis=1) >= _RELIABLE * len(model.totals)
    dispersion, df = pool_dispersions(raw, freedom, enough)
    dispersion = dispersion * _refit_factor(model, used, topics, slope, dispersion)
    flat = np.zeros(len(topics))
    bound = float(student.ppf(1 - alpha / 2, df))
    out = pd.DataFrame(index=topics)
    out["points_per_year"], out["ratio_per_year"] = model.change(slope)
    # z falls as the slope grows: the low end is where it is high.
    ends = model.slope_at(bound, dispersion), model.slope_at(-bound, dispersion)
    out["points_low"], out["ratio_low"] = model.change(ends[0])
    out["points_high"], out["ratio_high"] = model.change(ends[1])
    out["dispersion"] = dispersion
    out["z"] = model.z(flat, dispersion)
    out["p"] = 2 * student.sf(np.abs(out["z"]), df)
    out["q"] = benjamini_hochberg(out["p"])
    # Distance from the nearer margin, positive inside: both one-sided tests must refuse.
    up = -model.z(model.slope_of_ratio(margin), dispersion)
    down = model.z(model.slope_of_ratio(1 / margin), dispersion)
    out["z_margin"] = np.minimum(up, down)
    out["q_steady"] = benjamini_hochberg(student.sf(out["z_margin"], df))
    out["df"] = df
    result.loc[topics] = out[names]
    return result


def _model(used: pd.DataFrame, column: str, topics: pd.Index[Any]) -> Logits:
    wide = used.pivot(index="topic", columns="period", values=column).loc[topics]
    wide = wide[sorted(wide.columns)]
    totals = used.drop_duplicates("period").set_index("period")["total"].loc[wide.columns]
    return Logits(
        wide.to_numpy(dtype=np.float64),
        totals.to_numpy(dtype=np.float64),
        to_years(wide.columns),
    )


def _refit_factor(
    model: Logits, used: pd.DataFrame, topics: pd.Index[Any], slope: Floats, dispersion: Floats
) -> Floats | float:
    """By how much the slopes' variance grows when that between refits is added."""
    refits = [name for name in used.columns if str(name).startswith("refit_")]
    if not refits:
        return 1.0
    limit = model.limit
    centre = np.clip(slope, -limit, limit)
    moved = []
    for name in refits:
        other = _model(used, name, topics)
        lost = (other.counts.sum(axis=1) == 0) | (other.counts.sum(axis=1) == other.totals.sum())
        # A refit without the topic says nothing about its slope, only that it is not there.
        moved.append(np.where(lost, centre, np.clip(other.slope_at(0.0), -limit, limit)))
    between = ((np.stack(moved) - centre) ** 2).mean(axis=0)
    within = dispersion / np.maximum(model.score(centre)[1], 1e-300)
    result: Floats = 1 + (1 + 1 / len(refits)) * between / within
    return result


def _decide(table: pd.DataFrame, alpha: float) -> pd.Series[str]:
    changes = table["q"] <= alpha
    verdict = pd.Series("can't tell", index=table.index)
    verdict[table["q_steady"] <= alpha] = "steady"
    verdict[changes & (table["z"] > 0)] = "rising"
    verdict[changes & (table["z"] < 0)] = "falling"
    return verdict


def _needed(table: pd.DataFrame, alpha: float) -> pd.Series[Any]:
    """How many papers until a change, or that there is none, would show: z grows with √papers."""
    from scipy.stats import t as student

    open_ = (table["verdict"] == "can't tell") & table["z"].notna()
    tests = int(table["z"].notna().sum())
    needed = pd.Series(pd.NA, index=table.index, dtype="Int64")
    if not open_.any():
        return needed
    row = table[open_]
    df = float(row["df"].iloc[0])
    # The next discovery has to pass the Benjamini–Hochberg line where it then stands.
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
