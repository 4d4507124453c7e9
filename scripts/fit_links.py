"""Fit the weights by which links of abstracts are told apart: what they hold, and whose they are.

    PYTHONPATH=. python scripts/fit_links.py [--shared FOLDER] [--write]

Reads the labels of `tests/bench` (`link_labels.jsonl`: links alone; `claims_labels.jsonl`) and of
`gold` and `cases` in the shared folder, with the texts from its collections, and the made-up
sentences of `tests/test_claims_fields.py`. Prints the share of
links whose kind, and whose owner, is right when their field is left out, by part; `--write` fits on
all and writes `toolkit/claims/link_weights.csv`. The model is a multinomial logistic regression on
the signs of `toolkit/claims/link_signs.py`; an address that many texts name counts less.
"""

import argparse
import gzip
import importlib
import json
import lzma
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from toolkit.claims.glosses import gloss
from toolkit.claims.identifiers import is_accession
from toolkit.claims.link_sentences import mark_links, surroundings
from toolkit.claims.link_signs import link_signs
from toolkit.claims.places import NEVER_OWN, find_place
from toolkit.claims.reading import link_key
from toolkit.claims.sentences import split_sentences
from toolkit.claims.sharing import joins
from toolkit.claims.statements import Names
from toolkit.claims.url_repair import repair_urls
from toolkit.claims.urls import find_urls

Record = dict[str, Any]
ROOT = Path(__file__).parents[1]
KINDS = ("code", "data", "demo", "project", "other")
FOLDS, STRENGTH, LEAST = 10, 1.0, 4
#: The part of the labels that no fit has seen.
KEPT = "last"
#: How much a link of a part counts.
WEIGHTS = {"gold": 1.5, "cases": 2.0, "sentences": 2.0}


def read_lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def labelled(shared: Path) -> list[Record]:
    """Return labelled papers: title, abstract, part, field, and the links with labels."""
    papers: dict[tuple[str, int], Record] = {}
    for one in read_lines(ROOT / "tests/bench/claims_labels.jsonl"):
        if one["part"] == KEPT:
            continue
        papers[one["file"], one["row"]] = {**one, "links": one["artifacts"]}
    for one in read_lines(ROOT / "tests/bench/link_labels.jsonl"):
        key = (one["file"], one["row"])
        paper = papers.setdefault(key, {"part": "links", "field": one["field"], "links": []})
        paper["links"].append(one)
    for name in {file for file, _ in papers}:
        opener = lzma.open if name.endswith(".xz") else gzip.open
        with opener(shared / "collections" / name, "rt", encoding="utf-8") as file:
            for row, line in enumerate(file):
                if (name, row) in papers:
                    text = json.loads(line)
                    papers[name, row]["title"] = text.get("title") or ""
                    papers[name, row]["abstract"] = text.get("abstract") or ""
    extra = [
        {"part": "gold", "field": "machine learning", "title": one["title"],
         "abstract": one["abstract"], "links": one["artifacts"]}
        for one in read_lines(shared / "gold/availability_dev.jsonl")
    ] + [
        {"part": "cases", "field": "cases", "title": "", "abstract": one["abstract"],
         "links": one["kinds"]}
        for one in read_lines(shared / "cases/availability.jsonl")
    ]  # fmt: skip
    return [*papers.values(), *extra, *sentences()]


def sentences() -> list[Record]:
    """Return the made-up sentences of the tests that have one link."""
    sys.path.insert(0, str(ROOT / "tests"))
    tests = importlib.import_module("test_claims_fields")
    found = []
    for *_, links, texts in tests.KINDS.values():
        for text in texts if len(links) == 1 else ():
            urls = find_urls(repair_urls(text))
            if len(urls) == 1:
                link = {"url": urls[0].url, "kind": links[0][0], "own": links[0][1]}
                found.append({"part": "sentences", "field": "sentences", "title": tests.TITLE,
                              "abstract": text, "links": [link]})  # fmt: skip
    return found


def signs_of(title: str, abstract: str) -> dict[str, set[str]]:
    """Return the signs of the links of an abstract, but for those that rules alone decide."""
    text = repair_urls(abstract)
    found = find_urls(text)
    marked = mark_links(text, found)
    names = Names(title, marked)
    signs: dict[str, set[str]] = {}
    previous = ""
    sentences = split_sentences(marked)
    for at, sentence in enumerate(sentences, 1):
        english = gloss(sentence)
        last = at == len(sentences)
        for number, around, between in surroundings(english, previous, found, names, is_last=last):
            ruled = find_place(around.url).name in NEVER_OWN or is_accession(around.url)
            if not (ruled or (around.is_later and joins(between) and around.said is None)):
                signs.setdefault(link_key(found[number].url), link_signs(around, names))
        previous = english
    return signs


def examples(papers: list[Record]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the labels of links (kind, part, field, weight), and their signs as columns."""
    rows, signs = [], []
    hosts = Counter(urlsplit(one["url"]).netloc for paper in papers for one in paper["links"])
    for paper in papers:
        known = signs_of(paper["title"], paper["abstract"]) if paper["links"] else {}
        for link in paper["links"]:
            found = known.get(link_key(link["url"]))
            kind = link["kind"] if link.get("own", True) else "other"
            if found is None or kind not in KINDS or link["kind"] == "registry":
                continue
            host = urlsplit(link["url"]).netloc
            often = min(1.0, 8 / hosts[host]) if find_place(link["url"]).name != "code" else 1.0
            weight = WEIGHTS.get(paper["part"], 1.0) * often
            rows.append((kind, paper["part"], paper["field"], weight))
            signs.append(found)
    table = pd.DataFrame(rows, columns=["kind", "part", "field", "weight"])
    counts = Counter(sign for one in signs for sign in one)
    columns = sorted(sign for sign, count in counts.items() if count >= LEAST)
    matrix = np.array([[sign in one for sign in columns] for one in signs], float)
    return table, pd.DataFrame(matrix, columns=columns)


def fit(table: pd.DataFrame, signs: pd.DataFrame) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=3000).fit(
        signs, table["kind"], sample_weight=table["weight"]
    )


def cross_validated(table: pd.DataFrame, signs: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the kind of each link as told without the links of its field and some others."""
    fields = sorted(set(table["field"]))
    fold = table["field"].map({field: at % FOLDS for at, field in enumerate(fields)})
    told = np.empty(len(table), object)
    for part in range(FOLDS):
        here = fold == part
        if here.any():
            told[here] = fit(table[~here], signs[~here]).predict(signs[here])
    return told


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    table, signs = examples(labelled(given.shared))
    told = cross_validated(table, signs)
    print(f"{len(table)} links, {signs.shape[1]} signs; fields left out: kind, owner")
    for part in [*sorted(set(table["part"])), "all"]:
        here = (table["part"] == part) | (part == "all")
        kind = told[here] == table["kind"][here]
        own = (told[here] == "other") == (table["kind"][here] == "other")
        print(f"  {part} ({here.sum()}): {kind.mean():.3f} {own.mean():.3f}")
    print(pd.crosstab(table["kind"], told, rownames=["labelled"], colnames=["told"]))
    if given.write:
        model = fit(table, signs)
        weights = pd.DataFrame(model.coef_.T, index=signs.columns, columns=model.classes_)
        weights = weights.sub(weights.mean(axis=1), axis=0)
        weights.loc["always"] = model.intercept_ - model.intercept_.mean()
        weights.round(2)[list(KINDS)].rename_axis("sign").to_csv(
            ROOT / "toolkit/claims/link_weights.csv", lineterminator="\n"
        )


if __name__ == "__main__":
    main()
