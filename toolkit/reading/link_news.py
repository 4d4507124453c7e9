"""What became of links since a date: gone, back, filled at last; from the log of link checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.claims.claims import find_links
from toolkit.linkcheck.log import read_log

#: States of a page that is there but holds nothing yet.
_EMPTY = ("empty", "coming soon")


def link_news(papers: pd.DataFrame, log: str | Path, day: pd.Timestamp) -> list[tuple[Any, ...]]:
    """Return rows of news: links whose newest check, on or after the day, found a change.

    It is compared with the last check before the day, else with the first of all. "link gone": it
    was alive then and is dead; "link back": it was dead; "link filled": it was empty, or only
    announced.
    """
    checks = read_log(log).dropna(subset=["resolves"])
    links = find_links(papers).drop_duplicates("url").set_index("url")["paper_id"]
    plain = checks.astype(object).where(checks.notna(), None)
    by_url: dict[str, list[dict[Any, Any]]] = {}
    for check in plain.to_dict("records"):
        by_url.setdefault(check["url"], []).append(check)
    rows: list[tuple[Any, ...]] = []
    for url, (*earlier, newest) in by_url.items():
        if newest["checked_at"] >= day and earlier:
            then = [check for check in earlier if check["checked_at"] < day] or earlier[:1]
            what, said = _change(then[-1], newest)
            if what:
                rows.append((what, None, links.get(url), url, f"{url}: {said}"))
    return rows


def _change(then: dict[Any, Any], now: dict[Any, Any]) -> tuple[str, str]:
    """Return the kind of news between two checks of a link, and what is said of it."""
    day = f"{then['checked_at']:%Y-%m-%d}"
    if not now["resolves"]:
        said = f"{now['why']}; last seen alive {day}"
        return ("link gone", said) if then["resolves"] else ("", "")
    if not then["resolves"]:
        return "link back", f"alive again; found dead {day}"
    if then["state"] in _EMPTY and now["state"] not in _EMPTY:
        return "link filled", f"no longer {then['state']}, as it was {day}"
    return "", ""
