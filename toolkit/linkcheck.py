"""Checking links: what became of the code that papers point to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from toolkit.errors import DataError
from toolkit.linklog import CHECK_COLUMNS, LinkLog

#: Requests to one host that may be under way at once.
PER_HOST = 4


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
    from toolkit.safety import without_password

    urls = _urls(links)
    settings = _settings(rate, timeout, max_age, services)
    keys = {url: without_password(url) for url in urls}
    with LinkLog(log) as opened:
        known = opened.newest()
        due = _due(urls, keys, known, max_age, allow_private)
        if due:
            _check_all(due, opened, settings, archive, allow_private, progress)
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
                mend="Make it with toolkit.find_links(papers)",
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
                "not a URL", row=row, column="url", found=url, mend="Drop the row, or mend it"
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
    from toolkit.linkfetch import now

    moment = now()
    fresh = known["checked_at"] > moment - pd.Timedelta(max_age)
    put_off = (known["retry_at"] <= moment).fillna(False)
    if allow_private:
        put_off |= known["status"] == "refused"
    done = set(known.loc[fresh & ~put_off, "url"])
    return [url for url in urls if keys[url] not in done]


def _check_all(
    due: list[str],
    log: LinkLog,
    settings: dict[str, Any],
    archive: bool,
    allow_private: bool,
    progress: bool,
) -> None:
    """Check links in a thread with a loop of its own: in a notebook one is running already."""
    from tqdm.auto import tqdm

    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    run = _Run(due, settings, archive, allow_private, finished)
    thread = threading.Thread(target=run.work, name="check_links", daemon=True)
    thread.start()
    try:
        with tqdm(total=len(due), desc="links", unit="link", disable=not progress) as bar:
            while rows := _batch(finished):
                log.append(rows)
                bar.update(len(rows))
    except BaseException:
        run.stop()
        thread.join()
        while rows := _batch(finished):
            log.append(rows)
        raise
    thread.join()
    if run.failure is not None:
        raise run.failure


def _batch(finished: queue.SimpleQueue[Any]) -> list[dict[str, Any]]:
    """Wait for finished checks; an empty list means that no more will come."""
    rows: list[dict[str, Any]] = []
    while True:
        try:
            # Waiting with a time limit lets an interrupt through on every system.
            row = finished.get(timeout=0.2) if not rows else finished.get_nowait()
        except queue.Empty:
            if rows:
                return rows
            continue
        if row is None:
            finished.put(None)
            return rows
        rows.append(row)


class _Run:
    """One run over the links that are due."""

    def __init__(
        self,
        due: list[str],
        settings: dict[str, Any],
        archive: bool,
        allow_private: bool,
        finished: queue.SimpleQueue[Any],
    ) -> None:
        self.failure: BaseException | None = None
        self._due, self._settings, self._archive = due, settings, archive
        self._allow_private, self._finished = allow_private, finished
        self._token = os.environ.get("GITHUB_TOKEN", "").strip() or None
        self._doubtful: list[dict[str, Any]] = []
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def work(self) -> None:
        """Run to the end, in this thread."""
        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._main())
        except BaseException as error:
            self.failure = error
        finally:
            self._finished.put(None)

    def stop(self) -> None:
        """Cancel what is under way, from another thread."""
        self._stopped.set()
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended just now
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        import httpx

        from toolkit.linkfetch import Fetcher, pace_of
        from toolkit.safety import resolve

        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if self._stopped.is_set():
            return
        fetcher = Fetcher(
            **self._settings,
            allow_private=self._allow_private,
            resolver=resolve,
            verify=httpx.create_ssl_context(),
        )
        lines: dict[str, deque[str]] = {}
        for url in self._due:
            lines.setdefault(pace_of(url if "://" in url else f"https://{url}"), deque()).append(
                url
            )
        try:
            async with asyncio.TaskGroup() as group:
                for line in lines.values():
                    for _ in range(min(PER_HOST, len(line))):
                        group.create_task(self._serve(line, fetcher))
            self._settle_doubts(fetcher.answered)
        finally:
            await fetcher.close()

    async def _serve(self, line: deque[str], fetcher: Any) -> None:
        """Check the links of one host, one after the other."""
        from toolkit.linkprobe import check_one

        while line:
            row = await check_one(line.popleft(), fetcher, archive=self._archive, token=self._token)
            if row.pop("network_doubt", False):
                self._doubtful.append(row)
            else:
                self._finished.put({name: row.get(name) for name in CHECK_COLUMNS})

    def _settle_doubts(self, answered: bool) -> None:
        """Hosts without a name are gone if the network works, which any answer shows."""
        for row in self._doubtful:
            if not answered:
                row.update(status="unknown", resolves=None, retry_at=row["checked_at"])
                row["why"] += ", but no host at all answered: is the network there?"
            self._finished.put({name: row.get(name) for name in CHECK_COLUMNS})
