"""Networks as files: GraphML, VOSviewer's JSON and its two text files, CSV of both tables."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from toolkit.exports.spreadsheets import to_csv
from toolkit.text.escaping import one_line
from toolkit.text.formulas import guarded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toolkit.networks import Network

#: VOSviewer's name of a size or a colour of the overlay, and our column.
_WEIGHTS = (("Documents", "papers"), ("Links", "degree"), ("Total link strength", "strength"))
_SCORES = (("Avg. pub. year", "mean_year"), ("Avg. citations", "mean_cited_by"))
#: VOSviewer's clusters are numbers from 1 to 1,000.
_MOST_CLUSTERS = 1000
_GRAPHML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
    '"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">'
)


def to_graphml(network: Network) -> str:
    """Return a network as GraphML, which Gephi, igraph, Cytoscape and yEd read."""
    directed = "directed" if network.how == "citation" else "undirected"
    nodes, edges = network.nodes, network.edges
    lines = [_GRAPHML, *_keys("node", nodes.drop(columns="id")),
             *_keys("edge", edges.drop(columns=["source", "target"])),
             f'  <graph edgedefault="{directed}">']  # fmt: skip
    place = {name: f"n{at}" for at, name in enumerate(nodes["id"].tolist())}
    for row in _rows(nodes):
        lines.append(f"    <node id={quoteattr(place[row['id']])}>")
        lines += [f'      <data key="node_name">{escape(one_line(row["id"]))}</data>']
        lines += _data("node", {name: row[name] for name in row if name != "id"})
        lines.append("    </node>")
    columns = [edges[name].tolist() for name in ("source", "target", "weight", "similarity")]
    lines += [
        f'    <edge source="{place[one]}" target="{place[other]}">'
        f'<data key="edge_weight">{weight}</data>'
        f'<data key="edge_similarity">{alike}</data></edge>'
        for one, other, weight, alike in zip(*columns, strict=True)
    ]
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def to_vosviewer_json(network: Network) -> str:
    """Return a network as the JSON that VOSviewer (1.6.17 and later) and VOSviewer Online read."""
    scores = _scores(network)
    items = [
        {
            "id": number, "label": row["label"], "description": escape(one_line(row["id"])),
            "cluster": cluster,
            "weights": {name: row[column] for name, column in _WEIGHTS},
            "scores": {name: row[column] for name, column in scores},
        }
        for number, (row, cluster) in enumerate(_items(network), start=1)
    ]  # fmt: skip
    links = [
        {"source_id": one, "target_id": other, "strength": weight}
        for one, other, weight in _links(network)
    ]
    said = {"network": {"items": items, "links": links}}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def write_vosviewer_text(network: Network, path: Path) -> dict[Path, str]:
    """Return the contents of VOSviewer's map file and of the network file beside it."""
    map_path, network_path = _beside(path, "map"), _beside(path, "network")
    scores = _scores(network)
    head = ["id", "label", "cluster", *(f"weight<{name}>" for name, _ in _WEIGHTS),
            *(f"score<{name}>" for name, _ in scores)]  # fmt: skip
    columns = [column for _, column in (*_WEIGHTS, *scores)]
    rows = [
        [number, guarded(row["label"].replace('"', "'")), cluster,
         *(row[column] for column in columns)]
        for number, (row, cluster) in enumerate(_items(network), start=1)
    ]  # fmt: skip
    return {map_path: _tabbed([head, *rows]), network_path: _tabbed(_links(network))}


def write_tables(network: Network, path: Path) -> dict[Path, str]:
    """Return the contents of two CSV files, with the names of columns that Gephi knows."""
    nodes = network.nodes.rename(columns={"id": "Id", "label": "Label"})
    edges = network.edges.rename(
        columns={"source": "Source", "target": "Target", "weight": "Weight"}
    )
    edges["Type"] = "Directed" if network.how == "citation" else "Undirected"
    # Without the byte-order mark, which would be part of the first name.
    tables = {_beside(path, "nodes"): nodes, _beside(path, "edges"): edges}
    return {place: to_csv(table).removeprefix("\ufeff") for place, table in tables.items()}


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.stem}_{what}{path.suffix}")


def _keys(what: str, table: pd.DataFrame) -> list[str]:
    """Return the declarations of the columns of a table."""
    named = ['  <key id="node_name" for="node" attr.name="name" attr.type="string"/>']
    kinds = {"i": "long", "f": "double"}
    return (named if what == "node" else []) + [
        f'  <key id="{what}_{name}" for="{what}" attr.name="{name}" '
        f'attr.type="{kinds.get(table[name].dtype.kind, "string")}"/>'
        for name in table.columns
    ]


def _data(what: str, values: dict[str, Any]) -> list[str]:
    return [
        f'      <data key="{what}_{name}">{escape(one_line(value))}</data>'
        for name, value in values.items()
        if value is not None
    ]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain values, NA as None."""
    columns = {
        str(name): [None if pd.isna(value) else value for value in table[name].tolist()]
        for name in table.columns
    }
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values())]


def _items(network: Network) -> list[tuple[dict[str, Any], int]]:
    """Return the nodes, labels in one line, each with the number of its cluster.

    Nodes without links share the cluster after the last.
    """
    rows = _rows(network.nodes)
    last = int(network.nodes["community"].max()) + 1
    for row in rows:
        row["label"] = one_line(row["label"]) or "?"
    found = [row["community"] + 1 if row["community"] >= 0 else last + 1 for row in rows]
    return [(row, min(one, _MOST_CLUSTERS)) for row, one in zip(rows, found, strict=True)]


def _scores(network: Network) -> list[tuple[str, str]]:
    """Return the scores that every node has."""
    return [(name, column) for name, column in _SCORES if network.nodes[column].notna().all()]


def _links(network: Network) -> list[list[Any]]:
    """Return both ends of each link, as numbers from 1, and its weight."""
    number = {name: at for at, name in enumerate(network.nodes["id"].tolist(), start=1)}
    columns = [network.edges[name].tolist() for name in ("source", "target", "weight")]
    return [[number[one], number[other], weight] for one, other, weight in zip(*columns)]


def _tabbed(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


#: What writes a network in one file, by its ending.
ONE_FILE: dict[str, Callable[[Network], str]] = {
    ".graphml": to_graphml,
    ".json": to_vosviewer_json,
}
#: What writes it in two.
TWO_FILES: dict[str, Callable[[Network, Path], dict[Path, str]]] = {
    ".txt": write_vosviewer_text,
    ".csv": write_tables,
}
