"""Where fitted curves turn, how sure that is, and whether they level off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.curves import Fit
    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: A turn counts where the smaller leg has at least this part of the height of the larger.
_SMALLER_LEG = 0.25
#: Draws of a curve's coefficients, for the interval of its turning point.
_DRAWS = 2000


@dataclass(frozen=True)
class Turns:
    """The peak or the trough of each curve, whichever stands out more.

    Attributes
    ----------
    sign : ndarray (n_topics,)
        1 for a peak, −1 for a trough.
    place : ndarray of int (n_topics,)
        The period of the peak or trough.
    feet : ndarray of int (n_topics, 2)
        The periods of the lowest point before a peak and after it (the highest, of a trough).
    legs : ndarray (n_topics, 2)
        Height of the peak over its feet on the logit scale (of a trough, its depth).
    """

    sign: Floats
    place: NDArray[np.intp]
    feet: NDArray[np.intp]
    legs: Floats

    @property
    def stands_out(self) -> NDArray[np.bool_]:
        """Which have two legs worth the name."""
        result: NDArray[np.bool_] = self.legs.min(axis=1) >= _SMALLER_LEG * self.legs.max(axis=1)
        return result


def find_turns(rows: Floats, fit: Fit) -> Turns:
    """Return where curves turn.

    Parameters
    ----------
    rows : ndarray (n_periods, degrees)
        The basis at the tested periods, in order.
    fit : Fit
        The curves.
    """
    heights = fit.coefficients @ rows.T
    topics, periods = np.arange(len(heights)), np.arange(heights.shape[1])
    found = []
    for sign in (1.0, -1.0):
        curve = sign * heights
        place = curve.argmax(axis=1)
        start = np.where(periods <= place[:, None], curve, np.inf).argmin(axis=1)
        end = np.where(periods >= place[:, None], curve, np.inf).argmin(axis=1)
        feet = np.stack([start, end], axis=1)
        found.append((place, feet, curve[topics, place][:, None] - curve[topics[:, None], feet]))
    peak = found[0][2].min(axis=1) >= found[1][2].min(axis=1)
    place, feet, legs = (
        np.where(peak.reshape(-1, *[1] * (one.ndim - 1)), one, other) for one, other in zip(*found)
    )
    return Turns(np.where(peak, 1.0, -1.0), place, feet, legs)


def p_of_turns(turns: Turns, rows: Floats, fit: Fit, dispersion: Floats, df: float) -> Floats:
    """Return p of each turn: that there is no way up to the peak, or none down from it.

    Notes
    -----
    A turn needs both legs, so p is the larger of two one-sided tests (intersection–union test,
    Berger 1982, doi:10.1080/00401706.1982.10487790). `fit` may be another fit than that in which
    the turns were found: a refit's.
    """
    from scipy.stats import t as student

    away = rows[turns.place][:, None, :] - rows[turns.feet]
    height = turns.sign[:, None] * np.einsum("tld,td->tl", away, fit.coefficients)
    t = height / _errors(away, fit, dispersion[:, None])
    p: Floats = student.sf(t, df).max(axis=1)
    return p


def leg_parts(turns: Turns, periods: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which periods are about the turn, and which at the end of each leg.

    Two arrays (n_topics, 2, n_periods). The end is the half of the leg's periods next to its foot;
    about the turn are those nearer to it, on both sides.
    """
    at = np.arange(periods) - turns.place[:, None, None]
    way = turns.feet - turns.place[:, None]
    side = np.array([-1, 1])[None, :]
    length, half = np.abs(way)[..., None], np.abs(way)[..., None] // 2
    along = at * side[..., None]
    near = (along <= half) & (along >= -np.maximum(half, 1))
    return near, (along > half) & (along <= length)


def p_of_legs(turns: Turns, model: Logits, dispersion: Floats, df: float) -> Floats:
    """Return p of each leg (n_topics, 2) by counted papers: no more at the peak than at its foot.

    Notes
    -----
    A curve runs far below zero where there are no papers, so that its ends may rise without any.
    The score test for two shares, stratified where papers have origins, one-sided and with a
    continuity correction (Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719).
    """
    periods, cell = np.unique(model.years, return_inverse=True)
    near, far = (part[:, :, cell] for part in leg_parts(turns, len(periods)))
    legs = [
        _p_of_more(model, near[:, leg], far[:, leg], turns.sign, dispersion, df) for leg in (0, 1)
    ]
    return np.stack(legs, axis=1)


