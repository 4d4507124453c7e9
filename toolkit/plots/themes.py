"""Plot of themes: how central each is, and how dense."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.plots.palette import readable
from toolkit.plots.style import (
    COLOURS,
    GREY,
    add_summary,
    check_drawable,
    drawn,
    new_axes,
    shorten_label,
    tidy,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LETTERS = 40
_CORNERS = (
    (0.99, 0.99, "motor"), (0.99, 0.01, "basic"), (0.01, 0.99, "niche"),
    (0.01, 0.01, "emerging or declining"),
)  # fmt: skip


@drawn
def plot_themes(themes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the thematic map: centrality across, density upwards, lines at both medians.

    Parameters
    ----------
    themes : DataFrame
        From `toolkit.networks.find_themes`.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes
        Each theme a dot as large as its number of nodes.

    Examples
    --------
    >>> import toolkit
    >>> words = toolkit.find_network(toolkit.synthetic.plant_literature(n_papers=60))
    >>> plot_themes(toolkit.networks.find_themes(words)).get_title("left")
    '3 themes'
    """
    check_drawable(
        themes, "label", "nodes", "centrality", "density", "quadrant",
        made_by="networks.find_themes(network)",
    )  # fmt: skip
    from toolkit.plots.label_layer import LabelLayer

    own = ax is None
    ax = new_axes(ax, width=8.0, height=6.0)
    # Drawn by rank: a few themes far out would press all others into a corner.
    place = themes[["centrality", "density"]].rank().to_numpy(dtype=float)
    size = themes["nodes"].to_numpy(dtype=float)
    colours = [COLOURS[at % 4] for at in range(len(themes))]
    ax.scatter(place[:, 0], place[:, 1], s=40 + 300 * size / size.max(), c=colours, alpha=0.7)
    for line, middle in ((ax.axvline, 0), (ax.axhline, 1)):
        line(float(np.median(place[:, middle])), color=GREY, linewidth=0.8, zorder=0)
    ax.set_xticks([])
    ax.set_yticks([])
    for x, y, name in _CORNERS:
        ax.text(
            x, y, name, transform=ax.transAxes, color=GREY, fontsize="small", style="italic",
            ha="left" if x < 0.5 else "right", va="bottom" if y < 0.5 else "top",
        )  # fmt: skip
    tidy(
        ax, title=f"{len(themes)} themes", xlabel="centrality: ties to other themes (rank) →",
        ylabel="density: ties inside (rank) →",
    )  # fmt: skip
    if own:
        ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    order = np.argsort(-size, kind="stable")
    LabelLayer(
        ax, place, np.arange(len(themes)), numbers=order.tolist(),
        labels=[shorten_label(themes["label"].iloc[at], _LETTERS) for at in order],
        sizes=themes["nodes"].to_numpy()[order], anchors=place[order],
        colours=[readable(colours[at], "white") for at in order], radius=12.0,
        pad=0.12 * len(themes), most=None, tell=lambda _: None,
    ).update()  # fmt: skip
    groups = [
        f"{name}: {'; '.join(shorten_label(label, _LETTERS) for label in rows['label'])}"
        for name, rows in themes.groupby("quadrant", sort=False)
    ]
    return add_summary(ax, f"A map of {len(themes)} themes by centrality and density. "
                           f"{'. '.join(groups)}.")  # fmt: skip
