"""`write_zotero`: tags, notes and a reading list into a Zotero library, by its web API.

Never into `zotero.sqlite`: a running Zotero has it locked, keeps more about each item than the row
that changes (versions, what is synchronised), and a row changed behind its back is lost or refused
at the next synchronisation. What has no account can be imported: `toolkit.export(papers, "x.ris")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toolkit.errors import DataError, SourceError, checked, hint_nearest, warn_user
from toolkit.papers.columns import LISTS, text_of
from toolkit.papers.schema import check_papers
from toolkit.services.plans import open_source
from toolkit.services.zotero import SOURCE, Library, parse_library, resolved
from toolkit.services.zotero_changes import Wanted
from toolkit.services.zotero_run import Run


@checked
def write_zotero(
    papers: pd.DataFrame,
    *,
    tags: str | Sequence[str] = (),
    notes: str | None = None,
    collection: str | None = None,
    library: str | None = None,
    key: str | None = None,
    dry_run: bool = True,
    base_url: str | None = None,
) -> pd.DataFrame:
    """Write columns of papers back to Zotero: as tags, as notes, as a reading list.

    Tags of ours begin with ``paperscope/`` and notes carry the tag ``paperscope/note``: a second
    call replaces what the first wrote, and touches nothing else. Papers are added to a collection,
    none is taken out. The call tells what it would do; with ``dry_run=False`` it does it.

    Parameters
    ----------
    papers : DataFrame
        A papers table from Zotero (`load`, `fetch`): `zotero_key` says which item a paper is.
    tags : str or sequence of str
        Columns whose values become tags: of the column `topic`, ``paperscope/topic: Sleep``; of a
        column of lists (keywords, countries, …) a tag for each value. Where a value is missing,
        the tags of that column are taken off.
    notes : str, optional
        A column of plain text: a note below each paper. Without a text, our note goes into
        Zotero's trash. A note that was edited in Zotero is left as it is.
    collection : str, optional
        The name, path (``"Plants/Moss"``) or key of a collection that all the papers are added
        to; it is made where there is none.
    library : str, optional
        ``"users/123"``, ``"groups/456"`` or, with a key, ``"users/me"``; by default the one that
        `zotero_library` names. It is needed for papers of a database that was never synchronised.
    key : str, optional
        A key that may write, made at https://www.zotero.org/settings/keys; by default that of the
        environment variable ``ZOTERO_API_KEY``. It stands in no message, log or file.
    dry_run : bool
        Only tell. Zotero is asked for the items as they are now, which needs the network and the
        key, and nothing is written.
    base_url : str, optional
        Another address than Zotero's; by default that of the environment variable
        ``PAPERSCOPE_ZOTERO_URL``, if it is set.

    Returns
    -------
    DataFrame
        A row for each change and each paper left out: `paper_id`, `zotero_key`, `title`, `action`
        (tag, remove tag, note, remove note, add to collection, make collection, none), `value`,
        `before` (what it replaces), `state` (planned, written, skipped, failed), and `why` a paper
        was skipped, failed, or was read again because it changed in between. Papers that are as
        wanted have no row.

    Raises
    ------
    DataError
        A column or library that is not there, nothing to write, several libraries at once.
    SourceError
        Zotero cannot be reached or refuses (a wrong key, one that may not write); `partial` is the
        table so far. What was written stays, and the same call goes on with the rest.

    Notes
    -----
    Each item is read before it is written, and is written only if it is unchanged since then
    (Zotero compares versions); one that changed is read again. Batches have 50 items. Zotero sets
    an item's date of modification when its tags change.

    Examples
    --------
    >>> papers = fetch("zotero", "users/123")  # doctest: +SKIP
    >>> changes = write_zotero(papers, tags="code", collection="To read")  # doctest: +SKIP
    >>> write_zotero(papers, tags="code", collection="To read", dry_run=False)  # doctest: +SKIP
    """
    wanted = _wanted(papers, tags, notes, collection)
    target = _library(papers, library)
    with open_source(SOURCE, key=key, base_url=base_url) as service:
        if not dry_run:
            service.kept = "what was written stays, and the same call goes on with the rest"
        run = Run(service, resolved(service, target), dry_run)
        run.add_papers(papers, wanted)
        try:
            run.work(collection, with_notes=notes is not None)
        except SourceError as error:
            error.partial = run.table()
            raise
        except KeyboardInterrupt:
            kept = "it was a dry run, and nothing was written" if dry_run else service.kept
            warn_user(f"Zotero: interrupted; {kept}")
        return run.table()


def _wanted(
    papers: pd.DataFrame, tags: str | Sequence[str], notes: str | None, collection: str | None
) -> list[Wanted]:
    """Return what is wanted of each paper; raise a DataError for what cannot be."""
    check_papers(papers)
    if papers.empty:
        raise DataError("no papers", argument="papers", expected="papers to write")
    if not isinstance(tags, str | list | tuple | pd.Index):
        raise DataError("no columns", argument="tags", found=tags, expected="names of columns")
    kinds = [tags] if isinstance(tags, str) else list(tags)
    if "zotero_key" not in papers:
        raise DataError(
            "no column 'zotero_key'",
            argument="papers",
            expected="papers of a Zotero library",
            hint='Load them: toolkit.load("…/zotero.sqlite"), toolkit.fetch("zotero", "users/…")',
        )
    if not kinds and notes is None and collection is None:
        raise DataError(
            "nothing to write", expected="tags=…, notes=… or collection=…", argument="tags"
        )
    if collection is not None and not (isinstance(collection, str) and collection.strip()):
        raise DataError("not a name", argument="collection", found=collection, expected="text")
    for name, argument in [*((kind, "tags") for kind in kinds), (notes, "notes")]:
        if name is not None and name not in papers:
            raise DataError(
                "no such column", argument=argument, found=name, hint=hint_nearest(name, papers)
            )
        if argument == "tags" and ":" in str(name):
            raise DataError("a name of tags with a colon", argument="tags", found=name)
    columns = {kind: [_parts(value, kind) for value in papers[kind].tolist()] for kind in kinds}
    texts = [None] * len(papers) if notes is None else list(map(_words, papers[notes].tolist()))
    return [
        Wanted({kind: values[at] for kind, values in columns.items()}, text, notes is not None)
        for at, text in enumerate(texts)
    ]


def _parts(value: Any, kind: str) -> tuple[str, ...]:
    """Return the values in a cell, those of a list one by one."""
    if isinstance(value, list | tuple):
        parts = [_words(one) for one in value]
    else:
        words = _words(value) or ""
        parts = [*words.split(";")] if kind in LISTS else [words]
    return tuple(dict.fromkeys(part.strip() for part in parts if part and part.strip()))


def _words(value: Any) -> str | None:
    """Return a value as text; None for a missing one."""
    if value is None or (not isinstance(value, str | list | tuple) and pd.isna(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _library(papers: pd.DataFrame, given: str | None) -> Library:
    """Return the library to write to."""
    if given is not None:
        library = parse_library(given, "library")
        if library.collection is not None:
            raise DataError(
                "a collection within the library",
                argument="library",
                found=given,
                expected=f"{library.path!r}",
                hint=f"Name it apart: collection={library.collection!r}",
            )
        return library
    found = sorted(text_of(papers, "zotero_library").dropna().unique())
    if len(found) > 1:
        raise DataError(
            "papers of several libraries",
            argument="library",
            found=found,
            expected="one library",
            hint="Write to one after the other, each with library=…",
        )
    if not found:
        raise DataError(
            "the papers do not say of which library they are",
            argument="library",
            expected="'users/123' or 'groups/456'",
            hint="A library that was never synchronised has no number; that of the key's owner is "
            "library='users/me'",
        )
    return parse_library(found[0], "library")
