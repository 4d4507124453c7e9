"""A log of invented link checks, to try levels of reuse and survival without a network."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.claims.url_targets import url_target
from toolkit.errors import DataError, checked
from toolkit.linkcheck.log import LinkLog

#: Names that no host can have (RFC 2606).
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:org|net|com))?|test|invalid)$")
_LICENCES = ("mit", "apache-2.0", "none", "other")
_LICENCE_SHARES = (0.42, 0.25, 0.28, 0.05)


@checked
def plant_link_checks(
    links: pd.DataFrame,
    *,
    log: str | Path,
    start: str = "2023-01-01",
    years: int = 3,
    half_life: float = 12.0,
    seed: int = 42,
) -> pd.DataFrame:
    """Write a log of invented checks, one a quarter for each link; return the newest ones.

    No host is contacted. Only addresses that cannot exist get invented checks, such as those of
    `plant_collection`: made-up answers never stand beside a real name. Links on hosts that begin
    with "code." have the given half-life, all others a third of it.

    Parameters
    ----------
    links : DataFrame
        Any table with a column `url`, on hosts that end in example.org, example.net, example.com,
        .example, .test or .invalid.
    log : str or path-like
        A file that does not exist yet, so that invented and real checks stay apart.
    start : str
        Date of the first check.
    years : int
        Length of the log, with four checks a year.
    half_life : float
        Years after which half of the links on code hosts are dead.
    seed : int
        Same seed, same log.

    Returns
    -------
    DataFrame
        The newest check of each URL, with the columns of `check_links`.

    Raises
    ------
    DataError
        The file exists, `links` has no column `url`, or an address may be a real one.

    Examples
    --------
    >>> links = pd.DataFrame({"url": ["https://code.example.org/planted/oak"]})
    >>> plant_link_checks(links, log=getfixture("tmp_path") / "invented.sqlite")["why"].tolist()
    ['invented']
    """
    if "url" not in links:
        raise DataError("the column url is missing", found=list(links.columns), expected="url")
    if Path(log).exists():
        raise DataError(
            "the file exists already",
            source=log,
            hint="Invented checks need a new file: give another name, or delete this file",
        )
    rng = np.random.default_rng(seed)
    urls = links["url"].drop_duplicates().astype(str).tolist()
    hosts = [url_target(url).host for url in urls]
    real = [url for url, host in zip(urls, hosts) if not _RESERVED.search(host)]
    if real:
        raise DataError(
            "invented checks of an address that may be real",
            column="url",
            found=real[0],
            expected="addresses that nobody can have, such as https://code.example.org/…",
            hint="Take the links of plant_collection, or check the real ones with check_links",
        )
    code = np.array([host.startswith("code.") for host in hosts], dtype=bool)
    scale = np.where(code, half_life, half_life / 3) / np.log(2)
    lives = rng.exponential(scale)
    facts = {
        "empty": rng.random(len(urls)) < 0.06,
        "licence": rng.choice(_LICENCES, size=len(urls), p=_LICENCE_SHARES),
        "silence": rng.exponential(400.0, size=len(urls)),
        "archived": rng.random(len(urls)) < 0.6,
        "environment": rng.random(len(urls)) < 0.7,
        "example": rng.random(len(urls)) < 0.8,
        "tests": rng.random(len(urls)) < 0.25,
        "ci": rng.random(len(urls)) < 0.2,
    }
    with LinkLog(log) as opened:
        for quarter in range(4 * years + 1):
            day = pd.Timestamp(start) + pd.DateOffset(months=3 * quarter)
            opened.append(
                _check(url, host, day, bool(lives[at] > quarter / 4), at, facts, bool(code[at]))
                for at, (url, host) in enumerate(zip(urls, hosts))
            )
        return opened.newest()


def _check(
    url: str,
    host: str,
    day: pd.Timestamp,
    alive: bool,
    at: int,
    facts: dict[str, np.ndarray],
    is_code: bool,
) -> dict[str, object]:
    known = alive and is_code
    return {
        "url": url,
        "host": host,
        "state": "alive" if alive else "gone",
        "resolves": alive,
        "http_status": 200 if alive else 404,
        "empty": bool(facts["empty"][at]) if known else None,
        "licence": str(facts["licence"][at]) if known else None,
        "last_push": day - pd.Timedelta(days=float(facts["silence"][at])) if known else None,
        "archived": bool(facts["archived"][at]) if is_code else None,
        **{
            name: bool(facts[name][at]) if known else None
            for name in ("environment", "example", "tests", "ci")
        },
        "checked_at": day,
        "why": "invented",
    }
