"""Text from data made safe to show: one line, and addresses that may be links."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit


def safe_link(url: Any) -> str | None:
    """Return a URL if it is http or https and so can be made a link, else None."""
    try:
        parts = urlsplit(str(url or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else None


def one_line(text: Any) -> str:
    """Return a text as one line, without control characters and changes of text direction.

    The two joiners stay: Persian, Indic scripts and emoji need them.
    """
    line = str(text)
    if not line.isprintable():
        line = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in line)
    return " ".join(line.split())


def keep_units(text: str) -> str:
    """Return a text in which no line ends between a number and its percent sign."""
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)
