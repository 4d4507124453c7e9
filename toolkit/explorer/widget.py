"""The explorer: a linked widget with topics to edit, a reading basket and a page to hand on."""

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

from toolkit.errors import DataError
from toolkit.explorer.basket import Basket, basket_path
from toolkit.explorer.catalogue import Shelf
from toolkit.explorer.linked_widget import Derived, LinkedWidget
from toolkit.explorer.packing import QUICK, pack, topics_for_browser
from toolkit.explorer.page import write_page
from toolkit.explorer.requests import answer
from toolkit.explorer.viewtext import view_text
from toolkit.exports.exporting import export

if TYPE_CHECKING:
    from toolkit.topics.topics import TopicModel

#: Hidden by the style of a living explorer, and for the seconds in which one may come to life.
_ASLEEP = """<style>.tk-asleep { animation: tk-asleep 0s 5s both }
@keyframes tk-asleep { from { visibility: hidden; position: absolute } }</style>
<p class="tk-asleep"><b>The explorer is asleep:</b> it lives as long as the kernel that made it.
Run the cells of this notebook, down to this one, to bring it back.</p>"""


class Explorer(LinkedWidget):
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
    >>> from toolkit.papers.schema import make_papers
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

    _topic_data = traitlets.Bytes().tag(sync=True)
    _basket: Any = traitlets.List().tag(sync=True)
    _basket_place = traitlets.Unicode().tag(sync=True)
    _edits = traitlets.Int(0).tag(sync=True)
    topics = Derived("_current_topics", "_set_topics")

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
        shelf = Shelf(papers, topics, links=links, claims=claims, checks=checks, vectors=vectors)
        self._kept = Basket(basket_path(papers, basket))
        self._history = [topics]
        packed = _packed_topics(topics, shelf)
        super().__init__(shelf, view=view, more={"_topic_data": packed})
        self._show_basket()
        self.on_msg(self._hear)

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
        self._edit(lambda topics: topics.rename({int(topic): label}))

    def merge_topics(self, topics: Sequence[int]) -> None:
        """Make one topic of two or more.

        Parameters
        ----------
        topics : sequence of int
            Their numbers.
        """
        self._edit(lambda model: model.merge([int(topic) for topic in topics]))

    def undo(self) -> None:
        """Take the last renaming or merging back; without any, nothing happens."""
        with self._lock:
            if len(self._history) > 1:
                self._history.pop()
                self._show_topics()

    def _current_topics(self) -> TopicModel:
        return self._history[-1]

    def _set_topics(self, topics: TopicModel) -> None:
        self._edit(lambda _: topics)

    def _edit(self, deed: Callable[[TopicModel], TopicModel]) -> None:
        with self._lock:
            topics = deed(self._history[-1])
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
            self._topic_data = _packed_topics(self._history[-1], self.shelf)
            self._edits = len(self._history) - 1
            self._change(replace(self._view, topics=chosen))
        self._tell("topics", None, self.topics)

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
            raise DataError("there is no such paper", argument="paper_id", found=paper_id)
        title = str(self.shelf.papers["title"].iloc[row])
        self._write_basket(lambda kept: kept.keep(paper_id, title))

    def note(self, paper_id: str, text: str) -> None:
        """Write down what to remember about a kept paper, in place of what was there.

        Raises
        ------
        DataError
            The paper is not in the basket.
        """
        self._write_basket(lambda kept: kept.note(paper_id, text))

    def drop(self, paper_id: str) -> None:
        """Take a paper out of the reading basket."""
        self._write_basket(lambda kept: kept.drop(paper_id))

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
        export(self.basket, Path(path))
        return Path(path)

    def _write_basket(self, deed: Callable[[Basket], None]) -> None:
        with self._lock:
            deed(self._kept)
            self._show_basket()

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
        """Answer a question from the browser; what nobody foresaw goes to Lab's log as well."""
        if not isinstance(content, dict) or "key" not in content:
            return
        reply, blobs, unforeseen = answer(self, content)
        self.send(reply, blobs)
        if unforeseen:
            raise unforeseen

    def __repr__(self) -> str:
        """Say what this is in a few words, where no widget can be shown."""
        return f"Explorer of {self.shelf.n:,} papers"

    def _repr_mimebundle_(  # type: ignore[override]
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Show the explorer; a notebook that is opened again later says how to get it back."""
        from IPython.display import HTML, display

        # Lab's own words there are "Error displaying widget: model not found".
        display(HTML(_ASLEEP))  # type: ignore[no-untyped-call]
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(
            include=include, exclude=exclude
        )
        return bundle


def _packed_topics(topics: Any, shelf: Shelf) -> bytes:
    meta, arrays = topics_for_browser(topics.topics, shelf.facets.topic)
    return pack(meta, arrays, level=QUICK)
