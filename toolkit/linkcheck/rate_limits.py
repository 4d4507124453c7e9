"""Rate limits of hosts: our own, and those that hosts ask for (Retry-After, used-up quotas)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import pandas as pd

#: Seconds that a run waits if a host asks for it; after a longer wait only a later run asks again.
MAX_WAIT = 30.0
#: Longest pause in seconds, whatever a host asks for.
_MAX_PAUSE = 7 * 86_400.0
#: Domains whose hosts are served together; they share one rate limit.
_SHARED_DOMAINS = (".github.io", ".gitlab.io", ".hf.space", ".readthedocs.io", ".vercel.app")


@dataclass(frozen=True)
class Answer:
    """The response at the end of the redirects."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes = b""
    note: str = ""


@dataclass
class RateLimit:
    """When a host may be asked next, in seconds of the event loop's clock."""

    next_request: float = 0.0
    closed_until: pd.Timestamp | None = None
    why: str = ""

    def pause(self, wait: float, why: str) -> None:
        """Send nothing for `wait` seconds; if that is long, nothing more in this run."""
        self.next_request = max(self.next_request, asyncio.get_running_loop().time() + wait)
        if wait > MAX_WAIT:
            self.closed_until, self.why = now() + pd.Timedelta(seconds=wait), why


def now() -> pd.Timestamp:
    """Return the time, UTC, without zone."""
    return pd.Timestamp.now("UTC").tz_localize(None)


def host_of(url: str) -> str:
    """Return the host of a URL, lower case, without ``www.``.

    Examples
    --------
    >>> host_of("https://www.GitHub.com/lantern/oak")
    'github.com'
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def rate_limit_key(url: str) -> str:
    """Return the name of the rate limit for a URL: its host, or the domain that shares one.

    Examples
    --------
    >>> rate_limit_key("https://lantern.github.io/oak"), rate_limit_key("https://example.org/")
    ('github.io', 'example.org')
    """
    host = host_of(url)
    return next((family[1:] for family in _SHARED_DOMAINS if host.endswith(family)), host)


def requested_wait(answer: Answer) -> float | None:
    """Return the seconds that a host asks to wait, or None.

    Retry-After (RFC 9110, 10.2.3) holds seconds or a date; GitHub and Software Heritage send the
    end of a used-up quota in X-RateLimit-Reset, with status 403 or with a last 200.
    """
    if answer.headers.get("x-ratelimit-remaining", "").strip() == "0":
        try:
            reset = pd.Timestamp(int(answer.headers["x-ratelimit-reset"]), unit="s")
            return min(max(float((reset - now()).total_seconds()), 1.0), _MAX_PAUSE)
        except (KeyError, ValueError, OverflowError):
            return 3600.0
    if answer.status not in (429, 503):
        return None
    asked = answer.headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,7}", asked):
        return min(max(float(asked), 0.1), _MAX_PAUSE)
    try:
        date = pd.Timestamp(parsedate_to_datetime(asked)).tz_convert("UTC").tz_localize(None)
        return min(max(float((date - now()).total_seconds()), 0.1), _MAX_PAUSE)
    except (ValueError, TypeError, OverflowError):
        return 60.0 if answer.status == 429 else None
