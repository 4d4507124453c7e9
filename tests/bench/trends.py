"""Are the verdicts calibrated, what can they see, and how long do they take?

    python tests/bench/trends.py [--runs 200] [--seed 0] [--only false,power,…]

Collections like hf-papers: 42 topics of its sizes, 216 papers a month for 25 months, or 645 a
quarter for 8 quarters; each paper's topic is drawn anew in each run.

- false: any verdict of change, and any `beyond_drift`, where no share has a trend: independent
  papers; topics that drift (autoregressive logits, 0.9 a month, standard deviation 0.4), alike or
  some much more than others; venues with seasons; clustered months; a collection that grows
  tenfold.
- power: one topic changes 1.5, 2 or 3 times: straight (a factor a year, over two years) or as a
  wave (from 1 to that factor and back, half a cosine on the logarithmic scale). The share is the
  topic's mean over the time. The straight-line test alone is printed beside it.
- peak: how often its interval holds the true peak.
- origins: three databases, of which two begin late; closure: a topic that triples.
- time: 2,000 venues × 500 weeks; 77,000 papers × 200 topics; beside statsmodels' GLM in a loop.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.stats import t as student

import toolkit
from toolkit.intervals import benjamini_hochberg
from toolkit.trends import topic_trends, trend_verdicts
from toolkit.trends.decisions import decide
from toolkit.trends.drift import judge_drift
from toolkit.trends.measures import has_enough, measure
from toolkit.trends.quasibinomial import Logits, pool_dispersions
from toolkit.trends.verdicts import CHANGES

#: Papers of the topics of hf-papers (`fit_topics`, seed 42), largest first.
SIZES = np.array(
    [271, 260, 247, 234, 216, 194, 188, 180, 176, 169, 166, 166, 162, 158, 152, 149, 141, 138,
     128, 124, 120, 118, 115, 107, 100, 98, 88, 86, 84, 83, 80, 75, 72, 67, 64, 57, 54, 51, 42,
     37, 35, 29]
)  # fmt: skip
#: Name: periods, papers in each, how many there are in a year.
CALENDARS = {"month": (25, 216, 12), "quarter": (8, 645, 4)}


def counted(counts: np.ndarray, per_year: int, totals: np.ndarray | None = None) -> pd.DataFrame:
    """A table of trends from a matrix topics × periods."""
    n_topics, n_periods = counts.shape
    starts = pd.period_range("2010-01", periods=n_periods, freq={12: "M", 4: "Q", 1: "Y"}[per_year])
    return pd.DataFrame(
        {
            "period": np.tile(starts.start_time.to_numpy(), n_topics),
            "topic": np.repeat(np.arange(n_topics), n_periods),
            "papers": counts.ravel(),
            "total": np.tile(counts.sum(axis=0) if totals is None else totals, n_topics),
            "partial": False,
        }
    )


def draw(rates: np.ndarray, papers: np.ndarray, rng, step: int = 1) -> np.ndarray:
    """Counts topics × periods from rates in each month (or quarter), `step` of them together."""
    rates = rates / rates.sum(axis=0)
    counts = np.stack([rng.multinomial(papers[j], rates[:, j]) for j in range(len(papers))], axis=1)
    return counts.reshape(len(rates), -1, step).sum(axis=2)


def told(counts: np.ndarray, per_year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each topic's verdict, whether it is beyond drift, and whether that was judged.

    By the parts of `trend_verdicts` that decide, without its tables and sentences.
    """
    totals = counts.sum(axis=0).astype(float)
    model = Logits(counts.astype(float), totals, np.arange(counts.shape[1]) / per_year)
    measured = measure(model, alpha=0.05, margin=1.5)
    verdict = decide(measured, 0.05)["verdict"].to_numpy()
    changed = np.isin(verdict, CHANGES)
    beyond, _ = judge_drift(measured.curves, changed, has_enough(model), 0.05)
    return verdict, beyond.fillna(False).to_numpy(bool), beyond.notna().to_numpy(bool)


