"""How long links live, as steps with bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from toolkit.plots.style import COLOURS, add_summary, check_drawable, new_axes, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NEEDS = ("group", "time", "at_risk", "survival", "low", "high")
#: Bands of more curves than this hide each other.
_BANDS = 4
#: A print in grey must tell curves apart, too.
_STYLES = ("-", "--", "-.", ":")


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
        One step curve a group, the seven with most links, the largest first; its name and the
        number of links stand in the legend. Bands are drawn for up to four groups.

    Raises
    ------
    DataError
        The table is empty or not one of `link_survival`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"group": ["a", "a"], "time": [0.0, 30.0], "at_risk": [8, 8],
    ...     "survival": [1.0, 0.75], "low": [1.0, 0.3], "high": [1.0, 0.93]})
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
        curve = survival[survival["group"] == name]
        label = f"{name} ({sizes[name]:,})"
        ax.step(curve["time"], 100 * curve["survival"], where="post", color=colour, label=label,
                linestyle=style)  # fmt: skip
        if len(shown) <= _BANDS:
            ax.fill_between(
                curve["time"],
                100 * curve["low"],
                100 * curve["high"],
                step="post",
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
    published = survival.attrs.get("since") == "published"
    tidy(
        ax,
        title="How long links live",
        xlabel=f"days since {'publication' if published else 'the first check'}",
        ylabel="links alive (%)",
    )
    lowest = float(survival.loc[survival["group"].isin(shown), "low"].min())
    ax.set_ylim(max(0.0, 100 * lowest - 5), 101)
    ax.set_xlim(left=0)
    # Beside the curves: inside there is no place that none of them may cross.
    ax.legend(title="group (links)", frameon=False, loc="center left", bbox_to_anchor=(1.01, 0.5),
              fontsize="small")  # fmt: skip
    return add_summary(ax, _summary(survival, list(shown), len(sizes)))


def _summary(survival: pd.DataFrame, shown: list[str], groups: int) -> str:
    parts = []
    for name in shown:
        last = survival[survival["group"] == name].iloc[-1]
        parts.append(
            f"{name}: {100 * last['survival']:.0f} % alive after {last['time']:.0f} days "
            f"({100 * last['low']:.0f} to {100 * last['high']:.0f} %)"
        )
    text = "Links alive, Kaplan–Meier. " + "; ".join(parts) + "."
    if groups > len(shown):
        text += f" {groups - len(shown)} smaller groups are not drawn."
    p = survival.attrs.get("log_rank_p", float("nan"))
    if pd.notna(p):
        verdict = "differ" if p < 0.05 else "cannot be told apart"
        shown_p = f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"
        text += f" The groups {verdict} (log-rank {shown_p})."
    return text
