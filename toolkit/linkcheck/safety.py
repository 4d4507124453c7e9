"""Protection of link checks: only http and https, only to public addresses.

A link in a paper may point into the reader's own network: by an address, by a name that resolves
to one, or by a redirect. So the scheme, the port and the address are checked before anything is
sent, names are resolved here, every address is checked, and the connection goes to the checked
address: a name server that answers differently a moment later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpcore
import httpx

from toolkit.linkcheck.addresses import is_public, read_address

Resolver = Callable[[str, int], Awaitable[list[str]]]
MAX_URL = 2048
#: Idle connections kept open: enough for code hosts and the archive. The pool searches all of them
#: at each request; with 48 this took half of the time of a run.
_MAX_IDLE = 12


class RefusedError(Exception):
    """An address that must not be visited; the message says why."""


class NoSuchHostError(Exception):
    """A host name that no name server knows."""


def checked_url(url: str, *, allow_private: bool = False) -> str:
    """Return the URL as it is sent: with scheme and host, without fragment.

    Parameters
    ----------
    url : str
        As found; a missing scheme becomes https.
    allow_private : bool
        Whether addresses that are not public are allowed.

    Raises
    ------
    RefusedError
        A scheme other than http and https, a name and password in the URL, an odd port, an
        address that is not public, or no host at all.

    Examples
    --------
    >>> checked_url("github.com/lantern/oak#readme")
    'https://github.com/lantern/oak'
    """
    text = url.strip()
    if len(text) > MAX_URL:
        raise RefusedError(f"longer than {MAX_URL} characters")
    if any(ord(c) < 33 or ord(c) == 127 for c in text):
        raise RefusedError("blanks or control characters inside")
    if "://" not in text and not text.partition("/")[0].count(":"):
        text = f"https://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"not a URL ({error})") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise RefusedError(f"only http and https are visited, not {parts.scheme[:20]!r}")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("a name or password stands in the URL")
    host = _ascii_host((parts.hostname or "").rstrip("."))
    literal = read_address(host)
    if not host or (literal is None and "." not in host and not allow_private):
        raise RefusedError("no public host name")
    if port is not None and port not in (80, 443) and port < 1024:
        raise RefusedError(f"port {port} is not a web port")
    if literal is not None and not allow_private and not is_public(literal):
        raise RefusedError(f"{literal} is not a public address")
    name = host if literal is None else str(literal)
    name = f"[{name}]" if ":" in name else name
    netloc = name if port is None else f"{name}:{port}"
    clean = urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", parts.query, ""))
    try:
        sent_to = httpx.URL(clean).host  # httpx reads names by the newer of two standards
    except (httpx.InvalidURL, UnicodeError):
        sent_to = ""
    if not sent_to:
        raise RefusedError("a host name that cannot exist")
    return clean


def without_password(url: str) -> str:
    """Return a URL without name and password, for logs.

    Examples
    --------
    >>> without_password("https://me:secret@example.org/x")
    'https://…@example.org/x'
    """
    head, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    if "@" not in authority:
        return url
    return f"{head}{mark}…@{authority.rpartition('@')[2]}{slash}{path}"


class GuardedTransport(httpx.AsyncHTTPTransport):
    """An httpx transport that connects to checked addresses only.

    Parameters
    ----------
    allow_private : bool
        Whether addresses that are not public are allowed.
    trusted : iterable of (host, port)
        Servers that the caller named (for tests); their addresses are not checked.
    resolver : callable
        ``await resolver(host, port)`` gives the addresses of a name.
    verify : ssl.SSLContext
        How certificates are checked.
    connections : int
        Connections open at once, at most.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        trusted: Iterable[tuple[str, int]],
        resolver: Resolver,
        verify: ssl.SSLContext,
        connections: int,
    ) -> None:
        super().__init__(verify=verify)
        # httpx has no argument for httpcore's network backend. If another version keeps its pool
        # elsewhere, refuse to run: no request may be sent unchecked.
        if not isinstance(getattr(self, "_pool", None), httpcore.AsyncConnectionPool):
            raise RuntimeError(
                f"httpx {httpx.__version__} is not supported by the link checks; use httpx 0.28"
            )
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=connections,
            max_keepalive_connections=min(connections, _MAX_IDLE),
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(allow_private, frozenset(trusted), resolver),
        )


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    def __init__(
        self, allow_private: bool, trusted: frozenset[tuple[str, int]], resolver: Resolver
    ) -> None:
        self._allow_private, self._trusted, self._resolve = allow_private, trusted, resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        literal = read_address(host)
        addresses = [str(literal)] if literal else await self._resolve(host, port)
        if not self._allow_private and (host, port) not in self._trusted:
            for address in addresses:
                if not is_public(address):
                    raise RefusedError(f"{host} resolves to {address}, which is not public")
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or NoSuchHostError(host)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise RefusedError("Unix sockets are not visited")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host name, in the order the system prefers.

    Raises
    ------
    NoSuchHostError
        No name server knows the name.
    OSError
        The name servers could not be asked.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        unknown = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        if error.errno in unknown:
            raise NoSuchHostError(host) from None
        raise
    except UnicodeError:
        raise NoSuchHostError(host) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _ascii_host(host: str) -> str:
    """Return a host name as it is sent; full-width digits and the like become ASCII."""
    name = host
    if not host.isascii():
        folded = unicodedata.normalize("NFKC", host).replace("。", ".").lower()
        try:
            name = httpx.URL(f"https://{folded}/").raw_host.decode("ascii")
        except (httpx.InvalidURL, UnicodeError):
            name = ""
        if not name:
            raise RefusedError("a host name that cannot exist")
    if any(c in name for c in "<>\"'\\^`{|}%@/?#") or ".." in name or len(name) > 253:
        raise RefusedError("a host name that cannot exist")
    return name.lower()
