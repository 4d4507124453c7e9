"""What the page of an update says, found in the collection, its topics and its log of links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.reading.agenda_page import by_line
from toolkit.reading.link_news import link_news
from toolkit.reading.news import since_last_meeting
from toolkit.topics.placing import TOLERATED, Fit
from toolkit.trends.figures import count_papers
from toolkit.updates.following import Following, day_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

_DAY = pd.Timedelta("1D")
#: Kinds of news that are about topics and terms, and their headings; and those about links.
_TOPICS = {
    "new topic": "New topics",
    "grown topic": "Topics that grew",
    "rising term": "Rising terms",
}
_LINKS = {"link gone": "Gone", "link back": "Back", "link filled": "Filled"}
_STRANGERS, _NONE = "Fit no topic", "In no topic"
#: What a page says of a paper's code.
_CODE = {
    "linked": "code",
    "claimed": "says its code is out, without a link",
    "promised": "promises code",
    "request": "code on request",
}


@dataclass(frozen=True)
class Paper:
    """A paper on the page."""

    title: str
    url: str | None
    by: str
    code: str = ""
    code_url: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Content:
    """What a page says: sentences, papers near the basket, new papers by topic, and lists."""

    title: str
    lead: str
    warnings: list[str]
    near: list[Paper]
    groups: list[tuple[str, list[Paper]]]
    lists: list[tuple[str, list[tuple[str, str | None]]]]
    queries: list[tuple[str, str]]
    is_news: bool


def find_content(
    papers: pd.DataFrame,
    new: NDArray[np.bool_],
    topics: TopicModel | None,
    placed: pd.DataFrame | None,
    *,
    following: Following,
    fit: Fit | None,
    log: Path | None,
    basket: Iterable[str],
    trouble: str = "",
) -> Content:
    """Return what is new since the last update, for the page.

    It depends on what is in the folder alone, so that the page of a day can be written again.

    Parameters
    ----------
    papers : DataFrame
        The collection, shape (n, …), with `arrived`.
    new : bool array, shape (n,)
        Which papers came since.
    topics, placed, fit : optional
        The folder's topics, from `place_papers` and from `judge_fit`.
    following : Following
        What the folder remembers once this update is done.
    log : path, optional
        The log of link checks.
    basket : iterable of str
        Paper ids.
    trouble : str
        Why there are no topics.
    """
    before = following.before
    since = pd.Timestamp(day_of(before)) + _DAY if before else pd.Timestamp("1900-01-01")
    news = _news(papers, new, topics, since, log, basket)
    shown = _papers(papers[new])
    lists = [*_lists(news), ("Code", _code_news(papers, news, following))]
    lists = [(heading, rows) for heading, rows in lists if rows]
    warnings = [trouble] if trouble else []
    warnings += [fit_in_words(fit)] if fit is not None and fit.verdict == "refit" else []
    when = f" since {before}" if before else ""
    n, with_code = int(new.sum()), sum(paper.code_url is not None for paper in shown.values())
    code = f", {with_code:,} with a link to code" if with_code else ""
    return Content(
        title=f"What is new, {following.ran}",
        lead=f"{count_papers(n)} came{when}{code}. The collection has {count_papers(len(papers))}.",
        warnings=[*warnings, *_unanswered(following)],
        near=_near(news, shown),
        groups=_groups(papers[new], shown, topics, placed),
        lists=lists,
        queries=[
            (one.name, "all that is there" if one.is_whole else f"published since {one.since}")
            for one in following.queries
        ],
        is_news=bool(n or any(heading == "Code" for heading, _ in lists)),
    )


def fit_in_words(fit: Fit) -> str:
    """Return what `judge_fit` found, in a sentence."""
    if not fit.placed:
        return "no paper has come since the topics were fitted"
    said = (
        f"{count_papers(fit.placed)} placed since the topics were fitted, {fit.strangers:,} of "
        f"them far from all others ({fit.share:.1%}, 95 % interval {fit.low:.1%} to {fit.high:.1%})"
    )
    if fit.verdict == "refit":
        said += (
            f": more than {TOLERATED:.0%}, so fit topics again, with toolkit.fit_topics(papers), "
            "and compare them with toolkit.compare_topics(old, new)"
        )
    return said


def _news(
    papers: pd.DataFrame,
    new: NDArray[np.bool_],
    topics: TopicModel | None,
    since: pd.Timestamp,
    log: Path | None,
    basket: Iterable[str],
) -> pd.DataFrame:
    """Return the news as `since_last_meeting` has it; of links alone where no paper is new."""
    if new.any():
        day = f"{since:%Y-%m-%d}"
        return since_last_meeting(papers, topics, since=day, log=log, basket=basket, terms=True)
    rows = [] if log is None else link_news(papers, log, since)
    return pd.DataFrame(rows, columns=["what", "topic", "paper_id", "url", "detail"])


def _papers(new: pd.DataFrame) -> dict[str, Paper]:
    """Return the new papers as the page shows them, by id."""
    claims = read_claims_of(new)
    links = find_links(new)
    own = links[links["own"].astype(bool) & links["kind"].isin(["code", "project"])]
    url_of = own.drop_duplicates("paper_id").set_index("paper_id")["url"]
    shown = {}
    # Where there is no text, the status is NA.
    for (_, paper), status in zip(new.iterrows(), claims["code"].astype(str).tolist()):
        name, url = str(paper["paper_id"]), paper.get("url")
        shown[name] = Paper(
            title=str(paper["title"]),
            url=url if isinstance(url, str) else None,
            by=by_line(paper),
            code=_CODE.get(status, ""),
            code_url=url_of.get(name) if status == "linked" else None,
        )
    return shown


def _near(news: pd.DataFrame, shown: dict[str, Paper]) -> list[Paper]:
    rows = news[news["what"] == "near the basket"]
    told = []
    for name, detail in zip(rows["paper_id"], rows["detail"]):
        after = detail.removeprefix(shown[name].title)
        told.append(replace(shown[name], note=after[after.index("near ") :]))
    return told


def _groups(
    new: pd.DataFrame,
    shown: dict[str, Paper],
    topics: TopicModel | None,
    placed: pd.DataFrame | None,
) -> list[tuple[str, list[Paper]]]:
    """Return the new papers by topic, most papers first; strangers and others last."""
    if topics is None or placed is None:
        return [("New papers", list(shown.values()))] if shown else []
    table = placed[placed["paper_id"].isin(set(new["paper_id"]))]
    labels = topics.topics.set_index("topic")["label"].astype(str).to_dict()
    groups: dict[tuple[int, str], list[Paper]] = {}
    for name, topic, stranger in zip(table["paper_id"], table["topic"], table["stranger"]):
        label, paper = labels.get(topic, ""), shown[str(name)]
        if stranger:
            paper = replace(paper, note=f"nearest topic: {label}" if label else "")
        key = (1, _STRANGERS) if stranger else (0, label) if topic >= 0 else (2, _NONE)
        groups.setdefault(key, []).append(paper)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    return [(label, some) for (_, label), some in ordered]


def _lists(news: pd.DataFrame) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (heading, [(detail, None) for detail in news.loc[news["what"] == what, "detail"]])
        for what, heading in _TOPICS.items()
    ]


def _code_news(
    papers: pd.DataFrame, news: pd.DataFrame, following: Following
) -> list[tuple[str, str | None]]:
    """Return what changed in links, and in what papers say of their code, since the last update."""
    titles = dict(zip(papers["paper_id"], papers["title"]))
    rows = news[news["what"].isin(list(_LINKS))]
    told = [
        (f"{_LINKS[what]}: {detail}" + (f" ({titles[name]})" if name in titles else ""), url)
        for what, name, url, detail in zip(
            rows["what"], rows["paper_id"], rows["url"], rows["detail"]
        )
    ]
    filled = pd.DataFrame(following.changes, columns=["day", "paper_id", "column", "origin"])
    some = papers[papers["paper_id"].isin(set(filled["paper_id"]))].reset_index(drop=True)
    if some.empty:
        return told
    code = dict(zip(some["paper_id"], read_claims_of(some)["code"].astype(object)))
    by_id = {str(paper["paper_id"]): paper for _, paper in some.iterrows()}
    for name, column, origin in filled[["paper_id", "column", "origin"]].itertuples(index=False):
        value = by_id[name].get(column) if name in by_id else None
        status = _CODE.get(str(code.get(name)), "")
        if status and isinstance(value, str):
            where = value if column in ("code_url", "project_url") else None
            told.append((f"{by_id.pop(name)['title']}: {status}, says {origin}", where))
    return told


def _unanswered(following: Following) -> list[str]:
    """Return what is said of queries that were not answered in full, each time they were asked."""
    return [
        f"{one.name}: not answered in full"
        + (f" since {one.until}" if one.until else " yet")
        + "; it is asked again at the next update"
        for one in following.queries
        if one.until != following.ran
    ]
