"""Which names of the toolkit are public, and which of them a docstring means."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import Any

import toolkit


def rooms() -> list[str]:
    """Return the packages of the toolkit that list their public names."""
    found = (room for room in pkgutil.iter_modules(toolkit.__path__) if room.ispkg)
    names = [room.name for room in found]
    return [n for n in names if hasattr(importlib.import_module(f"toolkit.{n}"), "__all__")]


@cache
def public_names() -> dict[str, Any]:
    """Return every public name as a reader writes it, with what it is; none twice."""
    top = {name: getattr(toolkit, name) for name in toolkit.__all__}
    found = {f"toolkit.{k}": v for k, v in top.items() if not inspect.ismodule(v)}
    for room in rooms():
        module = importlib.import_module(f"toolkit.{room}")
        for name in module.__all__:
            value = getattr(module, name)
            if f"toolkit.{name}" not in found and not inspect.ismodule(value):
                found[f"toolkit.{room}.{name}"] = value
    return found


def full_name(text: str, public: dict[str, str]) -> str | None:
    """Return the page's name that a docstring means: ``fit_topics``, ``topics.replay``, ….

    ``public`` maps last parts of names to full names.
    """
    text = text.removesuffix("()").removeprefix("toolkit.")
    head, _, rest = text.rpartition(".")
    if not re.fullmatch(r"\w+(\.\w+)*", text):
        return None
    if text in public:
        return public[text]
    if head in public:  # a method has an entry of its own, an attribute stands with its class
        is_method = callable(getattr(public_names()[public[head]], rest, None))
        return f"{public[head]}.{rest}" if is_method else public[head]
    full = public.get(rest)
    try:
        room = importlib.import_module(f"toolkit.{head}") if full and head else None
    except ImportError:
        return None
    return full if hasattr(room, rest) else None


def short_names() -> dict[str, str]:
    """Return the last parts of the public names with the full names."""
    return {full.rsplit(".", 1)[1]: full for full in public_names()}
