"""The explorer widget: selection, topic edits, a reading basket and export as a page."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import traitlets

from toolkit.errors import checked
from toolkit.explorer.basket import basket_path
from toolkit.explorer.basket_widget import BasketWidget
from toolkit.explorer.browser_data import FAST, pack, topics_for_browser
from toolkit.explorer.browser_requests import answer_request
from toolkit.explorer.map_file import MapFile
from toolkit.explorer.page import write_page
from toolkit.explorer.paper_data import PaperData
from toolkit.explorer.selection_widget import DISCONNECTED, Derived
from toolkit.explorer.view_text import view_text

if TYPE_CHECKING:
    from toolkit.topics.model import TopicModel


class Explorer(MapFile, BasketWidget):
    """A widget to filter, search and read a collection: linked map, timeline, table and filters.

    The papers that pass the filters, lasso and ticks are always the papers table `selection`.

    Parameters
    ----------
    papers : DataFrame
        A papers table; your own columns can colour the map.
    topics : TopicModel
        From `fit_topics`, for these papers or more.
    view : str, optional
        The view to start with, a text from `Explorer.view`.
    links, claims, checks : DataFrame, optional
        From `find_links`, `code_claims` (computed if not given) and `check_links` (shown if
        given).
    vectors : ndarray, optional
        Shape (n_papers, d), for similar papers and search by meaning; by default those of
        `topics`.
    basket : path, optional
        File of the reading basket, or the folder for a file `reading_basket.json`. By default a
        file in the user's cache folder that belongs to these papers; `basket_path` says where.

    Attributes
    ----------
    selection : DataFrame
        The papers that pass all filters, in their order. Setting it to some of the papers
        removes the filters, marks those papers and moves the map to them; None shows all papers
        again. Observe it with ``explorer.observe(f, names="selection")``.
    selected_topics : list of int
        Topics of the selected papers, those with most papers first. Setting it filters by topic.
    topics : TopicModel
        The topics as edited in the explorer.
    basket : DataFrame
        The papers in the basket, with a column `note`.
    view : str
        A short text that restores filters, marks, open paper, zoom, colours and order.

    Raises
    ------
    DataError
        `papers` is not a papers table, `topics` are of other papers, or `view` cannot be read.

    Warns
    -----
    UserWarning
        Parts of `view` belong to other papers or topics and were left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import pandas as pd
    >>> from toolkit.papers.schema import make_papers
    >>> papers = make_papers(
    ...     [{"id": "2401.00001", "title": "On maps", "abstract": "We draw maps."},
    ...      {"id": "2402.00002", "title": "On tables", "abstract": "We set tables."}],
    ...     source="mine")
    >>> topics = SimpleNamespace(
    ...     papers=pd.DataFrame({"paper_id": papers["paper_id"], "topic": [0, 1],
    ...                          "x": [0.0, 1.0], "y": [0.0, 1.0]}),
    ...     topics=pd.DataFrame({"topic": [0, 1], "label": ["maps", "tables"], "size": [1, 1]}))
    >>> explorer = Explorer(papers, topics, view="since=2024-02-01")
    >>> explorer.selection["title"].tolist()
    ['On tables']
    """

    _topic_data = traitlets.Bytes().tag(sync=True)
    _edits = traitlets.Int(0).tag(sync=True)
    _redos = traitlets.Int(0).tag(sync=True)
    topics = Derived("_current_topics", "_set_topics")

    @checked
    def __init__(
        self,
        papers: pd.DataFrame,
        topics: TopicModel,
        *,
        view: str | None = None,
        links: pd.DataFrame | None = None,
        claims: pd.DataFrame | None = None,
        checks: pd.DataFrame | None = None,
        vectors: npt.NDArray[Any] | None = None,
        basket: str | os.PathLike[str] | None = None,
    ) -> None:
        data = PaperData(papers, topics, links=links, claims=claims, checks=checks, vectors=vectors)
        self._history = [topics]
        self._undone: list[TopicModel] = []
        packed = _packed_topics(topics, data)
        super().__init__(
            data, basket=basket_path(papers, basket), view=view, more={"_topic_data": packed}
        )
        self.on_msg(self._on_message)

    # Topics --------------------------------------------------------------------------------------

    @checked
    def rename_topic(self, topic: int, label: str) -> None:
        """Change the label of a topic.

        Parameters
        ----------
        topic : int
            Its number.
        label : str
            Its new name.
        """
        self._edit(lambda topics: topics.rename({int(topic): label}))

    @checked
    def merge_topics(self, topics: Sequence[int]) -> None:
        """Merge two or more topics into one.

        Parameters
        ----------
        topics : sequence of int
            Their numbers.
        """
        self._edit(lambda model: model.merge([int(topic) for topic in topics]))

    @checked
    def drop_topics(self, topics: Sequence[int]) -> None:
        """Drop topics: their papers belong to no topic.

        Parameters
        ----------
        topics : sequence of int
            Their numbers.
        """
        self._edit(lambda model: model.drop([int(topic) for topic in topics]))

    @checked
    def undo(self) -> None:
        """Undo the last edit of the topics, if there is one."""
        with self._lock:
            if len(self._history) > 1:
                self._undone.append(self._history.pop())
                self._show_topics()

    @checked
    def redo(self) -> None:
        """Make the edit of the topics again that was undone last, if none was made since."""
        with self._lock:
            if self._undone:
                self._history.append(self._undone.pop())
                self._show_topics()

    def _current_topics(self) -> TopicModel:
        return self._history[-1]

    @checked
    def _set_topics(self, topics: TopicModel) -> None:
        self._edit(lambda _: topics)

    def _edit(self, edit: Callable[[TopicModel], TopicModel]) -> None:
        with self._lock:
            topics = edit(self._history[-1])
            self.data.topic_of(topics)
            self._history.append(topics)
            self._undone.clear()
            self._show_topics()

    def _show_topics(self) -> None:
        """Show the newest topics; a filter by topic keeps its papers."""
        before = self.data.facets.topic
        self.data.set_topics(self._history[-1])
        after = self.data.facets.topic
        filtered = np.isin(before, self._view.topics)
        chosen = tuple(int(i) for i in np.unique(after[filtered])) if filtered.any() else ()
        with self.hold_sync():
            self._topic_data = _packed_topics(self._history[-1], self.data)
            self._edits, self._redos = len(self._history) - 1, len(self._undone)
            self._change(replace(self._view, topics=chosen))
        self._notify("topics", None, self.topics)

    # Page ----------------------------------------------------------------------------------------

    @checked
    def to_html(
        self,
        path: str | os.PathLike[str],
        *,
        title: str = "Paper explorer",
        prose: bool = True,
        columns: Sequence[str] = (),
    ) -> Path:
        """Write the explorer as an HTML page that needs no Python and no network; return its path.

        Parameters
        ----------
        path : path
            The .html file.
        title : str
            The page's title.
        prose : bool
            Include the abstracts. Without them (the source may not allow their publication) the
            page shows each paper's terms instead.
        columns : sequence of str
            Columns of your own that go along; none does by itself.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DataError
            The file cannot be written, or there is no such column.
        """
        view = self._view
        if view.mode == "meaning" and view.words.strip():
            # A page cannot search by meaning: mark what was found.
            view = replace(view, words="", mode="words", marks=tuple(self._rows.tolist()))
        return write_page(
            Path(path),
            self.data,
            self._history[-1],
            view=view_text(view, self.data.ids, self.data.facets.topic),
            title=title,
            prose=prose,
            columns=columns,
        )

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """Reply to a request of the browser; unexpected errors also go to JupyterLab's log."""
        if not isinstance(content, dict) or "key" not in content:
            return
        reply, blobs, unexpected = answer_request(self, content)
        self.send(reply, blobs)
        if unexpected:
            raise unexpected

    def __repr__(self) -> str:
        """Return a short description, shown where widgets cannot be."""
        return f"Explorer of {self.data.n:,} papers"

    def _repr_mimebundle_(  # type: ignore[override]
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Show the explorer, with a message for notebooks that are opened without their kernel."""
        from IPython.display import HTML, display

        # JupyterLab itself would say "Error displaying widget: model not found".
        display(HTML(DISCONNECTED))  # type: ignore[no-untyped-call]
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(
            include=include, exclude=exclude
        )
        return bundle


def _packed_topics(topics: Any, data: PaperData) -> bytes:
    meta, arrays = topics_for_browser(topics.topics, data)
    return pack(meta, arrays, level=FAST)
