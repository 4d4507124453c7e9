"""Every source of papers: files by their content, services by their names."""

from toolkit.sources.loading import load
from toolkit.sources.snapshot import load_arxiv_snapshot

__all__ = ["load", "load_arxiv_snapshot"]
