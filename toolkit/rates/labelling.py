"""A widget to label papers by hand, for the correction of the detector's errors."""

from __future__ import annotations

import os
import tempfile
import warnings
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.errors import DataError
from toolkit.files import write_atomically
from toolkit.rates.correction import UNSURE, corrected_availability
from toolkit.rates.label_page import paper_page, telling_passages
from toolkit.rates.sampling import draw_sample

if TYPE_CHECKING:
    import ipywidgets

    from toolkit.topics.model import TopicModel

COLUMNS = ("paper_id", "code", "asked", "labelled_by")
#: Files of earlier versions, which asked for what the abstract says.
_OLD_COLUMNS = ("paper_id", "code", "labelled_by")
#: What is asked, and the answers with what they mean.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "paper": (
        "Does this paper have public code? Look at the paper, its links and its full text.",
        {
            "yes": "the authors' own code for this paper can be downloaded",
            "no": "looked for, not found",
            UNSURE: "the paper or a link cannot be opened, or it is not clear",
        },
    ),
    "abstract": (
        "What does the abstract say of the authors' own code?",
        {
            "linked": "an address of their code is given",
            "claimed": "said to be open now, without address",
            "promised": "only in the future tense",
            "request": "only from the authors, on request",
            "none": "nothing said of their own code",
        },
    ),
}


class LabellingWidget:
    """A widget that shows papers one by one to label, and the corrected share so far.

    Parameters
    ----------
    papers : DataFrame
        A papers table. Each paper is shown with its address and the links found in it.
    ask : {"paper", "abstract"}
        ``"paper"``: does this paper have public code? That is what `corrected_availability` needs.
        ``"abstract"``: what does the abstract say? Such labels show only whether the detector reads
        abstracts well; keep them in a file of their own.
    n : int
        How many papers to label.
    by, topics
        As for `draw_sample`: as many papers of every group.
    fulltext : DataFrame, optional
        From `toolkit.read_fulltext`: its sentences on code are shown with the paper.
    seed : int
        Of the sample, see `draw_sample`.
    path : str or path-like, optional
        A CSV file: its labels are read, and each new one is saved at once.
    who : str
        Your name or initials, kept with each label.

    Attributes
    ----------
    labels : DataFrame
        paper_id, code (yes, no, can't tell; or, of abstracts, linked, claimed, promised, request,
        none), asked, labelled_by; as far as labelled.
    widget : ipywidgets.VBox
        What is shown in the notebook.

    Raises
    ------
    DataError
        The CSV file is not a file of labels, holds answers to the other question, or cannot be
        written.

    Examples
    --------
    >>> papers = pd.DataFrame({"paper_id": list("abc"), "title": list("ABC"), "abstract": "Bees."})
    >>> widget = LabellingWidget(papers, n=2)
    >>> widget.label("no")
    >>> widget.labels["code"].tolist()
    ['no']
    """

    def __init__(
        self,
        papers: pd.DataFrame,
        *,
        ask: str = "paper",
        n: int = 50,
        by: str | None = None,
        topics: TopicModel | None = None,
        fulltext: pd.DataFrame | None = None,
        seed: int = 42,
        path: str | os.PathLike[str] | None = None,
        who: str = "",
    ) -> None:
        if ask not in QUESTIONS:
            raise DataError(
                "unknown question", argument="ask", found=ask, expected=", ".join(QUESTIONS)
            )
        self.papers, self.who, self.ask = papers, who, ask
        self._by, self._topics = by, topics
        self.answers = tuple(QUESTIONS[ask][1])
        self.sample = draw_sample(papers, n=n, by=by, topics=topics, seed=seed)
        self.path = Path(path) if path is not None else None
        self._claims = read_claims_of(papers)
        drawn = papers[papers["paper_id"].isin(self.sample)]
        with warnings.catch_warnings():
            # draw_sample has told of papers that could not be read.
            warnings.simplefilter("ignore", UserWarning)
            self._links = find_links(drawn)
        self._fulltext = _texts(fulltext)
        self._given: dict[str, tuple[str, str]] = _read(self.path, ask)
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
        rows = [
            (paper, code, self.ask, who) for paper in order for code, who in [self._given[paper]]
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="string")

    def label(self, status: str) -> None:
        """Label the paper shown, save the label, and show the next paper without one.

        Raises
        ------
        DataError
            Not a label, or it cannot be saved (it is in `labels` nevertheless).
        """
        if status not in self.answers:
            raise DataError("not a label", found=status, expected=", ".join(self.answers))
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
        """Return the corrected shares so far; None until a silent paper is labelled."""
        labels = self.labels[self.labels["paper_id"].isin(self.papers["paper_id"])]
        if labels.empty:
            return None
        try:
            return corrected_availability(
                self.papers, labels, by=self._by, topics=self._topics, claims=self._claims
            )
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
        words, meanings = QUESTIONS[self.ask]
        for status, meaning in meanings.items():
            button = w.Button(description=status, tooltip=f"{status}: {meaning}")
            button.on_click(lambda _, chosen=status: self._click(chosen))
            parts["buttons"][status] = button
        back = w.Button(description="back", icon="arrow-left", tooltip="the paper before this one")
        back.on_click(lambda _: self.move(-1))
        skip = w.Button(description="skip", icon="arrow-right", tooltip="the next paper")
        skip.on_click(lambda _: self.move(1))
        question = w.HTML(f"<b>{escape(words)}</b>")
        row = w.HBox([*parts["buttons"].values(), back, skip])
        head = w.HBox([parts["progress"], parts["count"]])
        return w.VBox([head, parts["paper"], question, row, parts["result"]])

    def _show(self) -> None:
        parts, paper_id = self._parts, self.sample[self._at]
        row = self.papers.loc[self.papers["paper_id"] == paper_id].iloc[0]
        done = sum(paper in self._given for paper in self.sample)
        given = self._given.get(paper_id, ("not yet", ""))[0]
        parts["progress"].value = done
        parts["count"].value = f"{done} of {len(self.sample)}; paper {self._at + 1}, label: {given}"
        links = self._links[self._links["paper_id"] == paper_id]
        passages = telling_passages(self._fulltext.get(paper_id, ""))
        parts["paper"].value = paper_page(row, links, passages)
        for status, button in parts["buttons"].items():
            button.button_style = "info" if status == given else ""
        parts["result"].value = f"<p role='status'>{escape(self._in_words())}</p>"

    def _in_words(self) -> str:
        result = self.corrected()
        left = any(paper not in self._given for paper in self.sample)
        done = "" if left else f"Done: all {len(self.sample)} papers are labelled. "
        if result is None:
            return (
                f"{done}The corrected share appears when a paper without detected link is labelled."
            )
        if self._by is not None:
            return f"{done}corrected_availability(papers, labels, by=…) gives the shares by group."
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


