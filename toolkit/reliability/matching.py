"""Groups of a refit matched to the topics of a model, by the papers they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.reliability.refits import Refit


def best_jaccard(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Best Jaccard index of each topic; NaN where none of its papers was given to the refit."""
    best = _overlaps(model, fit, numbers).max(axis=1)
    present = np.isin(numbers, model[fit.given])
    return np.where(present, best, np.nan)


def match(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Name the groups after topics, one to one, by maximum overlap; −1 for groups left over."""
    from scipy.optimize import linear_sum_assignment

    jaccard = _overlaps(model, fit, numbers)
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    name = np.full(jaccard.shape[1] + 1, -1, dtype=np.int64)
    real = jaccard[rows, columns] > 0
    name[columns[real]] = numbers[rows[real]]
    # Label −1 (an outlier) reads the last place, which names nothing.
    return np.asarray(name[fit.labels])


def agreement(model: NDArray[Any], fits: list[Refit]) -> pd.Series[float]:
    """Return the adjusted Rand index of each refit with the model, over the papers given to it."""
    from sklearn.metrics import adjusted_rand_score

    values = [adjusted_rand_score(model[fit.given], fit.labels[fit.given]) for fit in fits]
    return pd.Series(values, name="adjusted_rand_index", dtype=float)


def mean_interval(
    survival: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean over refits with a 95 % t interval, kept inside 0–1."""
    from scipy import stats

    count = np.maximum((~np.isnan(survival)).sum(axis=0), 1)
    mean = np.nansum(survival, axis=0) / count
    spread = np.sqrt(np.nansum((survival - mean) ** 2, axis=0) / np.maximum(count - 1, 1))
    half = stats.t.ppf(0.975, np.maximum(count - 1, 1)) * spread / np.sqrt(count)
    return mean, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1)


def _overlaps(model: NDArray[Any], fit: Refit, numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Jaccard indices of topics and groups over the papers given, shape (topics, groups)."""
    groups = int(fit.labels.max()) + 1
    counted = fit.given & (model >= 0)
    place = np.searchsorted(numbers, model[counted])
    inside = fit.labels[counted] >= 0
    shared = np.zeros((len(numbers), max(groups, 1)))
    np.add.at(shared, (place[inside], fit.labels[counted][inside]), 1)
    of_topic = np.bincount(place, minlength=len(numbers))
    of_group = np.bincount(fit.labels[fit.given & (fit.labels >= 0)], minlength=shared.shape[1])
    union = of_topic[:, None] + of_group[None, :] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
