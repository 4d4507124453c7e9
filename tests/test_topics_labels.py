"""Terms and labels: no repeats, phrases, capitals as authors write them. All titles invented."""

import pytest

from toolkit.topics.labels import (
    distinct_terms,
    informative_terms,
    initials,
    label_topics,
    stem,
    topic_phrases,
)
from toolkit.topics.surface_forms import SurfaceForms

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


def ranked(*terms: str) -> list[tuple[str, float]]:
    return [(term, 10.0 - i) for i, term in enumerate(terms)]


def test_no_near_duplicates():
    found = distinct_terms(
        ranked("model", "models", "modeling", "reward_model", "rewards", "graph")
    )
    assert [term for term, _ in found] == ["reward_model", "graph"]


def test_a_longer_term_takes_the_place_and_score_of_its_parts():
    found = distinct_terms([("kv", 9.0), ("speed", 8.0), ("cache", 7.0), ("kv_cache", 6.0)])
    assert found == [("kv_cache", 9.0), ("speed", 8.0)]


def test_no_more_than_asked_and_no_empty_ones():
    assert len(distinct_terms(ranked(*"abcdefgh"), n=3)) == 3
    assert distinct_terms([("", 1.0)]) == []


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
    widened = forms.widen(["thought", "mixture", "kv", "llms"], range(len(TITLES)))
    assert widened == ["chain of thought", "mixture of experts", "kv cache", "llms"]
    # In one title only, a phrase proves nothing.
    assert forms.widen(["thought"], [3]) == ["thought"]


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
    phrases = {topic: topic_phrases(terms[topic], forms, rows[topic]) for topic in terms}
    labels = label_topics(phrases, forms, kept={})
    assert labels[0] == "Mixture of experts, routing, load"
    assert labels[1] == "KV cache, LLMs, paging"
    assert labels[2] == "KV cache, LLMs, paging (2)"
    assert labels[3] == "Topic 3"
    assert len({label.casefold() for label in labels.values()}) == 4
    assert all(len(label) <= 46 for label in labels.values())


def test_kept_labels_stay_and_are_not_given_again(forms):
    terms = {0: ranked("kv_cache", "llms"), 1: ranked("kv_cache", "llms", "paging", "offloading")}
    labels = label_topics(terms, forms, kept={0: "KV cache, LLMs, paging"})
    assert labels[0] == "KV cache, LLMs, paging"
    assert labels[1] == "KV cache, offloading"


def test_two_labels_share_one_phrase_at_most(forms):
    first = ranked("image_pyramids", "diffusion_models", "style")
    second = ranked("diffusion_models", "image_pyramids", "latent_space", "noise")
    labels = label_topics({0: first, 1: second}, forms, kept={})
    assert labels == {
        0: "Image pyramids, diffusion models, style",
        1: "Diffusion models, latent space, noise",
    }


def test_words_that_tell_nothing_are_left_out_while_others_are_there():
    found = informative_terms(ranked("simple", "protein", "real_world", "fold", "drug"))
    assert [term for term, _ in found] == ["protein", "fold", "drug"]
    assert informative_terms(ranked("simple", "setting")) == ranked("simple", "setting")


def test_terms_become_the_phrases_of_the_titles_each_once():
    titles = ["Visual Question Answering at Sea"] * 3 + ["Localization and Mapping"] * 3
    forms = SurfaceForms(titles)
    found = topic_phrases(ranked("visual_question", "answering", "mapping"), forms, range(6))
    assert found == [("visual_question_answering", 10.0), ("localization_and_mapping", 8.0)]
    forms = SurfaceForms(["Efficient Routing", "Efficient Routing, Large Boats", "Large Boats"])
    found = topic_phrases(ranked("routing", "boats"), forms, range(3))
    assert found == [("routing", 10.0), ("large_boats", 9.0)]


def test_capitals_beside_numbers_single_letters_and_known_acronyms():
    forms = SurfaceForms(["RGB-D Sensing with Qwen2.5", "Qwen2.5 and RGB-D", "Is a Map a Lie"])
    assert forms.readable("rgb_d") == "RGB-D"
    assert forms.word("qwen2.5") == "Qwen2.5"
    assert forms.word("fid") == "FID"
    assert forms.word("a") == "a"
    assert forms.word("map") == "map"


def test_stop_words_joined_by_hyphens_belong_to_the_phrase():
    forms = SurfaceForms(["Few-Shot Learning of Songs", "On Few-Shot Learning", "A Few Shots"])
    assert forms.widen(["shot_learning"], range(3)) == ["few shot learning"]
    assert forms.readable("few_shot_learning") == "few-shot learning"
    forms = SurfaceForms(["Chain-of-Thought for Fish", "On Chain-of-Thought"])
    assert forms.widen(["thought", "chain"], range(2)) == ["chain of thought"] * 2


def test_half_of_a_compound_gets_its_other_half() -> None:
    titles = ["Low-Resource Languages", "Low-resource speech", "A low-resource study", "Speech"]
    forms = SurfaceForms([*titles, "High-Resource Languages"])
    # Three of four places hang on "low" by a hyphen; "languages" stands by itself, on none.
    assert forms.widen(["resource_languages", "speech"], range(5)) == [
        "low resource languages",
        "speech",
    ]
    assert forms.widen(["resource_languages"], [0, 4]) == ["resource languages"]
