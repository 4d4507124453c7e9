"""The explorer's JavaScript and CSS: the modules of `js/`, joined into one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "js"
_IMPORT = re.compile(r"^import\s+(?:[^;]*?\s+from\s+)?\"\./([\w]+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def script(entry: str) -> str:
    """Return one ES module that contains a module of `js/` and all that it imports.

    Parameters
    ----------
    entry : {"widget", "page"}
        The module to start from. Names are unique across the modules (a test checks that), so
        joining them only takes leaving out ``import`` and ``export``.
    """
    order: list[str] = []
    _collect(entry, order)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in order)


@cache
def style() -> str:
    """Return the explorer's CSS."""
    return (_FOLDER / "explorer.css").read_text(encoding="utf-8")


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")


def _collect(name: str, order: list[str]) -> None:
    for needed in _IMPORT.findall(_read(name)):
        if needed not in order:
            _collect(needed, order)
    order.append(name)
