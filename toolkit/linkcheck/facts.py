"""Facts about a repository, as its host tells them, put into the columns of a check."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from toolkit.linkcheck.contents import is_promise, read_contents

#: What only a README can tell, apart from a file.
_SAID = ("weights", "data", "example", "release", "doi")
# Files that do not count as content: descriptions, licences, pictures.
_NOT_CONTENT = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|citation|contributing|code_of_conduct|security|"
    r"changelog)(?:[._-].*)?|\.git.*|.*\.(?:png|jpe?g|gif|svg|webp|pdf|mp4)|"
    r"(?:assets?|figs?|figures?|images?|imgs?|media|pics?|static|teaser)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Facts:
    """What a host tells of a repository; None for what it does not.

    `names` are its files, or those of its first level with ``/`` after folders.
    """

    licence: str | None = None
    last_push: pd.Timestamp | None = None
    read_only: bool | None = None
    empty: bool | None = None
    names: tuple[str, ...] | None = None
    readme: str | None = None
    release: bool | None = None
    ci: bool | None = None

    def filled_from(self, other: Facts) -> Facts:
        """Return these facts, with those of another source where there are none."""
        mine, more = self.__dict__, other.__dict__
        return Facts(**{name: more[name] if mine[name] is None else mine[name] for name in mine})

    def columns(self, repository: str) -> dict[str, Any]:
        """Return the columns of a check, and `state` for a repository without the work."""
        row: dict[str, Any] = {
            "licence": self.licence,
            "last_push": self.last_push,
            "read_only": self.read_only,
            "empty": self.empty,
        }
        if self.names is None:
            return row
        found = asdict(read_contents(self.names, self.readme or "", repository=repository))
        licensed = found.pop("licence")
        if self.licence is None or (self.licence == "none" and licensed):
            row["licence"] = "other" if licensed else "none"
        row["empty"] = self.empty or nothing_but_readme(self.names)
        row.update(found)
        row["ci"] = found["ci"] if self.ci is None else self.ci
        row["release"] = bool(self.release) or found["release"]
        if found["readme"] and self.readme is None:
            row.update({name: row[name] or None for name in _SAID})
        if row["empty"]:
            row["state"] = "empty"
        if is_promise(self.readme or "", self.names):
            row["state"] = "coming soon"
        return row


def nothing_but_readme(names: Iterable[str]) -> bool:
    """Return whether there is nothing but descriptions, licences and pictures."""
    return all(_NOT_CONTENT.fullmatch(name.split("/")[0]) for name in names)


def licence_name(name: Any) -> str:
    """Return the name of a licence in lower case; "other" where it has none."""
    text = str(name or "").strip()[:60]
    return "other" if text.lower() in ("", "license", "noassertion", "unknown") else text.lower()


def timestamp(text: Any) -> pd.Timestamp | None:
    """Return a time of an API, UTC without zone; None for anything else."""
    if not isinstance(text, str):
        return None
    stamp = pd.to_datetime(text, errors="coerce", utc=True, format="ISO8601")
    return None if pd.isna(stamp) else stamp.tz_localize(None)
