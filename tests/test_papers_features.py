"""Features that stand in for abstracts: terms counted by hand, and columns that pandas carries."""

from __future__ import annotations

import json
import pickle
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.claims import code_claims, find_links
from toolkit.deduplication import deduplicate
from toolkit.embedding import embed, with_vectors
from toolkit.embedding.static import fingerprint
from toolkit.embedding.vectors import from_stored, to_stored
from toolkit.errors import DataError
from toolkit.formats import load
from toolkit.papers import describe_papers
from toolkit.papers.coercion import STATUSES
from toolkit.papers.features import abstracts_hint, decode_vectors, encode_vectors
from toolkit.papers.schema import make_papers
from toolkit.papers.terms import SHARED_BY, _numbers, _plain, _read_chunk, find_terms
from toolkit.storage import load_collection, save_collection, with_features
from toolkit.storage.folder import write_folder
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La danza de las abejas en la colmena y el rumbo de las flores, que se ven desde el panal",
         "abejas colmena danza flores panal rumbo ven"),
        ("La danse des abeilles dans la ruche et l'orientation vers les fleurs qu'elles butinent",
         "abeilles butinent danse fleurs orientation ruche"),
        ("Der Tanz der Bienen im Stock und wie sie sich an der Sonne ausrichten",
         "ausrichten bienen sonne stock tanz"),
        ("A dança das abelhas na colmeia e a direção das flores que são vistas pelo enxame",
         "abelhas colmeia dança direção enxame flores vistas"),
        ("De dans van de bijen in de korf en hoe zij zich naar de zon richten",
         "bijen dans korf richten zon"),
        # German function words stay content in English, and the other way round.
        ("Bees die in the winter war", "bees die war winter"),
        ("ミツバチのダンスと太陽の方向を観察する", "ダンス ミツバチ 太陽 方向 観察"),
    ],
)  # fmt: skip
def test_words_of_other_languages(text, found):
    assert sorted(of(text).split()) == sorted(found.split())


def test_chinese_words_are_what_the_collection_repeats():
    texts = ["蜜蜂的舞蹈", "蜜蜂和花粉", "观察蜜蜂", "舞蹈与花粉", "花粉和舞蹈"]
    found = find_terms(table(*[(text, None) for text in texts]))
    assert found.iloc[0] == "舞蹈 蜜蜂"
    assert found.iloc[1] == "花粉 蜜蜂"
    assert find_terms(table(("舞蹈", None))).tolist() == ["舞蹈"]


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


def test_glyphs_that_a_pdf_lost_are_no_words():
    papers = make_papers(
        [{"title": "Bees", "abstract": "A ro(cid:28)bust hive(cid:3)."}], source="x"
    )
    assert find_terms(papers).iloc[0] == "bees hive robust"


# --- features are columns ------------------------------------------------------------------------

FEATURES = ["terms", "vector", "vector_model", "links", "code", "artifact"]


@pytest.fixture(scope="module")
def full() -> pd.DataFrame:
    """Twelve papers with abstracts; every second links code, one of them data as well."""
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


def said(papers: pd.DataFrame) -> list[object]:
    """All that is made from papers, without the sentences that only abstracts hold."""
    return [
        find_links(papers).drop(columns="evidence").to_dict("records"),
        code_claims(papers)[["paper_id", "code", "artifact", "basis"]].to_dict("records"),
        embed(papers).tolist(),
        find_terms(papers).tolist(),
    ]


def test_features_say_what_the_abstracts_say(full, bare):
    assert bare["abstract"].isna().all()
    assert bare[FEATURES].notna().all(axis=None)
    assert said(bare) == said(full)
    assert len(find_links(bare)) == 7
    assert code_claims(bare)["code"].eq("linked").sum() == 6
    assert find_links(bare)["evidence"].isna().all()


