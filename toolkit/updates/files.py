"""Files that are followed: exports and alerts that people save into a folder, week after week."""

from __future__ import annotations

import glob
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import DataError, warn_user
from toolkit.files import name_as_text
from toolkit.formats.loading import load
from toolkit.formats.origins import named_inputs
from toolkit.storage.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.papers.set_aside import BadRecord

#: What `follow` calls them, in place of a service.
SERVICE = "files"
#: A file changed less than so many seconds before it was read may change again within the same
#: tick of the file system's clock.
_TICK = 2.0


@dataclass(frozen=True)
class Seen:
    """A file that was read: its size in bytes, its time in ns (0: not to be trusted), its hash."""

    path: str
    size: int
    mtime: int
    sha256: str


def kept_path(given: Any, place: Path, *, is_there: bool = True) -> str:
    """Return a path as a folder remembers it: relative where it lies inside or beside the folder.

    Parameters
    ----------
    given : str or path
        A file, a folder or a pattern.
    place : path
        The collection folder.
    is_there : bool
        Whether it has to be there; a pattern may fit no file yet.

    Raises
    ------
    DataError
        It is no path, there is no such file or folder, or it is the collection itself.
    """
    if not isinstance(given, str | os.PathLike) or not str(given).strip() or "\n" in str(given):
        raise DataError(
            "not a path",
            argument="query",
            found=given,
            expected="a file, a folder of exports or a pattern",
        )
    path = Path(given).expanduser()
    if place.exists() and path.exists() and path.samefile(place):
        raise DataError(
            "a collection cannot follow itself",
            argument="query",
            found=str(given),
            expected="a file, a folder of exports or a pattern",
        )
    if is_there and not _is_pattern(path):
        named_inputs(path)  # raises an error where there is no such file or folder
    kept = _relative(path, place)
    if name_as_text(kept) != kept:
        raise DataError(
            "a path that cannot be remembered, since its name is no UTF-8",
            argument="query",
            found=kept,
            hint="Rename it, or follow the folder that it is in",
        )
    return kept


def read_new(
    query: str, place: Path, seen: Sequence[Seen]
) -> tuple[pd.DataFrame | None, str, tuple[Seen, ...]]:
    """Return the papers of files that are new or changed, what cannot be read, and what was seen.

    Parameters
    ----------
    query : str
        From `kept_path`.
    place : path
        The collection folder.
    seen : sequence of Seen
        The files at the last update. Those of today are returned, without those that could not be
        read, which are tried again.
    """
    tables: list[pd.DataFrame] = []
    found: list[Seen] = []
    failed: list[str] = []
    known = {one.path: one for one in seen}
    for path in _files(query, place):
        name = name_as_text(_relative(path, place))
        try:
            now = _look(path, name, known.get(name))
            if now != known.get(name):
                tables.append(_read(path, name))
            found.append(now)
        except DataError as error:
            failed.append(str(error))
        except OSError as error:
            failed.append(f"{name}: cannot be read ({error.strerror or error})")
    papers = pd.concat(tables, ignore_index=True) if tables else None
    return papers, "; ".join(failed), tuple(found)


def _is_pattern(path: Path) -> bool:
    return glob.has_magic(str(path)) and not path.exists()


def _files(query: str, place: Path) -> list[Path]:
    """Return what `load` would read there, but the collection itself."""
    home = os.path.abspath(place)  # noqa: PTH100
    path = Path(home, query)
    pattern = str(Path(glob.escape(home), query))
    inputs = named_inputs(pattern if _is_pattern(path) else path)
    paths = [one.path for one in inputs if one.path is not None]
    return [one for one in dict.fromkeys(paths) if not one.samefile(place)]


def _look(path: Path, name: str, known: Seen | None) -> Seen:
    """Return what is seen of a file; the same as is known where its content is the same."""
    file = path / MANIFEST if path.is_dir() else path
    state = file.stat()
    if known is not None and known.mtime == state.st_mtime_ns and known.size == state.st_size:
        return known
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if known is not None and known.sha256 == digest:
        return known
    settled = time.time() - state.st_mtime > _TICK
    return Seen(name, state.st_size, state.st_mtime_ns if settled else 0, digest)


def _read(path: Path, name: str) -> pd.DataFrame:
    """Return the papers of a file; one warning for its records that cannot be read."""
    bad: list[BadRecord] = []
    # A path of this machine has no place among the papers.
    origin = name_as_text(path.name if Path(name).is_absolute() else name).replace("; ", ", ")
    papers = load({origin: path}, on_bad=bad.append)
    if bad:
        warn_user(
            f"{name}: {len(bad)} of {len(papers) + len(bad)} records cannot be read and were set "
            f"aside: {bad[0].place}: {bad[0].reason}{' …' if len(bad) > 1 else ''}"
        )
    return papers


def _relative(path: Path, place: Path) -> str:
    whole, home = Path(os.path.abspath(path)), Path(os.path.abspath(place))  # noqa: PTH100
    if not whole.is_relative_to(home.parent):
        return whole.as_posix()
    return Path(os.path.relpath(whole, home)).as_posix()


def read_seen(given: Any) -> Seen:
    """Return what was seen of a file, as it stands in the file of the queries.

    Raises
    ------
    KeyError, TypeError
        It is something else.
    """
    one = Seen(given["path"], given["size"], given["mtime"], given["sha256"])
    if not isinstance(one.path, str) or not isinstance(one.sha256, str):
        raise TypeError("a file that is no text")
    if not isinstance(one.size, int) or not isinstance(one.mtime, int):
        raise TypeError("a file without size and time")
    return one
