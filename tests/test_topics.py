"""fit_topics and the model: shape, BERTopic's own methods, saving, bad input."""

import hashlib
import json
import os
import subprocess
import sys
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.errors import DataError, MissingExtraError
from toolkit.papers.schema import make_papers
from toolkit.topics.centroids import fit_to_topics, rank_of_fit
from toolkit.topics.layout import lay_out

#: Pairs of the 31 papers that a reader would keep together (numbers on the page, from 1).
TOGETHER = {
    "mixture of experts": (8, 13, 31),
    "reward model over-optimisation": (18, 26),
    "optimisation modelling": (3, 6),
    "preference optimisation": (7, 22),
    "proteins": (23, 29),
}


@pytest.fixture(scope="module")
def page() -> pd.DataFrame:
    return toolkit.load_sample("trending-page")


@pytest.fixture(scope="module")
def topics(page):
    return toolkit.fit_topics(page)


@pytest.fixture(scope="module")
def planted():
    return toolkit.plant_collection(n_papers=240, n_topics=6, seed=5)


@pytest.fixture(scope="module")
def planted_topics(planted):
    return toolkit.fit_topics(planted.papers)


def test_the_31_papers_keep_together_what_a_reader_would(topics):
    topic = topics.papers["topic"].to_numpy()
    assert topics.papers["topic"].nunique() >= 4
    assert (topic >= 0).all()
    pairs = [pair for rows in TOGETHER.values() for pair in combinations(rows, 2)]
    apart = [(a, b) for a, b in pairs if topic[a - 1] != topic[b - 1]]
    # A pair may differ: of the two on proteins one is about small models, the other about prompts.
    assert len(apart) <= 1, apart


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(31)))
def test_the_order_of_the_papers_changes_nothing(topics, page, order):
    """Numbers, labels, places on the map and terms; then predictions and the reliability card."""
    shuffled = page.iloc[order].reset_index(drop=True)
    again = toolkit.fit_topics(shuffled)
    pd.testing.assert_frame_equal(again.topics, topics.topics)
    there = again.papers.set_index("paper_id").loc[page["paper_id"]].reset_index()
    pd.testing.assert_frame_equal(there, topics.papers)
    assert again.bertopic.topics_ == again.papers["topic"].tolist()
    assert again.titles == shuffled["title"].tolist()
    pd.testing.assert_frame_equal(again.predict(page), topics.predict(page))
    cut = [model.split(0, n_topics=2).papers.set_index("paper_id") for model in (topics, again)]
    pd.testing.assert_series_equal(cut[0]["topic"], cut[1]["topic"].loc[cut[0].index])


def test_equal_papers_and_threads_change_nothing(page):
    """Copies tie at every step; another process counts with another number of threads."""
    copies = pd.concat([page, page.assign(paper_id=page["paper_id"] + "x")], ignore_index=True)
    one = toolkit.fit_topics(copies).papers.set_index("paper_id")
    other = toolkit.fit_topics(copies.iloc[::-1]).papers.set_index("paper_id").loc[one.index]
    pd.testing.assert_frame_equal(one, other)
    code = (
        "import toolkit, pandas as pd\n"
        "page = toolkit.load_sample('trending-page')\n"
        "copy = page.assign(paper_id=page['paper_id'] + 'x')\n"
        "page = pd.concat([page, copy], ignore_index=True)\n"
        "print(toolkit.fit_topics(page).papers['topic'].tolist())\n"
    )
    for threads, hashes in (("1", "1"), ("2", "2")):
        changed = {"OMP_NUM_THREADS": threads, "PYTHONHASHSEED": hashes}
        environment = {**os.environ, **changed, "OPENBLAS_NUM_THREADS": threads}
        command = [sys.executable, "-W", "ignore", "-c", code]
        out = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert out.stdout.strip() == str(one["topic"].tolist())


