"""Plot of what became of records, in the boxes of a PRISMA 2020 flow diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import checked
from toolkit.plots.style import (
    COLOURS,
    GREY,
    add_summary,
    check_drawable,
    drawn,
    new_axes,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: As many files or services have a line of their own.
_MOST_LINES = 12
_LINE = 0.24
#: The boxes of screening take so many lines.
_SCREENING = 5.0
_STEPS = ["identified", "set aside", "duplicates removed", "excluded", "kept"]
#: So many files that could not be read are named.
_MOST_FILES = 3


@checked
@drawn
def plot_record_flow(flow: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw where records came from, how many were removed and why, and how many were kept.

    Parameters
    ----------
    flow : DataFrame
        From `toolkit.record_flow`.
    ax : Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import toolkit
    >>> flow = toolkit.record_flow(toolkit.load_sample("trending-page"), set_aside=[])
    >>> plot_record_flow(flow).texts[0].get_text()
    'Records identified (n = 31)'
    """
    check_drawable(flow, "step", "origin", "records", made_by="record_flow")
    counted = flow[flow["records"].notna()]
    total = counted.astype({"step": "string"}).groupby("step")["records"].sum().astype(int)
    total = total.reindex(_STEPS, fill_value=0)
    lines, not_read = _by_origin(counted), _not_read(flow)
    screening = bool((flow["step"] == "excluded").any())
    floor = 1.5 if not_read else 0.5
    inches = _LINE * (len(lines) + 8.5 + floor + (_SCREENING if screening else 0))
    ax = new_axes(ax, width=7.5, height=inches)
    ax.set_xlim(0, 10)
    ax.set_ylim(0, inches / _LINE)
    ax.axis("off")
    top, tall = inches / _LINE - 0.5, len(lines) + 2.0
    identified = f"Records identified (n = {total['identified']:,})"
    aside = f"n = {total['set aside']:,}" if _is_known(flow) else "not known"
    removed = [
        f"Duplicates removed (n = {total['duplicates removed']:,})",
        f"Set aside, cannot be read ({aside})",
    ]
    _box(ax, 0.2, top - tall, 5.2, tall, identified, lines)
    _box(ax, 6.0, top - tall / 2 - 2, 3.9, 4.0, "Removed before screening", removed)
    _box(ax, 0.2, floor, 5.2, 2.0, f"Papers kept (n = {total['kept']:,})", [])
    arrows = [((2.8, floor + 2), (2.8, top - tall)), ((6.0, top - tall / 2), (5.4, top - tall / 2))]
    if screening:
        low, excluded = floor + _SCREENING, total["excluded"]
        _box(ax, 0.2, low, 5.2, 2.0, f"Papers screened (n = {total['kept'] + excluded:,})", [])
        _box(ax, 6.0, low, 3.9, 2.0, f"Papers excluded (n = {excluded:,})", [])
        arrows = [*arrows[1:], ((2.8, floor + 2), (2.8, low)), ((2.8, low + 2), (2.8, top - tall)),
                  ((6.0, low + 1), (5.4, low + 1))]  # fmt: skip
    for tip, start in arrows:
        arrow = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.5}
        ax.annotate("", tip, start, arrowprops=arrow)
    if not_read:
        ax.text(0.2, 0.5, not_read, va="center", color=GREY, fontsize="small")
    summary = _in_words(total, lines, not_read, screening=screening, known=_is_known(flow))
    return add_summary(ax, summary)


def _is_known(flow: pd.DataFrame) -> bool:
    """Return whether it is known how many records were set aside."""
    return not flow.loc[flow["step"] == "set aside", "records"].isna().any()


def _by_origin(flow: pd.DataFrame) -> list[str]:
    """Return a line for each file or service, those with most records first."""
    found = flow[flow["step"] == "identified"].sort_values(
        ["records", "origin"], ascending=[False, True]
    )
    lines = [
        f"{_shorten(str(origin))} (n = {int(records):,})"
        for origin, records in zip(found["origin"], found["records"])
    ]
    if len(lines) <= _MOST_LINES:
        return lines
    rest = found["records"].iloc[_MOST_LINES - 1 :]
    return [*lines[: _MOST_LINES - 1], f"{len(rest)} others (n = {int(rest.sum()):,})"]


def _not_read(flow: pd.DataFrame) -> str:
    """Return which files could not be read at all, "" where there are none."""
    unread = flow["records"].isna() & (flow["step"] == "identified")
    files = sorted(set(flow.loc[unread, "origin"].astype(str)))
    shown = [_shorten(file) for file in files[:_MOST_FILES]]
    shown += [f"and {len(files) - _MOST_FILES} more"] if len(files) > _MOST_FILES else []
    return f"Files that cannot be read, not counted: {', '.join(shown)}" if files else ""


def _shorten(origin: str) -> str:
    """Return a name of at most 40 letters; files of one project differ at the end."""
    return origin if len(origin) <= 40 else f"{origin[:20]}…{origin[-19:]}"


def _box(
    ax: Axes, x: float, y: float, width: float, height: float, head: str, lines: list[str]
) -> None:
    from matplotlib.patches import FancyBboxPatch

    # A face and letters of its own, so that the box reads the same on a dark page.
    style = "round,pad=0,rounding_size=0.25"
    ax.add_patch(
        FancyBboxPatch(
            (x, y), width, height, boxstyle=style, facecolor="white", edgecolor=COLOURS[0],
            linewidth=1.5, mutation_aspect=1.0,
        )
    )  # fmt: skip
    middle = y + height / 2
    first = middle + len(lines) / 2
    ax.text(x + 0.25, first, head, va="center", color="black", fontweight="bold", fontsize="medium")
    for number, line in enumerate(lines, start=1):
        ax.text(x + 0.25, first - number, line, va="center", color="black", fontsize="small")


def _in_words(
    total: pd.Series[int], lines: list[str], not_read: str, *, screening: bool, known: bool
) -> str:
    excluded = f"{total['excluded']} papers were excluded, " if screening else ""
    aside = total["set aside"] if known else "an unknown number of"
    return (
        f"{total['identified']} records were identified: {'; '.join(lines)}. "
        f"{total['duplicates removed']} duplicates were removed, {aside} records that "
        f"cannot be read were set aside, {excluded}{total['kept']} papers were kept."
        f"{f' {not_read}.' if not_read else ''}"
    )
