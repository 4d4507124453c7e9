from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.claims.claims import (
    CLAIM_COLUMNS,
    LINK_COLUMNS,
    code_claims,
    find_links,
    read_claims_of,
    read_links_and_claims,
)
from toolkit.claims.reading import LINK_KINDS
from toolkit.claims.sentences import MAX_LENGTH, split_sentences
from toolkit.errors import DataError
from toolkit.papers.coercion import STATUSES
from toolkit.papers.schema import make_papers


def one(text: str, title: str = "Oakfold: Grafting Ideas") -> tuple[str, str]:
    claims = code_claims(make_papers([{"title": title, "abstract": text}], source="test"))
    return str(claims.loc[0, "code"]), str(claims.loc[0, "artifact"])


def kinds(text: str) -> list[tuple[str, str]]:
    links = find_links(make_papers([{"title": "Oakfold", "abstract": text}], source="test"))
    return list(zip(links["kind"], links["tense"]))


@pytest.mark.parametrize(
    ("text", "code", "artifact"),
    [
        # Linked.
        ("Code is available at https://github.com/lantern/oak.", "linked", "linked"),
        ("It helps. https://github.com/lantern/oak", "linked", "linked"),
        (
            "More results and code are at our project page: https://oak.github.io/",
            "linked",
            "linked",
        ),
        ("Project page: https://oak.github.io", "none", "linked"),
        ("We release OakData at https://huggingface.co/datasets/lantern/oak.", "none", "linked"),
        # A link wins over words, and the present over the future.
        ("We will release data. (Code here: https://github.com/a/b)", "linked", "linked"),
        ("We will release our code. Project page: https://oak.github.io", "promised", "linked"),
        # Promised.
        ("Code will be released.", "promised", "promised"),
        ("Code will be available at https://github.com/lantern/oak.", "promised", "promised"),
        ("We will open-source our models and training scripts.", "promised", "promised"),
        ("The data set will be made publicly available.", "none", "promised"),
        ("Code and data are released upon acceptance.", "promised", "promised"),
        ("We plan to release the weights.", "none", "promised"),
        ("Code, models and data to be released soon.", "promised", "promised"),
        ("We collected a corpus, which will be made available to all.", "none", "promised"),
        # Promised wins over claimed, where no address is given.
        ("Our data is public. We will release our code.", "promised", "promised"),
        # Claimed.
        ("We release our code, data and models.", "claimed", "claimed"),
        ("Our code is publicly available.", "claimed", "claimed"),
        ("The code is available.", "claimed", "claimed"),
        ("Code available at this link.", "claimed", "claimed"),
        ("All images, data, and code can be accessed via our page.", "claimed", "claimed"),
        ("We present Oakfold, an open-source toolkit for grafting.", "claimed", "claimed"),
        ("Oakfold is an open-source library.", "claimed", "claimed"),
        ("We contribute by releasing the code and a corpus.", "claimed", "claimed"),
        ("We make our code and weights publicly available.", "claimed", "claimed"),
        ("We provide an open source implementation of the solver.", "claimed", "claimed"),
        ("Our system is open source.", "claimed", "claimed"),
        ("Source code and demos are released.", "claimed", "claimed"),
        ("The source code is available on GitHub.", "claimed", "claimed"),
        ("We release Oakfold as open-source software under the MIT licence.", "claimed", "claimed"),
        ("It was built with users of our open-source annotation tools.", "claimed", "claimed"),
        ("We release LoRA weights (Apache-2.0), inference code and a demo.", "claimed", "claimed"),
        ("We release OakBench, a benchmark for code generation tools.", "none", "claimed"),
        ("We release the model checkpoints.", "none", "claimed"),
        ("We introduce OakNet, a family of open-weight language models.", "none", "claimed"),
        ("The corpus is publicly available.", "none", "claimed"),
        (
            "We analyse the annotated corpus that we are making publicly available.",
            "none",
            "claimed",
        ),
        ("We construct the first public benchmark of the kind.", "none", "claimed"),
        ("Weights for both models have been released for research.", "none", "claimed"),
        ("We release the identified hit molecules.", "none", "claimed"),
        # Nothing.
        ("It outperforms open-source models by far.", "none", "none"),
        ("We evaluate 25 proprietary and open-source models.", "none", "none"),
        ("We study code generation with models trained on public code.", "none", "none"),
        ("We use a publicly available data set.", "none", "none"),
        ("We evaluate the proposed net on three publicly available data sets.", "none", "none"),
        ("Vulnerabilities in source code are hard to find.", "none", "none"),
        ("It reaches state-of-the-art open-source performance.", "none", "none"),
        ("No public data sets are available.", "none", "none"),
        ("Few models are available, and labels are not released.", "none", "none"),
        ("When training data is available, learning works.", "none", "none"),
        ("The gripper releases the object.", "none", "none"),
        ("Energy is stored and it is released by a click mechanism.", "none", "none"),
        ("The network tells whether the hand is open or closed.", "none", "none"),
        ("We make progress on the open problem of grafting.", "none", "none"),
        ("This opens new directions and we share our insights.", "none", "none"),
        ("Robots share learned models among themselves.", "none", "none"),
        ("We present an approach built on open-source models.", "none", "none"),
        ("Our code generation method is strong.", "none", "none"),
        ("The code is not available.", "none", "none"),
        ("The authors release the corpus and code on a hub.", "claimed", "claimed"),
        ("We share open-source tools for grafting.", "claimed", "claimed"),
        ("We hope that our open-source platform will help.", "claimed", "claimed"),
        ("We aim to fill the gap by building a fully open model.", "none", "claimed"),
        ("For safety we do not release the weights.", "none", "none"),
        ("A competitor's benchmark has been released to test agents.", "none", "none"),
        # Rules that single sentences carry.
        ("Code and data are available upon request.", "request", "request"),
        ("The library can be installed with pip install oakfold.", "claimed", "claimed"),
        ("Oakfold is distributed as a Python package.", "claimed", "claimed"),
        ("Released under the MIT licence, Oakfold is an extensible toolkit.", "claimed", "claimed"),
        ("Source-available under a business licence.", "claimed", "claimed"),
        ("Our tool is free and open source.", "claimed", "claimed"),
        ("We make available an open source implementation of it.", "claimed", "claimed"),
        ("We provide publicly available implementations of all.", "claimed", "claimed"),
        ("We provide open access to the code and the data.", "claimed", "claimed"),
        ("We provide detailed analysis and code for others.", "claimed", "claimed"),
        ("The source code for our model is accessible from GitHub.", "claimed", "claimed"),
        ("All resources, including source code and logs, are public.", "claimed", "claimed"),
        ("The data set, code, and other resources are available on GitHub.", "claimed", "claimed"),
        (
            "The data and the implementation are available in the code repository.",
            "claimed",
            "claimed",
        ),
        (
            "We build a corpus which we release along with our training codebases.",
            "claimed",
            "claimed",
        ),
        ("We hope that the release of our code will help others.", "claimed", "claimed"),
        ("We hope the release of Oakfold will foster research.", "none", "claimed"),
        ("Our open-source release enables fair tests.", "none", "claimed"),
        ("We release Oakfold and its growth data.", "none", "claimed"),
        ("We introduce two corpora, both of which are publicly available.", "none", "claimed"),
        ("It was tested on a new corpus, which is made publicly available.", "none", "claimed"),
        ("From this we learn, and construct the first public benchmark.", "none", "claimed"),
        ("An interactive demo is available online.", "none", "claimed"),
        ("The project page is available here.", "none", "claimed"),
        ("Model weights are available on Hugging Face.", "none", "claimed"),
        ("We introduce Oakfold 2, a new generation of open-weight models.", "none", "claimed"),
        ("We also release a smaller variant.", "none", "claimed"),
        ("We maintain a public repository to track the latest papers.", "none", "claimed"),
        ("Our system is publicly accessible through an API.", "none", "claimed"),
        ("Code: coming soon.", "promised", "promised"),
        ("The model\\footnote{The code will be released.} is good.", "promised", "promised"),
        ("The implementation is going to be published online.", "promised", "promised"),
        ("The data set will be shared with the community.", "none", "promised"),
        ("Code at https://github.com/a/b will be released.", "promised", "promised"),
        ("Code: https://github.com/a/b (soon).", "promised", "promised"),
        ("If code were available, it would be easier.", "none", "none"),
        ("Although code for the baseline is available, it is slow.", "none", "none"),
        ("Our system is available around the clock.", "none", "none"),
        ("No existing model has weights, code and data publicly available.", "none", "none"),
        (
            "We filter images from Pine-XL, the largest publicly available collection.",
            "none",
            "none",
        ),
        ("Trained with Pine-XL, an open-source 8B model reaches this.", "none", "none"),
        ("It improves by sharing the learned policies across tasks online.", "none", "none"),
        ("First, releasing the mean of the data keeps privacy.", "none", "none"),
        ("In these four commercial and open-source systems (A, B) we see it.", "none", "none"),
        ("We fine-tune an open-source code model on public repositories.", "none", "none"),
    ],
)
def test_status(text: str, code: str, artifact: str) -> None:
    assert one(text) == (code, artifact)
    # What stands around it must not matter.
    around = f"Grafting is hard. {text.rstrip('.') + '.'} Experiments show large gains."
    assert one(around) == (code, artifact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: https://github.com/a/b.", [("code", "present")]),
        ("Our dataset is at https://github.com/a/b.", [("data", "present")]),
        ("Code and data are at https://github.com/a/b.", [("code", "present")]),
        ("Both the dataset and the models are public. Get them at: https://github.com/a/b",
         [("data", "present")]),
        ("Models: https://huggingface.co/a/b", [("model", "present")]),
        ("The models are at https://huggingface.co/a; for the demo see https://oak.org/demo",
         [("model", "present"), ("demo", "present")]),
        ("Our project is available here: https://github.com/a/b.", [("code", "present")]),
        ("Project page: https://github.com/a/b", [("project", "present")]),
        ("Project repository: https://github.com/a/b", [("code", "present")]),
        ("The leaderboard, harness and dataset are at https://oak.org", [("data", "present")]),
        ("It is first on the Oak Leaderboard (https://oak.org/top).", [("other", "present")]),
        ("AmbiOak, a dataset of oaks, is public. AmbiOak is available at https://github.com/a/b.",
         [("data", "present")]),
        ("Videos of our models are at https://oak.org/v", [("demo", "present")]),
        ("We keep a curated list at https://github.com/a/awesome-oak.", [("data", "present")]),
        ("We have a repository at https://github.com/a/awesome-oak", [("data", "present")]),
        ("Code: https://github.com/a/b. Website: https://a.github.io/b",
         [("code", "present"), ("project", "present")]),
        ("The page is https://a.github.io, and the code will be released soon.",
         [("project", "present")]),
        ("The code will be at https://github.com/a/b, the demo is at https://oak.org/x",
         [("code", "future"), ("demo", "present")]),
        ("The code at https://github.com/a/b and models at https://huggingface.co/a/b are open.",
         [("code", "present"), ("model", "present")]),
        ("To use our code, see https://oak.org/use", [("code", "present")]),
        ("See the website (https://oak.org/use) for code and videos.", [("project", "present")]),
        ("Pages built on https://arxiv.org/abs/2401.00001", [("other", "present")]),
        ("The code and the website are at https://github.com/a/b and https://a.org, respectively.",
         [("code", "present"), ("project", "present")]),
        ("We release a corpus. More details can be found at https://oak.org",
         [("project", "present")]),
        ("A corpus is released. Oakfold is available at https://huggingface.co/a/b",
         [("model", "present")]),
        ("Our data set and generation code are at https://oak.org", [("code", "present")]),
        ("A software demo (https://a.org/demo), full code under the MIT licence (https://a.org).",
         [("demo", "present"), ("code", "present")]),
        ("The model tells stories, as shown in https://youtu.be/abc", [("demo", "present")]),
        ("We release the benchmark as open source at https://github.com/a/b",
         [("data", "present")]),
        ("We open-source the project at https://github.com/a/b", [("code", "present")]),
        ("Resources: https://github.com/a/b https://a.github.io/b",
         [("code", "present"), ("project", "present")]),
        ("The code is at https://github.com/a/b (archived at https://zenodo.org/record/1).",
         [("code", "present"), ("code", "present")]),
        ("The model scores are at https://oak.org/scores", [("project", "present")]),
        ("The framework and benchmark have been released at https://a.github.io",
         [("code", "present")]),
        ("Data and development kit: https://oak.org", [("code", "present")]),
        ("We share all data and simulation framework at https://github.com/a/b",
         [("code", "present")]),
        ("Oakfold is live at https://oak.org", [("demo", "present")]),
    ],
)  # fmt: skip
def test_kind_and_tense_of_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


