"""Arguments: a DataError that names the one that is wrong, where Python would say less."""

from __future__ import annotations

from numbers import Real
from typing import Any

from toolkit.errors import DataError


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
            mend="Make one with toolkit.fit_topics(papers)",
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
