"""A polite client for the services papers come from: paced, retried, cached on disk."""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import ipaddress
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import stamina

from toolkit import __version__
from toolkit.errors import DataError, SourceError
from toolkit.services.cache import cache_folder, keep, read_kept

#: A whole answer must be there after so many seconds, however steadily it trickles.
DEADLINE = 120.0
MAX_BYTES = 64 << 20
#: Longer than this we do not wait in a notebook; the user is told when to come back.
MAX_WAIT = 300.0
_ATTEMPTS = 6
_OFFLINE_ATTEMPTS = 3
_last_request: dict[str, float] = {}
_pacing = threading.Lock()


class Again(Exception):
    """An answer that calls for another try, after `wait` seconds where the service named them."""

    def __init__(self, why: str, *, wait: float | None = None, offline: bool = False) -> None:
        super().__init__(why)
        self.why, self.wait, self.offline = why, wait, offline


class NotThere(Exception):
    """The service says that there is no such thing (404)."""


class Service:
    """One service: its address, its pace, its cache.

    Parameters
    ----------
    name : str
        How messages call it, and the folder of its cache.
    base_url : str
        Where it is.
    variable : str
        The environment variable that may say otherwise.
    given : str, optional
        An address given by the caller; goes before both.
    pause : float
        Seconds between two requests, at least; shorter ones are for servers of one's own.
    cache : path, optional
        Folder for answers; by default ``paper-toolkit`` in the user's cache folder.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        variable: str,
        given: str | None,
        pause: float,
        cache: str | Path | None,
    ) -> None:
        self.name = name
        address = (given or os.environ.get(variable) or base_url).rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DataError(
                "not the address of a service",
                argument="base_url",
                found=address,
                expected="https://…",
                hint=f"It may come from the environment variable {variable}",
            )
        self.address = address
        self.is_local = _is_local(parts.hostname)
        self.pause = 0.0 if self.is_local else pause
        self.folder = cache_folder(cache) / name.lower().replace(" ", "-")
        self._client: httpx.Client | None = None

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        check: Callable[[str], Any],
        max_age: dt.timedelta,
    ) -> Any:
        """Fetch one answer, from the cache where it is there and young enough.

        Parameters
        ----------
        path, params
            What to ask.
        check : callable
            Turns the text of an answer into what it says; raises `Again` for an answer that is
            broken off or no answer at all. Only what passes is kept in the cache.
        max_age : timedelta
            How old a kept answer may be.

        Raises
        ------
        SourceError
            Not reachable, refused, or broken again and again.
        NotThere
            The service has no such thing.
        """
        url = f"{self.address}{path}?{urlencode(sorted(params.items()))}"
        place = self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:40]}.json"
        kept = read_kept(place, url, max_age)
        if kept is not None:
            try:
                return check(kept)
            except Again:
                pass
        text, checked = self._fetch(url, check)
        keep(place, url, text)
        return checked

    def _fetch(self, url: str, check: Callable[[str], Any]) -> tuple[str, Any]:
        tries = 0

        def decide(error: Exception) -> bool | float:
            if not isinstance(error, Again) or (error.offline and tries >= _OFFLINE_ATTEMPTS):
                return False
            return error.wait if error.wait is not None else True

        start = 0.01 if self.is_local else 2.0
        try:
            for attempt in stamina.retry_context(
                on=decide,
                attempts=_ATTEMPTS,
                timeout=None,
                wait_initial=start,
                wait_max=30 * start,
                wait_jitter=start / 2,
            ):
                with attempt:
                    tries += 1
                    text = self._once(url)
                    return text, check(text)
        except Again as error:
            if error.offline:
                raise SourceError(
                    f"{self.name} cannot be reached ({error.why}). Check the connection and call "
                    "again: what was fetched is kept"
                ) from error
            raise SourceError(
                f"{self.name} did not answer after {tries} tries ({error.why}). Call again later: "
                "what was fetched is kept"
            ) from error
        raise AssertionError("a retry loop ends by return or error")

    def _once(self, url: str) -> str:
        self._wait_turn()
        try:
            with self._open().stream("GET", url) as response:
                self._check_status(response)
                return _read_body(response)
        except httpx.ConnectError as error:
            raise Again(str(error) or "no connection", offline=True) from error
        except httpx.TooManyRedirects as error:
            raise SourceError(f"{self.name} redirects in a circle: {url}") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise SourceError(f"{self.name} redirects to a bad address ({error})") from error
        except httpx.TimeoutException as error:
            raise Again(f"no answer in time: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise Again(f"the connection broke off: {error or type(error).__name__}") from error

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                timeout=httpx.Timeout(30.0, connect=10.0),
                follow_redirects=True,
                max_redirects=5,
                headers={"User-Agent": f"paper-toolkit/{__version__} (research; polite)"},
                # A server on this machine is never behind a proxy.
                trust_env=not self.is_local,
            )
        return self._client

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait_turn(self) -> None:
        host = urlsplit(self.address).netloc
        with _pacing:
            now = time.monotonic()
            turn = max(now, _last_request.get(host, -self.pause) + self.pause)
            _last_request[host] = turn
        if turn > now:
            time.sleep(turn - now)

    def _check_status(self, response: httpx.Response) -> None:
        code = response.status_code
        if code == 200:
            return
        if code == 404:
            raise NotThere(str(response.url))
        wait = _retry_after(response.headers.get("Retry-After"))
        if code in (429, 503) and wait is not None:
            if wait > MAX_WAIT:
                raise SourceError(
                    f"{self.name} asks to wait {wait / 60:.0f} minutes. Call again then: what was "
                    "fetched is kept"
                )
            raise Again(f"it asked to wait {wait:.0f} s", wait=wait)
        if code == 429 or code >= 500:
            raise Again(f"HTTP status {code}")
        raise SourceError(f"{self.name} refused {response.url} with HTTP status {code}")


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_body(response: httpx.Response) -> str:
    """Read a body within the deadline and the size; a steady trickle must not hold us up."""
    end = time.monotonic() + DEADLINE
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise SourceError(f"an answer of more than {MAX_BYTES >> 20} MB from {response.url}")
        if time.monotonic() > end:
            raise Again(f"not complete after {DEADLINE:.0f} s")
    try:
        return b"".join(parts).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Again("an answer that is not UTF-8") from error


def _retry_after(value: str | None) -> float | None:
    """Read a Retry-After header: seconds, or a date."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds())
