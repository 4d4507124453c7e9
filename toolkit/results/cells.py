"""Values of tables as text: shares as percent, small probabilities, factors, dates, counts."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.papers.columns import LISTS
from toolkit.text.escaping import one_line
from toolkit.trends.figures import factor
from toolkit.trends.frequencies import FREQS, label_periods
from toolkit.trends.wording import percent

#: What stands for a missing value.
NOTHING = "–"
SHARES = frozenset(
    "share share_early share_late share_first share_peak share_last share_before share_second "
    "share_earlier share_later within_early within_late corrected rest outlier_share stays".split()
)
CHANCES = frozenset("p q p_line q_steady q_turn log_rank_p equal_p chance".split())
FACTORS = frozenset("ratio ratio_per_year factor ratio_rest detectable dispersion".split())
#: Differences of shares, 0 to 1; and differences that are in percentage points already.
DIFFERENCES, POINTS = frozenset({"difference"}), frozenset({"points", "points_per_year"})
#: Measures from 0 or −1 to 1.
MEASURES = frozenset(
    "survival coherence distinctness betweenness confidence similarity score memory".split()
)
PLAIN = frozenset({"year", "topic", "community"})
#: Authors and other items of lists that are named, and letters of other long texts.
_ITEMS, _TERMS, _LETTERS = 3, 8, 300
_TWO_DIGITS = 0.001


def format_column(table: pd.DataFrame, name: str) -> list[str]:
    """Return the values of a column as text, rounded by what they mean.

    Examples
    --------
    >>> table = pd.DataFrame({"share": [0.123, None], "n": [40, 0], "q": [0.0123, 0.00001]})
    >>> [format_column(table, name) for name in table]
    [['12 %', '–'], ['40', '0'], ['0.012', '< 0.001']]
    """
    values = table[name].tolist()
    if name == "period":
        return _periods(table)
    if name == "published" and "published_precision" in table:
        kinds = table["published_precision"].astype(object).tolist()
        return [_date(day, kind) for day, kind in zip(values, kinds)]
    if pd.api.types.is_datetime64_any_dtype(table[name].dtype):
        return _days(values, rough=name in ("first", "last"))
    if is_share(table, name):
        return [
            NOTHING if _gap(one) else percent(float(one), of=of)
            for one, of in zip(values, papers_behind(table, name))
        ]
    write = _writer(table, name)
    return [NOTHING if _gap(one) else write(one) for one in values]


def is_share(table: pd.DataFrame, name: str) -> bool:
    """Return whether a column holds shares, from 0 to 1."""
    if name == "survival":  # of links; of topics it is an overlap, with its own interval
        return "low" in table
    return name in SHARES and bool(pd.api.types.is_numeric_dtype(table[name].dtype))


def papers_behind(table: pd.DataFrame, name: str) -> list[float]:
    """Return of how many papers each share is, as far as the table says so; else infinity."""
    for column in ("labelled",) if name == "corrected" else ("n", "total", "links"):
        if column in table:
            return _floats(table[column])
    if name == "share" and "papers" in table:
        papers, share = (np.array(_floats(table[one])) for one in ("papers", "share"))
        with np.errstate(divide="ignore", invalid="ignore"):
            of = papers / share
        return [float(one) if np.isfinite(one) else np.inf for one in of]
    return [np.inf] * len(table)


def _floats(values: pd.Series[Any]) -> list[float]:
    numbers_ = pd.to_numeric(values, errors="coerce").astype(float)
    return [float(one) if one == one else np.inf for one in numbers_]


def _writer(table: pd.DataFrame, name: str) -> Callable[[Any], str]:
    """Return the function that writes one value of a column that is present."""
    numeric = pd.api.types.is_numeric_dtype(table[name].dtype)
    if numeric and not pd.api.types.is_bool_dtype(table[name].dtype):
        if name in CHANCES:
            return _chance
        if name in FACTORS:
            return factor
        if name in DIFFERENCES:
            return lambda one: f"{100 * one:+.1f} points".replace("-", "−")
        if name in POINTS:
            return lambda one: f"{one:+.1f} points".replace("-", "−")
        if name in PLAIN:
            return lambda one: f"{one:.6g}"
        if name in MEASURES:
            return lambda one: f"{one:.2f}".replace("-", "−")
        if name == "mean_year":
            return lambda one: f"{one:.1f}"
    if name in LISTS:
        return _items
    return cell_text


def _gap(value: Any) -> bool:
    if isinstance(value, (list, tuple, np.ndarray, dict, set)):
        return False
    return value is None or value is pd.NA or value is pd.NaT or value != value or value == ""


def _chance(p: float) -> str:
    return "< 0.001" if p < _TWO_DIGITS else f"{p:.2g}"


def cell_text(value: Any) -> str:
    """Return a value as text, without knowing what it means.

    Examples
    --------
    >>> [cell_text(one) for one in (1234, 0.123456, 12.0, True, ["a_b", "c"], None)]
    ['1,234', '0.123', '12', 'yes', 'a b, c', '–']
    """
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return ", ".join(one_line(one).replace("_", " ") for one in list(value)[:_TERMS])
    if _gap(value):
        return NOTHING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}"
    if isinstance(value, float | np.floating):
        return _number(float(value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    text = one_line(value)
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"


def _number(value: float) -> str:
    if value in (np.inf, -np.inf):
        return "∞" if value > 0 else "−∞"
    if value == int(value):
        return f"{value:,.0f}"
    large = 100
    text = f"{value:,.0f}" if abs(value) >= large else f"{value:.3g}"
    return text.replace("-", "−") if "e" not in text else text


def _items(value: Any) -> str:
    """Return the first items of a list, and how many more there are."""
    items = [one_line(one) for one in str(value).split("; ") if one.strip()]
    if len(items) <= _ITEMS + 1:
        return "; ".join(items)
    return f"{'; '.join(items[:_ITEMS])} and {len(items) - _ITEMS:,} more"


def _date(day: Any, precision: Any) -> str:
    """Return a date no finer than it is known."""
    if not isinstance(day, pd.Timestamp) or pd.isna(day):
        return NOTHING if _gap(day) else cell_text(day)
    return f"{day:{ {'year': '%Y', 'month': '%Y-%m'}.get(str(precision), '%Y-%m-%d') }}"


def _days(values: list[Any], *, rough: bool = False) -> list[str]:
    """Return days; of `rough` ones years or months, where all are first days of these."""
    known = [one for one in values if isinstance(one, pd.Timestamp) and not pd.isna(one)]
    whole = all(one == one.normalize() for one in known)
    form = "%Y-%m-%d" if whole else "%Y-%m-%d %H:%M"
    if rough and all(one.day == 1 for one in known):
        form = "%Y" if all(one.month == 1 for one in known) else "%Y-%m"
    return [NOTHING if _gap(one) else f"{one:{form}}" for one in values]


def _periods(table: pd.DataFrame) -> list[str]:
    """Return periods by their names: 2024, 2024 Q3, 2024-07."""
    days = pd.to_datetime(table["period"], errors="coerce")
    there = days.notna().to_numpy(dtype=bool)
    freqs = set(table["freq"].astype(str)) & set(FREQS) if "freq" in table else set()
    freq = freqs.pop() if len(freqs) == 1 else None
    names = iter(label_periods(days[there], freq=freq) if there.any() else [])
    return [next(names) if known else NOTHING for known in there]
