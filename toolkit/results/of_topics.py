"""Sentences on topics: what a collection is about, and whether its topics come back in refits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.results.sentences import Finding, listed, of_all, quoted, sentence, some
from toolkit.trends.figures import count_papers
from toolkit.trends.wording import percent

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: Topics that are named.
_MOST = 3


def fragile_topics(card: pd.DataFrame | None) -> set[Any]:
    """Return the topics that a reliability card calls fragile."""
    return set() if card is None else set(card.loc[card["verdict"] == "fragile", "topic"].tolist())


def tell_topics(topics: TopicModel, card: pd.DataFrame | None) -> list[Finding]:
    """Return the largest topics, of those that refits find again, and the papers without one."""
    table = topics.topics[topics.topics["topic"] >= 0]
    n, k = len(topics.papers), len(table)
    outliers = int((topics.papers["topic"] < 0).sum())
    told: list[Finding] = []
    if outliers and k:
        fit = "fits" if outliers == 1 or n == 1 else "fit"
        text = f"{of_all(outliers, n)} ({percent(outliers / n, of=n)}) {fit} no topic"
        left = {"papers": n, "outliers": outliers, "share": outliers / n}
        told.append(Finding("missing", sentence(text), "count", left))
    if not k:
        text = f"no topics were found in {count_papers(n)}"
        return [Finding("topics", sentence(text), "open", {"papers": n}), *told]
    shaky = fragile_topics(card)
    firm = table[~table["topic"].isin(shaky)].sort_values(
        ["size", "topic"], ascending=[False, True], kind="stable"
    )
    if firm.empty:
        return told  # `tell_card` says that there is nothing to say
    named = firm.head(_MOST)
    sizes = [int(size) for size in named["size"].tolist()]
    parts = [
        f"{quoted(label)} ({count_papers(size)}, {percent(size / n, of=n)})"
        for label, size in zip(named["label"].tolist(), sizes)
    ]
    figures: dict[str, Any] = {"topics": k, "papers": n}
    for place, size in enumerate(sizes, 1):
        figures |= {f"size {place}": size, f"share {place}": size / n}
    if k == 1:
        text = f"all papers with a topic are in one, {parts[0]}"
    elif shaky:
        figures["firm"] = len(firm)
        text = f"of {some(k, 'topic')}, {len(firm):,} came back in refits"
        text += f"; the largest of them are {listed(parts)}" if len(firm) > len(parts) else (
            f": {listed(parts)}"
        )  # fmt: skip
    elif k <= _MOST:
        text = f"the papers fall into {some(k, 'topic')}: {listed(parts)}"
    else:
        text = f"the papers fall into {some(k, 'topic')}; the largest are {listed(parts)}"
    sure = "count" if card is None else "test"
    return [Finding("topics", sentence(text), sure, figures), *told]


def tell_card(card: pd.DataFrame) -> list[Finding]:
    """Return how many topics come back when the collection changes a little."""
    counts = card["verdict"].astype(str).value_counts()
    solid, usable, fragile = (int(counts.get(v, 0)) for v in ("solid", "usable", "fragile"))
    k = len(card)
    figures = {"topics": k, "solid": solid, "usable": usable, "fragile": fragile}
    agreement = getattr(card, "agreement", None)
    refits = "refits"
    if agreement is not None:
        figures["refits"] = len(agreement)
        refits = f"{len(agreement)} refits"
    if fragile == k:
        topics = "the only topic did not" if k == 1 else f"none of the {k:,} topics surely"
        text = (
            f"{topics} {'surely come' if k == 1 else 'came'} back in {refits} that each left out a "
            "fifth of the papers: no statement on the topics of this collection is safe"
        )
        return [Finding("reliability", sentence(text), "test", figures)]
    parts = [f"{n:,} {name}" for n, name in ((solid, "solid"), (usable, "usable")) if n]
    text = (
        f"in {refits} that each left out a fifth of the papers, "
        f"{of_all(k - fragile, k, 'topic')} came back ({listed(parts)})"
    )
    if fragile:
        are, them = ("is", "it") if fragile == 1 else ("are", "them")
        text += f"; {fragile:,} {are} fragile: no statement should rest on {them}"
    return [Finding("reliability", sentence(text), "test", figures)]