def _texts(fulltext: pd.DataFrame | None) -> dict[str, str]:
    """Return the full text of each paper."""
    if fulltext is None:
        return {}
    if not {"paper_id", "text"} <= set(fulltext.columns):
        raise DataError(
            "not a table of full text",
            argument="fulltext",
            found=list(fulltext.columns),
            expected="paper_id and text",
            hint="Make it with toolkit.read_fulltext(paths, papers=papers)",
        )
    known = fulltext.dropna(subset=["paper_id", "text"])
    return {str(paper): " ".join(part) for paper, part in known.groupby("paper_id")["text"]}


def _read(path: Path | None, ask: str) -> dict[str, tuple[str, str]]:
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
    if tuple(table.columns) == _OLD_COLUMNS:
        table.insert(2, "asked", "abstract")
    if list(table.columns) != list(COLUMNS):
        raise DataError(
            "not a file of labels",
            source=path,
            found=list(table.columns),
            expected=", ".join(COLUMNS),
            hint=hint,
        )
    other = (table["asked"] != ask).to_numpy(dtype=bool)
    if other.any():
        raise DataError(
            "answers to another question",
            source=path,
            row=int(other.argmax()) + 2,
            column="asked",
            found=table["asked"].iloc[int(other.argmax())],
            expected=ask,
            hint="Keep the answers to each question in a file of their own",
        )
    answers = tuple(QUESTIONS[ask][1])
    wrong = ~table["code"].isin(answers).to_numpy(dtype=bool)
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            "not a label",
            source=path,
            row=row + 2,
            column="code",
            found=table["code"].iloc[row],
            expected=", ".join(answers),
        )
    return {paper: (code, who) for paper, code, _, who in table.itertuples(index=False)}
