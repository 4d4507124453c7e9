"""Plots of availability: rates by group or over time, and levels of reuse."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.plots.style import (
    COLOURS,
    GREY,
    add_summary,
    check_drawable,
    describe_left_out,
    drawn,
    new_axes,
    shorten_label,
    tidy,
    trim_ends,
)
from toolkit.trends.frequencies import FEW_PAPERS
from toolkit.trends.table import read_periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

#: Of more groups than this only the largest are drawn.
MAX_GROUPS = 25
#: How the axes name what is available.
_WHAT = {
    "artifact": "code, data, a model or a page",
    "model": "a model",
    "demo": "a demo",
    "project": "a project page",
    "registry": "a registration",
}
#: How they name it where people say that papers have it.
_PUBLIC = {
    "code": "public code",
    "artifact": "public code, data, a model or a page",
    "data": "public data",
    "model": "a public model",
    "demo": "a public demo",
    "project": "a public project page",
    "registry": "a registration",
}
_BORROWED = "corrected by labels of other groups"
#: With at most one linked paper in this many or more there is nothing to compare.
_MANY = 30


@checked
@drawn
def plot_availability(rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw shares with intervals: over time a line with a band, else one row a group.

    Parameters
    ----------
    rates : DataFrame
        From `availability` or `corrected_availability`.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Percent of papers. Points of periods that the collection does not cover in full are
        hollow, those of periods with fewer than 30 papers small, those corrected by labels of other
        groups alone hollow too, as the legend says; nothing is drawn for periods
        without papers. Of more than 25 groups the largest 25 with five papers or more are drawn,
        and the title says so. Where the table holds a corrected share, both shares are drawn,
        with the interval of the corrected one. Where at most one paper of 30 or more links it,
        one sentence says so in place of lines at zero.

    Raises
    ------
    DataError
        The table is empty, not of these functions, or holds a period twice.

    Examples
    --------
    >>> rates = pd.DataFrame({"group": ["a", "b"], "n": [10, 20], "share": [0.5, 0.25],
    ...                       "low": [0.24, 0.11], "high": [0.76, 0.47]})
    >>> plot_availability(rates).get_xlabel()
    'papers that link code (%), 95 % interval'
    """
    check_drawable(rates, "group", "n", "share", "low", "high", made_by="availability")
    if not (rates["n"] > 0).any():
        raise DataError("nothing to draw", found="no papers in any group")
    names = _distinct(rates, "what", "code")
    what = " / ".join(_WHAT.get(name, name) for name in names)
    if (nothing := _too_few(rates, what, names)) is not None:
        return _message(nothing, ax)
    level = " / ".join(f"{100 * value:g}" for value in _distinct(rates, "confidence", 0.95))
    by = " / ".join(_distinct(rates, "by", ""))
    measure = f"papers that link {what}{' there' if by == 'host' else ''}"
    if "corrected" in rates:
        measure = f"papers that have {' / '.join(_PUBLIC.get(name, name) for name in names)}"
    measure += f" (%), {level} % interval"
    if "period" in rates and rates["period"].notna().all():
        return _over_time(read_periods(rates), measure, by or "period", ax)
    return _by_group(rates, measure, by, ax)


def _too_few(rates: pd.DataFrame, what: str, names: list[str]) -> str | None:
    """Return a sentence where no or one paper links anything, so that no rates can be compared."""
    if "linked" not in rates:
        return None
    whole = "all_n" in rates and rates["all_n"].nunique() == 1
    n = int(rates["all_n"].iloc[0] if whole else rates["n"].sum())
    linked = int(rates["all_linked"].iloc[0] if whole else rates["linked"].sum())
    if linked > 1 or n < _MANY:
        return None
    said = f"{'No paper' if linked == 0 else 'One paper'} of {n:,} links {what} in what was read"
    # Artifact holds all but registrations.
    others = ["registry"] if "artifact" in names else ["data", "registry", "artifact"]
    others = [name for name in others if name not in names] or ["artifact"]
    calls = f"what={' or '.join(map(repr, others))}"
    studies = " ('registry': registered studies)" if "registry" in others else ""
    return (
        f"{said}: there is nothing to compare. availability(papers, …) with {calls} counts what "
        f"else they give{studies}; toolkit.rates.draw_sample and corrected_availability say what "
        "abstracts leave out."
    )


def _message(words: str, ax: Axes | None) -> Axes:
    ax = new_axes(ax, width=8, height=1.3)
    ax.set_axis_off()
    ax.text(0, 0.5, textwrap.fill(words, 95), transform=ax.transAxes, va="center")
    return add_summary(ax, words)