def test_tables_of_the_model(page, topics):
    assert list(topics.papers.columns) == ["paper_id", "topic", "confidence", "x", "y"]
    assert topics.papers["paper_id"].tolist() == page["paper_id"].tolist()
    assert topics.papers["confidence"].between(0, 1).all()
    assert np.hypot(topics.papers["x"], topics.papers["y"]).max() == pytest.approx(1, abs=1e-5)
    table = topics.topics
    assert list(table.columns) == ["topic", "label", "size", "terms"]
    assert table["topic"].tolist() == list(range(len(table)))
    assert table["size"].tolist() == topics.papers["topic"].value_counts().tolist()
    assert table["size"].is_monotonic_decreasing
    assert table["label"].str.casefold().is_unique
    assert table["terms"].str.contains(", ").all()
    assert json.loads(json.dumps(topics.settings)) == topics.settings


def test_a_model_at_the_prompt_is_a_line(page, topics, planted_topics):
    assert repr(planted_topics) == (
        f"TopicModel: {len(planted_topics.topics)} topics of 240 papers "
        "(static vectors, graph clustering, seed 42)"
    )
    edited = toolkit.fit_topics(page, n_topics=4, seed=7).rename({0: "<b>Owls</b>"}).drop([1])
    size = (edited.papers["topic"] < 0).sum()
    assert repr(edited) == (
        f"TopicModel: 3 topics of 31 papers, {size} of them in none "
        "(static vectors, graph clustering, seed 7, 2 edits)"
    )
    shown = edited._repr_html_()
    assert "&lt;b&gt;Owls&lt;/b&gt;" in shown and "<b>Owls" not in shown
    assert shown.count("<tr") == 1 + 4
    assert "more:" not in shown


def test_planted_topics_are_found(planted, planted_topics):
    from sklearn.metrics import normalized_mutual_info_score

    truth = planted.papers[["paper_id"]].merge(planted.truth)["topic"]
    assert normalized_mutual_info_score(truth, planted_topics.papers["topic"]) > 0.9


def test_neighbours_are_near_on_the_map(planted_topics):
    place = planted_topics.papers[["x", "y"]].to_numpy()
    squared = ((place[:, None] - place[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    topic = planted_topics.papers["topic"].to_numpy()
    assert (topic[squared.argmin(axis=1)] == topic).mean() > 0.9


def test_the_grid_pushes_as_all_pairs_do():
    from toolkit.topics.layout import _exact_repulsion, _grid_repulsion

    place = np.random.default_rng(0).normal(scale=15, size=(500, 2)).astype(np.float32)
    exact, grid = _exact_repulsion(place), _grid_repulsion(place)
    assert np.corrcoef(exact.ravel(), grid.ravel())[0, 1] > 0.99
    # Cells blur the very nearest, so that the push is some percent weaker.
    assert np.abs(grid).sum() == pytest.approx(np.abs(exact).sum(), rel=0.12)


def test_bertopics_own_methods(page, topics):
    bertopic = topics.bertopic
    assert bertopic.topics_ == topics.papers["topic"].tolist()
    assert bertopic.get_topic_info()["CustomName"].tolist() == topics.topics["label"].tolist()
    over_time = bertopic.topics_over_time(topics.documents, page["published"].tolist(), nr_bins=3)
    assert over_time["Frequency"].sum() == len(page)
    tree = bertopic.hierarchical_topics(topics.documents)
    assert len(tree) == len(topics.topics) - 1
    assert set(bertopic.get_representative_docs(0)) <= set(page["title"])
    # Its own editing numbers equal topics as ours does.
    assert sorted(bertopic.get_topics()) == topics.topics["topic"].tolist()


def other_number(topics):
    return [1 - t if t < 2 else t for t in topics.papers["topic"]]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda b, t: b.reduce_topics(t.documents, nr_topics=3), "3 topics there, 5 here"),
        (lambda b, t: b.delete_topics([1]), "4 topics there, 5 here"),
        (lambda b, t: b.merge_topics(t.documents, [1, 2]), "4 topics there, 5 here"),
        (
            lambda b, t: b.update_topics(t.documents, topics=other_number(t)),
            r"5 topics there, 5 here, \d+ papers with another number",
        ),
    ],
)
def test_changes_by_bertopics_own_methods_are_noticed(page, tmp_path, change, found):
    topics = toolkit.fit_topics(page, n_topics=5)
    twin = topics.rename({0: "Another name"})
    change(topics.bertopic, topics)
    for call in (
        lambda: toolkit.check_topics(topics, page, refits=2, progress=False),
        lambda: topics.rename({0: "Name"}),
        lambda: topics.merge([0, 1]),
        lambda: topics.split(0, n_topics=2),
        lambda: topics.drop([0]),
        lambda: topics.save(tmp_path / "topics"),
    ):
        with pytest.raises(DataError, match=rf"topics.bertopic was changed.*{found}"):
            call()
    assert not (tmp_path / "topics").exists()
    # The renamed model has a BERTopic of its own, unchanged down to where it puts new texts.
    assert twin.bertopic.topics_ == twin.papers["topic"].tolist()
    assert twin.bertopic.transform(page["title"].tolist())[0] == untouched(page)


