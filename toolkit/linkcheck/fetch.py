"""HTTP requests of link checks, with rate limits, retries and size limits.

Each host has its own rate limit, and Retry-After and used-up quotas are obeyed; redirects are
followed one by one so that each target is checked first; bodies are read up to a limit.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx
import pandas as pd
from tqdm.auto import tqdm

from toolkit import __version__
from toolkit.linkcheck.network import Network
from toolkit.linkcheck.rate_limits import (
    MAX_WAIT,
    Answer,
    RateLimit,
    host_of,
    now,
    rate_limit_key,
    requested_wait,
)
from toolkit.linkcheck.safety import (
    GuardedTransport,
    NoSuchHostError,
    RefusedError,
    Resolver,
    checked_url,
)

MAX_REDIRECTS = 5
MAX_ATTEMPTS = 3
#: Seconds before the second try; twice that before the third.
BACKOFF = 0.5
CONNECTIONS = 48


class RetryLaterError(Exception):
    """The host is slow, busy or failing: no decision now; `retry_at` is when to try again."""

    def __init__(self, why: str, *, retry_at: pd.Timestamp | None = None) -> None:
        super().__init__(why)
        self.retry_at = retry_at or now()


class BrokenLinkError(Exception):
    """A link that no browser could open."""


@dataclass
class Fetcher:
    """Client that sends requests, with a rate limit for each host.

    Parameters
    ----------
    rate : float
        Requests a second to one host.
    timeout : float
        Seconds for one request, headers and body included.
    services : mapping of str to str
        Base URLs used in place of hosts; the key ``*`` is for all others.
    """

    rate: float
    timeout: float
    allow_private: bool
    services: Mapping[str, str]
    resolver: Resolver
    verify: ssl.SSLContext
    _limits: dict[str, RateLimit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the client."""
        trusted = {
            (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
            for parts in map(urlsplit, self.services.values())
        }
        self.network = Network(self.resolver)
        self._told: dict[str, float] = {}
        self._slots = asyncio.Semaphore(CONNECTIONS)
        # No proxies of the environment, which would resolve names themselves, no passwords of
        # .netrc, and no cookies.
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
        RefusedError, NoSuchHostError, BrokenLinkError, RetryLaterError
            As described at each.
        """
        origin = _origin(url)
        for _ in range(MAX_REDIRECTS + 1):
            url = checked_url(url, allow_private=self.allow_private)
            # Our headers (such as a token) are not sent to another host, port or scheme, nor
            # again after a redirect back from there.
            headers = headers if _origin(url) == origin else None
            answer = await self._with_retries(url, limit, headers)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            try:
                url = urljoin(url, target)
            except ValueError as error:
                raise RefusedError(f"redirected to an invalid URL ({error})") from None
        raise BrokenLinkError(f"more than {MAX_REDIRECTS} redirects")

    async def _with_retries(
        self, url: str, limit: int, headers: Mapping[str, str] | None
    ) -> Answer:
        """Try up to three times, waiting as long as the host asks."""
        limiter = self._limits.setdefault(rate_limit_key(url), RateLimit())
        for attempt in range(MAX_ATTEMPTS):
            try:
                answer = await self._rate_limited(limiter, url, limit, headers)
            except RetryLaterError:
                if attempt == MAX_ATTEMPTS - 1 or self.network.down:
                    raise
                await asyncio.sleep(BACKOFF * 2**attempt)
                continue
            self.network.answered = True
            throttled = answer.status in (403, 429, 503)
            wait, why = requested_wait(answer), f"HTTP {answer.status}"
            if wait is not None:
                why = f"{host_of(url)} asks to come back later ({why})"
                limiter.pause(wait, why)
                self._tell(rate_limit_key(url), wait, answer.status)
            if answer.status < 500 and not (wait is not None and throttled):
                return answer
            if attempt == MAX_ATTEMPTS - 1 or (wait or 0) > MAX_WAIT:
                raise RetryLaterError(why, retry_at=limiter.closed_until)
            if wait is None:
                await asyncio.sleep(BACKOFF * 2**attempt)
        raise AssertionError("unreachable")

    def _tell(self, host: str, wait: float, status: int) -> None:
        """Say in one line what is waited for, once for each pause of a host."""
        until = asyncio.get_running_loop().time() + wait
        if wait < 1 or until < self._told.get(host, 0.0) + 1:
            return
        self._told[host] = until
        asked = f"{host} asks to wait {_duration(wait)} (HTTP {status})"
        rest = "its links wait" if wait <= MAX_WAIT else "its other links are left to a later call"
        tqdm.write(f"{asked}: {rest}", file=sys.stderr)

    async def _rate_limited(
        self, limiter: RateLimit, url: str, limit: int, headers: Mapping[str, str] | None
    ) -> Answer:
        """Send when the host's rate limit allows it and a connection is free."""
        loop = asyncio.get_running_loop()
        while True:
            if limiter.closed_until is not None and now() < limiter.closed_until:
                raise RetryLaterError(limiter.why, retry_at=limiter.closed_until)
            if (wait := limiter.next_request - loop.time()) > 0:
                await asyncio.sleep(wait)
                continue
            async with self._slots:
                if self.network.down:
                    raise RetryLaterError("no network")
                # While this request waited, another may have been sent, or the host may have
                # asked for a pause: so the limit is checked again just before sending.
                if loop.time() >= limiter.next_request:
                    limiter.next_request = loop.time() + 1 / self.rate
                    return await self._send(url, limit, headers)

    async def _send(self, url: str, limit: int, headers: Mapping[str, str] | None) -> Answer:
        request = self._client.build_request("GET", self._request_url(url), headers=headers)
        if self._request_url(url) != url:
            request.headers["Host"] = urlsplit(url).netloc
        end = asyncio.get_running_loop().time() + self.timeout
        try:
            # The time-outs of httpx are for each read alone, and headers may trickle for ever.
            async with asyncio.timeout_at(end):
                response = await self._client.send(request, stream=True)
            try:
                body, note = await self._read_body(response, limit, end)
            finally:
                await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            raise RetryLaterError(f"no answer within {self.timeout:g} s") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise RefusedError(f"not a URL ({error})") from None
        except NoSuchHostError as error:
            await self.network.failed(host_of(url), error)
            raise
        except (httpx.HTTPError, OSError) as error:
            await self.network.failed(host_of(url), error)
            if reason := _certificate_error(error):
                raise BrokenLinkError(f"the certificate is not valid: {reason}") from None
            raise RetryLaterError(f"the connection failed: {_short(error)}") from None
        return Answer(url, response.status_code, response.headers, body, note)

    async def _read_body(
        self, response: httpx.Response, limit: int, end: float
    ) -> tuple[bytes, str]:
        """Return at most `limit` bytes, unpacked, of what arrives in time, and a note."""
        if limit == 0 or response.is_redirect:
            return b"", ""
        gzip = response.headers.get("content-encoding", "").lower() == "gzip"
        unpack = zlib.decompressobj(31) if gzip else None
        body, note = bytearray(), ""
        try:
            async with asyncio.timeout_at(end):
                async for chunk in response.aiter_raw():
                    body += unpack.decompress(chunk, limit) if unpack else chunk
                    if len(body) >= limit:
                        note = f"page cut off after {limit} bytes"
                        break
        except (TimeoutError, httpx.HTTPError, OSError, zlib.error):
            note = "page broke off"
        return bytes(body[:limit]), note

    def _request_url(self, url: str) -> str:
        """Return the URL to send the request to, which `services` may change."""
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


def _certificate_error(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return str(getattr(error, "verify_message", "") or error.reason or error)[:120]
        error = error.__cause__ or error.__context__
    return None


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]
