"""Errors, warnings and argument checks: each says what is wrong, where, and how to fix it."""

from __future__ import annotations

import os
import sys
import warnings
from numbers import Real
from pathlib import Path
from typing import Any

_MISSING: Any = object()
_ROOT = f"{Path(__file__).resolve().parent}{os.sep}"
#: What the optional groups hold; the toolkit itself is on no package index.
_PACKAGES = {"transformers": "sentence-transformers", "dask": "'dask[dataframe]' distributed"}


class DataError(ValueError):
    """Input that cannot be used as it is.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence without the final full stop.
    source : str or path-like, optional
        The file, folder or table in which it was found.
    row : int or str, optional
        The place inside the source, as a reader would count it (line 1 is the first).
    column : str, optional
        The column or field.
    argument : str, optional
        The argument, where no table is to blame but what the user asked for.
    found : object, optional
        The offending value; shown shortened.
    expected : str, optional
        What should have been there.
    hint : str, optional
        What the user can do about it.

    Examples
    --------
    >>> print(DataError("not a date", row=17, column="listed", found="2024-13",
    ...                 expected="YYYY-MM-DD"))
    row 17, column 'listed': not a date: found '2024-13', expected YYYY-MM-DD
    """

    def __init__(
        self,
        message: str,
        *,
        source: object = None,
        row: int | str | None = None,
        column: str | None = None,
        argument: str | None = None,
        found: object = _MISSING,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.message, self.source, self.row, self.column = message, source, row, column
        self.argument = argument
        self.found = None if found is _MISSING else found
        self.expected, self.hint = expected, hint
        place = [str(source)] if source is not None else []
        place += [f"row {row}"] if row is not None else []
        place += [f"column {column!r}"] if column is not None else []
        place += [f"argument {argument!r}"] if argument is not None else []
        facts = [f"found {shorten(found)}"] if found is not _MISSING else []
        facts += [f"expected {expected}"] if expected else []
        text = ": ".join(filter(None, [", ".join(place), message, ", ".join(facts)]))
        if hint:
            text += f". {hint}" if not text.endswith((".", "!", "?")) else f" {hint}"
        super().__init__(text)


class SourceError(RuntimeError):
    """A service that could not be reached, or that refused or broke off.

    Parameters
    ----------
    message : str
        What happened, with the service's name and what to do.
    partial : object, optional
        What had been fetched before; nothing of it is lost.
    """

    def __init__(self, message: str, *, partial: object = None) -> None:
        self.partial: Any = partial
        super().__init__(message)


class MissingExtraError(ImportError):
    """A feature that needs an optional group of packages.

    Parameters
    ----------
    what : str
        The feature, as the user asked for it.
    extra : str
        The optional group in pyproject.toml.
    """

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        packages = _PACKAGES.get(extra)
        plain = f"`.venv/bin/pip install {packages}`, or " if packages else ""
        super().__init__(
            f"{what} needs the optional group {extra!r}; install it with {plain}from a checkout "
            f"`.venv/bin/pip install -e '.[{extra}]'`, and restart the kernel"
        )


def shorten(value: Any, length: int = 80) -> str:
    """Return ``repr(value)``, cut in the middle of long values so messages stay readable."""
    text = repr(value)
    return text if len(text) <= length else f"{text[: length - 21]} … {text[-18:]}"


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


def check_whole(value: Any, argument: str, *, least: int = 0) -> None:
    """Raise a DataError where an argument is no whole number, or less than `least`.

    Examples
    --------
    >>> check_whole(5, "n_topics", least=1)
    >>> check_whole(2.5, "n_topics", least=1)
    Traceback (most recent call last):
    toolkit.errors.DataError: argument 'n_topics': not a count: found 2.5, expected 1 or more
    """
    if not (_is_number(value) and least <= value < float("inf") and value == int(value)):
        raise DataError("not a count", argument=argument, found=value, expected=f"{least} or more")


def check_positive(value: Any, argument: str) -> None:
    """Raise a DataError where an argument is no finite number above 0."""
    if not (_is_number(value) and 0 < value < float("inf")):
        raise DataError("not a number above 0", argument=argument, found=value)


def check_model(value: Any, argument: str) -> None:
    """Raise a DataError where an argument is no topic model: has no tables papers and topics."""
    if not all(hasattr(getattr(value, name, None), "columns") for name in ("papers", "topics")):
        raise DataError(
            "not a topic model",
            argument=argument,
            found=type(value).__name__,
            expected="a TopicModel",
            hint="Make one with toolkit.fit_topics(papers)",
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
