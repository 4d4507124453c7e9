"""`load`: recognises a format by its content and returns a papers table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from toolkit.errors import DataError, checked
from toolkit.formats.arxiv_snapshot import load_arxiv_snapshot
from toolkit.formats.countries import add_countries
from toolkit.formats.encodings import WRONG_BYTE
from toolkit.formats.inputs import Input
from toolkit.formats.json.zotero import of_csv, without_own_tags
from toolkit.formats.origins import named_inputs, with_origin
from toolkit.formats.recognise import has_mark, is_snapshot, reader_of
from toolkit.formats.records import Records, set_wrong_bytes_aside
from toolkit.formats.sqlite_tables import is_database
from toolkit.formats.tables import read_table_file
from toolkit.formats.unpacking import is_workbook
from toolkit.formats.workbooks import read_parquet, read_workbook
from toolkit.formats.zotero_database import read_database
from toolkit.papers.coercion import Place
from toolkit.papers.columns import text_of
from toolkit.papers.repeats import merge_repeats
from toolkit.papers.schema import make_papers
from toolkit.papers.set_aside import (
    WHOLE_FILE,
    BadRecord,
    OnBad,
    SetAside,
    error_of_all,
    names_of_files,
)
from toolkit.storage.collections import load_collection


@checked
def load(
    source: str | Path | Sequence[str | Path] | Mapping[str, str | Path | Sequence[str | Path]],
    *,
    on_bad: OnBad = "warn",
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Load papers from a file, a folder, several files, or text; recognised by content.

    Parameters
    ----------
    source : str, Path, a sequence of them, or a mapping
        A path, a folder of exports (with the folders in it), a glob pattern, a list of paths, or
        text (anything with a line break). A mapping of names to any of these, such as
        ``{"Scopus": "a.csv", "PubMed": "b.nbib"}``, has its names in `origin`. The formats are
        listed in the notes.
    on_bad : "warn", "raise" or callable
        What happens to a record that cannot be read (cut off, without a title, with a date that is
        none) while the others are loaded: one warning for all of them; an error at the first; or
        a call with each, a `BadRecord` with `file`, `place`, `reason` and `text`. Files that are
        no lists of papers: in a folder or pattern they are told of in the same way; one that you
        name is an error, unless a callable takes it.
    columns : mapping of str to str, optional
        For tables whose columns are not recognised: their name → the name of a papers column,
        for example ``{"Name": "title"}``.

    Returns
    -------
    DataFrame
        A papers table, in the order of the records: every column of the papers table, then
        own columns. Records of one paper are one row: the first, its gaps filled from the others;
        `origin` has the file of each (with the folder, where two files have one name). All sheets
        of a workbook that have papers are read.

    Raises
    ------
    DataError
        Nothing can be read, or not a file that you name, or, with ``on_bad="raise"``, not a
        record. Says which file, line and column is wrong, what was expected, and how to fix it.

    Warns
    -----
    UserWarning
        Counts the records and files that were set aside, the records that repeat an earlier one,
        and the dates (before 1600, after the next year) that cannot be right and were left empty;
        shows the first of each.

    Notes
    -----
    Understood, by where papers come from; what a file is shows its content, not its name:

    - Scopus, Web of Science, IEEE Xplore, Springer, Dimensions, Lens, Google Scholar (Publish or
      Perish): their CSV, Excel or tab-separated text, BibTeX and RIS; Web of Science's tagged text.
    - PubMed and Europe PMC: MEDLINE (.nbib), XML, CSV and JSON. Ovid, Embase, PsycINFO, EBSCO,
      ProQuest, Cochrane: RIS and tagged text.
    - Zotero, Mendeley, EndNote, JabRef, RefWorks, Rayyan, Covidence: BibTeX, RIS, CSL-JSON, CSV,
      Zotero RDF, EndNote XML, Refer (.enw), RefWorks' tagged text; Zotero's
      database or its data folder.
    - arXiv: Atom, OAI-PMH, the metadata snapshot. Services: JSON of OpenAlex, Semantic Scholar,
      Crossref, DataCite, INSPIRE, NASA ADS, OpenReview and others; XML of DBLP, Crossref, the ACL
      Anthology, MODS and JATS.
    - A Hugging Face papers page (pasted, or saved as HTML or Markdown) and its API's JSON; Markdown
      lists and tables of papers.
    - Any CSV, TSV, Excel, LibreOffice or Parquet table with a column of titles, JSON Lines; what
      `toolkit.export` writes; collection folders.

    gzip and one-file ZIP archives of them are unpacked.

    Examples
    --------
    >>> papers = load('{"arxiv_id": "2401.00001", "title": "A title", "abstract": "Words."}')
    >>> papers.loc[0, "paper_id"]
    'arxiv:2401.00001'
    """
    inputs = named_inputs(source)
    if not inputs:
        raise DataError(
            "a folder without files", found=str(source), expected="exports, or a collection folder"
        )
    set_aside = SetAside(on_bad)
    tables = []
    for one in inputs:
        bad: list[BadRecord] = []
        error = None
        try:
            table = _load_one(one, columns, SetAside("raise" if on_bad == "raise" else bad.append))
            if bad and not len(table):
                raise error_of_all(bad, one.name)
            tables.append(with_origin(table, one))
        except DataError as raised:
            # Of a folder or pattern, files that hold no papers must not cost the others; nor where
            # the caller takes them.
            if on_bad == "raise" or (on_bad == "warn" and one.by_name):
                raise
            error = raised
            bad = bad or [BadRecord(one.label, WHOLE_FILE, error.message)]
        for record in bad:
            set_aside.add(replace(record, origin=one.origin or one.label))
        if error is not None and one.by_name and len(inputs) == 1:
            raise error
    if not tables:
        files = [one for one in set_aside.records if one.is_file]
        raise DataError(
            f"no file with papers: {names_of_files(files)}",
            source=str(source) if isinstance(source, str | Path) else None,
            expected="exports of papers, or a collection folder",
        )
    records = sum(len(table) + text_of(table, "origin").str.count("; ").sum() for table in tables)
    papers = tables[0] if len(tables) == 1 else _joined(tables, f"{len(tables)} inputs together")
    set_aside.warn(int(records))
    return papers


