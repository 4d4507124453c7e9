"""Planted collections for the browser tests, imported by the notebooks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from toolkit.papers.schema import make_papers

_WORDS = "cave star map table river glass stone wind lamp ink rope sail bell wheel door"
WORDS = _WORDS.split(" ")
HOSTILE = [
    "<script>window.pwned = 1</script> on maps",
    '"><img src=x onerror="window.pwned = 2"> tables',
    "</script><script>window.pwned = 3</script>",
    "A" * 400,
    "\u202eright to left\u202c مقدمة في الخرائط",
    "{{constructor.constructor('window.pwned = 4')()}} ${window.pwned = 5}",
]


class Topics(SimpleNamespace):
    """The part of a TopicModel that the explorer uses."""

    def rename(self, names):
        label = self.topics["topic"].map(names).fillna(self.topics["label"])
        return Topics(**{**vars(self), "topics": self.topics.assign(label=label)})

    def drop(self, numbers):
        topic = self.papers["topic"].replace(dict.fromkeys(numbers, -1))
        kept = self.topics[~self.topics["topic"].isin(numbers)]
        return Topics(
            papers=self.papers.assign(topic=topic), topics=kept, vectors=self.vectors, settings={}
        )

    def merge(self, numbers):
        first, *others = sorted(numbers)
        topic = self.papers["topic"].replace(dict.fromkeys(others, first))
        kept = self.topics[~self.topics["topic"].isin(others)]
        kept = kept.assign(size=kept["topic"].map(topic.value_counts()))
        return Topics(
            papers=self.papers.assign(topic=topic), topics=kept, vectors=self.vectors, settings={}
        )


def plant(n=5680, *, topics=60, seed=1, hostile=False):
    """Return papers, topics, links and claims; the first six papers are hostile if wanted."""
    rng = np.random.default_rng(seed)
    topic = np.sort(rng.integers(0, topics, n))
    titles = [
        f"{WORDS[t % 15]} {WORDS[(t // 15 + i) % 15]} number {i}" for i, t in enumerate(topic)
    ]
    body = [f"We study {WORDS[i % 15]} and {WORDS[(i * 7) % 15]} with care." for i in range(n)]
    if hostile:
        titles[: len(HOSTILE)] = HOSTILE
        body[: len(HOSTILE)] = HOSTILE
    month = rng.integers(0, 26, n)
    papers = make_papers(
        pd.DataFrame(
            {
                "paper_id": [f"title:{i:016x}" for i in range(n)],
                "title": titles,
                "abstract": body,
                "published": [f"{2024 + m // 12}-{m % 12 + 1:02d}-11" for m in month],
                "upvotes": rng.integers(0, 300, n),
                "venue": rng.choice(["Cave Days", "Star Letters", "Map Notes"], n),
            }
        ),
        source="planted",
        clean=False,
    )
    centre = rng.normal(size=(topics, 2)) * 6
    place = centre[topic] + rng.normal(size=(n, 2)) * 0.5
    labels = [f"{WORDS[t % 15]}, {WORDS[(t * 4 + 1) % 15]} {t}" for t in range(topics)]
    if hostile:
        labels[: len(HOSTILE)] = HOSTILE
    model = Topics(
        papers=pd.DataFrame(
            {"paper_id": papers["paper_id"], "topic": topic, "x": place[:, 0], "y": place[:, 1]}
        ),
        topics=pd.DataFrame(
            {
                "topic": range(topics),
                "label": labels,
                "size": np.bincount(topic, minlength=topics),
                "terms": "a, b",
            }
        ),
        vectors=np.c_[place, rng.normal(size=(n, 6))],
        settings={},
    )
    claims = pd.DataFrame(
        {
            "paper_id": papers["paper_id"],
            "code": rng.choice(["linked", "claimed", "promised", "none"], n),
        }
    )
    owner = rng.integers(0, n, n // 2)
    links = pd.DataFrame(
        {
            "paper_id": papers["paper_id"].to_numpy()[owner],
            "url": [f"https://github.com/owner/repo{i}" for i in range(n // 2)],
            "kind": rng.choice(["code", "data", "demo"], n // 2),
            "host": rng.choice([f"host{i}.org" for i in range(50)], n // 2),
            "tense": rng.choice(["present", "future"], n // 2),
        }
    )
    if hostile:
        links.loc[0, ["paper_id", "url"]] = [papers["paper_id"][0], "javascript:window.pwned=6"]
    return papers, model, {"links": links, "claims": claims}
