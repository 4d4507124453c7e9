"""Collection folders: saved whole or not at all, checked when read, and equal without prose."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit
from toolkit.embedding.embedding import embed
from toolkit.embedding.vectors import from_stored, to_stored
from toolkit.errors import DataError
from toolkit.papers.schema import COLUMNS, make_papers
from toolkit.papers.terms import find_terms
from toolkit.storage import load_collection, load_sample, save_collection
from toolkit.storage.manifest import MANIFEST, read_manifest
from toolkit.topics.model import TopicModel

SUBJECTS = {
    "bees": "Honey bees dance to tell the hive where flowers grow, and pollen samples confirm it",
    "dikes": "Clay dikes settle slowly, so water pressure sensors watch the soil under the crest",
    "choirs": "Choir singers drift in pitch; microphones record the intonation of every voice",
}


def planted(n: int = 30, *, seed: int = 0) -> pd.DataFrame:
    """Papers on three subjects that differ in few words; a third of them link code."""
    random_words = random.Random(seed)
    records = []
    for i in range(n):
        subject, sentence = list(SUBJECTS.items())[i % 3]
        extra = " ".join(random_words.sample(sentence.lower().replace(",", "").split(), 4))
        link = f" Our code is at https://github.com/{subject}/tool{i}." if i % 3 == 0 else ""
        records.append(
            {
                "arxiv_id": f"2401.{i:05d}",
                "title": f"A note on {subject} number {i}",
                "abstract": f"{sentence}. We look at {extra}.{link}",
                "authors": "Ada Example; Bo Sample",
                "listed": f"2024-{i % 12 + 1:02d}-03",
                "comments": "9 pages, to appear",
                "upvotes": i if i % 2 else None,
            }
        )
    return make_papers(records, source="test")


@pytest.fixture(scope="module")
def papers() -> pd.DataFrame:
    return planted()


@pytest.fixture
def folder(papers: pd.DataFrame, tmp_path: Path) -> Path:
    return save_collection(papers, tmp_path / "mine")


@pytest.fixture(scope="module")
def without_prose(papers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_collection(papers, tmp_path_factory.mktemp("c") / "shared", prose=False)


def edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def edit_entry(folder: Path, **changes: object) -> None:
    """Change what the manifest says of the papers."""
    files = json.loads((folder / MANIFEST).read_text())["files"]
    edit_manifest(folder, files={"papers": files["papers"] | changes})


def papers_file(folder: Path) -> Path:
    (file,) = folder.glob("papers-*.parquet")
    return file


# --- the way there and back ----------------------------------------------------------------------


def test_save_then_load_is_the_identity(papers, folder):
    again = load_collection(folder)
    assert again.attrs == {}
    pd.testing.assert_frame_equal(again, papers)
    assert {name: str(again[name].dtype) for name in COLUMNS} == dict(COLUMNS)


def test_own_columns_and_notes_come_along(papers, tmp_path):
    mine = papers.assign(relevant=True, weight=0.5, memo="read this")
    folder = save_collection(mine, tmp_path / "c", about={"licence": "CC0", "source": "a list"})
    again = load_collection(folder)
    pd.testing.assert_frame_equal(
        again[["relevant", "weight"]], mine[["relevant", "weight"]], check_flags=False
    )
    assert again["memo"].tolist() == mine["memo"].tolist()
    assert read_manifest(folder, "collection")["about"] == {"licence": "CC0", "source": "a list"}


def test_the_argument_is_not_changed(papers, tmp_path):
    before = papers.copy(deep=True)
    save_collection(papers, tmp_path / "c", prose=False)
    pd.testing.assert_frame_equal(papers, before)


def test_row_order_and_an_empty_table_survive(papers, tmp_path):
    turned = papers.iloc[::-1]
    again = load_collection(save_collection(turned, tmp_path / "turned"))
    assert again["paper_id"].tolist() == turned["paper_id"].tolist()
    none = load_collection(save_collection(papers.head(0), tmp_path / "none"))
    assert len(none) == 0
    assert list(none.columns) == list(COLUMNS)


def test_the_same_papers_give_the_same_bytes(papers, tmp_path):
    one, two = (save_collection(papers, tmp_path / name, prose=False) for name in ("a", "b"))
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {
        p.name: p.read_bytes() for p in two.iterdir()
    }


# --- without prose -------------------------------------------------------------------------------


@pytest.mark.parametrize("prose", ["no", "False", 0, 1, None])
def test_prose_is_true_or_false(papers, prose, tmp_path):
    """A word for no is true in Python, and would save the abstracts."""
    with pytest.raises(DataError, match=r"argument 'prose': not a yes or no: found .* True or Fal"):
        save_collection(papers, tmp_path / "c", prose=prose)
    assert not (tmp_path / "c").exists()
    folder = save_collection(papers.head(3), tmp_path / "c", prose=np.False_)
    assert load_collection(folder)["abstract"].isna().all()


def test_no_sentence_of_an_abstract_is_in_the_folder(papers, without_prose):
    import pyarrow.parquet as pq

    known = {"evidence"}
    for path in without_prose.glob("*.parquet"):
        table = pq.read_table(path).to_pandas()
        for column in table.columns.difference(["vector"]):
            values = table[column].dropna().astype(str)
            if column in known:
                assert values.empty
            for abstract in papers["abstract"]:
                for sentence in abstract.split(". "):
                    assert not values.str.contains(sentence.strip("."), regex=False).any(), column
    again = load_collection(without_prose)
    assert again["abstract"].isna().all()
    assert again["comments"].isna().all()
    assert again["title"].equals(papers["title"])


def test_terms_vectors_links_and_claims_are_those_of_the_full_text(papers, without_prose):
    again = load_collection(without_prose)
    pd.testing.assert_series_equal(find_terms(again), find_terms(papers), check_names=False)
    assert np.array_equal(embed(again), embed(papers))
    for find in (toolkit.find_links, toolkit.code_claims):
        full = find(papers).drop(columns="evidence")
        pd.testing.assert_frame_equal(find(again).drop(columns="evidence"), full, check_flags=False)
    assert len(toolkit.find_links(again)) == 10


def test_availability_is_equal_from_both_folders(papers, folder, without_prose):
    full = toolkit.availability(load_collection(folder), by="published")
    bare = toolkit.availability(load_collection(without_prose), by="published")
    pd.testing.assert_frame_equal(bare, full, check_flags=False)
    assert full["linked"].sum() == 10


def test_topics_and_trends_are_equal_from_both_folders(folder, without_prose):
    tables = []
    for place in (folder, without_prose):
        again = load_collection(place)
        model = toolkit.fit_topics(again, n_topics=3, seed=1)
        trends = toolkit.topic_trends(again, model, freq="Q", date="listed")
        tables.append((model.papers, model.topics, trends))
    for full, bare in zip(*tables):
        pd.testing.assert_frame_equal(bare, full, check_flags=False)


@pytest.mark.slow
def test_the_real_collection_gives_the_same_results_without_its_prose(raw_hf_papers, tmp_path):
    papers = make_papers(raw_hf_papers, source="hf")
    results = []
    for prose in (True, False):
        place = save_collection(papers, tmp_path / str(prose), prose=prose)
        again = load_collection(place)
        assert again["abstract"].notna().all() == prose
        model = toolkit.fit_topics(again)
        results.append(
            (
                model.papers,
                model.topics,
                toolkit.topic_trends(again, model, date="listed"),
                toolkit.availability(again, by="published"),
                toolkit.availability(again, by="topic", topics=model, what="artifact"),
            )
        )
    assert len(results[0][1]) > 10
    for full, bare in zip(*results):
        pd.testing.assert_frame_equal(bare, full, check_flags=False)


def test_a_saved_selection_keeps_what_stands_for_the_prose(without_prose, tmp_path):
    some = load_collection(without_prose).iloc[[4, 2, 9]]
    again = load_collection(save_collection(some, tmp_path / "some"))
    assert np.array_equal(embed(again), embed(some))
    pd.testing.assert_frame_equal(
        toolkit.code_claims(again), toolkit.code_claims(some), check_flags=False
    )
    assert find_terms(again).tolist() == find_terms(some).tolist()


def test_own_text_columns_stay_out_without_prose(papers, tmp_path):
    mine = papers.assign(summary="a sentence of mine", stars_given=3)
    with pytest.warns(UserWarning, match="left out of the folder without prose: summary"):
        folder = save_collection(mine, tmp_path / "c", prose=False)
    again = load_collection(folder)
    assert "summary" not in again
    assert again["stars_given"].eq(3).all()


# --- bad folders ---------------------------------------------------------------------------------


def test_every_damaged_byte_is_noticed(without_prose, tmp_path):
    import shutil

    chance = random.Random(5)
    for path in sorted(without_prose.glob("*.parquet")):
        for how in ("flip", "cut", "empty", "gone"):
            copy = tmp_path / f"{path.stem}-{how}"
            shutil.copytree(without_prose, copy)
            content = bytearray(path.read_bytes())
            if how == "flip":
                content[chance.randrange(len(content))] ^= 0x10
            (copy / path.name).write_bytes({"cut": content[:-9], "empty": b""}.get(how, content))
            if how == "gone":
                (copy / path.name).unlink()
            with pytest.raises(DataError, match=rf"{path.name}: (the file is damaged|.*No such)"):
                load_collection(copy)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 3}, "newer toolkit.*found 3, expected at most 2.*Update"),
        ({"version": 1}, "a version that cannot be read.*found 1, expected 2"),
        ({"version": "2"}, "a version that cannot"),
        ({"version": True}, "a version that cannot"),
        ({"format": "something"}, "not a manifest of the toolkit: found 'something'"),
        ({"format": "paper-toolkit collection", "version": 1}, "version 1.*no longer read"),
        ({"kind": "topics"}, r"holds a topic model, not a collection.*toolkit.load_topics\(folder"),
        ({"kind": "recipes"}, "holds something else, not a collection.*Get the folder"),
        ({"kind": ["topics"]}, "holds something else"),
        ({"files": {}}, "incomplete"),
        ({"files": None}, "incomplete"),
        ({"files": {"papers": "papers.parquet"}}, "the toolkit does not write"),
    ],
)
def test_a_manifest_that_does_not_fit(folder, changes, message):
    edit_manifest(folder, **changes)
    with pytest.raises(DataError, match=message):
        load_collection(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "../papers.parquet"}, "the toolkit does not write: found '../papers.parquet'"),
        ({"name": "/etc/hostname"}, "the toolkit does not write"),
        ({"name": "a\\b"}, "the toolkit does not write"),
        ({"name": "manifest.json"}, "the toolkit does not write"),
        ({"name": "reading_basket.json"}, "the toolkit does not write"),
        ({"name": ".."}, "the toolkit does not write"),
        ({"name": 7}, "the toolkit does not write"),
        ({"sha256": "0" * 64}, "damaged or was changed"),
        ({"sha256": None}, "incomplete"),
        ({"rows": 31}, "other rows than the manifest says: found 30, expected 31"),
        ({"rows": None}, "incomplete"),
    ],
)
def test_an_entry_of_the_manifest_that_does_not_fit(folder, changes, message):
    edit_entry(folder, **changes)
    with pytest.raises(DataError, match=message):
        load_collection(folder)


def test_a_manifest_that_is_too_large(folder):
    edit_manifest(folder, about={"notes": "x" * 4_000_000})
    with pytest.raises(DataError, match=r"manifest cannot be read \(\d+ bytes are too many"):
        load_collection(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"format"', "[" * 100_000, "\x00"])
def test_a_manifest_that_is_none(folder, text):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(DataError, match="manifest"):
        load_collection(folder)


def test_a_link_out_of_the_folder_is_refused(folder, tmp_path):
    outside = tmp_path / "outside.parquet"
    file = papers_file(folder)
    file.rename(outside)
    file.symlink_to(outside)
    with pytest.raises(DataError, match="leads out of the folder"):
        load_collection(folder)


def test_a_table_that_is_no_papers_table(folder):
    import hashlib

    content = papers_file(folder)
    for table, message in [
        (pd.DataFrame({"paper_id": ["a"]}), "title"),
        (pd.DataFrame({"paper_id": ["a", "a"], "title": ["x", "y"]}), "appears twice"),
        (
            pd.DataFrame({"paper_id": ["a"], "title": ["x"], "published": ["no date"]}),
            "column 'published': a column is of the wrong type",
        ),
    ]:
        table.to_parquet(content)
        digest = hashlib.sha256(content.read_bytes()).hexdigest()
        edit_entry(folder, sha256=digest, rows=len(table))
        with pytest.raises(DataError, match=message):
            load_collection(folder)
    content.write_bytes(b"PAR1 not really")
    edit_entry(folder, sha256=hashlib.sha256(content.read_bytes()).hexdigest())
    with pytest.raises(DataError, match=r"cannot be read.*expected Parquet"):
        load_collection(folder)


@pytest.mark.parametrize(
    "left", ["", '{"format": "toolkit fol', '{"format": "toolkit folder", "version": 2}']
)
def test_a_damaged_folder_may_be_saved_over(papers, tmp_path, left):
    folder = tmp_path / "mine"
    save_collection(papers.head(2), folder)
    (folder / "manifest.json").write_text(left)
    with pytest.raises(DataError, match="save it again"):
        load_collection(folder)
    save_collection(papers, folder)
    assert load_collection(folder)["paper_id"].tolist() == papers["paper_id"].tolist()
    assert len([*folder.glob("papers-*.parquet")]) == 1


def test_a_damaged_folder_with_something_else_is_left_alone(papers, tmp_path):
    save_collection(papers, tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(DataError, match="not empty and holds nothing that could be replaced"):
        save_collection(papers, tmp_path)


def test_folders_that_hold_something_else(papers, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("mine")
    with pytest.raises(DataError, match=r"holds no manifest.json.*diary.txt"):
        load_collection(tmp_path / "full")
    with pytest.raises(DataError, match="not empty and holds nothing that could be replaced"):
        save_collection(papers, tmp_path / "full")
    assert (tmp_path / "full" / "diary.txt").read_text() == "mine"
    with pytest.raises(DataError, match="a file, not a folder"):
        save_collection(papers, tmp_path / "full" / "diary.txt")
    with pytest.raises(DataError, match="a file, not a folder"):
        load_collection(tmp_path / "full" / "diary.txt")
    with pytest.raises(DataError, match="no such folder"):
        load_collection(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../treasure.txt", "treasure.txt", "manifest.json"])
def test_a_hostile_manifest_cannot_delete_files(papers, folder, name):
    treasure = folder / name
    before = json.loads((folder / MANIFEST).read_text())
    treasure.write_text("mine")
    entry = {"name": name, "sha256": "0", "rows": 0}
    (folder / MANIFEST).write_text(json.dumps(before | {"files": before["files"] | {"x": entry}}))
    with pytest.raises(DataError, match=r"nothing that could be replaced.*does not write"):
        save_collection(papers, folder)
    assert treasure.exists()


def test_columns_that_cannot_be_saved(papers, tmp_path):
    mixed = papers.assign(odd=[1, "two", *[None] * (len(papers) - 2)])
    with pytest.raises(DataError, match=r"cannot be saved.*one type"):
        save_collection(mixed, tmp_path / "c")
    assert list(tmp_path.iterdir()) == []


# --- replacing -----------------------------------------------------------------------------------


def test_replacing_leaves_only_the_new_one(papers, folder):
    (folder / "notes.txt").write_text("mine")
    for some in (papers.head(7), papers.tail(4), papers):
        save_collection(some, folder, prose=False)
        save_collection(some, folder)
        assert load_collection(folder)["paper_id"].tolist() == some["paper_id"].tolist()
        assert len(list(folder.iterdir())) == 3  # the manifest, the papers, the user's notes
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_failed_write_keeps_the_old_one(papers, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="No space"):
        save_collection(papers.head(5), folder)
    with pytest.raises(DataError, match="No space"):
        save_collection(papers.head(5), folder.parent / "other")
    assert len(load_collection(folder)) == 30
    assert [item.name for item in folder.parent.iterdir()] == [folder.name]
    assert not list(folder.glob(".*"))


def test_leftovers_of_killed_saves_are_swept(papers, folder):
    parent, hour = folder.parent, 3700
    stale, young = parent / ".writing-0123abcd.part", parent / ".writing-4567cdef.part"
    orphans = [f"papers-{digit * 12}.parquet" for digit in "01"]
    mine = [".writing-notes.txt", "papers-2024.parquet"]
    names = [".writing-89abcdef.part", ".writing-abcd_123.tmp", *orphans, *mine]
    for place in (stale, young, *(folder / name for name in names)):
        place.mkdir() if place.parent == parent else place.write_text("")
        if place != young and place.name != orphans[1]:
            os.utime(place, (time.time() - hour,) * 2)
    (stale / "inside").write_text("")
    os.utime(stale, (time.time() - hour,) * 2)
    save_collection(papers, parent / "new")
    save_collection(papers, folder)
    assert not stale.exists()
    assert young.exists()
    assert {p.name for p in folder.iterdir()} == {
        MANIFEST,
        papers_file(parent / "new").name,
        orphans[1],
        *mine,
    }


def test_a_folder_that_was_empty_takes_a_save_after_a_killed_one(papers, tmp_path):
    (tmp_path / "papers-0123456789ab.parquet").write_text("half")
    (tmp_path / ".writing-0123abcd.part").write_text("half")
    with pytest.raises(DataError, match=r"not a collection: it holds no manifest.json"):
        load_collection(tmp_path)
    assert len(load_collection(save_collection(papers, tmp_path))) == 30


def test_the_hint_names_a_folder_inside(folder):
    model_of(5).save(folder.parent / "a")
    with pytest.raises(
        DataError, match=r'a collection inside it: toolkit.load_collection\(".*mine"'
    ):
        load_collection(folder.parent)
    with pytest.raises(DataError, match=r'a topic model inside it: toolkit.load_topics\(".*/a"\)'):
        toolkit.load_topics(folder.parent)


def test_a_version_1_folder_is_refused_and_kept(papers, tmp_path):
    (tmp_path / MANIFEST).write_text('{"format": "paper-toolkit collection", "version": 1}')
    message = r"version 1 of the folder.*found 1, expected 2.*save_collection\. toolkit\.load\("
    with pytest.raises(DataError, match=message):
        load_collection(tmp_path)
    with pytest.raises(DataError, match=r"nothing that could be replaced.*version 1"):
        save_collection(papers, tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [MANIFEST]


KILLED = {
    "collection": """
