"""Neighbour graph, Leiden, resolution: hand-computed values, planted topics, bad input."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from toolkit.clustering import LeidenClustering
from toolkit.clustering.communities import by_size, confidence, leiden, merge_tiny, reduce_to
from toolkit.clustering.graph import neighbour_graph, subgraph
from toolkit.clustering.neighbours import (
    default_neighbours,
    grid_cosines,
    largest,
    nearest_others,
    on_grid,
    unit_vectors,
    vote,
)
from toolkit.clustering.resolution import choose_partition, typical_number
from toolkit.clustering.ward import join_topics
from toolkit.errors import DataError


def planted(k: int, n: int, *, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """n vectors around k directions, in sizes that differ."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(k, 50))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    truth = random.choice(k, n, p=random.dirichlet(np.full(k, 8)))
    vectors = centres[truth] + noise * random.normal(size=(n, 50)) / np.sqrt(50)
    return vectors.astype(np.float32), truth


@pytest.fixture(scope="module")
def twelve() -> tuple[np.ndarray, np.ndarray]:
    return planted(12, 900, noise=0.9)


def test_neighbours_and_jaccard_weights_by_hand():
    """Six directions in the plane; each paper's two nearest are its neighbours."""
    angles = np.radians([0, 10, 21, 100, 110, 121])
    graph = neighbour_graph(np.column_stack([np.cos(angles), np.sin(angles)]), n_neighbors=2)
    assert graph.indices.tolist() == [[1, 2], [0, 2], [1, 0], [4, 5], [3, 5], [4, 3]]
    assert graph.similarity[0, 0] == pytest.approx(np.cos(np.radians(10)), abs=3e-4)
    assert graph.edges.tolist() == [[0, 1], [0, 2], [1, 2], [3, 4], [3, 5], [4, 5]]
    # Neighbourhoods of 0, 1 and 2, nearer ones with more weight: {0: 1, 1: 1, 2: ½},
    # {0: 1, 1: 1, 2: ½} and {0: ½, 1: 1, 2: 1}; minima over maxima: 2.5 / 2.5, then 2 / 3.
    assert graph.weights == pytest.approx([1, 2 / 3, 2 / 3] * 2)


def test_jaccard_weight_of_partly_shared_neighbourhoods():
    """0's list is {1}, 1's {0}, 2's {1}: 0–1 share {0, 1} of {0, 1}; 1–2 share {1} of {0, 1, 2}."""
    angles = np.radians([0, 10, 25, 90, 91])
    graph = neighbour_graph(np.column_stack([np.cos(angles), np.sin(angles)]), n_neighbors=1)
    weights = dict(zip(map(tuple, graph.edges.tolist()), graph.weights))
    assert weights[0, 1] == pytest.approx(2 / 2)
    assert weights[1, 2] == pytest.approx(1 / 3)


def test_confidence_is_the_share_of_weight_inside_by_hand():
    angles = np.radians([0, 10, 25, 90, 91])
    graph = neighbour_graph(np.column_stack([np.cos(angles), np.sin(angles)]), n_neighbors=1)
    # Paper 1 is tied to 0 by 1 and to 2 by 1/3; 2 stands in another topic with its only tie.
    found = confidence(graph, np.array([0, 0, 1, 2, 2]))
    assert found == pytest.approx([1, 1 / (1 + 1 / 3), 0, 1, 1])


def test_exact_neighbours_are_the_true_ones(twelve):
    """The shortcut by a bound finds what sorting everything finds."""
    vectors, _ = planted(6, 1500, noise=1.2, seed=3)
    graph = neighbour_graph(vectors)
    unit = graph.vectors
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -2)
    truth = -np.sort(-cosine, axis=1)[:, : graph.indices.shape[1]]
    assert graph.similarity == pytest.approx(truth, abs=4e-4)


def test_neighbours_within_groups_are_nearly_all_true():
    vectors, _ = planted(8, 2500, noise=1.0, seed=4)
    exact = neighbour_graph(vectors)
    near = neighbour_graph(vectors, exact_up_to=100)
    same = [len(set(a) & set(b)) / len(a) for a, b in zip(exact.indices, near.indices)]
    assert np.mean(same) > 0.95
    assert (near.indices != np.arange(len(vectors))[:, None]).all()


def test_neighbours_within_groups_exist_where_most_papers_are_equal():
    vectors = np.zeros((3000, 4), dtype=np.float32)
    vectors[:500] = np.random.default_rng(0).normal(size=(500, 4))
    indices, similarity = nearest_others(unit_vectors(vectors), 90, exact_up_to=100)
    assert (indices != np.arange(3000)[:, None]).all()
    assert all(len(set(row)) == 90 for row in indices.tolist())
    assert (np.diff(similarity, axis=1) <= 0).all()


