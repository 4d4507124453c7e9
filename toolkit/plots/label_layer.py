"""The labels of a map on matplotlib's axes: measured, placed, and placed anew in another size.

Imported late because it needs matplotlib at its top.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke

from toolkit.plots.fonts import find_fonts
from toolkit.plots.label_placement import Placed, place_labels
from toolkit.plots.style import shorten_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: In points: the smallest label, and how much larger that of the largest topic is.
SMALLEST, _LARGER = 9.0, 4.0
_LINE = 1.12
_HALO = 2.4
_LONGEST, _WORD = 64, 24
#: Square points of the plot for each label.
_ROOM = 9_000.0
#: Margins at the sides and above, as parts of the width and height. With so many papers, which
#: leave no gaps for labels, the wide ones come first; the others follow where a label costs more.
_SIDES, _TOP, _MANY, _GOOD = (0.03, 0.12), 0.01, 20_000, 400.0
#: The most labels when nothing else is said; axes of nearly the same size keep them where they are.
_MOST, _TOLERANCE = 120, 0.015


class LabelLayer(Artist):
    """Draws nothing itself: before anything is drawn, it puts the labels where they belong.

    Parameters
    ----------
    ax : Axes
    place, topic : arrays, shapes (n_papers, 2) and (n_papers,)
        The dots, which labels keep off, and whose they are.
    numbers, labels, sizes, anchors, colours : sequences of n_topics
        The topics by importance.
    radius : float
        Of a dot, in points.
    pad : float
        Room around the map, in its own units.
    most : int or None
        Named at most; None: as many as there is room for.
    tell : callable
        Called with the number of labels.
    """

    def __init__(
        self,
        ax: Axes,
        place: Floats,
        topic: NDArray[np.int64],
        *,
        numbers: Sequence[int],
        labels: Sequence[str],
        sizes: NDArray[np.integer[Any]],
        anchors: Floats,
        colours: Sequence[str],
        radius: float,
        pad: float,
        most: int | None,
        tell: Callable[[int], None],
    ) -> None:
        super().__init__()
        self.place, self.topic, self.numbers, self.sizes = place, topic, list(numbers), sizes
        self.anchors, self.colours, self.most, self.tell = anchors, list(colours), most, tell
        self.radius, self.pad = radius, pad
        self.families, self.labels = find_fonts(labels, [f"topic {n}" for n in numbers])
        self.size, self.scale = np.zeros(2), 1.0
        self.set_zorder(-10)
        self.set_in_layout(False)
        ax.add_artist(self)
        # All that is drawn is there from the start: what is added while axes are drawn comes late.
        paper = ax.get_facecolor()
        halo = [withStroke(linewidth=_HALO, foreground=paper)]
        self.texts = [
            ax.text(
                0, 0, "", color=colour, family=self.families, weight="bold", ha="center",
                va="center", linespacing=_LINE, path_effects=halo, zorder=6, parse_math=False,
                visible=False,
            )
            for colour in self.colours[: _count(self.most, len(labels), _MOST)]
        ]  # fmt: skip
        self.lines: list[Any] = [
            ax.add_collection(LineCollection([], linewidths=width, zorder=order), autolim=False)
            for width, order in ((2.6, 3), (0.9, 4))
        ]
        self.lines[0].set_color(paper)
        self.ends: Any = ax.scatter([], [], s=9, edgecolors=[paper], lw=0.7, zorder=5)
        for artist in (*self.texts, *self.lines, self.ends):
            artist.set_in_layout(False)

    def draw(self, renderer: Any) -> None:
        """Place the labels anew if the axes have another size than last time."""
        self.update()

    def update(self) -> None:  # type: ignore[override]
        """Place the labels for the present size of the axes."""
        ax: Any = self.axes
        room = np.array(ax.bbox.size, dtype=float) * 72 / ax.figure.figure.dpi
        if (np.abs(room - self.size) > _TOLERANCE * room).any():
            self._place(ax, room)
        elif (room != self.size).any():
            # Nearly the same: labels stay where they are, and the scales equal.
            middle = np.array([np.mean(ax.get_xlim()), np.mean(ax.get_ylim())])
            self.scale *= float((room / self.size).min())
            self._set_limits(ax, middle - room / self.scale / 2, room)
        self.size = room

    def _set_limits(self, ax: Any, low: Floats, room: Floats) -> None:
        high = low + room / self.scale
        ax.set_xlim(low[0], high[0])
        ax.set_ylim(low[1], high[1])

    def _place(self, ax: Any, room: Floats) -> None:
        count = min(len(self.texts), _count(self.most, len(self.labels), room.prod() / _ROOM))
        while True:
            found, texts, fonts, low, scale = self._best(room, count)
            lost = np.flatnonzero(np.isnan(found.centres[:, 0]))
            if not len(lost):
                break
            # The largest are all named: what comes after the first that has no room goes, too.
            count = max(int(lost[0]), 0) if lost[0] < count - 1 else count - 1
        self.scale = scale
        self._set_limits(ax, low, room)
        self._write(found, texts, fonts, low, scale)
        self.tell(count)

    def _best(
        self, room: Floats, count: int
    ) -> tuple[Placed, list[str], list[float], Floats, float]:
        """Return the cheapest placement of several margins, and the map's corner and scale."""
        crowded = count > 0.6 * room.prod() / _ROOM
        texts, fonts, boxes = self._measure(count, 0.5 * _LARGER if crowded else _LARGER)
        tried = []
        for side in _SIDES if len(self.place) < _MANY else _SIDES[::-1]:
            low, scale = self._frame(room, side)
            found = self._placed(room, boxes, low, scale)
            tried.append((found, texts, fonts, low, scale))
            if found.cost <= _GOOD * count:
                break
        return min(tried, key=lambda one: one[0].cost)

    def _placed(self, room: Floats, boxes: Floats, low: Floats, scale: float) -> Placed:
        dots = (self.place - low) * scale
        owner = np.full(len(dots), -1)
        for i, number in enumerate(self.numbers[: len(boxes)]):
            owner[self.topic == number] = i
        anchors = (self.anchors[: len(boxes)] - low) * scale
        return place_labels(anchors, boxes, dots, owner, room, radius=self.radius)

    def _frame(self, room: Floats, side: float) -> tuple[Floats, float]:
        """Return the data coordinates of the lower left corner, and points per unit of data."""
        low, high = self.place.min(axis=0) - self.pad, self.place.max(axis=0) + self.pad
        span = high - low
        span = np.maximum(span, 0.01 * span.max() if span.max() > 0 else 1.0)
        inner = room * (1 - 2 * np.array([side, _TOP]))
        scale = float((inner / span).min())
        corner: Floats = (low + high) / 2 - room / scale / 2
        return corner, scale

    def _measure(self, count: int, larger: float) -> tuple[list[str], list[float], Floats]:
        """Return the labels in lines, their font sizes and their boxes in points."""
        from matplotlib.backends.backend_agg import RendererAgg

        renderer: Any = RendererAgg(8, 8, 72)  # type: ignore[no-untyped-call]
        texts, fonts, boxes = [], [], []
        largest = max(float(self.sizes[:count].max()), 1.0) if count else 1.0
        for label, papers in zip(self.labels[:count], self.sizes):
            font = round(SMALLEST + larger * float(papers / largest), 1)
            text = in_lines(label)
            prop = FontProperties(family=self.families, size=font, weight="bold")
            measured = [
                renderer.get_text_width_height_descent(line, prop, ismath=False)
                for line in text.split("\n")
            ]
            high = renderer.get_text_width_height_descent("lp", prop, ismath=False)[1]
            lines = sum(max(high, m[1]) for m in measured) * _LINE
            boxes.append([max(m[0] for m in measured) + _HALO, lines + _HALO])
            texts.append(text)
            fonts.append(font)
        return texts, fonts, np.array(boxes).reshape(-1, 2)

    def _write(
        self, found: Placed, texts: list[str], fonts: list[float], low: Floats, scale: float
    ) -> None:
        leaders = ~np.isnan(found.leaders[:, 0, 0])
        lines = found.leaders[leaders] / scale + low
        inks = [colour for colour, led in zip(self.colours, leaders) if led]
        for drawn in self.lines:
            drawn.set_segments(list(lines))
        self.lines[1].set_color(inks)
        self.ends.set_offsets(lines[:, 1])
        self.ends.set_facecolors(inks)
        for i, written in enumerate(self.texts):
            written.set_visible(i < len(texts))
            written.set_text(texts[i] if i < len(texts) else "")
            if i < len(texts):
                side = found.leaders[i, 0, 0] - found.centres[i, 0] if leaders[i] else 0.0
                align = "center" if abs(side) < 1 else "left" if side < 0 else "right"
                written.set_position(found.centres[i] / scale + low)
                written.set(fontsize=fonts[i], multialignment=align)


