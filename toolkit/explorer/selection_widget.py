"""The explorer's base widget: keeps the view equal in Python and browser, gives the selection."""

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

from toolkit.errors import DataError, checked, warn_user
from toolkit.explorer.browser_data import FAST, columns_for_browser, pack
from toolkit.explorer.paper_data import Found, PaperData
from toolkit.explorer.state import View, passes_filters
from toolkit.explorer.view_text import parse_view, view_from_dict, view_text, view_to_dict
from toolkit.explorer.web_assets import script, style

#: Shown in a notebook opened without its kernel. A connected explorer's style hides it, and it
#: stays hidden for the seconds in which an explorer may connect. What JupyterLab itself says in the
#: explorer's place is bare text, and hidden.
DISCONNECTED = """<style>.tk-disconnected { animation: tk-disconnected 0s 5s both }
@keyframes tk-disconnected { from { visibility: hidden; position: absolute } }
.jp-OutputArea-child:has(.tk-disconnected) + .jp-OutputArea-child:not(:has(.jp-OutputArea-output *))
{ display: none }</style>
<p class="tk-disconnected"><b>This explorer is not connected:</b> it needs the kernel that made it.
Run the cells of this notebook, down to this one, to show it again.</p>"""


class Derived(traitlets.TraitType[Any, Any]):
    """A trait that is computed from the widget's state; setting it changes the state."""

    def __init__(self, compute: str, assign: str) -> None:
        super().__init__()
        self._compute, self._assign = compute, assign

    def get(self, obj: Any, cls: Any = None) -> Any:
        """Compute the value from the widget's state."""
        return getattr(obj, self._compute)()

    def set(self, obj: Any, value: Any) -> None:
        """Change the widget's state so that the trait has this value."""
        with obj._lock:
            getattr(obj, self._assign)(value)

    def instance_init(self, obj: Any) -> None:
        """Do nothing: there is no stored value."""