import itertools, sys, pandas as pd
from toolkit.storage import load_collection, save_collection
start, place = sys.argv[1:]
papers = load_collection(start)
papers = pd.concat(
    [papers.assign(paper_id=papers.paper_id + f"v{i}") for i in range(60)], ignore_index=True
)
print("ready", flush=True)
for size in itertools.cycle((1700, 1800)):
    save_collection(papers.head(size), place)
    print(size, flush=True)
""",
    "topics": """
import itertools, sys
from tests_models import model_of
place = sys.argv[2]
models = {size: model_of(size) for size in (1700, 1800)}
print("ready", flush=True)
for size in itertools.cycle(models):
    models[size].save(place)
    print(size, flush=True)
""",
}


def model_of(n: int, *, d: int = 64, exact: bool = True, texts: list[str] | None = None):
    """A topic model that nothing was fitted for."""
    random_numbers = np.random.default_rng(n)
    vectors = random_numbers.normal(size=(n, d)).astype(np.float32)
    texts = texts or [f"Text {i}" for i in range(n)]
    papers = pd.DataFrame(
        {
            "paper_id": pd.array([f"p{i}" for i in range(n)], dtype="string"),
            "topic": np.arange(n) % 2,
            "confidence": random_numbers.uniform(size=n),
            "x": vectors[:, 0].astype(float),
            "y": vectors[:, 1].astype(float),
        }
    )
    topics = pd.DataFrame(
        {
            "topic": [0, 1],
            "label": pd.array(["bees", "dikes"], dtype="string"),
            "size": [(n + 1) // 2, n // 2],
            "terms": pd.array(["bee; hive", "dike; clay"], dtype="string"),
        }
    )
    settings = {"model": "static", "clustering": "graph", "edits": [], "vectors": "given"}
    kept = vectors if exact else from_stored(to_stored(vectors))
    return TopicModel(papers, topics, settings, texts, list(reversed(texts)), kept)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KILLED)
def test_kill_in_mid_save_twenty_times(folder, tmp_path, kind):
    chance = random.Random(11)
    outcomes = []
    script = KILLED[kind].replace("tests_models", Path(__file__).stem)

    def size(place: Path) -> int:
        if kind == "collection":
            return len(load_collection(place))
        model = toolkit.load_topics(place)
        pd.testing.assert_frame_equal(model.papers, model_of(len(model.papers)).papers)
        return len(model.vectors)

    for run in range(20):
        place = tmp_path / f"killed-{run % 10}"  # the second ten times there is an old one
        there_before = place.exists()
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script), str(folder), str(place)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": f"{Path(__file__).parent}:{Path.cwd()}"},
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        saved = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        outcomes.append(len(saved))
        if saved or there_before:
            # The last one reported, or the one after it.
            assert size(place) in (1700, 1800)
        elif place.exists():
            assert size(place) == 1700
    assert min(outcomes) < max(outcomes), "every kill came at the same moment"


@pytest.mark.parametrize(
    ("kind", "stop"), [("collection", 1), ("collection", 2), *(("topics", n) for n in range(1, 6))]
)
def test_a_save_that_stops_before_any_of_its_files(folder, tmp_path, monkeypatch, kind, stop):
    """The old content stays, whichever file was to be next, and the next save succeeds."""
    place = folder if kind == "collection" else model_of(5).save(tmp_path / "topics")
    load = load_collection if kind == "collection" else toolkit.load_topics

    def save():
        if kind == "collection":
            save_collection(planted(9), place, prose=False)
        else:
            model_of(7).save(place)

    replace, done = Path.replace, []

    def stops(self, target):
        done.append(target)
        if len(done) == stop:
            raise KeyboardInterrupt
        return replace(self, target)

    before = load(place)
    monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises(KeyboardInterrupt):
        save()
    monkeypatch.undo()
    after = load(place)
    pd.testing.assert_frame_equal(
        *(one if kind == "collection" else one.papers for one in (after, before))
    )
    save()
    assert len(load(place) if kind == "collection" else load(place).papers) == (
        9 if kind == "collection" else 7
    )


# --- any content comes back ----------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(
    st.lists(st.tuples(TEXT, st.none() | TEXT, st.none() | st.integers(0, 2**53)), max_size=6),
    st.booleans(),
)
def test_any_collection_comes_back(rows, flag):
    papers = make_papers(
        [
            {
                "arxiv_id": f"2401.{i:05d}",
                "title": f"Bees {title}",
                "abstract": text,
                "stars": stars,
            }
            for i, (title, text, stars) in enumerate(rows)
        ]
        or pd.DataFrame({"title": []}),
        source="test",
    ).assign(mine=flag)
    with tempfile.TemporaryDirectory() as place:
        again = load_collection(save_collection(papers, Path(place) / "c"))
    pd.testing.assert_frame_equal(again, papers, check_flags=False)


@given(st.integers(1, 9), st.integers(2, 5), st.booleans(), st.lists(TEXT, min_size=9, max_size=9))
def test_any_topic_model_comes_back(n, d, exact, texts):
    model = model_of(n, d=d, exact=exact, texts=texts[:n])
    with tempfile.TemporaryDirectory() as place:
        again = toolkit.load_topics(model.save(Path(place) / "t"))
    pd.testing.assert_frame_equal(again.papers, model.papers)
    pd.testing.assert_frame_equal(again.topics, model.topics)
    assert (again.documents, again.titles) == (model.documents, model.titles)
    assert again.settings == model.settings
    assert again.vectors.dtype == model.vectors.dtype
    assert again.vectors.tobytes() == model.vectors.tobytes()


# --- the samples ---------------------------------------------------------------------------------


def test_samples(papers):
    sample = load_sample("trending-page")
    assert len(sample) == 31
    with pytest.raises(DataError, match=r"no such sample.*found 'hf'.*'hf-papers' or"):
        load_sample("hf")


def test_a_date_that_no_paper_has_is_left_empty_in_a_folder_too(tmp_path):
    papers = make_papers([{"title": "Bees"}, {"title": "Wasps"}], source="x")
    papers["published"] = pd.to_datetime(["2024-01-01", "0202-01-01"]).astype("datetime64[us]")
    folder = save_collection(papers, tmp_path / "mine")
    with pytest.warns(UserWarning, match=r"mine: 1 date\(s\).*row 2: 0202-01-01 \('Wasps'\)"):
        again = load_collection(folder)
    assert again.published.isna().tolist() == [False, True]


def test_papers_that_nobody_could_read_have_no_status(tmp_path):
    records = [
        {"title": "Bees", "abstract": "We watch bees. They dance."},
        {"title": "Wasps"},
        {"title": "Ants", "code_url": "https://github.com/ants/ants"},
        {"title": "Moths", "comments": "Code: https://github.com/moths/moths"},
    ]
    papers = make_papers(records, source="x")
    warned = pytest.warns(UserWarning, match="the code of 1 of 4 papers is not known")
    warned_of_claims = pytest.warns(UserWarning, match="1 of 4 papers have neither an abstract")
    with warned:
        assert toolkit.availability(papers)["linked"].tolist() == [2]
    with warned_of_claims:
        folder = save_collection(papers, tmp_path / "one", prose=False)
    bare = load_collection(folder)
    assert bare["code"].isna().tolist() == [False, True, False, False]
    assert bare["code"].tolist()[::2] == ["none", "linked"]
    assert bare["links"].isna().tolist() == [False, True, False, False]
    with warned_of_claims:
        assert len(toolkit.find_links(bare)) == 2
    with warned:
        assert toolkit.availability(bare)["linked"].tolist() == [2]
    with warned_of_claims:
        again = load_collection(save_collection(bare, tmp_path / "two", prose=False))
    pd.testing.assert_frame_equal(again, bare)
