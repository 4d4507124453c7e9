"""What stands in for prose: terms counted by hand, and rows that travelled found by paper id."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.claims import code_claims, find_links
from toolkit.embedding.embedding import embed, to_stored
from toolkit.errors import DataError
from toolkit.papers.features import stored_table, stored_vectors
from toolkit.papers.schema import make_papers
from toolkit.papers.terms import SHARED_BY, find_terms
from toolkit.storage import load_collection, save_collection
from toolkit.text.stopwords import STOP_WORDS


def table(*texts: tuple[str, str | None], stored: dict[int, str] | None = None) -> pd.DataFrame:
    """Papers as they stand, not cleaned: a title and an abstract each."""
    papers = pd.DataFrame(
        {
            "paper_id": [f"title:{i}" for i in range(len(texts))],
            "title": [title for title, _ in texts],
            "abstract": [abstract for _, abstract in texts],
            "terms": [(stored or {}).get(i) for i in range(len(texts))],
        }
    )
    return papers.astype("string")


def of(title: str, abstract: str | None = None) -> str:
    return find_terms(table((title, abstract))).iloc[0]


# --- one paper, by hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Stop words: function words, and what every abstract says.
        ("The pruning of graphs", "graphs pruning"),
        ("We propose a novel method that outperforms previous work on bees", "bees"),
        ("A state-of-the-art hive, the state of the art", "hive"),
        # Sorted, and repeated as often as they occur.
        ("Wax, honey, wax: bees make WAX", "bees honey wax wax wax"),
        # Addresses are out, whole.
        ("Hive https://example.org/honey-bees/wax?x=clay, www.wax.org/a.", "hive"),
        ("Hive at wax.io/honey, dance.github.io; ada@clay.org, @wax", "hive wax"),
        # Hyphens part words, unless a number hangs on them.
        ("Fine-tuning GPT-4 on COVID-19", "covid-19 fine gpt-4 tuning"),
        ("K-means, image-to-text, few-shot, non-convex", "convex image means shot text"),
        ("in-between, self-same", ""),
        # Numbers and amounts tell no subject; names with digits do.
        ("7 bees, 7B, 10x, 128k, 2nd, 1990s, 1,000, 3.5, 16GB, 50%", "bees"),
        ("R2D2 3D Llama3.1 H2O", "3d h2o llama3.1 r2d2"),
        # Letters alone are no words, halves of terms tell nothing alone.
        ("x y multi agent large problem", "agent"),
        # Slashes, possessives, other punctuation, other spellings of one letter.
        ("and/or, honey/wax", "honey wax"),
        ("Bee's hive, the bees’ dance, the model’s", "bee bees dance hive model"),
        ("ﬁne ＢＥＥＳ ÜBER", "bees fine über"),
        ("— … 42 !", ""),
    ],
)
def test_terms_by_hand(text, found):
    assert of("The", text) == found
    assert of(text) == found
    assert of(text, "Of the.") == found


def test_stop_words_are_lower_case_words():
    assert all(word == word.lower().strip() and len(word) > 0 for word in STOP_WORDS)
    assert {"the", "propose", "outperforms"} <= STOP_WORDS
    assert not {"code", "model", "graph", "learning", "data"} & STOP_WORDS


# --- two-word terms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("honey bees", "honey_bees"),
        ("Honey-bees", "honey_bees"),
        ("honey/bees", "honey_bees"),
        ("multi-agent", "multi_agent"),
        ("large language", "large_language"),
        ("k-means", "k_means"),
        ("in-context", "in_context"),
        ("GPT-4 bees", "gpt-4_bees"),
    ],
)
def test_two_words_stay_together_where_five_papers_share_them(text, term):
    for n, there in ((4, False), (5, True), (6, True)):
        found = find_terms(table(*[("Clay", f"The {text}.")] * n))
        assert [term in line.split() for line in found] == [there] * n


@pytest.mark.parametrize(
    "text",
    [
        "honey, bees",
        "honey. Bees",
        "honey (bees)",
        "honey and bees",
        "honey 7 bees",
        "honey https://example.org/ bees",
        "bees honey",
    ],
)
def test_what_parts_two_words(text):
    found = find_terms(table(*[("Clay", text)] * 6))
    assert "honey_bees" not in found.iloc[0].split()
    assert {"honey", "bees"} <= set(found.iloc[0].split())


def test_no_term_over_the_end_of_a_title():
    assert find_terms(table(*[("Honey", "bees")] * 6)).tolist() == ["bees honey"] * 6


def test_papers_share_a_term_not_mentions():
    """One paper that says it thrice is one paper; where it counts, it counts thrice."""
    thrice = ("Clay", "honey bees, honey bees, honey bees")
    once = ("Clay", "honey bees")
    assert not find_terms(table(thrice, once, once, once)).str.contains("_").any()
    five = find_terms(table(thrice, once, once, once, once))
    assert Counter(five.iloc[0].split()) == {"clay": 1, "honey": 3, "bees": 3, "honey_bees": 3}
    assert five.iloc[1] == "bees clay honey honey_bees"


def test_stored_terms_stay_and_count_towards_sharing():
    four = [("Clay", "honey bees")] * 4
    kept = "bees honey honey_bees wax_moth"
    found = find_terms(table(*four, ("Wax moth", None), stored={4: kept}))
    assert found.tolist() == ["bees clay honey honey_bees"] * 4 + [kept]
    # A stored line that lies beside an abstract is out of date: the abstract is what counts.
    assert find_terms(table(("Clay", "wax"), stored={0: "old"})).tolist() == ["clay wax"]


# --- any collection ------------------------------------------------------------------------------

WORDS = ("honey", "bees", "wax", "clay", "the", ",")
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=14)


def counted_slowly(abstracts: list[list[str]]) -> list[list[str]]:
    """Count as the docstring says, one word after another."""
    content = {"honey", "bees", "wax", "clay"}
    pairs = [[f"{a}_{b}" for a, b in pairwise(words) if {a, b} <= content] for words in abstracts]
    sharing = Counter(pair for line in pairs for pair in set(line))
    return [
        sorted([w for w in words if w in content] + [p for p in line if sharing[p] >= 5])
        for words, line in zip(abstracts, pairs)
    ]


@given(texts)
def test_any_collection_as_counted_slowly(abstracts):
    found = find_terms(table(*[("The", " ".join(words)) for words in abstracts]))
    assert [line.split() for line in found] == counted_slowly(abstracts)


@given(texts, st.randoms(use_true_random=False))
def test_the_order_of_papers_and_of_sentences_is_lost(abstracts, chance):
    def say(sentences):
        return ". ".join(" ".join(words) for words in sentences)

    before = [[words, ["wax", "moth"], ["honey"]] for words in abstracts]
    after = [chance.sample(sentences, k=3) for sentences in before]
    first = find_terms(table(*[("The", say(s)) for s in before]))
    assert find_terms(table(*[("The", say(s)) for s in after])).tolist() == first.tolist()
    order = chance.sample(range(len(after)), k=len(after))
    shuffled = find_terms(table(*[("The", say(before[i])) for i in order]))
    assert shuffled.tolist() == first.iloc[order].tolist()


@given(texts)
def test_no_rare_pair_and_no_sentence_goes_out(abstracts):
    found = find_terms(table(*[("Clay", " ".join(words)) for words in abstracts])).str.split()
    shared = Counter(term for line in found for term in set(line) if "_" in term)
    assert all(count >= SHARED_BY for count in shared.values())
    assert all(line == sorted(line) for line in found)
    assert all(term.count("_") <= 1 for line in found for term in line)


# --- the table -----------------------------------------------------------------------------------


def test_index_and_type_and_the_argument_stay():
    papers = table(("Honey", "bees"), ("Wax", None)).set_index(pd.Index([7, 3]))
    before = papers.copy()
    found = find_terms(papers)
    assert found.index.tolist() == [7, 3]
    assert found.dtype == "string"
    assert found.tolist() == ["bees honey", "wax"]
    pd.testing.assert_frame_equal(papers, before)
    assert find_terms(papers[["paper_id", "title"]]).tolist() == ["honey", "wax"]


def test_no_papers_and_no_table():
    empty = find_terms(make_papers([], source="test"))
    assert empty.tolist() == []
    assert empty.dtype == "string"
    with pytest.raises(DataError, match="not a papers table"):
        find_terms(["Honey"])


# --- what travelled ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full() -> pd.DataFrame:
    """Twelve papers with prose; every second links code, one of them twice."""
    link = " Our code is at https://github.com/hive/tool{}."
    return make_papers(
        [
            {
                "arxiv_id": f"2401.{i:05d}",
                "title": f"Note {i} on {'bees' if i % 3 else 'clay'}",
                "abstract": f"Honey bees build number {i} of wax."
                + (link.format(i) if i % 2 == 0 else "")
                + (" Data: https://huggingface.co/datasets/hive/wax." if i == 4 else ""),
            }
            for i in range(12)
        ],
        source="test",
    )


@pytest.fixture(scope="module")
def bare(full, tmp_path_factory) -> pd.DataFrame:
    return load_collection(save_collection(full, tmp_path_factory.mktemp("c") / "c", prose=False))


@pytest.mark.parametrize("rows", [[*range(12)], [11, 0, 4], [5], [7, 2, 9, 1]])
def test_vectors_follow_the_papers(full, bare, rows):
    mask, vectors = stored_vectors(bare.iloc[rows], "static")
    assert mask.tolist() == [True] * len(rows)
    assert vectors.dtype == np.float16
    assert np.array_equal(vectors, to_stored(embed(full))[rows])
    assert np.array_equal(embed(bare.iloc[rows]), embed(full)[rows])


def test_vectors_are_found_by_id_not_by_row(full, bare):
    again = bare.iloc[[3, 1, 2]].copy()
    again["paper_id"] = again["paper_id"].where(again["paper_id"] != "arxiv:2401.00001", "title:x")
    mask, vectors = stored_vectors(again, "static")
    assert mask.tolist() == [True, False, True]
    assert np.array_equal(vectors, to_stored(embed(full))[[3, 2]])
    strangers = again.assign(paper_id=pd.array(["title:a", "title:b", "title:c"], dtype="string"))
    mask, vectors = stored_vectors(strangers, "static")
    assert not mask.any()
    assert vectors.shape == (0, embed(full).shape[1])


def test_what_has_prose_again_is_not_looked_up(full, bare):
    mixed = bare.copy()
    mixed.loc[mixed.index[:11], "abstract"] = full["abstract"].iloc[:11].to_numpy()
    mask, vectors = stored_vectors(mixed, "static")
    assert np.flatnonzero(mask).tolist() == [11]
    assert vectors.shape[0] == 1
    assert stored_table(mixed, "claims")["paper_id"].tolist() == ["arxiv:2401.00011"]
    assert stored_table(mixed, "links").empty
    mixed["abstract"] = full["abstract"].to_numpy()
    assert stored_vectors(mixed, "static") is None
    assert stored_table(mixed, "claims") is None


def test_tables_follow_the_papers(full, bare):
    some = bare.iloc[[8, 4, 3, 0]]
    links = stored_table(some, "links")
    assert links["paper_id"].str[-2:].tolist() == ["08", "04", "04", "00"]
    assert links.index.tolist() == [0, 1, 2, 3]
    kept = find_links(full).set_index("paper_id")["url"]
    assert links["url"].tolist() == [
        *kept.loc[["arxiv:2401.00008"]], *kept.loc[["arxiv:2401.00004"]],
        *kept.loc[["arxiv:2401.00000"]],
    ]  # fmt: skip
    claims = stored_table(some, "claims")
    assert claims["paper_id"].tolist() == some["paper_id"].tolist()
    assert claims["code"].tolist() == code_claims(full)["code"].iloc[[8, 4, 3, 0]].tolist()
    assert claims["evidence"].isna().all()


def test_without_the_path_there_is_nothing_to_look_up(bare):
    lost = bare.copy()
    lost.attrs = {}
    assert stored_vectors(lost, "static") is None
    assert stored_table(lost, "links") is None
    # Terms are a column: they stay, and are what is embedded then.
    assert find_terms(lost).tolist() == bare["terms"].tolist()
    assert embed(lost).shape == embed(bare).shape
    assert not np.array_equal(embed(lost), embed(bare))


def test_arguments_are_not_changed(bare):
    before = bare.copy()
    find_terms(bare), stored_vectors(bare, "static"), stored_table(bare, "links")
    pd.testing.assert_frame_equal(bare, before)
    assert bare.attrs == before.attrs


def test_glyphs_that_a_pdf_lost_are_no_words():
    papers = make_papers(
        [{"title": "Bees", "abstract": "A ro(cid:28)bust hive(cid:3)."}], source="x"
    )
    assert find_terms(papers).iloc[0] == "bees hive robust"