def test_types_of_the_columns(bare):
    types = {name: str(bare[name].dtype) for name in FEATURES}
    assert types == {
        "terms": "string", "vector": "binary[pyarrow]", "vector_model": "string",
        "links": "string", "code": "category", "artifact": "category",
    }  # fmt: skip
    assert bare["vector_model"].eq(f"static:{fingerprint()}").all()
    assert bare["vector"].map(len).eq(2 * embed(bare).shape[1]).all()
    assert json.loads(bare["links"].iloc[0]) == [
        {
            "url": "https://github.com/hive/tool0",
            "kind": "code",
            "own": True,
            "tense": "present",
            "where": "abstract",
        }
    ]
    assert bare["links"].iloc[1] == "[]"
    assert list(bare["code"].cat.categories) == list(STATUSES)


@pytest.fixture(scope="module")
def made(full, bare, tmp_path_factory) -> dict[str, pd.DataFrame]:
    """What pandas makes of a papers table, by name."""
    place = tmp_path_factory.mktemp("files")
    bare.to_parquet(place / "a.parquet")
    bare.to_feather(place / "a.feather")
    topics = pd.DataFrame({"paper_id": bare["paper_id"], "topic": range(12)})
    titles_only = make_papers([{"title": "A stranger"}], source="test")
    return {
        "merge": bare.merge(topics),
        "merge right": topics.merge(bare, how="right", on="paper_id"),
        "concat": pd.concat([bare.head(5), bare.tail(7)]),
        "concat with others": pd.concat([titles_only, bare]).iloc[1:],
        "join": bare.set_index("paper_id").join(topics.set_index("paper_id")).reset_index(),
        "filter": bare[bare["title"].str.contains("Note")],
        "query": bare.query("code == 'linked' or code == 'none'"),
        "sort": bare.sort_values("title").sort_index(),
        "sort by feature": bare.sort_values(["code", "vector"]).sort_index(),
        "assign": bare.assign(mine=1),
        "copy": bare.copy(),
        "reset_index": bare.reset_index(drop=True),
        "reindex": bare.reindex(bare.index),
        "pickle": pickle.loads(pickle.dumps(bare)),
        "parquet": pd.read_parquet(place / "a.parquet"),
        "feather": pd.read_feather(place / "a.feather"),
        "loaded parquet": load(place / "a.parquet"),
        "groupby": pd.concat(
            [part for _, part in bare.groupby("code", observed=True)]
        ).sort_index(),
        "groupby first": bare.groupby("paper_id", as_index=False).first(),
        "drop_duplicates": pd.concat([bare, bare]).drop_duplicates(),
        "where": bare.where(bare.notna()),
        "astype object": bare.astype(object),
        "deduplicate": deduplicate(pd.concat([bare, bare]))[0],
    }


