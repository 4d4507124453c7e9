"""Build the shipped collections in data/ from public sources: facts and features, no abstracts.

    .venv/bin/python scripts/build_data.py [--shared FOLDER] [--out FOLDER]

docs/rebuild.md says which public repositories the folder (../shared) is made from, in which format,
and how to check the result. Needed again whenever the static model (toolkit/assets), the terms or
the rules for links and claims change; `tests/test_data.py` notices.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pandas as pd

import toolkit
from toolkit.papers.identifiers import fold_title
from toolkit.papers.schema import make_papers
from toolkit.storage import save_collection
from toolkit.storage.manifest import read_manifest

ROOT = Path(__file__).resolve().parents[1]
LICENCE = (
    "Titles, ids, dates, links and counts are facts; arXiv's metadata are CC0 1.0 "
    "(https://info.arxiv.org/help/license). Terms, vectors, links and claims were made by "
    "this project (MIT, see LICENSE)."
)
ABOUT = {
    "hf-papers": {
        "title": "Hugging Face daily papers, June 2024 to August 2026",
        "source": "weekly copies of Hugging Face's daily papers kept in the public repository "
        "https://github.com/InMatrix/ai-papers-reader",
        "date": "2024-06-21 to 2026-08-21",
        "note": "at most 50 papers a week, so use shares, not counts; `listed` is the date of the "
        "week's copy; the first month and the last quarter are incomplete; `published` is the "
        "month of the arXiv id",
        "licence": LICENCE,
    },
    "trending-page": {
        "title": "One page of Hugging Face's papers",
        "source": "a copy of a page of https://huggingface.co/papers, arXiv ids looked up by title",
        "date": "listed on a March 11",
        "note": "31 papers about optimisation: an example, not a random sample; `published` is the "
        "month of the arXiv id",
        "licence": LICENCE,
    },
}


def hf_papers(shared: Path) -> pd.DataFrame:
    papers = toolkit.load(shared / "collections" / "hf_papers_2024_2026.jsonl.gz")
    return with_addresses(papers.assign(source="hf-papers"))


def trending_page(shared: Path) -> pd.DataFrame:
    """Return the page's papers, with the ids and months of the facts file."""
    page = toolkit.load(shared / "collections" / "trending_page.txt")
    facts = pd.read_csv(shared / "facts" / "trending_page_index.csv", dtype="string")
    if [fold_title(t) for t in page["title"]] != [fold_title(t) for t in facts["title"]]:
        raise SystemExit("the page and trending_page_index.csv do not list the same papers")
    records = page.drop(columns=["paper_id", "published", "published_precision"])
    papers = make_papers(
        records.assign(arxiv_id=facts["arxiv_id"].to_numpy()), source="trending-page", clean=False
    )
    if (papers["published"].dt.strftime("%Y-%m") != facts["first_month"]).any():
        raise SystemExit("an arXiv id is of another month than trending_page_index.csv gives")
    return with_addresses(papers.assign(source="trending-page"))


def with_addresses(papers: pd.DataFrame) -> pd.DataFrame:
    address = "https://arxiv.org/abs/" + papers["paper_id"].str.removeprefix("arxiv:")
    return papers.assign(url=papers["url"].fillna(address).astype("string"))


BUILDERS = {"hf-papers": hf_papers, "trending-page": trending_page}


def build(name: str, shared: Path, out: Path) -> Path:
    """Build one collection, replacing an existing one; return its folder."""
    papers = BUILDERS[name](shared)
    if (out / name).exists():
        shutil.rmtree(out / name)
    return save_collection(papers, out / name, prose=False, about=ABOUT[name])


def readme(out: Path) -> str:
    """Return the text of data/README.md, with checksums."""
    lines = [
        "# The shipped collections",
        "",
        "Built by `scripts/build_data.py`. `toolkit.load_sample(name)` reads them, as does any",
        "reader of Parquet files. They contain facts and features, but no abstracts;",
        "`toolkit.fetch_abstracts(papers)` gets the abstracts from arXiv.",
    ]
    for name in BUILDERS:
        manifest = read_manifest(out / name, "collection")
        about, papers = manifest["about"], toolkit.load_collection(out / name)
        lines += ["", f"## {name}: {about['title']}", ""]
        lines += [f"- Papers: {len(papers):,}"]
        lines += [
            f"- {key.capitalize()}: {about[key]}" for key in ("source", "date", "licence", "note")
        ]
        filled = [name for name in papers if papers[name].notna().any()]
        lines += [f"- Columns that are filled: {', '.join(f'`{c}`' for c in filled)}"]
        lines += ["", "| file | what | rows | bytes | SHA-256 |", "|---|---|---|---|---|"]
        for role, file in manifest["files"].items():
            size = (out / name / file["name"]).stat().st_size
            facts = f"{WHAT[role]} | {file['rows']:,} | {size:,} | `{file['sha256']}`"
            lines += [f"| {name}/{file['name']} | {facts} |"]
    return "\n".join([*lines, ""])


WHAT = {"papers": "the papers table; `abstract` and `comments` are empty"}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    ask.add_argument("--out", type=Path, default=ROOT / "data")
    given = ask.parse_args()
    for name in BUILDERS:
        folder = build(name, given.shared, given.out)
        sizes = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{name}: {sizes / 1e6:.1f} MB")
    (given.out / "README.md").write_text(readme(given.out), encoding="utf-8")


if __name__ == "__main__":
    main()
