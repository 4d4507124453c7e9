# ruff: noqa: E501
"""Every argument of every public function and method takes wrong values: a result, or a DataError.

The calls are made from the signatures; what is new in public fails here until it has a base call.
"""

from __future__ import annotations

import inspect
import socket
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError, MissingExtraError, SourceError

WRONG: dict[str, Any] = {
    "None": None,
    "text": "3",
    "minus one": -1,
    "nan": float("nan"),
    "object": object(),
    "empty list": [],
    "bare table": pd.DataFrame(),
}


#: What the browser's side alone calls.
INNER = {"receive_view", "search_rows", "read_basket"}
#: Yes or no to a bar of progress: any value is one of them.
LEFT_OUT = {"self", "progress"}


def public() -> dict[str, Callable[..., Any]]:
    """Return the public functions, and the public methods of the public classes, by name."""
    found: dict[str, Callable[..., Any]] = {}
    for name in toolkit.__all__:
        thing = getattr(toolkit, name)
        if inspect.isfunction(thing):
            found[name] = thing
        for one in inspect.getmro(thing) if inspect.isclass(thing) else ():
            for method, member in vars(one).items():
                ours = one.__module__.startswith("toolkit.") and method not in INNER
                if ours and not method.startswith("_") and inspect.isfunction(member):
                    found.setdefault(f"{name}.{method}", member)
    return found | {"Explorer": toolkit.Explorer}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return for each public function the arguments of a quick call that works."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _bases(tmp_path_factory.mktemp("arguments"))


