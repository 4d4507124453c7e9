"""Questions to a language model behind an OpenAI-compatible address (``/v1/chat/completions``)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from tqdm.auto import tqdm

from toolkit import __version__
from toolkit.errors import DataError, SourceError, check_positive, check_whole, shorten
from toolkit.files import cache_folder
from toolkit.services.cache import read_cached, write_cached
from toolkit.services.connections import deadline, is_local
from toolkit.services.statuses import Again, retry_after

#: Seconds between the tries, where the service names no time.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)
#: The longest wait in seconds that a service may ask for.
LONGEST_WAIT = 120.0
#: The largest answer that is read.
MOST_BYTES = 4 << 20
_KEPT = dt.timedelta(days=3650)
_PATH = "/chat/completions"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True)
class ChatEndpoint:
    """A language model that answers questions: call it with a prompt, and it returns the text.

    Speaks the chat completions of the OpenAI API, which Ollama, vLLM, llama.cpp's server and most
    hosted services have too. Answers are cached on disk, by address, model, settings and prompt.

    Parameters
    ----------
    base_url : str
        Up to and with ``/v1``. Any host that you name is asked, this machine and private networks
        included; redirects are not followed, so that the key goes nowhere else.
    model : str
        Its name there.
    key_env : str, optional
        The environment variable that holds the key. It is read for each question, sent to this
        address alone, and stands in no error, cache or settings.
    temperature : float or None
        None leaves it out of the request: some models accept none.
    max_tokens : int or None
        The longest answer, the thinking of models that think included; None leaves it out.
    timeout : float
        Seconds in which an answer must be complete.
    cache : path, optional
        Folder for the answers; `toolkit.files.cache_folder` by default.

    Raises
    ------
    DataError
        A bad address, one with a user, password or query in it, no such environment variable, or
        a key that cannot be sent.
    SourceError
        On a call: the service cannot be reached, refuses, or gives no usable answer after six
        tries. Waits between them are at most two minutes each and are told in one line.

    Examples
    --------
    >>> ask = ChatEndpoint("http://localhost:11434/v1", "llama3.1")
    >>> ask.name
    'llama3.1 at http://localhost:11434/v1'
    >>> ask("Name the topic of …")  # doctest: +SKIP
    'Sleep medicine'
    """

    base_url: str
    model: str
    key_env: str | None = None
    temperature: float | None = 0.0
    max_tokens: int | None = 2000
    timeout: float = 300.0
    cache: str | Path | None = None

    def __post_init__(self) -> None:
        address = self.base_url.strip() if isinstance(self.base_url, str) else ""
        address = address.rstrip("/").removesuffix(_PATH)
        try:
            parts = urlsplit(address)
            host, _ = parts.hostname, parts.port
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not host:
            raise DataError(
                "not the address of a language model",
                argument="base_url",
                expected="http://localhost:11434/v1, say",
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            # Not shown: what stands there may be a key.
            raise DataError(
                "an address with a user, a password, a query or a fragment",
                argument="base_url",
                expected=f"{parts.scheme}://{host}{parts.path}",
                hint="Put the key into an environment variable and give its name as key_env",
            )
        if not isinstance(self.model, str) or not self.model.strip():
            raise DataError("not a model's name", argument="model", found=self.model)
        if self.key_env is not None and not re.fullmatch(r"[A-Za-z_]\w*", str(self.key_env)):
            # Not shown: it may be the key itself.
            raise DataError(
                "not the name of an environment variable",
                argument="key_env",
                expected="'OPENAI_API_KEY', say, never the key itself",
            )
        check_positive(self.timeout, "timeout")
        if self.max_tokens is not None:
            check_whole(self.max_tokens, "max_tokens", least=1)
        object.__setattr__(self, "base_url", address)

    @property
    def name(self) -> str:
        """The model and its address, in words."""
        return f"{self.model} at {self.base_url}"

    def __call__(self, prompt: str) -> str:
        """Return the model's answer to a prompt; an answer from the cache costs nothing."""
        key = self._key()
        settings = {"temperature": self.temperature, "max_tokens": self.max_tokens}
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            **{name: value for name, value in settings.items() if value is not None},
        }
        asked = f"{self.base_url}{_PATH} {json.dumps(body, sort_keys=True)}"
        folder = Path(self.cache).expanduser() if self.cache else cache_folder("chat")
        place = folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:40]}.json"
        known = read_cached(place, asked, _KEPT)
        if known is not None:
            return known
        text = self._with_retries(json.dumps(body).encode(), key)
        if text.strip():
            write_cached(place, asked, text)
        return text

    def _key(self) -> str | None:
        if self.key_env is None:
            return None
        key = os.environ.get(self.key_env, "").strip()
        if not key or not (key.isascii() and key.isprintable()) or " " in key:
            raise DataError(
                f"the environment variable {self.key_env} holds no key that can be sent",
                argument="key_env",
                expected="a key without spaces",
                hint=f"Set it before Python starts: export {self.key_env}=…",
            )
        return key

    def _with_retries(self, body: bytes, key: str | None) -> str:
        for tried, usual in enumerate((*WAITS, None), start=1):
            try:
                return self._once(body, key)
            except Again as again:
                if usual is None:
                    raise SourceError(
                        f"{self.name} did not answer after {tried} tries ({again.why}). Repeat "
                        "the call later: the answers so far are cached"
                    ) from None
                wait = usual if again.wait is None else again.wait
                if wait > LONGEST_WAIT:
                    raise SourceError(
                        f"{self.name} asks to wait {wait / 60:.0f} minutes. Repeat the call then: "
                        "the answers so far are cached"
                    ) from None
                told = f"{self.name}: {again.why}; asking again in {wait:.3g} s"
                tqdm.write(f"{told} ({tried} of {len(WAITS) + 1} tries)", file=sys.stderr)
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, body: bytes, key: str | None) -> str:
        headers = {
            "User-Agent": f"paperscope/{__version__} (research software)",
            "Content-Type": "application/json",
        }
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        local = is_local(urlsplit(self.base_url).hostname or "")
        # A server on this machine is never behind a proxy.
        client = httpx.Client(timeout=self.timeout, trust_env=not local, follow_redirects=False)
        with client, deadline(self.timeout) as watch:
            try:
                with client.stream(
                    "POST",
                    f"{self.base_url}{_PATH}",
                    content=body,
                    headers=headers,
                    extensions={"trace": watch},
                ) as response:
                    text = _read(response)
                    if watch.over:
                        # Without a length, the end of the connection would end the body.
                        raise Again(f"no complete answer within {self.timeout:g} s")
                    self._check_status(response, _shown(text, key))
            except httpx.HTTPError as error:
                if watch.over or isinstance(error, httpx.TimeoutException):
                    raise Again(f"no complete answer within {self.timeout:g} s") from None
                if isinstance(error, httpx.ConnectError):
                    raise Again(f"no connection{_shown(str(error), key)}") from None
                raise Again(f"the connection failed: {type(error).__name__}") from None
        return self._content(text, key)

    def _check_status(self, response: httpx.Response, said: str) -> None:
        code = response.status_code
        if code == 200:
            return
        if response.is_redirect or 300 <= code < 400:
            target = urlsplit(response.headers.get("Location", "")).hostname
            raise SourceError(
                f"{self.name} redirects{f' to {shorten(target)}' if target else ''}, which is not "
                "followed: the key would go along. Give the address of the service itself"
            )
        if code in (401, 403):
            hint = f"Check the key in {self.key_env}" if self.key_env else "Give key_env="
            raise SourceError(f"{self.name} refused (HTTP status {code}{said}). {hint}")
        if code == 404:
            raise SourceError(
                f"{self.name}: no such model or address (HTTP status 404{said}). The address "
                "ends in /v1 for most services; Ollama: `ollama pull` the model first"
            )
        if "insufficient_quota" not in said and (code in (408, 409, 425, 429) or code >= 500):
            raise Again(
                f"HTTP status {code}{said}", wait=retry_after(response.headers.get("Retry-After"))
            )
        raise SourceError(
            f"{self.name} refused the question (HTTP status {code}{said}). temperature=None or "
            "max_tokens=None leave out what a model does not accept"
        )

    def _content(self, text: str, key: str | None) -> str:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise Again("the answer is not JSON, or incomplete") from None
        if isinstance(answer, Mapping) and answer.get("error"):
            raise SourceError(f"{self.name} answered with an error{_shown(text, key)}")
        try:
            content = answer["choices"][0]["message"]["content"]
        except (LookupError, TypeError):
            raise Again("the answer has no choices[0].message.content") from None
        if isinstance(content, list):
            content = "".join(str(p.get("text", "")) for p in content if isinstance(p, Mapping))
        said = "" if content is None else str(content)
        return said.replace(key, "[key]") if key else said


def _read(response: httpx.Response) -> str:
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise SourceError(f"an answer of more than {MOST_BYTES >> 20} MB, which is not read")
    return b"".join(parts).decode("utf-8", "replace")


def _shown(text: str, key: str | None) -> str:
    """Return the words of an error for a message: one short line, never the key."""
    with suppress(ValueError, RecursionError, LookupError, TypeError, AttributeError):
        error = json.loads(text)["error"]
        text = error if isinstance(error, str) else f"{error.get('code')}: {error['message']}"
    text = _CONTROL.sub(" ", text.replace(key, "[key]") if key else text).strip()
    return f": {shorten(text, 160)}" if text else ""
