"""How long links live, from the log of their checks; and which repositories to archive now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.linkcheck.log import read_log

#: Ages of links at their first check: upper bounds in days, and names.
_AGES = (365.25, 730.5, 1461.0, np.inf)
_AGE_NAMES = ("under 1 year", "1–2 years", "2–4 years", "over 4 years")
_COLUMNS = ("group", "time", "at_risk", "events", "survival", "low", "high")


def link_survival(
    log: str | Path,
    *,
    by: str = "host",
    links: pd.DataFrame | None = None,
    papers: pd.DataFrame | None = None,
    topics: Any = None,
    since: str = "first check",
    confidence: float = 0.95,
    min_links: int = 5,
) -> pd.DataFrame:
    """Kaplan–Meier curves of links, from the log that `check_links` keeps.

    A link has died when its newest check with a verdict found it gone or broken; before that,
    it is alive as far as known. The day of death lies between two checks; the middle of that
    interval is taken (the curve of right-censored data then applies; the shorter the interval
    between checks, the less this matters). Checks without verdict (no answer, closed, refused)
    tell nothing and are left out.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.
    by : str
        What groups are made of: ``"host"``, ``"age"`` (of the link at its first check; needs
        `links` and `papers`), ``"topic"`` (needs `links` and `topics`), or a column of `links`
        or `papers`.
    links : DataFrame, optional
        From `find_links`: `url` and `paper_id`. A link in several papers counts with the first
        of them.
    papers : DataFrame, optional
        Papers table: `paper_id` and `published`.
    topics : TopicModel, optional
        Anything with `.papers` (paper_id, topic) and, for names, `.topics` (topic, label).
    since : {"first check", "published"}
        Where time begins. Since the first check: days that a link was watched; links that were
        dead at the first check tell nothing. Since publication (needs `links` and `papers`):
        the age of the link; links dead at the first check died between the two. Links are a
        sample of what papers promised, not of what survived, so there is no late entry.
    confidence : float
        Of the pointwise intervals.
    min_links : int
        Groups with fewer links are put together as ``"other"``.

    Returns
    -------
    DataFrame
        `group`, `time` (days; each group begins at 0), `at_risk`, `events`, `survival` (share
        of links still alive), `low`, `high`. `attrs` has `log_rank_p` (the test that all groups
        live equally long; NaN for one group), `dead_at_start` (links left out because they were
        dead at their first check) and `since`.

    Raises
    ------
    DataError
        No check with a verdict, an unknown `by` or `since`, or a table that it needs is missing.

    Notes
    -----
    Estimate and Greenwood's standard error by statsmodels' SurvfuncRight; intervals on the
    log(−log) scale [1]_, which stay inside 0 and 1. Where the curve reaches 0 the upper bound
    before is kept. The log-rank test is statsmodels' survdiff.

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
    if not 0 < confidence < 1:
        raise DataError("confidence must lie between 0 and 1", found=confidence)
    spans = _spans(read_log(log), since, _births(links, papers, since), log)
    groups = _groups(spans, by, links, papers, topics)
    counts = groups.value_counts()
    groups = groups.where(groups.map(counts) >= min_links, "other")
    tables = [
        _curve(str(name), spans.loc[index], confidence)
        for name, index in spans.groupby(groups).groups.items()
    ]
    table = pd.concat(tables, ignore_index=True)[list(_COLUMNS)]
    table["group"] = table["group"].astype("string")
    table.attrs = {
        "since": since,
        "log_rank_p": _log_rank(spans, groups),
        "dead_at_start": int(spans.attrs["dead_at_start"]),
    }
    return table