def untouched(page):
    return toolkit.fit_topics(page, n_topics=5).bertopic.transform(page["title"].tolist())[0]


def test_other_words_and_labels_in_bertopic_leave_the_model_alone(page):
    topics = toolkit.fit_topics(page, n_topics=5)
    card = toolkit.check_topics(topics, page, refits=2, progress=False)
    topics.bertopic.set_topic_labels({0: "Theirs"})
    topics.bertopic.update_topics(topics.documents, n_gram_range=(1, 3))
    again = toolkit.check_topics(topics, page, refits=2, progress=False)
    pd.testing.assert_frame_equal(again, card)
    assert topics.rename({1: "Ours"}).topics["label"][0] == topics.topics["label"][0]


def test_bertopic_deletes_topics_and_keeps_the_other_labels(page):
    topics = toolkit.fit_topics(page, n_topics=5)
    topics.bertopic.delete_topics([1])
    labels = topics.topics["label"].tolist()
    assert topics.bertopic.custom_labels_ == ["", labels[0], *labels[2:]]


def test_bertopic_over_time_reads_dates_that_are_texts(page, topics):
    dates = page["published"]
    texts = dates.dt.strftime("%Y-%m-%d").tolist()
    one = topics.bertopic.topics_over_time(topics.documents, dates.tolist(), nr_bins=3)
    other = topics.bertopic.topics_over_time(topics.documents, texts, nr_bins=3)
    pd.testing.assert_frame_equal(one, other)
    german = dates.dt.strftime("%d.%m.%Y").tolist()
    third = topics.bertopic.topics_over_time(
        topics.documents, german, nr_bins=3, datetime_format="%d.%m.%Y"
    )
    pd.testing.assert_frame_equal(one, third)


def test_bertopics_map_of_topics_keeps_distances():
    """Cosine distance 1 between any two of three: a triangle with sides of 1."""
    from toolkit.topics.bertopic_classes import TopicPlane

    def sides(metric, rows):
        place = TopicPlane(2, 2, metric, "random", 42).fit_transform(np.array(rows))
        return np.linalg.norm(place[:, None] - place, axis=2)

    corners = sides("cosine", [[2, 0, 0], [0, 1, 0], [0, 0, 5]])
    assert corners == pytest.approx(1 - np.eye(3), abs=1e-3)
    # Square roots of (1, 3) and of (1, 0), at length 1: cosine 1/2.
    assert sides("hellinger", [[1, 3], [1, 0]])[0, 1] == pytest.approx(0.5, abs=1e-3)
    assert sides("cosine", [[1, 0]]).tolist() == [[0]]


def test_short_titles_much_alike():
    titles = [f"On bees {number}" for number in range(1, 7)]
    more = ["crabs", "rivers", "honey", "owls", "stones", "clouds", "rain", "sand", "wheat", "iron"]
    for wording in (titles, titles[:5], [f"On bees and more {word}" for word in more]):
        records = [{"id": f"2401.{i:05d}", "title": title} for i, title in enumerate(wording)]
        with pytest.warns(UserWarning, match="papers have a title alone"):
            model = toolkit.fit_topics(make_papers(records, source="test"))
        assert model.topics["label"].is_unique
        assert model.topics["terms"].str.contains("bees").all()
    # Words that one paper alone has tell its topic apart where no others do.
    assert "owls" in ", ".join(model.topics["terms"])


