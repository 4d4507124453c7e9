"""Groups of papers: by topic, period, host, category or any column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model
from toolkit.papers.lookup import look_up
from toolkit.papers.values import check_column, split_values
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.dated import DATES, count_placeable
from toolkit.trends.periods import assign_periods

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}
BY_HOST = "host"
NOT_GIVEN = "(none given)"
NO_DATE = "(no dates)"


def group_papers(
    papers: pd.DataFrame,
    *,
    by: str | pd.DataFrame | None,
    topics: TopicModel | None = None,
    date: str = "auto",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the groups of papers, and which papers are in which.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    by : str, DataFrame or None
        As for `toolkit.availability`.
    topics : TopicModel, optional
        For ``by="topic"``.
    date : str
        For periods.

    Returns
    -------
    members : DataFrame
        row (position of the paper) and group (position in `groups`); a paper may be in several
        groups or, without a date, in none.
    groups : DataFrame
        One row a group in display order: group (its name), and topic, or period and partial.

    Raises
    ------
    DataError
        An unknown `by`, or `topics` that are missing or of other papers.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": ["1", "2"], "title": ["A", "B"], "venue": ["X", None]})
    >>> group_papers(papers, by="venue")[1]["group"].tolist()
    ['X', '(none given)']
    """
    rows = np.arange(len(papers))
    if by is None:
        members = pd.DataFrame({"row": rows, "group": np.zeros(len(papers), dtype=np.intp)})
        return members, pd.DataFrame({"group": ["all papers"]})
    if isinstance(by, pd.DataFrame):
        return _by_table(papers, by)
    if not isinstance(by, str):
        raise DataError(
            "not one kind of group",
            argument="by",
            found=by,
            expected="one name, or a table of paper_id and one other column",
            hint="For several, join them in a column of your own: "
            'papers["both"] = papers["venue"] + ", " + papers["countries"]',
        )
    if by == "topic" and (topics is not None or "topic" not in papers):
        return _by_topic(papers, topics)
    if by in (*PERIODS, "period") and by not in papers:
        return _by_period(papers, by, date)
    if by == BY_HOST and by not in papers:
        raise DataError(
            "hosts are places of links, no groups of papers",
            argument="by",
            found=by,
            hint="toolkit.availability(papers, by='host') counts the papers that link each",
        )
    column = "categories" if by == "category" and by not in papers else by
    check_column(papers, column, "by", "topic, period, month, quarter, year, host, category, or ")
    return _by_size(split_values(papers, column), len(papers))


def by_name(by: str | pd.DataFrame | None) -> str | None:
    """Return what groups are called: `by` itself, or the column of a table of values."""
    return str(by.columns.drop("paper_id")[0]) if isinstance(by, pd.DataFrame) else by


def _by_table(papers: pd.DataFrame, by: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    others = [name for name in by.columns if name != "paper_id"]
    if "paper_id" not in by or len(others) != 1:
        raise DataError(
            "not a table of values",
            argument="by",
            found=list(by.columns),
            expected="paper_id and one other column",
            hint='Choose them: by=table[["paper_id", "licence"]]',
        )
    place = pd.Index(papers["paper_id"].astype(object)).get_indexer(by["paper_id"].astype(object))
    if len(place) and (place < 0).all():
        raise DataError(
            "no value is of a paper in the collection",
            argument="by",
            column="paper_id",
            found=by["paper_id"].iloc[0],
            expected=f"ids such as {papers['paper_id'].iloc[0]}" if len(papers) else None,
        )
    pairs = pd.Series(by[others[0]].astype("string").to_numpy(), index=place, dtype="string")
    pairs = pairs[(place >= 0) & pairs.notna().to_numpy()]
    twice = pd.MultiIndex.from_arrays([pairs.index, pairs]).duplicated()
    return _by_size(pairs[~twice], len(papers))


def _by_size(pairs: pd.Series[Any], n_papers: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return groups by size, papers without a value last. The index of `pairs` is the row."""
    sizes = pairs.value_counts()
    names = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    left = np.setdiff1d(np.arange(n_papers), pairs.index.to_numpy())
    row = np.concatenate([pairs.index.to_numpy(), left]).astype(np.intp)
    codes = pd.Index(names, dtype=object).get_indexer(pairs.astype(object))
    group = np.concatenate([codes, np.full(len(left), len(names))]).astype(np.intp)
    if len(left):
        names.append(NOT_GIVEN)
    return pd.DataFrame({"row": row, "group": group}), pd.DataFrame({"group": names})


def _by_topic(papers: pd.DataFrame, topics: TopicModel | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    if topics is None:
        raise DataError(
            "no topics given",
            argument="by",
            found="topic",
            hint="Pass topics=toolkit.fit_topics(papers)",
        )
    check_model(topics, "topics")
    numbers = look_up(papers, topics.papers, "topic", what="the topic model").astype(int)
    label = topics.topics.drop_duplicates("topic").set_index("topic")["label"]
    present = sorted(np.unique(numbers), key=lambda number: (number < 0, number))
    names = [
        "(outliers)" if number < 0 else str(label.get(number, f"topic {number}"))
        for number in present
    ]
    repeated = pd.Series(names).duplicated(keep=False)
    names = [f"{n} ({t})" if twice else n for n, t, twice in zip(names, present, repeated)]
    group = pd.Index(present).get_indexer(numbers)
    members = pd.DataFrame({"row": np.arange(len(papers)), "group": group})
    return members, pd.DataFrame({"group": names, "topic": present})


def _by_period(papers: pd.DataFrame, by: str, date: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    if by == "period" and not any(sum(count_placeable(papers, date=one).values()) for one in DATES):
        # Nothing to choose a calendar by: no period, which plots and check_change say.
        members = pd.DataFrame({"row": np.arange(len(papers)), "group": np.zeros(len(papers), int)})
        no_date = pd.DataFrame({"group": [NO_DATE], "period": [pd.NaT], "partial": [True]})
        return members, no_date.astype({"period": "datetime64[us]"})
    freq, date, _ = choose_calendar(papers, freq=PERIODS.get(by, "auto"), date=date)
    count = count_placeable(papers, date=date)
    ways = [f"by={name!r}" for name, freq in PERIODS.items() if count[freq]]
    if ways and not count[freq]:
        raise DataError(
            f"no paper has a date known to the {by}",
            argument="by",
            found=by,
            hint=f"Take {' or '.join(ways)}",
        )
    period, periods = assign_periods(papers, freq=freq, date=date)
    group = pd.Index(periods["period"]).get_indexer(period)
    members = pd.DataFrame({"row": np.arange(len(papers)), "group": group})
    pattern = {"M": "%Y-%m", "Y": "%Y"}.get(freq)
    names = [
        f"{day:{pattern}}" if pattern else f"{day:%Y} Q{day.quarter}" for day in periods["period"]
    ]
    groups = periods.assign(group=names)[["group", "period", "partial"]]
    return members[group >= 0].reset_index(drop=True), groups
