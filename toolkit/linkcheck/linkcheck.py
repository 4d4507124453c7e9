"""Checking links: what became of the code that papers point to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from toolkit.errors import DataError
from toolkit.linkcheck.log import LinkLog
from toolkit.linkcheck.probe import ARCHIVE_LEFT
from toolkit.linkcheck.rate_limits import now
from toolkit.linkcheck.run import check_all
from toolkit.linkcheck.safety import without_password


def check_links(
    links: pd.DataFrame | pd.Series[Any],
    *,
    log: str | Path,
    max_age: str = "30D",
    rate: float = 1.0,
    timeout: float = 20.0,
    archive: bool = True,
    allow_private: bool = False,
    services: Mapping[str, str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Check links over the network and keep every check in a log.

    Each check climbs a ladder: does the link resolve, has it moved, does the repository hold
    more than a README and pictures, has it a licence, when was it last pushed to, is it kept at
    Software Heritage. GitHub, GitLab, Bitbucket, Hugging Face and Zenodo are understood, any
    other link is a plain page. Pages are asked first and interfaces only for what pages do not
    tell; GitHub's takes a token from the environment variable ``GITHUB_TOKEN`` alone, which is
    stored, shown and logged nowhere.

    Interrupt it at will: finished checks are in the log, and the next call goes on from there.

    Parameters
    ----------
    links : DataFrame or Series
        Links from `find_links`, or any table with a column `url`, or a Series of URLs.
    log : str or path-like
        An SQLite file, made where it is missing. Checks are only ever added to it, so that
        years of calls become data for `link_survival`.
    max_age : str
        Links checked within this time are not checked again, as ``"30D"`` or ``"12h"``. Those
        whose host could not answer, or only in part, are asked again as soon as the host allows.
    rate : float
        Requests a second to one host, at most. Hosts are asked side by side.
    timeout : float
        Seconds for one request.
    archive : bool
        Ask Software Heritage too. It allows 120 questions an hour without an account: the
        rest is asked in later calls.
    allow_private : bool
        Visit addresses that are not public, too. Leave this off for links out of papers.
    services : mapping of str to str, optional
        Base URLs that stand in for hosts, for tests: ``{"github.com": "http://127.0.0.1:8000"}``.
        ``"*"`` stands in for all hosts, with the host's name as first step of the path.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        Shape (n_urls, 14), one row a URL in the order given, its newest check in the log:
        `url`; `status`: alive, gone (404, 410, 451, sign-in wall of a code host, no such
        host), broken (redirects without end, invalid certificate), closed (401, 403), unknown
        (no answer, trouble at the host), refused (never sent); `resolves` (True, False, or NA
        where nobody can tell); `moved_to`; `empty`; `licence` (lower-case SPDX name, "other",
        "none"); `last_push`; `read_only` (archived by its owner); `archived` (at Software
        Heritage); `checked_at` (UTC); `host`; `http_status`; `retry_at`; `why`.

    Raises
    ------
    DataError
        The table has no column `url`, a URL is missing, or the log is another kind of file.
    KeyboardInterrupt
        After an interrupt; what was finished is in the log.

    Notes
    -----
    Only http and https are visited. Names are resolved once, addresses that are not public are
    refused, at every redirect anew, and the connection goes to the checked address. At most five
    redirects; pages are read up to 2 MB, never executed or rendered. Proxies of the environment
    are not used. A name that no name server knows counts as gone only if any host answered in
    the same run: otherwise it may be the reader's own network that is down.

    Examples
    --------
    >>> import pandas as pd, toolkit
    >>> checks = toolkit.check_links(
    ...     pd.Series(["ftp://example.org/code"]), log=getfixture("tmp_path") / "log.sqlite")
    >>> checks.loc[0, ["status", "why"]].tolist()
    ['refused', "only http and https are visited, not 'ftp'"]
    """
    urls = _urls(links)
    settings = _settings(rate, timeout, max_age, services)
    keys = {url: without_password(url) for url in urls}
    with LinkLog(log) as opened:
        known = opened.newest()
        due = _due(urls, keys, known, max_age, allow_private)
        if due:
            left = _archive_left(due, keys, known, max_age) if archive else {}
            check_all(due, left, opened, settings, archive, allow_private, progress)
            known = opened.newest()
    rows = known.set_index("url", drop=False).loc[[keys[url] for url in urls]]
    return rows.reset_index(drop=True)


