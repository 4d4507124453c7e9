"""Errors, warnings and checks of arguments.

Long because all rooms raise these errors, and the checks of arguments stand with them.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from numbers import Real
from pathlib import Path
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])
_MISSING: Any = object()
_ALL_NAMES = "The names are "
_ROOT = f"{Path(__file__).resolve().parent}{os.sep}"
#: What to install for each optional group; the toolkit itself is not on a package index.
_PACKAGES = {
    "classic": "umap-learn hdbscan",
    "transformers": "sentence-transformers",
    "dask": "'dask[dataframe]' distributed",
}


#: What the file system says of a place, and of a full disk; errors of connections are others.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OF_FILES = _FULL | {
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.EEXIST, errno.ENOTDIR, errno.EISDIR,
    errno.ENOTEMPTY, errno.ELOOP, errno.ENAMETOOLONG, errno.EROFS, errno.EIO, errno.EXDEV,
}  # fmt: skip
#: Arguments that are places.
_PLACES = ("path", "folder", "log", "source", "paths", "cache")


class DataError(ValueError):
    """Input that cannot be used: what is wrong, where, and how to fix it.

    Parameters
    ----------
    message : str
        What is wrong, as one sentence without a full stop.
    source : str or path-like, optional
        The file, folder or table where it was found.
    row : int or str, optional
        The row or line in the source, counted from 1.
    column : str, optional
        The column or field.
    argument : str, optional
        The argument, if the error is in the call and not in a table.
    found : object, optional
        The wrong value; long ones are shown shortened.
    expected : str, optional
        What would have been right.
    hint : str, optional
        How to fix it.

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
        if hint and not _repeats(hint, expected):
            text += f". {hint}" if not text.endswith((".", "!", "?")) else f" {hint}"
        super().__init__(text)


class SourceError(RuntimeError):
    """A service that cannot be reached, or that refuses or fails.

    Parameters
    ----------
    message : str
        What happened, with the service's name and what to do.
    partial : object, optional
        What was fetched before the error.
    """

    def __init__(self, message: str, *, partial: object = None) -> None:
        self.partial: Any = partial
        super().__init__(message)


class MissingExtraError(ImportError):
    """A package of an optional group is not installed.

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


def _repeats(hint: str, expected: str | None) -> bool:
    """Return whether a hint lists names that are all in what was expected."""
    names = hint.partition(_ALL_NAMES)[2].rstrip(".").split(", ")
    return hint.startswith(_ALL_NAMES) and all(one.strip("'") in (expected or "") for one in names)


def shorten(value: Any, length: int = 80) -> str:
    """Return ``repr(value)``, without its middle if it is longer than `length`."""
    text = repr(value)
    return text if len(text) <= length else f"{text[: length - 21]} … {text[-18:]}"


def hint_nearest(given: object, names: Iterable[object]) -> str:
    """Return a hint: which of the names was meant, else all of them.

    Examples
    --------
    >>> hint_nearest("country", ["title", "countries"])
    "Did you mean 'countries'?"
    >>> hint_nearest("Author Keywords", ["authors", "keywords"])
    "Did you mean 'keywords'?"
    >>> hint_nearest("colour", ["title", "countries"])
    "The names are 'title', 'countries'"
    """
    known = [str(name) for name in names]
    folded = {name.lower().replace("_", " "): name for name in reversed(known)}
    said = str(given).lower().replace("_", " ")
    said = {"journal": "venue", "year": "published", "affiliation": "affiliations"}.get(said, said)
    near = get_close_matches(said, list(folded), n=1, cutoff=0.65)
    if near:
        return f"Did you mean {folded[near[0]]!r}?"
    return f"{_ALL_NAMES}{', '.join(map(repr, known))}"


def warn_user(message: str) -> None:
    """Warn about data; the warning names the line of the user's code that called the toolkit.

    Python shows the same message only once for each line, so a warning that several steps of one
    call give is shown once. (From Python 3.12 on, `skip_file_prefixes` would do this.)

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
    """Raise a DataError if an argument is not a whole number or is less than `least`.

    Examples
    --------
    >>> check_whole(5, "n_topics", least=1)
    >>> check_whole(2.5, "n_topics", least=1)
    Traceback (most recent call last):
    toolkit.errors.DataError: argument 'n_topics': not a count: found 2.5, expected 1 or more
    """
    if not (is_number(value) and least <= value < float("inf") and value == int(value)):
        raise DataError(
            "not a count", argument=argument, found=value, expected=f"{least} or more",
            hint=_text_hint(value),
        )  # fmt: skip


