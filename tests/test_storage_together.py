"""Several processes at one folder or file: nothing is lost, what is read was saved whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest
from test_storage import planted

import toolkit
from toolkit.errors import DataError
from toolkit.explorer.basket import Basket
from toolkit.files import LOCK, locked
from toolkit.linkcheck import read_log
from toolkit.storage import load_collection, save_collection
from toolkit.storage import locked as folder_locked

HEAD = """
import sys, time, random
from pathlib import Path
kind, place, who, rounds = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
chance = random.Random(who)
"""
READY = """
print("ready", flush=True)
sys.stdin.readline()
"""
SAVE = """
import pandas as pd
from test_storage import model_of, planted

def save(n):
    # Sizes and tags belong together, so that a mixture of two states would show.
    if kind == "collection":
        from toolkit.storage import save_collection
        save_collection(planted(n).assign(tag=f"{who}-{n}"), place)
    else:
        model_of(n, d=8).rename({0: f"{who}-{n}"}).save(place)

def read():
    if kind == "collection":
        from toolkit.storage import load_collection
        papers = load_collection(place)
        (tag,) = set(papers["tag"])
        return tag, len(papers)
    import toolkit
    model = toolkit.load_topics(place)
    assert len(model.vectors) == len(model.papers) == len(model.documents)
    return model.topics["label"].iloc[0], len(model.papers)
"""
WRITER = """
for _ in range(rounds):
    save(chance.randrange(4, 12))
    time.sleep(chance.random() * 0.004)
"""
READER = """
seen = set()
while True:
    tag, n = read()
    assert tag.split("-")[1] == str(n), (tag, n)
    seen.add(tag)
    if (place.parent / "stop").exists():
        break
print(len(seen))
"""


def start(first: str, script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that imports what it needs and waits for a line before its work."""
    here = Path(__file__).parent
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HEAD + textwrap.dedent(first) + READY + textwrap.dedent(script),
            *map(str, arguments),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parent}"},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n", child.communicate()[1]
    return child


def go(*children: subprocess.Popen[str]) -> None:
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()


def end(child: subprocess.Popen[str]) -> str:
    out, err = child.communicate(timeout=500)
    assert child.returncode == 0, err[-2000:]
    return out


def run_together(kind: str, place: Path, rounds: int) -> int:
    """Let two processes save into one folder and one read it; return how many states it saw."""
    writers = [start(SAVE, WRITER, kind, place, who, rounds) for who in "ab"]
    reader = start(SAVE, READER, kind, place, "r", 0)
    go(*writers)
    while not (place / "manifest.json").exists():
        time.sleep(0.001)
    go(reader)
    for writer in writers:
        end(writer)
    (place.parent / "stop").touch()
    return int(end(reader))


def test_two_writers_and_a_reader(tmp_path):
    assert run_together("collection", tmp_path / "c", 25) > 3
    assert len(list((tmp_path / "c").iterdir())) == 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["collection", "topics"])
def test_five_hundred_rounds_of_two_writers_and_a_reader(tmp_path, kind):
    assert run_together(kind, tmp_path / "c", 500) > 8
    assert len(list((tmp_path / "c").iterdir())) == {"collection": 2, "topics": 5}[kind]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["collection", "topics"])
def test_killed_writers_block_nobody_and_break_nothing(tmp_path, kind):
    place = tmp_path / "c"
    chance = random.Random(3)
    end_of_first = start(SAVE, WRITER, kind, place, "a", 1)
    go(end_of_first)
    end(end_of_first)
    reader = start(SAVE, READER, kind, place, "r", 0)
    go(reader)
    for _ in range(6):
        pair = [start(SAVE, WRITER, kind, place, who, 10_000) for who in "ab"]
        go(*pair)
        for child in pair:
            time.sleep(chance.uniform(0.1, 0.6))
            child.send_signal(signal.SIGKILL)
            child.communicate()
    last = start(SAVE, WRITER, kind, place, "b", 1)
    go(last)
    end(last)
    (tmp_path / "stop").touch()
    assert int(end(reader)) > 3


def test_changes_under_the_lock_are_all_there(tmp_path):
    """Two processes load, add a paper and save, again and again."""
    first = """
    import pandas as pd
    from test_storage import planted
    from toolkit.storage import load_collection, locked, save_collection
    """
    script = """
    for i in range(rounds):
        with locked(place):
            papers = load_collection(place)
            one = planted(1).assign(paper_id=f"{who}{i}", title=f"Title {who} {i}")
            papers = pd.concat([papers, one], ignore_index=True)
            save_collection(papers, place)
    """
    place = save_collection(planted(1), tmp_path / "c")
    pair = [start(first, script, "collection", place, who, 15) for who in "ab"]
    go(*pair)
    for child in pair:
        end(child)
    ids = set(load_collection(place)["paper_id"])
    assert {f"{who}{i}" for who in "ab" for i in range(15)} < ids


@pytest.mark.slow
def test_two_labellers_of_one_file_keep_each_others_labels(tmp_path):
    first = """
    from test_storage import planted
    from toolkit.rates.labelling import LabellingWidget
    """
    script = """
    papers = planted(60)
    mine = papers[papers.index % 2 == (who == "a")]
    widget = LabellingWidget(mine, n=len(mine), path=place, who=who)
    for _ in range(len(mine)):
        widget.label("no")
    """
    pair = [start(first, script, "-", tmp_path / "l.csv", who, 0) for who in "ab"]
    go(*pair)
    for child in pair:
        end(child)
    labels = pd.read_csv(tmp_path / "l.csv")
    assert sorted(labels["paper_id"]) == sorted(planted(60)["paper_id"])
    assert labels["labelled_by"].value_counts().to_dict() == {"a": 30, "b": 30}


