"""Curves of how long links live, from the log of their checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_whole, checked
from toolkit.intervals import check_confidence, wilson
from toolkit.linkcheck.durations import (
    find_durations,
    find_publication_dates,
    require_columns,
)
from toolkit.linkcheck.log import read_log
from toolkit.linkcheck.npmle import Masses, fit_npmle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

    Floats = NDArray[np.float64]

_COLUMNS = ("group", "after", "time", "at_risk", "events", "survival", "low", "high")


@checked
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
    resamples: int = 200,
    seed: int = 42,
) -> pd.DataFrame:
    """Return the share of links alive over time, from the log that `check_links` keeps.

    A link is dead if its last two decided checks or more found it gone or broken. It died between
    the last check that found it alive and the first that did not; nothing is assumed of when. A
    last failure that no second check has confirmed is no death: the link is followed up to the
    check before it. Checks that could not decide (no answer, closed, refused) are left out.

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
    resamples, seed : int
        Number of bootstrap samples behind the intervals, and where they begin.

    Returns
    -------
    DataFrame
        One row for each fall of a group's curve: `group`, `after` and `time` (days; some links
        died after the first and not after the second: between them the share alive is anywhere
        between that of the row before and this one), `at_risk` (links that may have died in this
        interval), `events` (estimated deaths in it), `survival` (share of links alive at `time`),
        `low`, `high`. Each group begins with a row at 0, and ends where its checks end.
        The same in all rows of a group: `links`, `clusters` (hosts or owners that its links hang
        on) and `unconfirmed` (last failures that nothing confirms yet); the same in all rows:
        `since`, `log_rank_p` (of the test that all groups live equally long; NaN for one group)
        `dead_at_start` (number of links left out because they were dead at their first check) and
        `invented` (whether the log holds checks of `plant_link_checks`).

    Raises
    ------
    DataError
        No decided check, an unknown `by` or `since`, or a table that they need is missing.

    Notes
    -----
    The curve is Turnbull's nonparametric maximum-likelihood estimate for intervals (1976,
    doi:10.1111/j.2517-6161.1976.tb01597.x). Links of a host, or of an owner on a shared host such
    as github.com, die together: the bootstrap draws whole owners. (In a group of one host without
    owners it draws links, and tells of this host alone.) Its variance gives the number of
    independent links that would scatter as much, and with this number Wilson's interval, with a
    t quantile for the number of owners (after Korn and Graubard 1998, Survey Methodology 24:193).
    As few deaths show little of who dies together, two owners more are taken to lose all their
    links at once. In the last run of checks nothing confirms
    a failure, so that the run counts only as confirmation of the one before, unless failed links
    were checked again. The test is the score test of proportional hazards for intervals
    (Finkelstein 1986, doi:10.2307/2530698), its variance from the sums over owners.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.linkcheck.log import LinkLog
    >>> log = getfixture("tmp_path") / "log.sqlite"
    >>> with LinkLog(log) as opened:
    ...     opened.append([
    ...         {"url": f"https://code.example/{i}", "host": "code.example", "resolves": alive,
    ...          "checked_at": pd.Timestamp(day)}
    ...         for day, states in {"2025-01-01": [1, 1], "2025-01-21": [1, 0],
    ...                             "2025-03-01": [1, 0]}.items()
    ...         for i, alive in enumerate(map(bool, states))])
    >>> link_survival(log, min_links=1)[["after", "time", "at_risk", "events", "survival"]]
       after  time  at_risk  events  survival
    0    0.0   0.0        2     0.0       1.0
    1    0.0  20.0        2     1.0       0.5
    2   59.0  59.0        1     0.0       0.5
    """
    check_confidence(confidence)
    check_whole(resamples, "resamples", least=1)
    published = find_publication_dates(links, papers, since)
    checks = read_log(log)
    durations, dead_at_start = find_durations(checks, since, published, log)
    groups = _groups(durations, by, links, papers, topics)
    counts = groups.value_counts()
    groups = groups.where(groups.map(counts) >= min_links, "other")
    alone = durations["cluster"].groupby(groups).transform("nunique") == 1
    durations["cluster"] = durations["cluster"].mask(alone, durations.index.to_series())
    tables = [
        _curve(str(name), durations.loc[index], confidence, resamples, seed)
        for name, index in durations.groupby(groups).groups.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    table["group"] = table["group"].astype("string")
    table["since"] = pd.Series(since, index=table.index, dtype="string")
    return table.assign(
        log_rank_p=_log_rank(durations, groups),
        dead_at_start=dead_at_start,
        invented=bool(checks["why"].eq("invented").any()),
    )


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


def _curve(
    name: str, durations: pd.DataFrame, confidence: float, resamples: int, seed: int
) -> pd.DataFrame:
    """Estimate one group's curve."""
    # The order of the log must not change which owners are drawn.
    durations = durations.sort_index()
    left, right = durations["left"].to_numpy(), durations["right"].to_numpy()
    owners = durations["cluster"].to_numpy()
    owner, names = pd.factorize(owners)
    seen = np.isfinite(right)
    masses = fit_npmle(left, right, np.ones(len(left))) if seen.any() else None
    falls = _falls(masses, float(left.max(initial=0.0)))
    after, time, survival = (falls[column].to_numpy() for column in ("after", "time", "survival"))
    beyond = (right[None, :] > after[:, None]) & (seen | (left[None, :] > after[:, None]))
    at_risk = np.where(after > 0, beyond.sum(axis=1), len(left))
    ends = falls["mass"].to_numpy() == 0
    at_risk = np.where(
        ends & (time > 0),
        (np.where(seen, right, left)[None, :] >= time[:, None]).sum(axis=1),
        at_risk,
    )
    size = np.bincount(owner)
    independent = float(size.sum() ** 2 / (size**2).sum())
    scatter = np.zeros(len(time))
    if masses is not None:
        scatter = _bootstrap(left, right, owner, len(names), time, resamples, seed)
    half = pd.Series(right).groupby(owner).quantile(0.5, interpolation="lower").to_numpy()
    struck = (half[None, :] <= time[:, None]).sum(axis=1)
    most = at_risk / np.maximum(np.r_[1.0, survival[:-1]], 1e-9)
    whole = most * independent / len(left)
    low, high = _interval(survival, scatter, struck, most, whole, confidence)
    start = time == 0
    table = falls.assign(
        group=name,
        at_risk=at_risk,
        events=falls["mass"] * len(left),
        low=np.where(start, 1.0, low),
        high=np.where(start, 1.0, high),
    )[list(_COLUMNS)]
    return table.assign(
        links=len(left), clusters=len(names), unconfirmed=int(durations["unconfirmed"].sum())
    )


