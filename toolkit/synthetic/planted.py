"""Planted collections: papers nobody wrote, with topics, trends and code rates that are known.

A method can be judged where the truth is known. Text is put together from invented sentences and
from the word lists in `plantwords`; nothing of it was written by the authors of a paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.synthetic.vocabulary import (
    CLAIMED,
    COMMON,
    ENDINGS,
    FIELDS,
    LINKED,
    PROMISED,
    SENTENCES,
    TITLES,
)


@dataclass(frozen=True)
class Planted:
    """A planted collection and the truth about it.

    Attributes
    ----------
    papers : DataFrame
        Papers table, as a loader makes it.
    truth : DataFrame
        One row a paper, in their order: `paper_id`, `topic` (planted, from 0), `has_code`
        (whether there is code at all), `code` (what the abstract says of it: linked, claimed,
        promised, none).
    topics : DataFrame
        One row a topic: `topic`, `name`, `share_start` and `share_end` (of the papers, planted,
        at the first and the last day), `change` (share points a year, as a fraction),
        `code_rate` (planted chance of `has_code`).
    """

    papers: pd.DataFrame
    truth: pd.DataFrame
    topics: pd.DataFrame


def plant_collection(
    *,
    n_papers: int = 600,
    n_topics: int = 6,
    start: str = "2023-01-01",
    years: float = 2.0,
    trends: Mapping[int, float] | None = None,
    code_rates: float | Mapping[int, float] = 0.5,
    silent: float = 0.2,
    promised: float = 0.1,
    blur: float = 0.1,
    seed: int = 42,
) -> Planted:
    """Draw a collection with known topics, trends and code rates.

    Parameters
    ----------
    n_papers : int
        Number of papers, 1 to 100,000.
    n_topics : int
        Number of topics, 1 to 12, of equal share in the middle of the time.
    start : str
        Day of the first papers.
    years : float
        Length of time over which papers appear, evenly.
    trends : mapping of int to float, optional
        How much the share of a topic changes in a year: ``{0: 0.1, 1: -0.1}`` lets topic 0 gain
        and topic 1 lose ten points of a hundred. Shares add up to one, so changes add up to zero.
    code_rates : float or mapping of int to float
        Chance that a paper has code, for all topics or by topic (0.5 where not named).
    silent : float
        Chance that a paper with code does not say so in its abstract: what any detector that
        reads abstracts must miss.
    promised : float
        Chance that a paper without code promises some.
    blur : float
        Share of the words of a topic that come from any other topic: at 0 topics are as far
        apart as they can be, at 1 there are none in the text, whatever the truth says.
    seed : int
        Same seed, same collection.

    Returns
    -------
    Planted
        `.papers`, `.truth` and `.topics`.

    Raises
    ------
    DataError
        A number out of its range, an unknown topic, changes that do not add up to zero, or that
        take a share below zero.

    Examples
    --------
    >>> planted = plant_collection(n_papers=50, n_topics=2, trends={0: 0.2, 1: -0.2}, seed=1)
    >>> planted.topics[["name", "share_start", "share_end"]].round(2).values.tolist()
    [['speech', 0.3, 0.7], ['grasping', 0.7, 0.3]]
    >>> bool((planted.papers["paper_id"] == planted.truth["paper_id"]).all())
    True
    """
    _check(n_papers, n_topics, years, silent, promised, blur)
    changes = _by_topic("trends", trends or {}, n_topics, 0.0)
    rates = _by_topic("code_rates", code_rates, n_topics, 0.5)
    if ((rates < 0) | (rates > 1)).any():
        raise DataError("code_rates must lie between 0 and 1", found=code_rates)
    if abs(changes.sum()) > 1e-9:
        raise DataError(
            "the changes of trends must add up to 0, because shares add up to 1",
            found=float(changes.sum()),
            hint="Let other topics lose what one gains",
        )
    shares = 1 / n_topics + np.outer([-years / 2, years / 2], changes)
    if (shares < 0).any():
        raise DataError(
            f"the trend of topic {int(shares.min(axis=0).argmin())} takes its share below 0",
            found=changes.tolist(),
            expected=f"changes within ±{2 / n_topics / years:.3g} for {n_topics} topics",
        )
    chance = np.random.default_rng(seed)
    when = np.sort(chance.uniform(0, 1, n_papers))
    chances = shares[0] + when[:, None] * (shares[1] - shares[0])
    topic = (chances.cumsum(axis=1) < chance.uniform(0, 1, (n_papers, 1))).sum(axis=1)
    topic = topic.clip(max=n_topics - 1)
    has_code = chance.uniform(size=n_papers) < rates[topic]
    code = _statements(chance, has_code, silent, promised)
    papers = _write(chance, topic, code, blur, n_topics)
    papers["published"] = _days(start) + pd.to_timedelta((when * years * 365.25).astype(int), "D")
    papers["published_precision"] = "day"
    table = make_papers(papers, source="planted", clean=False)
    truth = pd.DataFrame(
        {"paper_id": table["paper_id"], "topic": topic, "has_code": has_code, "code": code}
    ).astype({"topic": "int64", "code": "string"})
    names = [name for name, _, _ in FIELDS[:n_topics]]
    topics = pd.DataFrame({"topic": range(n_topics), "name": pd.array(names, dtype="string")})
    topics["share_start"], topics["share_end"] = shares
    topics["change"], topics["code_rate"] = changes, rates
    return Planted(table, truth, topics)


def _check(
    n_papers: int, n_topics: int, years: float, silent: float, promised: float, blur: float
) -> None:
    limits = {
        "n_papers": (n_papers, 1, 100_000),
        "n_topics": (n_topics, 1, len(FIELDS)),
        "years": (years, 0.01, 100),
        "silent": (silent, 0, 1),
        "promised": (promised, 0, 1),
        "blur": (blur, 0, 1),
    }
    for name, (value, low, high) in limits.items():
        if not low <= value <= high:
            raise DataError(f"{name} is out of range", found=value, expected=f"{low} to {high}")


def _by_topic(
    name: str, values: float | Mapping[int, float], n_topics: int, default: float
) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not isinstance(values, Mapping):
        return np.full(n_topics, float(values))
    array = np.full(n_topics, default)
    for topic, value in values.items():
        if topic not in range(n_topics):
            raise DataError(
                f"{name} names an unknown topic", found=topic, expected=f"0 to {n_topics - 1}"
            )
        array[topic] = value
    return array


def _days(start: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(start)
    except ValueError:
        raise DataError("start is not a date", found=start, expected="YYYY-MM-DD") from None


def _statements(
    chance: np.random.Generator, has_code: Any, silent: float, promised: float
) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Decide what each abstract says of code."""
    says, how = chance.uniform(size=len(has_code)), chance.uniform(size=len(has_code))
    there = np.where(says < silent, "none", np.where(how < 0.6, "linked", "claimed"))
    missing = np.where(says < promised, "promised", "none")
    return np.where(has_code, there, missing).astype(object)


