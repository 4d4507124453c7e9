"""Repositories that are alive but not archived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.linkcheck.hosts import find_repository
from toolkit.linkcheck.log import read_log

if TYPE_CHECKING:
    import pandas as pd


def archive_now(log: str | Path) -> pd.DataFrame:
    """Return repositories that are alive but not archived at Software Heritage.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.

    Returns
    -------
    DataFrame
        `url` (the current one if it moved), `last_push`, `licence`, `checked_at`, and
        `save_request`: the URL for ``curl -X POST`` that asks Software Heritage to save it
        (https://archive.softwareheritage.org/api/1/origin/save/doc/), and `why` ("invented" of
        checks that were made up). Those with the oldest last
        push come first; empty ones are left out.

    Examples
    --------
    >>> from toolkit.linkcheck.log import LinkLog
    >>> log = getfixture("tmp_path") / "log.sqlite"
    >>> with LinkLog(log) as opened:
    ...     opened.append([{"url": "https://github.com/lantern/oak", "resolves": True,
    ...                     "archived": False, "host": "github.com"}])
    >>> archive_now(log)["url"].tolist()
    ['https://github.com/lantern/oak']
    """
    checks = read_log(log).drop_duplicates("url", keep="last")
    alive = checks["resolves"].fillna(False) & ~checks["archived"].fillna(True)
    rows = checks[alive & ~checks["empty"].fillna(False)].copy()
    rows["url"] = rows["moved_to"].fillna(rows["url"])
    found = [(find_repository(url), url) for url in rows["url"]]
    rows["url"] = [repository.root if repository else url for repository, url in found]
    rows = rows.drop_duplicates("url").sort_values("last_push", kind="stable")
    rows["url"] = rows["url"].astype("string")
    save = "https://archive.softwareheritage.org/api/1/origin/save/git/url/"
    rows["save_request"] = save + rows["url"] + "/"
    wanted = ["url", "last_push", "licence", "checked_at", "save_request", "why"]
    return rows[wanted].reset_index(drop=True)
