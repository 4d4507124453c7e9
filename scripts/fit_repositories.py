"""Fit the weights by which a full text's own repository is told from those it cites.

    python scripts/fit_repositories.py --labels LABELS.jsonl --texts FOLDER [--spread 0.5]

A line of LABELS is a paper: id, path (in FOLDER), title, own_code, own_data and unsure (addresses).
Prints WEIGHTS and INTERCEPT for `toolkit/claims/repositories.py`, and precision and recall under
five-fold cross-validation by paper. The weights are those of a logistic model with a normal prior
around what its author believed beforehand (PRIOR; `--spread` is its variance), so that few labels
cannot turn a sign round; a paper counts with the root of the number of its repositories.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.claims.full_texts import find_repositories, rows_of
from toolkit.claims.repositories import repository_key
from toolkit.fulltext.fulltext import read_fulltext

Floats = NDArray[np.float64]
PRIOR = {
    "availability": 1.2, "abstract": 1.0, "footnote": 0.0, "only references": -2.0,
    "reference by an author": 2.6, "sentence says own": 0.3, "we give": 1.0, "available": 1.2,
    "this paper": 1.5, "archived": 1.5, "uses": -1.2, "of others": -2.0, "cites": -1.0,
    "owner like author": 2.5, "owner in affiliations": 1.0, "name like title": 1.5,
    "name in abstract": 0.7, "named again": 0.3, "the only one": 1.0, "many repositories": -1.0,
    "inside it": -1.5, "code host": 0.7,
}  # fmt: skip
PRIOR_INTERCEPT = -1.7


def examples(
    labels: Path, texts: Path
) -> tuple[list[dict[str, float]], list[bool], list[str], int]:
    """Return signs, whether own, and paper of each repository; and how many own are missed."""
    signs, own, papers, missed = [], [], [], 0
    for line in labels.read_text().splitlines():
        paper = json.loads(line)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = read_fulltext(texts / paper["path"], progress=False)
        rows = next(iter(rows_of(table).values()))
        found = find_repositories(rows, title=paper["title"], authors="")
        mine = set(map(repository_key, paper["own_code"]))
        unclear = set(map(repository_key, [*paper["own_data"], *paper["unsure"]]))
        missed += len(mine - found.keys())
        for key, one in found.items():
            if key in mine or key not in unclear:
                signs.append(one)
                own.append(key in mine)
                papers.append(paper["id"])
    return signs, own, papers, missed


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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--labels", type=Path, required=True)
    options.add_argument("--texts", type=Path, required=True)
    options.add_argument("--spread", type=float, default=0.5)
    given = options.parse_args()
    signs, answers, papers, missed = examples(given.labels, given.texts)
    table = np.array([[float(one[name]) for name in PRIOR] + [1.0] for one in signs])
    own = np.array(answers, dtype=np.float64)
    prior = np.array([*PRIOR.values(), PRIOR_INTERCEPT])
    names = np.array(papers)
    weights = np.array([1 / np.sqrt((names == name).sum()) for name in papers])
    chance = np.zeros(len(own))
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(np.unique(names))
        fold = np.array([{name: at % 5 for at, name in enumerate(order)}[name] for name in names])
        for part in range(5):
            rest = fold != part
            found = fit(table[rest], own[rest], weights[rest], prior, given.spread)
            chance[~rest] += 1 / (1 + np.exp(-table[~rest] @ found)) / 5
    right = int((own * (chance >= 0.5)).sum())
    print(f"# {len(own)} repositories of {len(set(papers))} papers, {int(own.sum())} own; "
          f"cross-validated: precision {right / (chance >= 0.5).sum():.3f}, "
          f"recall {right / (own.sum() + missed):.3f}")  # fmt: skip
    found = fit(table, own, weights, prior, given.spread)
    print("WEIGHTS: Mapping[str, float] = {")
    for name, value in zip(PRIOR, found):
        print(f'    "{name}": {value:.2f},')
    print(f"}}\nINTERCEPT = {found[-1]:.2f}")


if __name__ == "__main__":
    main()