KINDS = [
    "merge", "merge right", "concat", "concat with others", "join", "filter", "query", "sort",
    "sort by feature", "assign", "copy", "reset_index", "reindex", "pickle", "parquet", "feather",
    "loaded parquet", "groupby", "groupby first", "drop_duplicates", "where", "astype object",
    "deduplicate",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_pandas_carries_features(full, made, kind):
    assert said(made[kind]) == said(full)


def test_every_way_is_tried(made):
    assert list(made) == KINDS


@pytest.mark.parametrize("kind", ["pickle", "parquet", "feather", "copy", "loaded parquet"])
def test_files_and_copies_are_equal_to_the_table(bare, made, kind):
    pd.testing.assert_frame_equal(made[kind], bare)
    assert made[kind].equals(bare)


def test_tables_with_features_can_be_described(bare):
    assert bare.nunique()["vector"] == 12
    assert bare.describe(include="all").loc["count", FEATURES].eq(12).all()
    assert bare["vector"].value_counts().eq(1).all()
    report = describe_papers(bare).set_index("column")
    assert report.loc["vector", "example"] == "512 bytes"
    assert report.loc[FEATURES, "present"].eq(12).all()


def test_a_notebook_does_not_show_what_is_hard_to_read(bare):
    """Jupyter shows the first ten and last ten columns: vectors and links are between them."""
    with pd.option_context("display.max_columns", 20):
        shown = bare.head()._repr_html_()
    assert {"paper_id", "title", "terms", "published", "code", "artifact"} <= set(
        re.findall(r"<th>(\w+)</th>", shown)
    )
    assert "<th>vector" not in shown and "<th>links" not in shown
    assert "\\x" not in shown and "[{" not in shown
    assert max(map(len, bare.head().to_string(max_colwidth=50).splitlines())) < 700


@given(st.lists(st.integers(0, 11), min_size=1, max_size=12, unique=True), st.integers(1, 11))
def test_any_rows_in_any_order_keep_their_features(full, bare, rows, cut):
    """Rows are chosen, parted, put together and merged: each answer stays with its paper."""
    some = bare.iloc[rows]
    some = pd.concat([some.iloc[:cut], some.iloc[cut:]], ignore_index=True)
    some = some.merge(pd.DataFrame({"paper_id": full["paper_id"], "mark": range(12)}), how="left")
    assert some["mark"].tolist() == rows
    assert np.array_equal(embed(some), embed(full)[rows])
    assert code_claims(some)["code"].tolist() == code_claims(full)["code"].iloc[rows].tolist()
    links = find_links(full).groupby("paper_id")["url"].agg(list)
    expected = [url for paper in some["paper_id"] for url in links.get(paper, [])]
    assert find_links(some)["url"].tolist() == expected


@given(
    st.lists(
        st.lists(st.floats(-1, 1, width=16), min_size=4, max_size=4).filter(any),
        min_size=1,
        max_size=6,
    )
)
def test_vectors_there_and_back(rows):
    vectors = np.array(rows, dtype=np.float16)
    column = pd.Series(encode_vectors(vectors))
    assert str(column.dtype) == "binary[pyarrow]"
    assert column.iloc[0] == vectors[0].astype("<f2").tobytes()
    papers = pd.DataFrame({"vector": column})
    assert np.array_equal(decode_vectors(papers, rows=np.arange(len(rows))), vectors)


def test_a_csv_table_brings_links_and_statuses_back(full, bare, tmp_path):
    """Vectors are no text: the terms are embedded instead, as for any paper without vector."""
    again = load(toolkit.export(bare, tmp_path / "bare.csv"))
    assert said(again)[:2] + said(again)[3:] == said(full)[:2] + said(full)[3:]
    assert "vector" not in again
    assert again["code_url"].isna().all() and again["url"].isna().all()


def test_columns_called_code_and_links_elsewhere_are_addresses(tmp_path):
    header = "title,code,links,vector\n"
    (tmp_path / "a.csv").write_text(header + "Bees,https://github.com/a/b,https://a.org,3\n")
    papers = load(tmp_path / "a.csv")
    assert papers[["code_url", "url"]].values.tolist() == [
        ["https://github.com/a/b", "https://a.org"]
    ]
    assert not {"code", "links", "vector"} & set(papers)


def test_a_column_of_features_in_a_file_is_checked(bare, tmp_path):
    path = toolkit.export(broken(bare, "code", "perhaps"), tmp_path / "a.csv")
    message = r"a.csv, line 6: not a known value \(in 'code': 'perhaps', expected linked, claimed"
    with pytest.raises(DataError, match=message):
        load(path, on_bad="raise")


# --- the cases ---------------------------------------------------------------------------


def test_the_sample_keeps_its_links_through_a_merge(tmp_path):
    papers = toolkit.load_sample("hf-papers")
    merged = papers.merge(pd.DataFrame({"paper_id": papers["paper_id"], "topic": 7}))
    again = load_collection(save_collection(merged, tmp_path / "merged"))
    pd.testing.assert_frame_equal(again, merged)
    for table in (papers, again):
        assert len(find_links(table)) == 1946
        assert code_claims(table)["code"].value_counts()["linked"] == 1182


@pytest.mark.parametrize(
    "name", [pytest.param("hf-papers", marks=pytest.mark.slow), "trending-page"]
)
def test_a_merged_sample_gives_the_same_topics(name):
    papers = toolkit.load_sample(name)
    topics = toolkit.fit_topics(papers)
    again = toolkit.fit_topics(papers.merge(topics.papers[["paper_id", "topic"]]))
    pd.testing.assert_frame_equal(again.papers, topics.papers)
    pd.testing.assert_frame_equal(again.topics, topics.topics)


def test_folders_loaded_together_keep_the_rate(full, bare, tmp_path):
    one = save_collection(bare.head(6), tmp_path / "one")
    two = save_collection(bare.iloc[4:], tmp_path / "two")
    expected = toolkit.availability(full)[["n", "linked", "share"]].values.tolist()
    with pytest.warns(UserWarning, match=r"2 record\(s\) repeat an earlier one"):
        together = load([one, two])
    assert said(together) == said(full)
    both, merges = deduplicate(pd.concat([load(one), load(two)]))
    assert len(merges) == 2
    assert said(both) == said(full)
    for table in (together, both):
        rates = toolkit.availability(table)
        assert rates[["n", "linked", "share"]].values.tolist() == expected


def test_what_is_saved_after_a_merge_keeps_all(full, bare, tmp_path):
    merged = bare.merge(pd.DataFrame({"paper_id": bare["paper_id"], "topic": range(12)}))
    for prose in (True, False):
        again = load_collection(save_collection(merged, tmp_path / str(prose), prose=prose))
        assert said(again) == said(full)
        assert again["topic"].tolist() == list(range(12))


def test_nothing_travels_in_attrs():
    """pandas drops attrs in concat and merge: what belongs to a row stands in the row."""
    for path in Path(toolkit.__file__).parent.rglob("*.py"):
        assert ".attrs" not in path.read_text(encoding="utf-8"), path


# --- an abstract wins, then the feature, then NA -------------------------------------------------


def test_an_abstract_wins_over_the_features(bare):
    papers = bare.copy()
    papers.loc[1, "abstract"] = "We will release our code. Ants dig."
    papers.loc[0, "abstract"] = "Ants dig."
    assert code_claims(papers)["code"].tolist()[:3] == ["none", "promised", "linked"]
    assert "arxiv:2401.00000" not in find_links(papers)["paper_id"].tolist()
    assert find_terms(papers)[0] == "ants clay dig note"
    fresh = papers[["paper_id", "title", "abstract"]].iloc[:2]
    assert np.array_equal(embed(papers)[:2], embed(fresh))
    assert np.array_equal(embed(papers)[2:], embed(bare)[2:])


def test_rows_with_neither_are_na_and_counted(full, bare):
    strangers = make_papers(
        [
            {"title": "Wasps"},
            {"title": "Moths", "comments": "Code: https://github.com/moths/moths"},
            {"title": "Ants", "code_url": "https://github.com/ants/ants"},
            {"title": "Flies", "project_url": "https://flies.github.io"},
        ],
        source="test",
    )
    papers = pd.concat([strangers, bare], ignore_index=True)
    unread = "{} of 16 papers have neither an abstract nor features made from one"
    with pytest.warns(UserWarning, match=unread.format(1)) as caught:
        links = find_links(papers)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert links["paper_id"].nunique() == 3 + 6
    with pytest.warns(UserWarning, match=unread.format(2)) as caught:
        claims = code_claims(papers)
    assert len(caught) == 1
    # A page of the project is no code: whether there is code nobody knows.
    assert claims["code"].tolist()[:4] == [pd.NA, "linked", "linked", pd.NA]
    assert claims["artifact"].tolist()[:4] == [pd.NA, "linked", "linked", "linked"]
    assert claims.iloc[4:, :3].to_numpy().tolist() == code_claims(full).iloc[:, :3].values.tolist()
    with pytest.warns(UserWarning, match="the code of 2 of 16 papers is not known"):
        row = toolkit.availability(papers).iloc[0]
    assert (row["n"], row["linked"]) == (14, 8)
    # A title is a text: it is embedded, and its words are its terms.
    assert np.array_equal(embed(papers)[:4], embed(strangers))
    assert find_terms(papers)[0] == "wasps"


def test_features_are_read_each_for_itself(bare):
    """Without `code`, links still count; without `links`, the status does."""
    with pytest.warns(UserWarning, match="6 of 12 papers have neither"):
        claims = code_claims(bare.drop(columns=["code", "artifact"]))
    assert claims["code"].tolist() == ["linked", pd.NA] * 6
    alone = bare.drop(columns="links")
    assert code_claims(alone)["code"].tolist() == ["linked", "none"] * 6
    with pytest.warns(UserWarning, match="12 of 12 papers have neither"):
        assert find_links(alone).empty
    assert not np.array_equal(embed(bare.drop(columns="vector")), embed(bare))


def test_vectors_of_another_version_are_refused_by_name(full, bare, monkeypatch):
    titles = embed(bare.drop(columns=["vector", "vector_model"]))
    other = bare.assign(vector_model="static:000000000000")
    message = (
        r"12 of 12 papers have vectors of static:000000000000, not of static:"
        rf"{fingerprint()}: they are not used, and titles and terms are embedded instead\. "
        r"For full quality, embed the abstracts\. "
        r"toolkit\.fetch_abstracts brings those of papers with an arXiv id$"
    )
    with pytest.warns(UserWarning, match=message) as caught:
        assert np.array_equal(embed(other), titles)
    assert len(caught) == 1 and caught[0].filename == __file__
    mixed = bare.assign(vector_model=bare["vector_model"].where(bare.index > 2, "some/model"))
    message = r"3 of 12 papers have vectors of some/model.*or pass model='some/model'$"
    with pytest.warns(UserWarning, match=message):
        found = embed(mixed)
    assert np.array_equal(found[3:], embed(bare)[3:])
    assert np.array_equal(found[:3], titles[:3])
    with pytest.warns(UserWarning, match="vectors of an unnamed model"):
        embed(bare.drop(columns="vector_model"))
    # With the abstracts back, nobody needs them.
    assert np.array_equal(embed(other.assign(abstract=full["abstract"])), embed(full))


def test_vectors_of_a_model_by_name(full):
    own = np.random.default_rng(3).normal(size=(len(full), 8)).astype(np.float32)
    papers = with_vectors(full, own, model="my/model")
    assert papers["vector_model"].eq("my/model").all()
    assert "vector" not in full
    bare = papers.assign(abstract=pd.NA)
    assert np.array_equal(embed(bare, model="my/model"), from_stored(to_stored(own)))


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.ones((3, 4)), r"shape \(3, 4\).*expected numbers of shape \(12, d\)"),
        (np.full((12, 4), np.nan), "row 1: a vector is zero or not finite"),
        (np.zeros((12, 4)), "row 1: a vector is zero or not finite"),
        ([["a"]] * 12, "do not fit"),
        (np.ones(12), "do not fit"),
    ],
)
def test_vectors_that_do_not_fit(full, vectors, message):
    with pytest.raises(DataError, match=message):
        with_vectors(full, vectors)


