"""Collection folders, with prose or with features in its place; the bundled samples."""

from toolkit.storage.collections import load_collection, load_sample, save_collection
from toolkit.storage.contents import with_features
from toolkit.storage.folder import locked

__all__ = [
    "load_collection",
    "load_sample",
    "locked",
    "save_collection",
    "with_features",
]
