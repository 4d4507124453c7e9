"""Verdicts on topics (solid, usable, fragile), and the survival that chance alone reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.clustering.graph import neighbour_graph
from toolkit.clustering.resolution import choose_partition
from toolkit.reliability.matching import best_jaccard, mean_interval
from toolkit.reliability.refits import refit_graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERDICTS = ("solid", "usable", "fragile")
#: Mean Jaccard index from which a group counts as stable, and below which it dissolves
#: (Hennig 2007); see `check_topics`.
SOLID, USABLE = 0.75, 0.5
#: In collections up to this size chance alone can make topics come back: see `solid_from`.
SMALL = 500
#: Share of topics found by chance that a solid one must exceed there, and how many are drawn.
_BEAT, _CHANCE_REFITS, _FEWEST_DRAWS, _MOST_DRAWS = 0.975, 6, 4, 20


def solid_from(vectors: NDArray[Any], settings: dict[str, Any], *, seed: int) -> float:
    """Survival from which a topic is solid: 0.75, or more where chance alone reaches that.

    In a small collection topics of three or four papers come back by chance. So the same method is
    run on vectors with each column shuffled: any topics found there are due to chance.
    Solid begins above what 97.5 % of those topics reach (parallel analysis, after J. L. Horn, "A
    rationale and test for the number of factors" (1965), doi:10.1007/BF02289447). The smaller the
    collection, the fewer topics a draw has, and the more draws are made: about a hundred topics.
    """
    if len(vectors) > SMALL or settings.get("clustering") == "hdbscan":
        return SOLID
    random = np.random.default_rng(seed)
    reached = []
    for _ in range(int(np.clip(1200 // len(vectors), _FEWEST_DRAWS, _MOST_DRAWS))):
        shuffled = random.permuted(vectors, axis=0)
        model, resolution = choose_partition(
            neighbour_graph(shuffled),
            n_topics=settings.get("n_topics"),
            min_size=settings.get("min_size"),
            seed=seed,
        )
        scale = {**settings, "resolution": resolution}
        fits = refit_graph(shuffled, scale, refits=_CHANCE_REFITS, seed=seed)
        numbers = np.unique(model)
        survival = np.stack([best_jaccard(model, fit, numbers) for fit in fits])
        reached.append(mean_interval(survival)[0])
    return max(SOLID, float(np.quantile(np.concatenate(reached), _BEAT)))


def decide_verdict(
    row: dict[str, Any], *, dissolved: int, refits: int, level: float = SOLID
) -> tuple[str, str]:
    """Return the verdict on a topic, and the reason in words."""
    survival = row["survival"]
    if survival < USABLE:
        return "fragile", (
            f"dissolves: in {dissolved} of {refits} refits less than half of it came back "
            f"(mean overlap {survival:.2f})"
        )
    if row["survival_low"] < USABLE:
        return "fragile", (
            f"not distinguishable from a topic that dissolves: mean overlap {survival:.2f}, its "
            f"interval reaches down to {row['survival_low']:.2f}"
        )
    doubts = []
    if survival < SOLID:
        doubts.append(f"its core comes back, its edges move (mean overlap {survival:.2f})")
    elif survival <= level and level > SOLID:
        doubts.append(
            f"it comes back (mean overlap {survival:.2f}), but in a collection this small chance "
            f"alone reaches {level:.2f}"
        )
    if row["outlier_share"] > 0.3:
        doubts.append(f"{row['outlier_share']:.0%} of its papers are weakly attached")
    if not row["coherence"] > 0:
        doubts.append("its terms do not occur together more often than by chance")
    if doubts:
        return "usable", "; ".join(doubts)
    return "solid", f"comes back in every kind of refit (mean overlap {survival:.2f})"