# --- malformed features --------------------------------------------------------------------------


def broken(papers: pd.DataFrame, name: str, value: object, row: int = 4) -> pd.DataFrame:
    values = papers[name].astype(object).tolist()
    values[row] = value
    return papers.assign(**{name: pd.Series(values, index=papers.index, dtype=object)})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"\x00" * 100, "found '100 bytes', expected 512 bytes, as in most rows"),
        (b"", "found '0 bytes'"),
        (b"\x00" * 511, "found '511 bytes'"),
        ("b'text'", "found \"b'text'\", expected 512 bytes"),
        (np.full(256, np.nan, "<f2").tobytes(), "found 'NaN or infinity'"),
        (np.full(256, np.inf, "<f2").tobytes(), "found 'NaN or infinity'"),
        (np.zeros(256, "<f2").tobytes(), "found 'only zeros'"),
    ],
)
def test_a_malformed_vector_is_named(bare, value, message):
    papers = broken(bare, "vector", value)
    where = r"row 5, column 'vector': not a vector \(arxiv:2401\.00004\): "
    with pytest.raises(DataError, match=f"{where}.*{message}"):
        embed(papers)


def test_vectors_of_another_length_throughout(bare):
    short = bare.assign(vector=encode_vectors(np.ones((12, 9))))
    with pytest.raises(DataError, match="found '9 dimensions', expected 256"):
        embed(short)


