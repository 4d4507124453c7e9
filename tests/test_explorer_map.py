"""The explorer's map as a file."""

from types import SimpleNamespace

import pandas as pd
import pytest
from PIL import Image

from toolkit.errors import DataError
from toolkit.explorer import Explorer
from toolkit.explorer.map_file import view_in_words
from toolkit.explorer.state import View
from toolkit.papers.schema import make_papers


@pytest.fixture
def explorer(tmp_path):
    papers = make_papers(
        [
            {"id": f"24{n:02}.0000{n}", "title": f"On map {n}", "abstract": "We draw."}
            for n in range(1, 10)
        ],
        source="mine",
    )
    more = pd.concat([papers["paper_id"], pd.Series(["title:other"])], ignore_index=True)
    topics = SimpleNamespace(
        papers=pd.DataFrame(
            {"paper_id": more, "topic": [0] * 5 + [1] * 5, "x": range(10), "y": [0.0, 3.0] * 5}
        ),
        topics=pd.DataFrame({"topic": [0, 1], "label": ["Oaks $1", "Elms"], "size": [5, 5]}),
    )
    return Explorer(papers, topics, basket=tmp_path / "basket.json")


def test_the_map_is_written_at_its_size(explorer, tmp_path):
    path = explorer.to_png(tmp_path / "map.png", width=5, dpi=90)
    assert path == tmp_path / "map.png"
    with Image.open(path) as picture:
        assert picture.size == (450, 400)
        light = picture.convert("L").getpixel((2, 2))
    with Image.open(explorer.to_png(path, width=5, dpi=90, dark=True)) as picture:
        assert light == 255 and picture.convert("L").getpixel((2, 2)) < 40


def test_the_same_view_gives_the_same_file(explorer, tmp_path):
    for ending in ("svg", "pdf", "png"):
        one, two = (explorer.to_png(tmp_path / f"{n}.{ending}", width=5) for n in "ab")
        assert one.read_bytes() == two.read_bytes()


def test_only_the_explorers_papers_are_drawn_and_the_selected_are_told(
    explorer, tmp_path, monkeypatch
):
    from toolkit.explorer import map_file

    said = {}
    draw = map_file.plot_topic_map

    def noted(topics, **more):
        said.update(more, papers=len(topics.papers), ax=draw(topics, **more))
        return said["ax"]

    monkeypatch.setattr(map_file, "plot_topic_map", noted)
    explorer.to_png(tmp_path / "all.svg")
    assert said["papers"] == 9 and said["highlight"] is None and said["subtitle"] == ""
    assert said["ax"].get_title("left") == "9 papers, 2 topics"
    explorer.selection = explorer.data.papers.head(3)
    explorer.to_png(tmp_path / "some.svg")
    assert len(said["highlight"]) == 3 and said["subtitle"] == "3 marked papers"
    assert said["ax"].get_title("left") == "9 papers, 2 topics, 3 papers highlighted"


@pytest.mark.parametrize(
    ("name", "more", "match"),
    [
        ("map.gif", {}, r"unknown kind of picture: found '\.gif', expected \.png, \.svg, \.pdf"),
        ("map", {}, "no ending"),
        ("missing/map.png", {}, "folder that exists"),
        ("map.png", {"width": 0}, "not a number above 0"),
        ("map.png", {"width": 200}, "4 to 60 inches"),
        ("map.png", {"dpi": 5000}, "at most 2222 for a width of 9 inches"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_left(explorer, tmp_path, name, more, match):
    with pytest.raises(DataError, match=match):
        explorer.to_png(tmp_path / name, **more)
    assert not list(tmp_path.glob("**/*map*")) and not list(tmp_path.glob(".writing*"))


def test_a_file_that_fails_leaves_the_old_one(explorer, tmp_path, monkeypatch):
    from matplotlib.figure import Figure

    path = explorer.to_png(tmp_path / "map.png", width=5)
    before = path.read_bytes()

    def fail(self, place, **more):
        place.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(DataError, match="disk is full"):
        explorer.to_png(path)
    assert path.read_bytes() == before and not list(tmp_path.glob(".writing*"))


def test_outlines_are_rounded_and_letters_are_not(explorer, tmp_path):
    import re

    svg = explorer.to_png(tmp_path / "map.svg").read_text("utf-8")
    outlines = re.findall(r'<path d="([^"]*)"', svg)
    assert len(outlines) > 2
    assert not re.search(r"\.\d{3}", " ".join(outlines))
    assert "scale(0." in svg and re.search(r"scale\(0\.\d{3}", svg)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(), ""),
        (View(topics=(0, 7)), "Topic: Oaks or 7"),
        (View(venue=tuple("ABCDE")), "Venue: A or B or C or 2 more"),
        (View(cited_by=5, code=("linked",)), "Code: linked · Citations: 5 or more"),
        (View(since="2024-01-01", until="2024-12-31"), "2024-01-01 to 2024-12-31"),
        (View(until="2024-12-31", marks=(3,)), "to 2024-12-31 · 1 marked paper"),
        (View(words=" oak ", mode="meaning"), "near in meaning to “oak”"),
    ],
)  # fmt: skip
def test_a_view_in_words(view, words):
    assert view_in_words(view, {0: "Oaks"}) == words
