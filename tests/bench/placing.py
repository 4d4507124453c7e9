"""How many papers like the fitted ones, and how many of other fields, are called strangers.

    PYTHONPATH=. python tests/bench/placing.py [shared]

Topics of random parts of the bundled sample place 600 others of it; then the parts before a date
place those after it. With the folder of shared collections, 400 abstracts of other fields too. The
last column is the rank of fit to the topic's centroid, below 0.01, which `place_papers` replaced.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import toolkit
from toolkit.papers.schema import make_papers
from toolkit.topics.placing import place_papers

SIZES = (60, 150, 400, 1000, 3000, 5000)


def strangers(topics: toolkit.TopicModel, papers: pd.DataFrame) -> tuple[float, float]:
    """Return the share of strangers, and of papers with a low rank of fit."""
    low = topics.predict(papers)["fit_rank"] < 0.01
    return float(place_papers(papers, topics)["stranger"].mean()), float(low.mean())


def main() -> None:
    """Print the shares."""
    warnings.simplefilter("ignore")
    papers, random = toolkit.load_sample("hf-papers"), np.random.default_rng(0)
    others = None
    if len(sys.argv) > 1:
        path = Path(sys.argv[1]) / "collections" / "science_abstracts.jsonl.gz"
        raw = pd.read_json(path, lines=True, dtype=False, nrows=3000)[["title", "abstract"]]
        raw = raw[raw["title"].fillna("").str.len() > 5]
        others = make_papers(raw.sample(400, random_state=1))
    for n in SIZES:
        found, far = [], []
        for _ in range(4 if n < 3000 else 1):
            order = random.permutation(len(papers))
            topics = toolkit.fit_topics(papers.iloc[order[:n]].reset_index(drop=True))
            found.append(strangers(topics, papers.iloc[order[n : n + 600]].reset_index(drop=True)))
            far += [] if others is None else [strangers(topics, others)[0]]
        same, low = np.mean(found, axis=0)
        said = f"; other fields {np.mean(far):.1%}" if far else ""
        print(f"{n:5,} fitted: strangers {same:.1%}{said}; by rank of fit {low:.1%}")
    dated = papers.sort_values("published", kind="stable").reset_index(drop=True)
    for n in (1000, 3000, 5000):
        topics = toolkit.fit_topics(dated.head(n))
        for start in range(n, min(n + 2000, len(dated) - 200), 400):
            same, low = strangers(topics, dated.iloc[start : start + 400].reset_index(drop=True))
            day = dated["published"].iloc[start]
            print(f"{n:5,} fitted, from {day:%Y-%m}: {same:.1%}; by rank of fit {low:.1%}")


if __name__ == "__main__":
    main()
