"""Warnings that point at the user's own line, however deep in the toolkit they arise."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

_ROOT = f"{Path(__file__).resolve().parent}{os.sep}"


def warn_user(message: str) -> None:
    """Warn about data, at the line outside the toolkit that led here.

    Python says the same words once a line, so what several steps of one call find is said once.
    (From Python 3.12 on, `skip_file_prefixes` would do this.)

    Parameters
    ----------
    message : str
        What was found, with counts.

    Warns
    -----
    UserWarning
        The message.
    """
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_ROOT):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UserWarning, stacklevel=level)
