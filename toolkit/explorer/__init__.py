"""The explorer widget: map, timeline, table and filters of a collection, linked to each other."""

from __future__ import annotations

from toolkit.explorer.explorer import Explorer

__all__ = ["Explorer"]
