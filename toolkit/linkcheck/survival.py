"""Kaplan–Meier curves of links, from the log of their checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.intervals import check_confidence, wilson
from toolkit.linkcheck.durations import (
    find_durations,
    find_publication_dates,
    require_columns,
)
from toolkit.linkcheck.log import read_log

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

_COLUMNS = ("group", "time", "at_risk", "events", "survival", "low", "high")


def link_survival(
    log: str | Path,
    *,
    by: str = "host",
    links: pd.DataFrame | None = None,
    papers: pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    since: str = "first check",
    confidence: float = 0.95,
    min_links: int = 5,
) -> pd.DataFrame:
    """Return Kaplan–Meier curves of links, from the log that `check_links` keeps.

    A link is dead if its newest decided check found it gone or broken. It died between two checks;
    the middle of that interval is taken as its day of death, as if it were known exactly. That
    is biased where checks are far apart: compare only logs with checks that are close together.
    Checks that could not decide (no answer, closed, refused) are left out.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.
    by : str
        How to group links: ``"host"``, ``"age"`` (of the link at its first check; needs `links`
        and `papers`), ``"topic"`` (needs `links` and `topics`), or a column of `links` or
        `papers`.
    links : DataFrame, optional
        From `find_links`: `url` and `paper_id`. A link in several papers counts with the first
        of them.
    papers : DataFrame, optional
        Papers table: `paper_id` and `published`.
    topics : TopicModel, optional
        Its `papers` (paper_id, topic) and `topics` (topic, label) are used.
    since : {"first check", "published"}
        Where time begins. Since the first check, time is how long a link was followed; links that
        were dead at the first check are left out. Since publication (needs `links` and `papers`),
        time is the age of the link; links dead at the first check died before it. Links are a
        sample of what papers published, not of what survived, so there is no late entry.
    confidence : float
        Of the pointwise intervals.
    min_links : int
        Groups with fewer links are combined as ``"other"``.

    Returns
    -------
    DataFrame
        `group`, `time` (days; each group begins at 0), `at_risk`, `events`, `survival` (share
        of links still alive), `low`, `high`; and, the same in all rows, `since`, `log_rank_p`
        (of the test that all groups live equally long; NaN for one group) and `dead_at_start`
        (number of links left out because they were dead at their first check).

    Raises
    ------
    DataError
        No decided check, an unknown `by` or `since`, or a table that they need is missing.

    Notes
    -----
    Estimate and Greenwood's standard error by statsmodels' SurvfuncRight; intervals on the
    log(−log) scale [1]_, which stay inside 0 and 1. Where the curve reaches 0, the last upper
    bound is kept; where no link died, the lower bound at the end is Wilson's, of the links
    followed so long. The log-rank test is statsmodels' survdiff.

    References
    ----------
    .. [1] J. D. Kalbfleisch and R. L. Prentice (2002), The Statistical Analysis of Failure Time
       Data, 2nd ed., https://doi.org/10.1002/9781118032985, section 1.4.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.linkcheck.log import LinkLog
    >>> log = getfixture("tmp_path") / "log.sqlite"
    >>> with LinkLog(log) as opened:
    ...     opened.append([
    ...         {"url": f"https://code.example/{i}", "host": "code.example", "resolves": alive,
    ...          "checked_at": pd.Timestamp(day)}
    ...         for day, states in {"2025-01-01": [1, 1], "2025-01-21": [1, 0]}.items()
    ...         for i, alive in enumerate(map(bool, states))])
    >>> link_survival(log, min_links=1)[["time", "at_risk", "events", "survival"]]
       time  at_risk  events  survival
    0   0.0        2       0       1.0
    1  10.0        2       1       0.5
    2  20.0        1       0       0.5
    """
    check_confidence(confidence)
    published = find_publication_dates(links, papers, since)
    durations, dead_at_start = find_durations(read_log(log), since, published, log)
    groups = _groups(durations, by, links, papers, topics)
    counts = groups.value_counts()
    groups = groups.where(groups.map(counts) >= min_links, "other")
    tables = [
        _curve(str(name), durations.loc[index], confidence)
        for name, index in durations.groupby(groups).groups.items()
    ]
    table = pd.concat(tables, ignore_index=True)[list(_COLUMNS)]
    table["group"] = table["group"].astype("string")
    table["since"] = pd.Series(since, index=table.index, dtype="string")
    return table.assign(log_rank_p=_log_rank(durations, groups), dead_at_start=dead_at_start)


def _groups(
    durations: pd.DataFrame,
    by: str,
    links: pd.DataFrame | None,
    papers: pd.DataFrame | None,
    topics: TopicModel | None,
) -> pd.Series[Any]:
    """Return the group of each URL, as text."""
    if by == "host":
        return durations["host"].fillna("unknown").astype(object)
    if by == "age":
        if "age" not in durations:
            raise DataError("by='age' needs links=… and papers=…")
        return durations["age"].fillna("unknown").astype(object)
    if links is None:
        raise DataError(f"by={by!r} needs links=…, to know the papers of each link")
    require_columns(links, "links", "url", "paper_id")
    first = links.drop_duplicates("url").set_index("url")
    paper = first["paper_id"].reindex(durations.index)
    if by == "topic":
        if topics is None:
            raise DataError("by='topic' needs topics=…")
        labels = topics.topics.set_index("topic")["label"].astype(str)
        of_paper = topics.papers.set_index("paper_id")["topic"]
        topic = paper.map(of_paper)
        names = topic.map(labels).fillna(topic.map(lambda t: "outliers" if t == -1 else pd.NA))
        return names.fillna("unknown").astype(object)
    if by in first:
        values = first[by].reindex(durations.index)
    elif papers is not None and by in papers:
        values = paper.map(papers.set_index("paper_id")[by])
    else:
        raise DataError(
            "by is unknown",
            found=by,
            expected="'host', 'age', 'topic', or a column of links=… or papers=…",
        )
    return values.astype("string").fillna("unknown").astype(object)


def _curve(name: str, durations: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Estimate one group's curve."""
    from scipy.stats import norm
    from statsmodels.duration.survfunc import SurvfuncRight

    days, dead = durations["days"].to_numpy(), durations["dead"].to_numpy(dtype=float)
    rows = [pd.DataFrame({"time": [0.0], "at_risk": len(days), "survival": 1.0, "events": 0})]
    rows[0]["low"] = rows[0]["high"] = 1.0
    if dead.any():
        fit = SurvfuncRight(days, dead)
        survival = np.asarray(fit.surv_prob)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.asarray(fit.surv_prob_se) / (survival * np.log(survival))
            spread *= norm.ppf(0.5 + confidence / 2)
            # The logarithm is negative, and so is `spread`.
            low, high = survival ** np.exp(-spread), survival ** np.exp(spread)
        curve = pd.DataFrame({"time": np.asarray(fit.surv_times, dtype=float)})
        curve["at_risk"] = np.asarray(fit.n_risk, dtype=int)
        curve["events"] = np.asarray(fit.n_events, dtype=int)
        curve["survival"], curve["low"], curve["high"] = survival, low, high
        none_left = survival < 1e-12
        curve.loc[none_left, ["survival", "low", "high"]] = [0.0, 0.0, np.nan]
        rows.append(curve)
    table = pd.concat(rows, ignore_index=True)
    table["high"] = table["high"].ffill()
    if (end := float(days.max())) > table["time"].iloc[-1]:
        left = int((days == end).sum())
        last = table.iloc[[-1]].assign(time=end, at_risk=left, events=0)
        if not dead.any():
            # Greenwood's error is 0 where no link died, however few links there are.
            last["low"] = wilson(left, left, confidence=confidence)[0]
        table = pd.concat([table, last], ignore_index=True)
    return table.assign(group=name)


def _log_rank(durations: pd.DataFrame, groups: pd.Series[Any]) -> float:
    from statsmodels.duration.survfunc import survdiff

    if groups.nunique() < 2 or not durations["dead"].any():
        return float("nan")
    try:
        with np.errstate(all="ignore"):
            _, p = survdiff(
                durations["days"].to_numpy(),
                durations["dead"].to_numpy(dtype=float),
                groups.astype(str).to_numpy(),
            )
    except np.linalg.LinAlgError:  # a group with no link at risk while others die
        return float("nan")
    return float(p)
