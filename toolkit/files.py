"""Write files whole or not at all, one process at a time, and find the folder for cached files."""

from __future__ import annotations

import errno
import os
import random
import re
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_cache_dir

from toolkit.errors import DataError, warn_user

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Temporary files and folders all have such names, so that `sweep` finds those of killed processes.
_TEMPORARY = re.compile(r"\.writing-\w{8,16}\.(?:part|tmp)")
_HOUR = 3600.0
#: The lock of a folder, inside it; that of a file stands beside it and has its name in front.
LOCK = ".lock"
#: Seconds that a lock is waited for, and after how many that is told.
_WAIT, _TELL = 600.0, 2.0
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
#: The locks of this process's threads, by path.
_THREADS: dict[tuple[int, str], threading.RLock] = {}
_DEPTH: dict[tuple[int, str], int] = {}
_GUARD = threading.Lock()


def cache_folder(name: str) -> Path:
    """Return the folder for one kind of cached files, such as ``"vectors"``; it may not exist yet.

    It is inside the folder that the environment variable ``PAPERSCOPE_CACHE`` names, or else inside
    the user's cache folder (``~/.cache/paperscope`` on Linux).
    """
    chosen = os.environ.get("PAPERSCOPE_CACHE")
    return Path(chosen or user_cache_dir("paperscope", appauthor=False)).expanduser() / name


def name_as_text(name: str) -> str:
    r"""Return a file's name as text; bytes that are no UTF-8, which systems allow, as ``\udcff``.

    Examples
    --------
    >>> print(name_as_text("oaks \udcff.ris"))
    oaks \udcff.ris
    """
    return name.encode("utf-8", "backslashreplace").decode()


def write_atomically(path: Path, content: str | bytes, *, like: Path | None = None) -> Path:
    """Write a file and return its path; a reader finds the old content or the new, never a part.

    Parameters
    ----------
    path : Path
        An existing file is replaced and keeps its permissions. The folder must exist.
    content : str or bytes
        Text is written as UTF-8 with its line ends as they are; half a surrogate pair, which is
        no character, becomes a question mark.
    like : Path, optional
        A file whose permissions a new file gets, where there is one.

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
    with replacing(path, like=like) as temporary:
        temporary.write_bytes(
            content.encode("utf-8", "replace") if isinstance(content, str) else content
        )
    return path


@contextmanager
def replacing(path: Path, *, hint: str = "", like: Path | None = None) -> Iterator[Path]:
    """Give a path beside `path` for a new file or folder, which then replaces `path`.

    Parameters
    ----------
    path : Path
        A file that may exist, or a folder that does not.
    hint : str
        What the error message adds if the disk is full.
    like : Path, optional
        A file whose permissions a new file gets, where there is one.

    Raises
    ------
    DataError
        The new file cannot be written. `path` is as it was before.
    """
    with temporary_path(path, hint=hint) as temporary:
        model = next((one for one in (path, like) if one is not None and one.is_file()), None)
        if model is not None:
            # Nobody else may read what is private, at no moment.
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield temporary
        if temporary.is_file():
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            if model is not None:
                temporary.chmod(model.stat().st_mode & 0o7777)
        _take_place(temporary, path)


def _take_place(temporary: Path, path: Path) -> None:
    """Rename a file; where a reader's open file stands in the way, as on Windows, try again."""
    for tries in range(100):
        try:
            temporary.replace(path)
            return
        except PermissionError:
            if os.name != "nt" or tries == 99:
                raise
            time.sleep(0.02)


@contextmanager
def locked(path: Path, *, wait: float = _WAIT) -> Iterator[None]:
    """Keep a file or folder to oneself; all others that ask for it wait, in any process.

    The lock is the operating system's, so that it ends with its process, however that ends. The
    same thread may take it again. Where a file system has no locks, a warning says so and nothing
    is waited for.

    Parameters
    ----------
    path : Path
        A folder that exists, or a file that may exist, in a folder that does.
    wait : float
        How long to wait, in seconds.

    Raises
    ------
    DataError
        The folder cannot be written to, or another process has kept the lock all the time.

    Examples
    --------
    >>> place = getfixture("tmp_path") / "notes.txt"
    >>> with locked(place):
    ...     old = place.read_text() if place.exists() else ""
    ...     written = write_atomically(place, old + "one more line")
    """
    place = path / LOCK if path.is_dir() else path.parent / f".{path.name[:200]}{LOCK}"
    place = Path(os.path.realpath(place.parent)) / place.name
    key = os.getpid(), str(place)
    with _GUARD:
        thread = _THREADS.setdefault(key, threading.RLock())
    until = time.monotonic() + wait
    if not thread.acquire(timeout=wait):
        raise _kept(path, wait)
    try:
        if _DEPTH.get(key):
            yield
            return
        file = _acquire(place, path, until, wait)
        _DEPTH[key] = 1
        try:
            yield
        finally:
            _DEPTH.pop(key, None)
            _release(place, file)
    finally:
        thread.release()


def _acquire(place: Path, path: Path, until: float, wait: float) -> int:
    """Return the open file of a lock once it is ours."""
    pause, told = 0.001, time.monotonic() + _TELL
    while True:
        try:
            file = _try_lock(place)
        except OSError as error:
            raise DataError(
                f"cannot be written ({error.strerror or error})",
                source=path,
                hint="Choose a folder that exists and that you may write to",
            ) from error
        if file is not None:
            return file
        now = time.monotonic()
        if now > until:
            raise _kept(path, wait)
        if now > told:
            left = f"waiting for at most {until - now:.0f} s"
            print(f"{path}: another process writes to it; {left}", file=sys.stderr)
            told = until
        time.sleep(pause * random.uniform(0.5, 1))
        pause = min(pause * 1.5, 0.05)


def _try_lock(place: Path) -> int | None:
    """Return the open file if the lock is free, else None."""
    more = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        file = os.open(place, os.O_RDWR | os.O_CREAT | more, 0o666)
    except PermissionError:
        if os.name == "nt":
            # Its last owner is about to delete it.
            return None
        # Left by another user's process; on most systems it can be locked nevertheless.
        file = os.open(place, os.O_RDONLY | more)
    try:
        if not _lock(file, place):
            os.close(file)
            return None
        # Whoever had it last deleted it: then this is the lock of a file that nobody else sees.
        there = place.lstat()
        if os.name != "nt" and not os.path.samestat(os.fstat(file), there):
            os.close(file)
            return None
    except FileNotFoundError:
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    return file


def _lock(file: int, place: Path) -> bool:
    """Return whether an open file could be locked."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            warn_user(
                f"{place.parent}: this file system has no locks; save there from one process "
                "at a time"
            )
            return True
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def _release(place: Path, file: int) -> None:
    # Deleted while it is ours; Windows deletes no open file, and there it is deleted after.
    with suppress(OSError):
        place.unlink()
    os.close(file)
    if os.name == "nt":
        with suppress(OSError):
            place.unlink()


def _kept(path: Path, wait: float) -> DataError:
    return DataError(
        f"another process has been writing to it for {wait:.0f} s",
        source=path,
        hint="Wait until it is done, or end it, and try again",
    )


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
