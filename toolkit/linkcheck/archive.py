"""Which repositories to archive now: alive, and kept nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.linkcheck.hosts import find_place
from toolkit.linkcheck.log import read_log

if TYPE_CHECKING:
    import pandas as pd


def archive_now(log: str | Path) -> pd.DataFrame:
    """List repositories that are alive but not kept at Software Heritage: save them while you can.

    Parameters
    ----------
    log : str or path-like
        The file that `check_links` wrote.

    Returns
    -------
    DataFrame
        `url` (where it is now, moves followed), `last_push`, `licence`, `checked_at`, and
        `save_request`: the address to which ``curl -X POST`` asks Software Heritage to save it
        (https://archive.softwareheritage.org/api/1/origin/save/doc/). Those not pushed to for
        the longest time come first; empty ones are left out.

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
    places = [find_place(url) for url in rows["url"]]
    rows["url"] = [place.root if place else url for place, url in zip(places, rows["url"])]
    rows = rows.drop_duplicates("url").sort_values("last_push", kind="stable")
    rows["url"] = rows["url"].astype("string")
    save = "https://archive.softwareheritage.org/api/1/origin/save/git/url/"
    rows["save_request"] = save + rows["url"] + "/"
    wanted = ["url", "last_push", "licence", "checked_at", "save_request"]
    return rows[wanted].reset_index(drop=True)
