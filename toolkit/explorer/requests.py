"""Questions that the browser asks Python: searches, texts, neighbours, edits, the basket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError, MissingExtraError, SourceError
from toolkit.services.abstracts import fetch_abstracts

if TYPE_CHECKING:
    from toolkit.explorer.widget import Explorer

_EXPORTS = ("bib", "ris", "csv", "md", "html")
_Question = dict[str, Any]


def answer(
    explorer: Explorer, question: _Question
) -> tuple[dict[str, Any], list[bytes], Exception | None]:
    """Answer one question; what goes wrong is told to the asker, not only to a log nobody reads.

    Returns
    -------
    reply : dict
        The question's `key` with the answer, or with `error`.
    blobs : list of bytes
        What is too large for JSON.
    unforeseen : Exception or None
        What went wrong though no `DataError` explains it.
    """
    reply: dict[str, Any] = {"key": question["key"]}
    blobs: list[bytes] = []
    unforeseen = None
    try:
        what = str(question.get("what"))
        if what not in _ANSWERS:
            raise DataError("the explorer does not know this question", found=what)
        said = _ANSWERS[what](explorer, question)
        blobs = said.pop("blobs", [])
        reply |= said
    except (DataError, SourceError, MissingExtraError) as error:
        reply["error"] = str(error)
    except Exception as error:
        unforeseen = error
        reply["error"] = f"{type(error).__name__}: {error}"
    return reply, blobs, unforeseen


def _state(explorer: Explorer, question: _Question) -> dict[str, Any]:
    return {"n": explorer.take_over(question["state"], by=question["key"])}


def _search(explorer: Explorer, question: _Question) -> dict[str, Any]:
    rank, ordered = explorer.search_rows(str(question["words"]), str(question["mode"]))
    return {"ordered": ordered, "blobs": [rank.astype("<i4").tobytes()]}


def _detail(explorer: Explorer, question: _Question) -> dict[str, Any]:
    return explorer.shelf.detail(_row(explorer, question))


def _similar(explorer: Explorer, question: _Question) -> dict[str, Any]:
    near = explorer.shelf.similar(_row(explorer, question))
    return {"papers": [{"row": row, "score": score} for row, score in near]}


def _fetch(explorer: Explorer, question: _Question) -> dict[str, Any]:
    row = _row(explorer, question)
    abstract = fetch_abstracts(explorer.shelf.papers.iloc[[row]])["abstract"].iloc[0]
    if pd.isna(abstract):
        raise DataError("arXiv gave no abstract for this paper", found=explorer.shelf.ids[row])
    explorer.shelf.learn_abstract(row, str(abstract))
    return {}


def _topics(explorer: Explorer, question: _Question) -> dict[str, Any]:
    deed = question.get("deed")
    if deed == "rename":
        explorer.rename_topic(question["topic"], str(question["label"]))
        return {"said": f"Renamed to {question['label']}."}
    if deed == "merge":
        explorer.merge_topics(question["topics"])
        return {"said": "Merged."}
    explorer.undo()
    return {"said": "Taken back."}


def _keep(explorer: Explorer, question: _Question) -> dict[str, Any]:
    explorer.keep(explorer.shelf.ids[_row(explorer, question)])
    return {}


def _drop(explorer: Explorer, question: _Question) -> dict[str, Any]:
    explorer.drop(str(question["id"]))
    return {}


def _note(explorer: Explorer, question: _Question) -> dict[str, Any]:
    explorer.note(str(question["id"]), str(question["note"]))
    return {}


def _export(explorer: Explorer, question: _Question) -> dict[str, Any]:
    ending = question.get("format")
    if ending not in _EXPORTS:
        raise DataError("no such format", found=ending, expected=", ".join(_EXPORTS))
    path = explorer.basket_path.with_suffix(f".{ending}")
    return {"path": str(explorer.export_basket(path))}


def _row(explorer: Explorer, question: _Question) -> int:
    row = question.get("row")
    if not isinstance(row, int) or not 0 <= row < explorer.shelf.n:
        raise DataError("there is no such paper", column="row", found=row)
    return row


_ANSWERS: dict[str, Callable[[Explorer, _Question], dict[str, Any]]] = {
    "state": _state,
    "search": _search,
    "detail": _detail,
    "similar": _similar,
    "fetch": _fetch,
    "topics": _topics,
    "keep": _keep,
    "drop": _drop,
    "note": _note,
    "export": _export,
}
