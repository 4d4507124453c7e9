"""The sentences that go with verdicts, with every figure a reader needs to check them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.periods import label_periods

#: Scatter from here on is more than a straight line misses by chance.
_WAVES = 3.0


def say_verdicts(
    table: pd.DataFrame, used: pd.DataFrame, *, confidence: float, margin: float
) -> list[str]:
    """Write one sentence for each row of a table of verdicts, in its order.

    Parameters
    ----------
    table : DataFrame
        Verdicts indexed by topic, with the column `z` (NaN where nothing was tested).
    used : DataFrame
        The rows of trends that were tested.
    confidence, margin : float
        As they were given to `trend_verdicts`.

    Returns
    -------
    list of str
        Plain text; labels are taken over as they are.
    """
    starts = sorted(used["period"].unique())
    names = label_periods(starts)
    half = len(starts) // 2
    spans = [_span(names), _span(names[:half]), _span(names[len(names) - half :])]
    first, last = (
        _shares_in(used, some).reindex(table.index)
        for some in (starts[:half], starts[len(starts) - half :])
    )
    level = f"{confidence * 100:g} %"
    return [
        _words(row, spans, (early, late), level, margin)
        for row, early, late in zip(table.itertuples(), first, last)
    ]


def _span(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{names[0]} to {names[-1]}"


def _shares_in(used: pd.DataFrame, periods: list[Any]) -> pd.Series[float]:
    """Return the share of each topic over some periods together."""
    some = used[used["period"].isin(periods)]
    sums = some.groupby("topic", observed=True)[["papers", "total"]].sum()
    return sums["papers"] / sums["total"]


def _words(
    row: Any, spans: list[str], shares: tuple[float, float], level: str, margin: float
) -> str:
    papers = f"{row.papers:,} paper{'s' if row.papers != 1 else ''}"
    if np.isnan(row.z):
        why = (
            f"a trend needs three complete periods with papers, here are {row.periods}"
            if row.periods < 3
            else f"it has {papers} in {spans[0]}"
        )
        return f"{row.label}: can't tell; {why}."
    between = f"{level} interval {_factor(row.ratio_low)} to {_factor(row.ratio_high)}"
    if row.verdict in ("rising", "falling"):
        return (
            f"{row.label}: {row.verdict}, from {_percent(shares[0])} of the papers in {spans[1]} "
            f"to {_percent(shares[1])} in {spans[2]}; by a factor of "
            f"{_factor(row.ratio_per_year)} a year ({between}; q {_small(row.q)}; {papers})."
        )
    if row.verdict == "steady":
        return (
            f"{row.label}: steady at {_percent(row.share)} of the papers in {spans[0]}; by a "
            f"factor of {_factor(row.ratio_per_year)} a year ({between}; a change by "
            f"{margin:g} or more is refused, q {_small(row.q_steady)}; {papers})."
        )
    needed = "" if row.needed is pd.NA else f"; about {_about(row.needed)} papers would tell"
    waves = (
        f"; it scatters {row.dispersion:.1f} times as much as chance, so look for a wave"
        if row.dispersion >= _WAVES
        else ""
    )
    return (
        f"{row.label}: can't tell; {_percent(row.share)} of the papers in {spans[0]}, and anything "
        f"from {_factor(row.ratio_low)} to {_factor(row.ratio_high)} times a year fits its "
        f"{papers} ({level} interval){needed}{waves}."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 or share == 0 else f"{100 * share:.1g} %"


def _factor(ratio: float) -> str:
    if ratio == np.inf or ratio >= 1000:
        return "over 1,000"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def _small(q: float) -> str:
    return "< 0.001" if q < 0.001 else f"= {q:.3f}"


def _about(number: int) -> str:
    """Two digits are as much as such a forecast can claim."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return f"{-(-number // step) * step:,}"
