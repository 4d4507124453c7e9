"""Collection folders, with prose or with features in its place; the bundled samples."""

from toolkit.storage.collections import load_collection, load_sample, save_collection

__all__ = [
    "load_collection",
    "load_sample",
    "save_collection",
]
