"""Save and load collections as folders, with prose or with features in its place; the samples."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.errors import DataError, checked
from toolkit.papers.coercion import Place, category_column
from toolkit.papers.columns import CATEGORIES, COLUMNS, OPTIONAL, with_all_columns
from toolkit.papers.dates import empty_impossible
from toolkit.papers.features import feature_errors
from toolkit.papers.schema import check_papers
from toolkit.storage.folder import check_replaceable, read_folder, read_table, write_folder
from toolkit.storage.manifest import MANIFEST, save_again


@checked
def save_collection(
    papers: pd.DataFrame,
    folder: str | os.PathLike[str],
    *,
    prose: bool = True,
    about: Mapping[str, str] | None = None,
) -> Path:
    """Save papers as a folder that can be loaded, shared and put under version control; return it.

    Parameters
    ----------
    papers : DataFrame
        A papers table, shape (n_papers, …). Columns of your own are kept; without prose only
        those that hold no text.
    folder : path
        Where to; made if missing, replaced if it holds a collection already.
    prose : bool
        False leaves abstracts and comments out and puts in the columns made from them (see
        `toolkit.storage.with_features`): terms, vector, links, code and artifact. Topics, trends
        and availability come out the same from such a folder, and it holds no sentence of an
        abstract.
    about : mapping of str to str, optional
        Notes for whoever gets the folder, such as ``{"licence": …, "source": …}``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        `papers` is no papers table or holds a malformed feature, or `folder` is no collection.

    Examples
    --------
    >>> import tempfile, toolkit
    >>> papers = toolkit.load_sample("trending-page")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     again = toolkit.load_collection(toolkit.save_collection(papers, place + "/mine"))
    >>> again["title"].equals(papers["title"])
    True
    """
    check_papers(papers)
    if not isinstance(prose, bool | np.bool_):
        raise DataError("not a yes or no", argument="prose", found=prose, expected="True or False")
    for error in (one for errors in feature_errors(papers).values() for one in errors.values()):
        raise error
    place = Path(folder)
    check_replaceable(place, "collection")
    methods: Mapping[str, str] = {}
    if not prose:
        from toolkit.storage.contents import METHODS, without_prose

        papers, methods = without_prose(papers), METHODS
    table = with_all_columns(papers)
    facts: dict[str, Any] = {
        "prose": bool(prose),
        "abstracts": int(table["abstract"].notna().sum()),
        "methods": dict(methods),
        "about": _notes(about),
    }
    write_folder(place, "collection", {"papers": table}, facts)
    return place


def _notes(about: Mapping[str, str] | None) -> dict[str, str]:
    """Return the notes on a folder; a DataError where they are no texts under names."""
    notes = {} if about is None else about
    if not isinstance(notes, Mapping) or not all(
        isinstance(one, str) for pair in notes.items() for one in pair
    ):
        raise DataError(
            "not notes",
            argument="about",
            found=about,
            expected='texts under names, such as {"licence": "CC0"}',
        )
    return dict(notes)


@checked
def load_collection(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the papers of a collection folder.

    Parameters
    ----------
    folder : path
        A folder that `save_collection` wrote.

    Returns
    -------
    DataFrame
        The papers table, shape (n_papers, …), with the features that were saved in its
        columns.

    Raises
    ------
    DataError
        There is no collection, it is damaged, or a newer toolkit saved it.

    Examples
    --------
    >>> import toolkit
    >>> toolkit.load_collection("no/such/folder")
    Traceback (most recent call last):
    toolkit.errors.DataError: no/such/folder: there is no such folder: expected ...
    """
    place = Path(folder)
    table = read_folder(place, "collection", lambda facts: read_table(place, facts, "papers"))
    papers = _typed(table, place)
    check_papers(papers)
    for name in ("published", "listed"):
        papers[name] = empty_impossible(papers, name, place=Place(str(place)))
    return papers


@checked
def load_sample(name: str) -> pd.DataFrame:
    """Return a collection that ships with the toolkit: facts and features, no abstracts.

    Parameters
    ----------
    name : {"hf-papers", "motor-learning-papers", "trending-page"}
        5,680 papers of Hugging Face's daily lists (June 2024 to August 2026, at most 50 a
        week); 2,826 open-access papers on how people learn movements (2001 to 2026, with
        authors, journals, keywords of 69 % of them, and which of them cite which); or the 31
        papers of one page of Hugging Face. `data/README.md` has sources and licences.

    Returns
    -------
    DataFrame
        A papers table.

    Raises
    ------
    DataError
        No sample of that name, or its folder is damaged.

    Examples
    --------
    >>> import toolkit
    >>> len(toolkit.load_sample("hf-papers"))
    5680
    """
    home = _data_folder()
    names = sorted(path.parent.name for path in home.glob(f"*/{MANIFEST}"))
    if name not in names:
        raise DataError(
            "there is no such sample",
            found=name,
            expected=" or ".join(map(repr, names)) or f"a collection folder in {home}",
            hint="Your own files are read with toolkit.load(path)",
        )
    return load_collection(home / name)


def _data_folder() -> Path:
    """Return the shipped data: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def _typed(table: Any, place: Path) -> pd.DataFrame:
    """Return a papers table with every column of its type."""
    try:
        papers: pd.DataFrame = table.to_pandas().reset_index(drop=True)
    except UnicodeDecodeError as error:
        raise DataError(
            f"a text is not UTF-8 ({error})", source=place, hint=save_again("collection")
        ) from error
    for name, dtype in {**COLUMNS, **OPTIONAL}.items():
        if name not in papers or str(papers[name].dtype) == dtype != "category":
            continue
        if dtype == "category":
            place_ = Place(str(place))
            papers[name] = category_column(papers[name], CATEGORIES[name], place_, name)
            continue
        try:
            papers[name] = papers[name].astype(dtype)
        except (ValueError, TypeError, pa.ArrowException) as error:
            raise DataError(
                f"a column is of the wrong type ({error})",
                source=place,
                column=name,
                hint=save_again("collection"),
            ) from error
    return with_all_columns(papers)
