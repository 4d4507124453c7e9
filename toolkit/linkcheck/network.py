"""Whether there is a network at all, or only some hosts do not answer."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator

from toolkit.linkcheck.safety import NoSuchHostError, Resolver

#: Hosts that fail before the network itself is looked at.
_ENOUGH = 3
#: Names that some name server knows wherever there is a network.
_KNOWN = ("doi.org", "github.com", "wikipedia.org")
_SECONDS = 10.0
_DOWN = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


class Network:
    """What the requests of a run tell of the network.

    Parameters
    ----------
    resolver : callable
        ``await resolver(host, port)`` gives the addresses of a name.

    Attributes
    ----------
    answered : bool
        Whether any host has answered.
    down : bool
        Whether there is no network: no more hosts are asked then.
    """

    def __init__(self, resolver: Resolver) -> None:
        self.answered, self.down = False, False
        self._resolve = resolver
        self._failed: set[str] = set()
        self._unreachable = False
        self._looking, self._looked = asyncio.Lock(), False

    async def failed(self, host: str, error: BaseException) -> None:
        """Note a host that no connection leads to; the third one tells whether others would."""
        if self.answered or self.down or not _is_local(error):
            return
        self._unreachable |= any(getattr(e, "errno", None) in _DOWN for e in _causes(error))
        self._failed.add(host)
        if len(self._failed) < _ENOUGH:
            return
        async with self._looking:  # others that fail meanwhile wait for the answer
            if not self._looked and not self.answered:
                self._looked = True
                self.down = self._unreachable or not await self.is_there()

    async def is_there(self) -> bool:
        """Return whether the names of well-known hosts can be found."""
        if self.answered:
            return True
        for name in _KNOWN:
            try:
                await asyncio.wait_for(self._resolve(name, 443), _SECONDS)
                return True
            except (OSError, NoSuchHostError, TimeoutError):
                continue
        return False


def _is_local(error: BaseException) -> bool:
    """Return whether an error may come from this machine: no name server, no way out."""
    return any(
        isinstance(one, socket.gaierror | NoSuchHostError) or getattr(one, "errno", None) in _DOWN
        for one in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