def archive_now(log: str | Path) -> pd.DataFrame:
    """List repositories that are alive but not kept at Software Heritage: save them while you can.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.

    Returns
    -------
    DataFrame
        `url` (where it is now, moves followed), `last_push`, `licence`, `checked_at`, and
        `save_request`: the address to which ``curl -X POST`` asks Software Heritage to save it
        (https://archive.softwareheritage.org/api/1/origin/save/doc/). Those not pushed to for
        the longest time come first; empty ones are left out.

    Examples
    --------
    >>> from toolkit.linkcheck.log import LinkLog
    >>> log = getfixture("tmp_path") / "log.sqlite"
    >>> with LinkLog(log) as opened:
    ...     opened.append([{"url": "https://github.com/lantern/oak", "resolves": True,
    ...                     "archived": False, "host": "github.com"}])
    >>> archive_now(log)["url"].tolist()
    ['https://github.com/lantern/oak']
    """
    from toolkit.linkcheck.hosts import find_place

    checks = read_log(log).drop_duplicates("url", keep="last")
    alive = checks["resolves"].fillna(False) & ~checks["archived"].fillna(True)
    rows = checks[alive & ~checks["empty"].fillna(False)].copy()
    rows["url"] = rows["moved_to"].fillna(rows["url"])
    places = [find_place(url) for url in rows["url"]]
    rows["url"] = [place.root if place else url for place, url in zip(places, rows["url"])]
    rows = rows.drop_duplicates("url").sort_values("last_push", kind="stable")
    rows["url"] = rows["url"].astype("string")
    save = "https://archive.softwareheritage.org/api/1/origin/save/git/url/"
    rows["save_request"] = save + rows["url"] + "/"
    wanted = ["url", "last_push", "licence", "checked_at", "save_request"]
    return rows[wanted].reset_index(drop=True)


def _births(
    links: pd.DataFrame | None, papers: pd.DataFrame | None, since: str
) -> pd.Series[Any] | None:
    """Return when each URL was published, by URL; None where that is not asked for."""
    if since not in ("first check", "published"):
        raise DataError("since is unknown", found=since, expected="'first check' or 'published'")
    if links is None or papers is None:
        if since == "published":
            raise DataError("since='published' needs links=… and papers=…")
        return None
    _need(links, "links", "url", "paper_id")
    _need(papers, "papers", "paper_id", "published")
    dates = links["paper_id"].map(papers.set_index("paper_id")["published"])
    return dates.groupby(links["url"]).min()


def _spans(
    checks: pd.DataFrame, since: str, births: pd.Series[Any] | None, log: Any
) -> pd.DataFrame:
    """Return one row a URL: host, born, days it was followed, and whether it died then."""
    told = checks.dropna(subset=["resolves", "checked_at"])
    if told.empty:
        raise DataError(
            "no check with a verdict is in the log",
            source=log,
            mend="Run toolkit.check_links over a network that works",
        )
    told = told.assign(alive=told["resolves"].astype(bool), order=np.arange(len(told)))
    by_url = told.groupby("url", sort=False)
    spans = pd.DataFrame(
        {
            "host": by_url["host"].last(),
            "first": by_url["checked_at"].min(),
            "last": by_url["checked_at"].max(),
            "dead": ~by_url["alive"].last(),
            "last_alive": told[told["alive"]].groupby("url")["checked_at"].max(),
        }
    )
    # A link that came back is alive; one that died is dated from its last sign of life.
    seen = told["url"].map(told[told["alive"]].groupby("url")["order"].max()).fillna(-1)
    spans["first_dead"] = told[told["order"] > seen].groupby("url")["checked_at"].min()
    unseen = spans["dead"] & spans["last_alive"].isna()
    born = births.reindex(spans.index) if births is not None else None
    if since == "published" and born is not None:
        spans["start"] = born
        spans["last_alive"] = spans["last_alive"].fillna(born)
        spans = spans[born.notna()]
        left_out = 0
    else:
        spans["start"] = spans["first"]
        left_out = int(unseen.sum())
        spans = spans[~unseen]
    if spans.empty:
        raise DataError(
            "no link can be followed",
            source=log,
            found=f"{left_out} links dead at their first check, and no other"
            if left_out
            else "no link of the log in links=…, with a date in papers=…",
            mend="With links=…, papers=… and since='published' the dead ones count too"
            if left_out
            else None,
        )
    middle = spans["last_alive"] + (spans["first_dead"] - spans["last_alive"]) / 2
    end = middle.where(spans["dead"], spans["last"])
    days = ((end - spans["start"]) / pd.Timedelta(days=1)).clip(lower=0)
    spans = spans.assign(days=days.astype(float))
    if born is not None:
        age = (spans["first"] - born.reindex(spans.index)) / pd.Timedelta(days=1)
        spans["age"] = pd.cut(age, [-np.inf, *_AGES], labels=list(_AGE_NAMES)).astype("string")
    spans.attrs["dead_at_start"] = left_out
    return spans


