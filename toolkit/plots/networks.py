"""Plot of a network: nodes by community or by mean year, the strongest links, labels that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import DataError, checked
from toolkit.networks import Network
from toolkit.networks.layout import place_nodes
from toolkit.plots.palette import is_dark, readable, topic_colours
from toolkit.plots.style import (
    COLOURS,
    GREY,
    WIDTH,
    add_summary,
    drawn,
    new_axes,
    shorten_label,
    tidy,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

#: So many nodes are drawn, the first ones, and so many links, the strongest.
_MOST_NODES, _MOST_LINKS = 500, 1000
#: Labels are written in lines, and cut at so many letters; those of the legend sooner.
_LETTERS, _LEGEND_LETTERS = 64, 34
#: So many communities have a colour: those whose nodes are in most papers.
_MOST_COLOURS = 12
#: And so many are named in the summary.
_MOST_NAMED = 6
#: The scale of years leaves out so much at either end.
_OUTSIDE = 0.05
#: Without yellow, too pale on white, and black, which a dark page hides.
_PALETTE = tuple(colour for colour in COLOURS if colour not in ("#F0E442", "#000000"))
_BY = ("community", "mean_year")


@checked
@drawn
def plot_network(
    network: Network, *, by: str = "community", seed: int = 42, ax: Axes | None = None
) -> Axes:
    """Draw a network: each node a dot as large as its papers, the strongest links, labels that fit.

    Parameters
    ----------
    network : Network
        From `toolkit.find_network`.
    by : {"community", "mean_year"}
        What colours tell. A legend names communities by their largest nodes: the twelve whose
        nodes are in most papers; others are grey. The scale of years spans the middle 90 % of
        the nodes; arrows at its ends stand for years outside.
    seed : int
        Of the layout.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        Nodes without links are not drawn, nor any but the first 500; notes count them. Near means
        linked; axes have no unit.

    Raises
    ------
    DataError
        No network, none with links, or an unknown `by`.

    Examples
    --------
    >>> import pandas as pd, toolkit
    >>> papers = pd.DataFrame({"paper_id": ["a", "b"], "title": ["A", "B"],
    ...                        "authors": ["Ann Oak; Bo Elm", "Bo Elm; Cy Fir"]})
    >>> plot_network(toolkit.find_network(papers, of="authors")).get_title("left")
    '3 authors, 2 links (co-authorship), 1 community'
    """
    if not isinstance(network, Network):
        raise DataError(
            "not a network", argument="network", found=type(network).__name__,
            expected="a Network", hint="Make one with toolkit.find_network(papers)",
        )  # fmt: skip
    if by not in _BY:
        raise DataError("unknown colours", argument="by", found=by, expected=" or ".join(_BY))
    if network.edges.empty:
        raise DataError(
            "a network without links", argument="network",
            found=f"{len(network.nodes)} nodes, none linked",
            hint="Lower min_papers, or raise limit, of toolkit.find_network",
        )  # fmt: skip
    own = ax is None
    linked = network.nodes[network.nodes["degree"] > 0]
    nodes = linked.head(_MOST_NODES).reset_index(drop=True)
    edges = network.edges
    edges = edges[edges["source"].isin(nodes["id"]) & edges["target"].isin(nodes["id"])]
    one, other = _ends(nodes, edges)
    place = place_nodes(len(nodes), one, other, edges["similarity"].to_numpy(float), seed=seed)
    ax = new_axes(ax, width=WIDTH, height=7.5)
    strongest = np.argsort(-edges["weight"].to_numpy(float), kind="stable")[:_MOST_LINKS]
    if len(edges):
        _draw_links(ax, place, one[strongest], other[strongest], edges["weight"].iloc[strongest])
    size = 12 + 240 * (nodes["papers"] / nodes["papers"].max()).to_numpy(float)
    paper = _background(ax)
    colours = _colours(nodes, place, dark=is_dark(paper))
    ax.set_xticks([])
    ax.set_yticks([])
    alone = len(network.nodes) - len(linked)
    title = _title(network, linked)
    notes = ["near means linked, distances have no unit"]
    notes += [f"first {len(nodes):,} {network.of} drawn"] if len(nodes) < len(linked) else []
    notes += [f"{_MOST_LINKS:,} strongest links drawn"] if len(edges) > _MOST_LINKS else []
    notes += [f"{alone:,} {network.of} without links not drawn"] if alone else []
    tidy(ax, title=title, xlabel="; ".join(notes))
    ax.xaxis.label.set_fontsize("small")
    ax.spines[["left", "bottom"]].set_visible(False)
    year = nodes["mean_year"].to_numpy(float)
    if by == "mean_year" and np.isfinite(year).any():
        dots = ax.scatter(place[:, 0], place[:, 1], s=size, c=year, cmap="viridis", zorder=2)
        _add_years(ax, dots, year)
        colour = [GREY] * len(nodes)
    else:
        colour = [colours.get(one, GREY) for one in nodes["community"].tolist()]
        dots = ax.scatter(place[:, 0], place[:, 1], s=size, c=colour, zorder=2)
        _add_legend(ax, nodes, colours)
    dots.set(edgecolors="white", linewidths=0.6)
    _write_labels(ax, nodes, place, [readable(one, paper) for one in colour], own=own)
    return add_summary(ax, _in_words(network, linked, title))


def _write_labels(
    ax: Axes, nodes: pd.DataFrame, place: NDArray[np.float64], colours: list[str], *, own: bool
) -> None:
    """Name as many nodes as there is room for, those in most papers first."""
    from toolkit.plots.label_layer import LabelLayer

    first = np.argsort(-nodes["papers"].to_numpy(), kind="stable")
    if own:
        ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    LabelLayer(
        ax, place, np.arange(len(nodes)), numbers=first.tolist(),
        labels=[_shown(nodes["label"].iloc[at]) for at in first],
        sizes=nodes["papers"].to_numpy()[first], anchors=place[first],
        colours=[colours[at] for at in first], radius=4.0,
        pad=0.04 * float(np.ptp(place, axis=0).max()), most=None, tell=lambda _: None,
    ).update()  # fmt: skip


def _ends(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[NDArray[np.int64]]:
    """Return the places among the nodes of both ends of each link."""
    at = {name: place for place, name in enumerate(nodes["id"].tolist())}
    return [
        np.array([at[name] for name in edges[end].tolist()], dtype=np.int64)
        for end in ("source", "target")
    ]


def _draw_links(
    ax: Axes,
    place: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    weight: Any,
) -> None:
    from matplotlib.collections import LineCollection

    width = 0.3 + 2.2 * np.sqrt(weight.to_numpy(float) / weight.max())
    lines = np.stack([place[one], place[other]], axis=1)
    ax.add_collection(
        LineCollection(list(lines), linewidths=width, colors=GREY, alpha=0.3, zorder=1)
    )


def _background(ax: Axes) -> tuple[float, ...]:
    from matplotlib.colors import to_rgba

    *rgb, alpha = to_rgba(ax.get_facecolor())
    return tuple(alpha * part + 1 - alpha for part in rgb)


def _colours(nodes: pd.DataFrame, place: NDArray[np.float64], *, dark: bool) -> dict[int, str]:
    """Return the colours of the communities whose nodes are in most papers, in this order."""
    papers = nodes.groupby("community")["papers"].sum()
    order = papers.sort_values(ascending=False, kind="stable").index[:_MOST_COLOURS].tolist()
    if len(order) <= len(_PALETTE):
        return dict(zip(order, _PALETTE))
    community = nodes["community"].to_numpy()
    centres = np.array([np.median(place[community == one], axis=0) for one in order])
    found = topic_colours(range(len(order)), centres, dark=dark)
    return {one: found[at] for at, one in enumerate(order)}


def _add_legend(ax: Axes, nodes: pd.DataFrame, colours: dict[int, str]) -> None:
    """Name the communities by their largest nodes, below the axes."""
    from matplotlib.lines import Line2D

    groups = nodes.groupby("community")
    if len(groups) < 2:
        return
    said = [(colour, _named(groups.get_group(one))) for one, colour in colours.items()]
    rest = nodes[~nodes["community"].isin(list(colours))]
    if len(rest):
        others = rest["community"].nunique()
        more = f"{others} other communit{'ies' if others > 1 else 'y'} ({len(rest)})"
        said.append((GREY, more))
    dots = [Line2D([], [], marker="o", ls="", color=colour) for colour, _ in said]
    ax.legend(
        dots, [text for _, text in said], loc="upper center", bbox_to_anchor=(0.5, -0.05),
        ncols=2 if len(said) > 2 else 1, frameon=False, fontsize="small", handletextpad=0.2,
    )  # fmt: skip


def _named(group: pd.DataFrame) -> str:
    """Return the two largest nodes of a community, and how many it has."""
    largest = group.sort_values("papers", ascending=False, kind="stable")["label"].head(2)
    names = ", ".join(_shown(label, _LEGEND_LETTERS) for label in largest)
    return f"{names} ({len(group)})"


def _add_years(ax: Axes, dots: Any, year: NDArray[np.float64]) -> None:
    """Draw the scale of years, without the few that are far from all others."""
    from matplotlib.ticker import MaxNLocator

    known = year[np.isfinite(year)]
    low, high = np.quantile(known, [_OUTSIDE, 1 - _OUTSIDE])
    if low == high:
        low, high = known.min(), known.max()
    one = low == high
    if one:  # matplotlib would draw two centuries before and after
        low, high = low - 0.5, high + 0.5
    dots.set_clim(low, high)
    before, after = known.min() < low, known.max() > high
    ends = {(True, True): "both", (True, False): "min", (False, True): "max"}
    # Inside these axes: a colour bar of its own would change their size, and move the labels.
    bar = ax.inset_axes((1.01, 0.2, 0.02, 0.6))
    found = ax.figure.colorbar(
        dots, cax=bar, label="mean year of publication", extendfrac=0.04,
        extend=ends.get((bool(before), bool(after)), "neither"),
    )  # fmt: skip
    if one or high - low >= 2:
        found.locator = MaxNLocator(integer=True, nbins=6)
        found.update_ticks()


def _title(network: Network, nodes: pd.DataFrame) -> str:
    groups, links = nodes["community"].nunique(), len(network.edges)
    return (
        f"{len(nodes):,} {network.of}, {links:,} link{'s' if links > 1 else ''} "
        f"({network.how}), {groups} {'communities' if groups > 1 else 'community'}"
    )


def _shown(label: str, letters: int = _LETTERS) -> str:
    """Return a label without characters that no font has, cut."""
    return shorten_label("".join(c for c in str(label) if c.isprintable()), letters)


def _in_words(network: Network, nodes: pd.DataFrame, title: str) -> str:
    found: list[str] = []
    for community, group in nodes.groupby("community"):
        if len(found) < _MOST_NAMED:
            names = ", ".join(_shown(label) for label in group["label"].head(3))
            found.append(f"{int(str(community)) + 1}. {names} ({len(group)})")
    top = network.edges.iloc[0]
    label = dict(zip(network.nodes["id"], network.nodes["label"], strict=True))
    ends = f"{_shown(label[top['source']])} and {_shown(label[top['target']])}"
    return (
        f"A network of {title}. Largest communities: {'; '.join(found)}. "
        f"The strongest link joins {ends} (weight {float(top['weight']):.3g})."
    )
