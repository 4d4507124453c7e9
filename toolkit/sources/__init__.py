"""Every source of papers: files by their content, services by their names."""

from toolkit.sources.abstracts import fetch_abstracts
from toolkit.sources.fetch_arxiv import fetch_arxiv
from toolkit.sources.fetch_hf import fetch_hf_papers
from toolkit.sources.loading import load
from toolkit.sources.resolve_titles import resolve_ids
from toolkit.sources.snapshot import load_arxiv_snapshot

__all__ = [
    "fetch_abstracts",
    "fetch_arxiv",
    "fetch_hf_papers",
    "load",
    "load_arxiv_snapshot",
    "resolve_ids",
]
