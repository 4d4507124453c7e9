"""Each topic's share of the papers in each period, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model, checked, warn_user
from toolkit.intervals import wilson
from toolkit.papers.lookup import look_up
from toolkit.papers.schema import check_papers
from toolkit.papers.values import split_values, warn_variants
from toolkit.trends.calendars import choose_calendar
from toolkit.trends.frequencies import label_periods
from toolkit.trends.periods import assign_periods
from toolkit.trends.strata import find_strata
from toolkit.trends.table import name_topic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

    _Members = tuple[NDArray[np.intp], NDArray[np.intp], pd.Index[Any], dict[Any, str]]

#: A longer table than this (days × authors) is not what anybody wants to read.
MAX_ROWS = 5_000_000
#: With more values than this, each in one paper, the wrong column was probably given.
MAX_UNIQUE = 50
#: Of so many papers a period, parts with a value in a column that differ by more are told.
MIN_COVER, COVER_DIFFERS = 10, 0.15


@checked
def topic_trends(
    papers: pd.DataFrame,
    topics: TopicModel | None = None,
    *,
    by: str | pd.DataFrame | None = None,
    freq: str = "auto",
    date: str = "auto",
    refits: pd.DataFrame | None = None,
    confidence: float = 0.95,
    since: str | int | pd.Timestamp | None = None,
    until: str | int | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return each topic's papers in each period, and their share of the period's papers.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    topics : TopicModel, optional
        Its topics are counted; every paper must be in it. Not needed for another `by`.
    by : str or DataFrame, optional
        A column of `papers` whose values are counted in place of topics (of `categories` and of
        columns of lists, such as `keywords`, `authors`, `countries` or `origin`, each value
        counts, and of ``"institutions"``, read from the addresses in `affiliations`; spellings of
        one `venue`, and authors, institutions and keywords that differ only in capitals, accents or
        points, count as one, with a warning;
        forms of a name of `authors`, such as 'T. Oak' and 'Tim Oak', do not: one seems to fall
        where the other begins). Shares are of the papers that have a value in the column: where
        none is given, it is not known. Or a table of `paper_id` and one other column, with as many
        rows a paper as it has values (the hosts of its links, say); there a paper without a row has
        none of the values, and shares are of all papers.
    freq : str
        Length of a period: D, W (from Monday), M, Q or Y; ``"auto"`` takes the one that
        `choose_calendar` gives. Papers whose date is not known that precisely are left out with a
        warning that counts them.
    date : str
        ``"published"`` or ``"listed"``; ``"auto"`` as in `choose_calendar`.
    refits : DataFrame, optional
        `paper_id` and one column of topic numbers for each refit of the model, matched to this
        model's numbers (-1 for none), as `check_topics` makes them. The intervals then also
        include the variation between refits.
    confidence : float
        Of the intervals.
    since, until : str, int or Timestamp, optional
        The first and the last day that the collection covers in full, where you know them (of a
        year, 2023 or "2023", its first and its last day); by default `assign_periods` finds them
        from the dates.

    Returns
    -------
    DataFrame
        One row for every topic and every period from the first to the last:

        - period: Timestamp of the first day; `toolkit.trends.label_periods` names it
        - topic: number of the topic, or the value counted
        - papers, total: papers of the topic, and all papers of the period, topic or not (with a
          column in `by`, those that have a value in it)
        - share: papers / total, 0 to 1; NaN where total is 0: a gap, not a zero
        - low, high: Wilson's interval of the share
        - partial: the collection does not cover the period in full
        - label: name of the topic
        - freq: length of the period, D, W, M, Q or Y
        - with `refits` also refit_0, refit_1, …: papers of the topic in each refit
        - where the mix of the papers' origins changes over time, also origin_0, origin_0_total,
          origin_1, …: papers of the topic, and all, from each origin (of several, the one that
          covers most periods), so that verdicts can compare within origins

        Periods with few papers have wide intervals; `assign_periods` flags them and `plot_trends`
        draws them pale.

    Raises
    ------
    DataError
        An unknown argument, papers that the topic model does not know, or no usable date.

    Warns
    -----
    UserWarning
        Papers left out for their dates or because they have no value in the column `by`, and
        whether their part changes over time; values that may be the same as others, such as forms
        of an author's name; the year in which the mix of origins jumps.

    Notes
    -----
    With `refits`, the variance of a share is that within (binomial) plus (1 + 1/m) times that
    between the m refits and the model (Rubin 1987, doi:10.1002/9780470316696), turned into a
    Wilson interval by the effective number of papers (after Lott and Reiter 2020,
    doi:10.1080/00031305.2018.1473796).

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"),
    ...     "published": pd.to_datetime(["2023-01-01", "2023-06-01", "2024-12-31"]),
    ...     "venue": ["X", "Y", "X"]})
    >>> trends = topic_trends(papers, by="venue", freq="Y")
    >>> trends[["period", "topic", "papers", "total", "share"]]
          period topic  papers  total  share
    0 2023-01-01     X       1      2    0.5
    1 2024-01-01     X       1      1    1.0
    2 2023-01-01     Y       1      2    0.5
    3 2024-01-01     Y       0      1    0.0
    """
    check_papers(papers)
    freq, date, _ = choose_calendar(papers, freq=freq, date=date)
    rows, codes, values, labels = _members(papers, topics, by)
    period, periods = assign_periods(papers, freq=freq, date=date, since=since, until=until)
    if len(values) * len(periods) > MAX_ROWS:
        raise DataError(
            f"too many rows: {len(values):,} values in {len(periods):,} periods",
            expected=f"at most {MAX_ROWS:,} rows",
            hint="Take longer periods or a column with fewer values",
        )
    if len(values) == len(rows) > MAX_UNIQUE:
        warn_user(
            f"{len(values):,} values, each in one paper only: none of them can rise or fall; "
            "is this the column to count?"
        )
    column = pd.Index(periods["period"]).get_indexer(period)
    counts = _crosstab(codes, column[rows], shape=(len(values), len(periods)))
    held = column
    if isinstance(by, str) and not (topics is not None and by == "topic"):
        held = np.where(np.isin(np.arange(len(papers)), rows), column, -1)
        warn_variants(values.tolist(), by)
        _warn_coverage(periods, column, held, by, freq)
    whole = np.bincount(held[held >= 0], minlength=len(periods))
    total = np.tile(whole, len(values))
    trends = pd.DataFrame(
        {
            "period": np.tile(periods["period"].to_numpy(), len(values)),
            "topic": values.repeat(len(periods)),
            "papers": counts.ravel(),
            "total": total,
        }
    )
    with np.errstate(invalid="ignore"):
        trends["share"] = trends["papers"] / trends["total"]
    shape = len(values), len(periods)
    places = {} if refits is None else _refit_places(papers, refits, values)
    moved = [_crosstab(place, column, shape=shape).ravel() for place in places.values()]
    trends["low"], trends["high"] = _intervals(counts.ravel(), total, moved, confidence)
    trends["partial"] = np.tile(periods["partial"].to_numpy(), len(values))
    names = [name_topic(value, labels.get(value)) for value in values]
    trends["label"] = pd.array(names, dtype="string").repeat(len(periods))
    trends["freq"] = pd.Series(freq, index=trends.index, dtype="string")
    found = dict(zip(places, moved))
    named = isinstance(by, str) and by == "origin"
    strata = None if named else find_strata(papers, held, periods["period"])
    for number in range(0 if strata is None else strata.max() + 1):
        part = np.where(strata == number, held, -1)
        name = f"origin_{number}"
        found[name] = _crosstab(codes, part[rows], shape=shape).ravel()
        whole = np.bincount(part[part >= 0], minlength=len(periods))
        found[f"{name}_total"] = np.tile(whole, len(values))
        for refit, place in places.items():
            found[f"{refit}_{name}"] = _crosstab(place, part, shape=shape).ravel()
    return trends.assign(**found)


