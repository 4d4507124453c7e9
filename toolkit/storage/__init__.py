"""Collections as folders: saved with prose or with features in its place; the samples."""

from toolkit.storage.collections import load_collection, load_sample, save_collection

__all__ = [
    "load_collection",
    "load_sample",
    "save_collection",
]