def check_positive(value: Any, argument: str) -> None:
    """Raise a DataError if an argument is not a finite number above 0."""
    if not (is_number(value) and 0 < value < float("inf")):
        raise DataError(
            "not a number above 0", argument=argument, found=value, hint=_text_hint(value)
        )


def check_weight(value: Any, argument: str) -> None:
    """Raise a DataError if an argument is not a finite number, 0 or more."""
    if not (is_number(value) and 0 <= value < float("inf")):
        raise DataError(
            "not a weight", argument=argument, found=value, expected="0 or more",
            hint=_text_hint(value),
        )  # fmt: skip


def _text_hint(value: Any) -> str | None:
    """Return what to do about a number in quotes.

    Examples
    --------
    >>> _text_hint("3"), _text_hint(3), _text_hint("three")
    ('This is text: leave the quotes out', None, 'This is text, no number')
    """
    if not isinstance(value, str):
        return None
    is_digits = value.strip().lstrip("-").replace(".", "", 1).isdecimal()
    return "This is text: leave the quotes out" if is_digits else "This is text, no number"


def check_model(value: Any, argument: str) -> None:
    """Raise a DataError if an argument is not a topic model with the tables papers and topics."""
    if not all(hasattr(getattr(value, name, None), "columns") for name in ("papers", "topics")):
        raise DataError(
            "not a topic model",
            argument=argument,
            found=type(value).__name__,
            expected="a TopicModel",
            hint="Give the model itself, and check the order of the arguments"
            if hasattr(value, "columns")
            else "Make one with toolkit.fit_topics(papers)",
        )


def is_number(value: Any) -> bool:
    """Return whether a value is a number, and no yes or no."""
    return isinstance(value, Real) and not isinstance(value, bool)


def checked(function: _Function) -> _Function:
    """Turn errors of wrongly typed arguments and of the file system into DataErrors.

    For all public functions. What a function finds wrong itself, it says in its own words; this is
    for the rest. Calls that do not fit the signature stay TypeErrors.

    Examples
    --------
    >>> @checked
    ... def shout(word: str) -> str:
    ...     return word.upper()
    >>> shout(5)
    Traceback (most recent call last):
    toolkit.errors.DataError: argument 'word': of the wrong type: found 5, expected a text
    """
    known = signature(function)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = known.bind(*args, **kwargs)
        try:
            return function(*args, **kwargs)
        except (DataError, SourceError, ImportError, Warning):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _OF_FILES:
                raise _of_file(error, given.arguments) from error
            for name, value in given.arguments.items():
                if wrong := _wrong(name, value, str(known.parameters[name].annotation)):
                    message, expected = wrong
                    raise DataError(
                        message, argument=name, found=value, expected=expected
                    ) from error
            raise

    return call  # type: ignore[return-value]


def _of_file(error: OSError, arguments: Mapping[str, Any]) -> DataError:
    """Return an error of the file system as a DataError that says where and what to do."""
    # A temporary file that has no name any more tells none.
    place = error.filename or next((arguments[one] for one in _PLACES if one in arguments), None)
    if error.errno in _FULL:
        return DataError(
            f"the disk is full ({error.strerror})",
            source=place,
            hint="Free some space, also in the folder for temporary files",
        )
    return DataError(
        f"cannot be read or written ({error.strerror})",
        source=place,
        hint="Check the path, and that you may read and write there",
    )