def find_return(model: Logits, way: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return p that a rise (`way` 1) or fall (−1) has not gone back last, and since which period.

    The last period against the one before it, and the last quarter of the periods against the
    quarter before; p is twice the smaller (Bonferroni). Papers are taken as independent: a doubt
    about a verdict needs less than a verdict.
    """
    one = np.ones(len(way))
    years = np.unique(model.years)
    shape, end = model.counts.shape, len(years)
    found = []
    for length in (1, max(end // 4, 1)):
        last = model.years >= years[end - length]
        before = (model.years >= years[end - 2 * length]) & ~last
        some, others = (np.broadcast_to(part, shape) for part in (before, last))
        found.append(_p_of_more(model, some, others, way, one, np.inf))
    first = np.where(found[1] < found[0], end - max(end // 4, 1), end - 1)
    return np.minimum(2 * np.minimum(*found), 1), first


def _p_of_more(
    model: Logits,
    some: NDArray[np.bool_],
    others: NDArray[np.bool_],
    sign: Floats,
    dispersion: Floats,
    df: float,
) -> Floats:
    """Return p that the share in some cells is no larger (sign −1: smaller) than in others."""
    from scipy.stats import t as student

    inside, totals = model.inside, model.totals
    number, others_number = ((model.counts * part) @ inside for part in (some, others))
    papers, others_papers = ((part * totals) @ inside for part in (some, others))
    both = np.maximum(papers + others_papers, 1e-300)
    share = (number + others_number) / both
    excess = sign * (number - papers * share).sum(axis=1)
    variance = (share * (1 - share) * papers * others_papers / both).sum(axis=1)
    error = np.sqrt(np.maximum(variance * dispersion, 1e-300))
    p: Floats = student.sf(np.where(variance > 0, (excess - 0.5) / error, -1e3), df)
    return p


def p_of_range(rows: Floats, fit: Fit, dispersion: Floats, df: float, margin: float) -> Floats:
    """Return p of a curve whose highest and lowest point differ by a factor `margin` or more."""
    from scipy.stats import t as student

    heights = fit.coefficients @ rows.T
    high, low = heights.argmax(axis=1), heights.argmin(axis=1)
    away = (rows[high] - rows[low])[:, None, :]
    size = np.einsum("tld,td->tl", away, fit.coefficients)
    t = (np.log(margin) - size) / _errors(away, fit, dispersion[:, None])
    p: Floats = student.sf(t, df)[:, 0]
    return p


def levels_off(
    rows: Floats, fit: Fit, model: Logits, way: Floats, dispersion: Floats, df: float, alpha: float
) -> NDArray[np.bool_]:
    """Return which curves have become flat: their last third against the time before.

    `way` is 1 for a rise and −1 for a fall. Before the last third the curve goes that way; within
    it, less than a quarter as fast, and the difference is significant (one-sided, at `alpha`). The
    papers of the last period must bear it: their share is not shown to be further on than that of
    the third's other periods.
    """
    from scipy.stats import t as student

    years = np.unique(model.years)
    turn = int(np.abs(years - (years[0] + (years[-1] - years[0]) * 2 / 3)).argmin())
    early = (rows[turn] - rows[0]) / (years[turn] - years[0])
    late = (rows[-1] - rows[turn]) / (years[-1] - years[turn])
    before, after = way * (fit.coefficients @ early), way * (fit.coefficients @ late)
    away = np.broadcast_to((early - late)[None, None, :], (len(before), 1, len(early)))
    t = (before - after) / _errors(away, fit, dispersion[:, None])[:, 0]
    flat = (before > 0) & (after < before / 4) & (student.sf(t, df) <= alpha / 2)
    shape = model.counts.shape
    last = np.broadcast_to(model.years == years[-1], shape)
    third = np.broadcast_to((model.years >= years[turn]) & (model.years < years[-1]), shape)
    goes_on = _p_of_more(model, last, third, way, dispersion, df)
    result: NDArray[np.bool_] = flat & (goes_on > alpha)
    return result


def turn_interval(
    rows: Floats, coefficients: Floats, covariance: Floats, df: float, sign: float, alpha: float
) -> tuple[int, int, int]:
    """Return the period in which one curve turns, and the first and last in which it may.

    With confidence 1 − alpha: the turn is where draws of the curve have their maximum (or
    minimum); `covariance` includes the dispersion. The draws are always the same, so that the
    answer belongs to the data.
    """
    rng = np.random.default_rng(20240)
    normal = rng.standard_normal((_DRAWS, len(coefficients)))
    if df < 1e6:
        normal *= np.sqrt(df / rng.chisquare(df, _DRAWS))[:, None]
    draws = coefficients + normal @ np.linalg.cholesky(covariance).T
    places = (sign * draws @ rows.T).argmax(axis=1)
    low, high = np.quantile(places, [alpha / 2, 1 - alpha / 2], method="closest_observation")
    place = int((sign * rows @ coefficients).argmax())
    return place, min(int(low), place), max(int(high), place)


def _errors(away: Floats, fit: Fit, dispersion: Floats) -> Floats:
    """Return the standard errors of contrasts (n_topics, n_contrasts, degrees)."""
    variance = np.einsum("tli,tij,tlj->tl", away, fit.covariance, away) * dispersion
    error: Floats = np.sqrt(np.maximum(variance, 1e-300))
    return error
