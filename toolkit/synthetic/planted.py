"""Planted collections: invented papers with known topics, trends and code rates.

They show how far a method finds what is known to be there. The text is built from the invented
words and sentences of `vocabulary`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.papers.schema import make_papers
from toolkit.synthetic import vocabulary


@dataclass(frozen=True)
class Planted:
    """A planted collection and its true topics, trends and code rates.

    Attributes
    ----------
    papers : DataFrame
        A papers table, as `load` returns it.
    truth : DataFrame
        One row a paper, in their order: `paper_id`, `topic` (planted, from 0), `has_code`
        (whether the paper has code), `code` (what the abstract says about it: linked, claimed,
        promised, none).
    topics : DataFrame
        One row a topic: `topic`, `name`, `share_start` and `share_end` (planted share of the
        papers on the first and the last day), `change` (of the share, a year), `code_rate`
        (planted probability of `has_code`).
    """

    papers: pd.DataFrame
    truth: pd.DataFrame
    topics: pd.DataFrame


@checked
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
    """Return an invented collection with known topics, trends and code rates.

    Parameters
    ----------
    n_papers : int
        Number of papers, 1 to 100,000.
    n_topics : int
        Number of topics, 1 to 12, with equal shares in the middle of the time span.
    start : str
        Date of the first papers.
    years : float
        Length of the time span, over which papers appear evenly.
    trends : mapping of int to float, optional
        Change of a topic's share in a year: with ``{0: 0.1, 1: -0.1}`` topic 0 gains and topic 1
        loses ten percentage points. Shares add up to one, so changes add up to zero.
    code_rates : float or mapping of int to float
        Probability that a paper has code, for all topics or by topic (0.5 by default).
    silent : float
        Probability that a paper with code does not say so in its abstract; no detector that reads
        abstracts can find these papers.
    promised : float
        Probability that a paper without code promises code.
    blur : float
        Share of a topic's words that are drawn from any topic: at 0 the topics share no words of
        their own, at 1 the text holds no topics at all.
    seed : int
        Same seed, same collection.

    Returns
    -------
    Planted
        `.papers`, `.truth` and `.topics`.

    Raises
    ------
    DataError
        A number is out of its range, a topic is unknown, the changes do not add up to zero, or
        a share falls below zero.

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
        raise DataError("code_rates must be between 0 and 1", found=code_rates)
    if abs(changes.sum()) > 1e-9:
        raise DataError(
            "the changes of trends must add up to 0, because shares add up to 1",
            found=float(changes.sum()),
            hint="Give other topics negative changes that cancel the positive ones",
        )
    shares = 1 / n_topics + np.outer([-years / 2, years / 2], changes)
    if (shares < 0).any():
        raise DataError(
            f"the trend of topic {int(shares.min(axis=0).argmin())} makes its share negative",
            found=changes.tolist(),
            expected=f"changes within ±{2 / n_topics / years:.3g} for {n_topics} topics",
        )
    rng = np.random.default_rng(seed)
    when = np.sort(rng.uniform(0, 1, n_papers))
    chances = shares[0] + when[:, None] * (shares[1] - shares[0])
    topic = (chances.cumsum(axis=1) < rng.uniform(0, 1, (n_papers, 1))).sum(axis=1)
    topic = topic.clip(max=n_topics - 1)
    has_code = rng.uniform(size=n_papers) < rates[topic]
    code = _statements(rng, has_code, silent, promised)
    papers = _write(rng, topic, code, blur, n_topics)
    papers["published"] = _days(start) + pd.to_timedelta((when * years * 365.25).astype(int), "D")
    papers["published_precision"] = "day"
    table = make_papers(papers, source="planted", clean=False)
    truth = pd.DataFrame(
        {"paper_id": table["paper_id"], "topic": topic, "has_code": has_code, "code": code}
    ).astype({"topic": "int64", "code": "string"})
    names = [name for name, _, _ in vocabulary.FIELDS[:n_topics]]
    topics = pd.DataFrame({"topic": range(n_topics), "name": pd.array(names, dtype="string")})
    topics["share_start"], topics["share_end"] = shares
    topics["change"], topics["code_rate"] = changes, rates
    return Planted(table, truth, topics)