def _falls(masses: Masses | None, end: float) -> pd.DataFrame:
    """Return the falls of a curve, from 0 to the end of the checks: after, time, mass, survival."""
    rows = [(0.0, 0.0, 0.0)]
    if masses is not None:
        rows += [row for row in zip(*masses) if np.isfinite(row[1])]
    if end > rows[-1][1]:
        rows.append((end, end, 0.0))
    falls = pd.DataFrame(rows, columns=["after", "time", "mass"], dtype=float)
    return falls.assign(survival=(1 - falls["mass"].cumsum()).clip(0, 1))


def _bootstrap(
    left: Floats,
    right: Floats,
    owner: NDArray[np.intp],
    owners: int,
    time: Floats,
    resamples: int,
    seed: int,
) -> Floats:
    """Return the variance of the share alive at each time over samples of whole owners."""
    rng = np.random.default_rng(seed)
    ends, kind = np.unique(np.column_stack([left, right]), axis=0, return_inverse=True)
    members = np.zeros((owners, len(ends)))
    np.add.at(members, (owner, kind.ravel()), 1.0)
    drawn = rng.multinomial(owners, np.full(owners, 1 / owners), size=resamples) @ members
    shares = np.empty((resamples, len(time)))
    for number, weights in enumerate(drawn):
        shares[number] = np.mean(fit_npmle(ends[:, 0], ends[:, 1], weights).alive(time), axis=0)
    variance: Floats = shares.var(axis=0, ddof=1)
    return variance


def _interval(
    survival: Floats,
    scatter: Floats,
    struck: NDArray[np.intp],
    most: Floats,
    whole: Floats,
    confidence: float,
) -> tuple[Floats, Floats]:
    """Return Wilson's interval for as many independent links as would scatter like these.

    How far the links of an owner die together is learnt from the owners that lost half of them or
    more (`struck`); two more are taken to lose all at once (`whole`: the number if links did so).
    """
    from scipy.special import stdtrit

    with np.errstate(divide="ignore"):
        found = np.minimum(survival * (1 - survival) / np.maximum(scatter, 1e-12), most)
    number = (struck + 2) / (struck / np.maximum(found, 1e-6) + 2 / np.maximum(whole, 1e-6))
    tail = (1 + confidence) / 2
    factor = stdtrit(np.maximum(number - 1, 1), tail) / stdtrit(np.maximum(whole - 1, 1), tail)
    number = np.where(struck > 0, number * np.minimum(1.0, factor) ** 2, number)
    return wilson(survival * number, number, confidence=confidence)


def _log_rank(durations: pd.DataFrame, groups: pd.Series[Any]) -> float:
    """Return p of Finkelstein's score test, with the variance of sums over owners."""
    from scipy.stats import chi2

    seen = np.isfinite(durations["right"].to_numpy())
    if groups.nunique() < 2 or not seen.any():
        return float("nan")
    left, right = durations["left"].to_numpy(), durations["right"].to_numpy()
    masses = fit_npmle(left, right, np.ones(len(left)))
    most, least = masses.alive(left)[1], np.where(seen, masses.alive(right)[0], 0.0)
    entropy = [share * np.log(np.maximum(share, 1e-300)) for share in (most, least)]
    score = (entropy[0] - entropy[1]) / np.maximum(most - least, 1e-12)
    member = pd.get_dummies(groups).to_numpy(dtype=float)[:, 1:]
    member = member - member.mean(axis=0)
    scores = pd.DataFrame(member * score[:, None])
    parts = scores.groupby(durations["cluster"].to_numpy()).sum().to_numpy()
    total = parts.sum(axis=0)
    variance = parts.T @ parts
    freedom = int(np.linalg.matrix_rank(variance))
    if freedom < member.shape[1]:
        return float("nan")
    return float(chi2.sf(total @ np.linalg.solve(variance, total), freedom))
