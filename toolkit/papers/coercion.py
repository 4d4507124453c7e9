"""Convert raw values to the types of the papers table, or raise a `DataError` with the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError, shorten
from toolkit.text.boilerplate import clean_abstract

PRECISIONS = ("day", "month", "year")
#: What a paper says of its code or its artifacts; see `toolkit.code_claims`.
STATUSES = ("linked", "claimed", "promised", "request", "none")
#: So many values of a column are converted at a time.
_PIECE = 10_000
_HINT = "Correct it, or leave it empty"
_PRECISION_OF_LENGTH = {4: "year", 7: "month"}


class Place:
    """Where the records come from, for messages.

    Parameters
    ----------
    origin : str
        File or service.
    rows : sequence of int, optional
        Line or row of each record in the source; counted from 1 where not given.
    unit : str
        What `rows` counts: ``row``, ``line`` or ``record``; "" where their number says nothing.
    lenient : bool
        Note the first error of each record in `refused`, in place of raising it.

    Attributes
    ----------
    refused : dict of int to DataError
        The error of each record that cannot be read, by its position.
    noted : dict of int to list of str
        What was left empty in a record that was read, by its position.
    wrong_dates : dict of int to str
        The text in place of the date of publication, by its position, where it is no date.
    """

    def __init__(
        self,
        origin: str,
        rows: Sequence[int] | None = None,
        *,
        unit: str = "row",
        lenient: bool = False,
    ) -> None:
        self.origin, self.rows, self.unit, self.lenient = origin, rows, unit, lenient
        self.refused: dict[int, DataError] = {}
        self.noted: dict[int, list[str]] = {}
        self.wrong_dates: dict[int, str] = {}

    def row(self, position: int) -> int:
        """Return the row of the record at a position, counted as in the source."""
        return int(self.rows[position]) if self.rows is not None else position + 1

    def refuse(
        self, values: pd.Series[Any], bad: Any, message: str, column: str, **facts: Any
    ) -> pd.Series[Any]:
        """Return values without the bad ones, whose records cannot be read.

        Raises
        ------
        DataError
            For the first of them, unless the place is lenient.
        """
        for at in np.flatnonzero(bad).tolist():
            found = {"found": values.iloc[at]} if not _is_missing(values.iloc[at]) else {}
            error = self.error(message, at, column, **found, **facts)
            if not self.lenient:
                raise error
            self.refused.setdefault(at, error)
        return values.mask(np.asarray(bad))

    def error(self, message: str, position: int, column: str, **facts: Any) -> DataError:
        """Return the error for a value at a position."""
        found = facts.get("found")
        if isinstance(found, np.generic):
            facts["found"] = found.item()
        return DataError(
            message, source=self.origin, row=self.row(position), column=column, **facts
        )


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def as_text(value: Any) -> str | None:
    r"""Return a value as text without what cannot be written or hashed; None where it is missing.

    Examples
    --------
    >>> as_text(["A. One", "B. Two"]), as_text(float("nan")), as_text("a\x00b")
    ('A. One; B. Two', None, 'a b')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if not isinstance(value, str):
        if isinstance(value, float) and (value != value or value.is_integer()):
            return None if value != value else str(int(value))
        if isinstance(value, list | tuple):
            parts = [as_text(item) for item in value]
            return "; ".join(part for part in parts if part)
        if isinstance(value, dict):
            return _name_in(value)
        value = str(value)
    text: str = value
    if text.isascii():
        return text.replace("\x00", " ") if "\x00" in text else text
    # Lone surrogates come from broken JSON escapes.
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _name_in(value: dict[Any, Any]) -> str | None:
    """Return the name in an object: Semantic Scholar's, OpenAlex's, or CSL's of two parts."""
    inner = value.get("author")
    value = inner if isinstance(inner, dict) else value
    whole = next((value[key] for key in ("name", "display_name") if key in value), None)
    parts = [whole] if whole else [value.get(key) for key in ("given", "family", "literal")]
    return as_text(" ".join(part for part in parts if isinstance(part, str))) or None


def text_column(
    values: pd.Series[Any], *, clean: Callable[[str], str] | None = None
) -> pd.Series[Any]:
    """Return a column of text; what is empty after cleaning becomes NA."""
    return _by_pieces(values, lambda raw: _texts(raw, clean))


def _texts(raw: list[Any], clean: Callable[[str], str] | None) -> list[str | None]:
    done: list[str | None] = []
    for value in raw:
        # Most values are plain text or missing; this loop is where loading spends its time.
        if value is None:
            done.append(None)
            continue
        plain = type(value) is str and value.isascii() and "\x00" not in value
        text = value if plain else as_text(value)
        if text:
            text = clean(text) if clean is not None else text.strip()
        done.append(text or None)
    return done


def _by_pieces(
    values: pd.Series[Any], convert: Callable[[list[Any]], list[str | None]]
) -> pd.Series[Any]:
    """Return a column of text made piece by piece: a column of 300 MB is never there twice."""
    pieces = [
        pd.Series(pd.array(convert(values.iloc[at : at + _PIECE].tolist()), dtype="string"))
        for at in range(0, max(len(values), 1), _PIECE)
    ]
    whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces)
    return whole.set_axis(values.index)


def items_column(
    values: pd.Series[Any], *, clean: Callable[[str], str] | None = None
) -> pd.Series[Any]:
    """Return a column of lists as text, their items between ``; ``; repeated items go.

    Examples
    --------
    >>> items_column(pd.Series([["oak; elm", "fir"], "oak ;elm;; oak"])).tolist()
    ['oak, elm; fir', 'oak; elm']
    """

    def convert(raw: list[Any]) -> list[str | None]:
        joined = []
        for value in raw:
            if isinstance(value, list | tuple):
                items = [(as_text(item) or "").replace("; ", ", ") for item in value]
            else:
                items = (as_text(value) or "").split(";")
            if clean is not None:
                items = [clean(item) for item in items]
            joined.append("; ".join(dict.fromkeys(filter(None, map(str.strip, items)))))
        return [text or None for text in joined]

    return _by_pieces(values, convert)


