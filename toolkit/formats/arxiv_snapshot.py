"""Reads the arXiv metadata snapshot, millions of JSON lines, in pieces."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, overload

import pandas as pd

from toolkit.errors import DataError, checked, hint_nearest
from toolkit.formats.inputs import Input, find_inputs
from toolkit.formats.json.parsing import parse_object
from toolkit.formats.records import Records
from toolkit.papers.coercion import Place
from toolkit.papers.identifiers import arxiv_month, parse_arxiv_id
from toolkit.papers.repeats import merge_repeats
from toolkit.papers.schema import make_papers
from toolkit.papers.set_aside import reason_of

_BLOCK = 1 << 23
_MAX_LINE = 1 << 24
# In JSON a quotation mark inside a text is escaped, so these match keys only.
_CATEGORIES = re.compile(rb'"categories"\s*:\s*"([^"]*)"')
_ID = re.compile(rb'"id"\s*:\s*"(?:[a-z.-]+/)?(\d\d)(\d\d)')
_CREATED = re.compile(r"(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4})")
_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: f"{at:02}" for at, name in enumerate(re.findall(r"\w+", _MONTH_NAMES), start=1)}

#: The archives that arXiv has or had: what a category begins with.
_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas "
    "cond-mat cs dg-ga econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th "
    "nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph solv-int stat "
    "supr-con"
).split()

#: The columns that records have, and the position of the date.
_FIELDS = (
    "paper_id", "title", "abstract", "authors", "published", "published_precision", "categories",
    "venue", "comments", "doi", "url",
)  # fmt: skip
_PUBLISHED = _FIELDS.index("published")

Row = tuple[Any, ...]
OnBad = Callable[[int, str], None]


@overload
def load_arxiv_snapshot(
    path: str | Path,
    *,
    categories: str | Sequence[str] | None = None,
    since: str | dt.date | None = None,
    chunksize: None = None,
    on_bad: OnBad | None = None,
) -> pd.DataFrame: ...


@overload
def load_arxiv_snapshot(
    path: str | Path,
    *,
    categories: str | Sequence[str] | None = None,
    since: str | dt.date | None = None,
    chunksize: int,
    on_bad: OnBad | None = None,
) -> Iterator[pd.DataFrame]: ...


@checked
def load_arxiv_snapshot(
    path: str | Path,
    *,
    categories: str | Sequence[str] | None = None,
    since: str | dt.date | None = None,
    chunksize: int | None = None,
    on_bad: OnBad | None = None,
) -> pd.DataFrame | Iterator[pd.DataFrame]:
    """Load the arXiv metadata snapshot, whole or in pieces of bounded size.

    Parameters
    ----------
    path : str or Path
        The snapshot: JSON Lines, plain, gzip or in a ZIP archive of its own.
    categories : str or sequence of str, optional
        Keep papers that have one of these categories, first or not: ``"cs.CL"``, or ``"cs"`` for
        the whole archive.
    since : date, str or Timestamp, optional
        Keep papers whose first version is of this day or later.
    chunksize : int, optional
        Yield papers tables of at most so many rows instead of returning one table. Memory then
        holds one piece; repeats are found within a piece only.
    on_bad : callable, optional
        Called with the number of a line that cannot be read and the reason; the line is left
        out. Without it such a line is an error.

    Returns
    -------
    DataFrame, or iterator of DataFrame
        Papers tables, in the order of the file.

    Raises
    ------
    DataError
        A line is not a record of a paper; the error names it.

    Examples
    --------
    >>> for piece in load_arxiv_snapshot("arxiv.json.gz", categories="cs.CL",
    ...                                  chunksize=50_000):  # doctest: +SKIP
    ...     print(len(piece))
    """
    (one,) = _one_input(path)
    wanted = Wanted(categories, since)
    if chunksize is not None:
        if chunksize < 1:
            raise DataError("no size of a piece", argument="chunksize", found=chunksize)
        return _pieces(one, wanted, chunksize, on_bad)

    tables = list(_pieces(one, wanted, 100_000, on_bad))
    if not tables:
        return make_papers(
            pd.DataFrame({"title": pd.Series(dtype="string")}), source="arxiv-snapshot"
        )
    if len(tables) == 1:
        return tables[0]
    return merge_repeats(pd.concat(tables, ignore_index=True), Place(one.name))


def read_snapshot_text(text: str, *, origin: str) -> Records:
    """Return the records of snapshot lines given as text."""
    records = Records("arxiv-snapshot")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = _record(parse_object(line, origin=origin, number=number), origin, number)
        except DataError as error:
            records.set_aside(number, reason_of(error), line)
            continue
        records.add(dict(zip(_FIELDS, row)), number)
    return records


class Wanted:
    """The filters; checked here, and applied to the bytes of a line before it is parsed."""

    def __init__(self, categories: str | Sequence[str] | None, since: str | dt.date | None) -> None:
        self.pattern: re.Pattern[bytes] | None = None
        if categories is not None:
            names = [categories] if isinstance(categories, str) else list(categories)
            for name in names:
                _check_category(name)
            parts = [re.escape(name.removesuffix(".*")).encode() for name in names]
            whole = rb"(?:^|\s)(?:" + b"|".join(parts) + rb")(?=\s|$|\.)"
            self.pattern = re.compile(whole)
        self.since: pd.Timestamp | None = None
        if since is not None:
            self.since = _day(since)
            self._since_day = f"{self.since:%Y-%m-%d}"
            # The id tells the month of the announcement, up to one month after the submission.
            self._since_month = (self.since.year, self.since.month)

    def line(self, line: bytes) -> bool:
        """Return whether a line may be wanted; exact for categories, approximate for dates."""
        if self.pattern is not None:
            match = _CATEGORIES.search(line)
            if match is not None and self.pattern.search(match[1]) is None:
                return False
        if self.since is not None:
            match = _ID.search(line)
            if match is not None:
                year = int(match[1])
                return (year + (1900 if year >= 91 else 2000), int(match[2])) >= self._since_month
        return True

    def row(self, row: Row) -> bool:
        """Return whether a record is wanted."""
        return self.since is None or row[_PUBLISHED] >= self._since_day


def _check_category(name: str) -> None:
    archive = name.partition(".")[0] if isinstance(name, str) else ""
    if archive not in _ARCHIVES:
        raise DataError(
            "not a category of arXiv",
            argument="categories",
            found=name,
            expected="a name such as 'cs.CL', or 'cs' for all of an archive",
            hint=hint_nearest(archive, _ARCHIVES) if archive else None,
        )


def _day(since: object) -> pd.Timestamp:
    try:
        day: pd.Timestamp = pd.Timestamp(since).tz_localize(None).normalize()  # type: ignore[arg-type]
        if not 1900 <= day.year <= 2200:  # not NaT either
            raise ValueError
    except (ValueError, TypeError, AttributeError, NotImplementedError) as error:
        raise DataError(
            "not a date", argument="since", found=since, expected="YYYY-MM-DD"
        ) from error
    return day


def _one_input(path: str | Path) -> list[Input]:
    place = Path(path) if isinstance(path, str) else path
    if isinstance(place, Path) and place.is_dir():
        raise DataError("a folder", source=str(place), expected="the snapshot's one file")
    return find_inputs(place)


def _pieces(
    one: Input, wanted: Wanted, chunksize: int, on_bad: OnBad | None
) -> Iterator[pd.DataFrame]:
    records: list[Row] = []
    numbers: list[int] = []

    def table() -> pd.DataFrame:
        frame = pd.DataFrame(records, columns=list(_FIELDS), dtype=object)
        return make_papers(
            frame, source="arxiv-snapshot", origin=one.label, rows=numbers, unit="line"
        )

    with one.open() as stream:
        for number, line in _lines(stream, one.name):
            if not wanted.line(line) or not line.strip():
                continue
            try:
                record = _record(
                    parse_object(line, origin=one.name, number=number), one.name, number
                )
            except DataError as error:
                if on_bad is None:
                    raise
                on_bad(number, error.message)
                continue
            if not wanted.row(record):
                continue
            records.append(record)
            numbers.append(number)
            if len(records) == chunksize:
                yield table()
                records, numbers = [], []
    if records:
        yield table()


def _lines(stream: IO[bytes], origin: str) -> Iterator[tuple[int, bytes]]:
    """Yield numbered lines, reading large blocks."""
    number, rest = 0, b""
    while block := stream.read(_BLOCK):
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        if len(rest) > _MAX_LINE:
            raise DataError(
                "a line is too long",
                source=origin,
                row=number + len(lines) + 1,
                found=f"more than {_MAX_LINE >> 20} MB",
                expected="one JSON object on each line",
            )
        for number, line in enumerate(lines, start=number + 1):  # noqa: B020
            yield number, line
    if rest:
        yield number + 1, rest


def _record(record: dict[str, Any], origin: str, number: int) -> Row:
    arxiv_id = record.get("id")
    clean = parse_arxiv_id(arxiv_id) if isinstance(arxiv_id, str) else None
    title = record.get("title")
    if clean is None or not isinstance(title, str) or not title.strip():
        column, found = ("id", arxiv_id) if clean is None else ("title", title)
        raise DataError(
            "not a record of the arXiv snapshot",
            source=origin,
            row=number,
            column=column,
            found=found,
            expected="an arXiv id" if clean is None else "a title",
        )
    published, precision = _first_version(record), "day"
    if published is None:
        published, precision = f"{arxiv_month(clean):%Y-%m-%d}", "month"
    # Unlike a dict, a tuple of strings costs the garbage collector nothing.
    return (
        f"arxiv:{clean}",
        title,
        record.get("abstract"),
        _authors(record),
        published,
        precision,
        record.get("categories"),
        record.get("journal-ref"),
        record.get("comments"),
        record.get("doi"),
        f"https://arxiv.org/abs/{clean}",
    )


def _first_version(record: dict[str, Any]) -> str | None:
    try:
        match = _CREATED.match(record["versions"][0]["created"])
    except (KeyError, IndexError, TypeError):
        return None
    if match is None or match[2] not in _MONTHS:
        return None
    return f"{match[3]}-{_MONTHS[match[2]]}-{int(match[1]):02}"


def _authors(record: dict[str, Any]) -> str | None:
    parsed = record.get("authors_parsed")
    if not isinstance(parsed, list) or not parsed:
        authors = record.get("authors")
        return authors if isinstance(authors, str) else None
    try:
        names = [
            f"{first} {last}" if first and last and not any(rest[:1])
            else " ".join(filter(None, (first, last, *rest[:1])))
            for last, first, *rest in parsed
        ]  # fmt: skip
    except (TypeError, ValueError):
        return None
    return "; ".join(names).replace(". -", ".-")
