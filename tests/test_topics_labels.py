"""Terms and labels: no repeats, phrases, capitals as authors write them. All titles invented."""

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.papers.schema import make_papers
from toolkit.papers.terms import find_terms
from toolkit.text.generic import weight_as_name
from toolkit.topics.distinct import distinct_terms, stem
from toolkit.topics.labels import initials, label_topics, topic_phrases
from toolkit.topics.surface_forms import SurfaceForms
from toolkit.topics.term_scores import TermIndex, rank_terms, topic_languages

TITLES = [
    "KV Cache Pruning for LLMs",
    "Faster KV Cache Lookups with Paging",
    "KV-Cache Offloading: A Study of LLMs",
    "Chain-of-Thought for Small LLMs",
    "Is Chain of Thought Needed?",
    "Chain-of-Thought, Again",
    "Routing in Mixture-of-Experts Models",
    "A Mixture of Experts at Home",
    "MoE Without Tears",
    "LoRA and QLoRA in the Field",
    "ALL CAPITALS TELL NOTHING HERE",
]


@pytest.fixture(scope="module")
def forms() -> SurfaceForms:
    return SurfaceForms(TITLES)


def ranked(*terms: str) -> list[tuple[str, float, int]]:
    """Terms of falling score that ten papers each use."""
    return [(term, 10.0 - i, 10) for i, term in enumerate(terms)]


def in_all(words) -> int:
    """Say that all papers of a topic use any words."""
    return 10


def index_of(*texts: str) -> TermIndex:
    """Index the terms of papers with these titles."""
    table = pd.DataFrame(
        {"paper_id": [f"title:{i}" for i in range(len(texts))], "title": list(texts)},
        dtype="string",
    )
    return TermIndex(find_terms(table).tolist())


def test_no_near_duplicates():
    found = distinct_terms(
        ranked("model", "models", "modeling", "reward_model", "rewards", "graph")
    )
    assert [term for term, *_ in found] == ["reward_model", "graph"]


def test_a_longer_term_takes_the_place_and_score_of_its_parts():
    terms = [("kv", 9.0, 8), ("speed", 8.0, 5), ("cache", 7.0, 9), ("kv_cache", 6.0, 6)]
    assert distinct_terms(terms) == [("kv_cache", 9.0, 6), ("speed", 8.0, 5)]


def test_a_longer_term_of_few_papers_does_not():
    terms = [("sleep", 9.0, 50), ("sleep_apnea", 8.0, 9), ("eeg", 7.0, 20)]
    assert distinct_terms(terms) == [("sleep", 9.0, 50), ("eeg", 7.0, 20)]


def test_a_shorter_term_takes_the_place_of_a_narrow_one_where_it_is_nearly_as_good():
    narrow, wide = ("sleep_apnea", 9.0, 9), ("sleep", 8.0, 50)
    assert distinct_terms([narrow, wide]) == [wide]
    assert distinct_terms([narrow, ("sleep", 3.0, 50)]) == [narrow]
    assert distinct_terms([("sleep_apnea", 9.0, 30), wide]) == [("sleep_apnea", 9.0, 30)]


def test_no_more_than_asked():
    assert len(distinct_terms(ranked(*"abcdefgh"), n=3)) == 3
    assert distinct_terms([]) == []


def test_stems_of_other_languages():
    assert stem("abeilles", "fr") == stem("abeille", "fr")
    assert stem("bibliotheken", "de") == stem("bibliothek", "de")
    assert stem("пчёлы", "ru") == stem("пчёл", "ru")
    terms = [("abeille", 9.0, 9), ("abeilles", 8.0, 9), ("ruche", 7.0, 9)]
    assert [t for t, *_ in distinct_terms(terms, language="fr")] == ["abeille", "ruche"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("model", "models", True),
        ("generation", "generative", True),
        ("robot", "robotic", True),
        ("bias", "biases", True),
        ("learning", "learn", True),
        ("quantized", "quantization", True),
        ("llm", "llms", True),
        ("css", "cs", False),
        ("multilingual", "multimodal", False),
        ("loss", "los", False),
        ("gpt-4", "gpt-3", False),
    ],
)
def test_stems(one, other, same):
    assert (stem(one) == stem(other)) is same


def test_words_as_titles_write_them(forms):
    assert forms.word("kv") == "KV"
    assert forms.word("llms") == "LLMs"
    assert forms.word("lora") == "LoRA"
    assert forms.word("qlora") == "QLoRA"
    assert forms.word("gaussian") == "Gaussian"
    assert forms.word("pruning") == "pruning"
    assert forms.word("capitals") == "capitals"
    assert forms.word("never_seen") == "never_seen"


