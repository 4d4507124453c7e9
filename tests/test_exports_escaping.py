"""One hostile set for all writers of text: no markup, address or formula gets through."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import mistune
import pandas as pd
import pytest

import toolkit
from toolkit.exports.escaping import markdown_link
from toolkit.papers.schema import make_papers
from toolkit.reading import agenda
from toolkit.text.formulas import guarded, without_guard

TEXTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "x](https://evil.example) <b>",
    "`code` **bold** _under_ ~~gone~~ # head",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "a | b",
    "&lt;script&gt; &#60;b&#62;",
    "\\<b>\\</b>",
    "$x$ \\(y\\) $$z$$",
    "line\n\n<b>next</b>",
    "<!-- hidden -->",
    "<https://evil.example>",
    "\u202ereversed\u202c",
]
URLS = [
    "https://a.example/><script>alert(1)</script>",
    "https://a.example/)<b>",
    "https://a.example/\\><b>",
    "https://a.example/ <b>",
    "https://a.example/\n\n<b>",
    'https://a.example/"onmouseover="alert(1)',
    "javascript:alert(1)",
    "data:text/html,<b>",
    "//a.example/<b>",
]
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "|x",
    "＝1+1",
    "﹦1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\ufeff=1",
    "\u2060@x",
]
#: What the writers themselves make.
OWN = {"h1", "h2", "p", "ul", "ol", "li", "a", "em", "strong", "br", "input"}


class Found(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def hostile_papers() -> pd.DataFrame:
    rows = [
        {"title": text, "authors": text, "venue": text, "note": text, "url": url, "code_url": url}
        for text in TEXTS
        for url in URLS
    ]
    papers = make_papers([{"title": f"Paper {i}"} for i in range(len(rows))])
    return papers.assign(**pd.DataFrame(rows).astype("string").to_dict("series"))


def written(path: Path) -> Found:
    render = mistune.create_markdown(escape=False, plugins=["strikethrough", "table"])
    return Found(str(render(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("writer", ["export", "agenda"])
def test_markdown_holds_no_markup_of_the_data(tmp_path, writer) -> None:
    papers = hostile_papers()
    path = tmp_path / "x.md"
    if writer == "export":
        toolkit.export(papers, path)
    else:
        agenda(papers.assign(reason=papers["title"]), path, title=TEXTS[0])
    found = written(path)
    assert found.tags <= OWN, found.tags - OWN
    assert all(link.startswith("https://a.example/") for link in found.links)


def test_links_by_hand() -> None:
    assert markdown_link("a", "https://a.example/><b>") == "[a](<https://a.example/%3E%3Cb%3E>)"
    assert markdown_link("a]", "https://a.example") == "[a\\]](<https://a.example>)"
    assert markdown_link("<b>", "data:text/html,x") == "\\<b\\>"


@pytest.mark.parametrize("cell", FORMULAS)
def test_cells_begin_no_formula(tmp_path, cell) -> None:
    assert guarded(cell) == f"'{cell}" and without_guard(guarded(cell)) == cell
    papers = make_papers([{"title": "On oaks"}]).assign(note=cell)
    path = toolkit.export(papers, tmp_path / "x.csv")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        cells = [cell for row in csv.reader(opened) for cell in row]
    assert not [
        cell for cell in cells if re.match(r"[\s\u200b\u2060\ufeff]*[=+\-@|＝＋－＠﹦]", cell)
    ]


def test_two_hyphens_of_bibtex_stay(tmp_path) -> None:
    papers = make_papers([{"title": "On oaks -- and elms", "url": "https://a.example/x--y"}])
    back = toolkit.load(toolkit.export(papers, tmp_path / "x.bib"))
    assert back.loc[0, "url"] == "https://a.example/x--y"
    assert back.loc[0, "title"] == "On oaks -- and elms"


def test_halves_of_characters_do_not_stop_csl(tmp_path):
    papers = toolkit.load("@article{a, title = {On bees}, author = {A B}, year = 2024}")
    own = pd.Series(["x\ud800"], index=papers.index, dtype=object)
    path = toolkit.export(papers.assign(own=own), tmp_path / "a.json")
    assert "x?" in path.read_text(encoding="utf-8")
