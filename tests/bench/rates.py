"""Do corrected shares cover the truth, in groups where the detector finds much and little?

    python tests/bench/rates.py [--runs 200] [--only rare]

Papers with known truth, a detector with known errors, labels drawn by `draw_sample`. Each line:
how often the 95 % interval of a group holds its true rate (mean over groups, and for the worst
group), and its mean width in points; beside it the way before (one sensitivity for all groups,
Rogan and Gladen). `p ≤ 0.05` is how often the test of equal sensitivity says 'unequal'.
Then: how labels are best divided, groups without labels, and changes where there are none.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from toolkit.rates import check_change, corrected_availability, draw_sample, estimate_missed
from toolkit.rates.correction import read_labels

#: rates of the groups, sensitivities, part of the papers without code called linked, papers a group
SPREAD = np.array([0.31, 0.1, 0.53, 0.24, 0.6, 0.17, 0.46, 0.39])
SETTINGS = {
    "8 groups, equal sensitivity 0.4": (SPREAD, 0.4, 0.01, 500),
    "8 groups, equal sensitivity 0.75": (SPREAD, 0.75, 0.01, 500),
    "8 groups, sensitivity 0.95 to 0.10": (SPREAD, np.linspace(0.95, 0.1, 8), 0.01, 500),
    "3 groups, sensitivity 0.95 to 0.10": (SPREAD[:3], np.linspace(0.95, 0.1, 3), 0.01, 500),
    "8 groups, rare (2 %), sensitivity 0.5": (np.full(8, 0.02), 0.5, 0.002, 500),
    "one group, sensitivity 0.4": (np.array([0.3]), 0.4, 0.01, 500),
}


def collection(rng, rates, sensitivity, false, size):
    """Return papers with their venue and what the detector says, and the truth."""
    group = np.arange(len(rates)).repeat(size)
    truth = rng.random(len(group)) < rates[group]
    finds = np.broadcast_to(sensitivity, rates.shape)[group]
    linked = rng.random(len(group)) < np.where(truth, finds, false)
    papers = pd.DataFrame(
        {
            "paper_id": [f"p{n}" for n in range(len(group))],
            "title": "T",
            "venue": [f"v{g}" for g in group],
            "code": np.where(linked, "linked", "none"),
            "artifact": np.where(linked, "linked", "none"),
        }
    )
    return papers, truth


def rogan_gladen(rng, papers, labels):
    """Return low and high by group, with one sensitivity for all (as before)."""
    row, truth = read_labels(papers, labels, "code")
    linked = papers["code"].eq("linked").to_numpy()
    draws = 4000
    n = np.array([linked[row].sum(), (~linked[row]).sum()])
    true = np.array([(linked[row] & truth).sum(), (~linked[row] & truth).sum()])
    right, missed = (rng.beta(t + 0.5, m - t + 0.5, draws) for t, m in zip(true, n))
    weight = rng.beta(linked.sum() + 0.5, (~linked).sum() + 0.5, draws)
    all_true = weight * right + (1 - weight) * missed
    sensitivity, alarms = weight * right / all_true, weight * (1 - right) / (1 - all_true)
    by = pd.Series(linked).groupby(papers["venue"].to_numpy())
    k, size = by.sum().to_numpy(dtype=int), by.size().to_numpy()
    rate = rng.beta(k[:, None] + 0.5, (size - k)[:, None] + 0.5, (len(k), draws))
    share = np.where(sensitivity > alarms, (rate - alarms) / (sensitivity - alarms), 0.5)
    return np.quantile(np.clip(share, 0, 1), [0.025, 0.975], axis=1)


def coverage(name: str, labels_a_group: int, runs: int) -> None:
    """Print one line."""
    rates, *errors = SETTINGS[name]
    rng = np.random.default_rng(3)
    found, before, unequal = [], [], 0
    for run in range(runs):
        papers, truth = collection(rng, rates, *errors)
        ids = draw_sample(papers, n=labels_a_group * len(rates), by="venue", seed=run)
        labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": truth})
        labels = labels[labels["paper_id"].isin(ids)]
        table = corrected_availability(papers, labels, by="venue", seed=run).sort_values("group")
        found.append(table[["low", "high"]].to_numpy().T)
        unequal += table["equal_p"].iloc[0] <= 0.05
        before.append(rogan_gladen(rng, papers, labels))
    cells = []
    for ends in (np.array(found), np.array(before)):
        hit = ((ends[:, 0] <= rates) & (rates <= ends[:, 1])).mean(axis=0)
        width = 100 * (ends[:, 1] - ends[:, 0]).mean()
        cells.append(f"covers {hit.mean():.3f} (worst {hit.min():.2f}), {width:.1f} wide")
    print(f"{name:38} {labels_a_group:4} labels  {cells[0]} | before: {cells[1]} | "
          f"p ≤ 0.05 in {unequal / runs:.2f}", flush=True)  # fmt: skip


def division(runs: int) -> None:
    """How wide the whole's interval is when 50 labels are divided one way or another."""
    for sensitivity, rate in ((0.4, 0.3), (0.75, 0.4)):
        widths: dict[str, list[float]] = {}
        hits: dict[str, list[bool]] = {}
        for run in range(runs):
            rng = np.random.default_rng(run)
            papers, truth = collection(rng, np.array([rate]), sensitivity, 0.01, 1500)
            linked = papers["code"].eq("linked").to_numpy()
            order = rng.permutation(len(papers))
            rows = {
                f"{k} linked, {50 - k} silent": np.r_[
                    order[linked[order]][:k], order[~linked[order]][: 50 - k]
                ]
                for k in (25, 15, 5)
            }
            drawn = draw_sample(papers, n=50, seed=run)
            rows["draw_sample"] = np.flatnonzero(papers["paper_id"].isin(drawn))
            pilot = pd.DataFrame({"paper_id": papers["paper_id"], "code": truth})
            pilot = pilot[pilot["paper_id"].isin(draw_sample(papers, n=20, seed=run))]
            more = draw_sample(papers, n=30, labels=pilot, seed=run)
            rows["draw_sample 20, then 30"] = np.flatnonzero(
                papers["paper_id"].isin([*pilot["paper_id"], *more])
            )
            for way, one in rows.items():
                labels = pd.DataFrame(
                    {"paper_id": papers["paper_id"].iloc[one], "code": truth[one]}
                )
                row = corrected_availability(papers, labels).iloc[0]
                widths.setdefault(way, []).append(100 * (row["high"] - row["low"]))
                hits.setdefault(way, []).append(row["low"] <= rate <= row["high"])
        for way, wide in widths.items():
            print(f"sensitivity {sensitivity}: {way:26} {np.mean(wide):5.1f} points wide, "
                  f"covers {np.mean(hits[way]):.3f}", flush=True)  # fmt: skip


