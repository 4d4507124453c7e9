"""Sentences on what changed: trends that were judged, and tables that bring their own sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.reliability.judging import JudgedTrends
from toolkit.results.sentences import Finding, listed, plain, quoted, sentence, some
from toolkit.trends.frequencies import NAMES, freq_of, label_periods
from toolkit.trends.verdicts import CHANGES

#: Whole periods that a trend needs.
_LEAST_PERIODS = 3
_VERBS = {
    "rising": "rose",
    "falling": "fell",
    "rose then fell": "rose and then fell",
    "fell then rose": "fell and then rose",
}
#: Numbers of a verdict that its sentence may hold.
_FIGURES = (
    "papers", "share", "papers_early", "papers_late", "share_early", "share_late", "within_early",
    "within_late", "ratio_per_year", "ratio_low", "ratio_high", "q", "share_first", "share_peak",
    "share_last", "ratio_rest", "p_line", "detectable",
)  # fmt: skip


def tell_trends(judged: JudgedTrends | pd.DataFrame, most: int) -> list[Finding]:
    """Return how many topics changed, and a sentence for the first of them."""
    if isinstance(judged, JudgedTrends):
        verdicts, headlines, card = judged.verdicts, judged.headlines, judged.card
        when = _when(judged.trends)
    else:
        verdicts, card, when = judged, None, ""
        headlines = verdicts[verdicts["verdict"].isin(CHANGES)]
    real, headlines = (
        table[np.array([_is_topic(topic) for topic in table["topic"]], dtype=bool)]
        for table in (verdicts, headlines)
    )
    told = [_count_changes(real, headlines, when, checked=card is not None)]
    wave = ~headlines["beyond_drift"].fillna(False).astype(bool)
    order = headlines.assign(_wave=wave).sort_values(
        ["_wave", "q", "papers"], ascending=[True, True, False], kind="stable"
    )
    for row in order.head(most).to_dict("records"):
        figures = {name: plain(row.get(name)) for name in _FIGURES if name in row}
        figures = {"topic": plain(row["topic"]), "label": str(row["label"])} | figures
        told.append(Finding("change", _as_sentence(row), "test", figures))
    if len(headlines) > most and told:
        rest = [quoted(label) for label in order["label"].iloc[most : most + 3]]
        left = len(headlines) - most
        text = f"{some(left, 'more topic')} changed"
        text += f": {listed(rest)}" if left == len(rest) else f", {rest[0]} among them"
        told.append(Finding("change", sentence(text), "test", {"more": left}))
    return told


def _is_topic(topic: Any) -> bool:
    return not (isinstance(topic, int) and topic < 0) and str(topic) != "-1"


def _when(trends: pd.DataFrame) -> str:
    """Return the length and the span of the periods that trends were tested in."""
    tested = ~trends["partial"].astype(bool) & (trends["total"] > 0)
    whole = trends.loc[tested, "period"].drop_duplicates().sort_values()
    if len(whole) < 2:
        return ""
    freq = freq_of(trends)
    names = label_periods(whole, freq=freq)
    return f" from {names[0]} to {names[-1]} (by {NAMES[freq]})"


def _count_changes(
    verdicts: pd.DataFrame, headlines: pd.DataFrame, when: str, *, checked: bool
) -> Finding:
    tested = verdicts[verdicts["p"].notna()]
    k, changed = len(tested), len(headlines)
    noun = "topic" if pd.api.types.is_numeric_dtype(verdicts["topic"]) else "value"
    figures: dict[str, Any] = {"tested": k, "changed": changed}
    if not k:
        periods = int(verdicts["periods"].max()) if len(verdicts) else 0
        covered = some(periods, "whole period") if periods else "no whole period"
        why = f"the dates cover {covered}, and a trend needs three"
        why = why if periods < _LEAST_PERIODS else "none of them has papers enough"
        text = sentence(f"whether any {noun} changed cannot be told: {why}")
        return Finding("change", text, "open", {"periods": periods, "tested": 0})
    counts = headlines["verdict"].astype(str).value_counts()
    ways = [f"{counts[v]:,} {_VERBS[v]}" for v in CHANGES if counts.get(v, 0)]
    steady = int((tested["verdict"] == "steady").sum())
    fragile = int((tested["verdict"].isin(CHANGES)).sum()) - changed
    unsure = k - changed - steady - fragile
    figures |= {str(v): int(n) for v, n in counts.items()}
    figures |= {"steady": steady, "can't tell": unsure, "fragile": fragile}
    which = "that could be tested, " if k < len(verdicts) else ""
    figures |= {"topics": len(verdicts)} if which else {}
    if k == 1:
        one = f"the only {noun} {which.removesuffix(', ')}".rstrip()
        text = f"{one} is not shown to have changed{when}"
        text = f"{one} {_VERBS[str(counts.index[0])]}{when}" if changed else text
    elif changed:
        text = f"{changed:,} of {some(k, noun)} {which}changed{when}: {listed(ways)}"
        text = text.replace(", changed", " changed")
    else:
        text = f"of {some(k, noun)}{' ' if which else ', '}{which}none is shown to have changed"
        text += when
    rest = [f"{steady:,} {'is' if steady == 1 else 'are'} steady"] if steady and k > 1 else []
    if unsure and k > 1:
        rest.append(
            "the papers cannot tell" if unsure == k else f"for {unsure:,} the papers cannot tell"
        )
    if fragile and checked and k > 1:
        are = "is a fragile topic" if fragile == 1 else "are fragile topics"
        rest.append(f"{fragile:,} more changed but {are}")
    text += f"; {listed(rest)}" if rest else ""
    if not checked and noun == "topic":
        text += " (the topics were not refitted: another fit may give others)"
    return Finding("change", sentence(text), "test", figures)


def _as_sentence(row: dict[Any, Any]) -> str:
    """Return the words of a verdict as a sentence."""
    label, verdict, words = str(row["label"]), str(row["verdict"]), str(row["words"])
    rest = words.removeprefix(f"{label}: ")
    verb = _VERBS[verdict]
    if rest.startswith(verdict):
        rest = verb + rest.removeprefix(verdict).removeprefix(",")
    return sentence(f"{quoted(label)} {rest}")


def tell_compared(table: pd.DataFrame, most: int) -> list[Finding]:
    """Return the sentences that a table brings in its column `words`, those that say something."""
    if "words" not in table:
        raise DataError(
            "not a table with sentences",
            argument="compared",
            found=list(table.columns),
            expected="a column words",
            hint="compare_periods, compare_trends, find_bursts and emerging_terms make it",
        )
    shown = table
    if "verdict" in table:
        shown = table[~table["verdict"].isin(("can't tell", "steady"))]
    if shown.empty:
        text = f"of {some(len(table), 'comparison')} none shows a difference"
        text = text if len(table) else "nothing stands out"
        return [Finding("change", sentence(text), "test", {"compared": len(table)})]
    told = []
    for row in shown.head(most).to_dict("records"):
        figures = {
            str(name): plain(value)
            for name, value in row.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        }
        told.append(Finding("change", sentence(str(row["words"])), "test", figures))
    if len(shown) > most:
        left = len(shown) - most
        told.append(
            Finding("change", sentence(f"{some(left, 'more row')} of this table say so of others"),
                    "test", {"more": left})
        )  # fmt: skip
    return told