def test_bertopic_finds_and_places_new_texts(planted, planted_topics):
    title, topic = planted.papers["title"].iloc[0], planted_topics.papers["topic"].iloc[0]
    assert planted_topics.bertopic.find_topics(title, top_n=1)[0] == [topic]
    assert planted_topics.bertopic.transform([title])[0] == [topic]


@pytest.mark.slow
def test_bertopics_plots_bring_plotly_only_when_drawn():
    code = (
        "import sys, toolkit\n"
        "m = toolkit.fit_topics(toolkit.load_sample('trending-page'), resolution=1.4)\n"
        "m.bertopic\n"
        "late = ['numba', 'umap', 'hdbscan', 'ipywidgets', 'plotly.graph_objs', 'torch']\n"
        "assert not set(late) & set(sys.modules), set(late) & set(sys.modules)\n"
        "import warnings\n"
        "assert not any(f[0] == 'ignore' and f[2] is UserWarning for f in warnings.filters)\n"
        "for n in (None, 3):\n"
        "    assert m.bertopic.visualize_topics(top_n_topics=n).data\n"
        "assert m.bertopic.visualize_topics(use_ctfidf=True).data\n"
        "assert not {'numba', 'umap'} & set(sys.modules)\n"
        "print(type(m.bertopic.visualize_barchart()).__name__)\n"
        "print(','.join(map(str, m.papers['topic'])))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    figure, labels = out.stdout.split()
    assert figure == "Figure"
    # Another process, the same topics.
    here = toolkit.fit_topics(toolkit.load_sample("trending-page"), resolution=1.4)
    assert labels == ",".join(map(str, here.papers["topic"]))


def test_predict(planted, planted_topics):
    again = planted_topics.predict(planted.papers)
    assert list(again.columns) == ["paper_id", "topic", "confidence", "fit", "fit_rank"]
    assert (again["topic"] == planted_topics.papers["topic"]).mean() > 0.95
    assert again["confidence"].between(0, 1).all()


def test_fit_by_hand():
    """Topic 0 has (1, 0) and (0, 1): its middle is the diagonal, cosine √½ to each axis."""
    model = SimpleNamespace(
        papers=pd.DataFrame({"topic": [0, 0, 1]}), vectors=np.array([[1.0, 0], [0, 1], [-1, 0]])
    )
    new, topic = np.array([[2.0, 0], [1, 1], [0, -3], [1, 0]]), np.array([0, 0, 0, -1])
    fit = fit_to_topics(new, topic, model)
    assert fit[:3] == pytest.approx([np.sqrt(0.5), 1, -np.sqrt(0.5)])
    # As near as both papers of the topic, nearer than both, farther than both.
    assert rank_of_fit(fit, topic, model)[:3].tolist() == [1, 1, 0]
    assert np.isnan(fit[3]) and np.isnan(rank_of_fit(fit, topic, model)[3])


def test_a_paper_from_far_off_has_a_low_fit_however_sure_the_vote(planted, planted_topics):
    odd = make_papers(
        [{"title": "Bakers of Rye bread", "abstract": "Sourdough in a village oven by the sea."}],
        source="test",
    )
    found = planted_topics.predict(pd.concat([planted.papers.head(200), odd], ignore_index=True))
    assert found["fit_rank"].iloc[-1] == 0
    assert found["fit"].iloc[-1] < found["fit"].iloc[:-1].min()
    # The topic's own papers spread over all ranks.
    assert found["fit_rank"].iloc[:-1].median() == pytest.approx(0.5, abs=0.1)


def test_arguments_are_not_changed(page):
    before = page.copy(deep=True)
    toolkit.fit_topics(page, n_topics=4)
    pd.testing.assert_frame_equal(page, before)


@pytest.mark.parametrize("n", [5, 6, 9, 14])
def test_small_collections(page, n):
    model = toolkit.fit_topics(page.head(n))
    assert (model.papers["topic"] >= 0).all()
    assert model.papers[["x", "y", "confidence"]].notna().all(axis=None)
    assert model.topics["label"].str.len().gt(2).all()


def test_wishes(page):
    assert len(toolkit.fit_topics(page, n_topics=7).topics) == 7
    assert toolkit.fit_topics(page, min_size=6).topics["size"].min() >= 6


# ---- saving ----------------------------------------------------------------------------------


def test_round_trip_is_exact(topics, tmp_path):
    edited = topics.rename({1: "My own name"}).drop([3])
    for model in (topics, edited):
        folder = model.save(tmp_path / "topics")
        back = toolkit.load_topics(folder)
        pd.testing.assert_frame_equal(back.papers, model.papers)
        pd.testing.assert_frame_equal(back.topics, model.topics)
        assert back.settings == model.settings
        assert (back.documents, back.titles) == (model.documents, model.titles)
        assert np.array_equal(back.vectors, model.vectors)
        assert back.bertopic.topics_ == model.bertopic.topics_
        assert back.bertopic.get_topics() == model.bertopic.get_topics()
        # Saved over the other: nothing of it is left, and nothing is a pickle.
        assert len(list(folder.iterdir())) == 6
        endings = {path.suffix for path in folder.iterdir()}
        assert endings == {".json", ".parquet"}


def test_vectors_of_ones_own_come_back_to_the_last_bit(page, tmp_path):
    vectors = np.random.default_rng(0).normal(size=(31, 7))
    model = toolkit.fit_topics(page, vectors=vectors, n_topics=3)
    back = toolkit.load_topics(model.save(tmp_path / "mine"))
    assert np.array_equal(back.vectors, model.vectors)
    with pytest.raises(DataError, match=r"vectors of your own.*predict\(papers, vectors="):
        back.predict(page)
    assert len(back.predict(page, vectors=vectors)) == 31


def test_two_topics_of_which_one_is_nearly_all_warn(page):
    vectors = np.eye(2, 9)[[0] * 28 + [1] * 3]
    vectors += np.random.default_rng(0).normal(scale=0.02, size=vectors.shape)
    with pytest.warns(UserWarning, match=r"one of the 2 topics holds 28 of 31 papers.*min_size"):
        toolkit.fit_topics(page, vectors=vectors, n_topics=2)


def test_bertopic_comes_without_its_plots_even_where_plotly_is_loaded():
    """The plots take seconds to import: they come with the first one drawn."""
    code = (
        "import sys, plotly, toolkit\n"
        "toolkit.load_topics, toolkit.TopicModel\n"
        "assert 'bertopic' not in sys.modules\n"
        "import toolkit.topics.bertopic_classes\n"
        "assert 'bertopic.plotting' not in sys.modules\n"
        "assert sys.modules['plotly'] is plotly\n"
        "import bertopic._bertopic as core\n"
        "assert callable(core.plotting.visualize_topics)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def damage_truncate(folder):
    path = next(folder.glob("vectors-*"))
    path.write_bytes(path.read_bytes()[:-9])


def damage_delete(folder):
    next(folder.glob("papers-*")).unlink()


def damage_manifest(folder):
    (folder / "manifest.json").write_text('{"format": "paper-tool')


def edited(**changes):
    """Change entries of the manifest."""

    def damage(folder):
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return damage


def replaced(role, table):
    """Put another table in the place of a file, with its checksum."""

    def damage(folder):
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        entry = manifest["files"][role]
        table.to_parquet(folder / entry["name"])
        content = (folder / entry["name"]).read_bytes()
        entry |= {"sha256": hashlib.sha256(content).hexdigest(), "rows": len(table)}
        path.write_text(json.dumps(manifest))

    return damage


def damage_path(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"papers-', '"../papers-'))


def damage_missing(folder):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["files"]["texts"]
    path.write_text(json.dumps(manifest))


def damage_to_version_1(folder):
    (folder / "manifest.json").rename(folder / "topics.json")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damage_truncate, "vectors-.*damaged or was changed"),
        (damage_delete, "papers-.*cannot be read.*No such file"),
        (damage_manifest, r"manifest\.json.*cannot be read"),
        (edited(version=99), "newer toolkit.*found 99, expected at most 2"),
        (edited(kind="collection"), r"holds a collection, not a topic model.*load_collection\("),
        (edited(settings=7), "settings are missing: found 7, expected clustering, edits, model"),
        (damage_to_version_1, "topic model in version 1.*no longer read.*TopicModel.save"),
        (damage_path, "names a file that the toolkit does not write"),
        (damage_missing, "files are missing.*expected texts"),
        (replaced("topics", pd.DataFrame({"a": [1]})), "other columns than a topic model has"),
        (replaced("vectors", pd.DataFrame({"float32": [0.5] * 31})), "vectors cannot be read"),
        (
            replaced("texts", pd.DataFrame({"document": ["a"], "title": ["b"]})),
            "files do not fit together: found .*'texts': 1",
        ),
    ],
)
def test_damaged_folders(topics, tmp_path, damage, message):
    folder = topics.save(tmp_path / "topics")
    damage(folder)
    with pytest.raises(DataError, match=message):
        toolkit.load_topics(folder)


