"""Do the intervals of `link_survival` hold the truth, also where links die together?

    python tests/bench/survival.py [--runs 200] [--only yearly]

Each line is one setting: how often the 95 % interval holds the true share alive, the mean error
of the curve and the mean width, at three months and at one, two and three years, where the checks
reach them. At most of these times links were checked; elsewhere the curve is a range, which counts
from the interval's lower end at its bottom to its upper end at its top. Beside it stands the
middle of each death's interval with Greenwood's error, the way before. The last lines say how
often the test of equal groups is wrong.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.linkcheck import LinkLog, link_survival

DAY = pd.Timestamp("2022-01-01")
TIMES = np.array([91.3, 365.25, 730.5, 1095.75])
#: links, owners, days between checks, years, part of deaths that takes the whole owner, chance
#: that a living link fails once, whether links begin at different days
SETTINGS = {
    "monthly": (300, 300, 30.4, 3, 0.0, 0.0, False),
    "yearly": (300, 300, 365.25, 4, 0.0, 0.0, False),
    "monthly, 40 links": (40, 40, 30.4, 3, 0.0, 0.0, False),
    "yearly, 40 links": (40, 40, 365.25, 4, 0.0, 0.0, False),
    "monthly, 2 % fail by chance": (300, 300, 30.4, 3, 0.0, 0.02, False),
    "monthly, 60 hosts that die": (300, 60, 30.4, 3, 0.7, 0.0, False),
    "yearly, 60 hosts that die": (300, 60, 365.25, 4, 0.7, 0.0, False),
    "monthly, 15 hosts that die": (300, 15, 30.4, 3, 0.7, 0.0, False),
    "yearly, 15 hosts that die": (300, 15, 365.25, 4, 0.7, 0.0, False),
    "monthly, links of all ages": (300, 300, 30.4, 3, 0.0, 0.0, True),
    "yearly, links of all ages": (300, 300, 365.25, 4, 0.0, 0.0, True),
    "yearly, all ages, 60 hosts": (300, 60, 365.25, 4, 0.7, 0.0, True),
}
#: Deaths a day: 0.82 are alive after 90 days in the first, 0.82 after a year in the second.
RATES = {"fast": -np.log(0.82) / 90, "slow": -np.log(0.82) / 365.25}


def simulate(rng, links, owners, every, years, together, chance, staggered, rate, host="h"):
    """Return checks and publication days of links that die at a known rate."""
    owner = np.sort(rng.integers(0, owners, links))
    whole = rng.exponential(1 / max(rate * together, 1e-12), owners)[owner]
    alone = rng.exponential(1 / max(rate * (1 - together), 1e-12), links)
    born = rng.uniform(-500, 0, links) if staggered else np.zeros(links)
    dies = born + np.minimum(whole, alone)
    days = np.arange(0, 365.25 * years + 1, every)
    # A run over many links takes hours.
    when = days[None, :] + rng.uniform(0, 0.3, (links, len(days)))
    alive = (dies[:, None] > when) & (rng.random(when.shape) >= chance)
    url = np.array([f"https://{host}{o}.example/{n}" for n, o in enumerate(owner)])
    at = (DAY + pd.to_timedelta(when.ravel(), "D")).to_pydatetime()
    checks = [
        {"url": u, "host": u[8:].split("/")[0], "resolves": bool(a), "checked_at": t}
        for u, t, a in zip(url.repeat(len(days)), at, alive.ravel())
    ]
    papers = pd.DataFrame({"paper_id": url, "published": DAY + pd.to_timedelta(born, "D")})
    return checks, pd.DataFrame({"url": url, "paper_id": url, "all": host}), papers, dies - born


def curve_at(table: pd.DataFrame, times: np.ndarray) -> np.ndarray:
    """Return low, middle and high at each time; NaN beyond the checks."""
    out = np.full((3, len(times)), np.nan)
    for place, time in enumerate(times):
        if time > table["time"].iloc[-1]:
            continue
        near = table[(table["time"] - time).abs() < 4]
        if len(near):
            out[:, place] = near[["low", "survival", "high"]].iloc[-1]
            continue
        before = table[table["time"] <= time].iloc[-1]
        inside = table[(table["after"] < time) & (table["time"] > time)]
        last = inside.iloc[0] if len(inside) else before
        out[:, place] = last["low"], (before["survival"] + last["survival"]) / 2, before["high"]
    return out


def way_before(checks, born, times) -> np.ndarray:
    """Return the curve that puts each death in the middle, with Greenwood's intervals."""
    from statsmodels.duration.survfunc import SurvfuncRight

    table = pd.DataFrame(checks)
    table["day"] = (table["checked_at"] - DAY) / pd.Timedelta(days=1)
    alive = table[table["resolves"]].groupby("url")["day"].max()
    first = table[~table["resolves"]].groupby("url")["day"].min().reindex(alive.index)
    dead = (first > alive).to_numpy()
    end = np.where(dead, (alive + first.fillna(0)) / 2, alive) - born.reindex(alive.index)
    fit = SurvfuncRight(end, dead.astype(float))
    place = np.searchsorted(fit.surv_times, times, side="right") - 1
    share = np.where(place >= 0, fit.surv_prob[place], 1.0)
    error = np.where(place >= 0, fit.surv_prob_se[place], 0.0)
    with np.errstate(all="ignore"):
        step = 1.96 * np.nan_to_num(error / (share * np.log(share)))
    return np.stack([share ** np.exp(-step), share, share ** np.exp(step)])


