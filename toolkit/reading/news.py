"""What is new since a reading group last met: papers, topics, links."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.intervals import benjamini_hochberg
from toolkit.papers.columns import text_of
from toolkit.papers.schema import check_papers
from toolkit.reading.link_news import link_news
from toolkit.reading.paper_dates import dates, last_dates, written_dates
from toolkit.reading.ranking import rank_new
from toolkit.topics.placing import place_papers
from toolkit.trends.emerging import emerging_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

#: The column that says when `toolkit.update` brought a paper into its collection.
ARRIVED = "arrived"
#: At most so many rising terms.
_TERMS = 8
#: Papers near a basket are among this part of all papers, or these few; so many are told.
_NEAREST, _FEW, _NEAR = 0.2, 20, 5
_COLUMNS = ("what", "topic", "paper_id", "url", "detail")


def since_last_meeting(
    papers: pd.DataFrame,
    topics: TopicModel | None,
    *,
    since: str,
    log: str | Path | None = None,
    basket: Iterable[str] = (),
    terms: bool = False,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what is new since a date: papers, new and grown topics, dead links.

    Parameters
    ----------
    papers : DataFrame
        A papers table. In one that `toolkit.update` keeps, papers are new by the day they came
        (`arrived`), in others by `listed` or `published` (which counts, `choose_calendar` decides).
    topics : TopicModel or None
        Topics of these papers, or of those before: new ones are placed in them.
    since : str
        Date of the last meeting, as ``"2026-03-01"`` (or ``"2026-03"``: its first day). Papers
        that may be of that date or later are new: one of 2026 is new throughout 2026.
    log : str or path-like, optional
        The log of `check_links`: reports links whose newest check, on or after the date, found
        a change.
    basket : iterable of str
        Ids of papers that matter: reports the new ones nearest to them.
    terms : bool
        Report terms that the last whole period has more of (`emerging_terms`).
    confidence : float
        1 − `confidence` is the accepted false discovery rate among the topics reported as grown.

    Returns
    -------
    DataFrame
        `what` (new topic, grown topic, rising term, link gone, link back, link filled (it was
        empty or only announced), near the basket, new paper), `topic`, `paper_id`, `url`,
        `detail` (a sentence with the numbers).

    Raises
    ------
    DataError
        No paper has a date, `since` is not an ISO date, or the log cannot be read.

    Warns
    -----
    UserWarning
        No paper is new.

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
    day, written = _day(since), written_dates(papers)
    new = _new_ones(papers, day, written)
    topic, rows = np.full(len(papers), -1), []
    if topics is not None:
        topic = _topics_of(papers, topics, new)
        rows = _topic_news(topics, topic, new, confidence)
    rows += _rising_terms(papers) if terms and new.any() else []
    rows += link_news(papers, log, day) if log is not None else []
    urls = text_of(papers, "url").tolist()

    def told(what: str, place: int, more: str = "") -> tuple[Any, ...]:
        paper, url = papers.iloc[place], urls[place]
        dated = written.iat[place]
        detail = str(paper["title"]) + (f" ({dated})" if isinstance(dated, str) else "") + more
        number = topic[place] if topics is not None else None
        return what, number, paper["paper_id"], url if isinstance(url, str) else None, detail

    rows += [
        told("near the basket", place, f": {why}")
        for place, why in _near_basket(papers, new, basket)
    ]
    rows += [told("new paper", place) for place in np.flatnonzero(new).tolist()]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in ("what", "paper_id", "url", "detail"):
        table[name] = table[name].astype("string")
    table["topic"] = table["topic"].astype("Int64")
    return table


def _new_ones(
    papers: pd.DataFrame, day: pd.Timestamp, written: pd.Series[Any]
) -> NDArray[np.bool_]:
    """Return which papers are new since a day; warn where none is."""
    if ARRIVED in papers and papers[ARRIVED].notna().any():
        new: NDArray[np.bool_] = (papers[ARRIVED] >= day).to_numpy(dtype=bool)
        if not new.any():
            warn_user(
                f"no paper arrived on {day:%Y-%m-%d} or later: the newest on "
                f"{papers[ARRIVED].max():%Y-%m-%d}"
            )
        return new
    when = dates(papers)
    if when.isna().all():
        raise DataError(
            "no paper has a date", column="listed", hint="Fill the column listed or published"
        )
    new = (last_dates(papers) >= day).to_numpy(dtype=bool)
    if not new.any():
        newest = written.iloc[int(when.argmax())]
        warn_user(f"no paper is dated {day:%Y-%m-%d} or later: the newest is dated {newest}")
    return new


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


def _topics_of(
    papers: pd.DataFrame, topics: TopicModel, new: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the topic of each paper; new papers that the model does not know are placed in it."""
    known = topics.papers.set_index("paper_id")["topic"]
    found = papers["paper_id"].map(known)
    unknown = new & found.isna().to_numpy()
    if unknown.any():
        found[unknown] = place_papers(papers[unknown], topics)["topic"].to_numpy()
    topic: NDArray[np.int64] = found.fillna(-1).to_numpy(dtype=np.int64)
    return topic


def _rising_terms(papers: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the terms that the last whole period has more of; none where there are no dates."""
    with warnings.catch_warnings():
        # Why there are none is no news.
        warnings.simplefilter("ignore", UserWarning)
        words = emerging_terms(papers)["words"].tolist()
    return [("rising term", None, None, None, sentence) for sentence in words[:_TERMS]]


def _near_basket(
    papers: pd.DataFrame, new: NDArray[np.bool_], basket: Iterable[str]
) -> list[tuple[int, str]]:
    """Return the rows of the new papers nearest to a basket, and why; the nearest first.

    They are ranked among all papers, and only those of the nearest fifth count.
    """
    kept = papers["paper_id"].isin(set(basket)).to_numpy()
    if not kept.any() or not (new & ~kept).any():
        return []
    others, library = papers[~kept].reset_index(drop=True), papers[kept].reset_index(drop=True)
    n = max(_FEW, round(_NEAREST * len(others)))
    with warnings.catch_warnings():
        # Of papers without a text; they come last.
        warnings.simplefilter("ignore", UserWarning)
        ranked = rank_new(others, library, n=n, diversity=0).dropna(subset=["why"])
    place = dict(zip(papers["paper_id"], range(len(papers))))
    rows = [(place[name], why) for name, why in zip(ranked["paper_id"], ranked["why"])]
    return [(row, why) for row, why in rows if new[row]][:_NEAR]


def _day(since: str) -> pd.Timestamp:
    # Only ISO dates: 03.04.2024 is a day in March for some and in April for others.
    text = since.isoformat()[:10] if isinstance(since, dt.date) else str(since)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
            return pd.Timestamp(dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01"))
    except ValueError:
        pass  # no such month or day
    raise DataError("not a date", argument="since", found=since, expected="YYYY-MM-DD or YYYY-MM")