def _over_time(rates: pd.DataFrame, measure: str, by: str, ax: Axes | None) -> Axes:
    if rates["period"].duplicated().any():
        raise DataError(
            "a period appears twice",
            column="period",
            found=str(rates.loc[rates["period"].duplicated(), "group"].iloc[0]),
            hint="Draw each table on its own: the second with ax=plot_availability(first)",
        )
    ax = new_axes(ax, width=8, height=4)
    shown, left_out = trim_ends(rates.sort_values("period").assign(total=rates["n"]))
    value = "corrected" if "corrected" in shown else "share"
    days = shown["period"].to_numpy()
    ax.fill_between(
        days, 100 * shown["low"], 100 * shown["high"], color=COLOURS[0], alpha=0.18, linewidth=0
    )
    # A point between two gaps has no band: its interval is a line.
    ax.vlines(days, 100 * shown["low"], 100 * shown["high"], color=COLOURS[0], alpha=0.35, lw=0.8)
    label = "corrected" if value == "corrected" else None
    ax.plot(days, 100 * shown[value], color=COLOURS[0], lw=1.8, label=label)
    partial = shown["partial"].to_numpy(dtype=bool)
    few, borrowed = (shown["n"] < FEW_PAPERS).to_numpy(), _borrowed(shown)
    for some, face, size, words in (
        (~partial & ~few & ~borrowed, COLOURS[0], 6, None),
        (~partial & few & ~borrowed, COLOURS[0], 3, f"fewer than {FEW_PAPERS} papers"),
        (partial & ~borrowed, ax.get_facecolor(), 6, "period not covered in full"),
        (borrowed, ax.get_facecolor(), 5, _BORROWED),
    ):
        if some.any():
            shape = "D" if words == _BORROWED else "o"
            ax.plot(days[some], 100 * shown[value][some], shape, color=COLOURS[0], mfc=face,
                    ms=size, label=words)  # fmt: skip
    if value == "corrected":
        ax.plot(days, 100 * shown["share"], color=GREY, lw=1.2, ls="--", label="as detected")
    names = shown["group"].tolist()
    step = max(1, len(names) // 10)
    ax.set_xticks(days[::step], names[::step], fontsize="small")
    # Two papers of one year do not stretch the axis to 100 %.
    tall = shown if few.all() else shown[~few]
    ax.set_ylim(0, min(100, max(5, 115 * float(np.nanmax(tall["high"])))))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, loc="lower left", ncols=3, fontsize="small")
    title = f"{int(shown['n'].sum()):,} papers over time"
    tidy(ax, title=title, xlabel=f"{by}{describe_left_out(left_out, '; ')}", ylabel=measure)
    ends = shown.dropna(subset=[value])
    first, last = ends.iloc[0], ends.iloc[-1]
    words = (
        f"{measure}: {_row(first, value)} in {first['group']}, {_row(last, value)} in "
        f"{last['group']}; {len(ends)} period{'s' if len(ends) != 1 else ''}."
    )
    return add_summary(ax, words + describe_left_out(left_out, " Not drawn: "))


def _by_group(rates: pd.DataFrame, measure: str, by: str, ax: Axes | None) -> Axes:
    value = "corrected" if "corrected" in rates else "share"
    # All hosts are shares of the same papers.
    size = "linked" if by == "host" and "linked" in rates else "n"
    known = rates[rates["n"] > 0]
    # Of many groups, those with one or two papers show nothing.
    shown = known[known[size] >= 5] if len(known) > MAX_GROUPS else known
    shown = shown if len(shown) else known
    shown = shown.nlargest(MAX_GROUPS, size).sort_values(value, kind="stable")
    ax = new_axes(ax, width=8, height=max(1.6, 0.3 * len(shown) + 1.0))
    places = np.arange(len(shown))
    ax.hlines(places, 100 * shown["low"], 100 * shown["high"], color=COLOURS[0], lw=2.2)
    borrowed = (
        shown.get("labels_of", pd.Series("", index=shown.index)).eq("other groups").to_numpy()
    )
    label = "corrected" if value == "corrected" else None
    for some, face, words in (
        (~borrowed, COLOURS[0], label),
        (borrowed, ax.get_facecolor(), _BORROWED),
    ):
        if some.any():
            ax.plot(100 * shown[value][some], places[some], "o", color=COLOURS[0], mfc=face, ms=6,
                    label=words, clip_on=False)  # fmt: skip
    if value == "corrected":
        ax.plot(100 * shown["share"], places, "|", color=COLOURS[1], ms=11, mew=2,
                label="as detected")  # fmt: skip
        # Above the axes, where no interval is.
        ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=3,
                  fontsize="small", borderaxespad=0.2)  # fmt: skip
    whole = rates["all_linked"] / rates["all_n"] if "all_n" in rates else pd.Series(dtype=float)
    if whole.nunique(dropna=False) == 1 and len(shown) > 1:
        ax.axvline(100 * whole.iloc[0], color=GREY, ls=":", lw=1.2)
        words = " any host" if by == "host" else " all papers"
        ax.text(100 * whole.iloc[0], -0.65, words, color=GREY, fontsize="small",
                ha="left", va="bottom")  # fmt: skip
    names = [f"{shorten_label(name, 42)}  ({n:,})" for name, n in zip(shown["group"], shown[size])]
    ax.set_yticks(places, names, fontsize="small")
    ax.set_ylim(-0.7, len(shown) - 0.1)
    most = min(100.5, max(5, 110 * float(np.nanmax([*shown["high"], *whole.head(1)]))))
    # What lies at 0 % is not hidden by the axis.
    least = -0.02 * most if (shown[[value, "share"]] == 0).any(axis=None) else 0
    ax.set_xlim(least, most)
    ax.tick_params(axis="y", length=0)
    part = f", the {len(shown)} largest of {len(known)}" if len(known) > len(shown) else ""
    part += f", of {int(known['n'].iloc[0]):,} papers" if size == "linked" else ""
    title = f"By {by or 'group'}{part}" if by or len(known) > 1 else "The whole collection"
    tidy(ax, title=title, xlabel=measure)
    top, bottom = shown.iloc[-1], shown.iloc[0]
    of_others = f", {borrowed.sum()} corrected by labels of others" if borrowed.any() else ""
    return add_summary(
        ax,
        f"{measure}: highest {_row(top, value)} for {top['group']}, lowest "
        f"{_row(bottom, value)} for {bottom['group']}; {len(shown)} groups{of_others}.",
    )


