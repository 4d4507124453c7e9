"""What the HTTP status of a service's answer means, and what to do about it."""

from __future__ import annotations

import datetime as dt
import email.utils
import html
import json
import re
from collections.abc import Mapping
from typing import Any

from toolkit.errors import DataError, SourceError
from toolkit.text.escaping import one_line

#: The longest wait in seconds that a service may ask for; a longer one is an error that names it.
MAX_WAIT = 300.0
#: Longest part of a service's own words that is shown.
_MOST_WORDS = 300
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_ABOUT_KEYS = re.compile(r"\bapi[ _-]?key\b", re.IGNORECASE)
#: What services call the text of an error, the most telling first.
_WORDS = ("message", "error", "detail", "description", "title", "errors", "ERROR")
#: What pages say that let browsers in, not programs.
_BOT_CHECK = re.compile(
    r"not a bot|are you human|verify you are human|just a moment\.\.\.|captcha|within\.website",
    re.IGNORECASE,
)


class Again(Exception):
    """The request should be repeated, after `wait` seconds where the service named them."""

    def __init__(
        self, why: str, *, wait: float | None = None, offline: bool = False, hint: str = ""
    ) -> None:
        super().__init__(why)
        self.why, self.wait, self.offline, self.hint = why, wait, offline, hint


class NotThere(Exception):
    """The service does not have what was asked for (HTTP status 404)."""


class BadQuery(DataError):
    """The service does not understand the query (HTTP status 400, 414 or 422)."""


def check_status(
    code: int, headers: Mapping[str, str], body: str, *, name: str, url: str, key_hint: str = ""
) -> None:
    """Raise what the status of an answer calls for; return where it is 200.

    Parameters
    ----------
    code : int
        The status.
    headers : mapping of str to str
        Of the answer.
    body : str
        The beginning of the answer; the service's own words are taken from it.
    name, url : str
        The service, and what was asked, without keys.
    key_hint : str
        What to do where the service refuses the key, or wants one.

    Raises
    ------
    Again
        Too many requests, or a fault that may pass.
    NotThere
        Status 404.
    BadQuery
        The service does not understand the request.
    SourceError
        It refuses.
    """
    if code == 200:
        return
    refuse_bot_check(body, name=name)
    if code == 404:
        raise NotThere(url)
    said = words_of(body)
    told = f": {said}" if said else ""
    if code in (429, 503):
        wait = retry_after(headers.get("Retry-After"))
        if wait is None and headers.get("X-RateLimit-Remaining") == "0":
            wait = retry_after(headers.get("X-RateLimit-Reset"))  # of a day's allowance
        if wait is not None and wait > MAX_WAIT:
            raise SourceError(
                f"{name} asks to wait {_long(wait)}{told}. Repeat the call then: the answers so "
                f"far are cached{_with(key_hint)}"
            )
        if wait is not None:
            why, hint = f"it asked to wait {wait:.0f} s", _with(key_hint) if code == 429 else ""
            raise Again(why, wait=wait, hint=hint)
    if code == 429 or code >= 500:
        raise Again(f"HTTP status {code}{told}", hint=_with(key_hint) if code == 429 else "")
    if code == 400 and key_hint and _ABOUT_KEYS.search(said):
        raise SourceError(f"{name} refused the key{told}{_with(key_hint)}")
    if code in (400, 414, 422):
        raise BadQuery(
            f"{name} does not understand the request (HTTP status {code}){told}",
            hint="Correct the query or the ids",
        )
    raise SourceError(
        f"{name} refused {url} with HTTP status {code}{told}"
        + (_with(key_hint) if code in (401, 403) else "")
    )


def refuse_bot_check(text: str, *, name: str) -> None:
    """Raise a SourceError for a page that checks whether a browser asks, such as DBLP's."""
    start = text[:3000]
    if "<html" in start.lower() and _BOT_CHECK.search(start):
        raise SourceError(
            f"{name} answers with a check that only browsers pass ({words_of(start)[:60]!r}). Try "
            "later or from another network, or ask another service"
        )


def words_of(body: str) -> str:
    """Return what the body of an error says, in one line; empty where it says nothing.

    Examples
    --------
    >>> words_of('{"error": "Invalid filter", "message": "Unknown filter field: author_name"}')
    'Unknown filter field: author_name'
    >>> words_of('{"message": [{"type": "bad-date", "message": "no date: 2024-13"}]}')
    'no date: 2024-13'
    >>> words_of("<html><head><style>b{}</style></head><body><h1>Forbidden</h1></body></html>")
    'Forbidden'
    """
    try:
        said = _told(json.loads(body))
    except (ValueError, RecursionError):
        said = html.unescape(_TAG.sub(" ", body))
    said = one_line(said)
    return said if len(said) <= _MOST_WORDS else f"{said[:_MOST_WORDS]} …"


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(_told, value[:3])))
    if isinstance(value, Mapping):
        return next((said for one in _WORDS if one in value and (said := _told(value[one]))), "")
    return ""


def retry_after(value: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which has a number or a date."""
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


def _long(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 3 * 3600 else f"{seconds / 3600:.0f} hours"


def _with(hint: str) -> str:
    return f". {hint}" if hint else ""
