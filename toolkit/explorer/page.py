"""The explorer as a single HTML file with data, script and style, without any network access."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.clustering.neighbours import nearest_others
from toolkit.explorer.browser_data import columns_for_browser, pack, topics_for_browser
from toolkit.explorer.paper_data import PaperData
from toolkit.explorer.web_assets import script, style
from toolkit.explorer.wire import PageMeta
from toolkit.exports.citing import cite
from toolkit.exports.escaping import render
from toolkit.files import write_atomically
from toolkit.papers.columns import without_own_columns

#: Number of similar papers that the page lists for each paper.
NEIGHBOURS = 5


def write_page(
    path: Path,
    data: PaperData,
    topics: Any,
    *,
    view: str,
    title: str,
    prose: bool,
    columns: Sequence[str],
) -> Path:
    """Write the page; return its path."""
    shown = without_own_columns(data.papers, columns)
    without = set(data.papers.columns) - set(shown.columns)
    code, look = f"\n{script()}\n", f"\n{style()}\n"
    page = render(
        "explorer.html",
        title=title,
        script=code,
        script_hash=_hash(code),
        style=look,
        style_hash=_hash(look),
        data=base64.b64encode(
            _data(data, topics, view=view, prose=prose, without=without)
        ).decode(),
    )
    return write_atomically(path, page)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(
    data: PaperData, topics: Any, *, view: str, prose: bool, without: Collection[str]
) -> bytes:
    meta, arrays = columns_for_browser(data, without=without)
    shown = data.papers.drop(columns=[*without, "abstract"], errors="ignore")
    more_meta, more_arrays = topics_for_browser(topics.topics, data)
    details = [data.detail(row) for row in range(data.n)]
    abstracts = [detail["abstract"] if prose else "" for detail in details]
    texts: PageMeta = {
        "view": view,
        "bodies": [
            abstract or " ".join(terms)
            for abstract, terms in zip(abstracts, data.distinct_terms, strict=True)
        ],
        "columnTexts": {name: data.texts(name) for name in data.searched if name not in without},
        "citations": {style: _short(cite(shown, style=style), data) for style in ("apa", "bibtex")},
        "stopWords": sorted(data.stop_words),
        "places": [data.addresses(row) for row in range(data.n)],
        "links": [link for detail in details for link in detail["links"]],
    }
    neighbours, scores = _neighbours(data)
    counts = [0, *np.cumsum([len(detail["links"]) for detail in details]).tolist()]
    arrays |= more_arrays | {
        "isAbstract": np.array([bool(abstract) for abstract in abstracts], dtype=np.uint8),
        "linkStart": np.array(counts, dtype=np.uint32),
        "neighbours": neighbours,
        "scores": scores,
    }
    return pack({**meta, **more_meta, **texts}, arrays, level=9)


def _short(citations: list[str], data: PaperData) -> list[str]:
    """Return the citations with marks for each paper's title and number, which the page knows."""
    short = []
    for citation, paper_id, title in zip(citations, data.ids, data.texts("title"), strict=True):
        for mark, text in (("\1", title), ("\2", paper_id.partition(":")[2])):
            citation = citation.replace(text, mark) if text else citation
        short.append(citation)
    return short


def _neighbours(data: PaperData) -> tuple[Any, Any]:
    """Return the nearest papers of each paper and their cosines, flat, equally many for each."""
    k = min(NEIGHBOURS, data.n - 1)
    if k < 1:
        return np.array([], dtype=np.uint32), np.array([], dtype=np.float32)
    indices, scores = nearest_others(data.vectors, k)
    return indices.astype(np.uint32).ravel(), scores.ravel()
