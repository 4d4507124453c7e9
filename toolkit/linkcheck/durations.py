"""Observed lifetimes of links: between which of its checks each one died, if it did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.linkcheck.rate_limits import host_of

#: Ages of links at their first check: upper bounds in days, and names.
_AGES = (365.25, 730.5, 1461.0, np.inf)
_AGE_NAMES = ("under 1 year", "1–2 years", "2–4 years", "over 4 years")
#: Checks within this time belong to one run over many links.
_RUN = pd.Timedelta(days=3)
#: Hosts of many unrelated owners, who are the first part of the path.
_SHARED = frozenset(
    "github.com gitlab.com bitbucket.org codeberg.org gitee.com huggingface.co hf.co "
    "sites.google.com drive.google.com kaggle.com www.kaggle.com sourceforge.net".split()
)
#: Archives, whose records do not share an owner that could take them down.
_ARCHIVES = frozenset(
    "zenodo.org figshare.com osf.io doi.org dx.doi.org datadryad.org archive.org "
    "archive.softwareheritage.org cran.r-project.org pypi.org arxiv.org".split()
)


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
    """Return one row a URL, and the number of URLs left out.

    The columns: host; left and right, the days between which it died (right is infinite where it
    was not seen dead); cluster, the links that tend to die with it; unconfirmed, whether its last
    check failed and no second one has confirmed it. Left out are links that were dead at their
    first check, except since publication.
    """
    decided = checks.dropna(subset=["resolves", "checked_at"])
    if decided.empty:
        raise DataError(
            "the log holds no check that found a link alive or dead",
            source=log,
            hint="Run toolkit.check_links with a working network connection",
        )
    links = _histories(decided)
    links["right"] = links["first_dead"].where(links["fails"] >= 2)
    links["unconfirmed"] = links["fails"] == 1
    links["left"] = links["last_alive"].where(
        links["right"].notna() | links["unconfirmed"] | _could_confirm(links),
        links["last_alive_but_one"],
    )
    dates = published.reindex(links.index) if published is not None else None
    never_alive = links["last_alive"].isna()
    if since == "published" and dates is not None:
        links["start"] = dates
        links["left"] = links["left"].fillna(dates)
        links = links[dates.notna()]
        left_out = 0
    else:
        links["start"] = links["first"]
        left_out = int(never_alive.sum())
        links = links[~never_alive]
    if links.empty:
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
    links = links.assign(
        left=_days(links["left"] - links["start"]).fillna(0.0),
        right=_days(links["right"] - links["start"]).fillna(np.inf),
        cluster=[_cluster(url, host) for url, host in zip(links.index, links["host"])],
    )
    links["left"], links["right"] = _snap(links["left"].to_numpy(), links["right"].to_numpy())
    if dates is not None:
        age: pd.Series[pd.Timedelta] = links["first"] - dates.reindex(links.index)
        links["age"] = pd.cut(
            age / pd.Timedelta(days=1), [-np.inf, *_AGES], labels=list(_AGE_NAMES)
        ).astype("string")
    return links, left_out


def _histories(decided: pd.DataFrame) -> pd.DataFrame:
    """Return, for each URL, its first check, the last ones that found it alive, and those since."""
    decided = decided.assign(
        alive=decided["resolves"].astype(bool), order=np.arange(len(decided))
    ).sort_values(["checked_at", "order"], kind="stable")
    by_url = decided.groupby("url", sort=False)
    links = pd.DataFrame({"host": by_url["host"].last(), "first": by_url["checked_at"].min()})
    alive = decided[decided["alive"]]
    links["last_alive"] = alive.groupby("url")["checked_at"].max()
    one_before = alive[alive.groupby("url").cumcount(ascending=False) == 1]
    links["last_alive_but_one"] = one_before.set_index("url")["checked_at"]
    # A link that came back is alive; a dead one died after the last check that found it alive.
    since = decided["url"].map(links["last_alive"])
    dead = decided[~decided["alive"] & ~(decided["checked_at"] <= since)].groupby("url")
    links["first_dead"] = dead["checked_at"].min()
    links["fails"] = dead["checked_at"].nunique().reindex(links.index, fill_value=0)
    return links


def _could_confirm(links: pd.DataFrame) -> pd.Series[bool]:
    """Return whether a failure in the place of each link's last check would have been confirmed.

    Links that failed in the last run of checks are censored before it, as nothing confirms
    them. If those that passed counted as alive after it, none would ever die in the last run. So
    a last check that passed counts only where failures of that run were checked again, or where
    there were none.
    """
    first, again = links["first_dead"].dropna(), links["fails"] >= 2
    times = first.to_numpy()
    order = np.argsort(times)
    times, confirmed = times[order], again[first.index].to_numpy()[order]
    total = np.r_[0, confirmed.cumsum()]
    ends = links["last_alive"].fillna(links["first"])
    low = np.searchsorted(times, (ends - _RUN).to_numpy(), side="left")
    high = np.searchsorted(times, (ends + _RUN).to_numpy(), side="right")
    return pd.Series(2 * (total[high] - total[low]) >= high - low, index=links.index)


def _days(spans: Any) -> pd.Series[float]:
    days: pd.Series[float] = (spans / pd.Timedelta(days=1)).clip(lower=0).astype(float)
    return days


def _snap(left: Any, right: Any) -> tuple[Any, Any]:
    """Return times with those of one run of checks made equal.

    Within the hours or days that a run takes nothing is known of who dies when. Left as they are,
    they let the estimator put deaths there that lie in the months before.
    """
    times = np.unique(np.r_[0.0, left, right[np.isfinite(right)]])
    runs: list[list[float]] = []
    for time in times.tolist():
        if not runs or time - runs[-1][0] > _RUN / pd.Timedelta(days=1):
            runs.append([])
        runs[-1].append(time)
    middle = np.concatenate([np.full(len(run), np.mean(run) if run[0] else 0.0) for run in runs])
    left = middle[np.searchsorted(times, left)]
    seen, right = np.isfinite(right), right.copy()
    right[seen] = middle[np.searchsorted(times, right[seen])]
    # Two checks within a run: dead within half a day.
    return np.where(left < right, left, np.maximum(right - 0.5, 0.0)), np.maximum(right, 0.5)


def _cluster(url: Any, host: Any) -> str:
    """Return what a link dies with: its host, its owner on a shared host, itself in an archive."""
    name: str = host_of(str(url)) if pd.isna(host) else str(host)
    if name in _ARCHIVES:
        return str(url)
    if name in _SHARED:
        return "/".join(str(url).split("//", 1)[-1].split("/")[:2]).lower()
    return name


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
