"""A research toolkit for collections of papers: topics, trends, repo availability, explorer.

Public names are imported when first used, so that ``import toolkit`` takes no time.

Examples
--------
>>> import toolkit
>>> papers = toolkit.load_sample("trending-page")
>>> len(papers)
31
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

#: Where each public name lives.
_HOMES = {
    "DataError": "errors",
    "Explorer": "explorer",
    "TopicModel": "topics",
    "availability": "rates",
    "check_links": "linkcheck",
    "check_topics": "reliability",
    "code_claims": "claims",
    "compare_topics": "reliability",
    "corrected_availability": "rates",
    "deduplicate": "collection",
    "describe_papers": "collection",
    "embed": "embedding",
    "export": "writing",
    "fetch_abstracts": "sources",
    "fetch_arxiv": "sources",
    "fetch_hf_papers": "sources",
    "find_bursts": "trends",
    "find_links": "claims",
    "fit_topics": "topics",
    "link_survival": "linkcheck",
    "load": "sources",
    "load_collection": "collection",
    "load_sample": "collection",
    "load_topics": "topics",
    "pick_reading": "reading",
    "plot_availability": "plots",
    "plot_reliability": "plots",
    "plot_survival": "plots",
    "plot_topic_map": "plots",
    "plot_trends": "plots",
    "report": "writing",
    "resolve_ids": "sources",
    "save_collection": "collection",
    "topic_trends": "trends",
    "trend_verdicts": "trends",
}

#: Names for rarer needs: reachable here too, but documented in their modules.
_ALSO = {
    "MissingExtraError": "errors",
    "SourceError": "errors",
    "emerging_terms": "trends",
    "load_arxiv_snapshot": "sources",
    "methods_paragraph": "reliability",
    "plant_collection": "planted",
}

__all__ = [
    "DataError",
    "Explorer",
    "TopicModel",
    "availability",
    "check_links",
    "check_topics",
    "code_claims",
    "compare_topics",
    "corrected_availability",
    "deduplicate",
    "describe_papers",
    "embed",
    "export",
    "fetch_abstracts",
    "fetch_arxiv",
    "fetch_hf_papers",
    "find_bursts",
    "find_links",
    "fit_topics",
    "link_survival",
    "load",
    "load_collection",
    "load_sample",
    "load_topics",
    "pick_reading",
    "plot_availability",
    "plot_reliability",
    "plot_survival",
    "plot_topic_map",
    "plot_trends",
    "report",
    "resolve_ids",
    "save_collection",
    "topic_trends",
    "trend_verdicts",
]


def __getattr__(name: str) -> Any:
    """Import a public name, or a module of the toolkit, when it is first asked for."""
    home = _HOMES.get(name) or _ALSO.get(name)
    if home is not None:
        value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
