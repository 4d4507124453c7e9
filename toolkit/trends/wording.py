"""Sentences for verdicts, with every figure a reader needs to check them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

#: With a dispersion from here on, the shares do not follow a line.
_WAVES = 3.0
#: Factors a year beyond these are written as "under" and "over".
_MIN_FACTOR, _MAX_FACTOR = 0.01, 100
#: With fewer papers than this a tenth of a percent is less than one paper, or little more.
_MIN_FOR_DECIMALS = 500


def describe_verdicts(
    table: pd.DataFrame,
    periods: list[str],
    *,
    partial: list[str],
    confidence: float,
    margin: float,
) -> list[str]:
    """Return one sentence for each row of a table of verdicts.

    Parameters
    ----------
    table : DataFrame
        Verdicts, with the column `z` (NaN where nothing was tested).
    periods : list of str
        The names of the periods that were tested, in order.
    partial : list of str
        The names of those left out because they are not covered in full.
    confidence, margin : float
        Those of `trend_verdicts`.

    Returns
    -------
    list of str
        Plain text; labels are not escaped.
    """
    spans = name_spans(periods)
    level = f"{confidence * 100:g} %"
    return [_words(row, spans, partial, level, margin) for row in table.itertuples()]


def name_spans(names: list[str]) -> list[str]:
    """Return names of the whole span of periods, of its first half and of its second."""
    half = len(names) // 2
    parts = [names, names[:half], names[len(names) - half :]]
    return [f"{some[0]} to {some[-1]}" if len(some) > 1 else "".join(some) for some in parts]


def describe_partial_periods(partial: list[str]) -> str:
    """Return which periods are left out, and what to do about it; "" where none is.

    Examples
    --------
    >>> describe_partial_periods(["2018"])
    'left out, as the dates do not show it covered in full: 2018 (if it is: since=…, until=…)'
    """
    if not partial:
        return ""
    some = ", ".join(partial if len(partial) < 5 else [*partial[:2], "…", partial[-1]])
    it, it_is = ("it", "it is") if len(partial) == 1 else ("them", "they are")
    return (
        f"left out, as the dates do not show {it} covered in full: {some} "
        f"(if {it_is}: since=…, until=…)"
    )


def mark_fragile(words: pd.Series[str], card: pd.DataFrame) -> pd.Series[str]:
    """Return the sentences, with a note on topics that a reliability card calls fragile.

    Raises
    ------
    DataError
        The table is not a reliability card.
    """
    if not isinstance(card, pd.DataFrame) or not {"topic", "verdict"} <= set(card.columns):
        raise DataError(
            "not a reliability card",
            argument="card",
            found=list(getattr(card, "columns", [type(card).__name__])),
            expected="the columns topic, verdict",
            hint="Make it with toolkit.check_topics(topics, papers)",
        )
    fragile = words.index.isin(card.loc[card["verdict"] == "fragile", "topic"])
    noted = words.str.removesuffix(".") + "; the topic itself is fragile: a refit may not find it."
    return words.mask(fragile, noted)


def _words(row: Any, spans: list[str], partial: list[str], level: str, margin: float) -> str:
    papers = f"{row.papers:,} paper{'s' if row.papers != 1 else ''}"
    if np.isnan(row.z):
        why = (
            "a trend needs three complete periods with papers, and there "
            f"{'are' if row.periods == 2 else 'is'} {row.periods or 'none'}"
            f"{'; ' if partial else ''}{describe_partial_periods(partial)}"
            if row.periods < 3
            else f"every paper in {spans[0]} has it"
            if row.share == 1
            else f"it has {papers} in {spans[0]}"
        )
        return f"{row.label}: can't tell; {why}."
    # An early or a late share is of about half of all papers of the tested periods.
    total = row.papers / row.share
    share, early, late = (
        percent(value, of=of)
        for value, of in (
            (row.share, total),
            (row.share_early, total / 2),
            (row.share_late, total / 2),
        )
    )
    between = f"{level} interval {_factor(row.ratio_low)} to {_factor(row.ratio_high)}"
    if row.verdict in ("rising", "falling"):
        return (
            f"{row.label}: {row.verdict}, from {early} of the papers ({spans[1]}) to {late} "
            f"({spans[2]}); by a factor of {_factor(row.ratio_per_year)} a year ({between}; "
            f"q {_small(row.q)}; {papers})."
        )
    if row.verdict == "steady":
        return (
            f"{row.label}: steady at {share} of the papers in {spans[0]}; it changes by a factor "
            f"of {_factor(row.ratio_per_year)} a year ({between}; a change by {margin:g} times or "
            f"more over that time is ruled out, q {_small(row.q_steady)}; {papers})."
        )
    alone = (
        f"; taken alone that would be a {'rise' if row.ratio_per_year > 1 else 'fall'} "
        f"(p {_small(row.p)}), among all topics tested it is too little (q {_small(row.q)})"
        if row.ratio_low > 1 or row.ratio_high < 1
        else ""
    )
    # More papers would not turn a wave into a trend.
    helps = "" if row.needed is pd.NA else f"; about {_about(row.needed)} papers would tell"
    if row.dispersion >= _WAVES:
        helps = (
            f"; it scatters {row.dispersion:.1f} times as much as chance: it may rise and fall, "
            "see plot_trends"
        )
    are = "is" if row.papers == 1 else "are"
    fits = (
        "any change at all"
        if row.ratio_low < _MIN_FACTOR and row.ratio_high > _MAX_FACTOR
        else f"a change by any factor from {_factor(row.ratio_low)} to {_factor(row.ratio_high)} "
        "a year"
    )
    return (
        f"{row.label}: can't tell; {share} of the papers in {spans[0]}, and its {papers} "
        f"{are} compatible with {fits} ({level} interval){alone}{helps}."
    )


def percent(share: float, *, of: float = np.inf) -> str:
    """Return a share from 0 to 1 as percent, with as many digits as `of` papers justify.

    Examples
    --------
    >>> percent(0.259), percent(0.259, of=27), percent(0.0004), percent(0.0)
    ('25.9 %', '26 %', '0.04 %', '0 %')
    """
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    if of < _MIN_FOR_DECIMALS:
        return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"
    return f"{100 * share:.1f} %" if share >= 0.001 else f"{100 * share:.1g} %"


def _factor(ratio: float) -> str:
    """Return a factor with two digits, or three near 1."""
    if ratio > _MAX_FACTOR:
        return f"over {_MAX_FACTOR:,}"
    if ratio < _MIN_FACTOR:
        return f"under {_MIN_FACTOR:g}"
    return f"{ratio:.2f}" if 0.1 <= ratio < 1.25 else f"{ratio:.2g}"


def _small(q: float) -> str:
    return "< 0.001" if q < 0.001 else f"= {q:.3f}"


def _about(number: int) -> str:
    """Return a number with two digits, rounded up: forecasts are no more precise."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return f"{-(-number // step) * step:,}"