def test_no_such_folder_and_no_overwriting_of_other_things(topics, tmp_path):
    with pytest.raises(DataError, match=r"no such folder.*TopicModel.save"):
        toolkit.load_topics(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"not a topic model: it holds no manifest.json"):
        toolkit.load_topics(tmp_path)
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DataError, match="not empty and holds nothing that could be replaced"):
        topics.save(tmp_path)
    with pytest.raises(DataError, match="a file, not a folder"):
        topics.save(tmp_path / "thesis.tex")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


# ---- bad input -------------------------------------------------------------------------------


def test_topics_of_one_paper_each_are_told(page):
    with pytest.warns(UserWarning, match="hold one paper each: .* too few for n_topics="):
        toolkit.fit_topics(page.head(12), n_topics=11)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_topics": 32}, "more topics than the papers allow.*at most 31 for 31 papers"),
        ({"n_topics": "five"}, "argument 'n_topics': not a count: found 'five'"),
        ({"n_topics": True}, "argument 'n_topics': not a count: found True"),
        ({"min_size": 2.5}, "argument 'min_size': not a count: found 2.5, expected 1 or more"),
        ({"min_size": 0, "clustering": "hdbscan"}, "argument 'min_size': not a count"),
        ({"seed": "x"}, "argument 'seed': not a count: found 'x', expected 0 or more"),
        ({"seed": -1}, "argument 'seed': not a count"),
        ({"resolution": -1}, "argument 'resolution': not a number above 0: found -1"),
        ({"resolution": float("nan")}, "argument 'resolution': not a number above 0: found nan"),
        ({"clustering": "kmeans"}, "no such clustering.*'graph' or 'hdbscan'"),
        ({"clustering": "hdbscan", "n_topics": 4}, "HDBSCAN cannot be told"),
        ({"vectors": np.ones((30, 4))}, "30 vectors for 31 papers"),
        ({"vectors": np.ones(31)}, "argument 'vectors': not vectors"),
        ({"vectors": [[1, 2]] * 30 + [[3]]}, r"not vectors.*shape \(31,\) and type object"),
        ({"vectors": np.zeros((31, 4))}, "same vector.*found '31 vectors of zeros alone'"),
        ({"vectors": np.full((31, 2), np.inf)}, "row 1.*31 vector.*infinity"),
    ],
)
def test_bad_arguments(page, arguments, message):
    with pytest.raises(DataError, match=message):
        toolkit.fit_topics(page, **arguments)