def test_tables_have_the_contracts_columns_in_the_order_of_the_papers() -> None:
    papers = make_papers(
        [
            {"title": "B", "abstract": "Code: github.com/b/b and data: zenodo.org/record/1."},
            {"title": "A", "abstract": None},
            {"title": "C", "abstract": "We release code.", "comments": "Page: c.github.io"},
        ],
        source="test",
    )
    before = papers.copy(deep=True)
    unread = "1 of 3 papers have neither an abstract nor features made from one"
    with pytest.warns(UserWarning, match=unread) as caught:
        links = find_links(papers)
    assert len(caught) == 1 and caught[0].filename == __file__
    with pytest.warns(UserWarning, match=unread) as caught:
        claims = code_claims(papers)
    assert len(caught) == 1 and caught[0].filename == __file__
    pd.testing.assert_frame_equal(papers, before)
    assert tuple(links.columns) == LINK_COLUMNS
    assert tuple(claims.columns) == CLAIM_COLUMNS
    assert claims["paper_id"].tolist() == papers["paper_id"].tolist()
    assert claims["code"].tolist() == ["linked", pd.NA, "claimed"]
    assert claims["artifact"].tolist() == ["linked", pd.NA, "linked"]
    assert links["kind"].tolist() == ["code", "data", "project"]
    assert links["where"].tolist() == ["abstract", "abstract", "comments"]
    assert claims["evidence"].isna().tolist() == [False, True, False]
    assert (links.drop(columns="own").dtypes == "string").all() and links["own"].dtype == bool
    assert (claims.dtypes == "string").all()


