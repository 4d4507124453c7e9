from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toolkit import DataError, check_topics, plot_reliability
from toolkit.clustering import LeidenClustering
from toolkit.plots import plot_topic_flow, text_summary
from toolkit.reliability import methods_paragraph
from toolkit.reliability.matching import best_jaccard, match, mean_interval
from toolkit.reliability.refits import Refit
from toolkit.reliability.verdicts import decide_verdict

FIELDS = ["graph", "speech", "protein", "robot", "tabular", "music"]


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def planted(n, k, *, spread, seed, d=48):
    """Vectors around k directions; `spread` is the noise's length beside a signal of length 1."""
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((k, d)))
    truth = random.integers(0, k, n)
    noise = random.standard_normal((n, d)) / np.sqrt(d)
    return unit(centres[truth] + spread * noise), truth


def noise(n, *, seed, d=48):
    return unit(np.random.default_rng(seed).standard_normal((n, d)))


def model_of(vectors, words=None):
    """Fit only the graph and Leiden: what the card needs of a TopicModel."""
    clusters = LeidenClustering().fit(vectors)
    labels = clusters.labels_
    ids = [f"title:{row:016x}" for row in range(len(vectors))]
    words = words if words is not None else labels
    terms = [" ".join([f"w{word}a", f"w{word}b", f"w{word}c"]) for word in words]
    papers = pd.DataFrame({"paper_id": ids, "title": ids, "terms": terms})
    papers = papers.assign(abstract=pd.array([pd.NA] * len(ids), dtype="string"))
    papers["terms"] = papers["terms"].astype("string")
    sizes = pd.Series(labels).value_counts().sort_index()
    table = pd.DataFrame(
        {
            "topic": sizes.index,
            "label": [f"topic {topic}" for topic in sizes.index],
            "size": sizes.to_numpy(),
            "terms": [f"w{topic}a, w{topic}b, w{topic}c" for topic in sizes.index],
        }
    )
    settings = {
        "vectors": "given",
        "clustering": "graph",
        "resolution": clusters.resolution_,
        "seed": 42,
        "collection": "abc",
        "edits": [],
    }
    placed = pd.DataFrame({"paper_id": ids, "topic": labels, "confidence": clusters.probabilities_})
    found = SimpleNamespace(
        papers=placed,
        topics=table,
        settings=settings,
        vectors=vectors,
        titles=papers["title"].tolist(),
        documents=papers["terms"].tolist(),
    )
    return found, papers


def refit(labels, given=None):
    labels = np.array(labels)
    given = np.ones(len(labels), bool) if given is None else np.array(given, bool)
    return Refit(labels, given, seed=0, resolution=1.0)


def test_best_jaccard_by_hand():
    model = np.array([0, 0, 0, 0, 1, 1])
    # Topic 0 against the first group: 3 shared of 4 + 3 - 3; topic 1 against the second: 2 of 3.
    found = best_jaccard(model, refit([0, 0, 0, 1, 1, 1]), np.array([0, 1]))
    assert found.tolist() == [3 / 4, 2 / 3]
    # The last two papers were not given: topic 1 cannot be judged by this refit.
    out = best_jaccard(model, refit([0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0]), np.array([0, 1]))
    assert out[0] == 2 / 4
    assert np.isnan(out[1])


def test_groups_are_named_after_topics_one_to_one():
    model = np.array([0, 0, 0, 1, 1, 1])
    assert match(model, refit([1, 1, 1, 0, 0, 2]), np.array([0, 1])).tolist() == [
        0, 0, 0, 1, 1, -1,
    ]  # fmt: skip
    assert match(model, refit([0, 0, 0, -1, 1, 1]), np.array([0, 1])).tolist() == [
        0, 0, 0, -1, 1, 1,
    ]  # fmt: skip


def test_mean_and_interval_by_hand():
    # Mean of 0.6 and 0.8; standard error 0.1; t with one degree of freedom 12.706: clipped.
    mean, low, high = mean_interval(np.array([[0.6, 0.5], [0.8, 0.5]]))
    assert mean.tolist() == pytest.approx([0.7, 0.5])
    assert (low[0], high[0]) == (0, 1)
    assert (low[1], high[1]) == (0.5, 0.5)


def test_verdicts_give_their_reason():
    row = {"survival": 0.9, "survival_low": 0.85, "outlier_share": 0.1, "coherence": 0.2}
    assert decide_verdict(row, dissolved=0, refits=20)[0] == "solid"
    verdict, reason = decide_verdict({**row, "survival": 0.4}, dissolved=15, refits=20)
    assert verdict == "fragile"
    assert "in 15 of 20 refits less than half" in reason
    middling = {**row, "survival": 0.6, "survival_low": 0.55}
    assert decide_verdict(middling, dissolved=2, refits=20)[0] == "usable"
    verdict, reason = decide_verdict({**middling, "survival_low": 0.4}, dissolved=5, refits=20)
    assert verdict == "fragile"
    assert "interval reaches down to 0.40" in reason
    verdict, reason = decide_verdict(row, dissolved=0, refits=20, level=0.95)
    assert verdict == "usable"
    assert "chance alone reaches 0.95" in reason
    verdict, reason = decide_verdict({**row, "outlier_share": 0.45}, dissolved=0, refits=20)
    assert verdict == "usable"
    assert "45% of its papers are weakly attached" in reason
    assert decide_verdict({**row, "coherence": -0.2}, dissolved=0, refits=20)[0] == "usable"