@pytest.mark.parametrize(
    "value",
    ["", "{", "{}", "null", "7", "[7]",
     '{"url": "https://a.org"}', '[{"kind": "code"}]', '[{"url": 3}]',
     '[{"url": "https://a.org"}]', "[" * 100_000, 7],
)  # fmt: skip
def test_malformed_links_are_named(bare, value):
    for find in (find_links, code_claims):
        with pytest.raises(DataError, match=r"row 5, column 'links': not the links of a "
                           r"paper \(arxiv:2401\.00004\): found"):  # fmt: skip
            find(broken(bare, "links", value))


@pytest.mark.parametrize("name", ["code", "artifact"])
def test_an_unknown_status_is_named(bare, name, tmp_path):
    papers = broken(bare, name, "perhaps")
    message = rf"row 5, column '{name}': not a known value \(arxiv:2401\.00004\): found 'perhaps'"
    with pytest.raises(DataError, match=message):
        code_claims(papers)
    # A folder that something else wrote.
    facts = {"prose": True, "abstracts": 0, "methods": {}, "about": {}}
    write_folder(tmp_path / "c", "collection", {"papers": papers}, facts)
    message = rf"row 5, column '{name}': not a known value: found 'perhaps', expected linked, cl"
    with pytest.raises(DataError, match=message):
        load_collection(tmp_path / "c")