def test_too_few_papers(page):
    with pytest.raises(DataError, match=r"too few papers.*found 4, expected at least 5"):
        toolkit.fit_topics(page.head(4))


def test_all_texts_equal():
    papers = make_papers(
        [{"id": f"2401.0000{i}", "title": "Owls", "abstract": "Owls by night."} for i in range(8)],
        source="test",
    )
    with pytest.raises(DataError, match="all papers have the same vector"):
        toolkit.fit_topics(papers)


def test_titles_alone_warn(page):
    bare = page.drop(columns=["abstract", "terms", "vector"]).drop_duplicates("title")
    with pytest.warns(UserWarning, match="31 of 31 papers have a title alone"):
        model = toolkit.fit_topics(bare)
    assert len(model.papers) == 31


def test_another_language_warns():
    parts = ["Tiefe Netze", "Graphen", "Sprachmodelle", "Roboter", "Bilder", "Musik", "Proteine"]
    records = [
        {
            "id": f"2401.{i:05d}",
            "title": f"Eine Untersuchung über {part}",
            "abstract": f"Wir zeigen, dass {part} in vielen Fällen besser sind als bisher gedacht, "
            f"und vergleichen {part} mit einfachen Verfahren auf eigenen Daten.",
        }
        for i, part in enumerate(parts)
    ]
    with pytest.warns(UserWarning, match=r"not all papers are in English \(100% de in a sample"):
        toolkit.fit_topics(make_papers(records, source="test"))


