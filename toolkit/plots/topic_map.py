"""The map of a collection: each paper a dot, topics by colour, the largest by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, check_model, check_whole, checked, hint_nearest
from toolkit.plots.palette import THEMES, is_dark, readable, topic_centres, topic_colours
from toolkit.plots.style import WIDTH, add_summary, drawn, new_axes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from toolkit.topics.model import TopicModel

    Highlight = int | str | Iterable[int | str] | pd.DataFrame

_HEIGHT = 8.0
#: With more papers, dots in SVG and PDF are pixels: the file would have megabytes of circles.
_RASTERISED = 10_000
#: Cells of the glow along the map's longer side; and the width of a dot's glow, as a part of it.
_GLOW_CELLS, _GLOW_WIDTH = 520, 0.017
#: Of the highlighted papers, the part that a topic must hold to be named.
_LEAST_NAMED = 0.01
_NOTE = "near means alike; axes and distances have no unit"


@checked
@drawn
def plot_topic_map(
    topics: TopicModel,
    *,
    ax: Axes | None = None,
    highlight: Highlight | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    n_labels: int | None = None,
    dark: bool | None = None,
) -> Axes:
    """Draw the map of the papers, coloured by topic, with the names of the largest topics.

    Parameters
    ----------
    topics : TopicModel
        Its `papers` (paper_id, topic, x, y) and `topics` (topic, label, size) are drawn.
    ax : Axes, optional
        Where to draw; a new figure of 9 × 8 inches otherwise.
    highlight : int, str, DataFrame or iterable, optional
        Topics by number or label, or papers by id or as a papers table. All else is grey.
    title, subtitle : str, optional
        By default the numbers of papers and topics, and no subtitle.
    n_labels : int, optional
        How many topics are named, the largest first; by default as many as the plot has room for.
    dark : bool, optional
        Light on dark; by default as matplotlib's style (or `ax`) has it.

    Returns
    -------
    Axes
        Topics that lie together have like hues, neighbours different colours (`palette.py`).
        Papers in no topic are grey. Labels never overlap, and stand beside the dots where there is
        room; the larger the topic, the larger its name. They are placed anew when the axes get
        another size.

    Raises
    ------
    DataError
        `topics` is no TopicModel, or `highlight` names what it does not have.

    Warns
    -----
    UserWarning
        No installed font has the letters of a label: its topic is named by its number.

    Notes
    -----
    The same topics give the same picture. For print, ``ax.figure.savefig("map.pdf", dpi=300)``:
    the dots of more than 10,000 papers are pixels inside SVG and PDF, so that these stay small.

    Examples
    --------
    >>> import toolkit
    >>> topics = toolkit.fit_topics(toolkit.load_sample("trending-page"))
    >>> plot_topic_map(topics).get_title("left")
    '31 papers, 5 topics'
    """
    from toolkit.plots.label_layer import LabelLayer

    check_model(topics, "topics")
    if n_labels is not None:
        check_whole(n_labels, "n_labels", least=0)
    shown, named = _highlighted(topics, highlight)
    own = ax is None
    ax = new_axes(ax, width=WIDTH, height=_HEIGHT)
    figure: Any = ax.figure.figure  # the whole, where `ax` is in a part of one
    dark = is_dark(_seen(ax.get_facecolor())) if dark is None else dark
    theme = THEMES[dark]
    if is_dark(_seen(ax.get_facecolor())) != dark:
        ax.set_facecolor(theme["paper"])
        if own:
            figure.set_facecolor(theme["paper"])
    place = topics.papers[["x", "y"]].to_numpy(dtype=float)
    topic = topics.papers["topic"].to_numpy(dtype=np.int64)
    table = topics.topics[topics.topics["topic"] >= 0]
    numbers = table["topic"].tolist()
    centres = topic_centres(topic, place, numbers)
    colours = topic_colours(numbers, centres, dark=dark)
    _draw_glow(ax, place[shown], topic[shown], colours, dark)
    _draw_dots(ax, place, topic, shown, colours, theme["none"])
    if highlight is not None and shown.any():
        centres = topic_centres(topic[shown], place[shown], numbers)
    keep = [i for i, number in enumerate(numbers) if number in named]
    size = pd.Series(topic[shown]).value_counts().reindex(numbers, fill_value=0).to_numpy()
    if highlight is not None:
        keep = [i for i in keep if size[i] >= _LEAST_NAMED * size.sum()]
    keep.sort(key=lambda i: (-size[i], i))
    said = _counts(len(place), len(numbers), int((topic < 0).sum()))
    around = THEMES[is_dark(_seen(figure.get_facecolor()))]

    def write_title(named: int) -> None:
        more = f" (the {named} largest named)" if named < len(keep) else ""
        more = more if highlight is None else f", {int(shown.sum()):,} papers highlighted"
        _write_title(ax, said + more if title is None else title, subtitle, around)

    write_title(len(keep))
    if subtitle:
        _write_subtitle(ax, subtitle, around)
    ax.set_xlabel(_NOTE, color=around["soft"], fontsize="small")
    if own:
        figure.draw_without_rendering()  # settles the size of the axes
    paper = _seen(ax.get_facecolor())
    LabelLayer(
        ax,
        place,
        np.where(shown, topic, -1),
        numbers=[numbers[i] for i in keep],
        labels=[str(table["label"].iloc[i]) for i in keep],
        sizes=size[keep],
        anchors=centres[keep],
        colours=[readable(colours[numbers[i]], paper) for i in keep],
        radius=np.sqrt(_dot_area(len(place)) / np.pi),
        pad=2.5 * _glow_width(len(place)) * float(np.ptp(place, axis=0).max()),
        most=n_labels,
        tell=write_title,
    ).update()
    return add_summary(ax, _summary(said, table, shown, highlight is not None))


def _seen(colour: Any) -> Any:
    """Return the colour that is seen: a transparent one shows white paper."""
    from matplotlib.colors import to_rgba

    *rgb, alpha = to_rgba(colour)
    return tuple(alpha * part + 1 - alpha for part in rgb)


def _counts(papers: int, topics: int, outside: int) -> str:
    none = f", {outside:,} papers in none" if outside else ""
    return f"{papers:,} papers, {topics} topic{'' if topics == 1 else 's'}{none}"


def _highlighted(
    topics: TopicModel, highlight: Highlight | None
) -> tuple[NDArray[np.bool_], set[int]]:
    """Return which papers are shown in colour, and the topics that are named."""
    papers, table = topics.papers, topics.topics
    topic = papers["topic"].to_numpy(dtype=np.int64)
    if highlight is None:
        return np.ones(len(papers), dtype=bool), set(table["topic"].tolist())
    by_label = dict(zip(table["label"].astype(str), table["topic"]))
    ids = set(papers["paper_id"]) if "paper_id" in papers else set()
    chosen: set[int] = set()
    marked: set[str] = set()
    for one in _items(highlight):
        if isinstance(one, str) and one in ids:
            marked.add(one)
        elif isinstance(one, str) and one in by_label:
            chosen.add(int(by_label[one]))
        elif not isinstance(one, str | bool) and one in set(table["topic"]):
            chosen.add(int(one))
        else:
            raise DataError(
                "neither a topic nor a paper of this model",
                argument="highlight",
                found=one,
                expected="topics by number or label, papers by id",
                hint=hint_nearest(one, by_label) if isinstance(one, str) else "",
            )
    shown = np.isin(topic, list(chosen))
    if marked:
        shown |= papers["paper_id"].isin(marked).to_numpy(dtype=bool)
    return shown, set(topic[shown].tolist())


def _items(highlight: Any) -> list[Any]:
    if isinstance(highlight, pd.DataFrame):
        if "paper_id" not in highlight:
            raise DataError(
                "not a papers table",
                argument="highlight",
                found=list(highlight.columns),
                expected="a column paper_id",
            )
        return list(highlight["paper_id"].dropna())
    if isinstance(highlight, str) or not hasattr(highlight, "__iter__"):
        return [highlight]
    return list(highlight)


def _dot_area(papers: int) -> float:
    """Return the area of a dot in square points."""
    return float(np.clip(15_000 / papers, 0.5, 40))


def _glow_width(papers: int) -> float:
    """Return how far a dot glows, as a part of the map: fewer papers, wider spots."""
    return _GLOW_WIDTH * float(np.clip((2_000 / papers) ** 0.2, 0.7, 1.8))


def _draw_dots(
    ax: Axes,
    place: NDArray[np.float64],
    topic: NDArray[np.int64],
    shown: NDArray[np.bool_],
    colours: dict[int, str],
    none: str,
) -> None:
    """Draw the papers; those shown in colour above the grey ones, small topics above large ones."""
    area = _dot_area(len(place))
    pixels = len(place) > _RASTERISED
    dots: Any = partial(ax.scatter, linewidths=0, rasterized=pixels)
    grey = ~shown | (topic < 0)
    if grey.any():
        faint = 0.35 if shown.all() else 0.25
        dots(*place[grey].T, s=area, c=none, alpha=faint, zorder=1)
    larger = 1.0 if shown.all() else 2.0
    for number, colour in colours.items():
        inside = shown & (topic == number)
        if inside.any():
            dots(*place[inside].T, s=area * larger, c=colour, alpha=0.85, zorder=2)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def _draw_glow(
    ax: Axes,
    place: NDArray[np.float64],
    topic: NDArray[np.int64],
    colours: dict[int, str],
    dark: bool,
) -> None:
    """Shade the map where papers are many, in the mixed colours of their topics."""
    from matplotlib.colors import to_rgb
    from scipy.ndimage import gaussian_filter

    inside = np.isin(topic, list(colours))
    if not inside.any():
        return
    place = place[inside]
    low, high = place.min(axis=0), place.max(axis=0)
    side = max(float((high - low).max()), 1e-9) * 1.2
    corner = (low + high - side) / 2
    cell = np.clip(((place - corner) / side * _GLOW_CELLS).astype(int), 0, _GLOW_CELLS - 1)
    width = _GLOW_CELLS * _glow_width(len(place))
    tint = np.array([to_rgb(colours[int(t)]) for t in topic[inside]])
    layers = []
    for weight in (np.ones(len(place)), *tint.T):
        grid = np.zeros((_GLOW_CELLS, _GLOW_CELLS))
        np.add.at(grid, (cell[:, 1], cell[:, 0]), weight)
        layers.append(gaussian_filter(grid, width))
    density, *parts = layers
    mixed = np.stack(parts, axis=-1) / np.maximum(density, 1e-12)[..., None]
    usual = float(np.quantile(density[cell[:, 1], cell[:, 0]], 0.6))
    alpha = (0.42 if dark else 0.36) * (1 - np.exp(-1.5 * density / max(usual, 1e-12)))
    # In steps of a hundredth, which nobody sees: a third of the file.
    mixed = np.where(alpha[..., None] < 0.01, 0, np.clip(mixed, 0, 1))
    image = np.rint(100 * np.dstack([mixed, alpha])) / 100
    extent = (corner[0], corner[0] + side, corner[1], corner[1] + side)
    # As it is, without interpolation: SVG and PDF then hold these cells and no finer ones.
    ax.imshow(image, extent=extent, origin="lower", interpolation="none", aspect="auto", zorder=0)


def _write_title(ax: Axes, title: str, subtitle: str | None, around: dict[str, str]) -> None:
    lines = subtitle.count("\n") + 1 if subtitle else 0
    ax.set_title(
        title, loc="left", fontsize="large", fontweight="bold", color=around["ink"],
        pad=6 + 13 * lines,
    )  # fmt: skip


def _write_subtitle(ax: Axes, subtitle: str, around: dict[str, str]) -> None:
    ax.annotate(
        subtitle, (0, 1), xytext=(0, 5), xycoords="axes fraction", textcoords="offset points",
        fontsize="small", color=around["soft"], gid="subtitle", annotation_clip=False,
    )  # fmt: skip


def _summary(said: str, table: pd.DataFrame, shown: NDArray[np.bool_], some: bool) -> str:
    largest = "; ".join(
        f"{label} ({size})" for label, size in zip(table["label"][:5], table["size"][:5])
    )
    marked = f" {int(shown.sum()):,} papers are highlighted." if some else ""
    return (
        f"A map of {said}, each paper a dot near the papers most like it. "
        f"The largest topics: {largest}.{marked}"
    )
