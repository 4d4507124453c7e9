"""Topics guided by seeds: what the data bear, what they do not, and bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.topics import replay
from toolkit.topics.guided import guide, guide_again
from toolkit.topics.seeds import check_seeds, find_seed_papers, suggest_terms

#: Large themes with words of their own, and one rare theme inside the first.
THEMES = {
    "medicine": "patients hospital surgery blood therapy clinical doctors nurses disease treatment",
    "ecology": "forest species birds habitat wetlands insects conservation soil plants climate",
    "computing": "neural networks training software code compiler language models graphs search",
    "economics": "markets prices inflation trade banks wages taxes firms labour growth",
}
RARE = "insomnia sleep melatonin circadian apnea bedtime"
FILLER = (
    "amber quartz velvet copper lantern ribbon pebble marble thimble saddle basket candle "
    "feather hammer kettle ladder mirror needle"
)


def collection(rare: int = 8) -> pd.DataFrame:
    random = np.random.default_rng(3)
    rows = []
    for theme, words in THEMES.items():
        for number in range(100):
            own, filler = random.permutation(words.split()), random.permutation(FILLER.split())
            rows.append((f"{own[0]} and {own[1]}, {theme} {number}", [*own[:7], *filler[:4]]))
    for number in range(rare):
        own, medical = (
            random.permutation(RARE.split()),
            random.permutation(THEMES["medicine"].split()),
        )
        rows.append((f"{own[0]} in {medical[0]}, case {number}", [*own[:4], *medical[:4]]))
    for number in range(3):  # in passing
        own = random.permutation(THEMES["computing"].split())
        rows.append((f"States of {own[0]} and {own[1]}, {number}", ["sleep", *own, *own[::2]]))
    for _, words in rows[:2]:
        words.append("obelisk")
    table = pd.DataFrame([{"title": t, "abstract": f"We look at {', '.join(a)}."} for t, a in rows])
    return toolkit.papers.make_papers(table, source="test")


@pytest.fixture(scope="module")
def papers():
    return collection()


@pytest.fixture(scope="module")
def plain(papers):
    return toolkit.fit_topics(papers)


@pytest.fixture(scope="module")
def guided(papers):
    return toolkit.fit_topics(papers, seeds={"Sleep": ["insomnia", "sleep"]})


def members(topics, label):
    (topic,) = topics.topics.loc[topics.topics["label"] == label, "topic"]
    return set(topics.papers.index[topics.papers["topic"] == topic])


RARE_ROWS = set(range(400, 408))


def test_a_rare_theme_comes_out_and_passing_mentions_do_not(papers, plain, guided):
    parts = [set(rows) for rows in plain.papers.groupby("topic").groups.values()]
    assert RARE_ROWS not in parts, "without the seed it is part of a larger topic"
    found = members(guided, "Sleep")
    assert len(found & RARE_ROWS) >= 7 and not found & set(range(408, 411))
    (seed,) = guided.settings["guided"]
    assert seed["why_not"] == "" and seed["unknown"] == [] and seed["with_terms"] >= 10
    assert seed["size"] == len(found) == guided.topics.set_index("label").loc["Sleep", "size"]
    assert seed["of_them_with_terms"] <= min(seed["size"], seed["with_terms"])
    assert sorted(guided.papers["topic"].unique()) == guided.topics["topic"].tolist()
    sizes = guided.topics["size"].tolist()
    assert sizes == sorted(sizes, reverse=True) and sum(sizes) == len(papers)
    assert guided.papers["confidence"].between(0, 1).all()
    assert list(guided.bertopic.topics_) == guided.papers["topic"].tolist()


def test_saving_replaying_and_predicting(papers, guided, tmp_path):
    guided.save(tmp_path / "topics")
    again = toolkit.load_topics(tmp_path / "topics")
    assert again.settings == guided.settings and again.papers.equals(guided.papers)
    replayed = replay(papers, settings=guided.settings)
    assert replayed.papers.equals(guided.papers) and replayed.topics.equals(guided.topics)
    new = toolkit.papers.make_papers(
        pd.DataFrame(
            {"title": ["Insomnia and melatonin"], "abstract": ["Sleep apnea, circadian."]}
        ),
        source="test",
    )
    (topic,) = guided.predict(new)["topic"]
    assert guided.topics.set_index("topic").loc[topic, "label"] == "Sleep"


def test_the_number_of_topics_is_kept(papers):
    for n_topics in (3, 6):
        topics = toolkit.fit_topics(
            papers, n_topics=n_topics, seeds={"Sleep": ["sleep", "insomnia"]}
        )
        assert len(topics.topics) == n_topics
        assert len(members(topics, "Sleep") & RARE_ROWS) >= 7
    both = {"Sleep": ["sleep"], "Forests": ["forest", "birds"]}
    assert set(toolkit.fit_topics(papers, n_topics=2, seeds=both).topics["label"]) == set(both)
    with pytest.raises(toolkit.DataError, match=r"more seeds than topics.*n_topics=1"):
        toolkit.fit_topics(papers, n_topics=1, seeds=both)


def test_a_seed_that_is_a_topic_already_names_it(papers):
    topics = toolkit.fit_topics(papers, n_topics=4, seeds={"Money": ["inflation", "wages", "bank"]})
    assert members(topics, "Money") == set(range(300, 400))


def test_without_prose_and_with_vectors(papers, guided, tmp_path):
    toolkit.save_collection(papers, tmp_path / "facts", prose=False)
    facts = toolkit.load_collection(tmp_path / "facts")
    bare = toolkit.fit_topics(facts, seeds={"Sleep": ["insomnia", "sleep"]})
    assert members(bare, "Sleep") == members(guided, "Sleep")
    given = toolkit.fit_topics(
        papers, vectors=toolkit.embed(papers), seeds={"Sleep": ["insomnia", "sleep"]}
    )
    assert len(members(given, "Sleep") & RARE_ROWS) >= 7


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (["zeppelin", "quark"], "no paper uses its terms"),
        (["the", "of"], "no paper uses its terms"),
        (["quartz", "velvet", "pebble", "ladder", "amber"], "more than half of all"),
        (["lantern", "needle"], r"lie too far apart \(0\.\d\d\)"),
        (["obelisk"], r"papers? uses? its terms, fewer than the \d of the smallest topic"),
    ],
)
def test_seeds_that_the_data_do_not_bear(papers, plain, terms, why):
    with pytest.warns(UserWarning, match=rf"1 of 1 seeds got no topic: 'Absurd' \(.*{why}"):
        topics = guide(plain, {"Absurd": terms}, vectors=toolkit.embed(papers))
    assert topics.papers.equals(plain.papers) and topics.topics.equals(plain.topics)
    (seed,) = topics.settings["guided"]
    assert seed["size"] == 0 and seed["why_not"]


def test_one_theme_under_two_labels(papers, plain):
    seeds = {"Sleep": ["sleep", "insomnia"], "Night": ["insomnia", "sleep"]}
    with pytest.warns(UserWarning, match="'Night' .its papers are nearer to 'Sleep'"):
        topics = guide(plain, seeds, vectors=toolkit.embed(papers))
    assert len(members(topics, "Sleep") & RARE_ROWS) >= 7


def test_the_order_of_the_rows_decides_nothing(papers):
    order = np.random.default_rng(1).permutation(len(papers))
    seeds = {"Sleep": ["sleep", "insomnia"], "Forests": ["forest", "birds"]}
    one = toolkit.fit_topics(papers, seeds=seeds)
    other = toolkit.fit_topics(papers.iloc[order].reset_index(drop=True), seeds=seeds)
    by_id = one.papers.set_index("paper_id")["topic"]
    moved_by_id = other.papers.set_index("paper_id")["topic"].reindex(by_id.index)
    assert (by_id == moved_by_id).all() and one.topics.equals(other.topics)
    assert one.settings["guided"] == other.settings["guided"]


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        (["sleep"], "not terms by label"),
        ({"Sleep": []}, "seed 'Sleep' has no terms"),
        ({"Sleep": "insomnia"}, "seed 'Sleep': not a list of terms"),
        ({"Sleep": 3}, "seed 'Sleep': not a list of terms"),
        ({"Sleep": [3]}, "not a term of seed 'Sleep'"),
        ({"Sleep": ["insomnia", " "]}, "not a term of seed 'Sleep'"),
        ({"Sleep": ["..."]}, "not a term of seed 'Sleep'"),
        ({3: ["sleep"]}, "not a label"),
        ({"": ["sleep"]}, "not a label"),
        ({"Sleep": ["sleep"], " sleep": ["insomnia"]}, "a label that is taken"),
        ({"outliers": ["sleep"]}, "a label that is taken"),
    ],
)
def test_bad_seeds(papers, seeds, words):
    with pytest.raises(toolkit.DataError, match=words):
        toolkit.fit_topics(papers, seeds=seeds)


def found(terms, documents, titles=None):
    seeds = check_seeds({"x": terms})
    return find_seed_papers(seeds, documents, titles or [""] * len(documents))[0].rows.tolist()


def test_terms_are_stems_of_whole_words():
    documents = ["sleep", "sleeping", "asleep", "sleepless_night", "bees"]
    assert found(["sleep"], documents) == [True, True, False, False, False]
    assert found(["SLEEP  "], ["sleeps"]) == [True]
    assert found(["LLMs"], ["llm", "llama"]) == [True, False]


def test_phrases_stand_side_by_side_where_they_do_anywhere():
    documents = ["apnea sleep sleep_apnea", "apnea sleep", "apnea sleep"]
    titles = ["", "Apnea without sleep", "On sleep-apneas"]
    assert found(["sleep apnea"], documents, titles) == [True, False, True]
    assert found(["sleep apnea"], documents[1:2]) == [True]
    assert found(["chain of thought"], ["chain thought", "chain"]) == [True, False]


def test_unknown_terms_are_told():
    seeds = check_seeds({"x": ["bees", "zeppelin", "the", "bees"]})
    (seed,) = find_seed_papers(seeds, ["bees"], ["Bees"])
    assert seed.unknown == ["zeppelin", "the"] and seed.terms == ["bees", "zeppelin", "the"]


def test_no_seeds_guide_nothing(papers, plain):
    assert toolkit.fit_topics(papers, seeds={}).papers.equals(plain.papers)


def test_a_misspelt_term_is_told_with_the_word_meant(papers):
    seeds = {"Sleep": ["insomnia", "slepe", "zeppelin"]}
    with pytest.warns(UserWarning, match=r"'slepe' \(did you mean 'sleep'\?\), 'zeppelin'"):
        toolkit.fit_topics(papers, seeds=seeds)


def test_accents_may_be_left_out_in_the_search_for_the_word_meant():
    assert suggest_terms(["Muller"], ["müller bees"]) == {"Muller": "müller"}
    assert suggest_terms([], ["bees"]) == {}


def test_the_methods_paragraph_tells_of_seeds(guided):
    text = toolkit.methods_paragraph(guided)
    assert "guided by 1 seed (Sleep: insomnia, sleep), of which 1 got a topic" in text


def test_refits_are_guided_too(papers, plain, guided):
    card = toolkit.check_topics(guided, papers, refits=4, progress=False).set_index("label")
    assert card.loc["Sleep", "survival"] > 0.7
    rows = np.zeros(len(papers), dtype=bool)
    rows[:300] = True
    groups = plain.papers["topic"].to_numpy()
    assert (guide_again(plain)(groups, rows) == groups).all()
    again = guide_again(guided)(groups, ~rows)
    assert len({*again[400:408]} & {*again[300:400]}) == 0