def test_terms_with_the_joint_that_titles_have(forms):
    assert forms.readable("kv_cache") == "KV cache"
    assert forms.readable("chain_thought") == "chain thought"
    assert SurfaceForms(["Fine-Tuning Mice", "Fine-Tuning Men"]).readable("fine_tuning") == (
        "fine-tuning"
    )


def test_a_word_is_widened_to_the_phrase_its_titles_have(forms):
    everywhere = range(len(TITLES))
    widened = forms.widen(["thought", "mixture", "kv", "llms"], everywhere, in_all)
    assert widened == ["chain of thought", "mixture of experts", "kv cache", "llms"]
    # In one title only, a phrase proves nothing.
    assert forms.widen(["thought"], [3], in_all) == ["thought"]
    # Nor where most papers use the word without it.
    assert forms.widen(["thought"], everywhere, lambda words: 10 if len(words) == 1 else 2) == [
        "thought"
    ]


def test_initials():
    assert initials("mixture of experts") == "moe"
    assert initials("3D Gaussian splatting") == "3dgs"
    assert initials("fine-tuning") == "ft"


def test_labels_are_short_unique_and_say_nothing_twice(forms):
    terms = {
        0: ranked("moe", "mixture", "experts", "routing", "load"),
        1: ranked("kv_cache", "llms", "paging"),
        2: ranked("kv_cache", "llms", "paging"),
        3: [],
    }
    rows = {0: [6, 7, 8], 1: [0, 1, 2], 2: [0, 1, 2], 3: [9]}
    index = index_of(*TITLES)
    phrases = {
        topic: topic_phrases([x[:2] for x in terms[topic]], forms, np.array(rows[topic]), index)
        for topic in terms
    }
    labels = label_topics(phrases, forms, kept={})
    assert labels[0] == "Mixture of experts, routing, load"
    assert labels[1] == "KV cache, LLMs, paging"
    assert labels[2] == "LLMs, KV cache, paging"
    assert labels[3] == "Topic 3"
    assert len({label.casefold() for label in labels.values()}) == 4
    assert all(len(label) <= 46 for label in labels.values())


def test_topics_of_the_same_terms_are_numbered(forms):
    labels = label_topics({0: ranked("wax"), 1: ranked("wax"), 2: ranked("wax")}, forms, kept={})
    assert labels == {0: "Wax", 1: "Wax (2)", 2: "Wax (3)"}


def test_kept_labels_stay_and_are_not_given_again(forms):
    terms = {0: ranked("kv_cache", "llms"), 1: ranked("kv_cache", "llms", "paging", "offloading")}
    labels = label_topics(terms, forms, kept={0: "KV cache, LLMs, paging"})
    assert labels[0] == "KV cache, LLMs, paging"
    assert labels[1] == "LLMs, offloading"


def test_no_two_labels_begin_alike_and_they_share_one_phrase_at_most(forms):
    first = ranked("diffusion_models", "image_pyramids", "style")
    second = [("diffusion_models", 9.0, 10), ("image_pyramids", 8.0, 10), ("noise", 7.0, 10)]
    labels = label_topics({0: first, 1: second}, forms, kept={})
    assert labels == {
        0: "Diffusion models, image pyramids, style",
        1: "Image pyramids, noise",
    }


def test_an_acronym_and_its_expansion_begin_no_two_labels(forms):
    topics = {
        0: [("reinforcement_learning", 9.0, 9), ("rl", 8.0, 9), ("robots", 5.0, 9)],
        1: [("rl", 7.0, 9), ("reinforcement_learning", 6.0, 9), ("games", 5.0, 9)],
    }
    assert label_topics(topics, forms, kept={}) == {
        0: "Reinforcement learning, robots",
        1: "Games, reinforcement learning",
    }


def test_terms_become_the_phrases_of_the_titles_each_once():
    titles = ["Visual Question Answering at Sea"] * 6 + ["Localization and Mapping"] * 6
    forms, index, rows = SurfaceForms(titles), index_of(*titles), np.arange(12)
    terms = [("visual_question", 9.0), ("answering", 8.0), ("mapping", 7.0)]
    found = topic_phrases(terms, forms, rows, index)
    assert found == [("visual_question_answering", 9.0, 6), ("localization_and_mapping", 7.0, 6)]
    titles = ["Efficient Routing", "Efficient Routing, Large Boats", "Large Boats"] * 3
    forms, index, rows = SurfaceForms(titles), index_of(*titles), np.arange(9)
    found = topic_phrases([("routing", 9.0), ("boats", 8.0)], forms, rows, index)
    assert found == [("routing", 9.0, 6), ("large_boats", 8.0, 6)]


