"""Reading lists and what became of them."""

from __future__ import annotations

from toolkit.exporting import export

__all__ = ["export"]
