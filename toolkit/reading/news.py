"""What changed since a reading group last met: papers, topics, links."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.claims.claims import find_links
from toolkit.errors import DataError, warn_user
from toolkit.intervals import benjamini_hochberg
from toolkit.linkcheck.log import read_log
from toolkit.papers.schema import check_papers

if TYPE_CHECKING:
    from toolkit.topics.topics import TopicModel

_COLUMNS = ("what", "topic", "paper_id", "url", "detail")


def since_last_meeting(
    papers: pd.DataFrame,
    topics: TopicModel,
    *,
    since: str,
    log: str | Path | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Tell what is new since a day: papers, topics new or grown, links gone dead.

    Parameters
    ----------
    papers : DataFrame
        Papers table with `listed` or `published` (the first counts where both are there).
    topics : TopicModel
        Topics of these papers.
    since : str
        Day of the last meeting, as ``"2026-03-01"`` (or ``"2026-03"``: its first day); what is
        dated then or later is new. A date known to the month or year counts as its first day.
    log : str or path-like, optional
        The log of `check_links`: links that were alive when last seen before the day, and whose
        newest check found them dead.
    confidence : float
        1 − `confidence` is the rate of false discoveries that is accepted among the topics told
        to have grown.

    Returns
    -------
    DataFrame
        `what` (new topic, grown topic, link gone, new paper), `topic`, `paper_id`, `url`,
        `detail`: a sentence with the numbers.

    Raises
    ------
    DataError
        No dates, `since` is no ISO date, or the log cannot be read.

    Warns
    -----
    UserWarning
        No paper is dated `since` or later.

    Notes
    -----
    A topic has grown when its share of the new papers is above its share before by Fisher's
    exact test, one-sided, adjusted for the number of topics (Benjamini and Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). One without any paper before is new.

    Examples
    --------
    >>> import toolkit
    >>> planted = toolkit.plant_collection(n_papers=120, n_topics=2, seed=1)
    >>> topics = toolkit.fit_topics(planted.papers)
    >>> news = since_last_meeting(planted.papers, topics, since="2024-12-01")
    >>> news["what"].unique().tolist()
    ['new paper']
    """
    check_papers(papers)
    when, day = dates(papers), _day(since)
    if when.isna().all():
        raise DataError("no paper has a date", column="listed", hint="Fill listed or published")
    new = (when >= day).to_numpy()
    written = written_dates(papers)
    if not new.any():
        newest = written.iloc[int(when.argmax())]
        warn_user(f"no paper is dated {day:%Y-%m-%d} or later: the newest is dated {newest}")
    found = papers["paper_id"].map(topics.papers.set_index("paper_id")["topic"])
    topic = found.fillna(-1).astype(int).to_numpy()
    rows = _topic_news(topics, topic, new, confidence)
    rows += _links_gone(papers, log, day) if log is not None else []
    for place in np.flatnonzero(new):
        paper = papers.iloc[place]
        url = paper.get("url")
        detail = f"{paper['title']} ({written.iloc[place]})"
        rows.append(
            (
                "new paper",
                topic[place],
                paper["paper_id"],
                url if isinstance(url, str) else None,
                detail,
            )
        )
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in ("what", "paper_id", "url", "detail"):
        table[name] = table[name].astype("string")
    table["topic"] = table["topic"].astype("Int64")
    return table


def dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's day: the list's where there is one, else the paper's own."""
    when = pd.Series(pd.NaT, index=papers.index, dtype="datetime64[us]")
    for name in ("published", "listed"):
        if name in papers:
            when = papers[name].fillna(when)
    return when


def written_dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's day in writing, as finely as it is known: 2024, 2024-03, 2024-03-01."""
    text: pd.Series[Any] = dates(papers).dt.strftime("%Y-%m-%d").astype(object)
    if "published_precision" in papers:
        own = ~known_to_the_day(papers)
        length = papers["published_precision"].astype(object).map({"year": 4, "month": 7})
        text = text.mask(own & (length == 4), text.str[:4]).mask(own & (length == 7), text.str[:7])
    return text


def known_to_the_day(papers: pd.DataFrame) -> pd.Series[bool]:
    """Tell whose day (see `dates`) is a day; those of lists always are."""
    exact: pd.Series[bool] = pd.Series(True, index=papers.index)
    if "published_precision" in papers:
        exact = ~papers["published_precision"].isin(["year", "month"])
    return exact | papers["listed"].notna() if "listed" in papers else exact


def _topic_news(
    topics: TopicModel, topic: Any, new: Any, confidence: float
) -> list[tuple[Any, ...]]:
    """Compare each topic's share of the new papers with its share of the old."""
    from scipy.stats import hypergeom

    numbers = topics.topics.loc[topics.topics["topic"] >= 0, "topic"].to_numpy()
    labels = topics.topics.set_index("topic")["label"].astype(str)
    n_new, n_old = int(new.sum()), int((~new).sum())
    if n_new == 0 or n_old == 0:
        return []
    fresh = np.array([(new & (topic == number)).sum() for number in numbers])
    before = np.array([(~new & (topic == number)).sum() for number in numbers])
    p = hypergeom.sf(fresh - 1, n_new + n_old, fresh + before, n_new)
    grown = benjamini_hochberg(p) < 1 - confidence
    rows: list[tuple[Any, ...]] = []
    for number, count, old, more in zip(numbers, fresh, before, grown):
        label = labels[number]
        if count and not old:
            papers = "1 paper" if count == 1 else f"{count} papers"
            rows.append(("new topic", number, None, None, f"{label}: {papers}, none before"))
        elif count and more:
            detail = (
                f"{label}: {count} of {n_new:,} new papers ({count / n_new:.1%}), "
                f"before {old} of {n_old:,} ({old / n_old:.1%})"
            )
            rows.append(("grown topic", number, None, None, detail))
    return rows


def _links_gone(papers: pd.DataFrame, log: str | Path, day: pd.Timestamp) -> list[tuple[Any, ...]]:
    checks = read_log(log).dropna(subset=["resolves"])
    newest = checks.drop_duplicates("url", keep="last").set_index("url")
    seen = checks[checks["resolves"].astype(bool)].drop_duplicates("url", keep="last")
    seen_at = seen.set_index("url")["checked_at"].reindex(newest.index)
    dead = ~newest["resolves"].astype(bool) & (newest["checked_at"] >= day) & seen_at.notna()
    links = find_links(papers).drop_duplicates("url").set_index("url")["paper_id"]
    rows = []
    for url in newest.index[dead]:
        detail = f"{url}: {newest.loc[url, 'why']}; last seen alive {seen_at[url]:%Y-%m-%d}"
        rows.append(("link gone", None, links.get(url), url, detail))
    return rows


def _day(since: str) -> pd.Timestamp:
    # Only ISO dates: 03.04.2024 is a day in March for some and in April for others.
    text = since.isoformat()[:10] if isinstance(since, dt.date) else str(since)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
            return pd.Timestamp(dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01"))
    except ValueError:
        pass  # no such month or day
    raise DataError("not a date", argument="since", found=since, expected="YYYY-MM-DD or YYYY-MM")