def test_a_phrase_over_a_preposition_adds_no_word_that_all_papers_use():
    titles = ["Treatment of Migraine"] * 4 + ["Treatment of Gout", "Treatment of Burns"] * 4
    forms, index = SurfaceForms(titles), index_of(*titles)
    found = topic_phrases([("migraine", 9.0)], forms, np.arange(4), index)
    assert found == [("migraine", 9.0, 4)]
    titles = ["Chain of Thought"] * 4 + ["Trees of Wax", "Boats of Wax"] * 4
    forms, index = SurfaceForms(titles), index_of(*titles)
    found = topic_phrases([("thought", 9.0)], forms, np.arange(4), index)
    assert found == [("chain_of_thought", 9.0, 4)]


def test_a_third_word_that_the_terms_prove():
    """Of the places of b, times(a b) + times(b c) - times(b) lie between a and c."""
    surely = "attack attack_success rate success success_rate"
    apart = "attack attack_success rate success success success_rate"
    index = TermIndex([surely, surely, surely, apart, "wax"])
    inside = np.array([True] * 4 + [False])
    assert index.longer("attack_success", inside, share=0.5) == "attack_success_rate"
    assert index.longer("success_rate", inside, share=0.5) == "attack_success_rate"
    assert index.longer("attack_success", inside, share=0.8) == "attack_success"
    assert index.longer("wax_moth", inside, share=0.5) == "wax_moth"


def test_a_fourth_word_that_the_terms_prove_but_no_unit():
    """All of them write 'total hive wax moth', and 'mm' before it, which names nothing."""
    said = "hive hive_wax mm mm_total moth total total_hive wax wax_moth"
    index = TermIndex([said] * 4 + ["bee"])
    forms, rows = SurfaceForms(["On bees"] * 5), np.arange(4)
    for pair in ("total_hive", "wax_moth"):
        assert topic_phrases([(pair, 9.0)], forms, rows, index)[0][0] == "total_hive_wax_moth"
    inside = np.ones(5, dtype=bool)
    assert index.longer("total_hive", inside, share=0.5, sides="before") == "total_hive"


def test_nouns_lead_in_german():
    titles = ["Der Honig", "Ein Honig", "Die Waben", "Viele Waben", "Im digitalen", "Am digitalen"]
    forms = SurfaceForms(titles, nouns=range(6))
    index = TermIndex(["digitalen honig waben"] * 6)
    ranked = [("digitalen", 9.0), ("honig", 8.0), ("waben", 7.0)]
    found = topic_phrases(ranked, forms, np.arange(6), index, language="de")
    assert [phrase for phrase, _, _ in found] == ["honig", "waben", "digitalen"]
    found = topic_phrases(ranked, forms, np.arange(6), index)
    assert [phrase for phrase, _, _ in found] == ["digitalen", "honig", "waben"]


def test_capitals_of_a_phrase_are_those_within_it():
    forms = SurfaceForms(["St Gall bees", "St Gall honey", "On ST segment depression"])
    assert forms.readable("st_segment_depression") == "ST segment depression"
    assert forms.word("st") == "St"


def test_the_index_counts_by_hand():
    index = TermIndex(["b a a", "", "a c", "c c b"])
    assert index.names.tolist() == ["a", "b", "c"]
    assert index.held.tolist() == [2, 2, 2]
    assert [part.tolist() for part in index.times("a")] == [[0, 2], [2, 1]]
    assert [part.tolist() for part in index.times("d")] == [[], []]
    topics = np.array([0, 0, 1, 1])
    assert index.by_topic(topics, np.array([True, False, True])).tolist() == [[1, 0], [1, 2]]
    assert index.mean_terms(topics).tolist() == [1.0, 2.0]
    assert TermIndex([]).names.tolist() == []
    assert TermIndex(["", ""]).held.tolist() == []


def test_a_term_of_few_papers_names_no_large_topic():
    rare = ["hive zugzwang"] * 2 + ["hive smoke"] * 28
    index = TermIndex([f"{line} {'pad ' * 9}" for line in rare] + ["boat pad"] * 30)
    topics = np.repeat([0, 1], 30)
    found = rank_terms(index, topics, languages={})
    names = [term for term, *_ in found[0]]
    assert names[:2] == ["hive", "smoke"]
    # √p becomes p^0.7: 1^0.7 · ln(1 / (0.5 / 31)) for the hive, which all papers of the topic use.
    assert found[0][0][1] == pytest.approx(np.log(62), abs=1e-9)
    assert found[0][0][2] == 30