def test_planted_topics_are_found_without_being_told_how_many(twelve):
    vectors, truth = twelve
    found = LeidenClustering().fit(vectors)
    assert found.labels_.max() + 1 == 12
    assert adjusted_rand_score(truth, found.labels_) > 0.95
    sizes = np.bincount(found.labels_)
    assert (np.diff(sizes) <= 0).all()
    assert (found.labels_ >= 0).all()


def test_same_seed_in_another_process_other_seed_nearly():
    # Noise without topics: were anything left to chance, it would show here.
    vectors = np.random.default_rng(5).normal(size=(300, 20))
    here = LeidenClustering(random_state=7, resolution=1.0).fit(vectors).labels_
    code = (
        "import numpy as np\n"
        "from toolkit.clustering import LeidenClustering\n"
        "v = np.random.default_rng(5).normal(size=(300, 20))\n"
        "print(LeidenClustering(random_state=7, resolution=1.0).fit(v).labels_.tolist())"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == str(here.tolist())
    vectors, _ = planted(10, 400, noise=1.3, seed=5)
    found = [
        LeidenClustering(random_state=seed, resolution=1.0).fit(vectors).labels_ for seed in (7, 8)
    ]
    assert adjusted_rand_score(*found) > 0.6


@pytest.mark.parametrize("n_topics", [1, 2, 7, 12, 30, 200])
def test_exactly_as_many_topics_as_asked(twelve, n_topics):
    labels = LeidenClustering(n_clusters=n_topics).fit(twelve[0]).labels_
    assert len(np.unique(labels)) == n_topics


def test_a_handful_of_odd_papers_is_no_theme_in_four():
    """Four groups of a hundred and five papers far off: 40 / 4 papers are too few for a theme."""
    random = np.random.default_rng(0)
    centres = np.eye(5, 30)[[0] * 100 + [1] * 100 + [2] * 100 + [3] * 100 + [4] * 5]
    graph = neighbour_graph(centres + 0.12 * random.normal(size=centres.shape))
    found, _ = choose_partition(graph, n_topics=4)
    assert np.bincount(found).tolist() in ([105, 100, 100, 100], [101, 101, 101, 102])
    assert np.bincount(choose_partition(graph, n_topics=5, min_size=1)[0])[-1] == 5


def test_n_topics_even_where_papers_are_equal():
    vectors = np.repeat(np.eye(3), 4, axis=0)
    labels = LeidenClustering(n_clusters=5).fit(vectors).labels_
    assert len(np.bincount(labels)) == 5


def test_subjects_that_nothing_ties_together_stay_apart():
    """Sixty groups of equal papers are more topics than are readable, and still the truth."""
    vectors = np.repeat(np.eye(60), 6, axis=0)
    labels = LeidenClustering(min_cluster_size=2).fit(vectors).labels_
    truth = np.repeat(np.arange(60), 6)
    assert adjusted_rand_score(truth, labels) == 1.0


def test_two_searches_in_one_collection_are_no_two_topics():
    """Two crowds far apart, as of two reviews; each has more than one topic's worth of papers."""
    vectors, crowd = planted(2, 400, noise=0.6)
    labels, _ = choose_partition(neighbour_graph(vectors))
    assert labels.max() + 1 == typical_number(len(vectors)) > 2
    assert all(len(set(crowd[labels == one])) == 1 for one in set(labels.tolist()))


def test_min_size_holds(twelve):
    labels = LeidenClustering(min_cluster_size=60).fit(twelve[0]).labels_
    assert np.bincount(labels).min() >= 60


def test_tiny_topics_join_the_one_they_are_tied_to():
    angles = np.radians([0, 1, 2, 3, 20, 90, 91, 92, 93])
    graph = neighbour_graph(np.column_stack([np.cos(angles), np.sin(angles)]), n_neighbors=3)
    labels = merge_tiny(graph, np.array([0, 0, 0, 0, 2, 1, 1, 1, 1]), min_size=2)
    assert labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert reduce_to(graph, labels, n_topics=1).tolist() == [0] * 9


def test_a_paper_without_known_words_has_no_confidence():
    vectors = np.repeat(np.eye(4), 4, axis=0)
    vectors[5] = 0
    found = LeidenClustering().fit(vectors)
    assert found.probabilities_[5] == 0
    assert found.labels_[5] >= 0


def test_vote_by_hand():
    """Cosines 0.8, 0.6 (topic 1) and 0 (topic 0): topic 1 gets all; predict says so too."""
    known = np.eye(3, dtype=np.float32)
    labels, share = vote(known, np.array([1, 1, 0]), np.array([[0.8, 0.6, 0.0]]))
    assert labels.tolist() == [1]
    assert share == pytest.approx([1.0])
    labels, share = vote(known, np.array([1, 0, 0]), np.array([[0.8, 0.6, 0.0]]))
    assert labels.tolist() == [1]
    assert share == pytest.approx([0.8 / 1.4])


@given(st.integers(1, 6), st.integers(1, 300), st.integers(1, 12), st.integers(0, 9999), st.data())
def test_largest_is_a_plain_stable_sort(rows, columns, levels, seed, data):
    """Few levels make many ties: the lower column wins, whichever block it is in."""
    k = data.draw(st.integers(1, columns))
    values = np.random.default_rng(seed).integers(-levels, levels + 1, (rows, columns))
    values = (values / 3).astype(np.float32)
    plain = np.argsort(-values, axis=1, kind="stable")[:, :k]
    near, best = largest(values, k)
    assert near.tolist() == plain.tolist()
    assert best.tolist() == np.take_along_axis(values, plain, axis=1).tolist()


@settings(deadline=None)
@given(st.integers(6, 400), st.integers(1, 5), st.integers(0, 9999))
def test_vote_is_the_plain_vote(n, topics, seed):
    """Against a loop over papers that sorts everything; equal papers make ties."""
    random = np.random.default_rng(seed)
    known = unit_vectors(random.integers(-1, 2, (n, 4)))
    labels = random.integers(-1, topics, n)
    new = unit_vectors(random.integers(-1, 2, (5, 4)))
    k = min(default_neighbours(n), n)
    found, share = vote(known, labels, new)
    for row, cosine in enumerate(grid_cosines(on_grid(new), on_grid(known))):
        near = sorted(range(n), key=lambda i: (-cosine[i], i))[:k]
        votes = dict.fromkeys(sorted(set(labels.tolist())), 0.0)
        for i in near:
            votes[int(labels[i])] += max(float(cosine[i]), 0.0)
        best = max(votes.values())
        assert votes[int(found[row])] == pytest.approx(best, abs=1e-6)
        assert share[row] == pytest.approx(best / sum(votes.values()) if best else 0, abs=1e-5)


def test_of_equally_near_papers_the_first_vote():
    known = np.repeat(np.eye(2, dtype=np.float32), 6, axis=0)
    labels = np.array([3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    topic, share = vote(known, labels, np.array([[1.0, 0.0]]), n_neighbors=3)
    assert topic.tolist() == [3]
    assert share == pytest.approx([2 / 3])


def test_part_of_a_graph_is_the_graph_of_the_part():
    """Of exact lists long enough, the nearest among those given are the part's own nearest."""
    vectors, _ = planted(6, 200, noise=1.0, seed=8)
    given_ = np.random.default_rng(0).random(200) < 0.8
    part = subgraph(neighbour_graph(vectors, n_neighbors=199), given_, n_neighbors=7)
    alone = neighbour_graph(vectors[given_], n_neighbors=7)
    assert part.indices.tolist() == alone.indices.tolist()
    assert part.edges.tolist() == alone.edges.tolist()
    assert part.weights == pytest.approx(alone.weights)


def test_predict_gives_papers_their_own_topic(twelve):
    found = LeidenClustering().fit(twelve[0])
    assert (found.predict(twelve[0]) == found.labels_).mean() > 0.97


@given(st.lists(st.integers(-3, 9), min_size=1, max_size=40))
def test_by_size_renames_and_nothing_else(labels):
    found = by_size(np.array(labels))
    assert adjusted_rand_score(labels, found) == 1.0
    sizes = np.bincount(found)
    assert (np.diff(sizes) <= 0).all()
    assert len(sizes) == len(set(labels))


@settings(max_examples=10, deadline=None)
@given(st.integers(6, 80), st.integers(0, 10**6))
def test_the_order_of_the_samples_changes_nothing(n, seed):
    random = np.random.default_rng(seed)
    vectors, order = random.normal(size=(n, 8)), random.permutation(n)
    one, other = (LeidenClustering().fit(rows) for rows in (vectors, vectors[order]))
    assert one.labels_[order].tolist() == other.labels_.tolist()
    assert one.graph_.indices[order].tolist() == order[other.graph_.indices].tolist()


def test_cosines_on_the_grid_are_exact():
    """Whole numbers whose sums stay below 2^24: float32 gives what Python's integers give."""
    unit = unit_vectors(np.random.default_rng(0).normal(size=(40, 400)))
    grid = on_grid(unit)
    exact = [[sum(int(x) * int(y) for x, y in zip(a, b)) for b in grid] for a in grid]
    assert (grid @ grid.T).tolist() == exact
    assert np.abs(grid_cosines(grid, grid) - unit @ unit.T).max() < 4e-4


@pytest.mark.parametrize("n", [400, 1200])
def test_a_number_asked_for_gives_balanced_topics(n):
    """Noise without subjects: at four, none holds half (808 of 1,200 once)."""
    vectors = np.random.default_rng(3).normal(size=(n, 30))
    assert np.bincount(LeidenClustering(n_clusters=4).fit_predict(vectors)).max() < 0.45 * n


def test_wards_joins_by_hand():
    """Groups of 2, 1 and 1 on a line at 0, 1 and 3: 2·1/3·1 is less than 1·1/2·4."""
    joins = join_topics(np.array([[0.0], [0], [1], [3]]), np.array([0, 0, 1, 2]))
    assert joins.pairs.tolist() == [[0, 1], [0, 2]]
    # The second: 3 papers with mean 1/3 and one at 3: 3·1/4·(8/3)².
    assert joins.losses == pytest.approx([2 / 3, 16 / 3])
    assert joins.labels(np.array([0, 0, 1, 2]), 2).tolist() == [0, 0, 0, 1]


@settings(max_examples=8, deadline=None)
@given(st.integers(5, 60), st.integers(0, 10**6))
def test_any_collection_of_five_papers_up_has_topics(n, seed):
    vectors = np.random.default_rng(seed).normal(size=(n, 8))
    labels, _ = choose_partition(neighbour_graph(vectors), seed=seed % 7)
    assert len(labels) == n
    assert 1 <= labels.max() + 1 <= max(typical_number(n), n // 2)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.ones((4, 3)), "too few papers.*found 4, expected at least 5"),
        (np.ones((9, 3)), "all papers have the same vector"),
        (np.ones(9), r"not vectors.*shape \(9,\)"),
        (np.ones((9, 0)), r"not vectors.*shape \(9, 0\)"),
        (np.full((9, 3), np.nan), "row 1.*9 vector.*NaN.*found nan"),
        (np.array([["a"] * 3] * 9), "not vectors"),
    ],
)
def test_bad_vectors(vectors, message):
    with pytest.raises(DataError, match=message):
        neighbour_graph(vectors)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"n_topics": 13}, "more topics than the papers allow.*at most 12 for 12 papers"),
        ({"n_topics": 4, "min_size": 4}, "more topics than the papers allow.*at most 3"),
        ({"n_topics": 0}, "n_topics.*not a count.*found 0"),
        ({"min_size": 2.5}, "min_size.*not a count"),
        ({"min_size": 20}, "min_size is larger than the collection"),
    ],
)
def test_impossible_wishes(wish, message):
    graph = neighbour_graph(np.repeat(np.eye(3), 4, axis=0))
    with pytest.raises(DataError, match=message):
        choose_partition(graph, **wish)


