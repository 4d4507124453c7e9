"""The explorer's map as a picture at print size, with what is selected and the view in words."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from toolkit.errors import DataError, check_positive, checked
from toolkit.explorer.state import FACETS, NUMBERS, View
from toolkit.files import replacing
from toolkit.plots import plot_topic_map
from toolkit.plots.palette import THEMES
from toolkit.plots.svg import svg_text

if TYPE_CHECKING:
    from toolkit.explorer.paper_data import PaperData
    from toolkit.topics.model import TopicModel

_FORMATS = (".png", ".svg", ".pdf")
#: Height by width; the most pixels on the longer side; values of a filter that are named.
_SHAPE, _MOST_PIXELS, _MOST_VALUES = 8 / 9, 20_000, 3
_INCHES = (4, 60)


class MapFile:
    """The part of an Explorer that writes its map."""

    data: PaperData
    topics: Any
    _view: View
    _rows: npt.NDArray[np.int64]
    _lock: Any

    @checked
    def to_png(
        self,
        path: str | os.PathLike[str],
        *,
        width: float = 9.0,
        dpi: float = 200.0,
        dark: bool = False,
    ) -> Path:
        """Write the map with the selected papers highlighted and the view in words.

        Parameters
        ----------
        path : path
            The ending selects the format: ``.png``, or ``.svg`` and ``.pdf`` for print. An existing
            file is replaced once the new one is complete.
        width : float
            In inches, 4 to 60; the height is eight ninths of it. Labels have 9 to 13 points in any
            width: a wider map names more topics.
        dpi : float
            Pixels an inch; in SVG and PDF, of the dots of more than 10,000 papers.
        dark : bool
            Light on dark.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DataError
            Another ending, a size beyond these bounds, or the file cannot be written.
        """
        with self._lock:
            view, rows, topics = self._view, self._rows, self.topics
        place = Path(path)
        _check(place, width, dpi)
        labels = dict(zip(topics.topics["topic"], topics.topics["label"].astype(str)))
        _write(
            place,
            _model_of(self.data, topics),
            None if len(rows) == self.data.n else self.data.papers.iloc[rows][["paper_id"]],
            view_in_words(view, labels),
            width=float(width),
            dpi=float(dpi),
            dark=dark,
        )
        return place


def view_in_words(view: View, labels: Mapping[int, str]) -> str:
    """Return what a view selects in words; "" if it selects all papers.

    Examples
    --------
    >>> view_in_words(View(code=("linked",), since="2025-01-01", words="maps"), {})
    'Code: linked · from 2025-01-01 · “maps”'
    """
    parts = []
    if view.topics:
        parts.append("Topic: " + _some([labels.get(topic, str(topic)) for topic in view.topics]))
    for name, title in FACETS.items():
        if chosen := getattr(view, name):
            parts.append(f"{title}: {_some(chosen)}")
    if view.since and view.until:
        parts.append(f"{view.since} to {view.until}")
    elif view.since or view.until:
        parts.append(f"from {view.since}" if view.since else f"to {view.until}")
    for name, title in NUMBERS.items():
        if (least := getattr(view, name)) is not None:
            parts.append(f"{title}: {least} or more")
    if view.words.strip():
        near = "near in meaning to " if view.mode == "meaning" else ""
        parts.append(f"{near}“{view.words.strip()}”")
    if view.marks is not None:
        count = len(view.marks)
        parts.append(f"{count:,} marked paper{'' if count == 1 else 's'}")
    return " · ".join(parts)


def _some(values: list[str] | tuple[str, ...]) -> str:
    named, rest = values[:_MOST_VALUES], len(values) - _MOST_VALUES
    return " or ".join(named) + (f" or {rest} more" if rest > 0 else "")


def _check(place: Path, width: float, dpi: float) -> None:
    if place.suffix.lower() not in _FORMATS:
        raise DataError(
            "unknown kind of picture",
            source=place,
            found=place.suffix or "no ending",
            expected=", ".join(_FORMATS),
        )
    if place.is_dir():
        raise DataError("a folder", source=place, expected="the path of a file")
    check_positive(width, "width")
    check_positive(dpi, "dpi")
    least, most = _INCHES
    if not least <= width <= most:
        raise DataError(
            "not a width for a map",
            argument="width",
            found=width,
            expected=f"{least} to {most} inches",
        )
    if width * dpi > _MOST_PIXELS:
        raise DataError(
            "too many pixels",
            argument="dpi",
            found=dpi,
            expected=f"at most {_MOST_PIXELS / width:.0f} for a width of {width:g} inches",
        )


def _model_of(data: PaperData, topics: Any) -> TopicModel:
    """Return the topics of the explorer's papers alone: a model may have more."""
    papers = topics.papers[topics.papers["paper_id"].isin(data.row_of)]
    return cast("TopicModel", SimpleNamespace(papers=papers, topics=topics.topics))


def _write(
    place: Path,
    topics: TopicModel,
    highlight: Any,
    words: str,
    *,
    width: float,
    dpi: float,
    dark: bool,
) -> None:
    from matplotlib.figure import Figure

    # Not pyplot's: no window opens, and no figure of the notebook is touched.
    figure = Figure(
        figsize=(width, width * _SHAPE), layout="constrained", facecolor=THEMES[dark]["paper"]
    )
    ax = figure.subplots()
    lines = textwrap.wrap(words, int(width * 13), max_lines=3, placeholder=" …")
    plot_topic_map(topics, ax=ax, highlight=highlight, subtitle="\n".join(lines), dark=dark)
    kind = place.suffix.lower().removeprefix(".")
    with replacing(place) as temporary:
        if kind == "svg":
            temporary.write_text(svg_text(figure, dpi=dpi), "utf-8")
        else:
            # No date: the same view gives the same file.
            undated = {"CreationDate": None} if kind == "pdf" else None
            figure.savefig(temporary, format=kind, dpi=dpi, metadata=undated)
