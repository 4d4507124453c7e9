"""Papers, abstracts and ids from arXiv and Hugging Face, with rate limits and a cache."""

from toolkit.services.abstracts import fetch_abstracts
from toolkit.services.arxiv import fetch_arxiv
from toolkit.services.hf_papers import fetch_hf_papers
from toolkit.services.resolve_titles import resolve_ids

__all__ = [
    "fetch_abstracts",
    "fetch_arxiv",
    "fetch_hf_papers",
    "resolve_ids",
]
