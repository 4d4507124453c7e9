"""The test of one contrast of shares, over refits too: two spans of time, two topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.trends.quasibinomial import pool_dispersions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: Dispersions are learned from topics with at least so many papers a period.
RELIABLE = 2
#: What `measure_contrast` returns.
MEASURES = ["slope", "low", "high", "dispersion", "p"]


def refit_columns(used: pd.DataFrame) -> list[str]:
    """Return the columns that count papers in refits, all origins together."""
    return [name for name in used.columns if str(name).removeprefix("refit_").isdigit()]


def scatter_of(model: Logits) -> Floats:
    """Return the dispersion of each topic around its line."""
    return model.dispersions(np.clip(model.slope_at(0.0), -model.limit, model.limit))


def pool_scatter(model: Logits) -> tuple[Floats, float]:
    """Return the dispersions pooled over topics, and their degrees of freedom."""
    enough = model.counts.sum(axis=1) >= RELIABLE * len(model.totals)
    return pool_dispersions(scatter_of(model), max(model.freedom, 1), enough)


def measure_contrast(model: Logits, dispersion: Any, df: float, alpha: float) -> pd.DataFrame:
    """Return slopes with the interval that the score test gives, and p of slope 0.

    Parameters
    ----------
    model : Logits
        Its `years` are the contrast: 0 and 1 for two spans.
    dispersion : ndarray (n_topics,)
    df : float
        Degrees of freedom of the dispersion.
    alpha : float
        Error of the interval.

    Returns
    -------
    DataFrame
        slope, low, high (log odds), dispersion, p: one row a topic.
    """
    from scipy.stats import t as student

    bound = float(student.ppf(1 - alpha / 2, df))
    out = pd.DataFrame({"slope": model.slope_at(0.0)})
    # z falls as the slope grows: the low end is where z is high.
    out["low"], out["high"] = model.slope_at(bound, dispersion), model.slope_at(-bound, dispersion)
    out["dispersion"] = dispersion
    out["p"] = 2 * student.sf(np.abs(model.z(np.zeros(len(out)), dispersion)), df)
    number = model.counts.sum(axis=1)
    # Where a refit has none of a topic's papers, or only them, it says nothing about the contrast.
    lost = (number == 0) | (number == model.totals.sum())
    out.loc[lost, ["slope", "low", "high", "p"]] = [0.0, -np.inf, np.inf, 1.0]
    return out[MEASURES]


def over_refits(own: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    """Combine with refits: twice their median p, never less than the model's own.

    Of the ends of the intervals, which the refits are given with half the error, the medians.
    (Meinshausen, Meier and Bühlmann 2009, doi:10.1198/jasa.2009.tm08647)
    """
    if not others:
        return own
    against = [other["p"].mask(other["slope"] * own["slope"] < 0, 1.0) for other in others]
    # The more careful of the two middle values where their number is even.
    upper, lower = len(others) // 2, (len(others) - 1) // 2
    out = own.copy()
    out["p"] = np.maximum(own["p"], np.minimum(1, 2 * np.sort(against, axis=0)[upper]))
    ends = {name: np.sort([other[name] for other in others], axis=0) for name in ("low", "high")}
    out["low"] = np.minimum(own["low"], ends["low"][lower])
    out["high"] = np.maximum(own["high"], ends["high"][upper])
    return out


def decide(table: pd.DataFrame, alpha: float, up: str, down: str) -> pd.Series[str]:
    """Return `up` or `down` where q is at most alpha, else "can't tell"."""
    verdict = pd.Series("can't tell", index=table.index)
    verdict[(table["q"] <= alpha) & (table["slope"] > 0)] = up
    verdict[(table["q"] <= alpha) & (table["slope"] < 0)] = down
    return verdict
