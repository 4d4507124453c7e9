"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from toolkit.errors import DataError


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write a file beside its place, then rename it: it is there whole, or as it was before.

    Parameters
    ----------
    path : Path
        Where to; what is there is replaced. Its folder must be there.
    content : str or bytes
        Text is written as UTF-8 with its line ends as they are; half a surrogate pair, which is
        no character, becomes a question mark.

    Returns
    -------
    Path
        `path`. The file can be read by everybody and written by its owner (mode 0644), and is on
        the disk before it takes its place.

    Raises
    ------
    DataError
        The folder is not there or cannot be written to, or the disk is full; the system's own
        error is its cause. Nothing is left over.

    Examples
    --------
    >>> place = getfixture("tmp_path") / "notes.txt"
    >>> write_atomically(place, "Bees dance.").read_text()
    'Bees dance.'
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        # The ending is the one that `toolkit.storage.folder` sweeps after a kill.
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # A temporary file is private; one to hand on is not.
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DataError(
            f"cannot be written ({error.strerror})",
            source=path,
            hint="Name a file in a folder that exists, is yours and has room",
        ) from error
    return path