def coverage(name: str, speed: str, runs: int, folder: Path) -> None:
    """Print one line for each way."""
    setting = SETTINGS[name]
    truth = np.exp(-RATES[speed] * TIMES)
    rng = np.random.default_rng(1)
    ours, theirs = [], []
    for run in range(runs):
        checks, links, papers, _ = simulate(rng, *setting, RATES[speed])
        log = folder / f"{run}.sqlite"
        with LinkLog(log) as opened:
            opened.append(checks)
        more = {"links": links, "by": "all", "papers": papers}
        more["since"] = "published" if setting[-1] else "first check"
        ours.append(curve_at(link_survival(log, **more), TIMES))
        born = (papers.set_index("paper_id")["published"] - DAY) / pd.Timedelta(days=1)
        theirs.append(way_before(checks, born, TIMES))
        log.unlink()
    for way, found in (("intervals", np.array(ours)), ("before", np.array(theirs))):
        low, middle, high = found[:, 0], found[:, 1], found[:, 2]
        known = ~np.isnan(middle)
        hit = ((low <= truth) & (truth <= high) & known).sum(axis=0) / known.sum(axis=0)
        error, width = np.nanmean(middle, axis=0) - truth, np.nanmean(high - low, axis=0)
        cells = [
            f"{h:.2f} ({100 * e:+.0f}, {100 * w:.0f} wide)" if n else "–"
            for h, e, w, n in zip(hit, error, width, known.any(axis=0))
        ]
        print(f"{name:30} {speed} {way:10} " + "  ".join(cells), flush=True)


def false_alarms(runs: int, folder: Path) -> None:
    """Print how often equal groups are said to differ, p ≤ 0.05."""
    for name in ("monthly, 60 hosts that die", "yearly, 60 hosts that die", "monthly, 40 links"):
        rng = np.random.default_rng(2)
        wrong = 0
        for run in range(runs):
            both = [simulate(rng, *SETTINGS[name], RATES["slow"], host=h) for h in "ab"]
            log = folder / f"{run}.sqlite"
            with LinkLog(log) as opened:
                opened.append(both[0][0] + both[1][0])
            links = pd.concat([both[0][1], both[1][1]])
            table = link_survival(log, by="all", links=links, resamples=2)
            wrong += table["log_rank_p"].iloc[0] <= 0.05
            log.unlink()
        print(f"two equal groups, {name}: said to differ in {wrong / runs:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print("coverage (mean error, width in points) after " + ", ".join(f"{t:g} d" for t in TIMES))
    with tempfile.TemporaryDirectory() as folder:
        for name in SETTINGS:
            for speed in RATES:
                if options.only in name:
                    coverage(name, speed, options.runs, Path(folder))
        false_alarms(options.runs, Path(folder))


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
