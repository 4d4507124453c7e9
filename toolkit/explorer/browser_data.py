"""The papers as columns for the browser: gzip of [header length][JSON header][arrays]."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.explorer.paper_data import PaperData
from toolkit.explorer.state import CODES, MISSING
from toolkit.explorer.view_text import fingerprint
from toolkit.papers.columns import COLUMNS, OPTIONAL

#: Compression level for a browser on the same machine, where time counts more than size.
FAST = 1
_TYPES = {"u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "i32": np.int32, "f32": np.float32}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}
_COLOURS = {"listed", "categories", "venue", "upvotes", "stars", "source"}
#: Columns that the explorer shows elsewhere, or that cannot colour the map.
_NO_COLOUR = {*COLUMNS, *OPTIONAL} - _COLOURS
#: Number of values of a text column that have a colour.
_MOST_VALUES = 7


def pack(meta: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]], *, level: int) -> bytes:
    """Return JSON and arrays packed into gzip bytes, which `js/data.js` unpacks.

    Parameters
    ----------
    meta : mapping
        Any JSON content.
    arrays : mapping of str to ndarray
        One-dimensional, of one of the types u8, u16, u32, i32, f32.
    level : int
        Compression level of gzip, 1 to 9.
    """
    listing = [[name, _NAMES[values.dtype], len(values)] for name, values in arrays.items()]
    header = json.dumps({"meta": meta, "arrays": listing}, ensure_ascii=False, allow_nan=False)
    raw = header.encode("utf-8", "replace")
    body = b"".join(values.astype(values.dtype.newbyteorder("<")).tobytes() for values in
                    arrays.values())  # fmt: skip
    return gzip.compress(struct.pack("<I", len(raw)) + raw + body, compresslevel=level, mtime=0)


def columns_for_browser(data: PaperData) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Return what map, timeline, table and filters need of the papers, without their texts."""
    host_of = {name: i for i, name in enumerate(data.host_names)}
    kind_of = {name: 1 << i for i, name in enumerate(data.kind_names)}
    hosts = [sorted(host_of[name] for name in some) for some in data.facets.hosts]
    meta: dict[str, Any] = {
        "n": data.n,
        "ids": data.ids,
        "fingerprint": fingerprint(data.ids),
        "titles": data.papers["title"].tolist(),
        "codes": [name for name in CODES if name != "unknown" or name in data.facets.code],
        "kindNames": data.kind_names,
        "hosts": data.host_names,
    }
    x, y = data.places
    arrays: dict[str, npt.NDArray[Any]] = {
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "date": data.facets.date.astype(np.int32),
        "last": data.facets.last.astype(np.int32),
        "precision": data.precision.astype(np.uint8),
        "code": np.array([CODES.index(code) for code in data.facets.code], dtype=np.uint8),
        "kinds": np.array(
            [sum(kind_of[k] for k in some) for some in data.facets.kinds], dtype=np.uint32
        ),
        "hostStart": _starts([len(some) for some in hosts]),
        "hostList": np.array([i for some in hosts for i in some], dtype=np.uint16),
        "linkCount": np.array([len(some) for some in data.links], dtype=np.uint32),
        "upvotes": data.facets.upvotes.astype(np.int32),
    }
    meta["columns"], more = _colour_columns(data.papers)
    return meta, arrays | more


def topics_for_browser(
    topics: pd.DataFrame, topic: npt.NDArray[np.int64]
) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Return the topics with their labels, and each paper's topic."""
    rows = [
        {"topic": int(number), "label": str(label), "size": int(size)}
        for number, label, size in zip(topics["topic"], topics["label"], topics["size"])
    ]
    return {"topics": rows}, {"topic": topic.astype(np.int32)}


def _starts(lengths: Sequence[int]) -> npt.NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.uint32)


def _colour_columns(
    papers: pd.DataFrame,
) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
    """Return the columns that can colour the map: numbers, and text with repeated values."""
    listing: list[dict[str, Any]] = []
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name in papers.columns:
        if name in _NO_COLOUR or papers[name].isna().all():
            continue
        made = _colour_column(papers[name])
        if made is None:
            continue
        names, values = made
        key = f"column:{len(listing)}"
        arrays[key] = values
        kind = {"type": "number"} if names is None else {"type": "category", "names": names}
        listing.append({"name": f"column {name}", "title": str(name), "array": key, **kind})
    return listing, arrays


def _colour_column(values: pd.Series[Any]) -> tuple[list[str] | None, npt.NDArray[Any]] | None:
    if pd.api.types.is_bool_dtype(values):
        values = values.map({True: "yes", False: "no"})
    if pd.api.types.is_datetime64_any_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        numbers = pd.to_numeric(values).astype("Float64").clip(MISSING + 1, 2**31 - 1)
        whole = numbers.round().fillna(MISSING)
        return None, whole.to_numpy(dtype=np.int64).astype(np.int32)
    try:
        counts = values.astype("string").value_counts()
    except (TypeError, ValueError):
        return None
    names = counts.index[counts > 1].tolist()[:_MOST_VALUES]
    if not names or counts[names].sum() < 0.3 * counts.sum():
        return None
    code = {name: i for i, name in enumerate(names)}
    codes = values.astype("string").map(code).fillna(255)
    return [str(name) for name in names], codes.to_numpy(dtype=np.uint8)