def test_evidence_is_the_sentence_with_its_address() -> None:
    text = r"Trees grow. Our code is at \url{https://github.com/a/b\_c}. They grow on."
    papers = make_papers([{"title": "A", "abstract": text}], source="test", clean=False)
    assert find_links(papers).loc[0, "evidence"] == "Our code is at https://github.com/a/b_c."
    assert code_claims(papers).loc[0, "evidence"] == "Our code is at https://github.com/a/b_c."


def test_what_the_source_declares_counts_as_linked() -> None:
    papers = make_papers(
        [
            {"title": "A", "abstract": "Trees grow.", "code_url": "https://github.com/A/a"},
            {"title": "B", "abstract": "We will release code.", "project_url": "https://b.org"},
            {
                "title": "C",
                "abstract": "Code will be at https://github.com/C/c.git",
                "code_url": "http://github.com/c/C",
            },
        ],
        source="test",
    )
    links, claims = find_links(papers), code_claims(papers)
    assert claims["code"].tolist() == ["linked", "promised", "linked"]
    assert claims["artifact"].tolist() == ["linked", "linked", "linked"]
    assert links["kind"].tolist() == ["code", "project", "code"]
    assert links["tense"].tolist() == ["present"] * 3
    assert links.loc[0, "evidence"] == "declared by the source as code"


