"""Where in its venue a paper stands: pages, volume and issue, in own columns of many names."""

from __future__ import annotations

import re

import pandas as pd

_PAGES = ("pages", "page", "page start", "start page", "start_page", "page_start", "first page")
_VOLUMES = ("volume", "vol")
_ISSUES = ("issue", "number", "no")
_NUMBER = re.compile(r"\d+")
_MONTH = re.compile(r"\d\d?-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


def first_pages(papers: pd.DataFrame) -> list[int | None]:
    """Return the number of each paper's first page: 93 of ``e93``, 221 of ``221-8``.

    Every first article begins on page 1, and Excel makes 1 September of ``1-9``: both say nothing.
    """
    return [_first_page(pages) for pages in _joined(papers, _PAGES)]


def issues_of(papers: pd.DataFrame) -> list[str]:
    """Return volume and issue of each paper as one text, "" where both are missing."""
    pairs = zip(_joined(papers, _VOLUMES), _joined(papers, _ISSUES), strict=True)
    return [" ".join(filter(None, pair)) for pair in pairs]


def places_of(papers: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return volume and first page of each paper as references write them, "" where missing."""
    volumes = [(value or "").lower() for value in _joined(papers, _VOLUMES)]
    pages = [
        re.split(r"[-–—,;\s]", value.strip().lower())[0] if value else ""
        for value in _joined(papers, _PAGES)
    ]
    return volumes, pages


def _joined(papers: pd.DataFrame, names: tuple[str, ...]) -> list[str | None]:
    """Return the first value of each paper in the columns called so, in capitals or not."""
    found: list[str | None] = [None] * len(papers)
    for name in papers:
        if str(name).lower() not in names:
            continue
        values, there = papers[name].tolist(), papers[name].notna().tolist()
        for row, (value, known) in enumerate(zip(values, there, strict=True)):
            if known and found[row] is None and str(value).strip():
                found[row] = str(value).strip()
    return found


def _first_page(pages: str | None) -> int | None:
    found = _NUMBER.search(pages) if pages and not _MONTH.match(pages) else None
    number = int(found[0][:9]) if found else 1
    return None if number <= 1 else number