def without_labels(runs: int) -> None:
    """Coverage of two groups of eight of which no paper is labelled."""
    for name in ("8 groups, equal sensitivity 0.4", "8 groups, sensitivity 0.95 to 0.10"):
        rates, *errors = SETTINGS[name]
        rng = np.random.default_rng(4)
        hits, widths = [], []
        for run in range(runs):
            papers, truth = collection(rng, rates, *errors)
            lone = [f"v{g}" for g in rng.choice(8, 2, replace=False)]
            some = papers[~papers["venue"].isin(lone)]
            ids = draw_sample(some, n=360, by="venue", seed=run)
            labels = pd.DataFrame({"paper_id": papers["paper_id"], "code": truth})
            table = corrected_availability(
                papers, labels[labels["paper_id"].isin(ids)], by="venue"
            ).set_index("group")
            for venue in lone:
                row = table.loc[venue]
                hits.append(row["low"] <= rates[int(venue[1:])] <= row["high"])
                widths.append(100 * (row["high"] - row["low"]))
        print(f"groups without labels, {name}: covers {np.mean(hits):.3f}, "
              f"{np.mean(widths):.0f} points wide", flush=True)  # fmt: skip


def changes(runs: int) -> None:
    """How often `check_change` is wrong of shares that only scatter (by `scatter` times chance)."""
    rng = np.random.default_rng(0)
    for periods, scatter in ((8, 1.0), (8, 2.0), (12, 3.0), (25, 2.0)):
        start = pd.date_range("2020", periods=periods, freq="MS")
        rates = pd.DataFrame({"group": start.strftime("%Y-%m"), "period": start, "n": 600})
        wrong = []
        for run in range(runs):
            share = np.full(periods, 0.2)
            if scatter > 1:
                size = (600 - 1) / (scatter - 1) - 1
                share = rng.beta(0.2 * size, 0.8 * size, periods)
            row = check_change(rates.assign(linked=rng.binomial(600, share)), seed=run).iloc[0]
            wrong.append([row["p"] <= 0.05, row["p_line"] <= 0.05])
        pair, line = np.mean(wrong, axis=0)
        print(f"{periods} periods that scatter {scatter:g} times chance: p ≤ 0.05 in {pair:.3f}, "
              f"p_line in {line:.3f}", flush=True)  # fmt: skip


def missed(runs: int) -> None:
    """Coverage of `estimate_missed` for sources that are independent, and for two that are not."""
    rng = np.random.default_rng(0)
    for count, tied in ((2, 0.0), (3, 0.0), (3, 1.0)):
        hits: dict[str, list[bool]] = {}
        for _ in range(runs):
            papers = pd.DataFrame({"paper_id": [f"p{k}" for k in range(1000)], "title": "T"})
            chance = np.broadcast_to([0.4, 0.5, 0.6][:count], (200, count)).copy()
            # The first two sources tend to name the same papers.
            chance[:, :2] = np.clip(
                chance[:, :2] + tied * 0.3 * rng.choice([-1, 1], (200, 1)), 0, 1
            )
            seen = rng.random((200, count)) < chance
            sources = {str(s): papers["paper_id"][:200][seen[:, s]] for s in range(count)}
            for row in estimate_missed(papers, sources).itertuples():
                hits.setdefault(row.method, []).append(row.low <= 200 <= row.high)
        for method, hit in hits.items():
            tie = ", two of which name the same" if tied else ""
            print(f"{count} sources{tie}: {method} covers {np.mean(hit):.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    for name in SETTINGS:
        for labels in (30, 60, 300):
            if options.only in name:
                coverage(name, labels, options.runs)
    division(options.runs)
    without_labels(options.runs)
    changes(options.runs)
    missed(options.runs)


if __name__ == "__main__":
    main()
