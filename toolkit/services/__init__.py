"""Papers, abstracts and ids from arXiv and Hugging Face, and answers of language models.

All with retries and a cache; rate limits where a service sets them.
"""

from toolkit.services.abstracts import fetch_abstracts
from toolkit.services.arxiv import fetch_arxiv
from toolkit.services.chat import ChatEndpoint
from toolkit.services.enriching import enrich
from toolkit.services.fetching import fetch
from toolkit.services.hf_papers import fetch_hf_papers
from toolkit.services.resolve_titles import resolve_ids
from toolkit.services.zotero_writing import write_zotero

__all__ = [
    "ChatEndpoint",
    "enrich",
    "fetch",
    "fetch_abstracts",
    "fetch_arxiv",
    "fetch_hf_papers",
    "resolve_ids",
    "write_zotero",
]
