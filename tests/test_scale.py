"""Parts, one machine and Dask, interruption, bad lines, full disks, drift."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
import types
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit import scale
from toolkit.errors import DataError, MissingExtraError
from toolkit.papers.features import decode_vectors
from toolkit.scale import drift, parts
from toolkit.scale.parts import list_parts, part_path, read_part
from toolkit.synthetic import write_synthetic_snapshot
from toolkit.topics import TopicModel

FIELDS = ["speech", "games", "proteins", "driving"]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("snapshot") / "arxiv-metadata.json"
    return write_synthetic_snapshot(path, 600, fields=FIELDS, years=(2020, 2023))


@pytest.fixture(scope="module")
def topics(snapshot):
    """Four groups by the mean directions of their papers; no fit is needed here."""
    papers = toolkit.load_arxiv_snapshot(snapshot)
    vectors = toolkit.embed(papers)
    category = papers["categories"].astype(str)
    number = pd.factorize(category)[0].astype("int64")
    table = pd.DataFrame({"paper_id": papers["paper_id"], "topic": number, "confidence": 1.0})
    table["x"] = table["y"] = 0.0
    names = category.drop_duplicates().tolist()
    listed = pd.DataFrame({"topic": range(4), "label": names, "size": np.bincount(number)})
    settings = {"model": "static", "vectors": "model"}
    return TopicModel(table, listed.assign(terms=""), settings, [], [], vectors)


@pytest.fixture(scope="module")
def folder(snapshot, topics, tmp_path_factory):
    place = tmp_path_factory.mktemp("parts")
    scale.import_snapshot(snapshot, place, part_size=150)
    scale.add_features(place)
    scale.assign_topics(place, topics)
    return place


def vectors_in(features):
    return decode_vectors(features, rows=np.arange(len(features)))


def whole(place, kind):
    tables = [read_part(part_path(place, kind, i)) for i in list_parts(place, kind)]
    return pd.concat(tables, ignore_index=True)


def same(place, other):
    for kind in parts.KINDS:
        assert list_parts(place, kind) == list_parts(other, kind)
        for number in list_parts(place, kind):
            one, two = (read_part(part_path(p, kind, number)) for p in (place, other))
            if "vector" in one:
                assert (vectors_in(one) == vectors_in(two)).all()
                one, two = one.drop(columns="vector"), two.drop(columns="vector")
            pd.testing.assert_frame_equal(one, two)


# ---- the synthetic snapshot


def test_snapshot_has_the_real_format(snapshot, shared):
    real = json.loads((shared / "formats" / "arxiv_snapshot.jsonl").read_text().splitlines()[0])
    made = [json.loads(line) for line in snapshot.read_text().splitlines()]
    assert all(list(record) == list(real) for record in made)
    lengths = [len(record["abstract"]) for record in made]
    assert 700 < np.mean(lengths) < 1400
    assert len({record["id"] for record in made}) == 600


def test_same_seed_same_snapshot(tmp_path):
    a, b, c = (
        write_synthetic_snapshot(tmp_path / name, 30, seed=seed).read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert a == b
    assert a != c


def test_snapshot_that_cannot_be(tmp_path):
    with pytest.raises(DataError, match="no such field: found 'alchemy'"):
        write_synthetic_snapshot(tmp_path / "x", 3, fields=["alchemy"])
    with pytest.raises(DataError, match="too many records for these years"):
        write_synthetic_snapshot(tmp_path / "x", 2_000_000, years=(2020, 2020))


# ---- one machine


def test_parts_hold_what_the_loader_gives(snapshot, folder):
    papers = toolkit.load_arxiv_snapshot(snapshot)
    pd.testing.assert_frame_equal(whole(folder, "papers"), papers)
    features = whole(folder, "features")
    claims = toolkit.code_claims(papers)
    pd.testing.assert_frame_equal(features[["paper_id", "code", "artifact"]], claims.iloc[:, :3])
    vectors = parts.read_part(part_path(folder, "features", 1))
    assert (
        vectors_in(vectors) == toolkit.embedding.embedding.to_stored(toolkit.embed(papers)[150:300])
    ).all()


def test_topics_are_those_of_predict(snapshot, folder, topics):
    papers = toolkit.load_arxiv_snapshot(snapshot)
    placed = whole(folder, "assigned")
    found = topics.predict(papers)
    assert (placed["topic"] == found["topic"]).all()
    assert np.allclose(placed["confidence"], found["confidence"])
    assert (placed["topic"].to_numpy() == topics.papers["topic"].to_numpy()).mean() > 0.95


def test_gathered_tables_go_into_the_analyses(folder, topics):
    got = scale.gather(folder, topics=topics)
    assert len(got.papers) == len(got.claims) == len(got.topics.papers) == 600
    trends = toolkit.topic_trends(got.papers, got.topics, freq="Y")
    assert trends["papers"].sum() == 600
    rates = toolkit.availability(got.papers, by="topic", topics=got.topics, claims=got.claims)
    assert rates["n"].sum() == 600
    assert rates["linked"].sum() == (got.claims["code"] == "linked").sum() > 0


@pytest.mark.slow
def test_topics_of_a_sample(snapshot, tmp_path):
    scale.import_snapshot(snapshot, tmp_path, part_size=200)
    scale.add_features(tmp_path)
    first = scale.fit_sample(tmp_path, n=300, n_topics=4)
    again = scale.fit_sample(tmp_path, n=300, n_topics=4)
    pd.testing.assert_frame_equal(first.papers, again.papers)
    assert len(first.papers) == 300
    scale.assign_topics(tmp_path, first)
    got = scale.gather(tmp_path)
    table = pd.crosstab(got.papers["categories"], got.topics.papers["topic"])
    assert table.max(axis=1).sum() > 0.9 * 600


def test_each_step_goes_on_where_it_stopped(snapshot, folder, topics, tmp_path, monkeypatch):
    real, calls = parts.write_part, []

    def stops(table, path, made_by):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(path)
        real(table, path, made_by)

    runs = (
        (
            "toolkit.scale.snapshot_import",
            lambda: scale.import_snapshot(snapshot, tmp_path, part_size=150),
        ),
        ("toolkit.scale.part_features", lambda: scale.add_features(tmp_path)),
        ("toolkit.scale.part_topics", lambda: scale.assign_topics(tmp_path, topics)),
    )
    for module, run in runs:
        with monkeypatch.context() as patch:
            patch.setattr(f"{module}.write_part", stops)
            with pytest.raises(KeyboardInterrupt):
                run()
        with monkeypatch.context() as patch:
            calls.clear()
            patch.setattr(f"{module}.write_part", lambda *a: (calls.append(a[1]), real(*a)))
            run()
        assert [path.stem for path in calls] == ["part-00002", "part-00003"]
        calls.clear()
    same(folder, tmp_path)
    assert not list(tmp_path.rglob(".*"))


def test_packed_snapshot_goes_on_too(snapshot, folder, tmp_path):
    import gzip

    packed = tmp_path / "arxiv.json.gz"
    packed.write_bytes(gzip.compress(snapshot.read_bytes()))
    scale.import_snapshot(packed, tmp_path / "parts", part_size=150)
    for number in (2, 3):
        part_path(tmp_path / "parts", "papers", number).unlink()
    scale.import_snapshot(packed, tmp_path / "parts", part_size=150)
    again = whole(tmp_path / "parts", "papers")
    assert set(again["origin"]) == {"arxiv.json.gz"}
    again["origin"] = whole(folder, "papers")["origin"]
    pd.testing.assert_frame_equal(again, whole(folder, "papers"))


@pytest.mark.slow
def test_killed_import_goes_on(snapshot, folder, tmp_path):
    code = (
        "import sys, time\nfrom toolkit import scale\n"
        "from toolkit.scale import snapshot_import as s\n"
        "real = s.write_part\n"
        "s.write_part = lambda *a: (time.sleep(0.5), real(*a))\n"
        "scale.import_snapshot(sys.argv[1], sys.argv[2], part_size=150)"
    )
    job = subprocess.Popen([sys.executable, "-c", code, str(snapshot), str(tmp_path)])
    deadline = time.monotonic() + 60
    while not list_parts(tmp_path, "papers") and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(job.pid, signal.SIGKILL)
    job.wait()
    assert 1 <= len(list_parts(tmp_path, "papers")) < 4
    scale.import_snapshot(snapshot, tmp_path, part_size=150)
    pd.testing.assert_frame_equal(whole(tmp_path, "papers"), whole(folder, "papers"))


def test_topics_fitted_anew_are_assigned_anew(folder, topics, tmp_path):
    import shutil

    place = tmp_path / "copy"
    shutil.copytree(folder, place)
    merged = topics.papers.assign(topic=topics.papers["topic"].clip(upper=1))
    other = TopicModel(merged, topics.topics.head(2), topics.settings, [], [], topics.vectors)
    scale.assign_topics(place, other)
    assert set(whole(place, "assigned")["topic"]) == {0, 1}


# ---- bad input


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"categories": "csx.CL"}, r"not a category of arXiv: found 'csx.CL'.* Did you mean 'cs'"),
        ({"categories": ["cs", 5]}, r"argument 'categories': not a category of arXiv: found 5"),
        ({"categories": 5}, r"argument 'categories': of the wrong type: found 5"),
        ({"since": "2024-13-01"}, r"argument 'since': not a date: found '2024-13-01', exp"),
        ({"since": "-1"}, r"argument 'since': not a date: found '-1'"),
        ({"since": float("nan")}, r"argument 'since': not a date: found nan"),
        ({"since": []}, r"argument 'since': not a date: found \[\]"),
        ({"part_size": float("nan")}, r"argument 'part_size': not a count: found nan"),
        ({"part_size": "3"}, r"argument 'part_size': not a count: found '3'"),
    ],
)  # fmt: skip
def test_filters_that_cannot_be(snapshot, tmp_path, wrong, message):
    with pytest.raises(DataError, match=message):
        scale.import_snapshot(snapshot, tmp_path, **wrong)
    assert not list(tmp_path.iterdir()), "nothing is written"


def test_an_import_of_nothing_is_said(snapshot, tmp_path):
    assert scale.import_snapshot(snapshot, tmp_path, since="2199-01-01")["papers"].sum() == 0
    scale.add_features(tmp_path)
    with pytest.raises(DataError, match="no part has a paper"):
        scale.fit_sample(tmp_path)


@pytest.mark.parametrize("day", ["NaT", "0001-01-01"])
def test_a_snapshot_with_days_that_are_none(snapshot, topics, tmp_path, day):
    lines = [json.loads(line) for line in snapshot.read_text().splitlines()[:20]]
    for line in lines[:10]:
        line["versions"] = [{"version": "v1", "created": day}]
    path = tmp_path / "snapshot.json"
    path.write_text("\n".join(map(json.dumps, lines)))
    scale.import_snapshot(path, tmp_path / "parts", since="2000-01-01")
    scale.add_features(tmp_path / "parts")
    scale.assign_topics(tmp_path / "parts", topics)
    drift = scale.find_drift(tmp_path / "parts", topics)
    assert 0 < drift["papers"].sum() <= 20


def test_bad_lines_are_put_aside(snapshot, tmp_path):
    lines = snapshot.read_bytes().splitlines(keepends=True)[:300]
    lines[4] = b'{"id": "2001.00005", "title": "torn off\n'
    lines[9] = b"\xff\xfe not JSON\n"
    lines[200] = b'{"id": "no id", "title": "A title"}\n'
    twin = json.loads(lines[0])
    twin["title"] = "Another paper under the same number"
    lines[20] = json.dumps(twin).encode() + b"\n"
    path = tmp_path / "snapshot.json"
    path.write_bytes(b"".join(lines))
    table = scale.import_snapshot(path, tmp_path / "parts", part_size=100)
    assert table["papers"].tolist() == [98, 100, 99]
    assert table["bad"].tolist() == [2, 0, 1]
    aside = pd.read_csv(tmp_path / "parts" / "bad_lines.tsv", sep="\t")
    assert aside["line"].tolist() == [5, 10, 201]
    twin = whole(tmp_path / "parts", "papers").iloc[18]
    assert twin["title"].startswith("Another paper") and twin["paper_id"].startswith("title:")


def test_another_kind_of_file(tmp_path):
    path = tmp_path / "poem.json"
    path.write_text("no json at all\n" * 50)
    with pytest.raises(DataError, match=r"poem.json, row 1: 50 of 50 lines cannot be read"):
        scale.import_snapshot(path, tmp_path / "parts")


def test_line_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.scale.snapshot_import._MAX_LINE", 1000)
    path = tmp_path / "long.json"
    path.write_bytes(b'{"id": "2001.00001"}\n' + b"x" * 5000)
    with pytest.raises(DataError, match=r"long.json, row 2: a line is too long"):
        scale.import_snapshot(path, tmp_path / "parts")


def test_folder_of_another_snapshot(snapshot, folder, tmp_path):
    with pytest.raises(DataError, match=r"parts of another import: found 'part_size=150'"):
        scale.import_snapshot(snapshot, folder, part_size=100)
    with pytest.raises(DataError, match="no such file"):
        scale.import_snapshot(tmp_path / "nothing.json", tmp_path)


def test_step_out_of_order(snapshot, topics, tmp_path):
    with pytest.raises(DataError, match=r"holds no papers.*toolkit.scale.import_snapshot"):
        scale.add_features(tmp_path)
    scale.import_snapshot(snapshot, tmp_path, part_size=300)
    with pytest.raises(DataError, match=r"holds no features.*toolkit.scale.add_features"):
        scale.assign_topics(tmp_path, topics)
    with pytest.raises(DataError, match="holds no assigned"):
        scale.gather(tmp_path)


def test_damaged_part_is_named(folder, topics, tmp_path):
    import shutil

    place = tmp_path / "copy"
    shutil.copytree(folder, place)
    part_path(place, "features", 2).write_bytes(b"PAR1 torn")
    with pytest.raises(DataError, match=r"part-00002.parquet: the part cannot be read"):
        scale.assign_topics(place, topics)
    part_path(place, "features", 2).unlink()
    scale.add_features(place)
    same(folder, place)


def test_full_disk_leaves_finished_parts_usable(snapshot, folder, tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    real, written = pq.write_table, []

    def fills(table, path, **options):
        if len(written) == 2:
            path.write_bytes(b"half a part")
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        real(table, path, **options)

    monkeypatch.setattr(pq, "write_table", fills)
    with pytest.raises(DataError, match=r"the disk is full.*Free some space.*goes on where it"):
        scale.import_snapshot(snapshot, tmp_path, part_size=150)
    assert list_parts(tmp_path, "papers") == [0, 1]
    assert not list(tmp_path.rglob(".*"))
    assert len(whole(tmp_path, "papers")) == 300
    monkeypatch.setattr(pq, "write_table", real)
    scale.import_snapshot(snapshot, tmp_path, part_size=150)
    pd.testing.assert_frame_equal(whole(tmp_path, "papers"), whole(folder, "papers"))


def test_topics_of_another_model(folder, topics):
    other = TopicModel(
        topics.papers, topics.topics, {"model": "a/b", "vectors": "model"}, [], [], topics.vectors
    )
    with pytest.raises(
        DataError, match=r"another embedding model: found 'static:\w{12}', expected a/b"
    ):
        scale.assign_topics(folder, other)


def test_title_of_marks_alone_stops_nothing(topics, tmp_path):
    snapshot = write_synthetic_snapshot(tmp_path / "s.json", 20, fields=FIELDS)
    lines = [json.loads(line) for line in snapshot.read_text().splitlines()]
    lines[3].update(title="???", abstract="")
    snapshot.write_text("".join(json.dumps(line) + "\n" for line in lines))
    scale.import_snapshot(snapshot, tmp_path / "p")
    scale.add_features(tmp_path / "p")
    scale.assign_topics(tmp_path / "p", topics)
    assert len(scale.gather(tmp_path / "p", topics=topics).papers) == 19


def test_paper_in_two_parts_counts_once(topics, tmp_path):
    snapshot = write_synthetic_snapshot(tmp_path / "s.json", 20, fields=FIELDS)
    snapshot.write_bytes(snapshot.read_bytes() * 2)
    scale.import_snapshot(snapshot, tmp_path / "p", part_size=20)
    scale.add_features(tmp_path / "p")
    scale.assign_topics(tmp_path / "p", topics)
    with pytest.warns(UserWarning, match=r"20 paper\(s\) are in two parts"):
        got = scale.gather(tmp_path / "p", topics=topics)
    assert len(got.papers) == len(got.claims) == len(got.topics.papers) == 20


# ---- drift


def test_new_subjects_are_novel(folder, topics, tmp_path):
    old = scale.find_drift(folder, topics, freq="Y")
    assert old["papers"].sum() == 600
    assert (old["verdict"] != "refit").all()
    assert old["novel"].sum() <= 12
    new = write_synthetic_snapshot(
        tmp_path / "s.json", 120, seed=5, fields=["privacy", "graphs"], years=(2024, 2024)
    )
    scale.import_snapshot(new, tmp_path / "p")
    scale.add_features(tmp_path / "p")
    scale.assign_topics(tmp_path / "p", topics)
    found = scale.find_drift(tmp_path / "p", topics, freq="Y")
    assert found["period"].tolist() == [pd.Timestamp("2024-01-01")]
    assert found["verdict"].tolist() == ["refit"]
    assert found["share"][0] > 0.5


def test_limits_by_hand():
    """Fits 0, 0.01, …, 1.00 of 101 papers: the 1 % quantile is the second smallest."""
    cosine = np.arange(101) / 100
    vectors = np.stack([cosine, np.sqrt(1 - cosine**2)], axis=1)
    mirrored = np.vstack([vectors, vectors * [1, -1]])
    model = SimpleNamespace(papers=pd.DataFrame({"topic": [0] * 202}), vectors=mirrored)
    limits = drift._limits(model)
    # The middle of the mirrored papers is (1, 0), so the fit of each is its cosine.
    assert limits[0] == pytest.approx(np.quantile(np.repeat(cosine, 2), 0.01))
    assert np.isnan(limits[-1])


def test_drift_of_other_topics(folder, topics):
    few = TopicModel(
        topics.papers.assign(topic=0), topics.topics, topics.settings, [], [], topics.vectors
    )
    with pytest.raises(DataError, match="assigned with other topics: found 'topic 3'"):
        scale.find_drift(folder, few)
    with pytest.raises(DataError, match="argument 'freq': not a period"):
        scale.find_drift(folder, topics, freq="W")


# ---- Dask


def test_dask_missing_is_said(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(MissingExtraError, match="Dask cluster needs the optional group 'dask'"):
        scale.dask_parts(folder, "papers")


@pytest.mark.filterwarnings("default")
def test_functions_run_by_map_partitions(folder):
    pytest.importorskip("dask.dataframe")
    frame = scale.dask_parts(folder, "papers")
    assert frame.npartitions == 4
    meta = scale.features_of(whole(folder, "papers").head(1)).iloc[:0]
    made = frame.map_partitions(scale.features_of, meta=meta).compute(scheduler="synchronous")
    made = made.reset_index(drop=True)
    assert (vectors_in(made) == vectors_in(whole(folder, "features"))).all()
    assert (made["code"] == whole(folder, "features")["code"]).all()


@pytest.mark.filterwarnings("default")
def test_transformer_is_loaded_once_a_process(folder, monkeypatch):
    pytest.importorskip("dask.dataframe")
    loaded = []

    class Stand:
        def __init__(self, name):
            loaded.append(name)

        def encode(self, texts, **_):
            return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = Stand
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    toolkit.embedding.embedding._load_transformer.cache_clear()
    features = partial(scale.features_of, model="a/b")
    meta = features(whole(folder, "papers").head(1)).iloc[:0]
    frame = scale.dask_parts(folder, "papers").map_partitions(features, meta=meta)
    assert vectors_in(frame.compute(scheduler="synchronous")).shape == (600, 2)
    assert loaded == ["a/b"]
    toolkit.embedding.embedding._load_transformer.cache_clear()


@pytest.fixture
def cluster():
    pytest.importorskip("distributed")
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        Client(local) as client,
    ):
        yield client


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_row_for_row(snapshot, folder, topics, cluster, tmp_path):
    scale.import_snapshot(snapshot, tmp_path, part_size=150)
    scale.add_features(tmp_path, client=cluster)
    scale.assign_topics(tmp_path, topics, client=cluster.scheduler.address)
    same(folder, tmp_path)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_killed_worker_loses_nothing(snapshot, folder, cluster, tmp_path):
    scale.import_snapshot(snapshot, tmp_path, part_size=30)
    victim = next(iter(cluster.run(os.getpid).values()))
    killed = []

    def kill():
        while not list_parts(tmp_path, "features"):
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)
        killed.append(len(list_parts(tmp_path, "features")))

    thread = threading.Thread(target=kill)
    thread.start()
    scale.add_features(tmp_path, client=cluster)
    thread.join()
    assert killed[0] < 20
    left, right = whole(tmp_path, "features"), whole(folder, "features")
    assert (left["paper_id"] == right["paper_id"]).all()
    assert (vectors_in(left) == vectors_in(right)).all()
    assert (left["code"] == right["code"]).all()
