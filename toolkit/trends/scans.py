"""The temporal scan: the stretch in which a share is highest, and how heavy chance makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Waves are learned from things in as many papers a period.
_RELIABLE = 1
#: Correlations of successive periods that are tried.
_CORRELATIONS = np.linspace(0, 0.95, 20)


@dataclass(frozen=True)
class Waves:
    """How shares wave without anything that stands out.

    Parameters
    ----------
    scatter : float
        Squared coefficient of variation between periods, beyond chance.
    correlation : float
        Of successive periods, 0 to 0.95.
    """

    scatter: float
    correlation: float


def learn_waves(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> Waves:
    """Return the waves of all things together (moments, corrected for the mean's own error).

    Parameters
    ----------
    counts : ndarray (n_things, n_periods)
    totals : ndarray (n_periods,)
    """
    part = totals / totals.sum()
    expected = counts.sum(axis=1, keepdims=True) * part
    use = expected.mean(axis=1) >= _RELIABLE
    if not use.any():
        return Waves(0.0, 0.0)
    expected = expected[use]
    off = counts[use] / expected - 1
    chance = (1 - part) / expected
    mean = expected.mean(axis=1)
    scatter = correlation = 0.0
    for _ in range(20):
        # Things that scatter by chance tell little of waves.
        weights = 1 / (1 / mean + scatter) ** 2
        weights = weights / weights.sum()
        level = float(weights @ (off**2 - chance).mean(axis=1))
        # A multinomial share is high where the others are low.
        next_ = float(weights @ (off[:, 1:] * off[:, :-1] + 1 / counts[use].sum(axis=1)[:, None])
                      .mean(axis=1))  # fmt: skip
        if level <= 0:
            return Waves(0.0, 0.0)
        taken = np.array([_of_mean(rho, len(totals)) for rho in _CORRELATIONS])
        told = (_CORRELATIONS - taken) / (1 - taken)
        correlation = float(np.interp(next_ / level, told, _CORRELATIONS))
        scatter = level / (1 - _of_mean(correlation, len(totals)))
    return Waves(scatter, correlation)


def _of_mean(correlation: float, number: int) -> float:
    """Return the variance of the mean of an autoregressive series with variance 1."""
    apart = np.abs(np.subtract.outer(np.arange(number), np.arange(number)))
    return float((correlation**apart).mean())


def best_stretches(
    counts: Any, totals: Any, left: NDArray[np.bool_], scatter: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Return the first and the last period of the heaviest stretch of each thing, and its weight.

    Parameters
    ----------
    counts : ndarray (n_things, n_periods)
    totals : ndarray (n_periods,)
    left : ndarray of bool (n_things, n_periods)
        Periods that are not part of an earlier burst; others count neither inside nor outside.
    scatter : float
        Weights are divided by 1 + scatter × the mean papers a period.
    """
    k, n = np.where(left, counts, 0).astype(np.float64), np.where(left, totals, 0).astype(float)
    all_k, all_n = k.sum(axis=1), n.sum(axis=1)
    none = _entropy(all_k, all_n)
    run_k, run_n, run_left = (
        np.pad(some.cumsum(axis=1), ((0, 0), (1, 0))) for some in (k, n, left)
    )
    number, periods = k.shape
    best = np.zeros((3, number))
    for length in range(1, periods // 2 + 1):
        inside, size, free = (some[:, length:] - some[:, :-length]
                              for some in (run_k, run_n, run_left))  # fmt: skip
        outside, rest = all_k[:, None] - inside, all_n[:, None] - size
        gain = _entropy(inside, size) + _entropy(outside, rest) - none[:, None]
        fits = (free == length) & (rest > 0) & (inside * rest > outside * size)
        gain = np.where(fits, gain, 0.0)
        place = gain.argmax(axis=1)
        top = gain[np.arange(number), place]
        better = top > best[2]
        best[:, better] = np.stack([place, place + length - 1, top])[:, better]
    weight = best[2] / (1 + scatter * all_k / periods)
    return best[0].astype(np.intp), best[1].astype(np.intp), weight


def heaviest_by_chance(
    counts: NDArray[np.int64],
    totals: NDArray[np.int64],
    waves: Waves,
    *,
    simulations: int,
    seed: int,
) -> Floats:
    """Return the heaviest weight of each simulated collection with usual waves and no bursts."""
    rng = np.random.default_rng(seed)
    shares = counts.sum(axis=1, keepdims=True) / totals.sum()
    spread = np.sqrt(np.log1p(waves.scatter))
    left = np.ones(counts.shape, dtype=bool)
    heaviest = np.empty(simulations)
    for number in range(simulations):
        rates = shares
        if spread > 0:
            logs = spread * _autoregressive(rng, counts.shape, waves.correlation)
            rates = np.minimum(shares * np.exp(logs - spread**2 / 2), 1.0)
        drawn = rng.binomial(totals, np.broadcast_to(rates, counts.shape))
        heaviest[number] = best_stretches(drawn, totals, left, waves.scatter)[2].max()
    return heaviest


def _autoregressive(rng: Any, shape: tuple[int, ...], correlation: float) -> Floats:
    """Return normal series with variance 1 whose successive values are correlated."""
    values: Floats = rng.standard_normal(shape)
    for place in range(1, shape[1]):
        values[:, place] *= np.sqrt(1 - correlation**2)
        values[:, place] += correlation * values[:, place - 1]
    return values


def _entropy(k: Any, n: Any) -> Any:
    """Return the largest binomial log likelihood of k of n, without the number of ways."""
    from scipy.special import xlogy

    size = np.maximum(n, 1e-300)
    return xlogy(k, k / size) + xlogy(n - k, (n - k) / size)
