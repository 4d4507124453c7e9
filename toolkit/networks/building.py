"""How a network is made: which units, their links, the tables of nodes and edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.networks.cited_papers import years_of
from toolkit.networks.links import (
    MOST_LINKS,
    action_weights,
    link_units,
    similarity,
    to_matrix,
    total_strength,
)
from toolkit.networks.measures import betweenness, communities, make_graph
from toolkit.networks.units import Members, cited_units, read_references, tell_apart, units_of
from toolkit.papers.values import warn_variants

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: With limit="auto", at most so many nodes.
AUTO_LIMIT = 500
#: With max_per_paper="auto", papers with more authors than this are left out of co-authorship.
AUTO_MOST = 100
#: If ties would leave fewer nodes than this, the strongest of them are taken.
_FEW = 50
#: So many other forms of a node are named.
_VARIANTS = 5


class Asked(NamedTuple):
    """The arguments of `find_network`, checked."""

    of: str
    how: str
    counting: str
    normalize: str | None
    min_papers: int
    limit: int | str | None
    max_per_paper: int | str | None
    resolution: float
    seed: int


class Links(NamedTuple):
    """The links between the units kept.

    Attributes
    ----------
    members : Members
        All units.
    has : sparse matrix, shape (n_papers, n_units)
        Which paper has (or cites) which.
    kept : int array, shape (n_nodes,)
        Numbers of the units that are nodes, in the order of the nodes.
    one, other : int arrays, shape (n_links,)
        Both ends of each link, as places in `kept`; of citations, the citing end first.
    weight : float array, shape (n_links,)
    size : float array, shape (n_nodes,)
        What normalisation divides by.
    """

    members: Members
    has: Any
    kept: NDArray[np.int64]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    weight: NDArray[np.float64]
    size: NDArray[np.float64]


def build_shared(papers: pd.DataFrame, asked: Asked) -> Links:
    """Return links made by what two units share: papers that have both, or works that both cite."""
    cited = asked.how == "co-citation"
    members = cited_units(papers, asked.of) if cited else units_of(papers, asked.of)
    if asked.max_per_paper is not None:
        members = _without_long(members, asked, len(papers))
    has = to_matrix(members.row, members.unit, (len(papers), len(members.names)))
    shared = has
    if asked.how == "coupling":
        works = read_references(papers)
        cites = to_matrix(works.work, works.row, (len(works.references), len(papers)))
        shared = (cites @ has).tocsr()
    elif not (np.diff(has.indptr) > 1).any():
        raise DataError(
            f"no paper has two values of {asked.of!r}: nothing to connect",
            found=f"one each in {int((np.diff(has.indptr) == 1).sum())} papers",
            hint="Papers and venues are linked by how='coupling' or how='citation', where there "
            "are references",
        )
    weights = action_weights(shared, asked.counting)
    kept = _choose(members, has, total_strength(shared, weights), asked)
    one, other, weight = link_units(shared, weights, kept)
    size = np.asarray(shared.multiply(shared).sum(axis=0)).ravel()[kept]
    return Links(members, has, kept, one, other, weight, size)


def build_citations(papers: pd.DataFrame, asked: Asked) -> Links:
    """Return links from the citing to the cited, among the papers of the collection."""
    works = read_references(papers)
    inside = (works.paper[works.work] >= 0) & (works.paper[works.work] != works.row)
    ends = pd.DataFrame({"from": works.row[inside], "to": works.paper[works.work[inside]]})
    ends = ends.drop_duplicates()
    if ends.empty:
        raise DataError(
            "no paper cites another one of the collection",
            column="references",
            found=f"{len(works.references):,} cited works, none of them one of the "
            f"{len(papers):,} papers",
            hint="how='coupling' links papers by works outside the collection that both cite",
        )
    members = units_of(papers, asked.of)
    shape = (len(papers), len(members.names))
    has = to_matrix(members.row, members.unit, shape)
    cites = to_matrix(ends["from"].to_numpy(), ends["to"].to_numpy(), (len(papers), len(papers)))
    shares = has
    if asked.counting == "fractional":
        cites, shares = _per_row(cites), _per_row(has)
    between = (shares.T @ cites @ shares).tocsr()
    between.setdiag(0)
    between.eliminate_zeros()
    size = np.asarray(between.sum(axis=0)).ravel() + np.asarray(between.sum(axis=1)).ravel()
    kept = _choose(members, has, size, asked)
    links = between[kept][:, kept].tocoo()
    if links.nnz > MOST_LINKS:
        raise DataError(
            f"too many links: {links.nnz:,}", argument="limit", found=f"{len(kept):,} nodes",
            expected=f"{MOST_LINKS:,} links at most", hint="Raise min_papers, or set limit",
        )  # fmt: skip
    one, other = links.row.astype(np.int64), links.col.astype(np.int64)
    return Links(members, has, kept, one, other, links.data, size[kept])


def make_tables(
    papers: pd.DataFrame, links: Links, asked: Asked
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of nodes and edges."""
    members, kept, n = links.members, links.kept, len(links.kept)
    alike = similarity(
        links.weight, links.size[links.one], links.size[links.other], asked.normalize
    )
    low, high = np.minimum(links.one, links.other), np.maximum(links.one, links.other)
    # Citations in both directions are one link of the graph.
    each = pd.DataFrame({"low": low, "high": high, "alike": alike})
    both = each.groupby(["low", "high"])["alike"].sum().reset_index()
    graph = make_graph(n, both["low"].to_numpy(), both["high"].to_numpy())
    strength = np.bincount(low, links.weight, n) + np.bincount(high, links.weight, n)
    has = links.has[:, kept]
    ids = pd.Series([members.names[unit] for unit in kept], dtype="string")
    nodes = pd.DataFrame({
        "id": ids,
        "label": pd.array(tell_apart([members.labels[unit] for unit in kept]), dtype="string"),
        "papers": np.asarray(has.sum(axis=0)).ravel().astype(np.int64),
        "degree": np.array(graph.degree(), dtype=np.int64),
        "strength": _weight(strength, asked),
        "betweenness": betweenness(graph),
        "community": communities(
            graph, both["alike"].to_numpy(), resolution=asked.resolution, seed=asked.seed
        ),
        "mean_year": _mean_year(papers, links),
        "mean_cited_by": _mean_of(papers, "cited_by", links),
        "variants": _variants(links, asked),
    })  # fmt: skip
    if asked.how == "citation":
        nodes["cited"] = _weight(np.bincount(links.other, links.weight, n), asked)
    order = np.lexsort((links.other, links.one, -links.weight.round(12)))
    edges = pd.DataFrame({
        "source": ids.iloc[links.one[order]].array,
        "target": ids.iloc[links.other[order]].array,
        "weight": _weight(links.weight[order], asked),
        "similarity": alike[order].round(15),
    })  # fmt: skip
    return nodes, edges