def _urls(links: pd.DataFrame | pd.Series[Any]) -> list[str]:
    """Return the different URLs of a table, in their order."""
    if isinstance(links, pd.DataFrame):
        if "url" not in links:
            raise DataError(
                "the table of links lacks a column",
                column="url",
                found=list(links.columns),
                hint="Make it with toolkit.find_links(papers)",
            )
        if "paper_id" in links and "kind" not in links and links["url"].isna().any():
            raise DataError(
                "this is a papers table, not one of links",
                found=f"{int(links['url'].isna().sum())} of {len(links)} rows without url",
                hint="Pass toolkit.find_links(papers)",
            )
        links = links["url"]
    if not isinstance(links, pd.Series):
        raise DataError(
            "not a table of links",
            found=type(links).__name__,
            expected="a DataFrame with a column 'url', or a Series of URLs",
        )
    for row, url in enumerate(links, start=1):
        if not isinstance(url, str) or not url.strip():
            raise DataError(
                "not a URL", row=row, column="url", found=url, hint="Drop the row, or fix it"
            )
    clean = links.astype(object).map(
        lambda url: url.strip().encode("utf-8", "replace").decode().replace("\x00", " ")
    )
    return list(dict.fromkeys(clean))


def _settings(
    rate: float, timeout: float, max_age: str, services: Mapping[str, str] | None
) -> dict[str, Any]:
    for name, value in (("rate", rate), ("timeout", timeout)):
        if not 0 < value < 1e6:
            raise DataError(f"{name} must be above zero", found=value)
    try:
        if pd.isna(age := pd.Timedelta(max_age)) or age < pd.Timedelta(0):
            raise ValueError
    except ValueError:
        raise DataError("max_age is no length of time", found=max_age, expected="'30D'") from None
    for base in (services or {}).values():
        if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).hostname:
            raise DataError("a service is no base URL", found=base, expected="http://host:port")
    return {"rate": float(rate), "timeout": float(timeout), "services": dict(services or {})}


def _due(
    urls: list[str],
    keys: Mapping[str, str],
    known: pd.DataFrame,
    max_age: str,
    allow_private: bool,
) -> list[str]:
    """Return the URLs whose newest check is too old, or was put off and may go on now."""
    moment = now()
    fresh = known["checked_at"] > moment - pd.Timedelta(max_age)
    put_off = (known["retry_at"] <= moment).fillna(False)
    if allow_private:
        put_off |= known["status"] == "refused"
    done = set(known.loc[fresh & ~put_off, "url"])
    return [url for url in urls if keys[url] not in done]


def _archive_left(
    due: list[str], keys: Mapping[str, str], known: pd.DataFrame, max_age: str
) -> dict[str, dict[str, Any]]:
    """Return the checks that lack nothing but the archive's answer: no page is visited for them.

    Software Heritage's quota is used up long before GitHub's patience: without this, a thousand
    pages would be fetched again each hour, to ask the archive about the next hundred.
    """
    only = known["why"].str.startswith(ARCHIVE_LEFT).fillna(False)
    fresh = known["checked_at"] > now() - pd.Timedelta(max_age)
    rows = known[fresh & only & known["archived"].isna()]
    plain = rows.astype(object).where(rows.notna(), None)
    by_key = {str(row["url"]): row for row in plain.to_dict("records", into=dict)}
    return {url: by_key[keys[url]] for url in due if keys[url] in by_key}
