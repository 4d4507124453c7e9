"""The papers as columns for the browser: gzip of [header length][JSON header][arrays]."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.explorer.paper_columns import column_title
from toolkit.explorer.paper_data import PaperData
from toolkit.explorer.state import FACETS, MISSING, NUMBERS
from toolkit.explorer.themes import find_themes
from toolkit.explorer.view_text import fingerprint
from toolkit.explorer.wire import ColourMeta, PaperMeta, TopicMeta, TopicRow
from toolkit.papers.columns import COLUMNS, OPTIONAL
from toolkit.plots.palette import THEMES, readable, topic_centres, topic_colours

#: Compression level for a browser on the same machine, where time counts more than size.
FAST = 1
_TYPES = {"u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "i32": np.int32, "f32": np.float32}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}
_COLOURS = {"categories", "source"}
#: Columns that the explorer shows elsewhere, or that cannot colour the map.
_NO_COLOUR = {*COLUMNS, *OPTIONAL} - _COLOURS
#: Number of values of a text column that have a colour.
_MOST_VALUES = 7


def pack(meta: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]], *, level: int) -> bytes:
    """Return JSON and arrays packed into gzip bytes, which `web/src/data.ts` unpacks.

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


def columns_for_browser(
    data: PaperData, *, without: Collection[str] = ()
) -> tuple[PaperMeta, dict[str, npt.NDArray[Any]]]:
    """Return what map, timeline, table and filters need of the papers, without their texts.

    Columns named in `without` stay out.
    """
    facets = data.facets
    columns, colours = _colour_columns(data.papers.drop(columns=list(without)))
    meta: PaperMeta = {
        "n": data.n,
        "ids": data.ids,
        "fingerprint": fingerprint(data.ids),
        "titles": data.papers["title"].tolist(),
        "facets": [
            {"name": name, "title": FACETS[name], "names": list(facet.names)}
            for name, facet in facets.lists.items()
        ],
        "numbers": [{"name": name, "title": NUMBERS[name]} for name in facets.numbers],
        "texts": [
            {"name": name, "title": column_title(name)}
            for name in data.searched
            if name not in without
        ],
        "columns": columns,
    }
    x, y = data.places
    arrays: dict[str, npt.NDArray[Any]] = {
        "x": x.astype(np.float32),
        "y": y.astype(np.float32),
        "date": facets.date.astype(np.int32),
        "last": facets.last.astype(np.int32),
        "precision": data.precision.astype(np.uint8),
        "linkCount": np.diff(data.links.starts).astype(np.uint32),
    }
    for name, facet in facets.lists.items():
        counts = np.diff(facet.starts.astype(np.int64))
        # Small numbers, since they pack well; one value a paper needs no counts.
        if not (counts == 1).all():
            arrays[f"counts:{name}"] = counts.astype(np.uint16 if counts.max() > 255 else np.uint8)
        kind = np.uint16 if len(facet.names) > 256 else np.uint8
        arrays[f"codes:{name}"] = facet.codes.astype(kind)
    for name, numbers in facets.numbers.items():
        arrays[f"number:{name}"] = numbers.astype(np.int32)
    return meta, arrays | colours


def topics_for_browser(
    topics: pd.DataFrame, data: PaperData
) -> tuple[TopicMeta, dict[str, npt.NDArray[Any]]]:
    """Return the topics with labels, themes, places and colours, and each paper's topic."""
    topic = data.facets.topic
    place = np.column_stack(data.places)
    known = topics["topic"].astype(int).tolist()
    size = dict(zip(known, topics["size"].astype(int).tolist(), strict=True))
    label = dict(zip(known, topics["label"].astype(str), strict=True))
    there = set(topic.tolist())
    real = [number for number in known if number >= 0 and number in there]
    centres = topic_centres(topic, place, real)
    theme_of, themes = find_themes(real, centres, size, label)
    shades = [_shades(real, centres, dark=dark) for dark in (False, True)]
    middle = dict(zip(real, centres.round(4).tolist(), strict=True))
    rows: list[TopicRow] = [
        {
            "topic": number,
            "label": label[number],
            "size": size[number],
            "theme": theme_of.get(number, number),
            "place": middle.get(number, []),
            "light": shades[0].get(number, []),
            "dark": shades[1].get(number, []),
        }
        for number in known
    ]
    return {"topics": rows, "themes": themes}, {"topic": topic.astype(np.int32)}


def _shades(
    topics: list[int], centres: npt.NDArray[np.float64], *, dark: bool
) -> dict[int, list[str]]:
    """Return the colour of each topic's dots, and of its name."""
    paper = THEMES[dark]["paper"]
    colours = topic_colours(topics, centres, dark=dark)
    return {topic: [colour, readable(colour, paper)] for topic, colour in colours.items()}


def _colour_columns(
    papers: pd.DataFrame,
) -> tuple[list[ColourMeta], dict[str, npt.NDArray[Any]]]:
    """Return the columns that can colour the map: numbers, and text with repeated values."""
    listing: list[ColourMeta] = []
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
        colour: ColourMeta = {
            "name": f"column {name}",
            "title": str(name),
            "array": key,
            "type": "number" if names is None else "category",
        }
        if names is not None:
            colour["names"] = names
        listing.append(colour)
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
