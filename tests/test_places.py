"""Places that cannot be written to or read: a DataError that names the place and how to go on.

Every function that writes or reads files meets a folder where a file is expected, a file where a
folder is, a link to nowhere, a link to itself, a folder that is read-only, and a full disk. What
was there before is there afterwards, and nothing else.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError, SourceError
from toolkit.linkcheck import read_log
from toolkit.reading import agenda
from toolkit.services.cache import write_cached
from toolkit.synthetic import plant_link_checks, plant_search, write_synthetic_snapshot

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="sets limits as Linux does"),
    # openpyxl leaves a half-written sheet to the garbage collector, which tells of the full disk.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <generator object WorksheetWriter"),
]


@cache
def papers() -> pd.DataFrame:
    return toolkit.load_sample("trending-page").head(24)


@cache
def topics() -> Any:
    return toolkit.fit_topics(papers(), n_topics=3)


def _explorer(path: Path | None = None) -> Any:
    return toolkit.Explorer(papers(), topics(), basket=path)


def _keep(path: Path, row: int = 0) -> None:
    _explorer(path).keep(papers()["paper_id"].iloc[row])


def _links(path: Path) -> None:
    plant_link_checks(pd.DataFrame({"url": ["https://a.example/b"]}), log=path)


def _cached(folder: Path) -> None:
    write_cached(folder / "a.json", "https://a.example/b", "x" * 400)


def _own_model(folder: Path) -> None:
    """Embed with the vectors' cache in a folder."""
    from toolkit.embedding.cache import cached_vectors

    def encode(texts: list[str]) -> Any:
        import numpy as np

        return np.ones((len(texts), 8), dtype=np.float32)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cached_vectors([f"t{i}" for i in range(99)], "m", folder, lambda: encode)


#: Functions that write one file: its name, and the call.
FILES: dict[str, tuple[str, Callable[[Path], object]]] = {
    **{
        f"export {end}": (f"a{end}", lambda path: toolkit.export(papers(), path))
        for end in (".bib", ".ris", ".csv", ".xlsx", ".md", ".html", ".json")
    },
    "export of a network": (
        "a.graphml",
        lambda path: toolkit.export(toolkit.find_network(papers(), of="terms"), path),
    ),
    "agenda": ("a.md", lambda path: agenda(papers(), path)),
    "report": (
        "a.html",
        lambda path: toolkit.report(papers(), path, topics=topics(), refits=0, progress=False),
    ),
    "Explorer.to_html": ("a.html", lambda path: _explorer(path.parent / "b").to_html(path)),
    "Explorer.to_png": ("a.png", lambda path: _explorer(path.parent / "b").to_png(path, dpi=40)),
    "Explorer.keep": ("basket.json", _keep),
    "check_links": (
        "log.sqlite",
        lambda path: toolkit.check_links(pd.DataFrame({"url": []}), log=path, progress=False),
    ),
    "plant_link_checks": ("log.sqlite", _links),
    "write_synthetic_snapshot": ("a.json", lambda path: write_synthetic_snapshot(path, 8)),
}
#: Functions that write into a folder.
FOLDERS: dict[str, Callable[[Path], object]] = {
    "save_collection": lambda path: toolkit.save_collection(papers(), path),
    "TopicModel.save": lambda path: topics().save(path),
    "plant_search": lambda path: plant_search(path),
    "the cache of vectors": _own_model,
    "the cache of services": _cached,
}


def tree(folder: Path) -> dict[str, object]:
    """Return what a folder holds: contents of files, targets of links; empty folders do no harm."""
    return {
        str(one.relative_to(folder)): one.readlink() if one.is_symlink() else one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_symlink() or one.is_file()
    }


@contextmanager
def without_privileges() -> Iterator[None]:
    """Let permissions hold for this thread, also for root (capabilities of Linux)."""
    if os.geteuid() != 0:
        yield
        return
    system = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    assert system.capget(header, data) == 0
    before = list(data)
    data[0] &= ~0b1110  # DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER
    assert system.capset(header, data) == 0
    try:
        yield
    finally:
        data[:] = before
        assert system.capset(header, data) == 0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from a folder and all in it."""
    everything = [folder, *folder.rglob("*")]
    for one in everything:
        if not one.is_symlink():
            one.chmod(0o555 if one.is_dir() else 0o444)
    try:
        with without_privileges():
            yield
    finally:
        for one in everything:
            if not one.is_symlink():
                one.chmod(0o755 if one.is_dir() else 0o644)


@contextmanager
def full_disk(_: Path) -> Iterator[None]:
    """Let no file grow beyond a few bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _as_it_is(_: Path) -> Any:
    return nullcontext()


def _folder_there(place: Path) -> None:
    place.mkdir()
    (place / "own.txt").write_text("mine")


def _in_a_file(place: Path) -> None:
    place.parent.rmdir()
    place.parent.write_text("mine")


#: What stands where a file is to be written, and what else is wrong.
STATES: dict[str, tuple[Callable[[Path], object], Callable[[Path], Any]]] = {
    "a folder": (_folder_there, _as_it_is),
    "in a file": (_in_a_file, _as_it_is),
    "a link to nowhere": (lambda p: p.symlink_to(p.parent / "none" / "none"), _as_it_is),
    "a link to itself": (lambda p: p.symlink_to(p), _as_it_is),
    "read-only": (lambda _: None, read_only),
    "a full disk": (lambda _: None, full_disk),
}


