"""Where papers come from, as the column `origin` says it: files, or names given to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from toolkit.errors import DataError
from toolkit.files import name_as_text
from toolkit.formats.inputs import Input, find_inputs
from toolkit.papers.columns import text_of


def named_inputs(given: Any) -> list[Input]:
    """Return the inputs that `load` was given, in order; files of one name have unlike labels.

    Raises
    ------
    DataError
        Nothing found, neither paths nor text, or names that cannot stand in `origin`.
    """
    if not isinstance(given, Mapping):
        return _told_apart(find_inputs(given))
    if not given or not all(isinstance(name, str) and _is_origin(name) for name in given):
        raise DataError(
            "not names of sources",
            found=list(given),
            expected='{"Scopus": "scopus.csv", ...}: names without "; ", which stands between '
            "several in the column origin",
        )
    return _told_apart(
        [replace(one, origin=name) for name in given for one in find_inputs(given[name])]
    )


def with_origin(table: pd.DataFrame, one: Input) -> pd.DataFrame:
    """Return the papers of an input; `origin` has the name that the caller gave, if any.

    Papers tables that say where their papers come from keep that.
    """
    if one.origin is None:
        return table
    names = {one.label: one.origin}
    said = [
        entries if pd.isna(entries) else "; ".join(names.get(n, n) for n in entries.split("; "))
        for entries in text_of(table, "origin").tolist()
    ]
    return table.assign(origin=pd.Series(said, index=table.index, dtype="string"))


def _is_origin(name: str) -> bool:
    return bool(name.strip()) and "; " not in name and name_as_text(name) == name


def _told_apart(inputs: list[Input]) -> list[Input]:
    """Return inputs of which files of one name are labelled with folders above them too.

    Every Web of Science export is savedrecs.txt. Only as many folders as needed are named, since
    the rest says where things lie on this machine.
    """
    found = list(inputs)
    alike: dict[str, list[int]] = {}
    for at, one in enumerate(inputs):
        if one.path is not None:
            alike.setdefault(one.label, []).append(at)
    for group in filter(lambda group: len(group) > 1, alike.values()):
        files = {path.absolute() for at in group if (path := inputs[at].path)}
        for folders in range(max(len(file.parts) for file in files)):
            labelled = [replace(inputs[at], folders=folders) for at in group]
            if len({one.label for one in labelled}) == len(files):
                break
        for at, one in zip(group, labelled):
            found[at] = one
    return found
