"""Questions for discussion from the data: code, similar papers, topics, news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.embedding.embedding import embed
from toolkit.papers.terms import find_terms
from toolkit.reading.reasons import parts_of

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel

#: A term describes a paper if at least this many papers have it (a paper's own new names do not) …
_MIN_PAPERS = 3
#: … and at most this share of the collection.
_MAX_SHARE = 0.15
#: Topics of fewer papers are not compared.
_MIN_TOPIC_SIZE = 20
#: A term belongs to another topic if its share of papers is larger there by this much.
_SHARE_GAP = 0.25
#: What is left of "end-to-end".
_IGNORED = {"end"}


class PaperTerms:
    """The terms of each paper of a collection, and how many papers have each term."""

    def __init__(self, papers: pd.DataFrame) -> None:
        split = [text.split() for text in find_terms(papers)]
        self.lists = dict(zip(papers["paper_id"], split))
        self.distinct = dict(zip(papers["paper_id"], (frozenset(words) for words in split)))
        self.n_papers = Counter(chain.from_iterable(self.distinct.values()))
        # In a small collection most terms are in a single paper.
        self.least = _MIN_PAPERS if len(papers) >= 200 else 1

    def counts(self, paper_id: str) -> Counter[str]:
        """Return the counts of a paper's descriptive terms, each in its longest form."""
        counts: Counter[str] = Counter(self.lists[paper_id])
        covered = {
            part
            for term, count in counts.items()
            for part in (term.split("_") if "_" in term else ())
            if 2 * count >= counts[part]
        }
        most = max(_MAX_SHARE * len(self.distinct), 2)
        return Counter(
            {
                word: count
                for word, count in counts.items()
                if word not in covered | _IGNORED
                and len(word) > 2
                and not word[0].isdigit()
                and self.least <= self.n_papers[word] <= most
            }
        )

    def most_specific(self, words: Mapping[str, int], *, n: int = 3) -> list[str]:
        """Return the most specific terms: frequent here, rare in other papers."""
        weight = {
            word: n * np.log(len(self.distinct) / self.n_papers[word]) for word, n in words.items()
        }
        chosen: list[str] = []
        for word in sorted(weight, key=lambda word: (-weight[word], word)):
            # One of `flood`, `floods` and `flood_warning` is enough.
            if not any(parts_of(word) & parts_of(other) for other in chosen):
                chosen.append(word)
        return [word.replace("_", " ") for word in chosen[:n]]


def find_questions(
    picks: pd.DataFrame,
    *,
    papers: pd.DataFrame | None = None,
    topics: TopicModel | None = None,
    checks: pd.DataFrame | None = None,
    news: pd.DataFrame | None = None,
) -> tuple[list[list[str]], str | None]:
    """Return questions for each pick, and one about all of them; arguments as for `agenda`."""
    whole = papers if papers is not None else picks
    terms = PaperTerms(whole)
    about = [[question] for question in _about_code(picks, checks)]
    similar = _most_similar(picks, whole) if papers is not None else {}
    for questions, paper_id in zip(about, picks["paper_id"]):
        if paper_id in similar:
            questions.append(_about_most_similar(paper_id, *similar[paper_id], terms))
        if topics is not None:
            questions += _about_topic(paper_id, topics, terms)
        if news is not None and topics is not None:
            questions += _about_news(paper_id, topics, news)
    return about, _across(picks, terms)


def _across(picks: pd.DataFrame, terms: PaperTerms) -> str | None:
    """Return a question about the two most similar picks."""
    ids = picks["paper_id"].tolist()
    if len(ids) < 2 or not set(ids) <= set(terms.lists):
        return None
    vectors = embed(picks)
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -2)
    one, two = sorted(int(place) for place in np.unravel_index(similar.argmax(), similar.shape))
    shared = _quoted(terms.most_specific(terms.counts(ids[one]) & terms.counts(ids[two])))
    both = f": both mention {shared}" if shared else ""
    return (
        f"Of these papers, {one + 1} and {two + 1} are the most similar{both}. "
        "What could one take from the other?"
    )


def _about_code(picks: pd.DataFrame, checks: pd.DataFrame | None) -> list[str]:
    claims = read_claims_of(picks).set_index("paper_id")
    links = find_links(picks).sort_values("kind", kind="stable")  # code before project
    links = links[links["own"] & links["kind"].isin(["code", "project"])]
    state = checks.set_index("url") if checks is not None else None
    questions = []
    for paper_id in picks["paper_id"]:
        urls = links.loc[links["paper_id"] == paper_id, "url"].tolist()
        known = [url for url in urls if state is not None and url in state.index]
        if state is not None and known:
            questions.append(_about_check(known[0], state.loc[known[0]]))
        else:
            claim = claims.loc[paper_id]
            code = "unknown" if pd.isna(claim["code"]) else str(claim["code"])
            questions.append(_about_claim(code, urls, claim["evidence"]))
    return questions


def _about_check(url: str, check: pd.Series[Any]) -> str:
    if pd.isna(check["resolves"]):
        return f"The link {url} gave no clear answer ({check['why']}). Does it open for you?"
    if not check["resolves"]:
        return f"The link {url} is dead ({check['why']}). What can be checked without it?"
    if pd.notna(check.get("empty")) and check["empty"]:
        return f"The repository {url} contains only a README. What is missing most?"
    licence = check.get("licence")
    under = "" if pd.isna(licence) else f", licence: {licence}"
    return f"The link {url} works{under}. Which figure of the paper could we run again first?"