def _choose(
    members: Members, has: Any, strength: NDArray[np.float64], asked: Asked
) -> NDArray[np.int64]:
    """Return the numbers of the units that are nodes: by papers, strength and name."""
    in_papers = np.asarray(has.sum(axis=0)).ravel().astype(np.int64)
    order = np.array(
        sorted(
            np.flatnonzero(in_papers >= asked.min_papers),
            key=lambda at: (-in_papers[at], -round(float(strength[at]), 6), members.names[at]),
        ),
        dtype=np.int64,
    )
    if len(order) < 2:
        raise DataError(
            f"fewer than two {asked.of} to connect",
            found=len(order),
            expected="two or more",
            hint=f"min_papers={asked.min_papers} leaves out {len(members.names) - len(order):,}"
            if asked.min_papers > 1
            else "Load more papers",
        )
    most = AUTO_LIMIT if asked.limit == "auto" else asked.limit
    if most is None or len(order) <= int(most):
        return order
    kept = order[: int(most)]
    least = int(in_papers[order[int(most)]]) + 1
    untied = order[in_papers[order] >= least]
    if asked.limit == "auto" and len(untied) >= _FEW:
        kept = untied
        reason = f"those in {least} papers or more"
    else:
        reason = "those in most papers, then with the strongest links"
    warn_user(f"kept {len(kept):,} of {len(order):,} {asked.of}: {reason}; limit=None keeps all")
    return kept


