"""Link checks: which links in papers are still alive, and what their repositories hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from toolkit.errors import DataError, checked, warn_user
from toolkit.linkcheck.log import LinkLog, typed
from toolkit.linkcheck.log_schema import CHECK_COLUMNS
from toolkit.linkcheck.probe import ARCHIVE_PENDING, REFUSED
from toolkit.linkcheck.rate_limits import now
from toolkit.linkcheck.run import check_all
from toolkit.linkcheck.safety import without_password

#: A link that was found dead once is checked again after this time: it may have been a bad day.
_CONFIRMED_AFTER = pd.Timedelta("1D")


@checked
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
    """Check links over the network, add every check to a log and return the newest ones.

    Each check finds whether the link leads to the work, to nothing, or to a page that answers in
    its place (sign-in, parked domain, 'not found' with status 200), and what a repository holds.
    That is read at GitHub, GitLab, Bitbucket, Codeberg, Hugging Face, Zenodo and Anonymous
    GitHub; of other links only the page. Pages are read first, APIs only for what is not
    on the page; a token for GitHub's API is taken from the environment variable ``GITHUB_TOKEN``
    only, and is never stored, shown or logged.

    The call can be interrupted: finished checks are in the log, and the next call continues.

    Parameters
    ----------
    links : DataFrame or Series
        Links from `find_links`, or any table with a column `url`, or a Series of URLs.
    log : str or path-like
        An SQLite file, created if missing. Checks are added and never changed, so that calls
        over years are data for `link_survival`.
    max_age : str
        Links checked within this time are not checked again, as ``"30D"`` or ``"12h"``. Those
        whose host could not answer, or only in part, are checked again once the host allows it,
        and those found dead for the first time after a day: `link_survival` counts a death only
        after a second check.
    rate : float
        Requests a second to one host, at most. Different hosts are asked in parallel.
    timeout : float
        Seconds for one request, headers and body included.
    archive : bool
        Ask Software Heritage, too. It allows 120 requests an hour without an account; later
        calls ask for the rest.
    allow_private : bool
        Allow addresses that are not public. Leave this off for links from papers.
    services : mapping of str to str, optional
        Base URLs used in place of hosts, for tests: ``{"github.com": "http://127.0.0.1:8000"}``.
        ``"*"`` is for all hosts, with the host's name as first segment of the path.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        Shape (n_urls, 25), one row a URL in the order given, its newest check in the log.

        - `url`, `host`.
        - `state`: alive; moved (to `moved_to`: another address, or the repository of a branch or
          file that is gone); empty (nothing but a README and pictures, or a blank page); coming
          soon (the README or page only promises); gone (404, no such host, endless redirects, an
          invalid certificate, and pages that say so with status 200); login (asks to sign in);
          parked (the domain has another owner); unknown (no answer, errors of the host,
          challenges for robots, addresses that are not visited).
        - `resolves`: True for the first four, False for the next three, NA for unknown.
        - `licence` (lower-case SPDX name, "other", "none"), `last_push`, `read_only` (archived by
          its owner), `archived` (at Software Heritage, or the link is to an archive such as
          Zenodo or OSF), `empty`.
        - What the names of its files and its README tell (True, False, NA): `readme`,
          `environment` (files that list what the code needs), `tests`, `ci`, `container`,
          `notebooks`, `weights`, `data`, `example` (how to run it), `release`, `doi` (of an
          archived copy). Pages of GitHub list the first level only.
        - `checked_at` (UTC), `http_status`, `retry_at`, `why`.

    Raises
    ------
    DataError
        The table has no column `url`, a URL is missing, the log is not such a file, or it
        cannot be written to (a full disk, a read-only medium).
    KeyboardInterrupt
        After an interrupt; what was finished is in the log.

    Notes
    -----
    Only http and https are visited. Names are resolved once, addresses that are not public are
    refused, also after redirects, and the connection goes to the checked address. At most five
    redirects are followed; pages are read up to 2 MB and never executed. Proxies of the
    environment are not used. Without a network one warning says so, and nothing is added to the
    log: a host name that does not exist counts as gone only where other names can be found. Pages
    are judged by host, title and headings, never by words anywhere in the text.

    Examples
    --------
    >>> import pandas as pd, toolkit
    >>> checks = toolkit.check_links(
    ...     pd.Series(["ftp://example.org/code"]), log=getfixture("tmp_path") / "log.sqlite")
    >>> checks.loc[0, ["state", "why"]].tolist()
    ['unknown', "not visited: only http and https are visited, not 'ftp'"]
    """
    urls = _urls(links)
    settings = _settings(rate, timeout, max_age, services)
    keys = {url: without_password(url) for url in urls}
    with LinkLog(log) as opened:
        known = opened.newest()
        due = _due(urls, keys, known, opened.dead_once(), max_age, allow_private)
        if due:
            left = _archive_pending(due, keys, known, max_age) if archive else {}
            there = check_all(due, left, opened, settings, archive, allow_private, progress)
            known = opened.newest()
            if not there:
                known = _without_network(keys, known, len(due))
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
                "a papers table, not a table of links",
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
        raise DataError("max_age is not a duration", found=max_age, expected="'30D'") from None
    for base in (services or {}).values():
        if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).hostname:
            raise DataError("a service is not a base URL", found=base, expected="http://host:port")
    return {"rate": float(rate), "timeout": float(timeout), "services": dict(services or {})}


def _due(
    urls: list[str],
    keys: Mapping[str, str],
    known: pd.DataFrame,
    dead_once: set[str],
    max_age: str,
    allow_private: bool,
) -> list[str]:
    """Return the URLs whose newest check is too old, postponed until now, or a first death."""
    moment = now()
    fresh = known["checked_at"] > moment - pd.Timedelta(max_age)
    old = known["checked_at"] <= moment - _CONFIRMED_AFTER
    fresh &= ~(known["url"].isin(dead_once) & old)
    postponed = (known["retry_at"] <= moment).fillna(False)
    if allow_private:
        postponed |= known["why"].str.startswith(REFUSED).fillna(False)
    done = set(known.loc[fresh & ~postponed, "url"])
    return [url for url in urls if keys[url] not in done]


def _without_network(keys: Mapping[str, str], known: pd.DataFrame, n: int) -> pd.DataFrame:
    """Warn once, and return the checks with a row for each link that was never checked."""
    warn_user(
        f"no network: no host answered, and no name could be found; {n} links were left as they "
        "were. Check the connection and repeat the call"
    )
    rest = set(keys.values()) - set(known["url"])
    why = "not asked: no network"
    rows = [{"url": key, "state": "unknown", "checked_at": now(), "why": why} for key in rest]
    return (
        pd.concat([known, typed(pd.DataFrame(rows, columns=list(CHECK_COLUMNS)))])
        if rows
        else known
    )


def _archive_pending(
    due: list[str], keys: Mapping[str, str], known: pd.DataFrame, max_age: str
) -> dict[str, dict[str, Any]]:
    """Return the checks that lack only the archive's answer, for which no page is fetched.

    Software Heritage's quota is the smallest: without this, a thousand pages would be fetched
    again each hour to ask the archive about the next hundred.
    """
    only = known["why"].str.startswith(ARCHIVE_PENDING).fillna(False)
    fresh = known["checked_at"] > now() - pd.Timedelta(max_age)
    rows = known[fresh & only & known["archived"].isna()]
    plain = rows.astype(object).where(rows.notna(), None)
    by_key = {str(row["url"]): row for row in plain.to_dict("records", into=dict)}
    return {url: by_key[keys[url]] for url in due if keys[url] in by_key}
