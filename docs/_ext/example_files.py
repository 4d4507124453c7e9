"""The files that the how-to pages read: exports of invented papers, as the databases write them."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import toolkit

ROOT = Path(__file__).resolve().parents[2]


def _medline(titles: list[str], dois: list[str | None]) -> str:
    """Return records as PubMed exports them in its format PubMed."""
    records = [
        f"PMID- {90000000 + number}\nTI  - {title}\nDP  - 2023 Jan\nFAU - Barano, Ada\n"
        + (f"LID - {doi} [doi]\n" if doi else "")
        + "JT  - Annals of Imagined Data and Models\nPT  - Journal Article\nSO  - Annals.\n"
        for number, (title, doi) in enumerate(zip(titles, dois))
    ]
    return "\n".join(records)


def _zotero(folder: Path) -> None:
    """Write a Zotero database of some papers."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        from fake_zotero import item, write_database
    finally:
        del sys.path[0]
    papers = toolkit.plant_collection(n_papers=60, seed=7).papers
    items = [
        item(f"PAPER{number:03}", itemType="journalArticle", title=row.title,
             abstractNote=row.abstract, date=f"{row.published:%Y-%m-%d}",
             publicationTitle="Journal of Invented Methods",
             creators=[{"creatorType": "author", "firstName": "Ada", "lastName": "Barano"}])
        for number, row in enumerate(papers.itertuples())
    ]  # fmt: skip
    with contextlib.closing(write_database(folder / "zotero.sqlite", items)):
        pass


def write(folder: str | os.PathLike[str]) -> None:
    """Write the files into a folder.

    `scopus.csv`, `web_of_science.txt` and `pubmed.nbib` hold one search in three databases,
    `conference.csv` five years of a venue, `zotero.sqlite` a library, and `alerts/` exports of two
    weeks.
    """
    folder = Path(folder)
    works = toolkit.synthetic.plant_search(folder, n_papers=150)
    found = works.drop_duplicates("title").head(60)
    dois = [f"10.5555/planted.pm{number}" if number % 3 else None for number in range(60)]
    (folder / "pubmed.nbib").write_text(_medline(found["title"].tolist(), dois), encoding="utf-8")
    venue = toolkit.plant_collection(
        n_papers=240, start="2020-01-01", years=5, trends={0: 0.06, 1: -0.06}, code_rates=0.4
    ).papers
    venue["venue"] = "Conference on Planted Science"
    half = len(venue) // 2
    venue["countries"] = ["Chile; Kenya", "Kenya", "Norway", "Chile"] * (half // 2)
    toolkit.export(venue, folder / "conference.csv")
    _zotero(folder)
    alerts = folder / "alerts"
    alerts.mkdir(exist_ok=True)
    papers = toolkit.plant_collection(n_papers=80, seed=3).papers
    toolkit.export(papers.head(50), alerts / "week_1.ris")
    toolkit.export(papers.tail(30), alerts / "week_2.ris")
