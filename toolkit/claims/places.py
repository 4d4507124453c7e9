"""What is known of the place that a URL leads to: a code host, an archive, a registry.

The table `places.csv` has one place a line: a host, perhaps with the beginning of its path, and
its class. A line holds for the subdomains too; the longest line that fits decides.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit

#: Classes of places that are mainly for software.
CODE_PLACES = frozenset({"code", "package"})
#: Classes of places where no authors publish their artifacts.
NEVER_OWN = frozenset({"registry", "identity"})


class Place(NamedTuple):
    """A class of places ("" where unknown), and whether a URL is the front page of a host."""

    name: str
    is_front: bool


@cache
def _table() -> dict[str, str]:
    text = (files("toolkit.claims") / "places.csv").read_text(encoding="utf-8")
    return {row["place"]: row["class"] for row in csv.DictReader(text.splitlines())}


_SPLIT = re.compile(r"[/=?#&]+")


@lru_cache(maxsize=4096)
def find_place(url: str) -> Place:
    """Return what is known of the place that a URL leads to.

    Parameters
    ----------
    url : str
        With scheme, or an identifier of Software Heritage.

    Returns
    -------
    Place
        Its class, "" where the host is unknown.

    Examples
    --------
    >>> find_place("https://zenodo.org/record/1"), find_place("https://github.com")
    (Place(name='data', is_front=False), Place(name='code', is_front=True))
    >>> find_place("https://doi.org/10.5061/dryad.1").name, find_place("https://oak.org").name
    ('data', '')
    """
    if url.startswith("swh:"):
        return Place("code", is_front=False)
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("dx.")
    except ValueError:
        return Place("", is_front=False)
    path = [piece for piece in _SPLIT.split(f"{parts.path}?{parts.query}".lower()) if piece]
    is_front = not path and not parts.fragment
    labels = host.split(".")
    table = _table()
    for start in range(len(labels) - 1):
        name = ".".join(labels[start:])
        for depth in (2, 1, 0):
            found = table.get("/".join([name, *path[:depth]]))
            if found and len(path) >= depth:
                # oak.github.io is somebody's page, github.io nobody's.
                return Place(found, is_front and not (start and found in ("page", "demo")))
    if labels[0] in ("gitlab", "git", "svn") or labels[0].startswith("gitlab-"):
        return Place("code", is_front)
    if labels[0] in ("dataverse", "data", "datashare", "opendata"):
        return Place("data", is_front)
    return Place("", is_front)
