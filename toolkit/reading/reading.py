"""Reading lists for a group: which papers to read next, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.claims.claims import code_claims, find_links
from toolkit.errors import DataError, check_weight, check_whole, checked, warn_user
from toolkit.papers.columns import counts_of
from toolkit.papers.schema import check_papers
from toolkit.reading.paper_dates import ages, countable, days_of, recency_of, written_dates

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Score of each code status; 0 for others.
_CODE = {"checked": 1.0, "linked": 0.8, "claimed": 0.4, "promised": 0.2, "request": 0.1}


@checked
def pick_reading(
    papers: pd.DataFrame,
    topics: TopicModel,
    *,
    n: int = 5,
    read: pd.DataFrame | Iterable[str] = (),
    checks: pd.DataFrame | None = None,
    code: float = 1.0,
    recency: float = 1.0,
    upvotes: float = 1.0,
    half_life: str = "180D",
    seed: int = 42,
) -> pd.DataFrame:
    """Return papers for a reading group to read next, spread over topics, each with its reason.

    Topics take turns: the next paper comes from the topic of which the group has read least so
    far, and among such topics from the one with the best candidate. A paper's score is a weighted
    sum of three numbers between 0 and 1: its code (links checked alive 1, linked 0.8, claimed 0.4,
    promised 0.2, on request 0.1, none, unknown or found dead 0), its recency (halved every
    `half_life`) and its rank by upvotes.

    Parameters
    ----------
    papers : DataFrame
        A papers table.
    topics : TopicModel
        Topics of these papers; papers without a topic come last.
    n : int
        Number of papers.
    read : DataFrame or iterable of str
        Papers already read, as a table with `paper_id` (earlier picks) or as ids. They are left
        out, and count as read for their topics.
    checks : DataFrame, optional
        From `check_links`: which links work.
    code, recency, upvotes : float
        Weights, 0 or more; with 0 the number is ignored.
    half_life : str
        Time after which a paper counts half as recent. Age is measured from the newest paper, so
        that the picks do not depend on today's date.
    seed : int
        Decides between papers with equal scores.

    Returns
    -------
    DataFrame
        The picks as a papers table, in order, with three more columns: `topic`, `score` and
        `reason`. Fewer than `n` where no more are left.

    Raises
    ------
    DataError
        `topics` are of other papers, a number is out of range, or `read` has no ids.

    Warns
    -----
    UserWarning
        No id of `read` is in this collection, or no paper is left to read.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> topics = toolkit.fit_topics(papers)
    >>> picks = toolkit.pick_reading(papers, topics, n=3)
    >>> len(picks), picks["reason"].isna().any()
    (3, np.False_)
    """
    check_papers(papers)
    for name, value in (("code", code), ("recency", recency), ("upvotes", upvotes)):
        check_weight(value, name)
    check_whole(n, "n", least=1)
    table = _candidates(papers, topics, checks)
    age = ages(papers)
    table["recent"] = recency_of(papers, days_of(half_life))
    votes = counts_of(papers, "upvotes").astype("Float64")
    table["liked"] = votes.rank(pct=True).fillna(0).to_numpy(dtype=float)
    fewer = (votes.rank(method="min") - 1) / max(int(votes.notna().sum()), 1)
    table["fewer"] = fewer.to_numpy(dtype=float, na_value=np.nan)
    table["votes"] = votes.to_numpy(dtype=float, na_value=np.nan)
    table["age"] = age.where(countable(papers)).to_numpy()
    table["dated"] = written_dates(papers).to_numpy()
    table["score"] = (
        code * table["code"].map(_CODE).fillna(0)
        + recency * table["recent"]
        + upvotes * table["liked"]
    )
    done = read_ids(read, papers)
    turns = table[table["paper_id"].isin(done)].groupby("topic").size()
    table["tie_break"] = np.random.default_rng(seed).permutation(len(table))
    left = table[~table["paper_id"].isin(done)]
    if len(table) and left.empty:
        warn_user(f"all {len(table)} papers of this collection are read: none is left to pick")
    picked = _take_turns(left, turns, n)
    picks = papers.iloc[picked.index].reset_index(drop=True)
    picks["topic"] = picked["topic"].to_numpy()
    picks["score"] = picked["score"].to_numpy(dtype=float)
    labels = topics.topics.set_index("topic")["label"].astype(str)
    reasons = [_reason(row, labels, turns, upvotes > 0) for row in picked.itertuples()]
    picks["reason"] = pd.array(reasons, dtype="string")
    return picks


def _candidates(
    papers: pd.DataFrame, topics: TopicModel, checks: pd.DataFrame | None
) -> pd.DataFrame:
    """Return one row a paper, in their order: paper_id, topic and code status."""
    of_paper = topics.papers.set_index("paper_id")["topic"]
    topic = papers["paper_id"].map(of_paper)
    if topic.isna().any():
        raise DataError(
            "a paper is not in the topics",
            source="topics",
            row=int(topic.isna().to_numpy().argmax()) + 1,
            found=papers["paper_id"][topic.isna()].iloc[0],
            hint="Fit topics to these papers",
        )
    claims = code_claims(papers).set_index("paper_id")["code"]
    code = papers["paper_id"].map(claims).fillna("unknown").astype(object)
    if checks is not None:
        links = find_links(papers)
        links = links[links["own"] & links["kind"].isin(["code", "project"])]
        works = links["url"].map(checks.set_index("url")["resolves"])
        links = links.assign(works=works.astype("boolean"))[works.notna().to_numpy()]
        best = papers["paper_id"].map(links.groupby("paper_id")["works"].max())
        best = best.astype("boolean")
        code = code.mask(best.fillna(False).astype(bool), "checked")
        code = code.mask((~best).fillna(False).astype(bool) & (code == "linked"), "gone")
    return pd.DataFrame(
        {
            "paper_id": papers["paper_id"].to_numpy(),
            "topic": topic.astype(int).to_numpy(),
            "code": code.to_numpy(),
        }
    )


def read_ids(read: Any, papers: pd.DataFrame, *, argument: str = "read") -> set[Any]:
    """Return ids of papers, given as such or in a table; raise DataError where they cannot be."""
    hint = "Pass earlier picks, or a list of their paper_id"
    not_ids = isinstance(read, str | bytes) or not isinstance(read, Iterable)
    if not_ids or (isinstance(read, pd.DataFrame) and "paper_id" not in read):
        raise DataError(
            "not a list of papers",
            argument=argument,
            found=list(read.columns) if isinstance(read, pd.DataFrame) else read,
            expected="a table with paper_id, or a list of ids",
            hint=hint,
        )
    ids = set(read["paper_id"] if isinstance(read, pd.DataFrame) else read)
    known = ids & set(papers["paper_id"])
    titles = sorted((ids - known) & set(papers["title"]))
    if titles:
        raise DataError("a title, not an id", argument=argument, found=titles[0], hint=hint)
    # Some may be of an earlier collection, but hardly all of them.
    if ids and not known:
        warn_user(f"{len(ids)} of {len(ids)} ids in {argument}= are not in this collection. {hint}")
    return ids


def _take_turns(left: pd.DataFrame, turns: pd.Series[Any], n: int) -> pd.DataFrame:
    """Return picks by turns: the topic read least, then the best paper; outliers last."""
    ranked = left.sort_values(["score", "tie_break"], ascending=[False, True])
    nth = ranked.groupby("topic").cumcount() + ranked["topic"].map(turns).fillna(0)
    order = pd.DataFrame({"outlier": ranked["topic"] < 0, "turn": nth, "place": range(len(ranked))})
    return ranked.loc[order.sort_values(["outlier", "turn", "place"]).index[:n]]


def _reason(row: Any, labels: pd.Series[Any], turns: pd.Series[Any], by_votes: bool) -> str:
    """Return why a paper was picked, from the numbers that decided."""
    if row.topic < 0:
        parts = ["fits no topic"]
    else:
        already = int(turns.get(row.topic, 0))
        label = labels.get(row.topic, f"topic {row.topic}")
        parts = [f"{label}: " + (f"{already} read so far" if already else "not read yet")]
    says = {
        "checked": "its link was checked and works",
        "linked": "links its code",
        "claimed": "says its code is out, without a link",
        "promised": "promises code",
        "request": "gives its code on request",
        "gone": "its link is dead",
    }
    parts += [says[row.code]] if row.code in says else []
    if by_votes and row.votes == row.votes and row.liked > 0.5:
        parts.append(f"{_count(row.votes, 'upvote')} (more than {row.fewer:.0%} of the papers)")
    if row.age == row.age:
        days = _count(row.age, "day")
        parts.append("among the newest" if row.age < 1 else f"{days} older than the newest")
    elif isinstance(row.dated, str):
        parts.append(f"dated {row.dated}")
    return "; ".join(parts)


def _count(number: float, noun: str) -> str:
    return f"{number:,.0f} {noun}" + ("" if round(number) == 1 else "s")
