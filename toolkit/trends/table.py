"""The table of trends: its check, and the names of its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEEDS = ("period", "topic", "papers", "total", "partial")


def check_trends(trends: pd.DataFrame, *, needs: tuple[str, ...] = _NEEDS) -> pd.DataFrame:
    """Return a table of trends after checking it; dates that a CSV file made text are read.

    Raises
    ------
    DataError
        A column is missing, a topic lacks a period, or the totals of a period disagree.
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
    for name in ("papers", "total"):
        if not pd.api.types.is_numeric_dtype(trends[name]):
            raise DataError("not counts", column=name, found=str(trends[name].dtype))
    if "partial" in needs and trends["partial"].isna().any():
        raise DataError("no True or False", column="partial", found="a missing value")
    twice = trends.duplicated(["topic", "period"])
    if twice.any():
        row = trends.loc[twice.to_numpy()].iloc[0]
        raise DataError(
            f"topic {row['topic']} appears twice in one period", column="period",
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
    return read_periods(trends)


def read_periods(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with dates in its column `period`, which a CSV file holds as text.

    Raises
    ------
    DataError
        A value is no date.

    Examples
    --------
    >>> read_periods(pd.DataFrame({"period": ["2024-01-01"]}))["period"][0]
    Timestamp('2024-01-01 00:00:00')
    """
    if pd.api.types.is_datetime64_any_dtype(table["period"]):
        return table
    days = pd.to_datetime(table["period"].astype("string"), format="ISO8601", errors="coerce")
    if days.isna().any():
        row = int(days.isna().to_numpy().argmax())
        raise DataError(
            "not the first day of a period",
            row=row + 1,
            column="period",
            found=str(table["period"].iloc[row]),
            expected="YYYY-MM-DD",
        )
    return table.assign(period=days.astype("datetime64[us]"))


def name_topic(topic: Any, label: Any = None) -> str:
    """Return the name of a topic: its label, or "Topic 3" where it has none.

    Examples
    --------
    >>> name_topic(3), name_topic(3, "graphs"), name_topic("NeurIPS"), name_topic(-1, "rest")
    ('Topic 3', 'graphs', 'NeurIPS', 'Outliers (no topic)')
    """
    number = isinstance(topic, int | np.integer)
    if number and topic < 0:
        return "Outliers (no topic)"
    if label is not None and not pd.isna(label) and label != "":
        return str(label)
    return f"Topic {topic}" if number else str(topic)


def name_topics(trends: pd.DataFrame, topics: Any) -> list[str]:
    """Return the names of topics: their `label` in a table of trends, else as `name_topic`."""
    labels = {}
    if "label" in trends:
        labels = trends.drop_duplicates("topic").set_index("topic")["label"].to_dict()
    return [name_topic(topic, labels.get(topic)) for topic in topics]


def to_years(periods: Any) -> NDArray[np.float64]:
    """Return first days of periods as years; months are twelfths, so quarters are equally long."""
    starts = pd.DatetimeIndex(periods)
    years = starts.year + (starts.month - 1 + (starts.day - 1) / starts.days_in_month) / 12
    return np.asarray(years, dtype=np.float64)


def halves(periods: Any) -> tuple[Any, Any]:
    """Return the first and the second half of a sequence; of an odd number the second has more.

    Examples
    --------
    >>> halves([2020, 2021, 2022])
    ([2020], [2021, 2022])
    """
    half = len(periods) // 2
    return periods[:half], periods[half:]
