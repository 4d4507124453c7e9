"""Writing of whole files: a file is complete, or as it was before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.errors import DataError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty temporary file beside `path`, renamed to `path` where the block succeeds.

    Parameters
    ----------
    path : Path
        The file to write; it is replaced if it exists. Its folder must exist.

    Yields
    ------
    Path
        The temporary file, on the same disk. It is removed where the block fails.

    Raises
    ------
    DataError
        The folder does not exist or cannot be written to, or the disk is full; the system's own
        error is its cause.

    Examples
    --------
    >>> target = getfixture("tmp_path") / "notes.txt"
    >>> with replacing(target) as temporary:
    ...     _ = temporary.write_text("Bees dance.")
    >>> target.read_text()
    'Bees dance.'
    """
    try:
        # `toolkit.storage.folder` removes files with this ending that a killed process left.
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            # Temporary files are private; this one is to be read by everybody.
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"cannot be written ({error.strerror})",
            source=path,
            hint="Name a file in a folder that exists, is yours and has room",
        ) from error


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write a file under a temporary name, then rename it; return its path.

    Parameters
    ----------
    path : Path
        The file to write; it is replaced if it exists. Its folder must exist.
    content : str or bytes
        Text is written as UTF-8 with its line ends unchanged; a lone surrogate becomes a question
        mark.

    Returns
    -------
    Path
        `path`. The file can be read by everybody and written by its owner (mode 0644), and is on
        the disk before it replaces the old one.

    Raises
    ------
    DataError
        The folder does not exist or cannot be written to, or the disk is full; the system's own
        error is its cause. The temporary file is removed.

    Examples
    --------
    >>> target = getfixture("tmp_path") / "notes.txt"
    >>> write_atomically(target, "Bees dance.").read_text()
    'Bees dance.'
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path
