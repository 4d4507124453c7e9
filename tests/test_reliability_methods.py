"""The methods paragraph: what it says there was to read."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.reliability import methods_paragraph


def model_of(papers: pd.DataFrame, **settings) -> SimpleNamespace:
    return SimpleNamespace(
        papers=papers[["paper_id"]].assign(topic=0),
        topics=pd.DataFrame({"topic": [0], "size": [len(papers)]}),
        vectors=np.ones((len(papers), 7)),
        settings={"clustering": "graph", "resolution": 1.0, "seed": 42, **settings},
    )


@pytest.mark.parametrize(
    ("abstracts", "said"),
    [
        (["Trees grow.", "Oaks too."], "on titles and abstracts embedded"),
        (["Trees grow.", None], r"titles and, where there, abstracts \(1 of 2\) embedded"),
        ([None, None], "on titles alone embedded"),
    ],
)
def test_it_tells_what_there_was_to_read(abstracts, said) -> None:
    records = [{"title": f"Paper {i}", "abstract": text} for i, text in enumerate(abstracts)]
    papers = make_papers(records, source="test")
    text = methods_paragraph(model_of(papers), papers=papers)
    assert re.search(said, text), text
    assert "titles and abstracts" in methods_paragraph(model_of(papers))
    assert "supplied by the authors" in methods_paragraph(
        model_of(papers, vectors="given"), papers=papers
    )


def test_vectors_that_travelled_stand_for_the_abstracts() -> None:
    papers = toolkit.load_sample("trending-page")
    assert papers["abstract"].isna().all()
    assert "on titles and abstracts" in methods_paragraph(model_of(papers), papers=papers)


def test_papers_of_another_model() -> None:
    papers = make_papers([{"title": "A"}, {"title": "B"}], source="test")
    with pytest.raises(DataError, match=r"1 of 2 papers are not in the papers table.*fitted on"):
        methods_paragraph(model_of(papers), papers=papers.iloc[:1])


def test_a_referee_can_redo_it() -> None:
    """Neighbours, smallest group and thresholds are told; 100 papers: 6 neighbours, 2 papers."""
    papers = make_papers([{"title": f"Paper {i}"} for i in range(100)], source="test")
    text = methods_paragraph(model_of(papers))
    assert "its 6 nearest neighbours" in text
    assert "smaller groups than 2 papers" in text
    assert "resolution 1, chosen to give about 2 + 0.6√n topics" in text
    assert "no papers were left without a topic" in text
    assert "7 dimensions" in text
    three = methods_paragraph(model_of(papers, n_topics=3))
    assert "joined by Ward's criterion to 3 topics" in three
    assert "smaller groups than 9 papers" in methods_paragraph(model_of(papers, min_size=9))
    given = methods_paragraph(model_of(papers, resolution_given=True))
    assert "resolution 1, set by the authors" in given


def test_it_cites_this_package_under_its_name_and_version() -> None:
    papers = make_papers([{"title": "One"}, {"title": "Two"}], source="test")
    text = methods_paragraph(model_of(papers))
    assert "Software: paperscope 0.2.0, bertopic " in text
    assert f"paperscope {toolkit.__version__}," in text


def test_packages_that_are_gone_are_named_as_such(monkeypatch) -> None:
    """A model of the classic pipeline, opened where umap-learn and hdbscan are not installed."""

    def gone(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("toolkit.reliability.methods.version", gone)
    papers = make_papers([{"title": "One"}, {"title": "Two"}], source="test")
    text = methods_paragraph(model_of(papers, clustering="hdbscan"))
    assert "umap-learn (not installed here), hdbscan (not installed here)" in text
