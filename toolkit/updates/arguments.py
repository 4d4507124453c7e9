"""What an update is given: the day, keys, a basket."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.explorer.basket import FILE as BASKET
from toolkit.explorer.basket import Basket
from toolkit.services.fetching import source_of
from toolkit.updates.following import FILE, Following, day_of

_DAY = dt.timedelta(days=1)


def check_day(following: Following, place: Path, day: dt.date) -> None:
    """Raise a DataError where nothing is followed, or the day is none of an update."""
    if not following.queries:
        raise DataError(
            "the folder follows no query",
            source=place,
            hint=f'Add one: toolkit.follow("{place}", "arxiv", "cat:cs.DL"), or in a terminal '
            f"python -m toolkit follow {place} arxiv cat:cs.DL",
        )
    if following.ran is not None and day < day_of(following.ran):
        raise DataError(
            "a day before the last update",
            argument="today",
            found=day.isoformat(),
            expected=f"{following.ran} or later",
            hint=f'If the clock was wrong then, correct "ran" in {place / FILE}',
        )
    if day > dt.date.today() + _DAY:
        raise DataError(
            "a day in the future",
            argument="today",
            found=day.isoformat(),
            expected="today at the latest",
        )


def check_keys(keys: Any) -> dict[str, str]:
    """Return keys by the name of their service; no message shows one."""
    if not isinstance(keys, Mapping | None):
        raise DataError(
            "not keys of services",
            argument="keys",
            expected='a mapping such as {"openalex": "…"}',
        )
    found = {}
    for service, key in (keys or {}).items():
        if not isinstance(key, str) or not key:
            raise DataError(f"the key of {service} is no text", argument="keys")
        found[source_of(service).name] = key
    return found


def read_basket(
    place: Path, given: str | os.PathLike[str] | pd.DataFrame | Iterable[str] | None
) -> list[str]:
    """Return the ids of a basket: of a file, a table, or as they are given."""
    if isinstance(given, pd.DataFrame):
        return given["paper_id"].astype(str).tolist()
    if given is None or isinstance(given, str | os.PathLike):
        path = place if given is None else Path(given)
        if not path.exists():
            raise DataError("there is no such basket", argument="basket", found=str(given))
        path = path / BASKET if path.is_dir() else path
        return [entry["paper_id"] for entry in Basket(path).entries]
    if not isinstance(given, Iterable):
        raise DataError(
            "not a basket", argument="basket", found=given, expected="its file, or a list of ids"
        )
    return [str(one) for one in given]
