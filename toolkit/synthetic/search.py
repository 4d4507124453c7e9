"""A planted search: the exports that two databases would give, and which records are one work."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.files import write_atomically
from toolkit.synthetic.planted import plant_collection

_FIRST = "Ada Bo Chris Dana Emil Femi Gita Hugo Ines Jun Kofi Lena Mira Nils Olga Pia".split()
_LAST = "Barano Corlund Delwala Fensson Galdottir Holberg Jorov Kelmann Lamstein Morezi".split()
#: Venues as one database writes them, and the other.
_VENUES = (
    ("Journal of Invented Methods", "J INVENT METHODS"),
    ("Letters in Planted Science", "LETT PLANT SCI"),
    ("Annals of Imagined Data and Models", "ANNALS OF IMAGINED DATA & MODELS"),
    ("Proceedings of the Conference on Nothing", "PROCEEDINGS OF THE CONFERENCE ON NOTHING"),
)
_SCOPUS = (
    "Authors", "Title", "Year", "Source title", "Page start", "Page end", "DOI", "Abstract",
    "Document Type", "Source",
)  # fmt: skip
_WOS = {"AU": "names", "TI": "title", "SO": "venue", "PY": "year", "BP": "page", "DI": "doi"}
#: Share of the works that each of the two databases has, and of records with a DOI.
_COVERED, _WITH_DOI = 0.7, 0.7


@checked
def plant_search(
    folder: str | os.PathLike[str], *, n_papers: int = 60, seed: int = 42
) -> pd.DataFrame:
    """Write the exports of two databases for one invented search; return what their records are.

    The databases differ as real ones do: authors in full or with initials, capitals, venues
    abbreviated, DOIs missing. There are works that look like one and are two (a supplement's
    abstracts under one DOI, editorials, two parts), and a record without a title.

    Parameters
    ----------
    folder : path
        Where `scopus.csv` and `web_of_science.txt` are written; made where it is missing.
    n_papers : int
        Number of works that the search could find, 1 to 10,000; nine more look alike.
    seed : int
        Same seed, same files.

    Returns
    -------
    DataFrame
        One row a record that can be read, in the order of the files: file, title, work (its number;
        the same in both files).

    Raises
    ------
    DataError
        `n_papers` is out of its range.

    Examples
    --------
    >>> import tempfile
    >>> truth = plant_search(tempfile.mkdtemp(), n_papers=20)
    >>> truth["file"].unique().tolist()
    ['scopus.csv', 'web_of_science.txt']
    """
    if not 1 <= n_papers <= 10_000:
        raise DataError("n_papers is out of range", found=n_papers, expected="1 to 10,000")
    rng = np.random.default_rng(seed)
    works = _works(rng, n_papers, seed)
    records = {
        file: [work for work in works if work["trap"] or rng.uniform() < _COVERED]
        for file in ("scopus.csv", "web_of_science.txt")
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = _scopus(rng, records["scopus.csv"]), _web_of_science(rng, records["web_of_science.txt"])
    for file, text in zip(records, texts, strict=True):
        write_atomically(folder / file, text.encode())
    return pd.DataFrame(
        [
            (file, work["title"], work["number"])
            for file, found in records.items()
            for work in found
        ],
        columns=["file", "title", "work"],
    ).astype({"file": "string", "title": "string"})


def _works(rng: np.random.Generator, n_papers: int, seed: int) -> list[dict[str, Any]]:
    planted = plant_collection(n_papers=n_papers, seed=seed).papers
    works = [
        {"title": title, "abstract": abstract, "year": int(year), "trap": False}
        for title, abstract, year in zip(
            planted["title"], planted["abstract"], planted["published"].dt.year
        )
    ]
    first, second = (planted["abstract"].iloc[i % n_papers] for i in (0, 1))
    traps: list[dict[str, Any]] = [
        {
            "title": f"P{n:02d} {title}",
            "doi": "10.5555/supplement.7",
            "abstract": said,
            "year": 2024,
        }
        for n, title, said in (
            (1, "Oaks in spring", "We looked at oaks in spring and saw buds."),
            (2, "Elms in winter", "We looked at elms in winter and saw snow."),
            (3, "Firs at night", "It was dark."),
        )
    ]
    traps += [
        {"title": "Editorial", "abstract": "", "year": year, "doi": "", "page": 3 * year % 90 + 2}
        for year in (2023, 2024)
    ]
    traps += [
        {"title": f"A theory of planted woods, part {part}", "abstract": said, "year": 2023}
        for part, said in (("I", first), ("II", second))
    ]
    traps += [{"title": f"{works[0]['title']}: {n} years on", "abstract": ""} for n in (10, 20)]
    works += [{"year": 2024, **trap, "trap": True} for trap in traps]
    for number, work in enumerate(works):
        picked = rng.choice(len(_FIRST) * len(_LAST), size=int(rng.integers(1, 5)), replace=False)
        work["people"] = [(_FIRST[i % len(_FIRST)], _LAST[i // len(_FIRST)]) for i in picked]
        work["venue"] = _VENUES[int(rng.integers(len(_VENUES)))]
        work["number"] = number
        work.setdefault("doi", f"10.5555/planted.{number}")
        work.setdefault("page", int(rng.integers(2, 900)))
    return works


def _scopus(rng: np.random.Generator, works: list[dict[str, Any]]) -> str:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(_SCOPUS)
    for work in works:
        authors = "; ".join(f"{last}, {first[0]}." for first, last in work["people"])
        page, doi = work["page"], work["doi"] if rng.uniform() < _WITH_DOI or work["trap"] else ""
        table.writerow(
            (authors, work["title"], work["year"], work["venue"][0], page, page + 8, doi,
             work["abstract"] or "[No abstract available]", "Article", "Scopus")
        )  # fmt: skip
    table.writerow(("Nobody, N.", "", 2024, "", "", "", "", "", "Article", "Scopus"))
    return file.getvalue()


def _web_of_science(rng: np.random.Generator, works: list[dict[str, Any]]) -> str:
    lines = ["FN Clarivate Analytics Web of Science", "VR 1.0"]
    for work in works:
        title = work["title"].upper() if rng.uniform() < 0.2 else work["title"]
        names = "\n   ".join(f"{last}, {first}" for first, last in work["people"])
        doi = work["doi"] if rng.uniform() < _WITH_DOI or work["trap"] else ""
        fields = {**work, "title": title, "names": names, "venue": work["venue"][1], "doi": doi}
        lines.append("PT J")
        lines += [f"{tag} {fields[name]}" for tag, name in _WOS.items() if fields[name]]
        lines += [f"AB {work['abstract']}"] if work["abstract"] else []
        lines += ["ER", ""]
    return "\n".join([*lines, "EF", ""])
