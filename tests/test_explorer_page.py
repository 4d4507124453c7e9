"""The standalone page and the script in it, without a browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import struct
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "ui"))

from planted import HOSTILE, plant

from toolkit.errors import DataError
from toolkit.explorer import Explorer
from toolkit.explorer.web_assets import script, style


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    papers, topics, more = plant(60, topics=12, hostile=True)
    return Explorer(papers, topics, **more, basket=tmp_path_factory.mktemp("b") / "b.json")


def payload(page):
    text = re.search(r'<script id="tk-page-data" type="text/plain">([^<]*)</script>', page)[1]
    raw = gzip.decompress(base64.b64decode(text))
    length = struct.unpack("<I", raw[:4])[0]
    header = json.loads(raw[4 : 4 + length])
    texts, at = {}, 4 + length
    for name, kind, count in header["arrays"]:
        size = count * int(kind[1:]) // 8
        if name.startswith(("text:", "cite:")):
            texts[name] = raw[at : at + size].decode().split("\0")
        at += size
    assert at == len(raw)
    return header["meta"] | texts


def test_the_page_holds_the_papers_and_nothing_loads(explorer, tmp_path):
    path = explorer.to_html(tmp_path / "page.html", title=HOSTILE[2])
    page = path.read_text()
    data = payload(page)
    assert data["titles"] == explorer.selection["title"].tolist()
    assert data["bodies"] == explorer.selection["abstract"].tolist()
    titles = re.findall(r"<(?:title|h1)>([^<]*)</", page)
    assert list(map(html.unescape, titles)) == [HOSTILE[2]] * 2
    assert page.count("<script") == 2
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page.split("<script id=")[0])
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script() + style())
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_the_policy_names_the_script_that_is_there(explorer, tmp_path):
    page = explorer.to_html(tmp_path / "page.html").read_text()
    for tag, rule in (('<script type="module">', "script-src"), ("<style>", "style-src")):
        content = page.split(tag, 1)[1].split("</s", 1)[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in page


def test_without_prose_no_sentence_goes_out(explorer, tmp_path):
    data = payload(explorer.to_html(tmp_path / "page.html", prose=False).read_text())
    assert not any("We study" in body for body in data["bodies"])
    assert len(data["cite:bibtex"]) == len(data["titles"])
    assert "We study" not in json.dumps(data)
    assert {"cave", "care"} & set(" ".join(data["bodies"][6:]).split())


def test_the_same_page_twice(explorer, tmp_path):
    first = explorer.to_html(tmp_path / "a.html").read_bytes()
    assert explorer.to_html(tmp_path / "b.html").read_bytes() == first


def test_a_place_that_cannot_be_written(explorer, tmp_path):
    with pytest.raises(DataError, match=r"page.html: cannot be written \(No such file"):
        explorer.to_html(tmp_path / "nowhere" / "page.html")


def test_neighbours_are_the_ones_the_notebook_shows(explorer):
    from toolkit.explorer.page import NEIGHBOURS, _neighbours

    indices, hundredths = (part.reshape(-1, NEIGHBOURS) for part in _neighbours(explorer.data))
    for row in (0, 17, 59):
        near = explorer.data.similar(row, k=NEIGHBOURS)
        # In hundredths, of which the reading pane shows all.
        assert hundredths[row] / 100 == pytest.approx([score for _, score in near], abs=0.0055)
        assert set(indices[row]) == {other for other, _ in near}


def test_two_papers_and_one(tmp_path):
    papers, topics, more = plant(2, topics=2)
    explorer = Explorer(papers, topics, **more)
    assert payload(explorer.to_html(tmp_path / "two.html").read_text())["n"] == 2
    one = Explorer(papers.head(1), topics, **more)
    assert payload(one.to_html(tmp_path / "one.html").read_text())["n"] == 1


def test_no_text_is_ever_parsed_as_html():
    code = script()
    for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert door not in code
    # It stands inside a script element of the page.
    assert "</script" not in code
    assert "sourceMappingURL" not in code
    assert len(code.encode()) < 200_000


def test_the_page_is_searched_in_all_its_texts(tmp_path):
    papers, topics, more = plant(20, topics=4)
    papers = papers.assign(
        doi=[f"10.1/{i}" for i in range(20)], authors="Ada Hing; Bo Li", mine=["secret"] * 20
    )
    explorer = Explorer(papers, topics, **more, basket=tmp_path / "b.json")
    data = payload(explorer.to_html(tmp_path / "page.html").read_text())
    assert data["text:doi"][3] == "10.1/3"
    assert "the" in data["stopWords"]
    assert "cave" not in data["stopWords"]


def test_own_columns_stay_at_home_unless_named(tmp_path):
    papers, topics, more = plant(20, topics=4)
    papers = papers.assign(secret=["only mine"] * 19 + [None], place=["north", "south"] * 10)
    explorer = Explorer(papers, topics, **more, basket=tmp_path / "b.json")
    data = payload(explorer.to_html(tmp_path / "page.html").read_text())
    assert "only mine" not in json.dumps(data)
    assert "north" not in json.dumps(data)
    data = payload(explorer.to_html(tmp_path / "page.html", columns=["place"]).read_text())
    assert "only mine" not in json.dumps(data)
    assert data["text:place"][:2] == ["north", "south"]
    assert "column place" in [column["name"] for column in data["columns"]]
    with pytest.raises(DataError, match=r"not columns of the papers.*found \['plaice'\]"):
        explorer.to_html(tmp_path / "page.html", columns=["plaice"])
