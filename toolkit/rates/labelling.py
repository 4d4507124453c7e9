"""A widget to label papers by hand, for the correction of the detector's errors."""

from __future__ import annotations

import os
import warnings
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.claims.reading import REGISTRY
from toolkit.errors import DataError
from toolkit.files import locked, write_atomically
from toolkit.rates.correction import UNSURE, corrected_availability
from toolkit.rates.label_files import check_place, label_columns, read_file
from toolkit.rates.label_page import paper_page, telling_passages
from toolkit.rates.sampling import draw_sample

if TYPE_CHECKING:
    import ipywidgets

    from toolkit.topics.model import TopicModel

#: What is asked for.
_WHAT = {
    "code": "code",
    "artifact": "code, data, model or project page",
    "data": "data",
    "model": "model",
    "demo": "demo",
    "project": "project page",
    "registry": "registration",
}
#: What is asked, and the answers with what they mean.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "paper": (
        "Does this paper have {public}? Look at the paper, its links and its full text.",
        {
            "yes": "the authors' own {what} for this paper can be opened by all",
            "no": "looked for, not found",
            UNSURE: "the paper or a link cannot be opened, or it is not clear",
        },
    ),
    "abstract": (
        "What does the abstract say of the authors' own {what}?",
        {
            "linked": "an address of their {what} is given",
            "claimed": "said to be open now, without address",
            "promised": "only in the future tense",
            "request": "only from the authors, on request",
            "none": "nothing said of their own {what}",
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
    by, topics, what
        As for `draw_sample`: as many papers of every group.
    fulltext : DataFrame, optional
        From `toolkit.read_fulltext`: read besides the abstracts or in their place, and its
        sentences on code and data are shown with the paper.
    claims : DataFrame, optional
        From `code_claims`, to save reading the papers again.
    seed : int
        Of the sample, see `draw_sample`.
    path : str or path-like, optional
        A CSV file: its labels are read, and each new one is saved at once.
    who : str
        Your name or initials, kept with each label.

    Attributes
    ----------
    labels : DataFrame
        paper_id, code (or what `what` names: yes, no, can't tell; or, of abstracts, linked,
        claimed, promised, request, none), asked, labelled_by; as far as labelled.
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
        what: str = "code",
        fulltext: pd.DataFrame | None = None,
        claims: pd.DataFrame | None = None,
        seed: int = 42,
        path: str | os.PathLike[str] | None = None,
        who: str = "",
    ) -> None:
        if ask not in QUESTIONS:
            raise DataError(
                "unknown question", argument="ask", found=ask, expected=", ".join(QUESTIONS)
            )
        check_place(Path(path) if path is not None else None)
        self.papers, self.who, self.ask, self.what = papers, who, ask, what
        self._by, self._topics = by, topics
        self.answers = tuple(QUESTIONS[ask][1])
        self._claims = read_claims_of(papers, fulltext) if claims is None else claims
        self.sample = draw_sample(
            papers, n=n, by=by, topics=topics, what=what, claims=self._claims, seed=seed
        )
        self.path = Path(path) if path is not None else None
        drawn = papers[papers["paper_id"].isin(self.sample)]
        with warnings.catch_warnings():
            # draw_sample has told of papers that could not be read.
            warnings.simplefilter("ignore", UserWarning)
            links = find_links(drawn, fulltext=fulltext)
        self._links = links[links["where"] != "references"]
        self._fulltext = _texts(fulltext)
        self._given = read_file(self.path, ask, what, self.answers)
        self._unsaved: dict[str, tuple[str, str]] = {}
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
        return pd.DataFrame(rows, columns=label_columns(self.what), dtype="string")

    def label(self, status: str) -> None:
        """Label the paper shown, save the label, and show the next paper without one.

        Raises
        ------
        DataError
            Not a label, or it cannot be saved (it is in `labels` nevertheless).
        """
        if status not in self.answers:
            raise DataError("not a label", found=status, expected=", ".join(self.answers))
        paper = self.sample[self._at]
        self._given[paper] = self._unsaved[paper] = (status, self.who)
        self.save()
        following = [*range(self._at + 1, len(self.sample)), *range(self._at)]
        self._at = next((i for i in following if self.sample[i] not in self._given), self._at)
        self._show()

    def move(self, step: int) -> None:
        """Show the paper `step` places further (or back); after the last comes the first."""
        self._at = (self._at + step) % len(self.sample)
        self._show()

    def save(self) -> None:
        """Write the labels to the CSV file, if one was given; those in it by now stay."""
        if self.path is None:
            return
        check_place(self.path)
        with locked(self.path):
            there = read_file(self.path, self.ask, self.what, self.answers)
            self._given |= there | self._unsaved
            write_atomically(self.path, self.labels.to_csv(index=False))
        self._unsaved.clear()

    def corrected(self) -> pd.DataFrame | None:
        """Return the corrected shares so far; None until a silent paper is labelled."""
        labels = self.labels[self.labels["paper_id"].isin(self.papers["paper_id"])]
        if labels.empty:
            return None
        try:
            return corrected_availability(
                self.papers,
                labels,
                by=self._by,
                topics=self._topics,
                what=self.what,
                claims=self._claims,
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
            tip = f"{status}: {_asked(meaning, self.what)}"
            button = w.Button(description=status, tooltip=tip)
            button.on_click(lambda _, chosen=status: self._click(chosen))
            parts["buttons"][status] = button
        back = w.Button(description="back", icon="arrow-left", tooltip="the paper before this one")
        back.on_click(lambda _: self.move(-1))
        skip = w.Button(description="skip", icon="arrow-right", tooltip="the next paper")
        skip.on_click(lambda _: self.move(1))
        question = w.HTML(f"<b>{escape(_asked(words, self.what))}</b>")
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
        labels = f"{one['labelled']} label{'' if one['labelled'] == 1 else 's'}"
        return (
            f"{done}Linked as detected: {one['share']:.1%}. Corrected by {labels}: "
            f"{one['corrected']:.1%} (95 % interval {one['low']:.1%} to {one['high']:.1%})."
        )


def _asked(words: str, what: str) -> str:
    """Return a question or a meaning with the name of what is asked for."""
    name = _WHAT[what]
    public = f"a public {name}" if what in ("model", "demo", "project") else f"public {name}"
    return words.format(what=name, public="a registration" if what == REGISTRY else public)


def _texts(fulltext: pd.DataFrame | None) -> dict[str, str]:
    """Return the full text of each paper."""
    if fulltext is None:
        return {}
    known = fulltext.dropna(subset=["paper_id", "text"])
    return {str(paper): " ".join(part) for paper, part in known.groupby("paper_id")["text"]}
