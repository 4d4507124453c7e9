"""A widget whose state lives on both sides: filters and marks in, a selection of papers out."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import pandas as pd
import traitlets

from toolkit.errors import DataError, warn_user
from toolkit.explorer.catalogue import Shelf
from toolkit.explorer.packing import QUICK, columns_for_browser, pack
from toolkit.explorer.script import script, style
from toolkit.explorer.state import View, passing
from toolkit.explorer.viewtext import from_wire, parse_view, to_wire, view_text


class Derived(traitlets.TraitType):  # type: ignore[misc,type-arg]
    """A trait computed from the widget's state; setting it changes the state."""

    def __init__(self, compute: str, assign: str) -> None:
        super().__init__()
        self._compute, self._assign = compute, assign

    def get(self, obj: Any, cls: Any = None) -> Any:
        """Compute the value from the widget's state."""
        return getattr(obj, self._compute)()

    def set(self, obj: Any, value: Any) -> None:
        """Change the widget's state so that it has this value."""
        with obj._lock:
            getattr(obj, self._assign)(value)

    def instance_init(self, obj: Any) -> None:
        """Nothing to set up: there is no stored value."""


class LinkedWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """Keeps filters, marks and looks in step with the browser, and computes the selection.

    Python decides the order of changes: whatever is taken over here goes out in `_state`, so that
    browser and kernel end alike even where both change something at the same time. JupyterLab lets
    a thread of its own answer the browser while cells run; `_lock` keeps the two apart.

    Parameters
    ----------
    shelf : Shelf
        The papers.
    view : str, optional
        A state to start from.
    more : dict
        First values of further traits.
    """

    _esm = script("widget")
    _css = style()
    _data = traitlets.Bytes().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)

    selection = Derived("_selected_papers", "_select_papers")
    selected_topics = Derived("_topics_of_selection", "_select_topics")

    def __init__(self, shelf: Shelf, *, view: str | None, more: dict[str, Any]) -> None:
        self.shelf = shelf
        self._lock = threading.RLock()
        self._view = self._read_view(view)
        self._found: tuple[tuple[str, str], Any] = (("", "words"), None)
        self._rows = self._passing_rows(self._view)
        meta, arrays = columns_for_browser(shelf)
        super().__init__(
            _data=pack(meta, arrays, level=QUICK), _state=to_wire(self._view, shelf.n), **more
        )

    # Selection -----------------------------------------------------------------------------------

    def _selected_papers(self) -> pd.DataFrame:
        return self.shelf.papers.iloc[self._rows]

    def _select_papers(self, papers: pd.DataFrame | None) -> None:
        if papers is None:
            return self._change(self._view.without_filters())
        if not isinstance(papers, pd.DataFrame) or "paper_id" not in papers:
            raise DataError(
                "only papers can be selected",
                argument="selection",
                found=type(papers).__name__,
                expected="a papers table, or None for all papers",
            )
        row_of = self.shelf.row_of
        unknown = [i for i in papers["paper_id"] if i not in row_of]
        if unknown:
            raise DataError(
                f"{len(unknown)} of the papers are not in the explorer",
                column="paper_id",
                found=unknown[0],
                hint="Select from the table the explorer was made with",
            )
        rows = sorted({row_of[paper_id] for paper_id in papers["paper_id"]})
        return self._change(
            replace(self._view.without_filters(), marks=tuple(rows), camera=self._frame(rows))
        )

    def _topics_of_selection(self) -> list[int]:
        numbers, counts = np.unique(self.shelf.facets.topic[self._rows], return_counts=True)
        return [int(i) for i in numbers[np.argsort(-counts, kind="stable")]]

    def _select_topics(self, topics: Sequence[int] | None) -> None:
        chosen = tuple(int(topic) for topic in topics or ())
        known = {int(topic) for topic in self.shelf.facets.topic}
        unknown = [topic for topic in chosen if topic not in known]
        if unknown:
            raise DataError(
                "there is no such topic",
                argument="selected_topics",
                found=unknown[0],
                expected=f"one of {len(known)} topics, {min(known)} to {max(known)}",
            )
        rows = np.flatnonzero(np.isin(self.shelf.facets.topic, chosen)).tolist()
        self._change(replace(self._view, topics=chosen, camera=self._frame(rows)))

    def _frame(self, rows: Sequence[int]) -> tuple[float, float, float]:
        """Return the camera that shows these papers with some room around them."""
        if not rows:
            return self._view.camera
        x, y = (values[list(rows)] for values in self.shelf.places)
        reach = max(np.ptp(x), np.ptp(y), 0.05) / 2
        zoom = float(np.clip(0.85 / reach, 1.0, 40.0))
        if zoom <= 1.0:
            return (0.0, 0.0, 1.0)
        middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
        return (round(float(middle[0]), 4), round(float(middle[1]), 4), round(zoom, 3))

    # State ---------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """The state as a short text: ``Explorer(papers, topics, view=text)`` restores it."""
        return view_text(self._view, self.shelf.ids, self.shelf.facets.topic)

    @view.setter
    def view(self, text: str) -> None:
        self._change(self._read_view(text))

    def _read_view(self, text: str | None) -> View:
        if text is None:
            return View()
        if not isinstance(text, str):
            raise DataError("a view is a text", argument="view", found=type(text).__name__)
        view, dropped = parse_view(text, self.shelf.ids, self.shelf.facets.topic)
        if dropped:
            warn_user(f"the view was restored without {'; '.join(dropped)}")
        return view

    def _change(self, view: View) -> None:
        """Take over a new state, tell the browser and whoever observes."""
        with self._lock:
            self._adopt(view, self._passing_rows(view))

    def take_over(self, wire: Mapping[str, Any], *, by: str) -> int:
        """Take over the state that a browser sent.

        Parameters
        ----------
        wire : mapping
            As `to_wire` writes a view.
        by : str
            Which browser sent it; goes out again with the state.

        Returns
        -------
        int
            How many papers are selected.

        Raises
        ------
        DataError
            The search cannot be done; all other filters hold.
        """
        view = from_wire(wire, self.shelf.n)
        with self._lock:
            try:
                rows, refused = self._passing_rows(view), None
            except DataError as error:
                rows, refused = np.flatnonzero(passing(view, self.shelf.facets)), error
            self._adopt(view, rows, by=by)
            if refused:
                raise refused
            return len(self._rows)

    def _adopt(self, view: View, rows: npt.NDArray[np.intp], *, by: str = "") -> None:
        """Take over a state and its rows; observers come last, since they may change it again."""
        old, topics = self._rows, self._topics_of_selection()
        self._view, self._rows = view, rows
        self._state = to_wire(view, self.shelf.n) | ({"by": by} if by else {})
        if np.array_equal(old, rows):
            return
        self._tell("selection", self.shelf.papers.iloc[old], self.selection)
        if topics != self.selected_topics:
            self._tell("selected_topics", topics, self.selected_topics)

    def _tell(self, name: str, old: Any, new: Any) -> None:
        self.notify_change(traitlets.Bunch(name=name, old=old, new=new, owner=self, type="change"))

    def _passing_rows(self, view: View) -> npt.NDArray[np.intp]:
        found = None
        if view.words.strip():
            found = self.search_rows(view.words, view.mode)[0] >= 0
        return np.flatnonzero(passing(view, self.shelf.facets, found=found))

    def search_rows(self, words: str, mode: str) -> tuple[npt.NDArray[np.int32], bool]:
        """Search papers, as `Shelf.search` does; the last result is kept."""
        if self._found[0] != (words, mode) or self._found[1] is None:
            self._found = ((words, mode), self.shelf.search(words, mode))
        found: tuple[npt.NDArray[np.int32], bool] = self._found[1]
        return found
