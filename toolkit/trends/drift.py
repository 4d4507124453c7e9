"""Is a change more than slow drift would bring? Tests that allow for drift, pooled over topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.intervals import benjamini_hochberg
from toolkit.trends.curves import combine
from toolkit.trends.quasibinomial import pool_dispersions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.curves import Curves
    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: Drift is learned from so many of the largest topics at most, in so many blocks of time at most.
_TOPICS, _BLOCKS = 60, 40
#: Standard deviations of drift that are tried, on the logit scale.
_SIZES = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.85, 1.1, 1.5, 2.0])
#: In fewer years than this, topics that drift more than the others are taken for trends (some
#: topic of 42 in 5 to 20 % of collections; tests/bench/trends.py).
_YEARS = 5.0
#: How far below its maximum the log likelihood of drift may lie: a 99 % region of two unknowns.
_REGION = 4.6


@dataclass(frozen=True)
class Drift:
    """What the collection shows of drift, and each topic's p against it.

    Attributes
    ----------
    p : ndarray (n_topics,)
        Of no change but drift, the largest over all drifts that the collection does not exclude;
        1 for topics that were not asked for.
    lasting : float
        The longest time in years over which such drift lasts (its correlation falls to 1/e).
    size, lasts : float
        Standard deviation and lasting of the likeliest drift.
    """

    p: Floats
    lasting: float
    size: float
    lasts: float


def judge_drift(
    curves: Curves | None, changed: NDArray[np.bool_], enough: NDArray[np.bool_], alpha: float
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return beyond_drift (True, False, NA) of topics that changed, and why it is NA.

    NA where the time tested is shorter than five years, and, for topics not shown to go beyond
    drift, where drift is not excluded that lasts longer than half of it.
    """
    beyond = pd.Series(pd.NA, index=range(len(changed)), dtype="boolean")
    note = pd.Series(pd.NA, index=beyond.index, dtype="string")
    if not changed.any():
        return beyond, note
    if curves is None:
        note[changed] = "too few periods"
        return beyond, note
    times = np.unique(curves.model.years)
    span = float(times[-1] - times[0] + np.diff(times).min())
    if span < _YEARS - 0.01:
        note[changed] = f"{span:.1f} years are too short, it takes {_YEARS:g}"
        return beyond, note
    drift = measure_drift(curves, changed, enough)
    more = changed & (benjamini_hochberg(drift.p) <= alpha)
    beyond[more] = True
    if drift.lasting <= span / 2:
        beyond[changed & ~more] = False
    else:
        lasts = f"{drift.lasting:.1f}" if drift.lasting < span else f"more than {span:.0f}"
        note[changed & ~more] = f"drift that lasts {lasts} years is not excluded"
    return beyond, note


def measure_drift(curves: Curves, asked: NDArray[np.bool_], enough: NDArray[np.bool_]) -> Drift:
    """Return p of the change of the topics asked for, where their logits may drift.

    Notes
    -----
    Each topic's logit is a constant plus a stationary autoregressive process, with one standard
    deviation and one correlation time for all topics, observed with binomial noise. The two are
    learned by restricted likelihood (Patterson and Thompson 1971, doi:10.1093/biomet/58.3.545),
    beside a line in each topic, which keeps short series from hiding their drift in a slope. The
    tests are those of the curves, by generalised least squares with that covariance, and p is the
    largest over the region of drifts that the likelihood does not exclude (after Berger and Boos
    1994, doi:10.1080/01621459.1994.10476836).
    """
    years, logits, noise, basis = _series(curves)
    span = years[-1] - years[0]
    times = span * np.geomspace(1 / len(years), 4, 14)
    counts = curves.model.counts.sum(axis=1)
    order = np.argsort(-counts, kind="stable")
    learned = order[enough[order]][:_TOPICS]
    if len(learned) < 5:
        learned = order[:_TOPICS]
    likelihood = np.array(
        [
            [_restricted(years, logits[learned], noise[learned], size, time) for time in times]
            for size in _SIZES
        ]
    )
    likely = np.argwhere(likelihood >= likelihood.max() - _REGION)
    best = np.unravel_index(int(likelihood.argmax()), likelihood.shape)
    rows = np.union1d(np.flatnonzero(asked), learned)
    worst = np.zeros(len(rows))
    for size, time in likely:
        drift = _SIZES[size], times[time]
        worst = np.maximum(
            worst, _test(years, logits[rows], noise[rows], basis, drift, enough[rows])
        )
    p = np.ones(len(logits))
    p[rows] = np.where(asked[rows], worst, 1.0)
    lasting = max((times[time] for size, time in likely if _SIZES[size] > 0), default=0.0)
    return Drift(p, float(lasting), float(_SIZES[best[0]]), float(times[best[1]]))