def _check(
    n_papers: int, n_topics: int, years: float, silent: float, promised: float, blur: float
) -> None:
    limits = {
        "n_papers": (n_papers, 1, 100_000),
        "n_topics": (n_topics, 1, len(vocabulary.FIELDS)),
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
    rng: np.random.Generator, has_code: Any, silent: float, promised: float
) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return what each abstract says about code."""
    says, how = rng.uniform(size=len(has_code)), rng.uniform(size=len(has_code))
    there = np.where(says < silent, "none", np.where(how < 0.6, "linked", "claimed"))
    missing = np.where(says < promised, "promised", "none")
    return np.where(has_code, there, missing).astype(object)


def _write(
    rng: np.random.Generator, topic: Any, code: Any, blur: float, n_topics: int
) -> pd.DataFrame:
    """Return titles and abstracts."""
    fields = vocabulary.FIELDS[:n_topics]
    nouns = [nouns.split() for _, nouns, _ in fields]
    adjectives = [adjectives.split() for _, _, adjectives in fields]
    common = np.array(vocabulary.COMMON.split(), dtype=object)
    code_sentences = {
        "linked": vocabulary.LINKED,
        "claimed": vocabulary.CLAIMED,
        "promised": vocabulary.PROMISED,
    }
    titles: dict[str, None] = {}
    abstracts = []
    for number, (own, said) in enumerate(zip(topic, code)):
        words = _Words(rng, int(own), {"N": nouns, "A": adjectives}, common, blur)
        title = words.fill(str(rng.choice(vocabulary.TITLES)))
        while title in titles:
            title = f"{title} {words.draw('N')}"
        titles[title] = None
        sentences = vocabulary.SENTENCES
        picked = rng.choice(len(sentences), size=int(rng.integers(4, 7)), replace=False)
        body = [words.fill(sentences[i]) for i in picked]
        body.append(words.fill(str(rng.choice(vocabulary.ENDINGS))))
        if said in code_sentences:
            # Names that no host can have (RFC 2606).
            host = "lab.example.net" if number % 4 == 0 else "code.example.org"
            url = f"https://{host}/planted/{'-'.join(title.lower().split()[:2])}"
            sentence = str(rng.choice(code_sentences[said]))
            body.append(sentence.replace("URL", f"{url}-{number}"))
        abstracts.append(" ".join(body))
    return pd.DataFrame({"title": list(titles), "abstract": abstracts})


@dataclass
class _Words:
    """Random words for one paper.

    Parameters
    ----------
    rng : Generator
    topic : int
        The paper's topic.
    lists : dict
        Nouns (N) and adjectives (A) of every topic, the most frequent first.
    common : ndarray of str
        Words that all topics share.
    blur : float
        Chance that a word is of any topic instead of the paper's own.
    """

    rng: np.random.Generator
    topic: int
    lists: dict[str, list[list[str]]]
    common: Any
    blur: float

    def fill(self, pattern: str) -> str:
        """Return a sentence pattern filled with words."""
        return _ARTICLE.sub("an ", vocabulary.fill_pattern(pattern, self.draw))

    def draw(self, kind: str) -> str:
        """Return a word: N a noun, A an adjective, C a word of all topics."""
        if kind == "C":
            return str(self.rng.choice(self.common))
        words, topic = self.lists[kind], self.topic
        if len(words) > 1 and self.rng.uniform() < self.blur:
            topic = int(self.rng.integers(len(words)))
        return vocabulary.draw_word(words[topic], self.rng)


#: "a" before a vowel.
_ARTICLE = re.compile(r"\ba (?=[aeiou])")
