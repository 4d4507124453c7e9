"""Tables of papers, topics, links and claims as columns with one entry a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from toolkit.claims.claims import find_links, read_claims_of, read_links_and_claims
from toolkit.errors import DataError
from toolkit.explorer.state import CODES, FACETS, MISSING
from toolkit.explorer.wire import PaperLink, Place
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


@dataclass(frozen=True)
class PaperLinks:
    """The links of all papers, as columns; those of one paper by its row.

    Parameters
    ----------
    starts : ndarray of int
        Shape (n_papers + 1,): the links of paper i are those from ``starts[i]`` to
        ``starts[i + 1]``.
    rows : ndarray of int
        The paper of each link, ascending.
    urls, kinds, hosts, tenses, states : list of str
        Of each link.
    """

    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    urls: list[str]
    kinds: list[str]
    hosts: list[str]
    tenses: list[str]
    states: list[str]

    def __getitem__(self, row: int) -> list[PaperLink]:
        """Return the links of a paper."""
        part = slice(int(self.starts[row]), int(self.starts[row + 1]))
        columns = (self.urls[part], self.kinds[part], self.tenses[part], self.states[part])
        return [
            {"url": url, "kind": kind, "tense": tense, "state": state}
            for url, kind, tense, state in zip(*columns)
        ]


def code_and_links(
    papers: pd.DataFrame,
    links: pd.DataFrame | None,
    claims: pd.DataFrame | None,
    checks: pd.DataFrame | None,
) -> tuple[npt.NDArray[np.object_], PaperLinks]:
    """Return each paper's code status and links."""
    if links is None and claims is None:
        links, claims = read_links_and_claims(papers)
    links = find_links(papers) if links is None else links
    claims = read_claims_of(papers) if claims is None else claims
    _require_columns(claims, "claims", ("paper_id", "code"), "toolkit.code_claims(papers)")
    _require_columns(links, "links", _LINK, "toolkit.find_links(papers)")
    ids = pd.Index(papers["paper_id"].astype(str))
    code = np.full(len(papers), "unknown", dtype=object)
    status, at = (
        claims["code"].to_numpy(dtype=object),
        ids.get_indexer(pd.Index(claims["paper_id"])),
    )
    right = (at >= 0) & np.isin(status.astype(str), CODES)
    code[at[right]] = status[right]
    return code, _links_of_papers(links, ids, _states(checks))


def _links_of_papers(links: pd.DataFrame, ids: pd.Index[str], said: dict[str, str]) -> PaperLinks:
    rows = ids.get_indexer(pd.Index(links["paper_id"]))
    order = np.argsort(rows, kind="stable")[int((rows < 0).sum()) :]
    rows, some = rows[order], links.iloc[order]
    urls, kinds, hosts, tenses = (texts(some, name) for name in ("url", "kind", "host", "tense"))
    own = some["own"].fillna(True).tolist() if "own" in some else [True] * len(some)
    return PaperLinks(
        starts=np.searchsorted(rows, np.arange(len(ids) + 1)),
        rows=rows.astype(np.int64),
        urls=urls,
        # A tool that the authors used is no code of theirs.
        kinds=[(k if theirs or k == "registry" else "other") or "other"
               for k, theirs in zip(kinds, own)],
        hosts=hosts,
        tenses=tenses,
        states=[said.get(url, "") for url in urls],
    )  # fmt: skip


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


def texts(papers: pd.DataFrame, name: str) -> list[str]:
    """Return a column of text, "" where the value is missing."""
    if name not in papers:
        return [""] * len(papers)
    # By way of an array, since single values of such a column are slow to read.
    known: list[str] = papers[name].astype("string").fillna("").to_numpy(dtype=object).tolist()
    return known


def is_text(values: pd.Series[Any]) -> bool:
    """Return whether a column holds text alone."""
    if isinstance(values.dtype, pd.StringDtype):
        return True
    known = values.dropna().tolist() if values.dtype == object else []
    return bool(known) and all(isinstance(value, str) for value in known)


def zotero_item(key: str, library: str) -> list[Place]:
    """Return the address that opens a paper in Zotero, if it came from there."""
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
