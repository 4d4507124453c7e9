"""What is new since a reading group last met: papers, topics, links."""

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
from toolkit.reading.paper_dates import dates, last_dates, written_dates

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

_COLUMNS = ("what", "topic", "paper_id", "url", "detail")


def since_last_meeting(
    papers: pd.DataFrame,
    topics: TopicModel,
    *,
    since: str,
    log: str | Path | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what is new since a date: papers, new and grown topics, dead links.

    Parameters
    ----------
    papers : DataFrame
        A papers table with `listed` or `published` (which counts, `choose_calendar` decides).
    topics : TopicModel
        Topics of these papers.
    since : str
        Date of the last meeting, as ``"2026-03-01"`` (or ``"2026-03"``: its first day). Papers
        that may be of that date or later are new: one of 2026 is new throughout 2026.
    log : str or path-like, optional
        The log of `check_links`: reports links that were alive before and are dead in their
        newest check, on or after the date.
    confidence : float
        1 − `confidence` is the accepted false discovery rate among the topics reported as grown.

    Returns
    -------
    DataFrame
        `what` (new topic, grown topic, link gone, new paper), `topic`, `paper_id`, `url`,
        `detail` (a sentence with the numbers).

    Raises
    ------
    DataError
        No paper has a date, `since` is not an ISO date, or the log cannot be read.

    Warns
    -----
    UserWarning
        No paper has the date `since` or a later one.

    Notes
    -----
    A topic has grown when its share of the new papers is larger than its share before by
    Fisher's exact test, one-sided, adjusted for the number of topics (Benjamini and Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x). A topic without any paper before is new.

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
        raise DataError(
            "no paper has a date", column="listed", hint="Fill the column listed or published"
        )
    new = (last_dates(papers) >= day).to_numpy()
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


def _topic_news(
    topics: TopicModel, topic: Any, new: Any, confidence: float
) -> list[tuple[Any, ...]]:
    """Return the new and the grown topics, by their shares of the new and the old papers."""
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
