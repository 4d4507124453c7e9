"""Collections that keep themselves up to date: queries to follow, updates, the page of the week."""

from toolkit.updates.following import follow, unfollow
from toolkit.updates.updating import update

__all__ = [
    "follow",
    "unfollow",
    "update",
]