@drawn
def plot_reuse_levels(levels: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the levels of reuse from a mention of code to an archived copy, one bar a level.

    Parameters
    ----------
    levels : DataFrame
        From `toolkit.linkcheck.reuse_levels`.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        One bar a level, the first on top; those that only need content stand apart in grey, and
        papers that the checks could not decide are hatched.

    Raises
    ------
    DataError
        The table is empty, or not of `reuse_levels`.

    Examples
    --------
    >>> levels = pd.DataFrame({"level": ["linked", "tests"], "needs": ["all above", "has content"],
    ...     "n": [4, 3], "unknown": [0, 1], "total": [10, 10], "share": [0.4, 0.3]})
    >>> plot_reuse_levels(levels).get_xlabel()
    'papers'
    """
    needs = ("level", "needs", "n", "unknown", "total", "share")
    check_drawable(levels, *needs, made_by="linkcheck.reuse_levels")
    ax = new_axes(ax, width=8, height=0.45 * len(levels) + 1.3)
    beside = (levels["needs"] != "all above").to_numpy()
    places = np.arange(len(levels))[::-1] - 0.6 * beside
    colours = [GREY if apart else COLOURS[0] for apart in beside]
    ax.barh(places, levels["n"], color=colours, height=0.72)
    if levels["unknown"].any():
        ax.barh(
            places, levels["unknown"], left=levels["n"], height=0.72, color=ax.get_facecolor(),
            edgecolor=GREY, hatch="///", linewidth=0.8, label="the check could not tell",
        )  # fmt: skip
        ax.legend(frameon=False, loc="lower right")
    for place, n, unknown, share in zip(places, levels["n"], levels["unknown"], levels["share"]):
        ax.text(n + unknown, place, f"  {n:,} ({100 * share:.0f} %)", va="center", fontsize="small")
    ax.set_yticks(places, levels["level"])
    ax.set_xlim(0, 1.2 * max(1, int((levels["n"] + levels["unknown"]).max())))
    ax.tick_params(axis="y", length=0)
    total = int(levels["total"].iloc[0])
    made_up = "INVENTED CHECKS. " if levels.get("invented", pd.Series([False])).any() else ""
    title = f"{made_up}From a promise to code that can be reused: {total:,} papers"
    tidy(ax, title=title, xlabel="papers")
    steps = "; ".join(
        f"{level}: {n}" + (f" (+{unknown} unknown)" if unknown else "")
        for level, n, unknown in zip(levels["level"], levels["n"], levels["unknown"])
    )
    return add_summary(ax, f"{made_up}Of {total} papers: {steps}.")


def _borrowed(shown: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which groups are corrected by labels of others alone."""
    if "labels_of" not in shown:
        return np.zeros(len(shown), dtype=bool)
    return shown["labels_of"].eq("other groups").to_numpy(dtype=bool)


def _row(row: Any, value: str) -> str:
    interval = f"{100 * row['low']:.0f}–{100 * row['high']:.0f} %"
    return f"{100 * row[value]:.0f} % ({interval}, n = {row['n']:,})"


def _distinct(rates: pd.DataFrame, column: str, default: Any) -> list[Any]:
    """Return the different values of a column: several where tables were put together."""
    return list(rates[column].dropna().unique()) if column in rates else [default]
