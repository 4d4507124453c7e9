"""The sentences that go with verdicts, with every figure a reader needs to check them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

#: Scatter from here on is more than a straight line misses by chance.
_WAVES = 3.0


def say_verdicts(
    table: pd.DataFrame, periods: list[str], *, confidence: float, margin: float
) -> list[str]:
    """Write one sentence for each row of a table of verdicts, in its order.

    Parameters
    ----------
    table : DataFrame
        Verdicts, with the column `z` (NaN where nothing was tested).
    periods : list of str
        The names of the periods that were tested, in order.
    confidence, margin : float
        As they were given to `trend_verdicts`.

    Returns
    -------
    list of str
        Plain text; labels are taken over as they are.
    """
    spans = name_spans(periods)
    level = f"{confidence * 100:g} %"
    return [_words(row, spans, level, margin) for row in table.itertuples()]


def name_spans(names: list[str]) -> list[str]:
    """Name the whole of the periods, their first half and their second."""
    half = len(names) // 2
    parts = [names, names[:half], names[len(names) - half :]]
    return [f"{some[0]} to {some[-1]}" if len(some) > 1 else "".join(some) for some in parts]


def _words(row: Any, spans: list[str], level: str, margin: float) -> str:
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
            f"{row.label}: {row.verdict}, from {percent(row.share_early)} of the papers "
            f"({spans[1]}) to {percent(row.share_late)} ({spans[2]}); by a factor of "
            f"{_factor(row.ratio_per_year)} a year ({between}; q {_small(row.q)}; {papers})."
        )
    if row.verdict == "steady":
        return (
            f"{row.label}: steady at {percent(row.share)} of the papers in {spans[0]}; by a "
            f"factor of {_factor(row.ratio_per_year)} a year ({between}; a change by "
            f"{margin:g} times or more over that time is refused, q {_small(row.q_steady)}; "
            f"{papers})."
        )
    alone = (
        f"; that would be a {'rise' if row.ratio_per_year > 1 else 'fall'} if only this topic had "
        f"been tested (p {_small(row.p)}), among all that were it is too little (q {_small(row.q)})"
        if row.ratio_low > 1 or row.ratio_high < 1
        else ""
    )
    needed = "" if row.needed is pd.NA else f"; about {_about(row.needed)} papers would tell"
    waves = (
        f"; it scatters {row.dispersion:.1f} times as much as chance, so look for a wave"
        if row.dispersion >= _WAVES
        else ""
    )
    return (
        f"{row.label}: can't tell; {percent(row.share)} of the papers in {spans[0]}, and anything "
        f"from {_factor(row.ratio_low)} to {_factor(row.ratio_high)} times a year fits its "
        f"{papers} ({level} interval){alone}{needed}{waves}."
    )


def percent(share: float) -> str:
    """Write a share from 0 to 1 as percent; small ones with one digit that is not 0."""
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
