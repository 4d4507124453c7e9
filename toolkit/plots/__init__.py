"""Plots: ``plot_*(table, *, ax=None)`` draws a table and returns matplotlib Axes."""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "plot_availability": "availability",
    "plot_ladder": "availability",
    "plot_dendrogram": "topics",
    "plot_health": "health",
    "plot_reliability": "reliability",
    "plot_share_area": "trends",
    "plot_slopes": "trends",
    "plot_survival": "survival",
    "plot_topic_flow": "reliability",
    "plot_topic_map": "topics",
    "plot_trends": "trends",
    "text_summary": "style",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a plot when it is first asked for: matplotlib is heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
