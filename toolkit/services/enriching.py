"""`enrich`: fills the gaps of papers from services, and tells where each value comes from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from toolkit.errors import DataError, SourceError, checked, hint_nearest, warn_user
from toolkit.papers.schema import check_papers
from toolkit.services.client import Service
from toolkit.services.fetching import source_of
from toolkit.services.gaps import FILLED, Found, Gaps
from toolkit.services.plans import is_watched, open_source, tell
from toolkit.services.refs import Ref
from toolkit.services.running import batches, matched, pages_of
from toolkit.services.sources import Asked, Source
from toolkit.services.statuses import BadQuery, NotThere
from toolkit.services.title_matching import best

SERVICES = ("openalex", "semantic-scholar", "crossref", "pubmed", "arxiv", "hf-papers")


@checked
def enrich(
    papers: pd.DataFrame,
    *,
    services: str | Iterable[str] = SERVICES,
    columns: str | Iterable[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill gaps of papers from services; nothing that is there is changed.

    Each service is asked, in their order, for the papers that still lack something that it may
    have: by their ids, in batches. Ids that one service tells lead to the next. A paper without any
    id is looked for by its title, and taken only if the title is nearly the same (with the same
    numbers), the first author's family name is the same and the year at most one apart. What a
    service may cost is told in one line before it is asked; keys come from the environment (see
    `fetch`). Answers are cached for a month: repeat a call that broke off, and it goes on.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …).
    services : str or iterable of str
        Which services, in the order in which they are believed. Hugging Face, which has the code
        that a paper declares, is asked last, paper by paper.
    columns : str or iterable of str, optional
        Which columns are filled; by default abstract, doi, venue, keywords, affiliations,
        countries, references, cited_by, code_url and project_url.

    Returns
    -------
    papers : DataFrame
        A copy with gaps filled. Rows, their order and their ids stay, as do features (terms,
        vector, links), which `toolkit.save_collection` makes anew where an abstract came.
    changes : DataFrame
        paper_id, column, value (as text), service: one row a value that was filled in.

    Raises
    ------
    DataError
        No papers table, or an unknown service or column.
    SourceError
        No service answers; `partial` holds both tables. If one of several fails, a warning tells
        of it, and the others are asked.

    Warns
    -----
    UserWarning
        Counts the papers with gaps that were found at no service, and the records that were
        refused because their title is another; tells of services that fail, and of Ctrl-C, after
        which what came is returned.

    Examples
    --------
    >>> papers, changes = enrich(papers, services="openalex")  # doctest: +SKIP
    >>> changes.groupby(["column", "service"]).size()  # doctest: +SKIP
    """
    check_papers(papers)
    sources = _sources(services)
    gaps = Gaps(papers, _columns(columns))
    failed: list[SourceError] = []
    tried: set[int] = set()
    try:
        for source in sources:
            try:
                asked = gaps.rows(source.fills)
                with open_source(source) as service:
                    by_ids(gaps, source, service)
                    by_titles(gaps, source, service)
                tried |= set(asked)
            except SourceError as error:
                failed.append(error)
                if len(failed) < len(sources):
                    warn_user(f"{error}. What the other services have is filled in")
    except KeyboardInterrupt:
        warn_user("interrupted: what came is filled in; the same call goes on from there")
    if len(failed) == len(sources):
        failed[-1].partial = (gaps.table(), gaps.changes())
        raise failed[-1]
    _tell_missing(gaps, tried)
    return gaps.table(), gaps.changes()


