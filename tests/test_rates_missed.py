"""What all sources miss, against estimates computed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.rates import estimate_missed


def of(n: int) -> pd.DataFrame:
    return pd.DataFrame({"paper_id": [f"p{k}" for k in range(n)], "title": "T"})


def ids(*spans: tuple[int, int]) -> list[str]:
    return [f"p{k}" for start, end in spans for k in range(start, end)]


def test_two_sources_by_hand() -> None:
    """40 and 30 papers, 20 of both: (41 · 31) / 21 - 1 = 59.52; missed 20 · 10 / 21."""
    table = estimate_missed(of(300), {"abstract": ids((0, 40)), "list": ids((20, 50))})
    row = table.iloc[0]
    assert row[["method", "found", "n"]].tolist() == ["Chapman", 50, 300]
    assert row["estimate"] == pytest.approx(41 * 31 / 21 - 1)
    assert row["missed"] == pytest.approx(20 * 10 / 21)
    # Sadinle: 20.5 · 10.5 / 20.5 = 10.5; the error √(2/20.5 + 1/10.5 + 20.5 / (20.5 · 10.5)).
    error = np.sqrt(2 / 20.5 + 1 / 10.5 + 1 / 10.5)
    assert row["low"] == pytest.approx(49.5 + 10.5 * np.exp(-1.959964 * error))
    assert row["high"] == pytest.approx(49.5 + 10.5 * np.exp(1.959964 * error))
    assert "independently" in row["assumes"] and row["sources"] == "abstract, list"


def test_never_more_than_there_are_papers_nor_fewer_than_found() -> None:
    few = estimate_missed(of(52), {"a": ids((0, 40)), "b": ids((39, 50))}).iloc[0]
    assert few["found"] == 50 and few["estimate"] == few["high"] == 52
    same = estimate_missed(of(90), {"a": ids((0, 40)), "b": ids((0, 40))}).iloc[0]
    # Two sources that name the same papers may well depend on each other.
    assert same["estimate"] == same["low"] == 40 and same["high"] == 90


def test_three_sources_by_hand() -> None:
    """Exactly one: 30 papers, exactly two: 12. Chao: 2/3 · 30 · 29 / (2 · 13) = 22.3."""
    sources = {
        "abstract": ids((0, 10), (30, 38), (42, 46)),
        "list": ids((10, 20), (30, 34), (38, 46)),
        "fulltext": ids((20, 30), (34, 42), (42, 46)),
    }
    table = estimate_missed(of(500), sources).set_index("method")
    chao = table.loc["Chao's lower bound"]
    assert chao["found"] == 46
    assert chao["missed"] == pytest.approx(2 / 3 * 30 * 29 / 26)
    assert "at least so many" in chao["assumes"]


def test_independent_sources_give_what_is_there() -> None:
    """Of 80 papers each source finds half, independently: ten in each cell, ten in none."""
    cells = [[k for k in range(70) if (k // 10 + 1) >> bit & 1] for bit in range(3)]
    sources = {name: [f"p{k}" for k in cell] for name, cell in zip("abc", cells)}
    row = estimate_missed(of(1000), sources).set_index("method").loc["log-linear"]
    assert row["found"] == 70 and row["missed"] == pytest.approx(10.5, abs=0.6)
    assert row["low"] < 80 < row["high"]


def test_the_places_of_links_are_sources() -> None:
    code = "Code: github.com/a/b."
    papers = make_papers(
        [{"title": "A", "abstract": code, "code_url": "https://github.com/a/b"},
         {"title": "B", "abstract": code}, {"title": "C", "abstract": "Trees."},
         {"title": "D", "abstract": "Bees.", "code_url": "https://github.com/d/d"}],
        source="test",
    )  # fmt: skip
    row = estimate_missed(papers).iloc[0]
    assert row[["sources", "found"]].tolist() == ["text, source", 3]


def test_what_cannot_be_estimated() -> None:
    with pytest.raises(DataError, match="needs several sources: found '1: a', expected two to 5"):
        estimate_missed(of(9), {"a": ["p1"]})
    with pytest.raises(DataError, match="a paper that is not in the collection"):
        estimate_missed(of(9), {"a": ["p1"], "b": ["x"]})
    with pytest.raises(DataError, match="the sources share no paper"):
        estimate_missed(of(9), {"a": ["p1"], "b": ["p2"]})