def _joined(tables: Sequence[pd.DataFrame], name: str, unit: str = "") -> pd.DataFrame:
    with warnings.catch_warnings():
        # pandas 2 announces that empty columns will one day count for the type; ours are typed.
        warnings.simplefilter("ignore", FutureWarning)
        table = pd.concat(tables, ignore_index=True)
    return merge_repeats(table, Place(name, unit=unit))


def _load_one(one: Input, columns: Mapping[str, str] | None, set_aside: SetAside) -> pd.DataFrame:
    if one.path is not None:
        if one.path.is_dir():
            return load_collection(one.path)
        head = one.head()
        if is_database(head):
            return papers_of(read_database(one), one.label, set_aside)
        if head.startswith(b"PAR1"):
            return papers_of(read_parquet(one, columns=columns), one.label, set_aside)
        if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and is_workbook(one.path):
            sheets = read_workbook(one, columns=columns)
            tables = [papers_of(sheet, one.label, set_aside) for sheet in sheets]
            if len(tables) == 1:
                return tables[0]
            return _joined(tables, f"{one.label}, {len(tables)} sheets together", "record")
        if is_snapshot(head):

            def on_bad(line: int, reason: str) -> None:
                set_aside.add(BadRecord(one.label, f"line {line}", reason))

            return load_arxiv_snapshot(one.path, on_bad=on_bad)
        table = None if has_mark(head) else read_table_file(one, columns=columns)
        if table is not None:
            return papers_of(table, one.label, set_aside)
    text = one.read_text()
    if not text.strip():
        raise DataError(
            "empty", source=one.name, expected="records of papers", hint="Check the download"
        )
    read = reader_of(text, origin=one.name, columns=columns)
    records = read(text, origin=one.name)
    if not text.isascii() and WRONG_BYTE.search(text):
        set_wrong_bytes_aside(records)
    return papers_of(records, one.label, set_aside)


def papers_of(records: Records, origin: str, set_aside: SetAside) -> pd.DataFrame:
    """Return the papers table of records, perhaps without rows; what cannot be read is set aside.

    Parameters
    ----------
    records : Records
        What a reader of a format returned.
    origin : str
        The file or service, for messages and the column `origin`.
    set_aside : SetAside
        Takes the records that cannot be read.
    """
    for place, reason, text in records.bad:
        set_aside.add(BadRecord(origin, f"{records.unit} {place}", reason, text))
    if isinstance(records.found, list):
        add_countries(records.found)
        if not records.found:
            records.found = pd.DataFrame({"title": []})
    else:
        records.found = of_csv(records.found)
    papers = make_papers(
        records.found,
        source=records.source,
        origin=origin,
        rows=records.places,
        unit=records.unit,
        clean=records.clean,
        set_aside=set_aside,
    )
    return without_own_tags(papers)
