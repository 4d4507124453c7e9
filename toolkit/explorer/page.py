"""The explorer as one HTML page: data, script and style inside, no network, no server."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.clustering.neighbours import nearest_others
from toolkit.explorer.catalogue import Shelf
from toolkit.explorer.packing import columns_for_browser, pack, topics_for_browser
from toolkit.explorer.script import script, style
from toolkit.exports.escaping import render
from toolkit.files import write_atomically

#: Neighbours a paper has in the page.
NEIGHBOURS = 5


def write_page(
    path: Path, shelf: Shelf, topics: Any, *, view: str, title: str, prose: bool
) -> Path:
    """Write the page beside its place and rename it."""
    code, look = f"\n{script('page')}\n", f"\n{style()}\n"
    page = render(
        "explorer.html",
        title=title,
        script=code,
        script_hash=_hash(code),
        style=look,
        style_hash=_hash(look),
        data=base64.b64encode(_data(shelf, topics, view=view, prose=prose)).decode(),
    )
    return write_atomically(path, page)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(shelf: Shelf, topics: Any, *, view: str, prose: bool) -> bytes:
    meta, arrays = columns_for_browser(shelf)
    more_meta, more_arrays = topics_for_browser(topics.topics, shelf.facets.topic)
    details = [shelf.detail(row) for row in range(shelf.n)]
    abstracts = [detail["abstract"] if prose else "" for detail in details]
    meta |= more_meta | {
        "view": view,
        "bodies": [
            abstract or " ".join(terms)
            for abstract, terms in zip(abstracts, shelf.distinct_terms, strict=True)
        ],
        "authors": [detail["authors"] for detail in details],
        "places": [detail["places"] for detail in details],
        "links": [link for detail in details for link in detail["links"]],
    }
    neighbours, scores = _neighbours(shelf)
    counts = [0, *np.cumsum([len(detail["links"]) for detail in details]).tolist()]
    arrays |= more_arrays | {
        "isAbstract": np.array([bool(abstract) for abstract in abstracts], dtype=np.uint8),
        "linkStart": np.array(counts, dtype=np.uint32),
        "neighbours": neighbours,
        "scores": scores,
    }
    return pack(meta, arrays, level=9)


def _neighbours(shelf: Shelf) -> tuple[Any, Any]:
    """Return the nearest papers of each, flat, as many for each paper."""
    k = min(NEIGHBOURS, shelf.n - 1)
    if k < 1:
        return np.array([], dtype=np.uint32), np.array([], dtype=np.float32)
    indices, scores = nearest_others(shelf.vectors, k)
    return indices.astype(np.uint32).ravel(), scores.ravel()
