"""Flexible curves through many shares at once: natural splines, tests of any change, fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from toolkit.trends.quasibinomial import pool_dispersions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.trends.quasibinomial import Logits

    Floats = NDArray[np.float64]

#: Periods from which on a curve with so many degrees of freedom leaves enough of them to the
#: scatter: (periods, degrees).
_DEGREES = ((8, 3), (5, 2))
#: With fewer papers than this the χ² of a curve is no approximation; the line alone is tested.
_MIN_PAPERS = 10
#: Steps of a fit at most.
_TURNS = 30


def natural_spline(years: Floats, totals: Floats, degrees: int) -> Floats:
    """Return a basis of natural cubic splines without the constant: (n_years, degrees).

    The first column is time itself, the second the spline nearest to a parabola, so that the
    first two tell a rise from a wave; the rest follows. The knots divide the papers evenly: a
    growing collection has more of them late.

    Parameters
    ----------
    years : ndarray (n_years,)
        Times, in any order.
    totals : ndarray (n_years,)
        Papers at these times.
    degrees : int
        Degrees of freedom, 2 or 3.

    Returns
    -------
    ndarray (n_years, degrees)
        Columns with mean 0 and mean square 1 over the papers, each uncorrelated with the others.

    Notes
    -----
    Hastie, Tibshirani and Friedman (2009), section 5.2.1, doi:10.1007/978-0-387-84858-7.
    """
    from scipy.interpolate import CubicSpline

    order = np.argsort(years, kind="stable")
    reached = (np.cumsum(totals[order]) - totals[order] / 2) / totals.sum()
    inner = np.interp(np.arange(1, degrees) / degrees, reached, years[order])
    knots = np.unique([years.min(), *inner, years.max()])
    # A natural spline is its values at the knots.
    basis = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")(years)
    weight = totals / totals.sum()
    root = np.sqrt(weight)[:, None]
    away = years - weight @ years
    parabola = basis @ np.linalg.lstsq(root * basis, root[:, 0] * away**2, rcond=None)[0]
    columns = np.column_stack([np.ones(len(years)), away, parabola, basis])
    orthogonal, upper = np.linalg.qr(root * columns)
    size = np.abs(np.diag(upper))
    kept = np.flatnonzero(size > 1e-8 * size.max())[1 : degrees + 1]
    turned = orthogonal[:, kept] * np.sign(np.diag(upper)[kept])
    result: Floats = turned / root
    return result


@dataclass(frozen=True)
class Fit:
    """Fitted curves.

    Attributes
    ----------
    levels : ndarray (n_topics, n_strata)
        The logit's mean in each stratum.
    coefficients : ndarray (n_topics, degrees)
        Of the basis.
    covariance : ndarray (n_topics, degrees, degrees)
        Of the coefficients, where the dispersion is 1.
    scatter : ndarray (n_topics,)
        Pearson's χ² around the curve.
    """

    levels: Floats
    coefficients: Floats
    covariance: Floats
    scatter: Floats


@dataclass(frozen=True)
class Curves:
    """Splines through the logits of shares, one for each topic, strata with levels of their own.

    Parameters
    ----------
    model : Logits
        Counts, totals, years and strata of the cells.
    degrees : int
        Degrees of freedom of a curve.
    """

    model: Logits
    degrees: int

    @cached_property
    def basis(self) -> Floats:
        """The spline's columns in each cell: (n_cells, degrees)."""
        return natural_spline(self.model.years, self.model.totals, self.degrees)

    @cached_property
    def _centred(self) -> Floats:
        """The columns less their mean in each stratum."""
        inside, totals = self.model.inside, self.model.totals
        means = (inside.T * totals) @ self.basis / (inside.T @ totals)[:, None]
        result: Floats = self.basis - inside @ means
        return result

    @property
    def freedom(self) -> int:
        """Cells less unknowns."""
        return int(len(self.model.totals) - self.model.inside.shape[1] - self.degrees)

    def score(self) -> Floats:
        """Return standardised scores against a constant share: (n_topics, degrees).

        They are independent and of variance 1 where the share is constant and the dispersion 1:
        the line, then what the parabola adds to it, then the rest. Their sum of squares is the
        score test of the curve.
        """
        model, centred = self.model, self._centred
        inside = model.inside
        share = (model.counts @ inside) / (model.totals @ inside)
        spread = share * (1 - share)
        rest = model.counts - model.totals * (share @ inside.T)
        within = np.einsum("cs,c,ci,cj->sij", inside, model.totals, centred, centred)
        variance = np.einsum("ts,sij->tij", spread, within)
        # A direction that no stratum covers has no information: it is left out.
        small = 1e-9 * np.maximum(np.trace(variance, axis1=1, axis2=2), 1e-300)
        lower: Floats = np.linalg.cholesky(variance + small[:, None, None] * np.eye(self.degrees))
        solved = np.linalg.solve(lower, (rest @ centred)[:, :, None])
        scores: Floats = np.asarray(solved[:, :, 0], dtype=np.float64)
        return scores

    @cached_property
    def fit(self) -> Fit:
        """The curves of all topics.

        Notes
        -----
        Iteratively reweighted least squares (McCullagh and Nelder 1989, section 2.5,
        doi:10.1201/9780203753736). One paper more, spread like the collection, keeps the curve
        of a topic finite that had no papers at all for some time.
        """
        from scipy.special import expit

        model, inside = self.model, self.model.inside
        design = np.column_stack([inside, self.basis])
        number = model.counts @ inside
        share = np.clip(number / (model.totals @ inside), 1e-9, 1 - 1e-9)
        more = 1 + 1 / np.maximum(number.sum(axis=1), 1)[:, None]
        totals = model.totals * more
        counts = model.counts + model.totals * (more - 1) * (share @ inside.T)
        unknowns = np.concatenate(
            [np.log(share / (1 - share)), np.zeros((len(counts), self.degrees))], axis=1
        )
        size = design.shape[1]
        products = np.einsum("ci,cj->cij", design, design).reshape(len(design), -1)
        for _ in range(_TURNS):
            fitted = expit(unknowns @ design.T)
            weights = totals * fitted * (1 - fitted)
            information = (weights @ products).reshape(-1, size, size) + 1e-9 * np.eye(size)
            score = (counts - totals * fitted) @ design
            step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
            # No logit moves by more than 3 at once: far steps overshoot.
            far = np.abs(step @ design.T).max(axis=1, keepdims=True)
            unknowns = unknowns + step / np.maximum(far / 3, 1)
            if np.abs(step).max(initial=0) < 1e-9:
                break
        strata = inside.shape[1]
        chi = (model.counts - model.totals * fitted) ** 2 / np.maximum(weights / more, 1e-300)
        return Fit(
            unknowns[:, :strata],
            unknowns[:, strata:],
            np.linalg.inv(information)[:, strata:, strata:],
            chi.sum(axis=1),
        )


