"""The widget: keeps state, topics and basket in step with the browser, answers its questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from warnings import warn

import anywidget
import numpy as np
import numpy.typing as npt
import pandas as pd
import traitlets

from toolkit.errors import DataError
from toolkit.explorer.answers import answer
from toolkit.explorer.basket import Basket, basket_path
from toolkit.explorer.packing import columns_for_browser, pack, topics_for_browser
from toolkit.explorer.script import script, style
from toolkit.explorer.shelf import Shelf
from toolkit.explorer.state import FILTERING, View, passing
from toolkit.explorer.viewtext import from_wire, parse_view, to_wire, view_text

_QUICK = 1  # gzip level: the browser is on the same machine or network


class _Derived(traitlets.TraitType):  # type: ignore[misc,type-arg]
    """A trait computed from the widget's state; setting it changes the state."""

    def __init__(self, compute: str, assign: str) -> None:
        super().__init__()
        self._compute, self._assign = compute, assign

    def get(self, obj: Any, cls: Any = None) -> Any:
        return getattr(obj, self._compute)()

    def set(self, obj: Any, value: Any) -> None:
        getattr(obj, self._assign)(value)

    def instance_init(self, obj: Any) -> None:
        """Nothing to set up: there is no stored value."""


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """See, brush, search and read a collection: map, timeline, table and filters, all linked.

    Whatever is filtered, lassoed or ticked is at once the papers table `selection`.

    Parameters
    ----------
    papers : DataFrame
        A papers table; further columns of your own can colour the map.
    topics : TopicModel
        As `fit_topics` makes it, for these papers or more.
    view : str, optional
        A state to start from, as `Explorer.view` gave it.
    links, claims, checks : DataFrame, optional
        From `find_links`, `code_claims` (made here if not given) and `check_links` (shown where
        given).
    vectors : ndarray, optional
        Shape (n_papers, d), for similar papers and search by meaning; else those of `topics`.
    basket : path, optional
        File of the reading basket. Else it is `reading_basket.json` in the collection's own
        folder or, for collections that came from elsewhere, in the working folder.

    Attributes
    ----------
    selection : DataFrame
        The papers that pass all filters, in their order; all of them where nothing is filtered.
        Setting it to some of the papers takes the filters away, marks those papers and moves
        the map to them; None shows everything again. Observe it with
        ``explorer.observe(f, names="selection")``.
    selected_topics : list of int
        Topics of the selected papers, those with most papers first. Setting it filters by topic.
    topics : TopicModel
        The topics, with the renamings and mergings made in the explorer.
    basket : DataFrame
        The papers kept for reading, with a column `note`.
    view : str
        A short text that restores filters, marks, open paper, zoom, colours and order.

    Raises
    ------
    DataError
        No papers table, topics of other papers, or a view that cannot be read.

    Warns
    -----
    UserWarning
        Parts of a view belong to other papers or topics and were left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import pandas as pd
    >>> from toolkit.schema import make_papers
    >>> papers = make_papers([{"id": "2401.00001", "title": "On maps"},
    ...                       {"id": "2402.00002", "title": "On tables"}], source="mine")
    >>> topics = SimpleNamespace(
    ...     papers=pd.DataFrame({"paper_id": papers["paper_id"], "topic": [0, 1],
    ...                          "x": [0.0, 1.0], "y": [0.0, 1.0]}),
    ...     topics=pd.DataFrame({"topic": [0, 1], "label": ["maps", "tables"], "size": [1, 1]}))
    >>> explorer = Explorer(papers, topics, view="since=2024-02-01")
    >>> explorer.selection["title"].tolist()
    ['On tables']
    """

    _esm = script("widget")
    _css = style()
    _data = traitlets.Bytes().tag(sync=True)
    _topic_data = traitlets.Bytes().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)
    _heard = traitlets.Dict().tag(sync=True)
    _basket: Any = traitlets.List().tag(sync=True)
    _basket_place = traitlets.Unicode().tag(sync=True)
    _edits = traitlets.Int(0).tag(sync=True)

    selection = _Derived("_selected_papers", "_select_papers")
    selected_topics = _Derived("_topics_of_selection", "_select_topics")
    topics = _Derived("_current_topics", "_set_topics")

    def __init__(
        self,
        papers: pd.DataFrame,
        topics: Any,
        *,
        view: str | None = None,
        links: pd.DataFrame | None = None,
        claims: pd.DataFrame | None = None,
        checks: pd.DataFrame | None = None,
        vectors: npt.NDArray[Any] | None = None,
        basket: str | os.PathLike[str] | None = None,
    ) -> None:
        self.shelf = Shelf(
            papers, topics, links=links, claims=claims, checks=checks, vectors=vectors
        )
        self._history = [topics]
        self._kept = Basket(basket_path(papers, basket))
        self._view = self._read_view(view)
        self._found: tuple[tuple[str, str], Any] = (("", "words"), None)
        self._rows = self._passing_rows()
        meta, arrays = columns_for_browser(self.shelf)
        super().__init__(
            _data=pack(meta, arrays, level=_QUICK),
            _topic_data=self._pack_topics(),
            _state=to_wire(self._view, self.shelf.n),
        )
        self._show_basket()
        self.on_msg(self._hear)

    # Selection -----------------------------------------------------------------------------------

    def _selected_papers(self) -> pd.DataFrame:
        return self.shelf.papers.iloc[self._rows]

    def _select_papers(self, papers: pd.DataFrame | None) -> None:
        if papers is None:
            return self._change(self._view.without_filters())
        if not isinstance(papers, pd.DataFrame) or "paper_id" not in papers:
            raise DataError(
                "only papers can be selected",
                column="selection",
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
                mend="Select from the table the explorer was made with",
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
                column="selected_topics",
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
            raise DataError("a view is a text", column="view", found=type(text).__name__)
        view, dropped = parse_view(text, self.shelf.ids, self.shelf.facets.topic)
        if dropped:
            warn(f"the view was restored without {'; '.join(dropped)}", UserWarning, stacklevel=4)
        return view

    def _change(self, view: View) -> None:
        """Take over a new state and tell the browser and whoever observes."""
        self._adopt(view)
        self._state = to_wire(view, self.shelf.n)

    def _adopt(self, view: View) -> None:
        narrowed = any(getattr(view, name) != getattr(self._view, name) for name in FILTERING)
        self._view = view
        if narrowed:
            self._refresh()

    def _refresh(self) -> None:
        """Compute the selection again; observers hear of it where it changed."""
        old, topics = self._rows, self._topics_of_selection()
        self._rows = self._passing_rows()
        if np.array_equal(old, self._rows):
            return
        before = self.shelf.papers.iloc[old]
        self._tell("selection", before, self.selection)
        if topics != self.selected_topics:
            self._tell("selected_topics", topics, self.selected_topics)

    def _tell(self, name: str, old: Any, new: Any) -> None:
        self.notify_change(traitlets.Bunch(name=name, old=old, new=new, owner=self, type="change"))

    def _passing_rows(self) -> npt.NDArray[np.intp]:
        found = None
        if self._view.words.strip():
            found = self.search_rows(self._view.words, self._view.mode)[0] >= 0
        return np.flatnonzero(passing(self._view, self.shelf.facets, found=found))

    def search_rows(self, words: str, mode: str) -> tuple[npt.NDArray[np.int32], bool]:
        """Search papers, as `Shelf.search` does; the last result is kept."""
        if self._found[0] != (words, mode) or self._found[1] is None:
            self._found = ((words, mode), self.shelf.search(words, mode))
        found: tuple[npt.NDArray[np.int32], bool] = self._found[1]
        return found

    @traitlets.observe("_state")  # type: ignore[untyped-decorator]
    def _on_state(self, change: Any) -> None:
        turn = change["new"].get("turn")
        if turn is None:
            return
        try:
            self._adopt(from_wire(change["new"], self.shelf.n))
        except Exception as error:
            # Most likely an observer of the user's: say so where it is seen, not only in a log.
            said = f"{type(error).__name__}: {error}"
            self._heard = {"turn": turn, "n": len(self._rows), "error": said}
            raise
        self._heard = {"turn": turn, "n": len(self._rows)}

    # Topics --------------------------------------------------------------------------------------

    def rename_topic(self, topic: int, label: str) -> None:
        """Give a topic another label.

        Parameters
        ----------
        topic : int
            Its number.
        label : str
            Its new name.
        """
        self._edit(self._history[-1].rename({int(topic): label}))

    def merge_topics(self, topics: Sequence[int]) -> None:
        """Make one topic of two or more.

        Parameters
        ----------
        topics : sequence of int
            Their numbers.
        """
        self._edit(self._history[-1].merge([int(topic) for topic in topics]))

    def undo(self) -> None:
        """Take the last renaming or merging back; without any, nothing happens."""
        if len(self._history) > 1:
            self._history.pop()
            self._show_topics()

    def _current_topics(self) -> Any:
        return self._history[-1]

    def _set_topics(self, topics: Any) -> None:
        self._edit(topics)

    def _edit(self, topics: Any) -> None:
        self.shelf.topic_of(topics)
        self._history.append(topics)
        self._show_topics()

    def _show_topics(self) -> None:
        """Show the newest topics; chosen ones keep standing for the papers they stood for."""
        before = self.shelf.facets.topic
        self.shelf.with_topics(self._history[-1])
        after = self.shelf.facets.topic
        held = np.isin(before, self._view.topics)
        chosen = tuple(int(i) for i in np.unique(after[held])) if held.any() else ()
        with self.hold_sync():
            self._topic_data = self._pack_topics()
            self._edits = len(self._history) - 1
            self._change(replace(self._view, topics=chosen))
        self._refresh()
        self._tell("topics", None, self.topics)

    def _pack_topics(self) -> bytes:
        meta, arrays = topics_for_browser(self._history[-1].topics, self.shelf.facets.topic)
        return pack(meta, arrays, level=_QUICK)

    # Basket --------------------------------------------------------------------------------------

    @property
    def basket(self) -> pd.DataFrame:
        """The papers kept for reading: their rows of the papers table and a column `note`."""
        known = [e for e in self._kept.entries if e["paper_id"] in self.shelf.row_of]
        rows = [self.shelf.row_of[entry["paper_id"]] for entry in known]
        table = self.shelf.papers.iloc[rows].reset_index(drop=True)
        return table.assign(note=pd.array([e["note"] for e in known], dtype="string"))

    @property
    def basket_path(self) -> Path:
        """The file in which the basket is kept."""
        return self._kept.path

    def keep(self, paper_id: str) -> None:
        """Put a paper into the reading basket.

        Raises
        ------
        DataError
            There is no such paper.
        """
        row = self.shelf.row_of.get(paper_id)
        if row is None:
            raise DataError("there is no such paper", column="paper_id", found=paper_id)
        self._kept.keep(paper_id, str(self.shelf.papers["title"].iloc[row]))
        self._show_basket()

    def note(self, paper_id: str, text: str) -> None:
        """Write down what to remember about a kept paper, in place of what was there.

        Raises
        ------
        DataError
            The paper is not in the basket.
        """
        self._kept.note(paper_id, text)
        self._show_basket()

    def drop(self, paper_id: str) -> None:
        """Take a paper out of the reading basket."""
        self._kept.drop(paper_id)
        self._show_basket()

    def export_basket(self, path: str | os.PathLike[str]) -> Path:
        """Write the basket as a reading list.

        Parameters
        ----------
        path : path
            Ends in .bib, .ris, .csv, .md or .html.

        Returns
        -------
        Path
            The file.
        """
        from toolkit.reading import export

        export(self.basket, Path(path))
        return Path(path)

    def _show_basket(self) -> None:
        row_of = self.shelf.row_of
        self._basket_place = str(self._kept.path)
        self._basket = [
            {"id": e["paper_id"], "row": row_of.get(e["paper_id"]), "title": e["title"],
             "note": e["note"]}
            for e in self._kept.entries
        ]  # fmt: skip

    # Page ----------------------------------------------------------------------------------------

    def to_html(
        self,
        path: str | os.PathLike[str],
        *,
        title: str = "Paper explorer",
        prose: bool = True,
    ) -> Path:
        """Write the explorer as one page that needs neither Python nor network.

        Parameters
        ----------
        path : path
            The .html file.
        title : str
            Title of the page.
        prose : bool
            Put abstracts into the page. Without them (the source may not allow passing them on)
            the words of each paper stand in their place.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DataError
            The place cannot be written to.
        """
        from toolkit.explorer.page import write_page

        view = self._view
        if view.mode == "meaning" and view.words.strip():
            # A page cannot search by meaning: what was found goes along as marked.
            view = replace(view, words="", mode="words", marks=tuple(self._rows.tolist()))
        return write_page(
            Path(path),
            self.shelf,
            self._history[-1],
            view=view_text(view, self.shelf.ids, self.shelf.facets.topic),
            title=title,
            prose=prose,
        )

    def _hear(self, _: Any, content: Any, buffers: Any) -> None:
        """Answer a question from the browser."""
        if isinstance(content, dict) and "key" in content:
            self.send(*answer(self, content))
