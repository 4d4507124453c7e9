"""The report: one file, no network, no script, every figure with words; hostile text stays text."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.exports.escaping import render
from toolkit.exports.report_pieces import table_piece
from toolkit.papers.schema import make_papers


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_data(self, data) -> None:
        self.words.append(data)

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
            "state": "alive",
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
    checks.loc[checks.index[0], ["state", "resolves", "why"]] = ["gone", False, "not found"]
    path = tmp_path_factory.mktemp("report") / "report.html"
    return toolkit.report(papers, path, checks=checks, refits=2, progress=False)


def test_chapters(whole) -> None:
    text, page = read(whole)
    chapters = ["findings", "figures", "tables", "methods", "data-health"]
    assert page.ids == chapters and [f"#{name}" for name in chapters] == page.links[:5]
    assert "Not here" not in text
    said = " ".join(" ".join(page.words).split()).replace("\N{NO-BREAK SPACE}", " ")
    assert "The collection holds 120 papers, published from " in said
    assert said.index("What it is about") < said.index("What changed") < said.index("seed 42")
    assert "Empty: terms, " in text and ">terms</td>" not in text, "empty columns take no row"
    assert "In 2 refits that each left out a fifth of the papers" in said
    assert "seed 42" in text, "the methods paragraph"
    assert "Dead links" in text and "not found" in text
    assert page.tags.count("main") == 1 and page.tags.count("h1") == 1
    # What fails the checks is not told.
    assert "0 of 120" not in said and "fit none" not in said


def test_every_figure_has_words_and_nothing_is_loaded_or_run(whole) -> None:
    text, page = read(whole)
    assert len(page.images) >= 6
    for image in page.images:
        assert len(image["alt"]) > 30 and "\n" not in image["alt"]
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        svg = base64.b64decode(data).decode()
        assert svg.count("<svg ") == 1 and "<script" not in svg and "http-equiv" not in svg
        assert not re.search(r"(?:href|src)=\"(?!#|data:image/png;base64,)", svg)
    assert not {"script", "iframe", "object", "link", "form"} & set(page.tags)
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|srcset", text)


HOSTILE = (
    '</title><script>alert(1)</script> "it\'s" $x ${y} {{ 7 * 7 }} {% raw %} &amp; \x00\x1b\u202ex'
)
#: Control characters and what changes the direction of text become blanks.
SAID = '</title><script>alert(1)</script> "it\'s" $x ${y} {{ 7 * 7 }} {% raw %} &amp; x'


def test_hostile_text_stays_text_in_every_piece() -> None:
    table = pd.DataFrame(
        {"a_b": [HOSTILE, "https://x.org/?a=1&b", "javascript:alert(1)"], HOSTILE: [1, 2000, 3]}
    )
    pieces = [
        HOSTILE,
        {"kind": "warning", "text": HOSTILE},
        {"kind": "list", "sentences": [HOSTILE, "a < b"]},
        {"kind": "figure", "svg": "AAAA", "words": HOSTILE, "width": 9, "height": 9},
        table_piece(table),
    ]
    text = render("report.html", title=HOSTILE, chapters=[("Some chapter", pieces)])
    page = Page()
    page.feed(text)
    assert "script" not in page.tags and not set(text) & set("\x00\x1b\u202e")
    assert page.links == ["#some-chapter", "https://x.org/?a=1&b"]
    assert page.ids == ["some-chapter"] and page.images[0]["alt"] == SAID
    assert page.words.count(SAID) == 8, "title, heading, four pieces, a cell, a column"
    assert {"a b", "2,000", "a < b", "javascript:alert(1)"} <= set(page.words)
    assert '<td dir="auto" class="number short">2,000</td>' in text
    assert '<th scope="col">a b</th>' in text


def test_long_tables_scroll() -> None:
    for rows, kind in ((12, "scroll"), (13, "scroll long")):
        pieces = [table_piece(pd.DataFrame({"n": range(rows)}))]
        text = render("report.html", title="t", chapters=[("c", pieces)])
        opening = f'<div class="{kind}" tabindex="0" role="region" aria-label="Table"><table>'
        assert opening in text


@pytest.mark.slow
def test_same_collection_same_file(whole, tmp_path) -> None:
    papers = toolkit.load_sample("trending-page")
    topics = toolkit.fit_topics(papers)
    pages = [
        toolkit.report(papers, tmp_path / f"{i}.html", topics=topics, refits=0, progress=False)
        for i in range(2)
    ]
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert "were refitted" not in pages[0].read_text(encoding="utf-8")


def some_papers(*, source: str = "test", prefix: str = "", **more) -> pd.DataFrame:
    words = ("lamp", "oak", "river", "stone")
    records = [
        {"title": f"{prefix} {word} {i} study of {word}s", "abstract": f"We study {word}s. " * 3}
        | {name: value(i) for name, value in more.items()}
        for i in range(12)
        for word in words
    ]
    return make_papers(records, source=source, clean=False)


def test_without_dates_the_report_says_so_and_keeps_the_overall_share(tmp_path) -> None:
    bad = "<script>alert(1)</script>"
    papers = some_papers(source=bad, prefix=bad)
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, title=bad, progress=False)
    text, page = read(path)
    assert "No paper has a date that can be used" in text
    assert "None of the 48 papers links its code" in text
    assert "Not here" not in text
    assert "script" not in page.tags and "<script" not in text
    assert page.ids[-1] == "data-health"


def test_a_folder_without_prose_is_told_of(tmp_path) -> None:
    papers = some_papers(published=lambda i: "2024-03-01")
    toolkit.save_collection(papers, tmp_path / "mine", prose=False)
    bare = toolkit.load_collection(tmp_path / "mine")
    path = toolkit.report(bare, tmp_path / "r.html", refits=0, progress=False)
    text = read(path)[0]
    assert "None of the 48 papers links its code" in text
    assert "topics rest on" not in text, "counted terms stand in for the abstract"


def test_years_where_dates_are_no_finer(tmp_path) -> None:
    papers = some_papers(published=lambda i: f"{2015 + i // 2}")
    assert set(papers["published_precision"]) == {"year"}
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, progress=False)
    text, page = read(path)
    assert "Not here" not in text
    assert "By year: 48 of 48 dates are known to the year only." in text
    assert "published from 2015 to 2020" in text, "no date finer than known"
    assert "None of the 48 papers links its code" in text
    assert len(page.images) == 3  # map, papers, trends; nobody links code


def test_what_one_part_lacks_is_said_in_it(tmp_path, monkeypatch) -> None:
    def refuse(*_, **__):
        raise DataError("no map today")

    monkeypatch.setattr("toolkit.exports.report_chapters.plot_topic_map", refuse)
    papers = some_papers(published=lambda i: f"{2015 + i}")
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, progress=False)
    text, page = read(path)
    assert text.count("Not here") == 1 and "Not here (map): no map today" in text
    assert page.ids[-1] == "data-health"
    with pytest.raises(DataError, match="argument 'checks': not a table of link checks"):
        toolkit.report(papers, tmp_path / "s.html", checks=pd.DataFrame({"url": []}))
    assert not (tmp_path / "s.html").exists()


def test_twenty_one_papers_by_year_do_not_vanish(tmp_path) -> None:
    words = ("lamp", "oak", "river")
    records = [
        {"title": f"{words[i % 3]} {i}", "published": str(2000 + i),
         "abstract": f"We study {words[i % 3]}s. Our code is at https://github.com/a/b{i}."}
        for i in range(21)
    ]  # fmt: skip
    papers = make_papers(records, source="test", clean=False)
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, progress=False)
    text, page = read(path)
    assert "published from 2000 to 2020" in text
    counted = next(image["alt"] for image in page.images if "papers" in image["alt"][:40])
    assert "quarter" not in counted
    rates = toolkit.availability(papers, by="period")
    assert rates["n"].sum() == 21 and rates["by"].eq("period").all()
    assert all(f">{2000 + i}</td>" in text for i in range(21)), "each year has its row"


def test_too_few_papers_for_topics(tmp_path) -> None:
    path = toolkit.report(some_papers().head(4), tmp_path / "r.html", progress=False)
    text, page = read(path)
    assert "The collection holds 4 papers." in text and "Topics need 5 papers" in text
    assert "figures" not in page.ids and "Not here" not in text
    with pytest.raises(DataError, match="no papers to report on"):
        toolkit.report(some_papers().head(0), tmp_path / "none.html", progress=False)
    assert not (tmp_path / "none.html").exists()


def test_own_columns_travel_only_when_named(tmp_path) -> None:
    papers = some_papers().assign(my_notes="a secret 9471")
    path = toolkit.report(papers, tmp_path / "a.html", refits=0, progress=False)
    assert "9471" not in read(path)[0] and "my notes" not in read(path)[0]
    named = toolkit.report(
        papers, tmp_path / "b.html", columns=["my_notes"], refits=0, progress=False
    )
    assert "9471" in read(named)[0]


def test_topics_of_other_papers_are_refused_before_anything_is_written(tmp_path) -> None:
    papers = some_papers()
    topics = SimpleNamespace(papers=papers[["paper_id"]].iloc[1:].assign(topic=0))
    with pytest.raises(DataError, match="1 of 48 papers are not in the topic model"):
        toolkit.report(papers, tmp_path / "r.html", topics=topics, progress=False)
    assert not list(tmp_path.iterdir())


def test_where_it_cannot_be_written(tmp_path) -> None:
    papers = toolkit.load_sample("trending-page")
    with pytest.raises(DataError, match=r"unknown kind of file.*expected \.html"):
        toolkit.report(papers, tmp_path / "report.pdf")
    with pytest.raises(DataError, match="there is no such folder"):
        toolkit.report(papers, tmp_path / "none" / "report.html")
    with pytest.raises(DataError, match="not a papers table"):
        toolkit.report("papers", tmp_path / "report.html")


def make_report(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    script = Path(toolkit.__file__).parents[1] / "scripts" / "make_report.py"
    return subprocess.run(
        [sys.executable, script, *names],
        cwd=folder, capture_output=True, text=True, timeout=240, check=False,
        env=os.environ | {"PYTHONPATH": str(script.parents[1])},
    )  # fmt: skip


def test_make_report_of_two_files_and_of_none_that_can_be_read(tmp_path) -> None:
    record = "@article{{{key}, title={{{title}}}, author={{Oak, A.}}, year={{2024}}{doi}}}\n"
    doi = ", doi={10.1000/7}"
    (tmp_path / "a.bib").write_text(record.format(key="a", title="On oaks and elms", doi=doi))
    (tmp_path / "b.bib").write_text(
        record.format(key="b", title="On oaks and elms", doi="")
        + record.format(key="c", title="A study of rivers", doi="")
    )
    done = make_report(tmp_path, "a.bib", "b.bib")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 record was a repeat and was merged into 1 paper")
    text = read(tmp_path / "report.html")[0]
    assert "Papers of a.bib, b.bib" in text and "The collection holds 2 papers" in text
    assert str(tmp_path) not in text, "no path of this machine"
    (tmp_path / "report.html").unlink()
    (tmp_path / "bad.bib").write_text("this is no bib")
    bad = make_report(tmp_path, "bad.bib")
    assert bad.returncode == 1 and bad.stderr.startswith("No report was written. ")
    assert "no papers found in this text" in bad.stderr and "Traceback" not in bad.stderr
    assert bad.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.bib", "b.bib", "bad.bib"]


def test_what_a_finding_tells_of_abstracts_is_not_listed_as_a_warning_too(tmp_path) -> None:
    papers = some_papers()
    papers.loc[papers.index[0], "abstract"] = pd.NA
    path = toolkit.report(papers, tmp_path / "r.html", refits=0, progress=False)
    text = path.read_text(encoding="utf-8")
    assert f"1 of {len(papers)} papers has no abstract here" in text
    assert "neither an abstract" not in text and "is not known: they are left out" not in text