def degrees_for(periods: int) -> int:
    """Return the degrees of freedom of a curve through so many periods; 0 for none.

    Examples
    --------
    >>> [degrees_for(periods) for periods in (4, 5, 8, 120)]
    [0, 2, 3, 3]
    """
    return next((degrees for least, degrees in _DEGREES if periods >= least), 0)


def test_curves(curves: Curves, enough: NDArray[np.bool_]) -> dict[str, Floats]:
    """Return tests of each topic's curve against a constant share.

    Parameters
    ----------
    curves : Curves
        Of all topics.
    enough : ndarray of bool (n_topics,)
        Whose dispersions are learned from.

    Returns
    -------
    dict of str to ndarray
        p_bend (parabola beyond the line), p_curve (all of it), p_beyond (all beyond the line),
        all 1 for topics with few papers; dispersion, and df of its reference; scores (n_topics,
        degrees).
    """
    from scipy.stats import f as fisher
    from scipy.stats import t as student

    scores = curves.score()
    scatter = curves.fit.scatter / curves.freedom
    dispersion, freedom = pool_dispersions(scatter, curves.freedom, enough)
    df = min(freedom, 1e7)
    bend = 2 * student.sf(np.abs(scores[:, 1]) / np.sqrt(dispersion), df)
    sizes = scores**2 / dispersion[:, None]
    curve = fisher.sf(sizes.mean(axis=1), curves.degrees, df)
    beyond = fisher.sf(sizes[:, 1:].mean(axis=1), curves.degrees - 1, df)
    few = curves.model.counts.sum(axis=1) < _MIN_PAPERS
    return {
        "p_bend": np.where(few, 1.0, bend),
        "p_curve": np.where(few, 1.0, curve),
        "p_beyond": np.where(few, 1.0, beyond),
        "dispersion": dispersion,
        "df": np.full(len(few), df),
        "scores": scores,
    }


def combine(p_line: Floats, p_bend: Floats, p_curve: Floats) -> Floats:
    """Return one p of no change at all from the tests of line, bend and whole curve.

    Notes
    -----
    Cauchy's combination (Liu and Xie 2020, doi:10.1080/01621459.2018.1554485), which holds for
    dependent tests, with weights 7 : 2 : 1. Measured in tests/bench/trends.py: the line keeps its
    power but for two or three points; the bend finds waves in the middle of the time, the curve
    those elsewhere.

    Examples
    --------
    >>> one = np.array([0.01])
    >>> combine(one, one, one).round(6).tolist()
    [0.01]
    """
    parts = np.stack([p_line, p_bend, p_curve])
    weights = np.array([0.7, 0.2, 0.1])[:, None]
    # A p of 1 (a wave without any slope) would outweigh the others, however small they are.
    safe = np.clip(parts, 1e-300, 0.99)
    # Where p is tiny the tangent is 1 / (π p), and its angle likewise.
    tangent = np.where(safe < 1e-10, 1 / (np.pi * safe), np.tan(np.pi * (0.5 - safe)))
    total = (weights * tangent).sum(axis=0)
    with np.errstate(divide="ignore"):
        p: Floats = np.where(total > 1e9, 1 / (np.pi * total), 0.5 - np.arctan(total) / np.pi)
    return np.clip(p, 0, 1)
