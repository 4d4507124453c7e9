"""Are the verdicts calibrated, what can they see, and how long do they take?

    python tests/bench/trends.py [--shuffles 400] [--seed 0]

Topics are those of `fit_topics` on hf-papers. (1) Dates shuffled over papers: no topic has a
trend, so any 'rising' or 'falling' is false. (2) Whole months shuffled: papers of a month stay
together, so topics still come in waves, harder. (3) Planted trends: in collections of the same
size, one topic grows 1.5 or 2 times a year. (4) Time for 77,000 papers and 200 topics, and the
same slopes from a loop over statsmodels' GLM.
"""

from __future__ import annotations

import argparse
import time
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd

import toolkit
from toolkit.trends import assign_periods, topic_trends, trend_verdicts
from toolkit.trends.quasibinomial import Logits


def counted(counts: np.ndarray, periods: pd.Series, totals: np.ndarray) -> pd.DataFrame:
    """A table of trends from a matrix topics × periods."""
    n_topics, n_periods = counts.shape
    return pd.DataFrame(
        {
            "period": np.tile(periods.to_numpy(), n_topics),
            "topic": np.repeat(np.arange(n_topics), n_periods),
            "papers": counts.ravel(),
            "total": np.tile(totals, n_topics),
            "partial": False,
        }
    )


def shuffled(papers: pd.DataFrame, topics: np.ndarray, shuffles: int, rng, *, months: bool):
    """Share of shuffles with any false verdict, for dates shuffled one by one or by the month."""
    period, table = assign_periods(papers, freq="M")
    whole = table[~table["partial"]].reset_index(drop=True)
    month = pd.Index(whole["period"]).get_indexer(period)
    used = month >= 0
    month, topic = month[used], topics[used]
    quarters = whole["period"].dt.to_period("Q").dt.start_time
    first, quarter = np.unique(quarters.to_numpy(), return_inverse=True)
    n_topics = topic.max() + 1
    any_change = changes = any_steady = 0
    for _ in range(shuffles):
        moved = rng.permutation(len(whole))[month] if months else rng.permutation(month)
        column = quarter[moved]
        counts = np.zeros((n_topics, len(first)), dtype=np.int64)
        np.add.at(counts, (topic, column), 1)
        totals = np.bincount(column, minlength=len(first))
        verdict = trend_verdicts(counted(counts, pd.Series(first), totals))["verdict"]
        wrong = verdict.isin(["rising", "falling"]).sum()
        any_change += wrong > 0
        changes += wrong
        any_steady += (verdict == "steady").any()
    return any_change / shuffles, changes / shuffles / n_topics, any_steady / shuffles


def power(sizes: np.ndarray, factor: float, share: float, shuffles: int, rng) -> float:
    """How often one topic of this share that grows by `factor` a year is called rising."""
    years = np.arange(8) / 4
    periods = pd.Series(pd.date_range("2024-07-01", periods=8, freq="QS"))
    rates = np.outer(sizes / sizes.sum(), np.ones(8))
    line = share * factor ** (years - years.mean())
    line *= share / line.mean()
    rates = np.vstack([line, rates * (1 - line)])
    found = 0
    for _ in range(shuffles):
        counts = np.stack([rng.multinomial(645, rates[:, j]) for j in range(8)], axis=1)
        table = trend_verdicts(counted(counts, periods, counts.sum(axis=0))).set_index("topic")
        found += table.loc[0, "verdict"] == "rising"
    return found / shuffles


def timing(rng) -> None:
    """77,000 papers, 200 topics, ten years of quarters."""
    n_papers = 77_000
    days = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3650, n_papers), "D")
    papers = pd.DataFrame(
        {
            "paper_id": [f"title:{number:016x}" for number in range(n_papers)],
            "title": "A title",
            "published": days.astype("datetime64[us]"),
        }
    )

    model = SimpleNamespace(
        papers=pd.DataFrame(
            {"paper_id": papers["paper_id"], "topic": rng.integers(0, 200, n_papers)}
        ),
        topics=pd.DataFrame({"topic": range(200), "label": "a label"}),
    )
    began = time.perf_counter(), time.process_time()
    trends = topic_trends(papers, model)
    verdicts = trend_verdicts(trends)
    took = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"77,000 papers × 200 topics × 40 quarters: {took[0]:.2f} s ({took[1]:.2f} s CPU)")
    print(f"  verdicts: {verdicts['verdict'].value_counts().to_dict()}")

    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    whole = trends[~trends["partial"]]
    counts = whole.pivot(index="topic", columns="period", values="papers").to_numpy(float)
    totals = whole.drop_duplicates("period")["total"].to_numpy(float)
    years = np.arange(len(totals)) / 4
    design = np.column_stack([np.ones(len(years)), years])
    began_own = time.process_time()
    slopes = Logits(counts, totals, years).slope_at(0.0)
    own = time.process_time() - began_own
    began_loop = time.process_time()
    theirs = [GLM(row / totals, design, Binomial(), var_weights=totals).fit(scale="X2").params[1]
              for row in counts]  # fmt: skip
    loop = time.process_time() - began_loop
    print(f"200 slopes: statsmodels GLM in a loop takes {loop / own:.0f} times as long; "
          f"largest difference {np.abs(slopes - theirs).max():.1e}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shuffles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    timing(rng)
    papers = toolkit.load_sample("hf-papers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = toolkit.fit_topics(papers)
    topics = model.papers["topic"].to_numpy()
    sizes = np.bincount(topics[topics >= 0])
    print(f"hf-papers: {len(papers)} papers, {len(sizes)} topics of {sizes.min()} to {sizes.max()}")
    for name, months in (("dates shuffled", False), ("whole months shuffled", True)):
        false, each, steady = shuffled(papers, topics, options.shuffles, rng, months=months)
        error = 1.96 * np.sqrt(max(false * (1 - false), 1e-9) / options.shuffles)
        print(
            f"{name}, {options.shuffles} times: any false rising/falling in "
            f"{100 * false:.1f} % ± {100 * error:.1f} of shuffles, {100 * each:.3f} % of topics; "
            f"any steady in {100 * steady:.1f} %"
        )
    for share in (0.01, 0.02, 0.04):
        told = [power(sizes, factor, share, 100, rng) for factor in (1.5, 2.0)]
        print(
            f"planted in a topic of {100 * share:.0f} % (about {share * 5157:.0f} papers): "
            f"1.5 times a year found in {100 * told[0]:.0f} %, 2 times in {100 * told[1]:.0f} %"
        )


if __name__ == "__main__":
    main()
