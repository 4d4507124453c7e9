"""A run of link checks: hosts in parallel, finished checks added to the log as they come."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import re
import threading
from collections import deque
from typing import Any

import httpx
from tqdm.auto import tqdm

from toolkit.errors import DataError
from toolkit.linkcheck.fetch import Fetcher
from toolkit.linkcheck.log import LinkLog
from toolkit.linkcheck.log_schema import CHECK_COLUMNS
from toolkit.linkcheck.probe import check_one, finish_one
from toolkit.linkcheck.rate_limits import rate_limit_key
from toolkit.linkcheck.safety import resolve

#: Requests to one host at the same time.
PER_HOST = 4


def check_all(
    due: list[str],
    left: dict[str, dict[str, Any]],
    log: LinkLog,
    settings: dict[str, Any],
    archive: bool,
    allow_private: bool,
    progress: bool,
) -> bool:
    """Check links in a thread with its own event loop, as a notebook's loop is running already.

    `left` holds the checks that lack only the archive's answer, by URL. Returns False if there is
    no network: links are then left as they were.
    """
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    run = _Run(due, left, settings, archive, allow_private, finished)
    thread = threading.Thread(target=run.work, name="check_links", daemon=True)
    thread.start()
    try:
        with tqdm(total=len(due), desc="links", unit="link", disable=not progress) as bar:
            while rows := _next_batch(finished):
                log.append(row for row in rows if row)
                bar.update(len(rows))
    except BaseException:
        run.stop()
        thread.join()
        with contextlib.suppress(DataError):  # a full disk: said already
            while rows := _next_batch(finished):
                log.append(row for row in rows if row)
        raise
    thread.join()
    if run.failure is not None:
        raise run.failure
    return run.network_is_there


def _next_batch(finished: queue.SimpleQueue[Any]) -> list[dict[str, Any]]:
    """Wait for finished checks and return them; an empty list after the last."""
    rows: list[dict[str, Any]] = []
    while True:
        try:
            # With a timeout, an interrupt is noticed on every system.
            row = finished.get(timeout=0.2) if not rows else finished.get_nowait()
        except queue.Empty:
            if rows:
                return rows
            continue
        if row is None:
            finished.put(None)
            return rows
        rows.append(row)


def _token() -> str | None:
    """Return the token of the environment; it never appears in a message."""
    token = os.environ.get("GITHUB_TOKEN", "").strip()
    # Libraries quote headers that they cannot send: the token would be in the log.
    if not re.fullmatch(r"[\w.~+/=-]{0,255}", token, re.ASCII):
        raise DataError(
            "the environment variable GITHUB_TOKEN holds no token",
            expected="up to 255 letters, digits and marks, in one word",
            hint="Set it again, or unset it: links can be checked without it",
        )
    return token or None


class _Run:
    """One run over the links that are due."""

    def __init__(
        self,
        due: list[str],
        left: dict[str, dict[str, Any]],
        settings: dict[str, Any],
        archive: bool,
        allow_private: bool,
        finished: queue.SimpleQueue[Any],
    ) -> None:
        self.failure: BaseException | None = None
        self.network_is_there = True
        self._due, self._left = due, left
        self._settings, self._archive = settings, archive
        self._allow_private, self._finished = allow_private, finished
        self._token = _token()
        self._unresolved: list[dict[str, Any]] = []
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
        """Cancel all running checks, from another thread."""
        self._stopped.set()
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended just now
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if self._stopped.is_set():
            return
        fetcher = Fetcher(
            **self._settings,
            allow_private=self._allow_private,
            resolver=resolve,
            verify=httpx.create_ssl_context(),
        )
        queues: dict[str, deque[str]] = {}
        for url in self._due:
            key = rate_limit_key(url if "://" in url else f"https://{url}")
            queues.setdefault(key, deque()).append(url)
        try:
            async with asyncio.TaskGroup() as group:
                for urls in queues.values():
                    for _ in range(min(PER_HOST, len(urls))):
                        group.create_task(self._check_queue(urls, fetcher))
            await self._decide_unresolved(fetcher)
        finally:
            await fetcher.close()

    async def _check_queue(self, urls: deque[str], fetcher: Any) -> None:
        """Check the links of one host, one after the other."""
        while urls and not fetcher.network.down:
            url = urls.popleft()
            if url in self._left:
                # Nothing is added to the log where the archive has not answered.
                self._finished.put(await finish_one(self._left[url], fetcher) or {})
                continue
            row = await check_one(url, fetcher, archive=self._archive, token=self._token)
            if row.pop("no_such_host", False):
                self._unresolved.append(row)
            elif not fetcher.network.down or row["state"] != "unknown":
                self._finished.put({name: row.get(name) for name in CHECK_COLUMNS})

    async def _decide_unresolved(self, fetcher: Fetcher) -> None:
        """Links whose host does not exist are gone, if the network works."""
        network = fetcher.network
        if network.down or (self._unresolved and not await network.is_there()):
            self.network_is_there = False
            return
        for row in self._unresolved:
            self._finished.put({name: row.get(name) for name in CHECK_COLUMNS})
