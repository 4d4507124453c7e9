"""The explorer's JavaScript and CSS, built from `web/` (`make explorer`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "built"


@cache
def script() -> str:
    """Return the ES module of the explorer, for a widget and for the standalone page alike."""
    return (_FOLDER / "explorer.js").read_text(encoding="utf-8")


@cache
def style() -> str:
    """Return the explorer's CSS."""
    return (_FOLDER / "explorer.css").read_text(encoding="utf-8")