def by_ids(gaps: Gaps, source: Source, service: Service) -> None:
    """Fill gaps by the ids of rows: one kind of ids after another, until each row is found."""
    found: set[int] = set()
    for kind in source.kinds:
        wanted: dict[Ref, list[int]] = {}
        for row in gaps.rows(source.fills):
            for ref in sorted(gaps.refs[row]) if row not in found else ():
                if ref.kind == kind:
                    wanted.setdefault(ref, []).append(row)
        gaps.asked.update(row for rows in wanted.values() for row in rows)
        parts = batches(source, list(wanted))
        tell(source, service, None, len(parts))
        answers: dict[int, Found] = {}
        try:
            for part in _shown(parts, source, len):
                for refs, page in pages_of(source, service, part, {}):
                    for ref, record in matched(refs, page).items():
                        for row in wanted[ref]:
                            answers.setdefault(row, (ref, record))
        finally:  # what came before an error or Ctrl-C stays
            gaps.take(answers, source.name)
        found |= answers.keys() & gaps.met


def by_titles(gaps: Gaps, source: Source, service: Service) -> None:
    """Fill gaps of rows that have no id and were not found yet, by their titles."""
    if source.by_title is None:
        return
    asked = [
        (row, paper)
        for row in gaps.rows(source.fills)
        if not gaps.refs[row] and row not in gaps.met and (paper := gaps.sought(row))
    ]
    gaps.asked.update(row for row, _ in asked)
    tell(source, service, Asked("title", None, None, 1), len(asked), of="titles")
    answers: dict[int, Found] = {}
    try:
        for row, paper in _shown(asked, source, lambda _: 1):
            with suppress(NotThere, BadQuery):
                record = best(paper, source.by_title(service, paper).records.found)
                if record is not None:
                    answers[row] = (None, record)
    finally:
        gaps.take(answers, source.name)


def _shown(parts: Sequence[Any], source: Source, size: Callable[[Any], int]) -> Iterable[Any]:
    """Yield parts with a bar, where they are more than two."""
    total = sum(map(size, parts))
    off = len(parts) < 3 or not is_watched()
    with tqdm(total=total, desc=source.title, unit="paper", disable=off) as bar:
        for part in parts:
            yield part
            bar.update(size(part))


def _sources(services: str | Iterable[str]) -> list[Source]:
    named = [services] if isinstance(services, str) else list(services)
    sources = [source_of(name) for name in dict.fromkeys(named)]
    if not sources:
        raise DataError("no services", argument="services", found=named, expected="a service")
    for source in sources:
        if not source.fills:
            raise DataError(
                f"{source.title} fills no gaps",
                argument="services",
                found=source.name,
                expected=" or ".join(SERVICES),
            )
    return sources


def _columns(columns: str | Iterable[str] | None) -> list[str]:
    named = [columns] if isinstance(columns, str) else list(FILLED if columns is None else columns)
    unknown = [name for name in named if name not in FILLED]
    if unknown or not named:
        raise DataError(
            "not a column that services fill" if named else "no columns",
            argument="columns",
            found=unknown[0] if unknown else named,
            expected=", ".join(FILLED),
            hint=hint_nearest(unknown[0], FILLED) if unknown else None,
        )
    return named


def _tell_missing(gaps: Gaps, tried: set[int]) -> None:
    """Warn of rows that no service knows, of those tried, and of records that were refused."""
    if not tried and len(gaps.papers):
        tqdm.write("no service was asked: they have nothing that is missing", file=sys.stderr)
    missing = tried - gaps.met
    without = sum(not gaps.refs[row] for row in missing)
    other = sum(bool(gaps.refs[row]) for row in missing - gaps.asked)
    unknown = len(missing) - without - other
    parts = [
        f"{without:,} have no id (toolkit.resolve_ids may find it)" if without else "",
        f"the ids of {unknown:,} are unknown there" if unknown else "",
        f"{other:,} were not asked for, as these services cannot look up ids of their kind"
        if other
        else "",
    ]
    said = []
    if missing:
        said.append(
            f"{len(missing):,} of {len(gaps.papers):,} papers were found at no service: "
            + ", ".join(filter(None, parts))
        )
    if gaps.refused:
        said.append(
            f"{gaps.refused:,} record(s) under the DOI of a paper have another title (a book and "
            "its chapter?) and were left out"
        )
    if said:
        warn_user("; ".join(said))
