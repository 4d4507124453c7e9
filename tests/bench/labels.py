"""How well the labels of topics name them, on real collections.

    python tests/bench/labels.py                       # all collections
    python tests/bench/labels.py --only drugs --show   # and print the labels

The topics are fitted once on all papers; terms and labels are then made of four fifths of the
papers of each topic, and measured on the rest. Nothing is asserted. Measures:

first 10 %, 20 %: share of topics whose label's first term is used by so many of its papers;
covered: share of held-out papers that use one of their label's terms at least;
assigned: share of held-out papers that the labels' terms alone put into their topic (a paper goes
    where the terms it uses have the largest sum of ln(share in the topic / share elsewhere); a
    paper that uses none is wrong);
npmi: of the ten terms;
same first: topics whose label begins as another's;
generic: share of label terms that are as frequent all over their field (counted widely);
seconds: of terms and labels, of the processor.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
import sys
import time
import warnings
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "collections"
SCIENCE, WIDE = "science_abstracts.jsonl.gz", "wide_abstracts.jsonl.xz"
OTHER = "other_languages.jsonl.xz"
#: Name: file, sets (none: all), most papers.
COLLECTIONS = {
    "hf": ("hf_papers_2024_2026.jsonl.gz", (), 5680),
    "conference": ("conference_abstracts.jsonl.gz", (), 5000),
    "drugs": (SCIENCE, ("syn_drugs",), 6000),
    "reviews": (SCIENCE, ("syn_reviews",), 6000),
    "ecology": (SCIENCE, ("ecology_bib", "ecology_williams"), 6000),
    "economics": (SCIENCE, ("econ_nber_titles",), 6000),
    "communication": (SCIENCE, ("communication",), 6000),
    "awards": (SCIENCE, ("nsf2017",), 4000),
    "arxiv": (WIDE, ("arxiv",), 5000),
    "politics": (WIDE, ("polisci",), 4000),
    "archaeology": (WIDE, ("hist_archaeology",), 4000),
    "instruments": (WIDE, ("nime",), 4000),
    "books": (WIDE, ("tibkat_book",), 4000),
    "books_de": (OTHER, ("tibkat_book",), 4000),
    "theses_fr": (OTHER, ("papyrus_thesis",), 4000),
    "trials_pt": (OTHER, ("rebec",), 4000),
}


def read(name: str) -> pd.DataFrame:
    from toolkit.papers.schema import make_papers

    file, sets, most = COLLECTIONS[name]
    opened = gzip.open if file.endswith("gz") else lzma.open
    with opened(SHARED / file, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if not sets or row["set"] in sets]
    rows = [
        {**row, "title": row.get("title") or row["abstract"][:60]}
        for row in rows
        if row.get("title") or row.get("abstract")
    ]
    if len(rows) > most:
        rows = [rows[i] for i in np.sort(np.random.default_rng(0).permutation(len(rows))[:most])]
    table = [{key: row.get(key) for key in ("title", "abstract")} for row in rows]
    return make_papers(table, source="bench", clean=file != "hf_papers_2024_2026.jsonl.gz")


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:\.[^\W_]+)*", text.lower())


def uses(phrase: str, terms: set[str], title: str) -> bool:
    """Return whether a paper uses a phrase of a label: in its title, or all parts in its terms."""
    words = words_of(phrase)
    if not words or f" {' '.join(words)} " in title:
        return bool(words)
    pairs = [f"{a}_{b}" for a, b in pairwise(words)]
    if len(words) == 1 or not any(pair in terms for pair in pairs):
        return all(word in terms for word in words if len(word) > 3) and max(map(len, words)) > 3
    return all(pair in terms for pair in pairs)


def measure(documents: list[str], titles: list[str], topics, *, show: bool) -> dict:
    from toolkit.reliability.coherence import npmi
    from toolkit.text.generic import weight_as_name
    from toolkit.topics.bertopic_fitting import describe
    from toolkit.topics.term_scores import TermIndex, best_terms, topic_languages

    held = np.zeros(len(topics), dtype=bool)
    chance = np.random.default_rng(0)
    for topic in np.unique(topics):
        rows = chance.permutation(np.flatnonzero(topics == topic))
        held[rows[: len(rows) // 5]] = True
    train = np.flatnonzero(~held)
    some = [documents[i] for i in train], [titles[i] for i in train]
    start = time.process_time()
    index = TermIndex(some[0])
    table = describe(topics[train], some[1], index)
    seconds = time.process_time() - start
    labels = {t: x.split(", ") for t, x in zip(table["topic"], table["label"]) if t >= 0}
    sets = [set(document.split()) for document in documents]
    plain = [f" {' '.join(words_of(title))} " for title in titles]
    phrases = sorted({phrase for label in labels.values() for phrase in label})
    used = {p: np.array([uses(p, s, t) for s, t in zip(sets, plain)]) for p in phrases}
    score = np.zeros((len(topics), len(labels)))
    first = []
    covered = np.zeros(len(topics), dtype=bool)
    for column, (topic, label) in enumerate(labels.items()):
        inside = topics == topic
        first.append(used[label[0]][inside & ~held].mean())
        for phrase in label:
            p = (used[phrase][inside & ~held].sum() + 0.5) / ((inside & ~held).sum() + 1)
            q = (used[phrase][~inside & ~held].sum() + 0.5) / ((~inside & ~held).sum() + 1)
            score[:, column] += used[phrase] * max(np.log(p / q), 0)
            covered |= used[phrase] & inside
    right = (score.argmax(axis=1) == topics) & (score.max(axis=1) > 0)
    shown = best_terms(index, topics[train], languages=topic_languages(some[1], topics[train]))
    terms = [[w for w, _ in shown[t]] for t in labels]
    leads = Counter(label[0].casefold() for label in labels.values())
    if show:
        for _, row in table.iterrows():
            print(f"{row['size']:6d}  {row['label']}  |  {row['terms'][:110]}")
    return {
        "papers": len(topics),
        "topics": len(labels),
        "first 10 %": float(np.mean(np.array(first) >= 0.1)),
        "first 20 %": float(np.mean(np.array(first) >= 0.2)),
        "covered": float(covered[held].mean()),
        "assigned": float(right[held].mean()),
        "npmi": float(np.nanmean(npmi(terms, pd.Series(documents)))),
        "same first": sum(n for n in leads.values() if n > 1),
        "generic": float(
            np.mean([weight_as_name(p.lower().replace(" ", "_").replace("-", "_")) <= 0.5
                     for label in labels.values() for p in label])
        ),
        "seconds": seconds,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=COLLECTIONS, default=[*COLLECTIONS])
    parser.add_argument("--show", action="store_true", help="print the labels")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("ignore")
    import toolkit
    from toolkit.papers.terms import find_terms

    rows = []
    for name in arguments.only:
        papers = read(name)
        topics = toolkit.fit_topics(papers)
        found = topics.papers["topic"].to_numpy(dtype=np.int64)
        if arguments.show:
            print(f"\n{name}")
        documents, titles = find_terms(papers).tolist(), papers["title"].tolist()
        row = measure(documents, titles, found, show=arguments.show)
        rows.append({"collection": name, **row})
        print(pd.DataFrame(rows[-1:]).to_string(index=False, float_format="%.3f"), flush=True)
    table = pd.DataFrame(rows)
    mean = table.drop(columns="collection").mean().round(3)
    print(f"\n{table.to_string(index=False, float_format='%.3f')}\n\nmean\n{mean.to_string()}")


if __name__ == "__main__":
    main()
