"""What a share alone does not say: whether the papers went the same way, and what other topics did.

Shares add up to 1: where some topics grow, others fall by arithmetic (Aitchison 1982,
doi:10.1111/j.2517-6161.1982.tb01195.x).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.trends.quasibinomial import Logits

if TYPE_CHECKING:
    from toolkit.trends.measures import Measured

#: How many of the topics that move the other way are taken out.
_MOST = 3


def told_of_counts(
    table: pd.DataFrame, periods: tuple[int, int], confidence: float
) -> pd.Series[Any]:
    """Return whether each topic's papers a period rose, fell or stayed level, from half to half.

    Parameters
    ----------
    table : DataFrame
        With papers_early, papers_late, dispersion.
    periods : tuple of int
        Periods in each half.
    confidence : float
        "level" where the test does not reject at 1 − `confidence`; NA without papers.

    Notes
    -----
    The difference of two Poisson rates over its standard error where they are equal, times the
    dispersion.
    """
    from scipy.special import ndtri

    early, late = table["papers_early"].to_numpy(float), table["papers_late"].to_numpy(float)
    if not min(periods):
        return pd.Series(pd.NA, index=table.index, dtype="string")
    n_early, n_late = periods
    rate = (early + late) / (n_early + n_late)
    spread = np.nan_to_num(table["dispersion"].to_numpy(float), nan=1.0)
    error = np.sqrt(np.maximum(rate * spread * (1 / n_early + 1 / n_late), 1e-300))
    z = (late / n_late - early / n_early) / error
    bound = float(ndtri((1 + confidence) / 2))
    told = np.where(np.abs(z) <= bound, "level", np.where(z > 0, "rose", "fell"))
    return pd.Series(told, index=table.index, dtype="string").mask(early + late == 0)


def rest_columns(
    model: Logits, measured: Measured, verdict: pd.Series[str], alpha: float
) -> pd.DataFrame:
    """Return ratio_rest and by_arithmetic: each moving topic among the others that do not push it.

    For a falling topic the rising topics with the largest gains (three at most) are taken out of
    the collection, for a rising one the falling. `ratio_rest` is the factor a year of its share
    in what is left. `by_arithmetic` is True where this share is not shown to change, and by its
    estimate changes less than half as much; False where it is still shown to change the same way;
    NA otherwise, and where nothing moves the other way.
    """
    out = pd.DataFrame({"ratio_rest": np.nan}, index=verdict.index)
    out["by_arithmetic"] = pd.Series(pd.NA, index=verdict.index, dtype="boolean")
    if (model.counts.sum(axis=0) > model.totals + 1e-9).any():
        return out  # values that overlap: no share is at another's cost
    points = measured.table["points_per_year"].to_numpy()
    for name, other in (("falling", "rising"), ("rising", "falling")):
        moving, pushing = (np.flatnonzero(verdict == one) for one in (name, other))
        if not len(moving) or not len(pushing):
            continue
        out_of = pushing[np.argsort(-np.abs(points[pushing]), kind="stable")][:_MOST]
        totals = model.totals - model.counts[out_of].sum(axis=0)
        there = totals > 0
        strata = (
            None if model.strata is None else np.unique(model.strata[there], return_inverse=True)[1]
        )
        rest = Logits(model.counts[moving][:, there], totals[there], model.years[there], strata)
        ratio = rest.change(rest.slope_at(0.0))[1]
        p, direction = _p_line(rest, measured, moving)
        same = direction * points[moving] > 0
        shrunk = np.abs(np.log(np.maximum(ratio, 1e-9))) < 0.5 * np.abs(
            np.log(np.maximum(measured.table["ratio_per_year"].to_numpy()[moving], 1e-9))
        )
        told = np.where(
            (p > alpha) & (shrunk | ~same), 1.0, np.where((p <= alpha) & same, 0.0, np.nan)
        )
        out.loc[verdict.index[moving], "ratio_rest"] = ratio
        out.loc[verdict.index[moving], "by_arithmetic"] = pd.array(told, dtype="Float64").astype(
            "boolean"
        )
    return out


def _p_line(rest: Logits, measured: Measured, topics: Any) -> tuple[Any, Any]:
    from scipy.stats import t as student

    dispersion = measured.table["dispersion_line"].to_numpy()[topics]
    z = rest.z(np.zeros(len(topics)), dispersion)
    return 2 * student.sf(np.abs(z), measured.df), np.sign(z)
