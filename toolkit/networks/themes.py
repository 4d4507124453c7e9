"""Themes of a network of words: how central each is, and how dense."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.networks.networks import Network

#: By centrality and density, each above the median or not.
_QUADRANTS = {
    (True, True): "motor",
    (True, False): "basic",
    (False, True): "niche",
    (False, False): "emerging or declining",
}
#: So many nodes name a theme.
_NAMED = 3


def find_themes(network: Network) -> pd.DataFrame:
    """Return the themes of a network of words: its communities, central and dense or not.

    Parameters
    ----------
    network : Network
        From `toolkit.find_network` with ``how="co-occurrence"`` and full counts.

    Returns
    -------
    DataFrame
        One row a community with two nodes or more, the largest first:

        - community, label (its three nodes in most papers), nodes (their number)
        - papers: of its nodes, added up; a paper with two of them counts twice
        - centrality: 10 times the sum of the equivalences of its links to other themes
        - density: 100 times that of its inner links, divided by its nodes
        - quadrant: motor (central and dense), basic (central), niche (dense), emerging or
          declining (neither); above or not the median of the themes

    Raises
    ------
    DataError
        Not a network of co-occurrence in full counts, or without links.

    Notes
    -----
    The equivalence of a link is c² / (s₁s₂), of its weight c and the papers s of both ends. Callon,
    Courtial and Laville (1991), doi:10.1007/BF02019280; Cobo, López-Herrera, Herrera-Viedma and
    Herrera (2011), doi:10.1016/j.joi.2010.10.002.

    Examples
    --------
    >>> import toolkit
    >>> papers = toolkit.synthetic.plant_literature(n_papers=60)
    >>> sorted(find_themes(toolkit.find_network(papers))["nodes"].tolist())
    [7, 7, 7]
    """
    if not isinstance(network, Network) or network.how != "co-occurrence":
        raise DataError(
            "themes are communities of words", argument="network",
            found=getattr(network, "how", type(network).__name__),
            expected="a network of co-occurrence",
            hint="Make one with toolkit.find_network(papers)",
        )  # fmt: skip
    if network.counting != "full" or network.edges.empty:
        raise DataError(
            "themes need the numbers of papers that words share", argument="network",
            found=f"counting={network.counting!r}, {len(network.edges)} links",
            expected="counting='full', and links",
        )  # fmt: skip
    nodes = network.nodes.set_index("id")
    edges, papers, group = network.edges, nodes["papers"], nodes["community"]
    ends = papers.loc[edges["source"]].to_numpy() * papers.loc[edges["target"]].to_numpy()
    equivalence = edges["weight"].to_numpy(dtype=float) ** 2 / ends
    one = group.loc[edges["source"]].to_numpy()
    other = group.loc[edges["target"]].to_numpy()
    inside = one == other
    n = int(group.max()) + 1
    outer = np.bincount(one[~inside], equivalence[~inside], n)
    outer += np.bincount(other[~inside], equivalence[~inside], n)
    inner = np.bincount(one[inside], equivalence[inside], n)
    table = pd.DataFrame([
        {
            "community": int(str(community)),
            "label": ", ".join(rows["label"].head(_NAMED)),
            "nodes": len(rows),
            "papers": int(rows["papers"].sum()),
        }
        for community, rows in nodes[group >= 0].groupby("community")
    ])  # fmt: skip
    table["centrality"] = 10 * outer[table["community"]]
    table["density"] = 100 * inner[table["community"]] / table["nodes"]
    table = table[table["nodes"] > 1].reset_index(drop=True)
    central = table["centrality"] > table["centrality"].median()
    dense = table["density"] > table["density"].median()
    table["quadrant"] = [_QUADRANTS[both] for both in zip(central, dense, strict=True)]
    return table
