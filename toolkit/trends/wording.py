"""Sentences for verdicts, with every figure a reader needs to check them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.figures import MAX_FACTOR, MIN_FACTOR, count_papers, factor, small
from toolkit.trends.sparse import LEAST_PAPERS
from toolkit.trends.table import halves

#: With a dispersion from here on, more papers do not show more: the shares jump about.
WAVES = 3.0
#: With fewer papers than this a tenth of a percent is less than one paper, or little more.
_MIN_FOR_DECIMALS = 500


@dataclass(frozen=True)
class _Told:
    """What all sentences share: names of periods and spans, levels."""

    names: list[str]
    starts: pd.DatetimeIndex
    partial: list[str]
    level: str
    alpha: float
    margin: float

    @property
    def spans(self) -> list[str]:
        return name_spans(self.names)

    def name(self, period: Any) -> str:
        return self.names[list(self.starts).index(period)]


def describe_verdicts(
    table: pd.DataFrame,
    periods: list[str],
    starts: pd.DatetimeIndex,
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
    starts : DatetimeIndex
        Their first days.
    partial : list of str
        The names of those left out because they are not covered in full.
    confidence, margin : float
        Those of `trend_verdicts`.

    Returns
    -------
    list of str
        Plain text; labels are not escaped.
    """
    level = f"{confidence * 100:g} %"
    told = _Told(periods, starts, partial, level, 1 - confidence, margin)
    return [_words(row, told) for row in table.itertuples()]


def name_spans(names: list[str]) -> list[str]:
    """Return names of the whole span of periods, of its first half and of its second."""
    parts = [names, *halves(names)]
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


def _words(row: Any, told: _Told) -> str:
    if np.isnan(row.z):
        return f"{row.label}: can't tell; {_untested(row, told)}."
    said = {
        "rising": _moves,
        "falling": _moves,
        "rose then fell": _turns,
        "fell then rose": _turns,
        "steady": _stays,
        "can't tell": _open,
    }[row.verdict](row, told)
    verdict = row.verdict
    if row.back_since is not pd.NaT:
        did, now = ("rose", "lower") if verdict == "rising" else ("fell", "higher")
        other = "fall" if verdict == "rising" else "rise"
        since = told.name(row.back_since)
        verdict = f"{did} (since {since} {now} again, not shown to {other})"
    return f"{row.label}: {verdict}{said}."


def _untested(row: Any, told: _Told) -> str:
    if row.periods < 3:
        return (
            "a trend needs three complete periods with papers, and there "
            f"{'are' if row.periods == 2 else 'is'} {row.periods or 'none'}"
            f"{'; ' if told.partial else ''}{describe_partial_periods(told.partial)}"
        )
    if row.share == 1:
        return f"every paper in {told.spans[0]} has it"
    if 0 < row.papers < LEAST_PAPERS:
        return (
            f"it has {count_papers(row.papers)} in {told.spans[0]}, and a trend needs "
            f"{LEAST_PAPERS} at least"
        )
    if row.papers and row.too_few:
        return (
            f"{count_papers(row.papers)} in {told.spans[0]} cannot show a trend, however they lie, "
            "with so many others beside; it is not tested"
        )
    if row.papers:
        return f"no origin of papers covers the time in which it has {count_papers(row.papers)}"
    return f"it has {count_papers(0)} in {told.spans[0]}"


def _moves(row: Any, told: _Told) -> str:
    early, late = (_halves_share(row, half) for half in ("early", "late"))
    rate = f"by a factor of {factor(row.ratio_per_year)} a year ({_between(row, told)}; q "
    rate += f"{small(row.q)})"
    if not np.isnan(row.within_early):
        inside = [
            percent(share, of=row.papers / row.share / 2)
            for share in (row.within_early, row.within_late)
        ]
        return (
            f" within the origins of the papers, whose mix changes, from {inside[0]} "
            f"({told.spans[1]}) to {inside[1]} ({told.spans[2]}); {rate}; "
            f"{row.papers_early:,}, then {row.papers_late:,} papers in all"
            f"{_levelling(row)}{_drift(row)}"
        )
    return (
        f", from {early} of the papers ({count_papers(row.papers_early)} in {told.spans[1]}) to "
        f"{late} ({row.papers_late:,} in {told.spans[2]}); {rate}"
        f"{_levelling(row)}{_counts(row)}{_rest(row)}{_drift(row)}"
    )


def _levelling(row: Any) -> str:
    if row.levels_off is pd.NA or not row.levels_off:
        return ""
    return f"; its {'rise' if row.verdict == 'rising' else 'fall'} levels off"


