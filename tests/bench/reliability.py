"""Does the reliability card tell the truth? Planted topics and pure noise, many draws.

``python tests/bench/reliability.py [draws]``: prints the share of planted topics called solid, the
share of topics cut out of noise that are called solid, and how long twenty refits take.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_reliability import model_of, noise, planted

from toolkit import check_topics


def card_of(vectors: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    topics, papers = model_of(vectors)
    card = check_topics(topics, papers, refits=20, progress=False)
    return card, topics.papers["topic"].to_numpy()


def solid_share_of_planted(card: pd.DataFrame, found: np.ndarray, truth: np.ndarray) -> float:
    """Share of the planted topics whose best match is called solid."""
    shared = pd.crosstab(truth, found)
    union = shared.sum(axis=1).to_numpy()[:, None] + shared.sum(axis=0).to_numpy() - shared
    best = (shared / union).idxmax(axis=1)
    return float((card.set_index("topic")["verdict"].loc[best] == "solid").mean())


def main(draws: int) -> None:
    print(f"{draws} draws each, 20 refits; share of topics called solid / usable / fragile")
    for n in (60, 300, 1500):
        for d in (10, 48, 256):
            cards = [card_of(noise(n, seed=seed, d=d))[0] for seed in range(draws)]
            verdicts = pd.concat(cards)["verdict"].value_counts(normalize=True)
            print(
                f"noise    n={n:5} d={d:3}: "
                + " / ".join(
                    f"{v:.3f}"
                    for v in verdicts.reindex(["solid", "usable", "fragile"], fill_value=0)
                ),
                flush=True,
            )
    for n, k in ((60, 4), (300, 8), (1500, 20)):
        for spread in (0.8, 1.2, 1.6, 2.0, 2.4):
            shares = []
            for seed in range(draws):
                vectors, truth = planted(n, k, spread=spread, seed=seed)
                shares.append(solid_share_of_planted(*card_of(vectors), truth))
            print(
                f"planted  n={n:5} k={k:3} spread={spread}: solid {np.mean(shares):.3f}", flush=True
            )
    vectors, _ = planted(5680, 60, spread=1.2, seed=0)
    start = time.perf_counter()
    topics, papers = model_of(vectors)
    fitted = time.perf_counter()
    check_topics(topics, papers, refits=20, progress=False)
    print(
        f"20 refits of 5,680 papers: {time.perf_counter() - fitted:.1f} s, "
        f"{(time.perf_counter() - fitted) / (fitted - start):.1f} times one clustering"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