def _members(
    papers: pd.DataFrame, topics: TopicModel | None, by: str | pd.DataFrame | None
) -> _Members:
    """Return which rows of `papers` hold which value: positions, codes, the values, their names."""
    if isinstance(by, pd.DataFrame):
        return _members_of_table(papers, by)
    if by is not None and (by != "topic" or (topics is None and by in papers)):
        return _count_values(split_values(papers, by), by)
    if topics is None:
        raise DataError(
            "no topics to count",
            hint="Give the model: topic_trends(papers, toolkit.fit_topics(papers)); "
            "or a column to count instead, by='venue'",
        )
    check_model(topics, "topics")
    numbers = look_up(papers, topics.papers, "topic", what="the topic model")
    known = set(topics.topics["topic"]) | set(numbers)
    # Outliers last.
    values = pd.Index(sorted(known, key=lambda topic: (topic < 0, topic)), dtype="int64")
    labels = topics.topics.set_index("topic")["label"].to_dict()
    return np.arange(len(papers)), values.get_indexer(numbers), values, labels


def _warn_coverage(
    periods: pd.DataFrame,
    column: NDArray[np.intp],
    held: NDArray[np.intp],
    name: str,
    freq: str,
) -> None:
    """Warn of papers without a value in the column counted, and where their part changes."""
    every, there = (np.bincount(one[one >= 0], minlength=len(periods)) for one in (column, held))
    lacking = int(every.sum() - there.sum())
    if not lacking:
        return
    text = f"left out: {lacking:,} of {every.sum():,} papers without {name!r}"
    some = np.flatnonzero(every >= MIN_COVER)
    if len(some) > 1:
        part = there[some] / every[some]
        low, high = some[part.argmin()], some[part.argmax()]
        if np.ptp(part) >= COVER_DIFFERS:
            names = label_periods(periods["period"].iloc[[low, high]], freq=freq)
            one, two = (
                f"{there[at]:,} of {every[at]:,} in {n}" for at, n in zip((low, high), names)
            )
            text += (
                f"; those that have it differ over time, from {one} to {two}: shares are of "
                "these, and change where the kind of papers that have it does"
            )
    warn_user(text)


