"""The explorer: map, timeline, table and filters over a collection, in one linked widget."""

from __future__ import annotations

from toolkit.explorer.widget import Explorer

__all__ = ["Explorer"]