def _series(curves: Curves) -> tuple[Floats, Floats, Floats, Floats]:
    """Return times, logits about the mean, their binomial variances, and the curves' basis.

    The cells of one time are taken together, whatever their stratum, since a topic drifts in all.
    """
    model: Logits = curves.model
    times, place = np.unique(model.years, return_inverse=True)
    block = np.arange(len(times)) * min(len(times), _BLOCKS) // len(times)
    into = np.eye(block[-1] + 1)[block[place]]
    share = (model.counts @ model.inside) / (model.totals @ model.inside)
    spread = (share * (1 - share)) @ model.inside.T * model.totals
    weight = np.maximum(spread @ into, 1e-300)
    rest = (model.counts - model.totals * (share @ model.inside.T)) @ into
    totals = model.totals @ into
    years = model.totals * model.years @ into / totals
    basis = (curves.basis.T * model.totals) @ into / totals
    return years, rest / weight, 1 / weight, basis.T


def _covariance(years: Floats, noise: Floats, size: float, time: float) -> Floats:
    """Return the lower Cholesky factors (n_topics, n, n) of drift and noise."""
    apart = np.abs(years[:, None] - years[None, :])
    full = size**2 * np.exp(-apart / time) + noise[:, :, None] * np.eye(len(years))
    factors: Floats = np.asarray(np.linalg.cholesky(full), dtype=np.float64)
    return factors


def _whitened(factors: Floats, design: Floats, logits: Floats) -> tuple[Floats, Floats]:
    """Return design (n_topics, n, k) and logits (n_topics, n) with unit covariance."""
    number = len(factors)
    both = np.concatenate(
        [np.broadcast_to(design, (number, *design.shape)), logits[:, :, None]], axis=2
    )
    white: Floats = np.asarray(np.linalg.solve(factors, both), dtype=np.float64)
    return white[:, :, :-1], white[:, :, -1]


def _restricted(years: Floats, logits: Floats, noise: Floats, size: float, time: float) -> float:
    """Return the restricted log likelihood of a drift, over all topics."""
    factors = _covariance(years, noise, size, time)
    design = np.column_stack([np.ones(len(years)), years - years.mean()])
    white, values = _whitened(factors, design, logits)
    orthogonal, upper = np.linalg.qr(white)
    fitted = np.einsum("tnk,tn->tk", orthogonal, values)
    rest = (values**2).sum(axis=1) - (fitted**2).sum(axis=1)
    logs = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    logs = logs + np.log(np.abs(np.diagonal(upper, axis1=1, axis2=2))).sum(axis=1)
    return float(-(logs + rest / 2).sum())


def _test(
    years: Floats,
    logits: Floats,
    noise: Floats,
    basis: Floats,
    drift: tuple[float, float],
    enough: NDArray[np.bool_],
) -> Floats:
    """Return p of no change but a drift of this size and time, by line, bend and curve."""
    from scipy.stats import f as fisher
    from scipy.stats import t as student

    design = np.column_stack([np.ones(len(years)), basis])
    white, values = _whitened(_covariance(years, noise, *drift), design, logits)
    orthogonal = np.linalg.qr(white)[0]
    scores = np.einsum("tnk,tn->tk", orthogonal, values)
    freedom = len(years) - design.shape[1]
    scatter = (values**2).sum(axis=1) - (scores**2).sum(axis=1)
    dispersion, df = pool_dispersions(np.maximum(scatter, 0) / freedom, freedom, enough)
    df = min(df, 1e7)
    sizes = scores[:, 1:] ** 2 / dispersion[:, None]
    line = 2 * student.sf(np.sqrt(sizes[:, 0]), df)
    bend = 2 * student.sf(np.sqrt(sizes[:, 1]), df)
    curve = fisher.sf(sizes.mean(axis=1), basis.shape[1], df)
    return combine(line, bend, curve)
