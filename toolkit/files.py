"""Write files whole or not at all, and find the folder for cached files."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_cache_dir

from toolkit.errors import DataError

#: Temporary files and folders all have such names, so that `sweep` finds those of killed processes.
_TEMPORARY = re.compile(r"\.writing-\w{8,16}\.(?:part|tmp)")
_HOUR = 3600.0


def cache_folder(name: str) -> Path:
    """Return the folder for one kind of cached files, such as ``"vectors"``; it may not exist yet.

    It is inside the folder that the environment variable ``PAPERSCOPE_CACHE`` names, or else inside
    the user's cache folder (``~/.cache/paperscope`` on Linux).
    """
    chosen = os.environ.get("PAPERSCOPE_CACHE")
    return Path(chosen or user_cache_dir("paperscope", appauthor=False)).expanduser() / name


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write a file and return its path; a reader finds the old content or the new, never a part.

    Parameters
    ----------
    path : Path
        An existing file is replaced and keeps its permissions. The folder must exist.
    content : str or bytes
        Text is written as UTF-8 with its line ends as they are; half a surrogate pair, which is
        no character, becomes a question mark.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    DataError
        The folder does not exist or cannot be written to, or the disk is full. The system's own
        error is its cause. No temporary file is left.

    Examples
    --------
    >>> place = getfixture("tmp_path") / "notes.txt"
    >>> write_atomically(place, "Bees dance.").read_text()
    'Bees dance.'
    """
    with replacing(path) as temporary:
        temporary.write_bytes(
            content.encode("utf-8", "replace") if isinstance(content, str) else content
        )
    return path


@contextmanager
def replacing(path: Path, *, hint: str = "") -> Iterator[Path]:
    """Give a path beside `path` for a new file or folder, which then replaces `path`.

    Parameters
    ----------
    path : Path
        A file that may exist, or a folder that does not.
    hint : str
        What the error message adds if the disk is full.

    Raises
    ------
    DataError
        The new file cannot be written. `path` is as it was before.
    """
    with temporary_path(path, hint=hint) as temporary:
        yield temporary
        if temporary.is_file():
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            if path.is_file():
                temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)


@contextmanager
def temporary_path(path: Path, *, hint: str = "") -> Iterator[Path]:
    """Give a path beside `path` for a temporary file or folder, which is deleted at the end.

    Parameters and errors are those of `replacing`.
    """
    sweep(path.parent)
    temporary = path.parent / f".writing-{secrets.token_hex(4)}.part"
    try:
        yield temporary
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise DataError(
            f"{'the disk is full' if full else 'cannot be written'} ({error.strerror or error})",
            source=path,
            hint=f"Free some space. {hint}".strip()
            if full
            else "Choose a folder that exists and that you may write to",
        ) from error
    finally:
        with suppress(OSError):
            _remove(temporary)


def sweep(folder: Path, names: re.Pattern[str] = _TEMPORARY, *, keep: Collection[str] = ()) -> None:
    """Delete files that a killed process left: those so named that are older than an hour.

    A younger one may belong to a process that is still running.
    """
    try:
        entries = [Path(entry) for entry in os.scandir(folder) if names.fullmatch(entry.name)]
    except OSError:
        return
    for entry in entries:
        with suppress(OSError):
            if entry.name not in keep and time.time() - entry.lstat().st_mtime > _HOUR:
                _remove(entry)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
