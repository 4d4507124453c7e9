"""Shares of many groups drawn towards each other, and the test of equal sensitivity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

#: The grid of what groups have in common: their mean (logits), and how alike they are (the number
#: of labels that the others are worth).
_MEANS = 1 / (1 + np.exp(-np.linspace(-5, 5, 41)))
_ALIKE = np.exp(np.linspace(np.log(0.5), np.log(400), 24))
#: Samples behind the p value of equal sensitivity.
_RESAMPLES = 499


def draw_shares(counts: Counts, totals: Counts, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return draws of each group's share, given all groups' counts.

    Parameters
    ----------
    counts, totals : ndarray (n_groups,)
        Of each group's labelled papers those that are true, and all.
    draws : int
        Number of draws.
    rng : Generator
        Where they come from.

    Returns
    -------
    ndarray (n_groups, draws)
        A group without labels gets what the others allow for a group like them.

    Notes
    -----
    Each group's share comes from one beta distribution; its mean and precision are not estimated
    but averaged over all values, by how well they explain the counts (A. Gelman et al. 2013,
    Bayesian Data Analysis, 3rd ed., doi:10.1201/b16018, section 5.3).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> shares = draw_shares(np.array([90, 0]), np.array([100, 0]), draws=4000, rng=rng)
    >>> shares.mean(axis=1).round(1).tolist(), bool(shares[1].std() > 3 * shares[0].std())
    ([0.9, 0.7], True)
    """
    from scipy.special import betaln

    yes = (_MEANS[:, None] * _ALIKE).ravel()
    no = ((1 - _MEANS)[:, None] * _ALIKE).ravel()
    fit = (betaln(counts[:, None] + yes, (totals - counts)[:, None] + no) - betaln(yes, no)).sum(
        axis=0
    )
    prior = 0.5 * np.log(_MEANS * (1 - _MEANS))[:, None] + np.log(_ALIKE / (1 + _ALIKE) ** 2)
    weight = np.exp(fit + prior.ravel() - (fit + prior.ravel()).max())
    chosen = rng.choice(len(weight), size=draws, p=weight / weight.sum())
    drawn: Floats = rng.beta(counts[:, None] + yes[chosen], (totals - counts)[:, None] + no[chosen])
    return drawn


def equal_sensitivity_p(
    linked: Counts,
    size: Counts,
    right: Counts,
    labelled_linked: Counts,
    missed: Counts,
    labelled_others: Counts,
    *,
    rng: np.random.Generator,
) -> float:
    """Return p of the hypothesis that the detector finds the same part in every group.

    Parameters
    ----------
    linked, size : ndarray (n_groups,)
        Papers that the detector calls linked, and all.
    right, labelled_linked : ndarray (n_groups,)
        Of the labelled papers that it calls linked those that are, and all.
    missed, labelled_others : ndarray (n_groups,)
        Of the labelled papers that it does not call linked those that are, and all.
    rng : Generator
        For the samples behind p.

    Returns
    -------
    float
        NaN for fewer than two groups with a detected link and labels of others.

    Notes
    -----
    Likelihood-ratio test; p from samples drawn under equal sensitivity (Davison and Hinkley 1997,
    doi:10.1017/CBO9780511802843, section 4.2.3), since counts are small.
    """
    used = (linked > 0) & (labelled_others > 0)
    if used.sum() < 2:
        return float("nan")
    linked, size, right, missed = linked[used], size[used], right[used], missed[used]
    labelled_linked, labelled = labelled_linked[used], labelled_others[used]
    precision = (right.sum() + 0.5) / (labelled_linked.sum() + 1)
    found, sensitivity = _ratio(linked, size, precision, missed, labelled)
    rate = linked / size
    chance = _missed_rate(rate, precision, sensitivity)
    shape = (_RESAMPLES, len(size))
    drawn = _ratio(
        rng.binomial(size, rate, shape),
        size,
        rng.binomial(labelled_linked.sum() + 1, precision, shape[0])[:, None]
        / (labelled_linked.sum() + 1),
        rng.binomial(labelled, chance, shape),
        labelled,
    )[0]
    return float((1 + (drawn >= found - 1e-9).sum()) / (1 + _RESAMPLES))


def _missed_rate(rate: Floats, precision: Floats | float, sensitivity: Floats | float) -> Floats:
    """Return how many of the papers that the detector calls silent have a link."""
    odds = rate * precision / np.maximum(1 - rate, 1e-9)
    chance: Floats = np.clip(odds * (1 / np.asarray(sensitivity) - 1), 1e-9, 1 - 1e-9)
    return chance


def _ratio(
    linked: Counts, size: Counts, precision: Floats | float, missed: Counts, labelled: Counts
) -> tuple[Floats, Floats]:
    """Return the likelihood ratio against equal sensitivity, and the sensitivity that fits best."""
    from scipy.special import xlog1py, xlogy

    grid = 1 / (1 + np.exp(-np.linspace(-6, 6, 121)))
    rate = (linked / size)[..., None]
    precise = np.asarray(precision)[..., None]
    chance = _missed_rate(rate, precise, grid)
    seen, left = missed[..., None], (labelled - missed)[..., None]
    equal = (xlogy(seen, chance) + xlog1py(left, -chance)).sum(axis=-2)
    own = missed / labelled
    free = (xlogy(missed, own) + xlog1py(labelled - missed, -own)).sum(axis=-1)
    best: Floats = grid[equal.argmax(axis=-1)]
    ratio: Floats = 2 * (free - equal.max(axis=-1))
    return ratio, best
