"""Which IP addresses are public: the same answer under every version of Python.

The standard library's `is_global` changes with the version of Python, so the networks are listed
here: those that IANA's special-purpose address registries do not call globally reachable (IPv4:
https://www.iana.org/assignments/iana-ipv4-special-registry, IPv6:
https://www.iana.org/assignments/iana-ipv6-special-registry), with multicast (RFC 5771) and what
is deprecated. This module needs the standard library alone.
"""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "10.0.0.0/8",  # private use (RFC 1918)
            "100.64.0.0/10",  # shared address space (RFC 6598)
            "127.0.0.0/8",  # loopback (RFC 1122)
            "169.254.0.0/16",  # link local (RFC 3927)
            "172.16.0.0/12",  # private use (RFC 1918)
            "192.0.0.0/24",  # protocol assignments (RFC 6890), with the anycast ones in it
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",  # private use (RFC 1918)
            "198.18.0.0/15",  # benchmarking (RFC 2544)
            "198.51.100.0/24",  # documentation (RFC 5737)
            "203.0.113.0/24",  # documentation (RFC 5737)
            "224.0.0.0/4",  # multicast (RFC 5771)
            "240.0.0.0/4",  # reserved, limited broadcast (RFC 1112, RFC 8190)
        ),
    )
)
#: All that IANA has given out as global unicast. Loopback, unique local, link local, site local,
#: discard-only, dummy, SRv6 and multicast addresses are outside it.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments (RFC 2928): Teredo, benchmarking, ORCHID, anycast
            "2001:db8::/32",  # documentation (RFC 3849)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
#: IPv6 networks with an IPv4 address in them, and the number of bits after that address.
_EMBEDDED_V4 = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped (RFC 4291)
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052)
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056)
)


def is_public(address: str | Address) -> bool:
    """Return whether an address is on the public internet; embedded IPv4 addresses decide.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("::ffff:10.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    number = ipaddress.ip_address(address) if isinstance(address, str) else address
    if isinstance(number, ipaddress.IPv4Address):
        return not any(number in network for network in _NOT_PUBLIC_V4)
    if number.scope_id is not None:
        return False
    for network, bits in _EMBEDDED_V4:
        if number in network:
            return is_public(ipaddress.IPv4Address(int(number) >> bits & 0xFFFFFFFF))
    return number in _GLOBAL_V6 and not any(number in network for network in _NOT_PUBLIC_V6)


def read_address(host: str) -> Address | None:
    """Return the address that a host is, also in short, octal or hexadecimal form; else None.

    An IPv4 address mapped into IPv6 is returned as IPv4.

    Examples
    --------
    >>> read_address("0x7f.1"), read_address("::ffff:8.8.8.8"), read_address("example.org")
    (IPv4Address('127.0.0.1'), IPv4Address('8.8.8.8'), None)
    """
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        number = None
    if number is not None:
        return getattr(number, "ipv4_mapped", None) or number
    if host and host[-1] in "0123456789abcdefABCDEFxX" and host[0].isdigit():
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None