def _groups(
    spans: pd.DataFrame,
    by: str,
    links: pd.DataFrame | None,
    papers: pd.DataFrame | None,
    topics: Any,
) -> pd.Series[Any]:
    """Return the group of each URL, as text."""
    if by == "host":
        return spans["host"].fillna("unknown").astype(object)
    if by == "age":
        if "age" not in spans:
            raise DataError("by='age' needs links=… and papers=…")
        return spans["age"].fillna("unknown").astype(object)
    if links is None:
        raise DataError(f"by={by!r} needs links=…, to know the papers of each link")
    _need(links, "links", "url", "paper_id")
    first = links.drop_duplicates("url").set_index("url")
    paper = first["paper_id"].reindex(spans.index)
    if by == "topic":
        if topics is None:
            raise DataError("by='topic' needs topics=…")
        labels = topics.topics.set_index("topic")["label"].astype(str)
        of_paper = topics.papers.set_index("paper_id")["topic"]
        topic = paper.map(of_paper)
        names = topic.map(labels).fillna(topic.map(lambda t: "outliers" if t == -1 else pd.NA))
        return names.fillna("unknown").astype(object)
    if by in first:
        values = first[by].reindex(spans.index)
    elif papers is not None and by in papers:
        values = paper.map(papers.set_index("paper_id")[by])
    else:
        raise DataError(
            "by is unknown",
            found=by,
            expected="'host', 'age', 'topic', or a column of links=… or papers=…",
        )
    return values.astype("string").fillna("unknown").astype(object)


def _curve(name: str, spans: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Estimate one group's curve."""
    from scipy.stats import norm
    from statsmodels.duration.survfunc import SurvfuncRight

    days, dead = spans["days"].to_numpy(), spans["dead"].to_numpy(dtype=float)
    rows = [pd.DataFrame({"time": [0.0], "at_risk": len(days), "survival": 1.0, "events": 0})]
    rows[0]["low"] = rows[0]["high"] = 1.0
    if dead.any():
        fit = SurvfuncRight(days, dead)
        survival = np.asarray(fit.surv_prob)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.asarray(fit.surv_prob_se) / (survival * np.log(survival))
            spread *= norm.ppf(0.5 + confidence / 2)
            # The logarithm is negative, and so is the spread.
            low, high = survival ** np.exp(-spread), survival ** np.exp(spread)
        curve = pd.DataFrame({"time": np.asarray(fit.surv_times, dtype=float)})
        curve["at_risk"] = np.asarray(fit.n_risk, dtype=int)
        curve["events"] = np.asarray(fit.n_events, dtype=int)
        curve["survival"], curve["low"], curve["high"] = survival, low, high
        nobody = survival < 1e-12
        curve.loc[nobody, ["survival", "low", "high"]] = [0.0, 0.0, np.nan]
        rows.append(curve)
    table = pd.concat(rows, ignore_index=True)
    table["high"] = table["high"].ffill()
    if (end := float(days.max())) > table["time"].iloc[-1]:
        last = table.iloc[[-1]].assign(time=end, at_risk=int((days == end).sum()), events=0)
        table = pd.concat([table, last], ignore_index=True)
    return table.assign(group=name)


def _log_rank(spans: pd.DataFrame, groups: pd.Series[Any]) -> float:
    from statsmodels.duration.survfunc import survdiff

    if groups.nunique() < 2 or not spans["dead"].any():
        return float("nan")
    try:
        with np.errstate(all="ignore"):
            _, p = survdiff(
                spans["days"].to_numpy(),
                spans["dead"].to_numpy(dtype=float),
                groups.astype(str).to_numpy(),
            )
    except np.linalg.LinAlgError:  # a group with nobody at risk while others die
        return float("nan")
    return float(p)


def _need(table: pd.DataFrame, name: str, *columns: str) -> None:
    for column in columns:
        if column not in table:
            raise DataError(f"{name} lacks a column", column=column, found=list(table.columns))
