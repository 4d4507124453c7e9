"""The collections in data/: README.md is right, no prose, and the toolkit builds the same."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

import toolkit
from toolkit.claims.reading import LINK_KINDS
from toolkit.embedding.vectors import stored_vectors, to_stored
from toolkit.papers.identifiers import fold_title
from toolkit.papers.terms import SHARED_BY, find_terms

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
ROWS = {"hf-papers": 5680, "trending-page": 31}
#: A line of the tables in README.md: file, what, rows, bytes, sum.
_LINE = re.compile(r"^\| (\S+/\S+) \| [^|]+ \| ([\d,]+) \| ([\d,]+) \| `([0-9a-f]{64})` \|$", re.M)
BOTH = pytest.mark.parametrize(
    "name", [pytest.param("hf-papers", marks=pytest.mark.slow), "trending-page"]
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
    assert len(found) == 2
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
    assert papers["paper_id"].str.fullmatch(r"arxiv:\d{4}\.\d{5}").all()
    month = "20" + papers["paper_id"].str[6:8] + "-" + papers["paper_id"].str[8:10]
    assert papers["published"].dt.strftime("%Y-%m").tolist() == month.tolist()
    features = ["terms", "vector", "vector_model", "links", "code", "artifact"]
    assert papers[features].notna().all(axis=None)


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
            assert all(len(cell.split()) <= 4 for cell in texts), f"{file}: {name} holds sentences"
        else:
            assert texts.str.len().max() < 300
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


@BOTH
def test_the_folders_hold_what_the_toolkit_computes(builder, shared, samples, name):
    """Where this fails, run scripts/build_data.py: model, terms or rules have changed."""
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