def test_papers_with_any_form_of_a_phrase_count_for_it():
    lines = ["bee bee_hive hive"] * 3 + ["bee bee_hives hives"] * 2 + ["bee"] + ["boat"] * 6
    found = rank_terms(TermIndex(lines), np.repeat([0, 1], 6), languages={})
    ranked = {term: (score, papers) for term, score, papers in found[0]}
    assert "bee_hives" not in ranked and ranked["bee_hive"][1] == 5
    # p = 5/6 and q = (5 - 5 + 0.5) / (12 - 6 + 1) instead of 3/6.
    weight = weight_as_name("bee_hive") * 1.25
    wanted = (5 / 6) ** 0.7 * np.log((5 / 6) / (0.5 / 7)) * weight
    assert ranked["bee_hive"][0] == pytest.approx(wanted, abs=1e-9)


def test_generic_words_units_and_publishers_name_no_topic():
    assert weight_as_name("insomnia") == 1
    assert weight_as_name("patients") < 0.6
    assert weight_as_name("evidence") < 0.4
    assert weight_as_name("university_press") < 0.1
    assert weight_as_name("reinforcement_learning") > 0.8
    assert [weight_as_name(term) for term in ("mg", "mg_kg", "elsevier", "rights_reserved")] == [
        0
    ] * 4
    assert weight_as_name("patients", "pt") == weight_as_name("patients")
    assert weight_as_name("zielgruppen", "de") < 0.5
    line = "treatment patients mg mg_hg hg insomnia elsevier "
    index = TermIndex([line + f"w{i % 4}" for i in range(40)] + ["treatment patients boat"] * 60)
    found = rank_terms(index, np.repeat([0, 1], [40, 60]), languages={})
    names = [term for term, *_ in found[0]]
    assert names[0] == "insomnia"
    assert not {"mg", "mg_hg", "elsevier"} & set(names)
    # Better words than these come before them, where there are any.
    assert next(name for name in names if name in ("treatment", "patients", "w0")) == "w0"


def test_a_word_beside_a_unit_belongs_to_it():
    index = TermIndex(["mm_hg hg pressure"] * 9 + ["boat"] * 9)
    found = rank_terms(index, np.repeat([0, 1], 9), languages={})
    assert [term for term, *_ in found[0]] == ["pressure"]


def test_all_papers_in_one_topic_have_terms():
    found = rank_terms(TermIndex(["wax honey", "wax", "wax boat"]), np.zeros(3, int), languages={})
    assert found[0][0][0] == "wax"


def test_languages_of_topics():
    titles = ["Der Tanz der Bienen", "Die Waben und das Wachs"] * 3 + ["The dance of bees"] * 6
    topics = np.repeat([0, 1], 6)
    assert topic_languages(titles, topics) == {0: "de", 1: "en"}
    assert topic_languages([], topics) == {0: "en", 1: "en"}


def test_an_acronym_with_letters_of_its_own_is_said_once(forms):
    topics = {0: [("intraocular_pressure", 9.0, 9), ("iop", 8.0, 9), ("eye", 7.0, 9)]}
    assert label_topics(topics, forms, kept={}) == {0: "Intraocular pressure, eye"}


SUBJECTS = {
    "es": [
        ("La danza de las abejas y el rumbo de las flores en el valle", "danza", "abejas"),
        ("El precio de los alquileres en la ciudad y el mercado de la vivienda", "alquileres",
         "vivienda"),
    ],
    "fr": [
        ("La danse des abeilles et l'orientation vers les fleurs", "danse", "abeilles"),
        ("Le prix des loyers dans la ville et le marché du logement", "loyers", "logement"),
    ],
    "de": [
        ("Der Tanz der Bienen und wie sie sich an der Sonne ausrichten", "Tanz", "Bienen"),
        ("Die Preise der Mieten in der Stadt und der Markt für Wohnungen", "Mieten", "Wohnungen"),
    ],
    "zh": [("蜜蜂的舞蹈与花粉的方向", "蜜蜂", "舞蹈"), ("城市的房租和住房的市场", "房租", "住房")],
}  # fmt: skip


