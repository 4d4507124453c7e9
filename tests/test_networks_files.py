"""Networks as files: igraph, JSON and CSV readers read them; names of strangers do no harm."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET

import igraph
import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.networks import find_network

HOSTILE = [
    "<script>alert(1)</script>", "=HYPERLINK(1)", 'said "so"', "tab\there", "a & b", "]]>",
    "null\x00bell\x07", "line\nbreak", "+1", "Ünïcödé",
]  # fmt: skip


@pytest.fixture
def network():
    lists = [f"{one}; hub" for one in HOSTILE]
    names = [f"p{place}" for place in range(len(lists))]
    papers = pd.DataFrame({"paper_id": names, "title": names, "keywords": [*lists[:-1], "alone"]})
    papers["published"] = pd.to_datetime("2020-01-01")
    return find_network(papers, of="keywords")


def test_graphml_is_read_back(network, tmp_path):
    path = toolkit.export(network, tmp_path / "net.graphml")
    graph = igraph.Graph.Read_GraphML(str(path))
    assert (graph.vcount(), graph.ecount()) == (len(network.nodes), len(network.edges))
    assert not graph.is_directed()
    assert graph.vs["papers"] == network.nodes["papers"].tolist()
    assert graph.vs["community"] == network.nodes["community"].tolist()
    assert sorted(graph.es["weight"]) == sorted(network.edges["weight"].tolist())
    assert {"<script>alert(1)</script>", "a & b", "]]>", "line break"} <= set(graph.vs["label"])
    assert ET.parse(path).getroot().tag.endswith("graphml")


def test_citations_are_directed(tmp_path):
    papers = pd.DataFrame({"paper_id": ["a", "b", "c"], "title": ["A", "B", "C"],
                           "references": ["b", "c", "Z"]})  # fmt: skip
    found = find_network(papers, how="citation")
    graph = igraph.Graph.Read_GraphML(str(toolkit.export(found, tmp_path / "net.graphml")))
    ends = {(graph.vs[one]["name"], graph.vs[other]["name"]) for one, other in graph.get_edgelist()}
    assert graph.is_directed() and ends == {("a", "b"), ("b", "c")}
    toolkit.export(found, tmp_path / "net.csv")
    edges = pd.read_csv(tmp_path / "net_edges.csv")
    assert edges["Type"].tolist() == ["Directed"] * 2


def test_vosviewer_json_has_its_parts(network, tmp_path):
    said = json.loads(toolkit.export(network, tmp_path / "net.json").read_text("utf-8"))["network"]
    items, links = said["items"], said["links"]
    assert [one["id"] for one in items] == list(range(1, len(network.nodes) + 1))
    assert items[0]["label"] == "hub" and items[0]["weights"] == {
        "Documents": 9, "Links": 9, "Total link strength": 9,
    }  # fmt: skip
    assert items[0]["scores"] == {"Avg. pub. year": 2020}
    assert all(1 <= one["cluster"] <= 1000 for one in items)
    assert sum(link["strength"] for link in links) == network.edges["weight"].sum()
    named = {one["id"]: one["label"] for one in items}
    assert all("hub" in (named[link["source_id"]], named[link["target_id"]]) for link in links)
    # VOSviewer reads HTML in descriptions.
    assert not any("<" in one["description"] for one in items)


def test_vosviewer_map_and_network_files(network, tmp_path):
    path = toolkit.export(network, tmp_path / "net.txt")
    assert path == tmp_path / "net_map.txt"
    lines = path.read_text("utf-8").split("\n")
    head = lines[0].split("\t")
    assert head == ["id", "label", "cluster", "weight<Documents>", "weight<Links>",
                    "weight<Total link strength>", "score<Avg. pub. year>"]  # fmt: skip
    rows = [line.split("\t") for line in lines[1:-1]]
    assert len(rows) == len(network.nodes) and all(len(row) == len(head) for row in rows)
    labels = {row[1] for row in rows}
    assert {"'=HYPERLINK(1)", "'+1", "said 'so'", "tab here", "line break"} <= labels
    text = (tmp_path / "net_network.txt").read_text("utf-8")
    links = [[int(cell) for cell in line.split("\t")] for line in text.splitlines()]
    assert len(links) == len(network.edges)
    assert {strength for _, _, strength in links} == {1}


def test_tables_for_gephi(network, tmp_path):
    path = toolkit.export(network, tmp_path / "net.csv")
    assert path == tmp_path / "net_nodes.csv" and path.read_text("utf-8").startswith("Id,Label,")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(network.nodes)
    assert not any(row[name].startswith(("=", "+", "-", "@")) for row in rows
                   for name in ("Id", "Label"))  # fmt: skip
    edges = pd.read_csv(tmp_path / "net_edges.csv")
    assert edges.columns.tolist() == ["Source", "Target", "Weight", "similarity", "Type"]
    assert set(edges["Type"]) == {"Undirected"}
    assert set(edges["Source"]) | set(edges["Target"]) <= {row["Id"] for row in rows}


@pytest.mark.parametrize("name", ["net.bib", "net", "net.xlsx"])
def test_other_endings_are_refused(network, name, tmp_path):
    with pytest.raises(DataError, match=r"unknown kind of file for a network.*\.graphml"):
        toolkit.export(network, tmp_path / name)


def test_a_network_without_links_is_no_picture(network):
    bare = toolkit.Network(network.nodes, network.edges.head(0), "keywords", "co-occurrence",
                           "full", None)  # fmt: skip
    with pytest.raises(DataError, match="a network without links"):
        toolkit.plot_network(bare)
    with pytest.raises(DataError, match=r"not a network.*find_network"):
        toolkit.plot_network(network.nodes)
    with pytest.raises(DataError, match=r"unknown colours.*community or mean_year"):
        toolkit.plot_network(network, by="size")


def test_the_picture_draws_what_is_linked(network):
    ax = toolkit.plot_network(network)
    place = next(i for i, one in enumerate(ax.collections) if len(one.get_offsets()) > 2)
    dots = ax.collections[place]
    assert len(dots.get_offsets()) == (network.nodes["degree"] > 0).sum()
    assert "1 keywords without links not drawn" in ax.get_xlabel()
    places = {tuple(place) for place in dots.get_offsets().round(6).tolist()}
    assert len(places) == len(dots.get_offsets())
    again = toolkit.plot_network(network).collections[place].get_offsets()
    assert (again == dots.get_offsets()).all()
    names = [f"p{place}" for place in range(600)]
    many = pd.DataFrame({"paper_id": names, "title": names})
    many["keywords"] = [f"k{place}; k{place + 1}" for place in range(600)]
    large = toolkit.plot_network(find_network(many, limit=None))
    assert "601 keywords, 600 links" in large.get_title("left")
    assert "first 500 keywords drawn" in large.get_xlabel()
    years = toolkit.plot_network(network, by="mean_year")
    assert years.child_axes[0].get_ylabel() == "mean year of publication"


def cliques(count: int, *, years=None) -> pd.DataFrame:
    """Return papers of three authors each, so that each paper is a community."""
    names = [f"p{at:02}" for at in range(count)]
    return pd.DataFrame({
        "paper_id": names, "title": names,
        "authors": [f"Ann A{at}; Bo B{at}; Cy C{at}" for at in range(count)],
        "published": pd.to_datetime([f"{year}-06-01" for year in years or [2020] * count]),
    })  # fmt: skip


def test_a_legend_names_twelve_communities_in_colours_of_their_own():
    papers = cliques(14)
    # The last community has most papers: it has a colour, although others come before it.
    more = papers.tail(1).assign(paper_id="q", title="q")
    ax = toolkit.plot_network(toolkit.find_network(pd.concat([papers, more]), of="authors"))
    dots = ax.get_legend().legend_handles
    said = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(said) == 13 and said[0] == "Ann A13, Bo B13 (3)"
    assert said[-1] == "2 other communities (6)"
    assert len({dot.get_color() for dot in dots}) == 13
    alone = toolkit.plot_network(toolkit.find_network(cliques(1), of="authors"))
    assert alone.get_legend() is None


@pytest.mark.parametrize(
    ("years", "ends", "extend"),
    [
        # Of 60 nodes, three a paper, the quantiles are at the places 2.95 and 56.05, from 0: 0.95
        # of the way from the first paper's year to the second's, and the same from the end.
        ([1950, *range(2001, 2019), 2060], (1950 + 0.95 * 51, 2060 - 0.95 * 42), "both"),
        ([2001, *[2010] * 18, 2011], (2001 + 0.95 * 9, 2011 - 0.95), "both"),
        ([2020] * 3, (2019.5, 2020.5), "neither"),
    ],
)
def test_the_scale_of_years_leaves_out_the_ends(years, ends, extend):
    network = toolkit.find_network(cliques(len(years), years=years), of="authors")
    ax = toolkit.plot_network(network, by="mean_year")
    (bar,) = [one.colorbar for one in ax.collections if one.colorbar]
    assert bar.mappable.get_clim() == pytest.approx(ends)
    assert bar.extend == extend


def test_long_names_are_wrapped_not_cut():
    long = "Aquatic conservation-marine and freshwater ecosystems"
    papers = pd.DataFrame({"paper_id": ["a"], "title": ["A"], "keywords": [f"{long}; wax"]})
    ax = toolkit.plot_network(toolkit.find_network(papers))
    written = [text.get_text() for text in ax.texts]
    assert any("\n" in text and text.replace("\n", " ") == long for text in written)