def number_column(values: pd.Series[Any], place: Place, column: str) -> pd.Series[Any]:
    """Return a column of whole numbers; ``"1,234"`` and ``"12.0"`` are understood."""
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("Int64")
    texts = [as_text(value) for value in values.tolist()]
    bare = [text.strip().replace(",", "") if text else None for text in texts]
    filled = pd.Series([text or None for text in bare], index=values.index, dtype=object)
    numbers = pd.to_numeric(filled, errors="coerce").astype("Float64")
    wrong = (numbers.isna() & filled.notna()) | ((numbers % 1 != 0) | (numbers.abs() > 2**53))
    bad = wrong.fillna(False).to_numpy(dtype=bool) & filled.notna().to_numpy()
    if bad.any():
        if place.lenient and column != "year":
            # A count that is none must not cost the paper.
            for at in np.flatnonzero(bad).tolist():
                said = f"{column}: {shorten(values.iloc[at], 40)} is not a whole number"
                place.noted.setdefault(at, []).append(said)
        else:
            place.refuse(values, bad, "not a whole number", column, hint=_HINT)
        numbers = numbers.mask(bad)
    return numbers.astype("Int64")


def abstract_column(
    values: pd.Series[Any], place: Place, *, clean: Callable[[str], str]
) -> pd.Series[Any]:
    """Return clean abstracts without what databases add; `place.noted` tells of it."""
    at = -1

    # Both in one go: abstracts are most of the memory of a collection.
    def convert(raw: list[Any]) -> list[str | None]:
        nonlocal at
        found: list[str | None] = []
        for text in _texts(raw, clean):
            at += 1
            bare, taken_off = clean_abstract(text) if text else (None, "")
            found.append(bare or None)
            if taken_off:
                place.noted.setdefault(at, []).append(f"abstract: {taken_off} was taken off")
        return found

    return _by_pieces(values, convert)


def problems_column(raw: pd.DataFrame, place: Place) -> pd.Series[Any]:
    """Return the column `problems`: what it held before, and what was left empty now."""
    before = text_column(raw.get("problems", pd.Series(None, raw.index, dtype=object)))
    said = [
        "; ".join([*([old] if isinstance(old, str) else []), *place.noted.get(at, [])]) or None
        for at, old in enumerate(before.tolist())
    ]
    return pd.Series(pd.array(said, dtype="string"), index=raw.index)


def date_column(values: pd.Series[Any], place: Place, column: str) -> pd.Series[Any]:
    """Return a column of dates without time of day, in UTC."""
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        text = pd.Series(
            [(as_text(value) or "").strip() or None for value in values.tolist()],
            index=values.index,
            dtype=object,
        )
        dates = pd.to_datetime(text, errors="coerce", format="ISO8601", utc=True)
        bad = (dates.isna() & text.notna()).to_numpy()
        if bad.any() and place.lenient and column == "published":
            # A wrong date must not cost the paper: its year may be known.
            place.wrong_dates |= {at: text.iloc[at] for at in np.flatnonzero(bad).tolist()}
        elif bad.any():
            place.refuse(values, bad, "not a date", column, expected="YYYY-MM-DD", hint=_HINT)
        values = dates
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    dates_alone: pd.Series[Any] = values.dt.normalize().astype("datetime64[us]")
    return dates_alone


def date_precision(values: pd.Series[Any]) -> list[str]:
    """Return how precise written dates are: ``2024`` is a year, ``2024-05`` a month."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return ["day"] * len(values)
    lengths = [len((as_text(value) or "").strip()) for value in values.tolist()]
    return [_PRECISION_OF_LENGTH.get(length, "day") for length in lengths]


def year_column(
    values: pd.Series[Any], place: Place, *, dated: Any
) -> tuple[pd.Series[Any], dict[int, str]]:
    """Return a column of years of four digits, and the values that are none.

    Parameters
    ----------
    values : Series
        Years.
    place : Place
        Where they come from; where it is not lenient, a value that is no year is an error.
    dated : array of bool
        Which records have a date beside; only those of the others cannot be read.
    """
    years = number_column(values, Place(place.origin, lenient=True), "years")
    years = years.where(years.between(1000, 9999).fillna(False))
    texts = [as_text(value) for value in values.tolist()]
    wrong = {
        at: text
        for at, (text, gap) in enumerate(zip(texts, years.isna().tolist()))
        if gap and text and text.strip()
    }
    if wrong:
        bad = np.zeros(len(values), dtype=bool)
        bad[list(wrong)] = True
        if place.lenient:
            bad &= ~dated
        place.refuse(values, bad, "not a year", "year", expected="a year such as 2021", hint=_HINT)
        wrong = {at: text for at, text in wrong.items() if not bad[at]}
    return years, wrong


def category_column(
    values: pd.Series[Any], categories: Sequence[str], place: Place, column: str
) -> pd.Series[Any]:
    """Return a column of categories; a value that is none of them is an error."""
    known = [
        value if value is not pd.NA and value in categories else as_text(value)
        for value in values.tolist()
    ]
    bad = [value is not None and value not in categories for value in known]
    if any(bad):
        expected = f"{', '.join(categories[:-1])} or {categories[-1]}"
        place.refuse(values, bad, "not a known value", column, expected=expected)
        known = [None if wrong else value for wrong, value in zip(bad, known)]
    return pd.Series(pd.Categorical(known, list(categories)), index=values.index)
