"""Observed lifetimes of links: how long each was followed, and whether it died."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError

#: Ages of links at their first check: upper bounds in days, and names.
_AGES = (365.25, 730.5, 1461.0, np.inf)
_AGE_NAMES = ("under 1 year", "1–2 years", "2–4 years", "over 4 years")


def find_publication_dates(
    links: pd.DataFrame | None, papers: pd.DataFrame | None, since: str
) -> pd.Series[Any] | None:
    """Return the first publication date of each URL; None without `links` or `papers`."""
    if since not in ("first check", "published"):
        raise DataError("since is unknown", found=since, expected="'first check' or 'published'")
    if links is None or papers is None:
        if since == "published":
            raise DataError("since='published' needs links=… and papers=…")
        return None
    require_columns(links, "links", "url", "paper_id")
    require_columns(papers, "papers", "paper_id", "published")
    dates = links["paper_id"].map(papers.set_index("paper_id")["published"])
    return dates.groupby(links["url"]).min()


def find_durations(
    checks: pd.DataFrame, since: str, published: pd.Series[Any] | None, log: Any
) -> tuple[pd.DataFrame, int]:
    """Return one row a URL, with host, days followed and dead, and the number of URLs left out.

    Left out are links that were dead at their first check, except since publication.
    """
    decided = checks.dropna(subset=["resolves", "checked_at"])
    if decided.empty:
        raise DataError(
            "the log holds no check that found a link alive or dead",
            source=log,
            hint="Run toolkit.check_links with a working network connection",
        )
    decided = decided.assign(alive=decided["resolves"].astype(bool), order=np.arange(len(decided)))
    by_url = decided.groupby("url", sort=False)
    durations = pd.DataFrame(
        {
            "host": by_url["host"].last(),
            "first": by_url["checked_at"].min(),
            "last": by_url["checked_at"].max(),
            "dead": ~by_url["alive"].last(),
            "last_alive": decided[decided["alive"]].groupby("url")["checked_at"].max(),
        }
    )
    # A link that came back is alive; a dead one died after the last check that found it alive.
    newest_alive = decided[decided["alive"]].groupby("url")["order"].max()
    after = decided[decided["order"] > decided["url"].map(newest_alive).fillna(-1)]
    durations["first_dead"] = after.groupby("url")["checked_at"].min()
    never_alive = durations["dead"] & durations["last_alive"].isna()
    dates = published.reindex(durations.index) if published is not None else None
    if since == "published" and dates is not None:
        durations["start"] = dates
        durations["last_alive"] = durations["last_alive"].fillna(dates)
        durations = durations[dates.notna()]
        left_out = 0
    else:
        durations["start"] = durations["first"]
        left_out = int(never_alive.sum())
        durations = durations[~never_alive]
    if durations.empty:
        raise DataError(
            "no link can be followed",
            source=log,
            found=f"{left_out} links dead at their first check, and no other"
            if left_out
            else "no link of the log in links=…, with a date in papers=…",
            hint="With links=…, papers=… and since='published' the dead ones count, too"
            if left_out
            else None,
        )
    middle = durations["last_alive"] + (durations["first_dead"] - durations["last_alive"]) / 2
    end = middle.where(durations["dead"], durations["last"])
    length: pd.Series[pd.Timedelta] = end - durations["start"]
    days = (length / pd.Timedelta(days=1)).clip(lower=0)
    durations = durations.assign(days=days.astype(float))
    if dates is not None:
        age: pd.Series[pd.Timedelta] = durations["first"] - dates.reindex(durations.index)
        durations["age"] = pd.cut(
            age / pd.Timedelta(days=1), [-np.inf, *_AGES], labels=list(_AGE_NAMES)
        ).astype("string")
    return durations, left_out


def require_columns(table: pd.DataFrame, name: str, *columns: str) -> None:
    """Raise if a table lacks a column.

    Raises
    ------
    DataError
        Names the table and the first column missing.
    """
    for column in columns:
        if column not in table:
            raise DataError(f"{name} lacks a column", column=column, found=list(table.columns))