def _members_of_table(papers: pd.DataFrame, by: pd.DataFrame) -> _Members:
    others = [name for name in by.columns if name != "paper_id"]
    if "paper_id" not in by.columns or len(others) != 1:
        raise DataError(
            "not a table of values",
            argument="by",
            found=list(by.columns),
            expected="paper_id and one other column",
            hint='Choose them: by=links[["paper_id", "host"]]',
        )
    place = pd.Index(papers["paper_id"]).get_indexer(by["paper_id"])
    cells = pd.Series(by[others[0]].astype("string").to_numpy(), index=place, dtype="string")
    return _count_values(cells[place >= 0], others[0])


def _count_values(cells: pd.Series[Any], name: str) -> _Members:
    """Return the values of cells indexed by row position, numbered by falling frequency."""
    pairs = pd.DataFrame({"row": cells.index, "value": cells.to_numpy()})
    pairs = pairs[pairs["value"].notna() & (pairs["value"] != "")].drop_duplicates()
    if pairs.empty:
        raise DataError("the column holds nothing to count", column=name)
    sizes = pairs["value"].value_counts().rename_axis("value").reset_index(name="n")
    sizes = sizes.sort_values(["n", "value"], ascending=[False, True])
    values = pd.Index(sizes["value"], dtype="string")
    return pairs["row"].to_numpy(), values.get_indexer(pairs["value"]), values, {}


def _crosstab(codes: Any, columns: Any, *, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count pairs; a negative code or column (no topic, no period) counts nowhere."""
    there = (codes >= 0) & (columns >= 0)
    flat = codes[there] * shape[1] + columns[there]
    return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)


def _refit_places(
    papers: pd.DataFrame, refits: pd.DataFrame, values: pd.Index[Any]
) -> dict[str, NDArray[np.intp]]:
    """Return the place among `values` of each paper's topic in each refit, by column (refit_0)."""
    names = [name for name in refits.columns if name != "paper_id"]
    if "paper_id" not in refits.columns or not names:
        raise DataError(
            "not a table of refits",
            argument="refits",
            found=list(refits.columns),
            expected="paper_id and one column of topic numbers for each refit",
        )
    places = {}
    for number, name in enumerate(names):
        if not pd.api.types.is_integer_dtype(refits[name]):
            raise DataError(
                "not topic numbers",
                source="refits",
                column=str(name),
                found=str(refits[name].dtype),
                expected="whole numbers, -1 for none",
            )
        found = look_up(papers, refits, name, what="the table of refits")
        places[f"refit_{number}"] = values.get_indexer(found)
    return places


def _intervals(counts: Any, total: Any, moved: Any, confidence: float) -> Any:
    if not len(moved):
        return wilson(counts, total, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Half a paper keeps the variance of an empty cell above zero.
        middle = (counts + 0.5) / (total + 1)
        within = middle * (1 - middle) / total
        between = ((np.stack(moved) - counts) ** 2).mean(axis=0) / total**2
        effective = np.where(total > 0, within / (within + (1 + 1 / len(moved)) * between), 0)
    return wilson(counts * effective, total * effective, confidence=confidence)
