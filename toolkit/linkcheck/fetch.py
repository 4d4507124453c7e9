"""Fetching for link checks: polite, patient, bounded.

Each host has its own pace; what a host asks for (Retry-After, a used-up quota) is kept; redirects
are followed by hand so that each target is checked first; bodies are read up to a limit.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx
import pandas as pd

from toolkit import __version__
from toolkit.linkcheck.rate_limits import (
    PATIENCE,
    Answer,
    Pace,
    asked_to_wait,
    host_of,
    now,
    pace_of,
)
from toolkit.linkcheck.safety import GuardedTransport, RefusedError, Resolver, checked_url

MAX_REDIRECTS = 5
TRIES = 3
#: Seconds before the second try; twice that before the third.
BACKOFF = 0.5
CONNECTIONS = 48


class LaterError(Exception):
    """No verdict now: the host is slow, busy or in trouble; `retry_at` says when to ask again."""

    def __init__(self, why: str, *, retry_at: pd.Timestamp | None = None) -> None:
        super().__init__(why)
        self.retry_at = retry_at or now()


class BrokenError(Exception):
    """A link that no reader's browser could open either."""


@dataclass
class Fetcher:
    """Asks hosts, each at its own pace.

    Parameters
    ----------
    rate : float
        Requests a second to one host.
    timeout : float
        Seconds for one request, body included.
    services : mapping of str to str
        Base URLs that stand in for hosts; the key ``*`` stands for all others.
    """

    rate: float
    timeout: float
    allow_private: bool
    services: Mapping[str, str]
    resolver: Resolver
    verify: ssl.SSLContext
    _paces: dict[str, Pace] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the client."""
        trusted = {
            (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
            for parts in map(urlsplit, self.services.values())
        }
        self.answered = False
        self._busy = asyncio.Semaphore(CONNECTIONS)
        # The environment's proxies and .netrc are not used: a proxy would resolve names itself,
        # and a password has no business here. Nor are cookies kept.
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(
                allow_private=self.allow_private,
                trusted=trusted,
                resolver=self.resolver,
                verify=self.verify,
                connections=CONNECTIONS,
            ),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": f"paperscope/{__version__} (link check for research)",
                "Accept-Encoding": "gzip",
            },
            timeout=httpx.Timeout(self.timeout),
            trust_env=False,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(
        self, url: str, *, limit: int, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Fetch a URL, redirects followed, at most `limit` bytes of the body.

        Raises
        ------
        RefusedError, NoSuchHostError, BrokenError, LaterError
            See there.
        """
        origin = _origin(url)
        for _ in range(MAX_REDIRECTS + 1):
            url = checked_url(url, allow_private=self.allow_private)
            # Headers of ours (a token above all) never follow a redirect to another host, port or
            # scheme, and do not come back from there.
            headers = headers if _origin(url) == origin else None
            answer = await self._patiently(url, limit, headers)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            try:
                url = urljoin(url, target)
            except ValueError as error:
                raise RefusedError(f"redirected to what is no URL ({error})") from None
        raise BrokenError(f"more than {MAX_REDIRECTS} redirects")

    async def _patiently(self, url: str, limit: int, headers: Mapping[str, str] | None) -> Answer:
        """Ask up to three times, as far apart as the host wishes."""
        pace = self._paces.setdefault(pace_of(url), Pace())
        for attempt in range(TRIES):
            try:
                answer = await self._in_turn(pace, url, limit, headers)
            except LaterError:
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(BACKOFF * 2**attempt)
                continue
            self.answered = True
            throttled = answer.status in (403, 429, 503)
            wait, why = asked_to_wait(answer), f"HTTP {answer.status}"
            if wait is not None:
                why = f"{host_of(url)} asks to come back later ({why})"
                pace.hold(wait, why)
            if answer.status < 500 and not (wait is not None and throttled):
                return answer
            if attempt == TRIES - 1 or (wait or 0) > PATIENCE:
                raise LaterError(why, retry_at=pace.closed_until)
            if wait is None:
                await asyncio.sleep(BACKOFF * 2**attempt)
        raise AssertionError("unreachable")

    async def _in_turn(
        self, pace: Pace, url: str, limit: int, headers: Mapping[str, str] | None
    ) -> Answer:
        """Ask when it is this request's turn at its host and a connection is free."""
        loop = asyncio.get_running_loop()
        while True:
            if pace.closed_until is not None and now() < pace.closed_until:
                raise LaterError(pace.why, retry_at=pace.closed_until)
            if (wait := pace.next_turn - loop.time()) > 0:
                await asyncio.sleep(wait)
                continue
            async with self._busy:
                # While this request waited, another may have taken the turn, or the host may
                # have asked to be left alone: the turn is taken as the last thing before asking.
                if loop.time() >= pace.next_turn:
                    pace.next_turn = loop.time() + 1 / self.rate
                    return await self._once(url, limit, headers)

    async def _once(self, url: str, limit: int, headers: Mapping[str, str] | None) -> Answer:
        request = self._client.build_request("GET", self._wire(url), headers=headers)
        if self._wire(url) != url:
            request.headers["Host"] = urlsplit(url).netloc
        try:
            async with asyncio.timeout(self.timeout):
                response = await self._client.send(request, stream=True)
            try:
                body, note = await self._body(response, limit)
            finally:
                await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            raise LaterError(f"no answer within {self.timeout:g} s") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise RefusedError(f"not a URL ({error})") from None
        except (httpx.HTTPError, OSError) as error:
            if reason := _certificate_trouble(error):
                raise BrokenError(f"the certificate is not valid: {reason}") from None
            raise LaterError(f"the connection failed: {_short(error)}") from None
        return Answer(url, response.status_code, response.headers, body, note)

    async def _body(self, response: httpx.Response, limit: int) -> tuple[bytes, str]:
        """Read at most `limit` bytes, unpacked; a body that trickles is cut off, not waited for."""
        if limit == 0 or response.is_redirect:
            return b"", ""
        gzip = response.headers.get("content-encoding", "").lower() == "gzip"
        unpack = zlib.decompressobj(31) if gzip else None
        body, note = bytearray(), ""
        try:
            async with asyncio.timeout(self.timeout):
                async for chunk in response.aiter_raw():
                    body += unpack.decompress(chunk, limit) if unpack else chunk
                    if len(body) >= limit:
                        note = f"page cut off after {limit} bytes"
                        break
        except (TimeoutError, httpx.HTTPError, OSError, zlib.error):
            note = "page broke off"
        return bytes(body[:limit]), note

    def _wire(self, url: str) -> str:
        """Return where the request for `url` really goes."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not host.replace(".", "").isdigit() and ":" not in host:
            rest = parts.path + (f"?{parts.query}" if parts.query else "")
            if base := self.services.get(host):
                return base.rstrip("/") + rest
            if base := self.services.get("*"):
                return f"{base.rstrip('/')}/{host}{rest}"
        return url


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _certificate_trouble(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return str(getattr(error, "verify_message", "") or error.reason or error)[:120]
        error = error.__cause__ or error.__context__
    return None


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]
