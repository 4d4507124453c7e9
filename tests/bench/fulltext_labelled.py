"""How well a paper's own repository is told from cited ones, on full texts labelled by hand.

    PYTHONPATH=. python tests/bench/fulltext_labelled.py --labels FILE --texts FOLDER [--errors]

A line of the labels is a paper: id, path (in FOLDER), format, title, code (its status), own_code,
own_data and unsure (addresses). An address predicted as own code is right where it is in own_code,
and left out where it is in own_data or unsure; in a file that cannot be read nothing is found.
Beside it: taking every repository that the paper names, and what the abstract alone links.
`--errors` is for papers that rules may be made on.

On 312 papers (LaTeX 110, JATS 87, TEI 83, PDF 29, web pages 3), cross-validated by source
(`scripts/fit_repositories.py`): precision 0.96, recall 0.83, 0.97 of the papers told right as
linked or not. With signs and weights made on 195 of them, the other 117 had 0.75, 0.78 and 0.94;
nearly half of the 23 wrong ones were in two papers.
"""

import argparse
import json
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

from toolkit.claims.claims import code_claims, find_links
from toolkit.claims.repositories import repository_key
from toolkit.claims.url_targets import is_code_host
from toolkit.errors import DataError
from toolkit.fulltext.fulltext import read_fulltext
from toolkit.papers.schema import make_papers

WAYS = (
    "full text", "every repository", "every repository outside the references", "abstract only",
)  # fmt: skip


def read(paper: dict[str, object], folder: Path) -> tuple[dict[str, set[str]], str]:
    """Return what each way finds in a paper, and the status of its code."""
    try:
        table = read_fulltext(folder / str(paper["path"]), progress=False)
    except DataError as error:
        print("  not read:", paper["id"], str(error).splitlines()[0][-120:])
        return {way: set() for way in WAYS}, "none"
    text = table.groupby("section")["text"].agg("\n".join)
    title = paper["title"] or text.get("title", paper["id"])
    record = {"title": title, "abstract": text.get("abstract", "-")}
    papers = make_papers([record], source="labelled")
    table["paper_id"] = papers["paper_id"].iloc[0]
    links = find_links(papers, fulltext=table)
    named = links[links["host"].map(is_code_host).astype(bool) & links["repo"].notna()]
    abstract = find_links(papers)
    found = (
        links[links["own"] & (links["kind"] == "code")],
        named,
        named[named["where"] != "references"],
        abstract[abstract["own"] & (abstract["kind"] == "code")],
    )
    status = str(code_claims(papers, fulltext=table)["code"].iloc[0])
    return {way: set(map(repository_key, one["url"])) for way, one in zip(WAYS, found)}, status


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--labels", type=Path, required=True)
    options.add_argument("--texts", type=Path, required=True)
    options.add_argument("--errors", action="store_true")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    statuses: Counter[tuple[str, str]] = Counter()
    formats: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with_own = found_one = 0
    papers = [json.loads(line) for line in given.labels.read_text().splitlines()]
    for paper in papers:
        ways, status = read(paper, given.texts)
        statuses[str(paper["code"]), status] += 1
        own = set(map(repository_key, paper["own_code"]))
        unclear = set(map(repository_key, [*paper["own_data"], *paper["unsure"]])) - own
        for way, found in ways.items():
            counts[way] += Counter(
                right=len(found & own), wrong=len(found - own - unclear), missed=len(own - found)
            )
            if way == "full text":
                formats[paper["format"]] += Counter(
                    right=len(found & own), wrong=len(found - own - unclear),
                    missed=len(own - found), papers=1,
                )  # fmt: skip
        with_own += bool(own)
        found_one += bool(own & ways["full text"])
        if given.errors:
            for key in ways["full text"] - own - unclear:
                print("  not own:", paper["id"], key)
            for key in own - ways["full text"]:
                print("  missed:", paper["id"], key)
    print(f"{len(papers)} papers, {with_own} with own code; of {found_one} at least one is found")
    rows = {way: rates(one) for way, one in counts.items()}
    rows |= {f"full text, {name} ({one['papers']})": rates(one) for name, one in formats.items()}
    columns = ["precision", "recall", "F1", "right", "wrong", "missed"]
    print(pd.DataFrame(rows, index=columns).T.to_string(float_format="{:g}".format))
    right = sum(count for (told, status), count in statuses.items() if told == status)
    linked = sum(
        count
        for (told, status), count in statuses.items()
        if (told == "linked") == (status == "linked")
    )
    print(f"status of code: {right / len(papers):.3f} right")
    print(f"linked or not: {linked / len(papers):.3f} right")


def rates(one: Counter[str]) -> list[float]:
    precision = one["right"] / max(one["right"] + one["wrong"], 1)
    recall = one["right"] / max(one["right"] + one["missed"], 1)
    both = 2 * precision * recall / max(precision + recall, 1e-9)
    return [*(round(rate, 3) for rate in (precision, recall, both)), one["right"], one["wrong"],
            one["missed"]]  # fmt: skip


if __name__ == "__main__":
    main()
