"""Fit the weights by which a full text's own repository is told from those it cites.

    python scripts/fit_repositories.py --labels LABELS.jsonl --texts FOLDER [--spread 0.5]

A line of LABELS is a paper: id, path (in FOLDER), format, source, title, own_code, own_data and
unsure (addresses). Prints, under ten-fold cross-validation, precision and recall at thresholds and
by format, and the share of papers told right as linked or not; then WEIGHTS, INTERCEPT and
THRESHOLD for `toolkit/claims/repositories.py`. Papers of one source (what stands before the colon)
are in the same fold. The threshold is the least with a cross-validated precision of WANTED. The
weights are those of a logistic model with a normal prior around what its author believed beforehand
(PRIOR; `--spread` is its variance), so that few labels cannot turn a sign round; a paper counts
with the root of the number of its repositories.
"""

import argparse
import json
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.claims.full_texts import find_repositories, rows_of
from toolkit.claims.repositories import repository_key
from toolkit.fulltext.fulltext import read_fulltext

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Record = dict[str, Any]
FOLDS, REPEATS, WANTED = 10, 10, 0.95
PRIOR = {
    "availability": 1.2, "abstract": 1.0, "reference by others": -0.5, "only references": -2.0,
    "reference by an author": 2.6, "sentence says own": 0.3, "we give": 1.0, "available": 1.2,
    "this paper": 1.5, "archived": 1.5, "uses": -1.2, "of others": -2.0, "cites": -1.0,
    "owner like author": 2.5, "owner in affiliations": 1.0, "name like title": 1.5,
    "name in abstract": 0.7, "named again": 0.3, "account again": 0.5, "account shown": 0.7,
    "the only one": 1.0, "many repositories": -1.0,
    "inside it": -1.5, "code host": 0.7, "review": -1.0,
}  # fmt: skip
PRIOR_INTERCEPT = -1.7


class Examples(NamedTuple):
    """Repositories of labelled papers: signs, whether own, and at which place their paper stands.

    `missed` holds how many own repositories of each paper are not found at all.
    """

    table: Floats
    own: Floats
    paper: Ints
    missed: Ints


def examples(papers: list[Record], texts: Path) -> Examples:
    """Return the repositories that full texts name, but for those not clearly labelled."""
    found, own, at, missed = [], [], [], []
    for number, paper in enumerate(papers):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = read_fulltext(texts / paper["path"], progress=False)
        rows = next(iter(rows_of(table).values()))
        signs = find_repositories(rows, title=paper["title"], authors="")
        mine = set(map(repository_key, paper["own_code"]))
        unclear = set(map(repository_key, [*paper["own_data"], *paper["unsure"]]))
        missed.append(len(mine - signs.keys()))
        for key, one in signs.items():
            if key in mine or key not in unclear:
                found.append([*(float(one[name]) for name in PRIOR), 1.0])
                own.append(key in mine)
                at.append(number)
    return Examples(np.array(found), np.array(own, float), np.array(at), np.array(missed))


def fit(table: Floats, own: Floats, weights: Floats, prior: Floats, spread: float) -> Floats:
    """Return the most probable coefficients, by Newton's method."""
    found = prior.copy()
    for _ in range(100):
        chance = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (weights * (chance - own)) + (found - prior) / spread
        bend = (table.T * (weights * chance * (1 - chance))) @ table
        step = np.linalg.solve(bend + np.eye(len(prior)) / spread, slope)
        found -= step
        if np.abs(step).max() < 1e-10:
            break
    return found


def weights_of(data: Examples) -> Floats:
    return 1 / np.sqrt(np.bincount(data.paper)[data.paper])


def cross_validated(data: Examples, groups: Ints, prior: Floats, spread: float) -> Floats:
    """Return the chance of each repository without its group; one row a repeat."""
    weights, chance = weights_of(data), np.zeros((REPEATS, len(data.own)))
    for repeat in range(REPEATS):
        fold = np.random.default_rng(repeat).permutation(groups.max() + 1)[groups] % FOLDS
        for part in range(FOLDS):
            rest = fold[data.paper] != part
            found = fit(data.table[rest], data.own[rest], weights[rest], prior, spread)
            chance[repeat, ~rest] = 1 / (1 + np.exp(-data.table[~rest] @ found))
    return chance


def rates(
    data: Examples, told: NDArray[np.bool_], of: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return precision, recall, and the share of papers told right, of some papers."""
    here = of[data.paper]
    right = (told & (data.own == 1))[:, here].sum()
    own = len(told) * (data.own[here].sum() + data.missed[of].sum())
    linked = data.missed + np.bincount(data.paper, data.own, len(of)) > 0
    said = np.array([np.bincount(data.paper, one, len(of)) > 0 for one in told])
    return (
        right / max(told[:, here].sum(), 1),
        right / max(own, 1),
        float((said == linked)[:, of].mean()),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--labels", type=Path, required=True)
    options.add_argument("--texts", type=Path, required=True)
    options.add_argument("--spread", type=float, default=0.5)
    given = options.parse_args()
    papers = [json.loads(line) for line in given.labels.read_text().splitlines()]
    report(papers, examples(papers, given.texts), given.spread)


def report(papers: list[Record], data: Examples, spread: float) -> None:
    prior = np.array([*PRIOR.values(), PRIOR_INTERCEPT])
    sources = [paper["source"].partition(":")[0] for paper in papers]
    groups = np.unique(sources, return_inverse=True)[1]
    formats = np.array([paper["format"] for paper in papers])
    chance = cross_validated(data, groups, prior, spread)
    print(f"# {len(data.own)} repositories of {len(papers)} papers, {int(data.own.sum())} own, "
          f"{data.missed.sum()} more not read")  # fmt: skip
    everywhere = np.full(len(papers), True)
    print("# cross-validated: precision, recall, papers told right as linked or not")
    threshold = 0.0
    for step in range(30, 86):
        limit = step / 100
        found = rates(data, chance >= limit, everywhere)
        if step % 5 == 0 or (threshold == 0.0 and found[0] >= WANTED):
            print(f"#   from {limit:.2f}: {found[0]:.3f} {found[1]:.3f} {found[2]:.3f}")
        threshold = threshold or (limit if found[0] >= WANTED else 0.0)
    for name in np.unique(formats):
        found = rates(data, chance >= threshold, formats == name)
        print(f"#   {name} ({(formats == name).sum()}) from {threshold:.2f}: "
              f"{found[0]:.3f} {found[1]:.3f} {found[2]:.3f}")  # fmt: skip
    fitted = fit(data.table, data.own, weights_of(data), prior, spread)
    print("WEIGHTS: Mapping[str, float] = {")
    for name, value in zip(PRIOR, fitted):
        print(f'    "{name}": {value:.2f},')
    print(f"}}\nINTERCEPT = {fitted[-1]:.2f}\nTHRESHOLD = {threshold:.2f}")


if __name__ == "__main__":
    main()
