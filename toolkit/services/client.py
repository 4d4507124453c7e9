"""An HTTP client for the services: rate limits, retries, and a cache on disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from tqdm.auto import tqdm

from toolkit import __version__
from toolkit.errors import DataError, SourceError
from toolkit.files import cache_folder
from toolkit.linkcheck.safety import RefusedError
from toolkit.services.cache import read_cached, write_cached
from toolkit.services.connections import (
    Answer,
    Request,
    Watch,
    deadline,
    is_local,
    joined,
    origin_of,
    public_url,
    why_offline,
)
from toolkit.services.keys import Keys
from toolkit.services.pacing import heed_backoff, wait_turn
from toolkit.services.statuses import Again, check_status, refuse_bot_check

#: Seconds after which an answer must be complete, headers and redirects included.
DEADLINE = 120.0
MAX_BYTES = 64 << 20
#: Seconds that one request may wait in all, between its tries.
MAX_WAITS = 600.0
MAX_REDIRECTS = 5
_ATTEMPTS = 6
_OFFLINE_ATTEMPTS = 3
#: Bytes of an error that are read.
_MOST_OF_ERROR = 1 << 16


class Service:
    """A connection to one service, with its rate limit and its cache; a context manager.

    Parameters
    ----------
    name : str
        Its name in messages; the name of its folder in the cache follows from it.
    base_url : str
        Its address.
    variable : str
        An environment variable with another address.
    given : str, optional
        An address from the caller; it takes precedence over both.
    pause : float
        Least number of seconds between two requests. A server on this machine is asked without
        pauses.
    cache : path, optional
        Folder for the answers; `toolkit.files.cache_folder` by default.
    key_headers, key_params : mapping of str to str, optional
        What only the service itself may see, as headers or in the query. It is sent to no other
        host and stands in no message, log, cache or name of a file.
    key_hint : str
        What a user can do where the service refuses the key, or wants one.
    key_from : str
        Where the key comes from, empty without one.

    Attributes
    ----------
    notice : str
        One line that is written before the first request that the cache does not answer.
    kept : str
        What stays of a call that fails, for its message.
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
        key_headers: Mapping[str, str] | None = None,
        key_params: Mapping[str, str] | None = None,
        key_hint: str = "",
        key_from: str = "",
    ) -> None:
        self.name, self.notice, self.kept = name, "", "the answers so far are cached"
        self.key_from, self._key_hint = key_from, key_hint
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
        self.is_local = is_local(parts.hostname)
        self.pause = 0.0 if self.is_local else pause
        folder = name.lower().replace(" ", "-")
        self.folder = Path(cache).expanduser() / folder if cache else cache_folder(folder)
        self._client: httpx.Client | None = None
        self._watch = Watch()
        self._keys = Keys(key_headers, key_params)

    @property
    def has_key(self) -> bool:
        """Whether requests carry a key."""
        return bool(self.key_from)

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        check: Callable[[str], Any],
        max_age: dt.timedelta,
        body: str | None = None,
        edition: str = "",
    ) -> Any:
        """Return one answer, from the cache if it is there and not too old.

        Parameters
        ----------
        path : str
            The path after the service's address.
        params : mapping of str to str
            The query.
        check : callable
            Parses the text of an answer; raises `Again` if the answer is incomplete. Only answers
            that it accepts are cached.
        max_age : timedelta
            The greatest age of a cached answer.
        body : str, optional
            JSON that is sent along, in a POST request.
        edition : str
            What the answer is of (a version of a library); those of others are not taken.

        Raises
        ------
        SourceError
            The service cannot be reached, refuses, or gives no complete answer after all tries.
        NotThere
            The service does not have it.
        BadQuery
            It does not understand the request.
        """
        url = f"{self.address}{path}?{urlencode(sorted(params.items()))}"
        asked = " ".join(filter(None, (url, body, edition)))
        place = self.folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:40]}.json"
        cached = read_cached(place, asked, max_age)
        if cached is not None:
            try:
                return check(cached)
            except Again:
                pass
        answer, checked = self._fetch(Request(url, body), lambda answer: check(answer.text))
        write_cached(place, asked, answer.text)
        return checked

    def ask(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        check: Callable[[Answer], Any],
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        taken: tuple[int, ...] = (200,),
    ) -> Any:
        """Return what `check` makes of one answer, never from the cache.

        As `get`, with further headers, and other statuses than 200 that are wanted.
        """
        url = f"{self.address}{path}?{urlencode(sorted(params.items()))}"
        return self._fetch(Request(url, body, headers or {}, taken), check)[1]

    def _fetch(self, request: Request, check: Callable[[Answer], Any]) -> tuple[Answer, Any]:
        """Ask until there is a complete answer; waits are told in one line each."""
        if self.notice:
            tqdm.write(self.notice, file=sys.stderr)
            self.notice = ""
        waited, usual = 0.0, 0.01 if self.is_local else 2.0
        for tries in range(1, _ATTEMPTS + 1):
            try:
                answer = self._once(request)
                refuse_bot_check(answer.text, name=self.name)
                return answer, check(answer)
            except Again as error:
                again = error
            wait = again.wait if again.wait is not None else usual * (1 + random.random() / 2)
            usual, waited = 2 * usual, waited + wait
            most = _OFFLINE_ATTEMPTS if again.offline else _ATTEMPTS
            if tries >= most or waited > MAX_WAITS:
                break
            if wait >= 0.5:
                told = f"{self.name}: {again.why}; asking again in {wait:.0f} s"
                tqdm.write(f"{told} (try {tries + 1} of {most})", file=sys.stderr)
            time.sleep(wait)
        if again.offline:
            raise SourceError(
                f"{self.name} cannot be reached ({again.why}). Check the connection and repeat "
                f"the call: {self.kept}"
            )
        raise SourceError(
            f"{self.name} did not answer after {tries} tries ({again.why}). Repeat the call "
            f"later: {self.kept}{again.hint}"
        )

    def _once(self, request: Request) -> Answer:
        wait_turn(self.address, self.pause)
        watch, keys = self._watch, self._keys
        try:
            with deadline(DEADLINE, watch), keys.kept_out_of_logs():
                answer = self._follow(request)
                if watch.over:
                    # Without a length, the end of the connection would end the body.
                    raise Again(f"no complete answer within {DEADLINE:g} s")
                return answer
        except RefusedError as error:
            raise SourceError(f"{self.name} redirects to a bad address ({error})") from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            why = keys.hidden(str(error))
            raise SourceError(f"{self.name} redirects to a bad address ({why})") from None
        except httpx.HTTPError as error:
            why = keys.hidden(str(error)) or type(error).__name__
            if watch.over or isinstance(error, httpx.TimeoutException):
                raise Again(f"no complete answer within {DEADLINE:g} s") from None
            if isinstance(error, httpx.ConnectError):
                raise Again(why_offline(why), offline=True) from None
            raise Again(f"the connection was lost: {why}") from None

    def _follow(self, request: Request) -> Answer:
        """Return the answer at the end of the redirects, each of which is checked first."""
        url, body = request.url, request.body
        sent = {} if body is None else {"Content-Type": "application/json"}
        sent |= {**request.headers, **self._keys.headers}
        home = origin = origin_of(self.address)
        target = self._keys.added_to(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._watch.only_public = None if origin == home else origin[1]
            with self._open().stream(
                "GET" if body is None else "POST",
                target,
                content=body,
                headers=sent if origin == home else None,
                extensions={"trace": self._watch},
            ) as response:
                heed_backoff(response.headers.get("Backoff"), self.address, self.name)
                if not response.has_redirect_location:
                    if response.status_code not in request.taken:
                        self._refuse(response)
                    text = self._keys.hidden_in_answer(self._read_body(response))
                    return Answer(response.status_code, response.headers, text)
                if body is not None:
                    raise RefusedError("what was sent would go elsewhere")
                target = joined(target, response.headers["Location"])
            origin = origin_of(target)
            if origin != home:
                if self._keys.hidden(target) != target:
                    raise RefusedError("the key would go along")
                target = public_url(target)
                origin = origin_of(target)
        raise SourceError(f"{self.name} redirects in a circle: {self._keys.hidden(url)}")

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                timeout=httpx.Timeout(30.0, connect=10.0),
                follow_redirects=False,
                headers={"User-Agent": f"paperscope/{__version__} (research software)"},
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

    def _refuse(self, response: httpx.Response) -> None:
        """Raise what an answer calls for that is not the one asked for."""
        start = b""
        for part in response.iter_bytes():
            start += part
            if len(start) > _MOST_OF_ERROR:
                break
        check_status(
            response.status_code,
            response.headers,
            self._keys.hidden(start[:_MOST_OF_ERROR].decode("utf-8", "replace")),
            name=self.name,
            url=self._keys.hidden(str(response.url)),
            key_hint=self._key_hint,
        )

    def _read_body(self, response: httpx.Response) -> str:
        """Return the body of an answer, within `MAX_BYTES`."""
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise SourceError(f"{self.name} sent an answer of more than {MAX_BYTES >> 20} MB")
        try:
            return b"".join(parts).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Again("an answer that is not UTF-8") from error
