"""The explorer's basket: papers to read, with notes, shared by explorers that have one file."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import traitlets

from toolkit.errors import DataError, checked
from toolkit.explorer.basket import Basket
from toolkit.explorer.paper_data import PaperData
from toolkit.explorer.selection_widget import SelectionWidget
from toolkit.exports.exporting import export

#: The explorers of this process: those with one basket show the same papers in it.
_ALIVE: weakref.WeakSet[BasketWidget] = weakref.WeakSet()


class BasketWidget(SelectionWidget):
    """A selection widget with a reading basket.

    Parameters
    ----------
    data : PaperData
        The papers.
    basket : Path
        The basket's file.
    view : str, optional
        The view to start with.
    more : dict
        Initial values of further traits.
    """

    _basket: Any = traitlets.List().tag(sync=True)
    _basket_place = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, data: PaperData, *, basket: Path, view: str | None, more: dict[str, Any]
    ) -> None:
        self._basket_file = Basket(basket)
        super().__init__(data, view=view, more=more)
        self._show_basket()
        _ALIVE.add(self)

    @property
    def basket(self) -> pd.DataFrame:
        """The papers in the basket: their rows of the papers table and a column `note`."""
        self.read_basket()
        known = [e for e in self._basket_file.entries if e["paper_id"] in self.data.row_of]
        rows = [self.data.row_of[entry["paper_id"]] for entry in known]
        table = self.data.papers.iloc[rows].reset_index(drop=True)
        return table.assign(note=pd.array([e["note"] for e in known], dtype="string"))

    @property
    def basket_path(self) -> Path:
        """The file of the basket."""
        return self._basket_file.path

    @checked
    def keep(self, paper_id: str) -> None:
        """Add a paper to the reading basket.

        Raises
        ------
        DataError
            There is no such paper.
        """
        row = self.data.row_of.get(paper_id)
        if row is None:
            raise DataError("there is no such paper", argument="paper_id", found=paper_id)
        title = str(self.data.papers["title"].iloc[row])
        self._write_basket(lambda kept: kept.keep(paper_id, title))

    @checked
    def note(self, paper_id: str, text: str) -> None:
        """Set the note of a paper in the reading basket.

        Raises
        ------
        DataError
            The paper is not in the basket.
        """
        self._write_basket(lambda kept: kept.note(paper_id, text))

    @checked
    def drop(self, paper_id: str) -> None:
        """Remove a paper from the reading basket."""
        self._write_basket(lambda kept: kept.drop(paper_id))

    @checked
    def export_basket(self, path: str | os.PathLike[str]) -> Path:
        """Write the basket as a reading list; return the path.

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

    def _write_basket(self, change: Callable[[Basket], None]) -> None:
        with self._lock:
            change(self._basket_file)
            self._show_basket()
        self.read_basket()

    def read_basket(self) -> None:
        """Read the basket's file again where it has changed, for all explorers that have it."""
        for each in list(_ALIVE):
            if each.basket_path.resolve() == self.basket_path.resolve():
                with each._lock:
                    if each._basket_file.reload():
                        each._show_basket()

    def _show_basket(self) -> None:
        row_of = self.data.row_of
        self._basket_place = str(self._basket_file.path)
        self._basket = [
            {"id": e["paper_id"], "row": row_of.get(e["paper_id"]), "title": e["title"],
             "note": e["note"]}
            for e in self._basket_file.entries
        ]  # fmt: skip
