"""Collections: folders and samples, what is kept in place of prose, health, records merged."""

from toolkit.collection.collection import load_collection, load_sample, save_collection
from toolkit.collection.deduplication import deduplicate
from toolkit.collection.health import describe_papers
from toolkit.collection.words import terms

__all__ = [
    "deduplicate",
    "describe_papers",
    "load_collection",
    "load_sample",
    "save_collection",
    "terms",
]