def test_a_link_given_twice_is_one_link() -> None:
    text = "Code: https://github.com/a/b. Again: http://www.github.com/A/b/ and github.com/a/b.git"
    papers = make_papers([{"title": "A", "abstract": text}], source="test")
    assert find_links(papers)["canonical"].tolist() == ["github.com/a/b"]


def test_no_papers_no_rows() -> None:
    papers = make_papers([], source="test")
    assert list(find_links(papers).columns) == list(LINK_COLUMNS)
    assert len(code_claims(papers)) == 0


def test_what_is_no_papers_table_is_refused() -> None:
    with pytest.raises(DataError, match="not a papers table"):
        code_claims("papers.csv")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="lacks a column"):
        find_links(pd.DataFrame({"title": ["A"]}))


def test_a_collection_without_prose_says_the_same(tmp_path: Path) -> None:
    records = [
        {"title": "A", "abstract": "Code: github.com/a/a and a demo: https://a.org/demo."},
        {"title": "B", "abstract": "We will release our code and data."},
        {"title": "C", "abstract": "Trees grow."},
        {"title": "D", "abstract": "We release code.", "project_url": "https://d.github.io"},
    ]
    papers = make_papers(records, source="test")
    folder = toolkit.save_collection(papers, tmp_path / "bare", prose=False)
    bare = toolkit.load_collection(folder)
    assert bare["abstract"].isna().all()
    for full, stored in (
        (find_links(papers), find_links(bare)),
        (code_claims(papers), code_claims(bare)),
    ):
        # Of data and other kinds alone only links are kept.
        facts = [name for name in full.columns if name not in ("evidence", *LINK_KINDS)]
        pd.testing.assert_frame_equal(stored[facts], full[facts])
    part = bare.iloc[[3, 0]].reset_index(drop=True)
    assert code_claims(part)["code"].tolist() == ["claimed", "linked"]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_no_text_breaks_it(texts: list[str]) -> None:
    papers = pd.DataFrame(
        {"paper_id": [str(n) for n in range(len(texts))], "title": "T", "abstract": texts}
    )
    claims = code_claims(papers)
    assert set(claims["code"]) | set(claims["artifact"]) <= set(STATUSES)
    rank = {
        status: n for n, status in enumerate(("none", "request", "claimed", "promised", "linked"))
    }
    # Code is an artifact: whatever is said of it is said of artifacts, or they are better off.
    assert all(rank[a] >= rank[c] for c, a in zip(claims["code"], claims["artifact"]))
    assert set(find_links(papers)["paper_id"]) <= set(papers["paper_id"])


