"""The tests of each topic's trend: straight line, curve, steadiness; over refits too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.trends.curves import Curves, combine, degrees_for, test_curves
from toolkit.trends.quasibinomial import Logits, pool_dispersions, solve
from toolkit.trends.sparse import exact_p
from toolkit.trends.turns import Turns, find_return, find_turns, p_of_legs, p_of_range, p_of_turns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Dispersions are learned from topics with at least so many papers a cell.
_RELIABLE = 2
#: Of `detectable`.
_POWER = 0.8
#: From here on p says that a curve is not straight.
_BENT = 0.01
#: The part of the error that the line has beside the curve (see `curves.combine`).
_LINE = 0.7


@dataclass(frozen=True)
class Measured:
    """What was measured of each topic.

    Attributes
    ----------
    table : DataFrame
        One row a topic: slope, low, high; z (of the line), p_line, p (of any change), p_steady,
        p_turn (NaN without a curve), p_back and back (`turns.find_return`); dispersion.
    scores : ndarray (n_topics, degrees)
        The direction of the change: of the line, and of the curve where there is one.
    df, df_curve : float
        Degrees of freedom of the dispersions, of the line and of the curve.
    curves : Curves or None
        Where there are periods enough.
    rows : ndarray (n_periods, degrees)
        The curves' basis at the periods.
    turns : Turns or None
        Where the curves turn.
    """

    table: pd.DataFrame
    scores: Floats
    df: float
    df_curve: float
    curves: Curves | None
    rows: Floats
    turns: Turns | None


def measure(model: Logits, *, alpha: float, margin: float, turns: Turns | None = None) -> Measured:
    """Return each topic's slope with interval, and p of no change, of a large one, of no turn.

    `turns` are those of the model where a refit is measured.
    """
    enough = has_enough(model)
    years, first = np.unique(model.years, return_index=True)
    degrees = degrees_for(len(years))
    curves = Curves(model, degrees) if degrees else None
    if curves is None or curves.freedom < 1:
        out, df = _measure_line(model, enough, None, alpha=alpha, margin=margin)
        out["p"], out["p_turn"] = out["p_line"], np.nan
        _ignore_lost(out, model)
        rows = np.zeros((len(years), 0))
        return Measured(out, out[["z"]].to_numpy(), df, df, None, rows, None)
    rows, fit = curves.basis[first], curves.fit
    tests = test_curves(curves, enough)
    out, df = _measure_line(model, enough, tests, alpha=alpha, margin=margin)
    dispersion, df_curve = tests["dispersion"], float(tests["df"][0])
    out["dispersion"] = dispersion
    out["p"] = combine(out["p_line"].to_numpy(), tests["p_bend"], tests["p_curve"])
    turns = find_turns(rows, fit) if turns is None else turns
    legs = p_of_legs(turns, model, dispersion, df_curve)
    by_curve = p_of_turns(turns, rows, fit, dispersion, df_curve)
    out["p_turn"] = np.maximum(by_curve, legs.max(axis=1))
    varies = p_of_range(rows, fit, dispersion, df_curve, margin)
    out["p_steady"] = np.maximum(out["p_steady"], varies)
    _ignore_lost(out, model)
    return Measured(out, tests["scores"], df, df_curve, curves, rows, turns)


def has_enough(model: Logits) -> NDArray[np.bool_]:
    """Return which topics have papers enough for others to learn from their scatter."""
    enough: NDArray[np.bool_] = model.counts.sum(axis=1) >= _RELIABLE * len(model.totals)
    return enough


def _ignore_lost(out: pd.DataFrame, model: Logits) -> None:
    """Where a refit has none of a topic's papers, or only them, it says nothing of its trend."""
    number = model.counts.sum(axis=1)
    lost = (number == 0) | (number == model.totals.sum())
    out.loc[lost, ["p", "p_line", "p_steady", "p_turn"]] = 1.0
    out.loc[lost, "z"] = 0.0
    out.loc[lost, ["low", "high"]] = [-np.inf, np.inf]


