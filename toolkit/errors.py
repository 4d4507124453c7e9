"""The three errors of the toolkit; each says what is wrong, where, and how to mend it."""

from __future__ import annotations

from typing import Any

_MISSING: Any = object()
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
    mend : str, optional
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
        source: Any = None,
        row: int | str | None = None,
        column: str | None = None,
        argument: str | None = None,
        found: Any = _MISSING,
        expected: str | None = None,
        mend: str | None = None,
    ) -> None:
        self.message, self.source, self.row, self.column = message, source, row, column
        self.argument = argument
        self.found = None if found is _MISSING else found
        self.expected, self.mend = expected, mend
        place = [str(source)] if source is not None else []
        place += [f"row {row}"] if row is not None else []
        place += [f"column {column!r}"] if column is not None else []
        place += [f"argument {argument!r}"] if argument is not None else []
        facts = [f"found {shorten(found)}"] if found is not _MISSING else []
        facts += [f"expected {expected}"] if expected else []
        text = ": ".join(filter(None, [", ".join(place), message, ", ".join(facts)]))
        if mend:
            text += f". {mend}" if not text.endswith((".", "!", "?")) else f" {mend}"
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

    def __init__(self, message: str, *, partial: Any = None) -> None:
        self.partial = partial
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