def _write(
    chance: np.random.Generator, topic: Any, code: Any, blur: float, n_topics: int
) -> pd.DataFrame:
    """Put titles and abstracts together."""
    things = [np.array(nouns.split(), dtype=object) for _, nouns, _ in FIELDS[:n_topics]]
    kinds = [np.array(adjectives.split(), dtype=object) for _, _, adjectives in FIELDS[:n_topics]]
    common = np.array(COMMON.split(), dtype=object)
    titles: dict[str, None] = {}
    abstracts = []
    for number, (own, said) in enumerate(zip(topic, code)):
        words = _Words(chance, int(own), things, kinds, common, blur)
        title = words.fill(str(chance.choice(TITLES)))
        while title in titles:
            title = f"{title} {words.thing()}"
        titles[title] = None
        picked = chance.choice(len(SENTENCES), size=int(chance.integers(4, 7)), replace=False)
        body = [words.fill(SENTENCES[i]) for i in picked]
        body.append(words.fill(str(chance.choice(ENDINGS))))
        pool = {"linked": LINKED, "claimed": CLAIMED, "promised": PROMISED}.get(said)
        if pool:
            url = f"https://code.example.org/planted/{'-'.join(title.lower().split()[:2])}"
            body.append(str(chance.choice(pool)).replace("URL", f"{url}-{number}"))
        abstracts.append(" ".join(body))
    return pd.DataFrame({"title": list(titles), "abstract": abstracts})


@dataclass
class _Words:
    """Words for one paper; a topic's words come in order of preference, as in real text."""

    chance: np.random.Generator
    own: int
    things: list[Any]
    kinds: list[Any]
    common: Any
    blur: float

    def thing(self) -> str:
        """Draw a noun of the topic, or of any other."""
        return self._draw(self.things)

    def fill(self, pattern: str) -> str:
        """Fill the places of a sentence: N a noun, A an adjective, C a word of all topics."""
        words: list[str] = []
        for word in pattern.split():
            bare = word.rstrip(".,:")
            if bare == "N":
                word = self._draw(self.things) + word[1:]
            elif bare == "A":
                word = self._draw(self.kinds) + word[1:]
            elif bare == "C":
                word = str(self.chance.choice(self.common)) + word[1:]
            if words and words[-1] in ("a", "A") and bare in "NAC" and word[0] in "aeiou":
                words[-1] += "n"
            words.append(word)
        text = " ".join(words)
        return text[0].upper() + text[1:]

    def _draw(self, lists: list[Any]) -> str:
        field = self.own
        if len(lists) > 1 and self.chance.uniform() < self.blur:
            field = int(self.chance.integers(len(lists)))
        words = lists[field]
        # Zipf-like: the first words of a list are its commonest.
        place = int(len(words) * self.chance.uniform() ** 1.7)
        return str(words[place])
