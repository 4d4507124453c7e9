"""The columns that tell a changed topic's shape: peak or trough, and whether it levels off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.trends.curves import Curves
from toolkit.trends.turns import levels_off, turn_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.measures import Measured

    Floats = NDArray[np.float64]

#: Periods from which on a turn is dated by a curve with so many degrees of freedom.
_DATING = ((16, 7), (12, 5), (10, 4))


def shape_columns(
    measured: Measured, decided: pd.DataFrame, starts: pd.DatetimeIndex, alpha: float
) -> pd.DataFrame:
    """Return levels_off, peak, peak_low, peak_high, back_since, share_first, … of verdicts.

    share_peak and share_last are the others.

    Shares are those of the fitted curve in the first period, at the peak (or trough), and in the
    last period; those and the peak are NA where the verdict names no turn.
    """
    verdict, back = decided["verdict"], decided["turn_open"].to_numpy()
    out = pd.DataFrame(index=verdict.index)
    out["levels_off"] = pd.Series(pd.NA, index=out.index, dtype="boolean")
    for name in ("peak", "peak_low", "peak_high", "back_since"):
        out[name] = pd.Series(pd.NaT, index=out.index, dtype="datetime64[us]")
    out[["share_first", "share_peak", "share_last"]] = np.nan
    out.loc[back, "back_since"] = starts[decided.loc[back, "back"].to_numpy()]
    curves, turns = measured.curves, measured.turns
    if curves is None or turns is None:
        return out
    fit, rows, df = curves.fit, measured.rows, measured.df_curve
    dispersion = measured.table["dispersion"].to_numpy()
    straight = verdict.isin(["rising", "falling"])
    way = np.where(verdict == "rising", 1.0, -1.0)
    flat = levels_off(rows, fit, curves.model, way, dispersion, df, alpha) & ~back
    out.loc[straight, "levels_off"] = flat[straight.to_numpy()]
    turned = np.flatnonzero(verdict.isin(["rose then fell", "fell then rose"]))
    # The three degrees that find a wave would draw a peak early or late in the time to its middle.
    finer = Curves(curves.model.take(turned), _degrees(len(rows), curves.degrees))
    rows = finer.basis[np.unique(curves.model.years, return_index=True)[1]]
    shares = curve_shares(finer, rows)
    for at_row, (row, share) in enumerate(zip(turned.tolist(), shares)):
        place, low, high = turn_interval(
            rows, finer.fit.coefficients[at_row], finer.fit.covariance[at_row] * dispersion[row],
            df, turns.sign[row], alpha,
        )  # fmt: skip
        places = {"peak": place, "peak_low": low, "peak_high": high}
        for name, at in places.items():
            out.loc[out.index[row], name] = starts[at]
        for name, at in (("first", 0), ("peak", place), ("last", -1)):
            out.loc[out.index[row], f"share_{name}"] = share[at]
    return out


def _degrees(periods: int, least: int) -> int:
    """Return the degrees of freedom of the curve by which a turn is dated."""
    return next((degrees for enough, degrees in _DATING if periods >= enough), least)


def curve_shares(curves: Curves, rows: Floats) -> Floats:
    """Return fitted shares (topics, n_periods); strata are weighed by all their papers."""
    from scipy.special import expit

    inside, totals = curves.model.inside, curves.model.totals
    parts = totals @ inside / totals.sum()
    heights = curves.fit.coefficients @ rows.T
    logits = curves.fit.levels[:, None, :] + heights[:, :, None]
    result: Floats = expit(logits) @ parts
    return result
