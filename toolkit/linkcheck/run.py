"""One run of link checks: hosts side by side, finished checks written down as they come."""

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
from toolkit.linkcheck.log import CHECK_COLUMNS, LinkLog
from toolkit.linkcheck.probe import check_one, finish_one
from toolkit.linkcheck.rate_limits import pace_of
from toolkit.linkcheck.safety import resolve

#: Requests to one host that may be under way at once.
PER_HOST = 4


def check_all(
    due: list[str],
    left: dict[str, dict[str, Any]],
    log: LinkLog,
    settings: dict[str, Any],
    archive: bool,
    allow_private: bool,
    progress: bool,
) -> None:
    """Check links in a thread with a loop of its own: in a notebook one is running already.

    `left` holds the checks that lack nothing but the archive's answer, by URL.
    """
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    run = _Run(due, left, settings, archive, allow_private, finished)
    thread = threading.Thread(target=run.work, name="check_links", daemon=True)
    thread.start()
    try:
        with tqdm(total=len(due), desc="links", unit="link", disable=not progress) as bar:
            while rows := _batch(finished):
                log.append(row for row in rows if row)
                bar.update(len(rows))
    except BaseException:
        run.stop()
        thread.join()
        while rows := _batch(finished):
            log.append(row for row in rows if row)
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


def _token() -> str | None:
    """Return the token of the environment; never let it into a message."""
    token = os.environ.get("GITHUB_TOKEN", "").strip()
    # Libraries quote a header that they cannot send, and the token would stand in the log.
    if not re.fullmatch(r"[\w.~+/=-]{0,255}", token, re.ASCII):
        raise DataError(
            "the environment variable GITHUB_TOKEN holds no token",
            expected="up to 255 letters, digits and marks, in one word",
            hint="Set it anew, or unset it: links are checked without, too",
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
        self._due, self._left = due, left
        self._settings, self._archive = settings, archive
        self._allow_private, self._finished = allow_private, finished
        self._token = _token()
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
        while line:
            url = line.popleft()
            if url in self._left:
                # Nothing new to be written down where the archive is still closed.
                self._finished.put(await finish_one(self._left[url], fetcher) or {})
                continue
            row = await check_one(url, fetcher, archive=self._archive, token=self._token)
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
