"""Every source of papers: files by their content, services by their names."""

from __future__ import annotations


from toolkit.sources.loading import load


__all__ = ["load"]