def refused(call: Callable[[Path], object], place: Path, within: Path) -> None:
    """Check that a call is refused as it should be, or does all it should."""
    before = tree(within)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call(place)
    except (DataError, SourceError) as error:
        told = str(error)
        assert place.name in told or str(place.parent) in told, told
        assert getattr(error, "hint", None) or "Choose" in told or "expected" in told, told
        assert tree(within) == before
    else:
        # A link to nowhere is replaced by the file, as a file is.
        assert place.is_symlink() is False and place.exists()


@pytest.fixture(autouse=True)
def warm(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fit before a disk is full; draw no figure of a report, which takes most of its time."""
    topics()
    monkeypatch.setattr("toolkit.exports.report_pieces.svg_text", lambda *_, **__: "<svg/>")
    yield
    if "xlsx" in request.node.name:
        gc.collect()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", FILES)
def test_files_that_cannot_be_written(door: str, state: str, tmp_path: Path) -> None:
    name, call = FILES[door]
    folder = tmp_path / "inner"
    folder.mkdir()
    place = folder / name
    make, kept = STATES[state]
    make(place)
    with kept(folder):
        refused(call, place, tmp_path)
    assert state not in ("read-only", "a full disk", "in a file", "a folder") or not place.is_file()


@pytest.mark.parametrize("state", ["a file", *(state for state in STATES if state != "a folder")])
@pytest.mark.parametrize("door", FOLDERS)
def test_folders_that_cannot_be_written(door: str, state: str, tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    place = folder / "a"
    make, kept = STATES.get(state, (lambda p: p.write_text("mine"), _as_it_is))
    make(place)
    with kept(folder):
        refused(FOLDERS[door], place, tmp_path)


@pytest.mark.parametrize("kept", [read_only, full_disk])
@pytest.mark.parametrize("door", ["export .csv", "export .xlsx", "report", "Explorer.to_png"])
def test_a_file_that_cannot_be_replaced_stays(door: str, kept: Any, tmp_path: Path) -> None:
    name, call = FILES[door]
    place = tmp_path / name
    place.write_text("mine")
    with kept(tmp_path), pytest.raises(DataError, match=name):
        call(place)
    assert tree(tmp_path) == {name: b"mine"}


@pytest.mark.parametrize("kept", [read_only, full_disk])
@pytest.mark.parametrize("door", ["save_collection", "TopicModel.save", "follow", "update", "keep"])
def test_what_is_saved_already_stays(door: str, kept: Any, tmp_path: Path) -> None:
    place = toolkit.save_collection(papers(), tmp_path / "a")
    (tmp_path / "new.json").write_text(
        json.dumps([{"title": f"On bee number {i}", "year": 2024} for i in range(9)])
    )
    toolkit.follow(place, "files", str(tmp_path / "new.json"))
    calls: dict[str, Callable[[], object]] = {
        "save_collection": lambda: toolkit.save_collection(papers().head(9), place),
        "TopicModel.save": lambda: topics().save(tmp_path / "topics"),
        "follow": lambda: toolkit.follow(place, "crossref", "bees"),
        "update": lambda: toolkit.update(place),
        "keep": lambda: _keep(tmp_path / "basket.json", 1),
    }
    topics().save(tmp_path / "topics")
    _keep(tmp_path / "basket.json")
    before = tree(tmp_path)
    with kept(tmp_path), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((DataError, SourceError), match=r"(?i)disk|writ"):
            calls[door]()
    assert tree(tmp_path) == before


#: A snapshot without records has no papers; the first search makes the folder.
FINE = {
    ("load_arxiv_snapshot", "an empty file"),
    ("follow", "missing"),
    ("follow", "an empty folder"),
}
READERS: dict[str, Callable[[Path], object]] = {
    "load": toolkit.load,
    "load_arxiv_snapshot": lambda path: list(toolkit.load_arxiv_snapshot(path)),
    "load_collection": toolkit.load_collection,
    "load_topics": toolkit.load_topics,
    "read_fulltext": lambda path: toolkit.read_fulltext(path, progress=False),
    "read_log": read_log,
    "link_survival": toolkit.link_survival,
    "update": toolkit.update,
    "follow": lambda path: toolkit.follow(path, "crossref", "bees"),
    "unfollow": lambda path: toolkit.unfollow(path, "crossref"),
}


def _unreadable(place: Path) -> None:
    place.write_text("@article{a, title = {On bees}}")


@contextmanager
def _no_one_may_read(folder: Path) -> Iterator[None]:
    for one in folder.iterdir():
        one.chmod(0)
    with without_privileges():
        yield


@pytest.mark.parametrize(
    ("what", "make", "kept"),
    [
        ("missing", lambda p: None, _as_it_is),
        ("an empty folder", lambda p: p.mkdir(), _as_it_is),
        ("a link to nowhere", lambda p: p.symlink_to(p.parent / "none"), _as_it_is),
        ("a link to itself", lambda p: p.symlink_to(p), _as_it_is),
        ("a file nobody may read", _unreadable, _no_one_may_read),
        ("a folder nobody may read", lambda p: p.mkdir(), _no_one_may_read),
        ("a pipe", lambda p: os.mkfifo(p), _as_it_is),
        ("an empty file", lambda p: p.touch(), _as_it_is),
    ],
)
@pytest.mark.parametrize("door", READERS)
def test_places_that_cannot_be_read(
    door: str, what: str, make: Any, kept: Any, tmp_path: Path
) -> None:
    place = tmp_path / "a.tex"
    make(place)
    if (door, what) in FINE:
        return
    with kept(tmp_path), pytest.raises(DataError, match=r"a\.tex"):
        READERS[door](place)
