"""Collection folders, with prose or with features in its place; the bundled samples."""

from typing import TYPE_CHECKING, Any

from toolkit.storage.collections import load_collection, load_sample, save_collection
from toolkit.storage.folder import locked

if TYPE_CHECKING:
    from toolkit.storage.contents import with_features

__all__ = [
    "load_collection",
    "load_sample",
    "locked",
    "save_collection",
    "with_features",
]


def __getattr__(name: str) -> Any:
    if name != "with_features":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from toolkit.storage.contents import with_features

    return with_features