def _wrong(name: str, value: Any, annotation: str) -> tuple[str, str] | None:
    """Return what is wrong with an argument that brought about an error, and what is expected."""
    kinds = _kinds(annotation)
    if kinds and not any(_KINDS[kind][1](value) for kind in kinds):
        return "of the wrong type", " or ".join(dict.fromkeys(_KINDS[kind][0] for kind in kinds))
    if hasattr(value, "columns") and not len(value.columns):
        return "a table without columns", "one with the columns that the documentation names"
    if hasattr(value, "columns") and (told := _odd_cell(value)):
        return told
    if name == "seed" and not (is_number(value) and value >= 0):
        return "not a count", "0 or more"
    return None


def _odd_cell(table: Any) -> tuple[str, str] | None:
    """Return what no column should hold, where a table does: lists, halves of characters."""
    for number, name in enumerate(table.columns):
        for cell in table.iloc[:, number].astype(object):
            if isinstance(cell, (list, dict, set)):
                return f"a {type(cell).__name__} in a cell of the column {name!r}", "plain values"
            if isinstance(cell, str) and not cell.isascii() and re.search("[\ud800-\udfff]", cell):
                return f"half of a character in the column {name!r}", "text that UTF-8 can hold"
    return None


#: What a type of an annotation is called, and how it is known.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", lambda a: isinstance(a, str)),
    "int": ("a whole number (int)", lambda a: type(a) is not bool and isinstance(a, int)),
    "float": ("a number", lambda a: is_number(a)),
    "bool": ("True or False", lambda a: type(a).__name__ in ("bool", "bool_")),
    "None": ("None", lambda a: a is None),
    "Path": ("a path", lambda a: isinstance(a, os.PathLike)),
    "os.PathLike": ("a path", lambda a: isinstance(a, os.PathLike)),
    "pd.DataFrame": ("a table", lambda a: hasattr(a, "columns")),
    "pd.Series": ("a column", lambda a: hasattr(a, "index") and hasattr(a, "dtype")),
    "TopicModel": ("a TopicModel", lambda a: hasattr(a, "topics") and hasattr(a, "papers")),
    "Network": ("a Network", lambda a: hasattr(a, "nodes") and hasattr(a, "edges")),
    "Sequence": ("a list", lambda a: _is_list(a) and hasattr(a, "__len__")),
    "list": ("a list", lambda a: _is_list(a) and hasattr(a, "__len__")),
    "Iterable": ("a list", lambda a: _is_list(a)),
    "Mapping": ("a dict", lambda a: hasattr(a, "keys") and not hasattr(a, "columns")),
    "tuple": ("a tuple", lambda a: isinstance(a, tuple)),
    "NDArray": ("an array", lambda a: hasattr(a, "shape") and not hasattr(a, "columns")),
    "Callable": ("a function", callable),
    "dt.date": ("a date", lambda a: hasattr(a, "isoformat")),
    "pd.Timestamp": ("a date", lambda a: hasattr(a, "isoformat")),
    "Axes": ("Axes of matplotlib", lambda a: hasattr(a, "transData")),
    "OnBad": ("'warn', 'raise', 'skip' or a function", lambda a: isinstance(a, str) or callable(a)),
}  # fmt: skip


def _is_list(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str) and not hasattr(value, "keys")


def _kinds(annotation: Any) -> list[str]:
    """Return the types that an annotation names, without what they hold; none where one is unknown.

    Examples
    --------
    >>> _kinds("Mapping[str, Sequence[int]] | npt.NDArray[Any] | None")
    ['Mapping', 'NDArray', 'None']
    >>> _kinds("str | Span")
    []
    """
    text, before = str(annotation), ""
    while text != before:
        text, before = re.sub(r"\[[^\[\]]*\]", "", text), text
    named = [part.strip().removeprefix("npt.") for part in text.split("|")]
    return named if all(part in _KINDS for part in named) else []
