"""export, then load: the same papers in every field that a format carries."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import toolkit
from toolkit.papers.identifiers import fold_title
from toolkit.papers.schema import make_papers

SHOWN = ["paper_id", "title", "authors", "published", "published_precision", "venue", "doi", "url",
         "code_url", "project_url"]  # fmt: skip
CARRIED = {
    "md": SHOWN,
    "html": [*SHOWN, "abstract"],
    "json": [*SHOWN, "abstract", "keywords", "affiliations", "countries", "references", "kind",
             "categories", "comments", "upvotes", "stars", "cited_by", "listed", "source",
             "origin"],
}  # fmt: skip


def again(papers: pd.DataFrame, ending: str, folder) -> pd.DataFrame:
    file = toolkit.export(papers, folder / f"p.{ending}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return toolkit.load(file)


@pytest.mark.parametrize("ending", CARRIED)
@pytest.mark.parametrize("name", ["trending-page", "hf-papers"])
def test_the_samples_come_back(ending, name, tmp_path):
    papers = toolkit.load_sample(name).head(400)
    back = again(papers, ending, tmp_path)
    names = CARRIED[ending]
    pd.testing.assert_frame_equal(back[names], papers[names], check_categorical=False)


def test_notes_and_own_columns_come_back(tmp_path):
    papers = toolkit.load_sample("trending-page").assign(note="Read *this* <b>first</b>", mine=3.5)
    for ending in CARRIED:
        assert (again(papers, ending, tmp_path)["note"] == "Read *this* <b>first</b>").all()
    assert (again(papers, "json", tmp_path)["mine"] == 3.5).all()


def words(least: int = 1) -> st.SearchStrategy[str]:
    """Text as the papers table holds it: one line, printable, folded white space."""
    letters = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
    kept = st.text(letters, min_size=least, max_size=30).map(lambda text: " ".join(text.split()))
    return kept.filter(lambda text: len(text) >= least and ";" not in text)


OPTIONAL = st.one_of(st.none(), words())
PAPER = st.fixed_dictionaries(
    {
        "title": words().filter(lambda title: len(fold_title(title)) > 2),
        "authors": st.lists(words(), max_size=4).map("; ".join),
        "venue": OPTIONAL,
        "abstract": OPTIONAL,
        "published": st.one_of(
            st.none(),
            st.dates(min_value=pd.Timestamp("1700-01-01").date(),
                     max_value=pd.Timestamp("2025-01-01").date()).map(str),
            st.sampled_from(["1999", "2020", "2021-07", "2022-12"]),
        ),
        "arxiv_id": st.one_of(st.none(), st.integers(1, 9999).map(lambda n: f"2401.{n:05}")),
        "code_url": st.one_of(st.none(), st.just("https://github.com/a/b_c(d)")),
        "url": st.one_of(st.none(), st.just("https://example.org/a?b=1&c=(2)")),
        "doi": st.one_of(st.none(), st.integers(1, 999).map(lambda n: f"10.1000/a_b({n})<c>;2")),
    }
)  # fmt: skip


ODD = [
    {"title": "½½½ x", "authors": "A; B & C", "venue": "½ a", "abstract": "x½"},
    {"title": "000 000", "authors": "2020", "published": "1999"},
    {"title": "-a*b_c", "authors": "_x_; *y*", "venue": "*v*", "doi": "10.1000/a_b(3)<c>;2"},
    {"title": "1. abc", "venue": "· x", "authors": "·; 2", "arxiv_id": "2401.00001"},
    {"title": "# abc &amp; $x$ \\alpha", "venue": "1) a", "authors": "a, b"},
    {"title": "[a](b) \\", "abstract": "Note: a", "authors": "\\", "venue": "\\"},
    {"title": "Note: xyz", "authors": "= a", "venue": "- b"},
]


@pytest.mark.parametrize("record", ODD, ids=lambda record: record["title"])
def test_odd_text_comes_back(record, tmp_path):
    papers = make_papers([record], source="x", clean=False)
    for ending, names in CARRIED.items():
        back = again(papers, ending, tmp_path)
        names = [name for name in names if name not in ("source", "origin")]
        pd.testing.assert_frame_equal(back[names], papers[names], check_categorical=False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PAPER, min_size=1, max_size=4, unique_by=(
    lambda paper: fold_title(paper["title"]),
    # Two papers under one id: the later has one by its title, which pages do not show.
    lambda paper: paper["arxiv_id"] or id(paper),
    lambda paper: paper["doi"] or id(paper),
)))  # fmt: skip
def test_any_papers_come_back(tmp_path_factory, records):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        papers = make_papers(records, source="x", clean=False)
    papers["abstract"] = papers["abstract"].where(papers["abstract"] != papers["title"])
    folder = tmp_path_factory.mktemp("back")
    for ending, names in CARRIED.items():
        back = again(papers, ending, folder)
        for name in names:
            if name in ("source", "origin"):
                continue
            left, right = (
                table[name].astype(object).where(table[name].notna(), None).tolist()
                for table in (back, papers)
            )
            assert left == right, (ending, name)


@pytest.mark.parametrize("suffix", [".bib", ".csv", ".ris", ".json", ".html", ".xlsx"])
@pytest.mark.parametrize("address", ["http://a.b/i", "https://arxiv.org/abs/2401.00001"])
def test_markdown_in_a_record_makes_no_file_unreadable(suffix, address, tmp_path) -> None:
    hostile = {"title": f"Oaks [i]({address})", "abstract": f"![i]({address})\n" * 12}
    papers = make_papers([hostile, {"title": "On bees", "published": "2024"}], source="mine")
    back = toolkit.load(toolkit.export(papers, tmp_path / f"mine{suffix}"))
    assert back["title"].tolist()[1] == "On bees" and len(back) == 2
    assert back["published_precision"].isna().tolist() == [True, False]