@pytest.mark.parametrize(
    ("name", "value"),
    [("vector", b"abc"), ("vector", "b'abc'"), ("links", "{}"), ("links", "[{"), ("code", "maybe"),
     ("artifact", 3), ("published_precision", "days")],
)  # fmt: skip
@pytest.mark.parametrize("prose", [True, False])
def test_malformed_features_are_reported_and_not_saved(full, bare, name, value, prose, tmp_path):
    for papers in (bare, bare.assign(abstract=full["abstract"])):
        found = broken(papers, name, value)
        message = rf"row 5, column '{name}': not .* \(arxiv:2401\.00004\): found"
        with pytest.raises(DataError, match=message):
            save_collection(found, tmp_path / "c", prose=prose)
        assert not (tmp_path / "c").exists()
        problems = describe_papers(found).set_index("column")["problems"]
        assert problems[name] == "1 malformed"
        assert describe_papers(papers).set_index("column")["problems"][name] == ""


def test_vectors_of_two_models_may_differ_in_length(bare, tmp_path):
    short = with_vectors(bare, np.ones((12, 8)), model="my/model")
    both = pd.concat([bare.head(6), short.tail(6)], ignore_index=True)
    again = load_collection(save_collection(both, tmp_path / "c"))
    assert again["vector"].tolist() == both["vector"].tolist()
    assert (describe_papers(both).set_index("column")["problems"]["vector"]) == ""
    assert describe_papers(both.assign(vector_model=np.nan)).set_index("column")["problems"][
        "vector"
    ] == "6 malformed"  # fmt: skip


def test_vectors_in_csv_are_left_out_with_a_warning(bare, tmp_path):
    bare.to_csv(tmp_path / "papers.csv", index=False)
    message = (
        r"papers\.csv: the columns vector and vector_model were left out: CSV.* use Parquet or"
    )
    with pytest.warns(UserWarning, match=message) as caught:
        papers = load(tmp_path / "papers.csv")
    assert len(caught) == 1 and caught[0].filename == __file__
    assert not {"vector", "vector_model"} & set(papers)
    assert papers["links"].tolist() == bare["links"].tolist()
    bare.to_parquet(tmp_path / "papers.parquet", index=False)
    assert load(tmp_path / "papers.parquet")["vector"].tolist() == bare["vector"].tolist()


def test_fetching_is_advised_for_arxiv_ids_only(bare):
    unread = bare.drop(columns=["links", "code", "artifact"])
    with pytest.warns(
        UserWarning, match=r"\(NA\)\. toolkit\.fetch_abstracts brings those of papers "
    ):
        code_claims(unread)
    others = unread.assign(paper_id=[f"title:{i}" for i in range(12)])
    with pytest.warns(UserWarning, match=r"\(NA\)\. Load an export that has abstracts, or look"):
        code_claims(others)
    # The papers with an arXiv id are read: theirs are not needed.
    mixed = pd.concat([others.head(2), bare.tail(2)], ignore_index=True)
    with pytest.warns(
        UserWarning, match="2 of 4 papers .* Load an export that has abstracts, or look"
    ):
        find_links(mixed)
    with pytest.warns(UserWarning, match="embed the abstracts. Load an export .*; or pass model="):
        embed(others.assign(vector_model="some/model"))


