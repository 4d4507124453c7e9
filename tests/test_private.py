"""What is private stays private: permissions of files, own columns, models named by folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.embedding import embedding
from toolkit.embedding.embedding import UnaskedModel
from toolkit.errors import DataError
from toolkit.explorer.basket import Basket
from toolkit.linkcheck import LinkLog
from toolkit.papers.schema import make_papers
from toolkit.rates import LabellingWidget
from toolkit.reading.agenda_page import agenda
from toolkit.scale import add_features, import_snapshot
from toolkit.services.cache import write_cached
from toolkit.synthetic.search import plant_search
from toolkit.synthetic.snapshot import write_synthetic_snapshot

SUBJECTS = ("Bees dance in the hive", "Dikes settle in clay", "Choirs drift in pitch")


@pytest.fixture(scope="module")
def papers() -> pd.DataFrame:
    records = [
        {
            "title": f"{SUBJECTS[i % 3]}, part {i}",
            "abstract": f"{SUBJECTS[i % 3]}. We count {i} of them.",
            "published": f"20{10 + i % 9}-03-01",
        }
        for i in range(45)
    ]
    return make_papers(records, source="test")


@pytest.fixture(scope="module")
def topics(papers: pd.DataFrame) -> Any:
    return toolkit.fit_topics(papers, n_topics=3)


# --- permissions ---------------------------------------------------------------------------------


def _log(place: Path) -> None:
    with LinkLog(place / "log.sqlite") as log:
        log.append([{"url": "https://a.example", "state": "alive", "resolves": True}])


def _scale(place: Path) -> None:
    snapshot = write_synthetic_snapshot(place / "snapshot.json", 30)
    import_snapshot(snapshot, place / "parts")
    add_features(place / "parts")


WRITERS: dict[str, Callable[[pd.DataFrame, Any, Path], object]] = {
    "export": lambda papers, topics, place: [
        toolkit.export(papers, place / f"a{end}")
        for end in (".bib", ".ris", ".csv", ".xlsx", ".md", ".html", ".json")
    ],
    "report": lambda papers, topics, place: toolkit.report(
        papers, place / "r.html", topics=topics, refits=0, progress=False
    ),
    "agenda": lambda papers, topics, place: agenda(papers.head(3), place / "a.md"),
    "collection": lambda papers, topics, place: toolkit.save_collection(papers, place / "c"),
    "topics": lambda papers, topics, place: topics.save(place / "t"),
    "page": lambda papers, topics, place: toolkit.Explorer(
        papers, topics, basket=place / "b.json"
    ).to_html(place / "e.html"),
    "basket": lambda papers, topics, place: Basket(place / "b.json").keep("a", "A"),
    "labels": lambda papers, topics, place: LabellingWidget(
        papers, n=3, path=place / "l.csv"
    ).label("no"),
    "log": lambda papers, topics, place: _log(place),
    "vectors": lambda papers, topics, place: toolkit.embed(papers, cache=place / "v"),
    "answers": lambda papers, topics, place: write_cached(
        place / "s" / "a.json", "https://a.example", "{}"
    ),
    "search": lambda papers, topics, place: plant_search(place / "search", n_papers=20),
    "scale": lambda papers, topics, place: _scale(place),
}


def _files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", WRITERS)
def test_files_follow_the_umask_and_keep_their_mode(papers, topics, tmp_path, monkeypatch, name):
    before = os.umask(0o077)
    try:
        WRITERS[name](papers, topics, tmp_path)
        written = _files(tmp_path)
        assert written
        assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
        assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*") if p.is_dir()} <= {
            0o700
        }
        # A second time, with a mask that lets all read: what was private stays so, at any moment.
        os.umask(0o022)
        seen: set[int] = set()
        fsync = os.fsync

        def watching(file: int) -> None:
            seen.update(p.stat().st_mode & 0o077 for p in _files(tmp_path) if p.stat().st_size)
            fsync(file)

        monkeypatch.setattr(os, "fsync", watching)
        some = papers.assign(comments="another state").iloc[::-1]
        WRITERS[name](some, topics.rename({0: "Another label"}), tmp_path)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in _files(tmp_path)}
        assert modes == {0o600}
        assert seen <= {0}
    finally:
        os.umask(before)


# --- columns of one's own ------------------------------------------------------------------------


def test_a_report_shows_no_own_column_unless_named(papers, topics, tmp_path):
    mine = papers.assign(salary="4711 euros", verdict=["read", "drop", "no"] * 15)
    place = tmp_path / "r.html"
    more = {"topics": topics, "refits": 0, "progress": False}
    text = toolkit.report(mine, place, **more).read_text("utf-8")
    assert "salary" not in text
    assert "4711" not in text
    text = toolkit.report(mine, place, columns=["salary"], **more).read_text("utf-8")
    assert "4711 euros" in text
    assert ">drop<" not in text
    for wrong in ("salary", ["wages"]):
        with pytest.raises(DataError, match=r"argument 'columns': not columns.*Did you mean|names"):
            toolkit.report(mine, place, columns=wrong, **more)


# --- models that a folder names ------------------------------------------------------------------


def test_a_model_that_a_folder_names_is_not_loaded_unasked(papers, topics, tmp_path, monkeypatch):
    loaded: list[str] = []

    class Transformer:
        def encode(self, texts: list[str], **_: Any) -> Any:
            return np.ones((len(texts), 256))

    def load(name: str) -> Transformer:
        loaded.append(name)
        return Transformer()

    monkeypatch.setattr(embedding, "_load_transformer", load)
    monkeypatch.setenv("PAPERSCOPE_CACHE", str(tmp_path / "cache"))
    topics.settings["model"], kept = "evil/pickle", topics.settings["model"]
    try:
        folder = topics.save(tmp_path / "t")
    finally:
        topics.settings["model"] = kept
    again = toolkit.load_topics(folder)
    assert again.settings["model"] == "evil/pickle"
    new = papers.head(2).assign(paper_id=["new:1", "new:2"])
    edited = again.rename({0: "Mine"})
    doors = [
        lambda: again.predict(new),
        lambda: edited.predict(new),
        lambda: again.place(new),
        lambda: again.bertopic.find_topics("bees", top_n=1),
        lambda: toolkit.embed(new, model=again.settings["model"]),
        lambda: toolkit.embed(new, model=str(again.settings["model"])),
    ]
    for door in doors:
        with pytest.raises(DataError, match=r"loaded only if you name it: found 'evil/pickle', ex"):
            door()
    assert loaded == []
    assert isinstance(toolkit.load_topics(edited.save(tmp_path / "e")).settings["model"], str)
    asked = toolkit.load_topics(folder, model="evil/pickle")
    assert type(asked.settings["model"]) is str
    assert len(asked.predict(new)) == 2
    assert loaded == ["evil/pickle"]
    with pytest.raises(DataError, match=r"argument 'model': found 'b', expected 'evil|another emb"):
        toolkit.load_topics(folder, model="b")
    assert str(UnaskedModel("a")) == "a"


def test_the_methods_name_no_place_on_this_machine(topics):
    topics.settings["model"], kept = "/srv/ada/secret/my-model", topics.settings["model"]
    try:
        text = toolkit.methods_paragraph(topics)
        assert "embedded with my-model" in text
        assert "ada" not in text
        topics.settings["model"] = "intfloat/e5-small"
        assert "embedded with intfloat/e5-small" in toolkit.methods_paragraph(topics)
    finally:
        topics.settings["model"] = kept