@pytest.mark.parametrize("language", SUBJECTS)
@pytest.mark.filterwarnings("ignore:.*papers")
def test_labels_in_other_languages_hold_no_function_words(language):
    papers = make_papers(
        [
            {"title": f"{title} {i}", "abstract": f"{title}. {title}."}
            for title, *_ in SUBJECTS[language]
            for i in range(12)
        ],
        source="test",
    )
    vectors = np.repeat(np.eye(2), 12, axis=0) + np.random.default_rng(0).normal(0, 0.05, (24, 2))
    topics = toolkit.fit_topics(papers, vectors=vectors, n_topics=2)
    terms = [term.lower().split() for line in topics.topics["terms"] for term in line.split(", ")]
    little = set("la las los el y en der die und im an des les et de 的 与".split())
    assert not little & {word for term in terms for word in (term[0], term[-1])}
    for _, *names in SUBJECTS[language]:
        assert topics.topics["terms"].str.contains(names[0]).any()
        assert topics.topics["terms"].str.contains(names[1]).any()


def test_capitals_beside_numbers_single_letters_and_known_acronyms():
    forms = SurfaceForms(["RGB-D Sensing with Qwen2.5", "Qwen2.5 and RGB-D", "Is a Map a Lie"])
    assert forms.readable("rgb_d") == "RGB-D"
    assert forms.word("qwen2.5") == "Qwen2.5"
    assert forms.word("fid") == "FID"
    assert forms.word("a") == "a"
    assert forms.word("map") == "map"


def test_capitals_of_most_abstracts_where_titles_show_none():
    forms = SurfaceForms(["On oaks"])
    assert forms.readable("medicaid") == "Medicaid"
    assert forms.readable("united_states") == "United States"
    assert forms.readable("york_city") == "New York City"
    assert forms.word("states") == "states" and forms.word("jahrhundert") == "jahrhundert"
    german = SurfaceForms(["Über Eichen"], nouns=[0], languages=["de"])
    assert german.word("jahrhundert") == "Jahrhundert" and german.word("medicaid") == "Medicaid"
    # A word of English in small letters: the titles decide.
    assert german.word("hand") == "hand"


def test_titles_win_over_most_abstracts():
    forms = SurfaceForms(["How grus americana sleeps", "We count grus americana here"] * 2)
    assert forms.readable("grus_americana") == "grus americana"
    assert SurfaceForms(["On LVmi", "LVmi again"]).word("lvmi") == "LVmi"


def test_stop_words_joined_by_hyphens_belong_to_the_phrase():
    forms = SurfaceForms(["Few-Shot Learning of Songs", "On Few-Shot Learning", "A Few Shots"])
    assert forms.widen(["shot_learning"], range(3), in_all) == ["few shot learning"]
    assert forms.readable("few_shot_learning") == "few-shot learning"
    forms = SurfaceForms(["Chain-of-Thought for Fish", "On Chain-of-Thought"])
    assert forms.widen(["thought", "chain"], range(2), in_all) == ["chain of thought"] * 2


def test_half_of_a_compound_gets_its_other_half() -> None:
    titles = ["Low-Resource Languages", "Low-resource speech", "A low-resource study", "Speech"]
    forms = SurfaceForms([*titles, "High-Resource Languages"])
    # Three of four places hang on "low" by a hyphen; "languages" stands by itself, on none.
    assert forms.widen(["resource_languages", "speech"], range(5), in_all) == [
        "low resource languages",
        "speech",
    ]
    assert forms.widen(["resource_languages"], [0, 4], in_all) == ["resource languages"]


def test_names_by_the_titles_that_are_written_as_sentences():
    titles = ["How Helicobacter pylori hides in the stomach", "Of Helicobacter pylori and smoke"]
    forms = SurfaceForms(titles)
    assert forms.readable("helicobacter_pylori") == "Helicobacter pylori"
    assert forms.word("smoke") == "smoke"
    capitals = ["Why Prices Rise in Small Towns", "Wages And Prices", "Do we know about Prices"]
    assert SurfaceForms(capitals).word("prices") == "prices"
    german = ["Der Tanz der Bienen", "Die Bienen im Stock"]
    assert SurfaceForms(german, nouns=[0, 1]).word("bienen") == "Bienen"


def test_an_acronym_that_is_a_word_elsewhere():
    titles = ["The HOT Trial at Sea", "HOT Again", "Hot Flushes in Boats", "Hot Flushes, HOT Trial"]
    forms = SurfaceForms(titles)
    assert forms.word("hot") == "HOT"
    assert forms.readable("hot_flushes") == "hot flushes"


def test_elisions_part_words():
    titles = ["L'économie d'une ville", "Une étude sur l’économie d'un pays"]
    forms = SurfaceForms(titles, held={"économie": 2, "ville": 1, "étude": 1, "pays": 1})
    assert forms.word("économie") == "économie"
    assert forms.widen(["ville"], [0, 1], in_all) == ["ville"]
