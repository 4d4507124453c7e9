"""A cache of a service's answers: one JSON file per request."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from toolkit.errors import DataError, SourceError
from toolkit.files import write_atomically


def read_cached(path: Path, url: str, max_age: dt.timedelta) -> str | None:
    """Return the cached answer to a request; None if there is none, or it is damaged or old."""
    try:
        cached = json.loads(path.read_text(encoding="utf-8"))
        fetched = dt.datetime.fromisoformat(cached["fetched"])
        if cached["url"] == url and dt.datetime.now(dt.UTC) - fetched <= max_age:
            return str(cached["text"])
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, or damaged from outside: it is fetched again.
        pass
    return None


def write_cached(path: Path, url: str, text: str) -> None:
    """Write the answer to a request.

    Raises
    ------
    SourceError
        The folder cannot be written to.
    """
    fetched = dt.datetime.now(dt.UTC).isoformat()
    try:
        # For its owner alone: a library has private notes, and questions are private too.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, json.dumps({"url": url, "fetched": fetched, "text": text}))
    except (OSError, DataError) as error:
        raise SourceError(
            f"the cache {path.parent} cannot be written to ({error}). Choose another folder with "
            "cache=… or the environment variable PAPERSCOPE_CACHE"
        ) from error