def test_malformed_features_do_not_matter_beside_an_abstract(full, bare):
    papers = bare.assign(abstract=full["abstract"])
    for name, value in (("vector", b"1"), ("links", "{"), ("code", "perhaps")):
        assert said(broken(papers, name, value)) == said(full)


# --- adding them ---------------------------------------------------------------------------------


def test_features_are_added_to_a_table(full, bare):
    before = full.copy(deep=True)
    with_all = with_features(full)
    pd.testing.assert_frame_equal(full, before)
    pd.testing.assert_frame_equal(with_all[FEATURES], bare[FEATURES])
    assert with_all["abstract"].equals(full["abstract"])
    pd.testing.assert_frame_equal(with_features(bare), bare)


def test_only_abstracts_make_features(full, bare):
    """Of a title alone nothing is kept: it would look as if an abstract had been read."""
    papers = pd.concat(
        [make_papers([{"title": "Wasps"}], source="test"), bare.iloc[:2], full.iloc[2:4]],
        ignore_index=True,
    )
    with pytest.warns(UserWarning, match="1 of 5 papers have neither") as caught:
        found = with_features(papers)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert found[FEATURES].isna().iloc[0].all()
    kept = FEATURES[1:]
    pd.testing.assert_frame_equal(
        found[kept].iloc[1:].reset_index(drop=True), bare[kept].iloc[:4].reset_index(drop=True)
    )


def test_older_vectors_are_kept_under_their_own_name(bare):
    other = bare.assign(vector_model="static:000000000000").astype(bare.dtypes)
    pd.testing.assert_frame_equal(with_features(other), other)


def test_no_papers_no_features():
    found = with_features(make_papers([], source="test"))
    assert len(found) == 0
    assert set(FEATURES) <= set(found)


def test_deduplicate_takes_features_that_belong_together(full, bare):
    """The kept record's, where it has any; else all of the first that has one."""
    first = bare.head(1).assign(
        vector=encode_vectors(np.eye(256)[:1]), code="claimed", artifact=pd.NA, links=pd.NA
    )
    one, _ = deduplicate(pd.concat([first, bare.head(1)]))
    assert one["vector"].tolist() == first["vector"].tolist()
    assert one[["links", "code", "artifact"]].isna().values.tolist() == [[True, False, True]]
    lacking = first.assign(vector=pd.NA, vector_model="static:old", code=pd.NA)
    lacking["vector_model"] = pd.NA
    two, _ = deduplicate(pd.concat([lacking, full.head(1), bare.head(1)]))
    for name in FEATURES[1:]:
        assert two[name].tolist() == bare[name].head(1).tolist()
    assert two["abstract"].tolist() == full["abstract"].head(1).tolist()
    assert {name: str(two[name].dtype) for name in FEATURES} == {
        name: str(pd.concat([lacking, bare])[name].dtype) for name in FEATURES
    }


PLAIN = st.text(st.sampled_from("abé中7 .,-'’/_@~‐()!\n\t\u3000\x00\x1c\ud800"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(PLAIN, max_size=4))
def test_words_are_the_same_when_spaces_and_marks_part_the_text_first(texts):
    """Against one pass over each whole text with the expression for words."""
    stop, words = frozenset(["a", "ab"]), {}
    plain = [_plain(text) for text in texts]
    sizes, found = _read_chunk(plain, words, stop)
    same = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    whole = [_numbers(text, words, stop) for text in same]
    assert sizes.tolist() == list(map(len, whole))
    assert found.tolist() == [number for line in whole for number in line]


def test_the_hint_on_abstracts_fits_most_of_the_papers():
    ids = ["arxiv:2401.00001", "doi:10.1/1", "doi:10.1/2"]
    papers = pd.DataFrame({"paper_id": ids, "title": ["Oaks", "Elms", "Bees"]})
    assert "toolkit.enrich(papers)" in abstracts_hint(papers, np.array([True, True, True]))
    assert "arXiv id" in abstracts_hint(papers, np.array([True, True, False]))