def test_two_explorers_of_one_basket_keep_each_others_papers(tmp_path):
    first = "from toolkit.explorer.basket import Basket"
    script = """
    basket = Basket(place)
    for i in range(rounds):
        basket.keep(f"{who}{i}", "title")
        basket.note(f"{who}{i}", f"note {i}")
    """
    place = tmp_path / "basket.json"
    pair = [start(first, script, "-", place, who, 60) for who in "ab"]
    go(*pair)
    for child in pair:
        end(child)
    entries = {entry["paper_id"]: entry["note"] for entry in Basket(place).entries}
    assert entries == {f"{who}{i}": f"note {i}" for who in "ab" for i in range(60)}


def test_two_checkers_of_one_log_keep_each_others_checks(tmp_path):
    """The log is new each time: both may be about to make it."""
    first = "from toolkit.linkcheck import LinkLog"
    script = """
    for i in range(rounds):
        (place / f"{who}{i}").touch()
        other = place / f"{'b' if who == 'a' else 'a'}{i}"
        while not other.exists():
            pass
        with LinkLog(place / f"{i}.sqlite") as log:
            for j in range(5):
                log.append([{"url": f"https://h.example/{who}{j}", "resolves": True}])
    """
    pair = [start(first, script, "-", tmp_path, who, 20) for who in "ab"]
    go(*pair)
    for child in pair:
        end(child)
    for i in range(20):
        urls = read_log(tmp_path / f"{i}.sqlite")["url"]
        assert sorted(urls) == [f"https://h.example/{who}{j}" for who in "ab" for j in range(5)]


def test_two_kernels_with_one_cache_of_vectors(tmp_path):
    first = """
    import numpy as np
    from toolkit.embedding.cache import cached_vectors
    """
    script = """
    def encode(texts):
        return np.array([[len(text), 1.0, hash(text[:1]) % 7 + 1] for text in texts])
    for i in range(rounds):
        texts = [f"{word}{i % 9}" for word in ("bees", "dikes", "choirs")] + [f"{who}{i}"]
        vectors = cached_vectors(texts, "m", place, lambda: encode)
        assert vectors.shape == (4, 3)
    """
    pair = [start(first, script, "-", tmp_path / "v", who, 40) for who in "ab"]
    go(*pair)
    for child in pair:
        end(child)


# --- the lock itself -----------------------------------------------------------------------------


HOLDER = """
with locked(place):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    (tmp_path / "c").mkdir()
    child = start("from toolkit.files import locked", HOLDER, "-", tmp_path / "c", "a", 0)
    go(child)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


def test_what_is_locked_is_waited_for_and_that_is_told(tmp_path, holder, capsys, monkeypatch):
    monkeypatch.setattr("toolkit.files._TELL", 0.0)
    with (
        pytest.raises(DataError, match=r"c: another process has been writing to it for 0 s.*try a"),
        locked(tmp_path / "c", wait=0.2),
    ):
        pass
    told = capsys.readouterr().err
    assert told.count("another process writes to it; waiting for at most 0 s\n") == 1
    go(holder)
    with locked(tmp_path / "c"):
        assert (tmp_path / "c" / LOCK).exists()
    assert not (tmp_path / "c" / LOCK).exists()


def test_a_killed_process_leaves_no_lock(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "c" / LOCK).exists()
    with locked(tmp_path / "c", wait=1):
        pass
    save_collection(planted(3), tmp_path / "c")
    assert len(list((tmp_path / "c").iterdir())) == 2


def test_one_thread_may_take_it_twice_and_threads_take_turns(tmp_path):
    import threading

    order: list[str] = []

    def other() -> None:
        with locked(tmp_path / "file"):
            order.append("other")

    thread = threading.Thread(target=other)
    with locked(tmp_path / "file"):
        with locked(tmp_path / "file", wait=0):
            thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "other"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_to_be_locked(tmp_path):
    with folder_locked(tmp_path / "new" / "folder"):
        save_collection(planted(3), tmp_path / "new" / "folder")
    assert len(load_collection(tmp_path / "new" / "folder")) == 3
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "c"):
        with pytest.raises(DataError, match=r"the folder cannot be made"), folder_locked(place):
            pass


def test_a_file_system_without_locks_is_told_of(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def none(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    save_collection(planted(3), tmp_path / "c")
    with pytest.warns(UserWarning, match="this file system has no locks; save there from one pro"):
        save_collection(planted(4), tmp_path / "c")
    assert len(load_collection(tmp_path / "c")) == 4


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    save_collection(planted(3), tmp_path / "c")
    (tmp_path / "c" / LOCK).symlink_to(tmp_path / "treasure")
    with pytest.raises(DataError, match="cannot be written"):
        save_collection(planted(4), tmp_path / "c")
    assert not (tmp_path / "treasure").exists()


def test_a_reader_follows_a_save_that_deleted_its_file(tmp_path, monkeypatch):
    """The manifest is read; before its file is, another save has taken its place."""
    from toolkit.storage import folder as module

    save_collection(planted(3), tmp_path / "c")
    read, saved = module.read_table, []

    def late(place, manifest, role):
        if not saved:
            saved.append(save_collection(planted(5), tmp_path / "c"))
        return read(place, manifest, role)

    monkeypatch.setattr("toolkit.storage.collections.read_table", late)
    assert len(load_collection(tmp_path / "c")) == 5
    assert toolkit.load_collection(tmp_path / "c")["paper_id"].is_unique
