"""The date of a paper for a reading group: when it was listed, else when it was published."""

from __future__ import annotations

from typing import Any

import pandas as pd


def dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's date: `listed` where it is known, else `published`."""
    when = pd.Series(pd.NaT, index=papers.index, dtype="datetime64[us]")
    for name in ("published", "listed"):
        if name in papers:
            when = papers[name].fillna(when)
    return when


def written_dates(papers: pd.DataFrame) -> pd.Series[Any]:
    """Return each paper's date as text of its precision: 2024, 2024-03 or 2024-03-01."""
    text: pd.Series[Any] = dates(papers).dt.strftime("%Y-%m-%d").astype(object)
    if "published_precision" in papers:
        own = ~known_to_the_day(papers)
        length = papers["published_precision"].astype(object).map({"year": 4, "month": 7})
        text = text.mask(own & (length == 4), text.str[:4]).mask(own & (length == 7), text.str[:7])
    return text


def known_to_the_day(papers: pd.DataFrame) -> pd.Series[bool]:
    """Return whose date (see `dates`) is known to the day; `listed` always is."""
    exact: pd.Series[bool] = pd.Series(True, index=papers.index)
    if "published_precision" in papers:
        exact = ~papers["published_precision"].isin(["year", "month"])
    return exact | papers["listed"].notna() if "listed" in papers else exact
