"""Has the share changed over time? The largest move between two periods, and a line through all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import check_confidence
from toolkit.trends.quasibinomial import Logits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_DRAWS = 9_999
#: With fewer periods there is no scatter to measure.
_FEWEST = 3


def check_change(rates: pd.DataFrame, *, confidence: float = 0.95, seed: int = 42) -> pd.DataFrame:
    """Return whether the share changed from period to period, and between which two most.

    Parameters
    ----------
    rates : DataFrame
        From `availability`, by month, quarter or year. Periods that the collection does not cover
        in full, or that hold no papers, are left out.
    confidence : float
        Of the interval.
    seed : int
        Of the draws behind p and interval.

    Returns
    -------
    DataFrame
        One row: periods, n, linked (of those used); dispersion (scatter from one period to the
        next, 1 for chance alone); earlier, later (the two periods between which the share moved
        most, given their papers), share_earlier, share_later, difference (later - earlier) with
        low and high; p (of no change between any two periods); p_line (of no straight rise or
        fall); words. With fewer than three periods all but periods, n, linked and words are
        missing.

    Raises
    ------
    DataError
        Not a table of `availability` by period.

    Notes
    -----
    The two periods are found by looking at all pairs. p and the interval allow for that: 9,999
    draws with one share for all periods say how large the largest difference, in standard
    errors, is by chance (as in Tukey's comparison of all pairs). Papers of a period may be alike
    (one conference, one group): the dispersion is measured from neighbouring periods, without the
    largest step, so that a change is not taken for scatter (after
    J. von Neumann 1941, doi:10.1214/aoms/1177731677). Eight periods tell little of it: of shares
    that only scatter, 3 % are said to change where papers are independent, 11 % where they scatter
    twice as much (`tests/bench/rates.py`). p_line is the score test of the slope of a logistic
    line, with the same dispersion.

    Examples
    --------
    >>> years = pd.date_range("2020", periods=4, freq="YS")
    >>> rates = pd.DataFrame({"group": ["2020", "2021", "2022", "2023"], "period": years,
    ...     "n": 200, "linked": [20, 22, 60, 61]})
    >>> check_change(rates)["words"].str.split(" (95", regex=False).str[0].tolist()
    ['rose from 10.0 % (2020) to 30.5 % (2023), by 20.5 points']
    """
    check_confidence(confidence)
    used = _periods(rates)
    if len(used) < _FEWEST:
        return _nothing(used)
    n, linked = used["n"].to_numpy(dtype=float), used["linked"].to_numpy(dtype=float)
    rng = np.random.default_rng(seed)
    whole = linked.sum() / n.sum()
    spread = whole * (1 - whole)
    share = linked / n
    drawn = rng.normal(size=(_DRAWS, len(n))) / np.sqrt(n)
    usual = float(_scatter(drawn, n).mean())
    dispersion = max(1.0, float(_scatter(share, n) / max(spread, 1e-12)) / usual)
    # Each draw is measured with its own scatter, as the shares are.
    own = np.maximum(1.0, _scatter(drawn, n) * dispersion / usual)
    chance = _moves(drawn, n).reshape(_DRAWS, -1).max(axis=1) * np.sqrt(dispersion / own)
    moves = _moves(share, n) / np.sqrt(max(spread, 1e-12) * dispersion)
    first, last = sorted(divmod(int(moves.argmax()), len(n)))
    difference = share[last] - share[first]
    error = np.sqrt(share[[first, last]] * (1 - share[[first, last]]) @ (1 / n[[first, last]]))
    reach = float(np.quantile(chance, confidence)) * error * np.sqrt(dispersion)
    p = (1 + (chance >= moves.max() - 1e-9).sum()) / (1 + _DRAWS)
    table = pd.DataFrame(
        {
            "periods": [len(used)],
            "n": int(n.sum()),
            "linked": int(linked.sum()),
            "dispersion": dispersion,
            "earlier": used["group"].iloc[first],
            "later": used["group"].iloc[last],
            "share_earlier": share[first],
            "share_later": share[last],
            "difference": difference,
            "low": max(-1.0, difference - reach),
            "high": min(1.0, difference + reach),
            "p": float(p) if spread > 0 else 1.0,
            "p_line": _line(used, dispersion),
        }
    )
    return table.assign(words=_words(table.iloc[0], confidence))


def _periods(rates: pd.DataFrame) -> pd.DataFrame:
    needed = ("group", "period", "n", "linked")
    if not isinstance(rates, pd.DataFrame) or not set(needed) <= set(rates.columns):
        raise DataError(
            "not a table of availability by period",
            found=list(getattr(rates, "columns", [type(rates).__name__])),
            expected=", ".join(needed),
            hint="Make it with toolkit.availability(papers, by='quarter')",
        )
    partial = rates["partial"].astype(bool) if "partial" in rates else rates["n"] < 0
    return rates[~partial & (rates["n"] > 0)].sort_values("period")


def _nothing(used: pd.DataFrame) -> pd.DataFrame:
    """Return the row for periods too few to compare."""
    nan = float("nan")
    row: dict[str, Any] = {
        "periods": len(used), "n": int(used["n"].sum()), "linked": int(used["linked"].sum()),
        "dispersion": nan, "earlier": None, "later": None, "share_earlier": nan,
        "share_later": nan, "difference": nan, "low": nan, "high": nan, "p": nan, "p_line": nan,
    }  # fmt: skip
    words = (
        f"too few periods to tell a change: {len(used)} that the collection covers in full, and "
        f"{_FEWEST} are needed; shorter periods may do"
    )
    return pd.DataFrame([row | {"words": words}])


def _scatter(share: Floats, n: Floats) -> Any:
    """Return the mean square of steps to the next period, in units of 1/n + 1/m, less the largest.

    One step may be the change itself.
    """
    steps = np.sort(np.diff(share) ** 2 / (1 / n[1:] + 1 / n[:-1]))
    return steps[..., :-1].mean(axis=-1)


def _moves(share: Floats, n: Floats) -> Floats:
    """Return |difference| of all pairs of periods, in units of √(1/n + 1/m)."""
    moves: Floats = np.abs(share[..., :, None] - share[..., None, :]) / np.sqrt(
        1 / n[:, None] + 1 / n[None, :]
    )
    return moves


def _line(used: pd.DataFrame, dispersion: float) -> float:
    from scipy.stats import norm

    days = pd.to_datetime(used["period"])
    years: Any = ((days - days.iloc[0]) / pd.Timedelta(days=365.25)).to_numpy(dtype=np.float64)
    counts = used["linked"].to_numpy(dtype=float)[None, :]
    if counts.sum() in (0, used["n"].sum()):
        return 1.0
    totals: Floats = used["n"].to_numpy(dtype=np.float64)
    z = Logits(counts, totals, years).z(np.zeros(1), dispersion)
    return float(2 * norm.sf(abs(z[0])))


def _words(row: Any, confidence: float) -> str:
    p = f"p = {row['p']:.2g}" if row["p"] >= 0.001 else "p < 0.001"
    ends = f"from {100 * row['share_earlier']:.1f} % ({row['earlier']}) to "
    ends += f"{100 * row['share_later']:.1f} % ({row['later']})"
    if row["p"] > 1 - confidence:
        return f"no change shown: {ends} is no more than chance brings ({p})"
    low, high = sorted((100 * abs(row["low"]), 100 * abs(row["high"])))
    verb = "rose" if row["difference"] > 0 else "fell"
    return (
        f"{verb} {ends}, by {100 * abs(row['difference']):.1f} points ({100 * confidence:g} % "
        f"interval {low:.1f} to {high:.1f}); {p}"
    )
