"""The explorer as a single HTML file with data, script and style, without any network access."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
#: Long columns of which no citation of the page holds anything.
_NOT_CITED = ("abstract", "terms", "vector", "links")


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
    shown = data.papers.drop(columns=[*without, *_NOT_CITED], errors="ignore")
    more_meta, more_arrays = topics_for_browser(topics.topics, data)
    abstracts = [data.abstract(row) if prose else "" for row in range(data.n)]
    links = data.links
    texts: PageMeta = {
        "view": view,
        "bodies": [
            abstract or " ".join(terms)
            for abstract, terms in zip(abstracts, data.distinct_terms, strict=True)
        ],
        "stopWords": sorted(data.stop_words),
        "places": [
            [
                {"text": _short(place["text"], data, row), "url": _short(place["url"], data, row)}
                for place in data.addresses(row)
            ]
            for row in range(data.n)
        ],
        "links": [link for row in range(data.n) for link in links[row]],
    }
    neighbours, cosines = _neighbours(data)
    arrays |= more_arrays | {
        "isAbstract": np.array([bool(abstract) for abstract in abstracts], dtype=np.uint8),
        "linkStart": links.starts.astype(np.uint32),
        "neighbours": neighbours,
        "cosines": cosines,
    }
    for name in data.searched:
        if name not in without:
            arrays[f"text:{name}"] = _joined(data.texts(name))
    for form in ("apa", "bibtex"):
        cited = cite(shown, style=form)
        arrays[f"cite:{form}"] = _joined([_short(t, data, row) for row, t in enumerate(cited)])
    return pack({**meta, **more_meta, **texts}, arrays, level=7)


def _joined(texts: list[str]) -> npt.NDArray[np.uint8]:
    """Return texts as bytes, zeros between, which the page takes apart when it needs them."""
    whole = "\0".join(text.replace("\0", " ") for text in texts)
    return np.frombuffer(whole.encode("utf-8", "replace"), dtype=np.uint8)


def _short(text: str, data: PaperData, row: int) -> str:
    """Return a text with marks for the paper's title and number, which the page knows anyway."""
    for mark, known in (("\1", data.text("title", row)), ("\2", data.ids[row].partition(":")[2])):
        text = text.replace(known, mark) if known else text
    return text


def _neighbours(data: PaperData) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint8]]:
    """Return the nearest papers of each paper and their cosines in hundredths, flat."""
    k = min(NEIGHBOURS, data.n - 1)
    if k < 1:
        return np.array([], dtype=np.uint32), np.array([], dtype=np.uint8)
    indices, cosines = nearest_others(data.vectors, k)
    # Small numbers, since they pack well; the page shows two digits.
    kind = np.uint16 if data.n <= 2**16 else np.uint32
    hundredths = np.clip(np.rint(100 * cosines), 0, 100).astype(np.uint8)
    return indices.astype(kind).ravel(), hundredths.ravel()
