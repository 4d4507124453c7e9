"""Keys of the services, and what a call will cost, told before the first request."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.errors import DataError
from toolkit.services.client import Service
from toolkit.services.sources import Asked, Source


@contextmanager
def open_source(
    source: Source,
    *,
    key: str | None = None,
    base_url: str | None = None,
    cache: str | Path | None = None,
) -> Iterator[Service]:
    """Yield a connection to a service.

    Raises
    ------
    DataError
        The service takes no key, or the key cannot be sent.
    """
    found, variable = _key(source, key)
    headers, params = source.send_key(found) if source.send_key and found else ({}, {})
    service = Service(
        source.title,
        source.base_url,
        variable=source.variable,
        given=base_url,
        pause=_pause(source, bool(found)),
        cache=cache,
        key_headers=headers,
        key_params=params,
        key_hint=_hint(source, variable, bool(found)),
        key_from=(f"of {variable}" if variable else "that was given") if found else "",
    )
    with service:
        yield service


def tell(
    source: Source, service: Service, asked: Asked | None, requests: int, *, of: str = ""
) -> None:
    """Let the connection say, before its first request, what the call may cost at most."""
    if not requests:
        return
    said = f"at most {requests:,} request{'s' if requests > 1 else ''}"
    said += f" for {of}" if of else ""
    pause = _pause(source, service.has_key)
    if requests > 1:
        said += f" {pause:g} s apart{_duration((requests - 1) * pause)}"
    if source.cost:
        said += f"; {source.cost(requests, asked, service.has_key)}"
    if service.has_key:
        said += f"; with the key {service.key_from}"
    elif source.key_variables:
        said += f"; without a key ({source.key_variables[0]}: {source.get_key})"
    service.notice = f"{source.title}: {said}"


def is_watched() -> bool:
    """Return whether somebody sees a bar: in a terminal or a notebook, not in a log or a mail."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def _key(source: Source, key: str | None) -> tuple[str | None, str | None]:
    """Return the key, and the environment variable that it comes from."""
    if key is not None:
        if source.send_key is None:
            raise DataError(f"{source.title} takes no key", argument="key", hint="Leave it out")
        if not isinstance(key, str) or not key.strip():
            raise DataError(
                "not a key", argument="key", expected="text", hint=f"A key is {source.get_key}"
            )
        return key.strip(), None
    for variable in source.key_variables:
        if found := os.environ.get(variable, "").strip():
            return found, variable
    return None, None


def _pause(source: Source, has_key: bool) -> float:
    with_key = source.pause_with_key
    return with_key if has_key and with_key is not None else source.pause


def _hint(source: Source, variable: str | None, has_key: bool) -> str:
    """Return what to do where the service refuses the key, or wants one."""
    if not source.key_variables:
        return ""
    where = f"the environment variable {variable}" if variable else "key=…"
    if has_key:
        return f"Check the key in {where} ({source.get_key})"
    return f"A key may help: key=… or {source.key_variables[0]} ({source.get_key})"


def _duration(seconds: float) -> str:
    """Return how long requests take at least; nothing below a second."""
    if seconds < 1:
        return ""
    if seconds < 90:
        return f", {seconds:.0f} s or more"
    minutes = seconds / 60
    return f", {minutes:.0f} min or more" if minutes < 90 else f", {minutes / 60:.1f} h or more"