def test_the_classic_pipeline_says_what_it_needs(page, monkeypatch):
    monkeypatch.setitem(sys.modules, "hdbscan", None)
    with pytest.raises(MissingExtraError, match=r"pip install umap-learn hdbscan`"):
        toolkit.fit_topics(page, clustering="hdbscan", min_size=2)


def test_without_the_optional_packages(tmp_path):
    """A light environment: all works but the classic pipeline."""
    code = (
        "import sys, warnings\n"
        "heavy = ['umap', 'hdbscan', 'numba', 'llvmlite', 'sentence_transformers']\n"
        "sys.modules.update(dict.fromkeys(heavy))\n"
        "warnings.simplefilter('error')\n"
        "import matplotlib\n"
        "matplotlib.use('agg')\n"
        "import toolkit\n"
        "page = toolkit.load_sample('trending-page')\n"
        "topics = toolkit.fit_topics(page, n_topics=4)\n"
        "again = toolkit.load_topics(topics.save(sys.argv[1]))\n"
        "assert again.predict(page)['topic'].equals(topics.papers['topic'])\n"
        "assert again.bertopic.transform(['a robot arm'])[0][0] in range(4)\n"
        "assert again.merge([0, 1]).bertopic.visualize_topics().data\n"
        "toolkit.check_topics(again, page, refits=2, progress=False)\n"
        "toolkit.plot_topic_map(again)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "model")]
    out = subprocess.run(command, capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr


@pytest.mark.slow
def test_the_classic_pipeline(page):
    """UMAP and HDBSCAN: outliers, and all that follows from them."""
    for name in ("umap", "hdbscan"):
        pytest.importorskip(name, reason="needs the optional group 'classic'")
    model = toolkit.fit_topics(page, clustering="hdbscan", min_size=2)
    assert model.topics["topic"].iloc[0] in (-1, 0)
    assert model.papers["topic"].between(-1, 30).all()
    assert model.papers["confidence"].between(0, 1).all()
    assert model.settings["clustering"] == "hdbscan"
    renamed = model.rename({0: "First"})
    assert renamed.bertopic.topics_ == model.papers["topic"].tolist()


@pytest.mark.slow
def test_prose_free_and_whole_collection_give_equal_topics(shared, raw_hf_papers, tmp_path):
    """The same 600 papers with and without their abstracts."""
    papers = make_papers(raw_hf_papers.head(600), source="test")
    folder = toolkit.save_collection(papers, tmp_path / "folder", prose=False)
    bare = toolkit.load_collection(folder)
    assert bare["abstract"].isna().all()
    one, other = toolkit.fit_topics(papers), toolkit.fit_topics(bare)
    pd.testing.assert_frame_equal(one.topics, other.topics)
    pd.testing.assert_frame_equal(one.papers, other.papers)


def test_layout_is_the_same_each_time(topics):
    assert np.array_equal(lay_out(topics.graph), lay_out(topics.graph))