def _without_long(members: Members, asked: Asked, n_papers: int) -> Members:
    """Leave out papers with more units than `max_per_paper`; a warning counts them."""
    auto = asked.max_per_paper == "auto"
    if auto and asked.how != "co-authorship":
        return members
    most = AUTO_MOST if auto else int(asked.max_per_paper or 0)
    each = np.bincount(members.row, minlength=n_papers)
    long = int((each > most).sum())
    # Where all that could be linked is in long lists, they are what was asked for.
    if not long or (auto and not ((each > 1) & (each <= most)).any()):
        return members
    warn_user(
        f"left out: {long:,} paper{'s' if long > 1 else ''} with more than {most:,} {asked.of}, "
        f"up to {each.max():,}"
        + ("; max_per_paper=None keeps them, a number sets another bound" if auto else "")
    )
    inside = each[members.row] <= most
    if not inside.any():
        raise DataError(
            "no paper is left", argument="max_per_paper", found=most,
            expected=f"{int(each[each > 0].min())} or more",
        )  # fmt: skip
    return Members(
        members.row[inside], members.unit[inside], members.names, members.labels, members.year,
        members.variants,
    )  # fmt: skip


def _per_row(matrix: Any) -> Any:
    """Return a matrix with rows that sum to 1, but for empty ones."""
    from scipy.sparse import diags_array

    sums = np.asarray(matrix.sum(axis=1)).ravel()
    scale = np.divide(1.0, sums, out=np.zeros(len(sums)), where=sums > 0)
    return (diags_array(scale) @ matrix).tocsr()


def _weight(weight: NDArray[Any], asked: Asked) -> NDArray[Any]:
    """Return full counts as whole numbers, others without the last digits, which sums change."""
    return np.rint(weight).astype(np.int64) if asked.counting == "full" else weight.round(12)


def _mean_year(papers: pd.DataFrame, links: Links) -> NDArray[np.float64]:
    if links.members.year is not None:
        return links.members.year[links.kept]
    return _mean(years_of(papers), links)


def _mean_of(papers: pd.DataFrame, column: str, links: Links) -> NDArray[np.float64]:
    if column not in papers or links.members.year is not None:
        return np.full(len(links.kept), np.nan)
    counts = [np.nan if pd.isna(one) else float(one) for one in papers[column].tolist()]
    return _mean(np.array(counts), links)


def _mean(values: NDArray[np.float64], links: Links) -> NDArray[np.float64]:
    """Return the mean of a paper's value over the papers of each node that have one."""
    there = ~np.isnan(values)
    has = links.has[:, links.kept].T
    total, n = has @ np.where(there, values, 0.0), has @ there.astype(np.float64)
    mean: NDArray[np.float64] = np.divide(total, n, out=np.full(len(total), np.nan), where=n > 0)
    return mean


def _variants(links: Links, asked: Asked) -> pd.Series[str]:
    """Return the other forms of each node."""
    members = links.members
    if members.variants is not None:
        found = [members.variants[unit] for unit in links.kept]
    elif asked.of in ("papers", "terms") or asked.how == "co-citation":
        found = [[] for _ in links.kept]
    else:
        names = [members.names[unit] for unit in links.kept]
        column = {"venues": "venue"}.get(asked.of, asked.of)
        alike = warn_variants(names, column, "; the column `variants` names them")
        found = [alike.get(name, []) for name in names]
    return pd.Series(
        [" | ".join(forms[:_VARIANTS]) if forms else None for forms in found], dtype="string"
    )
