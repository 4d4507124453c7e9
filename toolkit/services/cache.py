"""Answers of services, kept on disk: written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from toolkit.errors import DataError, SourceError
from toolkit.files import write_atomically


def cache_folder(cache: str | Path | None = None) -> Path:
    """Return the folder for fetched answers: given, from the environment, or the user's."""
    if cache is not None:
        return Path(cache).expanduser()
    chosen = os.environ.get("PAPER_TOOLKIT_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "paper-toolkit"


def read_kept(place: Path, url: str, max_age: dt.timedelta) -> str | None:
    """Return a kept answer where it is there, whole and young enough."""
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        fetched = dt.datetime.fromisoformat(kept["fetched"])
        if kept["url"] == url and dt.datetime.now(dt.UTC) - fetched <= max_age:
            return str(kept["text"])
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or damaged from outside: fetched anew.
        pass
    return None


def keep(place: Path, url: str, text: str) -> None:
    """Write an answer beside its place and rename it, so that a kill leaves none or all."""
    fetched = dt.datetime.now(dt.UTC).isoformat()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, json.dumps({"url": url, "fetched": fetched, "text": text}))
    except (OSError, DataError) as error:
        raise SourceError(
            f"the cache {place.parent} cannot be written ({error}). Give another with cache=… or "
            "the environment variable PAPER_TOOLKIT_CACHE"
        ) from error
