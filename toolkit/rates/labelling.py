"""A widget to label papers by hand, for the correction of the detector's errors."""

from __future__ import annotations

import os
import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.claims.claims import read_claims_of
from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.papers.coercion import STATUSES
from toolkit.rates.correction import corrected_availability
from toolkit.rates.sampling import draw_sample

if TYPE_CHECKING:
    import ipywidgets

COLUMNS = ("paper_id", "code", "labelled_by")


class LabellingWidget:
    """A widget that shows papers one by one to label, and the corrected share so far.

    Parameters
    ----------
    papers : DataFrame
        A papers table; papers without an abstract are shown with title and address only.
    n : int
        How many papers to label.
    seed : int
        Of the sample, see `draw_sample`.
    path : str or path-like, optional
        A CSV file: its labels are read, and each new one is saved at once.
    who : str
        Your name or initials, kept with each label.

    Attributes
    ----------
    labels : DataFrame
        paper_id, code (linked, claimed, promised, request, none), labelled_by; as far as labelled.
    widget : ipywidgets.VBox
        What is shown in the notebook.

    Raises
    ------
    DataError
        The CSV file is not a file of labels, or cannot be written.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"), "abstract": "Bees."})
    >>> widget = LabellingWidget(papers, n=2)
    >>> widget.label("none")
    >>> widget.labels["code"].tolist()
    ['none']
    """

    def __init__(
        self,
        papers: pd.DataFrame,
        *,
        n: int = 50,
        seed: int = 42,
        path: str | os.PathLike[str] | None = None,
        who: str = "",
    ) -> None:
        self.papers, self.who = papers, who
        self.sample = draw_sample(papers, n=n, seed=seed)
        self.path = Path(path) if path is not None else None
        self._claims = read_claims_of(papers)
        self._given: dict[str, tuple[str, str]] = _read(self.path)
        _check_place(self.path)
        self._at = next((i for i, paper in enumerate(self.sample) if paper not in self._given), 0)
        self._parts: dict[str, Any] = {}
        self.widget = self._build()
        self._show()

    @property
    def labels(self) -> pd.DataFrame:
        """All labels so far, in the order of the sample; those of the file included."""
        order = [paper for paper in self.sample if paper in self._given]
        order += [paper for paper in self._given if paper not in set(order)]
        rows = [(paper, *self._given[paper]) for paper in order]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="string")

    def label(self, status: str) -> None:
        """Label the paper shown, save the label, and show the next paper without one.

        Raises
        ------
        DataError
            Not a label, or it cannot be saved (it is in `labels` nevertheless).
        """
        if status not in STATUSES:
            raise DataError("not a label", found=status, expected=", ".join(STATUSES))
        self._given[self.sample[self._at]] = (status, self.who)
        self.save()
        following = [*range(self._at + 1, len(self.sample)), *range(self._at)]
        self._at = next((i for i in following if self.sample[i] not in self._given), self._at)
        self._show()

    def move(self, step: int) -> None:
        """Show the paper `step` places further (or back); after the last comes the first."""
        self._at = (self._at + step) % len(self.sample)
        self._show()

    def save(self) -> None:
        """Write the labels to the CSV file, if one was given."""
        if self.path is None:
            return
        _check_place(self.path)
        write_atomically(self.path, self.labels.to_csv(index=False))

    def corrected(self) -> pd.DataFrame | None:
        """Return the corrected share so far; None until papers of both halves are labelled."""
        labels = self.labels[self.labels["paper_id"].isin(self.papers["paper_id"])]
        if labels.empty:
            return None
        try:
            return corrected_availability(self.papers, labels, claims=self._claims)
        except DataError:
            return None

    def _click(self, status: str) -> None:
        """Label the paper shown; show errors in the widget, as those of callbacks are not seen."""
        try:
            self.label(status)
        except DataError as error:
            self._show()
            said = f"Not saved; correct it and click again. {error}"
            self._parts["result"].value = f"<p role='status'><b>{escape(said)}</b></p>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]

    def _build(self) -> ipywidgets.VBox:
        import ipywidgets as w

        parts = self._parts
        parts["progress"] = w.IntProgress(max=len(self.sample), description="labelled")
        parts["count"] = w.Label()
        parts["paper"] = w.HTML()
        parts["result"] = w.HTML()
        parts["buttons"] = {}
        meanings = {
            "linked": "an address of their code is given",
            "claimed": "said to be open now, without address",
            "promised": "only in the future tense",
            "request": "only from the authors, on request",
            "none": "nothing said of their own code",
        }
        for status in STATUSES:
            button = w.Button(description=status, tooltip=f"{status}: {meanings[status]}")
            button.on_click(lambda _, chosen=status: self._click(chosen))
            parts["buttons"][status] = button
        back = w.Button(description="back", icon="arrow-left", tooltip="the paper before this one")
        back.on_click(lambda _: self.move(-1))
        skip = w.Button(description="skip", icon="arrow-right", tooltip="the next paper")
        skip.on_click(lambda _: self.move(1))
        question = w.HTML("<b>What does the abstract say of the authors' own code?</b>")
        row = w.HBox([*parts["buttons"].values(), back, skip])
        head = w.HBox([parts["progress"], parts["count"]])
        return w.VBox([head, parts["paper"], question, row, parts["result"]])

    def _show(self) -> None:
        parts, paper_id = self._parts, self.sample[self._at]
        row = self.papers.loc[self.papers["paper_id"] == paper_id].iloc[0]
        text = row.get("abstract")
        if pd.isna(text):
            address = row.get("url")
            if pd.isna(address) and paper_id.startswith("arxiv:"):
                address = f"https://arxiv.org/abs/{paper_id.removeprefix('arxiv:')}"
            where = "" if pd.isna(address) else f" Read it at {escape(str(address))}"
            body = f"<i>The abstract is not in this collection.{where}</i>"
        else:
            body = escape(str(text))
        done = sum(paper in self._given for paper in self.sample)
        given = self._given.get(paper_id, ("not yet", ""))[0]
        parts["progress"].value = done
        parts["count"].value = f"{done} of {len(self.sample)}; paper {self._at + 1}, label: {given}"
        parts[
            "paper"
        ].value = f"<h4>{escape(str(row['title']))}</h4><p style='max-width:60em'>{body}</p>"
        for status, button in parts["buttons"].items():
            button.button_style = "info" if status == given else ""
        parts["result"].value = f"<p role='status'>{escape(self._in_words())}</p>"

    def _in_words(self) -> str:
        result = self.corrected()
        left = any(paper not in self._given for paper in self.sample)
        done = "" if left else f"Done: all {len(self.sample)} papers are labelled. "
        if result is None:
            return f"{done}The corrected share appears when papers of both kinds are labelled."
        one = result.iloc[0]
        return (
            f"{done}Linked as detected: {one['share']:.1%}. Corrected by {one['labelled']} labels: "
            f"{one['corrected']:.1%} (95 % interval {one['low']:.1%} to {one['high']:.1%})."
        )


def _check_place(path: Path | None) -> None:
    """Raise if a file cannot be written, before anybody has labelled a paper."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise DataError(
            f"labels cannot be saved there ({error.strerror})",
            argument="path",
            found=str(path),
            hint="Name a CSV file in a folder that you can write to",
        ) from error


def _read(path: Path | None) -> dict[str, tuple[str, str]]:
    """Return labels saved earlier."""
    if path is None or not path.exists():
        return {}
    hint = "Give another file, or move this one away"
    if path.is_dir():
        raise DataError("a folder, not a file", argument="path", found=str(path), hint=hint)
    try:
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError("not a file of labels", source=path, found=str(error), hint=hint) from None
    if list(table.columns) != list(COLUMNS):
        raise DataError(
            "not a file of labels",
            source=path,
            found=list(table.columns),
            expected=", ".join(COLUMNS),
            hint=hint,
        )
    wrong = ~table["code"].isin(STATUSES).to_numpy(dtype=bool)
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            "not a label",
            source=path,
            row=row + 2,
            column="code",
            found=table["code"].iloc[row],
            expected=", ".join(STATUSES),
        )
    return {paper: (code, who) for paper, code, who in table.itertuples(index=False)}
