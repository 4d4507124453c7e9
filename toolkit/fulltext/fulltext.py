"""`read_fulltext`: full texts of papers in one table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from toolkit.errors import DataError, checked, warn_user
from toolkit.fulltext.documents import Document
from toolkit.fulltext.finding import Source, find_sources, kind_of
from toolkit.fulltext.matching import Matcher, own_id
from toolkit.fulltext.reading import read_document
from toolkit.fulltext.workers import Answer, read_each
from toolkit.papers.schema import check_papers
from toolkit.papers.set_aside import WHOLE_FILE, BadRecord, OnBad, SetAside, reason_of

FULLTEXT_COLUMNS = ("paper_id", "file", "section", "text", "heading", "anchor")
#: From so many files on, other formats than PDF are read in child processes too.
_MANY = 50
#: Most names that a warning shows.
_SHOWN = 5


@checked
def read_fulltext(
    paths: str | Path | Sequence[str | Path],
    *,
    papers: pd.DataFrame | None = None,
    on_bad: OnBad = "warn",
    progress: bool = True,
) -> pd.DataFrame:
    r"""Return the full texts of papers: PDF, LaTeX source, HTML, JATS and TEI XML.

    Parameters
    ----------
    paths : str, Path or sequence of them
        Files, a folder (with the folders in it), a glob pattern, or a list of these. A folder
        that holds a LaTeX document is one paper, as is an archive (.tar.gz, .zip, or the .gz of
        a single file, as arXiv gives them).
    papers : DataFrame, optional
        A papers table; each file is matched to a paper of it by the arXiv id or DOI in its name
        or text, else by the title near its top.
    on_bad : "warn", "raise" or callable
        What happens to a file that cannot be read while others can, as in `load`: one warning
        for all; an error at the first; or a call with each, a `BadRecord`. A single file that
        cannot be read is an error.
    progress : bool
        Whether a progress bar is shown where reading takes longer than a second.

    Returns
    -------
    DataFrame
        One row a stretch of text under one heading, in order of the files, shape (n_parts, 6):
        paper_id (NA where no paper of `papers` fits; without `papers`, made of arXiv id, DOI or
        title as in a papers table); file (as given); section; text (paragraphs, or entries of
        the reference list, one a line); heading (as the paper words it, NA without); anchor
        (of a footnote, the sentence it belongs to; else NA). Sections are title, front (authors,
        affiliations, keywords), abstract, body, footnote, availability (statements on data, code
        and materials), acknowledgements (also funding, contributions, competing interests),
        references, appendix (also supplements).

    Raises
    ------
    DataError
        Nothing is there; or no file can be read; or one cannot, with ``on_bad="raise"`` or as the
        only one: locked, damaged, scanned without text, or harmful.

    Warns
    -----
    UserWarning
        Counts files that cannot be read, and files that are no paper of `papers`.

    Notes
    -----
    PDFs are read by PDFium in child processes on all cores; a file that crashes or hangs the
    reader costs nothing else. LaTeX is never executed; archives are not unpacked to disk; XML
    entities are refused; the sizes of everything are bounded.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "moons.tex").write_text(
    ...     r"\documentclass{article}\title{Moons}\begin{document}"
    ...     r"\section{Data availability}Code: \url{https://github.com/me/moons}.\end{document}")
    >>> read_fulltext(folder)[["section", "text"]].iloc[-1].tolist()
    ['availability', 'Code: https://github.com/me/moons.']
    """
    sources = find_sources(paths)
    matcher = None
    if papers is not None:
        check_papers(papers)
        matcher = Matcher(papers)
    set_aside = SetAside(on_bad)
    answers: list[Answer | None] = [None] * len(sources)
    for number, answer in _with_progress(_read(sources), len(sources), progress):
        answers[number] = answer
        if isinstance(answer, DataError):
            _set_aside(answer, sources, number, set_aside)
    read = [(source, one) for source, one in zip(sources, answers) if isinstance(one, Document)]
    if not read and set_aside.on_bad == "warn":
        raise _none_read(set_aside.records, sources)
    table, unmatched = _table(read, matcher)
    _warn(set_aside, unmatched, len(sources))
    return table


def _read(sources: Sequence[Source]) -> Iterator[tuple[int, Answer]]:
    """Yield the papers: PDFs by child processes, others here unless they are many."""
    apart = []
    for number, source in enumerate(sources):
        try:
            kind = kind_of(source.path)
        except DataError as error:
            yield number, error
            continue
        except OSError as error:
            yield number, DataError(f"cannot be read ({error.strerror})", source=source.path)
            continue
        if kind == "pdf" or len(sources) >= _MANY:
            apart.append((number, kind))
        else:
            yield number, _read_here(source, kind)
    for at, answer in read_each([(sources[number].path, kind) for number, kind in apart]):
        yield apart[at][0], answer


def _read_here(source: Source, kind: str) -> Answer:
    try:
        return read_document(source.path, kind)
    except DataError as error:
        return error


def _with_progress(
    each: Iterator[tuple[int, Answer]], count: int, progress: bool
) -> Iterator[tuple[int, Answer]]:
    from tqdm.auto import tqdm

    return iter(
        tqdm(each, total=count, desc="Full texts", unit="file", delay=1, leave=False,
             disable=not progress)
    )  # fmt: skip


def _set_aside(
    error: DataError, sources: Sequence[Source], number: int, set_aside: SetAside
) -> None:
    source = sources[number]
    if len(sources) == 1 and set_aside.on_bad != "raise" and isinstance(set_aside.on_bad, str):
        raise error
    if set_aside.on_bad == "raise":
        raise error
    set_aside.add(BadRecord(source.name, WHOLE_FILE, reason_of(error), origin=source.name))


def _none_read(records: Sequence[BadRecord], sources: Sequence[Source]) -> DataError:
    first = records[0]
    return DataError(
        f"none of the {len(sources):,} files can be read; the first: {first.reason}",
        source=first.file,
        hint="To look at all: bad = []; read_fulltext(paths, on_bad=bad.append)",
    )


def _table(
    read: Sequence[tuple[Source, Document]], matcher: Matcher | None
) -> tuple[pd.DataFrame, list[str]]:
    rows: list[tuple[str | None, ...]] = []
    unmatched = []
    for source, document in read:
        if matcher is None:
            paper_id: str | None = own_id(document, source.name)
        else:
            paper_id = matcher.find(document, source.name)
            if paper_id is None:
                unmatched.append(source.name)
        rows += [
            (paper_id, source.name, part.section, part.text, part.heading or None,
             part.anchor or None)
            for part in document.parts
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FULLTEXT_COLUMNS), dtype="string"), unmatched


def _warn(set_aside: SetAside, unmatched: list[str], count: int) -> None:
    if set_aside.records and set_aside.on_bad == "warn":
        shown = [f"{os.path.basename(one.file)} ({one.reason})" for one in set_aside.records]  # noqa: PTH119
        warn_user(
            f"{len(shown)} of {count} files cannot be read and were set aside: {_first(shown)}. "
            "To look at them: bad = []; read_fulltext(paths, on_bad=bad.append)"
        )
    if unmatched:
        warn_user(
            f"{len(unmatched)} of {count} files are no paper of the table, by id or title; their "
            f"paper_id is NA: {_first([os.path.basename(name) for name in unmatched])}"  # noqa: PTH119
        )


def _first(names: Sequence[str]) -> str:
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return "; ".join([*names[:_SHOWN], *more])
