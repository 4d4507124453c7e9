"""Answers to the browser's requests: search, texts, neighbours, topic edits, basket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError, MissingExtraError, SourceError
from toolkit.exports.citing import cite
from toolkit.exports.exporting import export
from toolkit.services.abstracts import fetch_abstracts

if TYPE_CHECKING:
    from toolkit.explorer.explorer import Explorer

_EXPORTS = ("bib", "ris", "csv", "md", "html")
_Request = dict[str, Any]


def answer_request(
    explorer: Explorer, request: _Request
) -> tuple[dict[str, Any], list[bytes], Exception | None]:
    """Return the reply to a request of the browser.

    Errors are part of the reply, so that the browser can show them.

    Returns
    -------
    reply : dict
        The request's `key` with the result, or with `error`.
    blobs : list of bytes
        Binary results.
    unexpected : Exception or None
        An error that is not a DataError, SourceError or MissingExtraError.
    """
    reply: dict[str, Any] = {"key": request["key"]}
    blobs: list[bytes] = []
    unexpected = None
    try:
        what = str(request.get("what"))
        if what not in _HANDLERS:
            raise DataError("unknown request", found=what)
        result = _HANDLERS[what](explorer, request)
        blobs = result.pop("blobs", [])
        reply |= result
    except (DataError, SourceError, MissingExtraError) as error:
        reply["error"] = str(error)
    except Exception as error:
        unexpected = error
        reply["error"] = f"{type(error).__name__}: {error}"
    return reply, blobs, unexpected


def _state(explorer: Explorer, request: _Request) -> dict[str, Any]:
    return {"n": explorer.receive_view(request["state"], by=request["key"])}


def _search(explorer: Explorer, request: _Request) -> dict[str, Any]:
    score = request.get("score")
    found = explorer.search_rows(
        str(request["words"]), str(request["mode"]), None if score is None else int(score)
    )
    blobs = [found.rank.astype("<i4").tobytes()]
    if found.scores is not None:
        blobs.append(found.scores.astype("<f4").tobytes())
    return {"blobs": blobs}


def _column(explorer: Explorer, request: _Request) -> dict[str, Any]:
    name = str(request["column"])
    if name not in explorer.data.searched:
        raise DataError("there is no such column", column=name)
    return {"texts": explorer.data.texts(name)}


def _detail(explorer: Explorer, request: _Request) -> dict[str, Any]:
    return {**explorer.data.detail(_row(explorer, request))}


def _cite(explorer: Explorer, request: _Request) -> dict[str, Any]:
    papers = explorer.data.papers.iloc[[_row(explorer, request)]]
    return {"text": cite(papers, style=str(request["style"]))[0]}


def _similar(explorer: Explorer, request: _Request) -> dict[str, Any]:
    near = explorer.data.similar(_row(explorer, request))
    return {"papers": [{"row": row, "score": score} for row, score in near]}


def _fetch(explorer: Explorer, request: _Request) -> dict[str, Any]:
    row = _row(explorer, request)
    abstract = fetch_abstracts(explorer.data.papers.iloc[[row]])["abstract"].iloc[0]
    if pd.isna(abstract):
        raise DataError("arXiv gave no abstract for this paper", found=explorer.data.ids[row])
    explorer.data.set_abstract(row, str(abstract))
    return {}


def _topics(explorer: Explorer, request: _Request) -> dict[str, Any]:
    action = request.get("action")
    if action == "rename":
        explorer.rename_topic(request["topic"], str(request["label"]))
        return {"message": f"Renamed to {request['label']}."}
    if action == "merge":
        explorer.merge_topics(request["topics"])
        return {"message": "Merged."}
    if action == "drop":
        explorer.drop_topics(request["topics"])
        return {"message": "Dropped."}
    if action == "redo":
        explorer.redo()
        return {"message": "Done again."}
    explorer.undo()
    return {"message": "Undone."}


def _basket(explorer: Explorer, request: _Request) -> dict[str, Any]:
    explorer.read_basket()
    return {}


def _keep(explorer: Explorer, request: _Request) -> dict[str, Any]:
    explorer.keep(explorer.data.ids[_row(explorer, request)])
    return {}


def _drop(explorer: Explorer, request: _Request) -> dict[str, Any]:
    explorer.drop(str(request["id"]))
    return {}


def _note(explorer: Explorer, request: _Request) -> dict[str, Any]:
    explorer.note(str(request["id"]), str(request["note"]))
    return {}


def _export(explorer: Explorer, request: _Request) -> dict[str, Any]:
    path = explorer.basket_path.with_suffix(f".{_ending(request)}")
    return {"path": str(explorer.export_basket(path))}


def _list(explorer: Explorer, request: _Request) -> dict[str, Any]:
    """Write some papers, in the order of the browser's table, beside the basket."""
    basket = explorer.basket_path
    path = basket.with_name(f"{basket.stem}-shown.{_ending(request)}")
    rows = [_row(explorer, {"row": row}) for row in request["rows"]]
    export(explorer.data.papers.iloc[rows], path)
    return {"path": str(path)}


def _ending(request: _Request) -> str:
    ending = request.get("format")
    if ending not in _EXPORTS:
        raise DataError("unknown format", found=ending, expected=", ".join(_EXPORTS))
    return str(ending)


def _row(explorer: Explorer, request: _Request) -> int:
    row = request.get("row")
    if not isinstance(row, int) or not 0 <= row < explorer.data.n:
        raise DataError("there is no such paper", column="row", found=row)
    return row


_HANDLERS: dict[str, Callable[[Explorer, _Request], dict[str, Any]]] = {
    "state": _state,
    "search": _search,
    "column": _column,
    "detail": _detail,
    "cite": _cite,
    "similar": _similar,
    "fetch": _fetch,
    "topics": _topics,
    "basket": _basket,
    "keep": _keep,
    "drop": _drop,
    "note": _note,
    "export": _export,
    "list": _list,
}
