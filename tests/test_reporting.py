"""The report: one file, no network, no script, every figure with words; hostile text stays text."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.schema import make_papers


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str]] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        self.images += [found] if tag == "img" else []
        assert not [name for name in found if name.startswith("on")]


def read(path: Path) -> tuple[str, Page]:
    text, page = path.read_text(encoding="utf-8"), Page()
    page.feed(text)
    return text, page


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    papers = toolkit.plant_collection(n_papers=120, n_topics=3, years=1.5, seed=4).papers
    links = toolkit.find_links(papers)
    checks = pd.DataFrame(
        {
            "url": links["url"].drop_duplicates(),
            "status": "alive",
            "resolves": pd.array([True] * links["url"].nunique(), dtype="boolean"),
        }
    ).assign(
        empty=pd.array([False] * links["url"].nunique(), dtype="boolean"),
        licence=pd.array(["mit"] * links["url"].nunique(), dtype="string"),
        last_push=pd.Timestamp("2024-05-01"),
        archived=pd.array([None] * links["url"].nunique(), dtype="boolean"),
        checked_at=pd.Timestamp("2024-06-01"),
        why=pd.array([None] * links["url"].nunique(), dtype="string"),
    )
    checks.loc[checks.index[0], ["status", "resolves", "why"]] = ["gone", False, "not found"]
    path = tmp_path_factory.mktemp("report") / "report.html"
    return toolkit.report(papers, path, checks=checks, refits=2, progress=False)


def test_chapters(whole) -> None:
    text, page = read(whole)
    chapters = [
        "the-collection",
        "topics",
        "trends",
        "availability-of-code",
        "what-became-of-the-links",
        "methods",
    ]
    assert page.ids == chapters and [f"#{name}" for name in chapters] == page.links[:6]
    assert "could not be written" not in text
    assert "120 papers, from January 2023 to" in text
    assert "2 refits without a fifth of the papers" in text
    assert "seed 42" in text, "the methods paragraph"
    assert "Dead links:" in text and "not found" in text


def test_every_figure_has_words_and_nothing_is_loaded_or_run(whole) -> None:
    text, page = read(whole)
    assert len(page.images) >= 6
    for image in page.images:
        assert len(image["alt"]) > 30 and "\n" not in image["alt"]
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        svg = base64.b64decode(data).decode()
        assert svg.count("<svg ") == 1 and "<script" not in svg and "http-equiv" not in svg
        assert not re.search(r"(?:href|src)=\"(?!#)", svg)
    assert not {"script", "iframe", "object", "link", "form"} & set(page.tags)
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|srcset", text)


@pytest.mark.slow
def test_same_collection_same_file(whole, tmp_path) -> None:
    papers = toolkit.load_sample("trending-page")
    topics = toolkit.fit_topics(papers)
    pages = [
        toolkit.report(papers, tmp_path / f"{i}.html", topics=topics, refits=0, progress=False)
        for i in range(2)
    ]
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert "looked for again" not in pages[0].read_text(encoding="utf-8")


def test_what_a_chapter_lacks_is_said_in_it(tmp_path) -> None:
    bad = "<script>alert(1)</script>"
    words = ("lamp", "oak", "river", "stone")
    records = [
        {"title": f"{bad} {word} {i} study of {word}s", "abstract": f"We study {word}s. " * 3}
        for i in range(12)
        for word in words
    ]
    papers = make_papers(records, source=bad, clean=False)
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, title=bad, progress=False)
    text, page = read(path)
    assert "This chapter could not be written" in text
    assert "script" not in page.tags and "<script" not in text
    assert page.ids[-1] == "methods"


def test_where_it_cannot_be_written(tmp_path) -> None:
    papers = toolkit.load_sample("trending-page")
    with pytest.raises(DataError, match=r"unknown kind of file.*expected \.html"):
        toolkit.report(papers, tmp_path / "report.pdf")
    with pytest.raises(DataError, match="there is no such folder"):
        toolkit.report(papers, tmp_path / "none" / "report.html")
    with pytest.raises(DataError, match="not a papers table"):
        toolkit.report("papers", tmp_path / "report.html")
