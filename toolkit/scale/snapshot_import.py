"""Import of arXiv's snapshot into parts, in bounded memory, with bad lines set aside."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import DataError, check_whole, checked
from toolkit.files import temporary_path, write_atomically
from toolkit.formats.arxiv_snapshot import Wanted, load_arxiv_snapshot
from toolkit.formats.inputs import find_inputs
from toolkit.scale.parts import CONTINUE, how_made, list_parts, part_path, write_part

BAD_LINES = "bad_lines.tsv"
#: With more bad lines than this share of a part, the file is not arXiv's snapshot.
_MOST_BAD = 0.5
_MAX_LINE = 1 << 24


class _Slice(NamedTuple):
    number: int
    first_line: int
    start: int
    lines: list[bytes]


@checked
def import_snapshot(
    path: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    part_size: int = 25_000,
    categories: str | Sequence[str] | None = None,
    since: str | dt.date | None = None,
) -> pd.DataFrame:
    """Import arXiv's metadata snapshot into a folder of parts; return how many papers each has.

    Parameters
    ----------
    path : path
        The snapshot: JSON Lines, plain, gzip or in a ZIP archive of its own.
    folder : path
        Where the parts go; made if missing. Parts of an earlier, interrupted run are kept, and
        reading goes on after them.
    part_size : int
        Lines a part. One part is in memory at a time: about 10 kB a line.
    categories, since
        As for `toolkit.load_arxiv_snapshot`.

    Returns
    -------
    DataFrame
        One row a part: part, papers, bad (lines that could not be read). The bad lines are listed
        in ``folder/bad_lines.tsv`` with their numbers and the reason.

    Raises
    ------
    DataError
        A category that arXiv has not, a date that is none, parts of another snapshot in the
        folder, most lines of a part are bad, or the disk is full (finished parts stay usable).

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from toolkit.synthetic import write_synthetic_snapshot
    >>> with tempfile.TemporaryDirectory() as name:
    ...     place = Path(name)
    ...     snapshot = write_synthetic_snapshot(place / "snapshot.json", 120)
    ...     import_snapshot(snapshot, place / "parts", part_size=50)["papers"].tolist()
    [50, 50, 20]
    """
    check_whole(part_size, "part_size", least=1)
    day = Wanted(categories, since).since
    source, place = Path(path), Path(folder)
    (one,) = find_inputs(source)
    if one.path is None or not one.path.is_file():
        raise DataError("no such file", source=source, expected="arXiv's snapshot")
    wanted = {
        "step": "import",
        "snapshot": source.name,
        "bytes": source.stat().st_size,
        "part_size": part_size,
        "categories": categories if categories is None or isinstance(categories, str)
        else sorted(categories),
        "since": None if day is None else str(day.date()),
    }  # fmt: skip
    done = _finished(place, wanted)
    first_line = 1 + sum(row["lines"] for row in done)
    start = done[-1]["end"] if done else 0
    with one.open() as stream, tqdm(desc="importing", unit="paper") as progress:
        progress.update(sum(row["papers"] for row in done))
        _skip(stream, start)
        for piece in _slices(stream, len(done), first_line, start, part_size, source.name):
            made = _import_slice(piece, place, wanted, categories, since)
            done.append(made)
            progress.update(made["papers"])
    _write_bad_lines(place, done)
    rows = [{"part": i, "papers": m["papers"], "bad": len(m["bad"])} for i, m in enumerate(done)]
    return pd.DataFrame(rows, columns=["part", "papers", "bad"])


def _finished(place: Path, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the notes of the existing parts; raise DataError where they are of another import."""
    done = []
    for expected, number in enumerate(list_parts(place, "papers")):
        if number != expected:
            break
        made = how_made(part_path(place, "papers", number))
        for name, value in wanted.items():
            if made.get(name) != value:
                raise DataError(
                    "the folder holds parts of another import",
                    source=place,
                    found=f"{name}={made.get(name)!r}",
                    expected=f"{name}={value!r}",
                    hint="Give a new folder, or delete this one",
                )
        done.append(made)
    return done


def _skip(stream: IO[bytes], start: int) -> None:
    """Move to a byte of the uncompressed content; compressed content is read up to it."""
    try:
        stream.seek(start)
    except (OSError, ValueError, AttributeError):
        left = start
        while left > 0 and (block := stream.read(min(left, 1 << 23))):
            left -= len(block)


def _slices(
    stream: IO[bytes], number: int, first_line: int, start: int, size: int, name: str
) -> Iterator[_Slice]:
    lines: list[bytes] = []
    begin = start
    for line in _lines(stream, name, first_line):
        lines.append(line)
        start += len(line)
        if len(lines) == size:
            yield _Slice(number, first_line, begin, lines)
            number, first_line, begin, lines = number + 1, first_line + size, start, []
    if lines:
        yield _Slice(number, first_line, begin, lines)


def _lines(stream: IO[bytes], name: str, number: int) -> Iterator[bytes]:
    """Yield lines with their line ends, reading large blocks."""
    rest = b""
    while block := stream.read(1 << 23):
        *pieces, rest = [piece + b"\n" for piece in (rest + block).split(b"\n")]
        rest = rest[:-1]
        if len(rest) > _MAX_LINE:
            raise DataError(
                "a line is too long",
                source=name,
                row=number + len(pieces),
                found=f"more than {_MAX_LINE >> 20} MB",
                expected="one JSON object on each line",
            )
        number += len(pieces)
        yield from pieces
    if rest:
        yield rest


def _import_slice(
    piece: _Slice, place: Path, wanted: dict[str, Any], categories: Any, since: Any
) -> dict[str, Any]:
    """Write the papers of some lines as a part, and return its note with the bad lines."""
    bad: dict[int, str] = {}
    path = part_path(place, "papers", piece.number)
    lines = piece.lines
    while True:
        try:
            papers = _load(lines, path, bad, categories, since)
            # The records come from the snapshot, not from the file that held this piece.
            papers["origin"] = pd.Series(wanted["snapshot"], papers.index, dtype="string")
            break
        except DataError as error:
            # Some errors show only when the table is made.
            row = error.row
            if not isinstance(row, int) or row in bad or not 1 <= row <= len(lines):
                raise
            bad[row] = str(error.message)
            lines = [b"\n" if i == row else line for i, line in enumerate(lines, start=1)]
    if len(bad) > 10 and len(bad) > _MOST_BAD * len(piece.lines):
        first = min(bad)
        raise DataError(
            f"{len(bad)} of {len(piece.lines)} lines cannot be read; the first: {bad[first]}",
            source=wanted["snapshot"],
            row=piece.first_line + first - 1,
            expected="arXiv's metadata snapshot",
        )
    made = {
        **wanted,
        "lines": len(piece.lines),
        "end": piece.start + sum(map(len, piece.lines)),
        "papers": len(papers),
        "bad": [[piece.first_line + row - 1, why] for row, why in sorted(bad.items())],
    }
    write_part(papers, path, made)
    return made


def _load(
    lines: list[bytes], scratch: Path, bad: dict[int, str], categories: Any, since: Any
) -> pd.DataFrame:
    def note(row: int, why: str) -> None:
        bad[row] = why

    with temporary_path(scratch, hint=CONTINUE) as file:
        scratch.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(lines))
        return load_arxiv_snapshot(file, categories=categories, since=since, on_bad=note)


def _write_bad_lines(place: Path, done: list[dict[str, Any]]) -> None:
    rows = [f"{line}\t{why}" for made in done for line, why in made["bad"]]
    write_atomically(place / BAD_LINES, "\n".join(["line\twhy", *rows]) + "\n")
