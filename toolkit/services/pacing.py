"""When a service may be asked again: pauses between requests, and those that it asks for."""

from __future__ import annotations

import sys
import threading
import time
from urllib.parse import urlsplit

from tqdm.auto import tqdm

from toolkit.services.statuses import MAX_WAIT, retry_after

_last_request: dict[str, float] = {}
_quiet_until: dict[str, float] = {}
_pacing = threading.Lock()


def wait_turn(address: str, pause: float) -> None:
    """Wait until a host may be asked, in all threads at most once in so many seconds."""
    host = urlsplit(address).netloc
    with _pacing:
        now = time.monotonic()
        turn = max(now, _last_request.get(host, -pause) + pause, _quiet_until.get(host, 0.0))
        _last_request[host] = turn
    if turn > now:
        time.sleep(turn - now)


def heed_backoff(asked: str | None, address: str, name: str) -> None:
    """Leave a host alone for as long as its answer asks, in a header Backoff with seconds."""
    wait = min(retry_after(asked) or 0.0, MAX_WAIT)
    if wait >= 0.5:
        tqdm.write(f"{name}: it asks to pause for {wait:.0f} s", file=sys.stderr)
    if wait:
        with _pacing:
            _quiet_until[urlsplit(address).netloc] = time.monotonic() + wait
