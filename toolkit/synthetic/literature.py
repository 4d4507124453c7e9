"""A planted literature: three schools of authors, their words, and what they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.errors import check_whole
from toolkit.papers.schema import make_papers

if TYPE_CHECKING:
    import pandas as pd

#: Each school's name, its first year, its country, its words.
_SCHOOLS = (
    ("dances", 2008, "Chile", "waggle dance;foraging;scouts;swarm decisions;navigation;landmarks"),
    ("wax", 2008, "Kenya", "comb building;wax glands;cell size;temperature;hive design;propolis"),
    ("health", 2015, "Norway", "varroa mites;pesticides;colony loss;immunity;viruses;breeding"),
)
_SHARED = ("honey bees", "Apis mellifera", "pollination")
_GIVEN = "Ada Bo Chris Dana Emil Femi Gita Hugo Ines Jun Kofi Lena".split()
_FAMILY = (
    "Barano Corlund Delwala Fensson Galdottir Holberg Jorov Kelmann Lamstein Morezi Nakoda Ostrel "
    "Pardini Quillan Rasowa Sventik Tamboro Ulvang Vostrik Wendala Yarosh Zubiri Amundo Brekke "
    "Cassaro Dumont Ekholm Faroni Gustaf Hellas Ibarra Jansky Kowal Lindor Mbeki Norvik Olander"
).split()
_JOURNALS = ("J INVENT APIC", "LETT PLANTED SCI", "ANN IMAGINED BEES")
_LAST = 2023
#: Authors, and classics that everyone of it cites, of each school.
_AUTHORS, _CLASSICS = 12, 15
#: Chance that an author comes from another school, and that a reference does.
_VISIT, _CITE_OTHERS = 0.06, 0.12


def plant_literature(*, n_papers: int = 240, seed: int = 42) -> pd.DataFrame:
    """Return an invented literature on bees: three schools that write, and cite, by themselves.

    Each school has twelve authors in a country, six keywords and fifteen classics; some papers
    have a guest from another school, and some references lead there. The third school starts
    seven years after the others. References are written as Web of Science writes them: initials
    and DOIs come and go, so that one work has several forms.

    Parameters
    ----------
    n_papers : int
        10 or more.
    seed : int
        Same seed, same papers.

    Returns
    -------
    DataFrame
        A papers table with authors, countries, keywords, venue, volume, pages, published,
        references and cited_by; the column `school` is the truth.

    Raises
    ------
    DataError
        `n_papers` is less than 10.

    Examples
    --------
    >>> plant_literature(n_papers=30)["school"].unique().tolist()
    ['dances', 'wax', 'health']
    """
    check_whole(n_papers, "n_papers", least=10)
    rng = np.random.default_rng(seed)
    schools = [n % len(_SCHOOLS) for n in range(n_papers)]
    years = [int(rng.integers(_SCHOOLS[school][1], _LAST + 1)) for school in schools]
    written = sorted(zip(years, schools, strict=True))
    classics = [[_classic(rng, school, n) for n in range(_CLASSICS)] for school in range(3)]
    records: list[dict[str, object]] = []
    earlier: list[list[str]] = [[], [], []]
    for number, (year, school) in enumerate(written):
        people = _people(rng, school)
        words = _SCHOOLS[school][3].split(";")
        keywords = [*rng.choice(words, size=3, replace=False), *rng.choice(_SHARED, size=1)]
        cited = _references(rng, school, classics, earlier)
        journal = _JOURNALS[int(rng.integers(len(_JOURNALS)))]
        page = int(rng.integers(2, 900))
        records.append({
            "title": f"Paper {number} on {keywords[0]} and {keywords[1]}",
            "authors": [_name(one) for one in people],
            "countries": list(dict.fromkeys(_SCHOOLS[one // _AUTHORS][2] for one in people)),
            "keywords": keywords, "published": f"{year}-06-01", "venue": journal.title(),
            "volume": str(year - 2000), "pages": f"{page}-{page + 9}", "references": cited,
            "cited_by": 0, "school": _SCHOOLS[school][0],
        })  # fmt: skip
        who = f"{_FAMILY[people[0]]} {_GIVEN[people[0] % len(_GIVEN)][0]}"
        earlier[school].append(f"{who}, {year}, {journal}, V{year - 2000}, P{page}")
    return make_papers(records, source="planted", clean=False)


def _name(author: int) -> str:
    return f"{_GIVEN[author % len(_GIVEN)]} {_FAMILY[author]}"


def _people(rng: np.random.Generator, school: int) -> list[int]:
    """Return the numbers of a paper's authors; the first ones of a school write most."""
    weight = 1 / np.arange(1, _AUTHORS + 1)
    size = int(rng.integers(2, 5))
    own = rng.choice(_AUTHORS, size=size, replace=False, p=weight / weight.sum())
    found = [int(one) + school * _AUTHORS for one in own]
    if rng.uniform() < _VISIT * size:
        other = (school + int(rng.integers(1, 3))) % 3
        found.append(int(rng.integers(_AUTHORS)) + other * _AUTHORS)
    return found


def _classic(rng: np.random.Generator, school: int, n: int) -> tuple[str, str]:
    """Return a classic's text and its DOI."""
    year, volume = int(rng.integers(1960, 2005)), int(rng.integers(1, 90))
    who = (
        f"{_FAMILY[(7 * n + 5 * school + 3) % len(_FAMILY)]} {'ABCDEFGHIJKLMNO'[n]}{'XYZ'[school]}"
    )
    place = f"{_JOURNALS[n % 3]}, V{volume}, P{int(rng.integers(2, 900))}"
    return f"{who}, {year}, {place}", f"10.5555/{_SCHOOLS[school][0]}.{n}"


def _references(
    rng: np.random.Generator,
    school: int,
    classics: list[list[tuple[str, str]]],
    earlier: list[list[str]],
) -> list[str]:
    """Return the references of a paper: classics in one of two forms, and earlier papers."""
    found = []
    for _ in range(int(rng.integers(5, 11))):
        there = school if rng.uniform() > _CITE_OTHERS else int(rng.integers(3))
        text, doi = classics[there][min(int(rng.exponential(4)), _CLASSICS - 1)]
        who, rest = text.split(", ", 1)
        # One form has the second initial and the DOI, the other neither.
        short = f"{who[:-1].upper()}, {rest}"
        found.append(f"{text}, DOI {doi}" if rng.uniform() < 0.7 else short)
    for _ in range(int(rng.integers(0, 4))):
        there = school if rng.uniform() > _CITE_OTHERS else int(rng.integers(3))
        if earlier[there]:
            found.append(earlier[there][int(rng.integers(len(earlier[there])))])
    return list(dict.fromkeys(found))
