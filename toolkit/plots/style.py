"""What all plots share: colours that colour-blind readers can tell apart, axes, summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
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


def check_drawable(table: pd.DataFrame, *columns: str, made_by: str) -> None:
    """Check that a table has the columns a plot draws, and rows.

    Parameters
    ----------
    table : DataFrame
        What is to be drawn.
    *columns : str
        What it must have.
    made_by : str
        The function of the toolkit that makes such tables, for the message.

    Raises
    ------
    DataError
        Another table, or an empty one.
    """
    names = list(getattr(table, "columns", ()))
    missing = not set(columns) <= set(names)
    if missing or table.empty:
        raise DataError(
            f"not a table of {made_by}" if missing else "nothing to draw",
            found=(names or type(table).__name__) if missing else "an empty table",
            expected=f"the columns {', '.join(columns)}",
            mend=f"Make it with toolkit.{made_by}",
        )


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
