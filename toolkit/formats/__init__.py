"""File formats of papers, one module each; `load` recognises a format by its content."""

from toolkit.formats.arxiv_snapshot import load_arxiv_snapshot
from toolkit.formats.loading import load

__all__ = [
    "load",
    "load_arxiv_snapshot",
]
