"""When a host may be asked: its own pace, and what it asks for (Retry-After, a used-up quota)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import pandas as pd

#: Seconds of waiting, asked for by a host, that a run sits out; longer ones are left to the next.
PATIENCE = 30.0
#: Seconds; nobody is left alone for longer, whatever he asks for.
_LONGEST = 7 * 86_400.0
#: Families of hosts that one machine serves; they share one pace.
_FAMILIES = (".github.io", ".gitlab.io", ".hf.space", ".readthedocs.io", ".vercel.app")


@dataclass(frozen=True)
class Answer:
    """What a host answered at the end of the redirects."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes = b""
    note: str = ""


@dataclass
class Pace:
    """When a host may be asked next."""

    next_turn: float = 0.0
    closed_until: pd.Timestamp | None = None
    why: str = ""

    def hold(self, wait: float, why: str) -> None:
        """Ask a host nothing for a while; for a long one, not again in this run."""
        self.next_turn = max(self.next_turn, asyncio.get_running_loop().time() + wait)
        if wait > PATIENCE:
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


def pace_of(url: str) -> str:
    """Return the name under which a URL's host is paced.

    Examples
    --------
    >>> pace_of("https://lantern.github.io/oak"), pace_of("https://example.org/")
    ('github.io', 'example.org')
    """
    host = host_of(url)
    return next((family[1:] for family in _FAMILIES if host.endswith(family)), host)


def asked_to_wait(answer: Answer) -> float | None:
    """Return the seconds that a host asks to be left alone, if it does.

    Retry-After (RFC 9110, 10.2.3) holds seconds or a date; GitHub and Software Heritage tell the
    end of a used-up quota in X-RateLimit-Reset, and send 403 with it or a last 200.
    """
    if answer.headers.get("x-ratelimit-remaining", "").strip() == "0":
        try:
            reset = pd.Timestamp(int(answer.headers["x-ratelimit-reset"]), unit="s")
            return min(max(float((reset - now()).total_seconds()), 1.0), _LONGEST)
        except (KeyError, ValueError, OverflowError):
            return 3600.0
    if answer.status not in (429, 503):
        return None
    asked = answer.headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,7}", asked):
        return min(max(float(asked), 0.1), _LONGEST)
    try:
        date = pd.Timestamp(parsedate_to_datetime(asked)).tz_convert("UTC").tz_localize(None)
        return min(max(float((date - now()).total_seconds()), 0.1), _LONGEST)
    except (ValueError, TypeError, OverflowError):
        return 60.0 if answer.status == 429 else None
