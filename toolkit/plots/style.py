"""What all plots share: colours that colour-blind readers can tell apart, axes, summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe & Ito's palette (https://jfly.uni-koeln.de/color/), the darkest first.
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#F0E442",
)
GREY = "#767676"


def new_axes(ax: Axes | None, *, width: float = 7.0, height: float = 4.0) -> Axes:
    """Return `ax`, or the axes of a new figure of `width` × `height` inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def tidy(ax: Axes, *, title: str, xlabel: str = "", ylabel: str = "") -> Axes:
    """Set title and labels, take away the two spines that carry nothing."""
    ax.set_title(title, loc="left", fontsize="medium", fontweight="bold")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def add_summary(ax: Axes, text: str) -> Axes:
    """Attach a text that says what the plot shows, for screen readers and for pasting."""
    ax.figure._toolkit_summary = text  # type: ignore[union-attr]
    return ax


def text_summary(ax: Axes) -> str:
    """Return the text that says what a plot of the toolkit shows.

    Examples
    --------
    >>> ax = add_summary(new_axes(None), "One topic rises.")
    >>> text_summary(ax)
    'One topic rises.'
    """
    return str(getattr(ax.figure, "_toolkit_summary", ""))
