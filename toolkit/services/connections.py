"""Requests and their connections: when they end, and whom they may lead to.

The time-outs of httpx are for each read alone: a server that sends a byte of a header or of the
body now and then would never reach them. So the sockets of a request are noted, as httpx's trace
extension tells them, and shut down when its time is over.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from toolkit.linkcheck.addresses import is_public
from toolkit.linkcheck.safety import RefusedError, checked_url

#: What systems say where no name of a host can be looked up.
_NO_NAMES = re.compile("name or service not known|name resolution|nodename|getaddrinfo", re.I)


def why_offline(said: str) -> str:
    """Return why a host cannot be reached, in plain words where its name is not found.

    Examples
    --------
    >>> why_offline("[Errno -2] Name or service not known"), why_offline("Connection refused")
    ('no internet connection', 'Connection refused')
    """
    return "no internet connection" if _NO_NAMES.search(said) else said


@dataclass(frozen=True)
class Request:
    """A request: GET, or POST with a body; answers with one of the statuses `taken` are wanted."""

    url: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Answer:
    """The answer to a request; headers by name, in any case."""

    status: int
    headers: Mapping[str, str]
    text: str


class Watch:
    """The connections of a client; give it to httpx as the extension ``trace``.

    Attributes
    ----------
    over : bool
        Whether the time of the newest request ran out.
    only_public : str or None
        A host that may only be at public addresses; a connection to it that leads elsewhere is
        closed before anything is sent. Proxies, which have other names, are the user's choice.
    """

    def __init__(self) -> None:
        self.over, self.only_public = False, None
        self._sockets: list[Any] = []
        self._asked: Any = None

    only_public: str | None

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Note a connection when it is open."""
        if event.endswith("connect_tcp.started"):
            self._asked = info.get("host")
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        stream: Any = info.get("return_value")
        told = getattr(stream, "get_extra_info", lambda _: None)
        self._sockets = [one for one in self._sockets if one is not None and one.fileno() >= 0]
        self._sockets.append(told("socket"))
        if self.only_public is not None and self._asked == self.only_public:
            address = str((told("server_addr") or ("?",))[0])
            if not is_public(address):
                stream.close()  # httpx does not know of it yet
                raise RefusedError(f"{self.only_public} is at {address}, which is not public")

    def end(self) -> None:
        """Shut all connections down; whoever reads from one gets an error or the end."""
        for one in self._sockets:
            with suppress(OSError, AttributeError):
                one.shutdown(2)


@contextmanager
def deadline(seconds: float, watch: Watch | None = None) -> Iterator[Watch]:
    """End the connections of a request after so many seconds; `over` tells that it happened."""
    watch = watch or Watch()
    watch.over = False

    def end() -> None:
        watch.over = True
        watch.end()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


def origin_of(url: str) -> tuple[str, str, int]:
    """Return the scheme, host and port of a URL."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


def joined(url: str, target: str) -> str:
    """Return where a redirect leads; raise a `RefusedError` if that is no URL."""
    try:
        joined = urljoin(url, target)
        origin_of(joined)
    except ValueError:
        raise RefusedError("not a URL") from None
    return joined


def public_url(url: str) -> str:
    """Return the target of a redirect to another host; raise unless that is a public one."""
    url = checked_url(url)
    _, host, port = origin_of(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return url  # behind a proxy, names may not resolve here
    for entry in found:
        if not is_public(address := str(entry[4][0])):
            raise RefusedError(f"{host} is at {address}, which is not public")
    return url


def is_local(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