def _about_claim(code: str, urls: list[str], evidence: Any) -> str:
    said = f" (“{evidence}”)" if isinstance(evidence, str) and len(evidence) < 200 else ""
    if code == "linked" and urls:
        return (
            f"Code is linked at {urls[0]}. Who tries it before we meet: does it run, and on what?"
        )
    return {
        "linked": f"Code is linked{said}. Who tries it before we meet: does it run, and on what?",
        "claimed": f"The abstract says that the code is out, but not where{said}. Can you find it?",
        "promised": f"Code was promised{said}. Is it there by now?",
        "request": f"Code is to be had from the authors on request{said}. Who asks them?",
        "unknown": "Its abstract is not at hand. Does the paper say where its code is?",
    }.get(code, "The abstract does not mention code. What would we need to repeat the main result?")


def _about_most_similar(
    paper_id: str, other_id: str, title: str, score: float, terms: PaperTerms
) -> str:
    here, there = terms.counts(paper_id), terms.counts(other_id)
    shared = _quoted(terms.most_specific(here & there))
    own = _quoted(terms.most_specific(_without(here, there)))
    other = _quoted(terms.most_specific(_without(there, here)))
    parts = [f"both mention {shared}"] if shared else []
    parts += [f"only this one mentions {own}"] if own else []
    parts += [f"only the other mentions {other}"] if other else []
    differences = f": {'; '.join(parts)}" if parts else ""
    return (
        f"The most similar paper in the collection is “{title}” (cosine {score:.2f}){differences}. "
        "What does the difference change?"
    )


def _without(here: Counter[str], there: Counter[str]) -> dict[str, int]:
    """Return the terms of one paper that share no word with any term of the other."""
    taken = {part for word in there for part in parts_of(word)}
    return {word: count for word, count in here.items() if not parts_of(word) & taken}


def _about_topic(paper_id: str, topics: TopicModel, terms: PaperTerms) -> list[str]:
    row = topics.papers[topics.papers["paper_id"] == paper_id]
    if row.empty:
        return []
    number, confidence = int(row["topic"].iloc[0]), float(row["confidence"].iloc[0])
    if number < 0:
        return ["It is in no topic of the topic model. Is it new, or only worded differently?"]
    label = topics.topics.set_index("topic")["label"][number]
    if confidence < 0.5:
        return [
            f"The topic model is unsure that it belongs to “{label}” "
            f"(confidence {confidence:.2f}). Where would you put it?"
        ]
    borrowed = _borrowed(paper_id, number, topics, terms)
    if borrowed is not None:
        word, own, other, elsewhere = borrowed
        return [
            f"“{word}” is in {own:.0%} of the papers on “{label}”, its topic, but in "
            f"{other:.0%} of those on “{elsewhere}”. What is borrowed, and does it carry over?"
        ]
    return []


def _borrowed(
    paper_id: str, number: int, topics: TopicModel, terms: PaperTerms
) -> tuple[str, float, float, str] | None:
    """Return the term most typical of another topic: the term, its two shares, that topic."""
    lists = topics.papers.groupby("topic")["paper_id"].agg(list)
    members: dict[int, list[str]] = {
        topic: ids
        for topic, ids in zip(lists.index, lists)
        if topic >= 0 and len(ids) >= _MIN_TOPIC_SIZE
    }
    if number not in members or paper_id not in terms.distinct:
        return None
    own = [word for word, count in terms.counts(paper_id).items() if count > 1]
    shares = {
        topic: {
            word: sum(word in terms.distinct.get(one, ()) for one in ids) / len(ids) for word in own
        }
        for topic, ids in members.items()
    }
    here = shares.pop(number)
    gaps = [
        (there[word] - here[word], word, topic)
        for topic, there in shares.items()
        for word in own
        if there[word] - here[word] > _SHARE_GAP
    ]
    if not gaps:
        return None
    _, word, topic = max(gaps, key=lambda gap: (gap[0], gap[1]))
    label = topics.topics.set_index("topic").loc[topic, "label"]
    return word.replace("_", " "), here[word], shares[topic][word], str(label)


def _about_news(paper_id: str, topics: TopicModel, news: pd.DataFrame) -> list[str]:
    row = topics.papers[topics.papers["paper_id"] == paper_id]
    number = int(row["topic"].iloc[0]) if len(row) else -1
    growing = news[news["what"].isin(["grown topic", "new topic"]) & (news["topic"] == number)]
    return [
        f"Its topic is growing ({detail}). Does this paper show why?"
        for detail in growing["detail"]
    ]


def _most_similar(picks: pd.DataFrame, papers: pd.DataFrame) -> dict[str, tuple[str, str, float]]:
    """Return for each pick the most similar paper: its id, its title and the cosine."""
    vectors = embed(papers)
    places = {paper_id: i for i, paper_id in enumerate(papers["paper_id"])}
    found = {}
    for paper_id in picks["paper_id"]:
        if paper_id not in places or len(papers) < 2:
            continue
        scores = vectors @ vectors[places[paper_id]]
        scores[places[paper_id]] = -2
        best = int(scores.argmax())
        other = papers.iloc[best]
        found[paper_id] = (str(other["paper_id"]), str(other["title"]), float(scores[best]))
    return found


def _quoted(chosen: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in chosen)