def straight_line(counts: np.ndarray, per_year: int) -> np.ndarray:
    """q of the score test of a line alone, as `trend_verdicts` was until it knew curves."""
    totals = counts.sum(axis=0).astype(float)
    model = Logits(counts.astype(float), totals, np.arange(counts.shape[1]) / per_year)
    enough = counts.sum(axis=1) >= 2 * len(totals)
    dispersion, df = pool_dispersions(model.dispersions(model.slope_at(0.0)), model.freedom, enough)
    return benjamini_hochberg(
        2 * student.sf(np.abs(model.z(np.zeros(len(counts)), dispersion)), df)
    )


def drifting(rng, months: int, deviation: np.ndarray, kept: float = 0.9) -> np.ndarray:
    """Autoregressive logits, topics × months."""
    logits = np.empty((len(SIZES), months))
    logits[:, 0] = rng.normal(0, 1, len(SIZES))
    for at in range(1, months):
        logits[:, at] = kept * logits[:, at - 1] + rng.normal(0, np.sqrt(1 - kept**2), len(SIZES))
    return logits * deviation[:, None]


def collections(rng) -> dict[str, tuple]:
    """Name: a function that returns counts and the periods a year."""
    level = SIZES[:, None] / SIZES.sum()
    alike = np.full(len(SIZES), 0.4)

    def independent(months, papers, step):
        return draw(
            np.repeat(level, months, axis=1), np.full(months, papers), rng, step
        ), 12 // step

    def drift(months, papers, step, mixed=False):
        size = np.where(rng.random(len(SIZES)) < 0.1, 0.8, 0.1) if mixed else alike
        rates = level * np.exp(drifting(rng, months, size))
        return draw(rates, np.full(months, papers), rng, step), 12 // step

    def seasons(months, papers, step):
        # A quarter of the topics have a conference: a month of the year with five times the papers.
        rates = np.repeat(level, months, axis=1)
        for topic in rng.choice(len(SIZES), len(SIZES) // 4, replace=False):
            rates[topic, rng.integers(12) :: 12] *= 5
        return draw(rates, np.full(months, papers), rng, step), 12 // step

    def clusters(months, papers, step):
        # Each month draws its own shares: variance 1.5 times that of independent papers.
        shape = (papers - 1) / 0.5 - 1
        rates = np.stack([rng.dirichlet(shape * level[:, 0]) for _ in range(months)], axis=1)
        return draw(np.maximum(rates, 1e-12), np.full(months, papers), rng, step), 12 // step

    def grows(months, papers, step):
        numbers = papers * 10.0 ** np.linspace(-0.5, 0.5, months) / 1.2
        return draw(np.repeat(level, months, axis=1), numbers.astype(int), rng, step), 12 // step

    return {
        "independent, 2 years by month": (independent, 25, 216, 1),
        "independent, 2 years by quarter": (independent, 24, 215, 3),
        "independent, 10 years by year": (independent, 120, 43, 12),
        "drift 0.4, 2 years by month": (drift, 24, 215, 1),
        "drift 0.4, 2 years by quarter": (drift, 24, 215, 3),
        "drift 0.4, 10 years by month": (drift, 120, 60, 1),
        "drift 0.4, 10 years by quarter": (drift, 120, 60, 3),
        "drift 0.4, 20 years by year": (drift, 240, 60, 12),
        "drift 0.8 of some, 0.1 of others, 10 years by quarter": (
            lambda *sizes: drift(*sizes, mixed=True), 120, 60, 3,
        ),
        "seasons, 2 years by month": (seasons, 24, 215, 1),
        "seasons, 2 years by quarter": (seasons, 24, 215, 3),
        "seasons, 5 years by quarter": (seasons, 60, 86, 3),
        "clustered months, by month": (clusters, 24, 215, 1),
        "clustered months, by quarter": (clusters, 24, 215, 3),
        "tenfold growth, by month": (grows, 24, 215, 1),
        "tenfold growth, 10 years by year": (grows, 120, 43, 12),
    }  # fmt: skip


def false_calls(runs: int, rng) -> None:
    for name, (make, *sizes) in collections(rng).items():
        seen: Counter[str] = Counter()
        for _ in range(runs):
            verdict, beyond, judged = told(*make(*sizes))
            changed = np.isin(verdict, CHANGES)
            seen["any change"] += changed.any()
            seen["beyond drift"] += beyond.any()
            seen["judged"] += judged.any()
            seen["steady"] += (verdict == "steady").any()
            seen["topics"] += changed.sum()
        print(
            f"{name}: any change in {100 * seen['any change'] / runs:.1f} % of {runs} runs "
            f"({100 * seen['topics'] / runs / len(SIZES):.2f} % of topics), any beyond drift in "
            f"{100 * seen['beyond drift'] / runs:.1f} % (judged in {seen['judged']}); any steady "
            f"in {100 * seen['steady'] / runs:.0f} %",
            flush=True,
        )


def planted(shape: str, factor: float, share: float, calendar: str, rng, peak: float = 0.5):
    """Counts of a collection of which topic 0 changes."""
    periods, papers, per_year = CALENDARS[calendar]
    at = (np.arange(periods) + 0.5) / periods
    if shape == "straight":
        line = factor ** ((np.arange(periods) - (periods - 1) / 2) / per_year)
    else:
        # From 1 to the factor at the peak and back to 1, by half a cosine on either side.
        way = np.where(at < peak, at / peak, (1 - at) / (1 - peak))
        line = factor ** ((1 - np.cos(np.pi * way)) / 2)
    line = share * line / line.mean()
    rates = np.vstack([line, np.outer(SIZES / SIZES.sum(), 1 - line)])
    return draw(rates, np.full(periods, papers), rng), per_year


def power(runs: int, rng) -> None:
    right = {"straight": "rising", "wave": "rose then fell"}
    for calendar in CALENDARS:
        for shape, name in right.items():
            for share in (0.01, 0.02, 0.04):
                cells = []
                for factor in (1.5, 2.0, 3.0):
                    seen: Counter[str] = Counter()
                    old = 0
                    for _ in range(runs):
                        counts, per_year = planted(shape, factor, share, calendar, rng)
                        seen[told(counts, per_year)[0][0]] += 1
                        old += straight_line(counts, per_year)[0] <= 0.05
                    wrong = sum(seen[other] for other in CHANGES if other != name)
                    cells.append(
                        f"{factor:g} times {100 * seen[name] / runs:.0f} % (line alone "
                        f"{100 * old / runs:.0f} %, other changes {100 * wrong / runs:.0f} %)"
                    )
                print(f"{shape}, {100 * share:.0f} % by {calendar}: {'; '.join(cells)}", flush=True)


def peaks(runs: int, rng) -> None:
    for calendar in CALENDARS:
        for share, factor in ((0.04, 3.0), (0.08, 3.0), (0.08, 2.0)):
            for peak in (0.35, 0.5, 0.7):
                held = named = width = 0
                for _ in range(runs):
                    counts, per_year = planted("wave", factor, share, calendar, rng, peak)
                    trends = counted(counts, per_year)
                    if told(counts, per_year)[0][0] != "rose then fell":
                        continue
                    row = trend_verdicts(trends).set_index("topic").loc[0]
                    starts = trends["period"].unique()
                    truth = pd.Timestamp(starts[min(int(peak * len(starts)), len(starts) - 1)])
                    named += 1
                    held += row["peak_low"] <= truth <= row["peak_high"]
                    width += (row["peak_high"] - row["peak_low"]).days / 30.4
                print(
                    f"peak at {peak:g} of the time, {factor:g} times, {100 * share:.0f} % by "
                    f"{calendar}: in the interval {100 * held / max(named, 1):.0f} % of {named}, "
                    f"{width / max(named, 1):.1f} months from end to end",
                    flush=True,
                )


def databases(falls: float, rng) -> pd.DataFrame:
    """Trends by year: database A covers twelve years, B and C begin in the sixth."""
    years = np.arange(12)
    found = {}
    parts = (("0", 150, 0.10, 0), ("1", 150, 0.25, 6), ("2", 100, 0.30, 6))
    for name, size, share, start in parts:
        totals = np.where(years >= start, rng.poisson(size, 12), 0)
        own = rng.binomial(totals, share * falls**years)
        others = np.stack([rng.multinomial(n, np.full(12, 1 / 12)) for n in totals - own], axis=1)
        found[f"origin_{name}"] = np.vstack([own, others])
    counts = sum(found.values())
    table = counted(counts, 1)
    for name, one in found.items():
        table[name] = one.ravel()
        table[f"{name}_total"] = np.tile(one.sum(axis=0), len(counts))
    return table


def origins(runs: int, rng) -> None:
    for falls in (0.9, 1.0):
        found: dict[str, Counter[str]] = {"within origins": Counter(), "joined": Counter()}
        others = 0
        for _ in range(runs):
            table = databases(falls, rng)
            joined = table[["period", "topic", "papers", "total", "partial"]]
            for name, one in (("within origins", table), ("joined", joined)):
                verdicts = trend_verdicts(one).set_index("topic")["verdict"]
                found[name][str(verdicts.loc[0])] += 1
                if name == "within origins":
                    others += verdicts.drop(index=0).isin(CHANGES).any()
        print(f"each database {falls:g} times a year, twelve years: {found}; any other topic "
              f"within origins {100 * others / runs:.1f} %", flush=True)  # fmt: skip


def closure(runs: int, rng) -> None:
    """The largest topic (20 %) triples a year; the others keep their odds."""
    seen: Counter[str] = Counter()
    periods, papers, per_year = CALENDARS["quarter"]
    for _ in range(runs):
        line = 0.2 * 3.0 ** (np.arange(periods) / per_year)
        line = line / (1 + line)
        rates = np.vstack([line, np.outer(SIZES / SIZES.sum(), 1 - line)])
        counts = draw(rates, np.full(periods, papers), rng)
        table = trend_verdicts(counted(counts, per_year)).set_index("topic").drop(index=0)
        falling = table["verdict"] == "falling"
        seen["runs with any fall"] += falling.any()
        seen["falls"] += falling.sum()
        seen["by arithmetic"] += table.loc[falling, "by_arithmetic"].eq(True).fillna(False).sum()
        seen["not by arithmetic"] += (
            table.loc[falling, "by_arithmetic"].eq(False).fillna(False).sum()
        )
    print(f"one topic triples a year, {runs} runs: {dict(seen)}", flush=True)


def timing(runs: int, rng) -> None:
    """2,000 venues by week; 77,000 papers, 200 topics, ten years of quarters; statsmodels."""
    weights = rng.pareto(1.1, 2000) + 0.05
    totals = rng.integers(50, 150, 500)
    counts = np.stack([rng.multinomial(n, weights / weights.sum()) for n in totals], axis=1)
    weeks = pd.date_range("2014-01-06", periods=500, freq="7D")
    table = counted(np.zeros((2000, 500), dtype=int), 12, totals)
    table = table.assign(papers=counts.ravel(), period=np.tile(weeks.to_numpy(), 2000))
    began = time.process_time()
    trend_verdicts(table)
    print(f"2,000 venues × 500 weeks: {time.process_time() - began:.1f} processor s")
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
    began = time.process_time()
    trends = topic_trends(papers, model, freq="Q")
    trend_verdicts(trends)
    took = time.process_time() - began
    print(f"77,000 papers × 200 topics × 40 quarters: {took:.2f} processor s")

    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    whole = trends[~trends["partial"]]
    wide = whole.pivot(index="topic", columns="period", values="papers").to_numpy(float)
    totals = whole.drop_duplicates("period")["total"].to_numpy(float)
    years = np.arange(len(totals)) / 4
    design = np.column_stack([np.ones(len(years)), years])
    began = time.process_time()
    slopes = Logits(wide, totals, years).slope_at(0.0)
    own = time.process_time() - began
    began = time.process_time()
    theirs = [GLM(row / totals, design, Binomial(), var_weights=totals).fit(scale="X2").params[1]
              for row in wide]  # fmt: skip
    loop = time.process_time() - began
    print(f"200 slopes: statsmodels GLM in a loop takes {loop / own:.0f} times as long; "
          f"largest difference {np.abs(slopes - theirs).max():.1e}")  # fmt: skip


PARTS = {
    "time": timing,
    "false": false_calls,
    "power": power,
    "peak": peaks,
    "origins": origins,
    "closure": closure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default=",".join(PARTS))
    options = parser.parse_args()
    print(f"toolkit {toolkit.__version__}, {options.runs} runs each, seed {options.seed}")
    for part in options.only.split(","):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            PARTS[part](options.runs, np.random.default_rng(options.seed))


if __name__ == "__main__":
    main()
