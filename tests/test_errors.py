"""The errors: where, what, expected, hint."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError, MissingExtraError, SourceError, checked, shorten

ROOT = Path(__file__).resolve().parents[1]


def test_a_data_error_says_all_it_knows():
    error = DataError(
        "not a date", source="a.csv", row=17, column="listed", found="2024-13",
        expected="YYYY-MM-DD", hint="Correct it",
    )  # fmt: skip
    assert str(error) == (
        "a.csv, row 17, column 'listed': not a date: found '2024-13', expected YYYY-MM-DD. "
        "Correct it"
    )
    assert isinstance(error, ValueError)
    assert (error.row, error.column, error.found) == (17, "listed", "2024-13")


def test_a_data_error_with_nothing_but_the_message():
    assert str(DataError("empty")) == "empty"
    assert str(DataError("no value", found=None)) == "no value: found None"


def test_names_are_told_once():
    names = "The names are 'oak', 'elm'"
    once = DataError("no tree", found="x", expected="one of oak, elm", hint=names)
    assert str(once) == "no tree: found 'x', expected one of oak, elm"
    more = DataError("no tree", found="x", expected="oak or a column", hint=names)
    assert str(more).endswith(names)


@pytest.mark.parametrize("call", [toolkit.update, toolkit.follow, toolkit.load_collection])
@pytest.mark.parametrize("given", [None, 123])
def test_folders_of_the_wrong_type(call, given):
    with pytest.raises(DataError, match=f"'folder': of the wrong type: found {given}, expected"):
        call(given)


def test_an_argument_is_not_called_a_column():
    error = DataError("not a count", argument="n_topics", found=-1, expected="1 or more")
    assert str(error) == "argument 'n_topics': not a count: found -1, expected 1 or more"
    assert (error.argument, error.column) == ("n_topics", None)
    both = DataError("not an id", row=2, argument="ids", found="x")
    assert str(both) == "row 2, argument 'ids': not an id: found 'x'"


def test_long_values_are_shortened():
    assert len(shorten("x" * 5000)) <= 82
    assert shorten("short") == "'short'"
    assert len(str(DataError("x", found="y" * 10_000))) < 200


def test_a_source_error_carries_what_was_fetched():
    error = SourceError("gone", partial=[1, 2])
    assert error.partial == [1, 2] and str(error) == "gone"


def test_a_missing_extra_says_how_to_install_it():
    error = MissingExtraError("embed(model='x')", "transformers")
    plain, checkout = ".venv/bin/pip install sentence-transformers`", "-e '.[transformers]'`"
    assert 0 < str(error).index(plain) < str(error).index(checkout)
    assert "paperscope" not in str(error), "it is on no index"
    assert "install it with from" not in str(MissingExtraError("x", "dask"))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for group in ("classic", "transformers", "dask"):
        for requirement in groups["optional-dependencies"][group]:
            assert requirement.partition(">")[0] in str(MissingExtraError("x", group))
    assert isinstance(error, ImportError)


def test_errors_travel_between_processes():
    assert str(pickle.loads(pickle.dumps(DataError("not a date", row=1)))).endswith("not a date")


@pytest.mark.parametrize(
    "call",
    [
        lambda papers: toolkit.topic_trends(papers, papers),
        lambda papers: toolkit.availability(papers, by="topic", topics=papers),
        lambda papers: toolkit.find_bursts(papers, topics=papers),
        lambda papers: toolkit.plot_topic_map(papers),
        lambda papers: toolkit.methods_paragraph(papers),
        lambda papers: toolkit.check_topics(papers, papers),
    ],
)
def test_a_table_in_the_place_of_a_model_is_named(call):
    papers = toolkit.load_sample("trending-page")
    with pytest.raises(
        DataError, match=r"'topics': not a topic model: found 'DataFrame'.*order of"
    ):
        call(papers)


@pytest.mark.parametrize(
    ("cell", "words"),
    [(["a"], "a list in a cell of the column 'topic'"), ("b\ud800", "half of a character")],
)
def test_odd_cells_are_told(cell, words):
    @checked
    def first(trends: pd.DataFrame) -> object:
        return {trends["topic"].iloc[0].encode()}

    with pytest.raises(DataError, match=words):
        first(pd.DataFrame({"topic": pd.Series([cell], dtype=object)}))