def test_new_vectors_of_another_model():
    found = LeidenClustering().fit(np.repeat(np.eye(3), 4, axis=0))
    with pytest.raises(DataError, match="vectors of another model: found '2 columns', expected 3"):
        vote(found.graph_.vectors, found.labels_, np.ones((1, 2)))
    with pytest.raises(ValueError, match="X has 2 features, but LeidenClustering is expecting 3"):
        found.predict(np.ones((1, 2)))


@parametrize_with_checks([LeidenClustering(), LeidenClustering(n_clusters=3)])
def test_the_estimator_keeps_scikit_learns_conventions(estimator, check):
    check(estimator)


def test_random_states_other_than_whole_numbers():
    """None and a RandomState are drawn from; an int is Leiden's own seed."""
    vectors = np.random.default_rng(5).normal(size=(60, 8))
    drawn = np.random.RandomState(3).randint(2**31)
    found = [
        LeidenClustering(resolution=1.0, random_state=state).fit_predict(vectors).tolist()
        for state in (np.random.RandomState(3), drawn, np.int64(drawn))
    ]
    assert found[0] == found[1] == found[2]
    assert len(LeidenClustering(resolution=1.0, random_state=None).fit_predict(vectors)) == 60


def test_leiden_leaves_igraphs_generator_as_it_was():
    import random

    graph = neighbour_graph(planted(4, 60, noise=0.5)[0])
    random.seed(3)
    before = random.getstate()
    leiden(graph, resolution=1.0, seed=0)
    assert random.getstate() == before
