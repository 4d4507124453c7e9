"""The table of trends: its check at every door, and the names of its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.trends.frequencies import FREQS, guess_freq

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEEDS = ("period", "topic", "papers", "total", "partial")


def check_trends(trends: pd.DataFrame, *, needs: tuple[str, ...] = _NEEDS) -> None:
    """Check that a table is one of trends: every topic in every period, totals that agree.

    Raises
    ------
    DataError
        Says what is missing or does not agree.
    """
    if not isinstance(trends, pd.DataFrame) or not set(needs) <= set(trends.columns):
        found = list(trends.columns) if isinstance(trends, pd.DataFrame) else type(trends).__name__
        raise DataError(
            "not a table of trends",
            found=found,
            expected=f"the columns {', '.join(needs)}",
            hint="Make it with toolkit.topic_trends(papers, topics)",
        )
    if trends.empty:
        raise DataError("the table of trends is empty", hint="Keep at least one topic")
    twice = trends.duplicated(["topic", "period"])
    if twice.any():
        row = trends.loc[twice.to_numpy()].iloc[0]
        raise DataError(
            f"topic {row['topic']} stands twice in one period", column="period",
            found=str(row["period"]),
        )  # fmt: skip
    if trends.groupby("topic", observed=True)["period"].size().nunique() > 1:
        raise DataError(
            "a topic lacks some of the periods",
            column="period",
            hint="Leave periods out for all topics or for none",
        )
    uneven = trends.groupby("period", observed=True)["total"].nunique(dropna=False) > 1
    if uneven.any():
        raise DataError(
            "the totals of a period disagree between topics",
            column="total",
            found=str(uneven.index[uneven.to_numpy()][0]),
        )
    wrong = ~(trends["papers"].ge(0) & trends["papers"].le(trends["total"])).to_numpy(dtype=bool)
    if wrong.any():
        row = trends.iloc[int(wrong.argmax())]
        raise DataError(
            "not a count of a total",
            row=int(wrong.argmax()) + 1,
            column="papers",
            found=f"{row['papers']} of {row['total']}",
            expected="0 ≤ papers ≤ total",
        )


def name_topics(trends: pd.DataFrame, topics: Any) -> list[str]:
    """Return what each topic is called: its label, or "Topic 3" where it has none."""
    labels = trends.attrs.get("labels", {})
    names = []
    for topic in topics:
        # Labels that went through JSON (Parquet keeps attrs so) have text for keys.
        name = labels.get(topic, labels.get(str(topic)))
        number = isinstance(topic, int | np.integer)
        if number and topic < 0:
            names.append("Outliers (no topic)")
        else:
            names.append(str(name) if name else f"Topic {topic}" if number else str(topic))
    return names


def freq_of(trends: pd.DataFrame) -> str:
    """Return the length of the periods of a table of trends."""
    freq = trends.attrs.get("freq")
    return freq if freq in FREQS else guess_freq(trends["period"])


def to_years(periods: Any) -> NDArray[np.float64]:
    """Return first days of periods as years; months are twelfths, so quarters are equally long."""
    starts = pd.DatetimeIndex(periods)
    years = starts.year + (starts.month - 1 + (starts.day - 1) / starts.days_in_month) / 12
    return np.asarray(years, dtype=np.float64)
