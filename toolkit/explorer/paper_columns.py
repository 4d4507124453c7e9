"""Tables of papers, topics, links and claims as columns with one entry a paper."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of
from toolkit.errors import DataError
from toolkit.explorer.state import CODES, FACETS, MISSING
from toolkit.explorer.wire import Place
from toolkit.papers.coercion import PRECISIONS
from toolkit.papers.lookup import find_rows
from toolkit.trends.calendars import date_papers

_ZOTERO_KEY = re.compile(r"[A-Z0-9]{8}")
_LINK = ("paper_id", "url", "kind", "host", "tense")


def rows_in_model(ids: list[str], topics: Any) -> npt.NDArray[np.intp]:
    """Return the row of each paper in the topic model."""
    try:
        topics.papers["paper_id"]
    except (AttributeError, KeyError, TypeError):
        raise DataError(
            "not a topic model",
            argument="topics",
            found=type(topics).__name__,
            expected="a TopicModel",
            hint="Make one with toolkit.fit_topics(papers)",
        ) from None
    return find_rows(ids, topics.papers, what="the topic model")


def map_positions(
    table: pd.DataFrame, rows: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the papers' map coordinates around 0, of one scale: the longer side is −1…1."""
    middles, halves = [], []
    for name in ("x", "y"):
        values = table[name].to_numpy(dtype=np.float64)[rows]
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
        middles.append(values - (low + high) / 2)
        halves.append((high - low) / 2)
    scale = max(halves) or 1.0
    return middles[0] / scale, middles[1] / scale


def code_and_links(
    papers: pd.DataFrame,
    row_of: dict[str, int],
    links: pd.DataFrame | None,
    claims: pd.DataFrame | None,
    checks: pd.DataFrame | None,
) -> tuple[npt.NDArray[np.str_], list[list[dict[str, str]]]]:
    """Return each paper's code status and links."""
    if links is None or claims is None:
        links = find_links(papers) if links is None else links
        claims = read_claims_of(papers) if claims is None else claims
    _require_columns(claims, "claims", ("paper_id", "code"), "toolkit.code_claims(papers)")
    _require_columns(links, "links", _LINK, "toolkit.find_links(papers)")
    code = np.full(len(papers), "unknown", dtype="<U8")
    for paper_id, status in zip(claims["paper_id"], claims["code"].fillna("unknown")):
        if paper_id in row_of and status in CODES:
            code[row_of[paper_id]] = status
    states = _states(checks)
    by_paper: list[list[dict[str, str]]] = [[] for _ in range(len(papers))]
    own = links["own"].fillna(True) if "own" in links else [True] * len(links)
    for theirs, paper_id, url, kind, host, tense in zip(own, *(links[name] for name in _LINK)):
        if paper_id in row_of:
            # A tool that the authors used is no code of theirs.
            kind = _text(kind) if theirs or kind == "registry" else "other"
            link = {"url": str(url), "kind": kind or "other", "host": _text(host)}
            link |= {"tense": _text(tense), "state": states.get(str(url), "")}
            by_paper[row_of[paper_id]].append(link)
    return code, by_paper


def _require_columns(table: Any, what: str, columns: tuple[str, ...], maker: str) -> None:
    missing = [name for name in columns if name not in getattr(table, "columns", ())]
    if missing:
        raise DataError(
            f"a column is missing in the table of {what}",
            source=what,
            column=missing[0],
            found=list(getattr(table, "columns", [type(table).__name__])),
            hint=f"Make it with {maker}",
        )


def _states(checks: pd.DataFrame | None) -> dict[str, str]:
    """Return the result of the newest check of each link in a few words."""
    if checks is None:
        return {}
    _require_columns(checks, "checks", ("url",), "toolkit.check_links(links, log=...)")
    said = {}
    for record in checks.to_dict("records"):
        words = [_text(record.get("state")) or _text(record.get("status"))]
        words += ["moved"] if _text(record.get("moved_to")) and words[0] != "moved" else []
        words += ["empty"] if _true(record.get("empty")) and words[0] != "empty" else []
        words += ["read-only"] if _true(record.get("read_only")) else []
        licence = _text(record.get("licence"))
        words += [f"licence {licence}" if licence != "none" else "no licence"] if licence else []
        said[str(record["url"])] = ", ".join(filter(None, words))
    return said


def dates(
    papers: pd.DataFrame,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return first and last days that the dates can mean, since 1970, and their precision."""
    table = date_papers(papers)
    first, last = (
        np.asarray((table[name] - pd.Timestamp("1970-01-01")).dt.days.fillna(MISSING), np.int64)
        for name in ("day", "last")
    )
    codes = table["precision"].map({word: code for code, word in enumerate(PRECISIONS)})
    return first, last, np.asarray(codes, np.int64)


def whole_numbers(papers: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    """Return a column of whole numbers, `MISSING` where the value is missing."""
    if name not in papers:
        return np.full(len(papers), MISSING)
    numbers = pd.to_numeric(papers[name], errors="coerce").astype("Float64")
    clipped = numbers.clip(MISSING + 1, 2**31 - 1).fillna(MISSING)
    return np.asarray(clipped, dtype=np.int64)


def by_frequency(values: Any) -> list[str]:
    """Return the distinct values without "", the most frequent first."""
    counts = Counter(values)
    counts.pop("", None)
    return sorted(counts, key=lambda name: (-counts[name], name))


def texts(papers: pd.DataFrame, name: str) -> list[str]:
    """Return a column of text, "" where the value is missing."""
    if name not in papers:
        return [""] * len(papers)
    return [str(text) for text in papers[name].astype("string").fillna("")]


def is_text(values: pd.Series[Any]) -> bool:
    """Return whether a column holds text alone."""
    if isinstance(values.dtype, pd.StringDtype):
        return True
    known = values.dropna().tolist() if values.dtype == object else []
    return bool(known) and all(isinstance(value, str) for value in known)


def zotero_item(papers: pd.DataFrame, row: int) -> list[Place]:
    """Return the address that opens a paper in Zotero, if it came from there."""
    key = texts(papers.iloc[[row]], "zotero_key")[0]
    library = texts(papers.iloc[[row]], "zotero_library")[0]
    if not _ZOTERO_KEY.fullmatch(key):
        return []
    group = re.fullmatch(r"groups/(\d+)", library)
    place = f"groups/{group[1]}" if group else "library"
    return [{"text": "Open in Zotero", "url": f"zotero://select/{place}/items/{key}"}]


def column_title(name: str) -> str:
    """Return what a column of text is called on the screen."""
    titles = {**FACETS, "authors": "Authors", "doi": "DOI", "url": "Address"}
    return titles.get(name, name.replace("_", " ").capitalize())


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _true(value: Any) -> bool:
    return value is not None and not pd.isna(value) and bool(value)