def _measure_line(
    model: Logits,
    enough: NDArray[np.bool_],
    tests: dict[str, Floats] | None,
    *,
    alpha: float,
    margin: float,
) -> tuple[pd.DataFrame, float]:
    from scipy.stats import t as student

    out = pd.DataFrame({"slope": model.slope_at(0.0)})
    known = np.clip(out["slope"].to_numpy(), -model.limit, model.limit)
    dispersion, df = pool_dispersions(model.dispersions(known), max(model.freedom, 1), enough)
    if tests is not None:
        # A curve that clearly bends is no scatter around the line.
        bent = tests["p_beyond"] <= _BENT
        dispersion = np.where(bent, np.minimum(dispersion, tests["dispersion"]), dispersion)
    out["dispersion"] = out["dispersion_line"] = dispersion
    z = model.z(np.zeros(len(known)), dispersion)
    out["p_line"] = np.maximum(2 * student.sf(np.abs(z), df), exact_p(model))
    out["z"] = np.sign(z) * student.isf(out["p_line"] / 2, df)
    out["p_back"], out["back"] = find_return(model, np.sign(z))
    # Where papers are so few that the exact test says less, the interval is wider by as much.
    wider = dispersion * np.maximum(z / np.where(out["z"] == 0, 1e-3, out["z"]), 1) ** 2
    bound = float(student.ppf(1 - alpha / 2, df))
    # z falls as the slope grows: the low end is where z is high.
    out["low"], out["high"] = model.slope_at(bound, wider), model.slope_at(-bound, wider)
    # Distance from the nearer margin, positive inside: both one-sided tests must reject.
    yearly = margin ** (1 / (model.years.max() - model.years.min()))
    up = -model.z(model.slope_of_ratio(yearly), dispersion)
    down = model.z(model.slope_of_ratio(1 / yearly), dispersion)
    out["p_steady"] = student.sf(np.minimum(up, down), df)
    return out, df


def over_refits(own: Measured, others: list[Measured]) -> Measured:
    """Combine with the refits: twice their median p, never less than the model's own."""
    from scipy.stats import t as student

    def median(name: str, *, higher: bool) -> Any:
        """Return the more careful of the two middle values where their number is even."""
        place = len(others) // 2 if higher else (len(others) - 1) // 2
        return np.sort([other.table[name] for other in others], axis=0)[place]

    for other in others:
        # A fall where the model rises is no support, however small its p.
        other.table.loc[other.table["z"] * own.table["z"] < 0, "p_line"] = 1.0
        other.table.loc[(other.scores * own.scores).sum(axis=1) < 0, "p"] = 1.0
    table = own.table.copy()
    for name in ("p", "p_line", "p_steady", "p_turn"):
        twice = np.minimum(1, 2 * median(name, higher=True))
        table[name] = np.maximum(own.table[name], twice)
    table["low"] = np.minimum(own.table["low"], median("low", higher=False))
    table["high"] = np.maximum(own.table["high"], median("high", higher=True))
    table["z"] = np.sign(own.table["z"]) * student.isf(table["p_line"] / 2, own.df)
    return Measured(table, own.scores, own.df, own.df_curve, own.curves, own.rows, own.turns)


def detectable(model: Logits, measured: Measured, threshold: float) -> Floats:
    """Return the smallest factor a year at which a topic would be told with 80 % probability.

    Parameters
    ----------
    model : Logits
        Counts of the topics; their numbers of papers are kept.
    measured : Measured
        Their dispersions.
    threshold : float
        Below which p leads to a verdict.

    Returns
    -------
    ndarray (n_topics,)
        Above 1; NaN where no factor would.

    Notes
    -----
    The slope at which the expected score over its standard error is the sum of the test's bound
    and the 80 % point of the reference distribution.
    """
    from scipy.stats import t as student

    model = model.coarse()
    if measured.curves is not None:
        threshold *= _LINE
    target = float(student.ppf(1 - threshold / 2, measured.df) + student.ppf(_POWER, measured.df))
    variance = model.score(np.zeros(len(model.counts)))[1]
    error = np.sqrt(np.maximum(variance * measured.table["dispersion_line"].to_numpy(), 1e-300))
    inside = model.inside
    centre = (inside.T * model.totals) @ model.years / (inside.T @ model.totals)
    away = model.totals * (model.years - inside @ centre)
    result = np.full(len(error), np.nan)
    # No slope brings more than all papers in the last period.
    latest = np.array([model.years[one > 0].max() for one in inside.T]) - centre
    rows = np.flatnonzero((model.counts @ inside) @ latest > target * error)
    some, error, variance = model.take(rows), error[rows], variance[rows]
    near = some.intercepts(np.zeros(len(rows)))

    def short(slopes: Floats, at: NDArray[np.intp]) -> tuple[Floats, Floats]:
        start = near[at]
        lacks = target - some.take(at).shares(slopes, start) @ away / error[at]
        near[at] = start
        return lacks, lacks * error[at] / np.maximum(variance[at], 1e-300)

    edge = np.full(len(rows), some.limit)
    slopes = solve(short, np.zeros(len(rows)), edge, tolerance=1e-6 * some.limit)
    ratio = some.change(slopes)[1]
    result[rows] = np.where(slopes < (1 - 1e-4) * some.limit, ratio, np.nan)
    return result
