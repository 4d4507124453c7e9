"""What a link check may connect to: http and https, at public addresses, and nothing else.

A link out of a paper is somebody else's text. It may point into the reader's own network, by a
literal address, by a name that resolves to one, or by a redirect. So the scheme, the port and
the literal address are checked before anything is sent, the name is resolved here, every address
is checked, and the connection goes to the checked address itself: a name server that answers
differently a moment later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpcore
import httpx

Resolver = Callable[[str, int], Awaitable[list[str]]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: The one IPv6 prefix outside the global ones that may lead there: an IPv4 address that a gateway
#: unwraps (RFC 6052). Its local sibling (RFC 8215), site-local and compatible addresses may not.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL = ipaddress.IPv6Network("2000::/3")
#: Not public, whatever the Python at hand says of them: anycast addresses that the nearest router
#: answers, relays long switched off, and the later documentation prefix (RFC 9637).
_UNSURE = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),
    ipaddress.IPv6Network("3fff::/20"),
)
MAX_URL = 2048
#: Idle connections kept open: enough for the hosts of code and the archive. The pool looks through
#: all of them at each request, which for 48 took half of the time of a run.
_KEPT = 12


class RefusedError(Exception):
    """An address that must not be visited; the message says why."""


class NoSuchHostError(Exception):
    """A host name that no name server knows."""


def checked_url(url: str, *, allow_private: bool = False) -> str:
    """Return the URL as it may be sent: with scheme and host, without fragment.

    Parameters
    ----------
    url : str
        As found; a missing scheme becomes https.
    allow_private : bool
        Let addresses pass that are not public.

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
    literal = _literal(host)
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
    """Return a URL fit to be written down: name and password taken out.

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


def is_public(address: str | _Address) -> bool:
    """Say whether an address belongs to the public internet, whatever it is wrapped in.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("::ffff:10.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    number = ipaddress.ip_address(address) if isinstance(address, str) else address
    if isinstance(number, ipaddress.IPv4Address):
        return number.is_global and not number.is_multicast and not _among(number, _UNSURE)
    if number.ipv4_mapped is not None:
        return is_public(number.ipv4_mapped)
    if number in _NAT64:
        return is_public(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
    if number.sixtofour is not None and not is_public(number.sixtofour):
        return False
    return (
        number in _GLOBAL
        and number.is_global
        and number.scope_id is None
        and not _among(number, _UNSURE)
    )


def _among(number: _Address, networks: Iterable[_Network]) -> bool:
    return any(number in network for network in networks)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """An httpx transport that connects to checked addresses only.

    Parameters
    ----------
    allow_private : bool
        Let addresses pass that are not public.
    trusted : iterable of (host, port)
        Places the caller named (a stand-in server); their addresses are not checked.
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
        # httpx has no argument for httpcore's network backend. Should another version keep its
        # pool elsewhere, no request may leave unguarded.
        if not isinstance(getattr(self, "_pool", None), httpcore.AsyncConnectionPool):
            raise RuntimeError(
                f"httpx {httpx.__version__} is not known to the link checker; use httpx 0.28"
            )
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=connections,
            max_keepalive_connections=min(connections, _KEPT),
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
        literal = _literal(host)
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
        raise RefusedError("sockets of this machine are not visited")

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


def _literal(host: str) -> _Address | None:
    """Read a host as an address, also in the short, octal and hexadecimal spellings."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if host and host[-1] in "0123456789abcdefABCDEFxX" and host[0].isdigit():
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None


def _ascii_host(host: str) -> str:
    """Return a host name as it is sent; full-width digits and the like are folded here."""
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