@pytest.mark.parametrize(
    "text",
    ["we release " * 500, "an open " * 1500, "https://x.org/{" * 800, "a" * 100_000, "(" * 50_000,
     "<script>alert(1)</script>" * 1000, "will be " * 4000, "github . com / " * 2000],
)  # fmt: skip
def test_hostile_text_costs_linear_time(text: str) -> None:
    start = time.process_time()
    papers = pd.DataFrame({"paper_id": ["1"], "title": ["T"], "abstract": [text]})
    find_links(papers)
    # Not a benchmark: a reading that grows with the square would take minutes.
    assert time.process_time() - start < 30


def test_sentences() -> None:
    text = "We (e.g. now) win.We share it [1]. See Fig. 2 vs. ours! Is 3.5 it? Yes"
    assert split_sentences(text) == [
        "We (e.g. now) win.",
        "We share it [1].",
        "See Fig. 2 vs. ours!",
        "Is 3.5 it?",
        "Yes",
    ]
    assert split_sentences(" ") == []


@given(st.text(max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    joined = "".join(split_sentences(text))
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", text)


def test_long_sentences_are_cut() -> None:
    assert max(map(len, split_sentences("word " * 5000))) <= MAX_LENGTH


def test_all_papers_of_the_page(shared: Path) -> None:
    papers = toolkit.load(shared / "collections" / "trending_page.txt")
    facts = pd.read_csv(shared / "facts" / "trending_page_index.csv")
    claims, links = code_claims(papers), find_links(papers)
    assert claims["code"].tolist() == facts["code"].tolist()
    assert claims["artifact"].tolist() == facts["artifact"].tolist()
    given_links = [
        ";".join(f"{url} {kind}" for url, kind in zip(rows["url"], rows["kind"]))
        for rows in (links[links["paper_id"] == paper] for paper in papers["paper_id"])
    ]
    assert given_links == facts["artifacts"].fillna("").tolist()


def test_the_labelled_abstracts(shared: Path) -> None:
    lines = (shared / "gold" / "availability_dev.jsonl").read_text().splitlines()
    gold = pd.DataFrame(map(json.loads, lines))
    papers = make_papers(gold[["title", "abstract"]], source="gold")
    claims, links = code_claims(papers), find_links(papers)
    assert (claims["code"].to_numpy() == gold["code"].to_numpy()).mean() >= 0.98
    assert (claims["artifact"].to_numpy() == gold["artifact"].to_numpy()).mean() >= 0.98
    truth = {
        (paper, artifact["url"])
        for paper, artifacts in zip(papers["paper_id"], gold["artifacts"])
        for artifact in artifacts
    }
    found = set(zip(links["paper_id"], links["url"]))
    assert len(found & truth) / len(found) >= 0.98
    assert len(found & truth) / len(truth) >= 0.98


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Data available from the corresponding author upon reasonable request.", "request"),
        ("Data available on request.", "request"),
        ("Data availability: Available from the authors upon request.", "request"),
        ("We studied clinics with data available on request.", "none"),
    ],
)
def test_data_on_request_without_a_verb(text: str, expected: str) -> None:
    claims = code_claims(make_papers([{"title": "A", "abstract": text}], source="t"))
    assert claims[["data", "artifact", "code"]].iloc[0].tolist() == [expected, expected, "none"]


def test_links_and_claims_of_one_reading_are_those_of_two():
    papers = toolkit.load_sample("hf-papers").head(400)
    links, claims = read_links_and_claims(papers)
    assert len(links) > 50 and (claims["code"] == "linked").sum() > 20
    pd.testing.assert_frame_equal(links, find_links(papers))
    pd.testing.assert_frame_equal(claims, read_claims_of(papers))