def test_planted_topics_are_solid():
    vectors, truth = planted(240, 6, spread=0.8, seed=1)
    topics, papers = model_of(vectors)
    card = check_topics(topics, papers, refits=8, progress=False)
    assert len(card) == 6
    assert (card["verdict"] == "solid").all()
    assert card.agreement.min() > 0.9
    assert card.paper_stability["stays"].mean() > 0.95
    assert list(card.refits.columns) == ["paper_id", *[f"refit_{i}" for i in range(8)]]
    assert (card["survival_low"] <= card["survival"]).all()
    assert (card["survival"] <= card["survival_high"]).all()


def test_noise_is_not_solid():
    vectors = noise(240, seed=2)
    topics, papers = model_of(vectors)
    card = check_topics(topics, papers, refits=8, progress=False)
    assert (card["verdict"] != "solid").all()
    assert card.agreement.mean() < 0.6


@pytest.mark.slow
def test_it_tells_the_truth_over_many_draws():
    """At most 5 % of noise topics are called solid, and most planted ones are."""
    solid_noise = noise_topics = solid_planted = planted_topics = 0
    for seed in range(6):
        for n in (60, 120):
            vectors = noise(n, seed=seed)
            topics, papers = model_of(vectors)
            card = check_topics(topics, papers, refits=10, progress=False)
            solid_noise += int((card["verdict"] == "solid").sum())
            noise_topics += len(card)
        vectors, truth = planted(120, 6, spread=0.8, seed=seed)
        topics, papers = model_of(vectors)
        card = check_topics(topics, papers, refits=10, progress=False)
        found = pd.crosstab(truth, topics.papers["topic"].to_numpy())
        jaccard = found / (
            found.sum(axis=1).to_numpy()[:, None] + found.sum(axis=0).to_numpy() - found
        )
        best = jaccard.idxmax(axis=1)
        verdicts = card.set_index("topic")["verdict"]
        solid_planted += int((verdicts.loc[best] == "solid").sum())
        planted_topics += len(best)
    assert solid_noise / noise_topics <= 0.05
    assert solid_planted / planted_topics >= 0.9


def test_same_seed_same_card_whatever_the_row_order():
    vectors, _ = planted(80, 4, spread=1.0, seed=3)
    topics, papers = model_of(vectors)
    first = check_topics(topics, papers, refits=4, progress=False)
    order = np.random.default_rng(0).permutation(len(papers))
    second = check_topics(topics, papers.iloc[order], refits=4, progress=False)
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_interrupt_keeps_what_is_done(monkeypatch):
    import toolkit.reliability.reliability as reliability

    real = reliability.refit_graph

    def stops_after_three(vectors, settings, *, refits, seed):
        for number, fit in enumerate(real(vectors, settings, refits=refits, seed=seed)):
            if number == 3:
                raise KeyboardInterrupt
            yield fit

    monkeypatch.setattr(reliability, "refit_graph", stops_after_three)
    vectors, _ = planted(60, 3, spread=0.8, seed=4)
    topics, papers = model_of(vectors)
    with pytest.warns(UserWarning, match="rests on 3 of 10 refits"):
        card = check_topics(topics, papers, refits=10, progress=False)
    assert len(card.agreement) == 3


def test_bad_input():
    vectors, _ = planted(60, 3, spread=0.8, seed=4)
    topics, papers = model_of(vectors)
    for refits in (1, 2.5, "ten", True):
        with pytest.raises(DataError, match=r"argument 'refits': not a count.*expected 2 or more"):
            check_topics(topics, papers, refits=refits)
    with pytest.raises(DataError, match="argument 'topics': not a topic model: found 'DataFrame'"):
        check_topics(papers, topics)
    with pytest.raises(
        DataError, match=r"10 of 60 papers are not in the papers given.*other papers"
    ):
        check_topics(topics, papers.iloc[:50])


def test_methods_paragraph_tells_numbers_of_the_model():
    vectors, _ = planted(60, 3, spread=0.8, seed=4)
    topics, papers = model_of(vectors)
    card = check_topics(topics, papers, refits=3, progress=False)
    text = methods_paragraph(topics, card=card)
    assert "60 papers" in text
    assert f"{len(topics.topics)} topics" in text
    assert "3 refits" in text
    assert f"{(card['verdict'] == 'solid').sum()} topics were solid" in text
    assert "seed 42" in text


def test_plots_and_their_summaries():
    vectors, _ = planted(60, 3, spread=0.8, seed=4)
    topics, papers = model_of(vectors)
    card = check_topics(topics, papers, refits=3, progress=False)
    ax = plot_reliability(card)
    assert f"Survival of {len(card)} topics" in text_summary(ax)
    from toolkit import compare_topics

    ax = plot_topic_flow(compare_topics(topics, topics))
    assert f"{len(card)} kept" in text_summary(ax)
    with pytest.raises(DataError, match="not a table of check_topics"):
        plot_reliability(papers)