class SelectionWidget(anywidget.AnyWidget):
    """Synchronises the view with the browser and computes the selected papers.

    Python decides the order of changes: every accepted change is sent out in `_state`, so that
    browser and kernel end with the same view even where both change it at the same time.
    JupyterLab answers the browser in a separate thread while cells run; `_lock` serialises them.

    Parameters
    ----------
    data : PaperData
        The papers.
    view : str, optional
        The view to start with.
    more : dict
        Initial values of further traits.
    """

    _esm = script()
    _css = style()
    _data = traitlets.Bytes().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)

    selection = Derived("_selected_papers", "_select_papers")
    selected_topics = Derived("_topics_of_selection", "_select_topics")

    def __init__(self, data: PaperData, *, view: str | None, more: dict[str, Any]) -> None:
        self.data = data
        self._lock = threading.RLock()
        self._view = self._read_view(view)
        self._last_search: tuple[Any, Found | None] = (None, None)
        self._rows = self._matching_rows(self._view)
        meta, arrays = columns_for_browser(data)
        super().__init__(
            _data=pack(meta, arrays, level=FAST), _state=view_to_dict(self._view, data.n), **more
        )

    # Selection -----------------------------------------------------------------------------------

    def _selected_papers(self) -> pd.DataFrame:
        return self.data.papers.iloc[self._rows]

    @checked
    def _select_papers(self, papers: pd.DataFrame | None) -> None:
        if papers is None:
            return self._change(self._view.without_filters())
        if not isinstance(papers, pd.DataFrame) or "paper_id" not in papers:
            raise DataError(
                "the selection must be papers",
                argument="selection",
                found=type(papers).__name__,
                expected="a papers table, or None for all papers",
            )
        row_of = self.data.row_of
        unknown = [i for i in papers["paper_id"] if i not in row_of]
        if unknown:
            raise DataError(
                f"{len(unknown)} of the papers are not in the explorer",
                column="paper_id",
                found=unknown[0],
                hint="Select rows of the table that the explorer was made from",
            )
        rows = sorted({row_of[paper_id] for paper_id in papers["paper_id"]})
        return self._change(
            replace(self._view.without_filters(), marks=tuple(rows), camera=self._frame(rows))
        )

    def _topics_of_selection(self) -> list[int]:
        numbers, counts = np.unique(self.data.facets.topic[self._rows], return_counts=True)
        return [int(i) for i in numbers[np.argsort(-counts, kind="stable")]]

    @checked
    def _select_topics(self, topics: Sequence[int] | None) -> None:
        chosen = tuple(int(topic) for topic in topics or ())
        known = {int(topic) for topic in self.data.facets.topic}
        unknown = [topic for topic in chosen if topic not in known]
        if unknown:
            raise DataError(
                "there is no such topic",
                argument="selected_topics",
                found=unknown[0],
                expected=f"one of {len(known)} topics, {min(known)} to {max(known)}",
            )
        rows = np.flatnonzero(np.isin(self.data.facets.topic, chosen)).tolist()
        self._change(replace(self._view, topics=chosen, camera=self._frame(rows)))

    def _frame(self, rows: Sequence[int]) -> tuple[float, float, float]:
        """Return the camera that shows these papers with a margin."""
        if not rows:
            return self._view.camera
        x, y = (values[list(rows)] for values in self.data.places)
        room = [max(float(np.abs(axis).max()), 0.05) for axis in self.data.places]
        reach = max(np.ptp(x) / room[0], np.ptp(y) / room[1], 0.05) / 2
        zoom = float(np.clip(0.85 / reach, 1.0, 40.0))
        if zoom <= 1.0:
            return (0.0, 0.0, 1.0)
        centre = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
        return (round(float(centre[0]), 4), round(float(centre[1]), 4), round(zoom, 3))

    # State ---------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """The view as a short text, which ``Explorer(papers, topics, view=text)`` restores."""
        return view_text(self._view, self.data.ids, self.data.facets.topic)

    @view.setter
    def view(self, text: str) -> None:
        self._change(self._read_view(text))

    def _read_view(self, text: str | None) -> View:
        if text is None:
            return View()
        if not isinstance(text, str):
            raise DataError(
                "not a view", argument="view", found=type(text).__name__, expected="a text"
            )
        view, dropped = parse_view(text, self.data.ids, self.data.facets.topic)
        if dropped:
            warn_user(f"the view was restored without {'; '.join(dropped)}")
        return view

    def _change(self, view: View) -> None:
        """Set a new view, and notify the browser and all observers."""
        with self._lock:
            self._apply_view(view, self._matching_rows(view))

    def receive_view(self, content: Mapping[str, Any], *, by: str) -> int:
        """Set the view that a browser sent; return how many papers are selected.

        Parameters
        ----------
        content : mapping
            As `view_to_dict` makes it.
        by : str
            The browser that sent it; it is sent out with the state.

        Returns
        -------
        int
            The number of selected papers.

        Raises
        ------
        DataError
            The search failed; all other filters are applied.
        """
        view = view_from_dict(content, self.data.n)
        with self._lock:
            try:
                rows, refused = self._matching_rows(view), None
            except DataError as error:
                rows, refused = np.flatnonzero(passes_filters(view, self.data.facets)), error
            self._apply_view(view, rows, by=by)
            if refused:
                raise refused
            return len(self._rows)

    def _apply_view(self, view: View, rows: npt.NDArray[np.intp], *, by: str = "") -> None:
        """Set a view and its rows; observers are notified last, since they may change it again."""
        old, topics = self._rows, self._topics_of_selection()
        self._view, self._rows = view, rows
        self._state = view_to_dict(view, self.data.n) | ({"by": by} if by else {})
        if np.array_equal(old, rows):
            return
        self._notify("selection", self.data.papers.iloc[old], self.selection)
        if topics != self.selected_topics:
            self._notify("selected_topics", topics, self.selected_topics)

    def _notify(self, name: str, old: Any, new: Any) -> None:
        self.notify_change(traitlets.Bunch(name=name, old=old, new=new, owner=self, type="change"))

    def _matching_rows(self, view: View) -> npt.NDArray[np.intp]:
        found = None
        if view.words.strip():
            found = self.search_rows(view.words, view.mode, view.score).rank >= 0
        return np.flatnonzero(passes_filters(view, self.data.facets, found=found))

    def search_rows(self, words: str, mode: str, score: int | None = None) -> Found:
        """Return what `PaperData.search` returns; the last result is cached."""
        key, found = self._last_search
        if key != (words, mode, score) or found is None:
            found = self.data.search(words, mode, score)
            self._last_search = ((words, mode, score), found)
        return found
