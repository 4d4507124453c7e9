"""What the neighbours of verdicts find where there is nothing, and what they find where there is.

    python tests/bench/trends_neighbours.py [--runs 200] [--seed 0] [--only PART] [--papers FILE …]

Topics and terms are those of hf-papers. (1) The outlook: how often its intervals hold the next
period and the one after, on simulated and on real collections, beside binomial intervals; the mean
error of the level and of the line carried on. (2) Comparisons of two spans, (3) emerging terms and
(4) bursts: collections with any false find, of independent papers, with whole months shuffled (of
real papers, so that what comes together stays together), and with slow drift (autoregressive
logits, 0.9 a month, standard deviation 0.4); and how often something planted is found.

--papers takes collections of other fields that `toolkit.load` reads, for the outlook.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

import toolkit
from toolkit.intervals import benjamini_hochberg
from toolkit.trends.bursts import _search
from toolkit.trends.emerging import learn_scatter, p_of_increase
from toolkit.trends.occurrences import find_occurrences
from toolkit.trends.outlook import look_ahead

#: Months of a simulated collection, papers of a month.
MONTHS, PAPERS = 24, 215
KINDS = ("independent papers", "whole months shuffled", "slow drift")


def waves(rng: np.random.Generator, shape: tuple[int, int], sd: float) -> np.ndarray:
    """Autoregressive series, 0.9 from column to column, with this standard deviation."""
    series = rng.standard_normal(shape)
    for place in range(1, shape[1]):
        series[:, place] = 0.9 * series[:, place - 1] + np.sqrt(0.19) * series[:, place]
    return sd * series


def by_quarter(counts: np.ndarray) -> np.ndarray:
    return counts[:, : counts.shape[1] // 3 * 3].reshape(len(counts), -1, 3).sum(axis=2)


def drawn(
    rng: np.random.Generator, real: np.ndarray, totals: np.ndarray, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """Monthly counts without any change that stands out (things × months), and the totals."""
    if kind == "whole months shuffled":
        order = rng.permutation(real.shape[1])
        return real[:, order], totals[order]
    share = real.sum(axis=1, keepdims=True) / totals.sum()
    rates = np.broadcast_to(share, real.shape)
    if kind == "slow drift":
        rates = np.minimum(share * np.exp(waves(rng, real.shape, 0.4) - 0.08), 1)
    return rng.binomial(totals, rates), totals


def as_trends(counts: np.ndarray, totals: np.ndarray, freq: str = "QS") -> pd.DataFrame:
    periods = pd.date_range("2022-01-01", periods=len(totals), freq=freq)
    number = len(counts)
    return pd.DataFrame(
        {
            "period": np.tile(periods, number),
            "topic": np.repeat(np.arange(number), len(totals)),
            "papers": counts.ravel(),
            "total": np.tile(totals, number),
            "partial": False,
        }
    )


def forecast(counts: np.ndarray, totals: np.ndarray, end: int) -> list[dict[str, float]]:
    """Compare what came after `end` with the outlook, a binomial interval and the line."""
    told = look_ahead(counts[:, :end], totals[:end], 2, 0.95)
    line = np.polyfit(
        np.arange(end), (counts[:, :end] / totals[:end]).T, 1, w=np.sqrt(totals[:end])
    )
    rows = []
    for ahead, one in enumerate(told, start=1):
        place = end + ahead - 1
        if place >= len(totals):
            continue
        came = counts[:, place] / totals[place]
        level = one.share
        binomial = 1.96 * np.sqrt(level * (1 - level) / totals[place])
        on_line = np.clip(line[0] * place + line[1], 0, 1)
        rows.append(
            {
                "ahead": ahead,
                "held": ((one.low <= came + 1e-12) & (came <= one.high + 1e-12)).mean(),
                "binomial": (np.abs(came - level) <= binomial).mean(),
                "level": 100 * np.abs(came - level).mean(),
                "line": 100 * np.abs(came - on_line).mean(),
            }
        )
    return rows


def tell(name: str, rows: list[dict[str, float]]) -> None:
    table = pd.DataFrame(rows).groupby("ahead")
    for ahead, row in table.mean().iterrows():
        print(
            f"  {name}, {ahead} ahead ({table.size()[ahead]} times): holds {row['held']:.3f}, "
            f"binomial {row['binomial']:.3f}; mean error of the level {row['level']:.2f} points, "
            f"of the line {row['line']:.2f}"
        )


def outlook(sizes: np.ndarray, runs: int, rng: np.random.Generator) -> None:
    print("outlook, 95 % intervals, simulated:")
    share = sizes / sizes.sum()
    for name, per, sd in (
        ("8 quarters, no drift", 3, 0.0),
        ("8 quarters, drift", 3, 0.4),
        ("24 months, drift", 1, 0.4),
    ):
        rows = []
        for _ in range(runs):
            periods = MONTHS // per + 2
            rates = share[:, None] * np.exp(waves(rng, (len(share), periods * per), sd))
            rates /= rates.sum(axis=0)
            months = [rng.multinomial(PAPERS, rates[:, month]) for month in range(periods * per)]
            counts = np.stack(months, axis=1).reshape(len(share), periods, per).sum(axis=2)
            rows += forecast(
                counts.astype(float), np.full(periods, float(PAPERS * per)), periods - 2
            )
        tell(name, rows)


def outlook_of(name: str, trends: pd.DataFrame) -> None:
    whole = trends[~trends["partial"] & (trends["total"] > 0)]
    wide = whole.pivot(index="topic", columns="period", values="papers").sort_index(axis=1)
    totals = whole.drop_duplicates("period").set_index("period")["total"].loc[wide.columns]
    counts, totals = wide.to_numpy(float), totals.to_numpy(float)
    rows = [row for end in range(6, len(totals)) for row in forecast(counts, totals, end)]
    tell(f"{name} ({len(counts)} topics, {len(totals)} periods)", rows)


def false_and_found(
    name: str,
    real: np.ndarray,
    totals: np.ndarray,
    runs: int,
    rng: np.random.Generator,
    *,
    finds: Callable[[np.ndarray, np.ndarray], np.ndarray],
    plant: dict[str, Callable[[np.ndarray], np.ndarray]],
    quarters: bool,
) -> None:
    """Print how often anything is found, and how often a planted first row is."""

    def collection(kind: str) -> tuple[np.ndarray, np.ndarray]:
        months, each = drawn(rng, real, totals, kind)
        return (by_quarter(months), by_quarter(each[None])[0]) if quarters else (months, each)

    print(f"{name}, {runs} collections of {len(real):,}:")
    for kind in KINDS:
        false = [finds(*collection(kind)).any() for _ in range(runs)]
        print(f"  {kind}: anything found in {100 * np.mean(false):.1f} %")
    for words, rates in plant.items():
        found = []
        for _ in range(runs):
            counts, sums = collection("whole months shuffled")
            counts = np.vstack([rng.binomial(sums, rates(np.arange(len(sums)))), counts[1:]])
            found.append(finds(counts, sums)[0])
        print(f"  {words}: found in {100 * np.mean(found):.0f} %")


def emerge(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    found = np.zeros(len(counts), dtype=bool)
    many = counts.sum(axis=1) >= 10
    some = counts[many]
    q = benjamini_hochberg(p_of_increase(some, totals, learn_scatter(some, totals)))
    found[many] = q <= 0.05
    return found


def burst(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    table = _search(counts, totals, simulations=99, alpha=0.05, seed=1)
    found = np.zeros(len(counts), dtype=bool)
    found[table.loc[table["chance"] <= 0.05, "thing"].to_numpy(dtype=int)] = True
    return found


def differ(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    table = toolkit.compare_periods(as_trends(counts, totals)).sort_values("topic")
    return (table["verdict"] != "can't tell").to_numpy()


def pair(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    table = toolkit.compare_trends(as_trends(counts, totals), a=0)
    return np.array([(table["verdict"] != "can't tell").any()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--papers", nargs="*", default=[])
    parser.add_argument("--only", choices=["outlook", "comparisons", "terms", "bursts"])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(options.seed)
    papers = toolkit.load_sample("hf-papers")
    model = toolkit.fit_topics(papers)
    sizes = model.topics.loc[model.topics["topic"] >= 0, "size"].to_numpy()

    def wanted(part: str) -> bool:
        return options.only in (None, part)

    if wanted("outlook"):
        outlook(sizes, options.runs, rng)
        print("outlook, 95 % intervals, back-tested:")
        for freq in ("Q", "M"):
            outlook_of(f"hf-papers by {freq}", toolkit.topic_trends(papers, model, freq=freq))
        for path in options.papers:
            other = toolkit.load(path)
            outlook_of(
                path.rpartition("/")[2], toolkit.topic_trends(other, toolkit.fit_topics(other))
            )
    seen = {
        of: find_occurrences(papers, of, model, freq="M", date="listed", min_papers=10)[0]
        for of in ("topics", "terms")
    }
    counts = {of: some.counts(some.column) for of, some in seen.items()}
    totals = seen["topics"].periods["papers"].to_numpy()
    run = options.runs
    if wanted("comparisons"):
        late = {
            f"a topic of 2 %, {factor} times as much in the second year": (
                lambda at, factor=factor: 0.02 * np.where(at >= len(at) // 2, factor, 1.0)
            )
            for factor in (1.5, 2.0, 3.0)
        }
        false_and_found("compare_periods, topics by quarter", counts["topics"], totals, run, rng,
                        finds=differ, plant=late, quarters=True)  # fmt: skip
        false_and_found("compare_trends, one topic against all", counts["topics"], totals, run, rng,
                        finds=pair, plant={}, quarters=True)  # fmt: skip
    if wanted("terms"):
        jumps = {
            f"a term of {100 * before:g} %, then {100 * after:g} %": (
                lambda at, before=before, after=after: np.where(at == at[-1], after, before)
            )
            for before, after in ((0.0, 0.02), (0.005, 0.02), (0.01, 0.04))
        }
        false_and_found("emerging_terms, by quarter", counts["terms"], totals, run, rng,
                        finds=emerge, plant=jumps, quarters=True)  # fmt: skip
    if wanted("bursts"):
        highs = {
            f"a topic of 2 %, {factor} times as much in six of the months": (
                lambda at, factor=factor: 0.02 * np.where((at >= 9) & (at < 15), factor, 1.0)
            )
            for factor in (2.0, 3.0, 5.0)
        }
        false_and_found("find_bursts, topics by month", counts["topics"], totals, run, rng,
                        finds=burst, plant=highs, quarters=False)  # fmt: skip


if __name__ == "__main__":
    main()