def _count(most: int | None, labels: int, room: float) -> int:
    """Return how many labels are tried."""
    return min(labels, max(1, int(room)) if most is None else most)


def in_lines(label: str) -> str:
    r"""Return a label in lines of about the same width: up to three, four if it is long.

    Examples
    --------
    >>> in_lines("diffusion models, image generation")
    'diffusion models,\nimage generation'
    >>> in_lines("reinforcement learning, verifiable rewards")
    'reinforcement learning,\nverifiable rewards'
    """
    label = shorten_label(label, _LONGEST)
    lines = max(1, -(-len(label) // 19))
    # Words are not broken, but for texts without blanks, such as Chinese.
    least = max(word if (word := len(part)) <= _WORD else _WORD // 2 for part in label.split())
    plain = _wrapped(label, max(least, -(-len(label) // lines)), lines) or label
    # Rather between terms than inside them, where that takes hardly more room.
    terms = label.replace(" ", "\xa0").replace(",\xa0", ", ")
    whole = _wrapped(terms, max(len(term) for term in terms.split(" ")), lines)
    fewer = whole.count("\n") < plain.count("\n") and _width(whole) <= _WORD
    if whole and (fewer or _width(whole) <= 1.2 * _width(plain)):
        return whole.replace("\xa0", " ")
    return plain


def _width(text: str) -> int:
    return max(len(line) for line in text.split("\n"))


def _wrapped(label: str, least: int, lines: int) -> str:
    """Return the narrowest text of at most so many lines, at least so many letters wide."""
    for width in range(least, max(len(label), least) + 1):
        found = textwrap.wrap(label, width, break_on_hyphens=False)
        if len(found) <= lines:
            return "\n".join(found)
    return ""
