"""Survival curves of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from toolkit.errors import checked
from toolkit.plots.style import COLOURS, add_summary, check_drawable, drawn, new_axes, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NEEDS = ("group", "after", "time", "at_risk", "survival", "low", "high")
#: With more curves than this their bands would overlap too much.
_MAX_BANDS = 4
#: Line styles tell curves apart in grey, too.
_STYLES = ("-", "--", "-.", ":")


@checked
@drawn
def plot_survival(survival: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the curves of `link_survival`: the share of links alive, with its interval.

    Parameters
    ----------
    survival : DataFrame
        From `link_survival`.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        One curve a group, for the seven groups with most links; the legend has their names and
        numbers of links. Points and solid lines are shares that the checks tell; between two
        checks links died nobody knows when, and a dotted line joins the two. Bands are drawn for
        up to four groups.

    Raises
    ------
    DataError
        The table is empty or not one of `link_survival`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"group": ["a", "a"], "after": [0.0, 9.0], "time": [0.0, 30.0],
    ...     "at_risk": [8, 8], "survival": [1.0, 0.75], "low": [1.0, 0.3], "high": [1.0, 0.93]})
    >>> plot_survival(table).get_ylabel()
    'links alive (%)'
    """
    check_drawable(survival, *_NEEDS, made_by="link_survival")
    ax = new_axes(ax, width=8.5)
    sizes = (
        survival.groupby("group", sort=False)["at_risk"]
        .max()
        .sort_values(ascending=False, kind="stable")
    )
    shown = sizes.index[:7]
    for colour, style, name in zip(COLOURS, 2 * _STYLES, shown):
        curve = _outline(survival[survival["group"] == name])
        label = f"{name} ({sizes[name]:,})"
        ax.plot(curve["time"], 100 * curve["known"], color=colour, label=label, linestyle=style,
                marker=".", ms=5)  # fmt: skip
        ax.plot(curve["time"], 100 * curve["between"], color=colour, linestyle=":", lw=1)
        if len(shown) <= _MAX_BANDS:
            ax.fill_between(
                curve["time"],
                100 * curve["low"],
                100 * curve["high"],
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
    since = survival.get("since", pd.Series(["first check"])).dropna().unique()
    starts = ["publication" if start == "published" else "the first check" for start in since]
    tidy(
        ax,
        title=f"{_invented(survival)}How long links live",
        xlabel=f"days since {' or '.join(starts)}",
        ylabel="links alive (%)",
    )
    lowest = float(survival.loc[survival["group"].isin(shown), "low"].min())
    ax.set_ylim(max(0.0, 100 * lowest - 5), 101)
    ax.set_xlim(left=0)
    # Beside the axes, where no curve can cross it.
    ax.legend(title="group (links)", frameon=False, loc="center left", bbox_to_anchor=(1.01, 0.5),
              fontsize="small")  # fmt: skip
    return add_summary(ax, _summary(survival, list(shown), len(sizes)))


def _outline(curve: pd.DataFrame) -> pd.DataFrame:
    """Return a curve's corners: known shares, lines across the gaps between checks, the band."""
    rows: list[tuple[float, float, float, float, float]] = []
    before = curve.iloc[0]
    for _, row in curve.iterrows():
        nan = float("nan")
        start, end = before["survival"], row["survival"]
        rows += [
            (row["after"], start, start, before["low"], before["high"]),
            (row["after"], nan, start, row["low"], before["high"]),
            (row["time"], nan, end, row["low"], before["high"]),
            (row["time"], end, nan, row["low"], row["high"]),
        ]
        before = row
    return pd.DataFrame(rows, columns=["time", "known", "between", "low", "high"])


def _invented(survival: pd.DataFrame) -> str:
    """Return what to say before a title where checks were made up."""
    return "INVENTED CHECKS. " if survival.get("invented", pd.Series([False])).any() else ""


def _summary(survival: pd.DataFrame, shown: list[str], groups: int) -> str:
    parts = []
    for name in shown:
        last = survival[survival["group"] == name].iloc[-1]
        parts.append(
            f"{name}: {100 * last['survival']:.0f} % alive after {last['time']:.0f} days "
            f"({100 * last['low']:.0f} to {100 * last['high']:.0f} %)"
        )
    text = f"{_invented(survival)}Links alive. " + "; ".join(parts) + "."
    if groups > len(shown):
        text += f" {groups - len(shown)} smaller groups are not drawn."
    found = survival.get("log_rank_p", pd.Series(dtype=float)).dropna().unique()
    if len(found) == 1:
        verdict = "differ" if found[0] < 0.05 else "cannot be told apart"
        p = f"p = {found[0]:.2g}" if found[0] >= 0.001 else "p < 0.001"
        text += f" All groups of the log together {verdict} ({p})."
    return text