def _counts(row: Any) -> str:
    """Say it where the papers did not go the way of the share."""
    way, against, do = ("fell", "rose", "fall")
    if row.verdict == "rising":
        way, against, do = ("rose", "fell", "rise")
    if row.counts is pd.NA or row.counts == way:
        return ""
    if row.counts == against:
        return (
            f"; its share {way} although its papers {against} from {row.papers_early:,} to "
            f"{row.papers_late:,}"
        )
    return (
        f"; only its share is shown to {do}, not the number of its papers ({row.papers_early:,}, "
        f"then {row.papers_late:,})"
    )


def _rest(row: Any) -> str:
    """Say it where nothing remains without the topics that move the other way."""
    if row.by_arithmetic is pd.NA or not row.by_arithmetic:
        return ""
    other = "rising" if row.verdict == "falling" else "falling"
    return (
        f"; that is arithmetic: without the largest {other} topics its share of the rest is not "
        f"shown to change (a factor of {factor(row.ratio_rest)} a year)"
    )


def _turns(row: Any, told: _Told) -> str:
    peak = "peak" if row.verdict == "rose then fell" else "trough"
    first, at, last = (
        percent(share, of=row.papers / row.share)
        for share in (row.share_first, row.share_peak, row.share_last)
    )
    low, high = told.name(row.peak_low), told.name(row.peak_high)
    between = f"between {low} and {high}" if low != high else f"in {low}"
    return (
        f", from {first} of the papers ({told.names[0]}) to {at} at its {peak} in "
        f"{told.name(row.peak)} and to {last} ({told.names[-1]}), by the fitted curve; the {peak} "
        f"is {between} ({told.level} interval; q {small(row.q)}; {count_papers(row.papers)})"
        f"{_drift(row)}"
    )


def _drift(row: Any) -> str:
    if row.beyond_drift is pd.NA and "too" in row.drift_note:
        return "; too short a time to tell a lasting trend from a slow wave"
    if row.beyond_drift is pd.NA:
        return "; a slow wave is not excluded"
    if row.beyond_drift:
        return "; that is more than slow drift would bring"
    return "; not shown to exceed the slow drift of the others"


def _stays(row: Any, told: _Told) -> str:
    return (
        f" at {percent(row.share, of=row.papers / row.share)} of the papers in {told.spans[0]}; it "
        f"changes by a factor of {factor(row.ratio_per_year)} a year ({_between(row, told)}; a "
        f"change by {told.margin:g} times or more within that time is ruled out, q "
        f"{small(row.q_steady)}; {count_papers(row.papers)})"
    )


def _open(row: Any, told: _Told) -> str:
    share = percent(row.share, of=row.papers / row.share)
    are = "is" if row.papers == 1 else "are"
    fits = (
        "any change at all"
        if row.ratio_low < MIN_FACTOR and row.ratio_high > MAX_FACTOR
        else f"a change by any factor from {factor(row.ratio_low)} to {factor(row.ratio_high)} "
        "a year"
    )
    return (
        f"; {share} of the papers in {told.spans[0]}, and its {count_papers(row.papers)} {are} "
        f"compatible with {fits} ({told.level} interval){_alone(row, told)}{_power(row, told)}"
    )


def _alone(row: Any, told: _Told) -> str:
    """Say what hints there are that do not reach a verdict."""
    if row.q <= told.alpha:
        return f"; it changed (q {small(row.q)}), but whether it rose, fell or turned is open"
    if row.ratio_low > 1 or row.ratio_high < 1:
        return (
            f"; taken alone that would be a {'rise' if row.ratio_per_year > 1 else 'fall'} (p "
            f"{small(row.p_line)}), among all that were tested it is too little (q {small(row.q)})"
        )
    return ""


def _power(row: Any, told: _Told) -> str:
    if row.dispersion >= WAVES:
        return (
            f"; it scatters {row.dispersion:.1f} times as much as chance, so that no number of "
            "papers would tell; see plot_trends"
        )
    if np.isnan(row.detectable) or row.q <= told.alpha:
        return ""
    return f"; a change by {factor(row.detectable)} times a year would probably have shown"


def _halves_share(row: Any, half: str) -> str:
    # An early or a late share is of about half of all papers of the tested periods.
    return percent(getattr(row, f"share_{half}"), of=row.papers / row.share / 2)


def _between(row: Any, told: _Told) -> str:
    return f"{told.level} interval {factor(row.ratio_low)} to {factor(row.ratio_high)}"


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
    if share < 1e-4:
        return "under 0.01 %"
    return f"{100 * share:.1f} %" if share >= 0.001 else f"{100 * share:.1g} %"