def _bases(folder: Path) -> dict[str, dict[str, Any]]:
    papers = toolkit.load_sample("trending-page")
    names = [f"Ada Example; Bo Sample {i % 4}" for i in range(len(papers))]
    papers = papers.assign(
        authors=pd.array(names, "string"),
        venue=pd.array([name[-1] for name in names], "string"),
        references=pd.array(["doi:10.1/a; doi:10.1/b"] * len(papers), "string"),
    )
    topics = toolkit.fit_topics(papers, n_topics=3)
    trends = toolkit.topic_trends(papers, topics)
    links = toolkit.find_links(papers)
    collection = toolkit.save_collection(papers, folder / "collection")
    log = folder / "log.sqlite"
    toolkit.synthetic.plant_link_checks(
        pd.DataFrame({"url": [f"https://{name}.example/a" for name in "abcdefgh"]}), log=log
    )
    followed = toolkit.save_collection(papers, folder / "followed")
    toolkit.follow(followed, "crossref", "bees")
    labels = toolkit.code_claims(papers)[["paper_id", "code"]]
    network = toolkit.find_network(papers, of="terms")
    card = toolkit.check_topics(topics, papers, refits=2, progress=False)
    explorer = toolkit.Explorer(papers, topics, basket=folder / "basket.json")
    explorer.keep(papers["paper_id"].iloc[0])
    shown = {"papers": papers, "topics": topics, "basket": folder / "basket.json"}
    offline = {"base_url": "http://127.0.0.1:9"}
    few, others = papers.head(6), papers.tail(6)
    quick: dict[str, dict[str, Any]] = {
        "Explorer": shown,
        "Explorer.drop": {"self": explorer, "paper_id": papers["paper_id"].iloc[1]},
        "Explorer.drop_topics": {"self": explorer, "topics": [0]},
        "Explorer.redo": {"self": explorer},
        "Explorer.export_basket": {"self": explorer, "path": folder / "basket.ris"},
        "Explorer.keep": {"self": explorer, "paper_id": papers["paper_id"].iloc[0]},
        "Explorer.merge_topics": {"self": explorer, "topics": [0, 1]},
        "Explorer.note": {"self": explorer, "paper_id": papers["paper_id"].iloc[0], "text": "Read"},
        "Explorer.rename_topic": {"self": explorer, "topic": 0, "label": "Bees"},
        "Explorer.to_html": {"self": explorer, "path": folder / "explorer.html"},
        "Explorer.to_png": {"self": explorer, "path": folder / "explorer.png", "dpi": 40},
        "Explorer.undo": {"self": explorer},
        "TopicModel.drop": {"self": topics, "topics": [0]},
        "TopicModel.hierarchy": {"self": topics},
        "TopicModel.merge": {"self": topics, "groups": [0, 1]},
        "TopicModel.place": {"self": topics, "papers": few},
        "TopicModel.predict": {"self": topics, "papers": few},
        "TopicModel.rename": {"self": topics, "labels": {0: "Bees"}},
        "TopicModel.save": {"self": topics, "folder": folder / "topics"},
        "TopicModel.split": {"self": topics, "topic": 0},
        "TopicModel.with_papers": {"self": topics, "papers": few},
        "availability": {"papers": papers, "by": "venue"},
        "check_links": {"links": links.head(0), "log": log, "progress": False},
        "check_names": {"old": topics, "new": topics, "papers": papers},
        "check_topics": {"topics": topics, "papers": papers, "refits": 2, "progress": False},
        "choose_calendar": {"papers": papers},
        "cite": {"papers": few},
        "code_claims": {"papers": few},
        "compare_periods": {"trends": trends, "first": "2024 Q1", "second": "2024 Q2"},
        "compare_topics": {"old": topics, "new": topics},
        "compare_trends": {"trends": trends, "a": 0, "b": 1},
        "corrected_availability": {"papers": papers, "labels": labels},
        "count_by": {"papers": papers, "column": "authors"},
        "deduplicate": {"papers": papers},
        "describe_papers": {"papers": papers},
        "embed": {"papers": few},
        "emerging_terms": {"papers": papers},
        "enrich": {"papers": few, "services": "crossref"},
        "export": {"papers": few, "path": folder / "a.bib"},
        "fetch": {"service": "crossref", "query": "bees", "limit": 5},
        "fetch_abstracts": {"papers": few, **offline},
        "fetch_arxiv": {"query": "bees", "limit": 5, **offline},
        "fetch_hf_papers": {"since": "2024-01-01", "until": "2024-01-02", **offline},
        "findings": {"described": toolkit.describe_papers(papers), "progress": False},
        "find_bursts": {"papers": papers, "of": "terms", "simulations": 19},
        "find_gaps": {"papers": papers, "library": few, "topics": topics},
        "find_links": {"papers": few},
        "find_missing": {"library": few, "papers": papers},
        "find_network": {"papers": few, "of": "terms"},
        "fit_topics": {"papers": papers, "n_topics": 3},
        "follow": {"folder": collection, "service": "crossref", "query": "bees"},
        "judge_trends": {"papers": papers, "topics": topics, "refits": 2, "card": card, "progress": False},
        "link_survival": {"log": log, "resamples": 5},
        "load": {"source": folder / "a.bib"},
        "load_arxiv_snapshot": {"path": folder / "snapshot.json"},
        "load_collection": {"folder": collection},
        "load_sample": {"name": "trending-page"},
        "load_topics": {"folder": topics.save(folder / "topics")},
        "methods_paragraph": {"topics": topics},
        "name_topics": {"topics": topics, "papers": papers, "ask": lambda _: "Bees", "progress": False},
        "pick_reading": {"papers": papers, "topics": topics, "n": 2},
        "plant_collection": {"n_papers": 40, "n_topics": 2},
        "plot_availability": {"rates": toolkit.availability(papers, by="authors").head(4)},
        "plot_network": {"network": network},
        "plot_papers": {"table": papers},
        "plot_record_flow": {"flow": toolkit.record_flow(papers)},
        "plot_reliability": {"card": card},
        "plot_survival": {"survival": toolkit.link_survival(log, resamples=5)},
        "plot_topic_map": {"topics": topics},
        "plot_trends": {"trends": trends},
        "rank_new": {"papers": others, "library": few},
        "read_fulltext": {"paths": folder / "a.tex", "progress": False},
        "record_flow": {"papers": papers},
        "report": {"papers": papers, "path": folder / "a.html", "topics": topics, "refits": 0, "progress": False},
        "resolve_ids": {"papers": few, **offline},
        "save_collection": {"papers": few, "folder": folder / "saved"},
        "show": {"table": topics.topics},
        "topic_trends": {"papers": papers, "topics": topics},
        "trend_outlook": {"trends": trends},
        "trend_verdicts": {"trends": trends},
        "unfollow": {"folder": followed, "service": "crossref", "query": "bees"},
        "update": {"folder": collection},
        "write_zotero": {"papers": few.assign(zotero_key="ABCD2345"), "tags": ["venue"], "library": "users/1", **offline},
    }  # fmt: skip
    (folder / "a.tex").write_text("\\documentclass{a}\\begin{document}Bees.\\end{document}")
    (folder / "a.bib").write_text("@article{a, title = {On bees}, author = {A B}, year = 2024}")
    toolkit.synthetic.write_synthetic_snapshot(folder / "snapshot.json", 8)
    return quick


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep files and connections from going anywhere."""

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("time.sleep", lambda _: None)
    # Drawing takes most of the time of reports, and no argument reaches it.
    monkeypatch.setattr("toolkit.exports.report_pieces.svg_text", lambda *_, **__: "<svg/>")
    yield


def faults_of(function: Callable[..., Any], base: dict[str, Any]) -> list[str]:
    """Return the wrong values that a function answers with neither a result nor a DataError."""
    found = []
    for name in inspect.signature(function).parameters.keys() - LEFT_OUT:
        for what, value in WRONG.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    result = function(**(base | {name: value}))
                    if inspect.isgenerator(result):
                        list(result)
                except (DataError, SourceError, MissingExtraError):
                    pass
                except Exception as error:
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    place = f"{Path(last.filename).name}:{last.lineno}"
                    found.append(
                        f"{name} = {what}: {type(error).__name__} at {place}: {error}"[:200]
                    )
    return found


@pytest.mark.parametrize("name", sorted(public()))
def test_public_functions_are_checked(name: str) -> None:
    function = public()[name]
    assert hasattr(vars(function).get("__init__", function), "__wrapped__")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(public()))
def test_wrong_values_of_arguments(name: str, bases: dict[str, dict[str, Any]]) -> None:
    function, base = public()[name], bases[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(SourceError):  # there is no network here
            function(**base)
    assert faults_of(function, base) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["selection", "selected_topics", "topics", "view"])
def test_wrong_values_of_an_explorer(name: str, bases: dict[str, dict[str, Any]]) -> None:
    explorer = bases["Explorer.undo"]["self"]
    assert faults_of(lambda value: setattr(explorer, name, value), {"value": None}) == []
