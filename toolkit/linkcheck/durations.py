"""How long each link was followed, and whether it died then, from the log of its checks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

#: Ages of links at their first check: upper bounds in days, and names.
_AGES = (365.25, 730.5, 1461.0, np.inf)
_AGE_NAMES = ("under 1 year", "1–2 years", "2–4 years", "over 4 years")


def find_births(
    links: pd.DataFrame | None, papers: pd.DataFrame | None, since: str
) -> pd.Series[Any] | None:
    """Return when each URL was published, by URL; None where that is not asked for."""
    if since not in ("first check", "published"):
        raise DataError("since is unknown", found=since, expected="'first check' or 'published'")
    if links is None or papers is None:
        if since == "published":
            raise DataError("since='published' needs links=… and papers=…")
        return None
    need(links, "links", "url", "paper_id")
    need(papers, "papers", "paper_id", "published")
    dates = links["paper_id"].map(papers.set_index("paper_id")["published"])
    return dates.groupby(links["url"]).min()


def find_spans(
    checks: pd.DataFrame, since: str, births: pd.Series[Any] | None, log: Any
) -> pd.DataFrame:
    """Return one row a URL: host, born, days it was followed, and whether it died then."""
    told = checks.dropna(subset=["resolves", "checked_at"])
    if told.empty:
        raise DataError(
            "no check with a verdict is in the log",
            source=log,
            hint="Run toolkit.check_links over a network that works",
        )
    told = told.assign(alive=told["resolves"].astype(bool), order=np.arange(len(told)))
    by_url = told.groupby("url", sort=False)
    spans = pd.DataFrame(
        {
            "host": by_url["host"].last(),
            "first": by_url["checked_at"].min(),
            "last": by_url["checked_at"].max(),
            "dead": ~by_url["alive"].last(),
            "last_alive": told[told["alive"]].groupby("url")["checked_at"].max(),
        }
    )
    # A link that came back is alive; one that died is dated from its last sign of life.
    seen = told["url"].map(told[told["alive"]].groupby("url")["order"].max()).fillna(-1)
    spans["first_dead"] = told[told["order"] > seen].groupby("url")["checked_at"].min()
    unseen = spans["dead"] & spans["last_alive"].isna()
    born = births.reindex(spans.index) if births is not None else None
    if since == "published" and born is not None:
        spans["start"] = born
        spans["last_alive"] = spans["last_alive"].fillna(born)
        spans = spans[born.notna()]
        left_out = 0
    else:
        spans["start"] = spans["first"]
        left_out = int(unseen.sum())
        spans = spans[~unseen]
    if spans.empty:
        raise DataError(
            "no link can be followed",
            source=log,
            found=f"{left_out} links dead at their first check, and no other"
            if left_out
            else "no link of the log in links=…, with a date in papers=…",
            hint="With links=…, papers=… and since='published' the dead ones count too"
            if left_out
            else None,
        )
    middle = spans["last_alive"] + (spans["first_dead"] - spans["last_alive"]) / 2
    end = middle.where(spans["dead"], spans["last"])
    length: pd.Series[pd.Timedelta] = end - spans["start"]
    days = (length / pd.Timedelta(days=1)).clip(lower=0)
    spans = spans.assign(days=days.astype(float))
    if born is not None:
        age: pd.Series[pd.Timedelta] = spans["first"] - born.reindex(spans.index)
        spans["age"] = pd.cut(
            age / pd.Timedelta(days=1), [-np.inf, *_AGES], labels=list(_AGE_NAMES)
        ).astype("string")
    spans.attrs["dead_at_start"] = left_out
    return spans


def need(table: pd.DataFrame, name: str, *columns: str) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    DataError
        Names the table and the first column missing.
    """
    for column in columns:
        if column not in table:
            raise DataError(f"{name} lacks a column", column=column, found=list(table.columns))
