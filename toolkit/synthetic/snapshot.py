"""A synthetic arXiv snapshot: the real format and realistic lengths, but invented papers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.errors import DataError, checked
from toolkit.files import replacing
from toolkit.synthetic import vocabulary

#: arXiv's categories of each field, in the order of `FIELDS`.
_CATEGORIES = (
    "eess.AS cs.SD", "cs.RO", "q-bio.BM cs.LG", "cs.CV cs.LG", "cs.SI cs.LG", "cs.CV cs.RO",
    "cs.IR", "eess.IV cs.CV", "cs.CR cs.LG", "cs.SE cs.PL", "cs.AI cs.GT", "cs.CL",
)  # fmt: skip
#: How many sentences and titles of each field there are.
_POOL_SIZE = 400
_CODE_SENTENCES = (*vocabulary.LINKED, *vocabulary.CLAIMED, *vocabulary.PROMISED)
_SYLLABLES = "ba chi do fen gra hu jo ka lim mor na pel qui ra sto tu vin wex yor zan".split()
_FIRST_YEAR, _LAST_YEAR = 2008, 2025


@checked
def write_synthetic_snapshot(
    path: str | os.PathLike[str],
    n: int,
    *,
    seed: int = 0,
    fields: Sequence[str] | None = None,
    years: tuple[int, int] = (_FIRST_YEAR, _LAST_YEAR),
) -> Path:
    r"""Write invented papers in the format of arXiv's metadata snapshot; return the path.

    Parameters
    ----------
    path : path
        The file to write, as plain JSON Lines.
    n : int
        Number of records.
    seed : int
        Same seed, same file.
    fields : sequence of str, optional
        Names of fields (`toolkit.synthetic.vocabulary.FIELDS`); all by default.
    years : tuple of int
        First and last year of submission; papers are spread over the months evenly.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        An unknown field, or more records than arXiv's identifiers allow (99,999 a month).

    Notes
    -----
    Abstracts have about 1,000 characters, as arXiv's do, in lines of 80. About one word in fifty
    is one of a million invented names, so that the vocabulary grows with the records as in real
    text. A fifth of the papers says something about code.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     path = write_synthetic_snapshot(f"{name}/snapshot.json", 60, fields=["speech"])
    ...     path.read_text(encoding="utf-8").count("\n")
    60
    """
    months = 12 * (years[1] - years[0] + 1)
    if n < 0 or n > 99_999 * months:
        raise DataError(
            "too many records for these years", found=n, expected=f"0 to {99_999 * months}"
        )
    names = [name for name, _, _ in vocabulary.FIELDS]
    for name in fields or ():
        if name not in names:
            raise DataError(
                "no such field", argument="fields", found=name, expected=", ".join(names)
            )
    chosen = [names.index(name) for name in fields] if fields else list(range(len(names)))
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary, temporary.open("w", encoding="utf-8") as file:
        for record in _records(n, np.random.default_rng(seed), chosen, years[0], months):
            file.write(json.dumps(record) + "\n")
    return target


def _records(
    n: int, rng: np.random.Generator, chosen: list[int], first: int, months: int
) -> Iterator[dict[str, Any]]:
    pools = {field: _Pool(rng, field) for field in chosen}
    number = np.arange(n)
    month = number * months // max(n, 1)
    starts = np.searchsorted(month, np.arange(months))
    field = rng.choice(chosen, size=n)
    for i in range(n):
        year, in_year = first + int(month[i]) // 12, int(month[i]) % 12 + 1
        arxiv_id = f"{year % 100:02}{in_year:02}.{i - int(starts[month[i]]) + 1:05}"
        yield _record(arxiv_id, year, in_year, int(field[i]), pools[int(field[i])], rng)


def _record(
    arxiv_id: str, year: int, month: int, field: int, pool: _Pool, rng: np.random.Generator
) -> dict[str, Any]:
    draws = rng.integers(0, _POOL_SIZE, size=20)
    name = _name(int(rng.integers(0, 1_000_000)))
    body = [pool.sentences[i] for i in draws[: 10 + draws[11] % 9]]
    body.insert(1, f"We call it {name}, after {_name(int(draws[12]) * 2500 + int(draws[13]))}.")
    said = int(draws[13]) % 20
    if said < 4:
        body.append(_CODE_SENTENCES[int(draws[12]) % 10])
    text = " ".join(body).replace("URL", f"https://github.com/example-lab/{name.lower()}")
    day = 1 + int(draws[10]) % 28
    created = f"Mon, {day} {_MONTHS[month - 1]} {year} 12:{int(draws[9]) % 60:02}:00 GMT"
    people = [_name(int(d) * 97).capitalize() for d in draws[: 1 + int(draws[8]) % 5]]
    return {
        "id": arxiv_id,
        "submitter": f"A. {people[0]}",
        "authors": ", ".join(f"A. {person}" for person in people),
        "title": f"{name}: {pool.titles[draws[7]]}",
        "comments": f"{4 + int(draws[6]) % 30} pages, {int(draws[5]) % 12} figures",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": _CATEGORIES[field],
        "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        "abstract": _wrapped(text),
        "versions": [{"version": "v1", "created": created}],
        "update_date": f"{year}-{month:02}-{day:02}",
        "authors_parsed": [[person, "A.", ""] for person in people],
    }


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _wrapped(text: str) -> str:
    """Return a text in lines as arXiv's; `textwrap` would take most of the run time."""
    lines, line = [], " "
    for word in text.split(" "):
        if len(line) + len(word) > 79:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}"
    return "\n".join([*lines, line]) + "\n"


def _name(number: int) -> str:
    """Return an invented word for a number."""
    word = ""
    for _ in range(5):
        number, place = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[place]
    return word.capitalize()


class _Pool:
    """Sentences and titles of one field, drawn once."""

    def __init__(self, rng: np.random.Generator, field: int) -> None:
        _, nouns, adjectives = vocabulary.FIELDS[field]
        words = {"N": nouns.split(), "A": adjectives.split(), "C": vocabulary.COMMON.split()}

        def fill(patterns: Sequence[str], i: int) -> str:
            return vocabulary.fill_pattern(
                patterns[i % len(patterns)], lambda kind: vocabulary.draw_word(words[kind], rng)
            )

        patterns = (*vocabulary.SENTENCES, *vocabulary.ENDINGS)
        self.sentences = [fill(patterns, i) for i in range(_POOL_SIZE)]
        self.titles = [fill(vocabulary.TITLES, i) for i in range(_POOL_SIZE)]
